package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hailong/ingest/layout"
	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// A parent is the sheet that the rows of a repeat group belong to, with what its rows say of the background: each row of the group carries it.
type parent struct {
	reader  *sheetReader
	join    layout.Join
	table   string           // what the rows call their parent's table
	columns []int            // of the parent's table, in the order in which they are joined
	lent    map[string][]int // of these, what a condition of the group looks at beside the background: positions in columns
	rows    map[string]*parentRow
	order   []string        // keys as they stand in the sheet
	met     map[string]bool // of the rows that have one in the sheet below, where that is itself a parent
}

type parentRow struct {
	index int
	cells []xlsx.Cell
	twice bool   // another row has the same key
	why   string // why it has no parent of its own, where it should have one
}

// meaning is what the questionnaire makes of the headers of a sheet: the items that it answers, the variables that it has, and where they stand.
type meaning struct {
	items   []string
	names   []string         // of the variables, sorted
	columns map[string][]int // of both
	refs    map[string][]int // of what else a form's routing depends on
}

func (s *sheetReader) meaning() meaning {
	c := &compiler{program: &program{}, src: s.src, table: s.table}
	found := c.match()
	m := meaning{columns: map[string][]int{}}
	columns := func(at int) []int {
		if g := c.heads[at].group; g >= 0 {
			return c.table.Ticks[g].Columns
		}
		return []int{c.sheetColumn(at)}
	}
	for _, match := range found.matches {
		switch {
		case match.Item != nil:
			m.columns[match.Item.ID] = columns(match.Column)
			m.items = append(m.items, match.Item.ID)
		case match.Variable.Role == "ignore", match.Variable.Role == "personal" && !match.Variable.Keep && !c.kept(c.describe(match.Column, &match)):
		default:
			m.columns[match.ID] = columns(match.Column)
			m.names = append(m.names, match.ID)
		}
	}
	m.refs = map[string][]int{}
	for _, ref := range s.src.questionnaire.References {
		if at := c.referenceHeader(ref); at >= 0 && personalHeader(&c.table.Columns[c.heads[at].column]) == "" {
			m.refs[ref.ID] = columns(at)
		}
	}
	for at, name := range found.own {
		m.columns[name] = columns(at)
		m.names = append(m.names, name)
	}
	slices.Sort(m.names)
	return m
}

// otherRespondents is the reason in the ledger for rows that answer items but are not the respondents of their workbook.
const otherRespondents = "other_respondents"

// A family is a sheet with its repeat groups, and the groups within those.
type family struct {
	sheets []int       // candidates, the outermost first
	items  map[int]int // items of the questionnaire by sheet; only sheets that have any
}

// families follows the joins down from every sheet that is no repeat group.
func families(readers []*sheetReader, joins []layout.Join) []family {
	var list []family
	for _, j := range joins {
		root := j.Root(joins)
		if slices.ContainsFunc(list, func(f family) bool { return f.sheets[0] == root }) {
			continue
		}
		f := family{sheets: []int{root}, items: map[int]int{}}
		for i := 0; i < len(f.sheets); i++ {
			for _, k := range joins {
				if k.Parent == f.sheets[i] {
					f.sheets = append(f.sheets, k.Child)
				}
			}
		}
		for _, at := range f.sheets {
			if n := len(readers[at].meaning().items); n > 0 {
				f.items[at] = n
			}
		}
		list = append(list, f)
	}
	return list
}

// readRepeats decides whose rows are the respondents, where a workbook has repeat groups: there is one set of them, because rows of a sheet
// and of its group speak of the same people, and read together these would count twice. The plan may name the sheet
// (layout.respondents); else it is the one in which most items of the questionnaire stand, the outer one if there are as many. Each of its
// rows carries the background of its parent. Rows of the other sheets with items are set aside.
func (b *batchRun) readRepeats(ctx context.Context, i int, readers []*sheetReader, choice *layout.Choice) error {
	for _, f := range families(readers, choice.Joins) {
		unit, wanted := b.respondents(i, readers, f)
		if len(f.items) == 0 && !wanted {
			continue
		}
		paired := -1
		if !wanted && len(f.items) == 2 {
			at, err := pairs(ctx, readers, choice.Joins, f)
			if err != nil {
				return b.stop(ctx, i, readers[f.sheets[0]].sheet.Name, err)
			}
			if at >= 0 {
				unit, paired = at, parentOf(choice.Joins, at)
			}
		}
		if unit != f.sheets[0] {
			at := slices.IndexFunc(choice.Joins, func(j layout.Join) bool { return j.Child == unit })
			carried, err := attach(ctx, readers, choice.Joins, choice.Joins[at], paired >= 0)
			if err != nil {
				return b.stop(ctx, i, readers[unit].sheet.Name, err)
			}
			choice.Guesses = append(choice.Guesses, joinedGuess(readers[unit], strings.Join(carried, ", ")))
		}
		b.chooseRespondents(i, readers, choice, f, unit, paired, wanted)
	}
	slices.Sort(choice.Sheets)
	return nil
}

