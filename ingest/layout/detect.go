package layout

import (
	"fmt"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/wording"
	"hailong/ingest/xlsx"
)

// ErrNoTable says that a sheet holds nothing that could be a table.
var ErrNoTable = wording.Errorf("the sheet has no table")

// Detect finds the table of a sheet. An error is ErrNoTable, or names an option of the plan that cannot be.
func Detect(head *Head, merges []xlsx.Range, info SheetInfo, o Options) (*Table, error) {
	t := &Table{Sheet: info.Name, Number: -1, fonts: fontNames{font: info.Font}, question: info.Question, parted: info.Choice}
	if err := t.pin(o); err != nil {
		return nil, err
	}
	prior := head.encodings(t, 1, xlsx.MaxRows, true)
	v := newSheetView(head.textRows(t.choice(prior)), merges)
	if len(v.rows) == 0 {
		return nil, ErrNoTable
	}
	marks := programMarks(v.rows, info.Name)
	b, err := t.findHeader(v, marks, o)
	if err != nil {
		return nil, err
	}
	// The header may be typed in another encoding than the body.
	var own map[vntext.Encoding]vntext.Detection
	if b.last > 0 {
		own = head.encodings(t, 1, b.last, false)
		v.rows = mergeRows(head.textRows(t.choice(own)), v.rows, b.last)
		t.guessEncoding(own, "header_encoding")
	}
	t.HeaderFirst, t.HeaderLast, t.Number = b.first, b.last, b.number
	if t.Dialect = marks.dialect; pinned(o.Dialect) {
		t.Dialect = Dialect(o.Dialect)
	}
	t.titles(v)
	t.flatten(v, b, head.columns)
	t.adapt()
	t.uniqueNames()
	t.markSystem()
	t.markRemarks()
	t.readParent(v)
	t.decodeColumns(head, own)
	t.rememberHeader(v, head)
	t.Aggregate = findAggregate(t, v)
	if t.Aggregate == nil {
		t.Ticks = findTicks(t, v, o)
	}
	t.settle(v, marks, o)
	t.romans = t.romanRows(v)
	t.findDowns(merges)
	t.Guesses = append(t.Guesses, headerGuess(b))
	for _, g := range t.Ticks {
		t.Guesses = append(t.Guesses, guess("ticks", fmt.Sprintf("%s (%d)", g.Name, len(g.Columns)), g.why))
	}
	return t, nil
}

func headerGuess(b block) Guess {
	g := guess("header_row", "none", b.why)
	g.Pinned = b.pinned
	switch {
	case b.first > 0 && b.first == b.last:
		g.Value = fmt.Sprint(b.first)
	case b.first > 0:
		g.Value = fmt.Sprintf("%d-%d", b.first, b.last)
	}
	return g
}

// pin checks the options and takes over what needs no look at the sheet.
func (t *Table) pin(o Options) error {
	if pinned(o.Encoding) {
		switch e := vntext.Encoding(o.Encoding); e {
		case vntext.Unicode, vntext.TCVN3, vntext.TCVN3Capitals, vntext.VNI, vntext.VISCII, vntext.Windows1258:
			t.pinned = e
		default:
			return wording.Key("layout.encoding", wording.Errorf("reading encoding %q: want auto, unicode, tcvn3, tcvn3-capitals, vni, viscii or windows-1258", o.Encoding))
		}
	}
	if pinned(o.Dialect) && !knownDialect(Dialect(o.Dialect)) {
		return wording.Key("layout.dialect", wording.Errorf("reading dialect %q: want auto or one of %s", o.Dialect, dialectNames()))
	}
	if pinned(o.Ticks) && o.Ticks != "none" {
		return wording.Key("layout.ticks", wording.Errorf("reading ticks %q: want auto or none", o.Ticks))
	}
	return nil
}

// findHeader asks, in this order, the plan, the marks of a program, the running number of an office sheet, and the shape of the rows.
func (t *Table) findHeader(v *sheetView, marks marks, o Options) (block, error) {
	switch {
	case pinned(o.Header):
		return v.pinnedBlock(o.Header)
	case marks.first > 0:
		return block{first: marks.first, last: marks.last, number: -1, why: marks.why}, nil
	}
	if b, ok := v.office(); ok {
		return b, nil
	}
	b, none := v.generic()
	if b.first == 0 {
		b.why = none
	}
	return b, nil
}

