package placement

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"hailong/analytics/survey"
)

// groupOfRank says which group each rank falls into, from the sizes of the groups, best first.
func groupOfRank(sizes [4]int) []int {
	var out []int
	for g, n := range sizes {
		for range n {
			out = append(out, g)
		}
	}
	return out
}

// groupProbabilities is P(group g) for independent normal scores:
// P(rank_i = r) = ∫ φ(z)·PB_{r−1}({Φ((m_j − m_i − s_i·z)/s_j)}_{j≠i}) dz, PB the Poisson-binomial distribution by convolution.
//
// The trapezoid rule converges exponentially for this integrand: its spectrum falls like exp(−ω²/(2(1+Σ_j (s_i/s_j)²))), so a step of
// 0.75/√(1+Σ_j (s_i/s_j)²) leaves less than 1e-13. survey.RankDistribution is the same integral on a fixed grid of 4,001 points, against
// which this one is tested; the step that the scores allow makes it several times faster, and 63 areas are placed for every node and year.
func groupProbabilities(mean, sd []float64, sizes [4]int) [][4]float64 {
	n := len(mean)
	group := groupOfRank(sizes)
	out := make([][4]float64, n)
	pmf := make([]float64, n)
	for i := range n {
		steep := 1.0
		for j := range n {
			if j != i {
				steep += (sd[i] / sd[j]) * (sd[i] / sd[j])
			}
		}
		const reach = 8.5
		points := min(max(int(math.Ceil(2*reach*math.Sqrt(steep)/0.75)), 200), 8000)
		h := 2 * reach / float64(points)
		for k := range points + 1 {
			z := -reach + float64(k)*h
			x := mean[i] + sd[i]*z
			weight := h * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
			better := poissonBinomial(pmf, mean, sd, i, x)
			// Every area that is surely better shifts the ranks by one without a convolution.
			for r, p := range pmf[:n-better] {
				out[i][group[r+better]] += weight * p
			}
		}
	}
	return out
}

// poissonBinomial fills pmf with the distribution of the number of areas other than i above x, less those that surely are, which it
// returns. Probabilities within 1e-17 of 0 or 1 are taken as sure.
func poissonBinomial(pmf, mean, sd []float64, i int, x float64) (sure int) {
	for r := range pmf {
		pmf[r] = 0
	}
	pmf[0] = 1
	top := 0
	for j := range mean {
		if j == i {
			continue
		}
		p := survey.NormalCDF((mean[j] - x) / sd[j])
		if p < 1e-17 {
			continue
		}
		if p == 1 {
			sure++
			continue
		}
		top++
		for r := top; r > 0; r-- {
			pmf[r] += p * (pmf[r-1] - pmf[r])
		}
		pmf[0] *= 1 - p
	}
	return sure
}

// jointGroupProbabilities is P(group g) from seeded draws of the joint posterior: the share of draws in which an area's rank falls into g.
// The Monte Carlo error of a probability p is √(p(1−p)/draws), at most 0.005 with 10,000.
func jointGroupProbabilities(p posterior, sizes [4]int, draws int, seed uint64) ([][4]float64, bool) {
	n := len(p.mean)
	var eigen mat.EigenSym
	if !eigen.Factorize(p.cov, true) {
		return nil, false
	}
	var root mat.Dense
	eigen.VectorsTo(&root)
	for k, lambda := range eigen.Values(nil) {
		s := math.Sqrt(math.Max(lambda, 0))
		for i := range n {
			root.Set(i, k, root.At(i, k)*s)
		}
	}
	rows := root.RawMatrix().Data
	random := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	group := groupOfRank(sizes)
	counts := make([][4]int, n)
	z, theta, order := make([]float64, n), make([]float64, n), make([]int, n)
	for range draws {
		for k := range z {
			z[k] = random.NormFloat64()
		}
		for i := range n {
			sum := p.mean[i]
			for k, r := range rows[i*n : i*n+n] {
				sum += r * z[k]
			}
			theta[i], order[i] = sum, i
		}
		slices.SortFunc(order, func(a, b int) int {
			switch {
			case theta[a] > theta[b]:
				return -1
			case theta[a] < theta[b]:
				return 1
			}
			return a - b
		})
		for r, i := range order {
			counts[i][group[r]]++
		}
	}
	out := make([][4]float64, n)
	for i := range out {
		for g := range 4 {
			out[i][g] = float64(counts[i][g]) / float64(draws)
		}
	}
	return out, true
}
