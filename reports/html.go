package reports

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/ingest/wording"
	"hailong/reports/workbook"
)

//go:embed page.html
var pageHTML string

// htmlPage is the one page of the HTML copy: the overview first, then every table behind a heading that opens.
type htmlPage struct {
	Lang, Title, Synthetic, Unit, Foot string
	Message                            []string
	Tiles                              []htmlTile
	Charts                             []htmlChart
	TargetHead                         []string
	Targets                            []htmlTarget
	StrongHead, WeakHead               string
	Strong, Weak                       [][2]string
	Sections                           []htmlSection
}

type htmlTile struct{ Label, Value, First, Next string }

type htmlChart struct {
	Title, Alt string
	SVG        template.HTML
}

type htmlTarget struct{ Name, Value, Goal, Verdict, Class, Trend string }

type htmlSection struct {
	Title string
	About []string
	Head  []string
	Rows  [][]htmlCell
	More  string
}

type htmlCell struct {
	Text   string
	Number bool
	Class  string
}

// maxHTMLRows keeps the page light enough for a phone; the workbook has every row.
const maxHTMLRows = 300

// writeHTML writes the HTML copy: one file, nothing fetched, no script.
func (r *report) writeHTML(w io.Writer) error {
	page, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return wording.Errorf("reading the page's template: %w", err)
	}
	if err := page.Execute(w, r.htmlPage()); err != nil {
		return wording.Errorf("writing the page: %w", err)
	}
	return nil
}

func (r *report) htmlPage() htmlPage {
	w := r.w
	o := overview{report: r, p: r.find("overview"), row: 1}
	h := htmlPage{
		Lang: w.lang, Title: w.t("title.overview", r.headline()), Unit: r.unit(), Foot: r.run() + " · " + r.status(),
		TargetHead: []string{w.t("col.target"), w.t("col.value"), w.t("col.goal"), w.t("col.verdict"), w.t("col.trend")}, StrongHead: w.t("overview.strong"), WeakHead: w.t("overview.weak"),
	}
	if r.set.Plan.Title != "" {
		h.Message = append(h.Message, r.set.Plan.Title)
	}
	if r.set.Synthetic {
		h.Synthetic = w.t("synthetic.long")
	}
	if line := r.overallLine(); line != "" {
		h.Message = append(h.Message, line)
	}
	if line := r.action(w); line != "" {
		h.Message = append(h.Message, line)
	}
	for _, t := range o.tileList() {
		value := t.value
		value.Style = r.book.Style(workbook.Style{Format: t.format})
		h.Tiles = append(h.Tiles, htmlTile{t.label, r.display(value), t.first.Text, t.next.Text})
	}
	h.Charts = r.htmlCharts()
	for _, t := range r.mainTargets() {
		h.Targets = append(h.Targets, r.htmlTarget(t))
	}
	if leaves := r.ordered(); len(leaves) >= 6 {
		for i := range 3 {
			h.Strong = append(h.Strong, r.htmlCriterion(leaves[i]))
			h.Weak = append(h.Weak, r.htmlCriterion(leaves[len(leaves)-1-i]))
		}
	}
	for _, p := range r.pages {
		if p.key == "contents" || p.key == "data" || len(p.Tables) == 0 {
			continue
		}
		h.Sections = append(h.Sections, r.htmlSection(p))
	}
	return h
}

func (r *report) htmlCriterion(n *result.Node) [2]string {
	return [2]string{strings.TrimSpace(n.Code + ". " + r.w.pick(n.Name)), r.shownFigure(r.overall[n.ID].Estimate)}
}

func (r *report) htmlTarget(t *result.Target) htmlTarget {
	words := func(v result.Value) string {
		if s := r.valueWords(t, v); s != "" {
			return s
		}
		return markMissing
	}
	goal := words(t.Target)
	if t.Kind == "all" {
		goal = r.goalCell(t).Text
	}
	return htmlTarget{Name: r.w.pick(t.Name), Value: words(t.Result), Goal: goal, Verdict: r.w.or("verdict.", t.Verdict), Class: verdictClass(t.Verdict), Trend: r.trendCell(t).Text}
}

