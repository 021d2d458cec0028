package reports

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Widths of Times New Roman's printable ASCII characters in thousandths of the size (Adobe's Times-Roman AFM, same metrics), from the space on.
const timesWidths = "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 278 564 564 564 444 921 " +
	"722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 " +
	"444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541"

// A column one unit wide is one "0" of the workbook's Normal font wide (Times New Roman 11: 7 pixels, 5.25 points; so measured in LibreOffice's PDF too).
// The programs keep about five pixels of a cell free.
const (
	pixelsPerUnit = 7
	pointsPerUnit = 5.25
	cellPadding   = 4.0
	columnPadding = 5 // pixels that a column has more than its units
)

// ruler measures texts, to set row heights: LibreOffice clips wrapped rows without one, and Excel does for rows never edited.
type ruler struct{ ascii [95]float64 }

func newRuler() *ruler {
	r := &ruler{}
	for i, field := range strings.Fields(timesWidths) {
		var width int
		for _, digit := range field {
			width = width*10 + int(digit-'0')
		}
		r.ascii[i] = float64(width) / 1000
	}
	return r
}

// width is the width of text in points.
func (r *ruler) width(text string, size float64, bold bool) float64 {
	var sum float64
	for _, c := range norm.NFD.String(text) {
		switch {
		case c >= ' ' && c <= '~':
			sum += r.ascii[c-' ']
		case unicode.Is(unicode.Mn, c):
		case c == 'đ' || c == 'ư' || c == 'ơ':
			sum += 0.52
		case c == 'Đ' || c == 'Ư' || c == 'Ơ':
			sum += 0.74
		default:
			sum += 0.75
		}
	}
	if bold {
		sum *= 1.06
	}
	return sum * size
}

// lines breaks text at spaces into lines no wider than so many column units.
func (r *ruler) lines(text string, units, size float64, bold bool) []string {
	room := units*pointsPerUnit - cellPadding
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line, used := "", 0.0
		for _, word := range strings.Fields(paragraph) {
			width := r.width(word, size, bold)
			if line == "" {
				line, used = word, width
				continue
			}
			if space := size / 4; used+space+width <= room {
				line += " " + word
				used += space + width
				continue
			}
			lines = append(lines, line)
			line, used = word, width
		}
		lines = append(lines, line)
	}
	return lines
}

// linesBoth breaks text into as many lines as the longer of text and other takes: the shorter of the two is broken into narrower lines.
func (r *ruler) linesBoth(text, other string, units, size float64, bold bool) []string {
	const step = 0.97
	most := len(r.lines(other, units, size, bold))
	lines := r.lines(text, units, size, bold)
	for width := units; len(lines) < most && width > 1; width *= step {
		lines = r.lines(text, width, size, bold)
	}
	return lines
}

// count is how many lines text takes in a column so wide; a word longer than the column is broken by the program that shows it.
func (r *ruler) count(text string, units, size float64, bold bool) int {
	room := max(units*pointsPerUnit-cellPadding, size)
	n := 0
	for _, line := range r.lines(text, units, size, bold) {
		n += max(1, int(math.Ceil(r.width(line, size, bold)/room)))
	}
	return n
}

// pixels is how wide so many columns are together, short of the next one: a chart that ends there is as wide as they are in whatever program shows it.
func pixels(widths []float64) int {
	sum := -4
	for _, width := range widths {
		sum += int(width*pixelsPerUnit) + columnPadding
	}
	return sum
}

// height is the row height in points for so many lines.
func height(lines int, size float64) float64 {
	return math.Ceil(float64(lines)*size*1.2*4)/4 + 4
}
