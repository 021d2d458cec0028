package lint

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// What Excel refuses or repairs when it opens a file although the schema allows it.
const (
	longestCell    = 32767 // of a text, in UTF-16 units
	longestFormula = 8192
	longestLiteral = 255 // of a text within a formula
	longestTip     = 255
	longestHeader  = 255 // of a page's header or footer, its codes counted
	mostLinks      = 65530
	mostStyles     = 65490
	mostFormats    = 200 // number formats of the file's own
	lastRow        = 1048576
	lastColumn     = 16384
)

// pack holds the file to what ties its parts together.
func (c *checker) pack() {
	var types struct {
		Defaults []struct {
			Extension string `xml:"Extension,attr"`
		} `xml:"Default"`
		Overrides []struct {
			Part string `xml:"PartName,attr"`
		} `xml:"Override"`
	}
	if err := c.file.decode("[Content_Types].xml", &types); err != nil {
		c.fault("[Content_Types].xml", "package", "%v", err)
	}
	typed := map[string]bool{}
	for _, o := range types.Overrides {
		if typed[strings.ToLower(o.Part)] {
			c.fault(o.Part, "package", "two content types")
		}
		typed[strings.ToLower(o.Part)] = true
		if _, ok := c.file.parts[strings.TrimPrefix(o.Part, "/")]; !ok {
			c.fault(o.Part, "package", "a content type for a part that is not there")
		}
	}
	for _, name := range c.file.partNames() {
		extension := strings.TrimPrefix(path.Ext(name), ".")
		known := typed[strings.ToLower("/"+name)]
		for _, d := range types.Defaults {
			// xml as such says nothing of what the part is.
			known = known || strings.EqualFold(d.Extension, extension) && !strings.EqualFold(extension, "xml")
		}
		if !known && name != "[Content_Types].xml" {
			c.fault(name, "package", "no content type")
		}
		c.related(name)
	}
	c.related("") // the package's own
	if _, ok := c.file.parts["xl/calcChain.xml"]; ok {
		c.fault("xl/calcChain.xml", "package", "an order of calculation that may not fit the formulas")
	}
}

// related follows the relations of a part.
func (c *checker) related(name string) {
	targets, err := c.file.relations(name)
	if err != nil {
		c.fault(name, "package", "%v", err)
	}
	for id, target := range targets {
		if _, ok := c.file.parts[target]; !ok {
			c.fault(name, "package", "relation %s leads to %s, which is not there", id, target)
		}
	}
	content := string(c.file.parts[name])
	for _, m := range relationUsed.FindAllStringSubmatch(content, -1) {
		if strings.HasPrefix(name, "xl/worksheets/sheet") && targets[m[1]] == "" && !strings.Contains(string(c.file.parts[relationsOf(name)]), `Id="`+m[1]+`"`) {
			c.fault(name, "package", "uses relation %s, which it does not have", m[1])
		}
	}
}

var relationUsed = regexp.MustCompile(`r:id="([^"]+)"`)

