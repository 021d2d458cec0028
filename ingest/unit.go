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

// properName spells a name with the tone marks where Fold puts them, and in capitals at the beginning of words where it was written in
// capitals throughout.
func properName(name string) string {
	words := strings.Fields(name)
	shouted := strings.ToUpper(name) == name && strings.ToLower(name) != name
	for i, word := range words {
		folded := vntext.Fold(word)
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
