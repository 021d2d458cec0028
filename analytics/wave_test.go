package analytics

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// panel is the synthetic satisfaction survey of the golden set (two waves, stratified, communes as PSUs), by wave.
func panel(t *testing.T) map[string][]form {
	t.Helper()
	f, err := os.Open(filepath.Join(shared(t), "golden/data/satis_open.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	code := func(s string) int {
		if n, err := strconv.Atoi(s); err == nil && n <= 5 {
			return n
		}
		return 0
	}
	out := map[string][]form{}
	for _, r := range rows[1:] {
		field := func(name string) string { return r[slices.Index(rows[0], name)] }
		w, err := strconv.ParseFloat(field("w0"), 64)
		if err != nil {
			t.Fatal(err)
		}
		out[field("wave")] = append(out[field("wave")], form{
			background: map[string]string{"huyen": field("stratum"), "xa": field("psu"), "gioi": field("sex")}, weight: w,
			items: map[string]int{"A": code(field("q1")), "B": code(field("overall"))},
		})
	}
	return out
}

func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("HAILONG_SHARED")
	if dir == "" {
		dir = "../../shared"
	}
	if _, err := os.Stat(filepath.Join(dir, "golden")); err != nil {
		t.Skip("no reference data; set HAILONG_SHARED")
	}
	return dir
}

// inBoth keeps the forms of the communes that both waves drew.
func inBoth(a, b []form) (keptA, keptB []form) {
	communes := func(forms []form) map[string]bool {
		out := map[string]bool{}
		for _, f := range forms {
			out[f.background["xa"]] = true
		}
		return out
	}
	here, there := communes(a), communes(b)
	drop := func(forms []form, other map[string]bool) []form {
		return slices.DeleteFunc(slices.Clone(forms), func(f form) bool { return !other[f.background["xa"]] })
	}
	return drop(a, there), drop(b, here)
}

