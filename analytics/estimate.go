package analytics

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"hailong/analytics/engine"
	"hailong/analytics/result"
	"hailong/analytics/survey"
	"hailong/ingest/wording"
)

// An EstimateRequest asks for figures from any data file, the statistician's bench. Every statistic is R survey's, named in the field.
type EstimateRequest struct {
	Files []string      // Parquet or CSV, all of one kind; or
	Frame *survey.Frame // rows that are already here; conditions are then names of 0/1 columns
	Coded []string      // columns of answer codes, in which negative codes are kinds of missing

	Mean     []string    // svymean(~y, na.rm = TRUE); a text column gives the share of each value
	Total    []string    // svytotal(~y, na.rm = TRUE)
	Ratio    [][2]string // svyratio(~y, ~x, na.rm = TRUE)
	Prop     []string    // svyciprop(~I(condition)): "q1 >= 4"
	Quantile []string    // svyquantile(~y, p, na.rm = TRUE)
	Probs    []float64   // of the quantiles; none: the median
	By       []string    // svyby(~y, ~a + b): every combination of their values
	Where    string      // subset(design, condition): a domain, the design stays whole
	Tests    []string    // "y ~ 0", "y ~ group": svyttest, or svyranktest for more than two groups or rank(y); "a + b": svychisq

	Design       Design
	Nest         bool // svydesign(nest = TRUE)
	Calibrate    Calibrate
	Replicates   survey.ReplicateSpec   // as.svrepdesign(type); or
	Given        survey.GivenReplicates // svrepdesign(repweights): columns of the file
	CI           string                 // of proportions: svyciprop(method)
	QuantileCI   string                 // svyquantile(interval.type)
	QuantileRule string                 // svyquantile(qrule)
	Confidence   float64                // 0: 0.95
	Deff         survey.DeffKind
	Engine       engine.Options
}

// A Bench is what an EstimateRequest brings. Level of an estimate is the statistic, Node the variable; proportions are between 0 and 1, as in R.
type Bench struct {
	Estimates []result.Estimate `json:"estimates"`
	Tests     []Test            `json:"tests,omitempty"`
	Warnings  []error           `json:"-"` // of the design
	Doubts    []Doubt           `json:"-"` // what the Warnings of Estimates say, so that cmd can word it
}

// A Doubt is a warning about one estimate.
type Doubt struct {
	Statistic, Variable string
	Err                 error
}

// A Test is a test of a hypothesis.
type Test struct {
	Formula   string        `json:"formula"`
	Name      string        `json:"name"`
	Statistic result.Number `json:"statistic"`
	DF1       result.Number `json:"df1"`
	DF2       result.Number `json:"df2"`
	P         result.Number `json:"p"`
	Diff      result.Number `json:"diff"`
	Lo        result.Number `json:"lo"`
	Hi        result.Number `json:"hi"`
}

// Estimate answers a request from the rows.
func Estimate(ctx context.Context, req EstimateRequest) (*Bench, error) {
	if req.Confidence == 0 {
		req.Confidence = defaultConfidence
	}
	if req.Confidence <= 0 || req.Confidence >= 1 {
		return nil, &RequestError{wording.Errorf("estimating: the confidence is %g; give a number between 0 and 1", req.Confidence)}
	}
	if req.CI == "" {
		req.CI = survey.ProportionMethods[0]
	}
	if len(req.Probs) == 0 {
		req.Probs = []float64{0.5}
	}
	tests, err := parseTests(req.Tests)
	if err != nil {
		return nil, &RequestError{err}
	}
	if len(req.Mean)+len(req.Total)+len(req.Ratio)+len(req.Prop)+len(req.Quantile)+len(tests) == 0 {
		return nil, &RequestError{wording.Errorf("estimating: nothing to estimate; give a mean, total, ratio, proportion, quantile or test")}
	}
	frame, err := req.frame(ctx, tests)
	if err != nil {
		return nil, err
	}
	design, err := req.design(frame)
	if err != nil {
		return nil, err
	}
	b := &bench{req: req, out: &Bench{Estimates: []result.Estimate{}, Warnings: design.Warnings()}}
	if req.Where != "" {
		if design, err = subset(design, req.Where); err != nil {
			return nil, err
		}
	}
	groups, err := b.groups(design)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if err := b.estimate(g); err != nil {
			return nil, err
		}
	}
	for _, t := range tests {
		if err := b.test(design, t); err != nil {
			return nil, err
		}
	}
	return b.out, nil
}

