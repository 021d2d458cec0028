package target

import (
	"math"
	"slices"
	"strings"

	"hailong/analytics/placement"
	"hailong/analytics/result"
)

// Facts are what a plan is judged by. Published figures given here take precedence over those in the plan.
type Facts struct {
	Estimates  []result.Estimate
	Placements []result.Placement
	Published  []Published
	Nodes      []result.Node   // the index's tree; only Gaps needs it
	Domains    []result.Domain // the breakdowns; only Gaps needs them
	Year       int             // that the run is about
}

// figure is what is known of one aim in one year.
type figure struct {
	known     bool
	survey    bool // our own estimate, not a publication
	number    result.Number
	lo, hi    result.Number
	rank, of  int
	rankSet   [2]int
	group     string
	label     result.Text
	done      bool
	count     int       // of a counted share: how many of base
	base      int       // 0: not counted
	ladder    []float64 // the scores of all areas, best first, where the table has them
	source    string
	basis     string
	notes     []result.Text
	placement *result.Placement
}

func nothing() figure {
	return figure{number: result.Unknown(), lo: result.Unknown(), hi: result.Unknown()}
}

func (f figure) value() result.Value {
	return result.Value{Number: f.number, Rank: f.rank, Of: f.of, Group: f.group, Label: f.label}
}

func (a Aim) index() string {
	if a.Index != "" {
		return a.Index
	}
	return a.ID
}

// names reports whether an index id belongs to the aim: its family, or a definition of the family.
func (a Aim) names(index string) bool {
	return index == a.ID || index == a.index() || strings.HasPrefix(index, a.index()+"-")
}

// estimate is the run's own figure for the aim: everyone, overall, this year.
func (a Aim) estimate(facts Facts, year int) figure {
	if year != facts.Year {
		return nothing()
	}
	for _, e := range facts.Estimates {
		overall := e.Level == "overall" || e.Level == "composite"
		if !a.names(e.Index) || len(e.Domain) != 0 || !e.Estimate.Known() || e.Suppressed == "n" {
			continue
		}
		if e.Node == a.Node || (a.Node == "" && overall) {
			return figure{known: true, survey: true, number: e.Estimate, lo: e.Lo, hi: e.Hi, source: "survey"}
		}
	}
	return nothing()
}

// placed is the area's placement on the aim's node in a year; a withheld area is not known.
func (a Aim) placed(facts Facts, area string, year int) figure {
	for i := range facts.Placements {
		p := &facts.Placements[i]
		if p.Year != year || p.Area != area || !a.names(p.Index) || p.Rank == 0 {
			continue
		}
		if p.Node == a.Node || (a.Node == "" && slices.Contains([]string{"", "composite", "overall", a.index(), p.Index}, p.Node)) {
			f := nothing()
			f.known, f.number, f.rank, f.of, f.rankSet = true, p.Score, p.Rank, p.Of, p.RankSet
			f.group, f.label, f.placement, f.source = placement.GroupKey(p.Group), p.GroupLabel, p, "scores"
			return f
		}
	}
	return nothing()
}

// published is what an authority published; the user's own figures come before the plan's.
func (a Aim) published(plan *Plan, facts Facts, area string, year int) figure {
	for _, list := range [][]Published{facts.Published, plan.Published} {
		for _, p := range list {
			if p.Year != year || !a.names(p.Index) || (p.Area != "" && p.Area != area) {
				continue
			}
			return figure{
				known: true, number: number(p.Value), lo: number(p.Lo), hi: number(p.Hi), rank: p.Rank, of: p.Of,
				group: p.Group, label: groupLabel(p.Group), done: p.Done, count: p.Count, base: p.Base, ladder: p.ladder, source: p.Source, basis: p.Basis, notes: p.Notes,
			}
		}
	}
	return nothing()
}

func number(v *float64) result.Number {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
		return result.Unknown()
	}
	return result.Number(*v)
}

// groupLabel names a group of any index; letters stand for themselves.
func groupLabel(group string) result.Text {
	order := groupOrder(group)
	switch {
	case order == 0:
		return result.Text{}
	case len(group) == 1:
		return result.Text{VI: "Nhóm " + group, EN: "Group " + group}
	}
	return placement.Labels()[order-1]
}
