// Package layout finds the table in a sheet: title rows, header rows, what each column is called, and which rows are data.
//
// What comes in: the rows of a sheet as package xlsx scans them, and its merged ranges. What goes out: a Table whose columns have
// flattened names (`parent › question › level`), the export dialect, and a class for every row. What is promised: every row of the
// sheet gets exactly one class, every guess is returned with its evidence, and a plan can pin each of them.
package layout

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
	Percent       Class = "percent"
	Signature     Class = "signature"
	Blank         Class = "blank"
	Preview       Class = "preview" // Qualtrics survey previews
)

// A Guess is one thing that was inferred, with its evidence; Pinned guesses came from the plan.
type Guess struct {
	What     string // header_row, dialect, columns, totals, …
	Value    string
	Evidence string
	Pinned   bool
}
