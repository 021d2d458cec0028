package questionnaire

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/vntext"
	"hailong/ingest/wording"
)

// A Form is the three sheets of an XLSForm as text, header row first.
type Form struct {
	Survey   [][]string
	Choices  [][]string
	Settings [][]string
}

// FormSheets are the names of an XLSForm's sheets, for whoever reads the workbook.
const (
	FormSurvey   = "survey"
	FormChoices  = "choices"
	FormSettings = "settings"
)

// formTable is a sheet by column name, with names that are misspelt in the wild brought to one spelling.
type formTable struct {
	columns map[string]int
	labels  []labelColumn
	rows    [][]string
	first   int // Excel's number of the first of rows
}

// labelColumn is one `label` or `label::Tiếng Việt (vi)` column.
type labelColumn struct {
	at         int
	vietnamese bool
}

func newFormTable(cells [][]string) formTable {
	t := formTable{columns: map[string]int{}}
	// The header is the first row that holds something: real forms have blank rows and columns before it.
	for i, row := range cells {
		if slices.ContainsFunc(row, func(s string) bool { return vntext.Clean(s) != "" }) {
			t.rows, t.first = cells[i+1:], i+2
			for at, cell := range row {
				t.addColumn(at, cell)
			}
			break
		}
	}
	return t
}

// formAliases are the other names of the columns that are read, as pyxform knows them.
func formAliases() map[string]string {
	return map[string]string{
		"command": "type", "tag": "name", "value": "name", "relevance": "relevant", "list name": "list_name", "caption": "label",
	}
}

func (t *formTable) addColumn(at int, cell string) {
	name := vntext.Fold(cell)
	base, language, _ := strings.Cut(name, ":")
	base = strings.TrimSpace(base)
	if base == "bind" { // bind::relevant, as the form's XML calls it
		base = strings.Trim(language, ": ")
	}
	if alias, ok := formAliases()[base]; ok {
		base = alias
	}
	if base == "label" {
		language = strings.Trim(language, ": ")
		t.labels = append(t.labels, labelColumn{at, strings.Contains(language, "vi") && !strings.Contains(language, "en")})
		return
	}
	if _, taken := t.columns[base]; !taken {
		t.columns[base] = at
	}
}

func (t *formTable) get(row []string, column string) string {
	at, ok := t.columns[column]
	if !ok || at >= len(row) {
		return ""
	}
	return vntext.Clean(row[at])
}

// text returns the first Vietnamese and the first other label of a row; a form in one language has it in both places.
func (t *formTable) text(row []string) (text Text, all []string) {
	for _, label := range t.labels {
		if label.at >= len(row) {
			continue
		}
		s := vntext.Clean(row[label.at])
		if s == "" {
			continue
		}
		all = append(all, s)
		if label.vietnamese && text.VI == "" {
			text.VI = s
		}
		if !label.vietnamese && text.EN == "" {
			text.EN = s
		}
	}
	if text.VI == "" {
		text.VI = text.EN
	}
	if text.EN == "" {
		text.EN = text.VI
	}
	return text, all
}

// FromXLSForm makes a questionnaire of an XLSForm. Choice lists become scales: a list whose names are all whole numbers keeps them as
// codes, any other is numbered in the form's order, with its names as synonyms. The order and the meaning of answers are thereby
// known; which of them are good ones is the index definition's business.
func FromXLSForm(form Form) (*Questionnaire, error) {
	survey, choices := newFormTable(form.Survey), newFormTable(form.Choices)
	if _, ok := survey.columns["type"]; !ok {
		return nil, wording.Errorf(`reading XLSForm: the sheet "survey" has no column "type"`)
	}
	if _, ok := survey.columns["name"]; !ok {
		return nil, wording.Errorf(`reading XLSForm: the sheet "survey" has no column "name"`)
	}
	q := &Questionnaire{Scales: map[string]Scale{}}
	lists, err := choiceLists(choices)
	if err != nil {
		return nil, wording.Errorf("reading XLSForm: %w", err)
	}
	f := &formReader{q: q, choices: lists, ids: map[string]bool{}, named: map[string][]string{}, lists: map[string]string{}, kinds: map[string]kind{}, texts: map[string][]string{}}
	for i, row := range survey.rows {
		if err := f.question(&survey, row, survey.first+i); err != nil {
			return nil, wording.Errorf("reading XLSForm: sheet survey, row %d: %w", survey.first+i, err)
		}
	}
	f.routes()
	return q, nil
}

