package survey

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"hailong/ingest/wording"
)

// A Metric is the distance that calibration keeps small between old and new weights.
type Metric uint8

// LinearMetric is the regression estimator (GREG), RakingMetric the multiplicative and LogitMetric the doubly bounded one (Deville & Särndal 1992).
const (
	LinearMetric Metric = iota
	RakingMetric
	LogitMetric
)

// Calibration says what weights are calibrated to. R: calibrate(design, formula, population, calfun, bounds, ...).
type Calibration struct {
	Terms  []Term             // the model: formula ~ terms, in R's treatment contrasts
	NoInt  bool               // without intercept (~ 0 + ...)
	Totals map[string]float64 // population total of every column of the model matrix, by R's names: (Intercept), stypeH, ...
	Metric Metric
	Lower  float64 // bounds on g = w_new/w_old; Lower = Upper = 0: none
	Upper  float64
	Const  bool // Lower and Upper bound the weights themselves (R: bounds.const = TRUE)
	Stage  int  // from 1: g constant within the clusters of that stage (R: aggregate.stage)

	MaxIter int     // 0: R's 50
	Epsilon float64 // 0: R's 1e-7, relative misfit of each total
}

// A projection is what calibration leaves for the variance: the residual of x/w from the regression on the calibration
// variables, times w (Deville & Särndal 1992, 3.4).
type projection struct {
	rows  []int
	basis [][]float64 // over rows, orthonormal columns of X·√w_old
	scale []float64   // g·√w_old over rows
}

func (p projection) residual(x [][]float64) {
	v := make([]float64, len(p.rows))
	for _, col := range x {
		for i, k := range p.rows {
			v[i] = 0
			if p.scale[i] != 0 {
				v[i] = col[k] / p.scale[i]
			}
		}
		for range 2 {
			for _, q := range p.basis {
				axpy(v, -dot(q, v), q)
			}
		}
		for i, k := range p.rows {
			col[k] = v[i] * p.scale[i]
		}
	}
}

// Calibrate moves the weights as little as the metric allows so that the calibration variables have their known totals, and lets the
// variance know. Where the bounds leave no solution it is an error, never a silent compromise. Negative weights become a warning.
//
//	linear: g = 1 + x'λ;  raking: g = exp(x'λ);  logit: g between Lower and Upper
//
// Deville & Särndal (1992). R: calibrate(). Every replicate of a replicate design is calibrated anew.
//
// By hand, ~1 with a total of 10 and weights 2 and 3: every metric gives g = 2.
func (d *Design) Calibrate(c Calibration) (*Design, error) {
	out, err := d.calibrate(c)
	if err != nil {
		return nil, wording.Errorf("calibrating: %w", err)
	}
	return out, nil
}

