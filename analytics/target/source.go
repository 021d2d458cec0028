package target

import (
	"slices"
	"strings"

	"hailong/analytics/area"
	"hailong/analytics/index"
	"hailong/analytics/index/egov"
	"hailong/analytics/placement"
	"hailong/analytics/result"
	"hailong/ingest/vntext"
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
			p := Published{Index: scores.Family, Year: year, Area: unit.Code, Rank: own.Rank, Group: publishedGroup(own.Group), Source: source}
			if own.Value.Known() {
				v := float64(own.Value)
				p.Value = &v
				rank, of := 1, 0
				var ladder []float64
				for _, x := range table {
					if x.Value.Known() {
						of++
						ladder = append(ladder, float64(x.Value))
						if x.Value > own.Value {
							rank++
						}
					}
				}
				if of >= index.WholeCountry { // a table of a few areas ranks nobody in the country
					p.Of = of
					slices.Sort(ladder)
					slices.Reverse(ladder)
					p.ladder = ladder
					if p.Rank == 0 {
						p.Rank = rank
					}
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// publishedGroup reads a group as tables print it: A, "Nhóm B", a key, or one of the four labels ("Cao nhất", "Nhóm trung bình cao").
func publishedGroup(text string) string {
	label := index.BandLabel(text)
	if groupOrder(label) > 0 {
		return label
	}
	for i, names := range placement.Labels() {
		for _, name := range []string{names.VI, names.EN, strings.TrimSuffix(names.VI, " nhất")} {
			if vntext.FoldASCII(name) == vntext.FoldASCII(label) {
				return placement.GroupKey(i + 1)
			}
		}
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
		out = append(out, Published{Index: s.ID, Year: year, Value: &v, Count: s.Numerator, Base: s.Denominator, Source: source, Notes: []result.Text{{VI: s.Name.VI + ", trên số " + s.Base.VI, EN: s.Name.EN + ", of " + s.Base.EN}}})
	}
	return out
}
