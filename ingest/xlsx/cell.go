// Package xlsx reads the cells of a workbook as they are stored: a streaming scanner of SpreadsheetML that knows nothing of surveys.
//
// What comes in: a file, told by its content and never by its name. .xlsx, .xlsm, .xltx, .xltm, .csv and .tsv are read here, an
// encrypted workbook with its password, .xls, .xlsb and .ods through LibreOffice; what is none of these is named in the error.
//
// What goes out: sheets with their state and merges, and rows of typed cells by ascending number. One goroutine inflates while
// the caller's scans; texts are slices of the inflated XML, shared strings are numbers into one table.
//
// What is promised: every stored value is delivered exactly once or an error is returned (never fewer rows without an error):
// checksums, ends of parts and references into the string table are checked. Counts in the file are never trusted, and limits
// stop bombs with a message. Every error is a *Problem that names file, sheet and cell and says what to do.
package xlsx

// Kind is the type of a cell's value.
type Kind uint8

// The kinds of cell. Dates are numbers whose style is a date format, or that were stored as ISO dates: Workbook.IsDateCell tells.
const (
	Empty Kind = iota
	String
	Number
	Bool  // Num is 0 or 1
	Error // Text is the error code, "#N/A"
)

// A Cell is one stored value. Text and its bytes are valid only until the next row is read.
type Cell struct {
	Col     int // 0 = A
	Kind    Kind
	Formula bool    // the value is a formula's cached one
	Never   bool    // a formula without a cached value: never calculated, Kind is Empty
	ISO     bool    // stored as an ISO date (t="d"): Num is its serial number, Text what was stored
	SST     int32   // shared string index, or -1
	Style   int32   // cellXfs index, 0 if none
	Num     float64 // Number, Bool
	Text    []byte  // String, Error: decoded text · Number: the digits as stored
	Expr    []byte  // formula text, where there is one
}

// A Row is one row that holds at least one cell with a value.
type Row struct {
	Index  int // 1-based, as Excel shows it
	Hidden bool
	Cells  []Cell // by ascending column; a reference given twice is resolved (last wins) and counted
}
