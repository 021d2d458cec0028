package index

import (
	"strings"

	"hailong/analytics/result"
)

// A Move is an area's published score, rank and group on one node in two years.
type Move struct {
	Index     string        `json:"index"` // definition of the later year
	Node      string        `json:"node"`
	Name      result.Text   `json:"name,omitzero"`
	Area      string        `json:"area"`
	AreaName  string        `json:"area_name"`
	From      int           `json:"from"`
	To        int           `json:"to"`
	ScoreFrom result.Number `json:"score_from"`
	ScoreTo   result.Number `json:"score_to"`
	RankFrom  int           `json:"rank_from,omitempty"` // 0: withheld
	RankTo    int           `json:"rank_to,omitempty"`
	OfFrom    int           `json:"of_from"`
	OfTo      int           `json:"of_to"`
	GroupFrom int           `json:"group_from,omitempty"`
	GroupTo   int           `json:"group_to,omitempty"`
	LabelFrom result.Text   `json:"group_label_from,omitzero"`
	LabelTo   result.Text   `json:"group_label_to,omitzero"`
	Relative  result.Number `json:"relative_percent"` // of the score; null across a break
	Rule      result.Number `json:"rule_percent"`     // the publisher's rule; null without one
	ByRule    string        `json:"by_rule,omitempty"`
	Break     result.Text   `json:"break,omitzero"` // why the move must not be read as progress, where it must not
}

// Moves pairs the placements of two years by area and node, in the order of the later ones. The score's relative change stands beside the
// publisher's own rule (PAPI: 5 % either way), which is no test: published tables have no covariance. Definitions are those that do not ship.
func Moves(before, after []result.Placement, from, to int, definitions []*Definition) []Move {
	type key struct{ family, area, node string }
	old := map[key]*result.Placement{}
	for i := range before {
		if b := &before[i]; b.Year == from {
			k := key{family(b.Index), b.Area, b.Node}
			if old[k] == nil {
				old[k] = b
			}
		}
	}
	known := map[string]*Definition{}
	for _, d := range definitions {
		known[d.ID] = d
	}
	out := []Move{}
	for i := range after {
		a := &after[i]
		b := old[key{family(a.Index), a.Area, a.Node}]
		if a.Year != to || b == nil {
			continue
		}
		m := Move{
			Index: a.Index, Node: a.Node, Name: a.Name, Area: a.Area, AreaName: a.AreaName, From: from, To: to, ScoreFrom: b.Score, ScoreTo: a.Score,
			RankFrom: b.Rank, RankTo: a.Rank, OfFrom: b.Of, OfTo: a.Of, GroupFrom: b.Group, GroupTo: a.Group, LabelFrom: b.GroupLabel, LabelTo: a.GroupLabel,
			Relative: result.Unknown(), Rule: result.Unknown(),
		}
		d, seen := known[a.Index]
		if !seen {
			d = shippedDefinition(a.Index)
			known[a.Index] = d
		}
		comparable := true
		if d != nil {
			comparable, m.Break = d.Comparable(a.Node, from, to)
		}
		if comparable && a.Score.Known() && b.Score.Known() && b.Score != 0 {
			m.Relative = 100 * (a.Score - b.Score) / b.Score
		}
		if d != nil {
			m.Rule, m.ByRule = byRule(d, m.Relative)
		}
		out = append(out, m)
	}
	return out
}

// shippedDefinition is a definition that ships, or nil.
func shippedDefinition(id string) *Definition {
	source, err := Shipped(id)
	if err != nil {
		return nil
	}
	d, err := Parse(source)
	if err != nil {
		return nil
	}
	return d
}

func family(id string) string {
	name, _, _ := strings.Cut(id, "-")
	return name
}

// byRule judges a relative change by the publisher's own rule, a change of at least the definition's change_percent either way.
func byRule(d *Definition, relative result.Number) (rule result.Number, verdict string) {
	limit := result.Number(d.ChangePercent)
	switch {
	case limit <= 0 || !relative.Known():
		return result.Unknown(), ""
	case relative >= limit:
		return limit, ChangeUp
	case relative <= -limit:
		return limit, ChangeDown
	}
	return limit, ChangeUnclear
}
