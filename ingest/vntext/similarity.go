package vntext

import (
	"slices"
	"strings"
	"unicode"
)

// Similarity says how alike two texts are, from 0 to 1, whatever their case, marks of white space and spelling of tones. It pairs the
// words of a and b one to one, the most alike first, and is twice the paired length over the whole length (Dice), where a pair counts
// by its share of equal letters (1 − Levenshtein distance ÷ longer length) if that is at least 3/4.
//
// Texts with different numbers in them (`Câu 1`, `Câu 11`), or of which only one negates (`hài lòng`, `không hài lòng`), are
// never more alike than 1/2: such texts differ in few letters and mean different things.
func Similarity(a, b string) float64 {
	return WordsOf(a).Similarity(WordsOf(b))
}

// Words is a text cut up for Similarity: whoever compares it with many others cuts it once.
type Words struct {
	folded    string
	words     [][]rune
	letters   int
	numbers   string
	negations int
}

// WordsOf cuts a text up.
func WordsOf(s string) Words {
	w := Words{folded: Fold(s)}
	w.words = words(w.folded)
	for _, word := range w.words {
		w.letters += len(word)
	}
	w.numbers, w.negations = numbers(w.words), negations(w.words)
	return w
}

// Similarity says how alike two texts are, as the function of that name.
func (w Words) Similarity(o Words) float64 {
	// Pairing is greedy; a fixed order of the two makes it the same both ways.
	if len(w.words) > len(o.words) || (len(w.words) == len(o.words) && w.folded > o.folded) {
		w, o = o, w
	}
	if len(w.words) == 0 {
		return 0
	}
	score := 2 * paired(w.words, o.words) / float64(w.letters+o.letters)
	if w.contrary(o) {
		return min(score, 0.5)
	}
	return score
}

// contrary reports whether the texts carry different numbers, or only one of them negates.
func (w Words) contrary(o Words) bool {
	if w.numbers != "" && o.numbers != "" && w.numbers != o.numbers {
		return true
	}
	return w.negations%2 != o.negations%2
}

// The parts of a text that Similarity looks at. A question has fewer words and shorter ones; a longer text is a bomb or an answer.
const (
	mostWords   = 256
	longestPart = 48 // letters of a word that may be alike without being equal
)

// words cuts a folded text into runs of letters and of digits.
func words(s string) [][]rune {
	var out [][]rune
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(out) == mostWords {
			break
		}
		out = append(out, []rune(w))
	}
	return out
}

const alikeWord = 0.75

// paired is the length of the words that have a partner, weighted by how alike they are. Equal words go first, so that a near miss
// cannot take the partner of an equal one; ties go to the earlier word.
func paired(wa, wb [][]rune) float64 {
	used := make([]bool, len(wb))
	left := make([][]rune, 0, len(wa))
	sum := 0.0
	for _, a := range wa {
		found := false
		for j, b := range wb {
			if !used[j] && slices.Equal(a, b) {
				used[j], found = true, true
				sum += float64(len(a))
				break
			}
		}
		if !found {
			left = append(left, a)
		}
	}
	for _, a := range left {
		if len(a) > longestPart {
			continue
		}
		best, at := 0.0, -1
		for j, b := range wb {
			if used[j] || len(b) > longestPart || unicode.IsDigit(a[0]) || unicode.IsDigit(b[0]) {
				continue
			}
			if 1-float64(max(len(a)-len(b), len(b)-len(a)))/float64(max(len(a), len(b))) < alikeWord {
				continue // the letters that one has more are in the distance
			}
			if alike := 1 - float64(distance(a, b))/float64(max(len(a), len(b))); alike >= alikeWord && alike > best {
				best, at = alike, j
			}
		}
		if at >= 0 {
			used[at] = true
			sum += best * float64(len(a)+len(wb[at])) / 2
		}
	}
	return sum
}

// distance is the Levenshtein distance of two words of at most longestPart letters.
func distance(a, b []rune) int {
	var space [longestPart + 1]int
	row := space[:len(b)+1]
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			cost := diagonal
			if ra != rb {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func numbers(ws [][]rune) string {
	var out []string
	for _, w := range ws {
		if unicode.IsDigit(w[0]) {
			out = append(out, strings.TrimLeft(string(w), "0"))
		}
	}
	return strings.Join(out, " ")
}

func negations(ws [][]rune) int {
	n := 0
	for _, w := range ws {
		switch string(w) {
		case "không", "chưa", "khong", "chua", "not", "no", "never", "dissatisfied", "disagree", "unsatisfied":
			n++
		}
	}
	return n
}
