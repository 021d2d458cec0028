package survey

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPartsByHand: one stratum of PSU values 3, 5, 10 has the variance 3/2·26 = 39, and its covariance with 1, 0, 2 is 3/2·((−3)·0 + (−1)·(−1) + 4·1) = 7.5.
func TestPartsByHand(t *testing.T) {
	v, err := (&Totals{Strata: []string{""}, PSUs: make([]string, 3), Stratum: make([]int32, 3)}).Variances(LonelyFail)
	if err != nil {
		t.Fatal(err)
	}
	a, b := Linear{Z: []float64{3, 5, 10}}, Linear{Z: []float64{1, 0, 2}}
	if got := dot(v.Parts(a), v.Parts(a)); math.Abs(got-39) > 1e-12 || math.Abs(got-v.Variance(a)) > 1e-12 {
		t.Errorf("parts make %v, want 39", got)
	}
	if got := dot(v.Parts(a), v.Parts(b)); math.Abs(got-7.5) > 1e-12 || math.Abs(got-v.Covariance(a, b)) > 1e-12 {
		t.Errorf("parts make the covariance %v, want 7.5", got)
	}
}

// TestPartialOverlapIsCareful: 200 strata of six PSUs, half of them drawn in both waves, effects of a PSU correlated 0.8 over time and strata with
// levels of their own. The true variance of a change is known by construction; V₁ + V₂ − 2·Σu₁u₂ must not fall short of it on average, nor
// exceed it by more than the 1/(n−1) of the covariance that Parts promises, and independence must be seen to waste more.
func TestPartialOverlapIsCareful(t *testing.T) {
	const strata, n, both, rho = 200, 6, 3, 0.8
	random := rand.New(rand.NewPCG(2024, 2025))
	totals := &Totals{PSUs: make([]string, strata*n)}
	for h := range strata {
		totals.Strata = append(totals.Strata, "")
		for range n {
			totals.Stratum = append(totals.Stratum, int32(h))
		}
	}
	v, err := totals.Variances(LonelyFail)
	if err != nil {
		t.Fatal(err)
	}
	// Each PSU total has variance 1: V₁ = V₂ = strata·n and the covariance is strata·both·rho.
	truth := 2*strata*n - 2*strata*both*rho
	const draws = 200
	var sum, independent float64
	for range draws {
		one, two := Linear{Z: make([]float64, strata*n)}, Linear{Z: make([]float64, strata*n)}
		for h := range strata {
			level := 3 * random.NormFloat64()
			for i := range n {
				shared, k := random.NormFloat64(), h*n+i
				one.Z[k] = level + math.Sqrt(rho)*shared + math.Sqrt(1-rho)*random.NormFloat64()
				if i >= both {
					shared = random.NormFloat64() // another PSU was drawn
				}
				two.Z[k] = level + math.Sqrt(rho)*shared + math.Sqrt(1-rho)*random.NormFloat64()
			}
		}
		u1, u2 := v.Parts(one), v.Parts(two)
		cov := 0.0
		for k := range u1 {
			if k%n < both {
				cov += u1[k] * u2[k]
			}
		}
		independent += dot(u1, u1) + dot(u2, u2)
		sum += dot(u1, u1) + dot(u2, u2) - 2*cov
	}
	most := 2*strata*n - 2*strata*both*rho*(1-1.0/(n-1))
	if got := sum / draws; got < 0.99*truth || got > 1.01*most {
		t.Errorf("the mean variance is %.0f; the truth is %.0f and the promise at most %.0f", got, truth, most)
	}
	if got := independent / draws; got < 1.3*truth {
		t.Errorf("independent waves would have %.0f: the overlap makes no difference in this test", got)
	}
}
