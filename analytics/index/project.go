package index

import (
	"cmp"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// Projected is one node with its figure. A node that only gathers others has none and lacks nothing.
type Projected struct {
	Node    result.Node
	Linear  survey.Linear
	Known   bool
	Lacks   []Lack   // where the figure is not known: what it waits for
	Skipped []string // indicators that nobody answered and that the figure leaves out
}

// A Lack is one thing that figures wait for: a node and, as a code of result's warnings, what it is without.
type Lack struct{ Node, Reason string }

// value is a node's figure on the way up the tree.
type value struct {
	linear  survey.Linear
	known   bool
	lacks   []Lack
	skipped []string
}

func lacking(node, reason string) value { return value{lacks: []Lack{{node, reason}}} }

// Lacks lists what a survey can never tell because the definition does not say how: indicators without their theoretical range, and nodes whose
// indicators are not there. The user's own definition can add them.
func (d *Definition) Lacks() []Lack {
	var out []Lack
	for _, p := range d.Project(func(string) (survey.Linear, bool) { return survey.Linear{N: 1}, true }) {
		for _, l := range p.Lacks {
			if l.Reason != result.WarnPublished && !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out
}

// Lacking says lacks in words, by their reason and with the nodes' codes and names.
func (d *Definition) Lacking(lacks []Lack) result.Text {
	var said result.Text
	var reasons []string
	for _, l := range lacks {
		if !slices.Contains(reasons, l.Reason) {
			reasons = append(reasons, l.Reason)
		}
	}
	for _, reason := range reasons {
		var vi, en []string
		for _, l := range lacks {
			if n := d.Find(l.Node); l.Reason == reason {
				vi, en = append(vi, strings.TrimSpace(n.Code+" "+n.Name.VI)), append(en, strings.TrimSpace(n.Code+" "+cmp.Or(n.Name.EN, n.Name.VI)))
			}
		}
		why := result.WarningText(reason)
		if said.VI != "" {
			said.VI, said.EN = said.VI+". ", said.EN+". "
		}
		said.VI += why.VI + ": " + strings.Join(vi, "; ")
		said.EN += why.EN + ": " + strings.Join(en, "; ")
	}
	return said
}

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
		out = append(out, Projected{Node: d.node(n, parent), Linear: v.linear, Known: v.known, Lacks: v.lacks, Skipped: v.skipped})
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
	case ruleHeading:
		return value{}
	case ruleQuestion:
		if n.Measure == "count" {
			return countOf(n, get)
		}
		return d.measured(n.ID, n, get)
	case rulePooled:
		under := leaves(n)
		if len(under) == 0 {
			return lacking(n.ID, result.WarnNoIndicators)
		}
		return d.measured(n.ID, under[0], get)
	case ruleMeanItems:
		var parts []part
		for _, leaf := range leaves(n) {
			parts = append(parts, part{leaf.ID, 1})
		}
		return mean(parts, 1, known)
	case ruleMean:
		var parts []part
		if d.Aggregator == "mean_factors" && n.Rule == "" {
			for _, f := range factorNodes(n) {
				parts = append(parts, part{f.ID, 1})
			}
		} else {
			for i := range n.Children {
				parts = append(parts, part{n.Children[i].ID, n.Children[i].weight()})
			}
		}
		return mean(parts, n.times(), known)
	case ruleSum:
		parts := make([]part, len(n.Children))
		for i := range n.Children {
			parts[i] = part{n.Children[i].ID, 1}
		}
		return combined(0, parts, known)
	case ruleRescaled:
		return d.rescaled(n, siblings, known)
	}
	if d.Aggregator == rulePublished || n.Rule == rulePublished {
		return lacking(n.ID, result.WarnPublished)
	}
	return lacking(n.ID, result.WarnNoIndicators)
}

// measured fetches a measure and, for the mean-score aggregators, puts it on 0–100: 100·m/5 or 100·(m−1)/4. A leaf that names its own
// measure is left as it is.
func (d *Definition) measured(id string, leaf *Node, get func(string) (survey.Linear, bool)) value {
	x, ok := get(id)
	if !ok {
		return lacking(id, result.WarnNoAnswers)
	}
	if leaf.Measure == "" {
		switch d.Aggregator {
		case "mean_score5":
			x = survey.Combine(0, []float64{20}, []survey.Linear{x})
		case "mean_score_minmax":
			x = survey.Combine(-25, []float64{25}, []survey.Linear{x})
		}
	}
	return value{linear: x, known: true}
}

// countOf is the mean number of a node's items that were answered positively: the sum of their shares, each over its own base.
func countOf(n *Node, get func(string) (survey.Linear, bool)) value {
	coef := make([]float64, len(n.Items))
	xs := make([]survey.Linear, len(n.Items))
	for i, item := range n.Items {
		x, ok := get(countID(n, item))
		if !ok {
			return lacking(n.ID, result.WarnNoAnswers)
		}
		coef[i], xs[i] = 0.01, x
	}
	return value{linear: survey.Combine(0, coef, xs), known: true}
}

// A part is a node in a linear combination.
type part struct {
	id   string
	coef float64
}

// mean is times·Σ w·x / Σ w over the parts, w their coefficients.
func mean(parts []part, times float64, known map[string]value) value {
	total := 0.0
	for _, p := range parts {
		total += p.coef
	}
	for i := range parts {
		parts[i].coef *= times / total
	}
	return combined(0, parts, known)
}

// combined is constant + Σ coef·x over the parts; where one is not known, it lacks what they all lack.
func combined(constant float64, parts []part, known map[string]value) value {
	var out value
	coef := make([]float64, len(parts))
	xs := make([]survey.Linear, len(parts))
	for i, p := range parts {
		v := known[p.id]
		coef[i], xs[i] = p.coef, v.linear
		for _, l := range v.lacks {
			if !slices.Contains(out.lacks, l) {
				out.lacks = append(out.lacks, l)
			}
		}
		out.skipped = append(out.skipped, v.skipped...)
	}
	if len(out.lacks) > 0 {
		return value{lacks: out.lacks}
	}
	out.linear, out.known = survey.Combine(constant, coef, xs), true
	return out
}

// rescaled is PAPI's sub-dimension: S = (1/k)·Σ v·s/Σ v with s = 1 + 9·(x−min)/(max−min), k sub-dimensions in the dimension
// (PAPI 2012, chapter 3; reproduced to six decimals on three provinces of 2023). A share enters as 0…1.
func (d *Definition) rescaled(n *Node, siblings int, known map[string]value) value {
	if len(n.Children) == 0 {
		return lacking(n.ID, result.WarnNoIndicators)
	}
	var lacks []Lack
	var skipped []string
	total := 0.0
	for i := range n.Children {
		switch c := &n.Children[i]; {
		case c.Min == nil || c.Max == nil:
			lacks = append(lacks, Lack{c.ID, result.WarnNoRange})
		case d.Unanswered == unansweredSkip && slices.Equal(known[c.ID].lacks, []Lack{{c.ID, result.WarnNoAnswers}}):
			skipped = append(skipped, c.ID)
		default:
			total += c.weight()
		}
	}
	if n.Incomplete {
		lacks = append(lacks, Lack{n.ID, result.WarnIncomplete})
	}
	if len(lacks) > 0 {
		return value{lacks: lacks}
	}
	if total == 0 {
		return lacking(n.ID, result.WarnNoAnswers)
	}
	constant := 0.0
	var parts []part
	for i := range n.Children {
		c := &n.Children[i]
		if slices.Contains(skipped, c.ID) {
			continue
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
		parts = append(parts, part{c.ID, share * 9 * unit / (hi - lo)})
	}
	out := combined(constant, parts, known)
	out.skipped = append(out.skipped, skipped...)
	return out
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