func verdictClass(verdict string) string {
	switch verdict {
	case result.Met:
		return "met"
	case result.MetUncertain, result.MissedUncertain:
		return "unsure"
	case result.Missed:
		return "missed"
	default:
		return "open"
	}
}

// htmlSection is one page's table with the texts above it.
func (r *report) htmlSection(p *page) htmlSection {
	s := htmlSection{Title: p.Rows[0].Cells[0].Text}
	from, to, _ := strings.Cut(p.Tables[0].Range, ":")
	top, bottom := rowOf(from), rowOf(to)
	for _, row := range p.Rows[1 : top-1] {
		if len(row.Cells) > 0 && row.Cells[0].Kind == workbook.Text && row.Cells[0].Link == nil && !strings.HasPrefix(row.Cells[0].Text, r.w.t("synthetic.short")) {
			s.About = append(s.About, row.Cells[0].Text)
		}
	}
	columns := columnsOf(to)
	for _, c := range p.Rows[top-1].Cells[:columns] {
		s.Head = append(s.Head, c.Text)
	}
	verdicts := r.verdictClasses()
	for i, row := range p.Rows[top:min(bottom, len(p.Rows))] {
		if i >= maxHTMLRows {
			s.More = r.w.t("html.more", bottom-top-maxHTMLRows)
			break
		}
		var cells []htmlCell
		for _, c := range row.Cells[:columns] {
			cells = append(cells, htmlCell{Text: r.display(c), Number: c.Kind == workbook.Number, Class: verdicts[c.Text]})
		}
		s.Rows = append(s.Rows, cells)
	}
	return s
}

func (r *report) verdictClasses() map[string]string {
	classes := map[string]string{}
	for _, verdict := range []string{result.Met, result.MetUncertain, result.MissedUncertain, result.Missed, result.NotPublished} {
		classes[r.w.t("verdict."+verdict)] = verdictClass(verdict)
	}
	return classes
}

func rowOf(name string) int {
	var row int
	for _, c := range name {
		if c >= '0' && c <= '9' {
			row = row*10 + int(c-'0')
		}
	}
	return row
}

func columnsOf(name string) int {
	column := 0
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			column = column*26 + int(c-'A') + 1
		}
	}
	return column
}

// htmlCharts are the overview's two charts, lying, so that a phone held upright shows them.
func (r *report) htmlCharts() []htmlChart {
	var charts []htmlChart
	var dots []dot
	for _, n := range r.tops() {
		if e := r.overall[n.ID]; shown(e) && e.Lo.Known() && e.Hi.Known() {
			dots = append(dots, dot{strings.TrimSpace(n.Code + ". " + r.w.pick(n.Name)), float64(e.Estimate), float64(e.Lo), float64(e.Hi)})
		}
	}
	if len(dots) > 0 {
		title := r.w.t("chart.factors", r.confidence())
		if r.goal != nil {
			title = r.w.t("chart.factors.goal", r.confidence(), r.w.decimal(float64(r.goal.Target.Number)))
		}
		charts = append(charts, htmlChart{Title: title, Alt: r.factorLine(), SVG: r.dotsSVG(dots)})
	}
	places := slices.DeleteFunc(slices.Clone(r.places), func(p result.Placement) bool {
		return placeDepth(p) != 1 || !known(p.Score, p.Min, p.P25, p.P50, p.P75, p.Max) || p.Max <= p.Min
	})
	if len(places) > 0 {
		charts = append(charts, htmlChart{Title: r.w.t("chart.place", indexName(places[0].Index), year(places[0].Year)), Alt: r.w.t("alt.placetable"), SVG: r.bandsSVG(places)})
	}
	return charts
}
