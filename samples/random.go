package samples

import (
	"math"
	"math/rand/v2"
)

// A source draws numbers from PCG-DXSM, whose stream Go specifies. The draws are built on Uint64 alone: Go does not promise that
// the algorithms of rand.Rand stay as they are, and the committed samples must.
type source struct{ pcg *rand.PCG }

// newSource returns a stream of its own for every purpose, so that one more draw for one purpose moves no other.
func newSource(seed, purpose uint64) *source { return &source{rand.NewPCG(seed, purpose)} }

// uniform returns a number in (0, 1), never 0 or 1: 52 bits and a half are exact.
func (s *source) uniform() float64 { return (float64(s.pcg.Uint64()>>12) + 0.5) / (1 << 52) }

// normal inverts the normal distribution function, so that it takes exactly one draw.
func (s *source) normal() float64 { return quantile(s.uniform()) }

// intn returns a number in [0, n). The bias of the multiplication is below n/2^53.
func (s *source) intn(n int) int { return int(s.uniform() * float64(n)) }

// choose returns the index of the share that a uniform draw falls into.
func (s *source) choose(vs []Value) int {
	u := s.uniform()
	for i, v := range vs {
		if u -= v.Share; u < 0 {
			return i
		}
	}
	return len(vs) - 1
}

// sample returns k of the numbers 0 … n−1, in order of drawing (all of them if k ≥ n).
func (s *source) sample(n, k int) []int {
	seen := make(map[int]bool, k)
	out := make([]int, 0, min(n, k))
	for len(out) < min(n, k) {
		if i := s.intn(n); !seen[i] {
			seen[i] = true
			out = append(out, i)
		}
	}
	return out
}

// quantile is Φ⁻¹(p).
func quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// cdf is Φ(x).
func cdf(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
