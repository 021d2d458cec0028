package analytics

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"hailong/analytics/engine"
	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/analytics/survey"
	"hailong/ingest/wording"
)

// mostRows is how many rows are read one by one where a figure needs them; more would cost memory and time that few figures are worth.
const mostRows = 100_000

// rowSource answers from the rows: what calibration leaves of a variance depends on every row's margins, and what a second stage adds to that of
// a composite on every respondent's answers together.
type rowSource struct {
	design       *survey.Design
	weight       []float64
	stratum, psu []string
	x, y         [][]float64 // of each measure and row; x is 0 where there is no valid answer
	members      [][][]int   // rows of each breakdown's values; the first breakdown is everyone
}

// byRows reads the rows, calibrates their weights where the plan says so and counts the levels.
func (r *run) byRows(ctx context.Context, db *engine.DB, req engine.Request, items []string) error {
	margins := slices.Sorted(maps.Keys(r.plan.Calibrate.Margins))
	r.set.Design.Calibrated = margins
	names := slices.Concat(req.Strata, req.PSU, req.FPC, margins, items)
	for _, tuple := range req.Domains {
		names = append(names, tuple...)
	}
	if req.Weight != "" {
		names = append(names, req.Weight)
	}
	for _, m := range req.Measures {
		if m.Kind == engine.Value && m.DontKnow != "" {
			for _, item := range m.Items {
				names = append(names, item+missingSuffix)
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var bases []string
	for _, m := range req.Measures {
		if m.Base != "" && !slices.Contains(bases, m.Base) {
			bases = append(bases, m.Base)
		}
	}
	files := slices.Sorted(slices.Values(req.Files))
	columns, err := db.Columns(ctx, files, names, bases, nil)
	if err != nil {
		return err
	}
	t := rowTable{}
	for i := range columns {
		t[columns[i].Name] = &columns[i]
	}
	numeric := slices.Concat(items, req.FPC)
	if req.Weight != "" {
		numeric = append(numeric, req.Weight)
	}
	for _, name := range numeric {
		if t[name].IsText() {
			return engine.NoNumbers(name, "")
		}
	}
	s := &rowSource{}
	if err := s.lay(r, t, req, len(columns[0].Missing)); err != nil {
		return err
	}
	for i, m := range r.measures {
		x, y := t.measure(m, req.Measures[i].Base, len(s.weight))
		s.x, s.y = append(s.x, x), append(s.y, y)
	}
	r.levels = s.count(t, req, items)
	r.source = s
	return nil
}

// A rowTable holds the columns of the rows by name.
type rowTable map[string]*engine.Column

// text is a column's value as the engine's breakdowns write it: ” where it is missing.
func (t rowTable) text(column string, k int) string {
	c := t[column]
	switch {
	case c.Missing[k]:
		return ""
	case c.IsText():
		return c.Texts[k]
	}
	return strconv.FormatFloat(c.Numbers[k], 'f', -1, 64)
}

func (t rowTable) joined(columns []string, k int) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = t.text(c, k)
	}
	return strings.Join(parts, " · ")
}

// measure is one measure's x and y, as engine.Totals has them.
func (t rowTable) measure(m index.Measure, base string, rows int) (x, y []float64) {
	x, y = make([]float64, rows), make([]float64, rows)
	for k := range rows {
		if base != "" && t[base].Numbers[k] != 1 {
			continue
		}
		for _, item := range m.Items {
			if worth, ok := t.worth(m, item, k); ok {
				x[k]++
				y[k] += worth
			}
		}
	}
	return x, y
}

// worth is what a row's answer to an item counts as; ok is false where it counts for nothing.
func (t rowTable) worth(m index.Measure, item string, k int) (worth float64, ok bool) {
	answer := t[item].Numbers[k]
	valid, why := answer >= 0, answer
	if m.Kind == index.KindValue {
		valid = !t[item].Missing[k]
		if c := t[item+missingSuffix]; c != nil {
			why = c.Numbers[k]
		}
	}
	switch {
	case valid && m.Kind != index.KindShare:
		return answer, true
	case valid && slices.Contains(m.Positive, int(answer)):
		return 1, true
	case valid:
		return 0, true
	case why != codeDontKnow || m.DontKnow == "" || m.DontKnow == "missing":
		return 0, false
	case m.DontKnow == "category_min" && m.Kind != index.KindShare:
		return m.Lowest, true
	}
	return 0, true
}

// lay makes the design and calibrates it.
func (s *rowSource) lay(r *run, t rowTable, req engine.Request, rows int) error {
	f := survey.NewFrame(rows)
	spec := survey.DesignSpec{Nest: true, Lonely: r.plan.Design.Lonely}
	s.stratum, s.psu = make([]string, rows), make([]string, rows)
	row := make([]string, rows)
	for k := range rows {
		row[k] = strconv.Itoa(k)
		s.stratum[k], s.psu[k] = t.joined(req.Strata, k), t.joined(req.PSU, k)
	}
	if len(req.PSU) == 0 {
		s.psu = row
	}
	const stratum, psu, unit, weight = "\x00stratum", "\x00psu", "\x00row", "\x00weight"
	set := map[string]survey.Column{stratum: survey.Factor(s.stratum), psu: survey.Factor(s.psu), unit: survey.Factor(row)}
	if len(req.Strata) > 0 {
		spec.Strata = []string{stratum}
	}
	spec.IDs = []string{psu}
	if len(req.FPC) > 1 {
		spec.IDs = append(spec.IDs, unit)
	}
	for _, c := range req.FPC {
		set[c], spec.FPC = survey.Numeric(t[c].Numbers), append(spec.FPC, c)
	}
	w := slices.Repeat([]float64{1}, rows)
	if req.Weight != "" {
		if slices.Contains(t[req.Weight].Missing, true) {
			return errNoWeight
		}
		w = t[req.Weight].Numbers
	}
	set[weight], spec.Weights = survey.Numeric(w), []string{weight}
	for _, c := range r.set.Design.Calibrated {
		labels := make([]string, rows)
		for k := range labels {
			labels[k] = t.text(c, k)
		}
		set[c] = survey.Factor(labels)
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if err := f.Set(name, set[name]); err != nil {
			return err
		}
	}
	d, err := survey.NewDesign(f, spec)
	if err != nil {
		return err
	}
	if s.design, err = r.plan.Calibrate.apply(d); err != nil {
		return wording.Key("calibrate.margins", wording.Errorf("calibrating the weights: %w", err))
	}
	for _, doubt := range s.design.Warnings() {
		r.set.Warnings = append(r.set.Warnings, result.Warning{Code: "calibration", Text: result.Text{VI: "Hiệu chỉnh trọng số: " + r.in.vietnamese(doubt) + ".", EN: "Calibration: " + doubt.Error() + "."}})
	}
	s.weight = s.design.Weights()
	return nil
}

// count finds the rows of every breakdown's values, in the engine's order, and counts their answers with the calibrated weights.
func (s *rowSource) count(t rowTable, req engine.Request, items []string) *engine.Levels {
	out := &engine.Levels{Items: items}
	numbers := map[string]bool{}
	for _, m := range req.Measures {
		for _, item := range m.Items {
			numbers[item] = numbers[item] || m.Kind == engine.Value
		}
	}
	for _, columns := range append([][]string{nil}, req.Domains...) {
		b := engine.LevelBreakdown{Columns: columns}
		rows := map[string][]int{}
		tuples := map[string][]string{}
		for k := range s.weight {
			tuple := make([]string, len(columns))
			valued := true
			for i, c := range columns {
				tuple[i] = t.text(c, k)
				valued = valued && tuple[i] != ""
			}
			if valued {
				key := strings.Join(tuple, "\x00")
				tuples[key], rows[key] = tuple, append(rows[key], k)
			}
		}
		var members [][]int
		for _, key := range slices.SortedFunc(maps.Keys(tuples), func(a, b string) int { return slices.Compare(tuples[a], tuples[b]) }) {
			b.Values, members = append(b.Values, tuples[key]), append(members, rows[key])
			b.Answers = append(b.Answers, s.answers(t, items, numbers, rows[key]))
		}
		s.members = append(s.members, members)
		out.Breakdowns = append(out.Breakdowns, b)
	}
	return out
}

func (s *rowSource) answers(t rowTable, items []string, numbers map[string]bool, rows []int) [][]engine.Answer {
	out := make([][]engine.Answer, len(items))
	for i, item := range items {
		counts := map[engine.Answer]engine.Answer{}
		for _, k := range rows {
			key := engine.Answer{Blank: t[item].Missing[k]}
			if !key.Blank && !numbers[item] {
				key.Code = int(t[item].Numbers[k])
			}
			a := counts[key]
			a.Code, a.Blank, a.N, a.SumW = key.Code, key.Blank, a.N+1, a.SumW+s.weight[k]
			counts[key] = a
		}
		out[i] = slices.SortedFunc(maps.Values(counts), func(a, b engine.Answer) int {
			if a.Blank != b.Blank {
				return map[bool]int{true: 1, false: -1}[a.Blank]
			}
			return cmp.Compare(a.Code, b.Code)
		})
	}
	return out
}

func (s *rowSource) ratio(c survey.Cell) survey.Linear {
	l := survey.Linear{Est: math.NaN(), Z: make([]float64, len(s.weight))}
	x, y := s.x[c.Measure], s.y[c.Measure]
	var sumX, sumY float64
	psus, strata := map[[2]string]bool{}, map[string]bool{}
	rows := s.members[c.Breakdown][c.Value]
	for _, k := range rows {
		if w := s.weight[k]; x[k] != 0 && w != 0 {
			l.N++
			l.SumW += w
			sumX += w * x[k]
			sumY += w * y[k]
			psus[[2]string{s.stratum[k], s.psu[k]}], strata[s.stratum[k]] = true, true
		}
	}
	l.PSUs, l.Strata = len(psus), len(strata)
	if l.N == 0 || sumX == 0 {
		return l
	}
	l.Est = sumY / sumX
	for _, k := range rows {
		l.Z[k] = s.weight[k] * (y[k] - l.Est*x[k]) / sumX
	}
	return l
}

func (s *rowSource) variance(l survey.Linear) (float64, error) {
	return s.design.InfluenceVariance(l.Z)
}

func (s *rowSource) against(base survey.Linear) func(l survey.Linear) (float64, error) {
	return func(l survey.Linear) (float64, error) {
		return s.variance(survey.Combine(0, []float64{1, -1}, []survey.Linear{l, base}))
	}
}

func (s *rowSource) deff(c survey.Cell, v float64) float64 {
	x, y := s.x[c.Measure], s.y[c.Measure]
	r := s.ratio(c)
	var sumX, square float64
	for _, k := range s.members[c.Breakdown][c.Value] {
		sumX += s.weight[k] * x[k]
		square += s.weight[k] * (y[k] - r.Est*x[k]) * (y[k] - r.Est*x[k])
	}
	n := float64(r.N)
	s2 := square / r.SumW * n / (n - 1)
	return v / (r.SumW / sumX * (r.SumW / sumX) * s2 / n)
}

// parts names the PSUs in the order in which the engine's totals have them.
func (s *rowSource) parts(figures []survey.Linear) (psus [][2]string, u [][]float64, err error) {
	influences := make([][]float64, len(figures))
	for f, l := range figures {
		influences[f] = l.Z
	}
	at, parts, err := s.design.Parts(influences)
	if err != nil {
		return nil, nil, err
	}
	place := map[[2]string]int{}
	for k, i := range at {
		place[[2]string{s.stratum[k], s.psu[k]}] = i
	}
	psus = slices.SortedFunc(maps.Keys(place), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	u = make([][]float64, len(figures))
	for _, psu := range psus {
		for f := range u {
			u[f] = append(u[f], parts[f][place[psu]])
		}
	}
	return psus, u, nil
}

func (s *rowSource) size() (psus, strata int) {
	all, outer := map[[2]string]bool{}, map[string]bool{}
	for k := range s.weight {
		all[[2]string{s.stratum[k], s.psu[k]}], outer[s.stratum[k]] = true, true
	}
	return len(all), len(outer)
}
