package analytics

import (
	"math"

	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// compare tests every value of the k-th breakdown against everyone: the difference of the two linearised figures, so that the
// covariance of a part with its whole is in the standard error, t with the value's degrees of freedom, p-values corrected within
// the breakdown and node. R: svycontrast on svyby(covmat = TRUE), then p.adjust.
func (r *run) compare(k int, everyone projection, values []projection, blocks [][]result.Estimate) error {
	for node, all := range everyone.nodes {
		var family []result.Comparison
		var ps []float64
		for i := range values {
			part := values[i].nodes[node]
			if !all.Known || !part.Known || !shown(&blocks[i][node]) {
				continue
			}
			d := survey.Combine(0, []float64{1, -1}, []survey.Linear{part.Linear, all.Linear})
			df := part.Linear.DF()
			c := result.Comparison{
				Node: all.Node.ID, Domain: r.domains[k].id, A: r.values[k][i].entry.Value, Diff: result.Number(d.Est),
				SE: result.Unknown(), P: result.Unknown(), PAdj: result.Unknown(), Adjust: r.plan.Adjust,
			}
			p := math.NaN()
			v, err := r.source.variance(d)
			if err != nil {
				return err
			}
			if se := math.Sqrt(v); df > 0 && se > 0 {
				p = survey.TwoSidedP(d.Est/se, float64(df))
				c.SE, c.P = result.Number(se), result.Number(p)
			}
			family = append(family, c)
			ps = append(ps, p)
		}
		adjusted, err := survey.PAdjust(ps, r.plan.Adjust)
		if err != nil {
			return err
		}
		for i := range family {
			family[i].PAdj = result.Number(adjusted[i])
		}
		r.set.Comparisons = append(r.set.Comparisons, family...)
	}
	return nil
}
