package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hailong/ingest/layout"
	"hailong/ingest/xlsx"
)

// A parent is the sheet that the rows of a repeat group belong to, with what its rows say of the background: each row of the group carries it.
type parent struct {
	reader  *sheetReader
	join    layout.Join
	table   string // what the rows call their parent's table
	columns []int  // of the parent's table, in the order in which they are joined
	rows    map[string]*parentRow
	order   []string // keys as they stand in the sheet
}

type parentRow struct {
	index int
	cells []xlsx.Cell
	twice bool // another row has the same key
}

// meaning is what the questionnaire makes of the headers of a sheet: the items that it answers, and the columns of each variable.
type meaning struct {
	items     []string
	variables map[string][]int
	names     []string // of the variables, in the order of the questionnaire
}

func (s *sheetReader) meaning() meaning {
	c := &compiler{program: &program{}, src: s.src, table: s.table}
	c.collectHeaders()
	found := c.match()
	m := meaning{variables: map[string][]int{}}
	columns := func(at int) []int {
		if g := c.heads[at].group; g >= 0 {
			return c.table.Ticks[g].Columns
		}
		return []int{c.sheetColumn(at)}
	}
	for _, match := range found.matches {
		switch {
		case match.Item != nil:
			m.items = append(m.items, match.Item.ID)
		case match.Variable.Role == "ignore", match.Variable.Role == "personal" && !match.Variable.Keep && !c.kept(c.describe(match.Column, &match)):
		default:
			m.variables[match.ID] = columns(match.Column)
			m.names = append(m.names, match.ID)
		}
	}
	for at, name := range found.own {
		m.variables[name] = columns(at)
		m.names = append(m.names, name)
	}
	slices.Sort(m.names)
	return m
}

// readRepeats decides about the repeat groups of a workbook. A group in which items of the questionnaire stand that its parent does not have
// is read, each row with the background of its parent; a parent without items of its own then only lends its background.
func (b *batchRun) readRepeats(ctx context.Context, i int, readers []*sheetReader, choice *layout.Choice) error {
	var lenders []int
	for _, j := range choice.Joins {
		child, above := readers[j.Child], readers[j.Parent]
		own, theirs := child.meaning(), above.meaning()
		items := slices.DeleteFunc(own.items, func(id string) bool { return slices.Contains(theirs.items, id) })
		if len(items) == 0 {
			continue
		}
		carried, err := attach(ctx, readers, choice.Joins, j)
		if err != nil {
			return b.stop(ctx, i, above.sheet.Name, err)
		}
		if len(theirs.items) == 0 {
			lenders = append(lenders, lending(readers, choice.Joins, j.Parent)...)
		}
		b.chooseRepeat(i, choice, j, len(theirs.items) == 0, child, strings.Join(carried, ", "))
	}
	choice.Sheets = slices.DeleteFunc(choice.Sheets, func(at int) bool { return slices.Contains(lenders, at) })
	slices.Sort(choice.Sheets)
	return nil
}

// lending lists a sheet and those above it, as far as they hold no items of the questionnaire.
func lending(readers []*sheetReader, joins []layout.Join, at int) []int {
	list := []int{at}
	for _, k := range joins {
		if k.Child == at && len(readers[k.Parent].meaning().items) == 0 {
			list = append(list, lending(readers, joins, k.Parent)...)
		}
	}
	return list
}

// attach gives a repeat group its parent, and that its own first, and returns the names of the variables that are carried. Layout's joins
// lead from a sheet to another one and never in a circle: only a sheet that names a parent is joined, to one that has an index.
func attach(ctx context.Context, readers []*sheetReader, joins []layout.Join, j layout.Join) ([]string, error) {
	child, above := readers[j.Child], readers[j.Parent]
	p := &parent{reader: above, join: j, table: child.table.Parent, rows: map[string]*parentRow{}}
	child.parent = p
	for _, k := range joins {
		if k.Child == j.Parent && above.parent == nil {
			if _, err := attach(ctx, readers, joins, k); err != nil {
				return nil, err
			}
		}
	}
	own, theirs := child.meaning(), above.meaning()
	var carried []string
	for _, name := range theirs.names {
		if own.variables[name] == nil {
			p.columns = append(p.columns, theirs.variables[name]...)
			carried = append(carried, name)
		}
	}
	slices.Sort(p.columns)
	if err := p.read(ctx); err != nil {
		return nil, err
	}
	child.table = child.table.Join(above.table, p.columns)
	return carried, nil
}

