package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/dataset"
	"hailong/ingest/layout"
	"hailong/ingest/questionnaire"
	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// source is what the plan and the definition say, the same for every file of a run.
type source struct {
	options       Options
	questionnaire *questionnaire.Questionnaire
	id            string // hash of the questionnaire
	settings      [32]byte
	values        bool // list the values of every column
	matcher       *questionnaire.Matcher
	coders        map[string]*questionnaire.Coder // by scale
	routes        []route
}

// route is a Route with its condition parsed.
type route struct {
	items     []string
	condition *questionnaire.Condition
	blank     bool
	basis     string
}

// A program says what to do with every cell of a sheet's data rows: it is made of the table, the questionnaire and what earlier passes
// have settled about columns.
type program struct {
	fields  []dataset.Field
	readers []*cellReader // one a column that is read
	at      []*cellReader // by sheet column; nil: not read
	ticks   []*tickReader
	places  []place // values from the title, the group, the sheet's name or the file's
	routes  []routeReader
	columns []Column
	dropped []Column
	asked   int // items of the questionnaire
	usable  int // those with a column that holds answers
	doubts  []func(*problemList)
	scales  map[string]string // by coded item
}

// compiler builds a program.
type compiler struct {
	*program
	src     *source
	env     *sheetEnv
	table   *layout.Table
	settled map[int]settled // by sheet column
	groups  string          // what kinds of unit the group rows name
	sheet   xlsx.Sheet
	file    string
	names   map[string]bool // dataset names in use, folded to lower case: DuckDB does not tell Weight from weight
	headers []questionnaire.Header
	heads   []head
	own     map[int]string // headers to which the plan gives a name of its own
	outs    map[int]int    // positions in the batch of the columns that the questionnaire does not describe, by sheet column
}

// head is what a header stands for: one column, or a group of tick columns.
type head struct {
	column int // position in Table.Columns
	group  int // position in Table.Ticks, or -1
}

// compile makes the program of a sheet.
func compile(src *source, env *sheetEnv, sheet xlsx.Sheet, file string, known knowledge) *program {
	c := &compiler{program: &program{columns: []Column{}, dropped: []Column{}, scales: map[string]string{}}, src: src, env: env, table: env.table, settled: known.columns, groups: known.groups, sheet: sheet, file: file, names: map[string]bool{}, outs: map[int]int{}}
	c.field(dataset.Field{Name: dataset.RowColumn, Type: dataset.Row})
	if env.matched == nil {
		env.matched = c.match()
	} else {
		c.collectHeaders(env.matched.apart)
	}
	c.own = env.matched.own
	matches, doubts := env.matched.matches, env.matched.doubts
	byColumn := map[int]*questionnaire.Match{}
	for i := range matches {
		byColumn[matches[i].Column] = &matches[i]
	}
	c.reserve()
	c.items(matches)
	c.background(matches)
	c.findPlaces(matches)
	c.others(byColumn)
	c.route()
	for _, doubt := range doubts {
		c.doubt(doubt)
	}
	slices.SortStableFunc(c.columns, func(a, b Column) int { return columnOrder(a) - columnOrder(b) })
	return c.program
}

// matched is what a table's headers were found to mean. It does not depend on the values, so every pass uses the same.
type matched struct {
	own     map[int]string // headers to which the plan gives a name of its own
	matches []questionnaire.Match
	doubts  []questionnaire.Doubt
	apart   map[int]bool // groups of columns (positions in Table.Ticks) that are questions of their own
}

// match finds what the headers mean. Columns that say yes or no may be the choices of one question or as many questions: what the questionnaire asks
// for settles it.
func (c *compiler) match() *matched {
	found := c.matchWith(nil)
	apart := map[int]bool{}
	for g := range c.table.Ticks {
		if c.table.Ticks[g].Words && !found.claims(func(at int) bool { return c.heads[at].group == g }) {
			apart[g] = true
		}
	}
	if len(apart) == 0 {
		return found
	}
	alone := c.matchWith(apart)
	for g := range apart {
		columns := c.table.Ticks[g].Columns
		if !alone.claims(func(at int) bool { return slices.Contains(columns, c.sheetColumn(at)) }) {
			delete(apart, g)
		}
	}
	return c.matchWith(apart)
}

