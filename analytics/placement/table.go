package placement

import (
	"fmt"
	"slices"

	"hailong/analytics/index"
	"hailong/analytics/result"
)

// TableOptions say which figures of a score table to place. The zero value places the composite and the dimensions of every year.
type TableOptions struct {
	Year int    // 0: every year
	Area string // code; empty: every area is returned, otherwise only this one (all are ranked)
	Rule string // empty: the definition's
	All  bool   // sub-dimensions and indicators too
}

// A Cut is the edges of one index, year and node.
type Cut struct {
	Index string
	Year  int
	Node  string
	Name  result.Text
	Edges
}

// Table places every area of a score table, by year, node in tree order and area.
func Table(scores *index.Scores, o TableOptions) ([]result.Placement, []Cut, error) {
	var placements []result.Placement
	var cuts []Cut
	for _, year := range scores.Years() {
		if o.Year != 0 && year != o.Year {
			continue
		}
		d := scores.Definition(year)
		if d == nil {
			continue
		}
		rule := o.Rule
		if rule == "" {
			rule = d.Groups.Rule
		}
		for _, node := range d.Nodes() {
			detail := node.Level == "sub_dimension" || node.Level == "indicator" || node.Level == "criterion" || node.Level == "question"
			if detail && !o.All {
				continue
			}
			var table []Score
			for _, x := range scores.Of(year, node.ID) {
				table = append(table, Score{Area: x.Area, AreaName: x.AreaName, Score: x.Value, SE: x.SE})
			}
			if len(table) == 0 {
				continue
			}
			placed, edges, err := Place(table, Options{Index: d.ID, Year: year, Node: node.ID, Name: node.Name, Rule: rule, Labels: d.Groups.Labels})
			if err != nil {
				return nil, nil, fmt.Errorf("placing the table of %s: %w", d.ID, err)
			}
			if o.Area != "" {
				placed = slices.DeleteFunc(placed, func(p result.Placement) bool { return p.Area != o.Area })
			}
			placements = append(placements, placed...)
			cuts = append(cuts, Cut{Index: d.ID, Year: year, Node: node.ID, Name: node.Name, Edges: edges})
		}
	}
	return placements, cuts, nil
}
