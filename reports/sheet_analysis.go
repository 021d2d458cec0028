package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// crosses makes one page for each pair of breakdowns that the set has figures for: a heat table of the overall figure.
func (r *report) crosses() {
	var pairs [][2]string
	for key := range r.bySecond {
		if pair := [2]string{key.first.domain, key.second.domain}; !slices.Contains(pairs, pair) {
			pairs = append(pairs, pair)
		}
	}
	order := func(id string) int {
		return slices.IndexFunc(r.set.Domains, func(d result.Domain) bool { return d.ID == id })
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(order(a[0]), order(b[0])), cmp.Compare(order(a[1]), order(b[1])))
	})
	number := 0
	for _, pair := range pairs {
		first, second := order(pair[0]), order(pair[1])
		if first < 0 || second < 0 {
			continue
		}
		rows, across := &r.set.Domains[first], &r.set.Domains[second]
		if len(across.Values) > len(rows.Values) {
			rows, across = across, rows
		}
		if len(across.Values) > maxAcross {
			continue
		}
		number++
		r.cross(rows, across, number)
	}
}

// maxAcross is how many columns a cross table may have; wider ones are in the tidy data only.
const maxAcross = 20

func (r *report) cross(rows, across *result.Domain, number int) {
	w := r.w
	format, _ := r.formats()
	columns := []column{{key: "name", head: w.pick(rows.Name), width: 28}}
	width := max(10, min(16, 110/float64(max(len(across.Values), 1))))
	for i, v := range across.Values {
		columns = append(columns, column{key: fmt.Sprintf("c%d", i), head: r.label(v), width: width, format: format})
	}
	names := func(w words) string {
		return strings.ToLower(w.pick(rows.Name)) + " × " + strings.ToLower(w.pick(across.Name))
	}
	p := r.newPage("cross."+rows.ID+"."+across.ID, "analysts", widths(columns), func(w words) heading {
		return heading{w.t("sheet.cross", number), w.t("title.cross", r.family(), names(w), r.where()), []string{w.t("about.cross", names(w)), w.t("about.cross2")}}
	})
	t := p.newTable(fmt.Sprintf("tbl_cheo_%d", number), columns, 1)
	for _, v := range rows.Values {
		cells := []cell{text(r.label(v))}
		for _, other := range across.Values {
			e := r.bySecond[pair(map[string]string{rows.ID: v.Value, across.ID: other.Value})]
			cells = append(cells, published(e, value(e).Estimate))
		}
		t.add(plain, cells...)
	}
	t.close(w.t("alt.cross", names(w)))
	if format == formatPercent && len(across.Values) > 0 {
		p.Rules = append(p.Rules, workbook.Rule{Range: t.in("c0", t.first+1) + ":" + t.in(fmt.Sprintf("c%d", len(across.Values)-1), len(p.Rows)), Scale: r.scale()})
	}
}

// scale shades figures around the target: orange below, blue above.
func (r *report) scale() *workbook.Scale {
	mid := 80.0
	if r.goal != nil {
		mid = float64(r.goal.Target.Number)
	}
	return &workbook.Scale{Min: mid - 20, Mid: mid, Max: max(97, mid+5), MinColor: "F4B183", MidColor: "FFFFFF", MaxColor: "9DC3E6"}
}

