package engine

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"math"
	"slices"
	"strings"

	"hailong/analytics/survey"
	"hailong/ingest/wording"
)

// A table holds the rows of totals.sql as they come, one a PSU and breakdown value, until all are there and can be sorted.
type table struct {
	plan  *plan
	sums  *sums
	rows  []row
	block []int64 // room for the words of the rows to come
}

type row struct {
	stratum, psu string
	domains      []string
	given        []bool // which domains the row's grouping set breaks down by
	count        int64
	active       int64
	weight       float64
	fpc          [2][2]float64
	words        []int64 // the statement's aggregates
}

// blockRows is how many rows' words are made room for at once.
const blockRows = 1024

func (t *table) add(v []driver.Value) error {
	p := t.plan
	r := row{}
	r.stratum, v = joined(v, len(p.strata)), v[len(p.strata):]
	if len(p.req.PSU) > 0 {
		r.psu = joined(v, len(p.psu))
	}
	v = v[len(p.psu):]
	r.domains = make([]string, len(p.domains))
	r.given = make([]bool, len(p.domains))
	for i := range p.domains {
		r.domains[i], r.given[i] = text(v[i]), v[i] != nil
	}
	v = v[len(p.domains):]
	r.count, r.active = whole(v[0]), whole(v[1])
	v = v[2:]
	if t.sums.even {
		r.weight, v = float(v[0]), v[1:]
	}
	for i := range p.fpc {
		r.fpc[i] = [2]float64{float(v[2*i]), float(v[2*i+1])}
	}
	v = v[2*len(p.fpc):]
	if len(t.block) < len(v) {
		t.block = make([]int64, blockRows*len(v))
	}
	r.words, t.block = t.block[:len(v):len(v)], t.block[len(v):]
	for i, x := range v {
		r.words[i] = whole(x)
	}
	t.rows = append(t.rows, r)
	return nil
}

// joined is one name from several columns.
func joined(v []driver.Value, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = text(v[i])
	}
	return strings.Join(names, " · ")
}

