package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// rowPixels is what excelize takes a row 15 points high to be, and so where it lets a chart end; the programs that show it draw the row 20 pixels high.
const rowPixels = 18

// chartPage is a page with one large chart, so many rows high, and, on the next printed page, the table that it is drawn from.
func (r *report) chartPage(key, table string, columns []column, rows int, head func(words) heading) (*page, *chartTable) {
	p := r.newPage(key, "analysts", widths(columns), head)
	top := len(p.Rows) + 1
	for range rows + 1 {
		p.row(15)
	}
	t := p.newTable(table, columns, 0)
	p.Freeze = ""
	p.Print.Breaks = append(p.Print.Breaks, t.first-1)
	return p, &chartTable{table: t, top: top, rows: rows}
}

// chartTable is a table under a chart.
type chartTable struct {
	*table
	top, rows int
}

func (t *chartTable) ref(key string) workbook.Ref {
	return workbook.Ref{Sheet: t.p.Name, Range: t.over(key)}
}

func (t *chartTable) head(key string) workbook.Ref {
	return workbook.Ref{Sheet: t.p.Name, Range: t.in(key, t.first)}
}

// draw places the chart over its page's width.
func (t *chartTable) draw(c *workbook.Chart) {
	c.Text = 10
	c.Cell, c.Width, c.Height = workbook.CellName(t.top, 1), pixels(widths(t.columns)), t.rows*rowPixels
	t.p.Charts = append(t.p.Charts, c)
}

// printChart leaves the table under the chart out of the print: another page has its figures.
func (t *chartTable) printChart() {
	t.p.Print.Area = "A1:" + workbook.CellName(t.top+t.rows, len(t.columns))
	t.p.Print.Breaks, t.p.Print.TitleFrom, t.p.Print.TitleTo = nil, 0, 0
}

// ranking is all criteria, highest first, as lying bars whose only grid line is the target.
func (r *report) ranking() {
	leaves := r.ordered()
	if len(leaves) > maxBars {
		leaves = append(leaves[:maxBars/2:maxBars/2], leaves[len(leaves)-maxBars/2:]...)
	}
	format, _ := r.formats()
	w := r.w
	columns := []column{
		{key: "name", head: w.t("col.node"), width: 84},
		{key: "value", head: r.valueHead(), width: 14, format: format},
		{key: "low", head: w.t("col.low"), width: 14, format: format},
		{key: "high", head: w.t("col.high"), width: 14, format: format},
		{key: "n", head: "n", width: 14, format: formatCount},
	}
	_, t := r.chartPage("ranking", "tbl_xeptieuchi", columns, 24, func(w words) heading {
		return heading{w.t("sheet.ranking"), w.t("title.ranking", r.family(), r.where()), []string{w.t("about.ranking"), w.t("about.chart")}}
	})
	var said []string
	for _, n := range leaves {
		e := r.overall[n.ID]
		name := strings.TrimSpace(n.Code + ". " + w.pick(n.Name))
		t.add(plain, text(name), number(float64(e.Estimate)), figure(e.Lo), figure(e.Hi), count(e.N))
		said = append(said, n.Code+" "+w.decimal(float64(e.Estimate)))
	}
	t.close(w.t("alt.rankingtable"))
	t.printChart()
	zero, top, major := 0.0, 100.0, 25.0
	title := w.t("chart.ranking")
	if format != formatPercent {
		top, major = float64(leaves[0].Max), 1
	} else if r.goal != nil {
		major = float64(r.goal.Target.Number)
		title = w.t("chart.ranking.goal", w.decimal(major))
	}
	t.draw(&workbook.Chart{
		Name: "chart_tieuchi", Title: title, Alt: w.t("alt.ranking", strings.Join(said, "; ")),
		Plots:    []workbook.Plot{{Kind: workbook.Bars, Gap: 35, Series: []workbook.Series{{Name: t.head("value"), Categories: t.ref("name"), Values: t.ref("value"), Color: lineMain, Labels: true, LabelAt: "inEnd", LabelColor: "FFFFFF", LabelFormat: format}}}},
		Category: workbook.Axis{Reverse: true}, Value: workbook.Axis{Min: &zero, Max: &top, Major: major, Format: "0", Grid: true},
	})
}