// respondents is the sheet of a family whose rows are the respondents, and whether the plan says so.
func (b *batchRun) respondents(i int, readers []*sheetReader, f family) (unit int, wanted bool) {
	unit = f.sheets[0]
	for _, at := range f.sheets {
		if f.items[at] > f.items[unit] {
			unit = at
		}
	}
	name := b.src.options.Layout.Respondents
	if name == "" || name == layout.Auto {
		return unit, false
	}
	var names []string
	for _, at := range f.sheets {
		if names = append(names, readers[at].sheet.Name); vntext.Fold(readers[at].sheet.Name) == vntext.Fold(name) {
			return at, true
		}
	}
	file := &b.files[i]
	file.Problems = append(file.Problems, Problem{
		File: file.Path, Code: "respondents_not_found", Want: name, Got: strings.Join(names, ", "), Count: 1,
		Text: say("kế hoạch (layout.respondents) chọn trang %q, nhưng các trang có thể chọn là %q; dùng %q",
			"the plan (layout.respondents) names the sheet %q, but there are %q; %q is used", name, names, readers[unit].sheet.Name),
	})
	return unit, false
}

func parentOf(joins []layout.Join, child int) int {
	for _, j := range joins {
		if j.Child == child {
			return j.Parent
		}
	}
	return -1
}

// pairs finds, in a family with two sheets that have items, the repeat group that has exactly one row for every row of the other: the two
// are halves of one form. It returns -1 where there is none.
func pairs(ctx context.Context, readers []*sheetReader, joins []layout.Join, f family) (int, error) {
	for _, j := range joins {
		if f.items[j.Child] == 0 || f.items[j.Parent] == 0 {
			continue
		}
		above, below := map[string]int{}, map[string]int{}
		if err := keys(ctx, readers[j.Parent], j.ParentKey, above); err != nil {
			return -1, err
		}
		if err := keys(ctx, readers[j.Child], j.ChildKey, below); err != nil {
			return -1, err
		}
		delete(below, "") // a row without a parent makes the two unequal
		for _, n := range above {
			if n != 1 {
				return -1, nil
			}
		}
		if maps.Equal(above, below) {
			return j.Child, nil
		}
	}
	return -1, nil
}

// keys counts the rows of a sheet by what stands in a column.
func keys(ctx context.Context, s *sheetReader, column int, count map[string]int) error {
	return s.data(ctx, func(row *xlsx.Row) {
		key := ""
		if at := slices.IndexFunc(row.Cells, func(c xlsx.Cell) bool { return c.Col == column }); at >= 0 {
			key = s.table.Key(&row.Cells[at])
		}
		count[key]++
	})
}

