package xlsx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
)

// outline is what a sheet has besides its cells, found without reading them.
type outline struct {
	merges     []Range
	disordered bool // some row stands after a later one
}

// Merges are the merged ranges of a sheet, in the order of the file. They stand behind the rows, so that the sheet has to be
// inflated for them, but its cells are not looked at; the answer is kept. A sheet that is not a worksheet has none.
func (w *Workbook) Merges(ctx context.Context, sheet int) ([]Range, error) {
	s, err := w.sheet(sheet)
	if err != nil {
		return nil, err
	}
	o, err := w.outline(ctx, s)
	return append([]Range(nil), o.merges...), err
}

func (w *Workbook) outline(ctx context.Context, s Sheet) (outline, error) {
	if w.text != nil || s.Kind != Worksheet {
		return outline{}, nil
	}
	w.mu.Lock()
	o, ok := w.outlines[s.Index]
	w.mu.Unlock()
	if ok {
		return o, nil
	}
	o, err := w.skim(ctx, s)
	if errors.Is(err, errUnsure) {
		o, err = w.readOutline(ctx, s)
	}
	if err != nil {
		return outline{}, locate(err, w.name, s.Name)
	}
	w.mu.Lock()
	w.outlines[s.Index] = o
	w.mu.Unlock()
	return o, nil
}

// readOutline reads every cell of the sheet, which is always right and takes as long as Rows does.
func (w *Workbook) readOutline(ctx context.Context, s Sheet) (outline, error) {
	r := &Rows{w: w, ctx: ctx, sheet: s, loose: true}
	defer r.Close()
	for {
		ok, err := r.next()
		if err != nil {
			return outline{}, err
		}
		if !ok {
			return outline{merges: r.merges, disordered: r.stats.OutOfOrderRows > 0}, nil
		}
	}
}

// errUnsure says that a sheet is not written so plainly that skimming it would be safe.
var errUnsure = errors.New("unsure")

// skim finds the end of the rows by its rare letters. It trusts that only where tags have no prefix and where there are neither
// comments nor CDATA sections that could hold something that looks like a tag.
func (w *Workbook) skim(ctx context.Context, s Sheet) (outline, error) {
	r := &Rows{w: w, ctx: ctx, sheet: s, loose: true}
	defer r.Close()
	if err := r.head(); err != nil {
		return outline{}, err
	}
	if r.state != inRows {
		return outline{merges: r.merges}, nil
	}
	x := r.x
	x.hold = false
	o, last := outline{}, 0
	for {
		b := x.b[:x.n]
		if bytes.IndexByte(b[x.p:], '!') >= 0 && bytes.Contains(b[x.p:], []byte("<!")) {
			return o, errUnsure
		}
		end := findBy(b, x.p, 'D', "</sheetData>", 7)
		from := x.p
		to := len(b)
		if end >= 0 {
			to = end
		}
		for {
			i := findBy(b[:to], from, 'w', "<row", 3)
			if i < 0 {
				break
			}
			n, ok := rowNumber(b[i:to], last)
			if !ok {
				to = i
				break
			}
			o.disordered = o.disordered || n <= last
			last = n
			from = i + 4
		}
		if end >= 0 {
			if to < end {
				return o, errUnsure
			}
			x.p = end + len("</sheetData>")
			break
		}
		// A tag at the end of the window may go on behind it.
		x.p = max(from, min(to, len(b)-len("</sheetData>")))
		if err := x.more(); errors.Is(err, io.EOF) {
			return o, errUnsure
		} else if err != nil {
			return o, err
		}
	}
	if err := r.tail(); err != nil {
		return o, err
	}
	if r.state == inRows {
		return o, errUnsure
	}
	o.merges = r.merges
	return o, nil
}

// findBy finds tag in b from on, by a letter of it that is rare in a sheet and stands at offset at: a search for the whole tag
// would stop at every <.
func findBy(b []byte, from int, rare byte, tag string, at int) int {
	for i := from + at; i < len(b); i++ {
		j := bytes.IndexByte(b[i:], rare)
		if j < 0 {
			return -1
		}
		i += j
		if s := i - at; s >= from && s+len(tag) <= len(b) && string(b[s:s+len(tag)]) == tag {
			return s
		}
	}
	return -1
}

// rowNumber reads the number in a row's start tag; a row without one follows the last.
func rowNumber(b []byte, last int) (int, bool) {
	end := bytes.IndexByte(b, '>')
	if end < 0 {
		return 0, false
	}
	v, ok := attr(b[len("<row"):end], "r")
	if !ok {
		return last + 1, true
	}
	n, err := strconv.Atoi(string(v))
	return n, err == nil
}

// disordered says whether the rows of a sheet are known to be out of order. A large sheet is not inflated just for this: if
// Merges was not asked for before, Rows finds out on the way and returns an error.
func (w *Workbook) disordered(ctx context.Context, s Sheet) (bool, error) {
	f, err := w.archive.find(s.part)
	if err != nil || f == nil {
		return false, err
	}
	if f.UncompressedSize64 <= keepBytes {
		o, err := w.outline(ctx, s)
		return o.disordered, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.outlines[s.Index].disordered, nil
}
