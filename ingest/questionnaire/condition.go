package questionnaire

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hailong/ingest/wording"
)

// A Condition is a parsed Route.When: comparisons of columns, numbers and quoted texts, with arithmetic (+ - * div mod), selected(column, "answer"),
// count-selected(column) and date("2020-10-01"), joined by && and ||, with ! and parentheses: `c8_7 == 2 && (gioi_tinh == "Nữ" || tuoi >= 60)`.
// XLSForm's spelling (=, and, or, not()) is read too. It holds where it is surely true: what depends on an unanswered question is not known, because
// that is no reason to call another one not applicable. A question that was not asked is known to have no answer, which is no number: nothing is
// above, below or equal to it (https://github.com/getodk/javarosa, XPathCmpExpr and XPathEqExpr).
type Condition struct {
	root  node
	names []string
}

// maxCondition bounds the depth of the parentheses, and with it the stack.
const maxCondition = 4096

// A Value is what a column holds in one row, for Condition.Holds. The zero Value is not known.
// A label has both: its text and its code. Number is NaN for a text that is no number.
type Value struct {
	Number    float64
	HasNumber bool
	Text      string
	HasText   bool

	Word     bool // Number is a don't know or a refusal: there is nothing above or below it
	Blank    bool // not answered
	NotAsked bool // not applicable
}

// node is a truth or a value. A truth is true, false, && || ! over its kids, selected, or a comparison: of a column with a constant (name and
// want), or of any two values (kids). A value is a column, a constant, a count-selected, or + - * div mod neg over its kids.
type node struct {
	op   string
	kids []node
	name string
	want Value
}

// OpCount is the Op of a Comparison that counts the answers selected.
const OpCount = "count-selected"

// The names of nodes that no text of a condition spells so.
const (
	opColumn   = "column"
	opConstant = "constant"
	opLength   = "string-length"
	opNegative = "neg"
)

// truthful reports whether a node is a truth and not a value.
func (n *node) truthful() bool {
	switch n.op {
	case opColumn, opConstant, OpCount, opLength, opNegative, "+", "-", "*", "div", "mod":
		return false
	}
	return true
}

// ParseCondition reads a condition and says at which character it fails.
func ParseCondition(when string) (*Condition, error) {
	if len(when) > maxCondition {
		return nil, wording.Errorf("condition of %d bytes: at most %d are read", len(when), maxCondition)
	}
	p := &conditionParser{text: []rune(when)}
	root, err := p.truth(p.or)
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
	case "true":
		return yes
	case "false":
		return no
	case "!":
		return -n.kids[0].eval(value)
	case "&&":
		return min(n.kids[0].eval(value), n.kids[1].eval(value))
	case "||":
		return max(n.kids[0].eval(value), n.kids[1].eval(value))
	}
	if len(n.kids) == 2 {
		return compare(n.op, n.kids[0].value(value), n.kids[1].value(value))
	}
	got := value(n.name)
	if n.want.HasText && n.want.Text == "" {
		if !got.Blank && !got.NotAsked && !got.HasText && !got.HasNumber {
			return unknown
		}
		return truthOf((got.Blank || got.NotAsked) == (n.op == "=="))
	}
	switch {
	case got.NotAsked:
		return truthOf(n.op == "!=")
	case n.want.HasText && !got.HasText, n.want.HasNumber && !got.HasNumber:
		return unknown
	case got.Word && n.op != "==" && n.op != "!=":
		return unknown
	case n.want.HasText:
		return ordered(n.op, strings.Compare(got.Text, n.want.Text), true)
	}
	return numbers(n.op, got.Number, n.want.Number)
}

// value works a value out.
func (n *node) value(value func(string) Value) Value {
	switch n.op {
	case opConstant:
		return n.want
	case opColumn:
		return value(n.name)
	case OpCount:
		if got := value(n.name); !got.NotAsked {
			return got
		}
		return Value{HasNumber: true} // of no answers none is selected
	}
	operands := make([]float64, len(n.kids))
	for i := range n.kids {
		got := n.kids[i].value(value)
		switch {
		case got.NotAsked:
			operands[i] = math.NaN()
		case !got.HasNumber || got.Word:
			return Value{}
		default:
			operands[i] = got.Number
		}
	}
	result := -operands[0]
	switch n.op {
	case "+":
		result = operands[0] + operands[1]
	case "-":
		result = operands[0] - operands[1]
	case "*":
		result = operands[0] * operands[1]
	case "div":
		result = operands[0] / operands[1]
	case "mod":
		result = math.Mod(operands[0], operands[1])
	}
	return Value{Number: result, HasNumber: true}
}

