package survey

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// The paper-and-pencil examples that stand in the estimators' comments.
func TestExamplesByHand(t *testing.T) {
	f := frameOf(t, map[string]Column{"w": Numeric([]float64{2, 1, 1}), "y": Numeric([]float64{1, 2, 5}), "x": Numeric([]float64{2, 2, 3}), "b": Numeric([]float64{1, 0, 1})})
	d, err := NewDesign(f, DesignSpec{Weights: []string{"w"}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.Mean([]string{"y"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "mean", m.Est[0], 2.25)
	for k, u := range []float64{-2.5 / 4, -0.25 / 4, 2.75 / 4} {
		close12(t, "influence", m.Influence[0][k], u)
	}
	total, err := d.Total([]string{"y"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "total", total.Est[0], 9)
	r, err := d.Ratio("y", "x", Options{})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "ratio", r.Est[0], 1)
	for k, u := range []float64{-2.0 / 9, 0, 2.0 / 9} {
		close12(t, "influence on the ratio", r.Influence[0][k], u)
	}
	v, err := d.Variance([]string{"y"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "variance", v.Est[0], 4.03125)
	q, err := d.Quantile("y", []float64{0.5}, QuantileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "median", q[0].Est, 1)
	p, err := d.Proportion("b", Options{})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "proportion", p.P, 0.75)
	close12(t, "deff", Deff(0.02, 1, 100, 1000, false), 0.02/0.009)
	close12(t, "deff with replacement", Deff(0.02, 1, 100, 1000, true), 2)
	close12(t, "variance from sums", WeightedVariance(2*1+4+25, 9, 4, 3), 4.03125)
}

func TestWeightingByHand(t *testing.T) {
	f := frameOf(t, map[string]Column{"w": Numeric([]float64{1, 2, 9}), "c": Factor([]string{"a", "b", "b"})})
	d, err := NewDesign(f, DesignSpec{Weights: []string{"w"}})
	if err != nil {
		t.Fatal(err)
	}
	trimmed, err := d.Trim(0, 6, false)
	if err != nil {
		t.Fatal(err)
	}
	for k, w := range []float64{2.5, 3.5, 6} {
		close12(t, "trimmed weight", trimmed.Weights()[k], w)
	}
	ps, err := d.PostStratify(Margin{By: []string{"c"}, Cells: []MarginCell{{Levels: []string{"a"}, Freq: 10}, {Levels: []string{"b"}, Freq: 22}}})
	if err != nil {
		t.Fatal(err)
	}
	for k, w := range []float64{10, 4, 18} {
		close12(t, "post-stratified weight", ps.Weights()[k], w)
	}
	for _, metric := range []Metric{LinearMetric, RakingMetric, LogitMetric} {
		c, err := d.Calibrate(Calibration{Totals: map[string]float64{"(Intercept)": 24}, Metric: metric, Lower: 0.1, Upper: 5})
		if err != nil {
			t.Fatal(err)
		}
		for k, w := range []float64{2, 4, 18} {
			if math.Abs(c.Weights()[k]-w) > 1e-6 { // R's default epsilon
				t.Errorf("calibrated weight is %g, by hand %g", c.Weights()[k], w)
			}
		}
	}
	factors, adjusted, err := NonresponseFactors([]float64{2, 3, 5}, []bool{true, true, false}, []string{"k", "k", "k"})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "nonresponse factor", factors["k"], 2)
	if !slices.Equal(adjusted, []float64{4, 6, 0}) {
		t.Errorf("adjusted weights are %v", adjusted)
	}
}

// What cannot be weighted is an error that says what to do; what is doubtful is a warning.
func TestWeightingErrors(t *testing.T) {
	f := frameOf(t, map[string]Column{"w": Numeric([]float64{1, 2, 9}), "c": Factor([]string{"a", "b", "b"}), "g": Factor([]string{"u", "u", "v"}), "x": Numeric([]float64{1, 2, 9})})
	d, err := NewDesign(f, DesignSpec{Weights: []string{"w"}})
	if err != nil {
		t.Fatal(err)
	}
	cells := func(levels ...string) Margin {
		m := Margin{By: []string{"c"}}
		for _, l := range levels {
			m.Cells = append(m.Cells, MarginCell{Levels: []string{l}, Freq: 5})
		}
		return m
	}
	other := func(low, high float64) Margin {
		return Margin{By: []string{"g"}, Cells: []MarginCell{{[]string{"u"}, low}, {[]string{"v"}, high}}}
	}
	for _, c := range []struct {
		name, want string
		do         func() (*Design, error)
	}{
		{"cell without population", "no population count", func() (*Design, error) { return d.PostStratify(cells("a")) }},
		{"cell without sample", "nobody in the sample", func() (*Design, error) { return d.PostStratify(cells("a", "b", "z")) }},
		{"trimming below the mean", "cannot sum", func() (*Design, error) { return d.Trim(0, 3, true) }},
		{"bounds too tight", "within the bounds", func() (*Design, error) {
			return d.Calibrate(Calibration{Totals: map[string]float64{"(Intercept)": 24}, Lower: 0.9, Upper: 1.1})
		}},
		{"total missing", `no population total for "cb"`, func() (*Design, error) {
			return d.Calibrate(Calibration{Terms: []Term{{"c"}}, Totals: map[string]float64{"(Intercept)": 24}})
		}},
		{"too few rounds", "no convergence", func() (*Design, error) {
			return d.Rake([]Margin{cells("a", "b"), other(5, 5)}, RakeOptions{MaxIter: 1, Epsilon: 1e-9})
		}},
	} {
		if _, err := c.do(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.want)
		}
	}
	raked, err := d.Rake([]Margin{cells("a", "b"), other(10, 20)}, RakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if w := raked.Warnings(); len(w) != 1 || !strings.Contains(w[0].Error(), "differ") {
		t.Errorf("margins of different totals must be told, got %q", w)
	}
	neg, err := d.Calibrate(Calibration{Terms: []Term{{"x"}}, Totals: map[string]float64{"(Intercept)": 12, "x": 12}})
	if err != nil {
		t.Fatal(err)
	}
	if w := neg.Warnings(); len(w) != 1 || !strings.Contains(w[0].Error(), "negative") {
		t.Errorf("negative weights must be told, got %q", w)
	}
}

// JK1 of equal weights is s²/n: 1, 2, 6 have s² = 7, so 7/3.
func TestJackknifeByHand(t *testing.T) {
	f := frameOf(t, map[string]Column{"y": Numeric([]float64{1, 2, 6})})
	d, err := NewDesign(f, DesignSpec{})
	if err != nil {
		t.Fatal(err)
	}
	if d, err = d.Replicate(ReplicateSpec{Type: "JK1"}); err != nil {
		t.Fatal(err)
	}
	m, err := d.Mean([]string{"y"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "jackknife variance", m.Cov[0][0], 7.0/3)
	if m.DF != 2 {
		t.Errorf("df is %g, not 2", m.DF)
	}
}

// A Hadamard matrix has orthogonal rows, whatever its order.
func TestHadamard(t *testing.T) {
	for n := 2; n <= 70; n++ {
		h := hadamard(n)
		if len(h) < n {
			t.Fatalf("order %d for %d", len(h), n)
		}
		for i := range h {
			for j := range i {
				s := 0
				for k := range h {
					s += h[i][k] * h[j][k]
				}
				if s != 0 {
					t.Fatalf("rows %d and %d of order %d are not orthogonal", i, j, len(h))
				}
			}
		}
	}
}

// Bootstraps with one seed are one; with fpc the population is resampled, so a census has no variance.
func TestBootstrap(t *testing.T) {
	y := []float64{1, 2, 6, 4, 9, 3}
	f := frameOf(t, map[string]Column{"y": Numeric(y), "N": Numeric([]float64{6, 6, 6, 6, 6, 6})})
	free, err := NewDesign(f, DesignSpec{})
	if err != nil {
		t.Fatal(err)
	}
	var se []float64
	for range 2 {
		b, err := free.Replicate(ReplicateSpec{Type: "subbootstrap", Replicates: 4000, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		m, err := b.Mean([]string{"y"}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		se = append(se, m.SE[0])
	}
	if se[0] != se[1] {
		t.Errorf("one seed gave %g and %g", se[0], se[1])
	}
	m, err := free.Mean([]string{"y"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(se[0]/m.SE[0]-1) > 0.05 { // 4000 replicates: about 1.1 % of noise
		t.Errorf("bootstrap SE %g, linearised %g", se[0], m.SE[0])
	}
	census, err := NewDesign(f, DesignSpec{FPC: []string{"N"}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := census.Replicate(ReplicateSpec{Type: "bootstrap", Replicates: 20})
	if err != nil {
		t.Fatal(err)
	}
	if m, err = b.Mean([]string{"y"}, Options{}); err != nil {
		t.Fatal(err)
	}
	close12(t, "SE of a census", m.SE[0], 0)
}

func TestProportionCIEdges(t *testing.T) {
	for _, method := range ProportionMethods {
		// 0 of 10: Clopper-Pearson's upper limit is 1 − 0.025^(1/10)
		lo, hi, warn := ProportionCI(method, 0, 0, 10, 9, 0.95)
		close12(t, method+" lower limit", lo, 0)
		close12(t, method+" upper limit", hi, 1-math.Pow(0.025, 0.1))
		if len(warn) == 0 {
			t.Errorf("%s says nothing of p = 0", method)
		}
		if lo, hi, warn := ProportionCI(method, 0.5, 0.01, 10, 0, 0.95); !math.IsNaN(lo) || !math.IsNaN(hi) || len(warn) == 0 {
			t.Errorf("%s gives %g…%g on no degrees of freedom, warnings %q", method, lo, hi, warn)
		}
		lo, hi, _ = ProportionCI(method, 0.3, 0.002, 100, 40, 0.95)
		if !(lo < 0.3 && hi > 0.3 && lo > 0.15 && hi < 0.45) {
			t.Errorf("%s gives %g…%g around 0.3", method, lo, hi)
		}
	}
	if _, _, warn := ProportionCI("exact", 0.3, 0.002, 100, 40, 0.95); len(warn) != 1 || !strings.Contains(warn[0].Error(), "exact") {
		t.Errorf("an unknown method must be told, got %q", warn)
	}
}

func TestMultiplicityByHand(t *testing.T) {
	p := []float64{0.01, 0.04, math.NaN(), 0.03}
	for method, want := range map[string][]float64{
		"holm": {0.03, 0.06, math.NaN(), 0.06}, "bonferroni": {0.03, 0.12, math.NaN(), 0.09}, "hochberg": {0.03, 0.04, math.NaN(), 0.04},
		"BH": {0.03, 0.04, math.NaN(), 0.04}, "none": p,
	} {
		got, err := PAdjust(p, method)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
				close12(t, method, got[i], want[i])
			}
		}
	}
	if _, err := PAdjust(p, "tukey"); err == nil {
		t.Error("an unknown method is no error")
	}
}

func TestRanksByHand(t *testing.T) {
	p, err := RankDistribution([]float64{1, 0}, []float64{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "P(rank 1)", p[0][0], NormalCDF(1/math.Sqrt2))
	close12(t, "sum", p[1][0]+p[1][1], 1)
	sets := IntervalRankSets([]float64{3, 2, 0}, []float64{1, 1, 1}, 0.6)
	if !slices.Equal(sets, []RankSet{{1, 2}, {1, 2}, {3, 3}}) {
		t.Errorf("rank sets are %v", sets)
	}
	if _, err := RankDistribution([]float64{1, 0}, []float64{1, 0}); err == nil {
		t.Error("a unit without standard error must be refused")
	}
	fh, err := FitFayHerriot([]float64{-2, 0, 2}, [][]float64{{1, 1, 1}}, []float64{1, 1, 1}, false)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(fh.A-3) > 1e-9 || math.Abs(fh.EBLUP[2]-1.5) > 1e-9 {
		t.Errorf("A is %g and EBLUP %g, by hand 3 and 1.5", fh.A, fh.EBLUP[2])
	}
	ml, err := FitFayHerriot([]float64{-2, 0, 2}, [][]float64{{1, 1, 1}}, []float64{1, 1, 1}, true)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(ml.A-5.0/3) > 1e-9 { // ML divides the 8 by 3 areas: 8/3 − 1
		t.Errorf("A by ML is %g, by hand 5/3", ml.A)
	}
	for _, c := range []struct{ rank, k, groups, want int }{{1, 63, 4, 1}, {15, 63, 4, 1}, {16, 63, 4, 2}, {63, 63, 4, 4}, {4, 12, 4, 2}} {
		if g := GroupOf(c.rank, c.k, c.groups); g != c.want {
			t.Errorf("rank %d of %d is in group %d, not %d", c.rank, c.k, g, c.want)
		}
	}
}

func TestOrdinalLogitByHand(t *testing.T) {
	f := frameOf(t, map[string]Column{"y": Numeric([]float64{1, 1, 2, 3})})
	d, err := NewDesign(f, DesignSpec{})
	if err != nil {
		t.Fatal(err)
	}
	fit, err := d.OrdinalLogit("y", nil, OrdinalOptions{Exact: true})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "first threshold", fit.Est[0], 0)
	close12(t, "second threshold", fit.Est[1], math.Log(3))
}

func TestScalesByHand(t *testing.T) {
	// two items of variance 1 and correlation 1/2 over three rows
	r, err := ItemReliabilities([][]float64{{-1, 0, 1}, {-1, 1, 0}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "alpha", r.AlphaRaw, 2.0/3)
	q, err := ResponseQuality([][]float64{{3}, {3}, {math.NaN()}, {3}, {4}}, 5)
	if err != nil {
		t.Fatal(err)
	}
	if q[0].LongString != 3 || q[0].Valid != 4 || q[0].Straight {
		t.Errorf("quality is %+v", q[0])
	}
	close12(t, "IRV", q[0].IRV, 0.5)
	// uncorrelated drivers with r 0.6 and 0.3 in four rows: y = 0.6·a + 0.3·b + rest, rest uncorrelated with both
	a, b, e := []float64{1, 1, -1, -1}, []float64{1, -1, 1, -1}, []float64{1, -1, -1, 1}
	y := make([]float64, 4)
	for k := range y {
		y[k] = 0.6*a[k] + 0.3*b[k] + math.Sqrt(0.55)*e[k]
	}
	d, err := DriverImportance(y, [][]float64{a, b}, []float64{1, 1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "R²", d.R2, 0.45)
	for i, want := range []float64{0.36, 0.09} {
		close12(t, "Shapley", d.Items[i].Shapley, want)
		close12(t, "relative weight", d.Items[i].RelativeWeight, want)
		close12(t, "Pratt", d.Items[i].Pratt*d.R2, want)
	}
}