// encodings decides, for each encoding that fonts claim, what the texts in such fonts are really in; all columns taken together, rows
// first to last. whole takes in the texts that were kept of the rows beyond the head.
func (h *Head) encodings(t *Table, first, last int, whole bool) map[vntext.Encoding]vntext.Detection {
	samples := map[vntext.Encoding][]string{}
	for i := range h.rows {
		row := &h.rows[i]
		if row.Index < first || row.Index > last {
			continue
		}
		for j := range row.Cells {
			c := &row.Cells[j]
			if c.Kind == xlsx.String {
				font := t.fonts.encoding(c.Style)
				samples[font] = append(samples[font], string(c.Text))
			}
		}
	}
	if whole {
		for _, key := range h.textKeys() {
			font := t.fonts.encoding(key.style)
			samples[font] = append(samples[font], h.texts[key].list...)
		}
	}
	out := map[vntext.Encoding]vntext.Detection{}
	for font, list := range samples {
		out[font] = t.detectEncoding(list, font)
	}
	return out
}

// detectEncoding puts the font's claim to the test of the words.
func (t *Table) detectEncoding(samples []string, font vntext.Encoding) vntext.Detection {
	if t.pinned != "" {
		return vntext.Detection{Encoding: t.pinned, Evidence: planSays().en, EvidenceVI: planSays().vi}
	}
	return vntext.Detect(samples, t.fonts.names[font])
}

func (t *Table) choice(found map[vntext.Encoding]vntext.Detection) func(c *xlsx.Cell) vntext.Encoding {
	return func(c *xlsx.Cell) vntext.Encoding {
		return found[t.fonts.encoding(c.Style)].Encoding
	}
}

func (t *Table) guessEncoding(found map[vntext.Encoding]vntext.Detection, what string) {
	for _, font := range fontOrder() {
		d, ok := found[font]
		if ok && d.Encoding != vntext.Unicode && d.Encoding != "" {
			t.Guesses = append(t.Guesses, Guess{What: what, Value: string(d.Encoding), Evidence: d.Evidence, EvidenceVI: d.EvidenceVI, Pinned: t.pinned != ""})
		}
	}
}

func fontOrder() []vntext.Encoding {
	return []vntext.Encoding{vntext.Unicode, vntext.TCVN3, vntext.TCVN3Capitals, vntext.VNI, vntext.VISCII, vntext.Windows1258}
}

// mergeRows takes rows up to last from own and the rest from other.
func mergeRows(own, other []textRow, last int) []textRow {
	var rows []textRow
	for _, r := range own {
		if r.index <= last {
			rows = append(rows, r)
		}
	}
	for _, r := range other {
		if r.index > last {
			rows = append(rows, r)
		}
	}
	return rows
}

// titles keeps the texts above the header: the district often stands only there.
func (t *Table) titles(v *sheetView) {
	for i := range v.rows {
		if v.rows[i].index >= t.HeaderFirst {
			return
		}
		for _, c := range v.rows[i].cells {
			if c.isText() {
				t.TitleText = append(t.TitleText, c.text)
			}
		}
	}
}

// decodeColumns decides the encoding of every column's body. One odd word is enough where another column of the sheet has settled the
// encoding. A column whose cells tell nothing is taken for the same hand as the header.
func (t *Table) decodeColumns(head *Head, header map[vntext.Encoding]vntext.Detection) {
	samples := head.columnSamples(t)
	settled := vntext.Encoding("")
	weak := map[int]vntext.Detection{}
	for i := range t.Columns {
		col := &t.Columns[i]
		col.Encoding = vntext.Unicode
		col.byFont = map[vntext.Encoding]vntext.Encoding{}
		for _, font := range fontOrder() {
			list := samples[columnFont{col.Index, font}]
			if len(list) == 0 {
				if h, ok := header[font]; ok {
					col.byFont[font] = h.Encoding
				}
				continue
			}
			d := t.detectEncoding(list, font)
			if d.Weak != "" {
				weak[i] = d
			}
			col.byFont[font] = d.Encoding
			if d.Encoding == vntext.Unicode {
				continue
			}
			settled = d.Encoding
			col.decoded(d, list)
		}
	}
	for i := range t.Columns {
		if d, ok := weak[i]; ok && sameFamily(d.Weak, settled) {
			col := &t.Columns[i]
			d.Encoding = d.Weak
			d.Evidence += ", and other columns of the sheet are so"
			d.EvidenceVI += ", và các cột khác của trang tính cũng vậy"
			col.byFont[vntext.Unicode] = d.Encoding
			col.decoded(d, samples[columnFont{col.Index, vntext.Unicode}])
		}
	}
	for i := range t.Columns {
		col := &t.Columns[i]
		if col.plain = col.byFont[vntext.Unicode]; col.plain == "" {
			col.plain = vntext.Unicode
		}
	}
	t.guessColumns()
}