// compare compares two values: texts with texts, else numbers.
func compare(op string, a, b Value) truth {
	for _, v := range []*Value{&a, &b} {
		if v.Word || (!v.NotAsked && !v.HasNumber && !v.HasText) {
			return unknown
		}
	}
	equality := op == "==" || op == "!="
	switch {
	case equality && a.NotAsked && b.NotAsked:
		return truthOf(op == "==")
	case a.NotAsked || b.NotAsked:
		return truthOf(op == "!=")
	case equality && a.HasText && b.HasText:
		return ordered(op, strings.Compare(a.Text, b.Text), true)
	case !a.HasNumber || !b.HasNumber:
		return unknown
	}
	return numbers(op, a.Number, b.Number)
}

// numbers compares two numbers. Nothing is true of what is no number, but that it is not equal.
func numbers(op string, a, b float64) truth {
	return ordered(op, cmp.Compare(a, b), !math.IsNaN(a) && !math.IsNaN(b))
}

func ordered(op string, order int, comparable bool) truth {
	switch op {
	case "==", "selected":
		return truthOf(comparable && order == 0)
	case "!=":
		return truthOf(!comparable || order != 0)
	case "<":
		return truthOf(comparable && order < 0)
	case "<=":
		return truthOf(comparable && order <= 0)
	case ">":
		return truthOf(comparable && order > 0)
	default: // ">=", the only one left that comparison accepts
		return truthOf(comparable && order >= 0)
	}
}

// A Comparison is one use of a column in a condition. Op is a comparison with Want, "selected", "count-selected", "number" where the column is
// reckoned with or set above or below another value, or "equal" where it is compared with the column With.
type Comparison struct {
	Name string
	Op   string
	Want Value
	With string
}

// The uses of a column without a constant.
const (
	useNumber = "number"
	useEqual  = "equal"
)

// Map returns the condition with every use of a column replaced, and the first error.
func (c *Condition) Map(change func(Comparison) (Comparison, error)) (*Condition, error) {
	out := &Condition{}
	root, err := c.root.mapped(out, Comparison{Op: useNumber}, change)
	out.root = root
	return out, err
}

// mapped replaces the uses below a node; use says how a column that is this node is used.
func (n node) mapped(out *Condition, use Comparison, change func(Comparison) (Comparison, error)) (node, error) {
	if n.name == "" {
		kids := make([]node, len(n.kids))
		for i := range n.kids {
			use := Comparison{Op: useNumber}
			if n.op == "==" || n.op == "!=" {
				if other := &n.kids[1-i]; other.op == opColumn {
					use = Comparison{Op: useEqual, With: other.name}
				}
			}
			kid, err := n.kids[i].mapped(out, use, change)
			if err != nil {
				return n, err
			}
			kids[i] = kid
		}
		if n.kids != nil {
			n.kids = kids
		}
		return n, nil
	}
	switch n.op {
	case opColumn:
		use.Name = n.name
	case OpCount:
		use = Comparison{Name: n.name, Op: OpCount}
	default:
		use = Comparison{Name: n.name, Op: n.op, Want: n.want}
	}
	to, err := change(use)
	n.name, n.want = to.Name, to.Want
	if n.op != opColumn {
		n.op = to.Op
	}
	if !slices.Contains(out.names, n.name) {
		out.names = append(out.names, n.name)
	}
	return n, err
}

// String writes the condition as ParseCondition reads it.
func (c *Condition) String() string { return c.root.text() }

func (n *node) text() string {
	switch n.op {
	case "true", "false":
		return n.op + "()"
	case "!":
		return "!(" + n.kids[0].text() + ")"
	case opNegative:
		return "-(" + n.kids[0].text() + ")"
	case "&&", "||", "+", "-", "*", "div", "mod":
		return "(" + n.kids[0].text() + " " + n.op + " " + n.kids[1].text() + ")"
	case "selected":
		return "selected(" + n.name + ", " + n.want.text() + ")"
	case opColumn:
		return n.name
	case OpCount:
		return OpCount + "(" + n.name + ")"
	case opConstant:
		return n.want.text()
	}
	if len(n.kids) == 2 {
		return n.kids[0].text() + " " + n.op + " " + n.kids[1].text()
	}
	return n.name + " " + n.op + " " + n.want.text()
}

