package main

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/reports/workbook/lint"
)

var updateWorkbook = flag.Bool("update-workbook", false, "write the sample workbook's text dump anew")

// The whole sample workbook, from the district files to the last cell, as text: a figure that changes shows as a line that differs.
// Read the difference before taking it over: go test ./cmd/hailong -run TestSampleWorkbook -update-workbook.
func TestSampleWorkbook(t *testing.T) {
	dir := t.TempDir()
	book := filepath.Join(dir, "sipas-tra-vinh-2020.xlsx")
	var stderr strings.Builder
	code := run(context.Background(), []string{"run", "../../samples/tra-vinh-2020/plan.yaml", "--lang", "vi", "--out", book, "--dataset", filepath.Join(dir, "ds")}, nil, io.Discard, &stderr)
	if code != exitProblems {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	data, err := os.ReadFile(book)
	if err != nil {
		t.Fatal(err)
	}
	file, err := lint.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range lint.Check(file) {
		t.Error(fault)
	}
	var got strings.Builder
	if err := lint.Dump(&got, file); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("..", "..", "reports", "testdata", "tra-vinh-2020.vi.txt")
	if *updateWorkbook {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("the sample workbook is another (-before +now):\n%s", diff)
	}
}
