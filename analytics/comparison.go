package analytics

import (
	"math"

	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// difference is one value of a breakdown against everyone, on one node.
type difference struct {
	known bool
	diff  float64
	se, p float64 // NaN where there is none
}

// A baseline is everyone's figures, which every value of every breakdown is compared with, and the variance of a difference from each.
type baseline struct {
	projection
	variance []func(survey.Linear) (float64, error) // nil where the node is unknown
}

func (r *run) baseline(everyone projection) baseline {
	b := baseline{everyone, make([]func(survey.Linear) (float64, error), len(everyone.nodes))}
	for i, n := range everyone.nodes {
		if n.Known {
			b.variance[i] = r.source.against(n.Linear)
		}
	}
	return b
}

// differ is the difference of the two linearised figures, node by node, so that the covariance of a part with its whole is in the standard
// error; t with the value's degrees of freedom. R: svycontrast on svyby(covmat = TRUE). It is taken while the value's linearised
// figures are at hand: keeping them for thousands of communes would fill the memory.
func (b baseline) differ(value projection) ([]difference, error) {
	out := make([]difference, len(b.nodes))
	for node, all := range b.nodes {
		part := value.nodes[node]
		if !all.Known || !part.Known {
			continue
		}
		v, err := b.variance[node](part.Linear)
		if err != nil {
			return nil, err
		}
		diff := part.Linear.Est - all.Linear.Est
		out[node] = difference{known: true, diff: diff, se: math.NaN(), p: math.NaN()}
		if se, df := math.Sqrt(v), part.Linear.DF(); df > 0 && se > 0 {
			out[node].se, out[node].p = se, survey.TwoSidedP(diff/se, float64(df))
		}
	}
	return out, nil
}

// compare lists the differences of the k-th breakdown that may be shown, with p-values corrected within the breakdown and node (R: p.adjust).
func (r *run) compare(k int, everyone projection, differences [][]difference, blocks [][]result.Estimate) error {
	for node, all := range everyone.nodes {
		var family []result.Comparison
		var ps []float64
		for i := range differences {
			d := differences[i][node]
			if !d.known || !shown(&blocks[i][node]) {
				continue
			}
			family = append(family, result.Comparison{
				Node: all.Node.ID, Domain: r.domains[k].id, A: r.values[k][i].entry.Value, Diff: result.Number(d.diff),
				SE: result.Number(d.se), P: result.Number(d.p), PAdj: result.Unknown(), Adjust: r.plan.Adjust,
			})
			ps = append(ps, d.p)
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
