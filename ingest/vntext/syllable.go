package vntext

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The tone marks as combining characters; level tone has none.
const (
	grave    = '\u0300'
	acute    = '\u0301'
	tilde    = '\u0303'
	hook     = '\u0309'
	dotBelow = '\u0323'
)

func isTone(r rune) bool {
	return r == grave || r == acute || r == tilde || r == hook || r == dotBelow
}

// longestWord is the bytes that a syllable may have: seven letters (nghiêng), each with its marks apart.
const longestWord = 64

// splitTone takes the tone out of a lower-case word. ok is false where the word holds more than one tone mark.
// at counts the letters before the toned one; it is -1 for a level tone.
func splitTone(word string) (letters []rune, tone rune, at int, ok bool) {
	at = -1
	if len(word) > longestWord {
		return nil, 0, -1, false
	}
	letters, tones := make([]rune, 0, len(word)), 0
	for i, r := range word {
		if r < utf8.RuneSelf {
			letters = append(letters, r)
			continue
		}
		parts, composed := letterParts()[r]
		if !composed {
			return splitDecomposed(word, letters, i, tone, at, tones)
		}
		if parts.tone != 0 {
			tones++
			tone, at = parts.tone, len(letters)
		}
		letters = append(letters, parts.letter)
	}
	return letters, tone, at, tones <= 1
}

// splitDecomposed goes on from byte i of a word that has a letter or mark outside the table: by normal forms, which is right for
// every letter and many times slower.
func splitDecomposed(word string, letters []rune, i int, tone rune, at, tones int) ([]rune, rune, int, bool) {
	var base strings.Builder
	count := len(letters)
	base.WriteString(string(letters))
	for _, r := range norm.NFD.String(word[i:]) {
		switch {
		case isTone(r):
			tones++
			tone, at = r, count-1
			continue
		case !unicode.Is(unicode.Mn, r):
			count++
		}
		base.WriteRune(r)
	}
	if tones > 1 {
		return nil, 0, -1, false
	}
	return []rune(norm.NFC.String(base.String())), tone, at, true
}

// parts are what a composed letter is made of.
type parts struct {
	letter rune // without its tone, with its other marks: ê of ế
	bare   rune // without any mark: e of ế; đ stays
	tone   rune // 0: none
}

// letterParts is the Latin letters that Unicode has composed, taken apart once.
var letterParts = sync.OnceValue(func() map[rune]parts {
	table := map[rune]parts{}
	for _, block := range [][2]rune{{0x00C0, 0x024F}, {0x1E00, 0x1EFF}} {
		for r := block[0]; r <= block[1]; r++ {
			if !unicode.IsLetter(r) {
				continue
			}
			p := parts{letter: r, bare: r}
			var rest []rune
			for i, d := range []rune(norm.NFD.String(string(r))) {
				switch {
				case i == 0:
					p.bare, rest = d, append(rest, d)
				case isTone(d) && p.tone == 0:
					p.tone = d
				default:
					rest = append(rest, d)
				}
			}
			composed := []rune(norm.NFC.String(string(rest)))
			if len(composed) != 1 {
				continue // the slow way knows
			}
			p.letter = composed[0]
			table[r] = p
		}
	}
	return table
})

func isVowel(r rune) bool {
	return strings.ContainsRune("aăâeêioôơuưy", r)
}

// cluster finds the vowels of a syllable without tone. The u of qu and the i of gi belong to the consonant where a vowel follows.
// ok is false where there is no vowel, or more than one group of them (a foreign word).
func cluster(letters []rune) (from, to int, ok bool) {
	for from < len(letters) && !isVowel(letters[from]) {
		from++
	}
	if from+1 < len(letters) && from > 0 && isVowel(letters[from+1]) {
		glide := (letters[from-1] == 'q' && letters[from] == 'u') ||
			(from == 1 && letters[0] == 'g' && letters[from] == 'i')
		if glide {
			from++
		}
	}
	to = from
	for to < len(letters) && isVowel(letters[to]) {
		to++
	}
	if from == to {
		return 0, 0, false
	}
	for _, r := range letters[to:] {
		if isVowel(r) {
			return 0, 0, false
		}
	}
	return from, to, true
}

