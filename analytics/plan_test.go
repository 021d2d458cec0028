package analytics

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hailong/analytics/engine"
	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// twoItems is an index small enough to compute by hand: two items of one factor.
const twoItems = `
id: two
questionnaire:
  scales: {sat5: {codes: {1: {vi: "1"}, 2: {vi: "2"}, 3: {vi: "3"}, 4: {vi: "4"}, 5: {vi: "5"}}}}
  items:
    - {id: A, scale: sat5}
    - {id: B, scale: sat5}
index:
  family: sipas
  title: {vi: "Hai câu", en: "Two items"}
  legal: none
  years: [2020, 2021]
  basis: official
  positive: [4, 5]
  aggregator: top2_pooled
  tree:
    id: all
    level: overall
    name: {vi: "Chung", en: "All"}
    children:
      - {id: a, level: criterion, name: {vi: "A", en: "A"}, item: A}
      - {id: b, level: criterion, name: {vi: "B", en: "B"}, item: B}
`

// twoItemForms repeats each pattern n times.
func twoItemForms(patterns ...struct {
	n         int
	huyen, xa string
	a, b      int
	weight    float64
},
) []form {
	var out []form
	for _, p := range patterns {
		for range p.n {
			out = append(out, form{background: map[string]string{"huyen": p.huyen, "xa": p.xa}, weight: p.weight, items: map[string]int{"A": p.a, "B": p.b}})
		}
	}
	return out
}

type pattern = struct {
	n         int
	huyen, xa string
	a, b      int
	weight    float64
}

func analyseTwo(t *testing.T, forms []form, p Plan) (*result.Set, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "two.parquet")
	writeDataset(t, path, forms, []string{"huyen", "xa"}, []string{"A", "B"})
	book := Codebook{Variables: []Variable{
		{ID: "huyen", Role: "area", Name: result.Text{VI: "Huyện", EN: "District"}}, {ID: "xa", Role: "area", Name: result.Text{VI: "Xã", EN: "Commune"}},
	}}
	return Run(context.Background(), Input{Files: []string{path}, Definition: []byte(twoItems), Codebook: book, Engine: engine.Options{Threads: 1}}, p)
}

func find(t *testing.T, set *result.Set, node string, key map[string]string) result.Estimate {
	t.Helper()
	for _, e := range set.Estimates {
		if e.Node == node && cmp.Equal(e.Domain, key, cmpopts.EquateEmpty()) {
			return e
		}
	}
	t.Fatalf("there is no estimate of %s for %v", node, key)
	return result.Estimate{}
}

func about(t *testing.T, what string, got result.Number, want float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= 1e-9*math.Max(1, math.Abs(want))) {
		t.Errorf("%s is %.12g, by hand %.12g", what, float64(got), want)
	}
}

