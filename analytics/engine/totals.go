package engine

import (
	"context"
	"database/sql/driver"
	"math"

	"hailong/analytics/survey"
	"hailong/ingest/wording"
)

// Bounds says how large a request's numbers are and which rows its weight leaves out.
type Bounds struct {
	Rows       int64 // with a weight
	Unweighted int64 // without one: not in any sum
	Negative   int64
	Zero       int64
	Uneven     int64 // PSUs whose rows differ in weight
	MostRows   int64 // in one PSU
	Heaviest   float64
	Largest    []float64 // |y| of each mean or continuous measure
}

// fewRows is how many rows are summed up by all breakdowns at once: there are at most as many groups, and one grouping set takes the engine
// less time to plan and to run than one a breakdown. The sums are exact, so the result is the same either way.
const fewRows = 20_000

// Totals scans the files once and returns the sums of every PSU and breakdown, with what the weights were like.
func (db *DB) Totals(ctx context.Context, req Request) (*survey.Totals, Bounds, error) {
	p, bounds, err := db.prepare(ctx, req)
	if err != nil {
		return nil, bounds, err
	}
	totals, err := db.sum(ctx, p, bounds)
	return totals, bounds, err
}

// translate writes a request's expressions and finds its source.
func (db *DB) translate(ctx context.Context, req Request) (*plan, error) {
	p, err := db.dialect.translate(req)
	if err != nil {
		return nil, err
	}
	if p.source, err = db.source(ctx, p.req.Files); err != nil {
		return nil, db.explain(ctx, p, err)
	}
	if db.server != nil {
		return p, db.server.checkNames(ctx, p)
	}
	return p, nil
}

// prepare translates a request and finds its bounds.
func (db *DB) prepare(ctx context.Context, req Request) (*plan, Bounds, error) {
	p, err := db.translate(ctx, req)
	if err != nil {
		return nil, Bounds{}, err
	}
	bounds, err := db.bounds(ctx, p)
	if err != nil {
		return nil, Bounds{}, err
	}
	if bounds.Rows == 0 {
		return nil, bounds, wording.Errorf("summing up %d files: no row has a weight and meets the condition", len(req.Files))
	}
	p.finest = len(req.PSU) == 0 || bounds.Rows <= fewRows
	return p, bounds, nil
}

func (db *DB) sum(ctx context.Context, p *plan, bounds Bounds) (*survey.Totals, error) {
	q := p.sums(bounds)
	query, err := statement("totals.sql", p.parameters(db.dialect, q))
	if err != nil {
		return nil, err
	}
	table := &table{plan: p, sums: q}
	if err := db.each(ctx, query, table.add); err != nil {
		return nil, db.explain(ctx, p, err)
	}
	return table.totals()
}

// parameters are what totals.sql takes.
func (p *plan) parameters(d Dialect, q *sums) map[string]any {
	return map[string]any{
		"Source": p.source, "Where": p.where, "Weight": p.weight, "Fixed": q.fixed, "Squared": q.squared, "Even": q.even,
		"Strata": p.strata, "PSU": p.psu, "FPC": p.fpc, "Domains": p.domainColumns(d.Quote), "Sets": p.groupings(),
		"Answers": append(p.answerColumns(), q.packed...), "Pooled": q.computed, "Sums": q.words,
	}
}

func (db *DB) bounds(ctx context.Context, p *plan) (Bounds, error) {
	keys := p.strata
	if len(p.req.PSU) > 0 {
		keys = append(append([]string{}, p.strata...), p.psu...)
	}
	// A share's values are 0 and 1; only means and continuous columns have values that could be large.
	var values []string
	var of []int
	for i, m := range p.req.Measures {
		as := map[Kind]string{Mean: "SMALLINT", Value: "DOUBLE"}[m.Kind]
		for _, item := range m.Items {
			if as != "" {
				values, of = append(values, "CAST("+db.dialect.Quote(item)+" AS "+as+")"), append(of, i)
			}
		}
	}
	query, err := statement("bounds.sql", map[string]any{"Source": p.source, "Where": p.where, "Weight": p.weight, "Keys": keys, "Values": values})
	if err != nil {
		return Bounds{}, err
	}
	b := Bounds{Largest: make([]float64, len(p.req.Measures))}
	err = db.each(ctx, query, func(row []driver.Value) error {
		b.Rows, b.Unweighted, b.Negative, b.Zero = whole(row[0]), whole(row[1]), whole(row[2]), whole(row[3])
		b.Uneven, b.MostRows, b.Heaviest = whole(row[4]), whole(row[5]), float(row[6])
		for k, v := range row[7:] {
			if y := float(v); y > b.Largest[of[k]] {
				b.Largest[of[k]] = y
			}
		}
		return nil
	})
	if err != nil {
		return Bounds{}, db.explain(ctx, p, err)
	}
	for i, m := range p.req.Measures {
		b.Largest[i] = max(b.Largest[i], math.Abs(m.Lowest)) // what a don't-know may count as
	}
	if len(p.req.PSU) == 0 {
		b.MostRows, b.Uneven = 1, 0
	}
	return b, nil
}

func float(v driver.Value) float64 {
	switch x := v.(type) {
	case float64:
		return x
	case int64:
		return float64(x)
	}
	return math.NaN()
}
