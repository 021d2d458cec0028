package engine

import (
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/wording"
)

// Kind is what a measure averages.
type Kind uint8

// The kinds of measure.
const (
	Share Kind = iota // of valid answers that are positive
	Mean              // of the valid answers of integer items
	Value             // of continuous columns; of one column its total too
)

// A Measure is a figure to estimate: a ratio of two values of a respondent. Several Items pool their answers.
type Measure struct {
	ID       string
	Kind     Kind
	Items    []string
	Positive []int   // Share: the codes that count
	DontKnow string  // missing (or empty): a don't-know leaves the base; zero: it stays as 0; category_min: it counts as Lowest
	Lowest   float64 // the scale's lowest answer
	Base     string  // a condition: who is asked; empty: everyone
}

// A Request asks for the totals of the PSUs in one scan.
type Request struct {
	Files    []string
	Measures []Measure
	Domains  [][]string // breakdowns, each a tuple of columns
	Strata   []string
	PSU      []string // columns that together name a PSU within its stratum; empty: every row is its own PSU
	Weight   string   // empty: 1
	FPC      []string // population sizes (or sampling fractions) by stage, at most two; at the second stage every row is a unit
	Where    string   // a condition on the rows; empty: all
}

// codeDontKnow is how a dataset file writes "don't know" in an item's column; all kinds of missing are negative. A numeric item's column is
// empty then, and the one of its name with missingSuffix has the code.
const (
	codeDontKnow  = -1
	missingSuffix = "_missing"
)

// A plan is a request translated to SQL expressions.
type plan struct {
	req     Request
	source  string
	where   string
	weight  string
	psu     []string
	strata  []string
	fpc     []string
	domains []string // the distinct columns of all breakdowns
	sets    [][]int  // of each breakdown, places in domains
	answers []answer // to the items, each once
	inputs  []input  // of each measure
	finest  bool     // one grouping set holds all breakdowns, because there are no fewer rows in each
}

// An answer is what one item's answer is worth to a measure: NULL where it is not valid. Measures share it by its expression.
type answer struct{ name, expression string }

// A worth is one kind of answer: which rows gave it and what it counts as.
type worth struct{ when, value string }

// choose is the value of the rows' own kind of answer, each written by as; NULL for all others and for whom the question does not concern.
func choose(kinds []worth, base string, as func(value string) string) string {
	var b strings.Builder
	b.WriteString("CASE")
	for _, k := range kinds {
		b.WriteString(" WHEN " + k.when + " THEN " + as(k.value))
	}
	b.WriteString(" END")
	if base == "TRUE" {
		return b.String()
	}
	return "CASE WHEN " + base + " THEN " + b.String() + " END"
}

func plain(value string) string { return value }

// An input is what a measure takes from one respondent.
type input struct {
	kind     Kind
	y, x     string   // y is NULL where there is no valid answer; x is empty where it is 1 for every other y
	items    float64  // how many answers are pooled
	computed []string // x and y with their names, where they are made of several answers
	kinds    []worth  // of the only item's answers
	base     string
}

func (p *plan) domainColumns(quote func(string) string) []string {
	out := make([]string, len(p.domains))
	for i, d := range p.domains {
		out[i] = quote(d)
	}
	return out
}

func (p *plan) answerColumns() []string {
	out := make([]string, len(p.answers))
	for i, a := range p.answers {
		out[i] = a.expression + " AS " + a.name
	}
	return out
}

// translate checks a request and writes its expressions in the dialect.
func (d Dialect) translate(req Request) (*plan, error) {
	switch {
	case len(req.Files) == 0:
		return nil, wording.Errorf("reading a dataset: no files were given")
	case len(req.FPC) > 2:
		return nil, wording.Errorf("reading a dataset: %d stages of fpc, but PSU totals know two; use the row-level estimators", len(req.FPC))
	case len(req.FPC) == 2 && len(req.PSU) == 0:
		return nil, wording.Errorf("reading a dataset: a second-stage fpc needs a psu column")
	}
	p := &plan{req: req, weight: "CAST(1 AS DOUBLE)", psu: []string{"row_number() OVER ()"}}
	// The order of the files must not matter, not even to the engine.
	p.req.Files = slices.Sorted(slices.Values(req.Files))
	if req.Weight != "" {
		p.weight = "CAST(" + d.Quote(req.Weight) + " AS DOUBLE)"
	}
	if len(req.PSU) > 0 {
		p.psu = nil
	}
	for _, c := range req.PSU {
		p.psu = append(p.psu, d.Quote(c))
	}
	for _, s := range req.Strata {
		p.strata = append(p.strata, d.Quote(s))
	}
	for _, f := range req.FPC {
		p.fpc = append(p.fpc, "CAST("+d.Quote(f)+" AS DOUBLE)")
	}
	var err error
	if p.where, err = d.condition(req.Where); err != nil {
		return nil, err
	}
	for _, tuple := range req.Domains {
		set := make([]int, len(tuple))
		for i, c := range tuple {
			if set[i] = slices.Index(p.domains, c); set[i] < 0 {
				set[i] = len(p.domains)
				p.domains = append(p.domains, c)
			}
		}
		p.sets = append(p.sets, set)
	}
	for i, m := range req.Measures {
		in, err := p.input(d, m, i)
		if err != nil {
			return nil, wording.Errorf("measure %s: %w", m.ID, err)
		}
		p.inputs = append(p.inputs, in)
	}
	return p, nil
}