func (d *Design) calibrate(c Calibration) (*Design, error) {
	names, columns, err := d.frame.ModelMatrix(c.Terms, !c.NoInt)
	if err != nil {
		return nil, err
	}
	if c.Lower != 0 || c.Upper != 0 {
		if !(c.Lower < c.Upper) {
			return nil, wording.Errorf("bounds %g to %g are empty", c.Lower, c.Upper)
		}
	}
	var rows []int
	for k, p := range d.present {
		if p {
			rows = append(rows, k)
		}
	}
	x := make([][]float64, len(columns))
	for j := range columns {
		x[j] = make([]float64, len(rows))
		for i, k := range rows {
			if x[j][i] = columns[j][k]; math.IsNaN(x[j][i]) {
				return nil, wording.Errorf("%s has no value in row %d: calibration needs one in every row", names[j], k+1)
			}
		}
	}
	pop := make([]float64, len(names))
	for j, name := range names {
		t, ok := c.Totals[name]
		if !ok {
			return nil, wording.Errorf("there is no population total for %q: the model has %q", name, names)
		}
		pop[j] = t
	}
	if len(c.Totals) > len(names) {
		return nil, wording.Errorf("there are %d population totals for the %d columns %q", len(c.Totals), len(names), names)
	}
	gather := func(w []float64) []float64 {
		out := make([]float64, len(rows))
		for i, k := range rows {
			out[i] = w[k]
		}
		return out
	}
	var cluster []int
	if c.Stage > 0 {
		if c.Stage > len(d.psu) {
			return nil, wording.Errorf("the design has no stage %d", c.Stage)
		}
		cluster = make([]int, len(rows))
		for i, k := range rows {
			cluster[i] = d.psu[c.Stage-1][k]
		}
		for j := range x {
			x[j] = averageBy(x[j], cluster)
		}
	}
	solve := func(w []float64) (g, base []float64, err error) {
		base = gather(w)
		if cluster != nil {
			base = averageBy(base, cluster)
		}
		g, err = c.solve(x, base, gather(w), pop)
		return g, base, err
	}
	g, base, err := solve(d.weight)
	if err != nil {
		return nil, err
	}
	out := *d
	out.prob = slices.Clone(d.prob)
	negative := 0
	for i, k := range rows {
		if out.prob[k] /= g[i]; out.prob[k] < 0 {
			negative++
		}
	}
	out.weight = inverse(out.prob)
	if negative > 0 {
		out.warnings = append(slices.Clone(d.warnings), wording.Errorf("calibration made %d weights negative: bound it, or use the raking metric", negative))
	}
	if d.reps != nil {
		reps := *d.reps
		reps.rank = -1
		reps.weights = make([][]float64, len(d.reps.weights))
		for r, w := range d.reps.weights {
			gr, _, err := solve(w)
			if err != nil {
				return nil, wording.Errorf("replicate %d: %w", r+1, err)
			}
			reps.weights[r] = slices.Clone(w)
			for i, k := range rows {
				reps.weights[r][k] *= gr[i]
			}
		}
		out.reps = &reps
		return &out, nil
	}
	left := projection{rows: rows, scale: make([]float64, len(rows))}
	scaled := make([][]float64, len(x))
	for j := range x {
		scaled[j] = make([]float64, len(rows))
		for i, w := range base {
			scaled[j][i] = x[j][i] * math.Sqrt(math.Abs(w))
		}
	}
	left.basis = orthonormal(scaled, 1e-7)
	for i, w := range base {
		left.scale[i] = g[i] * math.Sqrt(math.Abs(w))
	}
	out.calibrated = true
	out.adjust = append(slices.Clone(d.adjust), left)
	return &out, nil
}

// averageBy replaces each value by the mean of its cluster.
func averageBy(v []float64, cluster []int) []float64 {
	sum, n := map[int]float64{}, map[int]float64{}
	for i, c := range cluster {
		sum[c] += v[i]
		n[c]++
	}
	out := make([]float64, len(v))
	for i, c := range cluster {
		out[i] = sum[c] / n[c]
	}
	return out
}

// solve finds g by Newton's method on λ, as R's grake does; the unbounded linear metric needs one step.
func (c Calibration) solve(x [][]float64, w, own, pop []float64) ([]float64, error) {
	maxIter, epsilon := c.MaxIter, c.Epsilon
	if maxIter == 0 {
		maxIter = 50
	}
	if epsilon == 0 {
		epsilon = 1e-7
	}
	n, p := len(w), len(x)
	bounded := c.Lower != 0 || c.Upper != 0
	lower, upper := make([]float64, n), make([]float64, n)
	for i := range lower {
		lower[i], upper[i] = math.Inf(-1), math.Inf(1)
		if bounded {
			lower[i], upper[i] = c.Lower, c.Upper
		}
		if bounded && c.Const && own[i] > 0 {
			lower[i], upper[i] = c.Lower/own[i], c.Upper/own[i]
		}
	}
	if c.Metric == LogitMetric {
		if !bounded {
			return nil, wording.Errorf("the logit metric needs bounds")
		}
		for i := range lower {
			if !(lower[i] < 1 && upper[i] > 1) {
				return nil, wording.Errorf("the logit metric needs bounds on both sides of the old weights, not %g to %g", lower[i], upper[i])
			}
		}
	}
	rescale := 1.0 // R moves weights that are far from the totals there first, and the bounds with them
	if c.Metric != LinearMetric || bounded {
		least, mean := math.Inf(1), 0.0
		for j := range x {
			s := pop[j] / dot(x[j], w)
			least, mean = math.Min(least, s), mean+s/float64(p)
		}
		if least > 20 && !math.IsInf(mean, 0) {
			rescale = mean
			w = slices.Clone(w)
			for i := range w {
				w[i] *= rescale
			}
		}
	}
	link := c.link()
	eta := make([]float64, p)
	u := make([]float64, n)
	g, slope := make([]float64, n), make([]float64, n)
	refresh := func() bool {
		finite := true
		for i := range u {
			u[i] = 0
			for j := range x {
				u[i] += x[j][i] * eta[j]
			}
			g[i], slope[i] = link(u[i], lower[i], upper[i])
			if math.IsNaN(g[i]) || math.IsInf(g[i], 0) || math.IsNaN(slope[i]) || math.IsInf(slope[i], 0) {
				finite = false
			}
		}
		return finite
	}
	misfit := func() []float64 {
		out := slices.Clone(pop)
		for j := range x {
			for i := range w {
				out[j] -= x[j][i] * w[i] * g[i]
			}
		}
		return out
	}
	refresh()
	worst := 0.0
	for iter := 0; iter <= maxIter; iter++ {
		left := misfit()
		worst = 0
		for j := range left {
			worst = math.Max(worst, math.Abs(left[j])/(1+math.Abs(pop[j])))
		}
		if iter > 0 && worst < epsilon || math.IsNaN(worst) {
			break
		}
		information := mat.NewSymDense(p, nil)
		for a := range p {
			for b := a; b < p; b++ {
				sum := 0.0
				for i := range w {
					sum += x[a][i] * w[i] * slope[i] * x[b][i]
				}
				information.SetSym(a, b, sum)
			}
		}
		step, err := pseudoSolve(information, left)
		if err != nil {
			return nil, err
		}
		for j := range eta {
			eta[j] += step[j]
		}
		for halvings := 0; !refresh() && halvings < maxIter; halvings++ {
			for j := range eta {
				step[j] /= 2
				eta[j] -= step[j]
			}
		}
	}
	if !(worst < epsilon) {
		return nil, wording.Errorf("no weights within the bounds meet the totals (worst relative misfit %.2g): widen the bounds or check the totals", worst)
	}
	for i := range g {
		g[i] *= rescale
	}
	return g, nil
}