func text(v driver.Value) string {
	switch x := v.(type) {
	case string:
		return x
	case []byte:
		return string(x)
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// in reports whether a row belongs to the k-th breakdown, and is not missing in it.
func (t *table) in(r *row, set []int) (member, valued bool) {
	valued = true
	for _, d := range set {
		if !r.given[d] {
			return false, false
		}
		valued = valued && r.domains[d] != ""
	}
	if t.plan.finest {
		return true, valued
	}
	n := 0
	for _, g := range r.given {
		if g {
			n++
		}
	}
	return n == len(set), valued
}

// order sorts the rows so that no result depends on the order in which the engine returned them.
// Rows that are their own PSU have no name; they are ordered by what they hold, and equal ones are interchangeable.
func (t *table) order() {
	slices.SortFunc(t.rows, func(a, b row) int {
		if c := cmp.Or(cmp.Compare(a.stratum, b.stratum), cmp.Compare(a.psu, b.psu), slices.Compare(a.domains, b.domains), cmp.Compare(a.weight, b.weight)); c != 0 {
			return c
		}
		return slices.Compare(a.words, b.words)
	})
}

func (t *table) totals() (*survey.Totals, error) {
	t.order()
	q := t.sums
	p := t.plan
	out := &survey.Totals{}
	for _, m := range p.req.Measures {
		out.Measures = append(out.Measures, m.ID)
	}
	// Everyone is the first breakdown's rows added up, those with a missing value too: integers, so nothing is rounded.
	var first []int
	if len(p.sets) > 0 {
		first = p.sets[0]
	}
	everyone := newCells(len(t.rows))
	var pops [][2]float64
	for i := range t.rows {
		r := &t.rows[i]
		if member, _ := t.in(r, first); !member {
			continue
		}
		stratum := len(out.Strata) - 1
		if stratum < 0 || out.Strata[stratum] != r.stratum {
			out.Strata = append(out.Strata, r.stratum)
			stratum++
		}
		last := len(out.PSUs) - 1
		if last < 0 || len(p.req.PSU) == 0 || out.PSUs[last] != r.psu || int(out.Stratum[last]) != stratum {
			out.PSUs = append(out.PSUs, r.psu)
			out.Stratum = append(out.Stratum, int32(stratum))
			everyone.open(int32(last + 1))
			pops = append(pops, [2]float64{r.fpc[0][0], r.fpc[1][0]})
			last++
		}
		for f := range p.fpc {
			if r.fpc[f][0] != pops[last][f] || r.fpc[f][1] != pops[last][f] || math.IsNaN(pops[last][f]) {
				return nil, wording.Key("design.fpc", wording.Errorf("reading the fpc in column %s: it is missing or not one number within psu %q of stratum %q", p.req.FPC[f], r.psu, r.stratum))
			}
		}
		everyone.add(r)
	}
	out.Rows = everyone.rows
	if err := populations(out, p, pops); err != nil {
		return nil, err
	}
	made := &recent{made: make([][]survey.Sums, len(p.sets)+1)}
	lazily := func(k int, c *cells) func() []survey.Sums {
		measures := len(p.req.Measures)
		return func() []survey.Sums {
			return made.of(k, measures*len(c.psu), func() []survey.Sums { return q.split(c, measures) })
		}
	}
	out.Breakdowns = append(out.Breakdowns, survey.Breakdown{
		Values: [][]string{{}}, Start: []int32{0, int32(len(everyone.psu))}, PSU: everyone.psu, Rows: everyone.rows, Active: everyone.active, Sums: lazily(0, everyone),
	})
	for k, set := range p.sets {
		b, c := t.breakdown(p.req.Domains[k], set)
		b.Sums = lazily(k+1, c)
		out.Breakdowns = append(out.Breakdowns, b)
	}
	return out, nil
}

// breakdown gathers one breakdown's cells, by value and then by PSU.
func (t *table) breakdown(columns []string, set []int) (survey.Breakdown, *cells) {
	type member struct {
		row *row
		psu int32
	}
	var members []member
	psu := int32(-1)
	var last *row
	for i := range t.rows {
		r := &t.rows[i]
		ok, valued := t.in(r, set)
		if !ok {
			continue
		}
		// Rows come in the order of the PSUs, and every PSU is in every breakdown, if only with a missing value.
		if last == nil || len(t.plan.req.PSU) == 0 || last.psu != r.psu || last.stratum != r.stratum {
			psu++
		}
		last = r
		if valued {
			members = append(members, member{r, psu})
		}
	}
	key := func(r *row) []string {
		k := make([]string, len(set))
		for i, d := range set {
			k[i] = r.domains[d]
		}
		return k
	}
	slices.SortStableFunc(members, func(a, b member) int {
		for _, d := range set {
			if c := cmp.Compare(a.row.domains[d], b.row.domains[d]); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.psu, b.psu)
	})
	b := survey.Breakdown{Columns: columns}
	c := newCells(len(members))
	for _, m := range members {
		k := key(m.row)
		if n := len(b.Values); n == 0 || !slices.Equal(b.Values[n-1], k) {
			b.Values = append(b.Values, k)
			b.Start = append(b.Start, int32(len(c.psu)))
			c.open(m.psu)
		} else if c.psu[len(c.psu)-1] != m.psu {
			c.open(m.psu)
		}
		c.add(m.row)
	}
	b.Start = append(b.Start, int32(len(c.psu)))
	b.PSU, b.Rows, b.Active = c.psu, c.rows, c.active
	return b, c
}

// cells are the sums of a breakdown's cells.
type cells struct {
	psu          []int32
	rows, active []float64
	weight       []float64
	words        [][]int64 // nil, or the only row's own, or a sum
	summed       []bool
}

// newCells makes room for at most n cells.
func newCells(n int) *cells {
	return &cells{
		psu: make([]int32, 0, n), rows: make([]float64, 0, n), active: make([]float64, 0, n), weight: make([]float64, 0, n),
		words: make([][]int64, 0, n), summed: make([]bool, 0, n),
	}
}

func (c *cells) open(psu int32) {
	c.psu = append(c.psu, psu)
	c.rows = append(c.rows, 0)
	c.active = append(c.active, 0)
	c.weight = append(c.weight, 0)
	c.words, c.summed = append(c.words, nil), append(c.summed, false)
}

func (c *cells) add(r *row) {
	last := len(c.psu) - 1
	c.rows[last] += float64(r.count)
	c.active[last] += float64(r.active)
	c.weight[last] = r.weight
	switch {
	case c.words[last] == nil:
		c.words[last] = r.words
		return
	case !c.summed[last]:
		c.words[last], c.summed[last] = slices.Clone(c.words[last]), true
	}
	for i, v := range r.words {
		c.words[last][i] += v
	}
}

// populations turns the fpc columns into population counts. As in R, numbers below 1 are sampling fractions.
func populations(out *survey.Totals, p *plan, pops [][2]float64) error {
	if len(p.fpc) == 0 {
		return nil
	}
	size := make([]float64, len(out.Strata))
	for _, h := range out.Stratum {
		size[h]++
	}
	count := func(pop, n float64) float64 {
		if pop < 1 {
			return n / pop
		}
		return pop
	}
	out.PopPSUs = make([]float64, len(out.Strata))
	for k, h := range out.Stratum {
		pop := count(pops[k][0], size[h])
		if out.PopPSUs[h] != 0 && out.PopPSUs[h] != pop {
			return wording.Key("design.fpc", wording.Errorf("reading the fpc in column %s: it differs within stratum %q (%g and %g)", p.req.FPC[0], out.Strata[h], out.PopPSUs[h], pop))
		}
		out.PopPSUs[h] = pop
	}
	for h, pop := range out.PopPSUs {
		if !(pop >= size[h]) {
			return wording.Key("design.fpc", wording.Errorf("reading the fpc in column %s: stratum %q has %g sampling units in the sample but %g in the population", p.req.FPC[0], out.Strata[h], size[h], pop))
		}
	}
	if len(p.fpc) < 2 {
		return nil
	}
	out.PopRows = make([]float64, len(out.PSUs))
	for k := range out.PSUs {
		out.PopRows[k] = count(pops[k][1], out.Rows[k])
		if !(out.PopRows[k] >= out.Rows[k]) {
			return wording.Key("design.fpc", wording.Errorf("reading the fpc in column %s: psu %q of stratum %q has %g rows in the sample but %g units in the population", p.req.FPC[1], out.PSUs[k],
				out.Strata[out.Stratum[k]], out.Rows[k], out.PopRows[k]))
		}
	}
	return nil
}
