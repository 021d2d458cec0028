package placement

import (
	"fmt"

	"hailong/analytics/result"
	"hailong/analytics/survey"
	"hailong/ingest/wording"
)

// stable is the probability of its own group from which a placement counts as stable.
const stable = 0.9

// addUncertainty fills probabilities, expected ranks and rank sets. It needs a standard error for every scored area and says which lack one.
func addUncertainty(placements []result.Placement, o Options, e *Edges) error {
	var at []int
	var y, variance []float64
	missing := 0
	for i, p := range placements {
		if p.Rank == 0 {
			continue
		}
		at = append(at, i)
		y = append(y, float64(p.Score))
		se := float64(p.SE)
		if o.Covariance != nil {
			variance = append(variance, o.Covariance[i][i])
			continue
		}
		if !p.SE.Known() {
			missing++
		}
		variance = append(variance, se*se)
	}
	if missing > 0 {
		e.Why = fmt.Sprintf("%d of %d scored areas have no standard error", missing, len(at))
		return nil
	}
	v := make([][]float64, len(at)) // covariance of the scored areas
	for a, i := range at {
		v[a] = make([]float64, len(at))
		v[a][a] = variance[a]
		for b, j := range at {
			if o.Covariance != nil {
				v[a][b] = (o.Covariance[i][j] + o.Covariance[j][i]) / 2
			}
		}
		if !(v[a][a] > 0) {
			e.Why = "the covariance has areas without variance"
			return nil
		}
	}
	var p posterior
	var err error
	if o.Covariance == nil {
		p, err = empiricalBayes(y, variance)
	} else {
		p, err = empiricalBayesJoint(y, v)
	}
	if err != nil {
		return wording.Errorf("placing %s %d: %w", o.Index, o.Year, err)
	}
	probabilities, ranks, err := groupsOf(p, e.Counts, o)
	if err != nil {
		return wording.Errorf("placing %s %d: %w", o.Index, o.Year, err)
	}
	sets, err := survey.HolmRankSets(y, v, 0.05)
	if err != nil {
		return wording.Errorf("placing %s %d: %w", o.Index, o.Year, err)
	}
	for k, i := range at {
		for g := range probabilities[k] {
			if e.Rule != RuleNone {
				placements[i].Probabilities[g] = result.Number(probabilities[k][g])
			}
		}
		placements[i].ExpectedRank = result.Number(ranks[k])
		placements[i].RankSet = [2]int{sets[k].Best, sets[k].Worst}
		placements[i].Stable = placements[i].Group > 0 && probabilities[k][placements[i].Group-1] >= stable
	}
	e.Between, e.Mean = result.Number(p.a), result.Number(p.mu)
	return nil
}

// groupsOf is the probability of each group and the expected rank of each area. Where no variance between areas can be seen, every
// order is as likely as any other.
func groupsOf(p posterior, sizes [4]int, o Options) ([][4]float64, []float64, error) {
	n := len(p.mean)
	if sizes == ([4]int{}) { // no groups
		return make([][4]float64, n), survey.ExpectedRanks(p.mean, p.covariance()), nil
	}
	if p.a == 0 {
		probabilities, ranks := make([][4]float64, n), make([]float64, n)
		for i := range n {
			ranks[i] = float64(n+1) / 2
			for g := range 4 {
				probabilities[i][g] = float64(sizes[g]) / float64(n)
			}
		}
		return probabilities, ranks, nil
	}
	if p.cov != nil {
		draws := o.Draws
		if draws <= 0 {
			draws = 10000
		}
		if probabilities, ok := jointGroupProbabilities(p, sizes, draws, o.Seed); ok {
			return probabilities, survey.ExpectedRanks(p.mean, p.covariance()), nil
		}
	}
	probabilities, err := groupProbabilities(p.mean, p.sd, sizes)
	return probabilities, survey.ExpectedRanks(p.mean, p.covariance()), err
}
