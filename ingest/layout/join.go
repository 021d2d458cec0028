package layout

import (
	"slices"
	"strconv"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// JoinedFrom is the index that the first column of another sheet gets in a joined table: no cell of the own sheet can stand there.
const JoinedFrom = xlsx.MaxCols

// Join returns t with some columns of its parent behind its own, in the order given: the table of a repeat group whose rows carry what the
// parent's row says. The k-th of them has the index JoinedFrom+k.
func (t *Table) Join(parent *Table, columns []int) *Table {
	out := *t
	out.Columns, out.Ticks, out.columnAt = slices.Clone(t.Columns), slices.Clone(t.Ticks), slices.Clone(t.columnAt)
	at := map[int]int{}
	for k, index := range columns {
		col := *parent.At(index)
		if col.sheet == "" {
			col.sheet, col.index = parent.Sheet, index
		}
		col.Index = JoinedFrom + k
		at[index] = col.Index
		for len(out.columnAt) <= col.Index {
			out.columnAt = append(out.columnAt, -1)
		}
		out.columnAt[col.Index] = len(out.Columns)
		out.Columns = append(out.Columns, col)
	}
	for _, g := range parent.Ticks {
		own := slices.Clone(g.Columns)
		g.Columns = nil
		for _, index := range own {
			if joined, ok := at[index]; ok {
				g.Columns = append(g.Columns, joined)
			}
		}
		if len(g.Columns) != len(own) {
			continue
		}
		g.Base = -1
		out.Ticks = append(out.Ticks, g)
	}
	return &out
}

// ColumnName is what a column is called in messages: its letters, after the name of its sheet where that is another.
func (t *Table) ColumnName(index int) string {
	if col := t.At(index); col != nil && col.sheet != "" {
		return "'" + col.sheet + "'!" + xlsx.Name(col.index)
	}
	return xlsx.Name(index)
}

// Key is a cell's text as rows of two sheets are joined by it.
func (t *Table) Key(c *xlsx.Cell) string {
	if c.Kind == xlsx.Number {
		return numberKey(c.Num)
	}
	text := t.Text(c)
	if n, ok := vntext.ParseNumber(text, vntext.DecimalPoint); ok && !n.Percent && isNumberText(text) {
		return numberKey(n.Value)
	}
	return text
}

func numberKey(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
