package questionnaire

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/wording"
)

// relevance is one `relevant` cell of a form with the items that depend on it: its question, or all of its group.
type relevance struct {
	row   int // of the survey sheet, as Excel numbers it where the sheet begins in row 1
	text  string
	items []string
}

// An Unread is a `relevant` that was not understood: its items are not routed, so that a cell that is blank because the question was not
// asked counts as not answered.
type Unread struct {
	Row      int // of the sheet survey
	Relevant string
	Items    []string
	Why      error
}

// A Reference is a question that no index counts and no variable holds, but on which others depend: a text, a calculation.
type Reference struct {
	ID      string
	Aliases []string // headers that its column may have
}

// relevantBasis stands before the expression that a route was made of.
const relevantBasis = "xlsform relevant: "

// formReference is ${question} in an expression.
var formReference = regexp.MustCompile(`\$\{\s*([^{}]*?)\s*\}`)

// straightQuotes makes the quotes that word processors curl straight again, as pyxform does.
var straightQuotes = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)

// routes turns every `relevant` into a route. Its items do not apply where it is surely false. Its language is XPath's
// (https://docs.getodk.org/form-operators-functions); what is read of it is said at Condition. An expression with anything else is left alone as a
// whole: a route that is half understood would call answers missing that were never asked for, or the other way round.
func (f *formReader) routes() {
	for _, r := range f.relevant {
		if len(r.items) == 0 {
			continue // notes, texts, and groups of them
		}
		when, err := f.condition(r.text)
		if err != nil {
			f.q.Unread = append(f.q.Unread, Unread{Row: r.row, Relevant: r.text, Items: r.items, Why: err})
			continue
		}
		f.q.Routing = append(f.q.Routing, Route{Items: r.items, When: "!(" + when + ")", On: true, Blank: true, Basis: relevantBasis + r.text, row: r.row})
	}
}

// condition reads an expression. Answers keep the names that the form gives them, as texts.
func (f *formReader) condition(relevant string) (string, error) {
	var bad error
	text := formReference.ReplaceAllStringFunc(straightQuotes.Replace(relevant), func(reference string) string {
		name := formReference.FindStringSubmatch(reference)[1]
		switch ids := f.named[name]; {
		case len(ids) == 1:
			return ids[0]
		case len(ids) > 1:
			bad = cmp.Or(bad, wording.Errorf("%d questions are named %q", len(ids), name))
		default:
			bad = cmp.Or(bad, wording.Errorf("the form has no question named %q with an answer in the data", name))
		}
		return "_"
	})
	if bad != nil {
		return "", bad
	}
	condition, err := ParseCondition(text)
	if err != nil {
		return "", err
	}
	condition, err = condition.Map(f.use)
	if err == nil {
		f.refer(condition.Names())
	}
	return condition.String(), err
}

// refer keeps the questions beside items and variables that a condition depends on.
func (f *formReader) refer(names []string) {
	for _, name := range names {
		aliases, ok := f.texts[name]
		if ok && !slices.ContainsFunc(f.q.References, func(r Reference) bool { return r.ID == name }) {
			f.q.References = append(f.q.References, Reference{name, aliases})
		}
	}
}

// use brings a question and what it is compared with to one type.
func (f *formReader) use(c Comparison) (Comparison, error) {
	if c.Want.HasText && strings.Contains(c.Want.Text, "'") && strings.Contains(c.Want.Text, `"`) {
		return c, wording.Errorf("%s is not read", c.Want.Text)
	}
	scale, ok := f.scale(c.Name)
	if _, known := f.kinds[c.Name]; (ok || known) && (c.Op == "==" || c.Op == "!=") && c.Want.HasText && c.Want.Text == "" {
		return c, nil
	}
	if ok {
		return f.useChoice(c, scale)
	}
	kind, known := f.kinds[c.Name]
	switch {
	case !known:
		return c, wording.Errorf("the form has no question named %q with an answer in the data", c.Name)
	case kind == kindText:
		return f.useText(c)
	case kind == kindDate:
		return f.useDate(c)
	}
	return c, wording.Errorf("%q holds a place, a time of day or who somebody is: it is not read", c.Name)
}

// scale is the scale of a question with choices or numbers.
func (f *formReader) scale(id string) (Scale, bool) {
	at := slices.IndexFunc(f.q.Items, func(i Item) bool { return i.ID == id })
	if at < 0 {
		return Scale{}, false
	}
	return f.q.Scales[f.q.Items[at].Scale], true
}