// claims reports whether a header that fits is matched.
func (m *matched) claims(fits func(at int) bool) bool {
	return slices.ContainsFunc(m.matches, func(match questionnaire.Match) bool { return fits(match.Column) })
}

func (c *compiler) matchWith(apart map[int]bool) *matched {
	c.collectHeaders(apart)
	own, doubts := c.ownPins()
	open := slices.Clone(c.headers)
	for at := range own {
		open[at] = questionnaire.Header{}
	}
	matches, more := c.src.matcher.Match(open, c.src.options.Columns, c.src.options.Match)
	return &matched{own, matches, append(doubts, more...), apart}
}

// columnOrder puts columns in the order of the sheet, and those that come from elsewhere last.
func columnOrder(c Column) int {
	if _, col, ok := xlsx.ParseRef(c.Cell + "1"); ok {
		return col
	}
	return xlsx.MaxCols
}

// field adds a column to the batch and returns its position.
func (c *compiler) field(f dataset.Field) int {
	c.names[strings.ToLower(f.Name)] = true
	c.fields = append(c.fields, f)
	return len(c.fields) - 1
}

// reserve keeps the questionnaire's names from columns that it does not describe.
func (c *compiler) reserve() {
	q := c.src.questionnaire
	for _, item := range q.Items {
		c.names[strings.ToLower(item.ID)] = true
	}
	for _, v := range q.Background {
		c.names[strings.ToLower(v.ID)] = true
	}
	for name := range c.src.options.Columns {
		c.names[strings.ToLower(name)] = true
	}
}

// collectHeaders lists the headers to match: every column, but one header for a group of tick columns that answers one question.
func (c *compiler) collectHeaders(apart map[int]bool) {
	c.headers, c.heads = nil, nil
	groupOf := map[int]int{}
	base := map[int]bool{}
	for i, g := range c.table.Ticks {
		if apart[i] {
			continue
		}
		for _, col := range g.Columns {
			groupOf[col] = i
		}
		if g.Base >= 0 {
			base[g.Base] = true
		}
	}
	seen := map[int]bool{}
	for i := range c.table.Columns {
		col := &c.table.Columns[i]
		if col.Lent {
			continue // only a condition looks at it
		}
		if g, ok := groupOf[col.Index]; ok {
			if !seen[g] {
				seen[g] = true
				group := &c.table.Ticks[g]
				header := questionnaire.Header{Name: group.Name, Parts: group.Path, Code: group.Code, Label: group.Label}
				if joined := c.table.At(group.Base); joined != nil { // it has the question's name without the group of the form
					header = questionnaire.Header{Name: joined.Header, Parts: joined.Path, Code: joined.Code, Label: joined.Label}
				}
				c.headers = append(c.headers, header)
				c.heads = append(c.heads, head{i, g})
			}
			continue
		}
		header := questionnaire.Header{Name: col.Header, Parts: col.Path, Code: col.Code, Label: col.Label, Remark: col.Remark}
		if base[col.Index] {
			// The joined answers repeat what the group's columns say one by one; the column must not compete with them.
			header = questionnaire.Header{}
		}
		c.headers = append(c.headers, header)
		c.heads = append(c.heads, head{i, -1})
	}
}

// describe is the report's entry of a header.
func (c *compiler) describe(at int, match *questionnaire.Match) Column {
	h := c.heads[at]
	col := Column{Cell: c.table.ColumnName(c.table.Columns[h.column].Index), Header: c.headers[at].Name}
	if h.group >= 0 {
		col.Ticks = len(c.table.Ticks[h.group].Columns)
	} else {
		col.Header = c.table.Columns[h.column].Header
	}
	if match != nil {
		col.Name, col.How, col.Score = match.ID, match.How, match.Score
		col.Role = "item"
		if match.Variable != nil {
			col.Role = match.Variable.Role
		}
	}
	return col
}

func (c *compiler) sheetColumn(at int) int { return c.table.Columns[c.heads[at].column].Index }

