package main

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hailong/analytics/result"
)

// runSample runs a sample's plan into a temporary folder and returns what results.json holds.
func runSample(t *testing.T, plan string) *result.Set {
	t.Helper()
	dir := t.TempDir()
	var stderr strings.Builder
	code := run(context.Background(), []string{"run", plan, "--out", filepath.Join(dir, "a.xlsx"), "--dataset", filepath.Join(dir, "ds")}, nil, io.Discard, &stderr)
	if code != exitOK && code != exitProblems {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	return readSet(t, filepath.Join(dir, "results.json"))
}

func readSet(t *testing.T, path string) *result.Set {
	t.Helper()
	var set result.Set
	readJSON(t, path, &set)
	return &set
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// estimateKey names one figure of a set.
func estimateKey(node string, domain map[string]string) string {
	var b strings.Builder
	b.WriteString(node)
	for _, k := range slices.Sorted(maps.Keys(domain)) {
		b.WriteString("|" + k + "=" + domain[k])
	}
	return b.String()
}

func byKey(set *result.Set) map[string]result.Estimate {
	out := map[string]result.Estimate{}
	for _, e := range set.Estimates {
		out[estimateKey(e.Node, e.Domain)] = e
	}
	return out
}

// within compares to a relative tolerance: the truth is summed in whole numbers, hailong's sums are exact, so only the last
// divisions and R's own summation differ.
func within(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))
}

// TestTraVinhTruth holds the whole job against the generator's truth, which is counted without any of the rooms it checks: the ledger
// of every file, the problems by cell, the answers level by level, and every estimate.
func TestTraVinhTruth(t *testing.T) {
	set := runSample(t, "../../samples/tra-vinh-2020/plan.yaml")
	var truth struct {
		Forms int
		Files []struct {
			Path    string
			Rows    int
			Classes map[string]int
		}
		Problems []struct {
			Path  string
			Cells []string
		}
		Items []struct {
			Item      string
			Codes     []int
			Counts    []int
			N         int
			Blank     int
			DontKnow  int `json:"dont_know"`
			Invalid   int
			OutOfBase int `json:"not_applicable"`
		}
		Estimates []struct {
			Node     string
			Domain   map[string]string
			N        int
			Estimate float64
		}
	}
	readJSON(t, "../../samples/tra-vinh-2020/truth.json", &truth)

	if !set.Synthetic {
		t.Error("the set does not say that the sample is synthetic")
	}
	if set.Ledger.Kept != truth.Forms {
		t.Errorf("kept %d forms, the generator made %d", set.Ledger.Kept, truth.Forms)
	}
	for _, f := range truth.Files {
		i := slices.IndexFunc(set.Ledger.Files, func(l result.FileLedger) bool { return filepath.Base(l.Path) == f.Path })
		if i < 0 {
			t.Errorf("%s is not in the ledger", f.Path)
			continue
		}
		l := set.Ledger.Files[i]
		if l.Read != f.Rows || l.Kept != f.Classes["data"] {
			t.Errorf("%s: read %d, kept %d; the generator wrote %d rows, %d forms", f.Path, l.Read, l.Kept, f.Rows, f.Classes["data"])
		}
		for _, s := range l.SetAside {
			if s.Rows != f.Classes[s.Reason] {
				t.Errorf("%s: %d rows set aside as %s, the generator wrote %d", f.Path, s.Rows, s.Reason, f.Classes[s.Reason])
			}
		}
	}

	found := map[string]bool{}
	for _, p := range set.Problems {
		if p.File != "papi-scores.xlsx" { // its zeros for withheld scores are not planted
			found[filepath.Base(p.File)+"!"+p.Cell] = true
		}
	}
	planted := 0
	for _, p := range truth.Problems {
		planted++
		if !slices.ContainsFunc(p.Cells, func(cell string) bool { return found[p.Path+"!"+cell] }) {
			t.Errorf("the defect planted at %s %v was not reported", p.Path, p.Cells)
		}
	}
	if len(found) != planted {
		t.Errorf("%d problems reported, %d planted", len(found), planted)
	}

	for _, item := range truth.Items {
		i := slices.IndexFunc(set.Distributions, func(d result.Distribution) bool { return d.Node == item.Item && len(d.Domain) == 0 })
		if i < 0 {
			t.Errorf("no distribution of %s", item.Item)
			continue
		}
		d := set.Distributions[i]
		// A tick matrix has no column for "Không biết": there a don't know looks like a blank, and only their sum can be told.
		if d.N != item.N || d.Missing+d.DontKnow != item.Blank+item.DontKnow || d.DontKnow > item.DontKnow || d.Invalid != item.Invalid {
			t.Errorf("%s: n %d, blank %d, don't know %d, invalid %d; want %d, %d, %d, %d",
				item.Item, d.N, d.Missing, d.DontKnow, d.Invalid, item.N, item.Blank, item.DontKnow, item.Invalid)
		}
		for k, code := range item.Codes {
			for _, l := range d.Levels {
				if l.Code == code && l.N != item.Counts[k] {
					t.Errorf("%s: %d answers %d, want %d", item.Item, l.N, code, item.Counts[k])
				}
			}
		}
	}

	got := byKey(set)
	compared := 0
	for _, want := range truth.Estimates {
		e, ok := got[estimateKey(want.Node, want.Domain)]
		if !ok || e.Suppressed == "n" || e.Suppressed == "sibling" {
			continue
		}
		compared++
		if e.N != want.N || !within(float64(e.Estimate), want.Estimate, 1e-12) {
			t.Errorf("%s: %v (n %d), the truth is %v (n %d)", estimateKey(want.Node, want.Domain), e.Estimate, e.N, want.Estimate, want.N)
		}
	}
	if compared < 500 {
		t.Errorf("only %d figures were compared with the truth", compared)
	}
}

