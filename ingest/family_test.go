package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// familyRow is one row of a generated sheet: its key (0: none), its parent's, and what it says.
type familyRow struct {
	key, parent int
	strange     bool // names another table as its parent's
	says        string
}

// familySheet draws the rows of one level: keys come twice, are left out, stand in any order; parents are named that are not there.
func familySheet(t *rapid.T, level string, parents []familyRow, says []string) []familyRow {
	n := rapid.IntRange(1, 6).Draw(t, level+" rows")
	keys := rapid.Permutation([]int{1, 2, 3, 4, 5, 6}).Draw(t, level+" keys")[:n]
	rows := make([]familyRow, n)
	for i := range rows {
		rows[i] = familyRow{key: keys[i], says: rapid.SampledFrom(says).Draw(t, level+" says")}
		switch rapid.IntRange(0, 7).Draw(t, level+" key") {
		case 0:
			rows[i].key = rows[max(i-1, 0)].key // twice
		case 1:
			rows[i].key = 0 // blank
		}
		if parents != nil {
			rows[i].parent = rapid.OneOf(rapid.SampledFrom(parents), rapid.Just(familyRow{key: 9}), rapid.Just(familyRow{})).Draw(t, level+" parent").key
			rows[i].strange = i > 0 && rapid.IntRange(0, 9).Draw(t, level+" table") == 0
		}
	}
	return rows
}

// above is the only row that a row names as its parent, or why there is none.
func above(row familyRow, parents []familyRow, kobo bool) (at int, why string) {
	at = -1
	for i, p := range parents {
		if p.key != row.parent || p.key == 0 {
			continue
		}
		if at >= 0 {
			why = "two_parents"
		}
		at = i
	}
	switch {
	case at < 0, row.strange && kobo:
		return -1, "no_parent"
	case why != "":
		return -1, why
	}
	return at, ""
}

