package index

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"hailong/ingest/wording"
)

var aggregators = []string{"top2_pooled", "top2_mean_items", "mean_factors", "overall_question", "mean_score5", "mean_score_minmax", "sum", "published"}

// Check lists everything about the definition that does not make sense, each with the line it stands on:
// ids that are missing or twice, rules and bases that do not exist, ranges that are empty or do not fit k,
// weights that do not add up, items and scales that the questionnaire lacks, a legal source or years that are missing.
func (d *Definition) Check() []error {
	var found []error
	say := func(path string, problem error) { found = append(found, d.at(path, problem)) }
	if d.Years[0] == 0 || (d.Years[1] != 0 && d.Years[1] < d.Years[0]) {
		say("$.index.years", wording.Errorf("years must be [first, last]; write 0 as the last year if the method is still in use"))
	}
	if d.Legal == "" {
		say("$.index.legal", wording.Errorf("legal, the source of the method, is missing"))
	}
	if d.Title.VI == "" {
		say("$.index.title", wording.Errorf("title.vi is missing"))
	}
	if !slices.Contains([]string{"official", "inferred", "recalled"}, d.Basis) {
		say("$.index.basis", wording.Errorf("basis %q is not one of official, inferred, recalled", d.Basis))
	}
	if !slices.Contains(aggregators, d.Aggregator) {
		say("$.index.aggregator", wording.Errorf("aggregator %q is not one of %s", d.Aggregator, strings.Join(aggregators, ", ")))
	}
	if d.Groups.Rule != "" && d.Groups.Rule != "r7-mixed" && d.Groups.Rule != "website" {
		say("$.index.groups.rule", wording.Errorf("rule %q is not r7-mixed or website", d.Groups.Rule))
	}
	if d.Unanswered != "" && d.Unanswered != unansweredSkip {
		say("$.index.unanswered", wording.Errorf("unanswered %q is not skip; leave it out where an unanswered indicator leaves its sub-dimension unknown", d.Unanswered))
	}
	seen := map[string]bool{}
	d.checkNode(&d.Tree, "$.index.tree", 1, seen, say)
	for i := range d.Blocks {
		d.checkNode(&d.Blocks[i], fmt.Sprintf("$.index.blocks[%d]", i), 1, seen, say)
	}
	for _, c := range d.Columns {
		if !seen[c.Node] {
			say("$.index.columns", wording.Errorf("node %q of a column alias is not in the tree", c.Node))
		}
	}
	for _, item := range slices.Sorted(maps.Keys(d.items)) {
		if scale := d.items[item]; !d.hasScale(scale) {
			say(fmt.Sprintf("$.questionnaire.items[%d].scale", slices.Index(d.order, item)), wording.Errorf("item %s has scale %q, which the questionnaire does not define", item, scale))
		}
	}
	return found
}

func (d *Definition) hasScale(name string) bool {
	_, ok := d.scales[name]
	return ok
}

// Fault is an error about a key of a node, with the line that it stands on.
func (d *Definition) Fault(node, key string, problem error) error {
	var find func(n *Node, path string) string
	find = func(n *Node, path string) string {
		if n.ID == node {
			return path
		}
		for i := range n.Children {
			if found := find(&n.Children[i], fmt.Sprintf("%s.children[%d]", path, i)); found != "" {
				return found
			}
		}
		return ""
	}
	path := find(&d.Tree, "$.index.tree")
	for i := range d.Blocks {
		path = cmp.Or(path, find(&d.Blocks[i], fmt.Sprintf("$.index.blocks[%d]", i)))
	}
	return d.at(path+"."+key, problem)
}

