package reports

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"hailong/reports/workbook"
)

// page is one sheet in the making.
type page struct {
	*workbook.Sheet
	r        *report
	key      string // its labels: sheet.KEY, about.KEY
	about    string // what it shows, for the contents
	reader   string // whom it is for: leaders, analysts, auditors
	tables   int
	logoCell string
}

// leastText is how wide texts above a narrow table may run, over the empty cells beside it.
const leastText = 110.0

// maxTab is the longest name that Excel allows a sheet, in UTF-16 units.
const maxTab = 31

// heading is what stands above a page's table, in one language.
type heading struct {
	tab, title string
	about      []string
}

// newPage adds an empty sheet with the title, the warning where the data are made up, and what the sheet is about. Texts above a table are broken
// into rows by hand, because a cell that may not be merged cannot wrap over its neighbours; they take as many rows as the longer language
// needs, so that the figures stand in the same cells in both.
func (r *report) newPage(key, reader string, widths []float64, head func(words) heading) *page {
	both := [2]heading{}
	chosen := r.w
	for i, w := range []words{chosen, r.other} {
		r.w = w
		both[i] = head(w)
	}
	r.w = chosen
	h := both[0]
	p := &page{Sheet: &workbook.Sheet{Name: r.tab(h.tab), Widths: widths, Tab: tabOf(reader)}, r: r, key: key, reader: reader}
	if len(h.about) > 0 {
		p.about = h.about[0]
	}
	r.pages = append(r.pages, p)
	if h.title == "" {
		return p
	}
	units := 0.0
	for _, width := range widths {
		units += width
	}
	units = max(units, leastText)
	p.sayBoth(h.title, both[1].title, units, titleStyle())
	if r.set.Synthetic {
		p.sayBoth(r.w.t("synthetic.long"), r.other.t("synthetic.long"), units, alarmStyle())
	}
	for i, line := range h.about {
		p.sayBoth(line, both[1].about[i], units, noteStyle())
	}
	return p
}

// sayBoth says words in as many rows as the longer of words and other takes.
func (p *page) sayBoth(words, other string, units float64, style workbook.Style) {
	if words == "" {
		return
	}
	id := p.r.book.Style(style)
	for _, line := range p.r.ruler.linesBoth(words, other, units, style.Size, style.Bold) {
		c := text(line)
		c.Style = id
		p.row(height(1, style.Size), c)
	}
}

func tabOf(reader string) string {
	switch reader {
	case "leaders":
		return tabLeaders
	case "auditors":
		return tabPapers
	default:
		return tabResults
	}
}

// tab is a name that Excel takes for a sheet and that no other sheet has.
func (r *report) tab(name string) string {
	name = strings.Map(func(c rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, c) || unicode.IsControl(c) {
			return '-'
		}
		return c
	}, strings.TrimSpace(norm.NFC.String(name)))
	cut := func(name string, most int) string {
		for len(utf16.Encode([]rune(name))) > most {
			runes := []rune(name)
			name = strings.TrimSpace(string(runes[:len(runes)-1]))
		}
		return name
	}
	name = cut(name, maxTab)
	taken := func(name string) bool {
		for _, p := range r.pages {
			if strings.EqualFold(p.Name, name) {
				return true
			}
		}
		return false
	}
	for i, base := 2, name; taken(name) || name == ""; i++ {
		mark := fmt.Sprintf(" %d", i)
		name = cut(base, maxTab-len(mark)) + mark
	}
	return name
}

// find is the page made under key, or nil.
func (r *report) find(key string) *page {
	for _, p := range r.pages {
		if p.key == key {
			return p
		}
	}
	return nil
}

// row adds one row.
func (p *page) row(tall float64, cells ...cell) int {
	p.Rows = append(p.Rows, workbook.Row{Height: tall, Cells: cells})
	return len(p.Rows)
}

// say adds text in as many rows as it needs at that width.
func (p *page) say(words string, units float64, style workbook.Style) {
	size := style.Size
	if size == 0 {
		size = bodySize
	}
	for _, line := range p.r.ruler.lines(words, units, size, style.Bold) {
		c := text(line)
		c.Style = p.r.book.Style(style)
		p.row(height(1, size), c)
	}
}

