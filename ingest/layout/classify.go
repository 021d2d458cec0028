package layout

import (
	"fmt"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// A Classifier gives the rows of a sheet their classes, in the order in which they stand. It remembers the group that a row belongs to
// and adds up what totals rows are to be compared with. It is not safe for concurrent use.
type Classifier struct {
	table   *Table
	office  bool // rows may be groups, totals and signatures
	system  []int
	status  int // Qualtrics columns that tell previews, or -1
	channel int

	groups []groupLevel
	header int  // the last row that was header or column numbers
	tail   bool // the signature block has begun
	closed bool // the grand total has been

	foreign int // the row that heads another table, with other columns; 0 for none
	strange int // rows of such tables

	next  int // the merged range of the data that comes next
	open  []carried
	extra []xlsx.Cell

	sums sums
}

// A groupLevel is a group row that the rows below belong to, until one of the same style comes.
type groupLevel struct {
	style string
	name  string
}

// NewClassifier returns a classifier for one pass over the sheet's rows.
func (t *Table) NewClassifier() *Classifier {
	c := &Classifier{table: t, office: !t.Dialect.program(), status: -1, channel: -1, header: t.HeaderLast}
	for i := range t.Columns {
		col := &t.Columns[i]
		if col.System != "" {
			c.system = append(c.system, col.Index)
		}
		if t.Dialect == Qualtrics && col.System == "status" {
			c.status = col.Index
		}
		if t.Dialect == Qualtrics && col.System == "channel" {
			c.channel = col.Index
		}
	}
	c.sums = newSums(t)
	return c
}

// Class returns what a row is, and for a data row the group that it stands under (groups within groups joined by Separator). Rows must
// come in ascending order, each once.
func (c *Classifier) Class(row *xlsx.Row) (class Class, group string) {
	if len(c.table.downs) > 0 {
		c.takeDowns(row)
	}
	class = c.class(row)
	if c.office {
		switch class {
		case Data:
			c.sums.add(row)
		case Totals:
			if c.sums.totals(row) {
				c.groups = nil // after the grand total a further table may begin
				c.closed = true
			}
		case Percent:
			c.sums.percents(row)
		}
	}
	if class == Data || class == Group {
		group = c.Group()
	}
	return class, group
}

// Group is the group that the next data row stands under.
func (c *Classifier) Group() string {
	names := make([]string, len(c.groups))
	for i, g := range c.groups {
		names[i] = g.name
	}
	return strings.Join(names, Separator)
}

// Groups lists the groups that the next data row stands under, the outermost first.
func (c *Classifier) Groups() []string {
	names := make([]string, len(c.groups))
	for i, g := range c.groups {
		names[i] = g.name
	}
	return names
}

func (c *Classifier) class(row *xlsx.Row) Class {
	t := c.table
	if row.Index <= t.HeaderLast {
		if row.Index >= t.HeaderFirst {
			return Header
		}
		if c.blank(row) {
			return Blank
		}
		return Title
	}
	first, count := c.firstCell(row)
	if first == nil {
		return Blank
	}
	directly := row.Index <= c.header+2
	if directly && c.below(row, count) {
		c.header = row.Index
		return Header
	}
	if directly && count >= 3 && c.numbersColumns(row) {
		c.header = row.Index
		return ColumnNumbers
	}
	if c.repeats(row, first, count) {
		c.header = row.Index
		c.tail, c.closed, c.foreign = false, false, 0
		return Header
	}
	if c.office && c.otherTable(row, count) {
		c.foreign = row.Index
	}
	if c.foreign > 0 {
		c.strange++
		return Signature
	}
	if c.preview(row) {
		return Preview
	}
	if !c.office {
		return c.programRow(row, first)
	}
	return c.officeRow(row, first, count)
}

// blank reports whether no cell of the row has a text.
func (c *Classifier) blank(row *xlsx.Row) bool {
	first, _ := c.firstCell(row)
	return first == nil
}

// firstCell returns the first cell that has a value, and how many have.
func (c *Classifier) firstCell(row *xlsx.Row) (first *xlsx.Cell, count int) {
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Kind == xlsx.Empty || (cell.Kind == xlsx.String && !inked(cell.Text) && c.table.Text(cell) == "") {
			continue
		}
		if first == nil {
			first = cell
		}
		count++
	}
	return first, count
}

// inked reports whether a text holds a printable ASCII character; nearly every text that is not blank does.
func inked(text []byte) bool {
	for _, b := range text {
		if b > ' ' && b < 0x7F {
			return true
		}
	}
	return false
}

// below reports whether the row is one that programs put under the header: HXL tags or ImportIds.
func (c *Classifier) below(row *xlsx.Row, count int) bool {
	tags, ids := 0, 0
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Kind != xlsx.String || len(cell.Text) == 0 {
			continue
		}
		switch cell.Text[0] {
		case '#':
			if words().hxl.Match(cell.Text) {
				tags++
			}
		case '{':
			if isImportID(string(cell.Text)) {
				ids++
			}
		}
	}
	return tags == count || ids == count
}

