package survey

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// The golden cases carry R expressions and formulas. This file reads the part of R that they are written in:
// numbers, strings, names, arithmetic, comparisons, & | !, %in%, %%, and the functions below.

type rNode struct {
	op   string // "num", "str", "name", "call", or an operator
	num  float64
	text string
	args []rNode
}

type rParser struct {
	src string
	pos int
	tok string
	str bool // the token is a quoted string
}

func parseR(src string) (node rNode, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("%v in %q", e, src)
		}
	}()
	p := &rParser{src: src}
	p.next()
	node = p.binary(0)
	if p.tok != "" {
		panic("unexpected " + p.tok)
	}
	return node, nil
}

func (p *rParser) next() {
	p.str = false
	for p.pos < len(p.src) && unicode.IsSpace(rune(p.src[p.pos])) {
		p.pos++
	}
	if p.pos >= len(p.src) {
		p.tok = ""
		return
	}
	start := p.pos
	c := p.src[p.pos]
	word := func(b byte) bool {
		return b == '.' || b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
	}
	switch {
	case c == '\'' || c == '"' || c == '`':
		end := strings.IndexByte(p.src[p.pos+1:], c)
		if end < 0 {
			panic("open quote")
		}
		p.tok = p.src[p.pos+1 : p.pos+1+end]
		p.pos += end + 2
		p.str = c != '`'
		if c == '`' {
			p.tok = "`" + p.tok
		}
		return
	case c >= '0' && c <= '9':
		for p.pos < len(p.src) && (word(p.src[p.pos]) || (p.src[p.pos] == '-' || p.src[p.pos] == '+') && (p.src[p.pos-1] == 'e' || p.src[p.pos-1] == 'E')) {
			p.pos++
		}
	case word(c):
		for p.pos < len(p.src) && word(p.src[p.pos]) {
			p.pos++
		}
	case c == '%':
		end := strings.IndexByte(p.src[p.pos+1:], '%')
		p.pos += end + 2
	default:
		p.pos++
		if p.pos < len(p.src) && strings.Contains("== != <= >= && ||", p.src[start:p.pos+1]) && p.src[p.pos] != ' ' {
			p.pos++
		}
	}
	p.tok = p.src[start:p.pos]
}

var rLevels = [][]string{{"~"}, {"|", "||"}, {"&", "&&"}, {"!"}, {"==", "!=", "<", ">", "<=", ">="}, {"+", "-"}, {"*", "/"}, {"%in%", "%%", "%/%"}, {":"}, {"neg"}, {"^"}}

func (p *rParser) binary(level int) rNode {
	if level == len(rLevels) {
		return p.atom()
	}
	switch rLevels[level][0] {
	case "!":
		if p.tok == "!" && !p.str {
			p.next()
			return rNode{op: "!", args: []rNode{p.binary(level)}}
		}
		return p.binary(level + 1)
	case "neg":
		if (p.tok == "-" || p.tok == "+") && !p.str {
			op := p.tok
			p.next()
			a := p.binary(level)
			if op == "+" {
				return a
			}
			return rNode{op: "neg", args: []rNode{a}}
		}
		return p.binary(level + 1)
	case "~":
		if p.tok == "~" && !p.str {
			p.next()
			return rNode{op: "~", args: []rNode{p.binary(level + 1)}}
		}
	}
	left := p.binary(level + 1)
	for {
		found := false
		for _, op := range rLevels[level] {
			if p.tok == op && !p.str {
				p.next()
				if op == "^" {
					return rNode{op: op, args: []rNode{left, p.binary(level - 1)}}
				}
				left = rNode{op: op, args: []rNode{left, p.binary(level + 1)}}
				found = true
				break
			}
		}
		if !found {
			return left
		}
	}
}

func (p *rParser) atom() rNode {
	tok, str := p.tok, p.str
	if tok == "" && !str {
		panic("unexpected end")
	}
	p.next()
	switch {
	case str:
		return rNode{op: "str", text: tok}
	case tok == "(":
		n := p.binary(0)
		p.want(")")
		return n
	case tok[0] >= '0' && tok[0] <= '9' || tok[0] == '.' && len(tok) > 1 && tok[1] >= '0' && tok[1] <= '9':
		v, err := strconv.ParseFloat(strings.TrimSuffix(tok, "L"), 64)
		if err != nil {
			panic(err)
		}
		return rNode{op: "num", num: v, text: tok}
	case tok[0] == '`':
		return rNode{op: "name", text: tok[1:]}
	}
	if p.tok != "(" || p.str {
		return rNode{op: "name", text: tok}
	}
	p.next()
	n := rNode{op: "call", text: tok}
	for p.tok != ")" {
		n.args = append(n.args, p.binary(0))
		if p.tok == "," {
			p.next()
		}
	}
	p.want(")")
	return n
}

func (p *rParser) want(tok string) {
	if p.tok != tok {
		panic(fmt.Sprintf("%q where %q is due", p.tok, tok))
	}
	p.next()
}

