package layout

import (
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// Separator stands between the parts of a flattened header.
const Separator = " › "

// A Table is where the answers of a sheet are and what its columns are called.
type Table struct {
	Sheet       string
	Dialect     Dialect
	HeaderFirst int // rows as Excel numbers them; 0 and 0 where the sheet has no header
	HeaderLast  int
	Columns     []Column // by ascending index
	TitleText   []string // the texts above the header, cleaned, in reading order
	Ticks       []TickGroup
	Aggregate   *Aggregate // set where rows are criteria and cells are counts, not forms
	Number      int        // sheet column of the running number (STT), or -1
	Parent      string     // a repeat group: the name of the table that its rows belong to
	Guesses     []Guess

	keys       map[string]bool // of ODK's first rows
	parentKeys []string        // and what they name as their parents

	fonts    fontNames
	question func(*Column) string          // see SheetInfo
	parted   func(string) (string, string) // see SheetInfo.Choice
	header   map[int]map[string]int        // header texts by column, as they stand and folded, with their rows: to know repeated headers
	longest  int                           // bytes that a header text may have, in any encoding
	columnAt []int                         // the position in Columns of a sheet column, or -1
	pinned   vntext.Encoding               // "" unless the plan pins it
	romans   bool                          // rows numbered I, II, III are data: no row has a plain number
	downs    []down                        // ranges of the data that are merged downwards, by their first row
}

// A Column is one column of a table.
type Column struct {
	Index    int      // 0 = A
	Cell     string   // where its lowest header text stands: "F8"
	Path     []string // header texts from the top, as shown; empty for a blank header
	Header   string   // the path joined by Separator
	Name     string   // Code or else Header, made unique in the table: q1, q1_2; "column F" for a blank one
	Code     string   // the export's own name of the question, where it has one beside the text: Q2_1, Q02[SQ001]
	Label    string   // the question's text, where the export gives both
	System   string   // what the export's own column holds: id, uuid, start, end, submitted, index, parent_table, …
	Lent     bool     // of a joined column: not the row's own, for conditions only
	Remark   bool     // free text or points beside a question's answer: not an answer itself
	Encoding vntext.Encoding
	Evidence string // why Encoding is not Unicode
	Before   string // a sample as stored and as decoded, where Encoding is not Unicode
	After    string

	place      int                                 // of a choice's column whose cells hold its place among the choices: that place
	choice     string                              // the choice that the column stands for, where the export says so beside the header
	byFont     map[vntext.Encoding]vntext.Encoding // what a cell in such a font is really in
	evidenceVI string
	sheet      string // of a joined column: the sheet that it is from, and its index there
	index      int
	plain      vntext.Encoding // the same for ordinary fonts
}

// At returns the column at a sheet index, or nil.
func (t *Table) At(index int) *Column {
	if index < 0 || index >= len(t.columnAt) || t.columnAt[index] < 0 {
		return nil
	}
	return &t.Columns[t.columnAt[index]]
}

// Text returns a cell's text as it may be shown: decoded from the column's encoding, NFC, without invisible characters, trimmed.
// A number's text is its digits as stored, a boolean's TRUE or FALSE; an error and an empty cell have none.
func (t *Table) Text(c *xlsx.Cell) string {
	switch c.Kind {
	case xlsx.String:
		e := t.encodingOf(c)
		if e == vntext.Unicode {
			return vntext.Clean(string(c.Text))
		}
		return vntext.Clean(vntext.Decode(e, string(c.Text)))
	case xlsx.Number:
		return string(c.Text)
	case xlsx.Bool:
		if c.Num != 0 {
			return "TRUE"
		}
		return "FALSE"
	}
	return ""
}

// EncodingOf says in which encoding a cell's text is.
func (t *Table) EncodingOf(c *xlsx.Cell) vntext.Encoding { return t.encodingOf(c) }

func (t *Table) encodingOf(c *xlsx.Cell) vntext.Encoding {
	if t.pinned != "" {
		return t.pinned
	}
	byFont := t.fonts.encoding(c.Style)
	col := t.At(c.Col)
	if col == nil {
		return byFont
	}
	if byFont == vntext.Unicode {
		return col.plain
	}
	if e, ok := col.byFont[byFont]; ok {
		return e
	}
	return byFont
}

// A TickGroup is several columns that answer one question: one of them is ticked (Multiple: any number of them).
type TickGroup struct {
	Name      string // the question: the path that the columns share
	Path      []string
	Code      string   // the question's code, where the export has it beside the text
	Label     string   // and the text
	Columns   []int    // sheet indexes
	Levels    []string // the label of each column
	Codes     []string // the code of each column, where the export has it beside the label
	Multiple  bool     // several answers are allowed
	Indicator bool     // every column holds 0 or 1 (or Y), and all blank means not asked: the select_multiple of survey programs
	Base      int      // the column that holds all answers joined, or -1
	ByLabel   bool     // a column is ticked by its own label too
	Words     bool     // ticks are spelt out: Yes and No, and N/A where the question was not asked
	Evidence  string

	places []int // what a ticked cell of each column holds, where that is the column's place among the choices; else 0 or nothing
	why    why
}

// Reading is what the ticks of one row say.
type Reading struct {
	Level int    // position in Levels, or -1
	Ticks []int  // positions that are ticked
	Cell  string // the first cell that is neither tick nor blank, else ""
	Text  string // what it holds
}

// Read collapses the ticks of a row. Level is set only where exactly one column is ticked and no cell holds anything else: no tick
// and two ticks are for the caller to report.
func (g *TickGroup) Read(t *Table, row *xlsx.Row) Reading {
	r := Reading{Level: -1}
	at := 0
	for i := range row.Cells {
		c := &row.Cells[i]
		for at < len(g.Columns) && g.Columns[at] < c.Col {
			at++
		}
		if at == len(g.Columns) {
			break
		}
		if g.Columns[at] != c.Col {
			continue
		}
		m := g.mark(t, c, at)
		switch m {
		case ticked:
			r.Ticks = append(r.Ticks, at)
		case otherMark:
			if r.Cell == "" {
				r.Cell, r.Text = xlsx.CellRef(row.Index, c.Col), t.Text(c)
			}
		}
	}
	if len(r.Ticks) == 1 && r.Cell == "" {
		r.Level = r.Ticks[0]
	}
	return r
}

// mark reads a cell of the group's column at a position.
func (g *TickGroup) mark(t *Table, c *xlsx.Cell, at int) mark {
	m := markOf(t, c)
	switch {
	case at < len(g.places) && g.places[at] > 0 && c.Kind != xlsx.Empty && t.Text(c) != "":
		m = placeMark(t.Text(c), g.places[at])
	case m != otherMark || c.Kind != xlsx.String:
	case g.ByLabel && t.Text(c) == g.Levels[at]:
		m = ticked
	case g.Words:
		m = wordMark(t.Text(c))
	}
	return m
}

// Unasked reports whether a row says nothing about the question: its cells are blank, or spell out that it was not asked.
func (g *TickGroup) Unasked(t *Table, cells []xlsx.Cell) bool {
	for i := range cells {
		if cells[i].Kind != xlsx.Empty && !(g.Words && isUnasked(t.Text(&cells[i]))) && t.Text(&cells[i]) != "" {
			return false
		}
	}
	return true
}

// wordMark reads the words that LimeSurvey's full answers of a multiple choice have.
func wordMark(s string) mark {
	switch vntext.Fold(s) {
	case "yes", "có":
		return ticked
	case "no", "không":
		return unticked
	}
	if isUnasked(s) {
		return unticked
	}
	return otherMark
}

func isUnasked(s string) bool { return vntext.Fold(s) == "n/a" }

// A mark is what a cell of a tick column holds.
type mark uint8

const (
	unticked mark = iota // blank, 0, FALSE
	ticked
	otherMark
)

func markOf(t *Table, c *xlsx.Cell) mark {
	switch c.Kind {
	case xlsx.Empty:
		return unticked
	case xlsx.Number, xlsx.Bool:
		switch c.Num {
		case 0:
			return unticked
		case 1:
			return ticked
		}
		return otherMark
	case xlsx.Error:
		return otherMark
	}
	if len(c.Text) == 1 {
		return markText(string(c.Text))
	}
	return markText(t.Text(c))
}

// markText reads the marks people make: x, X, v, ✓, 1, and the Cyrillic х that some keyboards give.
func markText(s string) mark {
	switch strings.ToLower(s) {
	case "":
		return unticked
	case "x", "х", "×", "✓", "✔", "☑", "☒", "🗹", "√", "v", "1", "y", "xx", "true":
		return ticked
	case "0", "false", "☐", "□", "n":
		return unticked
	}
	return otherMark
}

// IsTick reports whether a text is a tick mark.
func IsTick(s string) bool { return markText(vntext.Clean(s)) == ticked }