// chooseRepeat puts a repeat group among the sheets to read and says so.
func (b *batchRun) chooseRepeat(i int, choice *layout.Choice, j layout.Join, alone bool, child *sheetReader, carried string) {
	above := child.parent.reader.sheet.Name
	choice.Left = slices.DeleteFunc(choice.Left, func(l layout.Left) bool { return l.Sheet == j.Child })
	choice.Guesses = slices.DeleteFunc(choice.Guesses, func(g layout.Guess) bool { return g.What == "sheet_left" && g.Value == child.sheet.Name })
	choice.Guesses = append(choice.Guesses, layout.Guess{
		What: "repeat_joined", Value: child.sheet.Name,
		Evidence:   fmt.Sprintf("items of the questionnaire stand in this repeat group: each of its rows is read with what its parent in %q says of %s", above, carried),
		EvidenceVI: fmt.Sprintf("câu hỏi của bộ chỉ số nằm trong nhóm lặp này: mỗi dòng được đọc kèm thông tin của dòng cha ở %q về %s", above, carried),
	})
	if !slices.Contains(choice.Sheets, j.Child) {
		choice.Sheets = append(choice.Sheets, j.Child)
	}
	if alone {
		return
	}
	f := &b.files[i]
	f.Problems = append(f.Problems, Problem{
		File: f.Path, Sheet: child.sheet.Name, Code: "repeat_and_parent", Got: above, Count: 1,
		Text: say("câu hỏi của bộ chỉ số nằm cả ở %q và ở nhóm lặp %q: dòng của cả hai trang được đọc, mỗi dòng chỉ có câu hỏi của trang mình",
			"items of the questionnaire stand in %q and in its repeat group %q: the rows of both are read, each with its own sheet's items only", above, child.sheet.Name),
	})
}

// read keeps the parent's rows by their key.
func (p *parent) read(ctx context.Context) error {
	texts := map[string][]byte{} // few texts stand in many cells
	return p.reader.data(ctx, func(row *xlsx.Row) {
		at := slices.IndexFunc(row.Cells, func(c xlsx.Cell) bool { return c.Col == p.join.ParentKey })
		if at < 0 {
			return
		}
		key := p.reader.table.Key(&row.Cells[at])
		if had := p.rows[key]; had != nil || key == "" {
			if had != nil {
				had.twice = true
			}
			return
		}
		kept := &parentRow{index: row.Index}
		for k, column := range p.columns {
			at := slices.IndexFunc(row.Cells, func(c xlsx.Cell) bool { return c.Col == column })
			if at < 0 || row.Cells[at].Kind == xlsx.Empty {
				continue
			}
			cell := row.Cells[at]
			if texts[string(cell.Text)] == nil {
				texts[string(cell.Text)] = []byte(string(cell.Text))
			}
			cell.Text = texts[string(cell.Text)]
			cell.Expr = slices.Clone(cell.Expr)
			cell.Col = layout.JoinedFrom + k
			kept.cells = append(kept.cells, cell)
		}
		p.rows[key] = kept
		p.order = append(p.order, key)
	})
}

// of finds the parent of a row. why is a problem's code where there is none.
func (p *parent) of(table *layout.Table, row *xlsx.Row) (above *parentRow, key, why string) {
	named := true
	for i := range row.Cells {
		switch c := &row.Cells[i]; {
		case c.Col == p.join.ChildKey:
			key = table.Key(c)
		case c.Col == p.join.ParentTable && p.join.ParentTable >= 0:
			named = table.Text(c) == p.table
		}
	}
	above = p.rows[key]
	switch {
	case above == nil || !named:
		return nil, key, "no_parent"
	case above.twice:
		return nil, key, "two_parents"
	}
	return above, key, ""
}

// extend is a row with the cells of its parent behind its own.
func (p *parent) extend(table *layout.Table, row *xlsx.Row) *xlsx.Row {
	if p == nil {
		return row
	}
	above, _, _ := p.of(table, row)
	if above == nil {
		return row
	}
	out := *row
	out.Cells = slices.Concat(row.Cells, above.cells)
	return &out
}

// join puts the parent's cells behind those of the row. A row without a parent is kept, without background, and is a problem.
func (p *passRun) join(row *xlsx.Row) *xlsx.Row {
	s := p.reader
	above, key, why := s.parent.of(s.table, row)
	sheet := s.parent.reader.sheet.Name
	switch why {
	case "no_parent":
		p.env.problems.cell(s.parent.join.ChildKey, row.Index, why, sheet, key, say("dòng của nhóm lặp không có dòng cha trong %q; giữ lại, không có thông tin nền", "the row of the repeat group has no parent in %q; kept without background", sheet))
		return row
	case "two_parents":
		p.env.problems.cell(s.parent.join.ChildKey, row.Index, why, sheet, key, say("nhiều dòng cha trong %q có cùng khóa; giữ lại, không có thông tin nền", "several rows of %q have this key; kept without background", sheet))
		return row
	}
	p.met[key] = true
	p.env.problems.parent = above.index
	p.joined.Index, p.joined.Hidden = row.Index, row.Hidden
	p.joined.Cells = append(append(p.joined.Cells[:0], row.Cells...), above.cells...)
	return &p.joined
}

// childless says how many rows of the parent have no row in the repeat group: they are in no dataset.
func (p *passRun) childless() {
	above := p.reader.parent
	if above == nil {
		return
	}
	var count int64
	first := ""
	for _, key := range above.order {
		if p.met[key] || above.rows[key].twice {
			continue
		}
		if count == 0 {
			first = fmt.Sprintf("'%s'!%s", above.reader.sheet.Name, xlsx.CellRef(above.rows[key].index, above.join.ParentKey))
		}
		count++
	}
	if count > 0 {
		p.env.problems.list = append(p.env.problems.list, Problem{
			File: p.reader.file, Sheet: p.reader.sheet.Name, Cell: first, Code: "parent_without_rows", Count: count,
			Text: say("%d dòng của %q không có dòng nào trong nhóm lặp", "%d rows of %q have no row in the repeat group", count, above.reader.sheet.Name),
		})
	}
}
