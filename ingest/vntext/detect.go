package vntext

import (
	"fmt"
	"strings"
	"unicode"
)

// A Detection says in which encoding a column is, and why.
type Detection struct {
	Encoding Encoding
	Score    float64 // share of the words with marks that are Vietnamese syllables when read so
	Plain    float64 // the same share of the text as it stands
	Words    int     // distinct words with marks or signs that were looked at
	ByFont   bool
	Evidence string // for the report: counts, a word before and after
	// EvidenceVI is Evidence in Vietnamese.
	EvidenceVI string
	// Weak is the encoding that the words speak for, where Encoding stays Unicode because there is only one of them or most look
	// Vietnamese as they stand too. A caller that found this encoding elsewhere on the same sheet may take it.
	Weak Encoding
}

// say fills the evidence in both languages with the same values.
func (d *Detection) say(en, vi string, args ...any) {
	d.Evidence, d.EvidenceVI = fmt.Sprintf(en, args...), fmt.Sprintf(vi, args...)
}

// Shares that settle the encoding of a column without a font.
const (
	acceptShare = 0.75 // of the words are syllables when decoded
	acceptGain  = 0.40 // more than as they stand
	enoughWords = 2    // distinct words; one may be chance (Spanish Mª reads Mê)
)

// beyondLegacy reports whether a word holds a letter that no legacy byte gives.
func beyondLegacy(words []string) bool {
	for _, w := range words {
		if _, ok := bytesOf(w); !ok {
			return true
		}
	}
	return false
}

// candidates are tried in the order of how common they are; the first of equals wins.
func candidates() []Encoding {
	return []Encoding{TCVN3, VNI, Windows1258, VISCII}
}

// Detect decides the encoding of one column from distinct samples of its text and from the font of its cells ("" where unknown).
// A font is believed unless the words say that the text is Unicode already. Without a font an encoding is accepted only where most
// words with marks become Vietnamese syllables by it and did not look so before; French, German and English thereby stay.
func Detect(samples []string, font string) Detection {
	words := markedWords(samples)
	d := Detection{Encoding: Unicode, Words: len(words)}
	if byFont := FontEncoding(font); byFont != Unicode {
		return detectByFont(d, byFont, words, font)
	}
	if len(words) == 0 {
		d.say("no letters beyond ASCII", "không có chữ ngoài ASCII")
		return d
	}
	// A word with a letter that no legacy byte gives stands as it is in every encoding.
	var open []string
	settled := 0
	for _, w := range words {
		if _, ok := bytesOf(w); ok {
			open = append(open, w)
		} else if isSyllable(Unicode, w) {
			settled++
		}
	}
	share := func(e Encoding) float64 { return float64(settled+syllables(e, open)) / float64(len(words)) }
	d.Plain = share(Unicode)
	d.Score = d.Plain
	best, bestShare := Unicode, 0.0
	for _, e := range candidates() {
		if share := share(e); share > bestShare {
			best, bestShare = e, share
		}
	}
	if bestShare < acceptShare || bestShare-d.Plain < acceptGain {
		if bestShare >= acceptShare && bestShare > d.Plain {
			d.Weak = best
		}
		d.say("%d words with marks, %.0f %% syllables as they stand, at best %.0f %% decoded",
			"%d từ có dấu, để nguyên thì %.0f %% là âm tiết, giải mã thì nhiều nhất %.0f %%",
			len(words), 100*d.Plain, 100*bestShare)
		return d
	}
	if len(words) < enoughWords {
		d.Weak = best
		d.say("one word only: %q could be %s %q", "chỉ có một từ: %q có thể là %s %q", words[0], best, Decode(best, words[0]))
		return d
	}
	d.Encoding, d.Score = best, bestShare
	d.say("%.0f %% of %d words with marks are syllables as %s, %.0f %% as they stand: %q is %q",
		"%.0f %% trong %d từ có dấu là âm tiết nếu đọc theo %s, để nguyên thì %.0f %%: %q là %q",
		100*bestShare, len(words), best, 100*d.Plain, words[0], Decode(best, words[0]))
	return d
}

func detectByFont(d Detection, byFont Encoding, words []string, font string) Detection {
	d.Plain = syllableShare(Unicode, words)
	d.Score = syllableShare(byFont, words)
	if d.Plain > d.Score || (d.Plain == d.Score && d.Plain > 0 && beyondLegacy(words)) {
		d.say("font %s, but %.0f %% of %d words with marks are syllables as they stand and %.0f %% as %s",
			"phông %s, nhưng để nguyên thì %.0f %% trong %d từ có dấu là âm tiết, đọc theo mã của phông thì %.0f %% (%s)",
			font, 100*d.Plain, len(words), 100*d.Score, byFont)
		d.Score = d.Plain
		return d
	}
	d.Encoding, d.ByFont = byFont, true
	if len(words) == 0 {
		d.say("font %s", "phông %s", font)
		return d
	}
	d.say("font %s: %q is %q", "phông %s: %q là %q", font, words[0], Decode(byFont, words[0]))
	return d
}

// markedWords returns the distinct words, in order, that hold a character beyond ASCII and could be legacy bytes: the only ones that
// tell encodings apart. Words are cut at ASCII that is no letter, because legacy letters look like signs (µ, ¸, ®).
// A sign that stands alone is left out: it is more often a quote or a degree than a word.
func markedWords(samples []string) []string {
	var words []string
	seen := map[string]bool{}
	for _, s := range samples {
		for _, w := range strings.FieldsFunc(s, betweenWords) {
			if plain(w) || seen[w] || len([]rune(w)) < 2 {
				continue
			}
			seen[w] = true
			words = append(words, w)
		}
	}
	return words
}

func betweenWords(r rune) bool {
	ascii := r < 0x80 && !unicode.IsLetter(r) && r >= 0x20
	return ascii || r == '\t' || r == '\n' || r == '\r' || fixedSpace(r) || (r >= 0x2010 && r <= 0x2026)
}

// syllableShare is the share of words that are syllables when read in encoding e. A word that e cannot read counts as it stands.
func syllableShare(e Encoding, words []string) float64 {
	if len(words) == 0 {
		return 0
	}
	return float64(syllables(e, words)) / float64(len(words))
}

func syllables(e Encoding, words []string) int {
	n := 0
	for _, w := range words {
		if isSyllable(e, w) {
			n++
		}
	}
	return n
}

func isSyllable(e Encoding, word string) bool {
	return legacy().words.valid(Clean(Decode(e, word)))
}
