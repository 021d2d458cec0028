package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// The values of a cell's t attribute.
const (
	typeNumber = iota
	typeShared
	typeString
	typeInline
	typeBool
	typeError
	typeDate
)

// cellType reads a t attribute.
func cellType(v []byte) (int, bool) {
	switch string(v) {
	case "n", "":
		return typeNumber, true
	case "s":
		return typeShared, true
	case "str":
		return typeString, true
	case "inlineStr":
		return typeInline, true
	case "b":
		return typeBool, true
	case "e":
		return typeError, true
	case "d":
		return typeDate, true
	}
	return 0, false
}

// readCell reads a cell whose start tag is t, whatever its form.
func (r *Rows) readCell(t *token) error {
	x := r.x
	col, typ, style := r.lastCol+1, typeNumber, int32(0)
	for attrs := t.attrs; ; {
		k, v, rest, ok := nextAttr(attrs)
		if !ok {
			if len(trimSpace(attrs)) > 0 {
				return damaged(x.part, r.place(), fmt.Sprintf("the XML is broken: <c %s>", clip(attrs)))
			}
			break
		}
		attrs = rest
		switch string(k) {
		case "r":
			row, c, n := parseRef(v)
			if n == 0 || n != len(v) {
				return damaged(x.part, r.place(), fmt.Sprintf("%q is not the reference of a cell", clip(v)))
			}
			if row != r.row.Index && r.rowLoose && r.lastCol < 0 {
				// The row only counted on from the one before; its cells know better.
				r.lastRow = r.row.Index - 1
				if err := r.setRow(row); err != nil {
					return err
				}
			}
			if row != r.row.Index {
				return damaged(x.part, r.place(), fmt.Sprintf("the cell %s stands in row %d", clip(v), r.row.Index))
			}
			col = c
		case "s":
			n, err := strconv.ParseInt(string(v), 10, 32)
			if len(v) == 0 {
				continue
			}
			if err != nil || n < 0 {
				return damaged(x.part, r.place(), fmt.Sprintf("%q is not the number of a cell style", clip(v)))
			}
			style = int32(n)
		case "t":
			if typ, ok = cellType(v); !ok {
				return damaged(x.part, r.place(), fmt.Sprintf("%q is not a type of cell", clip(v)))
			}
		}
	}
	if col >= MaxCols {
		return damaged(x.part, r.place(), "there are more columns than a sheet can have")
	}
	r.lastCol = col
	c := Cell{Col: col, Style: style, SST: -1}
	var value []byte
	has, inline := false, false
	for open := !t.empty; open; {
		child, ok, err := x.child()
		if err != nil {
			return r.at(err)
		}
		if !ok {
			if string(child.name) != "c" {
				return damaged(x.part, r.place(), fmt.Sprintf("the XML is broken: </%s> where </c> is due", clip(child.name)))
			}
			break
		}
		start := len(r.text)
		switch string(child.name) {
		case "v":
			r.text, err = x.appendContent(&child, r.text)
			if !inline {
				value, has = r.text[start:len(r.text):len(r.text)], true
			}
		case "f":
			r.text, err = x.appendContent(&child, r.text)
			c.Formula, c.Expr = true, r.text[start:len(r.text):len(r.text)]
		case "is":
			var rich richText
			r.text, err = x.richText(&child, r.text, &rich)
			if rich.fonts {
				r.rich = append(r.rich, inlineRuns{col, rich.from(start)})
			}
			value, has, inline = r.text[start:len(r.text):len(r.text)], true, true
		default:
			err = x.skip(&child)
		}
		if err == nil && len(r.text)-start > r.w.limits.StringBytes {
			err = limited(x.part, "", "a text is longer than "+byteCount(int64(r.w.limits.StringBytes)))
		}
		if err != nil {
			return r.at(err)
		}
	}
	if inline {
		typ = typeInline
	}
	if c.Formula {
		r.stats.Formulas++
	}
	if err := r.setValue(&c, typ, value, has); err != nil {
		return err
	}
	if c.Kind == Empty && c.Formula {
		c.Never, r.rowNever = true, true
		r.stats.Never++
	}
	if c.Kind != Empty || c.Never {
		r.add(&c)
	}
	return nil
}

// at adds the place to an error that has none.
func (r *Rows) at(err error) error {
	var p *Problem
	if errors.As(err, &p) && p.Cell == "" {
		p.Cell = r.place()
	}
	return err
}

