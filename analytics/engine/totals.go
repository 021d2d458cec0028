package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"math"

	"hailong/analytics/survey"
)

// Bounds says how large a request's numbers are and which rows its weight leaves out.
type Bounds struct {
	Rows       int64 // with a weight
	Unweighted int64 // without one: not in any sum
	Negative   int64
	Zero       int64
	MostRows   int64 // in one PSU
	Heaviest   float64
	Largest    []float64 // |y| of each measure, or more
}

// fewRows is how many rows are summed up by all breakdowns at once: there are at most as many groups, and one grouping set takes the engine
// less time to plan and to run than one a breakdown. The sums are exact, so the result is the same either way.
const fewRows = 20_000

// Totals scans the files once and returns the sums of every PSU and breakdown, with what the weights were like.
func (db *DB) Totals(ctx context.Context, req Request) (*survey.Totals, Bounds, error) {
	p, err := db.dialect.translate(req)
	if err != nil {
		return nil, Bounds{}, err
	}
	bounds, err := db.bounds(ctx, p)
	if err != nil {
		return nil, Bounds{}, err
	}
	if bounds.Rows == 0 {
		return nil, bounds, fmt.Errorf("summing up %d files: no row has a weight and meets the condition", len(req.Files))
	}
	p.finest = len(req.PSU) == 0 || bounds.Rows <= fewRows
	q := p.sums(bounds)
	query, err := statement("totals.sql", map[string]any{
		"Source": p.source, "Where": p.where, "Weight": p.weight, "Fixed": q.fixed, "Squared": q.squared,
		"Strata": p.strata, "PSU": p.psu, "FPC": p.fpc, "Domains": p.domainColumns(db.dialect.Quote), "Sets": p.groupings(),
		"Answers": p.answerColumns(), "Pooled": q.computed, "Sums": q.sums,
	})
	if err != nil {
		return nil, bounds, err
	}
	table := &table{plan: p, width: len(q.sums)}
	if err := db.each(ctx, query, table.add); err != nil {
		return nil, bounds, db.explain(ctx, p, err)
	}
	totals, err := table.totals(q)
	return totals, bounds, err
}

func (db *DB) bounds(ctx context.Context, p *plan) (Bounds, error) {
	keys := p.strata
	if len(p.req.PSU) > 0 {
		keys = append(append([]string{}, p.strata...), p.psu...)
	}
	// Only means and continuous columns have values that could be large; pooled ones are bounded by the largest scale there is, 0 to 100.
	values, of := []string{}, []int{}
	for i, m := range p.req.Measures {
		switch {
		case m.Kind == Value:
			values, of = append(values, "CAST("+db.dialect.Quote(m.Items[0])+" AS DOUBLE)"), append(of, i)
		case m.Kind == Mean && len(m.Items) == 1:
			values, of = append(values, "CAST("+db.dialect.Quote(m.Items[0])+" AS SMALLINT)"), append(of, i)
		}
	}
	query, err := statement("bounds.sql", map[string]any{"Source": p.source, "Where": p.where, "Weight": p.weight, "Keys": keys, "Values": values})
	if err != nil {
		return Bounds{}, err
	}
	b := Bounds{Largest: make([]float64, len(p.req.Measures))}
	for i, m := range p.req.Measures {
		b.Largest[i] = 1
		if m.Kind == Mean {
			b.Largest[i] = 100
		}
	}
	err = db.each(ctx, query, func(row []driver.Value) error {
		b.Rows, b.Unweighted, b.Negative, b.Zero = whole(row[0]), whole(row[1]), whole(row[2]), whole(row[3])
		b.MostRows, b.Heaviest = whole(row[4]), float(row[5])
		for k, v := range row[6:] {
			b.Largest[of[k]] = float(v)
		}
		return nil
	})
	if err != nil {
		return Bounds{}, db.explain(ctx, p, err)
	}
	if len(p.req.PSU) == 0 {
		b.MostRows = 1
	}
	return b, nil
}

func float(v driver.Value) float64 {
	switch x := v.(type) {
	case float64:
		return x
	case int64:
		return float64(x)
	case nil:
		return math.NaN()
	}
	return math.NaN()
}