// guessColumns returns one guess for each encoding, with the columns that are in it and the longest sample.
func (t *Table) guessColumns() {
	for _, e := range fontOrder()[1:] {
		var names []string
		var best *Column
		for i := range t.Columns {
			col := &t.Columns[i]
			if col.Encoding != e {
				continue
			}
			names = append(names, xlsx.Name(col.Index))
			if best == nil || len(col.Before) > len(best.Before) {
				best = col
			}
		}
		if best != nil {
			t.Guesses = append(t.Guesses, Guess{
				What: "encoding", Value: string(e) + ": " + strings.Join(names, ", "), Pinned: t.pinned != "",
				Evidence:   fmt.Sprintf("%s; %q is %q", best.Evidence, best.Before, best.After),
				EvidenceVI: fmt.Sprintf("%s; %q là %q", best.evidenceVI, best.Before, best.After),
			})
		}
	}
}

// readParent notes which table the rows of a repeat group belong to, and the keys by which ODK's rows name their parents.
func (t *Table) readParent(v *sheetView) {
	uuid, above := t.system("uuid"), t.system("parent_uuid")
	t.keys = map[string]bool{}
	for i := range v.rows {
		if v.rows[i].index <= t.HeaderLast || (t.Dialect != ODK && t.Dialect != SurveyCTO) {
			continue
		}
		if c, ok := v.rows[i].at(uuid); ok {
			t.keys[c.text] = true
		}
		if c, ok := v.rows[i].at(above); ok {
			t.parentKeys = append(t.parentKeys, c.text)
		}
	}
	col := t.system("parent_table")
	if col < 0 {
		return
	}
	for i := range v.rows {
		if c, ok := v.rows[i].at(col); ok && v.rows[i].index > t.HeaderLast && !strings.HasPrefix(c.text, "#") {
			t.Parent = c.text
			return
		}
	}
}

func sameFamily(a, b vntext.Encoding) bool {
	return a == b || (a == vntext.TCVN3 && b == vntext.TCVN3Capitals)
}

// decoded notes the encoding with the longest handy text that it changes.
func (c *Column) decoded(d vntext.Detection, list []string) {
	c.Encoding, c.Evidence, c.evidenceVI = d.Encoding, d.Evidence, d.EvidenceVI
	for _, s := range list {
		after := vntext.Decode(d.Encoding, s)
		if after != vntext.NFC(s) && len(s) > len(c.Before) && (c.Before == "" || len(s) < 60) {
			c.Before, c.After = s, vntext.Clean(after)
		}
	}
}

type columnFont struct {
	col  int
	font vntext.Encoding
}

// columnSamples collects the texts below the header by column and font.
func (h *Head) columnSamples(t *Table) map[columnFont][]string {
	samples := map[columnFont][]string{}
	for i := range h.rows {
		row := &h.rows[i]
		if row.Index <= t.HeaderLast {
			continue
		}
		for j := range row.Cells {
			c := &row.Cells[j]
			if c.Kind == xlsx.String && !asciiBytes(c.Text) {
				key := columnFont{c.Col, t.fonts.encoding(c.Style)}
				samples[key] = append(samples[key], string(c.Text))
			}
		}
	}
	for _, key := range h.textKeys() {
		k := columnFont{key.col, t.fonts.encoding(key.style)}
		samples[k] = append(samples[k], h.texts[key].list...)
	}
	return samples
}

// romanRows reports whether the rows of data are numbered I, II, III: then such a number does not make a group row.
func (t *Table) romanRows(v *sheetView) bool {
	romans := 0
	for i := range v.rows {
		r := &v.rows[i]
		c, ok := r.at(t.Number)
		if !ok || t.Number < 0 || r.index <= t.HeaderLast || isSequence(r) || t.repeated(r) {
			continue
		}
		if c.kind == xlsx.Number || isNumberText(strings.TrimRight(c.text, ".)")) {
			return false
		}
		if words().roman.MatchString(c.text) {
			romans++
		}
	}
	return romans > 0
}
