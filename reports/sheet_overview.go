package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// The overview is a grid of twelve equal columns, which fill one A4 page on its side; the charts' figures stand to the right of it, outside the print area.
const (
	gridColumns = 12
	gridUnits   = 13.5
	dataColumn  = 14 // N
	chartRows   = 15
	chartRow    = 15.0 // points
)

// overview is the page that a leader reads: a message, tiles, two charts, the targets, the strongest and the weakest criteria.
func (r *report) overview() {
	grid := make([]float64, gridColumns)
	for i := range grid {
		grid[i] = gridUnits
	}
	p := r.newPage("overview", "leaders", grid, func(w words) heading {
		return heading{w.t("sheet.overview"), w.t("title.overview", r.headline()), nil}
	})
	p.about = r.w.t("about.overview")
	p.Print.OnePage = true
	p.Widths = append(p.Widths, 3, 34)
	for range 6 {
		p.Widths = append(p.Widths, 12)
	}
	o := overview{report: r, p: p, row: len(p.Rows) + 1}
	o.message()
	p.sayBoth(r.action(r.w), r.action(r.other), gridColumns*gridUnits, workbook.Style{Size: bodySize})
	o.row = len(p.Rows) + 1
	o.tiles()
	o.charts()
	o.targets()
	o.extremes()
	o.foot()
	p.Print.Area = "A1:" + workbook.CellName(o.row-1, gridColumns)
	p.Locked = true
}

// overview lays out the page: row is the next free row of the grid, data that of the chart figures at its right.
type overview struct {
	*report
	p         *page
	row, data int
}

func (r *report) headline() string {
	name := r.family()
	if len(r.set.Nodes) == 0 && len(r.set.Placements) > 0 {
		name = indexName(r.set.Placements[0].Index)
	}
	return strings.TrimSuffix(name+" · "+r.where(), " · ")
}

// put sets the cell in row and column, both from 1.
func (p *page) put(row, column int, c cell) {
	for len(p.Rows) < row {
		p.Rows = append(p.Rows, workbook.Row{})
	}
	cells := &p.Rows[row-1].Cells
	for len(*cells) < column {
		*cells = append(*cells, cell{})
	}
	(*cells)[column-1] = c
}

// band puts a text over several columns of a row, all in one look.
func (o *overview) band(row, column, wide int, c cell, style workbook.Style) {
	id := o.book.Style(style)
	for i := range wide {
		o.p.put(row, column+i, cell{Style: id})
	}
	c.Style = id
	o.p.put(row, column, c)
}

type piece struct{ name, key string }

// messagePieces are the words between the figures of the live sentences, under names: the formulas are then the same in both languages.
func messagePieces() []piece {
	return []piece{
		{"TQ_1", "piece.value"},
		{"TQ_2", "piece.interval"},
		{"TQ_3", "piece.to"},
		{"TQ_4", "piece.goal"},
		{"TQ_5", "piece.verdict"},
		{"TQ_6", "piece.end"},
		{"TQ_7", "piece.unsure"},
		{"TQ_8", "piece.unpublished"},
		{"TQ_9", "piece.of"},
		{"TQ_10", "piece.read"},
		{"TQ_11", "piece.aside"},
		{"TQ_12", "piece.ci"},
	}
}

func (r *report) piece(key string) string {
	return r.w.t(key, r.family(), r.confidence(), r.percent())
}

// message is the one sentence on the result.
func (o *overview) message() {
	style := workbook.Style{Size: 13, Bold: true}
	if root := o.root(); root != nil && shown(o.overall[root.ID]) {
		e := o.overall[root.ID]
		value := o.piece("piece.value") + o.w.decimal(float64(e.Estimate))
		formula := "TQ_1&" + fixedFormula(nameResult)
		if e.Lo.Known() && e.Hi.Known() {
			value += o.piece("piece.interval") + o.w.decimal(float64(e.Lo)) + o.piece("piece.to") + o.w.decimal(float64(e.Hi))
			formula += "&TQ_2&" + fixedFormula(nameLow) + "&TQ_3&" + fixedFormula(nameHigh)
			if o.goal == nil {
				value += o.piece("piece.end")
				formula += "&TQ_6"
			} else {
				goal := float64(o.goal.Target.Number)
				value += o.piece("piece.goal") + o.w.decimal(goal) + o.piece("piece.verdict") + o.w.t("verdict."+judge(float64(e.Lo), float64(e.Estimate), float64(e.Hi), goal))
				formula += "&TQ_4&" + fixedFormula(o.goalName()) + "&TQ_5&" + nameOutcome
			}
		}
		o.band(o.row, 1, 1, liveText(value, "%s", formula), style)
		o.tall(height(1, style.Size))
	}
}

