package layout

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/wording"
	"hailong/ingest/xlsx"
)

const (
	searchRows = 60 // non-blank rows in which a header may begin
	deepest    = 5  // rows that a header may have
)

// A block is where a header is. first is 0 where there is none.
type block struct {
	first, last int
	number      int // column of the running number, or -1
	why         why
	pinned      bool
}

// sheetView is the sheet as the search for the header sees it.
type sheetView struct {
	rows   []textRow // non-blank, ascending
	merges []xlsx.Range
	body   []*textRow // rows that may hold ticks, once they have been looked for
}

func (v *sheetView) row(index int) (*textRow, bool) {
	i := sort.Search(len(v.rows), func(i int) bool { return v.rows[i].index >= index })
	if i < len(v.rows) && v.rows[i].index == index {
		return &v.rows[i], true
	}
	return nil, false
}

// newSheetView keeps the merged ranges that begin where a header may stand: a sheet may have many thousands.
func newSheetView(rows []textRow, merges []xlsx.Range) *sheetView {
	v := &sheetView{rows: rows}
	limit := xlsx.MaxRows
	if len(rows) > searchRows+deepest {
		limit = rows[searchRows+deepest].index
	}
	for _, m := range merges {
		if m.FirstRow <= limit && (m.FirstRow < m.LastRow || m.FirstCol < m.LastCol) {
			v.merges = append(v.merges, m)
		}
	}
	return v
}

// merged returns the range that holds a cell.
func (v *sheetView) merged(row, col int) (xlsx.Range, bool) {
	for _, m := range v.merges {
		if m.Contains(row, col) {
			return m, true
		}
	}
	return xlsx.Range{}, false
}

// value is the text that a reader sees in a cell: its own or that of the range it is merged into.
func (v *sheetView) value(row, col int) string {
	if m, ok := v.merged(row, col); ok {
		row, col = m.FirstRow, m.FirstCol
	}
	r, ok := v.row(row)
	if !ok {
		return ""
	}
	c, _ := r.at(col)
	return c.text
}

// pinnedBlock reads the header option.
func (v *sheetView) pinnedBlock(header string) (block, error) {
	b := block{number: -1, pinned: true, why: planSays()}
	if header == "none" {
		return b, nil
	}
	from, to, found := strings.Cut(strings.ReplaceAll(header, ":", "-"), "-")
	if !found {
		to = from
	}
	var err1, err2 error
	b.first, err1 = strconv.Atoi(strings.TrimSpace(from))
	b.last, err2 = strconv.Atoi(strings.TrimSpace(to))
	if err1 != nil || err2 != nil || b.first < 1 || b.last < b.first || b.last-b.first >= 50 {
		return b, wording.Key("layout.header", wording.Errorf("reading header %q: give the header rows as 3, as 6-8 or as none", header))
	}
	for index := b.first; index <= b.last; index++ {
		if r, ok := v.row(index); ok {
			if col, ok := numberColumn(r); ok {
				b.number = col
			}
		}
	}
	return b, nil
}

func numberColumn(r *textRow) (int, bool) {
	for _, c := range r.cells {
		if c.isText() && isNumberHeader(c.text) {
			return c.col, true
		}
	}
	return 0, false
}

// office finds the header of an office sheet by the cell that heads the running number.
func (v *sheetView) office() (block, bool) {
	for i := range v.rows {
		if i >= searchRows {
			break
		}
		r := &v.rows[i]
		col, ok := numberColumn(r)
		if !ok || !v.numbersBelow(i, col) {
			continue
		}
		b := block{first: r.index, last: r.index, number: col}
		cell := xlsx.CellRef(r.index, col)
		b.why = because("%q in %s", "%q ở ô %s", r.cells[indexOf(r, col)].text, cell)
		if m, merged := v.merged(r.index, col); merged && m.LastRow > m.FirstRow && m.LastRow-m.FirstRow < deepest {
			b.last = m.LastRow
			b.why = b.why.plus(because(", merged down to row %d", ", gộp ô xuống đến dòng %d", m.LastRow))
		}
		v.up(&b)
		v.down(&b)
		if v.width(b) >= 2 {
			return b, true
		}
	}
	return block{}, false
}

