package reports

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/reports/workbook/lint"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The whole workbook as text: read the difference before taking it over with -update.
func TestGoldenDump(t *testing.T) {
	var got strings.Builder
	if err := lint.Dump(&got, opened(t, written(t, Options{Superior: "Ủy ban nhân dân tỉnh Trà Vinh", Date: "2021-02-05"}))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "workbook.vi.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}
