package ingest

import (
	"slices"

	"hailong/ingest/layout"
	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// legacyTexts keeps, of every column, texts that could be in a legacy Vietnamese encoding: with letters beyond ASCII, all of them below
// U+0100. The table's encodings come from the first rows; this finds the column whose first such text stands further down.
type legacyTexts map[int][]string

// legacySamples is how many texts of a column are kept.
const legacySamples = 64

// see looks at a text cell.
func (l *legacyTexts) see(c *xlsx.Cell) {
	if c.Kind != xlsx.String || len((*l)[c.Col]) >= legacySamples {
		return
	}
	marked := false
	for _, b := range c.Text {
		if b >= 0xC4 {
			return // the lead byte of a letter that no legacy byte looks like
		}
		marked = marked || b >= 0x80
	}
	if !marked {
		return
	}
	if *l == nil {
		*l = legacyTexts{}
	}
	if text := string(c.Text); !slices.Contains((*l)[c.Col], text) {
		(*l)[c.Col] = append((*l)[c.Col], text)
	}
}

// found reports whether a column's texts are in another encoding than the table takes the column for.
func (l legacyTexts) found(t *layout.Table) bool {
	for column, texts := range l {
		col := t.At(column)
		if col == nil || (col.Encoding != vntext.Unicode && col.Encoding != "") {
			continue
		}
		if d := vntext.Detect(texts, ""); d.Encoding != vntext.Unicode {
			return true
		}
	}
	return false
}