// back adds the row that leads to the contents.
func (p *page) back() {
	contents := p.r.find("contents")
	if contents == nil || contents == p {
		return
	}
	link := linked(p.r.w.t("link.contents"), contents.Name, "A1", p.r.w.t("link.contents.tip"))
	link.Style = p.r.book.Style(linkStyle())
	p.row(height(1, noteSize), link)
}

// define gives a cell a name that formulas and readers use.
func (p *page) define(name string, row, column int) {
	p.r.book.Names = append(p.r.book.Names, workbook.Name{Name: name, Sheet: p.Name, Range: workbook.CellName(row, column)})
}

// finish sets header and footer.
func (p *page) finish() {
	w := p.r.w
	left := w.t("print.draft")
	if p.r.o.Status == "official" {
		left = ""
	}
	if p.r.set.Synthetic {
		left = w.t("synthetic.short")
	}
	number := "&C&12&P"
	if p.key == "cover" {
		number = "" // NĐ 30: no number on the first page
	}
	p.Print.Header = "&L&\"Times New Roman,Bold\"&10" + ampersand(left) + number + "&R&10&A"
	p.Print.Footer = "&L&9" + ampersand(p.r.run()) + "&C&9" + w.t("print.page") + "&R&9&F"
}

func ampersand(s string) string { return strings.ReplaceAll(s, "&", "&&") }

// column is one column of a table.
type column struct {
	key    string // what formulas call it
	head   string
	width  float64
	format string // number format; empty: words
	center bool
	code   bool // digits that are no number
}

// tone is how a table row looks.
type tone uint8

const (
	plain tone = iota
	strong
	total
)

// table is a ListObject in the making.
type table struct {
	p       *page
	name    string
	columns []column
	first   int // the header's row
	looks   map[lookKey]workbook.StyleID
}

type lookKey struct {
	column int
	tone   tone
	indent int
	input  bool
	format string // instead of the column's own
	words  bool   // a text in a column of numbers, too long for one line
}

// widths are the widths of columns.
func widths(columns []column) []float64 {
	var list []float64
	for _, c := range columns {
		list = append(list, c.width)
	}
	return list
}

// newTable adds the header row of a table under what the page has so far, and freezes it.
func (p *page) newTable(name string, columns []column, frozen int) *table {
	p.back()
	t := &table{p: p, name: name, columns: columns, looks: map[lookKey]workbook.StyleID{}}
	style := p.r.book.Style(headerStyle())
	lines := 1
	var cells []cell
	taken := map[string]bool{}
	for _, c := range columns {
		head := text(header(c.head, taken))
		head.Style = style
		cells = append(cells, head)
		// Two units stay free for the filter button.
		lines = max(lines, p.r.ruler.count(head.Text, c.width-2, bodySize, true))
	}
	t.first = p.row(height(lines, bodySize), cells...)
	p.Freeze = workbook.CellName(t.first+1, frozen+1)
	p.Print.TitleFrom, p.Print.TitleTo = t.first, t.first
	p.tables++
	return t
}

// header is a table header that Excel takes: one line, no control characters, not too long, and no other of the table's headers, whose case and outer spaces do not count.
func header(words string, taken map[string]bool) string {
	const most = 200
	name := strings.Join(strings.FieldsFunc(words, func(c rune) bool { return unicode.IsControl(c) || unicode.IsSpace(c) }), " ")
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most])
	}
	if name == "" {
		name = markNone
	}
	base := name
	for i := 2; taken[strings.ToLower(name)]; i++ {
		name = fmt.Sprintf("%s (%d)", base, i)
	}
	taken[strings.ToLower(name)] = true
	return name
}

// next is the row that add will fill.
func (t *table) next() int { return len(t.p.Rows) + 1 }

// at is the reference of the column called key in the row that add will fill.
func (t *table) at(key string) string { return t.in(key, t.next()) }

func (t *table) in(key string, row int) string { return workbook.CellName(row, t.index(key)) }

func (t *table) index(key string) int {
	for i, c := range t.columns {
		if c.key == key {
			return i + 1
		}
	}
	return 1
}

// over is the range of the column called key over all rows of the table so far.
func (t *table) over(key string) string { return t.between(key, t.first+1, len(t.p.Rows)) }

func (t *table) between(key string, from, to int) string {
	return t.in(key, from) + ":" + t.in(key, to)
}

// as gives a cell the look of the column called key, but with another number format, or the look of an input.
func (t *table) as(c cell, key string, tone tone, format string, input bool) cell {
	c.Style = t.look(lookKey{column: t.index(key) - 1, tone: tone, input: input, format: format, words: c.Kind == workbook.Text})
	return c
}