// maxBars is how many bars or dots one chart can hold and still be read.
const maxBars = 30

// distribution is the answers item by item and level by level, with every kind of missing answer counted apart.
func (r *report) distribution() {
	w := r.w
	levels := r.levels()
	columns := []column{{key: "name", head: w.t("col.node"), width: 50}}
	for i, level := range levels {
		columns = append(columns, column{key: fmt.Sprintf("l%d", i), head: w.pick(level.Label) + " (%)", width: 10, format: formatPercent})
	}
	columns = append(columns,
		column{key: "sum", head: w.t("col.sum"), width: 8, format: formatPercent},
		column{key: "mean", head: w.t("col.mean"), width: 8, format: formatScore},
		column{key: "n", head: "n", width: 7, format: formatCount},
		column{key: "missing", head: w.t("col.missing"), width: 8, format: formatCount},
		column{key: "dontknow", head: w.t("col.dontknow"), width: 8, format: formatCount},
		column{key: "refused", head: w.t("col.refused"), width: 8, format: formatCount},
		column{key: "na", head: w.t("col.na"), width: 8, format: formatCount},
		column{key: "invalid", head: w.t("col.invalid"), width: 8, format: formatCount})
	_, t := r.chartPage("distribution", "tbl_phanbo", columns, 27, func(w words) heading {
		return heading{w.t("sheet.distribution"), w.t("title.distribution", r.where()), []string{w.t("about.distribution")}}
	})
	var others []*result.Distribution
	for i := range r.set.Distributions {
		switch d := &r.set.Distributions[i]; {
		case len(d.Domain) > 0:
		case fits(d, levels):
			r.distributionRow(t.table, d, levels)
		default:
			others = append(others, d)
		}
	}
	t.close(w.t("alt.distributiontable"))
	r.otherAnswers(t.p, others)
	zero, one := 0.0, 1.0
	plot := workbook.Plot{Kind: workbook.StackPercent, Gap: 30, Overlap: 100}
	colors := levelColors(len(levels))
	for i := range levels {
		key := fmt.Sprintf("l%d", i)
		s := workbook.Series{Name: t.head(key), Categories: t.ref("name"), Values: t.ref(key), Color: colors[i]}
		if i >= len(levels)-2 {
			s.Labels, s.LabelAt, s.LabelFormat = true, "ctr", "0"
			if i == len(levels)-1 {
				s.LabelColor = "FFFFFF"
			}
		}
		plot.Series = append(plot.Series, s)
	}
	t.draw(&workbook.Chart{
		Name: "chart_phanbo", Title: w.t("chart.distribution"), Alt: w.t("alt.distribution"), Plots: []workbook.Plot{plot}, Legend: "bottom",
		Category: workbook.Axis{Reverse: true}, Value: workbook.Axis{Min: &zero, Max: &one, Major: 0.25, Format: "0%"},
	})
}

// levels are the answer levels of the index's items: those of the item that has most.
func (r *report) levels() []result.LevelShare {
	var levels []result.LevelShare
	for _, d := range r.set.Distributions {
		if len(d.Levels) > len(levels) && (r.nodes[d.Node] == nil || r.counts(r.nodes[d.Node])) {
			levels = d.Levels
		}
	}
	return levels
}

// fits reports whether an item is answered on these levels.
func fits(d *result.Distribution, levels []result.LevelShare) bool {
	for _, own := range d.Levels {
		if !slices.ContainsFunc(levels, func(l result.LevelShare) bool { return l.Code == own.Code && l.Label == own.Label }) {
			return false
		}
	}
	return true
}

