package reports

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"hailong/analytics/result"
	"hailong/reports/workbook/lint"
)

// forms are so many made-up respondents with 22 items.
func forms(n int, typed string) *Respondents {
	r := &Respondents{Count: n, Columns: []RespondentColumn{{"ma_phieu", "id"}, {"huyen", "area"}, {"trong_so", "weight"}}}
	for _, node := range fixture(fixtureSize{}).Nodes {
		if node.Level == "criterion" {
			r.Columns = append(r.Columns, RespondentColumn{node.ID, "item"})
		}
	}
	columns := len(r.Columns)
	r.Rows = func(yield func(Respondent, error) bool) {
		values := make([]Field, columns)
		for i := range n {
			values[0] = Field{Text: fmt.Sprintf("%s%06d", typed, i), Number: result.Unknown()}
			values[1] = Field{Text: fixtureDistricts[i%9][1], Number: result.Unknown()}
			values[2] = Field{Number: num(31.25)}
			for c := 3; c < len(values); c++ {
				values[c] = Field{Number: num(float64(1 + (i+c)%5))}
				if (i+c)%50 == 0 {
					values[c] = Field{Number: result.Unknown()}
				}
			}
			if !yield(Respondent{File: "data/01.xlsx", Sheet: "Phiếu", Row: i + 9, Values: values}, nil) {
				return
			}
		}
	}
	return r
}

func annexOf(t testing.TB, r *Respondents, most int, lang string) (*lint.File, error) {
	t.Helper()
	var b bytes.Buffer
	if err := writeAnnex(t.Context(), &b, fixture(fixtureSize{}), Options{Lang: lang, Annex: true, Respondents: r}, most); err != nil {
		return nil, err
	}
	return opened(t, b.Bytes()), nil
}

// The annex goes over to a new sheet at the row limit, loses no form, is as clean as the workbook, and holds what was typed as text.
func TestAnnex(t *testing.T) {
	const n, most, typed = 95, 40, `=HYPERLINK("http://x")`
	for _, lang := range []string{"vi", "en"} {
		f, err := annexOf(t, forms(n, typed), most, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range lint.Check(f) {
			t.Errorf("%s: %s", lang, fault)
		}
		if len(f.Sheets) != 3 {
			t.Fatalf("%d sheets for %d forms, %d on each", len(f.Sheets), n, most)
		}
		seen := 0
		for _, s := range f.Sheets {
			for name, c := range s.Cells {
				if c.Formula != "" {
					t.Errorf("%s!%s: a formula: %s", s.Name, name, c.Formula)
				}
				if strings.HasPrefix(c.Value, typed) {
					seen++
				}
			}
		}
		if seen != n {
			t.Errorf("%d forms of %d are in the annex", seen, n)
		}
		said := map[string]string{"vi": "1 = Rất không hài lòng; 2 = Không hài lòng", "en": "1 = Very dissatisfied; 2 = Dissatisfied"}[lang]
		found := false
		for _, c := range f.Sheets[0].Cells {
			found = found || strings.Contains(c.Value, said)
		}
		if !found {
			t.Errorf("%s: the codes are not explained", lang)
		}
	}
}

// A source that breaks off, or gives fewer or more rows than it said, leaves no file, and no workbook without its annex either.
func TestAnnexWholeOrNotAtAll(t *testing.T) {
	broken := errors.New("the disk is gone")
	breaks := forms(30, "")
	rows := breaks.Rows
	breaks.Rows = func(yield func(Respondent, error) bool) {
		i := 0
		for one := range rows {
			if i++; i > 20 {
				yield(Respondent{}, broken)
				return
			}
			if !yield(one, nil) {
				return
			}
		}
	}
	fewer, more := forms(30, ""), forms(30, "")
	fewer.Count, more.Count = 31, 29
	for name, r := range map[string]*Respondents{"broken": breaks, "fewer": fewer, "more": more} {
		folder := t.TempDir()
		err := Write(t.Context(), filepath.Join(folder, "so.xlsx"), fixture(fixtureSize{}), Options{Annex: true, Respondents: r})
		if err == nil || name == "broken" && !errors.Is(err, broken) {
			t.Errorf("%s: error %v", name, err)
		}
		if left, _ := os.ReadDir(folder); len(left) > 0 {
			t.Errorf("%s: %s was left behind", name, left[0].Name())
		}
	}
	if err := WriteTo(&bytes.Buffer{}, fixture(fixtureSize{}), Options{Annex: true}); err == nil {
		t.Error("an annex without respondents is no error")
	}
}

// Long texts that never repeat are written where they stand, and read back the same.
func TestAnnexOfManyTexts(t *testing.T) {
	const n = 70_000
	r := forms(n, "phiếu ")
	r.Columns = r.Columns[:1]
	rows := r.Rows
	r.Rows = func(yield func(Respondent, error) bool) {
		for one, err := range rows {
			one.Values = one.Values[:1]
			if !yield(one, err) {
				return
			}
		}
	}
	f, err := annexOf(t, r, annexRows, "vi")
	if err != nil {
		t.Fatal(err)
	}
	kinds, seen := map[string]int{}, 0
	for _, c := range f.Sheets[0].Cells {
		if strings.HasPrefix(c.Value, "phiếu ") {
			kinds[c.Kind]++
			seen++
		}
	}
	if seen != n || kinds["inlineStr"] == 0 || kinds["s"] == 0 {
		t.Errorf("%d texts of %d came back: %v", seen, n, kinds)
	}
}

// 100,000 forms of 22 items: what they take from the system must not grow with their number.
func BenchmarkAnnex(b *testing.B) {
	for b.Loop() {
		var out counted
		if err := writeAnnex(b.Context(), &out, fixture(fixtureSize{}), Options{Annex: true, Respondents: forms(100_000, "P")}, annexRows); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out)/1e6, "MB-file")
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	b.ReportMetric(float64(stats.Sys)/1e6, "MB-from-system")
}
