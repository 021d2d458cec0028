package xlsx

import (
	"bufio"
	"context"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// WriteCells writes one JSON object a line for each worksheet, hidden ones too: its name, state, merges and every cell with a
// value as [reference, type, value], types s n b e, dates as the stored number.
func WriteCells(ctx context.Context, out io.Writer, w *Workbook) error {
	b := bufio.NewWriterSize(out, 64<<10)
	for _, s := range w.Sheets() {
		if s.Kind != Worksheet {
			continue
		}
		if err := writeSheet(ctx, b, w, s); err != nil {
			return err
		}
	}
	return b.Flush()
}

func writeSheet(ctx context.Context, out *bufio.Writer, w *Workbook, s Sheet) error {
	merges, err := w.Merges(ctx, s.Index)
	if err != nil {
		return err
	}
	line := append([]byte(nil), `{"sheet":`...)
	line = appendJSON(line, []byte(s.Name))
	line = append(line, `,"state":`...)
	line = appendJSON(line, []byte(s.State))
	line = append(line, `,"merges":[`...)
	for i, m := range merges {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendJSON(line, []byte(m.String()))
	}
	line = append(line, `],"cells":[`...)
	rows := w.Rows(ctx, s.Index)
	defer rows.Close()
	first := true
	for rows.Next() {
		row := rows.Row()
		for i := range row.Cells {
			c := &row.Cells[i]
			if c.Kind == Empty || c.Kind == String && len(c.Text) == 0 {
				continue
			}
			if !first {
				line = append(line, ',')
			}
			first = false
			line = append(line, `["`...)
			line = AppendRef(line, row.Index, c.Col)
			line = append(line, `",`...)
			switch c.Kind {
			case String:
				line = append(line, `"s",`...)
			case Number:
				line = append(line, `"n",`...)
			case Bool:
				line = append(line, `"b",`...)
			case Error:
				line = append(line, `"e",`...)
			}
			line = append(appendValue(line, c), ']')
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
		line = line[:0]
	}
	if err := rows.Err(); err != nil {
		return err
	}
	_, err = out.Write(append(line, "]}\n"...))
	return err
}

// appendValue appends the JSON value of a cell.
func appendValue(b []byte, c *Cell) []byte {
	switch c.Kind {
	case Number:
		return appendNumber(b, c.Num)
	case Bool:
		return strconv.AppendBool(b, c.Num != 0)
	case String, Error:
		return appendJSON(b, c.Text)
	}
	return append(b, "null"...)
}

// appendNumber appends the shortest digits that read back as the same number, as JSON (and JavaScript) writes them.
func appendNumber(b []byte, f float64) []byte {
	if f == 0 {
		return append(b, '0')
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'e', -1, 64)
}

// appendJSON appends a JSON string.
func appendJSON(b, s []byte) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, n := utf8.DecodeRune(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(b, "\\ufffd"...)
			} else {
				b = append(b, s[i:i+n]...)
			}
			i += n
			continue
		}
		i++
	}
	return append(b, '"')
}

// WriteCSV writes the values of one sheet as comma-separated text, row by row as in the sheet (an empty line for a row without
// values), dates as ISO 8601, truth values as TRUE and FALSE, errors by their code. A text that a spreadsheet program could take
// for a formula gets an apostrophe before it.
func WriteCSV(ctx context.Context, out io.Writer, w *Workbook, sheet int) error {
	b := bufio.NewWriterSize(out, 64<<10)
	rows := w.Rows(ctx, sheet)
	defer rows.Close()
	next := 1
	var line []byte
	for rows.Next() {
		row := rows.Row()
		line = line[:0]
		for ; next < row.Index; next++ {
			line = append(line, '\n')
		}
		next++
		col := 0
		for i := range row.Cells {
			c := &row.Cells[i]
			for ; col < c.Col; col++ {
				line = append(line, ',')
			}
			line = appendField(line, w, c)
		}
		if _, err := b.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return b.Flush()
}

func appendField(b []byte, w *Workbook, c *Cell) []byte {
	switch c.Kind {
	case Number, Bool:
		return appendPlain(b, w, c)
	case Empty:
		return b
	}
	s := c.Text
	quote := len(s) == 0
	for _, x := range s {
		quote = quote || x == '"' || x == ',' || x == '\n' || x == '\r'
	}
	if quote {
		b = append(b, '"')
	}
	if len(s) > 0 {
		switch s[0] {
		case '=', '+', '-', '@', '\t', '\r':
			b = append(b, '\'')
		}
	}
	for _, x := range s {
		if x == '"' {
			b = append(b, '"')
		}
		b = append(b, x)
	}
	if quote {
		b = append(b, '"')
	}
	return b
}

// appendDate appends a date cell as ISO 8601: a date, a date with a time, or a time.
func (w *Workbook) appendDate(b []byte, c *Cell) ([]byte, bool) {
	if !w.IsDateCell(c) {
		return b, false
	}
	t, ok := w.Time(c.Num)
	if !ok {
		return b, false
	}
	layout := "2006-01-02T15:04:05.999"
	switch {
	case c.Num < 1:
		layout = "15:04:05.999"
	case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0:
		layout = "2006-01-02"
	}
	return t.AppendFormat(b, layout), true
}

// WriteRows writes one JSON object a line for each row with a value: {"row":2,"A":"text","B":3.5,"C":"2024-11-15"}; sheets
// that are not worksheets have none.
func WriteRows(ctx context.Context, out io.Writer, w *Workbook, sheet int) error {
	b := bufio.NewWriterSize(out, 64<<10)
	rows := w.Rows(ctx, sheet)
	defer rows.Close()
	var line []byte
	for rows.Next() {
		row := rows.Row()
		line = append(line[:0], `{"row":`...)
		line = strconv.AppendInt(line, int64(row.Index), 10)
		for i := range row.Cells {
			c := &row.Cells[i]
			if c.Kind == Empty {
				continue
			}
			line = append(line, ',', '"')
			line = appendName(line, c.Col)
			line = append(line, '"', ':')
			start := len(line)
			line = append(line, '"')
			if d, ok := w.appendDate(line, c); ok {
				line = append(d, '"')
				continue
			}
			line = appendValue(line[:start], c)
		}
		if _, err := b.Write(append(line, '}', '\n')); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return b.Flush()
}
