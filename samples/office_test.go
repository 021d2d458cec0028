package samples_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/ingest/vntext"
	"hailong/samples"
)

// recount reads an office sheet with another reader than ours and with no more knowledge than a clerk has: labels and codes, one or five columns an
// item, items told apart by their number in the header. It returns the answers by item number: level (0 blank or invalid) and count.
func recount(t *testing.T, path string, f samples.FileTruth) map[string]map[int]int {
	t.Helper()
	x, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rows, err := x.GetRows(f.Sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	names := headerNames(t, x, f, rows)
	out := map[string]map[int]int{}
	for r := f.Data[0]; r <= f.Data[1]; r++ {
		row := rows[r-1]
		if _, err := strconv.Atoi(row[0]); err != nil {
			continue // a group row
		}
		given := map[string][]int{}
		for c, name := range names {
			if name == "" {
				continue
			}
			cell := ""
			if c < len(row) {
				cell = decode(f.Encoding, row[c])
			}
			item, level, _ := strings.Cut(name, "|")
			if cell == "x" {
				cell = level
			} else if level != "" {
				cell = ""
			}
			if l := levelOf(cell); l > 0 || given[item] == nil {
				given[item] = append(given[item], l)
			}
		}
		for item, ls := range given {
			ls = slices.DeleteFunc(ls, func(l int) bool { return l == 0 })
			if out[item] == nil {
				out[item] = map[int]int{}
			}
			if len(ls) == 1 {
				out[item][ls[0]]++
			}
		}
	}
	return out
}

// headerNames returns the number of the item that each column belongs to, with the level of a tick column after a bar.
func headerNames(t *testing.T, x *excelize.File, f samples.FileTruth, rows [][]string) []string {
	t.Helper()
	merged, err := x.GetMergeCells(f.Sheet)
	if err != nil {
		t.Fatal(err)
	}
	values := map[[2]int]string{} // of merged ranges, by column and row
	for _, m := range merged {
		c1, r1, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		c2, r2, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for c := c1; c <= c2; c++ {
			for r := r1; r <= r2; r++ {
				values[[2]int{c, r}] = m.GetCellValue()
			}
		}
	}
	at := func(c, r int) string {
		if v, ok := values[[2]int{c, r}]; ok {
			return decode(f.Encoding, v)
		}
		if c-1 < len(rows[r-1]) {
			return decode(f.Encoding, rows[r-1][c-1])
		}
		return ""
	}
	codes := map[string]string{}
	n := 0
	for g, size := range []int{4, 5, 6, 3, 4} {
		for k := range size {
			n++
			codes[fmt.Sprintf("C%d.%d", g+1, k+1)] = strconv.Itoa(n)
		}
	}
	width := 0
	for _, r := range rows {
		width = max(width, len(r))
	}
	out := make([]string, width)
	for c := range width {
		name := at(c+1, f.Header[0]+1)
		item, _, found := strings.Cut(name, ". ")
		if code, ok := codes[name]; ok {
			item, found = code, true
		}
		if !found {
			continue
		}
		if f.Header[1] > f.Header[0]+1 {
			item += "|" + at(c+1, f.Header[1])
		}
		out[c] = item
	}
	return out
}

func decode(encoding, s string) string {
	if encoding == "tcvn3" {
		return vntext.Decode(vntext.TCVN3, s)
	}
	return vntext.NFC(s)
}

func levelOf(s string) int {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if len(s) > 4 && s[1:4] == " - " {
		s = s[:1]
	}
	for i, l := range []string{"rất không hài lòng", "không hài lòng", "bình thường", "hài lòng", "rất hài lòng"} {
		if s == l || s == strconv.Itoa(i+1) {
			return i + 1
		}
	}
	return 0
}

// The answers that a clerk would count in the nine workbooks are those of the truth.
func TestTraVinhWorkbooksHoldTheTruth(t *testing.T) {
	truth, err := travinh(t).Truth()
	if err != nil {
		t.Fatal(err)
	}
	total := map[string]map[int]int{}
	for _, f := range truth.Files {
		for item, counts := range recount(t, filepath.Join(travinhDir, "data", f.Path), f) {
			if total[item] == nil {
				total[item] = map[int]int{}
			}
			for level, n := range counts {
				total[item][level] += n
			}
		}
	}
	for j, want := range truth.Items {
		got := total[strconv.Itoa(j+1)]
		for l, n := range want.Counts {
			if got[l+1] != n {
				t.Errorf("%s: %d answers of level %d counted, the truth has %d", want.Item, got[l+1], l+1, n)
			}
		}
	}
}

// Every planted fault is where the truth says.
func TestTraVinhFaultsAreInTheirCells(t *testing.T) {
	truth, err := travinh(t).Truth()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, p := range truth.Problems {
		kinds[p.Kind]++
		x, err := excelize.OpenFile(filepath.Join(travinhDir, "data", p.Path))
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range p.Cells {
			v, err := x.GetCellValue(p.Sheet, ref, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if ok := v == "x" || strings.Contains(v, ";") || v >= "6"; !ok {
				t.Errorf("%s %s: %q is no fault", p.Path, ref, v)
			}
		}
		x.Close()
	}
	if kinds["two_marks"] != 3 || kinds["out_of_range"] != 2 {
		t.Errorf("planted %v, want 3 × two_marks and 2 × out_of_range", kinds)
	}
	dup := slices.IndexFunc(truth.Findings, func(f samples.FindingTruth) bool { return f.Check == "duplicate_form" })
	if dup < 0 || len(truth.Findings[dup].Rows) != 2 {
		t.Error("no form number is given twice")
	}
}

// Every sheet says that it is made up.
func TestEverySheetIsMarked(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(travinhDir, "data", "*.xlsx"))
	if err != nil || len(paths) != 9 {
		t.Fatalf("%d workbooks, %v; want nine", len(paths), err)
	}
	for _, path := range paths {
		x, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range x.GetSheetList() {
			rows, err := x.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(fmt.Sprint(rows), "SYNTHETIC DATA") {
				t.Errorf("%s, sheet %s does not say that its data are made up", path, name)
			}
		}
		x.Close()
	}
}
