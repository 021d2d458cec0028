package samples

import (
	"slices"

	"hailong/analytics/index"
	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
)

// ForDefinition returns the spec of a survey on any index definition: its items, headings and positive answers, its background
// questions, and the column names that it knows. Design, model, look and seed are left to the caller. Shares of background answers
// that this package has no figures for are equal.
func ForDefinition(q *questionnaire.Questionnaire, d *index.Definition) (Spec, error) {
	if len(q.Items) == 0 {
		return Spec{}, wording.Errorf("making a survey on %s: the definition has no items to ask; it is published, not surveyed", d.ID)
	}
	s := Spec{Questionnaire: *q, Root: d.Tree.ID, Positive: map[string][]int{}, Background: []Characteristic{}}
	inTree := map[string]bool{}
	s.Groups = treeGroups(d, &d.Tree, inTree, s.Positive)
	for i := range d.Blocks { // the questions beside the tree are asked apart; here it is their positive answers
		treeGroups(d, &d.Blocks[i], map[string]bool{}, s.Positive)
	}
	for _, it := range q.Items {
		if inTree[it.ID] {
			continue
		}
		i := slices.IndexFunc(s.Groups, func(g ItemGroup) bool { return g.Apart && g.Name == it.Block })
		if i < 0 {
			i = len(s.Groups)
			s.Groups = append(s.Groups, ItemGroup{Name: it.Block, Apart: true})
		}
		s.Groups[i].Items = append(s.Groups[i].Items, it.ID)
	}
	for _, v := range q.Background {
		switch v.Role {
		case "characteristic", "field":
			if c, ok := characteristic(q, v); ok {
				s.Background = append(s.Background, c)
			}
		case "area":
			if s.Columns.Stratum == "" {
				s.Columns.Stratum = v.ID
			} else if s.Columns.PSU == "" {
				s.Columns.PSU = v.ID
			}
		case "strata":
			s.Columns.Stratum = v.ID
		case "psu":
			s.Columns.PSU = v.ID
		case "weight":
			s.Columns.Weight = v.ID
		case "id":
			s.Columns.Form = v.ID
		}
	}
	return s, nil
}

// treeGroups returns the nodes that have items as children, in tree order, and notes their items and positive answers.
func treeGroups(d *index.Definition, n *index.Node, inTree map[string]bool, positive map[string][]int) []ItemGroup {
	own := ItemGroup{ID: n.ID, Code: n.Code, Name: n.Name.VI}
	note := func(item string, codes []int) {
		if item == "" || inTree[item] {
			return
		}
		inTree[item] = true
		own.Items = append(own.Items, item)
		if len(codes) == 0 {
			codes = d.Positive
		}
		positive[item] = codes
	}
	var below []ItemGroup
	note(n.Item, n.Positive)
	for _, item := range n.Items {
		note(item, n.Positive)
	}
	for i := range n.Children {
		c := &n.Children[i]
		if len(c.Children) > 0 {
			below = append(below, treeGroups(d, c, inTree, positive)...)
			continue
		}
		note(c.Item, c.Positive)
		for _, item := range c.Items {
			note(item, c.Positive)
		}
	}
	if len(own.Items) == 0 {
		return below
	}
	return append([]ItemGroup{own}, below...)
}

// characteristic makes a background question of a variable: with this package's shares where it knows the question, else with equal ones.
func characteristic(q *questionnaire.Questionnaire, v questionnaire.Variable) (Characteristic, bool) {
	known := respondents()
	if i := slices.IndexFunc(known, func(c Characteristic) bool { return c.ID == v.ID }); i >= 0 {
		return known[i], true
	}
	c := Characteristic{ID: v.ID, Header: v.Text.VI}
	if sc := q.Scales[v.Scale]; len(sc.Codes) > 0 {
		for _, code := range levels(sc) {
			c.Values = append(c.Values, Value{Label: label(sc, code)})
		}
	}
	for _, b := range v.Bands {
		if len(c.Values) < len(v.Bands) {
			c.Number = true
			c.Values = append(c.Values, Value{Label: b.Label.VI, From: int(b.From), To: int(b.To)})
		}
	}
	for i := range c.Values {
		c.Values[i].Share = 1 / float64(len(c.Values))
	}
	return c, len(c.Values) > 0
}
