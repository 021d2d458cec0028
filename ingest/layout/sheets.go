package layout

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/wording"
	"hailong/ingest/xlsx"
)

// A Candidate is one sheet of a workbook, as Choose sees it.
type Candidate struct {
	Info  SheetInfo
	Table *Table  // nil where Detect found none
	Rows  int     // data rows, as the Classifier counts them; −1 where nobody counted
	Set   *RowSet // what the data rows hold; only needed for the sheets that a first Choose names in Ask
}

// A Choice says which sheets to read.
type Choice struct {
	Sheets  []int  // positions of the candidates to read, in order; several are appended to one another
	Left    []Left // the others, with the reason
	Ask     []int  // candidates whose Set must be known before rows are read twice: fill them in and choose again
	Joins   []Join // repeat groups and where their parents are; the sheets stand in Left
	Guesses []Guess
}

// Left is a sheet that is not read.
type Left struct {
	Sheet    int
	Reason   string // hidden, no_table, empty, not_chosen, xlsform, other_table, repeat, same_rows
	Evidence string

	EvidenceVI string // Evidence in Vietnamese
}

func leave(sheet int, reason string, w why) Left {
	return Left{Sheet: sheet, Reason: reason, Evidence: w.en, EvidenceVI: w.vi}
}

// A RowSet holds what the data rows of a sheet say, without their order: to know a table that stands on two sheets.
type RowSet struct {
	table *Table
	rows  map[uint64]int
	n     int
}

// NewRowSet returns an empty set for the rows of t.
func (t *Table) NewRowSet() *RowSet { return &RowSet{table: t, rows: map[uint64]int{}} }

// Add takes in a data row. Columns are known by name, so their order may differ; running numbers do not count.
func (s *RowSet) Add(row *xlsx.Row) {
	var sum uint64
	for i := range row.Cells {
		cell := &row.Cells[i]
		col := s.table.At(cell.Col)
		if col == nil || cell.Col == s.table.Number || col.System == "index" {
			continue
		}
		text := s.table.Text(cell)
		if text == "" {
			continue
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(vntext.Fold(col.Name)))
		_, _ = h.Write([]byte{0})
		_, _ = h.Write([]byte(text))
		sum += h.Sum64()
	}
	s.rows[sum]++
	s.n++
}

// within counts the rows of s that are also in o, each of o's rows used once.
func (s *RowSet) within(o *RowSet) int {
	n := 0
	for h, k := range s.rows {
		n += min(k, o.rows[h])
	}
	return n
}

// telling reports whether rows are unlike one another, so that equal rows on two sheets are no chance.
func (s *RowSet) telling() bool { return 2*len(s.rows) > s.n }

// mostRepeated is the share of a sheet's rows from which on it counts as a copy.
const mostRepeated = 0.95

// Choose decides which sheets of a workbook are read: the sheet that the plan names, or the largest table and every sheet with the same
// columns, but no sheet whose rows stand on another one already. Hidden sheets are left unless the plan wants them.
func Choose(list []Candidate, o Options) (Choice, error) {
	if pinned(o.Sheet) {
		return chooseNamed(list, o.Sheet)
	}
	var c Choice
	main := -1
	open := make([]bool, len(list))
	for i := range list {
		reason, w := unfit(&list[i], o)
		if reason != "" {
			c.Left = append(c.Left, leave(i, reason, w))
			continue
		}
		open[i] = true
		if main < 0 || worth(&list[i]) > worth(&list[main]) {
			main = i
		}
	}
	if main < 0 {
		return c, nil
	}
	c.Joins = joins(list, open)
	for _, j := range c.Joins {
		open[j.Child] = false
		c.Left = append(c.Left, leave(j.Child, "repeat", j.why))
		if j.Child == main {
			main = j.Root(c.Joins)
		}
	}
	for i := range list {
		switch {
		case !open[i]:
		case i == main || sameColumns(list[main].Table, list[i].Table) || continues(&list[main], &list[i]):
			c.Sheets = append(c.Sheets, i)
		default:
			c.Left = append(c.Left, leave(i, "other_table", because("its columns are not those of %q", "các cột không phải của %q", list[main].Info.Name)))
		}
	}
	c.dropCopies(list)
	slices.SortFunc(c.Left, func(a, b Left) int { return cmp.Compare(a.Sheet, b.Sheet) })
	c.explain(list, main)
	return c, nil
}

