package survey

import (
	"math"
)

// An adjustment is what a post-stratification, raking or calibration leaves for the variance: it turns the weighted
// influences w·u into those of the residuals, in place.
type adjustment interface {
	residual(x [][]float64)
}

// covariance is the design-based covariance of the totals of x, columns of weighted influences w_k·u_k over all rows.
// It is the one variance behind every estimator with a linearised value:
//
//	V = Σ_h (1−f_h)·n_h/(n_h−1)·Σ_i (z_hi − z̄_h)(z_hi − z̄_h)ᵀ + Σ_h Σ_i f_h·V_hi,   z_hi = Σ_{k∈i} x_k
//
// with V_hi the same expression over the next stage within PSU i (Särndal, Swensson & Wretman 1992, 4.3; R: svyrecvar).
// PSUs of the stratum without rows in the domain enter as zeros.
//
// By hand, one stratum without fpc and PSU totals 3, 5, 10: mean 6, squares 9+1+16 = 26, V = 3/2·26 = 39.
func (d *Design) covariance(x [][]float64) ([][]float64, error) {
	if len(d.adjust) > 0 {
		y := make([][]float64, len(x))
		for j := range x {
			y[j] = append([]float64(nil), x[j]...)
		}
		for _, a := range d.adjust {
			a.residual(y)
		}
		x = y
	}
	var rows []int
	for k, p := range d.present {
		if p {
			rows = append(rows, k)
		}
	}
	r := recursion{d: d, x: x, v: make([][]float64, len(x))}
	for j := range r.v {
		r.v[j] = make([]float64, len(x))
	}
	if err := r.stage(0, rows, 1); err != nil {
		return nil, err
	}
	for i := range r.v {
		for j := range i {
			r.v[i][j] = r.v[j][i]
		}
	}
	return r.v, nil
}

type recursion struct {
	d *Design
	x [][]float64
	v [][]float64 // upper triangle
}

// A stratumSum gathers the PSU totals of one stratum in one call.
type stratumSum struct {
	id     int
	n      float64 // PSUs in the sample, also those without rows here
	psus   []int   // index into the call's units, in the order of first appearance
	corrN  float64 // population of the first row's PSU
	totals []float64
}

type unitSum struct {
	rows   []int
	totals []float64
}

// group sorts the rows of a call into strata and units.
func (r *recursion) group(s int, rows []int) (strata []stratumSum, units []unitSum) {
	d, p := r.d, len(r.x)
	stratumAt, unitAt := map[int]int{}, map[int]int{}
	for _, k := range rows {
		h, ok := stratumAt[d.strata[s][k]]
		if !ok {
			h = len(strata)
			stratumAt[d.strata[s][k]] = h
			strata = append(strata, stratumSum{id: d.strata[s][k], n: d.sampled[s][k], corrN: r.populationOf(s, k), totals: make([]float64, p)})
		}
		u, ok := unitAt[d.psu[s][k]]
		if !ok {
			u = len(units)
			unitAt[d.psu[s][k]] = u
			units = append(units, unitSum{totals: make([]float64, p)})
			strata[h].psus = append(strata[h].psus, u)
		}
		units[u].rows = append(units[u].rows, k)
		for j := range p {
			units[u].totals[j] += r.x[j][k]
		}
	}
	for h := range strata {
		for _, u := range strata[h].psus {
			for j, t := range units[u].totals {
				strata[h].totals[j] += t
			}
		}
	}
	return strata, units
}

func (r *recursion) populationOf(s, k int) float64 {
	if s >= len(r.d.population) {
		return math.Inf(1)
	}
	return r.d.population[s][k]
}

// stage adds scale times the variance of one stage's units among rows, and of the stages below.
func (r *recursion) stage(s int, rows []int, scale float64) error {
	p := len(r.x)
	strata, units := r.group(s, rows)
	sampled, grand := 0.0, make([]float64, p)
	for _, h := range strata {
		sampled += h.n
		for j, t := range h.totals {
			grand[j] += t
		}
	}
	for j := range grand {
		grand[j] /= sampled // the mean PSU total of this call, which adjust centres at
	}
	here := make([][]float64, p)
	for j := range here {
		here[j] = make([]float64, p)
	}
	counted := 0
	for _, h := range strata {
		ok, err := r.stratum(s, h, units, grand, here)
		if err != nil {
			return err
		}
		if ok {
			counted++
		}
	}
	level := scale
	if counted < len(strata) { // average: strata left out are worth the mean of the others; without any other, NaN
		level *= float64(len(strata)) / float64(counted)
	}
	for i := range p {
		for j := i; j < p; j++ {
			r.v[i][j] += level * here[i][j]
		}
	}
	if s+1 >= len(r.d.psu) {
		return nil
	}
	for _, h := range strata {
		for _, u := range h.psus {
			first := units[u].rows[0]
			pop := h.corrN
			if r.d.spec.PPS != "" {
				pop = r.populationOf(s, first)
			}
			if math.IsInf(pop, 1) {
				continue // with replacement: later stages are in the PSU totals already
			}
			if err := r.stage(s+1, units[u].rows, scale*h.n/pop); err != nil {
				return err
			}
		}
	}
	return nil
}

// stratum adds one stratum's sum of squares to v, by the rule for lonely PSUs where it needs one. It reports whether
// the stratum counts as estimated.
func (r *recursion) stratum(s int, h stratumSum, units []unitSum, grand []float64, v [][]float64) (bool, error) {
	d, p := r.d, len(r.x)
	free := func(pop float64) float64 { // 1 − f
		if math.IsInf(pop, 1) {
			return 1
		}
		return (pop - h.n) / pop
	}
	f := free(h.corrN)
	pps := d.spec.PPS != ""
	certain := f < 1e-7
	if pps {
		for _, u := range h.psus {
			certain = certain && free(r.populationOf(s, units[u].rows[0])) < 1e-7
		}
	}
	if certain {
		return true, nil // a stratum taken whole adds nothing, whatever the rule
	}
	lonely := h.n == 1
	inDomain := h.n > 1 && len(h.psus) == 1 && d.spec.AdjustDomainLonely
	center := grand
	switch {
	case lonely && d.spec.Lonely == LonelyFail:
		return false, &LonelyError{Stage: s + 1, Names: []string{d.stratumName[s][h.id]}}
	case lonely && (d.spec.Lonely == LonelyRemove || d.spec.Lonely == LonelyCertainty):
		return true, nil
	case (lonely || inDomain) && d.spec.Lonely == LonelyAverage:
		return false, nil
	case (lonely || inDomain) && d.spec.Lonely == LonelyAdjust:
	default:
		center = make([]float64, p)
		for j, t := range h.totals {
			center[j] = t / h.n
		}
	}
	factor := 1.0
	if h.n > 1 {
		factor = h.n / (h.n - 1)
	}
	absent := h.n - float64(len(h.psus))
	add := func(weight float64, dev []float64) {
		for i := range p {
			for j := i; j < p; j++ {
				v[i][j] += weight * dev[i] * dev[j]
			}
		}
	}
	dev := make([]float64, p)
	for _, u := range h.psus {
		weight := f * factor
		if pps { // Brewer: each PSU its own 1−π; a domain keeps every PSU, so none is absent
			weight = free(r.populationOf(s, units[u].rows[0])) * factor
		}
		for j := range dev {
			dev[j] = units[u].totals[j] - center[j]
		}
		add(weight, dev)
	}
	if absent > 0 {
		add(f*factor*absent, center)
	}
	return true, nil
}
