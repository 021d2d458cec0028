package export

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hailong/ingest/dataset"
	"hailong/ingest/wording"
)

// timeForm is how a time is written: R, Stata and SPSS read it, and it sorts.
const timeForm = "2006-01-02 15:04:05"

// writeData writes the rows of all files, and notes how many there are and how long the texts are.
func (t *table) writeData(ctx context.Context, out io.Writer) error {
	w := csv.NewWriter(out)
	line := make([]string, len(t.variables))
	for i, v := range t.variables {
		line[i] = v.name
	}
	if err := w.Write(line); err != nil {
		return err
	}
	for _, p := range t.parts {
		if err := t.writePart(ctx, w, p, line); err != nil {
			return wording.Errorf("%s: %w", p.path, err)
		}
	}
	w.Flush()
	return w.Error()
}

func (t *table) writePart(ctx context.Context, w *csv.Writer, p part, line []string) (err error) {
	r, err := dataset.Open(p.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return r.Records(ctx, func(record arrow.Record) error {
		for row := range int(record.NumRows()) {
			for i, v := range t.variables {
				text := ""
				switch {
				case v.name == fileVariable:
					text = oneLine(p.file)
				case v.name == sheetVariable:
					text = oneLine(p.sheet)
				case p.columns[i] >= 0:
					if text, err = cell(record.Column(p.columns[i]), row); err != nil {
						return wording.Errorf("column %s: %w", v.column, err)
					}
				}
				v.width = max(v.width, len(text))
				line[i] = text
			}
			t.rows++
			if err := w.Write(line); err != nil {
				return err
			}
		}
		return nil
	})
}

// cell is a value as data.csv has it; null is empty. Numbers keep every digit.
func cell(column arrow.Array, row int) (string, error) {
	if column.IsNull(row) {
		return "", nil
	}
	switch c := column.(type) {
	case *array.Int16:
		return strconv.Itoa(int(c.Value(row))), nil
	case *array.Int8:
		return strconv.Itoa(int(c.Value(row))), nil
	case *array.Int32:
		return strconv.Itoa(int(c.Value(row))), nil
	case *array.Float64:
		return number(c.Value(row)), nil
	case *array.String:
		return oneLine(c.Value(row)), nil
	case *array.Timestamp:
		return time.UnixMilli(int64(c.Value(row))).UTC().Format(timeForm), nil
	}
	return "", wording.Errorf("values of type %s", column.DataType())
}

// number keeps every digit, and an exponent away from what may be a long form number.
func number(f float64) string {
	if a := math.Abs(f); a == 0 || a >= 1e-6 && a < 1e15 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// oneLine puts spaces in place of line ends.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n\x00") {
		return s
	}
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\x00", " ").Replace(s)
}

// writeCodebook writes one line a value that has a meaning, and one for each variable that has none.
func (t *table) writeCodebook(out io.Writer) error {
	w := csv.NewWriter(out)
	if err := w.Write([]string{"variable", "column", "label_vi", "label_en", "role", "type", "code", "code_label_vi", "code_label_en", "missing"}); err != nil {
		return err
	}
	for _, v := range t.variables {
		line := []string{v.name, v.column, oneLine(v.label.VI), oneLine(v.label.EN), v.role, string(v.kind)}
		if len(v.levels) == 0 {
			if err := w.Write(append(line, "", "", "", "")); err != nil {
				return err
			}
		}
		for _, l := range v.levels {
			// The values of a text are the labels themselves: there is no code in the data.
			code := ""
			if v.kind != kindText {
				code = strconv.Itoa(l.code)
			}
			if err := w.Write(append(line[:6:6], code, oneLine(l.label.VI), oneLine(l.label.EN), l.missing)); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}