// coder returns the coder of a scale, or nil for no scale.
func (c *compiler) coder(scale string) *questionnaire.Coder { return c.src.coders[scale] }

// reader makes the reader of a header's column and puts it in its place.
func (c *compiler) reader(at int, r cellReader) *cellReader {
	r.env, r.column = c.env, c.sheetColumn(at)
	r.settled = c.settled[r.column]
	r.profile = &profile{timelike: c.timelike(c.heads[at].column), system: c.table.Columns[c.heads[at].column].System != ""}
	reader := &r
	c.readers = append(c.readers, reader)
	c.place(r.column, reader)
	return reader
}

// timelike reports whether the export's own column holds a time.
func (c *compiler) timelike(position int) bool {
	return slices.Contains([]string{"start", "end", "submitted"}, c.table.Columns[position].System)
}

func (c *compiler) place(column int, r *cellReader) {
	for len(c.at) <= column {
		c.at = append(c.at, nil)
	}
	c.at[column] = r
}

// items adds the questionnaire's items in its order, those that no column answers left out.
func (c *compiler) items(matches []questionnaire.Match) {
	var absent []string
	c.asked = len(c.src.questionnaire.Items)
	for i := range c.src.questionnaire.Items {
		item := &c.src.questionnaire.Items[i]
		at := slices.IndexFunc(matches, func(m questionnaire.Match) bool { return m.Item == item })
		if at < 0 {
			absent = append(absent, item.ID)
			continue
		}
		match := &matches[at]
		scale := c.src.questionnaire.Scales[item.Scale]
		col := c.describe(match.Column, match)
		group := c.heads[match.Column].group
		c.usable++
		switch {
		case scale.Numeric && group < 0:
			col.Type = string(dataset.Number)
			out := c.field(dataset.Field{Name: item.ID, Type: dataset.Number, Role: "item", Header: col.Header})
			extra := c.field(dataset.Field{Name: item.ID + dataset.MissingSuffix, Type: dataset.Missing, Role: "missing"})
			c.reader(match.Column, cellReader{reading: readMeasure, out: out, extra: extra, coder: c.coder(item.Scale), want: wants(scale)})
		case scale.Multiple:
			col.Type = string(dataset.Code)
			choices := c.choices(item, scale, col.Header)
			if group >= 0 {
				c.tickGroup(&c.table.Ticks[group], c.coder(item.Scale), tickReader{choices: choices, want: wants(scale)})
			} else {
				c.reader(match.Column, cellReader{reading: readChoices, extra: -1, choices: choices, coder: c.coder(item.Scale), want: wants(scale)})
			}
		default:
			col.Type = string(dataset.Code)
			out := c.field(dataset.Field{Name: item.ID, Type: dataset.Code, Role: "item", Header: col.Header})
			c.scales[item.ID] = item.Scale
			if group >= 0 {
				c.tickGroup(&c.table.Ticks[group], c.coder(item.Scale), tickReader{out: out, item: true, want: wants(scale)})
			} else if r := c.reader(match.Column, cellReader{reading: readCode, out: out, extra: -1, coder: c.coder(item.Scale), want: wants(scale)}); r.settled.averages {
				col.Why = "averages"
				c.usable--
			}
		}
		c.columns = append(c.columns, col)
	}
	c.absent(absent)
}

// absent says which items no column answers: their figures rest on the other files alone.
func (c *compiler) absent(ids []string) {
	all := len(c.src.questionnaire.Items)
	if len(ids) == 0 {
		return
	}
	list := strings.Join(ids[:min(len(ids), 20)], ", ")
	if len(ids) > 20 {
		list += ", …"
	}
	c.doubts = append(c.doubts, func(p *problemList) {
		if len(ids) == all {
			p.note("", "no_items", list, "", say("không cột nào khớp với câu hỏi của bộ chỉ số; trang tính này không tính được chỉ số", "no column matches an item of the index; the sheet gives no figure for it"))
			return
		}
		p.note("", "items_absent", list, "", say("%d trong %d câu hỏi không có cột tương ứng", "%d of %d items have no column", len(ids), all))
	})
}

