package analytics

import (
	"context"

	"hailong/analytics/engine"
	"hailong/analytics/survey"
	"hailong/ingest/wording"
)

// A source is where a run's figures come from: the PSU totals of one scan or, where they do not hold all that a variance needs, the rows.
type source interface {
	ratio(c survey.Cell) survey.Linear
	variance(l survey.Linear) (float64, error)
	against(base survey.Linear) func(l survey.Linear) (float64, error) // the variance of l − base
	deff(c survey.Cell, v float64) float64                             // R: svyratio(~y, ~x, subset(design, x > 0), deff = "replace"); see survey/METHODS.md
	size() (psus, strata int)
	parts(figures []survey.Linear) (psus [][2]string, u [][]float64, err error) // strata and names of the PSUs, and what each adds to a figure's variance
}

// totalsSource answers from PSU totals.
type totalsSource struct {
	totals    *survey.Totals
	variances *survey.TotalsVariance
}

func (s totalsSource) ratio(c survey.Cell) survey.Linear         { return s.totals.Ratio(c) }
func (s totalsSource) variance(l survey.Linear) (float64, error) { return s.variances.Variance(l), nil }

func (s totalsSource) against(base survey.Linear) func(l survey.Linear) (float64, error) {
	a := s.variances.Against(base)
	return func(l survey.Linear) (float64, error) { return a.Variance(l), nil }
}

func (s totalsSource) deff(c survey.Cell, v float64) float64 { return s.totals.Deff(c, v, true) }

func (s totalsSource) parts(figures []survey.Linear) (psus [][2]string, u [][]float64, err error) {
	for k, psu := range s.totals.PSUs {
		psus = append(psus, [2]string{s.totals.Strata[s.totals.Stratum[k]], psu})
	}
	for _, l := range figures {
		u = append(u, s.variances.Parts(l))
	}
	return psus, u, nil
}

func (s totalsSource) size() (psus, strata int) { return len(s.totals.PSUs), len(s.totals.Strata) }

// scan brings the totals and the level counts of a dataset. Totals hold no products of two items of one respondent, which the second stage's
// part of a composite's or a difference's variance is made of: few enough rows are taken themselves, with more it is bounded from above.
func (r *run) scan(ctx context.Context, db *engine.DB, req engine.Request, items []string) error {
	totals, levels, bounds, err := db.Scan(ctx, req, items)
	if err != nil {
		return err
	}
	r.doubtWeights(bounds)
	if len(req.FPC) > 1 {
		if bounds.Rows <= mostRows && bounds.Unweighted == 0 {
			return r.byRows(ctx, db, req, items)
		}
		r.warn("second_stage_bound", "Với hiệu chỉnh tổng thể hữu hạn ở giai đoạn hai, sai số của chỉ tiêu gộp và của chênh lệch là cận trên.",
			"With a second-stage finite population correction, the errors of composites and differences are upper bounds.")
	}
	r.levels = levels
	variances, err := totals.Variances(r.plan.Design.Lonely)
	if err != nil {
		return err
	}
	r.source = totalsSource{totals, variances}
	return nil
}

var errNoWeight = wording.Errorf("calibrating the weights: some rows have no weight; give every form one or leave the weight out of the plan")