func (d *Definition) checkNode(n *Node, path string, siblings int, seen map[string]bool, say func(path string, problem error)) {
	switch {
	case n.ID == "":
		say(path, wording.Errorf("a node has no id"))
	case seen[n.ID]:
		say(path+".id", wording.Errorf("id %q stands twice in the tree", n.ID))
	}
	seen[n.ID] = true
	if n.Level == "" {
		say(path, wording.Errorf("node %s has no level", n.ID))
	}
	if n.Name.VI == "" && n.Name.EN == "" {
		say(path, wording.Errorf("node %s has no name", n.ID))
	}
	if rules := []string{rulePooled, ruleMeanItems, ruleMean, ruleSum, ruleRescaled, ruleQuestion, rulePublished, ruleHeading}; n.Rule != "" && !slices.Contains(rules, n.Rule) {
		say(path+".rule", wording.Errorf("node %s has rule %q; it is not one of %s", n.ID, n.Rule, strings.Join(rules, ", ")))
	}
	if n.Basis != "" && !slices.Contains([]string{"official", "inferred", "recalled", "derived"}, n.Basis) {
		say(path+".basis", wording.Errorf("node %s has basis %q; it is not one of official, derived, inferred, recalled", n.ID, n.Basis))
	}
	if len(n.Range) != 0 && (len(n.Range) != 2 || n.Range[0] >= n.Range[1]) {
		say(path+".range", wording.Errorf("the range of node %s is not [low, high]", n.ID))
	}
	if n.Level == "sub_dimension" && len(n.Range) == 2 {
		lo, hi := 1/float64(siblings), 10/float64(siblings)
		if math.Abs(n.Range[0]-lo) > 0.005 || math.Abs(n.Range[1]-hi) > 0.005 {
			say(path+".range", wording.Errorf("node %s is one of k = %d sub-dimensions, so its range is [%.4g, %.4g], not %v", n.ID, siblings, lo, hi, n.Range))
		}
	}
	if n.Min != nil && n.Max != nil && *n.Min >= *n.Max {
		say(path+".min", wording.Errorf("min of node %s is not below its max; use reverse where a low value is good", n.ID))
	}
	if !slices.Contains([]string{"", KindShare, KindMean, "count"}, n.Measure) {
		say(path+".measure", wording.Errorf("node %s has measure %q; it is not one of share, mean, count", n.ID, n.Measure))
	}
	if !slices.Contains([]string{"", "missing", "zero", "category_min"}, n.DontKnow) {
		say(path+".dont_know", wording.Errorf("node %s has dont_know %q; it is not one of missing, zero, category_min", n.ID, n.DontKnow))
	}
	if (n.Item != "" || len(n.Items) > 0) && n.Measure != KindMean && !d.meanScore() && len(d.positive(n)) == 0 {
		say(path, wording.Errorf("node %s counts answers, but no positive codes are given", n.ID))
	}
	if d.scaleOf(n).Numeric && d.kind(n) == KindShare {
		say(path+".item", wording.Errorf("node %s counts answers, but those to %s are numbers; write measure: mean", n.ID, n.Item+strings.Join(n.Items, ", ")))
	}
	for _, item := range append(slices.Clone(n.Items), n.Item) {
		if item == "" {
			continue
		}
		if _, ok := d.items[item]; !ok && len(d.items) > 0 {
			say(path+".item", wording.Errorf("node %s needs item %s, which the questionnaire does not have", n.ID, item))
		}
	}
	if n.WeightTotal != 0 {
		sum := 0.0
		for i := range n.Children {
			sum += n.Children[i].weight()
		}
		if math.Abs(sum-n.WeightTotal) > 1e-9 {
			say(path+".weight_total", wording.Errorf("the weights under node %s add up to %g, not %g", n.ID, sum, n.WeightTotal))
		}
	}
	if d.rule(n) == ruleSum && slices.ContainsFunc(n.Children, func(c Node) bool { return c.Min != nil || c.Max != nil }) {
		say(path, wording.Errorf("node %s adds up indicators that have a theoretical range; write rule: rescaled", n.ID))
	}
	if d.rule(n) == rulePooled {
		under := leaves(n)
		for _, leaf := range under {
			if !slices.Equal(d.positive(leaf), d.positive(under[0])) || leaf.Base != under[0].Base || d.kind(leaf) != d.kind(under[0]) {
				say(path, wording.Errorf("node %s pools items that do not count alike: %s and %s", n.ID, under[0].ID, leaf.ID))
				break
			}
		}
	}
	for i := range n.Children {
		d.checkNode(&n.Children[i], fmt.Sprintf("%s.children[%d]", path, i), len(n.Children), seen, say)
	}
}
