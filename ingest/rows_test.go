package ingest

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/ingest/layout"
)

// A commune that is written once for all its forms counts for each of them; an answer that is merged downwards for its first row only.
func TestMergedCellsCountForTheirRows(t *testing.T) {
	for _, rows := range []int{4, 1000} { // in a long sheet the merged ranges are found after the first pass
		dir := t.TempDir()
		sheet := [][]any{{"Mã phiếu", "Xã", "A1"}, {"1", down{"Xã Một", 2}, down{"Hài lòng", 2}}, {"2", nil, nil}, {"3", "Xã Hai", 5}, {"4", down{"Xã Ba", 2}, 3}, {"5", nil, 4}}
		for i := len(sheet); i <= rows; i++ {
			sheet = append(sheet, []any{fmt.Sprint(i), "Xã Hai", 4})
		}
		report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", sheet})}, Definition: []byte(small), Out: dir})
		d := readDataset(t, dir)
		if diff := cmp.Diff([]string{"Xã Một", "Xã Một", "Xã Hai", "Xã Ba", "Xã Ba"}, d.column("xa")[:5]); diff != "" {
			t.Errorf("%d rows: %s", rows, diff)
		}
		if diff := cmp.Diff([]string{"4", "∅", "5", "3", "4"}, d.column("A1")[:5]); diff != "" {
			t.Errorf("%d rows: %s", rows, diff)
		}
		if !guessed(report, "merged_cells") {
			t.Errorf("no guess says that merged cells were carried: %v", report.Files[0].Sheets[0].Guesses)
		}
	}
}

func guessed(r *Report, what string) bool {
	return slices.ContainsFunc(r.Files[0].Sheets[0].Guesses, func(g layout.Guess) bool { return g.What == what })
}

// The rows of a second table below the first are no forms of the first; the report says so.
func TestASecondTableBelowIsGuessed(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{{"STT", "Mã phiếu", "A1"}, {1, "a", 4}, {2, "b", 5}, {"Tổng cộng", nil, nil}, {"STT", "Cán bộ", "Số phiếu phát ra"}, {1, "Bà Tư", 20}, {2, "Ông Năm", 30}}
	report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir})
	if report.Ledger.Kept != 2 || !guessed(report, "other_table") {
		t.Errorf("kept %d rows; guesses %v", report.Ledger.Kept, report.Files[0].Sheets[0].Guesses)
	}
}

// A column without a header whose first value stands far down is in the dataset all the same.
func TestALateColumnWithoutHeaderIsKept(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{{"Mã phiếu", "A1"}}
	for i := range 1000 {
		rows = append(rows, []any{fmt.Sprint(i), 4})
	}
	rows[900] = []any{"900", 4, "ghi chú"}
	report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir})
	if got := readDataset(t, dir).column("column_c")[899]; got != "ghi chú" {
		t.Errorf("the late cell is %q in the dataset; problems %v", got, report.Problems)
	}
}
