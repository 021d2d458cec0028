package survey

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A drawn survey: rows with a stratum, a PSU within it, an integer weight, a value and a group.
type drawn struct {
	stratum, psu, group []string
	weight, y           []float64
}

func drawSurvey(t *rapid.T) drawn {
	var s drawn
	for h := range rapid.IntRange(1, 3).Draw(t, "strata") {
		for i := range rapid.IntRange(2, 4).Draw(t, "psus") {
			for range rapid.IntRange(1, 4).Draw(t, "rows") {
				s.stratum = append(s.stratum, fmt.Sprint(h))
				s.psu = append(s.psu, fmt.Sprintf("%d-%d", h, i))
				s.group = append(s.group, rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "group"))
				s.weight = append(s.weight, float64(rapid.IntRange(1, 9).Draw(t, "weight")))
				s.y = append(s.y, float64(rapid.IntRange(-100, 100).Draw(t, "y")))
			}
		}
	}
	return s
}

func (s drawn) design(t *rapid.T, lonely LonelyPSU) *Design {
	f := NewFrame(len(s.y))
	for name, c := range map[string]Column{"stratum": Factor(s.stratum), "psu": Factor(s.psu), "group": Factor(s.group), "w": Numeric(s.weight), "y": Numeric(s.y)} {
		if err := f.Set(name, c); err != nil {
			t.Fatal(err)
		}
	}
	d, err := NewDesign(f, DesignSpec{IDs: []string{"psu"}, Strata: []string{"stratum"}, Weights: []string{"w"}, Lonely: lonely})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func must[T any](t *rapid.T) func(v T, err error) T {
	return func(v T, err error) T {
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func near(t *rapid.T, what string, got, want, scale float64) {
	if math.Abs(got-want) > 1e-10*math.Max(scale, math.Max(math.Abs(got), math.Abs(want))) {
		t.Fatalf("%s: %.17g, want %.17g", what, got, want)
	}
}

// Means, their standard errors and df do not change when all weights are multiplied; totals and theirs are multiplied with them.
func TestWeightsScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		c := rapid.Float64Range(0.01, 1000).Draw(t, "factor")
		d := s.design(t, LonelyFail)
		scaled := s
		scaled.weight = scaledBy(s.weight, c)
		e := scaled.design(t, LonelyFail)
		m, n := must[Estimates](t)(d.Mean([]string{"y", "group"}, Options{})), must[Estimates](t)(e.Mean([]string{"y", "group"}, Options{}))
		a, b := must[Estimates](t)(d.Total([]string{"y"}, Options{})), must[Estimates](t)(e.Total([]string{"y"}, Options{}))
		for i := range m.Est {
			near(t, "mean", n.Est[i], m.Est[i], 100)
			near(t, "SE", n.SE[i], m.SE[i], 100)
		}
		near(t, "total", b.Est[0], c*a.Est[0], 100*c)
		near(t, "SE of total", b.SE[0], c*a.SE[0], 100*c)
		if m.DF != n.DF {
			t.Fatalf("df %g, then %g", m.DF, n.DF)
		}
	})
}

// The order of the rows does not matter.
func TestRowOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		order := make([]int, len(s.y))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		var p drawn
		for _, k := range order {
			p.stratum, p.psu, p.group = append(p.stratum, s.stratum[k]), append(p.psu, s.psu[k]), append(p.group, s.group[k])
			p.weight, p.y = append(p.weight, s.weight[k]), append(p.y, s.y[k])
		}
		d, e := s.design(t, LonelyFail), p.design(t, LonelyFail)
		m, n := must[Estimates](t)(d.Mean([]string{"y"}, Options{Deff: DeffReplace})), must[Estimates](t)(e.Mean([]string{"y"}, Options{Deff: DeffReplace}))
		near(t, "mean", n.Est[0], m.Est[0], 100)
		near(t, "SE", n.SE[0], m.SE[0], 100)
		q, r := must[[]QuantileEstimate](t)(d.Quantile("y", []float64{0.3}, QuantileOptions{})), must[[]QuantileEstimate](t)(e.Quantile("y", []float64{0.3}, QuantileOptions{}))
		near(t, "quantile", r[0].Est, q[0].Est, 100)
	})
}

