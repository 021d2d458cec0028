package engine

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hailong/ingest/wording"
)

// Condition translates a condition on a respondent's row to SQL that is TRUE or FALSE, never NULL.
//
// The language is what definitions and plans write: column names, numbers, 'texts', == != < <= > >=, in (…), is.na(x),
// & | ! (or and, or, not) and parentheses. A comparison with a missing value is false, so !(x == 1) takes those without x too:
// write x != 1 to leave them out.
func Condition(s string, d Dialect) (string, error) {
	return translateCondition(&parser{text: s, column: d.Quote, open: "COALESCE(", close: ", FALSE)"})
}

// Proposition translates a condition to SQL that is NULL where a value that decides is missing, as R's logical NA. The columns in coded
// hold answer codes, of which the negative ones are kinds of missing.
func Proposition(s string, d Dialect, coded []string) (string, error) {
	column := func(name string) string {
		q := d.Quote(name)
		if slices.Contains(coded, name) {
			return "CASE WHEN " + q + " >= 0 THEN " + q + " END"
		}
		return q
	}
	return translateCondition(&parser{text: s, column: column, open: "(", close: ")"})
}

// ConditionColumns lists the columns that a condition names.
func ConditionColumns(s string) ([]string, error) {
	var names []string
	_, err := translateCondition(&parser{text: s, column: func(name string) string {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		return name
	}})
	return names, err
}

func translateCondition(p *parser) (string, error) {
	p.next()
	out := p.or()
	if p.err == nil && p.token != "" {
		p.fail(wording.Errorf("an operator"))
	}
	return out, p.err
}

type parser struct {
	text        string
	column      func(name string) string
	open, close string // around a comparison
	at          int
	token       string
	kind        rune // i identifier, n number, t text, o operator, 0 end
	depth       int
	err         error
}

func (p *parser) fail(want error) {
	if p.err != nil {
		return
	}
	if p.token == "" {
		p.err = wording.Errorf("reading condition %q: %s was expected at its end", p.text, want)
	} else {
		p.err = wording.Errorf("reading condition %q: %s was expected where %q stands", p.text, want, p.token)
	}
	p.token, p.kind, p.at = "", 0, len(p.text)
}

func (p *parser) next() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t' || p.text[p.at] == '\n') {
		p.at++
	}
	if p.at >= len(p.text) {
		p.token, p.kind = "", 0
		return
	}
	rest := p.text[p.at:]
	first, size := utf8.DecodeRuneInString(rest)
	end := size
	switch {
	case first == '\'' || first == '"' || first == '`':
		closing := strings.IndexRune(rest[1:], first)
		if closing < 0 {
			p.token = rest
			p.fail(wording.Errorf("a closing quote"))
			return
		}
		p.token, p.kind = rest[1:1+closing], 't'
		if first == '`' {
			p.kind = 'i'
		}
		p.at += closing + 2
		return
	case unicode.IsDigit(first) || (first == '-' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9') || first == '.':
		for end < len(rest) && strings.ContainsRune("0123456789.eE", rune(rest[end])) {
			end++
		}
		p.kind = 'n'
		if _, err := strconv.ParseFloat(rest[:end], 64); err != nil {
			p.token = rest[:end]
			p.fail(wording.Errorf("a number"))
			return
		}
	case unicode.IsLetter(first) || first == '_':
		for end < len(rest) {
			r, n := utf8.DecodeRuneInString(rest[end:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' && r != '.' {
				break
			}
			end += n
		}
		p.kind = 'i'
	default:
		if len(rest) > 1 {
			switch rest[:2] {
			case "==", "!=", "<=", ">=", "&&", "||", "<>":
				end = 2
			}
		}
		p.kind = 'o'
	}
	p.token = rest[:end]
	p.at += end
}

func (p *parser) take(tokens ...string) bool {
	for _, t := range tokens {
		if p.kind != 't' && p.kind != 'n' && strings.EqualFold(p.token, t) && p.token != "" {
			p.next()
			return true
		}
	}
	return false
}

func (p *parser) or() string {
	out := p.and()
	for p.take("|", "||", "or") {
		out = "(" + out + " OR " + p.and() + ")"
	}
	return out
}

func (p *parser) and() string {
	out := p.not()
	for p.take("&", "&&", "and") {
		out = "(" + out + " AND " + p.not() + ")"
	}
	return out
}

// deepest keeps a condition made of brackets alone from using up the stack.
const deepest = 100

func (p *parser) not() string {
	if p.depth++; p.depth > deepest {
		p.fail(wording.Errorf("a shorter condition"))
		return ""
	}
	defer func() { p.depth-- }()
	if p.take("!", "not") {
		return "(NOT " + p.not() + ")"
	}
	if p.take("(") {
		out := p.or()
		if !p.take(")") {
			p.fail(wording.Errorf("a closing bracket"))
		}
		return out
	}
	return p.comparison()
}

func (p *parser) comparison() string {
	if p.kind == 'i' && strings.EqualFold(p.token, "is.na") {
		p.next()
		if !p.take("(") {
			p.fail(wording.Errorf("an opening bracket"))
		}
		x := p.operand()
		if !p.take(")") {
			p.fail(wording.Errorf("a closing bracket"))
		}
		return "(" + x + " IS NULL)"
	}
	left := p.operand()
	operator := p.token
	switch {
	case p.take("==", "="):
		operator = "="
	case p.take("!=", "<>"):
		operator = "<>"
	case p.take("<", "<=", ">", ">="):
	case p.take("in", "%in%"):
		return p.in(left)
	default:
		p.fail(wording.Errorf("a comparison"))
	}
	return p.open + left + " " + operator + " " + p.operand() + p.close
}

func (p *parser) in(left string) string {
	if !p.take("(") {
		p.fail(wording.Errorf("an opening bracket"))
	}
	list := []string{p.operand()}
	for p.take(",") {
		list = append(list, p.operand())
	}
	if !p.take(")") {
		p.fail(wording.Errorf("a closing bracket"))
	}
	return p.open + left + " IN (" + strings.Join(list, ", ") + ")" + p.close
}

func (p *parser) operand() string {
	token := p.token
	switch p.kind {
	case 'i':
		token = p.column(token)
	case 't':
		token = literal(token)
	case 'n':
	default:
		p.fail(wording.Errorf("a column, a number or a text"))
		return ""
	}
	p.next()
	return token
}
