package survey

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"hailong/ingest/wording"
)

// Family is the distribution of a generalised linear model, with its canonical link.
type Family uint8

// The families that are known: R's gaussian(), quasibinomial() and quasipoisson().
const (
	Gaussian Family = iota
	QuasiBinomial
	QuasiPoisson
)

// A Model is a generalised linear model: response ~ terms.
type Model struct {
	Response string
	Terms    []Term
	NoInt    bool // without intercept
	Family   Family
}

// A Fit holds the coefficients of a model; Names, Est, SE and Cov are theirs, DF the residual degrees of freedom that their tests use
// (R: degf(design) + 1 − coefficients).
type Fit struct {
	Estimates
}

// Test is the t-statistic and two-sided p-value of coefficient i.
func (f Fit) Test(i int) (t, p float64) {
	t = f.Est[i] / f.SE[i]
	return t, TwoSidedP(t, f.DF)
}

// GLM fits a generalised linear model by iteratively reweighted least squares; the covariance is Binder's (1983) sandwich, the
// design's covariance of the influences (XᵀWX)⁻¹x_k·w_k·(y_k−μ_k). Rows with a missing value are left out as a domain.
// It starts, steps and stops as R's glm.fit does (deviance still to 1e-8), and takes W from the last step as R does, because that
// shows in the sixth digit of its standard errors. R: summary(svyglm(y ~ x, design, family)).
//
// By hand: y ~ 1 is the mean, and its influence (y_k − ȳ)·w_k/Σw.
func (d *Design) GLM(m Model) (Fit, error) {
	out, err := d.glm(m)
	if err != nil {
		return Fit{}, wording.Errorf("fitting %s: %w", m.Response, err)
	}
	return out, nil
}

// response is a numeric column; of a factor, whether it is not at its first level, as R has it.
func (d *Design) response(name string) ([]float64, error) {
	c, err := d.frame.Column(name)
	if err != nil {
		return nil, err
	}
	if !c.IsFactor() {
		return c.Values, nil
	}
	out := make([]float64, len(c.Codes))
	for k, code := range c.Codes {
		switch {
		case code < 0:
			out[k] = math.NaN()
		case code > 0:
			out[k] = 1
		}
	}
	return out, nil
}