// changes is node by node what happened since the wave before; across a method break no difference is given.
func (r *report) changes() {
	w := r.w
	format, delta := r.formats()
	columns := []column{
		{key: "code", head: w.t("col.code"), width: 9, center: true, code: true},
		{key: "name", head: w.t("col.node"), width: 46},
		{key: "from", head: w.t("col.from"), width: 8, format: formatYear},
		{key: "to", head: w.t("col.to"), width: 8, format: formatYear},
		{key: "before", head: w.t("col.before"), width: 10, format: format},
		{key: "after", head: w.t("col.after"), width: 10, format: format},
		{key: "diff", head: w.t("col.change"), width: 10, format: delta},
		{key: "low", head: w.t("col.low"), width: 9, format: delta},
		{key: "high", head: w.t("col.high"), width: 9, format: delta},
		{key: "relative", head: w.t("col.relative"), width: 10, format: formatDelta},
		{key: "p", head: w.t("col.padj"), width: 10, format: formatP},
		{key: "verdict", head: w.t("col.verdict"), width: 18, center: true},
		{key: "note", head: w.t("col.note"), width: 24},
	}
	p := r.newPage("changes", "analysts", widths(columns), func(w words) heading {
		return heading{w.t("sheet.changes"), w.t("title.changes", r.where()), []string{w.t("about.changes")}}
	})
	t := p.newTable("tbl_thaydoi", columns, 2)
	for _, c := range r.set.Changes {
		name, code := c.Node, ""
		if n := r.nodes[c.Node]; n != nil {
			name, code = w.pick(n.Name), n.Code
		}
		diff, relative := figure(c.Diff), figure(c.Relative)
		broken := c.Verdict == "break" || c.Break != (result.Text{})
		if broken {
			diff, relative = text(markBreak), text(markBreak)
		} else if known(c.Before, c.After) {
			diff = live(float64(c.After)-float64(c.Before), "%s-%s", t.at("after"), t.at("before"))
			if c.Before != 0 {
				relative = live(100*(float64(c.After)-float64(c.Before))/float64(c.Before), "100*(%[1]s-%[2]s)/%[2]s", t.at("after"), t.at("before"))
			}
		}
		t.add(plain, text(code), text(name), whole(c.From), whole(c.To), figure(c.Before), figure(c.After), diff, figureUnless(broken, c.Lo), figureUnless(broken, c.Hi), relative, figureUnless(broken, c.PAdj),
			text(w.or("change.", c.Verdict)), text(w.pick(c.Break)))
	}
	t.close(w.t("alt.changes"))
	first := t.in("verdict", t.first+1)
	p.Rules = append(p.Rules, workbook.Rule{Range: t.over("verdict"), Cases: []workbook.Case{
		{Formula: "LEFT(" + first + ",1)=\"▲\"", Style: workbook.Style{Fill: fillMet, Color: inkMet, Bold: true}},
		{Formula: "LEFT(" + first + ",1)=\"▼\"", Style: workbook.Style{Fill: fillMissed, Color: inkMissed, Bold: true}},
	}})
}

func figureUnless(broken bool, n result.Number) cell {
	if broken {
		return text(markBreak)
	}
	return figure(n)
}

// priorities crosses importance and satisfaction: a chart with one numbered point a criterion and the medians as lines, and its table.
func (r *report) priorities() {
	w := r.w
	format, _ := r.formats()
	columns := []column{
		{key: "no", head: w.t("col.no"), width: 7, center: true, code: true},
		{key: "name", head: w.t("col.node"), width: 68},
		{key: "importance", head: w.t("col.importance"), width: 16, format: formatPercent},
		{key: "value", head: r.valueHead(), width: 16, format: format},
		{key: "quadrant", head: w.t("col.quadrant"), width: 22, center: true},
		{key: "order", head: w.t("col.order"), width: 11, format: formatYear},
	}
	p, t := r.chartPage("priorities", "tbl_uutien", columns, 25, func(w words) heading {
		return heading{w.t("sheet.priorities"), w.t("title.priorities", r.where()), []string{w.t("about.priorities"), w.t("about.priorities2")}}
	})
	for _, one := range r.set.Priorities {
		name, code := one.Node, one.Node
		if n := r.nodes[one.Node]; n != nil {
			name, code = w.pick(n.Name), n.Code
		}
		t.add(plain, text(code), text(name), figure(one.Importance), figure(one.Satisfaction), text(w.or("quadrant.", one.Quadrant)), whole(one.Order))
	}
	t.close(w.t("alt.prioritiestable"))
	first, last := t.first+1, len(p.Rows)
	if len(r.set.Priorities) == 0 {
		return
	}
	t.draw(r.quadrants(t, first, last))
}

