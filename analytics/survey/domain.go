package survey

import (
	"strings"

	"hailong/ingest/wording"
)

// A Domain is one group of a ByResult.
type Domain struct {
	Key       []string // the level of each key, in the order of the keys
	Estimates Estimates
	DF        float64 // of the domain: its PSUs minus its strata; R: degf(subset(design, ...))
	N         int     // rows of the domain of weight other than 0, also those without a value
	SumW      float64 // Σw over them
}

// A ByResult holds the figures of every domain and the covariance between all of them.
type ByResult struct {
	Keys    []string
	Domains []Domain
	Cov     [][]float64 // domain by domain, figure by figure
	DF      float64     // of the whole design
}

// Est are the figures in the order of Cov.
func (b ByResult) Est() []float64 {
	var out []float64
	for _, d := range b.Domains {
		out = append(out, d.Estimates.Est...)
	}
	return out
}

// By applies an estimator to every combination of the keys' levels that has respondents, the first key running fastest. Each domain's
// variance is that of the domain in the full design, and the covariance between domains is that of their linearised values, also where
// PSUs, or replicates, are shared. R: svyby(~y, ~key1 + key2, design, FUN, covmat = TRUE).
func (d *Design) By(keys []string, estimator func(*Design) (Estimates, error)) (ByResult, error) {
	out := ByResult{Keys: keys, DF: d.DF()}
	var cols []Column
	for _, key := range keys {
		c, err := d.frame.Column(key)
		if err != nil {
			return out, wording.Errorf("estimating by %s: %w", strings.Join(keys, ", "), err)
		}
		cols = append(cols, c.AsFactor())
	}
	cells := 1
	for _, c := range cols {
		cells *= max(1, len(c.Levels))
	}
	cell := make([]int, len(d.weight))
	used := make([]bool, cells)
	for k := range cell {
		step := 1
		for _, c := range cols {
			if c.Codes[k] < 0 {
				cell[k] = -1
				break
			}
			cell[k] += c.Codes[k] * step
			step *= len(c.Levels)
		}
		if cell[k] >= 0 && d.present[k] && d.weight[k] != 0 {
			used[cell[k]] = true
		}
	}
	var influence, theta [][]float64
	var est []float64
	for id, ok := range used {
		if !ok {
			continue
		}
		keep := make([]bool, len(cell))
		for k := range keep {
			keep[k] = cell[k] == id
		}
		sub, err := d.Subset(keep)
		if err != nil {
			return out, wording.Errorf("estimating by %s: %w", strings.Join(keys, ", "), err)
		}
		dom := Domain{DF: sub.DF()}
		dom.N, dom.SumW = sub.sizes()
		rest := id
		for _, c := range cols {
			dom.Key = append(dom.Key, c.Levels[rest%len(c.Levels)])
			rest /= len(c.Levels)
		}
		if dom.Estimates, err = estimator(sub); err != nil {
			return out, wording.Errorf("estimating by %s, %s: %w", strings.Join(keys, ", "), strings.Join(dom.Key, ", "), err)
		}
		influence = append(influence, dom.Estimates.Influence...)
		est = append(est, dom.Estimates.Est...)
		for r, t := range dom.Estimates.Replicates {
			if r == len(theta) {
				theta = append(theta, nil)
			}
			theta[r] = append(theta[r], t...)
		}
		out.Domains = append(out.Domains, dom)
	}
	var err error
	switch {
	case d.reps != nil && len(theta) > 0 && len(theta[0]) == len(est):
		out.Cov = d.reps.covariance(theta, est)
	case d.reps == nil && len(influence) == len(est) && len(est) > 0:
		out.Cov, err = d.covariance(influence)
	}
	if err != nil {
		return out, wording.Errorf("estimating by %s: %w", strings.Join(keys, ", "), err)
	}
	return out, nil
}
