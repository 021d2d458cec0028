package reports

import (
	"cmp"
	"fmt"
	"strings"

	"hailong/analytics/result"
)

// Summary is what the command prints on stdout, in some ten lines: the overall figure with its interval and verdict, the factors, the group, the
// targets, the ledger and the files written. lang is vi or en.
func Summary(set *result.Set, lang string, written ...string) []string {
	if set == nil {
		return nil
	}
	r := &report{set: set, w: newWords(lang), other: newWords(otherLanguage(lang)), ruler: newRuler()}
	r.index()
	w := r.w
	var lines []string
	title := set.Plan.Title
	if set.Synthetic {
		title = strings.TrimPrefix(title+" – "+w.t("synthetic.short"), " – ")
	}
	if title != "" {
		lines = append(lines, title)
	}
	if line := r.overallLine(); line != "" {
		lines = append(lines, line)
	}
	if line := r.factorLine(); line != "" {
		lines = append(lines, line)
	}
	for _, p := range r.places {
		if placeDepth(p) == 0 {
			lines = append(lines, r.placeLine(p))
		}
	}
	for _, t := range r.mainTargets() {
		lines = append(lines, r.targetLine(t))
	}
	if len(set.Nodes) > 0 {
		lines = append(lines, w.t("summary.forms")+w.t("summary.ledger", set.Ledger.Read, set.Ledger.Kept, set.Ledger.Read-set.Ledger.Kept))
	}
	for _, path := range written {
		lines = append(lines, w.t("summary.written", path))
	}
	return lines
}

func (r *report) overallLine() string {
	root := r.root()
	if root == nil {
		return ""
	}
	e := r.overall[root.ID]
	if !shown(e) {
		return fmt.Sprintf("%s: %s", r.family(), markMissing)
	}
	line := fmt.Sprintf("%s: %s%s", r.family(), r.shownFigure(e.Estimate), r.percent())
	if e.Lo.Known() && e.Hi.Known() {
		line += fmt.Sprintf(" (%s%s–%s)", r.piece("piece.ci"), r.shownFigure(e.Lo), r.shownFigure(e.Hi))
		if r.goal != nil {
			line += fmt.Sprintf("; %s %s: %s", strings.ToLower(r.w.t("col.goal")), r.shownFigure(r.goal.Target.Number), r.w.or("verdict.", r.goal.Verdict))
		}
	}
	return line
}

func (r *report) factorLine() string {
	var list []string
	for _, n := range r.tops() {
		if e := r.overall[n.ID]; shown(e) {
			list = append(list, cmp.Or(n.Code, r.w.pick(n.Name))+" "+r.shownFigure(e.Estimate))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return r.w.t("col.factor") + ": " + strings.Join(list, " · ")
}

// shownFigure writes a figure with the decimals of its index.
func (r *report) shownFigure(n result.Number) string {
	if !n.Known() {
		return markMissing
	}
	if format, _ := r.formats(); format == formatScore {
		return r.w.score(float64(n))
	}
	return r.w.decimal(float64(n))
}

func (r *report) percent() string {
	if format, _ := r.formats(); format == formatPercent {
		return " %"
	}
	return ""
}

func (r *report) placeLine(p result.Placement) string {
	name := fmt.Sprintf("%s %d", indexName(p.Index), p.Year)
	if !p.Score.Known() || p.Rank == 0 {
		return name + ": " + markMissing
	}
	line := fmt.Sprintf("%s: %s, %s", name, r.w.pick(p.GroupLabel), r.w.t("summary.place", r.w.score(float64(p.Score)), p.Rank, p.Of))
	if edge := r.edge(p); edge != "" {
		line += " (" + edge + ")"
	}
	return line
}

func (r *report) targetLine(t *result.Target) string {
	line := r.shortName(t) + ": " + r.w.or("verdict.", t.Verdict)
	if is, aim := r.valueWords(t, t.Result), r.valueWords(t, t.Target); is != "" && aim != "" {
		line += fmt.Sprintf(" (%s; %s %s)", is, strings.ToLower(r.w.t("col.goal")), aim)
	}
	return line
}

// valueWords is a target's value in words: 84,2 %, hạng 39, Trung bình cao; empty where it is not known.
func (r *report) valueWords(t *result.Target, v result.Value) string {
	n := figureOf(t, v)
	switch {
	case n.Known() && isRank(t):
		return fmt.Sprintf("%s %d", r.w.t("rank"), int(n))
	case n.Known():
		return strings.TrimSpace(r.w.decimal(float64(n)) + " " + r.w.pick(t.Unit))
	case isGroup(t):
		return r.groupOf(v)
	default:
		return r.w.pick(v.Label)
	}
}