func (t *table) look(key lookKey) workbook.StyleID {
	if id, ok := t.looks[key]; ok {
		return id
	}
	c, tone, input := t.columns[key.column], key.tone, key.input
	if key.format != "" {
		c.format = key.format
	}
	style := workbook.Style{Border: true, Format: c.format, Wrap: c.format == "", Align: workbook.Left, Indent: key.indent + t.gap(key.column)}
	if c.format != "" {
		style.Align = workbook.Right
	}
	if c.center {
		style.Align, style.Indent = workbook.Center, 0
	}
	style.Wrap = style.Wrap || key.words
	switch tone {
	case strong:
		style.Bold, style.Fill = true, fillTop
	case total:
		style.Bold, style.Fill = true, fillTile
	}
	if input {
		style.Fill, style.Color, style.Bold, style.Unlock = fillInput, inkInput, true, true
	}
	id := t.p.r.book.Style(style)
	t.looks[key] = id
	return id
}

// gap is the indent that keeps words from touching the number at their left.
func (t *table) gap(i int) int {
	if i > 0 && t.columns[i].format == "" && t.columns[i-1].format != "" && !t.columns[i-1].center && !t.columns[i].center {
		return 1
	}
	return 0
}

// add adds a row; indent moves the named column's text to the right.
func (t *table) add(tone tone, cells ...cell) int {
	return t.addIndented(tone, "", 0, cells...)
}

func (t *table) addIndented(tone tone, indented string, indent int, cells ...cell) int {
	lines := 1
	for i := range cells {
		c := t.columns[i]
		by := 0
		if c.key == indented {
			by = indent
		}
		words := cells[i].Kind == workbook.Text
		if cells[i].Style == 0 {
			long := words && c.format != "" && t.p.r.ruler.count(cells[i].Text, c.width, bodySize, true) > 1
			cells[i].Style = t.look(lookKey{column: i, tone: tone, indent: by, words: long})
		}
		if words {
			lines = max(lines, t.p.r.ruler.count(cells[i].Text, c.width-float64(by+t.gap(i))*1.5, bodySize, tone != plain))
		}
	}
	return t.p.row(min(height(lines, bodySize), maxHeight), cells...)
}

// maxHeight is Excel's tallest row, in points.
const maxHeight = 409

// close ends the table. A table without rows gets one that says so.
func (t *table) close(alt string) {
	if len(t.p.Rows) == t.first {
		cells := []cell{text(t.p.r.w.t("table.empty"))}
		for range t.columns[1:] {
			cells = append(cells, text(markNone))
		}
		t.add(plain, cells...)
	}
	t.closeAfter(0, alt)
}

// closeAfter ends a table to which so many more rows come while the file is written.
func (t *table) closeAfter(more int, alt string) {
	last := len(t.p.Rows) + more
	t.p.Tables = append(t.p.Tables, workbook.Table{Name: t.name, Range: workbook.CellName(t.first, 1) + ":" + workbook.CellName(last, len(t.columns)), Alt: alt})
	for _, c := range t.columns {
		if c.code {
			t.p.Ignored = append(t.p.Ignored, t.between(c.key, t.first+1, last))
		}
	}
}

// verdicts colours the cells of the column called key by the verdict in them.
func (t *table) verdicts(key string) { t.p.verdicts(t.over(key), t.in(key, t.first+1)) }

// verdicts colours a range by the verdict in the cell first of each row: first is relative to the range's own first row.
func (p *page) verdicts(over, first string) {
	is := func(name string) string { return first + "=" + name }
	p.Rules = append(p.Rules, workbook.Rule{Range: over, Cases: []workbook.Case{
		{Formula: is(nameMet), Style: workbook.Style{Fill: fillMet, Color: inkMet, Bold: true}},
		{Formula: "OR(" + is(nameMetUnsure) + "," + is(nameMissedUnsure) + ")", Style: workbook.Style{Fill: fillUnclear, Color: inkUnclear, Bold: true}},
		{Formula: is(nameMissed), Style: workbook.Style{Fill: fillMissed, Color: inkMissed, Bold: true}},
		{Formula: is(nameUnpublished), Style: workbook.Style{Fill: fillOpen, Color: inkOpen}},
	}})
}
