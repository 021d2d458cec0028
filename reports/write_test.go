package reports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"hailong/analytics/result"
	"hailong/reports/workbook/lint"
)

func TestSameSetGivesSameBytes(t *testing.T) {
	sums := make([][32]byte, 4)
	var group sync.WaitGroup
	for i := range sums {
		group.Go(func() {
			var b bytes.Buffer
			if err := WriteTo(&b, fixture(fixtureSize{}), Options{}); err != nil {
				t.Error(err)
			}
			sums[i] = sha256.Sum256(b.Bytes())
		})
	}
	group.Wait()
	for _, sum := range sums[1:] {
		if sum != sums[0] {
			t.Fatal("the same set gave different bytes")
		}
	}
}

func TestBothLanguagesHaveTheSameCellsNamesAndFormulas(t *testing.T) {
	vi, en := opened(t, written(t, Options{Lang: "vi"})), opened(t, written(t, Options{Lang: "en"}))
	names := func(f *lint.File) (list []string) {
		for _, n := range f.Names {
			list = append(list, n.Name)
		}
		return list
	}
	if a, b := names(vi), names(en); !slices.Equal(a, b) {
		t.Errorf("names differ: %v, %v", a, b)
	}
	if len(vi.Sheets) != len(en.Sheets) {
		t.Fatalf("%d and %d sheets", len(vi.Sheets), len(en.Sheets))
	}
	for i, s := range vi.Sheets {
		other := en.Sheets[i]
		for _, name := range s.Order {
			if a, b := s.Cells[name], other.Cells[name]; a.Formula != b.Formula || a.Kind == "" && a.Value != b.Value {
				// Texts above a table may take another number of lines.
				if s.Name != "Bìa" && a.Formula+b.Formula != "" {
					t.Errorf("%s!%s: %q and %q", s.Name, name, a.Formula, b.Formula)
				}
			}
		}
		var a, b []string
		for _, table := range s.Tables {
			a = append(a, table.Name+lettersOf(table.Ref))
		}
		for _, table := range other.Tables {
			b = append(b, table.Name+lettersOf(table.Ref))
		}
		if !slices.Equal(a, b) {
			t.Errorf("%s: tables %v and %v", s.Name, a, b)
		}
	}
}

// lettersOf is the part of a table's range that both languages must share: its columns.
func lettersOf(ref string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return -1
		}
		return c
	}, ref)
}

func TestWhatAPersonTypedIsNeverAFormula(t *testing.T) {
	set := fixture(fixtureSize{})
	const evil = `=HYPERLINK("http://x","y")`
	set.Problems = append(set.Problems, result.Problem{File: evil, Sheet: "+1", Cell: "-1", Code: "@SUM(A1)", Got: "=1+1", Want: "\t=1", Text: result.Text{VI: evil, EN: evil}})
	set.Domains[0].Values[0].Label = result.Text{VI: evil, EN: evil}
	set.Columns[0].Header = "=2+5+cmd|' /C calc'!A0\x00\x01"
	var b bytes.Buffer
	if err := WriteTo(&b, set, Options{}); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, s := range opened(t, b.Bytes()).Sheets {
		for name, c := range s.Cells {
			if strings.Contains(c.Formula, "HYPERLINK") || strings.Contains(c.Formula, "cmd|") {
				t.Errorf("%s!%s: a typed text became the formula %s", s.Name, name, c.Formula)
			}
			found = found || c.Value == evil
		}
	}
	if !found {
		t.Error("the typed text is not in the workbook at all")
	}
}