func chooseNamed(list []Candidate, name string) (Choice, error) {
	var c Choice
	var names []string
	for i := range list {
		names = append(names, list[i].Info.Name)
		if len(c.Sheets) == 0 && vntext.Fold(list[i].Info.Name) == vntext.Fold(name) {
			c.Sheets = append(c.Sheets, i)
			continue
		}
		c.Left = append(c.Left, leave(i, "not_chosen", because("the plan names %s", "kế hoạch chọn %s", name)))
	}
	if len(c.Sheets) == 0 {
		return c, wording.Errorf("choosing sheet %q: the workbook has %q", name, names)
	}
	if list[c.Sheets[0]].Table == nil {
		return c, wording.Errorf("choosing sheet %q: %w", name, ErrNoTable)
	}
	g := guess("sheet", list[c.Sheets[0]].Info.Name, planSays())
	g.Pinned = true
	c.Guesses = []Guess{g}
	return c, nil
}

// unfit says why a sheet cannot be read, or "".
func unfit(c *Candidate, o Options) (reason string, w why) {
	switch {
	case c.Info.Hidden && !o.Hidden:
		return "hidden", because("the sheet is hidden", "trang tính bị ẩn")
	case c.Table == nil:
		return "no_table", because("nothing in it, or nothing like a table", "trống, hoặc không có gì giống một bảng")
	case c.Rows == 0:
		return "empty", because("a header without rows", "chỉ có tiêu đề, không có dòng dữ liệu")
	case c.Table.isXLSForm():
		return "xlsform", because("an XLSForm describes questions and holds no answers; name it as the questionnaire",
			"XLSForm mô tả câu hỏi chứ không chứa câu trả lời; hãy khai báo nó làm phiếu hỏi")
	case len(c.Table.Columns) < 2:
		return "other_table", because("a single column", "chỉ có một cột")
	}
	return "", why{}
}

// isXLSForm reports whether the sheet is the survey or choices sheet of a form's definition.
func (t *Table) isXLSForm() bool {
	has := map[string]bool{}
	for i := range t.Columns {
		has[strings.ReplaceAll(vntext.Fold(t.Columns[i].Header), " ", "_")] = true
	}
	switch strings.Trim(vntext.Fold(t.Sheet), " ") {
	case "survey":
		return (has["type"] || has["command"]) && (has["name"] || has["tag"] || has["value"])
	case "choices", "external_choices":
		return has["list_name"] && (has["name"] || has["value"])
	case "settings":
		return has["form_id"] || has["form_title"] || has["id_string"]
	}
	return false
}

// worth is how likely a sheet is to be the survey: a known export or a running number tells more than size.
func worth(c *Candidate) int {
	size := len(c.Table.Columns) * max(c.Rows, 1)
	switch {
	case c.Table.Dialect.program(), c.Table.Dialect == Tally, c.Table.Dialect == AggregateForm:
		size *= 4
	case c.Table.HeaderFirst == 0:
		size /= 8
	}
	return size
}

// sameColumns reports whether at least nine in ten column names of either table are in the other.
func sameColumns(a, b *Table) bool {
	if (a.Aggregate == nil) != (b.Aggregate == nil) {
		return false
	}
	names := map[string]bool{}
	for i := range a.Columns {
		names[vntext.Fold(a.Columns[i].Name)] = true
	}
	both := 0
	for i := range b.Columns {
		if names[vntext.Fold(b.Columns[i].Name)] {
			both++
		}
	}
	return 10*both >= 9*max(len(a.Columns), len(b.Columns))
}