// numbersBelow reports whether the column under a would-be heading of the running number begins with a number, a group's numeral or the
// number of the column: `TT` is also short for thị trấn.
func (v *sheetView) numbersBelow(i, col int) bool {
	for j := i + 1; j < len(v.rows); j++ {
		c, ok := v.rows[j].at(col)
		if !ok || isNumberHeader(c.text) {
			continue
		}
		switch strings.Trim(c.text, "().") {
		case "I", "A", "1", "01", "001":
			return true
		}
		return c.kind == xlsx.Number || isNumberText(c.text) || v.oneUnit(&v.rows[j])
	}
	return true
}

// oneUnit reports whether a row holds nothing but the name of an administrative unit, which heads its forms.
func (v *sheetView) oneUnit(r *textRow) bool {
	kind, _ := vntext.UnitName(r.cells[0].text)
	return kind != "" && len(r.cells) == 1
}

func indexOf(r *textRow, col int) int {
	for i, c := range r.cells {
		if c.col == col {
			return i
		}
	}
	return 0
}

// width counts the columns that have a header text.
func (v *sheetView) width(b block) int {
	cols := map[int]bool{}
	for index := b.first; index <= b.last; index++ {
		if r, ok := v.row(index); ok {
			for _, c := range r.cells {
				cols[c.col] = true
			}
		}
	}
	return len(cols)
}

// up takes in rows right above that head groups of columns: they stand over the table's columns but not over its first one.
func (v *sheetView) up(b *block) {
	for b.last-b.first+1 < deepest {
		above, ok := v.row(b.first - 1)
		if !ok {
			return
		}
		top, ok := v.row(b.first)
		if !ok || len(above.cells) == 0 || above.texts() < len(above.cells) {
			return
		}
		first, last := top.cells[0].col, v.right(b)
		spans := false
		for _, c := range above.cells {
			if isTitle(c.text) || c.col > last {
				return
			}
			m, merged := v.merged(above.index, c.col)
			if merged && m.FirstCol == first && m.LastCol >= last && m.FirstRow == m.LastRow {
				return // a title across the whole table
			}
			spans = spans || (merged && m.LastCol > m.FirstCol) || (merged && m.LastRow >= b.first)
		}
		alone := len(above.cells) == 1 && !spans
		overFirst := above.cells[0].col <= first && !v.mergedInto(above.index, above.cells[0].col, b.first)
		if alone || (overFirst && !spans) {
			return
		}
		b.first = above.index
	}
}

func (v *sheetView) mergedInto(row, col, below int) bool {
	m, ok := v.merged(row, col)
	return ok && m.LastRow >= below
}

// right is the last column of the header block.
func (v *sheetView) right(b *block) int {
	last := 0
	for index := b.first; index <= b.last; index++ {
		if r, ok := v.row(index); ok {
			last = max(last, r.cells[len(r.cells)-1].col)
		}
	}
	for _, m := range v.merges {
		if m.FirstRow >= b.first && m.FirstRow <= b.last {
			last = max(last, m.LastCol)
		}
	}
	return last
}

// down takes in the rows below that belong to the header: those that a header cell is merged into, and those that fill the gaps
// under the cells that span several columns.
func (v *sheetView) down(b *block) {
	for b.last-b.first+1 < deepest {
		grown := false
		for _, m := range v.merges {
			inside := m.FirstRow >= b.first && m.FirstRow <= b.last && m.LastRow > b.last && m.LastRow < b.first+deepest
			if inside && v.value(m.FirstRow, m.FirstCol) != "" {
				b.last = m.LastRow
				grown = true
			}
		}
		if !grown && v.continues(b) {
			b.last++
			grown = true
		}
		if !grown {
			return
		}
	}
}

