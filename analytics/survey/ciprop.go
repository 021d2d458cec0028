package survey

import (
	"math"

	"hailong/ingest/wording"
)

// A ProportionEstimate is a proportion with what its intervals need.
type ProportionEstimate struct {
	P, Variance, SE float64
	DF              float64 // R: degf(design)
	Rows            int     // R: nrow(design), the n of the Korn-Graubard adjustment
	NEff            float64 // p(1−p)/v

	interval proportionInterval
}

// Proportion estimates the share of rows whose value is 1 (0/1 column, or a logical factor's TRUE).
// R: svyciprop(~I(condition), design); the intervals are CI's.
//
// By hand: weights 2, 1, 1 and values 1, 0, 1: p = 3/4.
func (d *Design) Proportion(name string, o Options) (ProportionEstimate, error) {
	c, err := d.frame.Column(name)
	if err != nil {
		return ProportionEstimate{}, wording.Errorf("estimating a proportion: %w", err)
	}
	if c.IsFactor() && len(c.Levels) > 2 {
		return ProportionEstimate{}, wording.Errorf("estimating a proportion: %q has %d levels", name, len(c.Levels))
	}
	x := c.Values
	if c.IsFactor() {
		_, cols := codings(name, c, true)
		x = cols[len(cols)-1]
	}
	e := d
	if o.NaRm {
		if e, err = d.complete([][]float64{x}); err != nil {
			return ProportionEstimate{}, wording.Errorf("estimating a proportion: %w", err)
		}
	}
	for k, w := range e.weight {
		if v := x[k]; w != 0 && v != 0 && v != 1 && !math.IsNaN(v) {
			return ProportionEstimate{}, wording.Errorf("estimating a proportion: %q is %g in row %d, neither 0 nor 1", name, v, k+1)
		}
	}
	m, err := e.meanOf([]string{name}, [][]float64{x})
	if err != nil {
		return ProportionEstimate{}, wording.Errorf("estimating a proportion: %w", err)
	}
	p := m.Est[0]
	out := ProportionEstimate{P: p, Variance: m.Cov[0][0], SE: m.SE[0], DF: d.DF(), Rows: e.Rows(), NEff: p * (1 - p) / m.Cov[0][0]}
	out.interval = proportionInterval{p: p, v: out.Variance, n: out.Rows, valid: m.N, df: out.DF}
	if !(p > 0 && p < 1) {
		return out, nil
	}
	if e.reps != nil {
		logits := make([][]float64, len(m.Replicates))
		for r, theta := range m.Replicates {
			logits[r] = []float64{math.Log(theta[0] / (1 - theta[0]))}
		}
		v := e.reps.covariance(logits, []float64{math.Log(p / (1 - p))})
		out.interval.logitVar, out.interval.replicated = v[0][0], true
		return out, nil
	}
	ones := make([]float64, len(x))
	for k := range ones {
		ones[k] = 1
	}
	fit := regression{x: [][]float64{ones}, y: x, family: QuasiBinomial}
	scale := float64(out.Rows) / sumOf(e.weight)
	if _, err := fit.solve(scaledBy(e.weight, scale), nil); err == nil {
		out.interval.working = 1 / fit.inverse[0][0] / float64(out.Rows)
	}
	return out, nil
}

// CI is the interval by one of ProportionMethods, on the estimate's degrees of freedom. See ProportionCI.
func (p ProportionEstimate) CI(method string, level float64) (lo, hi float64, warnings []error) {
	return p.interval.limits(method, level)
}
