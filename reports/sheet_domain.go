package reports

import (
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// significant is the adjusted p below which a difference is pointed out.
const significant = 0.05

// areas makes one page for each breakdown by area.
func (r *report) areas() {
	number := 0
	for i := range r.set.Domains {
		if d := &r.set.Domains[i]; d.Kind == "area" {
			number++
			r.area(d, number)
		}
	}
}

// area is one breakdown by area: every area with its interval, its distance from the whole and the factors.
func (r *report) area(d *result.Domain, number int) {
	w := r.w
	format, delta := r.formats()
	tops := r.tops()
	columns := []column{
		{key: "name", head: w.pick(d.Name), width: 27},
		{key: "code", head: w.t("col.areacode"), width: 9, center: true, code: true},
		{key: "n", head: "n", width: 8, format: formatCount},
		{key: "share", head: w.t("col.share"), width: 9, format: formatPercent},
		{key: "value", head: r.valueHead(), width: 9, format: format},
		{key: "low", head: w.t("col.low"), width: 9, format: format},
		{key: "high", head: w.t("col.high"), width: 9, format: format},
		{key: "half", head: w.t("col.half"), width: 9, format: format},
		{key: "diff", head: w.t("col.diff_all"), width: 10, format: delta},
		{key: "sign", head: w.t("col.sign"), width: 14, center: true},
		{key: "p", head: w.t("col.padj"), width: 10, format: formatP},
	}
	coded := slices.ContainsFunc(d.Values, func(v result.DomainValue) bool { return v.Code != "" })
	if !coded {
		columns = slices.Delete(columns, 1, 2)
	}
	within := slices.ContainsFunc(d.Values, func(v result.DomainValue) bool { return v.Parent != "" })
	if within {
		columns = slices.Insert(columns, slices.IndexFunc(columns, func(c column) bool { return c.key == "n" }), column{key: "parent", head: w.t("col.parent"), width: 19})
	}
	for _, n := range tops {
		columns = append(columns, column{key: "f." + n.ID, head: n.Code, width: 8, format: format})
	}
	columns = append(columns, column{key: "note", head: w.t("col.note"), width: 10, center: true})
	p := r.newPage("area."+d.ID, "analysts", widths(columns), func(w words) heading {
		return heading{w.t("sheet.area", w.pick(d.Name)), w.t("title.area", r.family(), strings.ToLower(w.pick(d.Name)), r.where()), []string{w.t("about.area", strings.ToLower(w.pick(d.Name))), r.interval(), r.factorKey(), w.t("about.area2")}}
	})
	t := p.newTable(fmt.Sprintf("tbl_diaban_%d", number), columns, 1)
	for _, v := range d.Values {
		r.areaRow(t, d, v, tops, coded, within)
	}
	t.close(w.t("alt.area", w.pick(d.Name)))
	if len(tops) > 0 && format == formatPercent {
		first, last := t.first+1, len(p.Rows)
		p.Rules = append(p.Rules, workbook.Rule{Range: t.in("f."+tops[0].ID, first) + ":" + t.in("f."+tops[len(tops)-1].ID, last), Scale: r.scale()})
	}
	r.signColours(p, t)
}

// factorKey says what the factors' codes mean.
func (r *report) factorKey() string {
	var list []string
	for _, n := range r.tops() {
		list = append(list, n.Code+" = "+r.w.pick(n.Name))
	}
	if len(list) == 0 {
		return ""
	}
	return r.w.t("about.factors", strings.Join(list, "; "))
}

func (r *report) areaRow(t *table, d *result.Domain, v result.DomainValue, tops []*result.Node, coded, within bool) {
	nodes := r.byValue[valueKey{d.ID, v.Value}]
	e := r.rootEstimate(nodes)
	sign, p := r.against(d.ID, v.Value, e)
	cells := []cell{text(r.label(v))}
	if coded {
		cells = append(cells, text(v.Code))
	}
	if within {
		cells = append(cells, text(v.Parent))
	}
	cells = append(cells, r.size(e), figure(v.Share), published(e, value(e).Estimate), published(e, value(e).Lo), published(e, value(e).Hi),
		r.halfCell(t, e), r.diffCell(t, e), sign, p)
	for _, n := range tops {
		cells = append(cells, published(nodes[n.ID], value(nodes[n.ID]).Estimate))
	}
	t.add(plain, append(cells, text(r.noteOn(e)))...)
}

func (r *report) label(v result.DomainValue) string {
	if label := r.w.pick(v.Label); label != "" {
		return label
	}
	return v.Value
}

func (r *report) rootEstimate(nodes map[string]*result.Estimate) *result.Estimate {
	if root := r.root(); root != nil {
		return nodes[root.ID]
	}
	return nil
}

func (r *report) halfCell(t *table, e *result.Estimate) cell {
	if !shown(e) || !e.Lo.Known() || !e.Hi.Known() {
		return published(e, result.Unknown())
	}
	return live((float64(e.Hi)-float64(e.Lo))/2, "(%s-%s)/2", t.at("high"), t.at("low"))
}

func (r *report) diffCell(t *table, e *result.Estimate) cell {
	root := r.root()
	if !shown(e) || root == nil || !shown(r.overall[root.ID]) {
		return published(e, result.Unknown())
	}
	return live(float64(e.Estimate)-float64(r.overall[root.ID].Estimate), "%s-%s", t.at("value"), nameResult)
}

// against is how one value stands against everyone, where that was tested. What is kept back is not told in this way either.
func (r *report) against(domain, value string, e *result.Estimate) (sign, p cell) {
	c, tested := r.alone[valueKey{domain, value}]
	switch {
	case !shown(e):
		return published(e, result.Unknown()), published(e, result.Unknown())
	case !tested || !c.PAdj.Known():
		return text(markMissing), text(markMissing)
	default:
		return text(r.signWord(*c)), number(float64(c.PAdj))
	}
}

func (r *report) signWord(c result.Comparison) string {
	switch {
	case c.PAdj >= significant:
		return r.w.t("sign.none")
	case c.Diff > 0:
		return r.w.t("sign.higher")
	default:
		return r.w.t("sign.lower")
	}
}

// signColours colours the column of significant differences.
func (r *report) signColours(p *page, t *table) {
	first := t.in("sign", t.first+1)
	p.Rules = append(p.Rules, workbook.Rule{Range: t.over("sign"), Cases: []workbook.Case{
		{Formula: "LEFT(" + first + ",1)=\"▲\"", Style: workbook.Style{Fill: fillMet, Color: inkMet, Bold: true}},
		{Formula: "LEFT(" + first + ",1)=\"▼\"", Style: workbook.Style{Fill: fillMissed, Color: inkMissed, Bold: true}},
	}})
}

// fields and characteristics put all breakdowns of one kind on one page.
func (r *report) fields() { r.groups("field", "field", "tbl_linhvuc") }

func (r *report) characteristics() { r.groups("characteristic", "trait", "tbl_dacdiem") }

func (r *report) hasKind(kind string) bool {
	for _, d := range r.set.Domains {
		if d.Kind == kind {
			return true
		}
	}
	return false
}

func (r *report) groups(kind, key, name string) {
	w := r.w
	format, delta := r.formats()
	tops := r.tops()
	columns := []column{
		{key: "trait", head: w.t("col.trait"), width: 18},
		{key: "group", head: w.t("col.value_of"), width: 24},
		{key: "n", head: "n", width: 7, format: formatCount},
		{key: "share", head: w.t("col.share"), width: 9, format: formatPercent},
		{key: "value", head: r.valueHead(), width: 9, format: format},
		{key: "low", head: w.t("col.low"), width: 9, format: format},
		{key: "high", head: w.t("col.high"), width: 9, format: format},
		{key: "half", head: w.t("col.half"), width: 9, format: format},
		{key: "diff", head: w.t("col.diff_all"), width: 10, format: delta},
		{key: "sign", head: w.t("col.sign"), width: 14, center: true},
		{key: "p", head: w.t("col.padj"), width: 10, format: formatP},
	}
	pairs := r.pairwise(kind)
	if pairs {
		columns = slices.DeleteFunc(columns, func(c column) bool { return c.key == "half" }) // the page's width is used up
		columns = append(columns, column{key: "letter", head: w.t("col.letter"), width: 8, center: true}, column{key: "letters", head: w.t("col.letters"), width: 12, center: true},
			column{key: "pmin", head: w.t("col.pmin"), width: 9, format: formatP})
	}
	for _, n := range tops {
		columns = append(columns, column{key: "f." + n.ID, head: n.Code, width: 8, format: format})
	}
	columns = append(columns, column{key: "note", head: w.t("col.note"), width: 10, center: true})
	p := r.newPage(key, "analysts", widths(columns), func(w words) heading {
		return heading{w.t("sheet." + key), w.t("title."+key, r.family(), r.where()), []string{w.t("about." + key), r.interval(), r.factorKey(), r.signKey(w, pairs)}}
	})
	t := p.newTable(name, columns, 2)
	for i := range r.set.Domains {
		if d := &r.set.Domains[i]; d.Kind == kind {
			r.groupRows(t, d, tops, pairs)
		}
	}
	t.close(w.t("alt." + key))
	r.signColours(p, t)
	if format == formatPercent {
		p.Bars = append(p.Bars, workbook.Bar{Range: t.over("value"), Min: 0, Max: 100, Color: "9DC3E6"})
	}
}

func (r *report) groupRows(t *table, d *result.Domain, tops []*result.Node, pairs bool) {
	letters := map[string]string{}
	for i, v := range d.Values {
		letters[v.Value] = letter(i)
	}
	for i, v := range d.Values {
		nodes := r.byValue[valueKey{d.ID, v.Value}]
		e := r.rootEstimate(nodes)
		sign, p := r.against(d.ID, v.Value, e)
		cells := []cell{text(r.w.pick(d.Name)), text(r.label(v)), r.size(e), figure(v.Share), published(e, value(e).Estimate), published(e, value(e).Lo), published(e, value(e).Hi)}
		if !pairs {
			cells = append(cells, r.halfCell(t, e))
		}
		cells = append(cells, r.diffCell(t, e), sign, p)
		if pairs {
			higher, least := r.higherThan(d.ID, v.Value, letters, e)
			cells = append(cells, text(letter(i)), higher, least)
		}
		for _, n := range tops {
			cells = append(cells, published(nodes[n.ID], value(nodes[n.ID]).Estimate))
		}
		t.add(plain, append(cells, text(r.noteOn(e)))...)
	}
}

// pairwise reports whether the values of breakdowns of this kind were tested against one another, not only against everyone.
func (r *report) pairwise(kind string) bool {
	return slices.ContainsFunc(r.set.Comparisons, func(c result.Comparison) bool {
		return c.B != "" && slices.ContainsFunc(r.set.Domains, func(d result.Domain) bool { return d.ID == c.Domain && d.Kind == kind })
	})
}

// signKey explains the columns of significance.
func (r *report) signKey(w words, pairs bool) string {
	if pairs {
		return w.t("about.sign") + " " + w.t("about.letters")
	}
	return w.t("about.sign")
}

// letter is A, B, … Z, AA, …
func letter(i int) string { return workbook.CellName(1, i+1)[:len(workbook.CellName(1, i+1))-1] }

// higherThan lists the letters of the values that this one is significantly above, and the smallest p of the tests it took part in.
func (r *report) higherThan(domain, value string, letters map[string]string, e *result.Estimate) (higher, p cell) {
	if !shown(e) {
		return published(e, result.Unknown()), published(e, result.Unknown())
	}
	var list []string
	least := result.Unknown()
	tested := false
	for _, c := range r.pairs[domain] {
		if c.A != value && c.B != value || !c.PAdj.Known() {
			continue
		}
		tested = true
		if !least.Known() || c.PAdj < least {
			least = c.PAdj
		}
		over, under := c.A, c.B
		if c.Diff < 0 {
			over, under = under, over
		}
		if c.PAdj < significant && over == value {
			list = append(list, letters[under])
		}
	}
	switch {
	case !tested:
		return text(markMissing), text(markMissing)
	case len(list) == 0:
		return text("–"), number(float64(least))
	default:
		return text(strings.Join(list, " ")), number(float64(least))
	}
}
