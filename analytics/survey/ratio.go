package survey

import (
	"hailong/ingest/wording"
)

// Ratio estimates the ratio of two totals.
//
//	R̂ = Σw·y/Σw·x,   u_k = (y_k − R̂·x_k)/Σw·x
//
// Särndal, Swensson & Wretman (1992), 5.6. R: svyratio(~y, ~x, design, na.rm, deff).
//
// By hand, weights 2, 1, 1, y 1, 2, 5 and x 2, 2, 3: 9/9 = 1 and weighted influences −2/9, 0, 2/9.
func (d *Design) Ratio(num, den string, o Options) (Estimates, error) {
	e, names, x, err := d.start([]string{num, den}, o)
	if err != nil {
		return Estimates{}, wording.Errorf("estimating a ratio: %w", err)
	}
	if len(x) != 2 {
		return Estimates{}, wording.Errorf("estimating a ratio: %q and %q must be numbers, not factors", num, den)
	}
	var resid []float64
	out, err := e.estimate(statistic{
		names: []string{names[0] + "/" + names[1]},
		value: func(w []float64) []float64 { return []float64{weightedSum(w, x[0]) / weightedSum(w, x[1])} },
		influence: func(w, est []float64) [][]float64 {
			resid = ratioResidual(w, x, est[0])
			return weighted(w, [][]float64{resid})
		},
	})
	if err != nil {
		return Estimates{}, wording.Errorf("estimating a ratio: %w", err)
	}
	out.DF = d.DF()
	if o.Deff != DeffNone {
		resid = ratioResidual(e.weight, x, out.Est[0])
		out.DEff = e.deffs([][]float64{resid}, out, o.Deff, true)
	}
	return out, nil
}

func ratioResidual(w []float64, x [][]float64, ratio float64) []float64 {
	den := weightedSum(w, x[1])
	out := make([]float64, len(w))
	for k, v := range w {
		if v != 0 {
			out[k] = (x[0][k] - ratio*x[1][k]) / den
		}
	}
	return out
}
