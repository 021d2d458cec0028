package ingest

import (
	"strings"
	"unicode/utf8"

	"hailong/ingest/vntext"
)

// unitName writes the name of an area with its kind in full and its own name as it was spelt: `X. Nguyệt Hóa` is `Xã Nguyệt Hóa` and not
// `Xã Nguyệt Hoá`. Nothing is added: a name without its kind stays without.
func unitName(text string) string {
	kind, name := vntext.UnitName(text)
	if kind == "" || name == "" {
		return unshouted(vntext.Clean(text))
	}
	return capital(kind) + " " + unshouted(name)
}

// unitKey is what all spellings of an area have in common.
func unitKey(text string) string {
	if kind, _ := vntext.UnitName(text); kind == "" {
		return vntext.Fold(text)
	}
	return vntext.UnitKey(text)
}

// unshouted writes a name that is in capitals throughout, as in a title, in capitals at the beginning of words.
func unshouted(name string) string {
	if strings.ToUpper(name) != name || strings.ToLower(name) == name {
		return name
	}
	words := strings.Fields(name)
	for i, word := range words {
		if !roman(word) {
			words[i] = capital(strings.ToLower(word))
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
	return strings.ToUpper(string(r)) + s[n:]
}