func (r *report) quadrants(t *chartTable, first, last int) *workbook.Chart {
	colors := map[string]string{"improve": lineTarget, "keep": "2E7D32", "surplus": lineMain, "low": lineGrey}
	plot := workbook.Plot{Kind: workbook.Points}
	at := func(key string, row int) workbook.Ref {
		return workbook.Ref{Sheet: t.p.Name, Range: t.in(key, row)}
	}
	var x, y []float64
	var said []string
	for i, one := range r.set.Priorities {
		row := first + i
		if !known(one.Importance, one.Satisfaction) || row > last {
			continue
		}
		x, y = append(x, float64(one.Importance)), append(y, float64(one.Satisfaction))
		color, ok := colors[one.Quadrant]
		if !ok {
			color = lineGrey
		}
		plot.Series = append(plot.Series, workbook.Series{Name: at("no", row), Categories: at("importance", row), Values: at("value", row), Color: color, Marker: "circle", Size: 7, LabelName: true, LabelAt: "r"})
		if one.Quadrant == "improve" {
			said = append(said, t.p.at(row, t.index("no")))
		}
	}
	if len(x) == 0 {
		plot.Series = append(plot.Series, workbook.Series{Name: at("no", first), Categories: at("importance", first), Values: at("value", first), Color: lineGrey})
		return &workbook.Chart{Name: "chart_uutien", Title: r.w.t("chart.priorities"), Alt: r.w.t("alt.priorities", markMissing), Plots: []workbook.Plot{plot}}
	}
	fromX, toX, stepX := bounds(slices.Min(x), slices.Max(x), false)
	format, _ := r.formats()
	fromY, toY, stepY := bounds(slices.Min(y), slices.Max(y), format == formatPercent)
	plot.Series = append(plot.Series, r.medians(t, x, y, [4]float64{fromX, toX, fromY, toY})...)
	return &workbook.Chart{
		Name: "chart_uutien", Title: r.w.t("chart.priorities"), Alt: r.w.t("alt.priorities", strings.Join(said, ", ")), Plots: []workbook.Plot{plot},
		Category: workbook.Axis{Min: &fromX, Max: &toX, Major: stepX, Format: "0", Title: r.w.t("col.importance"), Grid: true}, Value: workbook.Axis{Min: &fromY, Max: &toY, Major: stepY, Format: "0", Title: r.valueHead(), Grid: true},
	}
}

// medians are the two dashed lines that part the quadrants; their ends stand beside the table, outside the print area.
func (r *report) medians(t *chartTable, x, y []float64, ends [4]float64) []workbook.Series {
	left := len(t.columns) + 2
	head := r.book.Style(workbook.Style{Size: noteSize, Bold: true, Fill: fillTile, Border: true, Wrap: true})
	body := r.book.Style(workbook.Style{Size: noteSize, Border: true, Format: formatScore})
	midX := live(median(x), "MEDIAN(%s)", t.over("importance"))
	midY := live(median(y), "MEDIAN(%s)", t.over("value"))
	rows := [][]cell{{text(r.w.t("median.importance")), midX, number(ends[2])}, {text(markNone), midX, number(ends[3])}, {text(r.w.t("median.value")), number(ends[0]), midY}, {text(markNone), number(ends[1]), midY}}
	for i, h := range []string{r.w.t("median.line"), "x", "y"} {
		c := text(h)
		c.Style = head
		t.p.put(t.first, left+i, c)
	}
	for i, cells := range rows {
		for j, c := range cells {
			c.Style = body
			t.p.put(t.first+1+i, left+j, c)
		}
	}
	t.p.Widths = append(t.p.Widths, 3, 30, 12, 12)
	t.p.Print.Area = "A1:" + workbook.CellName(max(len(t.p.Rows), t.first+5), len(t.columns))
	var lines []workbook.Series
	for i := range 2 {
		from := t.first + 1 + 2*i
		ref := func(column int) workbook.Ref {
			return workbook.Ref{Sheet: t.p.Name, Range: workbook.CellName(from, column) + ":" + workbook.CellName(from+1, column)}
		}
		lines = append(lines, workbook.Series{Name: workbook.Ref{Sheet: t.p.Name, Range: workbook.CellName(from, left)}, Categories: ref(left + 1), Values: ref(left + 2), Color: lineGrey, Line: "dash", Width: 1.25})
	}
	return lines
}

// median is Excel's MEDIAN.
func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// at is the text in a cell of the page.
func (p *page) at(row, column int) string { return p.Rows[row-1].Cells[column-1].Text }

