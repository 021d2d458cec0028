package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hailong/analytics/index"
	"hailong/analytics/result"
)

// papiRanges are the five ranges that papi-2011 leaves open. They are made up, to have a whole definition: no figure here is PAPI's.
var papiRanges = map[string]string{
	"d606ca": "min: 0, max: 10", "d606cb": "min: 0, max: 60", "school_rating": "min: 0", "d608": "min: 1", "d609": "min: 0",
}

// wholePAPI is the shipped definition with the open ranges filled in, as a user would do it.
func wholePAPI(t *testing.T) string {
	t.Helper()
	source, err := index.Shipped("papi-2011")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(source), "\n")
	lines[1] = "id: papi-2011-filled"
	filled := 0
	for i, line := range lines {
		id, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "- {id: "), ",")
		if added := papiRanges[id]; added != "" && strings.Contains(line, "level: indicator") {
			lines[i] = strings.Replace(line, ", basis:", ", "+added+", basis:", 1)
			filled++
		}
	}
	if filled != len(papiRanges) {
		t.Fatalf("%d of %d open ranges found", filled, len(papiRanges))
	}
	return strings.Join(lines, "\n")
}

// papiRun runs a survey generated from the whole definition with the definition given and returns its figures for everyone.
func papiRun(t *testing.T, definition string) (map[string]result.Estimate, string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("whole.yaml", wholePAPI(t))
	write("plan.yaml", "index: "+definition+`
year: 2013
synthetic: true
files: [survey.xlsx]
design: {weight: PSW_psweight, strata: [PSW_STRATA], psu: PSW_PSU}
report: {out: out/book.xlsx}
`)
	var messages string
	for _, args := range [][]string{
		{"generate", "--index", filepath.Join(dir, "whole.yaml"), "-o", filepath.Join(dir, "survey.xlsx"), "--seed", "3", "--psus", "4", "--forms", "16", "--answers", "codes", "--blank", "0.02", "--dont-know", "0.05"},
		{"run", filepath.Join(dir, "plan.yaml"), "--lang", "en"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(""), &out, &errs); code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, errs.String())
		}
		messages = errs.String()
	}
	b, err := os.ReadFile(filepath.Join(dir, "out", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var set result.Set
	if err := json.Unmarshal(b, &set); err != nil {
		t.Fatal(err)
	}
	if len(set.Priorities) > 0 {
		t.Errorf("%d priorities of indicators on unlike scales", len(set.Priorities))
	}
	found := map[string]result.Estimate{}
	for _, e := range set.Estimates {
		found[e.Node] = e
	}
	return found, messages
}

// TestPAPIFromAnswers runs a made-up survey through the whole program, 92 indicators to the composite, against R survey's svycontrast over the
// joint covariance of all totals (testdata/papi/papi.R).
func TestPAPIFromAnswers(t *testing.T) {
	t.Parallel()
	got, _ := papiRun(t, "whole.yaml")
	golden, err := os.ReadFile(filepath.Join("testdata", "papi", "golden.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for line := range strings.Lines(string(golden)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 {
			continue
		}
		compared++
		e := got[fields[0]]
		for i, have := range []result.Number{e.Estimate, e.SE} {
			want, err := strconv.ParseFloat(fields[1+i], 64)
			if err != nil {
				t.Fatal(err)
			}
			if !(math.Abs(float64(have)-want) <= 1e-12*max(1, want)) { // R prints 15 digits
				t.Errorf("%s: %v, R has %v", fields[0], have, want)
			}
		}
		// 12 PSUs in 3 strata, and PAPI's own interval beside the true one.
		if e.DF != 9 || e.Printed == nil || math.Abs(float64(e.Printed.Hi-e.Estimate)-1.645*float64(e.SE)) > 1e-12 || e.Printed.Hi >= e.Hi {
			t.Errorf("%s: df %v, printed %+v, upper limit %v", fields[0], e.DF, e.Printed, e.Hi)
		}
	}
	if compared != 22+6+1 {
		t.Errorf("%d figures compared, want 22 sub-dimensions, 6 dimensions and the composite", compared)
	}
}

// TestPAPIAsItShips: what is known comes out, and what is not says what it waits for.
func TestPAPIAsItShips(t *testing.T) {
	t.Parallel()
	whole, _ := papiRun(t, "whole.yaml")
	got, messages := papiRun(t, "papi-2011")
	for _, node := range []string{"D1", "D2", "D3", "D4", "D5", "6.1", "6.4"} {
		if e := got[node]; e.Estimate != whole[node].Estimate || e.SE != whole[node].SE {
			t.Errorf("%s is %v ± %v, want %v ± %v", node, e.Estimate, e.SE, whole[node].Estimate, whole[node].SE)
		}
	}
	for node, want := range map[string]string{
		"6.2": "lacks d606ca,d606cb,school_rating", "6.3": "lacks d608,d609", "D6": "lacks d606ca,d606cb,school_rating,d608,d609", "papi": "lacks d606ca,d606cb,school_rating,d608,d609",
	} {
		if e := got[node]; e.Estimate.Known() || e.Printed != nil || strings.Join(e.Warnings, " ") != want {
			t.Errorf("%s is %v with %v, want nothing with %q", node, e.Estimate, e.Warnings, want)
		}
	}
	for _, want := range []string{"(min, max): 6.2.1 Kilometres to walk to school; 6.2.2", "hailong indexes show papi-2011 --yaml > mine.yaml"} {
		if !strings.Contains(messages, want) {
			t.Errorf("%q is not said in:\n%s", want, messages)
		}
	}
}