// continues reports whether a sheet without a header carries on a table: writers that run out of rows go on in `Data_2`, people in `Trang 2` after
// `Trang 1`, where it must be as wide.
func continues(main, next *Candidate) bool {
	if next.Table.HeaderFirst != 0 || main == next {
		return false
	}
	base, number := numberedName(main.Info.Name)
	other, later := numberedName(next.Info.Name)
	wide := 10*len(next.Table.Columns) >= 9*len(main.Table.Columns)
	switch whole := vntext.Fold(main.Info.Name); {
	case later > 0 && other == strings.TrimRight(whole, nameSigns):
	case later > number && number > 0 && other == base && wide:
	default:
		return false
	}
	for i := range next.Table.Columns {
		if main.Table.At(next.Table.Columns[i].Index) == nil {
			return false
		}
	}
	return true
}

// nameSigns stand between a sheet's name and its number.
const nameSigns = " _-()."

// numberedName parts a sheet's name from the number at its end; 0 where it has none.
func numberedName(sheet string) (name string, number int) {
	folded := strings.TrimRight(vntext.Fold(sheet), nameSigns)
	name = strings.TrimRight(folded, "0123456789")
	number, err := strconv.Atoi(folded[len(name):])
	if err != nil {
		return folded, 0
	}
	return strings.TrimRight(name, nameSigns), number
}

// Continue returns t's columns for a sheet without a header that carries t on.
func (t *Table) Continue(next *Table) *Table {
	out := *t
	out.Sheet, out.HeaderFirst, out.HeaderLast = next.Sheet, 0, 0
	out.fonts, out.TitleText = next.fonts, nil
	out.Guesses = append([]Guess{guess("header_row", "none", because("the sheet carries on %s", "trang tính nối tiếp %s", t.Sheet))}, next.Guesses...)
	return &out
}

// dropCopies leaves out sheets whose rows stand on another chosen sheet.
func (c *Choice) dropCopies(list []Candidate) {
	if len(c.Sheets) < 2 {
		return
	}
	for _, i := range c.Sheets {
		if list[i].Set == nil {
			c.Ask = append(c.Ask, i)
		}
	}
	if len(c.Ask) > 0 {
		return
	}
	var kept []int
	for _, i := range c.Sheets {
		copyOf, w := -1, why{}
		for _, j := range c.Sheets {
			if i == j || list[j].Set.n < list[i].Set.n || (list[j].Set.n == list[i].Set.n && j > i) {
				continue
			}
			n := list[i].Set.within(list[j].Set)
			switch {
			case list[i].Set.n > 0 && float64(n) >= mostRepeated*float64(list[i].Set.n) && list[j].Set.telling():
				copyOf = j
				w = because("%d of its %d rows stand on %q too", "%d trên %d dòng của nó cũng nằm ở %q", n, list[i].Set.n, list[j].Info.Name)
			case 20*n >= list[i].Set.n && n > 0 && list[j].Set.telling():
				c.Guesses = append(c.Guesses, guess("overlap", list[i].Info.Name, because("%d of its %d rows stand on %q too; both are read",
					"%d trên %d dòng của nó cũng nằm ở %q; cả hai đều được đọc", n, list[i].Set.n, list[j].Info.Name)))
			}
			if copyOf >= 0 {
				break
			}
		}
		if copyOf >= 0 {
			c.Left = append(c.Left, leave(i, "same_rows", w))
			continue
		}
		kept = append(kept, i)
	}
	c.Sheets = kept
}

func (c *Choice) explain(list []Candidate, main int) {
	var names []string
	for _, i := range c.Sheets {
		names = append(names, list[i].Info.Name)
	}
	w := because("%q has %d columns", "%q có %d cột", list[main].Info.Name, len(list[main].Table.Columns))
	if list[main].Rows >= 0 {
		w = w.plus(because(" and %d rows", " và %d dòng", list[main].Rows))
	}
	if len(c.Sheets) > 1 {
		w = w.plus(because("; the others have the same columns and are appended", "; các trang còn lại có cùng cột và được nối tiếp"))
	}
	c.Guesses = append([]Guess{guess("sheet", strings.Join(names, ", "), w)}, c.Guesses...)
	for _, l := range c.Left {
		c.Guesses = append(c.Guesses, guess("sheet_left", list[l.Sheet].Info.Name, why{l.Reason + ": " + l.Evidence, l.EvidenceVI}))
	}
}

