package survey

import (
	"hailong/ingest/wording"
)

// Total estimates population totals; a factor gives the number in each level.
//
//	t̂ = Σw·y,   u_k = y_k
//
// Horvitz & Thompson (1952). R: svytotal(~y, design, na.rm, deff).
//
// By hand, weights 2, 1, 1 and y 1, 2, 5: 2 + 2 + 5 = 9.
func (d *Design) Total(vars []string, o Options) (Estimates, error) {
	e, names, x, err := d.start(vars, o)
	if err != nil {
		return Estimates{}, wording.Errorf("estimating totals: %w", err)
	}
	out, err := e.totalOf(names, x)
	if err != nil {
		return Estimates{}, wording.Errorf("estimating totals: %w", err)
	}
	out.DF = d.DF()
	if o.Deff != DeffNone {
		out.DEff = e.deffs(x, out, o.Deff, true)
	}
	return out, nil
}

func (d *Design) totalOf(names []string, x [][]float64) (Estimates, error) {
	return d.estimate(statistic{
		names: names,
		value: func(w []float64) []float64 {
			out := make([]float64, len(x))
			for j := range x {
				out[j] = weightedSum(w, x[j])
			}
			return out
		},
		influence: func(w, _ []float64) [][]float64 { return weighted(w, x) },
	})
}

// weighted is w·x, 0 where the weight is.
func weighted(w []float64, x [][]float64) [][]float64 {
	u := make([][]float64, len(x))
	for j := range x {
		u[j] = make([]float64, len(w))
		for k, v := range w {
			if v != 0 {
				u[j][k] = v * x[j][k]
			}
		}
	}
	return u
}
