package engine

import (
	"context"
	"database/sql/driver"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"hailong/analytics/survey"
)

// Levels are the answers to some items, counted by code for everyone and for every value of every breakdown. The columns of Value measures
// have no codes: every number counts as code 0.
type Levels struct {
	Items      []string
	Breakdowns []LevelBreakdown // the first is everyone
}

// LevelBreakdown is one breakdown's counts: Answers[value][item] is ordered by code.
type LevelBreakdown struct {
	Columns []string
	Values  [][]string
	Answers [][][]Answer
}

// An Answer is how often one code was given. Blank marks the rows without any code.
type Answer struct {
	Code  int
	Blank bool
	N     int
	SumW  float64
}

// Levels counts the answers to items. Of the request, the design beyond the weight is not used.
func (db *DB) Levels(ctx context.Context, req Request, items []string) (*Levels, error) {
	req.Strata, req.PSU, req.FPC = nil, nil, nil
	p, err := db.translate(ctx, req)
	if err != nil {
		return nil, err
	}
	bounds, err := db.bounds(ctx, p)
	if err != nil {
		return nil, err
	}
	return db.levels(ctx, p, bounds, items)
}

// Scan brings the totals and the levels of one request. Over a province's forms a statement is mostly planning, which takes one core, so
// the two run side by side.
func (db *DB) Scan(ctx context.Context, req Request, items []string) (*survey.Totals, *Levels, Bounds, error) {
	p, bounds, err := db.prepare(ctx, req)
	if err != nil {
		return nil, nil, bounds, err
	}
	var totals *survey.Totals
	var levels *Levels
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		totals, err = db.sum(ctx, p, bounds)
		return err
	})
	group.Go(func() (err error) {
		levels, err = db.levels(ctx, p, bounds, items)
		return err
	})
	err = group.Wait()
	return totals, levels, bounds, err
}

func (db *DB) levels(ctx context.Context, p *plan, bounds Bounds, items []string) (*Levels, error) {
	k, fixed := 0, "CAST(1 AS BIGINT)"
	if p.req.Weight != "" {
		k = exponent(bounds.Heaviest, bounds.Rows, 1)
		fixed = fixedPoint(p.weight, k)
	}
	quoted := make([]string, len(items))
	for i, item := range items {
		quoted[i] = "CAST(" + db.dialect.Quote(item) + " AS SMALLINT)"
		if slices.ContainsFunc(p.req.Measures, func(m Measure) bool { return m.Kind == Value && slices.Contains(m.Items, item) }) {
			quoted[i] = "CASE WHEN " + db.dialect.Quote(item) + " IS NOT NULL THEN 0 END"
		}
	}
	query, err := statement("levels.sql", map[string]any{
		"Source": p.source, "Where": p.where, "Weight": p.weight, "Fixed": fixed, "Items": quoted,
		"Domains": p.domainColumns(db.dialect.Quote), "Sets": p.sets,
	})
	if err != nil {
		return nil, err
	}
	out := &Levels{Items: items, Breakdowns: make([]LevelBreakdown, len(p.sets)+1)}
	for i, tuple := range p.req.Domains {
		out.Breakdowns[i+1].Columns = tuple
	}
	type row struct {
		set, item int
		values    []string
		answer    Answer
	}
	var rows []row
	err = db.each(ctx, query, func(v []driver.Value) error {
		r := row{item: int(whole(v[0])), answer: Answer{Code: int(whole(v[1])), Blank: v[1] == nil}}
		domains := v[2 : 2+len(p.domains)]
		v = v[2+len(p.domains):]
		r.answer.N, r.answer.SumW = int(whole(v[0])), math.Ldexp(float64(whole(v[1])), -k)
		for s, set := range append([][]int{nil}, p.sets...) {
			if !breaksDown(domains, set) {
				continue
			}
			r.set, r.values = s, nil
			valued := true
			for _, d := range set {
				r.values = append(r.values, text(domains[d]))
				valued = valued && text(domains[d]) != ""
			}
			if valued {
				rows = append(rows, r)
			}
		}
		return nil
	})
	if err != nil {
		return nil, db.explain(ctx, p, err)
	}
	slices.SortFunc(rows, func(a, b row) int {
		switch {
		case a.set != b.set:
			return a.set - b.set
		case !slices.Equal(a.values, b.values):
			return slices.Compare(a.values, b.values)
		case a.item != b.item:
			return a.item - b.item
		case a.answer.Blank != b.answer.Blank:
			if a.answer.Blank {
				return 1
			}
			return -1
		}
		return a.answer.Code - b.answer.Code
	})
	for _, r := range rows {
		b := &out.Breakdowns[r.set]
		if n := len(b.Values); n == 0 || !slices.Equal(b.Values[n-1], r.values) {
			b.Values = append(b.Values, r.values)
			b.Answers = append(b.Answers, make([][]Answer, len(items)))
		}
		last := b.Answers[len(b.Answers)-1]
		last[r.item] = append(last[r.item], r.answer)
	}
	return out, nil
}

// breaksDown reports whether a result row belongs to the grouping set of exactly these domains.
func breaksDown(domains []driver.Value, set []int) bool {
	n := 0
	for _, d := range domains {
		if d != nil {
			n++
		}
	}
	if n != len(set) {
		return false
	}
	for _, d := range set {
		if domains[d] == nil {
			return false
		}
	}
	return true
}

// whole reads an integer of any width.
func whole(v driver.Value) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case int32:
		return int64(n)
	case int16:
		return int64(n)
	}
	return 0
}