// deparse writes the expression as R does.
func (n rNode) deparse() string {
	switch n.op {
	case "num", "name":
		return n.text
	case "str":
		return `"` + n.text + `"`
	case "neg", "!":
		return strings.Replace(n.op, "neg", "-", 1) + n.args[0].deparse()
	case "call":
		var a []string
		for _, x := range n.args {
			a = append(a, x.deparse())
		}
		return n.text + "(" + strings.Join(a, ", ") + ")"
	}
	return n.args[0].deparse() + " " + n.op + " " + n.args[1].deparse()
}

// rValue is a column or, with length 1, a scalar.
type rValue struct {
	col     Column
	logical bool
}

func (v rValue) num(k int) float64 {
	if v.col.IsFactor() {
		if c := v.col.Codes[k%len(v.col.Codes)]; c >= 0 {
			return float64(c + 1)
		}
		return math.NaN()
	}
	return v.col.Values[k%len(v.col.Values)]
}

func (v rValue) label(k int) (string, bool) {
	c := v.col
	if c.IsFactor() {
		code := c.Codes[k%len(c.Codes)]
		if code < 0 {
			return "", false
		}
		return c.Levels[code], true
	}
	x := c.Values[k%len(c.Values)]
	return fmt.Sprintf("%.15g", x), !math.IsNaN(x)
}

func rBool(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func rScalar(x float64) rValue { return rValue{col: Numeric([]float64{x})} }

// eval computes the expression over a frame.
func (n rNode) eval(f *Frame) rValue {
	switch n.op {
	case "num":
		return rScalar(n.num)
	case "str":
		return rValue{col: Factor([]string{n.text})}
	case "name":
		switch n.text {
		case "TRUE", "FALSE":
			return rValue{col: Numeric([]float64{rBool(n.text == "TRUE")}), logical: true}
		case "NA":
			return rScalar(math.NaN())
		}
		c, err := f.Column(n.text)
		if err != nil {
			panic(err)
		}
		return rValue{col: c}
	case "call":
		return n.call(f)
	}
	var args []rValue
	length := 1
	for _, a := range n.args {
		v := a.eval(f)
		args = append(args, v)
		length = max(length, v.col.Len())
	}
	if n.op == "%in%" {
		set := map[string]bool{}
		for k := range args[1].col.Len() {
			if l, ok := args[1].label(k); ok {
				set[l] = true
			}
		}
		out := make([]float64, args[0].col.Len())
		for k := range out {
			l, ok := args[0].label(k)
			out[k] = rBool(ok && set[l])
		}
		return rValue{col: Numeric(out), logical: true}
	}
	out := make([]float64, length)
	text := len(args) == 2 && (args[0].col.IsFactor() || args[1].col.IsFactor())
	for k := range out {
		if text && strings.Contains("== != < > <= >=", n.op) {
			a, okA := args[0].label(k)
			b, okB := args[1].label(k)
			out[k] = rCompare(n.op, strings.Compare(a, b))
			if !okA || !okB {
				out[k] = math.NaN()
			}
			continue
		}
		if len(args) == 1 {
			out[k] = rUnary(n.op, args[0].num(k))
		} else {
			out[k] = rBinary(n.op, args[0].num(k), args[1].num(k))
		}
	}
	return rValue{col: Numeric(out), logical: strings.Contains("== != < > <= >= & | && || !", n.op)}
}

func rCompare(op string, c int) float64 {
	switch op {
	case "==":
		return rBool(c == 0)
	case "!=":
		return rBool(c != 0)
	case "<":
		return rBool(c < 0)
	case ">":
		return rBool(c > 0)
	case "<=":
		return rBool(c <= 0)
	}
	return rBool(c >= 0)
}

func rUnary(op string, a float64) float64 {
	if op == "neg" {
		return -a
	}
	if math.IsNaN(a) {
		return a
	}
	return rBool(a == 0)
}

func rBinary(op string, a, b float64) float64 {
	nan := math.IsNaN(a) || math.IsNaN(b)
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	case "^":
		return math.Pow(a, b)
	case "%%":
		return a - b*math.Floor(a/b)
	case "%/%":
		return math.Floor(a / b)
	case "&", "&&":
		if a == 0 || b == 0 {
			return 0
		}
		if nan {
			return math.NaN()
		}
		return 1
	case "|", "||":
		if !math.IsNaN(a) && a != 0 || !math.IsNaN(b) && b != 0 {
			return 1
		}
		if nan {
			return math.NaN()
		}
		return 0
	}
	if nan {
		return math.NaN()
	}
	switch {
	case a < b:
		return rCompare(op, -1)
	case a > b:
		return rCompare(op, 1)
	}
	return rCompare(op, 0)
}

