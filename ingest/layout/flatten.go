package layout

import (
	"fmt"
	"maps"
	"sort"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// flatten makes the columns: every sheet column that has a header text or, in any row that the head was given, a value below the header.
func (t *Table) flatten(v *sheetView, b block, beyond map[int]bool) {
	indexes := t.tableColumns(v, b, beyond)
	spans := v.spans(b, indexes)
	for _, index := range indexes {
		col := Column{Index: index, Cell: xlsx.CellRef(max(b.last, 1), index)}
		for level, row := 0, b.first; row <= b.last && b.first > 0; level, row = level+1, row+1 {
			text, at := v.headerText(row, index, b, spans)
			if text == "" {
				continue
			}
			if at.own {
				col.Cell = xlsx.CellRef(at.row, at.col)
			}
			col.Path = append(col.Path, text)
		}
		if len(col.Path) == 1 {
			col.Path = splitLevel(col.Path[0])
		}
		col.Header = strings.Join(col.Path, Separator)
		for len(t.columnAt) <= index {
			t.columnAt = append(t.columnAt, -1)
		}
		t.columnAt[index] = len(t.Columns)
		t.Columns = append(t.Columns, col)
	}
}

// tableColumns lists the columns of the table in order.
func (t *Table) tableColumns(v *sheetView, b block, beyond map[int]bool) []int {
	set := maps.Clone(beyond)
	if set == nil {
		set = map[int]bool{}
	}
	for i := range v.rows {
		r := &v.rows[i]
		if r.index < b.first {
			continue
		}
		for _, c := range r.cells {
			set[c.col] = true
		}
	}
	for _, m := range v.merges {
		inHeader := m.FirstRow >= b.first && m.LastRow <= b.last && b.first > 0
		if !inHeader || m.LastCol-m.FirstCol > 1<<12 || v.value(m.FirstRow, m.FirstCol) == "" {
			continue
		}
		for c := m.FirstCol; c <= m.LastCol; c++ {
			set[c] = true
		}
	}
	indexes := make([]int, 0, len(set))
	for c := range set {
		indexes = append(indexes, c)
	}
	sort.Ints(indexes)
	return indexes
}

type place struct {
	row, col int
	own      bool // the text belongs to this column and no other
}

// A spanKey is a header cell that stands over columns to its right although it is not merged with them.
type spanKey struct{ row, col int }

// headerText is the text that heads a column in one header row, at its first row only where it is merged downwards.
func (v *sheetView) headerText(row, col int, b block, spans map[spanKey]int) (string, place) {
	if m, ok := v.merged(row, col); ok && m.LastRow <= b.last {
		if m.FirstRow != row && m.FirstRow >= b.first {
			return "", place{}
		}
		text := v.value(row, col)
		own := m.FirstCol == m.LastCol
		return text, place{m.FirstRow, m.FirstCol, own}
	}
	if r, ok := v.row(row); ok {
		if c, found := r.at(col); found {
			_, over := spans[spanKey{row, col}]
			return c.text, place{row, col, !over}
		}
	}
	if from, ok := spans[spanKey{row, col}]; ok {
		return v.value(row, from), place{row, from, false}
	}
	return "", place{}
}

// spans finds, for headers that were not merged, the columns that a parent text stands for: the blank cells to its right, as long as a
// header row below has texts there, and the parent's own column has one too. A parent does not reach over the edge of its own parent.
// The result maps a cell to the column of its parent; the parent's own cell is in it too.
func (v *sheetView) spans(b block, indexes []int) map[spanKey]int {
	out := map[spanKey]int{}
	for row := b.first; row < b.last && b.first > 0; row++ {
		from := -1
		for i, col := range indexes {
			_, merged := v.merged(row, col)
			text := v.value(row, col)
			switch {
			case merged:
				from = -1
			case text != "":
				from = -1
				if v.below(row, col, b) {
					from = col
				}
			case from >= 0:
				adjacent := i > 0 && indexes[i-1] == col-1
				if !adjacent || !v.below(row, col, b) || v.edge(row, from, col, b, out) {
					from = -1
					continue
				}
				out[spanKey{row, col}] = from
				out[spanKey{row, from}] = from
			}
		}
	}
	return out
}

// below reports whether a header row under the cell has a text of its own in the column.
func (v *sheetView) below(row, col int, b block) bool {
	for r := row + 1; r <= b.last; r++ {
		if tr, ok := v.row(r); ok {
			if _, found := tr.at(col); found {
				return true
			}
		}
	}
	return false
}

// edge reports whether the row above parts the two columns.
func (v *sheetView) edge(row, from, col int, b block, spans map[spanKey]int) bool {
	if row <= b.first {
		return false
	}
	parent := func(c int) (int, bool) {
		if m, ok := v.merged(row-1, c); ok {
			return m.FirstCol, true
		}
		p, ok := spans[spanKey{row - 1, c}]
		return p, ok
	}
	p1, ok1 := parent(from)
	p2, ok2 := parent(col)
	return ok1 != ok2 || p1 != p2
}

// splitLevel parts a single header such as `Câu 1. Thái độ - Rất hài lòng` into question and level.
func splitLevel(s string) []string {
	for _, sep := range []string{" - ", " – ", ": ", "\n", " / ", "_", "-"} {
		if i := strings.LastIndex(s, sep); i > 0 {
			question, level := strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+len(sep):])
			if question != "" && isLevel(level) && len([]rune(level)) > 3 {
				return []string{question, level}
			}
		}
	}
	// `Y tế [Bảo hiểm y tế (4: rất tốt)]` is a question: the level would have to be the last thing in it.
	if i := strings.LastIndexAny(s, "[("); i > 0 && strings.HasSuffix(s, map[byte]string{'[': "]", '(': ")"}[s[i]]) {
		question, level := strings.TrimSpace(s[:i]), strings.Trim(s[i:], "[]()")
		if isLevel(level) && len([]rune(level)) > 3 {
			return []string{question, level}
		}
	}
	return []string{s}
}

