package ingest

import (
	"fmt"
	"strings"
)

// Text is one sentence in both languages of the house.
type Text struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

// A Problem is one thing that is wrong with one cell, row, column or file. It never stops the work; it is counted and shown.
type Problem struct {
	File  string `json:"file"`
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"` // "F8", or a column "F"
	Code  string `json:"code"`           // a stable word for programs: out_of_range, two_ticks, …
	Want  string `json:"want,omitempty"`
	Got   string `json:"got,omitempty"`
	Count int64  `json:"count"` // how many cells; Cell is the first of them
	Text  Text   `json:"text"`
}

// String is the English sentence with its place.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Sheet != "" {
		fmt.Fprintf(&b, " [%s]", p.Sheet)
	}
	if p.Cell != "" {
		b.WriteString(" " + p.Cell)
	}
	b.WriteString(": " + p.Text.EN)
	if p.Count > 1 {
		fmt.Fprintf(&b, " (%d cells)", p.Count)
	}
	return b.String()
}