// tonePlace says which letter carries the tone in today's spelling (`hoà`, `thuý`): the vowel that has a mark of its own, else
// the last vowel before a final consonant, else the second of oa, oe, uy and of three, else the first.
func tonePlace(letters []rune, from, to int) int {
	for i := to - 1; i >= from; i-- {
		if strings.ContainsRune("ăâêôơư", letters[i]) {
			// ươ carries it on ơ, which comes last; ưa and ưu on ư, the only marked one.
			return i
		}
	}
	switch {
	case to-from == 1:
		return from
	case to < len(letters):
		return to - 1
	case to-from >= 3:
		return from + 1
	}
	switch string(letters[from:to]) {
	case "oa", "oe", "uy":
		return to - 1
	}
	return from
}

// foldTone puts the tone of a lower-case word where tonePlace wants it. A word that is no single syllable stays as it is.
func foldTone(word string) string {
	if plain(word) {
		return word
	}
	letters, tone, at, ok := splitTone(word)
	if !ok || tone == 0 {
		return word
	}
	from, to, ok := cluster(letters)
	if !ok || at < 0 {
		return word
	}
	place := tonePlace(letters, from, to)
	if place == at && norm.NFC.IsNormalString(word) {
		return word
	}
	var b strings.Builder
	for i, r := range letters {
		b.WriteRune(r)
		if i == place {
			b.WriteRune(tone)
		}
	}
	return norm.NFC.String(b.String())
}

// onsets are the initial consonants of written Vietnamese, longest first. The last four occur in names and loan words of the
// ethnic minorities (Krông, Đrây, Plei, Blao), which are common in place names.
const onsets = "ngh ng nh gh gi kh ph th tr ch qu kr đr pl bl b c d đ g h k l m n p r s t v x"

// rimes are the rimes of written Vietnamese without tone.
const rimes = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây " +
	"e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu " +
	"o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot " +
	"ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh uêt ui um un ung uơ up ut uôc uôi uôm uôn uông uôt " +
	"uy uya uych uyên uyêt uyn uynh uyt uyu ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu " +
	"y yêm yên yêng yêt yêu uk ôk ăk ak ok"

// orthography is the set of syllables that Vietnamese spelling allows, as a test and not as a dictionary.
type orthography struct {
	onset map[string]bool
	rime  map[string]bool
}

func newOrthography() orthography {
	o := orthography{onset: map[string]bool{"": true}, rime: map[string]bool{}}
	for _, s := range strings.Fields(onsets) {
		o.onset[s] = true
	}
	for _, s := range strings.Fields(rimes) {
		o.rime[s] = true
	}
	return o
}

// valid reports whether a word (any case, NFC) is spelt as one Vietnamese syllable: a known initial and rime, a tone that stands on a
// letter where one of the two spellings puts it, and only acute or dot below before the stops c, ch, p, t.
func (o orthography) valid(word string) bool {
	letters, tone, at, ok := splitTone(strings.ToLower(word))
	if !ok || len(letters) == 0 || len(letters) > 8 {
		return false
	}
	if !o.parts(letters) {
		return false
	}
	if tone == 0 {
		return !stopped(letters)
	}
	if stopped(letters) && tone != acute && tone != dotBelow {
		return false
	}
	from, to, ok := cluster(letters)
	if !ok {
		return false
	}
	if at == tonePlace(letters, from, to) {
		return true
	}
	// The older spelling puts it on the first of oa, oe, uy.
	open := to == len(letters) && to-from == 2
	return open && at == from
}

// parts splits a toneless syllable into initial and rime.
func (o orthography) parts(letters []rune) bool {
	for n := min(3, len(letters)); n >= 0; n-- {
		onset, rime := string(letters[:n]), string(letters[n:])
		if onset == "g" && strings.HasPrefix(rime, "i") && o.rime[rime] {
			return true // gì, gìn
		}
		if o.onset[onset] && o.rime[rime] {
			return true
		}
	}
	return false
}

// stopped reports whether the syllable ends in a stop: then a level tone cannot be written.
func stopped(letters []rune) bool {
	last := letters[len(letters)-1]
	if last == 'h' && len(letters) > 1 {
		return letters[len(letters)-2] == 'c'
	}
	return last == 'c' || last == 'p' || last == 't'
}
