package workbook

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	chartSeries = regexp.MustCompile(`(?s)<ser>.*?</ser>`)
	valueAxis   = regexp.MustCompile(`(?s)<valAx>.*?</valAx>`)
	categoryOwn = regexp.MustCompile(`<auto val="1"></auto><lblAlgn val="ctr"></lblAlgn><lblOffset val="100"></lblOffset><noMultiLvlLbl val="0"></noMultiLvlLbl>`)
	chartLang   = regexp.MustCompile(`lang(="| val=")en-US"`)
)

// chart puts the series into the frame that excelize made: excelize knows no error bars, loses line colours, labels all series or none, and leaves the
// points' values out.
func (p *post) chart(xml []byte, c *Chart) ([]byte, error) {
	var series []string
	for _, plot := range c.Plots {
		for _, s := range plot.Series {
			text, err := p.series(len(series), plot.Kind, s, c.text())
			if err != nil {
				return nil, fmt.Errorf("chart %s: %w", c.Name, err)
			}
			series = append(series, text)
		}
	}
	if found := len(chartSeries.FindAllIndex(xml, -1)); found != len(series) {
		return nil, fmt.Errorf("chart %s: excelize wrote %d series of %d", c.Name, found, len(series))
	}
	next := 0
	xml = chartSeries.ReplaceAllFunc(xml, func([]byte) []byte {
		next++
		return []byte(series[next-1])
	})
	// A value axis must not carry what belongs to a category axis; excelize writes it on both axes of a scatter chart.
	xml = valueAxis.ReplaceAllFunc(xml, func(axis []byte) []byte { return categoryOwn.ReplaceAll(axis, nil) })
	xml = bytes.ReplaceAll(xml, []byte(`<scatterStyle val="smoothMarker">`), []byte(`<scatterStyle val="lineMarker">`))
	if lang := p.book.Properties.Language; lang != "" {
		xml = chartLang.ReplaceAll(xml, []byte(`lang${1}`+lang+`"`))
	}
	return xml, nil
}

func (p *post) series(index int, kind PlotKind, s Series, size float64) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, `<ser><idx val="%d"/><order val="%d"/>`, index, index)
	name, err := p.texts(s.Name)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, `<tx>%s</tx>`, name)
	fill := `<a:solidFill><a:srgbClr val="` + s.Color + `"/></a:solidFill>`
	if kind == Dots || kind == Points {
		b.WriteString(seriesLine(s, fill))
	} else {
		fmt.Fprintf(&b, `<spPr>%s<a:ln w="6350"><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></a:ln></spPr><invertIfNegative val="0"/>`, fill)
	}
	b.WriteString(seriesLabels(kind, s, size))
	if s.Plus != (Ref{}) {
		bars, err := p.errorBars(kind, s)
		if err != nil {
			return "", err
		}
		b.WriteString(bars)
	}
	values, err := p.numbers(s.Values)
	if err != nil {
		return "", err
	}
	if kind == Points {
		x, err := p.numbers(s.Categories)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, `<xVal>%s</xVal><yVal>%s</yVal><smooth val="0"/></ser>`, x, values)
		return b.String(), nil
	}
	categories, err := p.texts(s.Categories)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, `<cat>%s</cat><val>%s</val>`, categories, values)
	if kind == Dots {
		b.WriteString(`<smooth val="0"/>`)
	}
	b.WriteString(`</ser>`)
	return b.String(), nil
}

// pointsToEMU turns points into the drawing's units.
const pointsToEMU = 12700

func seriesLine(s Series, fill string) string {
	line := `<a:ln w="19050"><a:noFill/></a:ln>`
	if s.Line != "" {
		dash := "solid"
		if s.Line == "dash" {
			dash = "dash"
		}
		line = fmt.Sprintf(`<a:ln w="%d" cap="rnd">%s<a:prstDash val="%s"/><a:round/></a:ln>`, int(s.Width*pointsToEMU), fill, dash)
	}
	marker := `<marker><symbol val="none"/></marker>`
	if s.Marker != "" {
		marker = fmt.Sprintf(`<marker><symbol val="%s"/><size val="%d"/><spPr>%s<a:ln w="9525"><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></a:ln></spPr></marker>`, s.Marker, s.Size, fill)
	}
	return `<spPr>` + line + `</spPr>` + marker
}

