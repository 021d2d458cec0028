package reports

import (
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// placeDepth is 0 for the whole index, 1 for a dimension, 2 for a part of one: dimensions are numbered, parts have a point in their number.
func placeDepth(p result.Placement) int {
	switch {
	case !strings.ContainsAny(p.Node, "0123456789"):
		return 0
	case !strings.Contains(p.Node, "."):
		return 1
	default:
		return 2
	}
}

// indexName is an index's name for readers: papi-2019 is the definition, PAPI the index.
func indexName(id string) string {
	name, version, found := strings.Cut(id, "-")
	if !found || strings.Trim(version, "0123456789") != "" {
		name = id
	}
	return strings.ToUpper(name)
}

func (r *report) placeName(p result.Placement) string {
	name := r.w.pick(p.Name)
	if name == "" {
		name = p.Node
	}
	if placeDepth(p) == 0 || strings.HasPrefix(name, p.Node) {
		return name
	}
	return p.Node + ". " + name
}

// placeRef is the defined name of one figure of a placement.
func (r *report) placeRef(p result.Placement, what string) string {
	return "Xep_" + ascii(p.Node) + "_" + map[string]string{"score": "Diem", "min": "Min", "max": "Max", "p25": "P25", "p50": "P50", "p75": "P75"}[what]
}

// place is the area's place among all areas, node by node, in the latest year.
func (r *report) place() {
	w := r.w
	columns := []column{
		{key: "code", head: w.t("col.code"), width: 11, center: true, code: true},
		{key: "name", head: w.t("col.part"), width: 38},
		{key: "score", head: w.t("col.score"), width: 10, format: formatScore},
		{key: "min", head: w.t("col.min"), width: 9, format: formatScore},
		{key: "p25", head: "P25", width: 9, format: formatScore},
		{key: "p50", head: "P50", width: 9, format: formatScore},
		{key: "p75", head: "P75", width: 9, format: formatScore},
		{key: "max", head: w.t("col.max"), width: 9, format: formatScore},
		{key: "group", head: w.t("col.group"), width: 17, center: true},
		{key: "rank", head: w.t("col.rank"), width: 8, format: formatYear},
		{key: "of", head: w.t("col.of"), width: 8, format: formatYear},
		{key: "sure", head: w.t("col.sure"), width: 13, format: formatPercent},
		{key: "ranks", head: w.t("col.ranks"), width: 11, center: true, code: true},
		{key: "position", head: w.t("col.position"), width: 10, format: formatPercent},
		{key: "edge", head: w.t("col.edge"), width: 20},
	}
	index := indexName(r.places[0].Index)
	p := r.newPage("place", "analysts", widths(columns), func(w words) heading {
		return heading{w.t("sheet.place", index), w.t("title.place", index, r.places[0].AreaName, year(r.places[0].Year)), []string{w.t("about.place"), w.t("about.place2")}}
	})
	t := p.newTable("tbl_xepnhom", columns, 2)
	for _, place := range r.places {
		r.placeRow(t, place)
	}
	t.close(w.t("alt.placetable"))
	r.groupColours(p, t.over("group"), t.in("group", t.first+1))
}

func (r *report) placeRow(t *table, place result.Placement) {
	tone := []tone{total, plain, plain}[placeDepth(place)]
	group, position := text(markMissing), text(markMissing)
	if place.Score.Known() {
		word := r.w.pick(place.GroupLabel)
		group = text(word)
		if known(place.P25, place.P50, place.P75) && r.groupWord(quartile(place)) == word {
			group = liveText(word, "IF(%[1]s<=%[2]s,%[5]s,IF(%[1]s<%[3]s,%[6]s,IF(%[1]s<=%[4]s,%[7]s,%[8]s)))", t.at("score"), t.at("p25"), t.at("p50"), t.at("p75"),
				fmt.Sprintf(nameGroup, 4), fmt.Sprintf(nameGroup, 3), fmt.Sprintf(nameGroup, 2), fmt.Sprintf(nameGroup, 1))
		}
		if known(place.Min, place.Max) && place.Max > place.Min {
			position = live(100*float64(place.Score-place.Min)/float64(place.Max-place.Min), "100*(%[1]s-%[2]s)/(%[3]s-%[2]s)", t.at("score"), t.at("min"), t.at("max"))
		}
	}
	sure := text(markMissing)
	if place.Group >= 1 && place.Group <= 4 && place.Probabilities[place.Group-1].Known() {
		sure = number(100 * float64(place.Probabilities[place.Group-1]))
	}
	ranks := markMissing
	if place.RankSet[1] > 0 {
		ranks = fmt.Sprintf("%d–%d", place.RankSet[0], place.RankSet[1])
	}
	row := t.addIndented(tone, "name", placeDepth(place), text(place.Node), text(r.w.pick(place.Name)), figure(place.Score), figure(place.Min), figure(place.P25), figure(place.P50), figure(place.P75), figure(place.Max),
		group, whole(place.Rank), whole(place.Of), sure, text(ranks), position, text(r.edge(place)))
	if placeDepth(place) == 0 {
		t.p.define(namePlaceScore, row, t.index("score"))
		t.p.define(namePlaceGroup, row, t.index("group"))
	}
	if placeDepth(place) == 1 {
		for _, what := range []string{"score", "min", "p25", "p50", "p75", "max"} {
			t.p.define(r.placeRef(place, what), row, t.index(what))
		}
	}
}

// edge says that a score sits exactly on a quartile, and what the other reading of the edge would make of it.
func (r *report) edge(p result.Placement) string {
	switch {
	case p.Boundary == "":
		return ""
	case p.OtherReading >= 1 && p.OtherReading <= 4:
		return r.w.t("edge.other", p.Boundary, r.groupWord(p.OtherReading))
	default:
		return r.w.t("edge", p.Boundary)
	}
}

func known(numbers ...result.Number) bool {
	return !slices.ContainsFunc(numbers, func(n result.Number) bool { return !n.Known() })
}

// quartile is the group that the formula in the workbook gives: PAPI's mixed reading of the edges.
func quartile(p result.Placement) int {
	switch {
	case p.Score <= p.P25:
		return 4
	case p.Score < p.P50:
		return 3
	case p.Score <= p.P75:
		return 2
	default:
		return 1
	}
}

// groupColours colours a range by the group's word in the cell first.
func (r *report) groupColours(p *page, over, first string) {
	rule := workbook.Rule{Range: over}
	for i, look := range groupLooks() {
		rule.Cases = append(rule.Cases, workbook.Case{Formula: first + "=" + fmt.Sprintf(nameGroup, i+1), Style: workbook.Style{Fill: look[0], Color: look[1], Bold: true}})
	}
	p.Rules = append(p.Rules, rule)
}
