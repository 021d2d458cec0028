package analytics

import (
	"cmp"
	"context"
	"math"
	"slices"

	"hailong/analytics/engine"
	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// Quadrants of importance and satisfaction, each parted at its median.
const (
	quadrantKeep    = "keep"    // important and well rated
	quadrantImprove = "improve" // important and badly rated
	quadrantLow     = "low"     // neither
	quadrantSurplus = "surplus" // well rated but not important
)

// A branch is a node of the tree with the leaves beneath it whose importance is sought.
type branch struct {
	leaves []int // places among the items
}

// prioritise fills Priorities: how much each criterion matters for the overall score, against how satisfied people are with it.
//
// The overall score is the answer to the overall question where the index has one, else the mean of a respondent's valid answers. What the
// factors explain of it is shared out by Shapley values (Lindeman, Merenda & Gold 1980; R: relaimpo::calc.relimp(type = "lmg")), and a
// factor's share among its criteria in the same way: Shapley values nested in the tree (Owen 1977), because those of 22 criteria at
// once would need four million regressions. Importance adds up to 100.
func (r *run) prioritise(ctx context.Context, db *engine.DB, req engine.Request) error {
	items, nodes, branches := r.leaves()
	if len(items) < 2 || slices.ContainsFunc(r.set.Nodes, func(n result.Node) bool { return n.Rule == "rescaled" }) {
		return nil // indicators on unlike scales have no mean of a respondent's answers
	}
	if all, _ := rowsOf(r.levels.Breakdowns[0].Answers[0]); all > mostRows {
		return nil
	}
	names := slices.Clone(items)
	root, overall := r.root(), ""
	for _, m := range r.measures {
		if m.ID == root && len(m.Items) == 1 && !slices.Contains(items, m.Items[0]) {
			overall = m.Items[0]
			names = append(names, overall)
		}
	}
	coded := slices.Clone(names)
	if req.Weight != "" {
		names = append(names, req.Weight)
	}
	columns, err := db.Columns(ctx, slices.Sorted(slices.Values(req.Files)), names, nil, coded)
	if err != nil {
		return err
	}
	scores := make([][]float64, len(items))
	for i := range scores {
		scores[i] = columns[i].Numbers
	}
	rows := len(columns[0].Missing)
	weight := slices.Repeat([]float64{1}, rows)
	if req.Weight != "" {
		weight = columns[len(columns)-1].Numbers
		for k, w := range weight {
			if math.IsNaN(w) {
				weight[k] = 0
			}
		}
	}
	y := meanOf(scores, rows)
	if overall != "" {
		y = columns[len(items)].Numbers
	}
	importance := make([]float64, len(items))
	factors := make([][]float64, len(branches))
	for i, b := range branches {
		factors[i] = meanOf(pick(scores, b.leaves), rows)
	}
	between, ok := shares(y, factors, weight)
	if !ok {
		return nil
	}
	for i, b := range branches {
		within, ok := shares(factors[i], pick(scores, b.leaves), weight)
		if !ok {
			return nil
		}
		for k, leaf := range b.leaves {
			importance[leaf] = 100 * between[i] * within[k]
		}
	}
	r.rank(nodes, importance)
	return nil
}

// root is the id of the tree's first node.
func (r *run) root() string { return r.set.Nodes[0].ID }

// leaves lists the items that are leaves of the tree and were asked, with their nodes, by branch.
func (r *run) leaves() (items, nodes []string, branches []branch) {
	parents := map[string]int{}
	hasChild := map[string]bool{}
	for _, n := range r.set.Nodes {
		hasChild[n.Parent] = true
	}
	for _, n := range r.set.Nodes {
		if hasChild[n.ID] || n.Parent == "" {
			continue
		}
		for _, m := range r.measures {
			if m.ID != n.ID || len(m.Items) != 1 || slices.Contains(items, m.Items[0]) {
				continue
			}
			if _, ok := parents[n.Parent]; !ok {
				parents[n.Parent] = len(branches)
				branches = append(branches, branch{})
			}
			b := &branches[parents[n.Parent]]
			b.leaves = append(b.leaves, len(items))
			items, nodes = append(items, m.Items[0]), append(nodes, n.ID)
		}
	}
	return items, nodes, branches
}

func pick(columns [][]float64, at []int) [][]float64 {
	out := make([][]float64, len(at))
	for i, k := range at {
		out[i] = columns[k]
	}
	return out
}

// meanOf is each row's mean over its values, NaN where it has none.
func meanOf(columns [][]float64, rows int) []float64 {
	out := make([]float64, rows)
	for k := range out {
		var sum, n float64
		for _, c := range columns {
			if !math.IsNaN(c[k]) {
				sum += c[k]
				n++
			}
		}
		out[k] = sum / n
	}
	return out
}

// shares are the parts of what x explain of y, adding up to 1; not ok where they cannot be told apart.
func shares(y []float64, x [][]float64, w []float64) ([]float64, bool) {
	if len(x) == 1 {
		return []float64{1}, true
	}
	d, err := survey.DriverImportance(y, x, w)
	if err != nil || !(d.R2 > 0) {
		return nil, false
	}
	out := make([]float64, len(x))
	for i, item := range d.Items {
		out[i] = item.Shapley / d.R2
	}
	return out, true
}

// rank puts the criteria into quadrants and orders them: what matters most and satisfies least comes first.
func (r *run) rank(nodes []string, importance []float64) {
	var all []result.Priority
	for i, node := range nodes {
		for k := range r.set.Nodes {
			if e := &r.set.Estimates[k]; e.Node == node && shown(e) && r.set.Nodes[k].Unit == "percent" {
				all = append(all, result.Priority{Node: node, Importance: result.Number(importance[i]), Satisfaction: e.Estimate})
			}
		}
	}
	if len(all) == 0 {
		return
	}
	middle := func(of func(result.Priority) result.Number) result.Number {
		v := make([]result.Number, len(all))
		for i, p := range all {
			v[i] = of(p)
		}
		slices.Sort(v)
		return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
	}
	important := middle(func(p result.Priority) result.Number { return p.Importance })
	satisfied := middle(func(p result.Priority) result.Number { return p.Satisfaction })
	for i := range all {
		p := &all[i]
		switch matters, pleases := p.Importance >= important, p.Satisfaction >= satisfied; {
		case matters && pleases:
			p.Quadrant = quadrantKeep
		case matters:
			p.Quadrant = quadrantImprove
		case pleases:
			p.Quadrant = quadrantSurplus
		default:
			p.Quadrant = quadrantLow
		}
	}
	slices.SortStableFunc(all, func(a, b result.Priority) int {
		return cmp.Compare(b.Importance*(100-b.Satisfaction), a.Importance*(100-a.Satisfaction))
	})
	for i := range all {
		all[i].Order = i + 1
	}
	r.set.Priorities = all
}
