package xlsx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unsafe"
)

// Stats count what a sheet holds, for the ledger; they are complete once Next has returned false without an error.
type Stats struct {
	Rows            int   // rows with a value, delivered or skipped as hidden
	Cells           int64 // cells with a value, likewise
	HiddenRows      int   // rows with a value that are hidden
	HiddenCols      int   // hidden columns that hold a value
	FilterMode      bool  // rows are hidden by a filter
	Formulas        int64 // cells that hold a formula
	Never           int64 // formulas that were never calculated
	DuplicateRefs   int   // cells that an earlier cell of the same reference stood for; the last value counts
	OutOfOrderRows  int   // rows that stand in the file after a later one; delivered in order all the same
	OutOfOrderCells int   // cells that stand after a later column; delivered in order all the same
	InvalidText     int64 // texts that are not valid UTF-8; the bad bytes became U+FFFD
}

// Rows is a pass over the rows of one sheet.
type Rows struct {
	w     *Workbook
	sheet Sheet
	ctx   context.Context
	x     *window
	sst   *Strings
	state int
	err   error
	stats Stats

	known    *knownTexts
	row      Row
	cells    []Cell
	other    []Cell  // what cells are sorted into
	places   []int32 // by column, where in cells its cell is, from 1; all zero between uses
	text     []byte  // decoded texts of this row
	lastRow  int
	lastCol  int          // the last column that was started, -1 at the start of a row
	rowLoose bool         // the row does not say its number, so its first cell may
	rowNever bool         // the row has a formula that was never calculated
	topCol   int          // the highest column in cells, -1 for none
	messy    int          // cells that do not stand behind the highest column
	digits   digits       // the number of the row as text: a cell's reference ends in it
	rich     []inlineRuns // of this row

	hidden   []bool // by column, nil where none is hidden
	usedCol  []bool // hidden columns that hold a value
	merges   []Range
	wrappers int  // open elements around the children of the worksheet, see transparent
	loose    bool // rows may come in any order
	careful  bool // without the fast reader: tests prove that it makes no difference
	sorted   *sortedRows
	csv      *textRows
}

// Where a pass stands.
const (
	atHead = iota
	inRows
	atEnd
)

// Rows begins a pass over a sheet. Close it; errors come from Err. Several passes may run side by side.
func (w *Workbook) Rows(ctx context.Context, sheet int) *Rows {
	r := &Rows{w: w, ctx: ctx}
	if r.sheet, r.err = w.sheet(sheet); r.err != nil {
		return r
	}
	if w.text != nil {
		r.csv = w.text.rows(ctx)
		return r
	}
	if r.sheet.Kind != Worksheet {
		r.state = atEnd
		return r
	}
	if disordered, err := w.disordered(ctx, r.sheet); err != nil {
		r.fail(err)
	} else if disordered {
		r.sorted = &sortedRows{}
	}
	return r
}

// Next reads the next row with a value; false at the end and after an error.
func (r *Rows) Next() bool {
	switch {
	case r.err != nil:
		return false
	case r.csv != nil:
		ok, err := r.csv.next(&r.row, &r.stats)
		if err != nil {
			r.fail(err)
		}
		return ok
	case r.sorted != nil:
		ok, err := r.sorted.next(r)
		if err != nil {
			r.fail(err)
		}
		return ok
	}
	ok, err := r.next()
	if err != nil {
		r.fail(err)
		return false
	}
	return ok
}

// Row is the row that Next read; it is valid until the next call of Next.
func (r *Rows) Row() *Row { return &r.row }

// inlineRuns are the runs of a rich text that stands in its cell.
type inlineRuns struct {
	col  int
	runs []Run
}

// Runs are the pieces of a cell of the current row that name a font of their own, as Strings.Runs.
func (r *Rows) Runs(c *Cell) []Run {
	if c.SST >= 0 && r.sst != nil {
		return r.sst.Runs(int(c.SST))
	}
	for _, x := range r.rich {
		if x.col == c.Col {
			return x.runs
		}
	}
	return nil
}

// Err is the error that ended the pass, nil after a complete one.
func (r *Rows) Err() error { return r.err }

// Merges are the merged ranges that the pass has met. They stand behind the rows: the list is complete once Next has returned false
// without an error, and then it has cost nothing, unlike Workbook.Merges.
func (r *Rows) Merges() []Range { return r.merges }

// Stats are the counts so far.
func (r *Rows) Stats() Stats { return r.stats }

// Close ends the pass early or late.
func (r *Rows) Close() error {
	if r.x != nil {
		r.x.close()
		r.x = nil
	}
	r.state = atEnd
	return nil
}

func (r *Rows) fail(err error) {
	r.err = locate(err, r.w.name, r.sheet.Name)
	_ = r.Close()
}

// next reads the next row of the part, wherever the pass stands.
func (r *Rows) next() (bool, error) {
	for {
		switch r.state {
		case atHead:
			if err := r.head(); err != nil {
				return false, err
			}
		case inRows:
			ok, err := r.nextRow()
			if ok || err != nil {
				return ok, err
			}
			if err := r.tail(); err != nil {
				return false, err
			}
		default:
			return false, nil
		}
	}
}

