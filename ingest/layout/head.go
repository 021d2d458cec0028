package layout

import (
	"cmp"
	"slices"
	"sort"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// The parts of a sheet that a Head keeps.
const (
	headRows    = 300 // rows that are kept whole
	columnWords = 64  // texts with letters beyond ASCII that are kept of each column and font
)

// A Head holds what Detect needs of a sheet: its first rows, and from all rows added the texts that tell encodings apart, because an
// encoding is decided by the whole column. The zero value is ready.
type Head struct {
	rows  []xlsx.Row
	texts map[headKey]*headTexts

	columns map[int]bool // those with a value in a row that is not kept

	decoded map[encodedText]string // texts of the head as they are shown: few texts stand in many cells
}

type encodedText struct {
	encoding vntext.Encoding
	text     string
}

// shown is a text of the head, decoded and cleaned.
func (h *Head) shown(e vntext.Encoding, text []byte) string {
	if s, ok := h.decoded[encodedText{e, string(text)}]; ok {
		return s
	}
	if h.decoded == nil {
		h.decoded = map[encodedText]string{}
	}
	s := vntext.Clean(vntext.Decode(e, string(text)))
	h.decoded[encodedText{e, string(text)}] = s
	return s
}

type headKey struct {
	col   int
	style int32
}

type headTexts struct {
	list []string
	seen map[string]bool
}

// Add takes a row in; what it keeps it copies. It may be given every row of the sheet (best) or only the first ones.
func (h *Head) Add(row xlsx.Row) {
	if len(h.rows) < headRows {
		h.rows = append(h.rows, cloneRow(row))
		return
	}
	for i := range row.Cells {
		c := &row.Cells[i]
		h.addColumn(c)
		h.addText(c)
	}
}

func (h *Head) addColumn(c *xlsx.Cell) {
	if c.Kind == xlsx.Empty || h.columns[c.Col] {
		return
	}
	if h.columns == nil {
		h.columns = map[int]bool{}
	}
	h.columns[c.Col] = true
}

// Full reports whether the rows that Detect looks at whole are there: a caller that wants no whole pass may stop adding.
func (h *Head) Full() bool { return len(h.rows) >= headRows }

func (h *Head) addText(c *xlsx.Cell) {
	if c.Kind != xlsx.String || asciiBytes(c.Text) {
		return
	}
	key := headKey{c.Col, c.Style}
	if h.texts == nil {
		h.texts = map[headKey]*headTexts{}
	}
	t := h.texts[key]
	if t == nil {
		t = &headTexts{seen: map[string]bool{}}
		h.texts[key] = t
	}
	if len(t.list) >= columnWords || t.seen[string(c.Text)] {
		return
	}
	s := string(c.Text)
	t.seen[s] = true
	t.list = append(t.list, s)
}

func asciiBytes(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// fontNames knows the encoding that the font of a style stands for.
type fontNames struct {
	font  func(style int32) string
	known []vntext.Encoding // by style
	names map[vntext.Encoding]string
}

// mostStyles bounds what is remembered; a workbook may have 65,490 cell formats.
const mostStyles = 1 << 16

// encoding is not safe for concurrent use; neither is a Table.
func (f *fontNames) encoding(style int32) vntext.Encoding {
	if f.font == nil {
		return vntext.Unicode
	}
	if style < 0 || style >= mostStyles {
		return vntext.FontEncoding(f.font(style))
	}
	for int(style) >= len(f.known) {
		f.known = append(f.known, make([]vntext.Encoding, len(f.known)+16)...)
	}
	if f.known[style] == "" {
		name := f.font(style)
		e := vntext.FontEncoding(name)
		f.known[style] = e
		if e != vntext.Unicode && f.names[e] == "" {
			if f.names == nil {
				f.names = map[vntext.Encoding]string{}
			}
			f.names[e] = name
		}
	}
	return f.known[style]
}

// A textCell is a cell of the head with its text decoded and cleaned.
type textCell struct {
	col  int
	kind xlsx.Kind
	text string
	num  float64
}

func (c textCell) isText() bool { return c.kind == xlsx.String }

// numeric reports whether the cell is a number, or a text that is one: a .csv file holds nothing else.
func (c textCell) numeric() bool {
	return c.kind == xlsx.Number || (c.isText() && isNumberText(c.text))
}

// A textRow is a row of the head without its blank cells.
type textRow struct {
	index int
	cells []textCell
}

func (r *textRow) at(col int) (textCell, bool) {
	i := sort.Search(len(r.cells), func(i int) bool { return r.cells[i].col >= col })
	if i < len(r.cells) && r.cells[i].col == col {
		return r.cells[i], true
	}
	return textCell{}, false
}

func (r *textRow) texts() int {
	n := 0
	for _, c := range r.cells {
		if c.isText() {
			n++
		}
	}
	return n
}

// textRows decodes the head's rows by the given choice of encoding. Rows that hold nothing but white space are left out.
func (h *Head) textRows(encoding func(c *xlsx.Cell) vntext.Encoding) []textRow {
	var rows []textRow
	for i := range h.rows {
		row := &h.rows[i]
		tr := textRow{index: row.Index}
		for j := range row.Cells {
			c := &row.Cells[j]
			tc := textCell{col: c.Col, kind: c.Kind, num: c.Num}
			switch c.Kind {
			case xlsx.Empty:
				continue
			case xlsx.String:
				tc.text = h.shown(encoding(c), c.Text)
				if tc.text == "" {
					continue
				}
			default:
				tc.text = string(c.Text)
			}
			tr.cells = append(tr.cells, tc)
		}
		if len(tr.cells) > 0 {
			rows = append(rows, tr)
		}
	}
	return rows
}

// textKeys are the keys of the kept texts in a fixed order.
func (h *Head) textKeys() []headKey {
	keys := make([]headKey, 0, len(h.texts))
	for k := range h.texts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b headKey) int {
		return cmp.Or(cmp.Compare(a.col, b.col), cmp.Compare(a.style, b.style))
	})
	return keys
}
