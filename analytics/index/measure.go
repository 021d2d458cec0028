package index

import (
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
)

// Rules of a node, as result.Node.Rule prints them.
const (
	rulePooled    = "pooled"
	ruleMeanItems = "mean_items"
	ruleMean      = "mean"
	ruleSum       = "sum"
	ruleRescaled  = "rescaled"
	ruleQuestion  = "question"
	rulePublished = "published"
	ruleHeading   = "heading"
)

// unansweredSkip is Definition.Unanswered's word for leaving an indicator out.
const unansweredSkip = "skip"

// Kinds of a measure.
const (
	KindShare = "share" // 100·Σw·[y ∈ Positive] / Σw·[y valid], pooled over Items
	KindMean  = "mean"  // Σw·y / Σw·[y valid], pooled over Items
	KindValue = "value" // the same over items whose answers are numbers, not codes
)

// A Measure is one figure that the engine can estimate straight from the dataset's columns.
type Measure struct {
	ID       string
	Items    []string // dataset columns, in tree order
	Positive []int    // share: the codes that count
	Kind     string   // KindShare, KindMean or KindValue
	DontKnow string   // "" or missing: don't know leaves the base; zero: stays in it as not positive; category_min: counts as Lowest
	Lowest   float64  // the lowest answer of the scale
	Base     string   // empty: everyone; else who is asked
}

// rule is the node's own rule, or what the definition's aggregator means at its place.
func (d *Definition) rule(n *Node) string {
	if n.Rule != "" {
		return n.Rule
	}
	if n.Item != "" || len(n.Items) > 0 {
		return ruleQuestion
	}
	if len(n.Children) == 0 {
		return rulePublished
	}
	switch d.Aggregator {
	case "top2_pooled", "overall_question", "mean_score5", "mean_score_minmax":
		return rulePooled
	case "top2_mean_items":
		return ruleMeanItems
	case "mean_factors":
		if n.Children[0].Item != "" {
			return rulePooled
		}
		return ruleMean
	case "sum":
		return ruleSum
	}
	return rulePublished
}

// meanScore reports whether the aggregator works on mean scores of a 1–5 scale instead of shares.
func (d *Definition) meanScore() bool {
	return d.Aggregator == "mean_score5" || d.Aggregator == "mean_score_minmax"
}

// leaves lists the leaves beneath n that have an item, in tree order.
func leaves(n *Node) []*Node {
	if n.Item != "" && len(n.Children) == 0 {
		return []*Node{n}
	}
	var out []*Node
	for i := range n.Children {
		out = append(out, leaves(&n.Children[i])...)
	}
	return out
}

func (d *Definition) positive(n *Node) []int {
	if len(n.Positive) > 0 {
		return n.Positive
	}
	return d.Positive
}

// factorNodes are the deepest nodes that have leaves as children: SIPAS's factors.
func factorNodes(n *Node) []*Node {
	if len(n.Children) == 0 {
		return nil
	}
	if len(n.Children[0].Children) == 0 {
		return []*Node{n}
	}
	var out []*Node
	for i := range n.Children {
		out = append(out, factorNodes(&n.Children[i])...)
	}
	return out
}

// Measures lists what the engine must estimate so that Project knows every node, parents first.
// A node whose figure is a composite of other nodes has no measure of its own.
func (d *Definition) Measures() []Measure {
	var out []Measure
	d.walk(func(n *Node, _ *Node, _ int) {
		switch d.rule(n) {
		case ruleQuestion:
			items := n.Items
			if len(items) == 0 {
				items = []string{n.Item}
			}
			if n.Measure == "count" {
				for _, item := range items {
					out = append(out, Measure{ID: countID(n, item), Items: []string{item}, Positive: d.positive(n), Kind: KindShare, DontKnow: n.DontKnow, Base: n.Base})
				}
				return
			}
			out = append(out, Measure{ID: n.ID, Items: items, Positive: d.positive(n), Kind: d.kind(n), DontKnow: n.DontKnow, Lowest: d.scaleOf(n).lowest(), Base: n.Base})
		case rulePooled:
			under := leaves(n)
			if len(under) == 0 {
				return
			}
			m := Measure{ID: n.ID, Positive: d.positive(under[0]), Kind: d.kind(under[0]), DontKnow: under[0].DontKnow, Lowest: d.scaleOf(under[0]).lowest(), Base: under[0].Base}
			for _, leaf := range under {
				m.Items = append(m.Items, leaf.Item)
			}
			out = append(out, m)
		}
	})
	return out
}

