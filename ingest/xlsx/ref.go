package xlsx

import "strconv"

// The size of an Excel sheet.
const (
	MaxRows = 1 << 20
	MaxCols = 1 << 14
)

// Name is the letters of a column: 0 is A, 16383 is XFD.
func Name(col int) string {
	var b [8]byte
	return string(appendName(b[:0], col))
}

// CellRef is the reference of a cell: CellRef(8, 5) is F8. Rows count from 1, columns from 0, as in Row and Cell.
func CellRef(row, col int) string {
	var b [20]byte
	return string(AppendRef(b[:0], row, col))
}

// AppendRef appends what CellRef returns.
func AppendRef(b []byte, row, col int) []byte {
	return strconv.AppendInt(appendName(b, col), int64(row), 10)
}

func appendName(b []byte, col int) []byte {
	if col < 0 {
		return append(b, '?')
	}
	var t [14]byte
	i := len(t)
	for col++; col > 0; col = (col - 1) / 26 {
		i--
		t[i] = byte('A' + (col-1)%26)
	}
	return append(b, t[i:]...)
}

// ParseRef reads a reference such as F8, $F$8 or f8 into a row from 1 and a column from 0.
func ParseRef(ref string) (row, col int, ok bool) {
	row, col, n := parseRef([]byte(ref))
	return row, col, n == len(ref) && n > 0
}

// parseRef reads a reference at the start of b and returns how many bytes it took, 0 where there is none or it lies outside a sheet.
func parseRef(b []byte) (row, col, n int) {
	i := 0
	if i < len(b) && b[i] == '$' {
		i++
	}
	start := i
	for i < len(b) {
		c := b[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		col = col*26 + int(c-'a') + 1
		if col > MaxCols {
			return 0, 0, 0
		}
		i++
	}
	if i == start {
		return 0, 0, 0
	}
	if i < len(b) && b[i] == '$' {
		i++
	}
	start = i
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		row = row*10 + int(b[i]-'0')
		if row > MaxRows {
			return 0, 0, 0
		}
		i++
	}
	if i == start || row == 0 {
		return 0, 0, 0
	}
	return row, col - 1, i
}

// Range is a block of cells; rows count from 1, columns from 0, both ends are inside.
type Range struct {
	FirstRow, FirstCol, LastRow, LastCol int
}

// String is the range as Excel writes it, "B4:E4", or "B4" where it is a single cell.
func (r Range) String() string {
	var t [32]byte
	b := AppendRef(t[:0], r.FirstRow, r.FirstCol)
	if r.FirstRow == r.LastRow && r.FirstCol == r.LastCol {
		return string(b)
	}
	b = append(b, ':')
	return string(AppendRef(b, r.LastRow, r.LastCol))
}

// Contains says whether the cell lies in the range.
func (r Range) Contains(row, col int) bool {
	return row >= r.FirstRow && row <= r.LastRow && col >= r.FirstCol && col <= r.LastCol
}

// parseRange reads B4:E4, or a single reference as a range of one cell.
func parseRange(b []byte) (Range, bool) {
	r1, c1, n := parseRef(b)
	if n == 0 {
		return Range{}, false
	}
	r := Range{r1, c1, r1, c1}
	if n < len(b) {
		if b[n] != ':' {
			return Range{}, false
		}
		r2, c2, m := parseRef(b[n+1:])
		if m == 0 || n+1+m != len(b) {
			return Range{}, false
		}
		r = Range{min(r1, r2), min(c1, c2), max(r1, r2), max(c1, c2)}
	}
	return r, true
}
