package lint

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// Fault is one thing wrong.
type Fault struct {
	Sheet string
	Where string
	Rule  string
	Text  string
}

func (f Fault) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s: %s", f.Sheet, f.Where, f.Rule, f.Text))
}

// Check holds a workbook against every rule. The faults come in the order of sheets and rules.
func Check(f *File) []Fault {
	c := checker{file: f, sheets: map[string]*Sheet{}, names: map[string]bool{}}
	for _, s := range f.Sheets {
		c.sheets[strings.ToLower(s.Name)] = s
	}
	for _, n := range f.Names {
		c.names[strings.ToLower(n.Name)] = true
	}
	c.document()
	c.pack()
	c.styles()
	tables, ids := map[string]bool{}, map[int]bool{}
	for _, s := range f.Sheets {
		c.sheet = s
		c.name()
		c.title()
		c.cells()
		c.structure()
		c.limits()
		c.ruleNumbers()
		c.tables(tables)
		c.tableParts(ids)
		c.anchors()
		c.links()
		c.drawings()
		c.print()
	}
	c.nameRules(tables)
	return c.faults
}

type checker struct {
	file   *File
	sheets map[string]*Sheet
	names  map[string]bool
	sheet  *Sheet
	faults []Fault

	looks, ruleLooks int // how many styles cells and rules can point at
}

func (c *checker) fault(where, rule, format string, args ...any) {
	name := ""
	if c.sheet != nil {
		name = c.sheet.Name
	}
	c.faults = append(c.faults, Fault{name, where, rule, fmt.Sprintf(format, args...)})
}

func (c *checker) document() {
	for _, p := range [][2]string{{"title", c.file.Core.Title}, {"creator", c.file.Core.Creator}, {"language", c.file.Core.Language}} {
		if p[1] == "" {
			c.fault("", "properties", "no document %s", p[0])
		}
	}
	for _, n := range c.file.Names {
		if strings.Contains(n.Refer, "#REF!") {
			c.fault(n.Name, "names", "refers to nothing")
		}
		if sheet, ok := sheetOf(n.Refer); ok && c.sheets[strings.ToLower(sheet)] == nil {
			c.fault(n.Name, "names", "refers to the missing sheet %q", sheet)
		}
		if !ascii.MatchString(n.Name) {
			c.fault(n.Name, "names", "not ASCII: cannot be typed on every keyboard")
		}
	}
}

const longestName = 31 // of a sheet, in UTF-16 units

var ascii = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)

func (c *checker) name() {
	name := c.sheet.Name
	if n := len(utf16.Encode([]rune(name))); n > longestName {
		c.fault("", "sheet name", "%d characters, Excel takes %d", n, longestName)
	}
	if !norm.NFC.IsNormalString(name) {
		c.fault("", "nfc", "the sheet's name is not NFC")
	}
	if c.sheets[strings.ToLower(name)] != c.sheet {
		c.fault("", "sheet name", "two sheets have this name")
	}
	if c.sheet.State != "" && c.sheet.State != "visible" {
		c.fault("", "hidden", "the sheet is hidden")
	}
}

// title: the first row says what the sheet is.
func (c *checker) title() {
	for _, name := range c.sheet.Order {
		if _, row := place(name); row == 1 && c.sheet.Cells[name].Kind == "s" && c.sheet.Cells[name].Value != "" {
			return
		}
	}
	c.fault("A1", "title", "no title in the first row")
}

var (
	excelError = regexp.MustCompile(`^#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)`)
	function   = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.]*)\(`)
	word       = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_.]*`)
	quoted     = regexp.MustCompile(`"[^"]*"`)
	cellName   = regexp.MustCompile(`^[A-Z]{1,3}[0-9]+$`)
)

// allowed are the functions that Excel 2010 on, LibreOffice and the rest compute alike in every locale. TEXT is not one of them: its formats are the reader's.
func allowed(name string) bool {
	return slices.Contains([]string{"IF", "SUM", "COUNTIF", "MEDIAN", "ABS", "ROUND", "FIXED", "INDEX", "MATCH", "SUBSTITUTE", "OR", "AND", "ROWS", "LEFT", "ISNUMBER"}, name)
}

func (c *checker) cells() {
	for _, name := range c.sheet.Order {
		cell := c.sheet.Cells[name]
		if cell.Kind == "e" || excelError.MatchString(cell.Value) {
			c.fault(name, "error value", "%s", cell.Value)
		}
		if cell.Kind != "s" && cell.Kind != "str" && cell.Value != "" {
			if _, err := strconv.ParseFloat(cell.Value, 64); err != nil && cell.Kind == "" {
				c.fault(name, "number", "%q is no number", cell.Value)
			}
		}
		if !norm.NFC.IsNormalString(cell.Value) {
			c.fault(name, "nfc", "the text is not NFC")
		}
		if cell.Formula != "" {
			c.formula(name, cell)
		}
	}
}

func (c *checker) formula(name string, cell Cell) {
	if cell.NoCache {
		c.fault(name, "cached value", "the formula %s has no value: previewers show nothing", cell.Formula)
	}
	bare := strings.ReplaceAll(quoted.ReplaceAllString(cell.Formula, ""), "$", "")
	for _, m := range function.FindAllStringSubmatch(bare, -1) {
		if !allowed(m[1]) {
			c.fault(name, "function", "%s is not one of the functions that every program computes alike", m[1])
		}
	}
	bare = function.ReplaceAllString(bare, "(")
	for _, w := range word.FindAllString(bare, -1) {
		if w == "TRUE" || w == "FALSE" || cellName.MatchString(w) || c.names[strings.ToLower(w)] {
			continue
		}
		c.fault(name, "names", "the formula uses %s, which is not defined", w)
	}
}

