package workbook

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// rowWriter writes the sheetData element. Numbers keep full precision; a formula is written with the value that it shows, text or number, so that
// whoever does not recalculate sees the same as who does. A text is always a text: nothing that a respondent typed can become a formula.
type rowWriter struct {
	*bufio.Writer
	styles []int
	shared *sharedStrings
	row    int
}

func (w *rowWriter) sheet(s *Sheet) error {
	w.WriteString("<sheetData>")
	for _, row := range s.Rows {
		if err := w.write(row); err != nil {
			return err
		}
	}
	if s.More != nil {
		for row := range s.More {
			if err := w.write(row); err != nil {
				return err
			}
		}
	}
	if w.row != len(s.Rows)+s.Count {
		return fmt.Errorf("sheet %q: %d rows came where %d were announced", s.Name, w.row, len(s.Rows)+s.Count)
	}
	w.WriteString("</sheetData>")
	return w.Flush()
}

func (w *rowWriter) write(row Row) error {
	w.row++
	w.WriteString(`<row r="`)
	w.WriteString(strconv.Itoa(w.row))
	w.WriteByte('"')
	if row.Height > 0 {
		w.WriteString(` ht="`)
		w.WriteString(number(row.Height))
		w.WriteString(`" customHeight="1"`)
	}
	w.WriteByte('>')
	for c, cell := range row.Cells {
		if cell == (Cell{}) {
			continue
		}
		if err := w.cell(c+1, cell); err != nil {
			return err
		}
	}
	w.WriteString("</row>")
	return nil
}

func (w *rowWriter) cell(column int, cell Cell) error {
	if int(cell.Style) >= len(w.styles) {
		return fmt.Errorf("cell %s: style %d is not of this book", cellName(w.row, column), cell.Style)
	}
	w.WriteString(`<c r="`)
	w.WriteString(columnName(column))
	w.WriteString(strconv.Itoa(w.row))
	w.WriteString(`" s="`)
	w.WriteString(strconv.Itoa(w.styles[cell.Style]))
	w.WriteByte('"')
	switch {
	case cell.Kind == Number && (math.IsNaN(cell.Number) || math.IsInf(cell.Number, 0)):
		return fmt.Errorf("cell %s: not a finite number", cellName(w.row, column))
	case cell.Formula != "" && cell.Kind == Number:
		w.WriteString("><f>")
		w.WriteString(escape(cell.Formula))
		w.WriteString("</f><v>")
		w.WriteString(number(cell.Number))
		w.WriteString("</v></c>")
	case cell.Formula != "":
		w.WriteString(` t="str"><f>`)
		w.WriteString(escape(cell.Formula))
		w.WriteString("</f><v>")
		w.WriteString(cellText(cell.Text))
		w.WriteString("</v></c>")
	case cell.Kind == Number:
		w.WriteString("><v>")
		w.WriteString(number(cell.Number))
		w.WriteString("</v></c>")
	case cell.Kind == Text:
		if i, ok := w.shared.index(cell.Text); ok {
			w.WriteString(` t="s"><v>`)
			w.WriteString(strconv.Itoa(i))
			w.WriteString("</v></c>")
			break
		}
		w.WriteString(` t="inlineStr"><is><t xml:space="preserve">`)
		w.WriteString(cellText(cell.Text))
		w.WriteString("</t></is></c>")
	default:
		w.WriteString("/>")
	}
	return nil
}

// sharedStrings numbers the texts of all sheets in the order in which they are met.
type sharedStrings struct {
	ids   map[string]int
	texts []string
	uses  int
}

func newSharedStrings() *sharedStrings { return &sharedStrings{ids: map[string]int{}} }

// maxShared bounds the memory that the texts of long sheets take: what comes after so many is written where it stands.
const maxShared = 1 << 16

func (s *sharedStrings) index(text string) (int, bool) {
	if i, ok := s.ids[text]; ok {
		s.uses++
		return i, true
	}
	i := len(s.texts)
	if i >= maxShared {
		return 0, false
	}
	s.uses++
	s.ids[text] = i
	s.texts = append(s.texts, text)
	return i, true
}

func (s *sharedStrings) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"+
		`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="%d" uniqueCount="%d">`, s.uses, len(s.texts))
	for _, text := range s.texts {
		out.WriteString(`<si><t xml:space="preserve">`)
		out.WriteString(cellText(text))
		out.WriteString("</t></si>")
	}
	out.WriteString("</sst>")
	return out.Flush()
}

// maxText is the longest text that Excel keeps in a cell, in UTF-16 units.
const maxText = 32767

// maxTip is the longest text that Excel shows over a link; with a longer one it calls the file damaged.
const maxTip = 255

// coded is what Excel reads as the code of a character: _x0041_ is A to it. The underscore before is then written as its own code.
var coded = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// cellText is a text as the file holds it.
func cellText(text string) string {
	text = clean(text)
	if strings.Contains(text, "_x") {
		// Overlapping codes (_x0041_x0042_) share an underscore, so the search goes on from the second one.
		var b strings.Builder
		for {
			at := coded.FindStringIndex(text)
			if at == nil {
				break
			}
			b.WriteString(text[:at[0]])
			b.WriteString("_x005F_")
			b.WriteString(text[at[0]+1 : at[1]-1])
			text = text[at[1]-1:]
		}
		text = b.String() + text
	}
	return escape(text)
}

// clean drops what XML cannot hold and cuts what Excel would refuse.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF {
			return r
		}
		return -1
	}, text)
	return cut(text, maxText)
}

// cut ends a text after so many UTF-16 units, which is how Excel counts.
func cut(text string, most int) string {
	units := 0
	for i, r := range text {
		units++
		if r > 0xFFFF {
			units++
		}
		if units > most {
			return text[:i]
		}
	}
	return text
}

func escape(text string) string {
	if !strings.ContainsAny(text, "&<>\"") {
		return text
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}