func seriesLabels(kind PlotKind, s Series, size float64) string {
	if !s.Labels && !s.LabelName {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<dLbls>`)
	if s.LabelFormat != "" {
		fmt.Fprintf(&b, `<numFmt formatCode="%s" sourceLinked="0"/>`, escape(s.LabelFormat))
	}
	ground := `<a:noFill/>`
	if kind == Dots {
		ground = `<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>` // a line that runs behind would cross the figure out
	}
	b.WriteString(`<spPr>` + ground + `<a:ln><a:noFill/></a:ln></spPr>`)
	color := chartText
	if s.LabelColor != "" {
		color = s.LabelColor
	}
	fmt.Fprintf(&b, `<txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d" b="0"><a:solidFill><a:srgbClr val="%s"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en-US"/></a:p></txPr>`, int(size*100), color)
	if s.LabelAt != "" && (kind == Dots || kind == Points || s.LabelAt == "ctr" || s.LabelAt == "inEnd" || s.LabelAt == "outEnd") {
		fmt.Fprintf(&b, `<dLblPos val="%s"/>`, s.LabelAt)
	}
	show := func(on bool) string {
		if on {
			return "1"
		}
		return "0"
	}
	fmt.Fprintf(&b, `<showLegendKey val="0"/><showVal val="%s"/><showCatName val="0"/><showSerName val="%s"/><showPercent val="0"/><showBubbleSize val="0"/></dLbls>`, show(!s.LabelName), show(s.LabelName))
	return b.String()
}

func (p *post) errorBars(kind PlotKind, s Series) (string, error) {
	plus, err := p.numbers(s.Plus)
	if err != nil {
		return "", err
	}
	minus, err := p.numbers(s.Minus)
	if err != nil {
		return "", err
	}
	direction := ""
	if kind == Points || kind == Dots {
		direction = `<errDir val="y"/>`
	}
	return `<errBars>` + direction + `<errBarType val="both"/><errValType val="cust"/><noEndCap val="0"/><plus>` + plus + `</plus><minus>` + minus +
		`</minus><spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="` + chartText + `"/></a:solidFill></a:ln></spPr></errBars>`, nil
}

// cells lists the cells of a reference, row by row.
func (p *post) cells(r Ref) ([]Cell, error) {
	for _, s := range p.book.Sheets {
		if s.Name != r.Sheet {
			continue
		}
		first, last, err := corners(r.Range)
		if err != nil {
			return nil, err
		}
		var cells []Cell
		for row := first.row; row <= last.row; row++ {
			for column := first.column; column <= last.column; column++ {
				cells = append(cells, s.at(row, column))
			}
		}
		return cells, nil
	}
	return nil, fmt.Errorf("no sheet %q", r.Sheet)
}

func (p *post) texts(r Ref) (string, error) {
	cells, err := p.cells(r)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<strRef><f>%s</f><strCache><ptCount val="%d"/>`, escape(r.String()), len(cells))
	for i, c := range cells {
		text := c.Text
		if c.Kind == Number {
			text = number(c.Number)
		}
		fmt.Fprintf(&b, `<pt idx="%d"><v>%s</v></pt>`, i, escape(clean(text)))
	}
	b.WriteString(`</strCache></strRef>`)
	return b.String(), nil
}

// numbers leaves out cells that hold a mark instead of a number: the chart then shows a gap.
func (p *post) numbers(r Ref) (string, error) {
	cells, err := p.cells(r)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<numRef><f>%s</f><numCache><formatCode>General</formatCode><ptCount val="%d"/>`, escape(r.String()), len(cells))
	for i, c := range cells {
		if c.Kind == Number {
			b.WriteString(`<pt idx="` + strconv.Itoa(i) + `"><v>` + number(c.Number) + `</v></pt>`)
		}
	}
	b.WriteString(`</numCache></numRef>`)
	return b.String(), nil
}
