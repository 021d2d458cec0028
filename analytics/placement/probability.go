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

// groupProbabilities is P(group g) for independent normal scores: survey.RankDistribution summed over each group's ranks.
func groupProbabilities(mean, sd []float64, sizes [4]int) ([][4]float64, error) {
	ranks, err := survey.RankDistribution(mean, sd)
	if err != nil {
		return nil, err
	}
	group := groupOfRank(sizes)
	out := make([][4]float64, len(mean))
	for i, row := range ranks {
		for r, p := range row {
			out[i][group[r]] += p
		}
	}
	return out, nil
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
