package survey

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/ingest/wording"
)

// A RowQuality is what the answers of one respondent to a battery of items look like. NaN is no valid answer.
type RowQuality struct {
	Valid       int
	LongString  int     // longest run of equal valid answers, missing ones skipped
	IRV         float64 // standard deviation (n−1) of the valid answers
	Straight    bool    // at least minValid valid answers, all equal
	Mahalanobis float64 // squared distance from the mean of the complete rows; NaN for rows that are not complete
}

// ResponseQuality measures every row of a battery, items a column each. R: package careless.
//
// By hand: answers 3, 3, missing, 3, 4 have a run of 3 and IRV ½.
func ResponseQuality(items [][]float64, minValid int) ([]RowQuality, error) {
	if len(items) == 0 {
		return nil, wording.Errorf("measuring response quality: no items")
	}
	for j, c := range items {
		if len(c) != len(items[0]) {
			return nil, wording.Errorf("measuring response quality: item %d has %d rows, the first %d", j+1, len(c), len(items[0]))
		}
	}
	out := make([]RowQuality, len(items[0]))
	for k := range out {
		q := &out[k]
		run, sum := 0, 0.0
		previous := math.NaN()
		var valid []float64
		for _, c := range items {
			v := c[k]
			if math.IsNaN(v) {
				continue
			}
			valid = append(valid, v)
			sum += v
			if v == previous {
				run++
			} else {
				run = 1
			}
			previous = v
			q.LongString = max(q.LongString, run)
		}
		q.Valid = len(valid)
		q.Straight = q.Valid >= minValid && q.LongString == q.Valid && q.Valid > 0
		q.IRV = math.NaN()
		if q.Valid > 1 {
			mean, s := sum/float64(q.Valid), 0.0
			for _, v := range valid {
				s += (v - mean) * (v - mean)
			}
			q.IRV = math.Sqrt(s / float64(q.Valid-1))
		}
		q.Mahalanobis = math.NaN()
	}
	if err := mahalanobis(items, out); err != nil {
		return nil, wording.Errorf("measuring response quality: %w", err)
	}
	return out, nil
}

func mahalanobis(items [][]float64, out []RowQuality) error {
	p := len(items)
	s, n, err := weightedCov(items, nil, true)
	if err != nil || n <= p {
		return nil //nolint:nilerr // too few complete rows, or a constant item: the distance stays missing
	}
	mean := make([]float64, p)
	for k := range out {
		if out[k].Valid == p {
			for j := range mean {
				mean[j] += items[j][k] / float64(n)
			}
		}
	}
	m := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			m.SetSym(i, j, s[i][j])
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(m) {
		return nil
	}
	dev := mat.NewVecDense(p, nil)
	var solved mat.VecDense
	for k := range out {
		if out[k].Valid != p {
			continue
		}
		for j := range p {
			dev.SetVec(j, items[j][k]-mean[j])
		}
		if err := chol.SolveVecTo(&solved, dev); err != nil {
			return wording.Errorf("computing Mahalanobis distances: %w", err)
		}
		out[k].Mahalanobis = mat.Dot(dev, &solved)
	}
	return nil
}

// MedianAndMAD are the median and 1.4826 times the median distance from it. R: median(x), mad(x).
func MedianAndMAD(x []float64) (median, mad float64) {
	half := func(v []float64) float64 {
		ones := make([]float64, len(v))
		for i := range ones {
			ones[i] = 1
		}
		return sortSample(v, ones).quantile("hf7", 0.5)
	}
	var v []float64
	for _, a := range x {
		if !math.IsNaN(a) {
			v = append(v, a)
		}
	}
	median = half(v)
	for i := range v {
		v[i] = math.Abs(v[i] - median)
	}
	return median, 1.4826 * half(v)
}

// Duplicates marks every row whose key another row has, too.
func Duplicates(keys []string) []bool {
	count := map[string]int{}
	for _, k := range keys {
		count[k]++
	}
	out := make([]bool, len(keys))
	for i, k := range keys {
		out[i] = count[k] > 1
	}
	return out
}

// NonresponseFactors are the factors Σw/Σ(w·responded) of weighting classes, by class, and the weights that they make: w·factor for
// respondents, 0 for others (Little 1986). A class without respondents is an error: merge it.
//
// By hand, a class of weights 2, 3, 5 in which the first two answered: factor 10/5 = 2, weights 4, 6, 0.
func NonresponseFactors(w []float64, responded []bool, class []string) (factors map[string]float64, adjusted []float64, err error) {
	if len(responded) != len(w) || len(class) != len(w) {
		return nil, nil, wording.Errorf("adjusting for nonresponse: %d weights, %d answers, %d classes", len(w), len(responded), len(class))
	}
	all, answered := map[string]float64{}, map[string]float64{}
	for k, c := range class {
		all[c] += w[k]
		if responded[k] {
			answered[c] += w[k]
		}
	}
	factors = map[string]float64{}
	for _, c := range class {
		if all[c] != 0 && answered[c] == 0 {
			return nil, nil, wording.Errorf("adjusting for nonresponse: class %q has nobody who answered: merge it with a neighbour", c)
		}
		factors[c] = all[c] / answered[c]
	}
	adjusted = make([]float64, len(w))
	for k, c := range class {
		if responded[k] {
			adjusted[k] = w[k] * factors[c]
		}
	}
	return factors, adjusted, nil
}
