package reports

import (
	"fmt"
	"html"
	"html/template"
	"strings"

	"hailong/analytics/result"
)

// The drawings of the HTML copy: 360 units wide, which a phone shows one to one.
const (
	svgWidth = 360.0
	svgRow   = 44.0
	svgLeft  = 6.0
	svgRight = 46.0 // room for the figure at the end of a row
)

type dot struct {
	name             string
	value, low, high float64
}

// dotsSVG draws one row a factor: its name, the interval as a line, the estimate as a dot, the target as a dashed line through all rows.
func (r *report) dotsSVG(dots []dot) template.HTML {
	low, high := 100.0, 0.0
	for _, d := range dots {
		low, high = min(low, d.low), max(high, d.high)
	}
	format, _ := r.formats()
	if r.goal != nil {
		low, high = min(low, float64(r.goal.Target.Number)), max(high, float64(r.goal.Target.Number))
	}
	from, to, step := bounds(low, high, format == formatPercent)
	at := func(v float64) float64 { return svgLeft + (v-from)/(to-from)*(svgWidth-svgLeft-svgRight) }
	tall := float64(len(dots))*svgRow + 22
	var b strings.Builder
	open(&b, tall)
	for v := from; v <= to+step/2; v += step {
		fmt.Fprintf(&b, `<line x1="%.1f" y1="0" x2="%.1f" y2="%.1f" stroke="#D9D9D9"/><text x="%.1f" y="%.1f" text-anchor="middle" class="s">%s</text>`, at(v), at(v), tall-18, at(v), tall-4, r.w.mark(fixed(v, 0)))
	}
	if r.goal != nil {
		x := at(float64(r.goal.Target.Number))
		fmt.Fprintf(&b, `<line x1="%.1f" y1="0" x2="%.1f" y2="%.1f" stroke="#%s" stroke-width="2" stroke-dasharray="6 4"/>`, x, x, tall-18, lineTarget)
	}
	for i, d := range dots {
		y := float64(i)*svgRow + 30
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f">%s</text><line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#262626" stroke-width="2"/><circle cx="%.1f" cy="%.1f" r="6" fill="#%s"/><text x="%.1f" y="%.1f" text-anchor="end" class="v">%s</text>`,
			svgLeft, y-12, html.EscapeString(r.fit(d.name, 62, bodySize)), at(d.low), y, at(d.high), y, at(d.value), y, lineMain, svgWidth-2, y+4, r.shownFigure(result.Number(d.value)))
	}
	return end(&b)
}

// bandsSVG draws one row a dimension: the four quartile bands from the lowest to the highest area, and the own area as a diamond.
func (r *report) bandsSVG(places []result.Placement) template.HTML {
	const legendRow = 18
	tall := float64(len(places))*svgRow + 2*legendRow
	var b strings.Builder
	open(&b, tall)
	for band, color := range bandColors() {
		x, y := svgLeft+float64(band%2)*svgWidth/2, tall-float64(2-band/2)*legendRow+4
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="12" height="12" fill="#%s"/><text x="%.1f" y="%.1f">%s</text>`, x, y, color, x+18, y+10, html.EscapeString(r.groupWord(4-band)))
	}
	for i, p := range places {
		y := float64(i)*svgRow + 20
		at := func(v result.Number) float64 {
			return svgLeft + float64(v-p.Min)/float64(p.Max-p.Min)*(svgWidth-2*svgLeft)
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f">%s: %s</text>`, svgLeft, y-4, html.EscapeString(r.fit(r.placeName(p), 44, bodySize)), html.EscapeString(r.w.pick(p.GroupLabel)))
		edges := []result.Number{p.Min, p.P25, p.P50, p.P75, p.Max}
		for band, color := range bandColors() {
			fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="14" fill="#%s"/>`, at(edges[band]), y, max(0, at(edges[band+1])-at(edges[band])), color)
		}
		x, middle := at(p.Score), y+7
		fmt.Fprintf(&b, `<path d="M%.1f %.1f l7 7 l-7 7 l-7 -7 z" fill="#000" stroke="#fff"/>`, x, middle-7)
	}
	return end(&b)
}

// bandColors are the quartile bands' colours, lowest group first: each darker than the one before, so that grey print keeps them apart.
func bandColors() [4]string { return [4]string{"F4E3B0", "F4B183", "7FB069", "3E6FB0"} }

func open(b *strings.Builder, tall float64) {
	fmt.Fprintf(b, `<svg viewBox="0 0 %.0f %.0f" aria-hidden="true">`, svgWidth, tall)
}

func end(b *strings.Builder) template.HTML {
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}
