package analytics

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// projection is the whole tree for everyone or for one value of a breakdown.
type projection struct {
	key   map[string]string
	nodes []index.Projected
	cells map[string]survey.Cell // of the nodes that are measures
}

// project puts a value's measures onto the tree. Shares are in percent.
func (r *run) project(key map[string]string, at func(measure int) survey.Cell) projection {
	p := projection{key: key, cells: map[string]survey.Cell{}}
	p.nodes = r.definition.Project(func(id string) (survey.Linear, bool) {
		m := slices.IndexFunc(r.measures, func(m index.Measure) bool { return m.ID == id })
		if m < 0 {
			return survey.Linear{}, false
		}
		c := at(m)
		l := r.source.ratio(c)
		if l.N == 0 {
			return l, false
		}
		p.cells[id] = c
		if r.measures[m].Kind == index.KindShare {
			l = survey.Combine(0, []float64{100}, []survey.Linear{l})
		}
		return l, true
	})
	return p
}

// estimate fills Estimates and Comparisons.
func (r *run) estimate(ctx context.Context) error {
	everyone := r.project(map[string]string{}, func(m int) survey.Cell { return survey.Cell{Measure: m} })
	estimates, err := r.figures(everyone)
	if err != nil {
		return err
	}
	r.set.Estimates = append(r.set.Estimates, estimates...)
	if err := r.leave(everyone); err != nil {
		return err
	}
	base := r.baseline(everyone)
	for k := range r.domains {
		differences := make([][]difference, len(r.values[k]))
		blocks := make([][]result.Estimate, len(r.values[k]))
		provinces := r.provincesOf(k)
		var projections [][]index.Projected // kept only of provinces, which are few
		for i, v := range r.values[k] {
			if err := ctx.Err(); err != nil {
				return err
			}
			p := r.project(v.key, func(m int) survey.Cell { return cell(m, k, v.place) })
			if blocks[i], err = r.figures(p); err != nil {
				return err
			}
			if differences[i], err = base.differ(p); err != nil {
				return err
			}
			if provinces != nil {
				projections = append(projections, p.nodes)
			}
		}
		suppressSiblings(blocks)
		if provinces != nil {
			if err := r.placeProvinces(provinces, projections, blocks); err != nil {
				return err
			}
		}
		for _, b := range blocks {
			r.set.Estimates = append(r.set.Estimates, b...)
		}
		if err := r.compare(k, everyone, differences, blocks); err != nil {
			return err
		}
	}
	return nil
}

// figures are the estimates of one projection, one a node, in the order of the tree.
func (r *run) figures(p projection) ([]result.Estimate, error) {
	out := make([]result.Estimate, len(p.nodes))
	for i, n := range p.nodes {
		e := result.Estimate{
			Index: r.definition.ID, Node: n.Node.ID, Level: n.Node.Level, Domain: p.key, N: n.Linear.N, SumW: result.Number(n.Linear.SumW),
			Estimate: result.Unknown(), SE: result.Unknown(), Lo: result.Unknown(), Hi: result.Unknown(), Confidence: r.plan.Confidence,
			DF: result.Unknown(), Deff: result.Unknown(),
		}
		if !n.Known {
			e.SumW = result.Unknown()
			e.Warnings = unknownBecause(n)
			out[i] = e
			continue
		}
		if len(n.Skipped) > 0 {
			e.Warnings = append(e.Warnings, result.WarnSkipped+" "+strings.Join(n.Skipped, ","))
		}
		if err := r.measure(&e, n, p); err != nil {
			return nil, err
		}
		if why, ok := r.partial[n.Node.ID]; ok {
			e.Warnings = append(e.Warnings, why)
		}
		r.suppress(&e, n.Node)
		r.restate(&e, n.Node)
		out[i] = e
	}
	return out, nil
}

// restate says a figure in the words of others: with the interval as the index's publisher prints it, and as points of the index that it counts in.
func (r *run) restate(e *result.Estimate, n result.Node) {
	if !shown(e) {
		return
	}
	if lo, hi, ok := r.definition.CI.Interval(float64(e.Estimate), float64(e.SE)); ok && e.SE.Known() && n.Unit == "score" {
		e.Printed = &result.Interval{Z: r.definition.CI.PublishedZ, Lo: result.Number(lo), Hi: result.Number(hi)}
	}
	if p := r.definition.Points; p != nil && n.ID == r.root() {
		worth := func(x result.Number) result.Number { return result.Number(p.Of(float64(x))) }
		e.Worth = &result.Worth{In: p.In, Max: p.Max, Points: worth(e.Estimate), Lo: worth(e.Lo), Hi: worth(e.Hi), Basis: p.Basis}
	}
}

// unknownBecause are the warnings of a figure that is not known: its own lack, or the nodes that it waits for.
func unknownBecause(n index.Projected) []string {
	var own, others []string
	for _, l := range n.Lacks {
		if l.Node == n.Node.ID {
			own = append(own, l.Reason)
		} else {
			others = append(others, l.Node)
		}
	}
	if len(others) > 0 {
		own = append(own, result.WarnLacks+" "+strings.Join(others, ","))
	}
	return own
}

// fewDF is the number of degrees of freedom below which a figure is doubted (NCHS Series 2 no. 175).
const fewDF = 8

// measure fills in a figure and its uncertainty.
func (r *run) measure(e *result.Estimate, n index.Projected, p projection) error {
	l := n.Linear
	v, err := r.source.variance(l)
	if err != nil {
		return err
	}
	df := l.DF()
	e.Estimate, e.SE, e.DF = result.Number(l.Est), result.Number(math.Sqrt(v)), result.Number(df)
	if c, ok := p.cells[n.Node.ID]; ok {
		scale := 1.0
		if ratio := r.source.ratio(c).Est; ratio != 0 {
			scale = l.Est / ratio
		}
		e.Deff = result.Number(r.source.deff(c, v/(scale*scale)))
	}
	if df < 1 {
		e.Warnings = append(e.Warnings, result.WarnNoDF)
		e.SE, e.Deff = result.Unknown(), result.Unknown()
		return nil
	}
	if df < fewDF {
		e.Warnings = append(e.Warnings, fmt.Sprintf("%s %d", result.WarnFewDF, df))
	}
	if n.Node.Unit == "percent" {
		lo, hi, doubts := survey.ProportionCI(r.plan.CI, l.Est/100, v/1e4, l.N, float64(df), r.plan.Confidence)
		e.Lo, e.Hi = result.Number(100*lo), result.Number(100*hi)
		for _, doubt := range doubts {
			e.Warnings = append(e.Warnings, warningOf(doubt))
		}
		return nil
	}
	half := survey.TQuantile(1-(1-r.plan.Confidence)/2, float64(df)) * math.Sqrt(v)
	e.Lo, e.Hi = result.Number(l.Est-half), result.Number(l.Est+half)
	return nil
}

// warningOf is the code of a doubt about an interval; one without a code keeps its words.
func warningOf(doubt error) string {
	switch {
	case errors.Is(doubt, survey.ErrEdge):
		return result.WarnEdge
	case errors.Is(doubt, survey.ErrNoWidth):
		return result.WarnNoWidth
	case errors.Is(doubt, survey.ErrArcsine), errors.Is(doubt, survey.ErrBeyond):
		return result.WarnBeyond
	case errors.Is(doubt, survey.ErrOneSided):
		return result.WarnOneSided
	case errors.Is(doubt, survey.ErrEffectiveN):
		return result.WarnEffectiveN
	}
	return doubt.Error()
}
