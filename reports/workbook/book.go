// Package workbook writes a Book, a plain description of sheets, tables and charts, as an .xlsx file.
//
// In comes a Book: cells with their values, live formulas beside the value they must show, tables, charts that
// point at cells, print set-up. Out goes a file that Excel, LibreOffice and phone previewers show alike: every
// formula carries its correct cached value, every chart its cached points, and the same Book gives the same bytes.
//
// excelize makes styles, tables, charts, names and page set-up. The rows of the sheets and the parts that excelize cannot
// write (error bars, data-bar limits, cached values of text formulas) are put in by the post-processor when the
// file is zipped. The package knows nothing of surveys; it is told what to write.
package workbook

import "iter"

// A Book is one workbook.
type Book struct {
	Properties Properties
	Sheets     []*Sheet
	Names      []Name // defined names, workbook scope
	Font       string // the one typeface; empty: Times New Roman
	Password   string // encrypts the file; its bytes then differ from run to run

	styles   []Style
	styleIDs map[Style]StyleID
}

// StyleID stands for a Style of one Book.
type StyleID uint16

// Style gives the id under which cells of b ask for s. Equal styles have one id.
func (b *Book) Style(s Style) StyleID {
	if b.styleIDs == nil {
		b.styleIDs = map[Style]StyleID{{}: 0}
		b.styles = []Style{{}}
	}
	id, ok := b.styleIDs[s]
	if !ok {
		id = StyleID(len(b.styles))
		b.styleIDs[s] = id
		b.styles = append(b.styles, s)
	}
	return id
}

// Look is the style behind id.
func (b *Book) Look(id StyleID) Style {
	if int(id) >= len(b.styles) {
		return Style{}
	}
	return b.styles[id]
}

// Properties are the document properties.
type Properties struct {
	Title, Subject, Creator, Keywords, Category, Description string
	Language                                                 string      // BCP 47, e.g. vi-VN
	Created                                                  string      // ISO 8601; empty: 1 January 2000, because the clock is no part of a result
	Custom                                                   [][2]string // name, value, in order
}

// Name is a defined name: ASCII, so that it can be typed on any keyboard.
type Name struct {
	Name  string
	Sheet string
	Range string // e.g. B7 or B7:B12; made absolute
}

// A Sheet is one worksheet. Rows[0] is row 1; a row may be shorter than the sheet is wide.
type Sheet struct {
	Name    string
	Tab     string // RGB of the tab
	Widths  []float64
	Rows    []Row
	More    iter.Seq[Row] // rows after Rows, made while the file is written: for sheets too long to hold
	Count   int           // how many rows More gives
	Tables  []Table
	Charts  []*Chart
	Rules   []Rule
	Images  []Image
	Bars    []Bar
	Freeze  string // the first cell that scrolls, e.g. C7; empty: nothing frozen
	Locked  bool   // protects the sheet against slips, without a password
	Print   Print
	Ignored []string // ranges where a number kept as text is meant
}

// Print is a sheet's print set-up. Paper is always A4.
type Print struct {
	Portrait  bool
	OnePage   bool   // fit on one page; else as many as needed, one wide
	Area      string // e.g. A1:L32; empty: what is used
	TitleFrom int    // rows repeated on every page
	TitleTo   int
	Header    string
	Footer    string
	Breaks    []int // a new page before these rows
}

// A Row is one row of cells from column A on.
type Row struct {
	Height float64 // points; 0: the default
	Cells  []Cell
}

// A Cell holds a text, a number, a link, or a formula with the value that it shows.
type Cell struct {
	Kind    Kind
	Text    string
	Number  float64
	Formula string // without "="; Text or Number is then the cached value
	Link    *Link
	Style   StyleID
}

// Link leads from a cell to a place in the workbook or out of it.
type Link struct {
	Target string // "#'Sheet'!A1" or a URL
	Tip    string // shown over the link
}

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells.
const (
	Blank Kind = iota // only a style
	Text
	Number
)

// Table is a ListObject over a header row and the rows under it.
type Table struct {
	Name  string
	Range string
	Alt   string // alternative text
}

// Rule is a conditional format. Ranges of rules must not overlap: LibreOffice applies only one of two that do.
type Rule struct {
	Range string
	Cases []Case // the first that holds decides
	Scale *Scale // a three-colour scale instead
}

// Case gives cells where Formula holds the text colour, weight and fill of Style.
type Case struct {
	Formula string
	Style   Style
}

// Scale is a three-colour scale with fixed points.
type Scale struct {
	Min, Mid, Max                float64
	MinColor, MidColor, MaxColor string
}

// Bar is a data bar with fixed limits.
type Bar struct {
	Range    string
	Min, Max float64
	Color    string
}

// Image is a picture with its alternative text.
type Image struct {
	Cell      string
	Extension string // .png, .jpg
	Data      []byte
	Alt       string
	Width     int // pixels to fit into
	Height    int
}
