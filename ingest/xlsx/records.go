package xlsx

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// recordRows is how many rows go into one record.
const recordRows = 1 << 13

// columnUse is what the cells of a column are, over all rows.
type columnUse struct{ numbers, dates, bools, others bool }

// kind is the Arrow type that loses none of the column's cells: a column of different kinds is text.
func (u columnUse) kind() arrow.DataType {
	switch u {
	case columnUse{numbers: true}:
		return arrow.PrimitiveTypes.Float64
	case columnUse{dates: true}:
		return &arrow.TimestampType{Unit: arrow.Millisecond}
	case columnUse{bools: true}:
		return arrow.FixedWidthTypes.Boolean
	}
	return arrow.BinaryTypes.String
}

// isMoment reports whether a cell is a date with a day: a time of day alone is text, for it has none.
func (w *Workbook) isMoment(c *Cell) bool {
	if c.Kind != Number || c.Num < 1 || !w.IsDateCell(c) {
		return false
	}
	_, ok := w.Time(c.Num)
	return ok
}

// recordSchema reads a sheet once for its columns: `row`, the row in the sheet, and by Excel's letters all that hold a value.
func recordSchema(ctx context.Context, w *Workbook, sheet int) (*arrow.Schema, []int, error) {
	uses := map[int]*columnUse{}
	rows := w.Rows(ctx, sheet)
	defer rows.Close()
	for rows.Next() {
		for i := range rows.Row().Cells {
			c := &rows.Row().Cells[i]
			if c.Kind == Empty {
				continue
			}
			u := uses[c.Col]
			if u == nil {
				u = &columnUse{}
				uses[c.Col] = u
			}
			switch {
			case w.isMoment(c):
				u.dates = true
			case c.Kind == Number && !w.IsDateCell(c):
				u.numbers = true
			case c.Kind == Bool:
				u.bools = true
			default:
				u.others = true
			}
		}
	}
	fields := []arrow.Field{{Name: "row", Type: arrow.PrimitiveTypes.Int32}}
	var columns []int
	for col := range uses {
		columns = append(columns, col)
	}
	slices.Sort(columns)
	for _, col := range columns {
		fields = append(fields, arrow.Field{Name: Name(col), Type: uses[col].kind(), Nullable: true})
	}
	return arrow.NewSchema(fields, nil), columns, rows.Err()
}

// eachRecord reads a sheet into records of a schema from recordSchema.
func eachRecord(ctx context.Context, w *Workbook, sheet int, schema *arrow.Schema, columns []int, write func(arrow.Record) error) error {
	place := map[int]int{}
	for i, col := range columns {
		place[col] = i + 1
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	flush := func() error {
		record := b.NewRecord()
		defer record.Release()
		if record.NumRows() == 0 {
			return nil
		}
		return write(record)
	}
	rows := w.Rows(ctx, sheet)
	defer rows.Close()
	var text []byte
	for count := 1; rows.Next(); count++ {
		row := rows.Row()
		b.Field(0).(*array.Int32Builder).Append(int32(row.Index))
		next := 1
		for i := range row.Cells {
			c := &row.Cells[i]
			if c.Kind == Empty {
				continue
			}
			for ; next < place[c.Col]; next++ {
				b.Field(next).AppendNull()
			}
			next++
			switch to := b.Field(place[c.Col]).(type) {
			case *array.Float64Builder:
				to.Append(c.Num)
			case *array.BooleanBuilder:
				to.Append(c.Num != 0)
			case *array.TimestampBuilder:
				t, _ := w.Time(c.Num)
				to.Append(arrow.Timestamp(t.UnixMilli()))
			case *array.StringBuilder:
				text = appendPlain(text[:0], w, c)
				to.BinaryBuilder.Append(text)
			}
		}
		for ; next <= len(columns); next++ {
			b.Field(next).AppendNull()
		}
		if count%recordRows == 0 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return errors.Join(rows.Err(), flush())
}

// appendPlain appends a cell as text: dates in ISO 8601, truth values as TRUE and FALSE, errors by their code.
func appendPlain(b []byte, w *Workbook, c *Cell) []byte {
	switch c.Kind {
	case Number:
		if d, ok := w.appendDate(b, c); ok {
			return d
		}
		return appendNumber(b, c.Num)
	case Bool:
		if c.Num != 0 {
			return append(b, "TRUE"...)
		}
		return append(b, "FALSE"...)
	}
	return append(b, c.Text...)
}

// WriteArrow writes one sheet as an Arrow IPC stream: a column `row`, and one for every column of the sheet that holds a value, by its letters.
// A column is of numbers, times (without a zone) or truth values where all its cells are, and else of text.
func WriteArrow(ctx context.Context, out io.Writer, w *Workbook, sheet int) error {
	schema, columns, err := recordSchema(ctx, w, sheet)
	if err != nil {
		return err
	}
	stream := ipc.NewWriter(out, ipc.WithSchema(schema))
	err = eachRecord(ctx, w, sheet, schema, columns, stream.Write)
	return errors.Join(err, stream.Close())
}

// WriteParquet writes one sheet as a Parquet file, in the columns of WriteArrow.
func WriteParquet(ctx context.Context, out io.Writer, w *Workbook, sheet int) error {
	schema, columns, err := recordSchema(ctx, w, sheet)
	if err != nil {
		return err
	}
	// The library would close what it writes to.
	file, err := pqarrow.NewFileWriter(schema, struct{ io.Writer }{out}, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy)), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return err
	}
	err = eachRecord(ctx, w, sheet, schema, columns, file.WriteBuffered)
	return errors.Join(err, file.Close())
}
