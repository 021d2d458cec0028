package analytics

import (
	"cmp"
	"slices"

	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// mostParts bounds what a set carries for the wave after it, at about 12 bytes a number: all figures of a province's survey; of very
// many PSUs only the figures highest up the tree, and the rest is compared as if the waves were independent.
const mostParts = 200_000

// leave puts what each PSU adds to the variance of everyone's figures into the set, for the wave after this one. A sample of single
// forms has no PSUs that a later wave could draw again.
func (r *run) leave(everyone projection) error {
	if len(r.plan.Design.PSU) == 0 {
		return nil
	}
	depth := map[string]int{}
	var at []int
	for i, n := range everyone.nodes {
		if n.Node.Parent != "" {
			depth[n.Node.ID] = depth[n.Node.Parent] + 1
		}
		if n.Known {
			at = append(at, i)
		}
	}
	psus, _, err := r.source.parts(nil)
	if err != nil {
		return err
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Compare(depth[everyone.nodes[a].Node.ID], depth[everyone.nodes[b].Node.ID])
	})
	at = at[:min(len(at), mostParts/len(psus))]
	var figures []survey.Linear
	for _, i := range at {
		figures = append(figures, everyone.nodes[i].Linear)
	}
	_, parts, err := r.source.parts(figures)
	if err != nil || len(at) == 0 {
		return err
	}
	out := &result.ByPSU{}
	for _, psu := range psus {
		if last := len(out.Strata) - 1; last < 0 || out.Strata[last].Stratum != psu[0] {
			out.Strata = append(out.Strata, result.StratumPSUs{Stratum: psu[0]})
		}
		h := &out.Strata[len(out.Strata)-1]
		h.PSUs = append(h.PSUs, psu[1])
	}
	for f, i := range at {
		out.Figures = append(out.Figures, result.PSUParts{Node: everyone.nodes[i].Node.ID, Parts: parts[f]})
	}
	r.set.ByPSU = out
	return nil
}