// useChoice reads the use of a question with choices or numbers.
func (f *formReader) useChoice(c Comparison, scale Scale) (Comparison, error) {
	equality := c.Op == "==" || c.Op == "!="
	switch {
	case c.Op == OpCount && !scale.Multiple, c.Op == "selected" && scale.Numeric:
		return c, wording.Errorf("%q is no question with several answers", c.Name)
	case c.Op == OpCount:
		return c, nil
	case scale.Multiple && c.Op != "selected":
		return c, wording.Errorf("%q takes several answers: only selected() and count-selected() are read", c.Name)
	case c.Op == useEqual:
		return c, f.alike(c.Name, c.With)
	case c.Op == useNumber && !scale.Numeric && !scale.numbered():
		return c, wording.Errorf("the choices of %q are no numbers", c.Name)
	case c.Op == useNumber:
		return c, nil
	case scale.Numeric:
		return asNumber(c)
	}
	name := c.Want.Text
	if c.Want.HasNumber {
		name = strconv.FormatFloat(c.Want.Number, 'f', -1, 64)
	}
	if c.Op != "selected" && !equality {
		// Choices have an order only where their names are numbers; those are their codes then.
		n, err := strconv.Atoi(name)
		if err != nil || !scale.numbered() {
			return c, wording.Errorf("the choices of %q are no numbers: there is nothing above or below %q", c.Name, name)
		}
		c.Want = Value{Number: float64(n), HasNumber: true}
		return c, nil
	}
	for _, names := range scale.Synonyms {
		if names[0] == name {
			c.Want = Value{Text: name, HasText: true}
			return c, nil
		}
	}
	return c, wording.Errorf("%q has no choice named %q", c.Name, name)
}

// alike reports why two questions cannot be compared: choices can where they are of one list, or named by numbers.
func (f *formReader) alike(a, b string) error {
	one, choices := f.scale(a)
	other, too := f.scale(b)
	numbers := func(scale Scale, choices bool) bool {
		return choices && !scale.Multiple && (scale.Numeric || scale.numbered())
	}
	switch {
	case !choices && !too && f.kinds[a] == f.kinds[b], numbers(one, choices) && numbers(other, too):
		return nil
	case numbers(one, choices) && f.kinds[b] == kindText, numbers(other, too) && f.kinds[a] == kindText:
		return nil
	case choices && too && !one.Numeric && !other.Numeric && f.lists[a] == f.lists[b]:
		return nil
	}
	return wording.Errorf("%q and %q are not of one kind", a, b)
}

// useText reads the use of a text or a calculation: equality is that of the texts, everything else that of the numbers in them.
func (f *formReader) useText(c Comparison) (Comparison, error) {
	switch c.Op {
	case useEqual:
		return c, f.alike(c.Name, c.With)
	case useNumber, "==", "!=":
		return c, nil
	case "selected", OpCount:
		return c, wording.Errorf("%q is no question with several answers", c.Name)
	}
	return asNumber(c)
}

// useDate reads the use of a date. JavaRosa turns dates into numbers, but a text that looks like a date into none, where Enketo reads it as a date: only
// date() means one thing.
func (f *formReader) useDate(c Comparison) (Comparison, error) {
	switch {
	case c.Op == useEqual:
		return c, f.alike(c.Name, c.With)
	case c.Op == useNumber:
		return c, nil
	case c.Op == "selected" || c.Op == OpCount:
		return c, wording.Errorf("%q is no question with several answers", c.Name)
	case c.Want.HasText:
		return c, wording.Errorf("%q is a date and %q a text: write date(%q)", c.Name, c.Want.Text, c.Want.Text)
	}
	return c, nil
}

// asNumber reads a constant as a number.
func asNumber(c Comparison) (Comparison, error) {
	if c.Want.HasText {
		n, err := strconv.ParseFloat(strings.TrimSpace(c.Want.Text), 64)
		if err != nil {
			return c, wording.Errorf("%q is a number and %q none", c.Name, c.Want.Text)
		}
		c.Want = Value{Number: n, HasNumber: true}
	}
	return c, nil
}

// numbered reports whether the choices of a form's list are named by their codes.
func (s Scale) numbered() bool {
	for code, names := range s.Synonyms {
		if names[0] != strconv.Itoa(code) {
			return false
		}
	}
	return true
}
