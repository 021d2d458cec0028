package vntext

import (
	_ "embed" // the table of the legacy encodings
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Encoding is how the letters of a text were stored.
type Encoding string

// The encodings of Vietnamese office files. TCVN3Capitals is TCVN3 in a font that draws capitals only (.VnTimeH).
const (
	Unicode       Encoding = "unicode"
	TCVN3         Encoding = "tcvn3"
	TCVN3Capitals Encoding = "tcvn3-capitals"
	VNI           Encoding = "vni"
	VISCII        Encoding = "viscii"
	Windows1258   Encoding = "windows-1258"
)

// encodingsTSV holds the letters of glibc's TCVN5712-1 and VISCII tables and of two published VNI tables.
//
//go:embed encodings.tsv
var encodingsTSV string

// tables are the maps from stored bytes to letters. VNI letters are one or two bytes long.
type tables struct {
	tcvn3  [256]rune
	viscii [256]rune
	vni    map[string]rune
	words  orthography
}

// legacy parses the embedded table once; it never changes afterwards.
var legacy = sync.OnceValue(parseTables)

func parseTables() *tables {
	t := &tables{vni: map[string]rune{}, words: newOrthography()}
	for i, line := range strings.Split(encodingsTSV, "\n") {
		field := strings.Split(line, "\t")
		if i == 0 || len(field) < 5 {
			continue
		}
		letter, _ := utf8.DecodeRuneInString(field[0])
		if b, ok := hexBytes(field[2]); ok {
			t.tcvn3[b[0]] = letter
		}
		if b, ok := hexBytes(field[3]); ok {
			t.vni[b] = letter
		}
		if b, ok := hexBytes(field[4]); ok {
			t.viscii[b[0]] = letter
		}
	}
	// A capital may carry a small mark and a small letter a capital one: the letter decides.
	for code, letter := range t.vni {
		if len(code) != 2 {
			continue
		}
		for _, mark := range []byte{code[1] | 0x20, code[1] &^ 0x20} {
			other := code[:1] + string([]byte{mark})
			if _, ok := t.vni[other]; !ok {
				t.vni[other] = letter
			}
		}
	}
	return t
}

// hexBytes reads "61 F8"; a TCVN3 field in brackets says that the letter has no byte of its own.
func hexBytes(s string) (string, bool) {
	if s == "" || s[0] == '(' {
		return "", false
	}
	var b []byte
	for _, h := range strings.Fields(s) {
		v, err := strconv.ParseUint(h, 16, 8)
		if err != nil {
			return "", false
		}
		b = append(b, byte(v))
	}
	return string(b), len(b) > 0
}

// bytesOf undoes the reading of legacy bytes as Windows-1252 or Latin-1. ok is false where s holds a character that no such byte
// gives: then s is Unicode already.
func bytesOf(s string) ([]byte, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r < 0x100 {
			b = append(b, byte(r))
			continue
		}
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			return nil, false
		}
		b = append(b, c)
	}
	return b, true
}

// Decode returns s read in encoding e, in NFC. A text that holds characters beyond Windows-1252 is Unicode already and only
// normalised, whatever e says; so is a text without any legacy letter. Typographic quotes and dashes stay what they are.
func Decode(e Encoding, s string) string {
	if e == Unicode || e == "" {
		return NFC(s)
	}
	if plain(s) {
		if e == TCVN3Capitals {
			return strings.ToUpper(s)
		}
		if e != VISCII {
			return s
		}
	}
	b, ok := bytesOf(s)
	if !ok {
		return NFC(s)
	}
	switch e {
	case TCVN3:
		return decodeBytes(s, b, &legacy().tcvn3)
	case TCVN3Capitals:
		return strings.ToUpper(decodeBytes(s, b, &legacy().tcvn3))
	case VISCII:
		return decodeBytes(s, b, &legacy().viscii)
	case VNI:
		return decodeVNI(s, b)
	case Windows1258:
		return decode1258(s, b)
	}
	return NFC(s)
}

// decodeBytes maps one byte to one letter; b runs in step with the runes of s, which stay where the table has nothing.
func decodeBytes(s string, b []byte, table *[256]rune) string {
	var out strings.Builder
	i := 0
	for _, r := range s {
		if letter := table[b[i]]; letter != 0 {
			r = letter
		}
		out.WriteRune(r)
		i++
	}
	return NFC(out.String())
}

// decodeVNI reads the longest code first: `aù` is á, `öù` is ứ, and `ö` alone is ư.
func decodeVNI(s string, b []byte) string {
	t := legacy()
	runes := []rune(s)
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if i+1 < len(b) {
			if letter, ok := t.vni[string(b[i:i+2])]; ok {
				out.WriteRune(letter)
				i++
				continue
			}
		}
		if letter, ok := t.vni[string(b[i:i+1])]; ok {
			out.WriteRune(letter)
			continue
		}
		out.WriteRune(runes[i])
	}
	return NFC(out.String())
}

// decode1258 reads the bytes as Windows-1258, whose tone marks are combining characters, and composes them.
func decode1258(s string, b []byte) string {
	runes := []rune(s)
	var out strings.Builder
	for i, c := range b {
		r := charmap.Windows1258.DecodeByte(c)
		if r == utf8.RuneError || c < 0xA0 {
			r = runes[i]
		}
		out.WriteRune(r)
	}
	return norm.NFC.String(out.String())
}

// FontEncoding returns the encoding that a font's name stands for: `.VnTime` TCVN3, `.VnTimeH` TCVN3Capitals, `VNI-Times` VNI, and
// Unicode for any other.
func FontEncoding(font string) Encoding {
	name := strings.ToLower(strings.TrimSpace(font))
	switch {
	case strings.HasPrefix(name, ".vn"):
		if strings.HasSuffix(strings.TrimSpace(font), "H") {
			return TCVN3Capitals
		}
		return TCVN3
	case strings.HasPrefix(name, "vni-"), strings.HasPrefix(name, "vni "):
		return VNI
	case strings.HasPrefix(name, "viscii"), strings.HasPrefix(name, "vi "):
		return VISCII
	}
	return Unicode
}
