package survey

import (
	"math"
	"slices"
)

// replicates are the weights of a replicate design, one full set of analysis weights over the frame's rows for each replicate.
type replicates struct {
	kind    string
	weights [][]float64
	scale   float64
	rscales []float64
	mse     bool
	rank    float64 // of the weights, −1 until known
}

// subset puts the weights of rows outside the domain to 0.
func (r *replicates) subset(present []bool) *replicates {
	out := *r
	out.rank = -1
	out.weights = make([][]float64, len(r.weights))
	for i, w := range r.weights {
		out.weights[i] = slices.Clone(w)
		for k := range w {
			if !present[k] {
				out.weights[i][k] = 0
			}
		}
	}
	return &out
}

// covariance is scale·Σ rscale_r·(θ_r − θ̄)(θ_r − θ̄)ᵀ, about the estimate itself where mse was asked for. R: svrVar.
// Replicates without a value are left out.
func (r *replicates) covariance(theta [][]float64, est []float64) [][]float64 {
	p := len(est)
	center := slices.Clone(est)
	usable := func(t []float64) bool { return !slices.ContainsFunc(t, math.IsNaN) }
	if !r.mse {
		n := 0.0
		center = make([]float64, p)
		for i, t := range theta {
			if r.rscales[i] > 0 && usable(t) {
				n++
				for j := range t {
					center[j] += t[j]
				}
			}
		}
		for j := range center {
			center[j] /= n
		}
	}
	v := make([][]float64, p)
	for a := range v {
		v[a] = make([]float64, p)
		for b := range v[a] {
			for i, t := range theta {
				if usable(t) {
					v[a][b] += r.rscales[i] * (t[a] - center[a]) * (t[b] - center[b])
				}
			}
			v[a][b] *= r.scale
		}
	}
	return v
}

// df is the rank of the matrix of replicate weights, minus 1.
func (r *replicates) df() float64 {
	if r.rank >= 0 {
		return r.rank - 1
	}
	return float64(len(orthonormal(r.weights, 1e-5))) - 1
}