// action is the sentence on what to do: how much is missing, and what to improve first.
func (r *report) action(w words) string {
	var parts []string
	for _, g := range r.set.Gaps {
		if g.Kind == "total" && r.goal != nil && g.Target == r.goal.ID {
			parts = append(parts, w.pick(g.Text))
		}
	}
	var first []string
	for _, p := range r.set.Priorities {
		if n := r.nodes[p.Node]; n != nil && p.Quadrant == "improve" && len(first) < 3 {
			first = append(first, strings.TrimSpace(n.Code+". "+w.pick(n.Name)))
		}
	}
	if len(first) > 0 {
		parts = append(parts, w.t("overview.first", strings.Join(first, "; ")))
	}
	return strings.Join(parts, " ")
}

// mainTargets are the targets themselves, without their parts.
func (r *report) mainTargets() []*result.Target {
	var list []*result.Target
	for i := range r.set.Targets {
		if r.set.Targets[i].Parent == "" {
			list = append(list, &r.set.Targets[i])
		}
	}
	return list
}

type tile struct {
	label       string
	value       cell
	format      string
	first, next cell
}

// tileList are the four numbers to remember, as far as the set has them.
func (o *overview) tileList() []tile {
	var tiles []tile
	if root := o.root(); root != nil && shown(o.overall[root.ID]) {
		tiles = append(tiles, o.resultTile(o.overall[root.ID]))
	}
	if len(o.set.Targets) > 0 {
		tiles = append(tiles, o.targetTile())
	}
	if t, ok := o.placeTile(); ok {
		tiles = append(tiles, t)
	}
	if len(o.set.Nodes) > 0 {
		tiles = append(tiles, o.formsTile())
	}
	return tiles
}

// tiles lays the tiles side by side.
func (o *overview) tiles() {
	tiles := o.tileList()
	if len(tiles) == 0 {
		return
	}
	row, wide := o.row, gridColumns/len(tiles)
	for i, t := range tiles {
		column := 1 + i*wide
		fill := []string{"DEEAF6", fillTile}[i%2]
		o.band(row, column, wide, text(t.label), workbook.Style{Size: 11, Color: inkNote, Fill: fill, Align: workbook.Across})
		o.band(row+1, column, wide, t.value, workbook.Style{Size: 24, Bold: true, Color: inkTitle, Fill: fill, Align: workbook.Across, Format: t.format})
		o.band(row+2, column, wide, t.first, workbook.Style{Size: 11, Fill: fill, Align: workbook.Across})
		o.band(row+3, column, wide, t.next, workbook.Style{Size: 11, Bold: true, Fill: fill, Align: workbook.Across})
	}
	for _, points := range []float64{18, 33, 17, 17} {
		o.tall(points)
	}
}

func (o *overview) resultTile(e *result.Estimate) tile {
	format, _ := o.formats()
	t := tile{label: o.w.t("tile.result", o.family()), value: live(float64(e.Estimate), nameResult), format: format, first: text(markMissing), next: text(markMissing)}
	if e.Lo.Known() && e.Hi.Known() {
		t.first = liveText(o.piece("piece.ci")+o.w.decimal(float64(e.Lo))+o.piece("piece.to")+o.w.decimal(float64(e.Hi)), "TQ_12&%s&TQ_3&%s", fixedFormula(nameLow), fixedFormula(nameHigh))
		if o.goal != nil {
			t.next = liveText(o.w.t("verdict."+judge(float64(e.Lo), float64(e.Estimate), float64(e.Hi), float64(o.goal.Target.Number))), nameOutcome)
		}
	}
	return t
}

