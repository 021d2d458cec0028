package ingest

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/ingest/vntext"
)

// root is the module's folder, where go.mod lies.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// definition is the text of a definition that ships with hailong.
func definition(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "analytics/index/definitions", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func sample(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root(t), "samples", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample files for %s: %v", pattern, err)
	}
	return files
}

// truth is what the seeded generator of the Trà Vinh sample knows about its files (samples/tra-vinh-2020/truth.json).
type truth struct {
	Forms int64
	Files []struct {
		Path    string
		Rows    int64
		Classes map[string]int64
	}
	Problems []struct {
		Path  string
		Cells []string
		Item  string
	}
	Findings []struct {
		Check, Path string
		Rows        []int
	}
	Items []struct {
		Item                    string
		Codes                   []int
		Counts                  []int64
		Blank, Refused, Invalid int64
		DontKnow                int64 `json:"dont_know"`
	}
}

func readTruth(t *testing.T) truth {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "samples/tra-vinh-2020/truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want truth
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// The nine workbooks of the sample hold labels, codes, `4 - Hài lòng`, ticks, NFD, TCVN3, reversed columns and group rows. Every row, count and
// planted fault must come out as the generator put it in.
func TestTraVinhAgainstTruth(t *testing.T) {
	out := t.TempDir()
	report := run(t, Options{Files: sample(t, "tra-vinh-2020/data/*.xlsx"), Definition: definition(t, "sipas-2017"), Out: out})
	want := readTruth(t)
	if report.Ledger.Kept != want.Forms {
		t.Errorf("kept %d forms, the generator made %d", report.Ledger.Kept, want.Forms)
	}
	for i, f := range want.Files {
		got := map[string]int64{"data": 0}
		var rows int64
		for _, s := range report.Files[i].Sheets {
			rows += s.Ledger.Rows
			got["data"] += s.Ledger.Read
			for _, c := range s.Ledger.Classes {
				got[c.Reason] += c.Rows
			}
		}
		if diff := cmp.Diff(f.Classes, got); diff != "" || rows != f.Rows {
			t.Errorf("%s: %d rows, want %d; classes (-want +got):\n%s", f.Path, rows, f.Rows, diff)
		}
	}
	checkFaults(t, want, report)
	checkFindings(t, want, report)
	table := readDataset(t, out)
	for _, item := range want.Items {
		got := table.codes(item.Item)
		for k, code := range item.Codes {
			if got[int16(code)] != item.Counts[k] {
				t.Errorf("%s: %d answers %d, want %d", item.Item, got[int16(code)], code, item.Counts[k])
			}
		}
		// A tick sheet has no box for "don't know": there it is a row without a tick, so blanks and don't knows are compared together.
		if got[nullCode]+got[-1] != item.Blank+item.DontKnow || got[-2] != item.Refused || got[-4] != item.Invalid {
			t.Errorf("%s: blank or don't know %d, refused %d, invalid %d; want %+v", item.Item, got[nullCode]+got[-1], got[-2], got[-4], item)
		}
	}
}

// checkFaults compares the problems with the faults that were planted: all of them, and no others.
func checkFaults(t *testing.T, want truth, report *Report) {
	t.Helper()
	faults := map[string]bool{}
	for _, p := range report.Problems {
		faults[filepath.Base(p.File)+"!"+p.Cell] = true
	}
	for _, p := range want.Problems {
		if !faults[p.Path+"!"+p.Cells[0]] {
			t.Errorf("the fault planted in %s %v (%s) was not reported; reported: %v", p.Path, p.Cells, p.Item, faults)
		}
	}
	if len(report.Problems) != len(want.Problems) {
		t.Errorf("%d problems, %d faults were planted: %v", len(report.Problems), len(want.Problems), report.Problems)
	}
}

func checkFindings(t *testing.T, want truth, report *Report) {
	t.Helper()
	found := map[string]bool{}
	for _, f := range report.Findings {
		for _, c := range f.Cells {
			found[f.Code+" "+c.File+" "+strconv.Itoa(c.Row)] = true
		}
	}
	for _, f := range want.Findings {
		// Of two forms with one number the generator names both; the finding is about the second.
		rows := f.Rows
		if f.Check == "duplicate_form" {
			rows = rows[1:]
		}
		for _, row := range rows {
			if key := f.Check + " " + f.Path + " " + strconv.Itoa(row); !found[key] {
				t.Errorf("no finding %s", key)
			}
		}
	}
}

// answers.csv holds the sample's coded answers, form by form, as the generator made them.
func TestTraVinhAnswerByAnswer(t *testing.T) {
	out := t.TempDir()
	run(t, Options{Files: sample(t, "tra-vinh-2020/data/*.xlsx"), Definition: definition(t, "sipas-2017"), Out: out})
	f, err := os.Open(filepath.Join(root(t), "samples/tra-vinh-2020/answers.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]map[string]string{}
	for _, row := range readDataset(t, out).rows {
		rows[row["ma_phieu"]] = append(rows[row["ma_phieu"]], row)
	}
	wrong := 0
	for _, line := range lines[1:] {
		list := rows[line[0]]
		if len(list) == 0 {
			t.Fatalf("form %s is not in the dataset", line[0])
		}
		row := list[0]
		rows[line[0]] = list[1:]
		for k, name := range lines[0] {
			if name == "form" || name == "xa_code" || sameValue(line[k], row[name]) {
				continue
			}
			// The official list has both Hoà Tân and Tân Hòa; the dataset spells all names in one way.
			if name == "xa" && vntext.UnitKey(line[k]) == vntext.UnitKey(row[name]) {
				continue
			}
			// District 846 keeps a tick sheet, which has no box for "don't know".
			if strings.HasPrefix(line[0], "846-") && line[k] == "-1" && row[name] == "" {
				continue
			}
			wrong++
			t.Errorf("form %s, %s: got %q, want %q", line[0], name, row[name], line[k])
			if wrong > 20 {
				t.FailNow()
			}
		}
	}
}

func sameValue(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return a == b || (errX == nil && errY == nil && x == y)
}

// BenchmarkTraVinh reads the nine small workbooks of the sample, as a person waits for it.
func BenchmarkTraVinh(b *testing.B) {
	files, text := sample(b, "tra-vinh-2020/data/*.xlsx"), definition(b, "sipas-2017")
	for b.Loop() {
		run(b, Options{Files: files, Definition: text, Out: b.TempDir(), NoCache: true})
	}
}
