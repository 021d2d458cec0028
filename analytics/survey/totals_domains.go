package survey

import "math"

// DomainFigures are one measure's figures for every value of one breakdown, in the breakdown's order.
type DomainFigures struct {
	Est, SE, Deff, SumW []float64
	N, DF               []int
	Cov                 [][]float64 // covariance of the values, both stages
}

// CI are the limits est ± t·SE on each value's own degrees of freedom, NaN where there are none. R: confint(svyby, df = degf(subset)).
func (f DomainFigures) CI(level float64) (lo, hi []float64) {
	lo, hi = make([]float64, len(f.Est)), make([]float64, len(f.Est))
	quantiles := map[int]float64{} // values share few degrees of freedom
	for d, df := range f.DF {
		t, ok := quantiles[df]
		if !ok {
			t = TQuantile(1-(1-level)/2, float64(df))
			quantiles[df] = t
		}
		lo[d], hi[d] = f.Est[d]-t*f.SE[d], f.Est[d]+t*f.SE[d]
	}
	return lo, hi
}

// Domains estimates a measure for every value of a breakdown, with the whole covariance matrix between the values, which contrasts,
// ranks and simultaneous intervals need. R: svyby(~y, ~domain, design, svymean, na.rm = TRUE, covmat = TRUE, deff = "replace").
//
// It does what Ratio, Variance and Covariance do, but only where a value has members: time and memory grow with the cells, not with
// values × PSUs. The values of a breakdown share no respondent, so the second stage's part of a covariance is −Σ f₁(1−f₂)·z₁z₂/(m−1).
func (v *TotalsVariance) Domains(measure, breakdown int) DomainFigures {
	t := v.first.t
	b := &t.Breakdowns[breakdown]
	s := &b.Sums()[measure]
	n := len(b.Values)
	out := DomainFigures{
		Est: make([]float64, n), SE: make([]float64, n), Deff: make([]float64, n), SumW: make([]float64, n),
		N: make([]int, n), DF: make([]int, n), Cov: make([][]float64, n),
	}
	z := make([]float64, len(b.PSU)) // of each cell
	value := make([]int32, len(b.PSU))
	for d := range n {
		out.Cov[d] = make([]float64, n)
		c := Cell{Measure: measure, Breakdown: breakdown, Value: d}
		m := t.moments(c)
		out.N[d], out.SumW[d], out.DF[d] = int(m.n), m.w, m.psus-m.strata
		out.Est[d] = math.NaN()
		if m.n > 0 && m.x != 0 {
			out.Est[d] = m.y / m.x
		}
		for i := b.Start[d]; i < b.Start[d+1]; i++ {
			value[i] = int32(d)
			if m.n > 0 && m.x != 0 {
				z[i] = (s.Y[i] - out.Est[d]*s.X[i]) / m.x
			}
		}
		if t.PopRows != nil && m.x != 0 {
			out.Cov[d][d] = t.within(c, c, out.Est[d], out.Est[d]) / (m.x * m.x)
		}
	}
	order := byPSU(b.PSU, len(t.PSUs))
	w := domainWork{t: t, f: &v.first, z: z, value: value, order: order, cov: out.Cov}
	w.between()
	w.across()
	for d := range n {
		for e := range d {
			out.Cov[e][d] = out.Cov[d][e]
		}
		out.SE[d] = math.Sqrt(out.Cov[d][d])
		out.Deff[d] = t.Deff(Cell{Measure: measure, Breakdown: breakdown, Value: d}, out.Cov[d][d], true)
	}
	return out
}

// byPSU lists the cells of each PSU: order[starts[k]:starts[k+1]], by value.
func byPSU(psu []int32, psus int) psuCells {
	c := psuCells{starts: make([]int32, psus+1), cells: make([]int32, len(psu))}
	for _, k := range psu {
		c.starts[k+1]++
	}
	for k := range psus {
		c.starts[k+1] += c.starts[k]
	}
	next := append([]int32{}, c.starts[:psus]...)
	for i, k := range psu {
		c.cells[next[k]] = int32(i)
		next[k]++
	}
	return c
}

type psuCells struct{ starts, cells []int32 }

func (c psuCells) of(psu int) []int32 { return c.cells[c.starts[psu]:c.starts[psu+1]] }

type domainWork struct {
	t     *Totals
	f     *firstStage
	z     []float64
	value []int32
	order psuCells
	cov   [][]float64 // the lower triangle is filled
}

// between adds the first stage, stratum by stratum over the values that have members there.
func (w *domainWork) between() {
	column := make([]int, len(w.cov)) // of a value in the stratum's matrix, plus 1
	var values []int32
	var x []float64
	grand := w.grand()
	for h, factor := range w.f.factor {
		from, to := w.f.starts[h], w.f.starts[h+1]
		if factor == 0 {
			continue
		}
		lonely := math.IsNaN(factor)
		if lonely && w.f.lonely != LonelyAdjust {
			continue
		}
		values = values[:0]
		if lonely {
			// Centred at the mean of all PSUs, a lonely one adds to every value.
			for d := range w.cov {
				values = append(values, int32(d))
				column[d] = d + 1
			}
		} else {
			for k := from; k < to; k++ {
				for _, i := range w.order.of(k) {
					if d := w.value[i]; column[d] == 0 {
						values = append(values, d)
						column[d] = len(values)
					}
				}
			}
		}
		width := len(values)
		x = append(x[:0], make([]float64, width*(to-from))...)
		for k := from; k < to; k++ {
			for _, i := range w.order.of(k) {
				x[(column[w.value[i]]-1)*(to-from)+k-from] = w.z[i]
			}
		}
		for c, d := range values {
			row := x[c*(to-from) : (c+1)*(to-from)]
			var mean float64
			if lonely {
				mean = grand[d]
			} else {
				for _, v := range row {
					mean += v
				}
				mean /= float64(len(row))
			}
			for i := range row {
				row[i] -= mean
			}
			column[d] = 0
		}
		if lonely {
			factor = w.f.left[h]
		}
		factor *= w.f.scale
		for c, d := range values {
			a := x[c*(to-from) : (c+1)*(to-from)]
			for c2, e := range values[:c+1] {
				b := x[c2*(to-from) : (c2+1)*(to-from)]
				var sum float64
				for i := range a {
					sum += a[i] * b[i]
				}
				w.cov[max(d, e)][min(d, e)] += factor * sum
			}
		}
	}
}

// grand is each value's mean over all PSUs, which LonelyAdjust centres a lonely one at.
func (w *domainWork) grand() []float64 {
	out := make([]float64, len(w.cov))
	for i, z := range w.z {
		out[w.value[i]] += z
	}
	for d := range out {
		out[d] /= float64(len(w.t.PSUs))
	}
	return out
}

// across adds the second stage's part between the values.
func (w *domainWork) across() {
	t := w.t
	if t.PopRows == nil || t.PopPSUs == nil {
		return
	}
	for k := range t.PSUs {
		m := t.Rows[k]
		left := 1 - m/t.PopRows[k]
		if m < 2 || left == 0 {
			continue
		}
		h := t.Stratum[k]
		f1 := float64(w.f.starts[h+1]-w.f.starts[h]) / t.PopPSUs[h]
		cells := w.order.of(k)
		for i, a := range cells {
			for _, b := range cells[:i] {
				d, e := w.value[a], w.value[b]
				w.cov[max(d, e)][min(d, e)] -= f1 * left / (m - 1) * w.z[a] * w.z[b]
			}
		}
	}
}
