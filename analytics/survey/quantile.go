package survey

import (
	"math"
	"slices"

	"hailong/ingest/wording"
)

// QuantileIntervals are the ways to an interval of a quantile, the default first; the last is for replicate designs only.
var QuantileIntervals = [...]string{"mean", "beta", "xlogit", "asin", "score", "quantile"}

// QuantileOptions choose the rule and the interval. Zero values are R's: rule math, interval mean, 95 %.
type QuantileOptions struct {
	NaRm     bool
	Rule     string
	Interval string
	Level    float64
}

// A QuantileEstimate is one quantile. SE is half the interval over the t quantile, as R has it; a limit that cannot be had is NaN.
type QuantileEstimate struct {
	P, Est, Lo, Hi, SE float64
}

// Quantile estimates quantiles with Woodruff's (1952) interval: that of the share of values ≤ q̂, turned back through the same rule.
// The share's interval is R's mean, beta (Korn & Graubard), xlogit or asin; score inverts the score test (Francisco & Fuller 1991), and
// quantile takes the variance of the replicates' quantiles. Of a replicate design the share's interval is always mean, as R has it whatever is
// asked. R: svyquantile(~y, design, p, qrule, interval.type).
//
// By hand, rule math, weights 2, 1, 1 on 1, 2, 5: the median is 1, where the cumulative share 2/4 meets 1/2.
func (d *Design) Quantile(name string, p []float64, o QuantileOptions) ([]QuantileEstimate, error) {
	out, err := d.quantiles(name, p, o)
	if err != nil {
		return nil, wording.Errorf("estimating quantiles: %w", err)
	}
	return out, nil
}