// targetTile counts the verdicts below the charts, whose place is known: four rows of tiles, the charts, a header.
func (o *overview) targetTile() tile {
	first := o.row + 4 + chartRows + 1
	last := first + len(o.mainTargets()) - 1
	where := fmt.Sprintf("$I$%d:$I$%d", first, last)
	counts := map[string]int{}
	for _, t := range o.mainTargets() {
		counts[t.Verdict]++
	}
	met := counts[result.Met] + counts[result.MetUncertain]
	unsure := counts[result.MetUncertain] + counts[result.MissedUncertain]
	return tile{
		label: o.w.t("tile.targets"),
		value: liveText(fmt.Sprintf("%d/%d", met, len(o.mainTargets())), "(COUNTIF(%[1]s,%[2]s)+COUNTIF(%[1]s,%[3]s))&TQ_9&ROWS(%[1]s)", where, nameMet, nameMetUnsure),
		first: liveText(o.piece("piece.unsure")+fmt.Sprint(unsure), "TQ_7&(COUNTIF(%[1]s,%[2]s)+COUNTIF(%[1]s,%[3]s))", where, nameMetUnsure, nameMissedUnsure),
		next:  liveText(o.piece("piece.unpublished")+fmt.Sprint(counts[result.NotPublished]), "TQ_8&COUNTIF(%s,%s)", where, nameUnpublished),
	}
}

func (o *overview) placeTile() (tile, bool) {
	for _, p := range o.places {
		if placeDepth(p) != 0 {
			continue
		}
		t := tile{label: o.w.t("tile.place", indexName(p.Index), year(p.Year), o.w.score(float64(p.Score))), value: liveText(o.w.pick(p.GroupLabel), namePlaceGroup), first: text(markMissing), next: text(markMissing)}
		if p.Rank > 0 {
			t.first = text(o.w.t("tile.place.rank", p.Rank, p.Of) + o.yearBefore(p))
		}
		high, low := 0, 0
		for _, d := range o.places {
			if placeDepth(d) == 1 && d.Group == 1 {
				high++
			}
			if placeDepth(d) == 1 && d.Group == 4 {
				low++
			}
		}
		t.next = text(o.w.t("tile.place.parts", high, low))
		return t, true
	}
	return tile{}, false
}

// yearBefore is the rank of the year before a placement's own; empty where none is known.
func (o *overview) yearBefore(p result.Placement) string {
	for _, was := range o.set.Placements {
		if o.own(was) && was.Index == p.Index && was.Node == p.Node && was.Year == p.Year-1 && was.Rank > 0 {
			return o.w.t("tile.place.before", was.Year, was.Rank, was.Of)
		}
	}
	return ""
}

func (o *overview) formsTile() tile {
	l := o.set.Ledger
	return tile{
		label: o.w.t("tile.forms"), value: live(float64(l.Kept), nameKept), format: formatCount,
		first: liveText(o.piece("piece.read")+fmt.Sprint(l.Read), "TQ_10&%s", nameRead),
		next:  liveText(o.piece("piece.aside")+fmt.Sprint(l.Read-l.Kept), "TQ_11&(%s-%s)", nameRead, nameKept),
	}
}

// charts draws the two charts side by side, or the one that there is.
func (o *overview) charts() {
	row := o.row
	for range chartRows {
		o.p.put(o.row, 1, cell{})
		o.tall(chartRow)
	}
	o.data = row
	heading := text(o.w.t("overview.data"))
	heading.Style = o.book.Style(workbook.Style{Size: noteSize, Italic: true, Color: inkNote})
	o.p.put(o.data, dataColumn+1, heading)
	o.data++
	var charts []*workbook.Chart
	if c := o.factorChart(); c != nil {
		charts = append(charts, c)
	}
	if c := o.placeChart(); c != nil {
		charts = append(charts, c)
	}
	// Of two, the second has more names under its axis.
	columns := []int{gridColumns}
	if len(charts) == 2 {
		columns = []int{5, 7}
	}
	left := 1
	for i, c := range charts {
		c.Width, c.Height = pixels(slices.Repeat([]float64{gridUnits}, columns[i])), chartRows*rowPixels-4
		c.Cell, c.Text = workbook.CellName(row, left), 10.5 // nine points on paper, where the page is made smaller to fit
		left += columns[i]
		o.p.Charts = append(o.p.Charts, c)
	}
}

// block writes a small table of chart figures to the right of the page and says where its columns are.
func (o *overview) block(heads []string, rows [][]cell, format string) (first, last int) {
	head := o.book.Style(workbook.Style{Size: noteSize, Bold: true, Wrap: true, Fill: fillTile, Border: true})
	body := o.book.Style(workbook.Style{Size: noteSize, Border: true, Format: format})
	for i, h := range heads {
		c := text(h)
		c.Style = head
		o.p.put(o.data, dataColumn+1+i, c)
	}
	first = o.data + 1
	for r, cells := range rows {
		for i, c := range cells {
			c.Style = body
			o.p.put(first+r, dataColumn+1+i, c)
		}
	}
	last = o.data + len(rows)
	o.data = last + 1
	return first, last
}

