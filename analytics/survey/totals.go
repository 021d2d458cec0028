package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Totals are the sufficient statistics of a design for a set of measures: for every PSU, and for every PSU within every
// value of a breakdown, the weighted sums that estimates, variances, covariances, design effects and degrees of freedom
// are functions of. They are what one scan in package engine brings, and they are small: their size is that of the PSUs.
//
// A measure is a ratio of two values of a respondent, y over x: for an item, x is 1 where the answer is valid and else 0,
// and y is the answer (or 1 where it is positive); for answers pooled over items, x counts the valid ones and y the positive ones.
type Totals struct {
	Measures []string
	Strata   []string  // names, sorted
	PopPSUs  []float64 // first-stage fpc of each stratum: PSUs in the population; nil where there is none

	PSUs    []string  // names, sorted within strata
	Stratum []int32   // of each PSU
	Rows    []float64 // respondents of each PSU, with or without a valid answer: the sample size of the second stage
	PopRows []float64 // second-stage fpc of each PSU: respondents in the population; nil where there is none

	Breakdowns []Breakdown // the first is everyone
}

// A Breakdown holds the sums by PSU and value of one breakdown (a tuple of columns). Its cells are ordered by value, then PSU.
type Breakdown struct {
	Columns []string
	Values  [][]string
	Start   []int32 // of each value's cells, and one past the last
	PSU     []int32 // of each cell
	Rows    []float64
	Active  []float64     // rows whose weight is not zero
	Sums    func() []Sums // of each measure; they may be made anew when they are asked for
}

// Sums are the sums of one measure in each cell. Slices may share memory where two sums are the same by definition
// (x = x² for a single item). The last three are there only where the design has a second-stage fpc.
type Sums struct {
	N             []float64 // respondents with x ≠ 0 and a weight other than zero
	W             []float64 // Σw over them
	X, Y          []float64 // Σwx, Σwy
	XX, XY, YY    []float64 // Σwx², Σwxy, Σwy²
	XX2, XY2, YY2 []float64 // Σw²x², Σw²xy, Σw²y²
}

// A Cell names one figure of a Totals: a measure in one value of a breakdown.
type Cell struct {
	Measure   int
	Breakdown int
	Value     int
}

// Find returns the breakdown by these columns.
func (t *Totals) Find(columns ...string) (int, bool) {
	for i := range t.Breakdowns {
		if slices.Equal(t.Breakdowns[i].Columns, columns) {
			return i, true
		}
	}
	return 0, false
}

// Measure returns the place of a measure.
func (t *Totals) Measure(id string) (int, bool) {
	i := slices.Index(t.Measures, id)
	return i, i >= 0
}

// moments are the sums of a cell over all PSUs.
type moments struct {
	n, w, x, y, xx, xy, yy float64
	psus, strata           int
}

func (t *Totals) moments(c Cell) moments {
	b := &t.Breakdowns[c.Breakdown]
	s := &b.Sums()[c.Measure]
	var m moments
	last := int32(-1)
	for i := b.Start[c.Value]; i < b.Start[c.Value+1]; i++ {
		if s.N[i] == 0 {
			continue
		}
		m.n += s.N[i]
		m.w += s.W[i]
		m.x += s.X[i]
		m.y += s.Y[i]
		m.xx += s.XX[i]
		m.xy += s.XY[i]
		m.yy += s.YY[i]
		m.psus++
		// PSUs are ordered by stratum, so a new stratum shows as a change.
		if h := t.Stratum[b.PSU[i]]; h != last {
			m.strata++
			last = h
		}
	}
	return m
}

// Ratio is Σwy/Σwx in a cell with its linearised value z_k = (Y_k − R·X_k)/X, R's svymean and svyratio with na.rm = TRUE,
// and svyby or subset for a breakdown: the design stays whole, PSUs without members count with zero.
// Reference: Särndal, Swensson & Wretman 1992, 5.6. A cell without a valid answer has the estimate NaN.
func (t *Totals) Ratio(c Cell) Linear {
	m := t.moments(c)
	r := m.y / m.x
	l := t.linear(c, m, r)
	if m.n == 0 || m.x == 0 {
		l.Est = math.NaN()
		return l
	}
	t.spread(c, &l, 1/m.x, r)
	l.Within = t.within(c, c, r, r) / (m.x * m.x)
	return l
}

// Total is Σwy in a cell, R's svytotal(na.rm = TRUE): z_k = Y_k.
func (t *Totals) Total(c Cell) Linear {
	m := t.moments(c)
	l := t.linear(c, m, m.y)
	t.spread(c, &l, 1, 0)
	l.Within = t.within(c, c, 0, 0)
	return l
}

// linear starts a cell's figure. One that touches fewer than half of the PSUs names them, so that a breakdown by thousands of communes
// costs what its cells cost and not values × PSUs.
func (t *Totals) linear(c Cell, m moments, estimate float64) Linear {
	l := Linear{Est: estimate, N: int(m.n), SumW: m.w, PSUs: m.psus, Strata: m.strata}
	b := &t.Breakdowns[c.Breakdown]
	if at := b.PSU[b.Start[c.Value]:b.Start[c.Value+1]]; 2*len(at) < len(t.PSUs) {
		l.At, l.Z = at, make([]float64, len(at))
	} else {
		l.Z = make([]float64, len(t.PSUs))
	}
	return l
}

// spread fills a figure's Z with factor·(Y_k − r·X_k).
func (t *Totals) spread(c Cell, l *Linear, factor, r float64) {
	b := &t.Breakdowns[c.Breakdown]
	s := &b.Sums()[c.Measure]
	from := b.Start[c.Value]
	for i := from; i < b.Start[c.Value+1]; i++ {
		k := i - from
		if l.At == nil {
			k = b.PSU[i]
		}
		l.Z[k] += factor * (s.Y[i] - r*s.X[i])
	}
}

// Deff is the design effect of a Ratio with variance v, R's svymean(deff = TRUE), or deff = "replace" with replace:
// v over the variance that a simple random sample of n respondents would have,
// (1 − n/N̂)·(N̂/X)²·S²/n with S² = Σw(y − Rx)²/Σw·n/(n−1) and N̂ = Σw; replace leaves (1 − n/N̂) out.
func (t *Totals) Deff(c Cell, v float64, replace bool) float64 {
	m := t.moments(c)
	r := m.y / m.x
	s2 := (m.yy - 2*r*m.xy + r*r*m.xx) / m.w * m.n / (m.n - 1)
	srs := (m.w / m.x) * (m.w / m.x) * s2 / m.n
	if !replace {
		srs *= 1 - m.n/m.w
	}
	return v / srs
}

// DF are a figure's degrees of freedom: PSUs with members less strata with members, R's degf(subset(design, domain)).
func (l Linear) DF() int { return l.PSUs - l.Strata }

// A LonelyError names the strata (or, at the second stage, the PSUs) that have a single unit, where the design says to stop.
type LonelyError struct {
	Stage int
	Names []string
}

func (e *LonelyError) Error() string {
	what := "strata"
	if e.Stage > 1 {
		what = "primary sampling units"
	}
	names := e.Names
	more := ""
	if len(names) == 1 && names[0] == "" { // no strata
		return "estimating a variance: there is one sampling unit, and two are needed; give the PSU column of the design, or more forms"
	}
	if len(names) > 5 {
		more = fmt.Sprintf(" and %d more", len(names)-5)
		names = names[:5]
	}
	return fmt.Sprintf("estimating a variance at stage %d: %s with one sampling unit: %s%s; merge them or choose lonely_psu: remove, certainty, adjust or average",
		e.Stage, what, strings.Join(names, ", "), more)
}
