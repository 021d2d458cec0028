package main

import (
	"cmp"
	"context"
	"path/filepath"

	"hailong/analytics"
	"hailong/analytics/index"
	"hailong/analytics/placement"
	"hailong/analytics/result"
)

// scoreTable reads a published score table of a family of indices.
func (a *app) scoreTable(ctx context.Context, path, password, family string, year int) (*index.Scores, error) {
	sheets, err := readSheets(ctx, path, password)
	if err != nil {
		return nil, fault(exitFailed, "error.scores", "", err, path)
	}
	table, err := index.ReadScores(sheets, index.ScoreOptions{Family: family, Year: year})
	if err != nil {
		return nil, fault(exitFailed, "error.scores", "hint.scores", err, path)
	}
	for _, note := range table.Notes {
		a.log.Info(a.pick(note))
	}
	for i := range table.Problems {
		table.Problems[i].File = filepath.Base(path)
		p := table.Problems[i]
		a.log.Info(a.pick(p.Text), "file", p.File, "sheet", p.Sheet, "cell", p.Cell)
	}
	return table, nil
}

// toPlace is one entry a year and node of a table, up to the year last (0: all), in the table's order: what analytics places.
func toPlace(table *index.Scores, last int, rule string) []analytics.Scores {
	var out []analytics.Scores
	names := map[string]result.Text{} // of the nodes of the year at hand
	for i, score := range table.Scores {
		if last > 0 && score.Year > last {
			continue
		}
		if i == 0 || score.Year != table.Scores[i-1].Year {
			clear(names)
			for _, n := range table.Definition(score.Year).Nodes() {
				names[n.ID] = n.Name
			}
		}
		if i == 0 || score.Year != table.Scores[i-1].Year || score.Node != table.Scores[i-1].Node {
			d := table.Definition(score.Year)
			out = append(out, analytics.Scores{Options: placement.Options{
				Index: d.ID, Year: score.Year, Node: score.Node, Name: names[score.Node], Rule: cmp.Or(rule, d.Groups.Rule), Labels: d.Groups.Labels,
			}})
		}
		s := &out[len(out)-1]
		s.Areas = append(s.Areas, placement.Score{Area: score.Area, AreaName: score.AreaName, Score: score.Value, SE: score.SE})
	}
	return out
}