// Whatever a workbook of repeat groups looks like, every row of every sheet has one class, the ledger balances, each row of the group is there once
// with what its only parent says and nothing from another, and rows without a parent, with two, and parents without rows are counted.
func TestJoiningLosesAndInventsNothing(t *testing.T) {
	dir, files := t.TempDir(), t
	rapid.Check(t, func(t *rapid.T) {
		kobo := rapid.Bool().Draw(t, "kobo")
		forms := familySheet(t, "form", nil, []string{"Xã Một", "Xã Hai", "Xã Ba"})
		middle := rapid.Bool().Draw(t, "nested")
		persons := familySheet(t, "person", forms, []string{"Nam", "Nữ"})
		visits := familySheet(t, "visit", persons, []string{"1", "2", "3", "4", "5"})
		if !middle {
			visits = familySheet(t, "visit", forms, []string{"1", "2", "3", "4", "5"})
		}
		if !kobo && middle {
			// ODK does not name the sheet of the parent: it is known by a key of it that is named.
			persons[0].key, visits[0].parent = 6, 6
		}
		text := func(level string, key int) any {
			switch {
			case key == 0:
				return nil
			case kobo && key%2 == 0:
				return key
			case kobo:
				return fmt.Sprint(key) // KoboToolbox writes numbers as text where it is told so
			}
			return fmt.Sprintf("uuid:%s-%d", level, key)
		}
		sheet := func(name, says, above string, rows []familyRow) testSheet {
			head := []any{says, "Ghi nhận", "_id", "_uuid", "_submission_time", "_index"}
			switch {
			case kobo && above != "":
				head = []any{says, "Ghi nhận", "_index", "_parent_table_name", "_parent_index"}
			case !kobo && above == "":
				head = []any{says, "Ghi nhận", "SubmissionDate", "KEY"}
			case !kobo:
				head = []any{says, "Ghi nhận", "PARENT_KEY", "KEY", "SET-OF-" + name}
			}
			grid := [][]any{head}
			for i, r := range rows {
				note := fmt.Sprintf("dòng %d", i)
				table := above
				if r.strange {
					table = "another"
				}
				switch {
				case kobo && above == "":
					grid = append(grid, []any{r.says, note, i, fmt.Sprint("u", i), "2020-10-01T10:00:00", text(name, r.key)})
				case kobo:
					grid = append(grid, []any{r.says, note, text(name, r.key), table, text(above, r.parent)})
				case above == "":
					grid = append(grid, []any{r.says, note, "2020-10-01", text(name, r.key)})
				default:
					grid = append(grid, []any{r.says, note, text(above, r.parent), text(name, r.key), "x"})
				}
			}
			return testSheet{name, grid}
		}
		sheets := []testSheet{sheet("form", "Xã", "", forms)}
		if middle {
			sheets = append(sheets, sheet("person", "Giới tính", "form", persons), sheet("visit", "A1", "person", visits))
		} else {
			sheets = append(sheets, sheet("visit", "A1", "form", visits))
		}
		order := rapid.Permutation([]int{0, 1, 2}).Draw(t, "sheets")
		var shuffled []testSheet
		for _, i := range order {
			if i < len(sheets) {
				shuffled = append(shuffled, sheets[i])
			}
		}

		// What must come out.
		want := map[string][]string{}
		problems := map[string]int64{}
		met := map[int]bool{}
		parents := forms
		if middle {
			parents = persons
		}
		for _, v := range visits {
			want["A1"] = append(want["A1"], v.says)
			xa, gioi := "∅", "∅"
			at, why := above(v, parents, kobo)
			if why != "" {
				problems[why]++
			} else {
				met[parents[at].key] = true
				if middle {
					gioi = persons[at].says
					if at, why = above(persons[at], forms, kobo); why != "" {
						problems[why]++
					}
				}
				if why == "" {
					xa = forms[at].says
				}
			}
			want["xa"] = append(want["xa"], xa)
			if middle {
				want["gioi"] = append(want["gioi"], gioi)
			}
		}
		childless := func(rows []familyRow, met map[int]bool) {
			times := map[int]int{}
			for _, r := range rows {
				times[r.key]++
			}
			for key, n := range times {
				if key != 0 && n == 1 && !met[key] {
					problems["parent_without_rows"]++
				}
			}
		}
		childless(parents, met)
		if middle {
			met := map[int]bool{}
			for _, p := range persons {
				if at, why := above(p, forms, kobo); why == "" {
					met[forms[at].key] = true
				}
			}
			childless(forms, met)
		}

		path := book(files, filepath.Join(dir, "a.xlsx"), shuffled...)
		out := filepath.Join(dir, "out")
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
		report, err := Run(files.Context(), Options{Files: []string{path}, Definition: []byte(small), Out: out})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range report.Files[0].Sheets {
			if err := s.Ledger.Check(); err != nil {
				t.Fatalf("%s: %v", s.Sheet, err)
			}
			if s.Sheet == "visit" && (s.Ledger.Rows != int64(len(visits)+1) || s.Ledger.Kept != int64(len(visits)) || sum(s.Ledger.Classes) != 1) {
				t.Fatalf("%s: ledger %+v of %d rows", s.Sheet, s.Ledger, len(visits)+1)
			}
		}
		d := readDataset(files, out)
		if len(d.rows) != len(visits) {
			t.Fatalf("%d rows in the dataset, %d in the group", len(d.rows), len(visits))
		}
		for name, column := range want {
			if diff := cmp.Diff(column, d.column(name)); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", name, diff)
			}
		}
		got := map[string]int64{}
		for _, p := range report.Problems {
			if p.Code == "no_parent" || p.Code == "two_parents" || p.Code == "parent_without_rows" || strings.HasPrefix(p.Code, "ledger") {
				got[p.Code] += p.Count
			}
		}
		if diff := cmp.Diff(problems, got); diff != "" {
			t.Fatalf("problems (-want +got):\n%s", diff)
		}
	})
}
