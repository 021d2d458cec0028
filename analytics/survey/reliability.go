package survey

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/ingest/wording"
)

// Reliability says how well several items measure one thing.
type Reliability struct {
	N, K     int     // complete rows, items
	AlphaRaw float64 // Cronbach (1951): k/(k−1)·(1 − tr S/1'S1)
	AlphaStd float64 // k·r̄/(1+(k−1)·r̄)
	MeanR    float64 // mean correlation between items
	OmegaRaw float64 // McDonald (1999), on the items' own scale
	OmegaStd float64 // (Σλ)²/((Σλ)²+Σψ) from a one-factor model by maximum likelihood
	AVE      float64 // mean λ²
	Items    []ItemReliability
}

// ItemReliability is what one item does to the scale.
type ItemReliability struct {
	AlphaIfDropped float64
	ItemRest       float64 // correlation with the sum of the other items
	Loading        float64 // standardised
	Uniqueness     float64
}

// FeldtCI is the interval of raw alpha, 1 − (1−α)·F (Feldt 1965), for unweighted data.
func (r Reliability) FeldtCI(level float64) (lo, hi float64) {
	n, k := float64(r.N), float64(r.K)
	a := (1 - level) / 2
	return 1 - (1-r.AlphaRaw)*FQuantile(1-a, n-1, (n-1)*(k-1)), 1 - (1-r.AlphaRaw)*FQuantile(a, n-1, (n-1)*(k-1))
}

// ItemReliabilities computes the reliability of a scale from its items' columns, rows with a missing item left out. Without weights the
// covariance divides by n−1, with them it is R's cov.wt(method = "ML"). R: psych::alpha, factanal(factors = 1).
//
// By hand, two items of variance 1 and correlation ½: alpha = 2·(1 − 2/3) = 2/3.
func ItemReliabilities(items [][]float64, w []float64) (Reliability, error) {
	k := len(items)
	if k < 2 {
		return Reliability{}, wording.Errorf("computing reliability: %d items, at least 2 are needed", k)
	}
	s, n, err := weightedCov(items, w, w == nil)
	if err != nil {
		return Reliability{}, wording.Errorf("computing reliability: %w", err)
	}
	alpha := func(keep func(i int) bool) float64 {
		m, trace, all := 0.0, 0.0, 0.0
		for i := range s {
			if !keep(i) {
				continue
			}
			m++
			trace += s[i][i]
			for j := range s {
				if keep(j) {
					all += s[i][j]
				}
			}
		}
		return m / (m - 1) * (1 - trace/all)
	}
	out := Reliability{N: n, K: k, AlphaRaw: alpha(func(int) bool { return true })}
	r := correlation(s)
	for i := range r {
		for j := range i {
			out.MeanR += r[i][j] / float64(k*(k-1)/2)
		}
	}
	out.AlphaStd = float64(k) * out.MeanR / (1 + float64(k-1)*out.MeanR)
	load, unique := make([]float64, k), make([]float64, k)
	if k > 2 { // two items do not identify a factor
		if load, unique, err = oneFactor(r); err != nil {
			return Reliability{}, wording.Errorf("computing reliability: %w", err)
		}
	} else {
		for i := range load {
			load[i], unique[i] = math.NaN(), math.NaN()
		}
	}
	var sum, sumRaw, psi, psiRaw float64
	for i := range load {
		sd := math.Sqrt(s[i][i])
		sum += load[i]
		sumRaw += load[i] * sd
		psi += unique[i]
		psiRaw += unique[i] * s[i][i]
		out.AVE += load[i] * load[i] / float64(k)
		rest, restVar := 0.0, 0.0
		for a := range s {
			if a == i {
				continue
			}
			rest += s[i][a]
			for b := range s {
				if b != i {
					restVar += s[a][b]
				}
			}
		}
		out.Items = append(out.Items, ItemReliability{
			AlphaIfDropped: alpha(func(j int) bool { return j != i }),
			ItemRest:       rest / math.Sqrt(s[i][i]*restVar),
			Loading:        load[i], Uniqueness: unique[i],
		})
	}
	out.OmegaStd = sum * sum / (sum*sum + psi)
	out.OmegaRaw = sumRaw * sumRaw / (sumRaw*sumRaw + psiRaw)
	return out, nil
}