func TestPartialSets(t *testing.T) {
	placed := fixture(fixtureSize{})
	placed.Nodes, placed.Estimates, placed.Domains, placed.Distributions, placed.Comparisons, placed.Targets, placed.Changes, placed.Priorities, placed.Gaps = nil, nil, nil, nil, nil, nil, nil, nil, nil
	placed.Ledger, placed.Columns, placed.Problems, placed.Quality = result.Ledger{}, nil, nil, nil
	others := *placed
	for i := range 3 {
		p := placed.Placements[2]
		p.Area, p.AreaName, p.Rank = string(rune('1'+i)), "Tỉnh khác", 10+i
		others.Placements = append(others.Placements, p)
	}
	aimed := fixture(fixtureSize{})
	aimed.Placements = nil
	for i := range aimed.Estimates {
		aimed.Estimates[i].Lo, aimed.Estimates[i].Hi = result.Unknown(), result.Unknown()
	}
	for name, set := range map[string]*result.Set{"empty": {}, "placement only": placed, "placement of several": &others, "no intervals": aimed} {
		var b bytes.Buffer
		if err := WriteTo(&b, set, Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, fault := range lint.Check(opened(t, b.Bytes())) {
			if name == "empty" && fault.Rule == "properties" {
				continue // nothing to take a title from
			}
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func TestLedgerThatDoesNotBalanceIsAnError(t *testing.T) {
	set := fixture(fixtureSize{})
	set.Ledger.Files[0].Kept++
	if err := WriteTo(&bytes.Buffer{}, set, Options{}); err == nil || !strings.Contains(err.Error(), "does not balance") {
		t.Errorf("got %v", err)
	}
}

func TestWriteIsWholeOrNotAtAll(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "tong-hop.xlsx")
	if err := Write(t.Context(), path, fixture(fixtureSize{}), Options{}); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(path)
	if err != nil || len(first) == 0 {
		t.Fatal(err)
	}
	bad := fixture(fixtureSize{})
	bad.Ledger.Read++
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, try := range map[string]func() error{
		"a bad set":      func() error { return Write(t.Context(), path, bad, Options{}) },
		"a bad option":   func() error { return Write(t.Context(), path, fixture(fixtureSize{}), Options{Lang: "fr"}) },
		"a missing logo": func() error { return Write(t.Context(), path, fixture(fixtureSize{}), Options{Logo: "no-such.png"}) },
		"cancelled":      func() error { return Write(cancelled, path, fixture(fixtureSize{}), Options{}) },
		"a missing folder": func() error {
			return Write(t.Context(), filepath.Join(folder, "no", "x.xlsx"), fixture(fixtureSize{}), Options{})
		},
		"a folder as file": func() error { return Write(t.Context(), folder, fixture(fixtureSize{}), Options{}) },
		"no set":           func() error { return Write(t.Context(), path, nil, Options{}) },
		"an unknown format": func() error {
			return Write(t.Context(), path, fixture(fixtureSize{}), Options{Formats: []string{"doc"}})
		},
	} {
		if err := try(); err == nil {
			t.Errorf("%s: no error", name)
		}
		now, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(first, now) {
			t.Errorf("%s: the file that was there has changed", name)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("%d files left in the folder: %v", len(left), left)
	}
}

func TestPasswordEncrypts(t *testing.T) {
	set := fixture(fixtureSize{})
	var b bytes.Buffer
	if err := WriteTo(&b, set, Options{Password: "mật khẩu"}); err != nil {
		t.Fatal(err)
	}
	// An encrypted workbook is an OLE compound file: MS-CFB 2.2, header signature.
	if !bytes.HasPrefix(b.Bytes(), []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}) {
		t.Error("the file is not encrypted")
	}
}

func TestJSONReadsBack(t *testing.T) {
	set := fixture(fixtureSize{})
	var b, again bytes.Buffer
	if err := WriteJSON(&b, set); err != nil {
		t.Fatal(err)
	}
	var read result.Set
	if err := json.Unmarshal(b.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&again, &read); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("results.json does not read back as it was written")
	}
	if err := WriteJSON(broken{}, set); err == nil {
		t.Error("no error from a writer that fails")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestSyntheticIsSaidOnEverySheet(t *testing.T) {
	f := opened(t, written(t, Options{}))
	for _, s := range f.Sheets {
		said := slices.ContainsFunc(s.Order[:min(40, len(s.Order))], func(name string) bool { return strings.HasPrefix(s.Cells[name].Value, "SỐ LIỆU MÔ PHỎNG") })
		if !said {
			t.Errorf("%s does not say that the data are synthetic", s.Name)
		}
	}
}
