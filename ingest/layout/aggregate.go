package layout

import (
	"math"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// An Aggregate says how to read a table of counts: a row is a criterion or a unit, and the cells say how many forms gave each answer.
type Aggregate struct {
	Label    int              // sheet column of the row's text: the criterion or the unit
	Blocks   []AggregateBlock // one, or one a question where the questions stand side by side
	Evidence string

	why why
}

// An AggregateBlock is the columns of one question.
type AggregateBlock struct {
	Question string // "" where the row is the question
	Levels   []AggregateLevel
	Total    int // sheet column of the number of forms, or -1
	Share    int // sheet column of the printed share of satisfied answers, or -1
}

// An AggregateLevel is one answer: the column of its count and, where there is one, of its printed share.
type AggregateLevel struct {
	Label    string
	Count    int
	Share    int // -1 where there is none
	Positive bool
}

// An AggregateRow is what a row says of one question.
type AggregateRow struct {
	Label      string // of the row
	Question   string // of the block
	Counts     []int64
	Known      []bool // whether the count was printed: a blank is not a nought
	Answers    int64  // the sum of the counts
	Total      int64  // the printed number of forms, or Answers where none is printed
	Mismatches []Mismatch
}

// A countColumn is a column as its header reads: an answer's count or share, the number of forms, the share of satisfied ones.
type countColumn struct {
	role     countRole
	question string
	level    string
}

type countRole uint8

const (
	noRole countRole = iota
	levelCount
	levelShare
	totalCount
	positiveShare
)

// readCountHeader understands `Rất hài lòng › SL`, `Hài lòng (%)`, `Tổng số phiếu`, `Tỷ lệ hài lòng (%)`.
func readCountHeader(path []string) countColumn {
	if len(path) == 0 {
		return countColumn{}
	}
	role := levelCount
	rest := path
	last := vntext.Fold(path[len(path)-1])
	if len(path) > 1 {
		switch unit := strings.Trim(last, " ()."); {
		case isCountWord(unit):
			rest = path[:len(path)-1]
		case isShareWord(unit):
			role, rest = levelShare, path[:len(path)-1]
		}
	}
	text := rest[len(rest)-1]
	question := strings.Join(rest[:len(rest)-1], Separator)
	folded := vntext.Fold(text)
	if i := strings.LastIndexAny(folded, "(-"); i > 0 && len(rest) == len(path) {
		unit := strings.Trim(folded[i:], " ()-.")
		if isShareWord(unit) {
			role, text = levelShare, folded[:i]
		} else if isCountWord(unit) {
			text = folded[:i]
		}
	}
	text = strings.TrimSpace(text)
	switch {
	case isLevel(text):
		return countColumn{role, question, text}
	case satisfiedShare(folded):
		return countColumn{role: positiveShare, question: question}
	case totalForms(folded) && role == levelCount:
		return countColumn{role: totalCount, question: question}
	}
	return countColumn{}
}

func isCountWord(s string) bool {
	switch s {
	case "sl", "số lượng", "số phiếu", "số người", "số ý kiến", "số lượt", "phiếu", "n", "count", "số trả lời":
		return true
	}
	return false
}

func isShareWord(s string) bool {
	switch s {
	case "%", "tỷ lệ", "tỉ lệ", "tỷ lệ %", "tỉ lệ %", "tỷ lệ (%", "tỉ lệ (%", "tl", "tl %", "tl%", "percent", "share":
		return true
	}
	return false
}

func satisfiedShare(s string) bool {
	s = vntext.FoldASCII(s)
	return strings.Contains(s, "hai long") && (strings.HasPrefix(s, "ty le") || strings.HasPrefix(s, "ti le") || strings.HasPrefix(s, "%") || strings.HasPrefix(s, "muc do"))
}

func totalForms(s string) bool {
	s = vntext.FoldASCII(s)
	for _, word := range []string{"tong so", "tong phieu", "tong cong", "so phieu", "tong", "total", "so nguoi tra loi"} {
		if s == word || strings.HasPrefix(s, word+" ") {
			return true
		}
	}
	return false
}

// fewestLevels is how many answers of one question must have a column of counts.
const fewestLevels = 3

// findAggregate decides whether the table holds counts. It takes headers that name answers, each once a question, and whole numbers
// above 1 under them; ticks written as 1 are none.
func findAggregate(t *Table, v *sheetView) *Aggregate {
	if t.Dialect.program() {
		return nil
	}
	a := &Aggregate{Label: -1}
	at := map[string]int{}
	var headers []countColumn
	for i := range t.Columns {
		h := readCountHeader(t.Columns[i].Path)
		headers = append(headers, h)
		if h.role != levelCount {
			continue
		}
		b, ok := at[h.question]
		if !ok {
			b = len(a.Blocks)
			at[h.question] = b
			a.Blocks = append(a.Blocks, AggregateBlock{Question: h.question, Total: -1, Share: -1})
		}
		block := &a.Blocks[b]
		for _, l := range block.Levels {
			if vntext.Fold(l.Label) == vntext.Fold(h.level) {
				return nil
			}
		}
		block.Levels = append(block.Levels, AggregateLevel{Label: h.level, Count: t.Columns[i].Index, Share: -1, Positive: positiveAnswer(h.level)})
	}
	for _, b := range a.Blocks {
		if len(b.Levels) < fewestLevels {
			return nil
		}
	}
	if len(a.Blocks) == 0 || !a.holdsCounts(t, v) {
		return nil
	}
	for i, h := range headers {
		a.assign(h, t.Columns[i].Index, at)
	}
	a.Label = t.labelColumn(v, headers)
	if len(a.Blocks) == 1 {
		a.Blocks[0].Question = commonQuestion(a.Blocks[0].Question)
	}
	a.why = because("columns %s to %s are headed by answers and hold numbers of forms", "các cột %s đến %s mang tên mức trả lời và chứa số phiếu",
		xlsx.Name(a.Blocks[0].Levels[0].Count), xlsx.Name(a.Blocks[len(a.Blocks)-1].Levels[len(a.Blocks[len(a.Blocks)-1].Levels)-1].Count))
	a.Evidence = a.why.en
	return a
}

// commonQuestion drops a heading that only says what the columns are.
func commonQuestion(s string) string {
	switch vntext.FoldASCII(s) {
	case "muc do hai long", "ket qua", "ket qua khao sat", "muc do", "y kien danh gia", "danh gia":
		return ""
	}
	return s
}

// assign gives a share or a total to its block: that of its own question, else the only one, else that of the column's left neighbours.
func (a *Aggregate) assign(h countColumn, col int, at map[string]int) {
	b, ok := at[h.question]
	if !ok && len(a.Blocks) == 1 {
		b, ok = 0, true
	}
	switch h.role {
	case levelShare:
		if !ok {
			return
		}
		for i := range a.Blocks[b].Levels {
			if l := &a.Blocks[b].Levels[i]; vntext.Fold(l.Label) == vntext.Fold(h.level) {
				l.Share = col
			}
		}
	case totalCount:
		if ok {
			if a.Blocks[b].Total < 0 {
				a.Blocks[b].Total = col
			}
			return
		}
		// One number of forms for all questions.
		for i := range a.Blocks {
			if a.Blocks[i].Total < 0 && h.question == "" {
				a.Blocks[i].Total = col
			}
		}
	case positiveShare:
		if ok && a.Blocks[b].Share < 0 {
			a.Blocks[b].Share = col
		}
	}
}

// holdsCounts reports whether the cells are whole numbers, and not only 0 and 1.
func (a *Aggregate) holdsCounts(t *Table, v *sheetView) bool {
	whole, large, other := 0, 0, 0
	for i := range v.rows {
		r := &v.rows[i]
		if r.index <= t.HeaderLast || isSequence(r) || isSummary(r) || t.repeated(r) {
			continue
		}
		for _, b := range a.Blocks {
			for _, l := range b.Levels {
				c, ok := r.at(l.Count)
				if !ok {
					continue
				}
				n, isNumber := countOf(c.kind, c.num, c.text)
				switch {
				case !isNumber:
					other++
				case n > 1:
					large++
					whole++
				default:
					whole++
				}
			}
		}
	}
	return large > 0 && 10*large >= 3*whole && 10*other <= whole
}

func countOf(kind xlsx.Kind, num float64, text string) (float64, bool) {
	if kind == xlsx.Number {
		return num, true
	}
	if kind != xlsx.String {
		return 0, false
	}
	n, ok := vntext.ParseNumber(text, vntext.DecimalComma)
	return n.Value, ok && !n.Percent
}

// isSummary reports whether the row's first text says totals or shares.
func isSummary(r *textRow) bool {
	if len(r.cells) == 0 || !r.cells[0].isText() {
		return false
	}
	s := vntext.FoldASCII(r.cells[0].text)
	return words().totals.MatchString(s) || words().percent.MatchString(s)
}

// labelColumn finds the column of criteria or units: the first with texts that is no figure and no running number.
func (t *Table) labelColumn(v *sheetView, headers []countColumn) int {
	best, most := -1, 0
	for i := range t.Columns {
		index := t.Columns[i].Index
		if headers[i].role != noRole || index == t.Number {
			continue
		}
		texts := 0
		for j := range v.rows {
			if c, ok := v.rows[j].at(index); ok && v.rows[j].index > t.HeaderLast && c.isText() && !isNumberText(c.text) {
				texts++
			}
		}
		if texts > most {
			best, most = index, texts
		}
	}
	return best
}

// Read returns what a data row says, one entry a block, and checks the row's own sums and shares.
func (a *Aggregate) Read(t *Table, row *xlsx.Row) []AggregateRow {
	figures := map[int]figure{}
	label := ""
	for i := range row.Cells {
		c := &row.Cells[i]
		text := t.Text(c)
		if c.Col == a.Label {
			label = text
		}
		switch c.Kind {
		case xlsx.Number:
			figures[c.Col] = figure{value: c.Num, decimals: decimalsOf(text)}
		case xlsx.String:
			if n, ok := vntext.ParseNumber(text, vntext.DecimalComma); ok {
				figures[c.Col] = figure{value: n.Value, percent: n.Percent, decimals: decimalsOf(strings.TrimRight(text, " %"))}
			}
		}
	}
	rows := make([]AggregateRow, 0, len(a.Blocks))
	for i := range a.Blocks {
		rows = append(rows, a.Blocks[i].read(t, row.Index, label, figures))
	}
	return rows
}

func (b *AggregateBlock) read(t *Table, row int, label string, figures map[int]figure) AggregateRow {
	r := AggregateRow{Label: label, Question: b.Question}
	wrong := func(col int, kind string, printed, counted float64) {
		name := ""
		if c := t.At(col); c != nil {
			name = c.Name
		}
		r.Mismatches = append(r.Mismatches, Mismatch{
			Row: row, Cell: xlsx.CellRef(row, col), Column: name, Kind: kind, Scope: label,
			Printed: printed, Counted: counted,
		})
	}
	var positive int64
	for _, l := range b.Levels {
		f, ok := figures[l.Count]
		n := math.Round(f.value)
		if ok && (n != f.value || n < 0 || n > 1e12) {
			wrong(l.Count, "not_a_count", f.value, 0)
			ok = false
		}
		if !ok {
			n = 0
		}
		r.Counts = append(r.Counts, int64(n))
		r.Known = append(r.Known, ok)
		r.Answers += int64(n)
		if l.Positive {
			positive += int64(n)
		}
	}
	r.Total = r.Answers
	if f, ok := figures[b.Total]; ok && b.Total >= 0 {
		if f.value == math.Round(f.value) && f.value >= float64(r.Answers) && f.value < 1e12 {
			r.Total = int64(f.value)
		} else {
			wrong(b.Total, "total", f.value, float64(r.Answers))
		}
	}
	b.checkShares(&r, positive, figures, wrong)
	return r
}

// checkShares recomputes the printed shares. They may be of the answers or of all forms; the base that fits more of them counts.
func (b *AggregateBlock) checkShares(r *AggregateRow, positive int64, figures map[int]figure, wrong func(col int, kind string, printed, counted float64)) {
	type printed struct {
		col int
		f   figure
		n   int64
	}
	var list []printed
	for i, l := range b.Levels {
		if f, ok := figures[l.Share]; ok && l.Share >= 0 && r.Known[i] {
			list = append(list, printed{l.Share, f, r.Counts[i]})
		}
	}
	if f, ok := figures[b.Share]; ok && b.Share >= 0 {
		list = append(list, printed{b.Share, f, positive})
	}
	base, hits := int64(0), -1
	for _, candidate := range []int64{r.Answers, r.Total} {
		n := 0
		for _, p := range list {
			if candidate > 0 && fits(p.f, 100*float64(p.n)/float64(candidate), "percent") {
				n++
			}
		}
		if candidate > 0 && n > hits {
			base, hits = candidate, n
		}
	}
	if base == 0 {
		return
	}
	for _, p := range list {
		if counted := 100 * float64(p.n) / float64(base); !fits(p.f, counted, "percent") {
			wrong(p.col, "percent", p.f.value, counted)
		}
	}
}

// counts lists the columns whose cells add up over the rows.
func (a *Aggregate) counts() map[int]bool {
	set := map[int]bool{}
	for _, b := range a.Blocks {
		if b.Total >= 0 {
			set[b.Total] = true
		}
		for _, l := range b.Levels {
			set[l.Count] = true
		}
	}
	return set
}
