package reports

import (
	"errors"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// build describes the whole workbook.
func build(set *result.Set, o Options) (*workbook.Book, error) {
	if set == nil {
		return nil, errors.New("writing the workbook: no results")
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	b := &workbook.Book{Properties: workbook.Properties{Title: set.Plan.Title, Creator: set.Tool.Name + " " + set.Tool.Version, Language: "vi-VN"}}
	head := b.Style(workbook.Style{Bold: true, Wrap: true, Color: "FFFFFF", Fill: "1F4E78", Border: true})
	plain := b.Style(workbook.Style{Border: true})
	sheet := &workbook.Sheet{Name: "Dữ liệu", Widths: []float64{20, 20, 12, 12, 12, 12}}
	sheet.Rows = append(sheet.Rows, workbook.Row{Cells: []workbook.Cell{{Kind: workbook.Text, Text: set.Plan.Title}}})
	var cells []workbook.Cell
	for _, h := range []string{"index", "node", "n", "estimate", "lo", "hi"} {
		cells = append(cells, workbook.Cell{Kind: workbook.Text, Text: h, Style: head})
	}
	sheet.Rows = append(sheet.Rows, workbook.Row{Cells: cells})
	for _, e := range set.Estimates {
		text := func(s string) workbook.Cell { return workbook.Cell{Kind: workbook.Text, Text: s, Style: plain} }
		number := func(n result.Number) workbook.Cell {
			if !n.Known() {
				return text("[x]")
			}
			return workbook.Cell{Kind: workbook.Number, Number: float64(n), Style: plain}
		}
		sheet.Rows = append(sheet.Rows, workbook.Row{Cells: []workbook.Cell{text(e.Index), text(e.Node), number(result.Number(e.N)), number(e.Estimate), number(e.Lo), number(e.Hi)}})
	}
	b.Sheets = []*workbook.Sheet{sheet}
	return b, nil
}
