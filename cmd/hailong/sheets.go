package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"hailong/analytics/index"
	"hailong/analytics/survey"
	"hailong/ingest/xlsx"
)

// sheetCells bounds how wide a neutral grid may get: score tables and procedure lists are small, and a stray cell at XFD1048576
// must not cost memory.
const sheetCells = 20_000_000

// readSheets reads a workbook as a neutral grid of texts, which is how published tables cross from ingest to analytics: the rooms do
// not import one another. Numbers keep their shortest exact decimal.
func readSheets(ctx context.Context, path, password string) ([]index.Sheet, error) {
	wb, err := xlsx.Open(path, xlsx.Options{Password: password})
	if err != nil {
		return nil, err
	}
	defer wb.Close()
	var out []index.Sheet
	for _, s := range wb.Sheets() {
		if s.Kind != xlsx.Worksheet {
			continue
		}
		cells, err := grid(ctx, wb, s)
		if err != nil {
			return nil, err
		}
		out = append(out, index.Sheet{File: filepath.Base(path), Name: s.Name, Cells: cells})
	}
	return out, nil
}

func grid(ctx context.Context, wb *xlsx.Workbook, s xlsx.Sheet) ([][]string, error) {
	rows := wb.Rows(ctx, s.Index)
	defer rows.Close()
	var cells [][]string
	total := 0
	for rows.Next() {
		row := rows.Row()
		if len(row.Cells) == 0 {
			continue
		}
		width := row.Cells[len(row.Cells)-1].Col + 1
		if total += width; total > sheetCells || row.Index-len(cells) > sheetCells {
			return nil, &xlsx.Problem{Sheet: s.Name, Msg: "the table is too large for a list or score table", Hint: "save only the table's columns to a new workbook"}
		}
		for len(cells) < row.Index-1 {
			cells = append(cells, nil)
		}
		line := make([]string, width)
		for _, c := range row.Cells {
			line[c.Col] = cellText(wb, c)
		}
		cells = append(cells, line)
	}
	return cells, rows.Err()
}

func cellText(wb *xlsx.Workbook, c xlsx.Cell) string {
	switch c.Kind {
	case xlsx.String:
		return string(c.Text)
	case xlsx.Number:
		if wb.IsDate(c.Style) {
			if t, ok := wb.Time(c.Num); ok {
				return t.Format("2006-01-02 15:04:05")
			}
		}
		return strconv.FormatFloat(c.Num, 'g', -1, 64)
	case xlsx.Bool:
		return strconv.FormatFloat(c.Num, 'g', -1, 64)
	case xlsx.Error:
		return "" // an error is no value; the score readers report the hole
	}
	return ""
}

// password is the password of encrypted workbooks: from a file, or HAILONG_PASSWORD.
func (a *app) password(file string) (string, error) {
	if file == "" {
		return os.Getenv("HAILONG_PASSWORD"), nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fault(exitUsage, "error.password_file", "hint.password_file", withoutPath(err), file)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

// hintFor is something to do about an error that came without a hint of its own.
func (a *app) hintFor(err error) string {
	var p *xlsx.Problem
	var lonely *survey.LonelyError
	switch {
	case errors.As(err, &p) && a.lang == "vi":
		_, hint := p.Vietnamese()
		return hint
	case errors.As(err, &p):
		return p.Hint
	case errors.As(err, &lonely):
		return say("hint.lonely").in(a.lang)
	case errors.Is(err, syscall.EISDIR):
		return say("hint.directory", "FOLDER").in(a.lang)
	case errors.Is(err, os.ErrNotExist):
		return say("hint.missing_file").in(a.lang)
	}
	return ""
}