func (d *Design) quantiles(name string, ps []float64, o QuantileOptions) ([]QuantileEstimate, error) {
	if o.Rule == "" {
		o.Rule = "math"
	}
	if o.Interval == "" {
		o.Interval = "mean"
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if err := checkRule(o.Rule); err != nil {
		return nil, err
	}
	if !slices.Contains(QuantileIntervals[:], o.Interval) {
		return nil, wording.Errorf("interval %q is not one of %v", o.Interval, QuantileIntervals)
	}
	if o.Interval == "score" && d.reps != nil || o.Interval == "quantile" && d.reps == nil {
		return nil, wording.Errorf("interval %q does not go with this design", o.Interval)
	}
	c, err := d.frame.Column(name)
	if err != nil {
		return nil, err
	}
	if c.IsFactor() {
		return nil, wording.Errorf("%q is a factor, not a number", name)
	}
	e := d
	if o.NaRm {
		if e, err = d.complete([][]float64{c.Values}); err != nil {
			return nil, err
		}
	}
	q := quantileRun{d: e, o: o, df: e.DF()}
	for k, v := range c.Values {
		if e.present[k] {
			if math.IsNaN(v) {
				if e.weight[k] != 0 {
					return nil, wording.Errorf("%q has missing values: drop them (na.rm)", name)
				}
				v = 0 // outside the domain, of weight 0; R puts the same
			}
			q.rows, q.x, q.w = append(q.rows, k), append(q.x, v), append(q.w, e.weight[k])
		}
	}
	if len(q.x) == 0 {
		return nil, wording.Errorf("nobody is in the domain")
	}
	q.sample = sortSample(q.x, q.w)
	var out []QuantileEstimate
	for _, p := range ps {
		if !(p >= 0 && p <= 1) {
			return nil, wording.Errorf("%g is no share between 0 and 1", p)
		}
		est := QuantileEstimate{P: p, Est: q.sample.quantile(o.Rule, p), Lo: math.NaN(), Hi: math.NaN(), SE: math.NaN()}
		if q.df > 0 {
			if est.Lo, est.Hi, err = q.interval(est.Est, p); err != nil {
				return nil, err
			}
			est.SE = (est.Hi - est.Lo) / (2 * TQuantile(1-(1-o.Level)/2, q.df))
		}
		out = append(out, est)
	}
	return out, nil
}

type quantileRun struct {
	d      *Design
	o      QuantileOptions
	df     float64
	rows   []int
	x, w   []float64 // over rows
	sample sorted
}

// share estimates the proportion of a 0/1 property of the values.
func (q quantileRun) share(property func(x float64) float64) (p, v float64, err error) {
	col := make([]float64, len(q.d.weight))
	for i, k := range q.rows {
		col[k] = property(q.x[i])
	}
	m, err := q.d.meanOf([]string{"share"}, [][]float64{col})
	if err != nil {
		return 0, 0, err
	}
	return m.Est[0], m.Cov[0][0], nil
}

func (q quantileRun) interval(est, p float64) (lo, hi float64, err error) {
	alpha := (1 - q.o.Level) / 2
	t := TQuantile(1-alpha, q.df)
	switch q.o.Interval {
	case "score":
		return q.scoreInterval(p, t)
	case "quantile":
		theta := make([][]float64, len(q.d.reps.weights))
		for r, w := range q.d.reps.weights {
			rw := make([]float64, len(q.rows))
			for i, k := range q.rows {
				rw[i] = w[k]
			}
			theta[r] = []float64{sortSample(q.x, rw).quantile(q.o.Rule, p)}
		}
		v := q.d.reps.covariance(theta, []float64{est})
		half := t * rootOfVariance(v[0][0])
		return est - half, est + half, nil
	}
	m, v, err := q.share(func(x float64) float64 {
		if x <= est {
			return 1
		}
		return 0
	})
	if err != nil {
		return 0, 0, err
	}
	se := rootOfVariance(v)
	var pl, ph float64
	how := q.o.Interval
	if q.d.reps != nil {
		how = "mean"
	}
	switch how {
	case "mean":
		pl, ph = m-t*se, m+t*se
	case "xlogit":
		center, half := math.Log(m/(1-m)), t*se/(m*(1-m))
		pl, ph = expit(center-half), expit(center+half)
	case "asin":
		center, half := math.Asin(math.Sqrt(m)), t*se/(2*math.Sqrt(m*(1-m)))
		pl, ph = math.Pow(math.Sin(center-half), 2), math.Pow(math.Sin(center+half), 2)
	case "beta":
		pl, ph, _ = kornGraubard(m, v, q.d.Rows(), q.df, q.o.Level)
	}
	lo, hi = math.NaN(), math.NaN()
	if pl >= 0 {
		lo = q.sample.quantile(q.o.Rule, pl)
	}
	if ph <= 1 {
		hi = q.sample.quantile(q.o.Rule, ph)
	}
	return lo, hi, nil
}

// scoreInterval inverts the test that the share above θ is 1−p. R: survey:::ffullerCI, whose limits are read at the unweighted share of
// values up to the root.
func (q quantileRun) scoreInterval(p, t float64) (lo, hi float64, err error) {
	ones := make([]float64, len(q.x))
	for i := range ones {
		ones[i] = 1
	}
	plain := sortSample(q.x, ones)
	iqr := plain.quantile("hf7", 0.75) - plain.quantile("hf7", 0.25)
	left, right := plain.x[0]+iqr/100, plain.x[len(plain.x)-1]-iqr/100
	tol := 1 / (100 * math.Sqrt(float64(q.d.Rows())))
	solve := func(limit float64) (float64, error) {
		var failed error
		at, ok := root(func(theta float64) float64 {
			m, v, err := q.share(func(x float64) float64 {
				if x > theta {
					return p
				}
				return p - 1
			})
			if err != nil {
				failed = err
			}
			return m/rootOfVariance(v) - limit
		}, left, right, tol)
		if failed != nil || !ok {
			return math.NaN(), failed
		}
		n := 0
		for _, x := range q.x {
			if x <= at {
				n++
			}
		}
		return q.sample.quantile(q.o.Rule, float64(n)/float64(len(q.x))), nil
	}
	if lo, err = solve(t); err != nil {
		return 0, 0, err
	}
	hi, err = solve(-t)
	return lo, hi, err
}