// styles holds the looks to Excel's limits.
func (c *checker) styles() {
	var list struct {
		Formats []struct {
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Looks []struct{} `xml:"cellXfs>xf"`
		Rules []struct{} `xml:"dxfs>dxf"`
	}
	if err := c.file.decode("xl/styles.xml", &list); err != nil {
		c.fault("xl/styles.xml", "package", "%v", err)
		return
	}
	c.looks, c.ruleLooks = len(list.Looks), len(list.Rules)
	if c.looks > mostStyles || len(list.Formats) > mostFormats {
		c.fault("xl/styles.xml", "limits", "%d styles and %d number formats", c.looks, len(list.Formats))
	}
	for _, f := range list.Formats {
		if bareDecimal.MatchString(quoted.ReplaceAllString(f.Code, "")) {
			c.fault(f.Code, "number format", "shows whole numbers with a bare decimal mark")
		}
	}
}

var bareDecimal = regexp.MustCompile(`[0#]\.#`)

// nameRules: a name that could be a cell, is too long, or is also a table's or another name of the same scope.
func (c *checker) nameRules(tables map[string]bool) {
	c.sheet = nil
	taken := map[string]bool{}
	for _, n := range c.file.Names {
		scope := -1
		if n.Local != nil {
			scope = *n.Local
		}
		key := fmt.Sprint(scope, " ", strings.ToLower(n.Name))
		switch {
		case cellLike.MatchString(n.Name) || len(n.Name) > 255:
			c.fault(n.Name, "names", "Excel takes it for a cell, or it is too long")
		case tables[strings.ToLower(n.Name)]:
			c.fault(n.Name, "names", "a table has the same name")
		case taken[key]:
			c.fault(n.Name, "names", "defined twice")
		}
		taken[key] = true
	}
}

var cellLike = regexp.MustCompile(`(?i)^([a-z]{1,3}[0-9]+|r[0-9]*c?[0-9]*|c[0-9]*)$`)

// limits are those of one sheet.
func (c *checker) limits() {
	s := c.sheet
	if name := s.Name; strings.HasPrefix(name, "'") || strings.HasSuffix(name, "'") || strings.EqualFold(name, "History") || strings.ContainsAny(name, `[]:*?/\`) {
		c.fault("", "sheet name", "%q is a name that Excel refuses", name)
	}
	for _, text := range []string{s.xml.Head.Header, s.xml.Head.Footer} {
		if units(text) > longestHeader {
			c.fault("", "limits", "a header or footer of %d characters", units(text))
		}
	}
	if len(s.xml.Links) > mostLinks {
		c.fault("", "limits", "%d links", len(s.xml.Links))
	}
	for _, link := range s.xml.Links {
		if units(link.Tip) > longestTip || units(link.Location) > longestTip {
			c.fault(link.Cell, "limits", "a link or its tip of more than %d characters", longestTip)
		}
	}
	row, column := 0, 0
	for _, name := range s.Order {
		x, y := place(name)
		if y < row || y == row && x <= column || y > lastRow || x > lastColumn {
			c.fault(name, "limits", "out of order, or beyond the last cell")
		}
		row, column = y, x
		cell := s.Cells[name]
		if units(cell.Value) > longestCell || len(cell.Formula) > longestFormula {
			c.fault(name, "limits", "a text or formula longer than a cell holds")
		}
		if strings.HasPrefix(cell.Formula, "=") {
			c.fault(name, "limits", "the formula begins with =")
		}
		for _, literal := range quoted.FindAllString(cell.Formula, -1) {
			if units(literal)-2 > longestLiteral {
				c.fault(name, "limits", "a text of %d characters in a formula", units(literal)-2)
			}
		}
		if cell.Look >= c.looks {
			c.fault(name, "limits", "style %d of %d", cell.Look, c.looks)
		}
	}
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// ruleNumbers: the rules of a sheet have numbers of their own, looks that exist and, for data bars, their partner in the extension.
func (c *checker) ruleNumbers() {
	taken := map[int]bool{}
	for _, format := range c.sheet.xml.Formats {
		for _, rule := range format.Rules {
			if rule.Priority < 1 || taken[rule.Priority] {
				c.fault(format.Range, "conditional formats", "priority %d is used twice", rule.Priority)
			}
			taken[rule.Priority] = true
			if rule.Look != nil && (*rule.Look < 0 || *rule.Look >= c.ruleLooks) {
				c.fault(format.Range, "conditional formats", "look %d of %d", *rule.Look, c.ruleLooks)
			}
		}
	}
	partners := barHere.FindAllStringSubmatch(c.sheet.source, -1)
	there := barThere.FindAllStringSubmatch(c.sheet.source, -1)
	ids := map[string]int{}
	for _, m := range partners {
		ids[m[1]]++
	}
	for _, m := range there {
		ids[m[1]] += 100
	}
	for id, seen := range ids {
		if seen != 101 {
			c.fault(id, "conditional formats", "a data bar and its extension do not pair")
		}
	}
}

var (
	barHere  = regexp.MustCompile(`<x14:id[^>]*>([^<]+)</x14:id>`)
	barThere = regexp.MustCompile(`<x14:cfRule [^>]*id="([^"]+)"`)
)

