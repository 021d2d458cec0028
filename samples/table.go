package samples

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// WriteCSV writes the sheet that look describes as comma-separated text in UTF-8; stratum −1 writes all. Formulas stand as their
// values, times as they are shown, merged cells as their first one.
func (s *Survey) WriteCSV(w io.Writer, look Look, stratum int) error {
	v, err := s.stratumView(look, stratum)
	if err != nil {
		return err
	}
	sh, err := v.sheet()
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	var record []string
	at := 0
	err = sh.rows(func(r row) error {
		for at++; at < r.index; at++ {
			if err := out.Write([]string{""}); err != nil {
				return err
			}
		}
		record = record[:0]
		for _, c := range r.cells {
			switch c.kind {
			case textCell:
				record = append(record, c.text)
			case numberCell:
				if c.style == styleDate {
					record = append(record, shownTime(c.num))
				} else {
					record = append(record, decimal(c.num))
				}
			case emptyCell:
				record = append(record, "")
			}
		}
		return out.Write(record)
	})
	if err != nil {
		return fmt.Errorf("writing csv: %w", err)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing csv: %w", err)
	}
	return nil
}

// shownTime is a serial date as the sheet shows it, to the second: what Excel writes into a csv.
func shownTime(serial float64) string {
	t := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(math.Round(serial*86_400)) * time.Second)
	return fmt.Sprintf("%d/%d/%d %d:%02d:%02d", t.Day(), t.Month(), t.Year(), t.Hour(), t.Minute(), t.Second())
}

// parquetRows is how many forms go into one row group.
const parquetRows = 64 << 10

// WriteParquet writes the forms as a typed table: texts, the number characteristics, the weight, and every item as its code (null is blank; the other
// kinds of missing are the dataset's negative codes), those that take several answers as one such column a choice. The columns are those of the plain sheet.
func (s *Survey) WriteParquet(w io.Writer) error {
	v := s.view(Look{}, 0, len(s.Forms))
	fields := []arrow.Field{
		{Name: "synthetic", Type: arrow.BinaryTypes.String},
		{Name: s.Spec.Columns.Form, Type: arrow.BinaryTypes.String},
		{Name: s.Spec.Columns.Stratum, Type: arrow.BinaryTypes.String},
		{Name: s.Spec.Columns.PSU, Type: arrow.BinaryTypes.String},
	}
	for _, ch := range s.Spec.Background {
		f := arrow.Field{Name: ch.ID, Type: arrow.BinaryTypes.String}
		if ch.Number {
			f.Type = arrow.PrimitiveTypes.Int32
		}
		fields = append(fields, f)
	}
	for _, im := range s.items {
		fields = append(fields, arrow.Field{Name: im.ID, Type: arrow.PrimitiveTypes.Int32, Nullable: true})
	}
	for _, cm := range s.choices {
		for k := range cm.codes {
			fields = append(fields, arrow.Field{Name: cm.columnName(k), Type: arrow.PrimitiveTypes.Int32, Nullable: true})
		}
	}
	fields = append(fields, arrow.Field{Name: s.Spec.Columns.Weight, Type: arrow.PrimitiveTypes.Float64})
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	out, err := pqarrow.NewFileWriter(b.Schema(), w, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy)), pqarrow.DefaultWriterProps())
	if err != nil {
		return fmt.Errorf("writing parquet: %w", err)
	}
	for lo := 0; lo < len(s.Forms); lo += parquetRows {
		for i := lo; i < min(lo+parquetRows, len(s.Forms)); i++ {
			v.appendRecord(b, i)
		}
		rec := b.NewRecord()
		err := out.Write(rec)
		rec.Release()
		if err != nil {
			return fmt.Errorf("writing parquet: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("closing parquet: %w", err)
	}
	return nil
}

// appendRecord adds one form to the columns of WriteParquet, in their order.
func (v view) appendRecord(b *array.RecordBuilder, i int) {
	col := 0
	next := func() array.Builder {
		col++
		return b.Field(col - 1)
	}
	str := func(s string) {
		if f, ok := next().(*array.StringBuilder); ok {
			f.Append(s)
		}
	}
	integer := func(n int, given bool) {
		if f, ok := next().(*array.Int32Builder); ok {
			if given {
				f.Append(int32(n))
			} else {
				f.AppendNull()
			}
		}
	}
	str("GIẢ LẬP / SYNTHETIC")
	str(v.Forms[i].Number)
	str(v.stratum(i).Name)
	str(v.psu(i).Name)
	for c, ch := range v.Spec.Background {
		if ch.Number {
			integer(v.value(i, c), true)
		} else {
			str(ch.Values[v.value(i, c)].Label)
		}
	}
	for j := range v.items {
		code, given := v.Answer(i, j)
		integer(code, given)
	}
	for c, cm := range v.choices {
		for k := range cm.codes {
			integer(v.picked(i, c).code(k))
		}
	}
	if f, ok := next().(*array.Float64Builder); ok {
		f.Append(v.Forms[i].Weight)
	}
}
