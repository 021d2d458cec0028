package ingest

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// All spellings of an area get the one that came first in the order of the files, and never one that nobody wrote.
func TestAreasKeepTheSpellingThatCameFirst(t *testing.T) {
	dir := t.TempDir()
	head := []any{"Mã phiếu", "A1", "Xã"}
	paths := []string{
		book(t, filepath.Join(dir, "b.xlsx"), testSheet{"S", [][]any{head, {"1", 4, "Xã Nguyệt Hóa"}, {"2", 4, "xã Nguyệt Hoá"}, {"3", 4, "X. Hoà Lợi"}, {"4", 4, "XÃ HÒA LỢI"}}}),
		book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", [][]any{head, {"5", 4, "Xã Nguyệt Hoá"}, {"6", 4, "Xã Hòa Lợi"}, {"7", 4, "XÃ NGŨ LẠC"}, {"8", 4, "Ha\u0300 Tiên"}}}),
	}
	want := []string{"Xã Nguyệt Hóa", "Xã Nguyệt Hóa", "Xã Hoà Lợi", "Xã Hoà Lợi", "Xã Nguyệt Hóa", "Xã Hoà Lợi", "Xã Ngũ Lạc", "Hà Tiên"}
	o := Options{Files: paths, Definition: []byte(small), Out: filepath.Join(dir, "out")}
	for _, reused := range []bool{false, true} {
		report := run(t, o)
		if diff := cmp.Diff(want, readDataset(t, o.Out).column("xa")); diff != "" || report.Files[1].Reused != reused {
			t.Errorf("reused %v, want %v: %s", report.Files[1].Reused, reused, diff)
		}
	}
	// The other file alone is spelt as it is itself: what was respelt is another dataset file.
	o.Files = paths[1:]
	if report := run(t, o); !report.Files[0].Reused {
		t.Error("the file alone was read again")
	}
	if got := readDataset(t, o.Out).column("xa")[:2]; got[0] != "Xã Nguyệt Hoá" || got[1] != "Xã Hòa Lợi" {
		t.Errorf("the file alone: %v", got)
	}
}