// numbersColumns reports whether the row numbers the columns.
func (c *Classifier) numbersColumns(row *xlsx.Row) bool {
	var texts []string
	for i := range row.Cells {
		if s := c.table.Text(&row.Cells[i]); s != "" {
			texts = append(texts, s)
		}
	}
	return sequence(len(texts), func(i int) string { return texts[i] })
}

// repeats reports whether the row is one of the header's rows again, as on the next printed page.
func (c *Classifier) repeats(row *xlsx.Row, first *xlsx.Cell, count int) bool {
	if first.Kind != xlsx.String || (count < 2 && row.Index != c.header+1) || len(first.Text) > c.table.longest {
		return false // one cell alone counts only right below another row of the header
	}
	if _, ok := c.headerRow(first); !ok {
		return false
	}
	hits := map[int]int{}
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Kind != xlsx.String || len(cell.Text) > c.table.longest {
			continue
		}
		if at, ok := c.headerRow(cell); ok {
			hits[at]++
		}
	}
	for _, n := range hits {
		if n >= min(2, count) && 5*n >= 4*count {
			return true
		}
	}
	return false
}

// otherTable reports whether the row heads a table with other columns: it has the heading of the running number and is no repeated
// header.
func (c *Classifier) otherTable(row *xlsx.Row, count int) bool {
	if c.table.Number < 0 || count < 2 {
		return false
	}
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Col == c.table.Number {
			return cell.Kind == xlsx.String && len(cell.Text) < 32 && isNumberHeader(c.table.Text(cell))
		}
	}
	return false
}

// headerRow returns the header row that holds the cell's text in its column. Programs write a header once and alike; people also type it
// again, so their texts are compared folded.
func (c *Classifier) headerRow(cell *xlsx.Cell) (int, bool) {
	known := c.table.header[cell.Col]
	if known == nil {
		return 0, false
	}
	if row, ok := known[string(cell.Text)]; ok || !c.office {
		return row, ok
	}
	row, ok := known[vntext.Fold(c.table.Text(cell))]
	return row, ok
}

// preview reports whether Qualtrics marks the row as a try-out.
func (c *Classifier) preview(row *xlsx.Row) bool {
	if c.status < 0 && c.channel < 0 {
		return false
	}
	for i := range row.Cells {
		cell := &row.Cells[i]
		switch cell.Col {
		case c.status:
			switch s := c.table.Text(cell); s {
			case "Survey Preview", "Survey Test", "1", "2":
				return true
			}
		case c.channel:
			if s := c.table.Text(cell); s == "preview" || s == "test" {
				return true
			}
		}
	}
	return false
}

// programRow classes a row of a program's export. Such exports hold answers only; but people add a line of totals below, in which
// none of the program's own columns is filled.
func (c *Classifier) programRow(row *xlsx.Row, first *xlsx.Cell) Class {
	if len(c.system) == 0 || first.Kind != xlsx.String || c.isSystem(first.Col) && c.table.Dialect != GoogleForms {
		return Data
	}
	class := c.derived(first)
	if class == Data {
		return Data
	}
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell != first && cell.Kind != xlsx.Empty && c.isSystem(cell.Col) {
			return Data
		}
	}
	return class
}

func (c *Classifier) isSystem(col int) bool {
	for _, s := range c.system {
		if s == col {
			return true
		}
	}
	return false
}

// derived classes a row by its first text: totals, shares, or Data for neither.
func (c *Classifier) derived(first *xlsx.Cell) Class {
	if first.Kind != xlsx.String || len(first.Text) > 200 || !mayDerive(first.Text[0]) {
		return Data
	}
	s := vntext.FoldASCII(c.table.Text(first))
	switch {
	case words().totals.MatchString(s):
		return Totals
	case words().percent.MatchString(s):
		return Percent
	}
	return Data
}

// mayDerive reports whether a text that begins so can be one of the words of totals and shares: tổng, cộng, toàn, tỷ lệ, phần trăm, …
// The letters are ASCII in every encoding; white space may stand before them.
func mayDerive(b byte) bool {
	switch b | 0x20 {
	case 't', 'c', 's', 'g', 'p', 'b', 'd', 'm', 'a', '%':
		return true
	}
	return b <= ' ' || b >= 0x80
}