// attach gives a repeat group its parent, and that its own first, and returns the names of the columns that are carried: the background, and
// the items where they are wanted. Layout's joins
// lead from a sheet to another one and never in a circle: only a sheet that names a parent is joined, to one that has an index.
func attach(ctx context.Context, readers []*sheetReader, joins []layout.Join, j layout.Join, items bool) ([]string, error) {
	child, above := readers[j.Child], readers[j.Parent]
	p := &parent{reader: above, join: j, table: child.table.Parent, rows: map[string]*parentRow{}, met: map[string]bool{}}
	child.parent = p
	for _, k := range joins {
		if k.Child == j.Parent && above.parent == nil {
			if _, err := attach(ctx, readers, joins, k, false); err != nil {
				return nil, err
			}
		}
	}
	own, theirs := child.meaning(), above.meaning()
	var carried []string
	names := theirs.names
	if items {
		names = slices.Concat(names, theirs.items)
	}
	for _, name := range names {
		if own.columns[name] == nil {
			p.columns = append(p.columns, theirs.columns[name]...)
			carried = append(carried, name)
		}
	}
	// A form that was rejected takes its rows with it; older KoboToolbox leaves the copy of the decision in the repeat group's sheet blank.
	for i := range above.table.Columns {
		if col := &above.table.Columns[i]; col.System == "validation" && !slices.Contains(p.columns, col.Index) {
			p.columns = append(p.columns, col.Index)
		}
	}
	slices.Sort(p.columns)
	p.lend(child.src, own, theirs)
	if err := p.read(ctx); err != nil {
		return nil, err
	}
	child.table = p.extended(child.table)
	return carried, nil
}

// lend adds the columns of the parent that conditions on the group's own items look at.
func (p *parent) lend(src *source, own, theirs meaning) {
	p.lent = map[string][]int{}
	for _, route := range src.routes {
		if !slices.ContainsFunc(route.items, func(id string) bool { return own.columns[id] != nil }) {
			continue
		}
		for _, name := range route.condition.Names() {
			columns := theirs.columns[name]
			if columns == nil {
				columns = theirs.refs[name]
			}
			if own.columns[name] != nil || own.refs[name] != nil || p.lent[name] != nil || slices.ContainsFunc(columns, func(c int) bool { return slices.Contains(p.columns, c) }) {
				continue
			}
			for _, column := range columns {
				p.lent[name] = append(p.lent[name], len(p.columns))
				p.columns = append(p.columns, column)
			}
		}
	}
}

// extended is the group's table with the parent's columns behind its own.
func (p *parent) extended(table *layout.Table) *layout.Table {
	out := table.Join(p.reader.table, p.columns)
	for _, positions := range p.lent {
		for _, k := range positions {
			out.At(layout.JoinedFrom + k).Lent = true
		}
	}
	return out
}

// joinedGuess says that the rows of a repeat group are read.
func joinedGuess(child *sheetReader, carried string) layout.Guess {
	above := child.parent.reader.sheet.Name
	return layout.Guess{
		What: "repeat_joined", Value: child.sheet.Name,
		Evidence:   fmt.Sprintf("items of the questionnaire stand in this repeat group: each of its rows is read with what its parent in %q says of %s", above, carried),
		EvidenceVI: fmt.Sprintf("câu hỏi của bộ chỉ số nằm trong nhóm lặp này: mỗi dòng được đọc kèm thông tin của dòng cha ở %q về %s", above, carried),
	}
}

// chooseRespondents puts the respondents' sheet among those to read, takes out the sheets above it that only lend their background, and sets
// the rows of the other sheets with items aside.
func (b *batchRun) chooseRespondents(i int, readers []*sheetReader, choice *layout.Choice, f family, unit, paired int, wanted bool) {
	lends := unit != f.sheets[0]
	var counts, aside []string
	for _, at := range f.sheets {
		name := readers[at].sheet.Name
		if n := f.items[at]; n > 0 {
			counts = append(counts, fmt.Sprintf("%q: %d", name, n))
		}
		switch {
		case at == unit, f.items[at] > 0 && at != paired:
			choice.Left = slices.DeleteFunc(choice.Left, func(l layout.Left) bool { return l.Sheet == at })
			choice.Guesses = slices.DeleteFunc(choice.Guesses, func(g layout.Guess) bool { return g.What == "sheet_left" && g.Value == name })
			if !slices.Contains(choice.Sheets, at) {
				choice.Sheets = append(choice.Sheets, at)
			}
			if at != unit {
				readers[at].aside = otherRespondents
				aside = append(aside, name)
			}
		case lends:
			choice.Sheets = slices.DeleteFunc(choice.Sheets, func(s int) bool { return s == at })
		}
	}
	name := readers[unit].sheet.Name
	if len(counts) < 2 && !wanted {
		return // the items stand in one sheet: there was no choice
	}
	g := layout.Guess{What: "respondents", Value: name, Pinned: wanted}
	list := strings.Join(counts, ", ")
	switch {
	case wanted:
		g.Evidence, g.EvidenceVI = "the plan says so", "kế hoạch quy định"
	case paired >= 0:
		g.Evidence = fmt.Sprintf("every row of %q has exactly one row here: the two are read as one form", readers[paired].sheet.Name)
		g.EvidenceVI = fmt.Sprintf("mỗi dòng của %q có đúng một dòng ở đây: hai trang được đọc như một phiếu", readers[paired].sheet.Name)
	default:
		g.Evidence = fmt.Sprintf("most items of the questionnaire stand here (%s); of equal ones the outer sheet is taken; pin it with layout: {respondents: …}", list)
		g.EvidenceVI = fmt.Sprintf("trang này có nhiều câu hỏi của bộ chỉ số nhất (%s); nếu bằng nhau thì lấy trang ngoài; có thể ghim bằng layout: {respondents: …}", list)
	}
	choice.Guesses = append(choice.Guesses, g)
	file := &b.files[i]
	for _, other := range aside {
		file.Problems = append(file.Problems, Problem{
			File: file.Path, Sheet: other, Code: "repeat_and_parent", Want: name, Got: list, Count: 1,
			Text: say("câu hỏi của bộ chỉ số nằm ở nhiều trang (%s); người trả lời là các dòng của %q, các dòng của %q được để riêng; muốn ngược lại, ghi trong kế hoạch layout: {respondents: %q}",
				"items of the questionnaire stand in several sheets (%s); the rows of %q are the respondents, those of %q are set aside; to turn it round, say layout: {respondents: %q} in the plan", list, name, other, other),
		})
	}
}