// otherAnswers is a table of the items that are answered on other levels than most, a level a row.
func (r *report) otherAnswers(p *page, others []*result.Distribution) {
	if len(others) == 0 {
		return
	}
	w := r.w
	t := p.newTable("tbl_phanbokhac", []column{
		{key: "name", head: w.t("col.answer"), width: 50},
		{key: "share", head: "%", width: 10, format: formatPercent},
		{key: "count", head: w.t("col.answers"), width: 10, format: formatCount},
		{key: "n", head: "n", width: 10, format: formatCount},
	}, 0)
	for _, d := range others {
		name := r.itemName(d)
		for _, l := range d.Levels {
			share, answers := figure(l.Share), count(l.N)
			if d.N < r.set.Design.MinN {
				share, answers = text(markHidden), text(markHidden)
			}
			t.add(plain, text(name+" – "+w.pick(l.Label)), share, answers, count(d.N))
		}
	}
	t.close(w.t("alt.otheranswers"))
}

// itemName is the code and name of a distribution's node; of a question that no composite counts, its wording, as its name may be one answer's.
func (r *report) itemName(d *result.Distribution) string {
	n := r.nodes[d.Node]
	switch {
	case n == nil:
		return d.Node
	case !r.counts(n) && r.w.pick(n.Text) != "":
		return r.w.pick(n.Text)
	}
	return strings.TrimSpace(n.Code + ". " + r.w.pick(n.Name))
}

// levelColors run from red over grey to blue, which stays readable to the colour-blind and in grey print.
func levelColors(n int) []string {
	five := []string{"B2182B", "F4A582", "D9D9D9", "92C5DE", "2166AC"}
	if n == 5 {
		return five
	}
	colors := make([]string, n)
	for i := range colors {
		colors[i] = five[i*4/max(n-1, 1)]
	}
	return colors
}

func (r *report) distributionRow(t *table, d *result.Distribution, levels []result.LevelShare) {
	name := r.itemName(d)
	hidden := d.N < r.set.Design.MinN
	cells := []cell{text(name)}
	sum := 0.0
	complete := true
	for _, level := range levels {
		share := text(markNone)
		for _, l := range d.Levels {
			if l.Code != level.Code {
				continue
			}
			share = figure(l.Share)
			if l.Share.Known() {
				sum += float64(l.Share)
			} else {
				complete = false
			}
		}
		if hidden {
			share = text(markHidden)
		}
		cells = append(cells, share)
	}
	total, mean := text(markMissing), figure(d.Mean)
	switch {
	case hidden:
		total, mean = text(markHidden), text(markHidden)
	case complete && len(levels) > 0:
		total = live(sum, "SUM(%s:%s)", t.at("l0"), t.at(fmt.Sprintf("l%d", len(levels)-1)))
	}
	t.add(plain, append(cells, total, mean, count(d.N), count(d.Missing), count(d.DontKnow), count(d.Refused), count(d.NotApplicable), count(d.Invalid))...)
}

// areaCharts draws the areas of each breakdown as dots with intervals: all, or where there are too many the highest and the lowest.
func (r *report) areaCharts() {
	number := 0
	for i := range r.set.Domains {
		if d := &r.set.Domains[i]; d.Kind == "area" {
			number++
			r.areaChart(d, number)
		}
	}
}

type areaPoint struct {
	name string
	e    *result.Estimate
}

