package layout

import (
	"math"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// Control says how the totals and shares that a sheet prints compare with its rows. Such rows are never data; they are a check that
// nothing was lost between the forms, the sheet and us.
type Control struct {
	Checked    int // printed figures that were recomputed
	Unchecked  int // printed figures of a kind that cannot be recomputed here
	Mismatches []Mismatch
}

// A Mismatch is a printed figure that the rows do not bear out.
type Mismatch struct {
	Row     int
	Cell    string // "G132"
	Column  string // the column's name
	Kind    string // count, sum, percent, mean, total
	Scope   string // the rows it is about: "all rows", "since the last total", or the group's name
	Printed float64
	Counted float64
}

// tally is what the rows of one scope add up to, by position of the table's columns.
type tally struct {
	name    string
	rows    int
	columns []columnTally
	// A group row's own figures, to be compared when the group ends.
	row     int
	printed []figure
}

type columnTally struct {
	filled   int // cells that are not blank
	ticks    int
	positive int // cells that say satisfied or agree, or code 4 or 5
	numbers  int
	sum      float64
}

// A figure is a number in a totals, percentage or group row.
type figure struct {
	position int
	value    float64
	decimals int
	percent  bool // a % sign was written
}

// sums keeps the tallies of the scopes that a totals row may be about.
type sums struct {
	table    *Table
	position []int        // of a sheet column in Table.Columns, or -1
	tick     []int        // the tick group of a column, or -1
	counts   map[int]bool // sheet columns that add up, where the table holds counts; nil where it holds forms
	fresh    *tally       // rows that no scope has yet
	all      *tally
	section  *tally // since the last totals row
	groups   []*tally
	last     *tally // what the last totals row was about; the shares under it are about the same
	answers  map[string]bool
	shared   []int8 // the same by shared string: 0 not looked at, 1 or -1
	control  Control
}

func newSums(t *Table) sums {
	s := sums{table: t, answers: map[string]bool{}}
	width := 0
	for i := range t.Columns {
		width = max(width, t.Columns[i].Index+1)
	}
	s.position = filled(width)
	s.tick = filled(len(t.Columns))
	for i := range t.Columns {
		s.position[t.Columns[i].Index] = i
	}
	for g := range t.Ticks {
		for _, col := range t.Ticks[g].Columns {
			s.tick[s.position[col]] = g
		}
	}
	if t.Aggregate != nil {
		s.counts = t.Aggregate.counts()
	}
	s.fresh, s.all, s.section = s.newTally(""), s.newTally("all rows"), s.newTally("since the last total")
	return s
}

func filled(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = -1
	}
	return list
}

func (s *sums) newTally(name string) *tally {
	return &tally{name: name, columns: make([]columnTally, len(s.table.Columns))}
}

func (s *sums) at(col int) int {
	if col >= len(s.position) {
		return -1
	}
	return s.position[col]
}

// add counts a data row. It goes into one tally only; flush carries that into the scopes.
func (s *sums) add(row *xlsx.Row) {
	s.fresh.rows++
	for i := range row.Cells {
		cell := &row.Cells[i]
		if p := s.at(cell.Col); p >= 0 && cell.Kind != xlsx.Empty {
			s.judge(cell, p, &s.fresh.columns[p])
		}
	}
}

// flush adds the rows since the last look to every open scope.
func (s *sums) flush() {
	if s.fresh.rows == 0 {
		return
	}
	for _, sc := range append([]*tally{s.all, s.section}, s.groups...) {
		sc.rows += s.fresh.rows
		for p := range sc.columns {
			sc.columns[p].plus(&s.fresh.columns[p])
		}
	}
	s.fresh.rows = 0
	clear(s.fresh.columns)
}

func (c *columnTally) plus(d *columnTally) {
	c.filled += d.filled
	c.ticks += d.ticks
	c.positive += d.positive
	c.numbers += d.numbers
	c.sum += d.sum
}

// judge counts one cell.
func (s *sums) judge(cell *xlsx.Cell, p int, c *columnTally) {
	c.filled++
	if s.tick[p] >= 0 {
		if markOf(s.table, cell) == ticked {
			c.ticks++
		}
		return
	}
	switch cell.Kind {
	case xlsx.Number:
		c.numbers++
		c.sum += cell.Num
		if cell.Num == 4 || cell.Num == 5 {
			c.positive++
		}
	case xlsx.String:
		if n, ok := numberIn(cell); ok {
			c.numbers++
			c.sum += n
		}
		if s.counts == nil && s.positive(cell) {
			c.positive++
		}
	}
}

// numberIn reads a number that is stored as text, as all of a .csv file's are.
func numberIn(cell *xlsx.Cell) (float64, bool) {
	if len(cell.Text) == 0 || len(cell.Text) > 24 || cell.Text[0] > '9' {
		return 0, false
	}
	n, ok := vntext.ParseNumber(string(cell.Text), vntext.DecimalComma)
	return n.Value, ok && !n.Percent
}

