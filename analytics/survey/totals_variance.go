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
	alone  float64   // LonelyAdjust: Σ (1 − f) over lonely strata
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
			if f.lonely == LonelyAdjust {
				f.alone += f.left[h]
			}
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
	grandA, grandB := f.grand(a), f.grand(b)
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

// sparse is covariance(z, z) of a figure that is 0 but in the PSUs of at: it costs what they are, whatever the design's size.
func (f *firstStage) sparse(at []int32, z []float64) float64 {
	grand := f.grand(z)
	v := f.alone * grand * grand
	for from, to := 0, 0; from < len(at); from = to {
		h := f.t.Stratum[at[from]]
		var sum float64
		for to = from; to < len(at) && f.t.Stratum[at[to]] == h; to++ {
			sum += z[to]
		}
		if math.IsNaN(f.factor[h]) {
			if f.lonely == LonelyAdjust {
				v += f.left[h] * ((z[from]-grand)*(z[from]-grand) - grand*grand)
			}
			continue
		}
		n := float64(f.starts[h+1] - f.starts[h])
		mean := sum / n
		s := (n - float64(to-from)) * mean * mean
		for _, x := range z[from:to] {
			s += (x - mean) * (x - mean)
		}
		v += f.factor[h] * s
	}
	return v * f.scale
}

// grand is the mean over all PSUs, which LonelyAdjust centres a lonely one at; 0 where nothing is.
func (f *firstStage) grand(z []float64) float64 {
	if f.lonely != LonelyAdjust {
		return 0
	}
	var sum float64
	for _, x := range z {
		sum += x
	}
	return sum / float64(len(f.t.PSUs))
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
func (v *TotalsVariance) Variance(l Linear) float64 {
	if l.At != nil {
		return v.first.sparse(l.At, l.Z) + l.Within
	}
	return v.first.covariance(l.Z, l.Z) + l.Within
}

// Covariance is the first-stage covariance of two figures.
func (v *TotalsVariance) Covariance(a, b Linear) float64 {
	return v.first.covariance(v.whole(a), v.whole(b))
}

// whole is a figure's Z with an entry for every PSU.
func (v *TotalsVariance) whole(l Linear) []float64 {
	if l.At == nil {
		return l.Z
	}
	z := make([]float64, len(v.first.t.PSUs))
	l.addTo(z, nil, 1)
	return z
}

// centred is z less its stratum's mean. A lonely PSU is centred at the mean of all with LonelyAdjust, and 0 under the other rules.
func (f *firstStage) centred(z []float64) []float64 {
	grand := f.grand(z)
	out := make([]float64, len(z))
	for h, factor := range f.factor {
		from, to := f.starts[h], f.starts[h+1]
		if math.IsNaN(factor) {
			if f.lonely == LonelyAdjust {
				out[from] = z[from] - grand
			}
			continue
		}
		var mean float64
		for k := from; k < to; k++ {
			mean += z[k]
		}
		mean /= float64(to - from)
		for k := from; k < to; k++ {
			out[k] = z[k] - mean
		}
	}
	return out
}

// weight is what the square of a centred value of the stratum counts: its factor, or 1 − f where its PSU is lonely.
func (f *firstStage) weight(h int) float64 {
	if math.IsNaN(f.factor[h]) {
		return f.left[h]
	}
	return f.factor[h]
}

// Parts are what each PSU adds to the variance of a figure: u with Σ_k u_k² = V and, for two figures of one design, Σ_k u_k·v_k = Cov, both of
// the first stage. u_hk = √((1−f_h)·n_h/(n_h−1))·(z_hk − z̄_h); a lonely PSU's by the rule of the design.
//
// They are what two waves need to know how far they move together. Of two samples that share PSUs the change has the variance
// V₁ + V₂ − 2·Σ_{shared} u₁·u₂ (Kish 1965, 12.4; Särndal, Swensson & Wretman 1992, 9.9). With the same PSUs in both waves that is R's
// svycontrast(svyby(~y, ~wave, stacked, svymean, covmat = TRUE), c(-1, 1)) to the last digit, stacked holding both waves with their
// PSU ids. Where only some PSUs stay, n_h−1 of the whole stratum is careful: a positive covariance is taken a little too small
// (by 1/(n_h−1) at most), and by Cauchy and Schwarz the variance cannot fall below (√V₁−√V₂)². R's stacked call counts there whether a PSU was
// drawn in a wave as chance, which adds the strata's own level to the variance.
//
// By hand, one stratum of PSU values 3, 5, 10 without fpc: √(3/2)·(−3, −1, 4), squares 13.5 + 1.5 + 24 = 39 = V.
func (v *TotalsVariance) Parts(l Linear) []float64 {
	f := &v.first
	u := f.centred(v.whole(l))
	for h := range f.factor {
		root := math.Sqrt(f.weight(h) * f.scale)
		for k := f.starts[h]; k < f.starts[h+1]; k++ {
			u[k] *= root
		}
	}
	return u
}

// Against prepares the differences of many figures from one of the whole sample: each then costs what its own PSUs are.
func (v *TotalsVariance) Against(base Linear) *Against {
	f := &v.first
	a := &Against{v: v, base: base, variance: v.Variance(base), pull: f.centred(v.whole(base))}
	for h, factor := range f.factor {
		weight := f.weight(h)
		for k := f.starts[h]; k < f.starts[h+1]; k++ {
			a.pull[k] *= weight
		}
		if math.IsNaN(factor) {
			a.alone += a.pull[f.starts[h]]
		}
	}
	return a
}

// An Against gives the variance of differences from one figure. It is safe for concurrent use.
type Against struct {
	v        *TotalsVariance
	base     Linear
	variance float64
	pull     []float64 // of each PSU: its part of the covariance with a figure of 1 there
	alone    float64   // Σ of it over the lonely strata
}

// Variance is that of l − base with the covariance of the two, V(l) + V(base) − 2·Cov(l, base), as Variance(Combine(…)) has it.
// R: svycontrast on svyby(covmat = TRUE).
func (a *Against) Variance(l Linear) float64 {
	if l.At == nil {
		return a.v.Variance(Combine(0, []float64{1, -1}, []Linear{l, a.base}))
	}
	f := &a.v.first
	cov := -f.grand(l.Z) * a.alone
	for k, z := range l.Z {
		cov += z * a.pull[l.At[k]]
	}
	// What later stages add is bounded as Combine bounds it.
	within := 2 * math.Sqrt(l.Within) * math.Sqrt(a.base.Within)
	return a.v.Variance(l) + a.variance - 2*cov*f.scale + within
}

// within is the second stage's part of the covariance of two cells of one measure that are the same cell:
// Σ_k f₁·(1−f₂)·m/(m−1)·[Σ_i w²(y − r₁x)(y − r₂x) − z₁z₂/m] over PSUs k, m their respondents.
func (t *Totals) within(a, b Cell, r1, r2 float64) float64 {
	if t.PopRows == nil || t.PopPSUs == nil || a != b {
		return 0
	}
	starts := t.strataRanges()
	br := &t.Breakdowns[a.Breakdown]
	s := &br.Sums()[a.Measure]
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
