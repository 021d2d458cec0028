package index

import (
	"fmt"

	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// Projected is one node with its figure. Where the figure is not known, Why says what is missing.
type Projected struct {
	Node   result.Node
	Linear survey.Linear
	Known  bool
	Why    string
}

// value is a node's figure on the way up the tree.
type value struct {
	linear survey.Linear
	why    string // empty: known
}

func unknown(format string, args ...any) value { return value{why: fmt.Sprintf(format, args...)} }

// Project puts the measures' estimates onto the tree, parents first.
//
// Every composite is a linear combination of its parts and is built by survey.Combine, so its linearised value is the same
// combination of theirs and its variance holds every covariance between them (Särndal, Swensson & Wretman 1992, 5.6;
// R: svycontrast on a joint svymean or svyratio). A composite that lacks a part is unknown, never a partial sum.
func (d *Definition) Project(get func(measureID string) (survey.Linear, bool)) []Projected {
	known := map[string]value{}
	d.resolve(&d.Tree, 1, get, known)
	for i := range d.Blocks {
		d.resolve(&d.Blocks[i], 1, get, known)
	}
	out := make([]Projected, 0, len(known))
	d.walk(func(n, parent *Node, _ int) {
		v := known[n.ID]
		out = append(out, Projected{Node: d.node(n, parent), Linear: v.linear, Known: v.why == "", Why: v.why})
	})
	return out
}

func (d *Definition) resolve(n *Node, siblings int, get func(string) (survey.Linear, bool), known map[string]value) {
	for i := range n.Children {
		d.resolve(&n.Children[i], len(n.Children), get, known)
	}
	known[n.ID] = d.evaluate(n, siblings, get, known)
}

func (d *Definition) evaluate(n *Node, siblings int, get func(string) (survey.Linear, bool), known map[string]value) value {
	switch d.rule(n) {
	case ruleQuestion:
		if n.Measure == "count" {
			return countOf(n, get)
		}
		return d.measured(n.ID, n, get)
	case rulePooled:
		under := leaves(n)
		if len(under) == 0 {
			return unknown("%s has no items beneath it", n.ID)
		}
		return d.measured(n.ID, under[0], get)
	case ruleMeanItems:
		var ids []string
		for _, leaf := range leaves(n) {
			ids = append(ids, leaf.ID)
		}
		return combined(ids, nil, 1, known)
	case ruleMean:
		children := n.Children
		var ids []string
		var weights []float64
		if d.Aggregator == "mean_factors" && n.Rule == "" {
			for _, f := range factorNodes(n) {
				ids, weights = append(ids, f.ID), append(weights, 1)
			}
		} else {
			for i := range children {
				ids, weights = append(ids, children[i].ID), append(weights, children[i].weight())
			}
		}
		return combined(ids, weights, n.times(), known)
	case ruleSum:
		coef := make([]float64, len(n.Children))
		xs := make([]survey.Linear, len(n.Children))
		for i := range n.Children {
			v := known[n.Children[i].ID]
			if v.why != "" {
				return value{why: v.why}
			}
			coef[i], xs[i] = 1, v.linear
		}
		return value{linear: survey.Combine(0, coef, xs)}
	case ruleRescaled:
		return rescaled(n, siblings, known)
	}
	return unknown("%s comes from published scores only", n.ID)
}

// measured fetches a measure and, for the mean-score aggregators, puts it on 0–100: 100·m/5 or 100·(m−1)/4. A leaf that names its own
// measure is left as it is.
func (d *Definition) measured(id string, leaf *Node, get func(string) (survey.Linear, bool)) value {
	x, ok := get(id)
	if !ok {
		return unknown("no valid answers for %s", id)
	}
	if leaf.Measure == "" {
		switch d.Aggregator {
		case "mean_score5":
			return value{linear: survey.Combine(0, []float64{20}, []survey.Linear{x})}
		case "mean_score_minmax":
			return value{linear: survey.Combine(-25, []float64{25}, []survey.Linear{x})}
		}
	}
	return value{linear: x}
}

// countOf is the mean number of a node's items that were answered positively: the sum of their shares, each over its own base.
func countOf(n *Node, get func(string) (survey.Linear, bool)) value {
	coef := make([]float64, len(n.Items))
	xs := make([]survey.Linear, len(n.Items))
	for i, item := range n.Items {
		x, ok := get(countID(n, item))
		if !ok {
			return unknown("no valid answers for %s", item)
		}
		coef[i], xs[i] = 0.01, x
	}
	return value{linear: survey.Combine(0, coef, xs)}
}

// combined is times·Σ w·x / Σ w over the named nodes; nil weights are equal.
func combined(ids []string, weights []float64, times float64, known map[string]value) value {
	if len(ids) == 0 {
		return unknown("nothing to take the mean of")
	}
	total := 0.0
	coef := make([]float64, len(ids))
	xs := make([]survey.Linear, len(ids))
	for i, id := range ids {
		v := known[id]
		if v.why != "" {
			return value{why: v.why}
		}
		coef[i], xs[i] = 1, v.linear
		if weights != nil {
			coef[i] = weights[i]
		}
		total += coef[i]
	}
	for i := range coef {
		coef[i] *= times / total
	}
	return value{linear: survey.Combine(0, coef, xs)}
}

// rescaled is PAPI's sub-dimension: S = (1/k)·Σ v·s/Σ v with s = 1 + 9·(x−min)/(max−min), k sub-dimensions in the dimension
// (PAPI 2012, chapter 3; reproduced to six decimals on three provinces of 2023). A share enters as 0…1.
func rescaled(n *Node, siblings int, known map[string]value) value {
	total := 0.0
	for i := range n.Children {
		total += n.Children[i].weight()
	}
	constant := 0.0
	coef := make([]float64, len(n.Children))
	xs := make([]survey.Linear, len(n.Children))
	for i := range n.Children {
		c := &n.Children[i]
		if c.Min == nil || c.Max == nil {
			return unknown("the theoretical range of indicator %s is not known", c.ID)
		}
		v := known[c.ID]
		if v.why != "" {
			return value{why: v.why}
		}
		lo, hi := *c.Min, *c.Max
		if c.Reverse {
			lo, hi = hi, lo
		}
		unit := 1.0
		if c.isShare() {
			unit = 0.01
		}
		share := c.weight() / total / float64(siblings)
		constant += share * (1 - 9*lo/(hi-lo))
		coef[i], xs[i] = share*9*unit/(hi-lo), v.linear
	}
	return value{linear: survey.Combine(constant, coef, xs)}
}

func (n *Node) isShare() bool { return n.Measure == "" || n.Measure == KindShare }

func (n *Node) weight() float64 {
	if n.Weight == 0 {
		return 1
	}
	return n.Weight
}

func (n *Node) times() float64 {
	if n.Times == 0 {
		return 1
	}
	return n.Times
}