// mostAnswers and mostShared bound the texts whose meaning is remembered.
const (
	mostAnswers = 1 << 12
	mostShared  = 1 << 16
)

// positive reports whether a text says satisfied. Only office sheets with a running number print shares of that.
func (s *sums) positive(cell *xlsx.Cell) bool {
	if s.table.Number < 0 || len(cell.Text) > 64 {
		return false
	}
	if cell.SST < 0 || cell.SST >= mostShared {
		return s.positiveText(cell)
	}
	for int(cell.SST) >= len(s.shared) {
		s.shared = append(s.shared, make([]int8, len(s.shared)+1<<8)...)
	}
	if s.shared[cell.SST] == 0 {
		s.shared[cell.SST] = -1
		if s.positiveText(cell) {
			s.shared[cell.SST] = 1
		}
	}
	return s.shared[cell.SST] > 0
}

func (s *sums) positiveText(cell *xlsx.Cell) bool {
	positive, known := s.answers[string(cell.Text)]
	if !known {
		positive = positiveAnswer(s.table.Text(cell))
		if len(s.answers) < mostAnswers {
			s.answers[string(cell.Text)] = positive
		}
	}
	return positive
}

// positiveAnswer reports whether a label says satisfied, on the scales of which forms print the share.
func positiveAnswer(text string) bool {
	s := strings.Trim(vntext.Fold(text), " .:-–()")
	if s == "4" || s == "5" || strings.HasPrefix(s, "4 ") || strings.HasPrefix(s, "5 ") || strings.HasPrefix(s, "4.") || strings.HasPrefix(s, "5.") {
		return true
	}
	switch s {
	case "hài lòng", "rất hài lòng", "đồng ý", "rất đồng ý", "hoàn toàn đồng ý", "satisfied", "very satisfied", "agree", "strongly agree":
		return true
	}
	return false
}

// enter opens the scope of a group at a depth and closes those that end with it. Figures in the group row itself are its totals.
func (s *sums) enter(row *xlsx.Row, depth int, name string) {
	s.closeGroups(depth)
	g := s.newTally(name)
	g.row = row.Index
	g.printed = s.figures(row)
	s.groups = append(s.groups, g)
}

// closeGroups ends the groups from a depth on and compares what their own rows printed.
func (s *sums) closeGroups(depth int) {
	s.flush()
	for i := len(s.groups) - 1; i >= depth; i-- {
		g := s.groups[i]
		if len(g.printed) > 0 {
			s.compareCounts(g.row, g.printed, g)
		}
		s.groups = s.groups[:i]
	}
}

// figures reads the numbers of a row, but for the running number.
func (s *sums) figures(row *xlsx.Row) []figure {
	var list []figure
	for i := range row.Cells {
		cell := &row.Cells[i]
		p := s.at(cell.Col)
		if p < 0 || cell.Col == s.table.Number || (s.counts != nil && !s.counts[cell.Col]) || (cell.Kind != xlsx.Number && cell.Kind != xlsx.String) {
			continue
		}
		text := s.table.Text(cell)
		f := figure{position: p}
		if cell.Kind == xlsx.Number {
			f.value = cell.Num
			f.decimals = decimalsOf(text)
		} else {
			n, ok := vntext.ParseNumber(text, vntext.DecimalComma)
			if !ok {
				continue
			}
			f.value, f.percent = n.Value, n.Percent
			f.decimals = decimalsOf(strings.TrimRight(text, " %"))
		}
		list = append(list, f)
	}
	return list
}

// decimalsOf counts the digits behind the mark.
func decimalsOf(text string) int {
	if i := strings.LastIndexAny(text, ".,"); i >= 0 {
		return len(text) - i - 1
	}
	return 0
}

// totals compares a totals row with the scope that it fits best: the innermost open group, the rows since the last total, or all rows. It
// reports whether the row is the total of more than a group: where its figures fit nothing, it is taken for the group's if one is open,
// so that a wrong figure does not end the group.
func (s *sums) totals(row *xlsx.Row) (grand bool) {
	s.flush()
	printed := s.figures(row)
	var scopes []*tally
	for i := len(s.groups) - 1; i >= 0; i-- {
		scopes = append(scopes, s.groups[i])
	}
	scopes = append(scopes, s.section, s.all)
	best, hits := s.all, 0
	if len(s.groups) > 0 {
		best = scopes[0]
	}
	for _, sc := range scopes {
		n := 0
		for _, f := range printed {
			if _, _, ok := s.total(f, sc); ok {
				n++
			}
		}
		if n > hits {
			best, hits = sc, n
		}
	}
	grand = best == s.all || best == s.section
	if best == s.section && s.section.rows == s.all.rows {
		best = s.all
	}
	s.compareCounts(row.Index, printed, best)
	s.last = best
	s.section = s.newTally("since the last total")
	if grand {
		s.closeGroups(0)
	}
	return grand
}

