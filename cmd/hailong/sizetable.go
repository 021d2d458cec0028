package main

import (
	"context"
	"regexp"
	"strconv"
	"strings"
)

// A sizeTable is a frame or a list of strata: a csv, or the first sheet of a workbook that has the columns, below whatever titles.
type sizeTable struct {
	path string
	rows []tableRow
}

// A tableRow is one unit by the names of its columns, in lower case.
type tableRow struct {
	line  int // in the file
	cells map[string]string
}

func (r tableRow) text(name string) string { return strings.TrimSpace(r.cells[name]) }

// readTable reads the units below the row that names all needed columns; names are compared without case.
func readTable(ctx context.Context, path string, need ...string) (*sizeTable, error) {
	sheets, err := readSheets(ctx, path, "")
	if err != nil {
		return nil, err
	}
	for _, s := range sheets {
		for at, cells := range s.Cells {
			header := columnsOf(cells)
			if !holds(header, need) {
				continue
			}
			t := &sizeTable{path: path}
			for i := at + 1; i < len(s.Cells); i++ {
				r := tableRow{line: i + 1, cells: map[string]string{}}
				filled := false
				for name, col := range header {
					if col < len(s.Cells[i]) {
						r.cells[name] = s.Cells[i][col]
						filled = filled || r.text(name) != ""
					}
				}
				if filled {
					t.rows = append(t.rows, r)
				}
			}
			if len(t.rows) > 0 {
				return t, nil
			}
		}
	}
	return nil, fault(exitUsage, "error.table", "", nil, path, strings.Join(need, ", "))
}

func columnsOf(cells []string) map[string]int {
	header := map[string]int{}
	for c, h := range cells {
		if name := strings.ToLower(strings.TrimSpace(h)); name != "" {
			header[name] = c
		}
	}
	return header
}

func holds(header map[string]int, need []string) bool {
	for _, name := range need {
		if _, ok := header[name]; !ok {
			return false
		}
	}
	return true
}

// grouped is a number in groups of three digits. Between points or commas they may as well be decimals.
var grouped = regexp.MustCompile(`^[1-9]\d{0,2}(?:[.,\x{00a0} ]\d{3})+$`)

var separators = strings.NewReplacer(".", "", ",", "", "\u00a0", "", " ", "")

// number is a figure; an empty cell is 0.
func (t *sizeTable) number(r tableRow, name string) (float64, error) {
	text := r.text(name)
	switch {
	case text == "":
		return 0, nil
	case grouped.MatchString(text) && strings.ContainsAny(text, ".,"):
		return 0, fault(exitUsage, "error.grouped", "", nil, t.path, r.line, name, text)
	case grouped.MatchString(text):
		text = separators.Replace(text)
	}
	f, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil {
		return 0, fault(exitUsage, "error.draw", "", nil, t.path, r.line, name, text)
	}
	return f, nil
}

// count is a whole number of units, so that 1.500 can only be thousands; an empty cell is 0.
func (t *sizeTable) count(r tableRow, name string) (int, error) {
	text := r.text(name)
	if text == "" {
		return 0, nil
	}
	if grouped.MatchString(text) {
		text = separators.Replace(text)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != float64(int(f)) {
		return 0, fault(exitUsage, "error.count", "", nil, t.path, r.line, name, text)
	}
	return int(f), nil
}
