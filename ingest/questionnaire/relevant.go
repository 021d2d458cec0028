package questionnaire

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	Why      Text
}

// notRead is the reason in both languages.
type notRead struct{ Text }

func (n notRead) Error() string { return n.EN }

func notReadf(vi, en string, args ...any) error {
	return notRead{Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}}
}

// whyNot is the reason of any error; what the parser says is in English only.
func whyNot(err error) Text {
	var n notRead
	if errors.As(err, &n) {
		return n.Text
	}
	return Text{VI: "biểu thức có phần không đọc được: " + err.Error(), EN: err.Error()}
}

// relevantBasis stands before the expression that a route was made of.
const relevantBasis = "xlsform relevant: "

// formReference is ${question} in an expression.
var formReference = regexp.MustCompile(`\$\{\s*([^{}]*?)\s*\}`)

// straightQuotes makes the quotes that word processors curl straight again, as pyxform does.
var straightQuotes = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)

// routes turns every `relevant` into a route. Its items do not apply where it is surely false. Its language is XPath's; what is read of it is
// comparisons of a question with a number or text, selected(), and, or, not() and parentheses
// (https://docs.getodk.org/form-operators-functions). An expression with anything else is left alone as a whole: a route that is half
// understood would call answers missing that were never asked for, or the other way round.
func (f *formReader) routes() {
	for _, r := range f.relevant {
		if len(r.items) == 0 {
			continue // notes, texts, and groups of them
		}
		when, err := f.condition(r.text)
		if err != nil {
			f.q.Unread = append(f.q.Unread, Unread{Row: r.row, Relevant: r.text, Items: r.items, Why: whyNot(err)})
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
			bad = cmp.Or(bad, notReadf("%d câu hỏi cùng mang tên %q", "%d questions are named %q", len(ids), name))
		default:
			bad = cmp.Or(bad, notReadf("%q không phải câu hỏi có lựa chọn hay số", "%q is no question with choices or numbers", name))
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
	condition, err = condition.Map(f.comparison)
	return condition.String(), err
}

// comparison brings a question and what it is compared with to one type.
func (f *formReader) comparison(c Comparison) (Comparison, error) {
	at := slices.IndexFunc(f.q.Items, func(i Item) bool { return i.ID == c.Name })
	if at < 0 {
		return c, notReadf("%q không phải câu hỏi có lựa chọn hay số", "%q is no question with choices or numbers", c.Name)
	}
	scale := f.q.Scales[f.q.Items[at].Scale]
	equality := c.Op == "==" || c.Op == "!="
	if c.Want.HasText && strings.Contains(c.Want.Text, "'") && strings.Contains(c.Want.Text, `"`) {
		return c, notReadf("%s không đọc được", "%s is not read", c.Want.Text)
	}
	switch {
	case equality && c.Want.HasText && c.Want.Text == "":
		return c, nil
	case scale.Numeric && c.Op != "selected":
		if c.Want.HasText {
			n, err := strconv.ParseFloat(strings.TrimSpace(c.Want.Text), 64)
			if err != nil {
				return c, notReadf("%q là số còn %q thì không", "%q is a number and %q none", c.Name, c.Want.Text)
			}
			c.Want = Value{Number: n, HasNumber: true}
		}
		return c, nil
	case scale.Numeric:
		return c, notReadf("%q không có lựa chọn", "%q has no choices", c.Name)
	case scale.Multiple && c.Op != "selected":
		return c, notReadf("%q có thể chọn nhiều mục: chỉ đọc được selected()", "%q takes several answers: only selected() is read", c.Name)
	}
	name := c.Want.Text
	if c.Want.HasNumber {
		name = strconv.FormatFloat(c.Want.Number, 'f', -1, 64)
	}
	if c.Op != "selected" && !equality {
		// Choices have an order only where their names are numbers; those are their codes then.
		n, err := strconv.Atoi(name)
		if err != nil || !scale.numbered() {
			return c, notReadf("các lựa chọn của %q không phải số: không có gì lớn hơn hay nhỏ hơn %q", "the choices of %q are no numbers: there is nothing above or below %q", c.Name, name)
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
	return c, notReadf("%q không có lựa chọn tên %q", "%q has no choice named %q", c.Name, name)
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
