package xlsx

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// excelizeDiffers are the files that excelize reads differently, and why ours is right.
var excelizeDiffers = map[string]string{
	"calamine/empty_s_attribute.xlsx":   "a cell has s=\"\"; excelize gives no cells at all and no error, the first oracle has ours",
	"sheetjs/comments_stress_test.xlsx": "two escapes _x000D_ in a row; excelize leaves them as they are, the first oracle has ours",
	"sheetjs/wtf_path.xlsx":             "parts with odd paths; excelize does not find the shared strings and gives no error",
}

// excelizeFails are files that we read and excelize does not open, or not to the end.
var excelizeFails = map[string]string{
	"poi/sample-beta.xlsx":    "written by a beta of Excel 2007, whose namespaces excelize does not know",
	"poi/xlsx-corrupted.xlsx": "_rels/.rels is broken, all else is whole: the workbook is where it always is",
}

// TestExcelize compares the small files of the corpus with excelize, which tells values but not types.
func TestExcelize(t *testing.T) {
	files, cells := 0, 0
	for _, f := range corpus(t) {
		st, err := os.Stat(f.path)
		if err != nil || !isOOXML(f.name) || st.Size() > 60<<10 || refused[f.name] != "" {
			continue
		}
		d, n, err := excelizeDifferences(f.path)
		switch {
		case err != nil && excelizeFails[f.name] == "":
			t.Errorf("%s: %v", f.name, err)
			continue
		case err != nil:
			continue
		case excelizeFails[f.name] != "":
			t.Errorf("%s is listed as one that excelize fails on, but it does not", f.name)
		}
		files++
		cells += n
		why := excelizeDiffers[f.name]
		switch {
		case len(d) > 0 && why == "":
			t.Errorf("%s: %d: %s", f.name, len(d), strings.Join(d[:min(3, len(d))], "\n\t"))
		case len(d) == 0 && why != "":
			t.Errorf("%s is listed as different (%s) but is not", f.name, why)
		}
	}
	if files < 300 {
		t.Errorf("only %d files", files)
	}
	t.Logf("%d files, %d cells", files, cells)
}

func excelizeDifferences(path string) (d []string, n int, err error) {
	w, err := Open(path, Options{})
	if err != nil {
		return nil, 0, fmt.Errorf("ours: %w", err)
	}
	defer w.Close()
	if w.text != nil {
		return nil, 0, nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("excelize panics: %v", p)
		}
	}()
	x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, 0, err
	}
	defer x.Close()
	for _, s := range w.Sheets() {
		if s.Kind != Worksheet {
			continue
		}
		theirs, err := x.GetRows(s.Name, excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, 0, err
		}
		at := func(row, col int) string {
			if row <= len(theirs) && col < len(theirs[row-1]) {
				return theirs[row-1][col]
			}
			return ""
		}
		seen := 0
		r := w.Rows(context.Background(), s.Index)
		for r.Next() {
			for i := range r.Row().Cells {
				c := &r.Row().Cells[i]
				if c.Kind == Empty || len(c.Text) == 0 {
					continue
				}
				n++
				got := at(r.Row().Index, c.Col)
				if got != "" {
					seen++
				}
				if !sameValue(c, got) {
					d = append(d, fmt.Sprintf("%s!%s: %.60q, excelize %.60q", s.Name, CellRef(r.Row().Index, c.Col), c.Text, got))
				}
			}
		}
		err = r.Err()
		_ = r.Close()
		if err != nil {
			return nil, 0, fmt.Errorf("ours: %w", err)
		}
		all := 0
		for _, row := range theirs {
			for _, v := range row {
				if v != "" {
					all++
				}
			}
		}
		if all != seen {
			d = append(d, fmt.Sprintf("%s: excelize has %d values, %d of them where ours are", s.Name, all, seen))
		}
	}
	return d, n, nil
}

// sameValue: excelize's XML reader turns CR LF into LF, and its booleans are TRUE and FALSE or digits.
func sameValue(c *Cell, s string) bool {
	switch c.Kind {
	case Number:
		f, err := strconv.ParseFloat(s, 64)
		return err == nil && f == c.Num || c.ISO
	case Bool:
		return (s == "1" || s == "TRUE") == (c.Num == 1) && s != ""
	}
	return string(c.Text) == s || strings.ReplaceAll(string(c.Text), "\r\n", "\n") == s
}
