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

// There is one set of respondents: the rows of the sheet with most items, of the outer one where there are as many, or of the sheet that the
// plan names. The rows of the other sheets with items are set aside, by reason.
func TestOneSetOfRespondents(t *testing.T) {
	parents, persons := []string{"3", "4", "5", "5", "5"}, []string{"4", "5", "1", "2", "3"}
	for _, c := range []struct {
		name, parentItem, childItem, pin string
		aside                            int64
		codes                            string
		guess                            string // the sheet of the guess "respondents"
		a1, a4                           []string
	}{
		{"items outside only", "A1", "Ghi nhận", "", 0, "repeat", "", parents, nil},
		{"the same items in both", "A1", "A1", "", 5, "repeat_and_parent", "form", parents, nil},
		{"as many items in both", "A1", "A4", "", 5, "repeat_and_parent", "form", parents, []string{"∅", "∅", "∅", "∅", "∅"}},
		{"pinned to the group", "A1", "A4", "persons", 5, "no_parent parent_without_rows repeat_and_parent two_parents", "persons", []string{"∅", "∅", "∅", "∅", "∅"}, persons},
		{"pinned to the form", "Ghi nhận", "A4", "form", 5, "no_items repeat_and_parent", "form", nil, []string{"∅", "∅", "∅", "∅", "∅"}},
		{"pinned to no sheet", "A1", "A4", "người", 5, "repeat_and_parent respondents_not_found", "form", parents, []string{"∅", "∅", "∅", "∅", "∅"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			o := Options{Files: []string{household(t, filepath.Join(dir, "a.xlsx"), c.parentItem, c.childItem)}, Definition: []byte(small), Out: dir}
			o.Layout.Respondents = c.pin
			for _, reused := range []bool{false, true} {
				report := run(t, o)
				if report.Files[0].Reused != reused {
					t.Fatalf("reused %v", report.Files[0].Reused)
				}
				l := report.Ledger
				if l.Kept != 5 || l.Read != 5+c.aside || sum(l.SetAside) != c.aside {
					t.Errorf("ledger %+v", l)
				}
				if c.aside > 0 && l.SetAside[0].Reason != "other_respondents" {
					t.Errorf("set aside as %+v", l.SetAside)
				}
				var codes []string
				for _, p := range report.Problems {
					if p.Code != "items_absent" && p.Code != "not_a_number" {
						codes = append(codes, p.Code)
					}
				}
				slices.Sort(codes)
				if got := strings.Join(codes, " "); got != c.codes {
					t.Errorf("problems %s, want %s", got, c.codes)
				}
				guessed := ""
				for _, g := range report.Files[0].Guesses {
					if g.What == "respondents" {
						guessed = g.Value
						if g.Pinned != (c.pin == g.Value) || g.Evidence == "" || g.EvidenceVI == "" {
							t.Errorf("guess %+v", g)
						}
					}
				}
				if guessed != c.guess {
					t.Errorf("respondents are %q, want %q", guessed, c.guess)
				}
				d := readDataset(t, dir)
				for name, want := range map[string][]string{"A1": c.a1, "A4": c.a4} {
					if want == nil {
						continue
					}
					if diff := cmp.Diff(want, d.column(name)); diff != "" {
						t.Errorf("%s: %s", name, diff)
					}
				}
			}
		})
	}
}

// More items in the group than outside: its rows are the respondents. A group that has exactly one row for every form is the other half of it.
func TestRespondentsByItems(t *testing.T) {
	form := func(items ...any) testSheet {
		rows := [][]any{{"Xã", "A1", "_id", "_uuid", "_submission_time", "_index"}}
		for k, a1 := range items {
			rows = append(rows, []any{fmt.Sprintf("Xã %d", k+1), a1, 10 + k, fmt.Sprintf("u%d", k), "2020-10-01T10:00:00", k + 1})
		}
		return testSheet{"form", rows}
	}
	persons := func(parents ...int) testSheet {
		rows := [][]any{{"A2", "A4", "_index", "_parent_table_name", "_parent_index"}}
		for k, parent := range parents {
			rows = append(rows, []any{k + 1, 5 - k, k + 1, "form", parent})
		}
		return testSheet{"persons", rows}
	}
	for _, c := range []struct {
		name   string
		sheets []testSheet
		aside  int64
		want   map[string][]string
	}{
		{"several rows a form", []testSheet{form(3, 4), persons(2, 1, 2)}, 2, map[string][]string{"A1": {"∅", "∅", "∅"}, "A4": {"5", "4", "3"}, "xa": {"Xã 2", "Xã 1", "Xã 2"}}},
		{"one row each", []testSheet{form(3, 4), persons(2, 1)}, 0, map[string][]string{"A1": {"4", "3"}, "A4": {"5", "4"}, "xa": {"Xã 2", "Xã 1"}}},
		{"a form without a row", []testSheet{form(3, 4, 5), persons(2, 1)}, 3, map[string][]string{"A1": {"∅", "∅"}, "A4": {"5", "4"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), c.sheets...)}, Definition: []byte(small), Out: dir})
			if got := sum(report.Ledger.SetAside); got != c.aside {
				t.Errorf("%d rows set aside, want %d", got, c.aside)
			}
			d := readDataset(t, dir)
			for name, want := range c.want {
				if diff := cmp.Diff(want, d.column(name)); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		})
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

// A damaged workbook may say that two sheets are each other's repeat group: they are read as far as they go, and no row is lost.
func TestSheetsThatAreEachOthersParent(t *testing.T) {
	dir := t.TempDir()
	sheet := func(name, above string) testSheet {
		return testSheet{name, [][]any{{"A1", "Xã", "_index", "_parent_table_name", "_parent_index"}, {4, "Xã " + name, 1, above, 1}, {5, "Xã " + name, 2, above, 2}}}
	}
	report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), sheet("a", "b"), sheet("b", "a"))}, Definition: []byte(small), Out: filepath.Join(dir, "out")})
	if l := report.Ledger; l.Read != l.Kept+sum(l.SetAside) || l.Kept == 0 {
		t.Errorf("ledger %+v", l)
	}
	if got := readDataset(t, filepath.Join(dir, "out")).column("A1"); len(got) != int(report.Ledger.Kept) {
		t.Errorf("A1 is %v", got)
	}
}