func (o *overview) ref(column, first, last int) workbook.Ref {
	return workbook.Ref{Sheet: o.p.Name, Range: workbook.CellName(first, dataColumn+1+column) + ":" + workbook.CellName(last, dataColumn+1+column)}
}

func (o *overview) head(column, first int) workbook.Ref {
	return workbook.Ref{Sheet: o.p.Name, Range: workbook.CellName(first-1, dataColumn+1+column)}
}

// factorChart is the factors as dots with their intervals against the target's line.
func (o *overview) factorChart() *workbook.Chart {
	var rows [][]cell
	var said []string
	low, high := 100.0, 0.0
	for _, n := range o.tops() {
		e := o.overall[n.ID]
		if !shown(e) || !e.Lo.Known() || !e.Hi.Known() {
			continue
		}
		row := o.data + 1 + len(rows)
		value, from, to := workbook.CellName(row, dataColumn+2), workbook.CellName(row, dataColumn+3), workbook.CellName(row, dataColumn+4)
		goal := text(markNone)
		if o.goal != nil {
			goal = live(float64(o.goal.Target.Number), "%s", o.goalName())
		}
		rows = append(rows, []cell{
			text(strings.TrimSpace(n.Code + ". " + o.w.pick(n.Name))), number(float64(e.Estimate)), number(float64(e.Lo)), number(float64(e.Hi)),
			live(float64(e.Estimate)-float64(e.Lo), "%s-%s", value, from), live(float64(e.Hi)-float64(e.Estimate), "%s-%s", to, value), goal,
		})
		low, high = min(low, float64(e.Lo)), max(high, float64(e.Hi))
		said = append(said, fmt.Sprintf("%s %s (%s–%s)", n.Code, o.w.decimal(float64(e.Estimate)), o.w.decimal(float64(e.Lo)), o.w.decimal(float64(e.Hi))))
	}
	if len(rows) == 0 {
		return nil
	}
	format, _ := o.formats()
	first, last := o.block([]string{o.w.t("col.factor"), o.w.t("series.value"), o.w.t("col.low"), o.w.t("col.high"), o.w.t("series.minus"), o.w.t("series.plus"), o.w.t("series.goal")}, rows, format)
	plot := workbook.Plot{Kind: workbook.Dots, Series: []workbook.Series{{
		Name: o.head(1, first), Categories: o.ref(0, first, last), Values: o.ref(1, first, last), Minus: o.ref(4, first, last), Plus: o.ref(5, first, last),
		Color: lineMain, Marker: "circle", Size: 8, Labels: true, LabelAt: "r", LabelFormat: format,
	}}}
	title := o.w.t("chart.factors", o.confidence())
	if o.goal != nil {
		line := workbook.Series{Name: o.head(6, first), Categories: o.ref(0, first, last), Values: o.ref(6, first, last), Color: lineTarget, Line: "dash", Width: 1.75}
		plot.Series = append([]workbook.Series{line}, plot.Series...) // first, so that the dots lie over it
		low, high = min(low, float64(o.goal.Target.Number)), max(high, float64(o.goal.Target.Number))
		title = o.w.t("chart.factors.goal", o.confidence(), strings.TrimSuffix(strings.TrimSuffix(o.w.decimal(float64(o.goal.Target.Number)), ",0"), ".0"))
	}
	from, to, step := bounds(low, high, format == formatPercent)
	return &workbook.Chart{
		Name: "chart_yeuto", Title: title, Alt: o.w.t("alt.factors", strings.Join(said, "; ")), Plots: []workbook.Plot{plot}, Legend: "bottom",
		Value: workbook.Axis{Min: &from, Max: &to, Major: step, Format: "0", Grid: true},
	}
}

// bounds are the limits of an axis of dots: they need no zero, and on 0–100 no interval would be seen.
func bounds(low, high float64, percent bool) (from, to, step float64) {
	step = 5
	const wide = 50
	switch {
	case !percent:
		step = 1
	case high-low > wide:
		step = 10
	}
	for from = step * float64(int(low/step)-1); from > low-step/2; from -= step {
	}
	to = from
	for to < high+step/5 {
		to += step
	}
	if percent {
		return max(from, 0), min(max(to, 100), 100), step
	}
	return max(from, 0), to, step
}

