package analytics

import (
	"slices"
	"strconv"

	"hailong/analytics/engine"
	"hailong/analytics/index"
	"hailong/analytics/result"
)

// Codes of the kinds of missing in an item's column of a dataset file; a blank answer is null.
const (
	codeDontKnow      = -1
	codeRefused       = -2
	codeNotApplicable = -3
)

// missingSuffix ends the name of the column with the kinds of missing of an item whose answers are numbers.
const missingSuffix = "_missing"

// distribute fills Distributions: for every node that is one item with levels, its answers level by level, everyone first; where several nodes
// are answers to one item, the first. What is hidden among the estimates is left out here.
func (r *run) distribute() {
	hidden := func(block int, node string) bool {
		for _, e := range r.set.Estimates[block*len(r.set.Nodes) : (block+1)*len(r.set.Nodes)] {
			if e.Node == node {
				return e.Suppressed == suppressedN || e.Suppressed == suppressedSibling
			}
		}
		return false
	}
	add := func(block int, key map[string]string, answers [][]engine.Answer) {
		var done []string
		for _, m := range r.measures {
			if len(m.Items) != 1 || slices.Contains(done, m.Items[0]) || m.Kind == index.KindValue || hidden(block, m.ID) || !r.isNode(m.ID) {
				continue
			}
			done = append(done, m.Items[0])
			item := slices.Index(r.levels.Items, m.Items[0])
			d := r.distribution(m.Items[0], answers[item])
			d.Node, d.Domain = m.ID, key
			r.set.Distributions = append(r.set.Distributions, d)
		}
	}
	add(0, map[string]string{}, r.levels.Breakdowns[0].Answers[0])
	block := 1
	for k := range r.domains {
		for _, v := range r.values[k] {
			add(block, v.key, r.levels.Breakdowns[k+1].Answers[v.place])
			block++
		}
	}
}

func (r *run) isNode(id string) bool {
	return slices.ContainsFunc(r.set.Nodes, func(n result.Node) bool { return n.ID == id })
}

// distribution counts one item's answers. Levels are those of the codebook, or those that occur.
func (r *run) distribution(item string, answers []engine.Answer) result.Distribution {
	d := result.Distribution{Mean: result.Unknown(), Levels: []result.LevelShare{}}
	levels := slices.Clone(r.in.Codebook.item(item).Levels)
	slices.SortStableFunc(levels, func(a, b Level) int { return a.Code - b.Code })
	for _, l := range levels {
		d.Levels = append(d.Levels, result.LevelShare{Code: l.Code, Label: l.Label, Share: result.Unknown()})
	}
	weights := make([]float64, len(levels))
	var sumW, sumWY float64
	for _, a := range answers {
		switch {
		case a.Blank:
			d.Missing += a.N
		case a.Code == codeDontKnow:
			d.DontKnow += a.N
		case a.Code == codeRefused:
			d.Refused += a.N
		case a.Code == codeNotApplicable:
			d.NotApplicable += a.N
		case a.Code < 0:
			d.Invalid += a.N
		default:
			at := slices.IndexFunc(d.Levels, func(l result.LevelShare) bool { return l.Code == a.Code })
			if at < 0 {
				at = len(d.Levels)
				label := strconv.Itoa(a.Code)
				d.Levels = append(d.Levels, result.LevelShare{Code: a.Code, Label: result.Text{VI: label, EN: label}})
				weights = append(weights, 0)
			}
			d.Levels[at].N += a.N
			weights[at] += a.SumW
			d.N += a.N
			sumW += a.SumW
			sumWY += a.SumW * float64(a.Code)
		}
	}
	if sumW > 0 {
		d.Mean = result.Number(sumWY / sumW)
		for i := range d.Levels {
			d.Levels[i].Share = result.Number(100 * weights[i] / sumW)
		}
	}
	return d
}
