package xlsx

import (
	"bytes"
	"fmt"
	"strconv"

	"hailong/ingest/wording"
)

// styles is what cells need of the styles part: per cell format the number format and the font name.
type styles struct {
	formats []format // by cellXfs index
	codes   map[int]string
	fonts   []string
}

type format struct {
	code int // numFmtId
	font int // index into fonts
	date bool
}

// readStyles reads number formats, fonts and cell formats. A workbook may do without; one that promises them and lacks them is
// read all the same, but no cell can be said to be a date then, and a note tells.
func (w *Workbook) readStyles(part string) error {
	b, err := w.archive.read(part)
	if err != nil {
		return err
	}
	if b == nil {
		w.note = append(w.note, wording.Errorf("the part %s is missing: dates cannot be told from numbers", part))
		return nil
	}
	s := styles{codes: map[int]string{}}
	x := newWindow(part, b)
	root, err := x.root()
	if err != nil {
		return err
	}
	number := func(t *token, name string) int {
		v, _ := attr(t.attrs, name)
		n, err := strconv.Atoi(string(v))
		if err != nil {
			return 0
		}
		return n
	}
	full := func(n int) error {
		if n < w.limits.Items {
			return nil
		}
		return limited(part, "", fmt.Sprintf("there are more than %d formats", w.limits.Items))
	}
	err = x.children(root, func(t *token) (bool, error) {
		switch string(t.name) {
		case "numFmts":
			return true, x.children(t, func(t *token) (bool, error) {
				if string(t.name) == "numFmt" {
					s.codes[number(t, "numFmtId")] = attrString(t.attrs, "formatCode")
				}
				return false, full(len(s.codes))
			})
		case "fonts":
			return true, x.children(t, func(t *token) (bool, error) {
				if string(t.name) != "font" {
					return false, nil
				}
				s.fonts = append(s.fonts, "")
				last := &s.fonts[len(s.fonts)-1]
				return true, x.children(t, func(t *token) (bool, error) {
					if string(t.name) == "name" {
						*last = attrString(t.attrs, "val")
					}
					return false, full(len(s.fonts))
				})
			})
		case "cellXfs":
			return true, x.children(t, func(t *token) (bool, error) {
				if string(t.name) == "xf" {
					s.formats = append(s.formats, format{code: number(t, "numFmtId"), font: number(t, "fontId")})
				}
				return false, full(len(s.formats))
			})
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	for i, f := range s.formats {
		code, own := s.codes[f.code]
		s.formats[i].date = own && DateFormat(code) || !own && builtinDate(f.code)
	}
	w.styles = s
	return x.finish("styles")
}

// IsDate says whether a number in a cell of this style is shown as a date or a time (of day, or elapsed).
func (w *Workbook) IsDate(style int32) bool {
	return style >= 0 && int(style) < len(w.styles.formats) && w.styles.formats[style].date
}

// IsDateCell says whether the cell is a number that is shown as a date or a time.
func (w *Workbook) IsDateCell(c *Cell) bool {
	return c.Kind == Number && (c.ISO || w.IsDate(c.Style))
}

// Font is the name of the font of a cell style, empty where none is known.
func (w *Workbook) Font(style int32) string {
	if style < 0 || int(style) >= len(w.styles.formats) {
		return ""
	}
	if i := w.styles.formats[style].font; i >= 0 && i < len(w.styles.fonts) {
		return w.styles.fonts[i]
	}
	return ""
}

// NumFmt is the number format code of a cell style, such as "0000000" or "dd/mm/yyyy".
func (w *Workbook) NumFmt(style int32) string {
	if style < 0 || int(style) >= len(w.styles.formats) {
		return "General"
	}
	id := w.styles.formats[style].code
	if code, ok := w.styles.codes[id]; ok {
		return code
	}
	return builtinCode(id)
}

// builtinDate says which of the number formats that need no code are dates; 27–36 and 50–58 are those of East Asian locales.
func builtinDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// builtinCode is the code of a builtin number format (ECMA-376 part 1, 18.8.30).
func builtinCode(id int) string {
	switch id {
	case 1:
		return "0"
	case 2:
		return "0.00"
	case 3:
		return "#,##0"
	case 4:
		return "#,##0.00"
	case 9:
		return "0%"
	case 10:
		return "0.00%"
	case 11:
		return "0.00E+00"
	case 12:
		return "# ?/?"
	case 13:
		return "# ??/??"
	case 14:
		return "mm-dd-yy"
	case 15:
		return "d-mmm-yy"
	case 16:
		return "d-mmm"
	case 17:
		return "mmm-yy"
	case 18:
		return "h:mm AM/PM"
	case 19:
		return "h:mm:ss AM/PM"
	case 20:
		return "h:mm"
	case 21:
		return "h:mm:ss"
	case 22:
		return "m/d/yy h:mm"
	case 37:
		return "#,##0 ;(#,##0)"
	case 38:
		return "#,##0 ;[Red](#,##0)"
	case 39:
		return "#,##0.00;(#,##0.00)"
	case 40:
		return "#,##0.00;[Red](#,##0.00)"
	case 45:
		return "mm:ss"
	case 46:
		return "[h]:mm:ss"
	case 47:
		return "mmss.0"
	case 48:
		return "##0.0E+0"
	case 49:
		return "@"
	}
	if builtinDate(id) {
		return "yyyy-mm-dd"
	}
	return "General"
}

// DateFormat says whether a number format code shows a date or a time: whether it has a y, m, d, h or s (or b, the Buddhist
// year) outside quotes, escapes, fill and padding marks, colours and locale tags. [h]:mm is one: a duration.
func DateFormat(code string) bool {
	b := []byte(code)
	for i := 0; i < len(b); i++ {
		switch c := b[i] | 0x20; {
		case b[i] == '"':
			j := bytes.IndexByte(b[i+1:], '"')
			if j < 0 {
				return false
			}
			i += j + 1
		case b[i] == '\\' || b[i] == '_' || b[i] == '*':
			i++
		case b[i] == '[':
			j := bytes.IndexByte(b[i:], ']')
			if j < 0 {
				return false
			}
			if elapsed(b[i+1 : i+j]) {
				return true
			}
			i += j
		case c == 'g' && len(b)-i >= 7 && bytes.EqualFold(b[i:i+7], []byte("general")):
			i += 6
		case b[i] == ';' && i > 0:
			// Further sections serve negatives, zero and text: a date format may say "@" there.
			continue
		case c == 'y' || c == 'm' || c == 'd' || c == 'h' || c == 's' || b[i] == 'b' || b[i] == 'B':
			return true
		}
	}
	return false
}

// elapsed says whether a bracket holds [h], [mm], [ss] and the like.
func elapsed(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	for _, c := range b {
		if c|0x20 != b[0]|0x20 {
			return false
		}
	}
	c := b[0] | 0x20
	return c == 'h' || c == 'm' || c == 's'
}