// head reads what stands before the rows.
func (r *Rows) head() error {
	var err error
	if r.x, err = r.w.sheetWindow(r.ctx, r.sheet); err != nil {
		return err
	}
	r.known = &knownTexts{}
	root, err := r.x.root()
	if err != nil {
		return err
	}
	if n := string(root.name); n != "worksheet" {
		if n == "chartsheet" || n == "dialogsheet" || n == "macrosheet" {
			return r.Close()
		}
		return damaged(r.x.part, "", fmt.Sprintf("the part is not a worksheet but <%s>", clip(root.name)))
	}
	if root.empty {
		r.state = atEnd
		return r.x.finish("the worksheet")
	}
	return r.tail()
}

// tail reads the children of the worksheet up to the next sheetData with rows in it, or up to the end of the part.
func (r *Rows) tail() error {
	x := r.x
	x.hold = false
	x.settle()
	for {
		child, ok, err := x.child()
		if err != nil {
			return err
		}
		t := &child
		if !ok && r.wrappers > 0 {
			r.wrappers--
			continue
		}
		if transparent(t) && ok {
			if !t.empty {
				r.wrappers++
			}
			continue
		}
		if !ok {
			if err := x.finish("the worksheet"); err != nil {
				return err
			}
			for _, u := range r.usedCol {
				if u {
					r.stats.HiddenCols++
				}
			}
			return r.Close()
		}
		switch string(t.name) {
		case "sheetData":
			if !t.empty {
				r.state, x.hold = inRows, true
				return nil
			}
			continue
		case "sheetPr":
			v, _ := attr(t.attrs, "filterMode")
			r.stats.FilterMode = truth(v)
		case "cols":
			if err := x.children(t, r.col); err != nil {
				return err
			}
			continue
		case "mergeCells":
			if err := x.children(t, r.merge); err != nil {
				return err
			}
			continue
		}
		if err := x.skip(t); err != nil {
			return err
		}
	}
}

// columnNumber reads the number of a column as <col> has it.
func columnNumber(text []byte) (int, bool) {
	n, err := strconv.Atoi(string(text))
	return n, err == nil
}

// col notes hidden columns.
func (r *Rows) col(t *token) (bool, error) {
	if v, _ := attr(t.attrs, "hidden"); !truth(v) {
		return false, nil
	}
	lo, _ := attr(t.attrs, "min")
	hi, _ := attr(t.attrs, "max")
	first, ok := columnNumber(lo)
	last, both := columnNumber(hi)
	if !ok || !both {
		return false, nil // hiding is a matter of looks; a column that cannot be told stays counted as shown
	}
	if r.hidden == nil {
		r.hidden, r.usedCol = make([]bool, MaxCols), make([]bool, MaxCols)
	}
	for c := max(first, 1); c <= min(last, MaxCols) && !r.hidden[c-1]; c++ {
		r.hidden[c-1] = true
	}
	return false, nil
}

func (r *Rows) merge(t *token) (bool, error) {
	if string(t.name) != "mergeCell" {
		return false, nil
	}
	ref, _ := attr(t.attrs, "ref")
	m, ok := parseRange(ref)
	if !ok {
		return false, damaged(r.x.part, "", fmt.Sprintf("%q is not a range of cells to merge", clip(ref)))
	}
	if len(r.merges) >= r.w.limits.Merges {
		return false, limited(r.x.part, "", fmt.Sprintf("there are more than %d merged ranges", r.w.limits.Merges))
	}
	r.merges = append(r.merges, m)
	return false, nil
}

// nextRow reads rows until one has something to deliver; false at the end of sheetData.
func (r *Rows) nextRow() (bool, error) {
	x := r.x
	for {
		x.settle()
		x.hold = false
		if err := x.skipSpace(); err != nil {
			return false, err
		}
		x.hold = true
		t, err := x.token()
		if err != nil {
			return false, err
		}
		switch t.kind {
		case tokText:
			if len(trimSpace(t.text)) > 0 {
				return false, damaged(x.part, r.place(), "there is text between the rows")
			}
			continue
		case tokEOF:
			return false, damaged(x.part, r.place(), "the sheet ends in the middle of its rows")
		case tokEnd:
			switch string(t.name) {
			case "sheetData":
				return false, nil
			case "AlternateContent", "Fallback":
				continue
			}
			return false, damaged(x.part, r.place(), fmt.Sprintf("the XML is broken: </%s> between the rows", clip(t.name)))
		}
		switch string(t.name) {
		case "row":
		case "AlternateContent", "Fallback":
			continue
		default:
			if err := x.skip(&t); err != nil {
				return false, err
			}
			continue
		}
		if err := r.startRow(t.attrs); err != nil {
			return false, err
		}
		if !t.empty {
			if err := r.readCells(); err != nil {
				return false, err
			}
		}
		deliver := r.finishRow()
		if r.stats.Cells > r.w.limits.Cells {
			return false, limited(x.part, r.place(), fmt.Sprintf("the sheet has more than %d cells", r.w.limits.Cells))
		}
		if deliver {
			return true, nil
		}
	}
}