// link returns g and its derivative in the linear predictor.
func (c Calibration) link() func(u, lower, upper float64) (g, slope float64) {
	switch c.Metric {
	case RakingMetric:
		return func(u, lower, upper float64) (float64, float64) {
			e := math.Exp(u)
			g := math.Min(math.Max(e, lower), upper)
			if u < upper-1 && u > lower-1 {
				return g, e
			}
			return g, 0
		}
	case LogitMetric:
		return func(u, lower, upper float64) (float64, float64) {
			a := (upper - lower) / ((upper - 1) * (1 - lower))
			// divided by e^{au} where that is large, so that it cannot overflow
			var num, den, weight float64
			if a*u > 0 {
				e := math.Exp(-a * u)
				num, den = lower*(upper-1)*e+upper*(1-lower), (upper-1)*e+1-lower
				weight = e
			} else {
				e := math.Exp(a * u)
				num, den = lower*(upper-1)+upper*(1-lower)*e, upper-1+(1-lower)*e
				weight = e
			}
			return num / den, a * (upper - 1) * (1 - lower) * (upper - lower) * weight / (den * den)
		}
	}
	return func(u, lower, upper float64) (float64, float64) {
		g := math.Min(math.Max(u+1, lower), upper)
		if u < upper-1 && u > lower-1 {
			return g, 1
		}
		return g, 0
	}
}

// pseudoSolve solves a symmetric system by its generalised inverse, so that collinear calibration variables whose totals
// agree do no harm. R: MASS::ginv(T, tol = 256*eps).
func pseudoSolve(a *mat.SymDense, b []float64) ([]float64, error) {
	n := a.SymmetricDim()
	// scaled to unit diagonal first: totals of people and of money differ by many powers of ten
	d := make([]float64, n)
	for i := range d {
		d[i] = 1
		if v := a.At(i, i); v > 0 {
			d[i] = 1 / math.Sqrt(v)
		}
	}
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, a.At(i, j)*d[i]*d[j])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(s, true) {
		return nil, wording.Errorf("the calibration equations have no solution")
	}
	values := eig.Values(nil)
	var vectors mat.Dense
	eig.VectorsTo(&vectors)
	largest := 0.0
	for _, v := range values {
		largest = math.Max(largest, math.Abs(v))
	}
	out := make([]float64, n)
	for k, v := range values {
		if math.Abs(v) <= 1e-11*largest {
			continue
		}
		sum := 0.0
		for i := range n {
			sum += vectors.At(i, k) * b[i] * d[i]
		}
		for i := range n {
			out[i] += vectors.At(i, k) * sum / v * d[i]
		}
	}
	return out, nil
}
