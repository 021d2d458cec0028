package ingest

import (
	"context"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hailong/ingest/dataset"
)

// nullCode stands for a null in the counts of a table.
const nullCode = math.MinInt16

// table is a dataset read back: every row as text by column; a null is absent.
type table struct {
	rows   []map[string]string
	fields map[string]arrow.DataType
}

// codes counts an item's codes.
func (d table) codes(item string) map[int16]int64 {
	counts := map[int16]int64{}
	for _, row := range d.rows {
		code := int16(nullCode)
		if text, ok := row[item]; ok {
			n, err := strconv.Atoi(text)
			if err != nil {
				continue
			}
			code = int16(n)
		}
		counts[code]++
	}
	return counts
}

// column is one column from top to bottom, "∅" for null.
func (d table) column(name string) []string {
	var list []string
	for _, row := range d.rows {
		if text, ok := row[name]; ok {
			list = append(list, text)
		} else {
			list = append(list, "∅")
		}
	}
	return list
}

// run is Run that must succeed, with a ledger that balances.
func run(t testing.TB, o Options) *Report {
	t.Helper()
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Ledger.Check(); err != nil {
		t.Fatal(err)
	}
	return report
}

// readDataset reads the dataset of a folder back from its Parquet files.
func readDataset(t testing.TB, dir string) table {
	t.Helper()
	files, err := dataset.Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	d := table{fields: map[string]arrow.DataType{}}
	for _, file := range files {
		r, err := dataset.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Schema().Fields() {
			d.fields[f.Name] = f.Type
		}
		if err := r.Records(context.Background(), func(record arrow.Record) error { d.add(record); return nil }); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func (d *table) add(record arrow.Record) {
	from := len(d.rows)
	for range int(record.NumRows()) {
		d.rows = append(d.rows, map[string]string{})
	}
	for k, field := range record.Schema().Fields() {
		for i := range int(record.NumRows()) {
			if text, ok := cellText(record.Column(k), i); ok {
				d.rows[from+i][field.Name] = text
			}
		}
	}
}

func cellText(column arrow.Array, i int) (string, bool) {
	if column.IsNull(i) {
		return "", false
	}
	switch column := column.(type) {
	case *array.Int16:
		return strconv.Itoa(int(column.Value(i))), true
	case *array.Int8:
		return strconv.Itoa(int(column.Value(i))), true
	case *array.Int32:
		return strconv.Itoa(int(column.Value(i))), true
	case *array.Float64:
		return strconv.FormatFloat(column.Value(i), 'f', -1, 64), true
	case *array.String:
		return column.Value(i), true
	case *array.Timestamp:
		return time.UnixMilli(int64(column.Value(i))).UTC().Format("2006-01-02T15:04:05"), true
	}
	return "", false
}
