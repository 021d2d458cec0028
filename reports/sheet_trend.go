package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// placeYears is the own area's placements of all years, long.
func (r *report) placeYears() {
	w := r.w
	columns := []column{
		{key: "code", head: w.t("col.code"), width: 12, center: true, code: true},
		{key: "name", head: w.t("col.part"), width: 62},
		{key: "year", head: w.t("col.year"), width: 9, format: formatYear},
		{key: "score", head: w.t("col.score"), width: 11, format: formatScore},
		{key: "rank", head: w.t("col.rank"), width: 9, format: formatYear},
		{key: "of", head: w.t("col.of"), width: 9, format: formatYear},
		{key: "group", head: w.t("col.group"), width: 20, center: true},
		{key: "edge", head: w.t("col.edge"), width: 44},
	}
	var own []result.Placement
	for _, p := range r.set.Placements {
		if r.own(p) {
			own = append(own, p)
		}
	}
	slices.SortStableFunc(own, func(a, b result.Placement) int {
		return cmp.Or(cmp.Compare(placeDepth(a), placeDepth(b)), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Year, b.Year))
	})
	index := indexName(own[0].Index)
	p, t := r.chartPage("placeyears", "tbl_xepnhom_nam", columns, 23, func(w words) heading {
		return heading{w.t("sheet.placeyears", index), w.t("title.placeyears", index, own[0].AreaName), []string{w.t("about.placeyears"), w.t("about.placeyears2")}}
	})
	last := t.first
	for _, one := range own {
		row := t.add(plain, text(one.Node), text(w.pick(one.Name)), count(one.Year), figure(one.Score), whole(one.Rank), whole(one.Of), text(w.pick(one.GroupLabel)), text(r.edge(one)))
		if placeDepth(one) <= 1 {
			last = row
		}
	}
	t.close(w.t("alt.placeyears"))
	r.groupColours(p, t.over("group"), t.in("group", t.first+1))
	r.trend(t, own)
	p.Print.Area = "A1:" + workbook.CellName(max(last, t.first+1), len(columns))
}

// trend draws the whole index's score and the country's median year by year. Each set of questions has its own line: across a break nothing is joined.
// Its figures stand beside the table, outside the print area.
func (r *report) trend(t *chartTable, own []result.Placement) {
	w := r.w
	var whole []result.Placement
	for _, one := range own {
		if placeDepth(one) == 0 && one.Score.Known() {
			whole = append(whole, one)
		}
	}
	if len(whole) < 2 {
		return
	}
	left := len(t.columns) + 2
	head := r.book.Style(workbook.Style{Size: noteSize, Bold: true, Fill: fillTile, Border: true, Wrap: true})
	put := func(row, column int, c cell, style workbook.Style) {
		c.Style = r.book.Style(style)
		t.p.put(row, column, c)
	}
	for i, h := range []string{w.t("col.framework"), w.t("col.year"), w.t("col.score"), w.t("trend.median")} {
		c := text(h)
		c.Style = head
		t.p.put(t.first, left+i, c)
	}
	t.p.Widths = append(t.p.Widths, 3, 24, 9, 10, 12)
	plot := workbook.Plot{Kind: workbook.Points}
	low, high := float64(whole[0].Score), float64(whole[0].Score)
	var said []string
	for from := 0; from < len(whole); {
		to := from
		for to+1 < len(whole) && whole[to+1].Index == whole[from].Index {
			to++
		}
		years := fmt.Sprintf("%d–%d", whole[from].Year, whole[to].Year)
		if from == to {
			years = fmt.Sprint(whole[from].Year)
		}
		for i := from; i <= to; i++ {
			row := t.first + 1 + i
			score, median := float64(whole[i].Score), whole[i].P50
			put(row, left, text(indexName(whole[i].Index)+" "+years), workbook.Style{Size: noteSize, Border: true})
			put(row, left+1, count(whole[i].Year), workbook.Style{Size: noteSize, Border: true, Format: formatYear})
			put(row, left+2, live(score, "%s", t.in("score", t.first+1+slices.IndexFunc(own, func(p result.Placement) bool { return placeDepth(p) == 0 && p.Year == whole[i].Year }))), workbook.Style{Size: noteSize, Border: true, Format: formatScore})
			put(row, left+3, figure(median), workbook.Style{Size: noteSize, Border: true, Format: formatScore})
			low, high = min(low, score), max(high, score)
			if median.Known() {
				low, high = min(low, float64(median)), max(high, float64(median))
			}
			said = append(said, fmt.Sprintf("%d: %s", whole[i].Year, w.score(score)))
		}
		ref := func(column int) workbook.Ref {
			return workbook.Ref{Sheet: t.p.Name, Range: workbook.CellName(t.first+1+from, column) + ":" + workbook.CellName(t.first+1+to, column)}
		}
		color := []string{lineGrey, "2E7D32", "801650", lineMain}[len(plot.Series)/2%4]
		plot.Series = append(plot.Series,
			workbook.Series{Name: workbook.Ref{Sheet: t.p.Name, Range: workbook.CellName(t.first+1+from, left)}, Categories: ref(left + 1), Values: ref(left + 2), Color: color, Line: "solid", Width: 2, Marker: "circle", Size: 7, Labels: true, LabelAt: "t", LabelFormat: "0.0"},
			workbook.Series{Name: workbook.Ref{Sheet: t.p.Name, Range: workbook.CellName(t.first, left+3)}, Categories: ref(left + 1), Values: ref(left + 3), Color: color, Line: "dash", Width: 1.25})
		from = to + 1
	}
	bottom, top, step := bounds(low, high, false)
	first, last := float64(whole[0].Year-1), float64(whole[len(whole)-1].Year+1)
	t.draw(&workbook.Chart{
		Name: "chart_theonam", Title: w.t("chart.trend", indexName(whole[0].Index), whole[0].AreaName), Alt: w.t("alt.trend", strings.Join(said, "; ")), Plots: []workbook.Plot{plot}, Legend: "bottom",
		Category: workbook.Axis{Min: &first, Max: &last, Major: 1, Format: "0"}, Value: workbook.Axis{Min: &bottom, Max: &top, Major: 2 * step, Format: "0", Title: w.t("col.score"), Grid: true},
	})
}