// placeChart is the area's place within the quartile bands of each dimension, on a scale from the lowest to the highest area.
func (o *overview) placeChart() *workbook.Chart {
	var rows [][]cell
	var said []string
	for _, p := range o.places {
		if placeDepth(p) != 1 || !p.Score.Known() || !p.Min.Known() || !p.Max.Known() || p.Max <= p.Min {
			continue
		}
		span := float64(p.Max - p.Min)
		position := 100 * float64(p.Score-p.Min) / span
		cells := []cell{
			text(strings.TrimSpace(o.placeName(p))),
			live(100*float64(p.P25-p.Min)/span, "100*(%s-%s)/(%s-%s)", o.placeRef(p, "p25"), o.placeRef(p, "min"), o.placeRef(p, "max"), o.placeRef(p, "min")),
		}
		cells = append(cells,
			live(100*float64(p.P50-p.P25)/span, "100*(%s-%s)/(%s-%s)", o.placeRef(p, "p50"), o.placeRef(p, "p25"), o.placeRef(p, "max"), o.placeRef(p, "min")),
			live(100*float64(p.P75-p.P50)/span, "100*(%s-%s)/(%s-%s)", o.placeRef(p, "p75"), o.placeRef(p, "p50"), o.placeRef(p, "max"), o.placeRef(p, "min")),
			live(100*float64(p.Max-p.P75)/span, "100*(%s-%s)/(%s-%s)", o.placeRef(p, "max"), o.placeRef(p, "p75"), o.placeRef(p, "max"), o.placeRef(p, "min")),
			live(position, "100*(%s-%s)/(%s-%s)", o.placeRef(p, "score"), o.placeRef(p, "min"), o.placeRef(p, "max"), o.placeRef(p, "min")))
		rows = append(rows, cells)
		said = append(said, fmt.Sprintf("%s: %s", o.placeName(p), o.w.pick(p.GroupLabel)))
	}
	if len(rows) == 0 {
		return nil
	}
	return o.bands(rows, said)
}

func (o *overview) bands(rows [][]cell, said []string) *workbook.Chart {
	heads := []string{o.w.t("col.dimension")}
	for group := 4; group >= 1; group-- {
		heads = append(heads, o.groupWord(group))
	}
	area := o.set.Plan.Area.Name
	if area == "" {
		area = o.places[0].AreaName
	}
	first, last := o.block(append(heads, area), rows, "0")
	stack := workbook.Plot{Kind: workbook.Stack, Gap: 40, Overlap: 100}
	for i, color := range bandColors() {
		stack.Series = append(stack.Series, workbook.Series{Name: o.head(1+i, first), Categories: o.ref(0, first, last), Values: o.ref(1+i, first, last), Color: color})
	}
	marker := workbook.Plot{Kind: workbook.Dots, Series: []workbook.Series{{Name: o.head(5, first), Categories: o.ref(0, first, last), Values: o.ref(5, first, last), Color: "000000", Marker: "diamond", Size: 9}}}
	zero, hundred := 0.0, 100.0
	return &workbook.Chart{
		Name: "chart_xepnhom", Title: o.w.t("chart.place", indexName(o.places[0].Index), year(o.places[0].Year)), Alt: o.w.t("alt.place", area, strings.Join(said, "; ")),
		Plots: []workbook.Plot{stack, marker}, Legend: "bottom", Value: workbook.Axis{Min: &zero, Max: &hundred, Major: 25, Format: "0"},
	}
}

// targets repeats name, result, aim, verdict and trend, linked to the scoreboard.
func (o *overview) targets() {
	if len(o.set.Targets) == 0 {
		return
	}
	head := headerStyle()
	head.Wrap, head.Border = false, false
	for _, h := range []struct {
		column, wide int
		key          string
	}{{1, 4, "col.target"}, {5, 2, "col.value"}, {7, 2, "col.goal"}, {9, 2, "col.verdict"}, {11, 2, "col.trend"}} {
		style := head
		style.Align = workbook.Across
		if h.column == 1 {
			style.Align = workbook.Left
		}
		o.band(o.row, h.column, h.wide, text(o.w.t(h.key)), style)
	}
	o.tall(height(1, bodySize))
	first := o.row
	for _, t := range o.mainTargets() {
		o.targetRow(o.row, t)
	}
	if last := o.row - 1; last >= first {
		o.p.verdicts(fmt.Sprintf("I%d:J%d", first, last), fmt.Sprintf("$I%d", first))
	}
}

