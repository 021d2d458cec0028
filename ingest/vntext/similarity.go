package vntext

import (
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
	wa, wb := words(a), words(b)
	// Pairing is greedy; a fixed order of the two makes it the same both ways.
	if len(wa) > len(wb) || (len(wa) == len(wb) && Fold(a) > Fold(b)) {
		wa, wb = wb, wa
	}
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	total := 0
	for _, w := range wa {
		total += len(w)
	}
	for _, w := range wb {
		total += len(w)
	}
	score := 2 * paired(wa, wb) / float64(total)
	if contrary(wa, wb) {
		return min(score, 0.5)
	}
	return score
}

// The parts of a text that Similarity looks at. A question has fewer words and shorter ones; a longer text is a bomb or an answer.
const (
	mostWords   = 256
	longestPart = 48 // letters of a word that may be alike without being equal
)

// words cuts the folded text into runs of letters and of digits.
func words(s string) [][]rune {
	var out [][]rune
	for w := range strings.FieldsFuncSeq(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
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
			if !used[j] && string(a) == string(b) {
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

// distance is the Levenshtein distance of two words.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
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

// contrary reports whether the texts carry different numbers, or only one of them negates.
func contrary(wa, wb [][]rune) bool {
	na, nb := numbers(wa), numbers(wb)
	if na != "" && nb != "" && na != nb {
		return true
	}
	return negations(wa)%2 != negations(wb)%2
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
