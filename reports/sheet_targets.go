package reports

import (
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

func (r *report) targetColumns() []column {
	w := r.w
	return []column{
		{key: "no", head: w.t("col.no"), width: 7, center: true, code: true},
		{key: "name", head: w.t("col.target"), width: 46},
		{key: "kind", head: w.t("col.kind"), width: 17},
		{key: "unit", head: w.t("col.unit"), width: 8, center: true},
		{key: "baseyear", head: w.t("col.baseyear"), width: 8, format: formatYear},
		{key: "base", head: w.t("col.base"), width: 12, format: formatPercent},
		{key: "goal", head: w.t("col.goal"), width: 12, format: formatPercent},
		{key: "value", head: w.t("col.value"), width: 12, format: formatPercent},
		{key: "low", head: w.t("col.low"), width: 9, format: formatPercent},
		{key: "high", head: w.t("col.high"), width: 9, format: formatPercent},
		{key: "diff", head: w.t("col.diff_goal"), width: 10, format: formatDelta},
		{key: "verdict", head: w.t("col.verdict"), width: 24, center: true},
		{key: "rank", head: w.t("col.rank_of"), width: 9, center: true, code: true},
		{key: "group", head: w.t("col.group"), width: 14, center: true},
		{key: "before", head: w.t("col.before"), width: 12, format: formatPercent},
		{key: "change", head: w.t("col.change"), width: 10, format: formatDelta},
		{key: "trend", head: w.t("col.trend"), width: 12, center: true},
		{key: "year", head: w.t("col.year"), width: 8, format: formatYear},
		{key: "deadline", head: w.t("col.deadline"), width: 9, format: formatYear},
		{key: "owner", head: w.t("col.owner"), width: 22},
		{key: "source", head: w.t("col.source"), width: 40},
		{key: "basis", head: w.t("col.basis"), width: 14},
		{key: "note", head: w.t("col.note"), width: 150},
	}
}

// targets is the scoreboard: one row a target, the aim itself an open input, difference and verdict live.
func (r *report) targets() {
	columns := r.targetColumns()
	p := r.newPage("targets", "leaders", widths(columns)[:12], func(w words) heading {
		return heading{w.t("sheet.targets"), w.t("title.targets"), []string{w.t("about.targets"), w.t("about.targets2")}}
	})
	p.Widths = widths(columns)
	t := p.newTable("tbl_muctieu", columns, 2)
	number, sub := 0, 0
	for i := range r.set.Targets {
		target := &r.set.Targets[i]
		label := ""
		if target.Parent == "" {
			number, sub = number+1, 0
			label = fmt.Sprint(number)
		} else {
			sub++
			label = fmt.Sprintf("%d.%d", number, sub)
		}
		r.targetRow(t, target, label)
	}
	last := len(p.Rows)
	t.close(r.w.t("alt.targets"))
	t.verdicts("verdict")
	last += r.targetChart(t, last+2)
	p.Print.Area = "A1:" + t.in("verdict", last)
}

// targetChartRows is how many rows the chart under the table takes, with the free row above it.
const targetChartRows = 17

// targetChart draws the targets that are shares: the figure with its interval, the aim as a dash. It says how many rows it takes: none, where there is nothing
// to draw. Ranks and groups have no common scale and stay in the table. The chart's figures stand to the right of the table.
func (r *report) targetChart(t *table, top int) (rows int) {
	w, p := r.w, t.p
	left := len(t.columns) + 2
	head := r.book.Style(workbook.Style{Size: noteSize, Bold: true, Fill: fillTile, Border: true, Wrap: true})
	body := r.book.Style(workbook.Style{Size: noteSize, Border: true, Format: formatPercent})
	put := func(row, column int, c cell, style workbook.StyleID) {
		c.Style = style
		p.put(row, column, c)
	}
	row := t.first
	low, high := 100.0, 0.0
	var said []string
	for i := range r.set.Targets {
		one := &r.set.Targets[i]
		goal, value := figureOf(one, one.Target), figureOf(one, one.Result)
		if isRank(one) || r.w.pick(one.Unit) != "%" || !known(goal, value) {
			continue
		}
		row++
		at := func(column int) string { return workbook.CellName(row, left+column) }
		name := r.shortName(one)
		put(row, left, text(name), body)
		put(row, left+1, live(float64(value), "KetQua_%s", ascii(one.ID)), body)
		put(row, left+2, live(float64(goal), "MucTieu_%s", ascii(one.ID)), body)
		low, high = min(low, float64(value), float64(goal)), max(high, float64(value), float64(goal))
		lo, hi, minus, plus := text(markNone), text(markNone), text(markNone), text(markNone)
		if known(one.Lo, one.Hi) {
			lo, hi = number(float64(one.Lo)), number(float64(one.Hi))
			minus, plus = live(float64(value-one.Lo), "%s-%s", at(1), at(3)), live(float64(one.Hi-value), "%s-%s", at(4), at(1))
			low, high = min(low, float64(one.Lo)), max(high, float64(one.Hi))
		}
		for column, c := range []cell{lo, hi, minus, plus} {
			put(row, left+3+column, c, body)
		}
		said = append(said, fmt.Sprintf("%s %s (%s)", name, w.decimal(float64(value)), w.or("verdict.", one.Verdict)))
	}
	if row == t.first {
		return 0
	}
	if len(said) < 2 { // one dot says no more than its row
		for i := t.first; i < row; i++ {
			p.Rows[i].Cells = p.Rows[i].Cells[:len(t.columns)]
		}
		return 0
	}
	for i, key := range []string{"col.target", "series.value", "series.goal", "col.low", "col.high", "series.minus", "series.plus"} {
		put(t.first, left+i, text(w.t(key)), head)
	}
	p.Widths = append(p.Widths, 3, 34, 12, 12, 12, 12, 12, 12)
	ref := func(column int) workbook.Ref {
		return workbook.Ref{Sheet: p.Name, Range: workbook.CellName(t.first+1, left+column) + ":" + workbook.CellName(row, left+column)}
	}
	title := func(column int) workbook.Ref {
		return workbook.Ref{Sheet: p.Name, Range: workbook.CellName(t.first, left+column)}
	}
	from, to, step := bounds(low, high, true)
	const wide = 560
	p.Charts = append(p.Charts, &workbook.Chart{
		Cell: workbook.CellName(top, 2), Width: wide, Height: (targetChartRows - 1) * rowPixels, Name: "chart_muctieu", Text: 10, Title: w.t("chart.targets", r.confidence()), Alt: w.t("alt.targetchart", strings.Join(said, "; ")), Legend: "bottom",
		Plots: []workbook.Plot{{Kind: workbook.Dots, Series: []workbook.Series{
			{Name: title(2), Categories: ref(0), Values: ref(2), Color: lineTarget, Marker: "dash", Size: 24},
			{Name: title(1), Categories: ref(0), Values: ref(1), Minus: ref(5), Plus: ref(6), Color: lineMain, Marker: "circle", Size: 8, Labels: true, LabelAt: "r", LabelFormat: formatPercent},
		}}},
		Value: workbook.Axis{Min: &from, Max: &to, Major: step, Format: "0", Grid: true},
	})
	return targetChartRows
}

func (r *report) targetRow(t *table, target *result.Target, label string) {
	row := t.next()
	goal, value := figureOf(target, target.Target), figureOf(target, target.Result)
	tone := plain
	indent := 1
	if target.Parent == "" {
		tone, indent = strong, 0
	}
	format, formatChange := formatPercent, formatDelta
	if isRank(target) {
		format, formatChange = formatYear, formatRanks
	}
	diff, verdict := text(markNone), r.verdictCell(target.Verdict)
	if goal.Known() && value.Known() {
		diff = live(float64(value)-float64(goal), "%s-%s", t.at("value"), t.at("goal"))
		if formula, outcome := r.targetFormula(t, target, goal, value); outcome == target.Verdict {
			verdict = liveText(r.w.t("verdict."+outcome), "%s", formula)
		}
	}
	before, change, trend := text(markMissing), text(markMissing), r.trendCell(target)
	if has(target.Previous) {
		before = r.beforeCell(target)
	}
	if was := previous(target); was.Known() && value.Known() {
		change = live(float64(value)-float64(was), "%s-%s", t.at("value"), t.at("before"))
		up, down := nameUp, nameDown
		if isRank(target) {
			up, down = nameDown, nameUp // a smaller rank is a better one
		}
		trend.Formula = fmt.Sprintf("IF(%[1]s>0,%[2]s,IF(%[1]s<0,%[3]s,%[4]s))", t.at("change"), up, down, nameSame)
	}
	if now, was := target.Result.Rank, target.Previous.Rank; isGroup(target) && now > 0 && was > 0 {
		change, formatChange = number(float64(now-was)), formatRanks
	}
	t.addIndented(tone, "name", indent,
		text(label), text(r.w.pick(target.Name)), text(r.w.or("kind.", target.Kind)), text(r.w.pick(target.Unit)), whole(target.BaseYear),
		t.as(r.baseCell(target), "base", tone, format, false), t.as(r.goalCell(target), "goal", tone, format, goal.Known()), t.as(r.valueCell(target, target.Result), "value", tone, format, false),
		figureOrNone(target.Lo), figureOrNone(target.Hi), t.as(diff, "diff", tone, formatChange, false), verdict,
		text(rankOf(target.Result)), text(r.groupOf(target.Result)), t.as(before, "before", tone, format, false), t.as(change, "change", tone, formatChange, false), trend, whole(target.Year), whole(target.Deadline), text(r.w.pick(target.Owner)),
		text(target.Source), text(r.w.or("basis.", target.Basis)), text(r.notesOf(target)))
	for _, name := range [][2]string{{"MucTieu_", "goal"}, {"KetQua_", "value"}, {"KetLuan_", "verdict"}, {"XuHuong_", "trend"}} {
		t.p.define(name[0]+ascii(target.ID), row, t.index(name[1]))
	}
}

// previous is the figure of the year before, where there is one.
func previous(t *result.Target) result.Number {
	if !has(t.Previous) {
		return result.Unknown()
	}
	return figureOf(t, t.Previous)
}

// beforeCell is the value of the year before; of a group with its rank, because most years pass within one group.
func (r *report) beforeCell(t *result.Target) cell {
	before := r.valueCell(t, t.Previous)
	if isGroup(t) && t.Previous.Rank > 0 {
		before.Text += " (" + rankOf(t.Previous) + ")"
	}
	return before
}

// trendCell is where a target's figure is going, in words.
func (r *report) trendCell(t *result.Target) cell {
	if isGroup(t) {
		return r.groupTrend(t.Previous, t.Result)
	}
	was, is := previous(t), figureOf(t, t.Result)
	if !was.Known() || !is.Known() {
		return text(markMissing)
	}
	return text(r.w.t("trend." + direction(float64(is)-float64(was), isRank(t))))
}

// groupTrend goes by the group and, within one group, by the rank.
func (r *report) groupTrend(was, is result.Value) cell {
	switch {
	case standing(was) > 0 && standing(is) > 0 && standing(was) != standing(is):
		return r.trendText(direction(float64(standing(is)-standing(was)), false))
	case was.Rank > 0 && is.Rank > 0:
		return r.trendText(direction(float64(is.Rank-was.Rank), true))
	case standing(was) > 0 && standing(is) > 0:
		return r.trendText("same")
	default:
		return text(markMissing)
	}
}

// trendText is a trend's word, taken from where the workbook defines it.
func (r *report) trendText(direction string) cell {
	name := map[string]string{"up": nameUp, "down": nameDown, "same": nameSame}[direction]
	return liveText(r.w.t("trend."+direction), "%s", name)
}

// standing orders the groups: a higher number is a better group; 0: not a group that is known.
func standing(v result.Value) int {
	for _, groups := range [][]string{{"low", "low_average", "high_average", "high"}, {"D", "C", "B", "A"}} {
		if i := slices.Index(groups, v.Group); i >= 0 {
			return i + 1
		}
	}
	return 0
}

// targetFormula is the formula of a target's verdict and the verdict that it gives.
func (r *report) targetFormula(t *table, target *result.Target, goal, value result.Number) (formula, outcome string) {
	v, g := t.at("value"), t.at("goal")
	switch {
	case isRank(target):
		outcome = result.Missed
		if value <= goal {
			outcome = result.Met
		}
		return fmt.Sprintf("IF(%s<=%s,%s,%s)", v, g, nameMet, nameMissed), outcome
	case target.Lo.Known() && target.Hi.Known():
		return judgeFormula(t.at("low"), v, t.at("high"), g), judge(float64(target.Lo), float64(value), float64(target.Hi), float64(goal))
	default:
		outcome = result.Missed
		if value >= goal {
			outcome = result.Met
		}
		return fmt.Sprintf("IF(%s>=%s,%s,%s)", v, g, nameMet, nameMissed), outcome
	}
}

func (r *report) verdictCell(verdict string) cell {
	key := "verdict." + verdict
	if !r.w.has(key) {
		return text(verdict)
	}
	return liveText(r.w.t(key), "%s", verdictName(verdict))
}

func isRank(t *result.Target) bool { return t.Kind == "rank_at_most" || t.Kind == "rank_gain" }

func isGroup(t *result.Target) bool { return t.Kind == "group_at_least" }

// has reports whether v says anything.
func has(v result.Value) bool {
	return v.Rank > 0 || v.Group != "" || v.Label != (result.Text{}) || v.Number.Known() && v.Number != 0
}

// figureOf is the number that a target is judged by; groups have none.
func figureOf(t *result.Target, v result.Value) result.Number {
	switch {
	case isGroup(t):
		return result.Unknown()
	case isRank(t):
		if v.Rank == 0 {
			return result.Unknown()
		}
		return result.Number(v.Rank)
	default:
		return v.Number
	}
}

func figureOrNone(n result.Number) cell {
	if !n.Known() {
		return text(markNone)
	}
	return number(float64(n))
}

// valueCell is a target's value as its kind reads it: a number, a rank or a group's name.
func (r *report) valueCell(t *result.Target, v result.Value) cell {
	if n := figureOf(t, v); n.Known() {
		return number(float64(n))
	}
	if isGroup(t) && r.groupOf(v) != "" {
		return text(r.groupOf(v))
	}
	if label := r.w.pick(v.Label); label != "" {
		return text(label)
	}
	if t.Kind == "milestone" && t.Verdict != result.NotPublished {
		return text(markNone)
	}
	return text(markMissing)
}

// goalCell is what a target asks for; one that is made of parts asks for all of them.
func (r *report) goalCell(t *result.Target) cell {
	if t.Kind == "all" {
		return text(r.w.or("kind.", t.Kind))
	}
	return r.valueCell(t, t.Target)
}

func (r *report) baseCell(t *result.Target) cell {
	if !has(t.Base) {
		return text(markMissing)
	}
	return r.valueCell(t, t.Base)
}

func rankOf(v result.Value) string {
	switch {
	case v.Rank == 0:
		return markNone
	case v.Of == 0:
		return fmt.Sprint(v.Rank)
	default:
		return fmt.Sprintf("%d/%d", v.Rank, v.Of)
	}
}

func (r *report) groupOf(v result.Value) string {
	if label := r.w.pick(v.Label); label != "" {
		return label
	}
	return r.w.or("group.", v.Group)
}

func (r *report) notesOf(t *result.Target) string {
	var notes []string
	for _, n := range t.Notes {
		notes = append(notes, r.w.pick(n))
	}
	return strings.Join(notes, " ")
}

// direction is the way a figure went; for ranks down is up.
func direction(delta float64, rank bool) string {
	if rank {
		delta = -delta
	}
	switch {
	case delta > 0:
		return "up"
	case delta < 0:
		return "down"
	default:
		return "same"
	}
}

// ascii keeps what a defined name may hold.
func ascii(id string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return '_'
	}, strings.ToUpper(id))
}

