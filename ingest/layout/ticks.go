package layout

import (
	"fmt"
	"strconv"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// findTicks finds the questions that are spread over several columns.
func findTicks(t *Table, v *sheetView, o Options) []TickGroup {
	if o.Ticks == "none" {
		return nil
	}
	if t.Dialect.program() && t.Dialect != SurveyMonkey {
		return t.indicators(v)
	}
	// An export whose own columns were deleted still has question and question/choice side by side.
	groups := t.indicators(v)
	if t.Dialect == SurveyMonkey {
		t.numberChoices(v)
		t.markOthers(v)
	}
	for from := 0; from < len(t.Columns); {
		if t.Columns[from].Remark {
			from++
			continue
		}
		// All that one parent heads (Nam, Nữ, khác); where that is no question, only the levels among it (without a column of remarks).
		to := t.answersEnd(from, false)
		g, ok := t.tickGroup(v, t.Columns[from:to])
		if !ok {
			to = t.answersEnd(from, true)
			g, ok = t.tickGroup(v, t.Columns[from:to])
		}
		if ok {
			groups = append(groups, g)
		}
		from = to
	}
	return groups
}

// answersEnd returns the end of the columns from a position on that may be the answers of one question: neighbours under one parent, or
// levels of a scale that have no parent. They end where a label comes again, and, if they are to be alike, where levels and other labels meet.
func (t *Table) answersEnd(from int, alike bool) int {
	first := &t.Columns[from]
	parent, level := first.parent(), isLevel(first.last())
	seen := map[string]bool{vntext.Fold(first.last()): true}
	to := from + 1
	for ; to < len(t.Columns); to++ {
		c := &t.Columns[to]
		if c.Remark || c.parent() != parent || c.Index != t.Columns[to-1].Index+1 || (parent == "" && !level) || ((alike || parent == "") && isLevel(c.last()) != level) {
			break
		}
		if key := vntext.Fold(c.last()); seen[key] {
			break
		} else {
			seen[key] = true
		}
	}
	return to
}

// markOthers finds SurveyMonkey's columns of free text among those of a question's choices: a choice's column holds nothing but the choice.
func (t *Table) markOthers(v *sheetView) {
	for from := 0; from < len(t.Columns); {
		to := t.answersEnd(from, false)
		choices := 0
		for i := from; i < to; i++ {
			if u := t.use(v, t.Columns[i:i+1]); u.labels > 0 && u.others == 0 {
				choices++
			}
		}
		for i := from; i < to && choices > 0; i++ {
			u := t.use(v, t.Columns[i:i+1])
			t.Columns[i].Remark = u.others > 0 || (u.ticks == 0 && isOther(t.Columns[i].last()))
		}
		from = to
	}
}

// numberChoices finds the questions of a SurveyMonkey export in numbers whose choices have a column each: every cell holds its column's place
// among the choices. A matrix's columns hold several numbers, and an answer in each row.
func (t *Table) numberChoices(v *sheetView) {
	for from := 0; from < len(t.Columns); {
		to := t.answersEnd(from, false)
		var numbered []int
		filled := map[*textRow]int{}
		for i := from; i < to; i++ {
			rows, other := t.placed(v, &t.Columns[i], i-from+1)
			if other || len(rows) == 0 {
				continue
			}
			numbered = append(numbered, i)
			for _, r := range rows {
				filled[r]++
			}
		}
		partly := false
		for _, n := range filled {
			partly = partly || n < len(numbered)
		}
		for _, i := range numbered {
			if t.Columns[from].parent() != "" && len(numbered) > 1 && partly {
				t.Columns[i].place = i - from + 1
			}
		}
		from = to
	}
}

// placed returns the rows in which a column holds a place, and whether it holds anything else.
func (t *Table) placed(v *sheetView, col *Column, place int) (rows []*textRow, other bool) {
	for _, r := range v.bodyRows(t) {
		if c, ok := r.at(col.Index); ok {
			rows = append(rows, r)
			other = other || placeMark(c.text, place) != ticked
		}
	}
	return rows, other
}

// placeMark reads a cell that holds its column's place where the choice was ticked.
func placeMark(text string, place int) mark {
	if text == strconv.Itoa(place) {
		return ticked
	}
	return otherMark
}

// parent is the header without its last part.
func (c *Column) parent() string {
	if len(c.Path) < 2 {
		return ""
	}
	return strings.Join(c.Path[:len(c.Path)-1], Separator)
}

// last is the lowest header text.
func (c *Column) last() string {
	if len(c.Path) == 0 {
		return ""
	}
	return c.Path[len(c.Path)-1]
}

// use is what the cells of some columns hold below the header, in the rows of the head.
type use struct {
	ticks, zeros, others int
	rows                 int // rows with a tick
	several              int // rows with more than one
	labels               int // ticks that are the column's own label
	other                string
}

func (t *Table) use(v *sheetView, cols []Column) use {
	var u use
	for _, r := range v.bodyRows(t) {
		n := 0
		for j := range cols {
			c, ok := r.at(cols[j].Index)
			if !ok {
				continue
			}
			m := textMark(c)
			switch place := cols[j].place; {
			case place > 0:
				if m = placeMark(c.text, place); m == ticked {
					u.labels++
				}
			case m == otherMark && c.text == cols[j].last():
				m = ticked // SurveyMonkey writes the option itself
				u.labels++
			}
			switch m {
			case ticked:
				n++
			case unticked:
				u.zeros++
			case otherMark:
				u.others++
				if u.other == "" {
					u.other = xlsx.CellRef(r.index, c.col) + " " + c.text
				}
			}
		}
		u.ticks += n
		if n > 0 {
			u.rows++
		}
		if n > 1 {
			u.several++
		}
	}
	return u
}

// bodyRows are the rows of the head that may hold ticks.
func (v *sheetView) bodyRows(t *Table) []*textRow {
	if v.body != nil {
		return v.body
	}
	v.body = []*textRow{}
	for i := range v.rows {
		r := &v.rows[i]
		if r.index > t.HeaderLast && !isSequence(r) && !isTagRow(r) && !t.summary(r) && !t.repeated(r) {
			v.body = append(v.body, r)
		}
	}
	return v.body
}

// isTagRow reports whether a row holds nothing but HXL tags.
func isTagRow(r *textRow) bool {
	for _, c := range r.cells {
		if !words().hxl.MatchString(c.text) {
			return false
		}
	}
	return true
}

func textMark(c textCell) mark {
	if c.kind == xlsx.Number || c.kind == xlsx.Bool {
		switch c.num {
		case 0:
			return unticked
		case 1:
			return ticked
		}
		return otherMark
	}
	return markText(c.text)
}

// summary reports whether a row's first text makes it a totals, percentage or group row.
func (t *Table) summary(r *textRow) bool {
	first := r.cells[0]
	return isSummary(r) || (first.isText() && first.col == t.Number && words().roman.MatchString(first.text))
}

// repeated reports whether a row below the header is one of its rows again.
func (t *Table) repeated(r *textRow) bool {
	hits := map[int]int{}
	for _, c := range r.cells {
		if row, ok := t.header[c.col][c.text]; ok {
			hits[row]++
		}
	}
	for _, n := range hits {
		if n >= min(2, len(r.cells)) && 5*n >= 4*len(r.cells) {
			return true
		}
	}
	return false
}

// tickGroup decides whether neighbouring columns are the answers of one question: nearly all cells are ticks or blank, or at least most
// where the columns are levels of a scale. A wrong cell here and there is for Read to report; signatures may stand in these columns too.
func (t *Table) tickGroup(v *sheetView, cols []Column) (TickGroup, bool) {
	if len(cols) < 2 {
		return TickGroup{}, false
	}
	levels := 0
	for i := range cols {
		if isLevel(cols[i].last()) {
			levels++
		}
	}
	scale := 2*levels > len(cols)
	u := t.use(v, cols)
	switch {
	case u.ticks == 0:
		return TickGroup{}, false
	case scale && u.others > u.ticks, !scale && 10*u.others > u.ticks+u.others, !scale && u.zeros > 0 && u.ticks+u.zeros < 4:
		return TickGroup{}, false
	}
	g := TickGroup{Base: -1, Path: cols[0].Path[:len(cols[0].Path)-1]}
	g.Name = strings.Join(g.Path, Separator)
	if g.Name == "" {
		g.Name = fmt.Sprintf("columns %s:%s", xlsx.Name(cols[0].Index), xlsx.Name(cols[len(cols)-1].Index))
	}
	for i := range cols {
		g.Columns = append(g.Columns, cols[i].Index)
		g.Levels = append(g.Levels, cols[i].last())
		g.places = append(g.places, cols[i].place)
	}
	g.Multiple = !scale && 10*u.several > u.rows
	if g.Multiple && t.questions(cols) {
		return TickGroup{}, false
	}
	g.Indicator = g.Multiple && u.zeros > 0
	g.ByLabel = u.labels > 0
	kind := because(", one answer", ", một câu trả lời")
	if g.Multiple {
		kind = because(", several answers", ", nhiều câu trả lời")
	}
	g.why = because("%s:%s", "%s:%s", xlsx.Name(g.Columns[0]), xlsx.Name(g.Columns[len(g.Columns)-1])).plus(kind).plus(
		because("; %d ticks in %d rows, %d rows with more than one, %d other cells", "; %d dấu trên %d dòng, %d dòng có hơn một dấu, %d ô khác",
			u.ticks, u.rows, u.several, u.others))
	if u.other != "" {
		g.why = g.why.plus(because(" (%s)", " (%s)", u.other))
	}
	g.Evidence = g.why.en
	return g, true
}

// questions reports whether most columns name a question each.
func (t *Table) questions(cols []Column) bool {
	if t.question == nil {
		return false
	}
	named := map[string]bool{}
	for i := range cols {
		if q := t.question(&cols[i]); q != "" {
			named[q] = true
		}
	}
	return 2*len(named) > len(cols)
}

// indicators finds the select_multiple questions of survey programs: columns named question/choice that hold 0 and 1, with or without
// a column that holds all choices joined.
func (t *Table) indicators(v *sheetView) []TickGroup {
	byHeader := map[string]int{}
	for i := range t.Columns {
		if h := t.Columns[i].export(); h != "" {
			byHeader[h] = i
		}
	}
	var groups []TickGroup
	for from := 0; from < len(t.Columns); {
		question, _ := t.splitChoice(&t.Columns[from], byHeader)
		to := from + 1
		for question != "" && to < len(t.Columns) {
			if q, _ := t.splitChoice(&t.Columns[to], byHeader); q != question {
				break
			}
			to++
		}
		base, hasBase := byHeader[question]
		if question == "" || (to-from < 2 && !hasBase) || !t.allMarks(v, t.Columns[from:to]) {
			from++
			continue
		}
		g := TickGroup{Name: question, Path: []string{question}, Multiple: true, Indicator: true, Base: -1}
		t.nameChoices(&g, &t.Columns[from])
		u := t.use(v, t.Columns[from:to])
		g.ByLabel, g.Words = u.labels > 0, t.Dialect == LimeSurvey && u.others > 0
		if hasBase {
			g.Base = t.Columns[base].Index
		}
		for i := from; i < to; i++ {
			_, choice := t.splitChoice(&t.Columns[i], byHeader)
			if t.Columns[i].choice != "" && t.Dialect == LimeSurvey {
				g.Codes = append(g.Codes, choice)
				choice = t.Columns[i].choice
			}
			g.Columns = append(g.Columns, t.Columns[i].Index)
			g.Levels = append(g.Levels, choice)
		}
		g.why = because("%s:%s are %q with one choice each, all cells 0, 1 or blank", "%s:%s là %q, mỗi cột một lựa chọn, mọi ô là 0, 1 hoặc trống", xlsx.Name(g.Columns[0]), xlsx.Name(g.Columns[len(g.Columns)-1]), question)
		g.Evidence = g.why.en
		for ; to < len(t.Columns) && t.Dialect == LimeSurvey && t.Columns[to].parent() == question && isOther(t.Columns[to].last()); to++ {
			t.Columns[to].Remark = true
		}
		groups = append(groups, g)
		from = to
	}
	return groups
}

// nameChoices gives the group what the export says of its question beside the code.
func (t *Table) nameChoices(g *TickGroup, first *Column) {
	switch {
	case t.Dialect == LimeSurvey && first.choice != "":
		g.Code, g.Label = g.Name, patterns().grid.FindStringSubmatch(first.Label)[1]
	case t.Dialect == Qualtrics:
		g.Code, g.Label = g.Name, first.parent()
	}
}

// export is the header as the program wrote it, before its parts were taken apart.
func (c *Column) export() string {
	if c.Code != "" {
		return c.Code
	}
	return c.Header
}

// splitChoice parts the header of an indicator column into its question and its choice. The question is "" where the header is none.
func (t *Table) splitChoice(c *Column, byHeader map[string]int) (question, choice string) {
	h := c.export()
	if c.System != "" || c.Remark {
		return "", ""
	}
	switch t.Dialect {
	case Qualtrics:
		if question, ok := strings.CutSuffix(c.Code, "_"+c.choice); ok && c.choice != "" && len(c.Path) == 2 {
			return question, c.Path[1]
		}
	case KoboToolbox, ODK, SurveyCTO:
		// A header that is a question itself settles where the choice begins; labels may hold any separator.
		for i := len(h) - 1; i > 0; i-- {
			if h[i] != '/' && h[i] != '.' && (h[i] != '_' || t.Dialect == KoboToolbox) {
				continue
			}
			if _, ok := byHeader[h[:i]]; ok && i+1 < len(h) {
				return h[:i], h[i+1:]
			}
		}
		if i := strings.LastIndexByte(h, '/'); i > 0 && t.Dialect == KoboToolbox && i+1 < len(h) {
			return h[:i], h[i+1:]
		}
	case Generic, SPSS, "":
		if i := strings.LastIndexByte(h, '/'); i > 0 && i+1 < len(h) {
			if _, ok := byHeader[h[:i]]; ok {
				return h[:i], h[i+1:]
			}
		}
		if t.parted != nil && len(c.Path) < 2 && (t.question == nil || t.question(c) == "") {
			return t.parted(h)
		}
	case LimeSurvey:
		i := strings.IndexByte(h, '[')
		if i > 0 && strings.HasSuffix(h, "]") {
			return h[:i], h[i+1 : len(h)-1]
		}
		if len(c.Path) == 2 && !isOther(c.Path[1]) {
			return c.Path[0], c.Path[1]
		}
	}
	return "", ""
}

// allMarks reports whether the columns hold nothing but marks, and at least one.
func (t *Table) allMarks(v *sheetView, cols []Column) bool {
	if t.Dialect == LimeSurvey {
		return t.yesMarks(v, cols)
	}
	u := t.use(v, cols)
	return u.others == 0 && u.ticks+u.zeros > 0
}

// yesMarks reports whether LimeSurvey's columns are those of a multiple choice: Y or blank, or in full answers Yes, No and N/A with no cell left
// blank. A column of a matrix may hold nothing but 1.
func (t *Table) yesMarks(v *sheetView, cols []Column) bool {
	marks, words := 0, 0
	for _, r := range v.bodyRows(t) {
		filled := 0
		for j := range cols {
			c, ok := r.at(cols[j].Index)
			switch {
			case !ok:
				continue
			case c.text == "Y" || c.text == "N":
				marks++
			case c.isText() && wordMark(c.text) != otherMark:
				words++
				filled++
			default:
				return false
			}
		}
		if filled > 0 && filled < len(cols) {
			return false
		}
	}
	return (marks > 0) != (words > 0)
}