// Domain totals add up to the total, and so does their variance with the covariances; proportions sum to 1 without variance.
func TestDomainsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		d := s.design(t, LonelyFail)
		total := must[Estimates](t)(d.Total([]string{"y"}, Options{}))
		by := must[ByResult](t)(d.By([]string{"group"}, func(e *Design) (Estimates, error) { return e.Total([]string{"y"}, Options{}) }))
		ones := make([]float64, len(by.Domains))
		for i := range ones {
			ones[i] = 1
		}
		sum := must[Contrast](t)(LinearContrast(ones, by.Est(), by.Cov))
		near(t, "total", sum.Est, total.Est[0], 1000)
		near(t, "SE", sum.SE*sum.SE, total.Cov[0][0], 1000)
		p := must[Estimates](t)(d.Mean([]string{"group"}, Options{}))
		share, variance := 0.0, 0.0
		for i := range p.Est {
			share += p.Est[i]
			if !(p.SE[i] >= 0) {
				t.Fatalf("SE is %g", p.SE[i])
			}
			for j := range p.Est {
				variance += p.Cov[i][j]
			}
		}
		near(t, "sum of proportions", share, 1, 1)
		near(t, "its variance", variance, 0, 1)
	})
}

// A row of integer weight w counts as w rows of weight 1 in every point estimate.
func TestIntegerWeightsAreRepeatedRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		var r drawn
		for k, w := range s.weight {
			for range int(w) {
				r.stratum, r.psu, r.group = append(r.stratum, s.stratum[k]), append(r.psu, s.psu[k]), append(r.group, s.group[k])
				r.weight, r.y = append(r.weight, 1), append(r.y, s.y[k])
			}
		}
		d, e := s.design(t, LonelyFail), r.design(t, LonelyFail)
		m, n := must[Estimates](t)(d.Mean([]string{"y"}, Options{})), must[Estimates](t)(e.Mean([]string{"y"}, Options{}))
		near(t, "mean", m.Est[0], n.Est[0], 100)
		near(t, "SE", m.SE[0], n.SE[0], 100) // the PSU totals are the same
		q, u := must[[]QuantileEstimate](t)(d.Quantile("y", []float64{0.1, 0.5, 0.8}, QuantileOptions{Rule: "school"})), must[[]QuantileEstimate](t)(e.Quantile("y", []float64{0.1, 0.5, 0.8}, QuantileOptions{Rule: "school"}))
		sorted := slices.Clone(r.y)
		slices.Sort(sorted)
		for i := range q {
			// R's rule skips the first value where p is below its weight's share; elsewhere the two agree
			if first := sorted[0]; q[i].Est != u[i].Est && float64(len(sorted))*q[i].P > s.weightOf(first) {
				t.Fatalf("quantile %g: %g with weights, %g with rows", q[i].P, q[i].Est, u[i].Est)
			}
		}
	})
}

func (s drawn) weightOf(v float64) float64 {
	sum := 0.0
	for k, y := range s.y {
		if y == v {
			sum += s.weight[k]
		}
	}
	return sum
}

// Calibrated weights meet their totals, whatever the metric, and then estimate them without error.
func TestCalibrationMeetsTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		d := s.design(t, LonelyFail)
		now := must[Estimates](t)(d.Total([]string{"y"}, Options{}))
		_, sumW := d.sizes()
		c := Calibration{Terms: []Term{{"y"}}, Totals: map[string]float64{"(Intercept)": sumW * 1.05, "y": now.Est[0]*1.05 + sumW*0.5}, Epsilon: 1e-12}
		if rapid.Bool().Draw(t, "raking") {
			c.Metric = RakingMetric
		}
		if slices.Min(s.y) == slices.Max(s.y) {
			return // a constant cannot be calibrated to another total than its share
		}
		e, err := d.Calibrate(c)
		if err != nil {
			return // beyond what weights above 0 can reach
		}
		got := must[Estimates](t)(e.Total([]string{"y"}, Options{}))
		if math.Abs(got.Est[0]-c.Totals["y"]) > 1e-8*(1+math.Abs(c.Totals["y"])) {
			t.Fatalf("total %g, want %g", got.Est[0], c.Totals["y"])
		}
		near(t, "SE of a known total", got.SE[0], 0, 1e4*(1+now.SE[0]))
	})
}

