package workbook

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Ref is a range on a sheet, as charts and names write it.
type Ref struct {
	Sheet string
	Range string // A1 or A1:B3
}

// String writes the reference absolute and quoted: 'Tổng quan'!$A$1:$B$3.
func (r Ref) String() string {
	first, last, err := corners(r.Range)
	if err != nil {
		return ""
	}
	text := quote(r.Sheet) + "!" + first.absolute()
	if first != last {
		text += ":" + last.absolute()
	}
	return text
}

func quote(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

// cellRef is a cell's place, both from 1.
type cellRef struct{ row, column int }

func (c cellRef) absolute() string {
	name, _ := excelize.ColumnNumberToName(c.column)
	return "$" + name + "$" + strconv.Itoa(c.row)
}

func parseCell(name string) (cellRef, error) {
	column, row, err := excelize.CellNameToCoordinates(name)
	if err != nil {
		return cellRef{}, fmt.Errorf("reading cell %q: %w", name, err)
	}
	return cellRef{row: row, column: column}, nil
}

func corners(ref string) (first, last cellRef, err error) {
	from, to, found := strings.Cut(ref, ":")
	if first, err = parseCell(from); err != nil || !found {
		return first, first, err
	}
	last, err = parseCell(to)
	return first, last, err
}

// CellName names the cell in row and column, both from 1: (7, 2) is B7.
func CellName(row, column int) string { return cellName(row, column) }

func cellName(row, column int) string { return columnName(column) + strconv.Itoa(row) }

func columnName(column int) string {
	var digits [8]byte
	i := len(digits)
	for column > 0 {
		i--
		digits[i] = byte('A' + (column-1)%26)
		column = (column - 1) / 26
	}
	return string(digits[i:])
}

// at returns the cell in row and column, both from 1; outside the sheet it is blank.
func (s *Sheet) at(row, column int) Cell {
	if row < 1 || row > len(s.Rows) || column < 1 || column > len(s.Rows[row-1].Cells) {
		return Cell{}
	}
	return s.Rows[row-1].Cells[column-1]
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