// tableParts: ids, counts and filters of tables are Excel's own bookkeeping and must fit.
func (c *checker) tableParts(ids map[int]bool) {
	for _, t := range c.sheet.Tables {
		a := areaOf(t.Ref)
		if a.bottom <= a.top {
			c.fault(t.Ref, "table rows", "%s has no row under its header", t.Name)
		}
		if ids[t.ID] {
			c.fault(t.Ref, "table name", "two tables have the id %d", t.ID)
		}
		ids[t.ID] = true
		if t.Count != len(t.Columns) || t.Filter != "" && t.Filter != t.Ref {
			c.fault(t.Ref, "table header", "%s says that it has %d columns and a filter over %s", t.Name, t.Count, t.Filter)
		}
		seen := map[int]bool{}
		for i, column := range t.Columns {
			if seen[column.ID] || column.ID < 1 {
				c.fault(t.Ref, "table header", "column %d has the id %d", i+1, column.ID)
			}
			seen[column.ID] = true
			if kind := c.sheet.Cells[cellAt(a.top, a.left+i)].Kind; kind != "s" && kind != "inlineStr" {
				c.fault(cellAt(a.top, a.left+i), "table header", "the header is no text")
			}
		}
	}
}

// anchors: a drawn object ends in another cell than it begins, and no offset reaches out of its cell: Excel cuts it there.
func (c *checker) anchors() {
	ids := map[int]bool{}
	for _, a := range c.sheet.Anchors {
		if ids[a.ID] {
			c.fault(a.Name, "anchor", "two objects have the id %d", a.ID)
		}
		ids[a.ID] = true
		if a.To == nil {
			continue
		}
		if a.To.Column < a.From.Column || a.To.Row < a.From.Row || a.To.Column == a.From.Column && a.To.Row == a.From.Row {
			c.fault(a.Name, "anchor", "it ends in the cell in which it begins, or before")
		}
		for _, end := range []corner{a.From, *a.To} {
			if end.ColumnOffset > c.sheet.widest(end.Column+1) || end.RowOffset > c.sheet.tallest(end.Row+1) {
				c.fault(a.Name, "anchor", "an offset reaches out of its cell: Excel draws the object smaller")
			}
		}
	}
}

const (
	emuPerPixel = 9525
	emuPerPoint = 12700
)

// widest is the most that a column can be wide, in EMU: eight pixels for a digit of Times New Roman 12, and the padding.
func (s *Sheet) widest(column int) int {
	const digit, padding, usual = 8, 6, 9.0
	width := usual
	for _, c := range s.xml.Columns {
		if c.From <= column && column <= c.To && c.Width > 0 {
			width = c.Width
		}
	}
	return int(width*digit+padding) * emuPerPixel
}

func (s *Sheet) tallest(row int) int {
	const usual = 16.0
	for _, r := range s.xml.Rows {
		if r.Number == fmt.Sprint(row) && r.Height > 0 {
			return int(r.Height * emuPerPoint)
		}
	}
	return int(usual * emuPerPoint)
}

// partNames are the parts in order.
func (f *File) partNames() []string {
	names := make([]string, 0, len(f.parts))
	for name := range f.parts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// corner is one end of an anchor, columns and rows from 0, offsets in EMU.
type corner struct {
	Column       int `xml:"col"`
	ColumnOffset int `xml:"colOff"`
	Row          int `xml:"row"`
	RowOffset    int `xml:"rowOff"`
}

// Anchor says where a drawn object lies; To is nil for one that has a size of its own.
type Anchor struct {
	ID   int
	Name string
	From corner
	To   *corner
}