// TestRunWithoutDesignIsASimpleRandomSample and says so. By hand: item A is positive for 60 of 90 valid answers, so p = 2/3 and, with
// replacement, v = p(1−p)/(n−1)·N/(N−1)·(N−1)/N over N = 100 rows of which 10 are blank: Σ(u)² with u = (y−p)/90 gives
// v = 100/99·(60·(1/3)² + 30·(2/3)²)/90².
func TestRunWithoutDesignIsASimpleRandomSample(t *testing.T) {
	set, err := analyseTwo(t, twoItemForms(pattern{60, "X", "x", 5, 4, 1}, pattern{30, "X", "x", 2, -1, 1}, pattern{10, "Y", "y", 0, -3, 1}), Plan{})
	if err != nil {
		t.Fatal(err)
	}
	if !set.Design.SRS || set.Design.NPSU != 100 || set.Design.NStrata != 1 {
		t.Errorf("the design is %+v; want a simple random sample of 100", set.Design)
	}
	said := func(what string) bool {
		return slices.ContainsFunc(set.Design.Defaults, func(d result.Text) bool { return strings.Contains(d.EN, what) })
	}
	if !said("simple random sample") || !said("No weights") {
		t.Errorf("the defaults %v do not say what was assumed", set.Design.Defaults)
	}
	e := find(t, set, "a", nil)
	about(t, "estimate", e.Estimate, 100*2./3)
	about(t, "SE", e.SE, 100*math.Sqrt(100./99*(60./9+30*4./9))/90)
	if e.N != 90 || e.DF != 89 {
		t.Errorf("n %d, df %v; want 90 and 89", e.N, e.DF)
	}
	lo, hi, _ := survey.ProportionCI("logit", 2./3, float64(e.SE*e.SE)/1e4, 90, 89, 0.95)
	about(t, "lower limit", e.Lo, 100*lo)
	about(t, "upper limit", e.Hi, 100*hi)
	// Pooled: 60 + 60 positive of 90 + 60 valid.
	about(t, "pooled estimate", find(t, set, "all", nil).Estimate, 100*120./150)

	b := set.Distributions[slices.IndexFunc(set.Distributions, func(d result.Distribution) bool { return d.Node == "b" })]
	if b.N != 60 || b.DontKnow != 30 || b.NotApplicable != 10 || b.Missing != 0 || b.Refused != 0 || b.Invalid != 0 {
		t.Errorf("b is %+v; want 60 valid, 30 don't know, 10 not applicable", b)
	}
	a := set.Distributions[slices.IndexFunc(set.Distributions, func(d result.Distribution) bool { return d.Node == "a" })]
	if a.Missing != 10 || len(a.Levels) != 2 || a.Levels[0].Code != 2 || a.Levels[0].N != 30 {
		t.Errorf("a is %+v; want 10 blanks and two levels", a)
	}
	about(t, "share of 2", a.Levels[0].Share, 100./3)
	about(t, "mean", a.Mean, 4)
}

func TestSuppression(t *testing.T) {
	set, err := analyseTwo(t, twoItemForms(
		pattern{20, "A", "x", 5, 4, 1}, pattern{40, "B", "x", 5, 4, 1}, pattern{20, "B", "x", 1, 4, 1},
		pattern{900, "C", "x", 5, 5, 1}, pattern{100, "C", "x", 1, 5, 1}, pattern{5, "D", "x", 0, 5, 1}), Plan{Domains: []string{"huyen"}})
	if err != nil {
		t.Fatal(err)
	}
	// A has 20 answers to item a. D has none: it has no figure to hide, so hiding A alone would let everyone less B and C give it away:
	// the smallest of the others, B, goes too. C is narrow, ±1.9 points.
	for huyen, want := range map[string]string{"A": "n", "B": "sibling", "C": "", "D": ""} {
		e := find(t, set, "a", map[string]string{"huyen": huyen})
		if e.Suppressed != want || e.Estimate.Known() != (huyen == "C") {
			t.Errorf("%s: suppressed %q, estimate %v; want %q", huyen, e.Suppressed, e.Estimate, want)
		}
	}
	// Of item b, A and D are both too few: neither can be had from the other, and B is shown.
	for huyen, want := range map[string]string{"A": "n", "B": "", "C": "", "D": "n"} {
		if e := find(t, set, "b", map[string]string{"huyen": huyen}); e.Suppressed != want {
			t.Errorf("item b, %s: suppressed %q, want %q", huyen, e.Suppressed, want)
		}
	}
	for _, d := range set.Distributions {
		if h := d.Domain["huyen"]; d.Node == "a" && (h == "A" || h == "B") {
			t.Errorf("the answers of %s to a are there, though its figure is not", h)
		}
	}
	for _, c := range set.Comparisons {
		if c.Node == "a" && c.A != "C" {
			t.Errorf("%s is compared with everyone on a, though its figure is not there", c.A)
		}
	}
	wide, err := analyseTwo(t, twoItemForms(pattern{30, "A", "x", 5, 4, 1}, pattern{30, "A", "x", 1, 4, 1}), Plan{})
	if err != nil {
		t.Fatal(err)
	}
	if e := find(t, wide, "a", nil); e.Suppressed != "width" || !e.Estimate.Known() {
		t.Errorf("a half of 60 is ±13 points: suppressed %q, estimate %v; want it flagged and kept", e.Suppressed, e.Estimate)
	}
}