func (c *checker) structure() {
	for _, m := range c.sheet.xml.Merges {
		c.fault(m.Ref, "merged", "merged cells cannot be sorted, filtered or read out")
	}
	for _, row := range c.sheet.xml.Rows {
		if row.Hidden == "1" || row.Hidden == "true" {
			c.fault(row.Number, "hidden", "a hidden row")
		}
	}
	for _, column := range c.sheet.xml.Columns {
		if column.Hidden == "1" || column.Hidden == "true" {
			c.fault(column.Min, "hidden", "a hidden column")
		}
	}
	var taken []area
	for _, format := range c.sheet.xml.Formats {
		for _, ref := range strings.Fields(format.Range) {
			a := areaOf(ref)
			for _, b := range taken {
				if a.overlaps(b) {
					c.fault(ref, "conditional formats", "overlap those of %s: LibreOffice applies only one", b)
				}
			}
			taken = append(taken, a)
		}
	}
}

var defaultHeader = regexp.MustCompile(`^Column[0-9]+$`)

func (c *checker) tables(taken map[string]bool) {
	slices.SortFunc(c.sheet.Tables, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) })
	for i, t := range c.sheet.Tables {
		if !ascii.MatchString(t.Name) {
			c.fault(t.Ref, "table name", "%q is not ASCII", t.Name)
		}
		if taken[strings.ToLower(t.Name)] {
			c.fault(t.Ref, "table name", "%q is used twice", t.Name)
		}
		taken[strings.ToLower(t.Name)] = true
		a := areaOf(t.Ref)
		for _, other := range c.sheet.Tables[:i] {
			if a.overlaps(areaOf(other.Ref)) {
				c.fault(t.Ref, "table overlap", "%s lies over %s", t.Name, other.Name)
			}
		}
		c.headers(t, a)
		c.holes(a)
	}
}

func (c *checker) headers(t Table, a area) {
	seen := map[string]bool{}
	if len(t.Columns) != a.right-a.left+1 {
		c.fault(t.Ref, "table header", "%d columns over %d of the sheet", len(t.Columns), a.right-a.left+1)
	}
	for i, column := range t.Columns {
		where := cellAt(a.top, a.left+i)
		if shown := c.sheet.Cells[where].Value; shown != column.Name {
			c.fault(where, "table header", "the cell says %q, the table %q", shown, column.Name)
		}
		key := strings.ToLower(strings.TrimSpace(column.Name))
		if key == "" || defaultHeader.MatchString(column.Name) {
			c.fault(where, "table header", "no name of its own: %q", column.Name)
		}
		if seen[key] {
			c.fault(where, "table header", "%q is used twice", column.Name)
		}
		seen[key] = true
	}
}

// holes: a table has no empty cell; what is not there has a mark that says why.
func (c *checker) holes(a area) {
	for row := a.top; row <= a.bottom; row++ {
		for column := a.left; column <= a.right; column++ {
			name := cellAt(row, column)
			if cell, ok := c.sheet.Cells[name]; !ok || cell.Empty || cell.Value == "" {
				c.fault(name, "empty cell", "in a table, without a mark")
			}
		}
	}
}

func (c *checker) links() {
	for _, link := range c.sheet.xml.Links {
		if link.Location == "" {
			continue
		}
		sheet, ok := sheetOf(link.Location)
		if !ok || c.sheets[strings.ToLower(sheet)] == nil {
			c.fault(link.Cell, "dead link", "to %s", link.Location)
		}
	}
}

func (c *checker) drawings() {
	for _, alt := range c.sheet.Alts {
		if strings.TrimSpace(alt.Text) == "" {
			c.fault(alt.Name, "alternative text", "none")
		}
	}
	for _, chart := range c.sheet.Charts {
		if len(chart.Refs) == 0 {
			c.fault(chart.Part, "chart", "nothing referred to")
		}
		for _, ref := range chart.Refs {
			if !ref.Cached {
				c.fault(chart.Part, "chart", "%s has no values beside it", ref.Formula)
			}
			if sheet, ok := sheetOf(ref.Formula); !ok || c.sheets[strings.ToLower(sheet)] == nil {
				c.fault(chart.Part, "chart", "%s refers to a missing sheet", ref.Formula)
			}
		}
	}
}

const (
	a4       = "9"
	longPage = 25 // rows: more run over a page and need their headers again
)

func (c *checker) print() {
	if c.sheet.xml.Page.Paper != a4 {
		c.fault("", "print", "the paper is not A4")
	}
	if c.sheet.xml.Page.Orientation == "" {
		c.fault("", "print", "no orientation")
	}
	if on := c.sheet.xml.Properties.Fit.On; on != "1" && on != "true" {
		c.fault("", "print", "not fitted to the page's width")
	}
	if !strings.Contains(c.sheet.xml.Head.Header, "&P") && !strings.Contains(c.sheet.xml.Head.Footer, "&P") {
		c.fault("", "print", "no page numbers")
	}
	long := slices.ContainsFunc(c.sheet.Tables, func(t Table) bool { a := areaOf(t.Ref); return a.bottom-a.top > longPage })
	index := slices.Index(c.file.Sheets, c.sheet)
	repeated := slices.ContainsFunc(c.file.Names, func(n Name) bool { return n.Name == "_xlnm.Print_Titles" && n.Local != nil && *n.Local == index })
	if long && !repeated {
		c.fault("", "print", "a long table without repeated headers")
	}
}
