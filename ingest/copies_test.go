package ingest

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// One table on two sheets counts once; a table that goes on over sheets, with its header again or without it, counts whole. What was left out or appended
// is said, and the ledger of the file holds every row that was read.
func TestTablesOnSeveralSheets(t *testing.T) {
	forms := func(from, to int, header bool) [][]any {
		var rows [][]any
		if header {
			rows = append(rows, []any{"Mã phiếu", "Xã", "A1", "Ghi nhận"})
		}
		for i := from; i <= to; i++ {
			rows = append(rows, []any{fmt.Sprintf("%03d", i), fmt.Sprintf("Xã %d", 1+i%3), 1 + i%5, fmt.Sprintf("phiếu của hộ %d", i*7)})
		}
		return rows
	}
	for _, c := range []struct {
		name   string
		sheets []testSheet
		kept   int64
		left   string
	}{
		{"a copy", []testSheet{{"Phiếu", forms(1, 20, true)}, {"Bản sao", forms(1, 20, true)}}, 20, "Bản sao"},
		{"a copy of a part", []testSheet{{"Phiếu", forms(1, 20, true)}, {"Lọc", forms(5, 12, true)}}, 20, "Lọc"},
		{"with its header again", []testSheet{{"Trang 1", forms(1, 20, true)}, {"Trang 2", forms(21, 40, true)}}, 40, ""},
		{"without a header", []testSheet{{"Trang 1", forms(1, 20, true)}, {"Trang 2", forms(21, 40, false)}}, 40, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), c.sheets...)}, Definition: []byte(small), Out: filepath.Join(dir, "out")})
			if report.Ledger.Kept != c.kept {
				t.Errorf("%d forms kept, want %d", report.Ledger.Kept, c.kept)
			}
			left := ""
			for _, g := range report.Files[0].Guesses {
				if g.What == "sheet_left" {
					left += g.Value
				}
				if g.Evidence == "" || g.EvidenceVI == "" || g.Evidence == g.EvidenceVI {
					t.Errorf("a guess without evidence in two languages: %+v", g)
				}
			}
			if left != c.left {
				t.Errorf("left out %q, want %q", left, c.left)
			}
			ids := readDataset(t, filepath.Join(dir, "out")).column("ma")
			seen := map[string]bool{}
			for _, id := range ids {
				if seen[id] || len(id) != 3 {
					t.Errorf("form %q stands twice, or has lost its zeros", id)
				}
				seen[id] = true
			}
			if diff := cmp.Diff(int(c.kept), len(seen)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
