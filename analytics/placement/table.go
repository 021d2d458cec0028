package placement

import (
	"cmp"
	"slices"

	"hailong/analytics/area"
	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// TableOptions say which figures of a score table to place. The zero value places everything.
type TableOptions struct {
	Last int       // the last year; 0: every year
	Area area.Unit // every area is ranked, and only this one is returned, where the map of the year has it; the zero Unit: all
	Rule string    // empty: the definition's, and RuleNone where it has none
}

// Table places the areas of a score table that is sorted as index makes it: by year, node in tree order and area. A node that is not in
// the file and cannot be made from its parts is not there. A published rank is kept. Where no quartile rule makes the groups, a
// published one is kept, and else the composite's follows the definition's bands.
func Table(scores *index.Scores, o TableOptions) ([]result.Placement, error) {
	var out []result.Placement
	names := map[string]result.Text{} // of the nodes of the year at hand
	for from, to := 0, 0; from < len(scores.Scores); from = to {
		first := scores.Scores[from]
		var areas []Score
		for to = from; to < len(scores.Scores) && scores.Scores[to].Year == first.Year && scores.Scores[to].Node == first.Node; to++ {
			x := &scores.Scores[to]
			areas = append(areas, Score{Area: x.Area, AreaName: x.AreaName, Score: x.Value, SE: x.SE})
		}
		d := scores.Definition(first.Year)
		if d == nil || (o.Last > 0 && first.Year > o.Last) {
			continue
		}
		if from == 0 || scores.Scores[from-1].Year != first.Year {
			clear(names)
			for _, n := range d.Nodes() {
				names[n.ID] = n.Name
			}
		}
		rule := cmp.Or(o.Rule, d.Groups.Rule, RuleNone)
		placed, _, err := Place(areas, Options{Index: d.ID, Year: first.Year, Node: first.Node, Name: names[first.Node], Rule: rule, Labels: d.Groups.Labels})
		if err != nil {
			return nil, wording.Errorf("placing the table of %s: %w", d.ID, err)
		}
		for i := range placed {
			official(&placed[i], &scores.Scores[from+i], d)
		}
		if o.Area.Code == "" {
			out = append(out, placed...)
			continue
		}
		own, there := area.Counterpart(o.Area, scores.Day(first.Year))
		for _, p := range placed {
			if there && p.Area == own.Code {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// official puts what the table itself says of an area into its placement.
func official(p *result.Placement, x *index.Score, d *index.Definition) {
	if x.Rank > 0 {
		p.Rank = x.Rank
		if p.Of < index.WholeCountry {
			p.Of = 0 // a part of the country's table
		}
	}
	if p.Rule != RuleNone {
		return
	}
	label := x.Group
	if label != "" {
		p.Rule = RulePublished
	} else if label = d.Band(p.Year, float64(p.Score)); label != "" && p.Node == d.Tree.ID {
		p.Rule = RuleBands
	} else {
		return
	}
	p.GroupLabel = result.Text{VI: label, EN: label}
	p.Group = 1 + slices.Index(d.BandLabels(p.Year), index.BandLabel(label))
}
