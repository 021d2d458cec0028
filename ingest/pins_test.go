package ingest

import (
	"path/filepath"
	"strings"
	"testing"

	"hailong/ingest/layout"
)

// What is guessed of a sheet the plan can pin: the pin wins over the guess, is reported as pinned, and changes what is read.
func TestPinsWinOverGuesses(t *testing.T) {
	sheets := []testSheet{
		{"Phiếu", [][]any{
			{"Câu hỏi", "về", "", ""},
			{"Mã phiếu", "Biết qua kênh nào", "", "A1"},
			{"", "Loa", "Họp dân", ""},
			{"1", "x", "x", "N÷"},
			{"2", "x", nil, 4},
			{"3", nil, "x", 5},
		}},
		{"Khác", [][]any{{"A1", "Xã"}, {3, "Một"}}},
	}
	for _, c := range []struct {
		what, value string
		pin         func(*Options)
	}{
		{"header_row", "2", func(o *Options) { o.Layout.Header = "2" }},
		{"header_row", "2-3", func(o *Options) { o.Layout.Header = "2-3" }},
		{"dialect", "kobotoolbox", func(o *Options) { o.Layout.Dialect = "kobotoolbox" }},
		{"encoding", "tcvn3", func(o *Options) { o.Layout.Encoding = "tcvn3" }},
		{"sheet", "Khác", func(o *Options) { o.Layout.Sheet = "khác" }},
	} {
		dir := t.TempDir()
		o := Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), sheets...)}, Definition: []byte(small), Out: filepath.Join(dir, "out")}
		c.pin(&o)
		report := run(t, o)
		guesses := append([]layout.Guess{}, report.Files[0].Guesses...)
		for _, s := range report.Files[0].Sheets {
			guesses = append(guesses, s.Guesses...)
		}
		found := false
		for _, g := range guesses {
			found = found || (g.What == c.what && strings.HasPrefix(g.Value, c.value) && g.Pinned)
		}
		if !found {
			t.Errorf("%s %s is not pinned: %+v", c.what, c.value, guesses)
		}
	}
}