// read keeps the parent's rows by their key.
func (p *parent) read(ctx context.Context) error {
	texts := map[string][]byte{} // few texts stand in many cells
	return p.reader.data(ctx, func(row *xlsx.Row) {
		var why string
		if up := p.reader.parent; up != nil {
			var key string
			if _, key, why = up.of(p.reader.table, row); why == "" {
				up.met[key] = true
			}
		}
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
		kept := &parentRow{index: row.Index, why: why}
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
	up := p.reader.parent
	above, key, why := up.of(p.reader.table, row)
	if why != "" {
		p.lost(row, key, why, up.reader.sheet.Name)
		return row
	}
	if above.why != "" {
		p.lost(row, key, above.why, up.reader.parent.reader.sheet.Name)
	}
	p.met[key] = true
	p.env.problems.parent = above.index
	p.joined.Index, p.joined.Hidden = row.Index, row.Hidden
	p.joined.Cells = append(append(p.joined.Cells[:0], row.Cells...), above.cells...)
	return &p.joined
}

// lost records a row that has no background of some sheet above.
func (p *passRun) lost(row *xlsx.Row, key, why, sheet string) {
	text := say("dòng của nhóm lặp không có dòng cha trong %q; giữ lại, không có thông tin nền", "the row of the repeat group has no parent in %q; kept without background", sheet)
	if why == "two_parents" {
		text = say("nhiều dòng cha trong %q có cùng khóa; giữ lại, không có thông tin nền", "several rows of %q have this key; kept without background", sheet)
	}
	p.env.problems.cell(p.reader.parent.join.ChildKey, row.Index, why, sheet, key, text)
}

// childless says how many rows of the sheets above have no row in the repeat group below: they are in no dataset.
func (p *passRun) childless() {
	met := p.met
	for up, below := p.reader.parent, p.reader.sheet.Name; up != nil; up, below = up.reader.parent, up.reader.sheet.Name {
		var count int64
		first := ""
		for _, key := range up.order {
			if met[key] || up.rows[key].twice {
				continue
			}
			if count == 0 {
				first = fmt.Sprintf("'%s'!%s", up.reader.sheet.Name, xlsx.CellRef(up.rows[key].index, up.join.ParentKey))
			}
			count++
		}
		if count > 0 {
			p.env.problems.list = append(p.env.problems.list, Problem{
				File: p.reader.file, Sheet: below, Cell: first, Code: "parent_without_rows", Count: count,
				Text: say("%d dòng của %q không có dòng nào trong nhóm lặp", "%d rows of %q have no row in the repeat group", count, up.reader.sheet.Name),
			})
		}
		if up.reader.parent != nil {
			met = up.reader.parent.met
		}
	}
}
