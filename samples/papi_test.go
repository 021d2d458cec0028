package samples_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/samples"
)

func papiFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("papi", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func papiRows(t *testing.T, name string) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(papiFile(t, name))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, rec := range all[1:] {
		m := map[string]string{}
		for c, v := range rec {
			m[all[0][c]] = v
		}
		out = append(out, m)
	}
	return out
}

func TestPAPIWorkbookIsMadeFromTheTables(t *testing.T) {
	var b bytes.Buffer
	err := samples.WritePAPI(&b, bytes.NewReader(papiFile(t, "names.csv")), bytes.NewReader(papiFile(t, "papi-scores.csv")), bytes.NewReader(papiFile(t, "papi-subdimensions.csv")))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), papiFile(t, "papi-scores.xlsx")) {
		t.Error("papi-scores.xlsx differs from what the tables make; if the change is wanted, run: go run ./samples/gen")
	}
}

// Another reader than ours must find the published figures (domain notes, PAPI 5.2) in the cells that PAPI's own workbook has them in.
func TestPAPIWorkbookHoldsTheScores(t *testing.T) {
	f, err := excelize.OpenFile(filepath.Join("papi", "papi-scores.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n := len(f.GetSheetList()); n != 14 {
		t.Errorf("%d sheets, want one a year from 2011 to 2024", n)
	}
	for _, want := range []struct {
		sheet, province, header, value string
	}{
		{"2011_PAPI", "Trà Vinh", "Un-weighted PAPI", "31.9273"},
		{"2016_PAPI", "Trà Vinh", "Responsiveness to Citizen Appeals", "1.0956"},
		{"2020_PAPI", "Trà Vinh", "Un-weighted PAPI", "42.2808"},
		{"2020_PAPI", "Trà Vinh", "E-Governance", "2.6281"},
		{"2023_PAPI", "Trà Vinh", "Un-weighted PAPI", "40.1433"},
		{"2014_PAPI", "Bắc Giang", "Un-weighted PAPI", "0.0000"},
		{"2018_PAPI", "Quảng Ninh", "Un-weighted PAPI", ""},
	} {
		rows, err := f.GetRows(want.sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := lookup(t, rows, want.province, want.header); got != want.value {
			t.Errorf("%s, %s, %s: %q, want %q", want.sheet, want.province, want.header, got, want.value)
		}
	}
}

func lookup(t *testing.T, rows [][]string, province, header string) string {
	t.Helper()
	for c, h := range rows[0] {
		for _, r := range rows[2:] {
			if h != header || r[2] != province {
				continue
			}
			if c >= len(r) || r[c] == "" {
				return ""
			}
			v, err := strconv.ParseFloat(r[c], 64)
			if err != nil {
				t.Fatal(err)
			}
			return strconv.FormatFloat(v, 'f', 4, 64)
		}
	}
	t.Fatalf("no %s for %s", header, province)
	return ""
}

// Dimensions add to the composite, and sub-dimensions to their dimension (PAPI 2.1). The tables have six digits or more, so 8 parts of 5e-7 add to 4e-6.
func TestPAPITablesAddUp(t *testing.T) {
	scores, subs := papiRows(t, "papi-scores.csv"), papiRows(t, "papi-subdimensions.csv")
	if len(scores) != 14*63 || len(subs) != 14*63 {
		t.Fatalf("%d and %d rows, want 63 provinces in 14 years", len(scores), len(subs))
	}
	complete := 0
	for i, r := range scores {
		var total float64
		for d := '1'; d <= '8'; d++ {
			dim := r["D"+string(d)]
			if dim == "" {
				continue
			}
			var sum float64
			for code, v := range subs[i] {
				if code[0] == byte(d) && code[1] == '.' && v != "" {
					sum += parse(t, v)
				}
			}
			if got := parse(t, dim); abs(got-sum) > 4e-6 {
				t.Errorf("%s %s: D%c is %v, its sub-dimensions add to %v", r["year"], r["province_vi"], d, got, sum)
			}
			total += parse(t, dim)
		}
		if r["composite"] == "" {
			continue
		}
		complete++
		if got := parse(t, r["composite"]); abs(got-total) > 5e-6 {
			t.Errorf("%s %s: composite %v, dimensions add to %v", r["year"], r["province_vi"], got, total)
		}
	}
	if complete != 14*63-13 {
		t.Errorf("%d composites, want all but the 13 that PAPI withheld", complete)
	}
}

func parse(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
