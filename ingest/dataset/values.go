package dataset

import (
	"context"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hailong/ingest/wording"
)

// A Value is one cell of a dataset file: a text, a number, or nothing.
type Value struct {
	Text   string
	Number float64
	Kind   ValueKind
}

// A ValueKind says what a Value holds.
type ValueKind uint8

// The kinds of values.
const (
	NoValue ValueKind = iota
	TextValue
	NumberValue
)

// Values calls each with every row of the file in order: the row's values in the named columns, nothing where the file has no such column. The slice is
// used again; the values in it may be kept.
func (r *Reader) Values(ctx context.Context, names []string, each func([]Value) error) error {
	at := make([]int, len(names))
	for i, name := range names {
		at[i] = -1
		if found := r.schema.FieldIndices(name); len(found) > 0 {
			at[i] = found[0]
		}
	}
	line := make([]Value, len(names))
	return r.Records(ctx, func(record arrow.Record) error {
		for row := range int(record.NumRows()) {
			for i, column := range at {
				line[i] = Value{}
				if column < 0 {
					continue
				}
				var err error
				if line[i], err = valueOf(record.Column(column), row); err != nil {
					return wording.Errorf("reading column %s: %w", names[i], err)
				}
			}
			if err := each(line); err != nil {
				return err
			}
		}
		return nil
	})
}

func valueOf(column arrow.Array, row int) (Value, error) {
	if column.IsNull(row) {
		return Value{}, nil
	}
	switch c := column.(type) {
	case *array.Int16:
		return Value{Kind: NumberValue, Number: float64(c.Value(row))}, nil
	case *array.Int8:
		return Value{Kind: NumberValue, Number: float64(c.Value(row))}, nil
	case *array.Int32:
		return Value{Kind: NumberValue, Number: float64(c.Value(row))}, nil
	case *array.Float64:
		return Value{Kind: NumberValue, Number: c.Value(row)}, nil
	case *array.String:
		return Value{Kind: TextValue, Text: strings.Clone(c.Value(row))}, nil // the record's memory is used again
	}
	return Value{}, wording.Errorf("values of type %s", column.DataType())
}
