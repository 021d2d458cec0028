// Package layout finds the table in a sheet: title rows, header rows, what each column is called, and which rows are data.
//
// What comes in: the rows of a sheet as package xlsx scans them, and its merged ranges. What goes out: a Table whose columns have
// flattened names (`parent › question › level`), the export dialect, and a class for every row. What is promised: every row of the
// sheet gets exactly one class, every guess is returned with its evidence, and a plan can pin each of them.
//
// The steps: a Head collects the rows (Add), Detect finds the table in it, and the table's Classifier gives every row of the sheet its class
// in a second pass. Choose says which sheets of a workbook to read.
package layout

import (
	"fmt"

	"hailong/ingest/xlsx"
)

// Class is what a row is. Only Data rows are answers; all others are counted in the ledger by this name.
type Class string

// The classes of row.
const (
	Data          Class = "data"
	Title         Class = "title"          // above the header
	Header        Class = "header"         // header rows, repeated headers, HXL rows, ImportId rows
	ColumnNumbers Class = "column_numbers" // (1) (2) (3)
	Group         Class = "group"          // I · Phường Bến Nghé: carried down
	Totals        Class = "totals"
	Percent       Class = "percent"   // shares and means of the rows above
	Signature     Class = "signature" // below the table: signatures, notes, another table
	Blank         Class = "blank"     // nothing in it but white space, or a running number
	Preview       Class = "preview"   // Qualtrics survey previews
)

// A Guess is one thing that was inferred, with its evidence; Pinned guesses came from the plan.
type Guess struct {
	What     string // header_row, dialect, columns, totals, …
	Value    string
	Evidence string
	Pinned   bool

	EvidenceVI string // Evidence in Vietnamese
}

// A why gives the evidence of a guess in both languages of the house.
type why struct{ en, vi string }

// because fills both sentences with the same values; where their order differs, the sentence numbers them (%[2]d).
func because(en, vi string, args ...any) why {
	if len(args) == 0 {
		return why{en, vi}
	}
	return why{fmt.Sprintf(en, args...), fmt.Sprintf(vi, args...)}
}

func (w why) plus(o why) why { return why{w.en + o.en, w.vi + o.vi} }

func planSays() why { return because("the plan says so", "theo kế hoạch khai báo") }

func guess(what, value string, w why) Guess {
	return Guess{What: what, Value: value, Evidence: w.en, EvidenceVI: w.vi}
}

// Auto is the value of an option that leaves the decision to this package; so does an empty one.
const Auto = "auto"

// Options pin what would otherwise be guessed. The zero value guesses everything.
type Options struct {
	Sheet    string `yaml:"sheet"`    // the sheet to read, by name
	Header   string `yaml:"header"`   // header rows as Excel numbers them: "6-8", "1", or "none"
	Dialect  string `yaml:"dialect"`  // one of the Dialect constants
	Encoding string `yaml:"encoding"` // one of vntext's encodings, for every cell of the sheet
	Ticks    string `yaml:"ticks"`    // "none": columns of ticks stay columns
	Hidden   bool   `yaml:"hidden"`   // hidden sheets may be chosen too

	Respondents string `yaml:"respondents"` // of a sheet and its repeat groups, the one whose rows are the respondents, by name
}

// pinned reports whether an option's value was set by the plan.
func pinned(value string) bool { return value != "" && value != Auto }

// SheetInfo is what a workbook says about a sheet beside its cells.
type SheetInfo struct {
	Name   string
	Hidden bool                     // hidden or veryHidden
	Font   func(style int32) string // the name of a style's font; nil where unknown
	// Question is the question that a column's header names, or "": columns of different ones with 0 and 1 below are no question with several
	// answers. Nil where unknown.
	Question func(*Column) string
	// Choice parts a header like A3_1 into a question that takes several answers and one of its codes; "" where it names none. Nil where unknown.
	Choice func(header string) (question, choice string)
}

// A Dialect is the program or the habit that a sheet comes from.
type Dialect string

// The dialects that are recognised by their marks.
const (
	Generic       Dialect = "generic"
	KoboToolbox   Dialect = "kobotoolbox"
	ODK           Dialect = "odk"
	SurveyCTO     Dialect = "surveycto"
	LimeSurvey    Dialect = "limesurvey"
	SurveyMonkey  Dialect = "surveymonkey"
	Qualtrics     Dialect = "qualtrics"
	GoogleForms   Dialect = "google-forms"
	MSForms       Dialect = "ms-forms"
	SPSS          Dialect = "spss"
	Tally         Dialect = "vn-tally"     // the office sheet: STT, one row a form
	AggregateForm Dialect = "vn-aggregate" // one row a criterion, counts per level
)

// program reports whether the sheet was written by a program, which adds no totals, groups or signatures to its rows.
func (d Dialect) program() bool {
	return d != Generic && d != Tally && d != AggregateForm && d != ""
}

// cloneRow copies a row out of the scanner's buffer.
func cloneRow(row xlsx.Row) xlsx.Row {
	cells := make([]xlsx.Cell, len(row.Cells))
	for i, c := range row.Cells {
		c.Text = append([]byte(nil), c.Text...)
		c.Expr = nil
		cells[i] = c
	}
	row.Cells = cells
	return row
}