func (r *report) hasReadings() bool {
	for _, t := range r.set.Targets {
		if len(t.Readings) > 0 {
			return true
		}
	}
	return false
}

// readings lists the other ways in which the plan's words can be read, each with its own verdict.
func (r *report) readings() {
	w := r.w
	columns := []column{
		{key: "target", head: w.t("col.target"), width: 38},
		{key: "reading", head: w.t("col.reading"), width: 60},
		{key: "goal", head: w.t("col.goal"), width: 16, format: formatPercent},
		{key: "verdict", head: w.t("col.verdict"), width: 24, center: true},
	}
	p := r.newPage("readings", "analysts", widths(columns), func(w words) heading {
		return heading{w.t("sheet.readings"), w.t("title.readings"), []string{w.t("about.readings")}}
	})
	t := p.newTable("tbl_cachhieu", columns, 1)
	for i := range r.set.Targets {
		target := &r.set.Targets[i]
		for _, reading := range target.Readings {
			goal, format := r.valueCell(target, reading.Target), formatPercent
			if isRank(target) {
				format = formatYear
			}
			t.add(plain, text(w.pick(target.Name)), text(w.pick(reading.Name)), t.as(goal, "goal", plain, format, false), r.verdictCell(reading.Verdict))
		}
	}
	t.close(w.t("alt.readings"))
	t.verdicts("verdict")
}
