package dataset

import (
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// BatchRows is the number of rows that are collected before they go to the file.
const BatchRows = 1 << 12

// A Type is the type of a dataset column.
type Type string

// The types of column.
const (
	Code    Type = "code"    // int16: an item's answer
	Missing Type = "missing" // int8: the kind of missing of a numeric item
	Number  Type = "number"  // float64
	String  Type = "text"    // string
	Time    Type = "time"    // timestamp in milliseconds, without a zone
	Row     Type = "row"     // int32: the row in the sheet
)

// A Field describes one column of a batch. Header is what the column is called in the sheet; it is kept in the file's schema.
type Field struct {
	Name   string
	Type   Type
	Role   string
	Header string
}

// A Batch collects rows column by column. Cells of a row are set in any order and at most once; what is not set is null.
type Batch struct {
	schema *arrow.Schema
	vecs   []vector
	rows   int
}

// vector is one column of a batch; which slice is used depends on the type.
type vector struct {
	kind    Type
	codes   []int16
	small   []int8
	ints    []int32
	floats  []float64
	times   []int64
	valid   []byte
	offsets []int32
	data    []byte
	next    int // strings: rows that have an offset
}

// NullCode marks a null among the codes of a batch: no code and no kind of missing has it.
const NullCode = math.MinInt16

// NewBatch makes an empty batch of the given columns.
func NewBatch(fields []Field) *Batch {
	b := &Batch{vecs: make([]vector, len(fields))}
	list := make([]arrow.Field, len(fields))
	codes := newCodes(fields)
	for i, f := range fields {
		v := &b.vecs[i]
		v.kind = f.Type
		if f.Type == Code {
			v.codes, codes = codes[:BatchRows:BatchRows], codes[codeStride:]
		}
		list[i] = arrow.Field{Name: f.Name, Type: v.init(), Nullable: f.Type != Row}
		if f.Header != "" || f.Role != "" {
			list[i].Metadata = arrow.NewMetadata([]string{"header", "role"}, []string{f.Header, f.Role})
		}
	}
	b.schema = arrow.NewSchema(list, nil)
	b.reset()
	return b
}

// codeStride is the distance of two columns of codes in memory: a cache line more than a batch of them. A row writes to every column at the
// same place, and at a distance of a power of two all these places would share a few lines of the processor's cache.
const codeStride = BatchRows + 32

// newCodes makes the memory of all columns of codes.
func newCodes(fields []Field) []int16 {
	n := 0
	for _, f := range fields {
		if f.Type == Code {
			n += codeStride
		}
	}
	return make([]int16, n)
}

func (v *vector) init() arrow.DataType {
	switch v.kind {
	case Code:
		return arrow.PrimitiveTypes.Int16
	case Missing:
		v.small = make([]int8, BatchRows)
		return arrow.PrimitiveTypes.Int8
	case Row:
		v.ints = make([]int32, BatchRows)
		return arrow.PrimitiveTypes.Int32
	case Number:
		v.floats = make([]float64, BatchRows)
		return arrow.PrimitiveTypes.Float64
	case Time:
		v.times = make([]int64, BatchRows)
		return &arrow.TimestampType{Unit: arrow.Millisecond}
	}
	v.offsets = make([]int32, BatchRows+1)
	return arrow.BinaryTypes.String
}

// reset empties the batch. Codes and kinds of missing are filled with their nulls, because most rows set them.
func (b *Batch) reset() {
	b.rows = 0
	for i := range b.vecs {
		v := &b.vecs[i]
		for j := range v.codes {
			v.codes[j] = NullCode
		}
		clear(v.small)
		if v.kind == Number || v.kind == Time || v.kind == String {
			v.valid = make([]byte, BatchRows/8)
		}
		v.data, v.next = v.data[:0], 0
	}
}

// Schema is the columns of the batch.
func (b *Batch) Schema() *arrow.Schema { return b.schema }

// Rows is the number of finished rows; the row that is being set has this number.
func (b *Batch) Rows() int { return b.rows }

// Full reports whether the batch must be taken before the next row.
func (b *Batch) Full() bool { return b.rows == BatchRows }

// Next finishes the current row.
func (b *Batch) Next() { b.rows++ }

// SetCode sets a code of the current row.
func (b *Batch) SetCode(col int, code int16) { b.vecs[col].codes[b.rows] = code }

// SetMissing sets a kind of missing of the current row; 0 is none.
func (b *Batch) SetMissing(col int, code int8) { b.vecs[col].small[b.rows] = code }

// SetRow sets the row number of the current row.
func (b *Batch) SetRow(col int, row int32) { b.vecs[col].ints[b.rows] = row }

// SetNumber sets a number of the current row.
func (b *Batch) SetNumber(col int, n float64) {
	v := &b.vecs[col]
	v.floats[b.rows] = n
	bitutil.SetBit(v.valid, b.rows)
}

// SetTime sets a time of the current row, in milliseconds since 1970.
func (b *Batch) SetTime(col int, ms int64) {
	v := &b.vecs[col]
	v.times[b.rows] = ms
	bitutil.SetBit(v.valid, b.rows)
}

// SetString sets a text of the current row.
func (b *Batch) SetString(col int, s []byte) {
	v := &b.vecs[col]
	v.pad(b.rows)
	v.data = append(v.data, s...)
	v.next = b.rows + 1
	v.offsets[v.next] = int32(len(v.data))
	bitutil.SetBit(v.valid, b.rows)
}

// pad gives the rows before row that have no text an empty one.
func (v *vector) pad(row int) {
	if v.next == 0 {
		v.offsets[0] = 0
	}
	for ; v.next < row; v.next++ {
		v.offsets[v.next+1] = v.offsets[v.next]
	}
}

// CodeAt returns a code of the current row; NullCode if it is not set.
func (b *Batch) CodeAt(col int) int16 { return b.vecs[col].codes[b.rows] }

// MissingAt returns a kind of missing of the current row; 0 if there is none.
func (b *Batch) MissingAt(col int) int8 { return b.vecs[col].small[b.rows] }

// NumberAt returns a number of the current row.
func (b *Batch) NumberAt(col int) (float64, bool) {
	v := &b.vecs[col]
	return v.floats[b.rows], bitutil.BitIsSet(v.valid, b.rows)
}

// TimeAt returns a time of the current row, in milliseconds since 1970; ok is false where it is null.
func (b *Batch) TimeAt(col int) (ms int64, ok bool) {
	v := &b.vecs[col]
	return v.times[b.rows], v.valid[b.rows/8]&(1<<(b.rows%8)) != 0
}

// StringAt returns a text of the current row; it is valid until the next one is set.
func (b *Batch) StringAt(col int) ([]byte, bool) {
	v := &b.vecs[col]
	if v.next != b.rows+1 {
		return nil, false
	}
	return v.data[v.offsets[b.rows]:v.offsets[b.rows+1]], true
}

// Clear makes a number or text of the current row null again, as routing does.
func (b *Batch) Clear(col int) {
	v := &b.vecs[col]
	bitutil.ClearBit(v.valid, b.rows)
}

// Take returns the finished rows as a record and empties the batch. The record owns its memory.
func (b *Batch) Take() arrow.Record {
	arrays := make([]arrow.Array, len(b.vecs))
	for i := range b.vecs {
		arrays[i] = b.vecs[i].array(b.rows)
	}
	record := array.NewRecord(b.schema, arrays, int64(b.rows))
	for _, a := range arrays {
		a.Release()
	}
	b.reset()
	return record
}

// validCodes is the bitmap of the codes that are no nulls.
func validCodes(codes []int16) []byte {
	valid := make([]byte, bitutil.BytesForBits(int64(len(codes))))
	for i, code := range codes {
		other := uint16(code) ^ 1<<15 // 0 for NullCode
		valid[i>>3] |= byte((other|-other)>>15) << (i & 7)
	}
	return valid
}

// array copies the first n rows into an Arrow array.
func (v *vector) array(n int) arrow.Array {
	var valid, values []byte
	var kind arrow.DataType
	nulls := 0
	switch v.kind {
	case Code:
		kind = arrow.PrimitiveTypes.Int16
		values = append(values, arrow.Int16Traits.CastToBytes(v.codes[:n])...)
		valid = validCodes(v.codes[:n])
		nulls = n - bitutil.CountSetBits(valid, 0, n)
	case Missing:
		kind = arrow.PrimitiveTypes.Int8
		values = append(values, arrow.Int8Traits.CastToBytes(v.small[:n])...)
	case Row:
		kind = arrow.PrimitiveTypes.Int32
		values = append(values, arrow.Int32Traits.CastToBytes(v.ints[:n])...)
	case Number:
		kind = arrow.PrimitiveTypes.Float64
		values = append(values, arrow.Float64Traits.CastToBytes(v.floats[:n])...)
	case Time:
		kind = &arrow.TimestampType{Unit: arrow.Millisecond}
		values = append(values, arrow.Int64Traits.CastToBytes(v.times[:n])...)
	}
	if v.kind == Number || v.kind == Time || v.kind == String {
		valid = v.valid
		nulls = n - bitutil.CountSetBits(valid, 0, n)
	}
	buffers := []*memory.Buffer{memory.NewBufferBytes(valid)}
	if valid == nil {
		buffers[0] = nil
	}
	if v.kind == String {
		v.pad(n)
		kind = arrow.BinaryTypes.String
		buffers = append(buffers, memory.NewBufferBytes(append([]byte(nil), arrow.Int32Traits.CastToBytes(v.offsets[:n+1])...)), memory.NewBufferBytes(append([]byte(nil), v.data...)))
	} else {
		buffers = append(buffers, memory.NewBufferBytes(values))
	}
	data := array.NewData(kind, n, buffers, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}
