package layout

import (
	"cmp"
	"regexp"
	"slices"
	"sync"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// A down is a range of the data that is merged downwards in one column: its value stands in the first row only.
type down struct {
	col, first, last int
}

// keyHeaders are the headings of columns in which people merge the cells of one unit, one team or one day (over FoldASCII).
var keyHeaders = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|[^a-z])(xa|phuong|thi tran|huyen|quan|thi xa|tinh|don vi|dia ban|dia phuong|dia diem|thon|ap|khom|to dan pho|khu vuc|co quan|linh vuc|` +
		`thu tuc|dieu tra vien|ngay|nhom|commune|district|ward|village|province|area|unit|agency|interviewer|enumerator|date|group)([^a-z]|$)`)
})

// findDowns keeps the ranges whose value stands for all their rows, and reports those of other columns: an answer is never given to a
// person who did not give it.
func (t *Table) findDowns(merges []xlsx.Range) {
	kept, left := map[int]int{}, map[int]int{}
	for _, m := range merges {
		if m.FirstRow <= t.HeaderLast || m.FirstRow == m.LastRow || m.FirstCol != m.LastCol {
			continue
		}
		col := t.At(m.FirstCol)
		switch {
		case col == nil:
		case len(col.Path) > 0 && keyHeaders().MatchString(vntext.FoldASCII(col.last())) && !t.inTicks(m.FirstCol):
			t.downs = append(t.downs, down{m.FirstCol, m.FirstRow, m.LastRow})
			kept[m.FirstCol]++
		default:
			left[m.FirstCol]++
		}
	}
	slices.SortFunc(t.downs, func(a, b down) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.col, b.col)) })
	for i := range t.Columns {
		index := t.Columns[i].Index
		if n := kept[index]; n > 0 {
			t.Guesses = append(t.Guesses, guess("merged_cells", xlsx.Name(index), because("%d merged ranges of %q: the value holds for all their rows",
				"%d vùng gộp ô của %q: giá trị dùng cho mọi dòng của vùng", n, t.Columns[i].Name)))
		}
		if n := left[index]; n > 0 {
			t.Guesses = append(t.Guesses, guess("merged_cells", xlsx.Name(index), because("%d merged ranges of %q: the value holds for their first row only",
				"%d vùng gộp ô của %q: giá trị chỉ dùng cho dòng đầu của vùng", n, t.Columns[i].Name)))
		}
	}
}

func (t *Table) inTicks(col int) bool {
	for i := range t.Ticks {
		if slices.Contains(t.Ticks[i].Columns, col) {
			return true
		}
	}
	return false
}

// A carried cell is the value of a merged range that the pass has entered.
type carried struct {
	down
	cell xlsx.Cell
}

// takeDowns enters the ranges that begin at or before a row and drops those that have ended.
func (c *Classifier) takeDowns(row *xlsx.Row) {
	c.open = slices.DeleteFunc(c.open, func(d carried) bool { return d.last < row.Index })
	for c.next < len(c.table.downs) && c.table.downs[c.next].first <= row.Index {
		d := c.table.downs[c.next]
		c.next++
		if d.first < row.Index {
			continue // its first row is not there, so it has no value
		}
		for i := range row.Cells {
			if cell := row.Cells[i]; cell.Col == d.col && cell.Kind != xlsx.Empty {
				cell.Text = append([]byte(nil), cell.Text...)
				cell.Expr = nil
				c.open = append(c.open, carried{d, cell})
			}
		}
	}
}

// Carried returns the cells that a row has by merged ranges only: the commune that is written once for all its forms. It is about the
// row that was classed last; the cells may be used until the next one is.
func (c *Classifier) Carried(row *xlsx.Row) []xlsx.Cell {
	if len(c.open) == 0 {
		return nil
	}
	c.extra = c.extra[:0]
	for _, d := range c.open {
		if d.first == row.Index || slices.ContainsFunc(row.Cells, func(cell xlsx.Cell) bool { return cell.Col == d.col && cell.Kind != xlsx.Empty }) {
			continue
		}
		c.extra = append(c.extra, d.cell)
	}
	return c.extra
}
