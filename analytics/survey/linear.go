package survey

import "math"

// A Linear is an estimate together with its linearised value: the influence of every PSU on it.
// Sums and differences of estimates are sums and differences of their Z, so a composite index carries
// the covariance of its parts exactly, and Cov(a, b) of any two figures is one pass over two slices.
//
// Z has one entry a PSU of the whole sample (0 where a PSU has no respondent in the domain), in the order of the
// Totals that it came from: Σ_k w_k·u_k over the PSU's respondents, u the influence function
// (for a ratio R = Y/X: u = (y − R·x)/X; Särndal, Swensson & Wretman 1992, 5.6; R: survey::svyratio).
type Linear struct {
	Est  float64
	Z    []float64
	N    int     // respondents with a valid value in the domain, weights of zero left out
	SumW float64 // Σw over them
	// Within is the variance that later sampling stages add (0 where the first stage is with replacement or has no fpc).
	// Combine keeps it exact for a multiple of one figure; for several it takes the most that their covariance can be.
	Within float64
	PSUs   int // PSUs with at least one such respondent
	Strata int // strata with at least one such PSU
}

// Combine returns Σ coef_i·x_i + constant, with its linearised value.
// N, SumW, PSUs and Strata are those of the part with the fewest respondents: the figure is no better founded than that.
// Within is (Σ|coef_i|·√Within_i)², which is exact for one part and by Cauchy and Schwarz never too small for several.
func Combine(constant float64, coef []float64, xs []Linear) Linear {
	out := Linear{Est: constant}
	within := 0.0
	for i, x := range xs {
		within += math.Abs(coef[i]) * math.Sqrt(x.Within)
		out.Est += coef[i] * x.Est
		if out.Z == nil {
			out.Z = make([]float64, len(x.Z))
		}
		for k, z := range x.Z {
			out.Z[k] += coef[i] * z
		}
		if i == 0 || x.N < out.N {
			out.N, out.SumW, out.PSUs, out.Strata = x.N, x.SumW, x.PSUs, x.Strata
		}
	}
	out.Within = within * within
	return out
}
