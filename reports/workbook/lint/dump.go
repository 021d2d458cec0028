package lint

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Dump writes everything a reader can find in a workbook as text, one line a row: for goldens, so that a change of one cell is one line of difference.
// A formula stands behind its value; numbers are cut to ten digits, because the last ones may differ between processors.
func Dump(w io.Writer, f *File) error {
	var b strings.Builder
	fmt.Fprintf(&b, "title: %s\ncreator: %s\nlanguage: %s\n", f.Core.Title, f.Core.Creator, f.Core.Language)
	for _, n := range f.Names {
		fmt.Fprintf(&b, "name %s = %s\n", n.Name, n.Refer)
	}
	for _, s := range f.Sheets {
		fmt.Fprintf(&b, "\n== %s\n", s.Name)
		if s.xml.Head.Header != "" {
			fmt.Fprintf(&b, "header: %s\nfooter: %s\n", s.xml.Head.Header, s.xml.Head.Footer)
		}
		for _, t := range s.Tables {
			fmt.Fprintf(&b, "table %s %s\n", t.Name, t.Ref)
		}
		for _, a := range s.Alts {
			fmt.Fprintf(&b, "drawing %s: %s\n", a.Name, a.Text)
		}
		last := 0
		for _, name := range s.Order {
			cell := s.Cells[name]
			if cell.Empty {
				continue
			}
			if _, row := place(name); row != last {
				if last > 0 {
					b.WriteString("\n")
				}
				fmt.Fprintf(&b, "%d:", row)
				last = row
			}
			b.WriteString(" " + name[:1+columnEnd(name)] + " " + shownValue(cell))
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// columnEnd is the index of the last letter of a cell's name.
func columnEnd(name string) int {
	i := 0
	for i+1 < len(name) && name[i+1] >= 'A' && name[i+1] <= 'Z' {
		i++
	}
	return i
}

func shownValue(c Cell) string {
	value := c.Value
	if c.Kind == "s" || c.Kind == "str" {
		value = strconv.Quote(value)
	} else if number, err := strconv.ParseFloat(value, 64); err == nil {
		value = strconv.FormatFloat(number, 'g', 10, 64)
	}
	if c.Formula != "" {
		value += " {=" + c.Formula + "}"
	}
	return value
}