// officeRow classes a row of a sheet that people keep.
func (c *Classifier) officeRow(row *xlsx.Row, first *xlsx.Cell, count int) Class {
	number := c.table.Number
	if number >= 0 && first.Col == number && first.Kind == xlsx.Number && !c.tail {
		if count == 1 {
			return Blank // a line that was numbered in advance and not used
		}
		return Data
	}
	left := number
	if left < 0 && len(c.table.Columns) > 0 {
		left = c.table.Columns[0].Index
	}
	if first.Col <= left+2 {
		if class := c.derived(first); class != Data {
			return class
		}
	}
	if c.signs(row, count) {
		c.tail = true
		return Signature
	}
	if c.tail {
		if count >= 3 && (number < 0 || c.numbered(first)) {
			c.tail = false // a further table below the signatures
			return Data
		}
		return Signature
	}
	if count <= 2 && first.Kind == xlsx.String && len(first.Text) < 400 && isTitle(c.table.Text(first)) {
		return Title // the title block of the next printed page
	}
	if level, ok := c.groupRow(row, first, count); ok && (!c.closed || level.style != "text") {
		c.sums.enter(row, c.enter(level), level.name)
		return Group
	}
	if c.closed && number >= 0 && count <= 2 && !c.numbered(first) {
		return Signature // a note below the grand total
	}
	if number >= 0 && first.Col == number && count == 1 && c.numbered(first) {
		return Blank
	}
	return Data
}

// numbered reports whether the cell is a running number.
func (c *Classifier) numbered(first *xlsx.Cell) bool {
	if first.Col != c.table.Number {
		return false
	}
	if first.Kind == xlsx.Number {
		return true
	}
	n, ok := vntext.ParseNumber(strings.TrimRight(c.table.Text(first), ".)"), vntext.DecimalUnknown)
	return ok && !n.Percent
}

// signs reports whether the row opens the signature block: few cells, one of them with the words of such a block.
func (c *Classifier) signs(row *xlsx.Row, count int) bool {
	if count > 4 || 3*count > len(c.table.Columns)+3 {
		return false
	}
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Kind != xlsx.String || len(cell.Text) > 300 {
			continue
		}
		if cell.Col == c.table.Number && c.numbered(cell) {
			return false
		}
	}
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Kind == xlsx.String && len(cell.Text) <= 300 && words().signature.MatchString(vntext.FoldASCII(c.table.Text(cell))) {
			return true
		}
	}
	return false
}

// groupRow reports whether the row heads a group: a Roman number or a capital in place of the running number, or nothing but the name
// of a unit.
func (c *Classifier) groupRow(row *xlsx.Row, first *xlsx.Cell, count int) (groupLevel, bool) {
	t := c.table
	if first.Kind != xlsx.String {
		return groupLevel{}, false
	}
	text := t.Text(first)
	if first.Col == t.Number {
		if words().roman.MatchString(text) {
			name, texts := c.nextText(row, first)
			if name != "" && (texts == 1 && !t.romans || count == 2) {
				return groupLevel{numeralStyle(text), name}, true
			}
			return groupLevel{}, false
		}
		if count > 2 || c.numbered(first) {
			return groupLevel{}, false
		}
	}
	if count > 2 || (count > 1 && !c.onlyNumbersAfter(row, first)) {
		return groupLevel{}, false
	}
	if count > 1 && count == len(t.Columns) {
		return groupLevel{}, false // a full row of a table of two columns: a unit and its answer
	}
	kind, _ := vntext.UnitName(text)
	if kind != "" && first.Col <= t.leftmost()+1 {
		return groupLevel{kind, text}, true
	}
	if first.Col == t.Number && count == 1 && len(t.Columns) > 3 {
		return groupLevel{"text", text}, true
	}
	return groupLevel{}, false
}

func (t *Table) leftmost() int {
	if len(t.Columns) == 0 {
		return 0
	}
	return t.Columns[0].Index
}

// nextText returns the first text behind a cell, and how many texts stand there: numbers beside them are the group's own totals.
func (c *Classifier) nextText(row *xlsx.Row, after *xlsx.Cell) (string, int) {
	name, n := "", 0
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Col <= after.Col || cell.Kind != xlsx.String {
			continue
		}
		s := c.table.Text(cell)
		if s == "" || isNumberText(s) {
			continue
		}
		n++
		if name == "" {
			name = s
		}
	}
	return name, n
}

func (c *Classifier) onlyNumbersAfter(row *xlsx.Row, after *xlsx.Cell) bool {
	_, texts := c.nextText(row, after)
	return texts == 0
}

func numeralStyle(s string) string {
	s = strings.TrimRight(s, ".)")
	// C and D could be either; no list of groups reaches a hundred, so they are letters.
	if len(s) == 1 && s[0] >= 'A' && s[0] <= 'H' {
		return "letter"
	}
	return "roman"
}

// enter opens a group and returns its depth: it replaces the last one of its style and everything below that.
func (c *Classifier) enter(g groupLevel) int {
	for i := range c.groups {
		if c.groups[i].style == g.style {
			c.groups = append(c.groups[:i], g)
			return i
		}
	}
	c.groups = append(c.groups, g)
	return len(c.groups) - 1
}

// Guesses returns what the pass found out beyond the table's own guesses: other tables below it, whose rows are not read.
func (c *Classifier) Guesses() []Guess {
	if c.strange == 0 {
		return nil
	}
	return []Guess{guess("other_table", fmt.Sprint(c.strange), because("row %d heads a table with other columns; its rows are not read",
		"dòng %d mở đầu một bảng có các cột khác; các dòng của bảng này không được đọc", c.foreign))}
}