func (o *overview) targetRow(row int, t *result.Target) {
	id := ascii(t.ID)
	size := noteSize
	look := func(format string) workbook.Style {
		return workbook.Style{Size: size, Rule: true, Align: workbook.Across, Format: format}
	}
	o.band(row, 1, 4, text(o.shortName(t)), workbook.Style{Size: size, Rule: true, Align: workbook.Left})
	repeat := func(c cell, name string) cell {
		c.Formula = name
		return c
	}
	value, goal := o.targetFormats(t)
	o.band(row, 5, 2, repeat(o.valueCell(t, t.Result), "KetQua_"+id), look(value))
	o.band(row, 7, 2, repeat(o.goalCell(t), "MucTieu_"+id), look(goal))
	o.band(row, 9, 2, repeat(o.verdictCell(t.Verdict), "KetLuan_"+id), look(""))
	o.band(row, 11, 2, repeat(o.trendCell(t), "XuHuong_"+id), look(""))
	o.tall(height(1, size))
}

// shortName is a target's name where there is little room: the index's name where it is one of the six, else what fits.
func (r *report) shortName(t *result.Target) string {
	if key := "target." + t.ID; r.w.has(key) {
		return r.w.t(key)
	}
	return r.fit(r.w.pick(t.Name), 4*gridUnits, noteSize)
}

// targetFormats show a result and an aim as its kind reads them: 84.2 %, at least 85.0 %, rank 39, at most rank 41.
func (o *overview) targetFormats(t *result.Target) (value, goal string) {
	unit := ""
	if o.w.pick(t.Unit) == "%" {
		unit = `" %"`
	}
	if isRank(t) {
		rank := `"` + o.w.t("rank") + ` "0`
		return rank, `"≤ "` + rank
	}
	return formatPercent + unit, `"≥ "` + formatPercent + unit
}

// ordered are the criteria that have a figure, highest first.
func (r *report) ordered() []*result.Node {
	leaves := slices.DeleteFunc(r.leaves(), func(n *result.Node) bool { return !shown(r.overall[n.ID]) || n.Parent == "" })
	slices.SortStableFunc(leaves, func(a, b *result.Node) int { return cmp.Compare(r.overall[b.ID].Estimate, r.overall[a.ID].Estimate) })
	return leaves
}

// extremes are the three criteria with the highest and the three with the lowest figures.
func (o *overview) extremes() {
	leaves := o.ordered()
	if len(leaves) < 6 {
		return
	}
	row := o.row
	head := workbook.Style{Bold: true, Color: inkTitle, Rule: true, Align: workbook.Left}
	o.band(row, 1, 6, text(o.w.t("overview.strong")), head)
	o.band(row, 7, 6, text(o.w.t("overview.weak")), head)
	format, _ := o.formats()
	for i := range 3 {
		for side, n := range []*result.Node{leaves[i], leaves[len(leaves)-1-i]} {
			name := o.fit(strings.TrimSpace(n.Code+". "+o.w.pick(n.Name)), 5*gridUnits, noteSize)
			o.band(row+1+i, 1+6*side, 5, text(name), workbook.Style{Size: noteSize, Align: workbook.Left})
			o.band(row+1+i, 6+6*side, 1, number(float64(o.overall[n.ID].Estimate)), workbook.Style{Size: noteSize, Bold: true, Format: format, Align: workbook.Center})
		}
	}
	o.tall(height(1, bodySize))
	for range 3 {
		o.tall(height(1, noteSize))
	}
}

// fit cuts a text that would run into the next figure.
func (r *report) fit(s string, units, size float64) string {
	if r.ruler.count(s, units, size, false) <= 1 {
		return s
	}
	lines := r.ruler.lines(s, units-2, size, false)
	return lines[0] + "…"
}

func (o *overview) foot() {
	small := workbook.Style{Size: noteSize, Color: inkNote}
	says := func(w words) string { return strings.TrimSpace(o.designInWords(w) + " " + w.t("overview.foot")) }
	for _, words := range o.ruler.linesBoth(says(o.w), says(o.other), gridColumns*gridUnits, small.Size, small.Bold) {
		o.band(o.row, 1, 1, text(words), small)
		o.tall(height(1, small.Size))
	}
}

// tall sets the height of the row at hand and goes to the next.
func (o *overview) tall(points float64) {
	o.p.Rows[o.row-1].Height = points
	o.row++
}
