package placement

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/analytics/survey"
	"hailong/ingest/wording"
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
func empiricalBayes(y, variance []float64) (posterior, error) {
	ones, sd := make([]float64, len(y)), make([]float64, len(y))
	for i := range ones {
		ones[i] = 1
	}
	f, err := survey.FitFayHerriot(y, [][]float64{ones}, variance, false)
	if err != nil {
		return posterior{}, err
	}
	for i := range sd {
		sd[i] = math.Sqrt(f.Gamma[i] * variance[i])
	}
	return posterior{a: f.A, mu: f.Beta[0], mean: f.EBLUP, sd: sd}, nil
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
		return posterior{}, wording.Errorf("the covariance of the scores has no eigenvalues")
	}
	lambda := eigen.Values(nil)
	var q mat.Dense
	eigen.VectorsTo(&q)
	rotated, ones := make([]float64, n), make([]float64, n)
	largest := lambda[n-1]
	for k := range n {
		if lambda[k] < -1e-9*largest {
			return posterior{}, wording.Errorf("the covariance of the scores is not positive semi-definite")
		}
		lambda[k] = math.Max(lambda[k], 1e-12*largest)
		for i := range n {
			rotated[k] += q.At(i, k) * y[i]
			ones[k] += q.At(i, k)
		}
	}
	f, err := survey.FitFayHerriot(rotated, [][]float64{ones}, lambda, false)
	if err != nil {
		return posterior{}, err
	}
	a, mu := f.A, f.Beta[0]
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