// weightedCov is the covariance of the columns over complete rows of weight other than 0.
func weightedCov(cols [][]float64, w []float64, unbiased bool) (s [][]float64, n int, err error) {
	p := len(cols)
	for j, c := range cols {
		if len(c) != len(cols[0]) || w != nil && len(w) != len(c) {
			return nil, 0, wording.Errorf("column %d has %d rows, the first %d, the weights %d", j+1, len(c), len(cols[0]), len(w))
		}
	}
	var keep []int
	sumW := 0.0
	weight := func(k int) float64 {
		if w == nil {
			return 1
		}
		return w[k]
	}
rows:
	for k := range cols[0] {
		for _, c := range cols {
			if math.IsNaN(c[k]) {
				continue rows
			}
		}
		if v := weight(k); v != 0 {
			keep = append(keep, k)
			sumW += v
		}
	}
	n = len(keep)
	if n < 3 {
		return nil, n, wording.Errorf("%d complete rows are too few", n)
	}
	mean := make([]float64, p)
	for j, c := range cols {
		for _, k := range keep {
			mean[j] += weight(k) / sumW * c[k]
		}
	}
	den := sumW
	if unbiased {
		den = float64(n - 1)
	}
	s = make([][]float64, p)
	for i := range s {
		s[i] = make([]float64, p)
		for j := range s {
			for _, k := range keep {
				s[i][j] += weight(k) * (cols[i][k] - mean[i]) * (cols[j][k] - mean[j])
			}
			s[i][j] /= den
		}
		if !(s[i][i] > 0) {
			return nil, n, wording.Errorf("column %d is constant", i+1)
		}
	}
	return s, n, nil
}

func correlation(s [][]float64) [][]float64 {
	r := make([][]float64, len(s))
	for i := range s {
		r[i] = make([]float64, len(s))
		for j := range s {
			r[i][j] = s[i][j] / math.Sqrt(s[i][i]*s[j][j])
		}
		r[i][i] = 1
	}
	return r
}

// oneFactor fits a one-factor model to a correlation matrix by maximum likelihood (Lawley & Maxwell 1971): given uniquenesses ψ, the
// loadings come from the first eigenvector of ψ^−½ R ψ^−½, and ψ = 1 − λ², repeated
// until both stand still. Uniquenesses stop at 1e-6, as in factanal(lower = 1e-6).
func oneFactor(r [][]float64) (load, unique []float64, err error) {
	k := len(r)
	psi := make([]float64, k)
	for i := range psi {
		psi[i] = 0.5
	}
	step := func(psi []float64) ([]float64, []float64, error) {
		m := mat.NewSymDense(k, nil)
		for i := range k {
			for j := i; j < k; j++ {
				m.SetSym(i, j, r[i][j]/math.Sqrt(psi[i]*psi[j]))
			}
		}
		var eig mat.EigenSym
		if !eig.Factorize(m, true) {
			return nil, nil, wording.Errorf("the factor model has no solution")
		}
		values := eig.Values(nil)
		var vectors mat.Dense
		eig.VectorsTo(&vectors)
		scale := math.Sqrt(math.Max(values[k-1]-1, 0))
		load, next := make([]float64, k), make([]float64, k)
		sum := 0.0
		for i := range load {
			load[i] = vectors.At(i, k-1) * scale * math.Sqrt(psi[i])
			sum += load[i]
			next[i] = math.Min(1, math.Max(1e-6, 1-load[i]*load[i]))
		}
		if sum < 0 {
			for i := range load {
				load[i] = -load[i]
			}
		}
		return load, next, nil
	}
	for range 20000 {
		var next []float64
		if load, next, err = step(psi); err != nil {
			return nil, nil, err
		}
		moved := 0.0
		for i := range psi {
			moved = math.Max(moved, math.Abs(next[i]-psi[i]))
		}
		psi = next
		if moved < 1e-13 {
			break
		}
	}
	return load, psi, nil
}
