package xlsx

import "sort"

// sortedRows delivers the rows of a sheet whose rows stand out of order: it holds them all.
type sortedRows struct {
	rows   []Row
	loaded bool
}

func (s *sortedRows) next(r *Rows) (bool, error) {
	if !s.loaded {
		r.loose = true
		for {
			ok, err := r.next()
			if err != nil {
				return false, err
			}
			if !ok {
				break
			}
			s.rows = append(s.rows, copyRow(&r.row))
		}
		s.loaded = true
		sort.SliceStable(s.rows, func(i, j int) bool { return s.rows[i].Index < s.rows[j].Index })
		s.join(r)
	}
	if len(s.rows) == 0 {
		return false, nil
	}
	r.row, s.rows = s.rows[0], s.rows[1:]
	return true, nil
}

// join makes one row of several with the same number; of two cells with one reference the last value counts.
func (s *sortedRows) join(r *Rows) {
	out := s.rows[:0]
	for _, row := range s.rows {
		if len(out) == 0 || out[len(out)-1].Index != row.Index {
			out = append(out, row)
			continue
		}
		last := &out[len(out)-1]
		dup, order := r.stats.DuplicateRefs, r.stats.OutOfOrderCells
		r.cells = append(last.Cells, row.Cells...)
		r.tidy()
		r.stats.OutOfOrderCells = order // the rows were out of order, not the cells
		last.Cells, last.Hidden = r.cells, last.Hidden || row.Hidden
		r.stats.Rows--
		r.stats.Cells -= int64(r.stats.DuplicateRefs - dup)
	}
	s.rows = out
}

// copyRow makes a row that stays valid.
func copyRow(row *Row) Row {
	c := Row{Index: row.Index, Hidden: row.Hidden, Cells: append([]Cell(nil), row.Cells...)}
	n := 0
	for i := range c.Cells {
		n += len(c.Cells[i].Text) + len(c.Cells[i].Expr)
	}
	text := make([]byte, 0, n)
	own := func(b []byte) []byte {
		if b == nil {
			return nil
		}
		start := len(text)
		text = append(text, b...)
		return text[start:len(text):len(text)]
	}
	for i := range c.Cells {
		c.Cells[i].Text, c.Cells[i].Expr = own(c.Cells[i].Text), own(c.Cells[i].Expr)
	}
	return c
}
