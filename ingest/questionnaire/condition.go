package questionnaire

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"hailong/ingest/wording"
)

// A Condition is a parsed Route.When: comparisons of a column with a number or a quoted text, and selected(column, "answer"), joined by && and
// ||, with ! and parentheses: `c8_7 == 2 && (gioi_tinh == "Nữ" || tuoi >= 60)`. XLSForm's spelling (=, and, or, not()) is read too. It holds
// where it is surely true: what depends on an unanswered question is not known, because that is no reason to call another one not
// applicable. A question that was not asked is known to have no answer.
type Condition struct {
	root  node
	names []string
}

// maxCondition bounds the depth of the parentheses, and with it the stack.
const maxCondition = 4096

// A Value is what a column holds in one row, for Condition.Holds. The zero Value is not known.
// A label has both: its text and its code.
type Value struct {
	Number    float64
	HasNumber bool
	Text      string
	HasText   bool

	Word     bool // Number is a don't know or a refusal: there is nothing above or below it
	Blank    bool // not answered
	NotAsked bool // not applicable
}

// node is one comparison (name set) or one operator over its kids.
type node struct {
	op   string // && || ! selected or a comparison
	kids []node
	name string
	want Value
}

// ParseCondition reads a condition and says at which character it fails.
func ParseCondition(when string) (*Condition, error) {
	if len(when) > maxCondition {
		return nil, wording.Errorf("condition of %d bytes: at most %d are read", len(when), maxCondition)
	}
	p := &conditionParser{text: []rune(when)}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.skip(); p.at < len(p.text) {
		return nil, p.fail(wording.Errorf("the end"))
	}
	return &Condition{root: root, names: p.names}, nil
}

// Names lists the columns that the condition looks at, in the order of their first use.
func (c *Condition) Names() []string { return c.names }

// Holds evaluates the condition; value returns what a column holds.
func (c *Condition) Holds(value func(name string) Value) bool { return c.root.eval(value) == yes }

// truth is what is known of a condition in one row.
type truth int8

