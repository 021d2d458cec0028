package survey

import "math"

// strataRanges returns where each stratum's PSUs begin; the last entry is one past the end.
func (t *Totals) strataRanges() []int {
	starts := make([]int, len(t.Strata)+1)
	for _, h := range t.Stratum {
		starts[h+1]++
	}
	for h := range t.Strata {
		starts[h+1] += starts[h]
	}
	return starts
}

// firstStage is the between-PSU part of the variance, prepared once for a design.
type firstStage struct {
	t      *Totals
	lonely LonelyPSU
	starts []int
	factor []float64 // of each stratum: (1 − f)·n/(n−1); 0 for certainty strata; NaN marks a lonely one
	left   []float64 // 1 − f
	scale  float64   // LonelyAverage: strata over strata that are not lonely
}

func (f *firstStage) init() error {
	f.starts = f.t.strataRanges()
	f.factor = make([]float64, len(f.t.Strata))
	f.left = make([]float64, len(f.t.Strata))
	f.scale = 1
	var alone []string
	for h := range f.factor {
		n := float64(f.starts[h+1] - f.starts[h])
		f.left[h] = 1
		if f.t.PopPSUs != nil {
			f.left[h] = 1 - n/f.t.PopPSUs[h]
		}
		switch {
		case f.left[h] == 0:
		case n > 1:
			f.factor[h] = f.left[h] * n / (n - 1)
		default:
			f.factor[h] = math.NaN()
			alone = append(alone, f.t.Strata[h])
		}
	}
	if len(alone) > 0 && f.lonely == LonelyFail {
		return &LonelyError{Stage: 1, Names: alone}
	}
	if len(alone) > 0 && f.lonely == LonelyAverage {
		f.scale = float64(len(f.factor)) / float64(len(f.factor)-len(alone))
	}
	return nil
}

// covariance is Σ_h (1−f_h)·n_h/(n_h−1)·Σ_k (a_k − ā_h)(b_k − b̄_h) over PSU totals.
func (f *firstStage) covariance(a, b []float64) float64 {
	var grandA, grandB float64
	if f.lonely == LonelyAdjust {
		for k := range a {
			grandA += a[k]
			grandB += b[k]
		}
		grandA /= float64(len(a))
		grandB /= float64(len(b))
	}
	var v float64
	for h, factor := range f.factor {
		from, to := f.starts[h], f.starts[h+1]
		if math.IsNaN(factor) {
			if f.lonely == LonelyAdjust {
				v += f.left[h] * (a[from] - grandA) * (b[from] - grandB)
			}
			continue
		}
		if factor == 0 {
			continue
		}
		var meanA, meanB float64
		for k := from; k < to; k++ {
			meanA += a[k]
			meanB += b[k]
		}
		meanA /= float64(to - from)
		meanB /= float64(to - from)
		var s float64
		for k := from; k < to; k++ {
			s += (a[k] - meanA) * (b[k] - meanB)
		}
		v += factor * s
	}
	return v * f.scale
}

// A TotalsVariance gives the variance and covariance of the figures of one Totals; it is prepared once and safe for concurrent use.
type TotalsVariance struct{ first firstStage }

// Variances prepares the variance of a design. A lonely PSU stops here where lonely says so, and so does an fpc below the sample.
func (t *Totals) Variances(lonely LonelyPSU) (*TotalsVariance, error) {
	v := &TotalsVariance{first: firstStage{t: t, lonely: lonely}}
	return v, v.first.init()
}

// Variance is the variance of a figure: the first stage from its PSU totals, and what later stages add.
// Formula: Σ_h (1−f_h)·n_h/(n_h−1)·Σ_k (z_hk − z̄_h)² + Σ_h f_h·Σ_k V₂(k), R's svyrecvar.
// Reference: Särndal, Swensson & Wretman 1992, 4.3.
func (v *TotalsVariance) Variance(l Linear) float64 { return v.first.covariance(l.Z, l.Z) + l.Within }

// Covariance is the first-stage covariance of two figures.
func (v *TotalsVariance) Covariance(a, b Linear) float64 { return v.first.covariance(a.Z, b.Z) }

// within is the second stage's part of the covariance of two cells of one measure that are the same cell:
// Σ_k f₁·(1−f₂)·m/(m−1)·[Σ_i w²(y − r₁x)(y − r₂x) − z₁z₂/m] over PSUs k, m their respondents.
func (t *Totals) within(a, b Cell, r1, r2 float64) float64 {
	if t.PopRows == nil || t.PopPSUs == nil || a != b {
		return 0
	}
	starts := t.strataRanges()
	br := &t.Breakdowns[a.Breakdown]
	s := &br.Sums[a.Measure]
	var v float64
	for i := br.Start[a.Value]; i < br.Start[a.Value+1]; i++ {
		k := br.PSU[i]
		h := t.Stratum[k]
		m := t.Rows[k]
		left := 1 - m/t.PopRows[k]
		if m < 2 || left == 0 {
			continue
		}
		f1 := float64(starts[h+1]-starts[h]) / t.PopPSUs[h]
		square := s.YY2[i] - (r1+r2)*s.XY2[i] + r1*r2*s.XX2[i]
		z1, z2 := s.Y[i]-r1*s.X[i], s.Y[i]-r2*s.X[i]
		v += f1 * left * m / (m - 1) * (square - z1*z2/m)
	}
	return v
}
