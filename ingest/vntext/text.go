// Package vntext reads Vietnamese text as offices write it: legacy fonts, decomposed Unicode, invisible characters, decimal commas,
// d/m/y dates and the many spellings of one commune.
//
// What comes in: the strings of a cell or of a whole column, with the cell's font where there is one. What goes out: NFC text, and
// for each decision a value that says how it was made. What is promised: text that is already Unicode, French or German is left
// alone; folding is for comparing and never for showing; an ambiguous number or date is reported as ambiguous, never guessed in
// silence; nothing panics on any bytes.
//
// The order for text from a workbook is Decode, then Clean (NFC, invisible characters, trim): U+00AD is `ư` in TCVN3, so it may be
// dropped only after decoding.
package vntext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC returns s in Unicode normal form C. It also repairs marks that were typed in the wrong order.
func NFC(s string) string {
	return norm.NFC.String(s)
}

// Clean returns s as it may be shown and stored: NFC, zero-width characters and soft hyphens removed, fixed spaces turned into plain
// ones, and white space trimmed at both ends. Inner runs of white space stay as they are.
func Clean(s string) string {
	if settled(s) {
		return strings.TrimSpace(s)
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		switch {
		case invisible(r):
			return -1
		case fixedSpace(r):
			return ' '
		}
		return r
	}, s)
	// A mark that stood behind an invisible character joins its letter only now.
	return strings.TrimSpace(norm.NFC.String(s))
}

// plain reports whether s is ASCII, for which NFC and the invisible characters need no look.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// settled reports whether s needs nothing but trimming: it holds only ASCII and the composed letters of Latin and Vietnamese, which is
// nearly all text of an export. None of them joins what stands beside it, so NFC is s itself; finding that out in general takes five
// times as long.
func settled(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf && (r <= 0x00A0 || r == 0x00AD || r > 0x024F) && (r < 0x1EA0 || r > 0x1EF9) {
			return false
		}
	}
	return true
}

func invisible(r rune) bool {
	return r == 0x00AD || (r >= 0x200B && r <= 0x200D) || r == 0x2060 || r == 0xFEFF
}

func fixedSpace(r rune) bool {
	return r == 0x00A0 || r == 0x2007 || r == 0x202F
}

// Fold returns the key by which two texts are compared: cleaned, lower case, white space collapsed to single spaces, and tone marks
// moved to one place (`hòa` and `hoà` are one word). Letters keep their marks, and đ stays đ.
func Fold(s string) string {
	s = strings.ToLower(Clean(s))
	if strings.IndexFunc(s, isMark) >= 0 { // lower case may part a mark from its letter, and a doubled mark stays one
		s = norm.NFC.String(dropDoubled(norm.NFD.String(s)))
	}
	s = strings.Join(strings.Fields(s), " ")
	if plain(s) {
		return s
	}
	return mapWords(s, foldTone)
}

func isMark(r rune) bool { return r >= 0x300 && unicode.Is(unicode.Mn, r) }

// dropDoubled takes out a mark that its letter has already: it cannot be seen. s is in NFD, where equal marks stand side by side.
func dropDoubled(s string) string {
	last := rune(-1)
	return strings.Map(func(r rune) rune {
		if r == last && unicode.Is(unicode.Mn, r) {
			return -1
		}
		last = r
		return r
	}, s)
}

// FoldASCII returns Fold(s) without any marks, and d for đ: for ids, and for comparing text that was typed without marks.
func FoldASCII(s string) string {
	s = Fold(s)
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteByte(byte(r))
			continue
		}
		p, composed := letterParts()[r]
		switch {
		case p.bare == 'đ':
			b.WriteByte('d')
		case composed:
			b.WriteRune(p.bare)
		default:
			for _, d := range norm.NFD.String(string(r)) {
				if !unicode.Is(unicode.Mn, d) {
					b.WriteRune(d)
				}
			}
		}
	}
	return b.String()
}

// Slug returns an identifier for s: ASCII letters, digits and single underscores. It is empty where s has neither letters nor digits.
func Slug(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range FoldASCII(s) {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
			continue
		}
		gap = true
	}
	return b.String()
}

// mapWords replaces every run of letters and marks in s by f of it.
func mapWords(s string, f func(string) string) string {
	var b strings.Builder
	start := -1
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
		switch {
		case letter && start < 0:
			start = i
		case !letter && start >= 0:
			b.WriteString(f(s[start:i]))
			start = -1
		}
		if !letter {
			b.WriteString(s[i : i+utf8.RuneLen(r)])
		}
	}
	if start >= 0 {
		b.WriteString(f(s[start:]))
	}
	return b.String()
}