// waveOf analyses one wave and reads its results.json again, as the command does.
func waveOf(t *testing.T, forms []form, year int, p Plan) *result.Set {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wave.parquet")
	writeDataset(t, path, forms, []string{"huyen", "xa", "gioi"}, []string{"A", "B"})
	p.Year = year
	p.Design.Weight, p.Design.Strata, p.Design.PSU = "trong_so", Columns{"huyen"}, Columns{"xa"}
	set, err := Run(context.Background(), Input{Files: []string{path}, Definition: []byte(twoItems)}, p)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(set); err != nil {
		t.Fatal(err)
	}
	var read result.Set
	if err := json.Unmarshal(b.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	return &read
}

// stacked is the change by R's way: both waves in one design that knows the communes again, the two waves as domains, and the contrast of the
// two with their covariance. The design's numbers are proved by the golden set, group overlap.
func stacked(t *testing.T, a, b []form, p Plan, margins []survey.Margin) (change, se float64) {
	t.Helper()
	forms := slices.Concat(a, b)
	f := survey.NewFrame(len(forms))
	var stratum, psu, wave, sex []string
	var w, positive, valid []float64
	for i, x := range forms {
		stratum, psu, sex = append(stratum, x.background["huyen"]), append(psu, x.background["xa"]), append(sex, x.background["gioi"])
		wave = append(wave, map[bool]string{true: "1", false: "2"}[i < len(a)])
		w = append(w, x.weight)
		y, n := 0.0, 0.0
		for _, item := range []string{"A", "B"} {
			if c := x.items[item]; c > 0 {
				n++
				if c >= 4 {
					y++
				}
			}
		}
		positive, valid = append(positive, y), append(valid, n)
	}
	for name, c := range map[string]survey.Column{
		"stratum": survey.Factor(stratum), "psu": survey.Factor(psu), "wave": survey.Factor(wave), "sex": survey.Factor(sex),
		"w": survey.Numeric(w), "y": survey.Numeric(positive), "x": survey.Numeric(valid),
	} {
		if err := f.Set(name, c); err != nil {
			t.Fatal(err)
		}
	}
	d, err := survey.NewDesign(f, survey.DesignSpec{IDs: []string{"psu"}, Strata: []string{"stratum"}, Weights: []string{"w"}, Nest: true, Lonely: p.Design.Lonely})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range margins {
		if d, err = d.PostStratify(m); err != nil {
			t.Fatal(err)
		}
	}
	by, err := d.By([]string{"wave"}, func(e *survey.Design) (survey.Estimates, error) { return e.Ratio("y", "x", survey.Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	c, err := survey.LinearContrast([]float64{-1, 1}, by.Est(), by.Cov)
	if err != nil {
		t.Fatal(err)
	}
	return 100 * c.Est, 100 * c.SE
}

// TestChangeOfAPanelOfCommunes is R's svycontrast over the stacked waves, from two results.json that never saw one another's forms.
func TestChangeOfAPanelOfCommunes(t *testing.T) {
	waves := panel(t)
	a, b := inBoth(waves["2024"], waves["2025"])
	for _, lonely := range []survey.LonelyPSU{survey.LonelyAdjust, survey.LonelyAverage, survey.LonelyRemove} {
		p := Plan{Design: Design{Lonely: lonely}}
		before, after := waveOf(t, a, 2020, p), waveOf(t, b, 2021, p)
		w, err := index.Compare(before, after, index.ChangeOptions{Definitions: []*index.Definition{parsed(t)}})
		if err != nil {
			t.Fatal(err)
		}
		c := w.Changes[0]
		diff, se := stacked(t, a, b, p, nil)
		about(t, lonely.String()+" change", c.Diff, diff)
		if math.Abs(float64(c.SE)-se) > 1e-7*se {
			t.Errorf("%s: SE %v, the stacked design has %v", lonely, c.SE, se)
		}
		if c.Overlap != index.OverlapPSU || c.Shared != 54 || !c.Cov.Known() || w.Warnings[0].Code != "overlap_psu" {
			t.Errorf("%s: overlap %q of %d PSUs, covariance %v, warnings %v", lonely, c.Overlap, c.Shared, c.Cov, w.Warnings)
		}
		independent, err := index.Compare(before, after, index.ChangeOptions{Overlap: index.OverlapNone, Definitions: []*index.Definition{parsed(t)}})
		if err != nil {
			t.Fatal(err)
		}
		if x := independent.Changes[0]; math.Abs(float64(x.SE-c.SE)) < 0.01 || x.Overlap != index.OverlapNone || x.Cov.Known() {
			t.Errorf("%s: without the overlap the SE is %v, with it %v", lonely, x.SE, c.SE)
		}
	}
}

// TestPartsMakeTheVariance of every figure, by totals and by rows, calibrated or not.
func TestPartsMakeTheVariance(t *testing.T) {
	forms := panel(t)["2024"]
	for name, p := range map[string]Plan{
		"totals":     {Design: Design{Lonely: survey.LonelyAdjust}},
		"calibrated": {Design: Design{Lonely: survey.LonelyAdjust}, Calibrate: Calibrate{Margins: map[string]map[string]float64{"gioi": {"M": 0.49, "F": 0.51}}}},
	} {
		set := waveOf(t, forms, 2020, p)
		if set.ByPSU == nil || len(set.ByPSU.Figures) != 3 || len(set.ByPSU.Strata) != 24 {
			t.Fatalf("%s: %+v", name, set.ByPSU)
		}
		for _, f := range set.ByPSU.Figures {
			sum := 0.0
			for _, u := range f.Parts {
				sum += u * u
			}
			se := float64(find(t, set, f.Node, nil).SE)
			if len(f.Parts) != 95 || math.Abs(math.Sqrt(sum)-se) > 1e-8*se {
				t.Errorf("%s, %s: %d parts make an SE of %v, want %v", name, f.Node, len(f.Parts), math.Sqrt(sum), se)
			}
		}
	}
}

// TestNamesOfPSUsMatchHoweverTyped and a name that stands twice matches nothing.
func TestNamesOfPSUsMatchHoweverTyped(t *testing.T) {
	waves := panel(t)
	a, b := inBoth(waves["2024"], waves["2025"])
	before, after := waveOf(t, a, 2020, Plan{Design: Design{Lonely: survey.LonelyAdjust}}), waveOf(t, b, 2021, Plan{Design: Design{Lonely: survey.LonelyAdjust}})
	for _, h := range after.ByPSU.Strata {
		for i := range h.PSUs {
			h.PSUs[i] = "  " + strings.ToLower(h.PSUs[i])
		}
	}
	w, err := index.Compare(before, after, index.ChangeOptions{Definitions: []*index.Definition{parsed(t)}})
	if err != nil || w.Changes[0].Shared != 54 {
		t.Fatalf("%d PSUs shared (%v), want 54", w.Changes[0].Shared, err)
	}
	after.ByPSU.Strata[0].PSUs[1] = after.ByPSU.Strata[0].PSUs[0]
	if w, err = index.Compare(before, after, index.ChangeOptions{Definitions: []*index.Definition{parsed(t)}}); err != nil || w.Changes[0].Shared != 52 || len(w.Warnings) != 2 {
		t.Fatalf("%d PSUs shared, warnings %v (%v); want 52 and a second warning", w.Changes[0].Shared, w.Warnings, err)
	}
	before.ByPSU = nil
	if w, err = index.Compare(before, after, index.ChangeOptions{Definitions: []*index.Definition{parsed(t)}}); err != nil || w.Changes[0].Overlap != index.OverlapUnknown || w.Warnings[0].Code != "overlap_unknown" {
		t.Fatalf("without PSUs: %+v, %v (%v)", w.Changes[0], w.Warnings, err)
	}
}

func parsed(t *testing.T) *index.Definition {
	t.Helper()
	d, err := index.Parse([]byte(twoItems))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
