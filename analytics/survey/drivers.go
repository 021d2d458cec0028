package survey

import (
	"math"
	"math/bits"

	"gonum.org/v1/gonum/mat"

	"hailong/ingest/wording"
)

// Drivers share out what several items explain of an outcome.
type Drivers struct {
	R2    float64
	N     int
	Items []Driver
}

// A Driver is one item's part. Shapley and RelativeWeight each sum to R².
type Driver struct {
	R              float64 // correlation with the outcome
	BetaStd        float64
	Pratt          float64 // β·r/R² (Pratt 1987); can be negative
	Shapley        float64 // Lindeman, Merenda & Gold (1980): mean gain in R² over all orders; R: relaimpo lmg
	RelativeWeight float64 // Johnson (2000)
	VIF            float64
}

// maxDrivers keeps 2^p subsets affordable.
const maxDrivers = 20

// DriverImportance computes the importance of items x for outcome y from weighted (ML) correlations over complete rows.
//
// By hand, two uncorrelated items with r = 0.6 and 0.3: R² = 0.45, shared out 0.36 and 0.09 by every measure.
func DriverImportance(y []float64, x [][]float64, w []float64) (Drivers, error) {
	p := len(x)
	if p == 0 || p > maxDrivers {
		return Drivers{}, wording.Errorf("computing drivers: %d items, 1 to %d can be", p, maxDrivers)
	}
	s, n, err := weightedCov(append([][]float64{y}, x...), w, false)
	if err != nil {
		return Drivers{}, wording.Errorf("computing drivers: %w", err)
	}
	c := correlation(s)
	r := c[0][1:]
	among := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			among.SetSym(i, j, c[i+1][j+1])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(among, true) {
		return Drivers{}, wording.Errorf("computing drivers: the correlations have no eigenvalues")
	}
	values := eig.Values(nil)
	if values[0] < 1e-10 {
		return Drivers{}, wording.Errorf("computing drivers: the items are collinear, drop one")
	}
	var vectors mat.Dense
	eig.VectorsTo(&vectors)
	power := func(i, j int, e float64) float64 {
		sum := 0.0
		for k, v := range values {
			sum += vectors.At(i, k) * math.Pow(v, e) * vectors.At(j, k)
		}
		return sum
	}
	gains := make([]float64, 1<<p)
	for set := 1; set < len(gains); set++ {
		gains[set] = explained(among, r, set)
	}
	out := Drivers{R2: gains[len(gains)-1], N: n}
	share := make([]float64, p) // of the orders in which a given set of each size comes before a given item
	for size := range share {
		share[size] = 1 / (float64(p) * choose(p-1, size))
	}
	for j := range p {
		d := Driver{R: r[j], VIF: power(j, j, -1)}
		for i := range p {
			d.BetaStd += power(j, i, -1) * r[i]
		}
		d.Pratt = d.BetaStd * d.R / out.R2
		for set := range gains {
			if set>>j&1 == 0 {
				d.Shapley += share[bits.OnesCount(uint(set))] * (gains[set|1<<j] - gains[set])
			}
		}
		for k := range p {
			b := 0.0
			for i := range p {
				b += power(k, i, -0.5) * r[i]
			}
			l := power(j, k, 0.5)
			d.RelativeWeight += l * l * b * b
		}
		out.Items = append(out.Items, d)
	}
	return out, nil
}

func choose(n, k int) float64 {
	out := 1.0
	for i := range k {
		out = out * float64(n-i) / float64(i+1)
	}
	return out
}

// explained is R² of the items in the set.
func explained(among *mat.SymDense, r []float64, set int) float64 {
	var in []int
	for i := range r {
		if set>>i&1 == 1 {
			in = append(in, i)
		}
	}
	m := mat.NewSymDense(len(in), nil)
	v := mat.NewVecDense(len(in), nil)
	for a, i := range in {
		v.SetVec(a, r[i])
		for b := a; b < len(in); b++ {
			m.SetSym(a, b, among.At(i, in[b]))
		}
	}
	var chol mat.Cholesky
	var beta mat.VecDense
	if !chol.Factorize(m) || chol.SolveVecTo(&beta, v) != nil {
		return math.NaN()
	}
	return mat.Dot(&beta, v)
}
