package survey

import (
	"fmt"
	"math"
	"slices"

	"hailong/ingest/wording"
)

// A Column holds one variable of a Frame: numbers, where NaN is missing, or a factor, where code −1 is missing.
type Column struct {
	Values []float64
	Codes  []int    // of a factor: index into Levels
	Levels []string // of a factor, never nil there
}

// Numeric makes a column of numbers; NaN is missing.
func Numeric(values []float64) Column { return Column{Values: values} }

// Factor makes a factor of labels; "" is missing and the levels stand in byte order, as in R with the C locale.
func Factor(labels []string) Column {
	levels := slices.Clone(labels)
	slices.Sort(levels)
	levels = slices.Compact(levels)
	if len(levels) > 0 && levels[0] == "" {
		levels = levels[1:]
	}
	if levels == nil {
		levels = []string{}
	}
	at := make(map[string]int, len(levels))
	for i, l := range levels {
		at[l] = i
	}
	codes := make([]int, len(labels))
	for i, l := range labels {
		if c, ok := at[l]; ok {
			codes[i] = c
		} else {
			codes[i] = -1
		}
	}
	return Column{Codes: codes, Levels: levels}
}

// IsFactor says whether the column is a factor.
func (c Column) IsFactor() bool { return c.Levels != nil }

// Len is the number of rows.
func (c Column) Len() int {
	if c.IsFactor() {
		return len(c.Codes)
	}
	return len(c.Values)
}

// Missing says whether row k has no value.
func (c Column) Missing(k int) bool {
	if c.IsFactor() {
		return c.Codes[k] < 0
	}
	return math.IsNaN(c.Values[k])
}

// AsFactor is the column as a factor: its distinct numbers in rising order become levels. R: factor(x).
func (c Column) AsFactor() Column {
	if c.IsFactor() {
		return c
	}
	values := slices.DeleteFunc(slices.Clone(c.Values), math.IsNaN)
	slices.Sort(values)
	values = slices.Compact(values)
	out := Column{Codes: make([]int, len(c.Values)), Levels: make([]string, len(values))}
	for i, v := range values {
		out.Levels[i] = fmt.Sprintf("%.15g", v)
	}
	for k, v := range c.Values {
		out.Codes[k] = -1
		if i, ok := slices.BinarySearch(values, v); ok {
			out.Codes[k] = i
		}
	}
	return out
}

// A Frame is a table of named columns of equal length, the rows that a Design is laid over.
type Frame struct {
	rows  int
	names []string
	cols  map[string]Column
}

// NewFrame makes a frame of so many rows and no columns.
func NewFrame(rows int) *Frame { return &Frame{rows: rows, cols: map[string]Column{}} }

// Rows is the number of rows.
func (f *Frame) Rows() int { return f.rows }

// Names are the columns in the order in which they were first set.
func (f *Frame) Names() []string { return slices.Clone(f.names) }

// Set adds a column or replaces the one of that name.
func (f *Frame) Set(name string, c Column) error {
	if c.Len() != f.rows {
		return wording.Errorf("setting column %q: it has %d rows, the frame has %d", name, c.Len(), f.rows)
	}
	if _, ok := f.cols[name]; !ok {
		f.names = append(f.names, name)
	}
	f.cols[name] = c
	return nil
}

// Column finds a column by name.
func (f *Frame) Column(name string) (Column, error) {
	c, ok := f.cols[name]
	if !ok {
		return Column{}, wording.Errorf("there is no column %q: the columns are %q", name, f.names)
	}
	return c, nil
}

// Filter copies the rows that keep marks. The levels of factors stay as they are, also those that no row has any more.
func (f *Frame) Filter(keep []bool) *Frame {
	rows := 0
	for _, k := range keep {
		if k {
			rows++
		}
	}
	out := NewFrame(rows)
	for _, name := range f.names {
		c := f.cols[name]
		var d Column
		if c.IsFactor() {
			d = Column{Codes: make([]int, 0, rows), Levels: c.Levels}
		} else {
			d = Column{Values: make([]float64, 0, rows)}
		}
		for k := range keep {
			switch {
			case !keep[k]:
			case c.IsFactor():
				d.Codes = append(d.Codes, c.Codes[k])
			default:
				d.Values = append(d.Values, c.Values[k])
			}
		}
		out.names = append(out.names, name)
		out.cols[name] = d
	}
	return out
}
