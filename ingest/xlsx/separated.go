package xlsx

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"hailong/ingest/wording"
)

// textTable is a .csv or .tsv file: text in UTF-8, and what separates its fields.
type textTable struct {
	data []byte
	sep  byte
}

// loadText takes the bytes of a text file for a table. A file that is not Unicode is taken byte for character, so that a later
// room can tell TCVN3, VNI and Windows-1258 apart by content; the note says so.
func (w *Workbook) loadText(data []byte) error {
	t := &textTable{}
	encoding := "UTF-8"
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		t.data, encoding = data[3:], "UTF-8 (marked)"
		if !utf8.Valid(t.data) {
			t.data = bytes.ToValidUTF8(t.data, []byte("\uFFFD"))
			encoding += ", with bytes that are not UTF-8 and became U+FFFD"
		}
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		u, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return damaged("", "", "the text is not UTF-16 as its mark says")
		}
		t.data, encoding = u, "UTF-16 (marked)"
	case utf8.Valid(data):
		t.data = data
	default:
		encoding = "8-bit (not Unicode: each byte is taken for the character of its number)"
		t.data = make([]byte, 0, len(data)+len(data)/4)
		for _, c := range data {
			t.data = utf8.AppendRune(t.data, rune(c))
		}
	}
	if bytes.IndexByte(t.data, 0) >= 0 {
		return &Problem{Msg: "the file is neither a workbook nor text", Hint: "give an .xlsx, .xls, .ods or .csv file", Err: ErrFormat}
	}
	var columns bool
	t.sep, columns = separator(t.data)
	if ext := strings.ToLower(filepath.Ext(w.name)); !columns && ext != ".csv" && ext != ".tsv" && ext != ".txt" {
		return &Problem{Msg: "the file is plain text without columns", Hint: "give a table: separated by commas, semicolons or tabs", Err: ErrFormat}
	}
	w.text = t
	w.note = append(w.note, wording.Errorf("read as text: encoding %s, separator %q", encoding, string(t.sep)))
	w.sheets = []Sheet{{Name: sheetName(w.name), State: Visible, Kind: Worksheet}}
	return nil
}

// separator is the one that splits the first records into the same number of fields, the most fields winning; columns is false
// where none splits anything.
func separator(data []byte) (sep byte, columns bool) {
	best, fields := byte(','), 0
	for _, sep := range []byte{',', ';', '\t', '|'} {
		p := textRows{data: data, sep: sep}
		score, first := 0, 0
		for range 50 {
			ok, err := p.record()
			if !ok || err != nil {
				break
			}
			n := len(p.fields)
			if first == 0 {
				first = n
			}
			if n == first && n > 1 {
				score += n
			}
		}
		if score > fields {
			best, fields = sep, score
		}
	}
	return best, fields > 0
}

// textRows is a pass over a text table.
type textRows struct {
	ctx    context.Context
	data   []byte
	pos    int
	sep    byte
	line   int
	fields [][]byte
	cells  []Cell
	text   []byte
}

func (t *textTable) rows(ctx context.Context) *textRows {
	return &textRows{ctx: ctx, data: t.data, sep: t.sep}
}

// next reads the next record that has a value. Every field is text: what a number is, a later room decides from whole columns.
func (p *textRows) next(row *Row, st *Stats) (bool, error) {
	for {
		ok, err := p.record()
		if !ok || err != nil {
			return false, err
		}
		p.line++
		if p.line&1023 == 0 && p.ctx.Err() != nil {
			return false, p.ctx.Err()
		}
		p.cells = p.cells[:0]
		for i, f := range p.fields {
			if len(f) > 0 {
				p.cells = append(p.cells, Cell{Col: i, Kind: String, SST: -1, Text: f})
			}
		}
		if len(p.cells) == 0 {
			continue
		}
		*row = Row{Index: p.line, Cells: p.cells}
		st.Rows++
		st.Cells += int64(len(p.cells))
		return true, nil
	}
}

// record splits the next record; quoted fields may hold separators, line ends and doubled quotes (RFC 4180).
func (p *textRows) record() (bool, error) {
	p.fields, p.text = p.fields[:0], p.text[:0]
	if p.pos >= len(p.data) {
		return false, nil
	}
	for {
		rest := p.data[p.pos:]
		if len(rest) > 0 && rest[0] == '"' {
			field, n, ok := p.quoted(rest)
			if !ok {
				return false, damaged("", fmt.Sprintf("row %d", p.line+1), "a quoted field is not closed")
			}
			p.fields = append(p.fields, field)
			p.pos += n
		} else {
			n := 0
			for n < len(rest) && rest[n] != p.sep && rest[n] != '\n' && rest[n] != '\r' {
				n++
			}
			p.fields = append(p.fields, rest[:n:n])
			p.pos += n
		}
		if len(p.fields) > MaxCols {
			return false, damaged("", fmt.Sprintf("row %d", p.line+1), "there are more columns than a sheet can have")
		}
		if p.pos >= len(p.data) {
			return true, nil
		}
		switch c := p.data[p.pos]; {
		case c == p.sep:
			p.pos++
		case c == '\r' && p.pos+1 < len(p.data) && p.data[p.pos+1] == '\n':
			p.pos += 2
			return true, nil
		default:
			p.pos++
			return true, nil
		}
	}
}

// quoted reads a quoted field and whatever stands between its closing quote and the separator.
func (p *textRows) quoted(rest []byte) ([]byte, int, bool) {
	start := len(p.text)
	i := 1
	for {
		j := bytes.IndexByte(rest[i:], '"')
		if j < 0 {
			return nil, 0, false
		}
		p.text = append(p.text, rest[i:i+j]...)
		i += j + 1
		if i < len(rest) && rest[i] == '"' {
			p.text = append(p.text, '"')
			i++
			continue
		}
		for i < len(rest) && rest[i] != p.sep && rest[i] != '\n' && rest[i] != '\r' {
			p.text = append(p.text, rest[i])
			i++
		}
		return p.text[start:len(p.text):len(p.text)], i, true
	}
}
