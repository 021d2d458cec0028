package survey

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRankDistributionAgreesWithAFineGrid: the step that the standard errors allow against the plain trapezoid rule on 16,001 points,
// every convolution written out.
func TestRankDistributionAgreesWithAFineGrid(t *testing.T) {
	const n, points, reach = 12, 16_001, 8.5
	random := rand.New(rand.NewPCG(7, 1))
	mean, se := make([]float64, n), make([]float64, n)
	for i := range n {
		se[i] = 0.16 * math.Pow(0.89/0.16, float64(i)/(n-1)) // as unequal as PAPI's in 2023: 0.158 to 0.887 (domain/papi.md 3.3)
		mean[i] = 42.4 + 1.6*random.NormFloat64() + se[i]*random.NormFloat64()
	}
	got, err := RankDistribution(mean, se)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		want := make([]float64, n)
		for g := range points {
			z := -reach + 2*reach*float64(g)/(points-1)
			pmf := []float64{1}
			for j := range n {
				if j == i {
					continue
				}
				p := NormalCDF((mean[j] - mean[i] - se[i]*z) / se[j])
				next := make([]float64, len(pmf)+1)
				for r, v := range pmf {
					next[r] += v * (1 - p)
					next[r+1] += v * p
				}
				pmf = next
			}
			for r, v := range pmf {
				want[r] += v * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * 2 * reach / (points - 1)
			}
		}
		for r := range n {
			if math.Abs(got[i][r]-want[r]) > 1e-12 {
				t.Errorf("unit %d, rank %d: %v, want %v", i, r+1, got[i][r], want[r])
			}
		}
	}
}