// choiceLists reads the choices sheet into scales by list name.
func choiceLists(t formTable) (map[string]Scale, error) {
	type choice struct {
		name string
		text Text
		all  []string
	}
	lists := map[string][]choice{}
	for _, row := range t.rows {
		list, name := t.get(row, "list_name"), t.get(row, "name")
		if list == "" || name == "" {
			continue
		}
		text, all := t.text(row)
		lists[list] = append(lists[list], choice{wholeName(name), text, all})
	}
	scales := map[string]Scale{}
	for list, all := range lists {
		if len(all) > math.MaxInt16 {
			return nil, wording.Errorf("choice list %q has %d choices: at most %d can be coded", list, len(all), math.MaxInt16)
		}
		numbered := true
		seen := map[int]bool{}
		for _, c := range all {
			code, err := strconv.Atoi(c.name)
			numbered = numbered && err == nil && code >= 0 && code <= math.MaxInt16 && !seen[code]
			seen[code] = true
		}
		s := Scale{Codes: map[int]Text{}, Synonyms: map[int][]string{}}
		for i, c := range all {
			code := i + 1
			if numbered {
				code, _ = strconv.Atoi(c.name) // checked above
			}
			if c.text.VI == "" {
				c.text = Text{VI: c.name, EN: c.name}
			}
			s.Codes[code] = c.text
			s.Synonyms[code] = append([]string{c.name}, c.all...)
		}
		scales[list] = s
	}
	return scales, nil
}

// wholeName undoes what a spreadsheet does to numeric choice names: 1 becomes 1.0.
func wholeName(name string) string {
	if whole, ok := strings.CutSuffix(name, ".0"); ok {
		if _, err := strconv.Atoi(whole); err == nil {
			return whole
		}
	}
	return name
}

// formReader collects items and variables in the order of the form.
type formReader struct {
	q       *Questionnaire
	choices map[string]Scale
	ids     map[string]bool
	path    []string

	named    map[string][]string // ids of the questions that have a name
	lists    map[string]string   // of a question with choices, their list
	kinds    map[string]kind     // of the others, what they hold
	texts    map[string][]string // of those that are neither items nor variables, their aliases
	relevant []*relevance
	within   []*relevance // of the groups that are open; nil: one without
}

// question reads one row of the survey sheet.
func (f *formReader) question(t *formTable, row []string, number int) error {
	kind := strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(t.get(row, "type"), "_", " "))), " ")
	name := t.get(row, "name")
	switch {
	case kind == "":
		return nil
	case strings.HasPrefix(kind, "begin "):
		f.path = append(f.path, name)
		f.within = append(f.within, f.depends(t, row, number))
		return nil
	case strings.HasPrefix(kind, "end "):
		if len(f.path) > 0 {
			f.path, f.within = f.path[:len(f.path)-1], f.within[:len(f.within)-1]
		}
		return nil
	}
	if strings.Contains(kind, " from file") || strings.HasPrefix(kind, "select one external") {
		return nil // its choices are in another file: the answers stay the names that the cells hold
	}
	text, all := t.text(row)
	aliases := append([]string{name, strings.Join(append(slices.Clone(f.path), name), "/")}, all...)
	id := f.id(name)
	list := f.list(t.get(row, "type"))
	switch {
	case strings.HasPrefix(kind, "select one") || strings.HasPrefix(kind, "select multiple") || strings.HasPrefix(kind, "select all that apply"):
		scale, ok := f.choices[list]
		if !ok {
			return wording.Errorf("%q chooses from the list %q, which the sheet choices does not have", name, list)
		}
		scaleID := list
		if !strings.HasPrefix(kind, "select one") {
			scaleID, scale.Multiple = list+" (multiple)", true
		}
		f.q.Scales[scaleID] = scale
		f.lists[id] = list
		f.q.Items = append(f.q.Items, Item{ID: id, Scale: scaleID, Text: text, Aliases: aliases})
	case kind == "integer" || kind == "decimal" || kind == "range":
		f.q.Scales["number"] = Scale{Numeric: true}
		f.q.Items = append(f.q.Items, Item{ID: id, Scale: "number", Text: text, Aliases: aliases})
	default:
		role := formRole(kind)
		if role == "" && identifies(kind, aliases) {
			role, kind = "personal", ""
		}
		if role != "" {
			f.q.Background = append(f.q.Background, Variable{ID: id, Role: role, Text: text, Aliases: aliases})
		}
		f.other(id, name, kind, aliases)
		return nil
	}
	f.named[name] = append(f.named[name], id)
	for _, r := range append(slices.Clone(f.within), f.depends(t, row, number)) {
		if r != nil {
			r.items = append(r.items, id)
		}
	}
	return nil
}

