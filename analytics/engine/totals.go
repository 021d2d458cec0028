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
	Largest    []float64 // |y| of each measure
}

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
	q := p.sums(bounds)
	query, err := statement("totals.sql", map[string]any{
		"Source": p.source, "Where": p.where, "Weight": p.weight, "Fixed": q.fixed, "Squared": q.squared,
		"Strata": p.strata, "PSU": p.psu, "FPC": p.fpc, "Domains": p.domainColumns(db.dialect.Quote), "Sets": p.groupings(),
		"Inputs": q.inputs, "Sums": q.sums,
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
	values := make([]string, len(p.req.Measures))
	for i, m := range p.req.Measures {
		values[i] = "CAST(1 AS SMALLINT)"
		if m.Kind == Value {
			values[i] = "CAST(" + db.dialect.Quote(m.Items[0]) + " AS DOUBLE)"
		} else if m.Kind == Mean && len(m.Items) == 1 {
			values[i] = "CAST(" + db.dialect.Quote(m.Items[0]) + " AS SMALLINT)"
		}
	}
	query, err := statement("bounds.sql", map[string]any{"Source": p.source, "Where": p.where, "Weight": p.weight, "Keys": keys, "Values": values})
	if err != nil {
		return Bounds{}, err
	}
	var b Bounds
	err = db.each(ctx, query, func(row []driver.Value) error {
		b = Bounds{
			Rows: whole(row[0]), Unweighted: whole(row[1]), Negative: whole(row[2]), Zero: whole(row[3]), MostRows: whole(row[4]),
			Heaviest: float(row[5]),
		}
		for _, v := range row[6:] {
			b.Largest = append(b.Largest, float(v))
		}
		return nil
	})
	if err != nil {
		return Bounds{}, db.explain(ctx, p, err)
	}
	if len(p.req.PSU) == 0 {
		b.MostRows = 1
	}
	// Pooled means are bounded by the largest of their items' codes, which single measures usually bring; a scale of 0 to 100 is the most there is.
	for i, m := range p.req.Measures {
		if m.Kind == Mean && len(m.Items) > 1 {
			b.Largest[i] = 100
		}
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