// gaps says what would close the distance to a target: arithmetic, not advice.
func (r *report) gaps() {
	w := r.w
	columns := []column{
		{key: "target", head: w.t("col.target"), width: 42},
		{key: "kind", head: w.t("col.part_of_gap"), width: 18},
		{key: "what", head: w.t("col.what"), width: 56},
		{key: "points", head: w.t("col.points"), width: 10, format: formatScore},
		{key: "people", head: w.t("col.people"), width: 12, format: formatCount},
		{key: "share", head: w.t("col.gapshare"), width: 10, format: formatPercent},
		{key: "words", head: w.t("col.inwords"), width: 110},
	}
	p := r.newPage("gaps", "analysts", widths(columns), func(w words) heading {
		return heading{w.t("sheet.gaps"), w.t("title.gaps"), []string{w.t("about.gaps")}}
	})
	t := p.newTable("tbl_khoangthieu", columns, 1)
	for _, g := range r.set.Gaps {
		tone := plain
		if g.Kind == "total" {
			tone = strong
		}
		t.add(tone, text(r.targetName(g.Target)), text(w.or("gap.", g.Kind)), text(r.subject(g.Node, g.Domain)), figure(g.Points), figure(g.Respondents), figure(g.Share), text(w.pick(g.Text)))
	}
	t.close(w.t("alt.gaps"))
	// The words say the figures once more: they are for the screen.
	p.Print.Area = "A1:" + t.in("share", len(p.Rows))
}

func (r *report) targetName(id string) string {
	for i := range r.set.Targets {
		if r.set.Targets[i].ID == id {
			return r.shortName(&r.set.Targets[i])
		}
	}
	return id
}

// subject names a node, a breakdown value, or both.
func (r *report) subject(node string, domain map[string]string) string {
	var parts []string
	if n := r.nodes[node]; n != nil {
		parts = append(parts, strings.TrimSpace(n.Code+" "+r.w.pick(n.Name)))
	} else if node != "" {
		parts = append(parts, node)
	}
	for _, d := range r.set.Domains {
		if v, ok := domain[d.ID]; ok {
			parts = append(parts, r.w.pick(d.Name)+": "+v)
		}
	}
	return strings.Join(parts, " · ")
}

// severalYears reports whether the own area was placed in more than one year.
func (r *report) severalYears() bool {
	years := map[int]bool{}
	for _, p := range r.set.Placements {
		if r.own(p) {
			years[p.Year] = true
		}
	}
	return len(years) > 1
}

// others reports whether areas other than the own one were placed.
func (r *report) others() bool {
	return slices.ContainsFunc(r.set.Placements, func(p result.Placement) bool { return !r.own(p) })
}

// everyone is all areas on the whole index in the latest year: the country's table.
func (r *report) everyone() {
	w := r.w
	latest := 0
	for _, p := range r.set.Placements {
		latest = max(latest, p.Year)
	}
	columns := []column{
		{key: "area", head: w.t("col.area"), width: 30},
		{key: "code", head: w.t("col.areacode"), width: 9, center: true, code: true},
		{key: "part", head: w.t("col.part"), width: 36},
		{key: "score", head: w.t("col.score"), width: 11, format: formatScore},
		{key: "rank", head: w.t("col.rank"), width: 9, format: formatYear},
		{key: "group", head: w.t("col.group"), width: 20, center: true},
		{key: "edge", head: w.t("col.edge"), width: 28},
	}
	index := indexName(r.set.Placements[0].Index)
	p := r.newPage("everyone", "analysts", widths(columns), func(w words) heading {
		return heading{w.t("sheet.everyone", index), w.t("title.everyone", index, year(latest)), []string{w.t("about.everyone")}}
	})
	t := p.newTable("tbl_cactinh", columns, 1)
	var list []result.Placement
	for _, one := range r.set.Placements {
		if one.Year == latest {
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(a, b result.Placement) int {
		return cmp.Or(cmp.Compare(placeDepth(a), placeDepth(b)), cmp.Compare(a.Node, b.Node), cmp.Compare(ranked(a), ranked(b)), cmp.Compare(a.Area, b.Area))
	})
	for _, one := range list {
		tone := plain
		if r.own(one) {
			tone = strong
		}
		t.add(tone, text(one.AreaName), text(one.Area), text(r.placeName(one)), figure(one.Score), whole(one.Rank), text(w.pick(one.GroupLabel)), text(r.edge(one)))
	}
	t.close(w.t("alt.everyone"))
	r.groupColours(p, t.over("group"), t.in("group", t.first+1))
}

// ranked puts withheld areas last.
func ranked(p result.Placement) int {
	if p.Rank == 0 {
		return 1 << 30
	}
	return p.Rank
}
