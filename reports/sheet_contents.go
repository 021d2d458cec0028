package reports

import "fmt"

// contents lists the pages. It is made second and filled last.
func (r *report) contents() {
	r.newPage("contents", "leaders", widths(r.contentsColumns()), func(w words) heading {
		return heading{w.t("sheet.contents"), w.t("title.contents"), []string{w.t("about.contents")}}
	})
}

func (r *report) contentsColumns() []column {
	return []column{
		{key: "no", head: r.w.t("col.no"), width: 7, center: true, format: "0"},
		{key: "sheet", head: r.w.t("col.sheet"), width: 32},
		{key: "about", head: r.w.t("col.about"), width: 100},
		{key: "holds", head: r.w.t("col.holds"), width: 20},
		{key: "reader", head: r.w.t("col.reader"), width: 20},
	}
}

func (r *report) fillContents() {
	r.coverLinks()
	p := r.find("contents")
	t := p.newTable("tbl_mucluc", r.contentsColumns(), 2)
	for i, to := range r.pages {
		link := linked(to.Name, to.Name, "A1", to.about)
		style := linkStyle()
		style.Border, style.Size = true, bodySize
		link.Style = r.book.Style(style)
		t.add(plain, count(i+1), link, text(to.about), text(r.holds(to)), text(r.w.t("reader."+to.reader)))
	}
	t.close(r.w.t("alt.contents"))
}

// holds says how many tables and charts a page has.
func (r *report) holds(p *page) string {
	tables, charts := p.tables, len(p.Charts)
	switch {
	case tables > 0 && charts > 0:
		return r.w.t("holds.both", tables, charts)
	case tables > 0:
		return r.w.t("holds.tables", tables)
	case charts > 0:
		return r.w.t("holds.charts", charts)
	default:
		return fmt.Sprint(markNone)
	}
}