// choiceName is the dataset's column of one answer of a question that takes several.
func choiceName(id string, code int) string { return id + "_" + strconv.Itoa(code) }

// choices adds one batch column for every answer of a question that takes several.
func (c *compiler) choices(item *questionnaire.Item, scale questionnaire.Scale, header string) []choice {
	var list []choice
	for code := range scale.Codes {
		list = append(list, choice{code: int16(code)})
	}
	slices.SortFunc(list, func(a, b choice) int { return int(a.code) - int(b.code) })
	for i := range list {
		name := choiceName(item.ID, int(list[i].code))
		list[i].out = c.field(dataset.Field{Name: name, Type: dataset.Code, Role: "choice", Header: header + layout.Separator + scale.Codes[int(list[i].code)].VI})
	}
	return list
}

// wants says in a few words what a scale takes.
func wants(scale questionnaire.Scale) string {
	if scale.Numeric {
		lo, hi := "", ""
		if scale.Min != nil {
			lo = strconv.FormatFloat(*scale.Min, 'f', -1, 64)
		}
		if scale.Max != nil {
			hi = strconv.FormatFloat(*scale.Max, 'f', -1, 64)
		}
		return strings.Trim(lo+" … "+hi, " ")
	}
	codes := make([]int, 0, len(scale.Codes))
	for code := range scale.Codes {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	parts := make([]string, 0, len(codes))
	for _, code := range codes {
		parts = append(parts, fmt.Sprintf("%d %s", code, scale.Codes[code].VI))
	}
	if len(parts) > 8 {
		parts = append(parts[:7], "…")
	}
	return strings.Join(parts, " · ")
}

// background adds the questionnaire's variables in its order.
func (c *compiler) background(matches []questionnaire.Match) {
	for i := range c.src.questionnaire.Background {
		v := &c.src.questionnaire.Background[i]
		at := slices.IndexFunc(matches, func(m questionnaire.Match) bool { return m.Variable == v })
		if at < 0 {
			continue
		}
		c.variable(v, &matches[at])
	}
}

// variable adds one background variable.
func (c *compiler) variable(v *questionnaire.Variable, match *questionnaire.Match) {
	col := c.describe(match.Column, match)
	switch {
	case v.Role == "personal" && !v.Keep && !c.kept(col):
		c.drop(match.Column, col, "personal")
		return
	case v.Role == "ignore":
		col.Why = "ignored by the questionnaire"
		c.columns = append(c.columns, col)
		c.skip(match.Column)
		return
	}
	kind, how := variableType(v)
	col.Type = string(kind)
	out := c.field(dataset.Field{Name: v.ID, Type: kind, Role: c.timeRole(v, match.Column), Header: col.Header})
	r := cellReader{reading: how, out: out, extra: -1, name: v.ID, bands: v.Bands, weight: v.Role == "weight"}
	if v.Scale != "" {
		r.scale = c.src.questionnaire.Scales[v.Scale]
		r.coder, r.want = c.coder(v.Scale), wants(r.scale)
	}
	if len(v.Bands) > 0 {
		r.extra = c.field(dataset.Field{Name: v.ID + dataset.ValueSuffix, Type: dataset.Number, Role: "value", Header: col.Header})
	}
	if group := c.heads[match.Column].group; group >= 0 {
		c.tickGroup(&c.table.Ticks[group], r.coder, tickReader{out: out, want: r.want})
	} else {
		c.reader(match.Column, r)
	}
	c.columns = append(c.columns, col)
}

// timeRole is the variable's role, or for a time which end of the interview it is, where the export or the name says so.
func (c *compiler) timeRole(v *questionnaire.Variable, at int) string {
	if v.Role != "time" {
		return v.Role
	}
	if system := c.table.Columns[c.heads[at].column].System; system == "start" || system == "end" {
		return system
	}
	for _, text := range append([]string{v.ID, v.Text.VI, v.Text.EN}, v.Aliases...) {
		folded := vntext.Fold(text)
		switch {
		case strings.Contains(folded, "bắt đầu"), strings.Contains(folded, "start"), strings.Contains(folded, "bat_dau"):
			return "start"
		case strings.Contains(folded, "kết thúc"), folded == "end", strings.Contains(folded, "end_"), strings.Contains(folded, "completion"), strings.Contains(folded, "ket_thuc"):
			return "end"
		}
	}
	return v.Role
}

// variableType is how a role's values are kept and read.
func variableType(v *questionnaire.Variable) (dataset.Type, reading) {
	switch v.Role {
	case "weight", "fpc":
		return dataset.Number, readNumber
	case "time":
		return dataset.Time, readTime
	case "area":
		if v.Scale == "" {
			return dataset.String, readArea
		}
		return dataset.String, readLabel
	case "characteristic", "field":
		if v.Scale == "" && len(v.Bands) == 0 {
			return dataset.String, readText
		}
		return dataset.String, readLabel
	}
	if v.Scale != "" {
		return dataset.String, readLabel
	}
	return dataset.String, readText
}

// kept reports whether the plan keeps a column that identifies a person.
func (c *compiler) kept(col Column) bool {
	return slices.ContainsFunc(c.src.options.KeepPersonal, func(s string) bool {
		return s == col.Name || s == col.Cell || vntext.Fold(s) == vntext.Fold(col.Header)
	})
}

// drop leaves a personal column out.
func (c *compiler) drop(at int, col Column, why string) {
	col.Why, col.Type = why, ""
	c.dropped = append(c.dropped, col)
	c.skip(at)
}

// skip marks the columns of a header as known and not read.
func (c *compiler) skip(at int) {
	columns := []int{c.sheetColumn(at)}
	if g := c.heads[at].group; g >= 0 {
		columns = c.table.Ticks[g].Columns
	}
	for _, column := range columns {
		c.place(column, nil)
	}
}

// tickGroup adds the reader of a group of tick columns. A level that the scale does not know is a problem of its column.
func (c *compiler) tickGroup(group *layout.TickGroup, coder *questionnaire.Coder, r tickReader) {
	r.env, r.group = c.env, group
	r.first, r.last = group.Columns[0], group.Columns[len(group.Columns)-1]
	r.positions = c.table.Dialect == layout.LimeSurvey && coder != nil && inOrder(group.Levels, coder.Size())
	for i, level := range group.Levels {
		code, label := int16(questionnaire.CodeInvalid), level
		if coder != nil {
			answer := coder.Text(level)
			if answer.Outcome.Bad() && i < len(group.Codes) {
				answer = coder.Text(group.Codes[i])
			}
			if r.positions {
				answer = coder.At(i + 1)
			}
			if answer.Outcome.Bad() {
				column := group.Columns[i]
				c.doubts = append(c.doubts, func(p *problemList) {
					p.note(c.table.ColumnName(column), "unknown_level", r.want, level, say("mức trả lời của cột không có trong thang đo", "the column's level is not on the scale"))
				})
			} else {
				code = answer.Code
				if name, ok := coder.Name(code); ok {
					label = name.VI
				}
			}
		}
		r.codes = append(r.codes, code)
		r.labels = append(r.labels, label)
	}
	c.ticks = append(c.ticks, &r)
	for _, column := range group.Columns {
		c.place(column, nil)
	}
}

// inOrder reports whether levels are LimeSurvey's codes SQ001, SQ002, … and as many as the scale has.
func inOrder(levels []string, size int) bool {
	for i, level := range levels {
		if n, ok := questionnaire.SubPosition(level); !ok || n != i+1 {
			return false
		}
	}
	return len(levels) == size
}

// others adds the columns that the questionnaire does not describe, except those that identify a person.
func (c *compiler) others(matched map[int]*questionnaire.Match) {
	for at := range c.headers {
		if matched[at] != nil {
			continue
		}
		col := c.describe(at, nil)
		col.Role = "other"
		if g := c.heads[at].group; g >= 0 {
			c.otherGroup(col, &c.table.Ticks[g])
			continue
		}
		c.otherColumn(at, col)
	}
}

// otherColumn adds one column whose type its values settle.
func (c *compiler) otherColumn(at int, col Column) {
	source := &c.table.Columns[c.heads[at].column]
	state := c.settled[source.Index]
	why := personalHeader(source)
	if why == "" {
		why = state.personal
	}
	if c.own[at] != "" {
		why = "" // the plan names the column, so it wants it
	}
	if why != "" && !c.kept(col) {
		c.drop(at, col, why)
		if state.personal == "" {
			return
		}
		// The column is read on, without a place in the batch, so that the next pass settles it the same way.
		c.reader(at, cellReader{reading: readText, out: -1, extra: -1, other: true})
		return
	}
	kind := state.kind
	if kind == "" {
		kind = dataset.String
	}
	how := map[dataset.Type]reading{dataset.String: readText, dataset.Number: readNumber, dataset.Time: readTime}[kind]
	role := "other"
	if name := c.own[at]; name != "" {
		col.Name, col.How, col.Score, role = name, questionnaire.HowPinned, 1, pinnedRole(name)
		if role == "weight" || role == "fpc" {
			kind, how = dataset.Number, readNumber
		}
	} else {
		col.Name = c.unique(source.Name, source.Index)
	}
	col.Role, col.Type = role, string(kind)
	fieldRole := role
	if kind == dataset.Time && (source.System == "start" || source.System == "end") {
		fieldRole = source.System
	}
	if source.System == "submitted_by" && kind == dataset.String {
		fieldRole = "interviewer" // whose account sent the form; a column that is matched as the interviewer comes first
	}
	if source.System == "validation" && kind == dataset.String {
		fieldRole = "review"
	}
	out := c.field(dataset.Field{Name: col.Name, Type: kind, Role: fieldRole, Header: col.Header})
	c.outs[source.Index] = out
	c.reader(at, cellReader{reading: how, out: out, extra: -1, other: true, weight: role == "weight"})
	c.columns = append(c.columns, col)
}

// personalHeader says what a column that no questionnaire describes identifies a person by, from its header.
func personalHeader(col *layout.Column) string {
	for _, header := range []string{col.Header, col.Code, col.Label} {
		if kind := questionnaire.PersonalHeader(header); kind != "" {
			return kind
		}
	}
	for _, part := range col.Path {
		if kind := questionnaire.PersonalHeader(part); kind != "" {
			return kind
		}
	}
	return ""
}

// pinnedRole is the role of a column to which the plan gives the name of one.
func pinnedRole(name string) string {
	switch name {
	case "weight", "strata", "psu", "fpc", "id", "interviewer":
		return name
	}
	return "other"
}

// otherGroup keeps a tick group without a question: one text column where one answer is ticked, else its columns one by one.
func (c *compiler) otherGroup(col Column, group *layout.TickGroup) {
	if !group.Multiple && !group.Indicator {
		col.Name, col.Type = c.unique(group.Name, group.Columns[0]), string(dataset.String)
		out := c.field(dataset.Field{Name: col.Name, Type: dataset.String, Role: "other", Header: col.Header})
		c.tickGroup(group, nil, tickReader{out: out})
		c.columns = append(c.columns, col)
		return
	}
	for _, index := range group.Columns {
		position := slices.IndexFunc(c.table.Columns, func(col layout.Column) bool { return col.Index == index })
		if position < 0 {
			continue
		}
		c.headers = append(c.headers, questionnaire.Header{Name: c.table.Columns[position].Header, Parts: c.table.Columns[position].Path})
		c.heads = append(c.heads, head{position, -1})
		last := len(c.headers) - 1
		own := c.describe(last, nil)
		own.Role = "other"
		c.otherColumn(last, own)
	}
}

// nameLength is the most letters of a header that go into a column's name.
const nameLength = 60

// unique makes a dataset name of a header.
func (c *compiler) unique(header string, column int) string {
	name := vntext.Slug(header)
	if questionnaire.ColumnName(header) {
		name = header
	}
	if len(name) > nameLength {
		name = strings.TrimRight(name[:nameLength], "_")
	}
	switch {
	case name == "":
		name = "column_" + strings.ToLower(xlsx.Name(column))
	case name[0] >= '0' && name[0] <= '9':
		name = "q_" + name
	}
	for n, base := 2, name; c.names[strings.ToLower(name)]; n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	return name
}