// total recomputes a figure as the statistic it fits best; ok is false where it fits none. Ticks and texts are counted, numbers may
// be counted or added.
func (s *sums) total(f figure, sc *tally) (kind string, counted float64, ok bool) {
	c := &sc.columns[f.position]
	if s.tick[f.position] >= 0 {
		return "count", float64(c.ticks), f.value == float64(c.ticks)
	}
	if f.value == float64(c.filled) && s.counts == nil {
		return "count", f.value, true
	}
	if c.numbers > 0 && math.Abs(f.value-c.sum) <= tolerance(f) {
		return "sum", c.sum, true
	}
	if c.numbers > 0 && (s.counts != nil || (2*c.numbers > c.filled && math.Abs(f.value-c.sum) < math.Abs(f.value-float64(c.filled)))) {
		return "sum", c.sum, false
	}
	return "count", float64(c.filled), false
}

// tolerance is half a unit of the last printed digit, and a little for the rounding of binary fractions.
func tolerance(f figure) float64 {
	return 0.5*math.Pow(10, -float64(min(f.decimals, 9))) + 1e-9*math.Abs(f.value)
}

func (s *sums) compareCounts(row int, printed []figure, sc *tally) {
	for _, f := range printed {
		s.control.Checked++
		if kind, counted, ok := s.total(f, sc); !ok {
			s.mismatch(row, f, kind, sc, counted)
		}
	}
}

func (s *sums) mismatch(row int, f figure, kind string, sc *tally, counted float64) {
	col := &s.table.Columns[f.position]
	s.control.Mismatches = append(s.control.Mismatches, Mismatch{
		Row: row, Cell: xlsx.CellRef(row, col.Index), Column: col.Name, Kind: kind,
		Scope: sc.name, Printed: f.value, Counted: counted,
	})
}

// The ways in which a row of shares may have been made. Which one it was is settled by the whole row: the one that fits most figures.
type share struct {
	kind string
	of   func(s *sums, p int, sc *tally) (float64, bool)
}

func shares() []share {
	ratio := func(a, b int) (float64, bool) { return 100 * float64(a) / float64(max(b, 1)), b > 0 }
	return []share{
		{"percent", func(s *sums, p int, sc *tally) (float64, bool) { // of all forms
			if s.tick[p] >= 0 {
				return ratio(sc.columns[p].ticks, sc.rows)
			}
			return ratio(sc.columns[p].positive, sc.rows)
		}},
		{"percent", func(s *sums, p int, sc *tally) (float64, bool) { // of the answers
			if g := s.tick[p]; g >= 0 {
				answered := 0
				for _, col := range s.table.Ticks[g].Columns {
					answered += sc.columns[s.position[col]].ticks
				}
				return ratio(sc.columns[p].ticks, answered)
			}
			return ratio(sc.columns[p].positive, sc.columns[p].filled)
		}},
		{"percent", func(s *sums, p int, sc *tally) (float64, bool) { // of the forms, filled cells
			return ratio(sc.columns[p].filled, sc.rows)
		}},
		{"mean", func(s *sums, p int, sc *tally) (float64, bool) {
			c := &sc.columns[p]
			return c.sum / float64(max(c.numbers, 1)), c.numbers > 0
		}},
	}
}

// percents compares a row of shares or means with the scope of the totals above it.
func (s *sums) percents(row *xlsx.Row) {
	s.flush()
	sc := s.last
	if sc == nil {
		sc = s.all
	}
	printed := s.figures(row)
	best, hits := -1, 0
	all := shares()
	for i, sh := range all {
		n := 0
		for _, f := range printed {
			if counted, ok := sh.of(s, f.position, sc); ok && fits(f, counted, sh.kind) {
				n++
			}
		}
		if n > hits {
			best, hits = i, n
		}
	}
	// A row of which few figures fit was made in a way that we do not know: that proves nothing against it.
	if best < 0 || 2*hits < len(printed) {
		s.control.Unchecked += len(printed)
		return
	}
	for _, f := range printed {
		counted, ok := all[best].of(s, f.position, sc)
		if !ok {
			s.control.Unchecked++
			continue
		}
		s.control.Checked++
		if !fits(f, counted, all[best].kind) {
			s.mismatch(row.Index, f, all[best].kind, sc, counted)
		}
	}
}

// fits compares a printed share with a counted one in percent; a number between 0 and 1 may be a fraction under a percent format.
func fits(f figure, counted float64, kind string) bool {
	if math.Abs(f.value-counted) <= tolerance(f) {
		return true
	}
	if kind != "percent" || f.percent || f.value > 1 {
		return false
	}
	return math.Abs(100*f.value-counted) <= 100*tolerance(f)
}

// Control returns how the sheet's own totals compare with its rows. It is complete after the last row was classed.
func (c *Classifier) Control() Control {
	c.sums.closeGroups(0)
	return c.sums.control
}
