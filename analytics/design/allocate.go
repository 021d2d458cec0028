package design

import (
	"math"
	"slices"

	"hailong/ingest/wording"
)

// A Stratum is what an allocation must know of one.
type Stratum struct {
	Name string
	N    int     // population
	SD   float64 // standard deviation of the variable; for a share p, √(p(1−p)). Neyman and power allocation need it
	Mean float64 // power allocation only: with N, the stratum's total
	Min  int     // at least so many, for figures of its own; 0: 2, the fewest that a variance can be taken from
}

// Rule is how a sample is shared out among strata.
type Rule string

// The rules.
const (
	Proportional Rule = "proportional" // n_h ∝ N_h: every person the same chance, no weights
	Neyman       Rule = "neyman"       // n_h ∝ N_h·S_h: the least variance of the overall figure
	Power        Rule = "power"        // n_h ∝ S_h/mean_h·(N_h·mean_h)^q: between Neyman (q = 1) and equal precision (q = 0)
	Equal        Rule = "equal"        // the same for every stratum
)

// Allocate shares n out among strata. Every stratum gets at least its Min and at most its N; power is the q of power allocation (0.5 is
// usual), and is not used by the other rules.
//
// Neyman is the exact integer optimum: one more form goes where N·S/√(n(n+1)) is largest (Wright 2012, The American Statistician 66: 217–224),
// so no other allocation of n has a smaller variance. The other rules are rounded as Webster does. Proportional and Neyman: Cochran (1977)
// ch. 5; power: Bankier (1988), The American Statistician 42: 174–177.
func Allocate(strata []Stratum, n int, rule Rule, power float64) ([]int, error) {
	lo, hi, err := bounds(strata, n)
	if err != nil {
		return nil, wording.Errorf("allocating %d forms: %w", n, err)
	}
	wanted := make([]float64, len(strata))
	for h, s := range strata {
		switch rule {
		case Proportional:
			wanted[h] = float64(s.N)
		case Equal:
			wanted[h] = 1
		case Neyman:
			wanted[h] = float64(s.N) * s.SD
		case Power:
			if !(s.Mean > 0) {
				return nil, wording.Errorf("allocating %d forms: stratum %s: power allocation needs a mean above 0", n, s.Name)
			}
			wanted[h] = s.SD / s.Mean * math.Pow(float64(s.N)*s.Mean, power)
		default:
			return nil, wording.Errorf("allocating %d forms: rule %q: want proportional, neyman, power or equal", n, rule)
		}
		if (rule == Neyman || rule == Power) && !(s.SD > 0) {
			return nil, wording.Errorf("allocating %d forms: stratum %s: %s allocation needs a standard deviation above 0", n, s.Name, rule)
		}
		if math.IsInf(wanted[h], 0) || math.IsNaN(wanted[h]) {
			return nil, wording.Errorf("allocating %d forms: stratum %s: its share is not a finite number", n, s.Name)
		}
	}
	if rule == Neyman {
		return apportion(wanted, lo, hi, n, hill), nil
	}
	return apportion(wanted, lo, hi, n, webster), nil
}

func bounds(strata []Stratum, n int) (lo, hi []int, err error) {
	least, most := 0, 0
	for _, s := range strata {
		if s.N < 1 {
			return nil, nil, wording.Errorf("stratum %s has a population of %d", s.Name, s.N)
		}
		m := s.Min
		if m < 1 {
			m = 2
		}
		m = min(m, s.N)
		lo, hi = append(lo, m), append(hi, s.N)
		least += m
		most += s.N
	}
	if n < least || n > most {
		return nil, nil, wording.Errorf("the strata take at least %d and at most %d", least, most)
	}
	return lo, hi, nil
}

// apportion gives one form after another to the stratum with the largest priority w/divisor(n), n being what it has, until n are given; ties go to
// the earlier stratum. It starts from the least that each takes and stops at the most.
func apportion(w []float64, lo, hi []int, n int, divisor func(have float64) float64) []int {
	out := slices.Clone(lo)
	left := n
	for _, m := range lo {
		left -= m
	}
	for ; left > 0; left-- {
		best := -1
		var most float64
		for h := range out {
			if out[h] == hi[h] {
				continue
			}
			if p := w[h] / divisor(float64(out[h])); best < 0 || p > most {
				best, most = h, p
			}
		}
		out[best]++
	}
	return out
}

// hill is the priority of Neyman allocation: one more form takes w²/n − w²/(n+1) = (w/√(n(n+1)))² off the variance.
func hill(n float64) float64 { return math.Sqrt(n * (n + 1)) }

// webster rounds to the nearest: the whole numbers whose shares differ least from what is wanted, with no bias towards large or small strata.
func webster(n float64) float64 { return n + 0.5 }