// continues reports whether the row below the block is a further header row: it is all text, it leaves the running number blank, and
// it stands under gaps or spans of the block's last row, or names levels of a scale.
func (v *sheetView) continues(b *block) bool {
	next, ok := v.row(b.last + 1)
	if !ok {
		return false
	}
	if v.digitLevels(b, next) {
		return true
	}
	if next.texts() < len(next.cells) || isSequence(next) {
		return false
	}
	if b.number >= 0 {
		if _, numbered := next.at(b.number); numbered {
			return false
		}
	}
	under, levels, notes := 0, 0, 0
	for _, c := range next.cells {
		if strings.HasPrefix(c.text, "(") && strings.HasSuffix(c.text, ")") {
			notes++
		}
		if markText(c.text) != otherMark || isNumberText(c.text) {
			return false
		}
		if isLevel(c.text) {
			levels++
		}
		m, merged := v.merged(b.last, c.col)
		switch {
		case merged && m.LastCol > m.FirstCol && m.LastRow == b.last:
			under++
		case v.value(b.last, c.col) == "":
			under++
		}
	}
	if len(next.cells) < 2 {
		// One cell alone is a group row, unless levels follow it.
		return b.number >= 0 && next.cells[0].col > b.number+1 && v.levelsIn(b.last+2, b.number)
	}
	if levels >= 2 && 2*levels >= len(next.cells) && b.number >= 0 {
		return true
	}
	if notes == len(next.cells) && v.differs(next, b.last+1) {
		return true // units and explanations: (in grams)
	}
	if b.number >= 0 {
		return under >= 1
	}
	return under >= 2 && v.differs(next, b.last+1)
}

// levelsIn reports whether a row holds levels of a scale and no running number.
func (v *sheetView) levelsIn(index, number int) bool {
	r, ok := v.row(index)
	if !ok {
		return false
	}
	if _, numbered := r.at(number); numbered {
		return false
	}
	levels := 0
	for _, c := range r.cells {
		if isLevel(c.text) {
			levels++
		}
	}
	return levels >= 2
}

// digitLevels reports whether the row heads tick columns by the codes of a scale: 5 4 3 2 1 under each question, and ticks below.
func (v *sheetView) digitLevels(b *block, next *textRow) bool {
	if b.number < 0 || len(next.cells) < 2 {
		return false
	}
	cols := map[int]bool{}
	spanned := false
	for _, c := range next.cells {
		_, merged := v.merged(b.last, c.col)
		spanned = spanned || merged || v.value(b.last, c.col) == ""
		if c.col == b.number || !c.wholeUpTo(10) {
			return false
		}
		cols[c.col] = true
	}
	ticks, others := 0, 0
	for i := range v.rows {
		if v.rows[i].index <= next.index || isSequence(&v.rows[i]) || isSummary(&v.rows[i]) {
			continue
		}
		for _, c := range v.rows[i].cells {
			switch {
			case !cols[c.col]:
			case !c.numeric() && markText(c.text) == ticked:
				ticks++
			default:
				others++
			}
		}
	}
	return spanned && ticks > 0 && 10*others <= ticks
}

// differs reports whether the rows below a would-be header row look unlike it: its texts do not come again under it.
func (v *sheetView) differs(r *textRow, index int) bool {
	fresh := 0
	for _, c := range r.cells {
		again := false
		for i := range v.rows {
			if v.rows[i].index <= index {
				continue
			}
			if d, ok := v.rows[i].at(c.col); ok && d.text == c.text {
				again = true
				break
			}
		}
		if !again {
			fresh++
		}
	}
	return fresh == len(r.cells)
}

// isSequence reports whether a row numbers the columns: (1) (2) (3), 1 2 3, A B 1 2 3, also with a formula: (7)=(3)+(5).
func isSequence(r *textRow) bool {
	return sequence(len(r.cells), func(i int) string { return r.cells[i].text })
}

