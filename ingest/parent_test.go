package ingest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// household is a KoboToolbox export with a repeat group of persons; items says in which of the two sheets an item stands.
func household(t *testing.T, path string, parentItem, childItem string) string {
	t.Helper()
	form := [][]any{
		{"Xã", "Trọng số", "Họ và tên", parentItem, "_id", "_uuid", "_submission_time", "_index"},
		{"Xã Một", 1.5, "Bà Tư", 3, 11, "u1", "2020-10-01T10:00:00", 1},
		{"Xã Hai", "nặng", "Ông Năm", 4, 12, "u2", "2020-10-01T10:00:00", 2},
		{"Xã Ba", 1, "Cô Sáu", 5, 13, "u3", "2020-10-01T10:00:00", 3},
		{"Xã Bốn", 1, "Cô Bảy", 5, 14, "u4", "2020-10-01T10:00:00", 4},
		{"Xã Năm", 1, "Cô Tám", 5, 15, "u5", "2020-10-01T10:00:00", 4},
	}
	persons := [][]any{
		{"Giới tính", childItem, "_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"},
		{"Nam", 4, 1, "form", 2, 12, "u2"},
		{"Nữ", 5, 2, "form", 1, 11, "u1"},
		{"Nữ", 1, 3, "form", 2, 12, "u2"},
		{"Nam", 2, 4, "form", 9, 19, "u9"},
		{"Nam", 3, 5, "form", 4, 14, "u4"},
	}
	return book(t, path, testSheet{"form", form}, testSheet{"persons", persons})
}

func TestRepeatRowsCarryTheirParentsBackground(t *testing.T) {
	dir := t.TempDir()
	o := Options{Files: []string{household(t, filepath.Join(dir, "a.xlsx"), "Ghi nhận", "A1")}, Definition: []byte(small), Out: filepath.Join(dir, "out")}
	for _, reused := range []bool{false, true} {
		report := run(t, o)
		if report.Files[0].Reused != reused {
			t.Fatalf("reused %v", report.Files[0].Reused)
		}
		d := readDataset(t, o.Out)
		for name, want := range map[string][]string{
			"A1":   {"4", "5", "1", "2", "3"},
			"gioi": {"Nam", "Nữ", "Nữ", "Nam", "Nam"},
			"xa":   {"Xã Hai", "Xã Một", "Xã Hai", "∅", "∅"},
			"w":    {"∅", "1.5", "∅", "∅", "∅"},
		} {
			if diff := cmp.Diff(want, d.column(name)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		var got []string
		for _, p := range report.Problems {
			if p.Code != "items_absent" {
				got = append(got, fmt.Sprintf("%s %s %s %d", p.Code, p.Cell, p.Got, p.Count))
			}
		}
		slices.Sort(got)
		// The weight's problem stands in the parent's sheet; two persons have that parent.
		want := []string{"no_parent E5 9 1", "not_a_number 'form'!B3 nặng 2", "parent_without_rows 'form'!H4  1", "two_parents E6 4 1"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if l := report.Ledger; l.Read != 5 || l.Kept != 5 || len(report.Files[0].Sheets) != 1 || !strings.Contains(asJSON(t, report.Files[0].Guesses), "repeat_joined") {
			t.Errorf("ledger %+v, guesses %v", l, report.Files[0].Guesses)
		}
		if strings.Contains(asJSON(t, report.Files[0].Sheets[0].Columns), "Họ và tên") {
			t.Error("a name was carried to the repeat rows")
		}
	}
	report, err := Inspect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Files[0].Sheets[0].Columns {
		if c.Name == "xa" && (c.Cell != "'form'!A" || len(c.Values) != 2 || c.Values[0].Count != 2) {
			t.Errorf("inspected: %+v", c)
		}
	}
}

// Where the items stand in the parent sheet, or in both, the parent's rows are read as ever.
func TestItemsOfTheParentStayWithIt(t *testing.T) {
	for _, c := range []struct {
		parentItem, childItem string
		kept                  int64
		code                  string
		a1, a4                []string
	}{
		{"A1", "Ghi nhận", 5, "repeat", []string{"3", "4", "5", "5", "5"}, nil},
		{"A1", "A1", 5, "repeat", []string{"3", "4", "5", "5", "5"}, nil},
		{"A1", "A4", 10, "repeat_and_parent", []string{"3", "4", "5", "5", "5", "∅", "∅", "∅", "∅", "∅"}, []string{"∅", "∅", "∅", "∅", "∅", "4", "5", "1", "2", "3"}},
	} {
		dir := t.TempDir()
		report := run(t, Options{Files: []string{household(t, filepath.Join(dir, "a.xlsx"), c.parentItem, c.childItem)}, Definition: []byte(small), Out: dir})
		d := readDataset(t, dir)
		if report.Ledger.Kept != c.kept || !slices.ContainsFunc(report.Problems, func(p Problem) bool { return p.Code == c.code }) {
			t.Errorf("%+v: kept %d, problems %v", c, report.Ledger.Kept, report.Problems)
		}
		if diff := cmp.Diff(c.a1, d.column("A1")); diff != "" {
			t.Error(diff)
		}
		if c.a4 != nil {
			if diff := cmp.Diff(c.a4, d.column("A4")); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// In a group within a group the background comes from the outermost sheet; ODK joins by KEY and PARENT_KEY.
func TestRepeatsWithinRepeats(t *testing.T) {
	dir := t.TempDir()
	path := book(t, filepath.Join(dir, "kobo.xlsx"),
		testSheet{"form", [][]any{{"Xã", "Ghi nhận", "_id", "_uuid", "_submission_time", "_index"}, {"Xã Một", "a", 1, "u1", "2020-10-01T10:00:00", 1}, {"Xã Hai", "b", 2, "u2", "2020-10-01T10:00:00", 2}}},
		testSheet{"person", [][]any{{"Giới tính", "Ghi nhận", "_index", "_parent_table_name", "_parent_index"}, {"Nam", "c", 1, "form", 2}, {"Nữ", "d", 2, "form", 1}}},
		testSheet{"visit", [][]any{{"A1", "A4", "_index", "_parent_table_name", "_parent_index"}, {4, 5, 1, "person", 2}, {3, 2, 2, "person", 1}}})
	run(t, Options{Files: []string{path}, Definition: []byte(small), Out: dir})
	d := readDataset(t, dir)
	for name, want := range map[string][]string{"A1": {"4", "3"}, "gioi": {"Nữ", "Nam"}, "xa": {"Xã Một", "Xã Hai"}} {
		if diff := cmp.Diff(want, d.column(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	dir = t.TempDir()
	path = book(t, filepath.Join(dir, "odk.xlsx"),
		testSheet{"survey", [][]any{{"SubmissionDate", "Xã", "Ghi nhận", "KEY"}, {"2020-10-01", "Xã Một", "a", "uuid:1"}, {"2020-10-02", "Xã Hai", "b", "uuid:2"}}},
		testSheet{"member", [][]any{{"A1", "PARENT_KEY", "KEY", "SET-OF-member"}, {4, "uuid:2", "uuid:2/m1", "x"}, {5, "uuid:1", "uuid:1/m1", "x"}}})
	run(t, Options{Files: []string{path}, Definition: []byte(small), Out: dir})
	if diff := cmp.Diff([]string{"Xã Hai", "Xã Một"}, readDataset(t, dir).column("xa")); diff != "" {
		t.Error(diff)
	}
}