// uniqueNames gives every column a name that no other has, whatever the case: programs that read the dataset fold it.
func (t *Table) uniqueNames() {
	taken := map[string]bool{}
	for i := range t.Columns {
		taken[vntext.Fold(t.Columns[i].Header)] = true
		taken[vntext.Fold(t.Columns[i].Code)] = true
	}
	used := map[string]bool{}
	next := map[string]int{}
	for i := range t.Columns {
		col := &t.Columns[i]
		name := strings.Join(strings.Fields(col.Header), " ")
		if col.Code != "" {
			name = col.Code
		}
		if name == "" {
			name = "column " + xlsx.Name(col.Index)
		}
		key := vntext.Fold(name)
		if used[key] {
			base := name
			for n := max(next[key], 2); ; n++ {
				name = fmt.Sprintf("%s_%d", base, n)
				if k := vntext.Fold(name); !used[k] && !taken[k] {
					next[key] = n + 1
					break
				}
			}
		}
		used[vntext.Fold(name)] = true
		col.Name = name
	}
}

// rememberHeader keeps the header texts by column, decoded and as stored, to know a header that is repeated further down.
func (t *Table) rememberHeader(v *sheetView, head *Head) {
	t.header = map[int]map[string]int{}
	for i := range v.rows {
		r := &v.rows[i]
		if r.index < t.HeaderFirst || r.index > t.HeaderLast {
			continue
		}
		for _, c := range r.cells {
			if t.header[c.col] == nil {
				t.header[c.col] = map[string]int{}
			}
			t.header[c.col][c.text] = r.index
			t.header[c.col][vntext.Fold(c.text)] = r.index
			t.longest = max(t.longest, 2*len(c.text)+16)
		}
	}
	for i := range head.rows {
		row := &head.rows[i]
		for j := range row.Cells {
			c := &row.Cells[j]
			if known := t.header[c.Col]; known != nil && c.Kind == xlsx.String && row.Index >= t.HeaderFirst && row.Index <= t.HeaderLast {
				known[string(c.Text)] = row.Index
			}
		}
	}
}
