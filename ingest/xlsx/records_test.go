package xlsx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// said writes records as lines: the schema's types, then the values of each row.
func said(schema *arrow.Schema, records []arrow.Record) string {
	var b strings.Builder
	for _, f := range schema.Fields() {
		fmt.Fprintf(&b, "%s:%s ", f.Name, f.Type)
	}
	for _, r := range records {
		for i := range int(r.NumRows()) {
			b.WriteString("\n")
			for _, c := range r.Columns() {
				fmt.Fprintf(&b, "%s|", c.ValueStr(i))
			}
		}
	}
	return b.String()
}

func arrowOf(t *testing.T, w *Workbook) (string, int) {
	t.Helper()
	var out bytes.Buffer
	if err := WriteArrow(context.Background(), &out, w, 0); err != nil {
		t.Fatal(err)
	}
	stream, err := ipc.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Release()
	var records []arrow.Record
	rows := 0
	for stream.Next() {
		stream.Record().Retain()
		records = append(records, stream.Record())
		rows += int(stream.Record().NumRows())
	}
	if err := stream.Err(); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return said(stream.Schema(), records), rows
}

func parquetOf(t *testing.T, w *Workbook) string {
	t.Helper()
	var out bytes.Buffer
	if err := WriteParquet(context.Background(), &out, w, 0); err != nil {
		t.Fatal(err)
	}
	f, err := file.NewParquetReader(bytes.NewReader(out.Bytes()), file.WithReadProps(parquet.NewReaderProperties(memory.DefaultAllocator)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 1 << 20}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := r.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Release()
	var records []arrow.Record
	for reader.Next() {
		reader.Record().Retain()
		records = append(records, reader.Record())
	}
	schema, err := r.Schema()
	if err != nil {
		t.Fatal(err)
	}
	return said(schema, records)
}

// Columns that hold one kind are of that kind, all others are text; an error among numbers, a time of day among days and the 29th of February 1900 lose nothing.
func TestWriteRecords(t *testing.T) {
	want := "row:int32 A:utf8 B:float64 C:utf8 D:utf8 E:utf8 F:utf8 G:float64 " +
		"\n2|a\"b\\\t\nđ|0.1|TRUE|#N/A|2021-01-01T12:00:00||(null)|" +
		"\n4|=1+1, x|(null)|2021-01-01|06:00:00|60|-5|1e+300|"
	got, _ := arrowOf(t, dumpBook(t))
	if got != want {
		t.Errorf("Arrow\ngot  %q\nwant %q", got, want)
	}
	if got := parquetOf(t, dumpBook(t)); got != want {
		t.Errorf("Parquet\ngot  %q\nwant %q", got, want)
	}
	pure := rows(`<row r="1"><c r="A1" s="1"><v>44197.5</v></c><c r="C1" t="b"><v>1</v></c></row><row r="3"><c r="A3" s="1"><v>44198</v></c><c r="C3" t="b"><v>0</v></c></row>`).with("xl/styles.xml", dateStyles).must(t)
	want = "row:int32 A:timestamp[ms] C:bool \n1|2021-01-01 12:00:00Z|true|\n3|2021-01-02 00:00:00Z|false|"
	if got, _ := arrowOf(t, pure); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := parquetOf(t, pure); got != want {
		t.Errorf("Parquet\ngot  %q\nwant %q", got, want)
	}
}

// A sheet of more rows than a record holds has them all, in order.
func TestWriteRecordsOfManyRows(t *testing.T) {
	var xml strings.Builder
	for i := range 2*recordRows + 5 {
		fmt.Fprintf(&xml, `<row r="%d"><c r="B%d"><v>%d</v></c></row>`, i+1, i+1, 7*i)
	}
	got, n := arrowOf(t, rows(xml.String()).must(t))
	if n != 2*recordRows+5 || !strings.Contains(got, fmt.Sprintf("\n%d|%d|\n%d|%d|", recordRows, 7*(recordRows-1), recordRows+1, 7*recordRows)) || !strings.HasSuffix(got, fmt.Sprintf("|%d|", 7*(n-1))) {
		t.Errorf("%d rows", n)
	}
	if parquetOf(t, rows(xml.String()).must(t)) != got {
		t.Error("Parquet has other rows")
	}
}
