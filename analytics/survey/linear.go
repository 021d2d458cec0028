package survey

import (
	"math"
	"slices"
)

// A Linear is an estimate together with its linearised value: the influence of every PSU on it.
// Sums and differences of estimates are sums and differences of their Z, so a composite index carries
// the covariance of its parts exactly, and Cov(a, b) of any two figures is one pass over two slices.
//
// Z is Σ_k w_k·u_k over a PSU's respondents, u the influence function
// (for a ratio R = Y/X: u = (y − R·x)/X; Särndal, Swensson & Wretman 1992, 5.6; R: survey::svyratio).
type Linear struct {
	Est float64
	// At names the PSUs that Z's entries belong to, ascending, in the order of the Totals that they came from; every other PSU has 0.
	// nil: Z has one entry a PSU of the whole sample. It may be shared and is not to be written to.
	At   []int32
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
	if len(xs) == 0 {
		return out
	}
	within, width := 0.0, 0
	out.At, width = commonPSUs(xs)
	out.Z = make([]float64, width)
	for i, x := range xs {
		within += math.Abs(coef[i]) * math.Sqrt(x.Within)
		out.Est += coef[i] * x.Est
		x.addTo(out.Z, out.At, coef[i])
		if i == 0 || x.N < out.N {
			out.N, out.SumW, out.PSUs, out.Strata = x.N, x.SumW, x.PSUs, x.Strata
		}
	}
	out.Within = within * within
	return out
}

// commonPSUs are the PSUs that any of the figures touches, and how many: those of the first where all are of one domain, nil for the
// whole sample where one is.
func commonPSUs(xs []Linear) (at []int32, width int) {
	for _, x := range xs {
		if x.At == nil {
			return nil, len(x.Z)
		}
	}
	at = xs[0].At
	for _, x := range xs[1:] {
		if !slices.Equal(at, x.At) {
			at = slices.Concat(at, x.At)
			slices.Sort(at)
			at = slices.Compact(at)
		}
	}
	return at, len(at)
}

// addTo adds coef·Z to z, whose entries are those of at, which holds all of the figure's PSUs.
func (l Linear) addTo(z []float64, at []int32, coef float64) {
	switch {
	case len(l.Z) == len(z):
		for k, v := range l.Z {
			z[k] += coef * v
		}
	case at == nil:
		for k, v := range l.Z {
			z[l.At[k]] += coef * v
		}
	default:
		i := 0
		for k, v := range l.Z {
			for at[i] != l.At[k] {
				i++
			}
			z[i] += coef * v
		}
	}
}
