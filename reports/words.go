package reports

import (
	_ "embed"
	"fmt"
	"strings"

	"hailong/analytics/result"
)

//go:embed labels.tsv
var labelsTSV string

// words are the texts of one language: every word that a reader sees and that is not in the set comes from labels.tsv (key, vi, en).
type words struct {
	lang  string
	texts map[string]string
}

func newWords(lang string) words {
	w := words{lang: lang, texts: map[string]string{}}
	column := 1
	if lang == "en" {
		column = 2
	} else {
		w.lang = "vi"
	}
	for line := range strings.Lines(labelsTSV) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(fields) == 3 {
			w.texts[fields[0]] = fields[column]
		}
	}
	return w
}

func otherLanguage(lang string) string {
	if lang == "en" {
		return "vi"
	}
	return "en"
}

// t is the text of key with args in the places of its verbs. A key without a text shows itself: the test of the table keeps that from happening.
func (w words) t(key string, args ...any) string {
	text, ok := w.texts[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	if len(args) == 0 || !strings.Contains(text, "%") {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// has reports whether key has a text.
func (w words) has(key string) bool {
	_, ok := w.texts[key]
	return ok
}

// or is the text of prefix+key, or key itself where the set brings one that the table does not know.
func (w words) or(prefix, key string) string {
	if w.has(prefix + key) {
		return w.texts[prefix+key]
	}
	return key
}

// pick is t in the language at hand, or in the other where that one is missing.
func (w words) pick(t result.Text) string {
	first, second := t.VI, t.EN
	if w.lang == "en" {
		first, second = second, first
	}
	if first != "" {
		return first
	}
	return second
}

// decimal writes v with one decimal place and the language's decimal mark.
func (w words) decimal(v float64) string { return w.mark(fixed(v, 1)) }

// score writes v with two decimal places.
func (w words) score(v float64) string { return w.mark(fixed(v, 2)) }

func (w words) mark(text string) string {
	if w.lang == "vi" {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}
