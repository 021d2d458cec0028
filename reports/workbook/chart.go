package workbook

import (
	"cmp"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// Chart is a native chart. Names, categories and values are references to cells, so that the chart follows them; the
// post-processor writes the points' values into it as well, for previewers that do not look them up.
type Chart struct {
	Cell          string // top left corner
	Width, Height int    // pixels
	Name          string
	Title         string
	Alt           string // says what the chart shows, with its values: read out instead of the picture
	Plots         []Plot // drawn one over the other
	Category      Axis
	Value         Axis
	Legend        string  // bottom, right, top, none
	Text          float64 // size of axis texts and labels in points; 0: 9
}

func (c *Chart) text() float64 { return cmp.Or(c.Text, 9) }

// Plot is one group of series of one kind.
type Plot struct {
	Kind    PlotKind
	Series  []Series
	Gap     uint // percent between columns
	Overlap int
}

// PlotKind is how a group of series is drawn.
type PlotKind uint8

// The kinds of plots.
const (
	Dots         PlotKind = iota // points, joined by a line where the series asks for one
	Columns                      // upright, side by side
	Stack                        // upright, one on the other
	Bars                         // lying
	StackPercent                 // lying, one after the other to 100 %
	Points                       // x against y
)

// Axis is one axis of a chart.
type Axis struct {
	Title    string
	Min, Max *float64
	Major    float64
	Format   string
	Reverse  bool // first category at the top of lying bars
	Grid     bool
	None     bool
}

// Series is one row of points.
type Series struct {
	Name        Ref // a cell: literal names get lost in LibreOffice
	Categories  Ref // for Points: the x values
	Values      Ref
	Plus, Minus Ref // lengths of the error bars; empty: none
	Color       string
	Line        string // "", solid, dash
	Width       float64
	Marker      string // none, circle, diamond, square, …
	Size        int
	Labels      bool
	LabelName   bool // label a point with the series' name instead of its value
	LabelAt     string
	LabelFormat string
	LabelColor  string
}

const chartText = "262626" // excelize's default is a grey of contrast 1.4 : 1

func (m *maker) charts(s *Sheet) error {
	for _, c := range s.Charts {
		var plots []*excelize.Chart
		for i, p := range c.Plots {
			plots = append(plots, c.plot(p, i == 0))
		}
		if len(plots) == 0 {
			return fmt.Errorf("chart %s: nothing to plot", c.Name)
		}
		if err := m.file.AddChart(s.Name, c.Cell, plots[0], plots[1:]...); err != nil {
			return fmt.Errorf("chart %s: %w", c.Name, err)
		}
		m.post.charts = append(m.post.charts, c)
	}
	return nil
}

// plot is one of excelize's charts. Axes go to each: of combined charts the last one's win.
func (c *Chart) plot(p Plot, first bool) *excelize.Chart {
	vary := false
	gap, overlap := p.Gap, p.Overlap
	x := &excelize.Chart{
		Type: p.Kind.excel(), VaryColors: &vary, XAxis: c.Category.excel(c.text()), YAxis: c.Value.excel(c.text()),
		Legend: excelize.ChartLegend{Position: c.Legend, Font: &excelize.Font{Color: chartText, Size: c.text()}},
		Border: excelize.LineOptions{Type: excelize.LineNone},
	}
	if c.Legend == "" {
		x.Legend.Position = "none"
	}
	if p.Kind != Dots && p.Kind != Points {
		x.GapWidth, x.Overlap = &gap, &overlap
	}
	if first {
		x.Dimension = excelize.ChartDimension{Width: uint(c.Width), Height: uint(c.Height)}
		// Anchored at both ends: for oneCell excelize writes an end outside its own cell, which Excel draws as small as that cell.
		x.Format = excelize.GraphicOptions{AltText: c.Alt, Name: c.Name}
		x.Title = excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.Title, Font: &excelize.Font{Bold: true, Size: 11, Color: chartText}}}}
	}
	for _, s := range p.Series {
		x.Series = append(x.Series, s.excel())
	}
	return x
}

// excel is only the series' place: the post-processor writes its content.
func (s Series) excel() excelize.ChartSeries {
	return excelize.ChartSeries{Name: s.Name.String(), Categories: s.Categories.String(), Values: s.Values.String()}
}

func (k PlotKind) excel() excelize.ChartType {
	switch k {
	case Columns:
		return excelize.Col
	case Stack:
		return excelize.ColStacked
	case Bars:
		return excelize.Bar
	case StackPercent:
		return excelize.BarPercentStacked
	case Points:
		return excelize.Scatter
	default:
		return excelize.Line
	}
}

func (a Axis) excel(size float64) excelize.ChartAxis {
	x := excelize.ChartAxis{
		None: a.None, MajorGridLines: a.Grid, MajorUnit: a.Major, Minimum: a.Min, Maximum: a.Max, ReverseOrder: a.Reverse,
		Font: excelize.Font{Color: chartText, Size: size},
	}
	if a.Format != "" {
		x.NumFmt = excelize.ChartNumFmt{CustomNumFmt: a.Format}
	}
	if a.Title != "" {
		x.Title = excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: a.Title, Font: &excelize.Font{Size: size, Color: chartText}}}}
	}
	return x
}
