package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hailong/ingest/vntext"
)

// unitName writes the name of an area in one way, so that GROUP BY in the dataset puts `TP. Trà Vinh` and `thành phố Trà Vinh`, `Hoà Lợi`
// and `Hòa Lợi` together. Nothing is added: a name without its kind stays without.
func unitName(text string) string {
	kind, name := vntext.UnitName(text)
	name = properName(name)
	if kind == "" || name == "" {
		return properName(text)
	}
	return capital(kind) + " " + name
}

// officialTone puts the tone of a folded word that ends in oa, oe or uy where the official lists of communes put it: Hòa, Thủy.
func officialTone(word string) string {
	if strings.HasPrefix(word, "qu") {
		return word
	}
	for _, pair := range [][2]string{
		{"oà", "òa"}, {"oá", "óa"}, {"oả", "ỏa"}, {"oã", "õa"}, {"oạ", "ọa"}, {"oè", "òe"}, {"oé", "óe"}, {"oẻ", "ỏe"}, {"oẽ", "õe"}, {"oẹ", "ọe"},
		{"uỳ", "ùy"}, {"uý", "úy"}, {"uỷ", "ủy"}, {"uỹ", "ũy"}, {"uỵ", "ụy"},
	} {
		if stem, ok := strings.CutSuffix(word, pair[0]); ok {
			return stem + pair[1]
		}
	}
	return word
}

// properName spells a name with the tone marks in one place, and in capitals at the beginning of words where it was written in
// capitals throughout.
func properName(name string) string {
	words := strings.Fields(name)
	shouted := strings.ToUpper(name) == name && strings.ToLower(name) != name
	for i, word := range words {
		folded := officialTone(vntext.Fold(word))
		first, _ := utf8.DecodeRuneInString(word)
		switch {
		case shouted && !roman(word), unicode.IsUpper(first) && strings.ToLower(word[utf8.RuneLen(first):]) == word[utf8.RuneLen(first):]:
			words[i] = capital(folded)
		case strings.ToLower(word) == word:
			words[i] = folded
		}
	}
	return strings.Join(words, " ")
}

// roman reports whether a word in capitals is a number, which keeps them.
func roman(word string) bool { return strings.Trim(word, "IVX") == "" }

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
