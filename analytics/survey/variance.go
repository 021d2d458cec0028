package survey

import (
	"hailong/ingest/wording"
)

// Variance estimates population variances and covariances of the variables, named and laid out row by row.
//
//	S_ij = Σw(y_i−ȳ_i)(y_j−ȳ_j)/Σw · n/(n−1),   u_k = (z_k − S_ij)/Σw with z_k = n/(n−1)·(y_ik−ȳ_i)(y_jk−ȳ_j)
//
// n counts the rows of weight other than 0 before missing values are dropped, as R does. R: svyvar(~y, design, na.rm).
//
// By hand, weights 2, 1, 1 and y 1, 2, 5: mean 9/4, Σw(y−ȳ)² = 2·1.5625+0.0625+7.5625 = 10.75, S² = 10.75/4·3/2 = 4.03125.
func (d *Design) Variance(vars []string, o Options) (Estimates, error) {
	n, _ := d.sizes()
	if d.reps != nil {
		n = d.Rows()
	}
	e, names, x, err := d.start(vars, o)
	if err != nil {
		return Estimates{}, wording.Errorf("estimating variances: %w", err)
	}
	if d.reps != nil {
		n = e.Rows()
	}
	correction := float64(n) / float64(n-1)
	products := func(w []float64) [][]float64 {
		mean := means(w, x)
		var z [][]float64
		for i := range x {
			for j := range x {
				col := make([]float64, len(w))
				for k, v := range w {
					if v != 0 {
						col[k] = (x[i][k] - mean[i]) * (x[j][k] - mean[j]) * correction
					}
				}
				z = append(z, col)
			}
		}
		return z
	}
	var pairs []string
	for _, a := range names {
		for _, b := range names {
			if len(names) == 1 {
				pairs = append(pairs, a)
			} else {
				pairs = append(pairs, a+":"+b)
			}
		}
	}
	out, err := e.estimate(statistic{
		names: pairs,
		value: func(w []float64) []float64 { return ratiosTo(sumOf(w), w, products(w)) },
		influence: func(w, est []float64) [][]float64 {
			z := products(w)
			for j := range z {
				for k := range z[j] {
					z[j][k] -= est[j]
				}
			}
			u := weighted(w, z)
			sumW := sumOf(w)
			for j := range u {
				for k := range u[j] {
					u[j][k] /= sumW
				}
			}
			return u
		},
	})
	if err != nil {
		return Estimates{}, wording.Errorf("estimating variances: %w", err)
	}
	out.DF = d.DF()
	return out, nil
}

func ratiosTo(den float64, w []float64, x [][]float64) []float64 {
	out := make([]float64, len(x))
	for j := range x {
		out[j] = weightedSum(w, x[j]) / den
	}
	return out
}