const (
	no      truth = -1
	unknown truth = 0
	yes     truth = 1
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (n *node) eval(value func(string) Value) truth {
	switch n.op {
	case "!":
		return -n.kids[0].eval(value)
	case "&&":
		return min(n.kids[0].eval(value), n.kids[1].eval(value))
	case "||":
		return max(n.kids[0].eval(value), n.kids[1].eval(value))
	}
	got := value(n.name)
	if n.want.HasText && n.want.Text == "" {
		if !got.Blank && !got.NotAsked && !got.HasText && !got.HasNumber {
			return unknown
		}
		return truthOf((got.Blank || got.NotAsked) == (n.op == "=="))
	}
	order := 0
	switch {
	case got.NotAsked:
		return truthOf(n.op == "!=")
	case n.want.HasText && !got.HasText, n.want.HasNumber && !got.HasNumber:
		return unknown
	case got.Word && n.op != "==" && n.op != "!=":
		return unknown
	case n.want.HasText:
		order = strings.Compare(got.Text, n.want.Text)
	case got.Number < n.want.Number:
		order = -1
	case got.Number > n.want.Number:
		order = 1
	}
	switch n.op {
	case "==", "selected":
		return truthOf(order == 0)
	case "!=":
		return truthOf(order != 0)
	case "<":
		return truthOf(order < 0)
	case "<=":
		return truthOf(order <= 0)
	case ">":
		return truthOf(order > 0)
	default: // ">=", the only one left that comparison accepts
		return truthOf(order >= 0)
	}
}

// A Comparison is one leaf of a condition: Op is a comparison or "selected".
type Comparison struct {
	Name string
	Op   string
	Want Value
}

// Map returns the condition with every comparison replaced, and the first error.
func (c *Condition) Map(change func(Comparison) (Comparison, error)) (*Condition, error) {
	out := &Condition{}
	root, err := c.root.mapped(out, change)
	out.root = root
	return out, err
}

func (n node) mapped(out *Condition, change func(Comparison) (Comparison, error)) (node, error) {
	if n.name == "" {
		kids := make([]node, len(n.kids))
		for i := range n.kids {
			kid, err := n.kids[i].mapped(out, change)
			if err != nil {
				return n, err
			}
			kids[i] = kid
		}
		n.kids = kids
		return n, nil
	}
	to, err := change(Comparison{n.name, n.op, n.want})
	n.name, n.op, n.want = to.Name, to.Op, to.Want
	if !slices.Contains(out.names, n.name) {
		out.names = append(out.names, n.name)
	}
	return n, err
}

// String writes the condition as ParseCondition reads it.
func (c *Condition) String() string { return c.root.text() }

func (n *node) text() string {
	switch n.op {
	case "!":
		return "!(" + n.kids[0].text() + ")"
	case "&&", "||":
		return "(" + n.kids[0].text() + " " + n.op + " " + n.kids[1].text() + ")"
	case "selected":
		return "selected(" + n.name + ", " + n.want.text() + ")"
	}
	return n.name + " " + n.op + " " + n.want.text()
}

func (v Value) text() string {
	switch {
	case !v.HasText:
		return strconv.FormatFloat(v.Number, 'g', -1, 64)
	case strings.Contains(v.Text, "'"):
		return `"` + v.Text + `"`
	}
	return "'" + v.Text + "'"
}

type conditionParser struct {
	text  []rune
	at    int
	names []string
}

func (p *conditionParser) skip() {
	for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
}

func (p *conditionParser) fail(want error) error {
	return wording.Errorf("condition %q, character %d: want %s", string(p.text), p.at+1, want)
}

func (p *conditionParser) accept(token string) bool {
	p.skip()
	if strings.HasPrefix(string(p.text[p.at:]), token) {
		p.at += len([]rune(token))
		return true
	}
	return false
}

// word accepts a name that stands alone: `and` is none in `android`.
func (p *conditionParser) word(word string) bool {
	p.skip()
	end := p.at + len(word)
	if !strings.HasPrefix(string(p.text[p.at:]), word) || (end < len(p.text) && isNameRune(p.text[end])) {
		return false
	}
	p.at = end
	return true
}

// call accepts a function's name and its opening parenthesis.
func (p *conditionParser) call(name string) bool {
	start := p.at
	if p.word(name) && p.accept("(") {
		return true
	}
	p.at = start
	return false
}

func isNameRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

func (p *conditionParser) or() (node, error) {
	return p.chain("||", "or", p.and)
}

func (p *conditionParser) and() (node, error) {
	return p.chain("&&", "and", p.unary)
}

func (p *conditionParser) chain(op, word string, operand func() (node, error)) (node, error) {
	left, err := operand()
	for err == nil && (p.accept(op) || p.word(word)) {
		var right node
		right, err = operand()
		left = node{op: op, kids: []node{left, right}}
	}
	return left, err
}

func (p *conditionParser) unary() (node, error) {
	not := p.call("not")
	switch {
	case not, p.accept("("):
		kid, err := p.or()
		if err == nil && !p.accept(")") {
			err = p.fail(wording.Errorf(`")"`))
		}
		if not {
			kid = node{op: "!", kids: []node{kid}}
		}
		return kid, err
	case p.accept("!"):
		kid, err := p.unary()
		return node{op: "!", kids: []node{kid}}, err
	case p.call("selected"):
		n := node{op: "selected"}
		var err error
		if n.name, err = p.column(); err != nil {
			return n, err
		}
		if !p.accept(",") {
			return n, p.fail(wording.Errorf(`","`))
		}
		if n.want, err = p.constant(); err == nil && !p.accept(")") {
			err = p.fail(wording.Errorf(`")"`))
		}
		return n, err
	}
	return p.comparison()
}

// column reads a column's name.
func (p *conditionParser) column() (string, error) {
	p.skip()
	start := p.at
	for p.at < len(p.text) && isNameRune(p.text[p.at]) {
		p.at++
	}
	if start == p.at {
		return "", p.fail(wording.Errorf("a column's name"))
	}
	name := string(p.text[start:p.at])
	p.remember(name)
	return name, nil
}

func (p *conditionParser) comparison() (node, error) {
	name, err := p.column()
	if err != nil {
		return node{}, err
	}
	n := node{name: name}
	for _, op := range []string{"==", "!=", "<=", ">=", "<", ">", "="} {
		if p.accept(op) {
			n.op = op
			break
		}
	}
	switch n.op {
	case "":
		return node{}, p.fail(wording.Errorf("one of == != < <= > >="))
	case "=":
		n.op = "=="
	}
	n.want, err = p.constant()
	return n, err
}

func (p *conditionParser) remember(name string) {
	if !slices.Contains(p.names, name) {
		p.names = append(p.names, name)
	}
}

func (p *conditionParser) constant() (Value, error) {
	p.skip()
	if p.at < len(p.text) && (p.text[p.at] == '"' || p.text[p.at] == '\'') {
		quote, start := p.text[p.at], p.at+1
		for i := start; i < len(p.text); i++ {
			if p.text[i] == quote {
				p.at = i + 1
				return Value{HasText: true, Text: string(p.text[start:i])}, nil
			}
		}
		return Value{}, p.fail(wording.Errorf("a closing quote"))
	}
	start := p.at
	for p.at < len(p.text) && strings.ContainsRune("+-.0123456789eE", p.text[p.at]) {
		p.at++
	}
	number, err := strconv.ParseFloat(string(p.text[start:p.at]), 64)
	if err != nil {
		p.at = start
		return Value{}, p.fail(wording.Errorf("a number or a quoted text"))
	}
	return Value{HasNumber: true, Number: number}, nil
}