func sequence(n int, text func(int) string) bool {
	if n < 3 {
		return false
	}
	next, brackets, letters := 0, 0, 0
	for i := range n {
		s := text(i)
		m := words().sequence.FindStringSubmatch(s)
		if m == nil {
			return false
		}
		if s[0] == '(' {
			brackets++
		}
		if m[1][0] >= 'A' {
			if next > 0 || m[1][0] != byte('A'+letters) {
				return false
			}
			letters++
			continue
		}
		v, err := strconv.Atoi(m[1])
		if err != nil || (next > 0 && v != next) || (next == 0 && v > letters+1) {
			return false
		}
		next = v + 1
	}
	// Bare numbers from 1 to 5 may be somebody's answers.
	return brackets == n || (next > 1 && (letters > 0 || n >= 7))
}

func isNumberText(s string) bool {
	_, ok := vntext.ParseNumber(s, vntext.DecimalUnknown)
	return ok
}

// generic finds the header of a sheet that no mark gives away: the first row that is text, is nearly as wide as the rows below, and
// whose texts do not come again under it.
func (v *sheetView) generic() (block, why) {
	usual := v.usualWidth()
	for i := range v.rows {
		if i >= searchRows {
			break
		}
		r := &v.rows[i]
		if len(r.cells)*2 < usual || (usual > 1 && len(r.cells) < 2) {
			continue
		}
		if 10*headerLike(r) < 8*len(r.cells) {
			if w := v.headless(i); w.en != "" {
				return block{number: -1}, w
			}
			continue
		}
		if w := v.headless(i); w.en != "" {
			return block{number: -1}, w
		}
		b := block{first: r.index, last: r.index, number: -1}
		b.why = because("row %d is the first that is text and as wide as the table (%d of %d cells)",
			"dòng %d là dòng đầu tiên toàn chữ và rộng bằng bảng (%d trên %d ô)", r.index, len(r.cells), usual)
		v.up(&b)
		v.down(&b)
		return b, why{}
	}
	return block{number: -1}, because("no row of texts is as wide as the table", "không có dòng chữ nào rộng bằng bảng")
}

// headerLike counts the cells that may head a column: texts, and years or small numbers between texts.
func headerLike(r *textRow) int {
	texts, wholes := 0, 0
	for _, c := range r.cells {
		switch {
		case !c.numeric() && c.isText():
			texts++
		case c.wholeUpTo(2100):
			wholes++
		}
	}
	if texts == 0 || 2*texts < len(r.cells) {
		return texts
	}
	return texts + wholes
}

// wholeUpTo reports whether the cell is a whole number from 0 to a limit.
func (c textCell) wholeUpTo(limit float64) bool {
	v, ok := countOf(c.kind, c.num, c.text)
	return ok && v >= 0 && v <= limit && v == math.Trunc(v)
}

// usualWidth is the middle number of cells in a row.
func (v *sheetView) usualWidth() int {
	var counts [1 << 10]int
	n := 0
	for i := range v.rows {
		counts[min(len(v.rows[i].cells), len(counts)-1)]++
		n++
	}
	seen := 0
	for width, c := range counts {
		seen += c
		if 2*seen >= n {
			return width
		}
	}
	return 0
}

// headless says why row i is data although nothing better stands above the data: most of its cells are like those below, numbers over
// numbers or texts that come again in their column.
func (v *sheetView) headless(i int) why {
	r := &v.rows[i]
	like, compared := 0, 0
	for _, c := range r.cells {
		numbers, same, n := 0, 0, 0
		for j := i + 1; j < len(v.rows); j++ {
			d, ok := v.rows[j].at(c.col)
			if !ok {
				continue
			}
			n++
			if d.numeric() {
				numbers++
			}
			if d.kind == c.kind && d.text == c.text {
				same++
			}
		}
		if n == 0 {
			continue
		}
		compared++
		if (c.numeric() && 2*numbers > n) || (c.isText() && same > 0) {
			like++
		}
	}
	if compared > 0 && 2*like > compared {
		return because("row %d looks like the rows below it (%d of %d columns)", "dòng %d giống các dòng bên dưới (%d trên %d cột)", r.index, like, compared)
	}
	return why{}
}