// Node is the node that the measure is for.
func (m Measure) Node() string {
	node, _, _ := strings.Cut(m.ID, "/")
	return node
}

// countID names the measure of one item of a node that counts several.
func countID(n *Node, item string) string { return n.ID + "/" + item }

func (d *Definition) kind(leaf *Node) string {
	switch mean := leaf.Measure == KindMean || (leaf.Measure == "" && d.meanScore()); {
	case mean && d.scaleOf(leaf).Numeric:
		return KindValue
	case mean:
		return KindMean
	}
	return KindShare
}

// scaleOf is the scale of a leaf's first item.
func (d *Definition) scaleOf(leaf *Node) glanceScale {
	item := leaf.Item
	if len(leaf.Items) > 0 {
		item = leaf.Items[0]
	}
	return d.scales[d.items[item]]
}

// walk visits the tree and then the blocks, parents first; siblings is the number of children of the parent.
func (d *Definition) walk(visit func(n, parent *Node, siblings int)) {
	var down func(n, parent *Node, siblings int)
	down = func(n, parent *Node, siblings int) {
		visit(n, parent, siblings)
		for i := range n.Children {
			down(&n.Children[i], n, len(n.Children))
		}
	}
	down(&d.Tree, nil, 1)
	for i := range d.Blocks {
		down(&d.Blocks[i], nil, 1)
	}
}

// Nodes lists the tree as the result holds it, parents first.
func (d *Definition) Nodes() []result.Node {
	var out []result.Node
	d.walk(func(n, parent *Node, _ int) { out = append(out, d.node(n, parent)) })
	return out
}

func (d *Definition) node(n, parent *Node) result.Node {
	unit, lo, hi := d.unit(n), result.Unknown(), result.Unknown()
	if unit == "percent" {
		lo, hi = 0, 100
	}
	if unit == "score" && n.Min != nil && n.Max != nil {
		lo, hi = result.Number(*n.Min), result.Number(*n.Max)
	}
	if len(n.Range) == 2 {
		lo, hi = result.Number(n.Range[0]), result.Number(n.Range[1])
	}
	out := result.Node{ID: n.ID, Level: n.Level, Code: n.Code, Name: n.Name, Unit: unit, Min: lo, Max: hi, Rule: d.rule(n), Basis: n.Basis, Text: n.Text}
	if out.Basis == "" {
		out.Basis = d.Basis
	}
	if parent != nil {
		out.Parent = parent.ID
	}
	return out
}

func (d *Definition) unit(n *Node) string {
	switch {
	case n.Unit != "":
		return n.Unit
	case len(n.Children) == 0 && (n.Item != "" || len(n.Items) > 0) && n.Measure == "" && !d.meanScore():
		return "percent"
	}
	switch d.Aggregator {
	case "sum", "published", "":
		return "score"
	}
	return "percent"
}

// Find returns the node with that id, or nil.
func (d *Definition) Find(id string) *Node {
	var found *Node
	d.walk(func(n, _ *Node, _ int) {
		if n.ID == id {
			found = n
		}
	})
	return found
}

// Comparable says whether figures of a node from two years may be set side by side; if not, why.
// A break in between says no, and so does a node that is asked this way only since a later year.
func (d *Definition) Comparable(node string, from, to int) (bool, result.Text) {
	from, to = min(from, to), max(from, to)
	for _, b := range d.Breaks {
		if from < b.Before && to >= b.Before && (len(b.Nodes) == 0 || slices.Contains(b.Nodes, node)) {
			return false, b.Why
		}
	}
	if n := d.Find(node); n != nil && from < n.From && to >= n.From {
		return false, result.Text{
			VI: fmt.Sprintf("Nội dung này chỉ so sánh được từ năm %d.", n.From),
			EN: fmt.Sprintf("This part is comparable only from %d on.", n.From),
		}
	}
	return true, result.Text{}
}
