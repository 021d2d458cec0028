package survey

import (
	"math"

	"hailong/ingest/wording"
)

// A Contrast is a figure made of others, with its test against 0.
type Contrast struct {
	Est, SE float64
}

// Test is the t-statistic and two-sided p-value of the contrast on df degrees of freedom.
func (c Contrast) Test(df float64) (t, p float64) {
	t = c.Est / c.SE
	return t, TwoSidedP(t, df)
}

// CI is estimate ± t·SE on df degrees of freedom.
func (c Contrast) CI(level, df float64) (lo, hi float64) {
	return Estimates{Est: []float64{c.Est}, SE: []float64{c.SE}}.CI(0, level, df)
}

// LinearContrast is Σ c_i·θ_i with variance cᵀVc. With the covariance between domains or waves it is the test of a difference, and of a
// change between waves that share PSUs or persons. R: svycontrast(x, c(...)).
//
// By hand: 5 − 3 with variances 4 and 3 and covariance 1: 2 and √(4 + 3 − 2) = √5.
func LinearContrast(coef, est []float64, cov [][]float64) (Contrast, error) {
	if len(coef) != len(est) {
		return Contrast{}, wording.Errorf("making a contrast: %d coefficients for %d figures", len(coef), len(est))
	}
	if err := checkCov(len(est), cov); err != nil {
		return Contrast{}, wording.Errorf("making a contrast: %w", err)
	}
	out := Contrast{Est: dot(coef, est)}
	v := 0.0
	for i := range coef {
		for j := range coef {
			v += coef[i] * cov[i][j] * coef[j]
		}
	}
	out.SE = rootOfVariance(v)
	return out, nil
}

// FunctionContrast is f(θ) with the delta method's variance, the gradient taken by Richardson extrapolation of central differences
// (about 1e-11 relative for smooth f). R: svycontrast(x, quote(expression)).
func FunctionContrast(f func([]float64) float64, est []float64, cov [][]float64) (Contrast, error) {
	if len(cov) != len(est) {
		return Contrast{}, wording.Errorf("making a contrast: %d figures and a covariance of %d", len(est), len(cov))
	}
	c, err := LinearContrast(gradient(f, est), est, cov)
	c.Est = f(est)
	return c, err
}

// gradient uses Ridders' table: central differences with shrinking steps, extrapolated, the entry of the least error kept.
func gradient(f func([]float64) float64, at []float64) []float64 {
	const rounds = 8
	out := make([]float64, len(at))
	x := append([]float64(nil), at...)
	for i := range at {
		h := math.Max(math.Abs(at[i])*0.05, 1e-6)
		var table [rounds][rounds]float64
		best := math.Inf(1)
		for k := range rounds {
			x[i] = at[i] + h
			up := f(x)
			x[i] = at[i] - h
			down := f(x)
			x[i] = at[i]
			table[k][0] = (up - down) / (2 * h)
			h /= 2
			power := 4.0
			for j := 1; j <= k; j++ {
				table[k][j] = (table[k][j-1]*power - table[k-1][j-1]) / (power - 1)
				power *= 4
				if e := math.Max(math.Abs(table[k][j]-table[k][j-1]), math.Abs(table[k][j]-table[k-1][j-1])); e <= best {
					best, out[i] = e, table[k][j]
				}
			}
		}
	}
	return out
}