// frame reads the columns that the request names; conditions become columns named by their text.
func (req *EstimateRequest) frame(ctx context.Context, tests []formula) (f *survey.Frame, err error) {
	conditions := slices.Clone(req.Prop)
	if req.Where != "" {
		conditions = append(conditions, req.Where)
	}
	if req.Frame != nil {
		return req.Frame, nil
	}
	d := req.Design
	names := slices.Concat(req.Mean, req.Total, req.Quantile, req.By, d.Strata, d.PSU, d.FPC, req.Given.Weights, slices.Sorted(maps.Keys(req.Calibrate.Margins)))
	for _, r := range req.Ratio {
		names = append(names, r[0], r[1])
	}
	for _, t := range tests {
		names = append(names, t.columns()...)
	}
	if d.Weight != "" {
		names = append(names, d.Weight)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	slices.Sort(conditions)
	conditions = slices.Compact(conditions)
	db, err := engine.Open(ctx, req.Engine)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	have, err := db.Names(ctx, req.Files)
	if err != nil {
		return nil, err
	}
	asked := slices.Clone(names)
	for _, c := range conditions {
		of, err := engine.ConditionColumns(c)
		if err != nil {
			return nil, &RequestError{err}
		}
		asked = append(asked, of...)
	}
	if err := present(asked, have); err != nil {
		return nil, err
	}
	columns, err := db.Columns(ctx, req.Files, names, conditions, req.Coded)
	if err != nil {
		return nil, err
	}
	f = survey.NewFrame(len(columns[0].Missing))
	for i := range columns {
		c := survey.Numeric(columns[i].Numbers)
		if columns[i].IsText() {
			if numbers, ok := columns[i].Convert(); ok {
				c = survey.Numeric(numbers)
			} else if slices.Contains(req.numeric(), columns[i].Name) {
				return nil, engine.NoNumbers(columns[i].Name, firstText(columns[i].Texts))
			} else {
				c = survey.Factor(columns[i].Texts)
			}
		}
		if err := f.Set(columns[i].Name, c); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// numeric are the columns that a number is needed from.
func (req *EstimateRequest) numeric() []string {
	names := slices.Concat(req.Quantile, req.Design.FPC, req.Given.Weights, []string{req.Design.Weight})
	for _, r := range req.Ratio {
		names = append(names, r[0], r[1])
	}
	return names
}

// firstText is the first of the values that is no number.
func firstText(values []string) string {
	for _, v := range values {
		if _, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err != nil && v != "" {
			return v
		}
	}
	return ""
}

// design lays the design over the rows, calibrated and replicated as asked. Replicates come first: each of them is calibrated too.
func (req *EstimateRequest) design(f *survey.Frame) (*survey.Design, error) {
	spec := survey.DesignSpec{IDs: req.Design.PSU, Strata: req.Design.Strata, FPC: req.Design.FPC, Nest: req.Nest, Lonely: req.Design.Lonely}
	if req.Design.Weight != "" {
		spec.Weights = []string{req.Design.Weight}
	}
	var d *survey.Design
	var err error
	if len(req.Given.Weights) > 0 {
		d, err = survey.NewReplicateDesign(f, spec, req.Given)
	} else {
		d, err = survey.NewDesign(f, spec)
	}
	if err != nil {
		return nil, err
	}
	if req.Replicates.Type != "" {
		if d, err = d.Replicate(req.Replicates); err != nil {
			return nil, err
		}
	}
	return req.Calibrate.apply(d)
}

// apply rakes a design to the margins, or post-stratifies it where there is one. Shares that add up to 1 are of the sample's Σw.
func (c Calibrate) apply(d *survey.Design) (*survey.Design, error) {
	if len(c.Margins) == 0 {
		return d, nil
	}
	var sumW float64
	for _, w := range d.Weights() {
		sumW += w
	}
	var margins []survey.Margin
	for _, column := range slices.Sorted(maps.Keys(c.Margins)) {
		m := survey.Margin{By: []string{column}}
		var sum float64
		levels := slices.Sorted(maps.Keys(c.Margins[column]))
		for _, level := range levels {
			sum += c.Margins[column][level]
		}
		scale := 1.0
		if math.Abs(sum-1) < 1e-6 {
			scale = sumW
		}
		for _, level := range levels {
			m.Cells = append(m.Cells, survey.MarginCell{Levels: []string{level}, Freq: scale * c.Margins[column][level]})
		}
		margins = append(margins, m)
	}
	if len(margins) == 1 {
		return d.PostStratify(margins[0])
	}
	return d.Rake(margins, survey.RakeOptions{MaxIter: 100, Epsilon: 1e-9})
}

// subset takes the rows for which a 0/1 column is 1.
func subset(d *survey.Design, column string) (*survey.Design, error) {
	c, err := d.Frame().Column(column)
	if err != nil {
		return nil, err
	}
	keep := make([]bool, len(c.Values))
	for k, v := range c.Values {
		keep[k] = v == 1
	}
	return d.Subset(keep)
}

type bench struct {
	req EstimateRequest
	out *Bench
}

// A group is a domain of the request's By.
type group struct {
	key    map[string]string
	design *survey.Design
}

// groups lists every combination of the By columns' values that has respondents, the last column running fastest.
func (b *bench) groups(d *survey.Design) ([]group, error) {
	out := []group{{map[string]string{}, d}}
	for _, column := range b.req.By {
		c, err := d.Frame().Column(column)
		if err != nil {
			return nil, err
		}
		c = c.AsFactor()
		var next []group
		for _, g := range out {
			in := g.design.In()
			for code, level := range c.Levels {
				keep := make([]bool, len(c.Codes))
				found := false
				for k := range keep {
					keep[k] = in[k] && c.Codes[k] == code
					found = found || keep[k]
				}
				if !found {
					continue
				}
				sub, err := g.design.Subset(keep)
				if err != nil {
					return nil, err
				}
				key := maps.Clone(g.key)
				key[column] = level
				next = append(next, group{key, sub})
			}
		}
		out = next
	}
	return out, nil
}

func (b *bench) estimate(g group) error {
	o := survey.Options{NaRm: true, Deff: b.req.Deff}
	df := g.design.DF()
	for _, y := range b.req.Mean {
		if err := b.add(g, "mean", df)(g.design.Mean([]string{y}, o)); err != nil {
			return err
		}
	}
	for _, y := range b.req.Total {
		if err := b.add(g, "total", df)(g.design.Total([]string{y}, o)); err != nil {
			return err
		}
	}
	for _, r := range b.req.Ratio {
		if err := b.add(g, "ratio", df)(g.design.Ratio(r[0], r[1], o)); err != nil {
			return err
		}
	}
	for _, condition := range b.req.Prop {
		if err := b.proportion(g, condition, df); err != nil {
			return err
		}
	}
	for _, y := range b.req.Quantile {
		quantiles, err := g.design.Quantile(y, b.req.Probs, survey.QuantileOptions{NaRm: true, Rule: b.req.QuantileRule, Interval: b.req.QuantileCI, Level: b.req.Confidence})
		if err != nil {
			return err
		}
		n, sumW, err := b.valid(g.design, y)
		if err != nil {
			return err
		}
		for _, q := range quantiles {
			e := b.row(g, y, fmt.Sprintf("quantile %g", q.P), n, sumW, df)
			e.Estimate, e.SE, e.Lo, e.Hi = result.Number(q.Est), result.Number(q.SE), result.Number(q.Lo), result.Number(q.Hi)
			b.out.Estimates = append(b.out.Estimates, e)
		}
	}
	return nil
}

func (b *bench) row(g group, node, statistic string, n int, sumW, df float64) result.Estimate {
	unknown := result.Unknown()
	return result.Estimate{
		Node: node, Level: statistic, Domain: g.key, N: n, SumW: result.Number(sumW), Estimate: unknown, SE: unknown, Lo: unknown, Hi: unknown,
		Confidence: b.req.Confidence, DF: result.Number(df), Deff: unknown,
	}
}

// add appends the figures of one call.
func (b *bench) add(g group, statistic string, df float64) func(survey.Estimates, error) error {
	return func(e survey.Estimates, err error) error {
		if err != nil {
			return err
		}
		for i, name := range e.Names {
			r := b.row(g, name, statistic, e.N, e.SumW, df)
			lo, hi := e.CI(i, b.req.Confidence, df)
			r.Estimate, r.SE, r.Lo, r.Hi, r.Warnings = result.Number(e.Est[i]), result.Number(e.SE[i]), result.Number(lo), result.Number(hi), b.doubt(statistic, name, e.Warnings)
			if e.DEff != nil {
				r.Deff = result.Number(e.DEff[i])
			}
			b.out.Estimates = append(b.out.Estimates, r)
		}
		return nil
	}
}

func (b *bench) proportion(g group, condition string, df float64) error {
	o := survey.Options{NaRm: true, Deff: b.req.Deff}
	p, err := g.design.Proportion(condition, o)
	if err != nil {
		return err
	}
	n, sumW, err := b.valid(g.design, condition)
	if err != nil {
		return err
	}
	e := b.row(g, condition, "proportion", n, sumW, df)
	lo, hi, doubts := p.CI(b.req.CI, b.req.Confidence)
	e.Estimate, e.SE, e.Lo, e.Hi, e.Warnings = result.Number(p.P), result.Number(p.SE), result.Number(lo), result.Number(hi), b.doubt("proportion", condition, doubts)
	if b.req.Deff != survey.DeffNone {
		e.Deff = result.Number(survey.DeffProportion(p.P, p.Variance, n, sumW, b.req.Deff == survey.DeffReplace))
	}
	b.out.Estimates = append(b.out.Estimates, e)
	return nil
}

// doubt keeps the warnings about an estimate and returns their words.
func (b *bench) doubt(statistic, variable string, warnings []error) []string {
	var words []string
	for _, w := range warnings {
		b.out.Doubts = append(b.out.Doubts, Doubt{statistic, variable, w})
		words = append(words, w.Error())
	}
	return words
}

// valid counts the respondents of a design that have a value of y.
func (b *bench) valid(d *survey.Design, y string) (n int, sumW float64, err error) {
	c, err := d.Frame().Column(y)
	if err != nil {
		return 0, 0, err
	}
	for k, w := range d.Weights() {
		if w != 0 && !c.Missing(k) {
			n++
			sumW += w
		}
	}
	return n, sumW, nil
}

// A formula is a test that was asked for.
type formula struct {
	text string
	y    string
	by   string // group, second factor, or "0"
	chi  bool
	rank bool
}

func (f formula) columns() []string {
	if f.by == "0" {
		return []string{f.y}
	}
	return []string{f.y, f.by}
}

func parseTests(texts []string) ([]formula, error) {
	var out []formula
	for _, text := range texts {
		f := formula{text: text}
		left, right, ok := strings.Cut(text, "~")
		if !ok {
			left, right, ok = strings.Cut(text, "+")
			f.chi = true
		}
		f.y, f.by = strings.TrimSpace(left), strings.TrimSpace(right)
		if inner, found := strings.CutPrefix(f.y, "rank("); found && strings.HasSuffix(inner, ")") {
			f.y, f.rank = strings.TrimSpace(strings.TrimSuffix(inner, ")")), true
		}
		if !ok || f.y == "" || f.by == "" || (f.rank && f.by == "0") {
			return nil, wording.Errorf("reading test %q: write y ~ 0, y ~ group, rank(y) ~ group or factor + factor", text)
		}
		out = append(out, f)
	}
	return out, nil
}

func (b *bench) test(d *survey.Design, f formula) error {
	unknown := result.Unknown()
	add := func(t Test) { b.out.Tests = append(b.out.Tests, t) }
	if f.chi {
		c, err := d.ChiSquaredTest(f.y, f.by)
		if err != nil {
			return err
		}
		for _, t := range c.Tests {
			add(Test{
				Formula: f.text, Name: t.Name, Statistic: result.Number(t.Statistic), DF1: result.Number(t.DF1), DF2: result.Number(t.DF2), P: result.Number(t.P),
				Diff: unknown, Lo: unknown, Hi: unknown,
			})
		}
		return nil
	}
	rank := f.rank
	if f.by != "0" && !rank {
		c, err := d.Frame().Column(f.by)
		if err != nil {
			return err
		}
		rank = len(c.AsFactor().Levels) > 2
	}
	if rank {
		t, err := d.RankTest(f.y, f.by, "wilcoxon")
		if err != nil {
			return err
		}
		df1 := unknown
		if t.Groups > 2 {
			df1 = result.Number(t.Groups - 1)
		}
		add(Test{
			Formula: f.text, Name: "wilcoxon", Statistic: result.Number(t.Statistic), DF1: df1, DF2: result.Number(t.DF), P: result.Number(t.P),
			Diff: result.Number(t.Diff), Lo: unknown, Hi: unknown,
		})
		return nil
	}
	var t survey.TTest
	var err error
	if f.by == "0" {
		t, err = d.TTestOne(f.y)
	} else {
		t, err = d.TTestTwo(f.y, f.by)
	}
	if err != nil {
		return err
	}
	add(Test{
		Formula: f.text, Name: "t", Statistic: result.Number(t.T), DF1: unknown, DF2: result.Number(t.DF), P: result.Number(t.P),
		Diff: result.Number(t.Diff), Lo: result.Number(t.Lo), Hi: result.Number(t.Hi),
	})
	return nil
}
