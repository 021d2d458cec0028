package target

import (
	"hailong/analytics/area"
	"hailong/analytics/index"
	"hailong/analytics/index/egov"
	"hailong/analytics/result"
)

// FromScores are an area's composite figures of a score table as published figures: value, the rank as published or else counted among
// the areas of the table, and the published group.
func FromScores(scores *index.Scores, about area.Unit, source string) []Published {
	var out []Published
	for _, year := range scores.Years() {
		d := scores.Definition(year)
		if d == nil {
			continue
		}
		unit, there := area.Counterpart(about, scores.Day(year))
		if !there {
			continue
		}
		table := scores.Of(year, d.Tree.ID)
		for _, own := range table {
			if own.Area != unit.Code || (!own.Value.Known() && own.Rank == 0) {
				continue
			}
			p := Published{Index: scores.Family, Year: year, Area: unit.Code, Rank: own.Rank, Group: letterGroup(own.Group), Source: source}
			if own.Value.Known() {
				v := float64(own.Value)
				p.Value = &v
				rank, of := 1, 0
				for _, x := range table {
					if x.Value.Known() {
						of++
						if x.Value > own.Value {
							rank++
						}
					}
				}
				p.Of = of
				// A table of a few areas ranks nobody in the country.
				if p.Rank == 0 && of >= 30 {
					p.Rank = rank
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// letterGroup reads a published group: A, "Nhóm B", or a key as it stands.
func letterGroup(text string) string {
	for _, letter := range []string{"A", "B", "C", "D"} {
		if text == letter || text == "Nhóm "+letter || text == "nhóm "+letter || text == "Group "+letter {
			return letter
		}
	}
	if groupOrder(text) > 0 {
		return text
	}
	return ""
}

// FromEGovernment are the shares of e-government lists as published figures of a year; a share without a base stays out.
func FromEGovernment(report *egov.Report, year int, source string) []Published {
	var out []Published
	for _, s := range report.Shares {
		if !s.Value.Known() {
			continue
		}
		v := float64(s.Value)
		out = append(out, Published{Index: s.ID, Year: year, Value: &v, Source: source, Notes: []result.Text{{VI: "Mẫu số: " + s.Base.VI, EN: "Base: " + s.Base.EN}}})
	}
	return out
}
