package survey

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
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

// GLM fits a generalised linear model by iteratively reweighted least squares to full convergence; the covariance is Binder's (1983)
// sandwich, the design's covariance of the influences (XᵀWX)⁻¹x_k·w_k·(y_k−μ_k). Rows with a missing value are left out as a domain.
// R: summary(svyglm(y ~ x, design, family)).
//
// By hand: y ~ 1 is the mean, and its influence (y_k − ȳ)·w_k/Σw.
func (d *Design) GLM(m Model) (Fit, error) {
	out, err := d.glm(m)
	if err != nil {
		return Fit{}, fmt.Errorf("fitting %s: %w", m.Response, err)
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
	names, x, err := f.ModelMatrix(m.Terms, !m.NoInt)
	if err != nil {
		return Fit{}, err
	}
	if len(x) == 0 {
		return Fit{}, errors.New("the model has no terms")
	}
	var failed error
	fit := regression{x: x, y: y, family: m.Family}
	est, err := e.estimate(statistic{
		names: names,
		value: func(w []float64) []float64 {
			beta, err := fit.solve(w)
			if err != nil && failed == nil {
				failed = err
			}
			return beta
		},
		influence: func(w, beta []float64) [][]float64 {
			u, err := fit.influence(w, beta)
			if err != nil && failed == nil {
				failed = err
			}
			return u
		},
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
	return Fit{Estimates: est}, nil
}

type regression struct {
	x      [][]float64
	y      []float64
	family Family
}

// moments returns mean, variance and deviance contribution at a linear predictor.
func (r regression) moments(eta, y float64) (mu, v, deviance float64) {
	switch r.family {
	case QuasiBinomial:
		mu = expit(eta)
		return mu, mu * (1 - mu), 2 * (y*softplus(-eta) + (1-y)*softplus(eta))
	case QuasiPoisson:
		mu = math.Exp(eta)
		return mu, mu, 2 * (mu - y*eta)
	}
	return eta, 1, (y - eta) * (y - eta)
}

func (r regression) eta(k int, beta []float64) float64 {
	s := 0.0
	for j := range beta {
		s += r.x[j][k] * beta[j]
	}
	return s
}

// solve runs Fisher scoring with step halving until the coefficients stand still.
func (r regression) solve(w []float64) ([]float64, error) {
	p := len(r.x)
	beta := make([]float64, p)
	if r.family == QuasiPoisson {
		beta = r.start(w)
	}
	fail := make([]float64, p)
	for j := range fail {
		fail[j] = math.NaN()
	}
	deviance := r.deviance(w, beta)
	for iter := range 200 {
		info, score := r.normal(w, beta)
		step, err := solveSPD(info, score)
		if err != nil {
			return fail, err
		}
		next := make([]float64, p)
		scale := 1.0
		var d float64
		for range 40 {
			for j := range next {
				next[j] = beta[j] + scale*step[j]
			}
			if d = r.deviance(w, next); !math.IsNaN(d) && !math.IsInf(d, 0) && d <= deviance*(1+1e-12)+1e-300 {
				break
			}
			scale /= 2
		}
		moved := 0.0
		for j := range next {
			moved = math.Max(moved, math.Abs(next[j]-beta[j])/(math.Abs(next[j])+1e-8))
		}
		beta, deviance = next, d
		if moved < 1e-13 || (r.family == Gaussian && iter >= 1) {
			return beta, nil
		}
		if r.family == QuasiBinomial && math.Abs(r.largestEta(w, beta)) > 700 {
			return fail, errors.New("the outcome is separated: a coefficient grows without bound")
		}
	}
	return beta, nil
}

func (r regression) largestEta(w, beta []float64) float64 {
	most := 0.0
	for k := range w {
		if w[k] != 0 {
			most = math.Max(most, math.Abs(r.eta(k, beta)))
		}
	}
	return most
}

// start regresses log(y + 0.1) for the Poisson's first step.
func (r regression) start(w []float64) []float64 {
	logs := make([]float64, len(r.y))
	for k, v := range r.y {
		logs[k] = math.Log(v + 0.1)
	}
	beta, err := regression{x: r.x, y: logs}.solve(w)
	if err != nil {
		return make([]float64, len(r.x))
	}
	return beta
}

func (r regression) deviance(w, beta []float64) float64 {
	s := 0.0
	for k, v := range w {
		if v != 0 {
			_, _, d := r.moments(r.eta(k, beta), r.y[k])
			s += v * d
		}
	}
	return s
}

// normal is XᵀWX and Xᵀw(y−μ).
func (r regression) normal(w, beta []float64) (info [][]float64, score []float64) {
	p := len(r.x)
	info = make([][]float64, p)
	for a := range info {
		info[a] = make([]float64, p)
	}
	score = make([]float64, p)
	for k, v := range w {
		if v == 0 {
			continue
		}
		mu, varFn, _ := r.moments(r.eta(k, beta), r.y[k])
		for a := range p {
			score[a] += r.x[a][k] * v * (r.y[k] - mu)
			for b := a; b < p; b++ {
				info[a][b] += r.x[a][k] * v * varFn * r.x[b][k]
			}
		}
	}
	for a := range p {
		for b := range a {
			info[a][b] = info[b][a]
		}
	}
	return info, score
}

func (r regression) influence(w, beta []float64) ([][]float64, error) {
	info, _ := r.normal(w, beta)
	inverse, err := invertSPD(info)
	if err != nil {
		return nil, err
	}
	p := len(r.x)
	u := make([][]float64, p)
	for a := range u {
		u[a] = make([]float64, len(w))
	}
	for k, v := range w {
		if v == 0 {
			continue
		}
		mu, _, _ := r.moments(r.eta(k, beta), r.y[k])
		for a := range p {
			s := 0.0
			for b := range p {
				s += inverse[a][b] * r.x[b][k]
			}
			u[a][k] = s * v * (r.y[k] - mu)
		}
	}
	return u, nil
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
		return nil, nil, errors.New("the model's terms are collinear, or a level has no rows: drop one")
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
		return nil, fmt.Errorf("solving the normal equations: %w", err)
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
		return nil, fmt.Errorf("inverting the information: %w", err)
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