// dropUnused rebuilds a frame whose factors have only the levels that the design's rows have, as model.matrix sees them.
func (d *Design) dropUnused(terms []Term) (*Frame, error) {
	f := NewFrame(d.frame.rows)
	for _, name := range d.frame.names {
		c := d.frame.cols[name]
		if c.IsFactor() && slices.ContainsFunc(terms, func(t Term) bool { return slices.Contains(t, name) }) {
			used, err := d.usedLevels(name)
			if err != nil {
				return nil, err
			}
			c = used
		}
		if err := f.Set(name, c); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (d *Design) glm(m Model) (Fit, error) {
	y, err := d.response(m.Response)
	if err != nil {
		return Fit{}, err
	}
	_, rough, err := d.frame.ModelMatrix(m.Terms, !m.NoInt)
	if err != nil {
		return Fit{}, err
	}
	e, err := d.complete(append([][]float64{y}, rough...))
	if err != nil {
		return Fit{}, err
	}
	f, err := e.dropUnused(m.Terms)
	if err != nil {
		return Fit{}, err
	}
	all, columns, err := f.ModelMatrix(m.Terms, !m.NoInt)
	if err != nil {
		return Fit{}, err
	}
	names, x, aliased := independent(all, columns, e.weight)
	if len(x) == 0 {
		return Fit{}, wording.Errorf("the model has no terms")
	}
	var failed error
	note := func(err error) {
		if err != nil && failed == nil {
			failed = err
		}
	}
	fit := regression{x: x, y: y, family: m.Family}
	est, err := e.estimate(statistic{
		names: names,
		value: func(w []float64) []float64 {
			beta, err := fit.solve(scaledBy(w, float64(d.Rows())/sumOf(d.weight)), nil)
			note(err)
			return beta
		},
		again: func(w, beta []float64) []float64 {
			out, err := fit.solve(scaledBy(w, 1/sumOf(w)), beta)
			note(err)
			return out
		},
		influence: func(w, beta []float64) [][]float64 { return fit.influence(w, beta) },
	})
	if failed != nil {
		return Fit{}, failed
	}
	if err != nil {
		return Fit{}, err
	}
	est.DF = e.DF() + 1 - float64(len(names))
	if d.reps != nil {
		est.DF = d.DF() + 1 - float64(len(names))
	}
	for _, name := range aliased {
		est.Warnings = append(est.Warnings, wording.Errorf("%s is a combination of other terms, or has no rows: left out", name))
	}
	return Fit{Estimates: est}, nil
}

// independent leaves out columns that the ones before them make up among the rows with weight, as R's fit does (its NA coefficients).
func independent(names []string, x [][]float64, w []float64) (kept []string, cols [][]float64, aliased []string) {
	var basis [][]float64
	for j := range x {
		v := make([]float64, len(w))
		for k := range w {
			if w[k] > 0 {
				v[k] = x[j][k] * math.Sqrt(w[k])
			}
		}
		grown := orthonormal(append(basis, v), aliasTolerance)
		if len(grown) > len(basis) {
			kept, cols = append(kept, names[j]), append(cols, x[j])
		} else {
			aliased = append(aliased, names[j])
		}
		basis = grown
	}
	return kept, cols, aliased
}

// aliasTolerance is glm.fit's: a column that keeps less of its length is a combination of others.
const aliasTolerance = 1e-11

func scaledBy(w []float64, factor float64) []float64 {
	out := make([]float64, len(w))
	for k := range w {
		out[k] = w[k] * factor
	}
	return out
}

// A regression is fitted by solve, which leaves the last step's working weights and (XᵀWX)⁻¹ for influence.
type regression struct {
	x      [][]float64
	y      []float64
	family Family
	prior  float64 // the weight that every row starts with, where w counts rows; 0: w itself

	working []float64
	inverse [][]float64
}

// mean is the inverse link, and the variance there; canonical links make the variance the mean's slope.
func (r *regression) mean(eta float64) (mu, v float64) {
	switch r.family {
	case QuasiBinomial:
		mu = expit(eta)
		return mu, math.Max(mu*(1-mu), 0x1p-52)
	case QuasiPoisson:
		mu = math.Max(math.Exp(eta), 0x1p-52)
		return mu, mu
	}
	return eta, 1
}

func (r *regression) deviance(eta, y float64) float64 {
	switch r.family {
	case QuasiBinomial:
		return 2 * (y*softplus(-eta) + (1-y)*softplus(eta))
	case QuasiPoisson:
		d := math.Exp(eta) - y
		if y > 0 {
			d += y * (math.Log(y) - eta)
		}
		return 2 * d
	}
	return (y - eta) * (y - eta)
}

// start is glm.fit's mustart on the link's scale.
func (r *regression) start(w, y float64) float64 {
	switch r.family {
	case QuasiBinomial:
		mu := (w*y + 0.5) / (w + 1)
		return math.Log(mu / (1 - mu))
	case QuasiPoisson:
		return math.Log(y + 0.1)
	}
	return y
}

// solve runs R's glm.fit: weights w, from beta or from the data.
func (r *regression) solve(w, beta []float64) ([]float64, error) {
	const maxIter, epsilon = 50, 1e-8
	n, p := len(w), len(r.x)
	eta := make([]float64, n)
	linear := func(beta []float64) float64 {
		dev := 0.0
		for k, v := range w {
			if v != 0 {
				eta[k] = 0
				for j := range beta {
					eta[k] += r.x[j][k] * beta[j]
				}
				dev += v * r.deviance(eta[k], r.y[k])
			}
		}
		return dev
	}
	old := 0.0
	if beta != nil {
		old = linear(beta)
	} else {
		for k, v := range w {
			if v != 0 {
				if r.family != Gaussian && (r.y[k] < 0 || r.family == QuasiBinomial && r.y[k] > 1) {
					return nan(p), wording.Errorf("the outcome is %g in row %d", r.y[k], k+1)
				}
				first := v
				if r.prior != 0 {
					first = r.prior
				}
				eta[k] = r.start(first, r.y[k])
				old += v * r.deviance(eta[k], r.y[k])
			}
		}
	}
	r.working = make([]float64, n)
	z := make([]float64, n)
	for range maxIter {
		for k, v := range w {
			if v != 0 {
				mu, slope := r.mean(eta[k])
				r.working[k] = v * slope
				z[k] = eta[k] + (r.y[k]-mu)/slope
			}
		}
		next, inverse, err := leastSquares(r.x, z, r.working)
		if err != nil {
			return nan(p), err
		}
		r.inverse = inverse
		dev := linear(next)
		for halving := 0; beta != nil && (math.IsNaN(dev) || math.IsInf(dev, 0)); halving++ {
			if halving > maxIter {
				return nan(p), wording.Errorf("the fit diverges")
			}
			for j := range next {
				next[j] = (next[j] + beta[j]) / 2
			}
			dev = linear(next)
		}
		beta = next
		if math.Abs(dev-old)/(0.1+math.Abs(dev)) < epsilon {
			if r.family == QuasiBinomial && r.separated(eta, w) {
				return nan(p), wording.Errorf("the outcome is separated: a coefficient grows without bound")
			}
			return beta, nil
		}
		old = dev
	}
	return nan(p), wording.Errorf("no convergence: the outcome may be separated")
}

// separated says whether every fitted probability is 0 or 1 to rounding.
func (r *regression) separated(eta, w []float64) bool {
	for k, v := range w {
		if v != 0 && math.Abs(eta[k]) < 15 {
			return false
		}
	}
	return true
}

// influence is w·x·(y−μ)·(XᵀWX)⁻¹ with R's estimating functions, whose working weights are the last step's.
func (r *regression) influence(w, beta []float64) [][]float64 {
	u := make([][]float64, len(r.x))
	for a := range u {
		u[a] = make([]float64, len(w))
	}
	if r.inverse == nil {
		return u // there is no fit: solve has said why
	}
	for k, v := range w {
		if v == 0 {
			continue
		}
		eta := 0.0
		for j := range beta {
			eta += r.x[j][k] * beta[j]
		}
		mu, slope := r.mean(eta)
		score := (r.y[k] - mu) / slope * r.working[k]
		for a := range u {
			for b := range r.x {
				u[a][k] += r.inverse[a][b] * r.x[b][k] * score
			}
		}
	}
	return u
}

// leastSquares solves min Σw(z − xβ)² by Gram-Schmidt with reorthogonalisation, and returns (XᵀWX)⁻¹ with it.
func leastSquares(x [][]float64, z, w []float64) (beta []float64, inverse [][]float64, err error) {
	p := len(x)
	q := make([][]float64, p)
	upper := make([][]float64, p) // R of X·√w = Q·R
	for j := range x {
		upper[j] = make([]float64, p)
		q[j] = make([]float64, len(w))
		for k, v := range w {
			if v > 0 {
				q[j][k] = x[j][k] * math.Sqrt(v)
			}
		}
		length := norm(q[j])
		for range 2 {
			for i := range j {
				c := dot(q[i], q[j])
				upper[i][j] += c
				axpy(q[j], -c, q[i])
			}
		}
		upper[j][j] = norm(q[j])
		if !(upper[j][j] > aliasTolerance*length) {
			return nil, nil, wording.Errorf("the model's terms are collinear, or a level has no rows: drop one")
		}
		for k := range q[j] {
			q[j][k] /= upper[j][j]
		}
	}
	rhs := make([]float64, p)
	rest := make([]float64, len(w))
	for k, v := range w {
		if v > 0 {
			rest[k] = z[k] * math.Sqrt(v)
		}
	}
	for j := range q {
		rhs[j] = dot(q[j], rest)
		axpy(rest, -rhs[j], q[j])
	}
	back := func(b []float64) []float64 {
		out := make([]float64, p)
		for i := p - 1; i >= 0; i-- {
			s := b[i]
			for j := i + 1; j < p; j++ {
				s -= upper[i][j] * out[j]
			}
			out[i] = s / upper[i][i]
		}
		return out
	}
	beta = back(rhs)
	columns := make([][]float64, p) // of R⁻¹
	for i := range columns {
		unit := make([]float64, p)
		unit[i] = 1
		columns[i] = back(unit)
	}
	inverse = make([][]float64, p)
	for a := range inverse {
		inverse[a] = make([]float64, p)
		for b := range inverse[a] {
			for i := range columns {
				inverse[a][b] += columns[i][a] * columns[i][b]
			}
		}
	}
	return beta, inverse, nil
}

// scaledCholesky factors a symmetric positive matrix after scaling it to unit diagonal.
func scaledCholesky(a [][]float64) (*mat.Cholesky, []float64, error) {
	n := len(a)
	scale := make([]float64, n)
	s := mat.NewSymDense(n, nil)
	for i := range n {
		scale[i] = 1 / math.Sqrt(a[i][i])
	}
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, a[i][j]*scale[i]*scale[j])
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(s) || chol.Cond() > 1e13 {
		return nil, nil, wording.Errorf("the model's terms are collinear, or a level has no rows: drop one")
	}
	return &chol, scale, nil
}

func solveSPD(a [][]float64, b []float64) ([]float64, error) {
	chol, scale, err := scaledCholesky(a)
	if err != nil {
		return nil, err
	}
	rhs := mat.NewVecDense(len(b), nil)
	for i, v := range b {
		rhs.SetVec(i, v*scale[i])
	}
	var x mat.VecDense
	if err := chol.SolveVecTo(&x, rhs); err != nil {
		return nil, wording.Errorf("solving the normal equations: %w", err)
	}
	out := make([]float64, len(b))
	for i := range out {
		out[i] = x.AtVec(i) * scale[i]
	}
	return out, nil
}

func invertSPD(a [][]float64) ([][]float64, error) {
	chol, scale, err := scaledCholesky(a)
	if err != nil {
		return nil, err
	}
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		return nil, wording.Errorf("inverting the information: %w", err)
	}
	out := make([][]float64, len(a))
	for i := range out {
		out[i] = make([]float64, len(a))
		for j := range out[i] {
			out[i][j] = inverse.At(i, j) * scale[i] * scale[j]
		}
	}
	return out, nil
}