func (r *report) areaChart(d *result.Domain, number int) {
	var points []areaPoint
	for _, v := range d.Values {
		if e := r.rootEstimate(r.byValue[valueKey{d.ID, v.Value}]); shown(e) && e.Lo.Known() && e.Hi.Known() {
			points = append(points, areaPoint{r.label(v), e})
		}
	}
	if len(points) < 2 {
		return
	}
	w := r.w
	all := len(points)
	slices.SortStableFunc(points, func(a, b areaPoint) int { return cmp.Compare(b.e.Estimate, a.e.Estimate) })
	if len(points) > maxBars {
		points = append(points[:maxBars/2:maxBars/2], points[len(points)-maxBars/2:]...)
	}
	format, _ := r.formats()
	columns := []column{
		{key: "name", head: w.pick(d.Name), width: 42},
		{key: "value", head: w.t("series.value"), width: 14, format: format},
		{key: "low", head: w.t("col.low"), width: 14, format: format},
		{key: "high", head: w.t("col.high"), width: 14, format: format},
		{key: "minus", head: w.t("series.minus"), width: 14, format: format},
		{key: "plus", head: w.t("series.plus"), width: 14, format: format},
		{key: "all", head: w.t("series.all"), width: 14, format: format},
		{key: "goal", head: w.t("series.goal"), width: 14, format: format},
	}
	_, t := r.chartPage("areachart."+d.ID, fmt.Sprintf("tbl_bd_diaban_%d", number), columns, 23, func(w words) heading {
		return heading{w.t("sheet.areachart", w.pick(d.Name)), w.t("title.area", r.family(), strings.ToLower(w.pick(d.Name)), r.where()), []string{r.dotsKey(w, all), w.t("about.chart")}}
	})
	low, high := 100.0, 0.0
	var said []string
	for _, p := range points {
		t.add(plain, r.pointCells(t.table, p)...)
		low, high = min(low, float64(p.e.Lo)), max(high, float64(p.e.Hi))
		said = append(said, p.name+" "+w.decimal(float64(p.e.Estimate)))
	}
	t.close(w.t("alt.area", w.pick(d.Name)))
	t.printChart()
	series := []workbook.Series{
		{Name: t.head("value"), Categories: t.ref("name"), Values: t.ref("value"), Minus: t.ref("minus"), Plus: t.ref("plus"), Color: lineMain, Marker: "circle", Size: 7},
		{Name: t.head("all"), Categories: t.ref("name"), Values: t.ref("all"), Color: lineGrey, Line: "solid", Width: 1.25},
	}
	if r.goal != nil {
		series = append(series, workbook.Series{Name: t.head("goal"), Categories: t.ref("name"), Values: t.ref("goal"), Color: lineTarget, Line: "dash", Width: 1.75})
		low, high = min(low, float64(r.goal.Target.Number)), max(high, float64(r.goal.Target.Number))
	}
	from, to, step := bounds(low, high, format == formatPercent)
	t.draw(&workbook.Chart{
		Name: fmt.Sprintf("chart_diaban_%d", number), Title: w.t("chart.area", r.family(), strings.ToLower(w.pick(d.Name)), r.confidence()), Alt: w.t("alt.areachart", strings.Join(said, "; ")),
		Plots: []workbook.Plot{{Kind: workbook.Dots, Series: series}}, Legend: "bottom", Value: workbook.Axis{Min: &from, Max: &to, Major: step, Format: "0", Grid: true},
	})
}

// dotsKey says what is drawn, and that not all is where it is not.
func (r *report) dotsKey(w words, all int) string {
	if all > maxBars {
		return w.t("about.areachart.ends", maxBars/2, all)
	}
	return w.t("about.areachart")
}

func (r *report) pointCells(t *table, p areaPoint) []cell {
	e := p.e
	all, goal := text(markMissing), text(markNone)
	if root := r.root(); shown(r.overall[root.ID]) {
		all = live(float64(r.overall[root.ID].Estimate), nameResult)
	}
	if r.goal != nil {
		goal = live(float64(r.goal.Target.Number), "%s", r.goalName())
	}
	return []cell{
		text(p.name), number(float64(e.Estimate)), number(float64(e.Lo)), number(float64(e.Hi)),
		live(float64(e.Estimate)-float64(e.Lo), "%s-%s", t.at("value"), t.at("low")), live(float64(e.Hi)-float64(e.Estimate), "%s-%s", t.at("high"), t.at("value")), all, goal,
	}
}
