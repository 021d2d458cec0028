package ingest

import (
	"context"
	"strings"

	"hailong/ingest/questionnaire"
	"hailong/ingest/vntext"
	"hailong/ingest/wording"
	"hailong/ingest/xlsx"
)

// formRows bounds the sheets of an XLSForm, which are read whole.
const formRows = 200_000

// readForm reads an XLSForm and returns it with the SHA-256 of its file.
func readForm(ctx context.Context, options Options) (*questionnaire.Questionnaire, string, error) {
	sum, _, err := hashFile(options.XLSForm)
	if err != nil {
		return nil, "", wording.Key("xlsform", wording.Errorf("reading XLSForm: %w", err))
	}
	book, err := xlsx.Open(options.XLSForm, xlsx.Options{Password: options.Password, Limits: options.Limits})
	if err != nil {
		return nil, "", wording.Key("xlsform", wording.Errorf("reading XLSForm: %w", err))
	}
	defer book.Close()
	form := questionnaire.Form{}
	for _, sheet := range book.Sheets() {
		var into *[][]string
		switch strings.ToLower(strings.TrimSpace(sheet.Name)) {
		case questionnaire.FormSurvey:
			into = &form.Survey
		case questionnaire.FormChoices:
			into = &form.Choices
		case questionnaire.FormSettings:
			into = &form.Settings
		default:
			continue
		}
		if *into, err = readGrid(ctx, book, sheet); err != nil {
			return nil, "", wording.Key("xlsform", wording.Errorf("reading XLSForm: %w", err))
		}
	}
	if form.Survey == nil {
		return nil, "", wording.Key("xlsform", wording.Errorf("reading XLSForm %s: it has no sheet named %q", options.XLSForm, questionnaire.FormSurvey))
	}
	q, err := questionnaire.FromXLSForm(form)
	if err != nil {
		return nil, "", wording.Errorf("%w (%s)", err, options.XLSForm)
	}
	return q, hexOf(sum[:]), nil
}

// readGrid reads a small sheet as text.
func readGrid(ctx context.Context, book *xlsx.Workbook, sheet xlsx.Sheet) ([][]string, error) {
	rows := book.Rows(ctx, sheet.Index)
	defer rows.Close()
	var grid [][]string
	for rows.Next() {
		if len(grid) == formRows {
			return nil, wording.Errorf("sheet %s has more than %d rows", sheet.Name, formRows)
		}
		var line []string
		for i := range rows.Row().Cells {
			c := &rows.Row().Cells[i]
			for len(line) <= c.Col {
				line = append(line, "")
			}
			switch c.Kind {
			case xlsx.Number:
				line[c.Col] = string(appendNumber(nil, c.Num))
			case xlsx.String:
				line[c.Col] = vntext.Clean(string(c.Text))
			}
		}
		grid = append(grid, line)
	}
	return grid, rows.Err()
}
