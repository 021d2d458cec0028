package questionnaire

import (
	"strconv"
	"strings"
	"unicode"

	"hailong/ingest/wording"
)

// A Condition is a parsed Route.When: comparisons of a column with a number or a quoted text, joined by && and ||, with
// parentheses: `c8_7 == 2 && (gioi_tinh == "Nữ" || tuoi >= 60)`. A comparison with a value that is missing is false, whichever way it
// goes, because an unanswered question is no reason to call another one not applicable.
type Condition struct {
	root  node
	names []string
}

// maxCondition bounds the depth of the parentheses, and with it the stack.
const maxCondition = 4096

// A Value is what a column holds in one row, for Condition.Holds. The zero Value is missing.
// A label has both: its text and its code.
type Value struct {
	Number    float64
	HasNumber bool
	Text      string
	HasText   bool
}

// node is one comparison (Name set) or one operator over its Kids.
type node struct {
	op   string // && || or a comparison
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
		return nil, p.fail("the end")
	}
	return &Condition{root: root, names: p.names}, nil
}

// Names lists the columns that the condition looks at, in the order of their first use.
func (c *Condition) Names() []string { return c.names }

// Holds evaluates the condition; value returns what a column holds.
func (c *Condition) Holds(value func(name string) Value) bool { return c.root.holds(value) }

func (n node) holds(value func(string) Value) bool {
	switch n.op {
	case "&&":
		return n.kids[0].holds(value) && n.kids[1].holds(value)
	case "||":
		return n.kids[0].holds(value) || n.kids[1].holds(value)
	}
	got := value(n.name)
	order := 0
	switch {
	case n.want.HasText && !got.HasText, n.want.HasNumber && !got.HasNumber:
		return false
	case n.want.HasText:
		order = strings.Compare(got.Text, n.want.Text)
	case got.Number < n.want.Number:
		order = -1
	case got.Number > n.want.Number:
		order = 1
	}
	switch n.op {
	case "==":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default: // ">=", the only one left that comparison accepts
		return order >= 0
	}
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

func (p *conditionParser) fail(want string) error {
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

func (p *conditionParser) or() (node, error) {
	return p.chain("||", p.and)
}

func (p *conditionParser) and() (node, error) {
	return p.chain("&&", p.unary)
}

func (p *conditionParser) chain(op string, operand func() (node, error)) (node, error) {
	left, err := operand()
	for err == nil && p.accept(op) {
		var right node
		right, err = operand()
		left = node{op: op, kids: []node{left, right}}
	}
	return left, err
}

func (p *conditionParser) unary() (node, error) {
	if p.accept("(") {
		kid, err := p.or()
		if err == nil && !p.accept(")") {
			err = p.fail(`")"`)
		}
		return kid, err
	}
	return p.comparison()
}

func (p *conditionParser) comparison() (node, error) {
	p.skip()
	start := p.at
	for p.at < len(p.text) && (unicode.IsLetter(p.text[p.at]) || unicode.IsDigit(p.text[p.at]) || p.text[p.at] == '_') {
		p.at++
	}
	if start == p.at {
		return node{}, p.fail("a column's name")
	}
	n := node{name: string(p.text[start:p.at])}
	for _, op := range []string{"==", "!=", "<=", ">=", "<", ">"} {
		if p.accept(op) {
			n.op = op
			break
		}
	}
	if n.op == "" {
		return node{}, p.fail("one of == != < <= > >=")
	}
	var err error
	n.want, err = p.constant()
	p.remember(n.name)
	return n, err
}

func (p *conditionParser) remember(name string) {
	for _, known := range p.names {
		if known == name {
			return
		}
	}
	p.names = append(p.names, name)
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
		return Value{}, p.fail("a closing quote")
	}
	start := p.at
	for p.at < len(p.text) && strings.ContainsRune("+-.0123456789eE", p.text[p.at]) {
		p.at++
	}
	number, err := strconv.ParseFloat(string(p.text[start:p.at]), 64)
	if err != nil {
		p.at = start
		return Value{}, p.fail("a number or a quoted text")
	}
	return Value{HasNumber: true, Number: number}, nil
}
