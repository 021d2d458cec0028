package reports

import (
	"fmt"
	"strings"

	"hailong/reports/workbook"
)

const (
	coverLeft  = 37.0
	coverRight = 52.0
)

// cover is the first page: the letterhead of Nghị định 30/2020, the title, and what a reader must know before the first figure.
func (r *report) cover() {
	p := r.newPage("cover", "leaders", []float64{coverLeft, coverRight}, func(w words) heading {
		return heading{w.t("sheet.cover"), "", []string{w.t("about.cover")}}
	})
	p.Print.Portrait, p.Print.OnePage = true, true
	book := r.book
	style := func(s workbook.Style) workbook.StyleID {
		s.Align = workbook.Center
		s.Wrap = true
		return book.Style(s)
	}
	two := func(left string, a workbook.Style, right string, b workbook.Style) {
		l, c := text(left), text(right)
		if left == "" {
			l = cell{}
		}
		l.Style, c.Style = style(a), style(b)
		lines := max(r.ruler.count(left, coverLeft, a.Size, a.Bold), r.ruler.count(right, coverRight, b.Size, b.Bold))
		p.row(height(lines, 13), l, c)
	}
	upright, bold := workbook.Style{Size: 12}, workbook.Style{Size: 12, Bold: true}
	two(strings.ToUpper(r.o.Superior), upright, r.w.t("letterhead.state"), bold)
	two(strings.ToUpper(r.unit()), bold, r.w.t("letterhead.motto"), workbook.Style{Size: 13, Bold: true, Underline: true})
	rule := "————"
	if r.unit() == "" {
		rule = ""
	}
	two(rule, bold, r.placeAndDate(), workbook.Style{Size: 13, Italic: true})
	p.row(height(2, bodySize), cell{Style: book.Style(workbook.Style{})})
	p.logoCell = "A4"
	if r.o.Logo != "" {
		p.Rows[3].Height = 78
	}

	across := func(s string, st workbook.Style) {
		st.Align = workbook.Across
		for _, line := range r.ruler.lines(s, coverLeft+coverRight, st.Size, st.Bold) {
			c := text(line)
			c.Style = book.Style(st)
			p.row(height(1, st.Size), c, cell{Style: book.Style(st)})
		}
	}
	across(strings.ToUpper(r.w.t("title.cover")), workbook.Style{Size: 20, Bold: true, Color: inkTitle})
	across(r.set.Plan.Title, workbook.Style{Size: 15, Bold: true, Color: inkTitle})
	if r.set.Synthetic {
		across(r.w.t("synthetic.long"), workbook.Style{Size: 13, Bold: true, Color: inkAlarm})
	}
	p.row(6, cell{Style: book.Style(workbook.Style{})})

	key := book.Style(workbook.Style{Bold: true, Border: true, Fill: fillTile, Top: true, Wrap: true})
	value := book.Style(workbook.Style{Border: true, Wrap: true, Top: true})
	for _, pair := range r.coverFacts() {
		if pair[1] == "" {
			continue
		}
		a, b := text(pair[0]), text(pair[1])
		a.Style, b.Style = key, value
		p.row(height(max(r.ruler.count(pair[0], coverLeft, bodySize, true), r.ruler.count(pair[1], coverRight, bodySize, false)), bodySize), a, b)
	}
	p.row(6, cell{Style: book.Style(workbook.Style{})})
	for _, key := range []string{"cover.read1", "cover.read2", "cover.read3"} {
		p.say(r.w.t(key), coverLeft+coverRight, workbook.Style{Size: bodySize})
	}
}

// coverLinks adds the way to the other pages, which must exist first.
func (r *report) coverLinks() {
	p := r.pages[0]
	for _, key := range []string{"overview", "contents"} {
		if to := r.find(key); to != nil {
			c := linked(r.w.t("link.go", to.Name), to.Name, "A1", to.about)
			c.Style = r.book.Style(linkStyle())
			p.row(height(1, bodySize), c)
		}
	}
}

func (r *report) placeAndDate() string {
	place := r.o.Place
	if place == "" {
		place = r.set.Plan.Area.Name
	}
	date, err := parseDate(r.o.Date)
	if r.o.Date == "" || err != nil {
		return strings.TrimPrefix(fmt.Sprintf("%s, %s", place, r.w.t("letterhead.open_date", r.set.Plan.Year)), ", ")
	}
	// NĐ 30: days below 10 and the months 1 and 2 are written with a zero.
	month := fmt.Sprint(int(date.Month()))
	if date.Month() <= 2 {
		month = "0" + month
	}
	written := r.w.t("letterhead.date", date.Day(), month, date.Year())
	if r.w.lang == "en" {
		written = date.Format("2 January 2006")
	}
	return strings.TrimPrefix(place+", "+written, ", ")
}

func (r *report) coverFacts() [][2]string {
	s, w := r.set, r.w
	facts := [][2]string{
		{w.t("cover.unit"), r.unit()},
		{w.t("cover.contact"), r.o.Contact},
		{w.t("cover.area"), s.Plan.Area.Name},
		{w.t("cover.period"), year(s.Plan.Year)},
		{w.t("cover.index"), w.pick(s.Index.Title)},
		{w.t("cover.legal"), s.Index.Legal},
		{w.t("cover.basis"), w.or("basis.", s.Index.Basis)},
		{w.t("cover.design"), r.designInWords(w)},
		{w.t("cover.status"), r.status()},
		{w.t("cover.next"), r.o.NextUpdate},
		{w.t("cover.tool"), r.run()},
	}
	if len(s.Nodes) > 0 {
		facts = append(facts[:8], append([][2]string{{w.t("cover.forms"), w.t("ledger.sentence", s.Ledger.Read, s.Ledger.Kept, s.Ledger.Read-s.Ledger.Kept)}}, facts[8:]...)...)
	}
	return facts
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return fmt.Sprint(y)
}

// designInWords says how the sample was drawn as the variance saw it.
func (r *report) designInWords(w words) string {
	d := r.set.Design
	switch {
	case len(r.set.Nodes) == 0:
		return ""
	case d.SRS:
		return w.t("design.srs")
	default:
		var strata []string
		for _, id := range d.Strata {
			strata = append(strata, r.breakdown(w, id))
		}
		return w.t("design.complex", d.NStrata, d.NPSU, orNone(w, strings.Join(strata, ", ")), orNone(w, r.breakdown(w, d.PSU)), orNone(w, d.Weight))
	}
}

// breakdown is the name of the breakdown by a column of the dataset; a column by which nothing is broken down keeps its own.
func (r *report) breakdown(w words, id string) string {
	for _, d := range r.set.Domains {
		if d.ID == id && w.pick(d.Name) != "" {
			return strings.ToLower(w.pick(d.Name))
		}
	}
	return id
}

func orNone(w words, s string) string {
	if s == "" {
		return w.t("none")
	}
	return s
}
