package reports

import (
	"fmt"
	"math"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// results is the index's tree, node by node: estimate, interval, distance to the target.
func (r *report) results() {
	w := r.w
	format, delta := r.formats()
	columns := []column{
		{key: "level", head: w.t("col.level"), width: 12},
		{key: "code", head: w.t("col.code"), width: 9, center: true, code: true},
		{key: "name", head: w.t("col.node"), width: 52},
		{key: "n", head: "n", width: 7, format: formatCount},
		{key: "value", head: r.valueHead(), width: 11, format: format},
		{key: "low", head: w.t("col.low"), width: 9, format: format},
		{key: "high", head: w.t("col.high"), width: 9, format: format},
		{key: "half", head: w.t("col.half"), width: 9, format: format},
		{key: "goal", head: w.t("col.goal"), width: 9, format: format},
		{key: "diff", head: w.t("col.diff_goal"), width: 10, format: delta},
		{key: "verdict", head: w.t("col.against_goal"), width: 24, center: true},
		{key: "df", head: "df", width: 7, format: formatGeneral},
		{key: "deff", head: "deff", width: 8, format: formatScore},
		{key: "note", head: w.t("col.note"), width: 8, center: true},
	}
	p := r.newPage("results", "analysts", widths(columns), func(w words) heading {
		about := []string{strings.TrimSpace(w.t("about.results", r.family()) + " " + r.interval()), w.t("about.results2")}
		return heading{r.family(), w.t("title.results", r.family(), r.where()), append(about, r.restated(w)...)}
	})
	t := p.newTable("tbl_ketqua", columns, 3)
	for i := range r.set.Nodes {
		r.resultRow(t, &r.set.Nodes[i])
	}
	t.close(w.t("alt.results", r.family()))
	t.verdicts("verdict")
	if format == formatPercent {
		p.Bars = append(p.Bars, workbook.Bar{Range: t.over("value"), Min: 0, Max: 100, Color: "9DC3E6"})
	}
}

// restated says the overall figure as others print or count it.
func (r *report) restated(w words) []string {
	var said []string
	root := r.root()
	if root == nil || !shown(r.overall[root.ID]) {
		return nil
	}
	e := r.overall[root.ID]
	if p := e.Printed; p != nil {
		said = append(said, w.t("about.interval_printed", r.family(), w.mark(fixed(p.Z, 3)), w.score(float64(p.Lo)), w.score(float64(p.Hi))))
	}
	if p := e.Worth; p != nil {
		said = append(said, w.t("about.worth", w.score(float64(p.Points)), w.mark(fixed(p.Max, 0)), w.or("target.", p.In), w.score(float64(p.Lo)), w.score(float64(p.Hi)), w.or("basis.", p.Basis)))
	}
	return said
}

func (r *report) resultRow(t *table, n *result.Node) {
	e := r.overall[n.ID]
	tone := plain
	depth := r.depth(n)
	switch {
	case depth == 0:
		tone = total
	case n.Level == "factor" || n.Level == "dimension" || n.Level == "content":
		tone = strong
	}
	if n.Rule == "heading" {
		cells := []cell{text(r.w.or("level.", n.Level)), text(n.Code), text(r.w.pick(n.Name))}
		for len(cells) < len(t.columns) {
			cells = append(cells, text(markNone))
		}
		t.addIndented(strong, "name", depth, cells...)
		return
	}
	half, diff, verdict, goal := text(markMissing), text(markNone), text(markNone), text(markNone)
	if shown(e) {
		if e.Lo.Known() && e.Hi.Known() {
			half = live((float64(e.Hi)-float64(e.Lo))/2, "(%s-%s)/2", t.at("high"), t.at("low"))
		}
		if r.goal != nil && r.counts(n) {
			target := float64(r.goal.Target.Number)
			goal = live(target, "%s", r.goalName())
			diff = live(float64(e.Estimate)-target, "%s-%s", t.at("value"), t.at("goal"))
			if e.Lo.Known() && e.Hi.Known() {
				verdict = liveText(r.w.t("verdict."+judge(float64(e.Lo), float64(e.Estimate), float64(e.Hi), target)), "%s", judgeFormula(t.at("low"), t.at("value"), t.at("high"), t.at("goal")))
			}
		}
	} else {
		half = published(e, result.Unknown())
	}
	row := t.addIndented(tone, "name", depth, text(r.w.or("level.", n.Level)), text(n.Code), text(r.w.pick(n.Name)), r.size(e), published(e, value(e).Estimate), published(e, value(e).Lo), published(e, value(e).Hi),
		half, goal, diff, verdict, published(e, value(e).DF), published(e, value(e).Deff), text(r.noteOn(e)))
	if n == r.root() {
		t.p.define(nameResult, row, t.index("value"))
		t.p.define(nameLow, row, t.index("low"))
		t.p.define(nameHigh, row, t.index("high"))
		t.p.define(nameOutcome, row, t.index("verdict"))
	}
}

// value is e, or an estimate of which nothing is known.
func value(e *result.Estimate) result.Estimate {
	if e == nil {
		unknown := result.Unknown()
		return result.Estimate{Estimate: unknown, SE: unknown, Lo: unknown, Hi: unknown, DF: unknown, Deff: unknown, SumW: unknown}
	}
	return *e
}

// size is n; where the figure is kept back n is only said to be below the limit.
func (r *report) size(e *result.Estimate) cell {
	switch {
	case e == nil:
		return text(markMissing)
	case e.Suppressed == "n" && r.set.Design.MinN > 0:
		return text(r.w.t("below", r.set.Design.MinN))
	default:
		return count(e.N)
	}
}

// noteOn is the marks of one estimate; the words of its warnings stand beside it on the data page.
func (r *report) noteOn(e *result.Estimate) string {
	switch {
	case e == nil || e.Suppressed == "n":
		return ""
	case e.Suppressed == "sibling":
		return markHidden
	case e.Suppressed == "width" || len(e.Warnings) > 0:
		return markUnsure
	default:
		return ""
	}
}

// warningsOf are an estimate's warnings in words. Sets of older versions have English words instead of codes; those are translated.
func (r *report) warningsOf(e *result.Estimate) string {
	var list []string
	for _, warning := range e.Warnings {
		var df int
		switch {
		case strings.HasPrefix(warning, "no degrees of freedom"):
			warning = r.w.t("warning.nodf")
		case strings.HasPrefix(warning, "standard error is 0"):
			warning = r.w.t("warning.zero")
		case strings.HasPrefix(warning, "proportion is 0 or 1"):
			warning = r.w.t("warning.edge")
		case strings.HasPrefix(warning, "pooled over"):
			var some, all int
			if n, err := fmt.Sscanf(warning, "pooled over %d of %d items", &some, &all); n == 2 && err == nil {
				warning = r.w.t("warning.pooled", some, all)
			}
		default:
			warning = r.w.pick(result.WarningText(warning))
			if n, err := fmt.Sscanf(warning, "only %d degrees of freedom", &df); n == 1 && err == nil {
				warning = r.w.t("warning.df", df)
			}
		}
		list = append(list, warning)
	}
	return strings.Join(list, "; ")
}

// formats are the number formats of the index's figures and of differences between them.
func (r *report) formats() (figure, difference string) {
	if root := r.root(); root != nil && root.Unit == "score" {
		return formatScore, formatDelta2
	}
	return formatPercent, formatDelta
}

func (r *report) valueHead() string {
	if figure, _ := r.formats(); figure == formatScore {
		return r.w.t("col.score")
	}
	return r.w.t("col.satisfied")
}

func (r *report) goalName() string { return "MucTieu_" + ascii(r.goal.ID) }

// where is the area and the year, for titles.
func (r *report) where() string {
	parts := []string{}
	if r.set.Plan.Area.Name != "" {
		parts = append(parts, r.set.Plan.Area.Name)
	}
	if r.set.Plan.Year > 0 {
		parts = append(parts, year(r.set.Plan.Year))
	}
	return strings.Join(parts, ", ")
}

// interval says which interval the tables show.
func (r *report) interval() string {
	if r.set.Design.Confidence == 0 {
		return ""
	}
	return r.w.t("about.interval", int(math.Round(r.set.Design.Confidence*100)))
}