// condition translates a condition to SQL that is never NULL.
func (d Dialect) condition(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "TRUE", nil
	}
	return Condition(s, d)
}

// input writes a measure's values.
func (p *plan) input(d Dialect, m Measure, place int) (input, error) {
	if len(m.Items) == 0 {
		return input{}, wording.Errorf("it has no items")
	}
	base, err := d.condition(m.Base)
	if err != nil {
		return input{}, err
	}
	names := make([]string, len(m.Items))
	var kinds []worth
	for i, item := range m.Items {
		if kinds, err = d.answer(item, m); err != nil {
			return input{}, err
		}
		names[i] = p.share(choose(kinds, base, plain))
	}
	in := input{kind: m.Kind, items: float64(len(m.Items)), y: names[0], kinds: kinds, base: base}
	if len(names) == 1 {
		return in, nil
	}
	number := strconv.Itoa(place)
	in.x, in.y = "x"+number, "y"+number
	in.computed = []string{
		"CASE WHEN " + strings.Join(names, " IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN ") + " IS NOT NULL THEN 1 ELSE 0 END AS " + in.x,
		"COALESCE(" + strings.Join(names, ", 0) + COALESCE(") + ", 0) AS " + in.y,
	}
	return in, nil
}

// share names an answer; two measures of the same answer get the same name.
func (p *plan) share(expression string) string {
	for _, a := range p.answers {
		if a.expression == expression {
			return a.name
		}
	}
	name := "a" + strconv.Itoa(len(p.answers))
	p.answers = append(p.answers, answer{name, expression})
	return name
}

// answer lists what an item's answers are worth to a measure.
func (d Dialect) answer(item string, m Measure) ([]worth, error) {
	as := func(column, kind string) string { return "CAST(" + d.Quote(column) + " AS " + kind + ")" }
	code, why := as(item, "SMALLINT"), as(item, "SMALLINT")
	valid := worth{code + " >= 0", code}
	if m.Kind == Value {
		value := as(item, "DOUBLE")
		valid, why = worth{value + " IS NOT NULL", value}, as(item+missingSuffix, "SMALLINT")
	}
	dontKnow := worth{when: why + " = " + strconv.Itoa(codeDontKnow)}
	if m.Kind == Share {
		if len(m.Positive) == 0 {
			return nil, wording.Errorf("no answer counts as positive")
		}
		codes := make([]string, len(m.Positive))
		for i, c := range m.Positive {
			codes[i] = strconv.Itoa(c)
		}
		valid.value = "CASE WHEN " + code + " IN (" + strings.Join(codes, ", ") + ") THEN 1 ELSE 0 END"
	}
	switch m.DontKnow {
	case "", "missing":
		return []worth{valid}, nil
	case "zero":
		dontKnow.value = "0"
	case "category_min":
		dontKnow.value = strconv.FormatFloat(m.Lowest, 'f', -1, 64)
	default:
		return nil, wording.Errorf("dont_know: %q is not one of missing, zero, category_min", m.DontKnow)
	}
	if m.Kind == Share {
		// The lowest category is no more positive than zero is.
		dontKnow.value = "0"
	}
	return []worth{valid, dontKnow}, nil
}

// groupings are the statement's grouping sets: one a breakdown, or one for all of them together.
func (p *plan) groupings() [][]string {
	name := func(set []int) []string {
		out := make([]string, len(set))
		for i, d := range set {
			out[i] = strconv.Itoa(d)
		}
		return out
	}
	if len(p.sets) == 0 {
		return [][]string{{}}
	}
	if p.finest {
		all := make([]int, len(p.domains))
		for i := range all {
			all[i] = i
		}
		return [][]string{name(all)}
	}
	out := make([][]string, len(p.sets))
	for i, set := range p.sets {
		out[i] = name(set)
	}
	return out
}