// TestTraVinhR holds standard errors, degrees of freedom and design effects of the sample against R survey: the call and the versions
// are in reference.json, the script beside it.
func TestTraVinhR(t *testing.T) {
	set := runSample(t, "../../samples/tra-vinh-2020/plan.yaml")
	var ref struct {
		Estimates []struct {
			Node, Domain, Value string
			N                   int
			Estimate, SE, DF    float64
			Deff                float64 `json:"deff_replace"`
		}
	}
	readJSON(t, "../../samples/tra-vinh-2020/reference.json", &ref)
	got := byKey(set)
	compared := 0
	for _, want := range ref.Estimates {
		domain := map[string]string{}
		if want.Domain != "" {
			domain[want.Domain] = want.Value
		}
		e, ok := got[estimateKey(want.Node, domain)]
		if !ok || !e.SE.Known() || e.Suppressed == "n" || e.Suppressed == "sibling" {
			continue
		}
		compared++
		if !within(float64(e.Estimate), want.Estimate, 1e-10) || !within(float64(e.SE), want.SE, 1e-10) || float64(e.DF) != want.DF ||
			!within(float64(e.Deff), want.Deff, 1e-10) {
			t.Errorf("%s: estimate %v, SE %v, df %v, deff %v; R gives %v, %v, %v, %v", estimateKey(want.Node, domain),
				e.Estimate, e.SE, e.DF, e.Deff, want.Estimate, want.SE, want.DF, want.Deff)
		}
	}
	if compared < 50 {
		t.Errorf("only %d figures were compared with R", compared)
	}
}

// TestSFO2017 runs the real weighted survey against R survey; reference.json holds the calls and versions.
func TestSFO2017(t *testing.T) {
	shared := os.Getenv("HAILONG_SHARED")
	if shared == "" {
		shared = "../../../shared"
	}
	if _, err := os.Stat(filepath.Join(shared, "corpus/real/sfo_2017_derived.xlsx")); err != nil {
		t.Skip("TestSFO2017 needs ../shared/corpus/real/sfo_2017_derived.xlsx")
	}
	// The plan says where the data are beside a clone; HAILONG_SHARED may say otherwise.
	plan, err := os.ReadFile("../../samples/sfo-2017/plan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	definition, err := filepath.Abs("../../samples/sfo-2017/sfo-2017.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if shared, err = filepath.Abs(shared); err != nil {
		t.Fatal(err)
	}
	moved := strings.NewReplacer("../../../shared", shared, "index: sfo-2017.yaml", "index: "+definition).Replace(string(plan))
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	set := runSample(t, path)
	if set.Ledger.Kept != 2831 {
		t.Errorf("kept %d rows of 2,831", set.Ledger.Kept)
	}
	var ref struct {
		Estimates []struct {
			Design, Statistic, Node, Domain, Value string
			N                                      int
			Estimate, SE, DF                       float64
		}
	}
	readJSON(t, "../../samples/sfo-2017/reference.json", &ref)
	got := byKey(set)
	compared := 0
	for _, want := range ref.Estimates {
		if want.Design != "strata_psu" || want.Statistic != "share" {
			continue
		}
		domain := map[string]string{}
		if want.Domain != "" {
			domain[want.Domain] = want.Value
		}
		e, ok := got[estimateKey(want.Node, domain)]
		if !ok || !e.SE.Known() {
			continue
		}
		compared++
		if e.N != want.N || !within(float64(e.Estimate), want.Estimate, 1e-10) || !within(float64(e.SE), want.SE, 1e-10) {
			t.Errorf("%s: estimate %v, SE %v, n %d; R gives %v, %v, %d", estimateKey(want.Node, domain), e.Estimate, e.SE, e.N, want.Estimate, want.SE, want.N)
		}
	}
	if compared < 20 {
		t.Errorf("only %d figures were compared with R", compared)
	}
}
