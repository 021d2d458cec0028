package survey

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawTotals draws a design with lonely strata and one breakdown whose values touch some of the PSUs, as engine.Totals would bring it.
func drawTotals(t *rapid.T) *Totals {
	out := &Totals{Measures: []string{"y"}}
	for h := range rapid.IntRange(2, 4).Draw(t, "strata") {
		out.Strata = append(out.Strata, fmt.Sprint(h))
		n := rapid.IntRange(1, 8).Draw(t, "psus")
		if h == 0 {
			n += 2 // so that not every stratum is lonely
		}
		out.PopPSUs = append(out.PopPSUs, float64(n+rapid.IntRange(0, 20).Draw(t, "beyond the sample")))
		for k := range n {
			out.PSUs, out.Stratum = append(out.PSUs, fmt.Sprint(h, k)), append(out.Stratum, int32(h))
		}
	}
	if rapid.Bool().Draw(t, "without fpc") {
		out.PopPSUs = nil
	}
	sums := func() func() []Sums { s := make([]Sums, 1); return func() []Sums { return s } }
	everyone, by := Breakdown{Start: []int32{0}, Sums: sums()}, Breakdown{Start: []int32{0}, Sums: sums()}
	values := rapid.IntRange(1, 6).Draw(t, "values")
	add := func(b *Breakdown, psu int, x, y float64) {
		s := &b.Sums()[0]
		b.PSU, s.N, s.W, s.X, s.Y = append(b.PSU, int32(psu)), append(s.N, x), append(s.W, x), append(s.X, x), append(s.Y, y)
		s.XX, s.XY, s.YY = append(s.XX, x), append(s.XY, y), append(s.YY, y)
	}
	cells := make([][][2]float64, values) // of each value: x and y by PSU
	for d := range values {
		cells[d] = make([][2]float64, len(out.PSUs))
		for k := range out.PSUs {
			if x := rapid.IntRange(0, 9).Draw(t, "x"); x > 4 {
				cells[d][k] = [2]float64{float64(x), float64(rapid.IntRange(0, x).Draw(t, "y"))}
				add(&by, k, cells[d][k][0], cells[d][k][1])
			}
		}
		by.Values, by.Start = append(by.Values, []string{fmt.Sprint(d)}), append(by.Start, int32(len(by.PSU)))
	}
	for k := range out.PSUs {
		x, y := 1.0, 1.0 // respondents outside every value
		for d := range values {
			x, y = x+cells[d][k][0], y+cells[d][k][1]
		}
		add(&everyone, k, x, y)
	}
	everyone.Values, everyone.Start = [][]string{{}}, append(everyone.Start, int32(len(everyone.PSU)))
	out.Breakdowns = []Breakdown{everyone, by}
	return out
}

// A figure that names the few PSUs that it touches has the variance, covariance and differences of the same figure with a 0 for every
// other PSU, whatever is done with lonely ones.
func TestSparseFiguresAreTheWholeOnes(t *testing.T) {
	sparse := 0
	rapid.Check(t, func(t *rapid.T) {
		totals := drawTotals(t)
		v, err := totals.Variances(rapid.SampledFrom([]LonelyPSU{LonelyRemove, LonelyCertainty, LonelyAdjust, LonelyAverage}).Draw(t, "lonely"))
		if err != nil {
			t.Fatal(err)
		}
		// Ratios sum to 0 over the PSUs and would not show what LonelyAdjust does; totals do.
		figure := totals.Ratio
		if rapid.Bool().Draw(t, "totals") {
			figure = totals.Total
		}
		base := figure(Cell{})
		against := v.Against(base)
		var figures, whole []Linear
		for d := range totals.Breakdowns[1].Values {
			l := figure(Cell{Breakdown: 1, Value: d})
			if l.N == 0 {
				continue
			}
			if l.At != nil {
				sparse++
			}
			w := l
			w.At, w.Z = nil, v.whole(l)
			figures, whole = append(figures, l), append(whole, w)
			scale := v.Variance(base) + v.Variance(w)
			near(t, "variance", v.Variance(l), v.Variance(w), scale)
			difference := v.Variance(Combine(0, []float64{1, -1}, []Linear{w, base}))
			near(t, "difference", against.Variance(l), difference, scale)
			near(t, "covariance", v.Variance(w)+v.Variance(base)-2*v.Covariance(l, base), difference, scale)
		}
		coef := make([]float64, len(figures))
		for i := range coef {
			coef[i] = float64(rapid.IntRange(-3, 3).Draw(t, "coefficient"))
		}
		if len(figures) > 0 {
			a, b := Combine(1, coef, figures), Combine(1, coef, whole)
			near(t, "combination", a.Est, b.Est, 1)
			near(t, "variance of a combination", v.Variance(a), v.Variance(b), math.Abs(v.Variance(b)))
			for k, z := range v.whole(a) {
				near(t, "z", z, b.Z[k], 1)
			}
		}
	})
	if sparse == 0 {
		t.Fatal("no figure was sparse: nothing was tested")
	}
}
