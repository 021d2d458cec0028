package placement

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// posterior is the empirical-Bayes posterior of the areas' true scores: normal, with these means and this covariance.
type posterior struct {
	a    float64 // variance of the true scores between areas
	mu   float64
	mean []float64
	sd   []float64
	cov  *mat.SymDense // nil: independent
}

// covariance is the posterior's, as survey takes it.
func (p posterior) covariance() [][]float64 {
	out := make([][]float64, len(p.sd))
	for i := range out {
		out[i] = make([]float64, len(p.sd))
		out[i][i] = p.sd[i] * p.sd[i]
		for j := range out[i] {
			if p.cov != nil {
				out[i][j] = p.cov.At(i, j)
			}
		}
	}
	return out
}

// empiricalBayes shrinks the scores towards their mean.
//
// Model: y ~ N(θ, V), θ_i ~ N(μ, A); A by REML, μ by weighted least squares (Fay & Herriot 1979 with an intercept only; R:
// sae::eblupFH(method = "REML")). For independent scores θ_i | y ~ N(γ_i·y_i + (1−γ_i)·μ, γ_i·se_i²) with γ_i = A/(A+se_i²).
// Raw draws from N(y, V) count the noise twice and are over-confident about groups; this posterior is calibrated
// (Lin, Louis, Paddock & Ridgeway 2006; checked by simulation in the tests).
func empiricalBayes(y, variance []float64) posterior {
	ones := make([]float64, len(y))
	for i := range ones {
		ones[i] = 1
	}
	a, mu := reml(y, ones, variance)
	p := posterior{a: a, mu: mu, mean: make([]float64, len(y)), sd: make([]float64, len(y))}
	for i := range y {
		gamma := a / (a + variance[i])
		p.mean[i] = gamma*y[i] + (1-gamma)*mu
		p.sd[i] = math.Sqrt(gamma * variance[i])
	}
	return p
}

// empiricalBayesJoint is empiricalBayes for scores with a covariance V = QΛQ': in the rotated coordinates Q'y the errors are
// independent and the same likelihood applies; the posterior is N(μ + A(V+AI)⁻¹(y−μ), A·V(V+AI)⁻¹).
func empiricalBayesJoint(y []float64, covariance [][]float64) (posterior, error) {
	n := len(y)
	v := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			v.SetSym(i, j, covariance[i][j])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(v, true) {
		return posterior{}, errors.New("the covariance of the scores has no eigenvalues")
	}
	lambda := eigen.Values(nil)
	var q mat.Dense
	eigen.VectorsTo(&q)
	rotated, ones := make([]float64, n), make([]float64, n)
	largest := lambda[n-1]
	for k := range n {
		if lambda[k] < -1e-9*largest {
			return posterior{}, errors.New("the covariance of the scores is not positive semi-definite")
		}
		lambda[k] = math.Max(lambda[k], 1e-12*largest)
		for i := range n {
			rotated[k] += q.At(i, k) * y[i]
			ones[k] += q.At(i, k)
		}
	}
	a, mu := reml(rotated, ones, lambda)
	p := posterior{a: a, mu: mu, mean: make([]float64, n), sd: make([]float64, n), cov: mat.NewSymDense(n, nil)}
	for i := range n {
		p.mean[i] = mu
		for k := range n {
			p.mean[i] += q.At(i, k) * a / (a + lambda[k]) * (rotated[k] - mu*ones[k])
		}
		for j := i; j < n; j++ {
			c := 0.0
			for k := range n {
				c += q.At(i, k) * q.At(j, k) * a * lambda[k] / (a + lambda[k])
			}
			p.cov.SetSym(i, j, c)
		}
		p.sd[i] = math.Sqrt(p.cov.At(i, i))
	}
	return p, nil
}

// reml maximises −½·[Σ log v + log Σ x²/v + Σ (y−μx)²/v] over A ≥ 0 with v = A + variance and μ = Σ xy/v / Σ x²/v
// (R: the function reml of the golden set's placement-simulation.R). The maximum is bracketed on a grid and then found as the root of
// the derivative, so that the answer does not hang on a tolerance.
func reml(y, x, variance []float64) (a, mu float64) {
	at := func(a float64) (likelihood, slope, mu float64) {
		var sxx, sxy, sxx2 float64
		for i := range y {
			v := a + variance[i]
			sxx += x[i] * x[i] / v
			sxy += x[i] * y[i] / v
			sxx2 += x[i] * x[i] / (v * v)
		}
		mu = sxy / sxx
		likelihood, slope = -math.Log(sxx)/2, sxx2/sxx/2
		for i := range y {
			v := a + variance[i]
			e := y[i] - mu*x[i]
			likelihood -= (math.Log(v) + e*e/v) / 2
			slope -= (1/v - e*e/(v*v)) / 2
		}
		return likelihood, slope, mu
	}
	spread := 0.0
	_, _, centre := at(0)
	for i := range y {
		spread = math.Max(spread, math.Abs(y[i]-centre*x[i]))
	}
	top := 4 * spread * spread
	if top == 0 {
		_, _, mu = at(0)
		return 0, mu
	}
	const steps = 200
	grid := func(k int) float64 { return top * math.Pow(float64(k)/steps, 4) }
	best, bestValue := 0, math.Inf(-1)
	for k := range steps + 1 {
		if value, _, _ := at(grid(k)); value > bestValue {
			best, bestValue = k, value
		}
	}
	lo, hi := grid(max(best-1, 0)), grid(min(best+1, steps))
	if _, slope, m := at(lo); slope <= 0 {
		return lo, m // the likelihood falls from 0 on: no variance between areas can be seen
	}
	for range 200 {
		mid := (lo + hi) / 2
		if mid == lo || mid == hi {
			break
		}
		if _, slope, _ := at(mid); slope > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	_, _, mu = at(lo)
	return lo, mu
}