// Whatever the columns hold, an estimator returns figures or an error: no panic, and no standard error below 0.
func TestOddData(t *testing.T) {
	odd := []float64{math.NaN(), 0, 1, 1, 2, -3, 1e9, 1e-9, 0.5}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "rows")
		f := NewFrame(n)
		for _, name := range []string{"a", "b", "w", "fpc"} {
			if err := f.Set(name, Numeric(rapid.SliceOfN(rapid.SampledFrom(odd), n, n).Draw(t, name))); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"h", "p", "g"} {
			if err := f.Set(name, Factor(rapid.SliceOfN(rapid.SampledFrom([]string{"", "x", "y", "z", "y"}), n, n).Draw(t, name))); err != nil {
				t.Fatal(err)
			}
		}
		spec := DesignSpec{Lonely: LonelyPSU(rapid.IntRange(0, 6).Draw(t, "lonely")), Nest: rapid.Bool().Draw(t, "nest"), AdjustDomainLonely: rapid.Bool().Draw(t, "domain")}
		use := func(what string) bool { return rapid.IntRange(0, 2).Draw(t, what) == 0 }
		if use("ids") {
			spec.IDs = []string{"p", "g"}
		}
		if use("strata") {
			spec.Strata = []string{"h"}
		}
		if use("weights") {
			spec.Weights = []string{"w"}
		}
		if use("fpc") {
			spec.FPC = []string{"fpc"}
		}
		d, err := NewDesign(f, spec)
		if err != nil {
			return
		}
		for _, step := range []func() (*Design, error){
			func() (*Design, error) { return d.DropMissing("a") },
			func() (*Design, error) {
				return d.PostStratify(Margin{By: []string{"g"}, Cells: []MarginCell{{[]string{"x"}, 5}, {[]string{"y"}, 7}, {[]string{"z"}, 0}}})
			},
			func() (*Design, error) {
				return d.Calibrate(Calibration{Terms: []Term{{"b"}}, Totals: map[string]float64{"(Intercept)": 20, "b": 11}})
			},
			func() (*Design, error) { return d.Trim(0.5, 3, true) },
			func() (*Design, error) { return d.Replicate(ReplicateSpec{Type: "JK1"}) },
			func() (*Design, error) { return d.Replicate(ReplicateSpec{Type: "JKn"}) },
			func() (*Design, error) { return d.Replicate(ReplicateSpec{Type: "subbootstrap", Replicates: 5}) },
		} {
			if use("step") {
				if e, err := step(); err == nil {
					d = e
				}
			}
		}
		check := func(e Estimates, err error) {
			for _, se := range e.SE {
				if err == nil && se < 0 {
					t.Fatalf("standard error %g", se)
				}
			}
		}
		check(d.Mean([]string{"a", "g"}, Options{NaRm: true, Deff: DeffWithoutReplacement}))
		check(d.Total([]string{"a"}, Options{NaRm: true, Deff: DeffReplace}))
		check(d.Ratio("a", "b", Options{NaRm: true, Deff: DeffReplace}))
		check(d.Variance([]string{"a", "b"}, Options{NaRm: true}))
		if b, err := d.By([]string{"g", "h"}, func(e *Design) (Estimates, error) { return e.Mean([]string{"a"}, Options{}) }); err == nil {
			for _, dom := range b.Domains {
				check(dom.Estimates, nil)
			}
		}
		for _, interval := range QuantileIntervals {
			q, err := d.Quantile("a", []float64{0, 0.3, 1}, QuantileOptions{NaRm: true, Interval: interval, Rule: rapid.SampledFrom(QuantileRules[:]).Draw(t, "rule")})
			for _, e := range q {
				if err == nil && interval == "mean" && e.Lo > e.Hi { // R's other intervals can fold back at the ends
					t.Fatalf("%s interval %g…%g", interval, e.Lo, e.Hi)
				}
			}
		}
		if x, err := d.ChiSquaredTest("g", "h"); err == nil {
			for _, r := range x.Tests {
				if r.P < 0 || r.P > 1 {
					t.Fatalf("%s has p %g", r.Name, r.P)
				}
			}
		}
		for _, family := range []Family{Gaussian, QuasiBinomial, QuasiPoisson} {
			fit, err := d.GLM(Model{Response: "a", Terms: []Term{{"b"}, {"g"}}, Family: family})
			check(fit.Estimates, err)
		}
		fit, err := d.OrdinalLogit("a", []Term{{"b"}}, OrdinalOptions{})
		check(fit.Estimates, err)
		if r, err := d.RankTest("a", "g", "wilcoxon"); err == nil && (r.P < 0 || r.P > 1) {
			t.Fatalf("rank test has p %g", r.P)
		}
		if p, err := d.Proportion("b", Options{NaRm: true}); err == nil {
			for _, m := range ProportionMethods {
				if lo, hi, warn := p.CI(m, 0.95); lo > hi && len(warn) == 0 {
					t.Fatalf("%s interval %g…%g", m, lo, hi)
				}
			}
		}
	})
}
