package lint

import (
	"fmt"
	"strconv"
	"strings"
)

// area is a range of cells, all sides from 1 and within.
type area struct{ left, top, right, bottom int }

func (a area) overlaps(b area) bool {
	return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom
}

func (a area) String() string {
	return fmt.Sprintf("%s:%s", cellAt(a.top, a.left), cellAt(a.bottom, a.right))
}

func areaOf(ref string) area {
	from, to, found := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	if !found {
		to = from
	}
	left, top := place(from)
	right, bottom := place(to)
	return area{left, top, right, bottom}
}

// place is a cell's column and row, both from 1.
func place(name string) (column, row int) {
	i := 0
	for ; i < len(name) && name[i] >= 'A' && name[i] <= 'Z'; i++ {
		column = column*26 + int(name[i]-'A') + 1
	}
	row, err := strconv.Atoi(name[i:])
	if err != nil {
		return column, 0
	}
	return column, row
}

func cellAt(row, column int) string {
	name := ""
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name + strconv.Itoa(row)
}

// sheetOf is the sheet's name in a reference like 'Sheet'!A1.
func sheetOf(ref string) (sheet string, ok bool) {
	i := strings.LastIndex(ref, "!")
	if i < 0 {
		return "", false
	}
	sheet = ref[:i]
	if strings.HasPrefix(sheet, "'") && strings.HasSuffix(sheet, "'") && len(sheet) >= 2 {
		sheet = strings.ReplaceAll(sheet[1:len(sheet)-1], "''", "'")
	}
	return sheet, true
}