func (v Value) text() string {
	switch {
	case !v.HasText:
		return strconv.FormatFloat(v.Number, 'f', -1, 64)
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
	if p.follows(token) {
		p.at += len(token)
		return true
	}
	return false
}

// follows reports whether a token of plain letters and signs stands here.
func (p *conditionParser) follows(token string) bool {
	if p.at+len(token) > len(p.text) {
		return false
	}
	for i := range len(token) {
		if p.text[p.at+i] != rune(token[i]) {
			return false
		}
	}
	return true
}

// word accepts a name that stands alone: `and` is none in `android`.
func (p *conditionParser) word(word string) bool {
	p.skip()
	end := p.at + len(word)
	if !p.follows(word) || (end < len(p.text) && isNameRune(p.text[end])) {
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

// truth reads a truth: a value alone is none.
func (p *conditionParser) truth(read func() (node, error)) (node, error) {
	n, err := read()
	if err == nil && !n.truthful() {
		err = p.fail(wording.Errorf("one of == != < <= > >="))
	}
	return n, err
}

func (p *conditionParser) or() (node, error) { return p.chain("||", "or", p.and) }

func (p *conditionParser) and() (node, error) { return p.chain("&&", "and", p.comparison) }

func (p *conditionParser) chain(op, word string, operand func() (node, error)) (node, error) {
	left, err := operand()
	for err == nil && (p.accept(op) || p.word(word)) {
		if !left.truthful() {
			return left, p.fail(wording.Errorf("one of == != < <= > >="))
		}
		var right node
		right, err = p.truth(operand)
		left = node{op: op, kids: []node{left, right}}
	}
	return left, err
}

// comparison reads a truth that is no chain, or a value.
func (p *conditionParser) comparison() (node, error) {
	left, err := p.sum()
	if err != nil || left.truthful() {
		return left, err
	}
	op := ""
	for _, o := range []string{"==", "!=", "<=", ">=", "<", ">", "="} {
		if p.accept(o) {
			op = o
			break
		}
	}
	switch op {
	case "":
		return left, nil
	case "=":
		op = "=="
	}
	right, err := p.sum()
	if err == nil && right.truthful() {
		err = p.fail(wording.Errorf("a column, a number or a text"))
	}
	if err != nil {
		return left, err
	}
	if left.op == opConstant && right.op != opConstant {
		left, right, op = right, left, mirrored(op)
	}
	switch {
	case left.op == opLength:
		return p.answered(left, op, right)
	case right.op == opLength:
		return left, p.fail(wording.Errorf("a comparison of string-length() with 0"))
	case left.op == opColumn && right.op == opConstant:
		return node{op: op, name: left.name, want: right.want}, nil
	}
	return node{op: op, kids: []node{left, right}}, nil
}

// mirrored is the comparison with its sides changed.
func mirrored(op string) string {
	switch op {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	case ">=":
		return "<="
	}
	return op
}

// answered reads a comparison of a text's length that only asks whether there is a text.
func (p *conditionParser) answered(length node, op string, with node) (node, error) {
	n := node{name: length.name, want: Value{HasText: true}}
	if with.op == opConstant && with.want.HasNumber {
		switch at := with.want.Number; {
		case at == 0 && (op == ">" || op == "!="), at == 1 && op == ">=":
			n.op = "!="
		case at == 0 && (op == "==" || op == "<="), at == 1 && op == "<":
			n.op = "=="
		}
	}
	if n.op == "" {
		return n, p.fail(wording.Errorf("a comparison of string-length() with 0"))
	}
	return n, nil
}

func (p *conditionParser) sum() (node, error) { return p.reckon(p.product, "+", "-") }

func (p *conditionParser) product() (node, error) { return p.reckon(p.signed, "*", "div", "mod") }

// reckon reads a chain of arithmetic.
func (p *conditionParser) reckon(operand func() (node, error), ops ...string) (node, error) {
	left, err := operand()
	for err == nil {
		at := slices.IndexFunc(ops, func(op string) bool {
			if len(op) > 1 {
				return p.word(op)
			}
			return p.accept(op)
		})
		if at < 0 {
			return left, nil
		}
		var right node
		right, err = operand()
		for _, n := range []*node{&left, &right} {
			if err == nil && (n.truthful() || n.op == opLength || (n.op == opConstant && !n.want.HasNumber)) {
				err = p.fail(wording.Errorf("a column or a number"))
			}
		}
		left = node{op: ops[at], kids: []node{left, right}}
	}
	return left, err
}

// signed reads an operand with its sign.
func (p *conditionParser) signed() (node, error) {
	if !p.accept("-") {
		return p.operand()
	}
	kid, err := p.signed()
	switch {
	case err != nil:
	case kid.op == opConstant && kid.want.HasNumber:
		kid.want.Number = -kid.want.Number
		return kid, nil
	case kid.truthful() || kid.op == opLength || kid.op == opConstant:
		err = p.fail(wording.Errorf("a column or a number"))
	}
	return node{op: opNegative, kids: []node{kid}}, err
}

// operand reads what stands between operators.
func (p *conditionParser) operand() (node, error) {
	switch {
	case p.accept("("):
		return p.closed(p.or())
	case p.call("not"):
		n, err := p.closed(p.truth(p.or))
		return node{op: "!", kids: []node{n}}, err
	case p.accept("!"):
		n, err := p.truth(p.comparison)
		return node{op: "!", kids: []node{n}}, err
	case p.call("true"):
		return p.closed(node{op: "true"}, nil)
	case p.call("false"):
		return p.closed(node{op: "false"}, nil)
	case p.call("number"):
		n, err := p.closed(p.sum())
		if err == nil && (n.truthful() || n.op == opLength || (n.op == opConstant && !n.want.HasNumber)) {
			err = p.fail(wording.Errorf("a column or a number"))
		}
		return n, err
	case p.call("date"):
		return p.closed(p.date())
	case p.call(OpCount):
		name, err := p.column()
		return p.closed(node{op: OpCount, name: name}, err)
	case p.call(opLength):
		name, err := p.column()
		return p.closed(node{op: opLength, name: name}, err)
	case p.call("selected"):
		name, err := p.column()
		if err == nil && !p.accept(",") {
			err = p.fail(wording.Errorf(`","`))
		}
		n := node{op: "selected", name: name}
		if err == nil {
			n.want, err = p.constant()
		}
		return p.closed(n, err)
	}
	if p.skip(); p.at < len(p.text) && isNameStart(p.text[p.at]) {
		if name := p.function(); name != "" {
			return node{}, wording.Errorf("condition %q: the function %s() is not read", string(p.text), name)
		}
		name, err := p.column()
		return node{op: opColumn, name: name}, err
	}
	want, err := p.constant()
	return node{op: opConstant, want: want}, err
}

// closed reads the parenthesis that closes what was opened.
func (p *conditionParser) closed(n node, err error) (node, error) {
	if err == nil && !p.accept(")") {
		err = p.fail(wording.Errorf(`")"`))
	}
	return n, err
}

// date reads a day, which is the number of days since 1970-01-01.
func (p *conditionParser) date() (node, error) {
	start := p.at
	want, err := p.constant()
	day, bad := time.Parse(time.DateOnly, want.Text)
	if err == nil && (!want.HasText || bad != nil) {
		p.at = start
		err = p.fail(wording.Errorf("a date like '2020-10-01'"))
	}
	return node{op: opConstant, want: Value{HasNumber: true, Number: dayNumber(day)}}, err
}

// dayNumber counts days from 1970-01-01, as JavaRosa turns dates into numbers.
func dayNumber(day time.Time) float64 { return math.Floor(float64(day.Unix()) / 86_400) }

// function is the name of the function that is called here; "" where none is.
func (p *conditionParser) function() string {
	end := p.at
	for end < len(p.text) && (isNameRune(p.text[end]) || p.text[end] == '-' || p.text[end] == ':') {
		end++
	}
	if end < len(p.text) && p.text[end] == '(' {
		return string(p.text[p.at:end])
	}
	return ""
}

func isNameStart(r rune) bool { return unicode.IsLetter(r) || r == '_' }

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
	for p.at < len(p.text) && strings.ContainsRune(".0123456789", p.text[p.at]) {
		p.at++
	}
	number, err := strconv.ParseFloat(string(p.text[start:p.at]), 64)
	if err != nil {
		p.at = start
		return Value{}, p.fail(wording.Errorf("a column, a number or a text"))
	}
	return Value{HasNumber: true, Number: number}, nil
}