// setValue gives the cell its kind and value.
func (r *Rows) setValue(c *Cell, typ int, v []byte, has bool) error {
	switch typ {
	case typeString, typeInline:
		if has {
			c.Kind, c.Text = String, r.valid(v)
		}
		return nil
	}
	v = trimSpace(v)
	if len(v) == 0 {
		return nil
	}
	wrong := func(what string) error {
		return damaged(r.x.part, r.place(), fmt.Sprintf("%q is not %s", clip(v), what))
	}
	switch typ {
	case typeNumber:
		n, ok := parseNumber(v)
		if !ok {
			return wrong("a number")
		}
		c.Kind, c.Num, c.Text = Number, n, v
	case typeShared:
		i, err := strconv.Atoi(unsafe.String(unsafe.SliceData(v), len(v)))
		if err != nil {
			return wrong("the number of a shared string")
		}
		return r.share(c, i)
	case typeBool:
		switch string(v) {
		case "1", "true":
			c.Num = 1
		case "0", "false":
		default:
			return wrong("a truth value")
		}
		c.Kind, c.Text = Bool, v
	case typeError:
		c.Kind, c.Text = Error, r.valid(v)
	case typeDate:
		n, ok := parseISO(string(v), r.w.date1904)
		if !ok {
			return wrong("a date")
		}
		c.Kind, c.Num, c.Text, c.ISO = Number, n, v, true
	}
	return nil
}

// share gives the cell a shared string.
func (r *Rows) share(c *Cell, i int) error {
	if r.sst == nil {
		s, err := r.w.SharedStrings(r.ctx)
		if err != nil {
			return err
		}
		r.sst = s
	}
	if i < 0 || i >= r.sst.Len() {
		return damaged(r.x.part, r.place(), fmt.Sprintf("the cell means shared string %d, but there are %d", i, r.sst.Len()))
	}
	c.Kind, c.SST, c.Text = String, int32(i), r.sst.At(i)
	return nil
}

// valid replaces bytes that are not UTF-8, and counts the text.
func (r *Rows) valid(v []byte) []byte {
	if utf8.Valid(v) {
		return v
	}
	r.stats.InvalidText++
	return bytes.ToValidUTF8(v, []byte("\uFFFD"))
}

// add puts the cell into the row, to be sorted when the row is complete if it does not stand behind all others.
func (r *Rows) add(c *Cell) {
	if c.Col > r.topCol {
		r.topCol = c.Col
	} else if r.messy++; len(r.cells) > 4*MaxCols {
		r.tidy()
	}
	r.cells = append(r.cells, *c)
}

// tidy sorts the cells of the row by column, in time that does not grow with their disorder. Of cells with one reference the
// last value counts.
func (r *Rows) tidy() {
	if r.places == nil {
		r.places = make([]int32, MaxCols)
	}
	top := -1
	for i := range r.cells {
		c := &r.cells[i]
		top = max(top, c.Col)
		if at := r.places[c.Col]; at > 0 {
			r.stats.DuplicateRefs++
			r.messy--
			if c.Kind == Empty && r.cells[at-1].Kind != Empty {
				continue
			}
		}
		r.places[c.Col] = int32(i + 1)
	}
	out := r.other[:0]
	for col := range top + 1 {
		if at := r.places[col]; at > 0 {
			out = append(out, r.cells[at-1])
			r.places[col] = 0
		}
	}
	r.cells, r.other = out, r.cells
	r.stats.OutOfOrderCells += r.messy
	r.messy = 0
}

// trimSpace removes XML's white space from both ends.
func trimSpace(b []byte) []byte {
	for len(b) > 0 && space(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && space(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// powers of ten that a float64 holds exactly.
var powers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parseNumber reads an xsd:double. Up to 15 digits are exact in a float64 and so is the power of ten, so one division rounds
// correctly; everything else goes to strconv. NaN, Inf, hexadecimal and underscores are not numbers of a sheet.
func parseNumber(b []byte) (float64, bool) {
	var m uint64
	digits, frac, i := 0, -1, 0
	neg := len(b) > 0 && b[0] == '-'
	if neg || len(b) > 0 && b[0] == '+' {
		i++
	}
	for ; i < len(b); i++ {
		if d := b[i] - '0'; d <= 9 {
			m = m*10 + uint64(d)
			digits++
			continue
		}
		if b[i] != '.' || frac >= 0 {
			break
		}
		frac = digits
	}
	if digits == 0 {
		return 0, false
	}
	if i == len(b) && digits <= 19 {
		f := float64(m)
		switch {
		case frac < 0 || frac == digits:
		case digits <= 15:
			f /= powers[digits-frac]
		default:
			f = overPower(m, digits-frac)
		}
		if neg {
			f = -f
		}
		return f, true
	}
	for _, c := range b[i:] {
		if (c < '0' || c > '9') && c != 'e' && c != 'E' && c != '-' && c != '+' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(b), len(b)), 64)
	if err != nil || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// overPower is m / 10^k, rounded once, for k up to 19: the times of interviews have more digits than a float64 holds. The quotient of the two
// numbers, both shifted to fill 64 bits, has 63 bits or more; a remainder makes the last of them 1, which lies far behind the
// bits that stay and only says that they are not all.
func overPower(m uint64, k int) float64 {
	if m == 0 {
		return 0
	}
	d := uint64(1)
	for range k {
		d *= 10
	}
	shiftM, shiftD := bits.LeadingZeros64(m), bits.LeadingZeros64(d)
	m <<= shiftM
	q, rest := bits.Div64(m>>1, m<<63, d<<shiftD)
	if rest != 0 {
		q |= 1
	}
	return math.Ldexp(float64(q), shiftD-shiftM-63)
}