// TestCrossedBreakdowns: a breakdown by two columns is a table of its own kind, no list of areas.
func TestCrossedBreakdowns(t *testing.T) {
	set, err := analyseTwo(t, twoItemForms(pattern{40, "A", "1", 5, 5, 1}, pattern{40, "B", "2", 1, 5, 1}), Plan{Domains: []string{"huyen", "huyen*xa"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Domains) != 2 || set.Domains[1].ID != "huyen*xa" || set.Domains[1].Kind != "cross" || set.Domains[0].Kind == "cross" {
		t.Errorf("the breakdowns are %+v; want huyen, and huyen*xa of the kind cross", set.Domains)
	}
	about(t, "A, commune 1", find(t, set, "a", map[string]string{"huyen": "A", "xa": "1"}).Estimate, 100)
}

// TestCommunesOfOneNameStayApart: Phường 1 is in two towns.
func TestCommunesOfOneNameStayApart(t *testing.T) {
	set, err := analyseTwo(t, twoItemForms(
		pattern{40, "Trà Vinh", "Phường 1", 5, 5, 1}, pattern{40, "Duyên Hải", "Phường 1", 1, 1, 1}, pattern{40, "Duyên Hải", "Long Toàn", 5, 1, 1}),
		Plan{Domains: []string{"xa"}, Design: Design{PSU: Columns{"xa"}}, Suppress: Suppress{MaxHalfWidth: 100}})
	if err != nil {
		t.Fatal(err)
	}
	if set.Design.NPSU != 3 {
		t.Errorf("%d PSUs, want 3", set.Design.NPSU)
	}
	var got []string
	for _, v := range set.Domains[0].Values {
		got = append(got, v.Value+"|"+v.Parent)
	}
	want := []string{"Long Toàn|Duyên Hải", "Phường 1 (Duyên Hải)|Duyên Hải", "Phường 1 (Trà Vinh)|Trà Vinh"}
	if !slices.Equal(got, want) {
		t.Errorf("the communes are %q, want %q", got, want)
	}
	about(t, "Phường 1 of Trà Vinh", find(t, set, "a", map[string]string{"xa": "Phường 1 (Trà Vinh)"}).Estimate, 100)
	about(t, "Phường 1 of Duyên Hải", find(t, set, "a", map[string]string{"xa": "Phường 1 (Duyên Hải)"}).Estimate, 0)
}

// TestComparisonsCarryTheCovarianceOfPartAndWhole against the row-level estimator: the difference of the two influences, PSU by PSU.
func TestComparisonsCarryTheCovarianceOfPartAndWhole(t *testing.T) {
	var patterns []pattern
	for i, xa := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		patterns = append(patterns, pattern{10 + i, []string{"A", "B"}[i%2], xa, 5, 4, 1 + float64(i)/4}, pattern{5 + 2*i%7, []string{"A", "B"}[i%2], xa, 2, 4, 2})
	}
	forms := twoItemForms(patterns...)
	set, err := analyseTwo(t, forms, Plan{Domains: []string{"huyen"}, Design: Design{Weight: "trong_so", PSU: Columns{"xa"}}, Suppress: Suppress{MinN: 1}})
	if err != nil {
		t.Fatal(err)
	}
	f := survey.NewFrame(len(forms))
	psu, w, y, in := make([]string, len(forms)), make([]float64, len(forms)), make([]float64, len(forms)), make([]bool, len(forms))
	for k, form := range forms {
		// The plan's PSU is a commune within its district.
		psu[k], w[k], in[k] = form.background["huyen"]+form.background["xa"], form.weight, form.background["huyen"] == "A"
		if form.items["A"] >= 4 {
			y[k] = 100
		}
	}
	for name, c := range map[string]survey.Column{"psu": survey.Factor(psu), "w": survey.Numeric(w), "y": survey.Numeric(y)} {
		if err := f.Set(name, c); err != nil {
			t.Fatal(err)
		}
	}
	d, err := survey.NewDesign(f, survey.DesignSpec{IDs: []string{"psu"}, Weights: []string{"w"}})
	if err != nil {
		t.Fatal(err)
	}
	part, err := d.Subset(in)
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.Mean([]string{"y"}, survey.Options{})
	if err != nil {
		t.Fatal(err)
	}
	some, err := part.Mean([]string{"y"}, survey.Options{})
	if err != nil {
		t.Fatal(err)
	}
	z := make([]float64, len(forms))
	for k := range z {
		z[k] = some.Influence[0][k] - all.Influence[0][k]
	}
	v, err := d.InfluenceVariance(z)
	if err != nil {
		t.Fatal(err)
	}
	c := set.Comparisons[slices.IndexFunc(set.Comparisons, func(c result.Comparison) bool { return c.Node == "a" && c.A == "A" })]
	about(t, "difference", c.Diff, some.Est[0]-all.Est[0])
	about(t, "SE of the difference", c.SE, math.Sqrt(v))
	about(t, "p", c.P, survey.TwoSidedP((some.Est[0]-all.Est[0])/math.Sqrt(v), 3)) // four PSUs of district A in one stratum
	other := set.Comparisons[slices.IndexFunc(set.Comparisons, func(c result.Comparison) bool { return c.Node == "a" && c.A == "B" })]
	// Holm: the smaller p doubles, the larger one is at least that.
	small, large := min(c.P, other.P), max(c.P, other.P)
	about(t, "smaller adjusted p", min(c.PAdj, other.PAdj), math.Min(1, 2*float64(small)))
	about(t, "larger adjusted p", max(c.PAdj, other.PAdj), math.Min(1, math.Max(2*float64(small), float64(large))))
}

// TestCalibrationMovesWeightsAndVariance against the bench, which the golden set proves: a run whose weights are raked to two margins gives
// the proportions, standard errors and limits of svyciprop on the raked design.
func TestCalibrationMovesWeightsAndVariance(t *testing.T) {
	source, items := sipasItems(t)
	path := filepath.Join(t.TempDir(), "p.parquet")
	writeDataset(t, path, province(t, 400), sipasBackground, items)
	margins := Calibrate{Margins: map[string]map[string]float64{"gioi_tinh": {"Nam": 0.487, "Nữ": 0.513}, "dan_toc": {"Kinh": 0.65, "Khmer": 0.31, "Khác": 0.04}}}
	design := Design{Weight: "trong_so", Strata: Columns{"huyen"}, PSU: Columns{"xa"}}
	set, err := Run(context.Background(), Input{Files: []string{path}, Definition: source}, Plan{Design: design, Calibrate: margins, Domains: []string{"gioi_tinh"}})
	if err != nil {
		t.Fatal(err)
	}
	design.PSU = Columns{"xa"}
	bench, err := Estimate(context.Background(), EstimateRequest{
		// A figure's degrees of freedom are those of its own domain: who has a valid answer.
		Files: []string{path}, Coded: items, Where: "AC1 in (1, 2, 3, 4, 5)", Prop: []string{"AC1 in (4, 5)"}, By: []string{"gioi_tinh"}, Design: design, Nest: true, Calibrate: margins,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range bench.Estimates {
		e := find(t, set, "AC1", want.Domain)
		about(t, "estimate", e.Estimate, 100*float64(want.Estimate))
		about(t, "SE", e.SE, 100*float64(want.SE))
		about(t, "df", e.DF, float64(want.DF))
		if e.N != want.N {
			t.Errorf("n is %d, the bench has %d", e.N, want.N)
		}
	}
	if !slices.Equal(set.Design.Calibrated, []string{"dan_toc", "gioi_tinh"}) {
		t.Errorf("the set says it was calibrated by %v", set.Design.Calibrated)
	}
	for i, share := range []float64{48.7, 51.3} {
		if got := float64(set.Domains[0].Values[i].Share); math.Abs(got-share) > 1e-4 {
			t.Errorf("%s has a share of %g after raking to %g", set.Domains[0].Values[i].Value, got, share)
		}
	}
}

// TestCompositesUnderTwoStages against the bench, which the golden set proves for designs with a second-stage fpc: where everyone answers every
// item, the mean of the items' shares is the mean of each respondent's share, svymean(~share, design) with both stages.
func TestCompositesUnderTwoStages(t *testing.T) {
	source, items := sipasItems(t)
	source = bytes.Replace(source, []byte("aggregator: top2_pooled"), []byte("aggregator: top2_mean_items"), 1)
	forms := province(t, 600)
	rows := "stratum,psu,row,w,n1,n2,share\n"
	for i := range forms {
		positive := 0
		for _, item := range items {
			forms[i].items[item] = max(1, forms[i].items[item])
			if forms[i].items[item] >= 4 {
				positive++
			}
		}
		forms[i].items["n1"], forms[i].items["n2"] = 10, 40 // of 8 communes a district and at most 20 forms a commune
		b := forms[i].background
		rows += fmt.Sprintf("%s,%s,%d,%.17g,10,40,%.17g\n", b["huyen"], b["xa"], i, forms[i].weight, float64(positive)/float64(len(items)))
	}
	path, flat := filepath.Join(t.TempDir(), "p.parquet"), filepath.Join(t.TempDir(), "p.csv")
	writeDataset(t, path, forms, sipasBackground, append(slices.Clone(items), "n1", "n2"))
	if err := os.WriteFile(flat, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := Run(context.Background(), Input{Files: []string{path}, Definition: source}, Plan{
		Design: Design{Weight: "trong_so", Strata: Columns{"huyen"}, PSU: Columns{"xa"}, FPC: Columns{"n1", "n2"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	bench, err := Estimate(context.Background(), EstimateRequest{
		Files: []string{flat}, Mean: []string{"share"}, Nest: true,
		Design: Design{Weight: "w", Strata: Columns{"stratum"}, PSU: Columns{"psu", "row"}, FPC: Columns{"n1", "n2"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, want := find(t, set, "sipas", nil), bench.Estimates[0]
	about(t, "estimate", got.Estimate, 100*float64(want.Estimate))
	about(t, "SE", got.SE, 100*float64(want.SE))
	about(t, "df", got.DF, float64(want.DF))
}

// TestRunGivesTheSameBytes for any number of threads and of files that the forms are spread over, in any order.
func TestRunGivesTheSameBytes(t *testing.T) {
	source, items := sipasItems(t)
	forms := province(t, 580)
	var want []byte
	for i, cuts := range [][]int{{0, 580}, {0, 100, 101, 580}, {0, 290, 580}} {
		dir := t.TempDir()
		var files []string
		for k := range cuts[1:] {
			files = append(files, filepath.Join(dir, string(rune('c'-k))+".parquet"))
			writeDataset(t, files[k], forms[cuts[k]:cuts[k+1]], sipasBackground, items)
		}
		design := Design{Weight: "trong_so", Strata: Columns{"huyen"}, PSU: Columns{"xa"}}
		margins := Calibrate{Margins: map[string]map[string]float64{"gioi_tinh": {"Nam": 0.487, "Nữ": 0.513}, "dan_toc": {"Kinh": 0.65, "Khmer": 0.31, "Khác": 0.04}}}
		var got []byte
		for _, plan := range []Plan{{Design: design, Domains: sipasBackground}, {Design: design, Domains: sipasBackground[:3], Calibrate: margins}} {
			set, err := Run(context.Background(), Input{Files: files, Definition: source, Engine: engine.Options{Threads: i + 1}}, plan)
			if err != nil {
				t.Fatal(err)
			}
			if len(set.Priorities) != 22 {
				t.Fatalf("%d priorities, want one a criterion", len(set.Priorities))
			}
			text, err := json.Marshal(set)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, text...)
		}
		if want == nil {
			want = got
		}
		if string(got) != string(want) {
			t.Fatalf("%d files and %d threads give other bytes than one of each", len(files), i+1)
		}
	}
}

func TestWhatADatasetLacks(t *testing.T) {
	source, items := sipasItems(t)
	path := filepath.Join(t.TempDir(), "p.parquet")
	writeDataset(t, path, province(t, 100), sipasBackground, items[1:])
	in := Input{Files: []string{path}, Definition: source}
	set, err := Run(context.Background(), in, Plan{Domains: []string{"tuoi", "gioi_tinh"}})
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, w := range set.Warnings {
		codes[w.Code] = true
	}
	if !codes["items_absent"] || !codes["domain_absent"] {
		t.Errorf("the warnings are %v; the item AC1 and the column tuoi are not there", set.Warnings)
	}
	if e := find(t, set, "AC1", nil); e.Estimate.Known() || len(e.Warnings) == 0 {
		t.Errorf("AC1, which was not asked, is %+v", e)
	}
	if e := find(t, set, "sipas", nil); !e.Estimate.Known() || !slices.Contains(e.Warnings, "pooled 21 22") {
		t.Errorf("the overall figure without AC1 is %+v", e)
	}
	for name, c := range map[string]struct {
		plan Plan
		want string
	}{
		"weight":     {Plan{Design: Design{Weight: "gewicht"}}, `there is no column "gewicht"; there are huyen, `},
		"margin":     {Plan{Calibrate: Calibrate{Margins: map[string]map[string]float64{"tuoi": {"x": 1}}}}, `column "tuoi"`},
		"confidence": {Plan{Confidence: 95}, "confidence is 95"},
		"interval":   {Plan{CI: "exact"}, `ci is "exact"`},
		"lonely":     {Plan{Design: Design{Strata: Columns{"huyen", "linh_vuc"}, PSU: Columns{"xa"}}}, "with one sampling unit"},
		"category":   {Plan{Calibrate: Calibrate{Margins: map[string]map[string]float64{"gioi_tinh": {"Nam": 1}}}}, "calibrating the weights"},
		"correction": {Plan{Domains: []string{"gioi_tinh"}, Adjust: "tukey"}, "tukey"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Run(context.Background(), in, c.plan); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v; it should say %q", err, c.want)
			}
		})
	}
	in.Definition = []byte(twoItems)
	if _, err := Run(context.Background(), in, Plan{}); err == nil || !strings.Contains(err.Error(), "none of the items") {
		t.Errorf("a dataset of another index gives %v", err)
	}
}

// TestPrioritiesShareOutTheOverallScore by hand: A varies, B follows A in half of its rows and is constant otherwise, so of the mean of the two A
// explains more; both are 60 % and 100 % positive.
func TestPrioritiesShareOutTheOverallScore(t *testing.T) {
	forms := twoItemForms(pattern{30, "X", "x", 5, 5, 1}, pattern{30, "X", "x", 5, 4, 1}, pattern{40, "X", "x", 1, 4, 1}, pattern{7, "X", "x", 0, -1, 1})
	set, err := analyseTwo(t, forms, Plan{})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Priorities) != 2 {
		t.Fatalf("%d priorities, want 2", len(set.Priorities))
	}
	// Two items that make up the whole: the lmg share of A is (r² of A alone + gain of A over B)/2, by the correlations of the 100 rows.
	var a, b, y []float64
	for _, f := range forms[:100] {
		a, b = append(a, float64(f.items["A"])), append(b, float64(f.items["B"]))
		y = append(y, (a[len(a)-1]+b[len(b)-1])/2)
	}
	ra, rb := correlation(y, a), correlation(y, b)
	want := 100 * (ra*ra + 1 - rb*rb) / 2
	first, second := set.Priorities[0], set.Priorities[1]
	if first.Node != "a" || first.Quadrant != "improve" || second.Quadrant != "surplus" || first.Order != 1 {
		t.Errorf("the priorities are %+v; A matters more and satisfies less", set.Priorities)
	}
	about(t, "importance of A", first.Importance, want)
	about(t, "importance of B", second.Importance, 100-want)
	about(t, "satisfaction with A", first.Satisfaction, 60)
}

func correlation(x, y []float64) float64 {
	var mx, my, xx, yy, xy float64
	for i := range x {
		mx, my = mx+x[i]/float64(len(x)), my+y[i]/float64(len(x))
	}
	for i := range x {
		xx, yy, xy = xx+(x[i]-mx)*(x[i]-mx), yy+(y[i]-my)*(y[i]-my), xy+(x[i]-mx)*(y[i]-my)
	}
	return xy / math.Sqrt(xx*yy)
}
