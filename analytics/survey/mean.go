package survey

import (
	"math"

	"hailong/ingest/wording"
)

// Mean estimates population means; a factor gives the proportion of each level.
//
//	ȳ = Σw·y/Σw,   u_k = (y_k − ȳ)/Σw
//
// Särndal, Swensson & Wretman (1992), 5.7. R: svymean(~y, design, na.rm, deff).
//
// By hand, weights 2, 1, 1 and y 1, 2, 5: Σwy/Σw = 9/4 = 2.25, weighted influences 2·(−1.25)/4, −0.25/4 and 2.75/4.
func (d *Design) Mean(vars []string, o Options) (Estimates, error) {
	e, names, x, err := d.start(vars, o)
	if err != nil {
		return Estimates{}, wording.Errorf("estimating means: %w", err)
	}
	out, err := e.meanOf(names, x)
	if err != nil {
		return Estimates{}, wording.Errorf("estimating means: %w", err)
	}
	out.DF = d.DF()
	if o.Deff != DeffNone {
		out.DEff = e.deffs(x, out, o.Deff, false)
	}
	return out, nil
}

func (d *Design) meanOf(names []string, x [][]float64) (Estimates, error) {
	return d.estimate(statistic{
		names: names,
		value: func(w []float64) []float64 { return means(w, x) },
		influence: func(w, est []float64) [][]float64 {
			sumW := sumOf(w)
			u := make([][]float64, len(x))
			for j := range x {
				u[j] = make([]float64, len(w))
				for k, v := range w {
					if v != 0 {
						u[j][k] = (x[j][k] - est[j]) * v / sumW
					}
				}
			}
			return u
		},
	})
}

// means are taken about the first value met, so that a large common offset does not eat the digits.
func means(w []float64, x [][]float64) []float64 {
	out := make([]float64, len(x))
	sumW := sumOf(w)
	for j := range x {
		origin, sum, found := 0.0, 0.0, false
		for k, v := range w {
			if v == 0 {
				continue
			}
			if !found {
				origin, found = x[j][k], true
			}
			sum += v * (x[j][k] - origin)
		}
		out[j] = origin + sum/sumW
	}
	return out
}

// deffs sets the design variances against those of simple random samples of the same size.
func (d *Design) deffs(x [][]float64, e Estimates, kind DeffKind, total bool) []float64 {
	out := make([]float64, len(x))
	n, sumW := d.sizes()
	if d.reps != nil {
		n = d.Rows() // R's replicate designs count rows of weight 0, too
	}
	for j := range x {
		s2 := d.populationVariance(x[j], n)
		out[j] = Deff(e.Cov[j][j], s2, n, sumW, kind == DeffReplace)
		switch {
		case total:
			out[j] /= sumW * sumW
		case kind == DeffWithoutReplacement && sumW < float64(n):
			out[j] = math.NaN() // a sample larger than its population: the weights are not scaled to it
		}
	}
	return out
}

// populationVariance is S² = n/(n−1)·Σw(y−ȳ)²/Σw.
func (d *Design) populationVariance(x []float64, n int) float64 {
	mean := means(d.weight, [][]float64{x})[0]
	sum := 0.0
	for k, w := range d.weight {
		if w != 0 {
			sum += w * (x[k] - mean) * (x[k] - mean)
		}
	}
	return sum / sumOf(d.weight) * float64(n) / float64(n-1)
}