// startRow reads the attributes of a row. A row without a number follows the one before it.
func (r *Rows) startRow(attrs []byte) error {
	r.cells, r.text, r.rich, r.lastCol = r.cells[:0], r.text[:0], r.rich[:0], -1
	index := r.lastRow + 1
	r.rowLoose, r.topCol, r.messy = true, -1, 0
	r.row.Hidden, r.rowNever = false, false
	for {
		k, v, rest, ok := nextAttr(attrs)
		if !ok {
			if len(trimSpace(attrs)) > 0 {
				return damaged(r.x.part, r.place(), fmt.Sprintf("the XML is broken: <row %s>", clip(attrs)))
			}
			break
		}
		switch string(k) {
		case "r":
			n, err := strconv.Atoi(unsafe.String(unsafe.SliceData(v), len(v)))
			if err != nil || n < 1 || n > MaxRows {
				return damaged(r.x.part, r.place(), fmt.Sprintf("%q is not the number of a row", clip(v)))
			}
			index, r.rowLoose = n, false
		case "hidden":
			r.row.Hidden = truth(v)
		}
		attrs = rest
	}
	return r.setRow(index)
}

// setRow begins a row.
func (r *Rows) setRow(index int) error {
	if index > MaxRows {
		return damaged(r.x.part, r.place(), "there are more rows than a sheet can have")
	}
	if index <= r.lastRow {
		r.stats.OutOfOrderRows++
		if !r.loose {
			return &Problem{
				Part: r.x.part, Cell: "row " + strconv.Itoa(index), Err: ErrDamaged, Hint: hintSave,
				Msg: fmt.Sprintf("row %d stands after row %d in the file", index, r.lastRow),
			}
		}
	}
	r.row.Index, r.lastRow = index, index
	r.digits = newDigits(index)
	return nil
}

// finishRow decides whether the row is delivered.
func (r *Rows) finishRow() bool {
	if r.messy > 0 {
		r.tidy()
	}
	values := len(r.cells)
	if r.rowNever {
		for i := range r.cells {
			if r.cells[i].Kind == Empty {
				values--
			}
		}
	}
	r.stats.Cells += int64(values)
	some := values > 0
	if some {
		r.stats.Rows++
		if r.row.Hidden {
			r.stats.HiddenRows++
		}
	}
	if len(r.hidden) > 0 {
		r.hideCols()
	}
	r.row.Cells = r.cells
	return len(r.cells) > 0 && !(r.row.Hidden && r.w.options.SkipHidden)
}

// hideCols notes which hidden columns hold values, and leaves their cells out where that was asked for.
func (r *Rows) hideCols() {
	keep := r.cells[:0]
	for _, c := range r.cells {
		hidden := r.hidden[c.Col]
		if hidden && c.Kind != Empty {
			r.usedCol[c.Col] = true
		}
		if !hidden || !r.w.options.SkipHidden {
			keep = append(keep, c)
		}
	}
	r.cells = keep
}

// readCells reads the cells of a row and its end tag.
func (r *Rows) readCells() error {
	x := r.x
	for {
		if !r.careful {
			stop, err := r.fastCells()
			if err != nil {
				return err
			}
			if stop == stopRow {
				return nil
			}
			if stop == stopMore {
				if err := x.more(); err == nil {
					continue
				} else if !errors.Is(err, io.EOF) {
					return err
				}
			}
		}
		if err := x.skipSpace(); err != nil {
			return err
		}
		t, err := x.token()
		if err != nil {
			return err
		}
		switch t.kind {
		case tokText:
			if len(trimSpace(t.text)) > 0 {
				return damaged(x.part, r.place(), "there is text between the cells")
			}
		case tokEOF:
			return damaged(x.part, r.place(), "the sheet ends in the middle of a row")
		case tokEnd:
			switch string(t.name) {
			case "row":
				return nil
			case "AlternateContent", "Fallback":
				continue
			}
			return damaged(x.part, r.place(), fmt.Sprintf("the XML is broken: </%s> between the cells", clip(t.name)))
		case tokStart:
			switch string(t.name) {
			case "c":
				err = r.readCell(&t)
			case "AlternateContent", "Fallback":
			case "row", "sheetData":
				err = damaged(x.part, r.place(), fmt.Sprintf("the XML is broken: <%s> inside a row", clip(t.name)))
			default:
				err = x.skip(&t)
			}
			if err != nil {
				return err
			}
		}
	}
}

// place is where the scanner is, for messages.
func (r *Rows) place() string {
	if r.lastRow == 0 {
		return ""
	}
	if r.lastCol >= 0 {
		return CellRef(r.lastRow, r.lastCol)
	}
	return "row " + strconv.Itoa(r.lastRow)
}