func (n rNode) call(f *Frame) rValue {
	var args []rValue
	for _, a := range n.args {
		args = append(args, a.eval(f))
	}
	each := func(g func(float64) float64) rValue {
		out := make([]float64, args[0].col.Len())
		for k := range out {
			out[k] = g(args[0].num(k))
		}
		return rValue{col: Numeric(out)}
	}
	switch n.text {
	case "I":
		return args[0]
	case "as.numeric", "as.integer":
		return each(func(x float64) float64 { return x })
	case "factor", "as.factor", "as.character":
		return rValue{col: args[0].col.AsFactor()}
	case "is.na":
		out := make([]float64, args[0].col.Len())
		for k := range out {
			out[k] = rBool(args[0].col.Missing(k))
		}
		return rValue{col: Numeric(out), logical: true}
	case "log":
		return each(math.Log)
	case "log10":
		return each(math.Log10)
	case "exp":
		return each(math.Exp)
	case "sqrt":
		return each(math.Sqrt)
	case "abs":
		return each(math.Abs)
	case "asin":
		return each(math.Asin)
	case "c":
		var labels []string
		for _, a := range args {
			l, _ := a.label(0)
			labels = append(labels, l)
		}
		return rValue{col: Factor(labels)}
	case "ifelse":
		out := make([]float64, args[0].col.Len())
		for k := range out {
			switch t := args[0].num(k); {
			case math.IsNaN(t):
				out[k] = t
			case t != 0:
				out[k] = args[1].num(k)
			default:
				out[k] = args[2].num(k)
			}
		}
		return rValue{col: Numeric(out)}
	}
	panic("unknown function " + n.text)
}

// evalR evaluates an expression over a frame to a full column.
func evalR(src string, f *Frame) (v rValue, err error) {
	n, err := parseR(src)
	if err != nil {
		return v, err
	}
	return n.column(f)
}

func (n rNode) column(f *Frame) (v rValue, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("%v in %q", e, n.deparse())
		}
	}()
	v = n.eval(f)
	if v.col.Len() == 1 && f.Rows() != 1 && !v.col.IsFactor() {
		out := make([]float64, f.Rows())
		for k := range out {
			out[k] = v.col.Values[0]
		}
		v.col = Numeric(out)
	}
	return v, nil
}

// An rFormula is response ~ terms. Expressions in it become columns of the frame, named as R names them.
type rFormula struct {
	response  string
	terms     []Term
	intercept bool
	literal   string // a right side of just 0 or 1
}

// parseFormula reads a formula and returns the frame with its expressions as columns.
func parseFormula(src string, f *Frame) (out rFormula, g *Frame, err error) {
	n, err := parseR(src)
	if err != nil {
		return out, nil, err
	}
	keep := make([]bool, f.Rows())
	for k := range keep {
		keep[k] = true
	}
	g = f.Filter(keep)
	if n.op != "~" {
		return out, nil, fmt.Errorf("%q is no formula", src)
	}
	rhs := n.args[len(n.args)-1]
	if len(n.args) == 2 {
		if out.response, err = addColumn(n.args[0], g); err != nil {
			return out, nil, err
		}
	}
	out.intercept = true
	if rhs.op == "num" {
		out.literal = rhs.text
	}
	var walk func(n rNode, sign bool) error
	seen := map[string]bool{}
	add := func(t Term) {
		if k := strings.Join(t, ":"); !seen[k] {
			seen[k] = true
			out.terms = append(out.terms, t)
		}
	}
	var factors func(n rNode) ([]Term, error)
	factors = func(n rNode) ([]Term, error) {
		if n.op == "*" || n.op == ":" {
			a, err := factors(n.args[0])
			if err != nil {
				return nil, err
			}
			b, err := factors(n.args[1])
			if err != nil {
				return nil, err
			}
			var all []Term
			if n.op == "*" {
				all = append(append(all, a...), b...)
			}
			for _, x := range a {
				for _, y := range b {
					all = append(all, append(append(Term{}, x...), y...))
				}
			}
			return all, nil
		}
		name, err := addColumn(n, g)
		return []Term{{name}}, err
	}
	walk = func(n rNode, plus bool) error {
		switch {
		case n.op == "+" || n.op == "-":
			if err := walk(n.args[0], plus); err != nil {
				return err
			}
			return walk(n.args[1], n.op == "+")
		case n.op == "neg":
			return walk(n.args[0], !plus)
		case n.op == "num":
			out.intercept = (n.num == 1) == plus
			return nil
		}
		ts, err := factors(n)
		for _, t := range ts {
			add(t)
		}
		return err
	}
	if err := walk(rhs, true); err != nil {
		return out, nil, err
	}
	for i := 1; i < len(out.terms); i++ { // main effects first, as R orders them
		for j := i; j > 0 && len(out.terms[j]) < len(out.terms[j-1]); j-- {
			out.terms[j], out.terms[j-1] = out.terms[j-1], out.terms[j]
		}
	}
	return out, g, nil
}

// addColumn puts the value of an expression into the frame under its own text.
func addColumn(n rNode, f *Frame) (string, error) {
	if n.op == "name" && n.text != "TRUE" {
		_, err := f.Column(n.text)
		return n.text, err
	}
	v, err := n.column(f)
	if err != nil {
		return "", err
	}
	name := n.deparse()
	c := v.col
	if v.logical {
		c = Column{Codes: make([]int, len(v.col.Values)), Levels: []string{"FALSE", "TRUE"}}
		for k, x := range v.col.Values {
			c.Codes[k] = -1
			if !math.IsNaN(x) {
				c.Codes[k] = int(x)
			}
		}
	}
	return name, f.Set(name, c)
}