// identifies reports whether a question asks in words who somebody is: the data's header may be no more than its name, its label says so.
func identifies(kind string, texts []string) bool {
	return (kind == "text" || kind == "barcode") && slices.ContainsFunc(texts, func(text string) bool { return PersonalHeader(text) != "" })
}

// kind is what a question holds that is neither choices nor a number.
type kind int

const (
	kindOther kind = iota
	kindText
	kindDate
)

// other notes a question that others may depend on.
func (f *formReader) other(id, name, kind string, aliases []string) {
	if kind == "note" {
		return
	}
	f.kinds[id] = kindOther
	switch kind {
	case "text", "calculate", "hidden", "barcode", "acknowledge", "trigger":
		f.kinds[id], f.texts[id] = kindText, aliases
	case "date", "today", "start", "end", "datetime":
		f.kinds[id] = kindDate
	case "username", "enumerator", "":
		f.kinds[id] = kindText
	}
	f.named[name] = append(f.named[name], id)
}

// depends notes the `relevant` of a row; nil where it has none.
func (f *formReader) depends(t *formTable, row []string, number int) *relevance {
	text := t.get(row, "relevant")
	if text == "" {
		return nil
	}
	r := &relevance{row: number, text: text}
	f.relevant = append(f.relevant, r)
	return r
}

// list is the choice list that a type names: the word after `select_one`, `select all that apply from` and the like.
func (f *formReader) list(kind string) string {
	words := strings.Fields(kind)
	for i := len(words) - 1; i > 0; i-- {
		if _, ok := f.choices[words[i]]; ok {
			return words[i]
		}
	}
	if len(words) > 1 {
		return words[1]
	}
	return ""
}

// formRole is the role of a question that is no answer on a scale; "" leaves its column as it is.
func formRole(kind string) string {
	switch kind {
	case "start", "end", "today", "date", "datetime", "time":
		return "time"
	case "deviceid", "phonenumber", "simserial", "simid", "devicephonenum", "subscriberid", "geopoint", "geotrace", "geoshape", "email", "start geopoint":
		return "personal"
	case "username", "enumerator":
		return "interviewer"
	}
	return ""
}

// id is a dataset column name for a question's name, unique in the form: names may repeat in different groups.
func (f *formReader) id(name string) string {
	id := name
	if !columnName.MatchString(id) {
		id = vntext.Slug(name)
	}
	if id == "" || (id[0] >= '0' && id[0] <= '9') {
		id = "q_" + id
	}
	for n, base := 2, id; f.ids[id]; n++ {
		id = base + "_" + strconv.Itoa(n)
	}
	f.ids[id] = true
	return id
}