// A Join says how the rows of a repeat group find their parent: the child's key equals the parent's key. Rows of different sheets
// must never be joined by their order.
type Join struct {
	Child, Parent       int // candidates
	ChildKey, ParentKey int // sheet columns
	ParentTable         int // column of the child that names the parent sheet, or -1

	why why
}

// Root follows the joins up to the sheet that is no repeat group.
func (j Join) Root(all []Join) int {
	at := j.Parent
	for range all {
		for _, k := range all {
			if k.Child == at {
				at = k.Parent
			}
		}
	}
	return at
}

// joins finds the repeat groups of KoboToolbox (by _parent_index) and of ODK and SurveyCTO (by PARENT_KEY).
func joins(list []Candidate, open []bool) []Join {
	var out []Join
	for i := range list {
		if !open[i] {
			continue
		}
		t := list[i].Table
		if key := t.system("parent_index"); key >= 0 {
			parent := koboParent(list, open, i)
			if parent >= 0 {
				out = append(out, Join{
					Child: i, Parent: parent, ChildKey: key, ParentKey: list[parent].Table.system("index"),
					ParentTable: t.system("parent_table"),
					why:         because("_parent_index refers to _index of %q", "_parent_index trỏ đến _index của %q", list[parent].Info.Name),
				})
			}
			continue
		}
		if key := t.system("parent_uuid"); key >= 0 && t.Dialect != KoboToolbox {
			if p := odkParent(list, open, i); p >= 0 {
				out = append(out, Join{
					Child: i, Parent: p, ChildKey: key, ParentKey: list[p].Table.system("uuid"), ParentTable: -1,
					why: because("PARENT_KEY refers to KEY of %q", "PARENT_KEY trỏ đến KEY của %q", list[p].Info.Name),
				})
			}
		}
	}
	return withoutCircles(out)
}

// odkParent finds the sheet whose KEYs a repeat group names: the form's, or those of a group around it. Where none is named in the rows that were
// looked at, it is the sheet that is no repeat group.
func odkParent(list []Candidate, open []bool, child int) int {
	best, most := -1, 0
	for i := range list {
		t := list[i].Table
		if i == child || !open[i] || t.system("uuid") < 0 {
			continue
		}
		named := 0
		for _, key := range list[child].Table.parentKeys {
			if t.keys[key] {
				named++
			}
		}
		if named > most || (most == 0 && best < 0 && t.system("parent_uuid") < 0) {
			best, most = i, named
		}
	}
	return best
}

// withoutCircles leaves out joins that would make a sheet its own ancestor: only a damaged workbook has them.
func withoutCircles(all []Join) []Join {
	var out []Join
	for _, j := range all {
		if j.Parent != j.Child && j.Root(out) != j.Child {
			out = append(out, j)
		}
	}
	return out
}

// system is the sheet column with such a content, or -1.
func (t *Table) system(what string) int {
	for i := range t.Columns {
		if t.Columns[i].System == what {
			return t.Columns[i].Index
		}
	}
	return -1
}

// koboParent finds the sheet that a repeat group names as its parent. Sheet names are cut to 31 characters and lose what Excel forbids, so
// the name is compared as far as it goes; a sheet that is no repeat group is the parent where no name fits.
func koboParent(list []Candidate, open []bool, child int) int {
	want := sheetName(list[child].Table.Parent)
	fallback := -1
	for i := range list {
		if i == child || !open[i] || list[i].Table.system("index") < 0 {
			continue
		}
		if cutName(list[i].Info.Name, want) {
			return i
		}
		if fallback < 0 && list[i].Table.system("parent_index") < 0 {
			fallback = i
		}
	}
	return fallback
}

// sheetName is what KoboToolbox makes of a title before it cuts it.
func sheetName(title string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]*?:\/`, r) {
			return '_'
		}
		return r
	}, title)
}

// cutName reports whether a sheet's name is the wanted one, whole or cut (`Household survey with HXL an...`).
func cutName(name, want string) bool {
	if want == "" {
		return false
	}
	if name == want {
		return true
	}
	head, _, cut := strings.Cut(name, "...")
	return cut && head != "" && strings.HasPrefix(want, head)
}
