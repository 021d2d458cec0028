package dataset

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// fill makes a record of n rows with every type of column; row i is null where i is a multiple of 3.
func fill(n int) arrow.Record {
	b := NewBatch([]Field{{Name: RowColumn, Type: Row}, {Name: "q", Type: Code}, {Name: "q_missing", Type: Missing}, {Name: "w", Type: Number}, {Name: "xa", Type: String, Header: "Xã"}, {Name: "t", Type: Time}})
	for i := range n {
		b.SetRow(0, int32(i+2))
		if i%3 != 0 {
			b.SetCode(1, int16(i%5))
			b.SetMissing(2, -1)
			b.SetNumber(3, float64(i)/2)
			b.SetString(4, []byte("Xã Hòa Lợi"))
			b.SetTime(5, int64(i)*1000)
		}
		b.Next()
	}
	return b.Take()
}

func TestRowsComeBackAsTheyWereSet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.parquet")
	record := fill(1000)
	w, err := Create(path, record.Schema(), []string{"xa"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(record); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteWithout(record, map[int32]bool{2: true, 3: true, 1001: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file has its name before it is finished")
	}
	if err := w.Close([]byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if meta, err := r.Meta(); err != nil || string(meta) != `{"a":1}` {
		t.Errorf("metadata %s, %v", meta, err)
	}
	if r.Rows() != 1997 {
		t.Fatalf("%d rows, want 1000 + 997", r.Rows())
	}
	var rows []int32
	err = r.Records(context.Background(), func(got arrow.Record) error {
		for i := range int(got.NumRows()) {
			row := got.Column(0).(*array.Int32).Value(i)
			rows = append(rows, row)
			at := int(row) - 2
			for k := 1; k < 6; k++ {
				if null := at%3 == 0 && k != 2; got.Column(k).IsNull(i) != null {
					t.Fatalf("row %d, column %d: null is %v", row, k, !null)
				}
			}
			if at%3 != 0 && (got.Column(1).(*array.Int16).Value(i) != int16(at%5) || got.Column(3).(*array.Float64).Value(i) != float64(at)/2 || got.Column(4).(*array.String).Value(i) != "Xã Hòa Lợi") {
				t.Fatalf("row %d: %v", row, got)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if rows[0] != 2 || rows[999] != 1001 || rows[1000] != 4 || rows[1996] != 1000 {
		t.Errorf("rows are out of order: %d %d %d %d", rows[0], rows[999], rows[1000], rows[1996])
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	record := fill(10)
	w, err := Create(filepath.Join(dir, "a.parquet"), record.Schema(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(record); err != nil {
		t.Fatal(err)
	}
	w.Abort()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestManifestNamesTheFilesOfTheLastRun(t *testing.T) {
	dir := t.TempDir()
	if _, err := Files(dir); err == nil {
		t.Error("a folder without a manifest is a dataset")
	}
	for _, files := range [][]string{{"a.parquet", "b.parquet"}, {"c.parquet"}} {
		if err := WriteManifest(dir, files); err != nil {
			t.Fatal(err)
		}
		got, err := Files(dir)
		if err != nil || len(got) != len(files) || got[0] != filepath.Join(dir, files[0]) {
			t.Errorf("got %v, %v; want %v", got, err, files)
		}
	}
}