// Extend adds what a form knows to a definition's questionnaire: a question whose wording is an item's gives the item its column
// names and the scale its answer names; every other question is added. The definition keeps the last word on scales and codes.
func (q *Questionnaire) Extend(form *Questionnaire) *Questionnaire {
	out := *q
	out.Items, out.Background, out.Routing = slices.Clone(q.Items), slices.Clone(q.Background), slices.Clone(q.Routing)
	out.Scales = make(map[string]Scale, len(q.Scales)+len(form.Scales))
	renamed := map[string]string{} // the form's lists that have the name of another scale of the definition
	for name, scale := range form.Scales {
		own := name
		if other, taken := q.Scales[name]; taken && !reflect.DeepEqual(scale, other) {
			for own = name + " (XLSForm)"; slices.Contains(q.scaleNames(), own); own += "'" {
			}
		}
		renamed[name], out.Scales[own] = own, scale
	}
	for name, scale := range q.Scales {
		out.Scales[name] = scale
	}
	headers := make([]Header, len(form.Items))
	for i, item := range form.Items {
		headers[i] = Header{Name: item.Text.VI, Parts: []string{item.ID, item.Text.EN, item.Text.VI}}
	}
	matches, _ := MatchHeaders(headers, q, nil, Bounds{})
	used := map[int]bool{}
	known := map[string]string{} // the definition's id of a question of the form
	for _, match := range matches {
		used[match.Column] = true
		known[form.Items[match.Column].ID] = match.ID
		aliases := form.Items[match.Column].Aliases
		for i := range out.Items {
			if out.Items[i].ID == match.ID {
				out.Items[i].Aliases = slices.Concat(out.Items[i].Aliases, aliases)
				// The form's numbers hold for its own question only, so the item gets a scale of its own.
				own := out.Items[i].Scale + " (" + match.ID + ")"
				out.Scales[own] = q.Scales[out.Items[i].Scale].learn(form.Scales[form.Items[match.Column].Scale], q.Missing)
				out.Items[i].Scale = own
			}
		}
		for i := range out.Background {
			if out.Background[i].ID == match.ID {
				out.Background[i].Aliases = slices.Concat(out.Background[i].Aliases, aliases)
			}
		}
	}
	taken := map[string]bool{}
	for _, item := range out.Items {
		taken[item.ID] = true
	}
	for _, v := range out.Background {
		taken[v.ID] = true
	}
	for i, item := range form.Items {
		if !used[i] && !taken[item.ID] {
			item.Scale = renamed[item.Scale]
			out.Items = append(out.Items, item)
		}
	}
	for _, v := range form.Background {
		if !taken[v.ID] {
			out.Background = append(out.Background, v)
			known[v.ID] = v.ID
		}
	}
	for _, r := range form.References {
		if !taken[r.ID] {
			out.References = append(out.References, r)
			known[r.ID] = r.ID
		}
	}
	for i, item := range form.Items {
		if !used[i] && !taken[item.ID] {
			known[item.ID] = item.ID
		}
	}
	out.Unread = slices.Clone(form.Unread)
	for _, route := range form.Routing {
		if err := route.rename(known, used, form); err != nil {
			out.Unread = append(out.Unread, Unread{Row: route.row, Relevant: strings.TrimPrefix(route.Basis, relevantBasis), Items: route.Items, Why: err})
			continue
		}
		if len(route.Items) > 0 {
			out.Routing = append(out.Routing, route)
		}
	}
	return &out
}

// rename gives a form's route the names of the definition. The form's answers are known by their names there, but no longer by their order.
func (r *Route) rename(known map[string]string, used map[int]bool, form *Questionnaire) error {
	condition, err := ParseCondition(r.When)
	if err != nil {
		return err
	}
	condition, err = condition.Map(func(c Comparison) (Comparison, error) {
		at := slices.IndexFunc(form.Items, func(i Item) bool { return i.ID == c.Name })
		if known[c.Name] == "" {
			return c, wording.Errorf("%q is the name of another question", c.Name)
		}
		if at >= 0 && used[at] && (c.Want.HasNumber || c.Op == useNumber || c.Op == useEqual) && !form.Scales[form.Items[at].Scale].Numeric {
			return c, wording.Errorf("the order of the form's answers to %q need not be that of %s", c.Name, known[c.Name])
		}
		c.Name = known[c.Name]
		return c, nil
	})
	if err != nil {
		return err
	}
	var items []string
	for _, id := range r.Items {
		if known[id] != "" {
			items = append(items, known[id])
		}
	}
	r.When, r.Items = condition.String(), items
	return nil
}

// learn adds the names of a form's answers as synonyms, where a label of theirs is one of ours, and what the form's numbers stand for:
// a form may count 1 as the best where the definition counts it as the worst.
func (s Scale) learn(form Scale, missing Missing) Scale {
	if s.Numeric || form.Numeric {
		return s
	}
	coder := NewCoder(s, missing)
	out := s
	out.Synonyms = make(map[int][]string, len(s.Synonyms))
	for code, names := range s.Synonyms {
		out.Synonyms[code] = slices.Clone(names)
	}
	numbers := map[int]int{}
	for _, code := range form.sortedCodes() {
		names := append([]string{form.Codes[code].VI, form.Codes[code].EN}, form.Synonyms[code]...)
		at := slices.IndexFunc(names, func(name string) bool { _, known := coder.Label(name); return known })
		if at < 0 {
			continue
		}
		label, _ := coder.Label(names[at])
		own := int(label)
		for _, name := range names {
			if n, err := strconv.Atoi(name); err == nil {
				numbers[n] = own
			} else if name != "" {
				out.Synonyms[own] = append(out.Synonyms[own], name)
			}
		}
	}
	if len(numbers) > 0 {
		out.numbers = numbers
	}
	return out
}
