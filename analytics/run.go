package analytics

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hailong/analytics/engine"
	"hailong/analytics/index"
	"hailong/analytics/placement"
	"hailong/analytics/result"
	"hailong/analytics/target"
	"hailong/ingest/wording"
)

// Input is what an analysis reads. Only Files and Definition are needed.
type Input struct {
	Files      []string // the dataset's Parquet files
	Definition []byte   // an index definition
	Codebook   Codebook
	Targets    []byte // a plan of targets
	Published  []target.Published
	Scores     []*index.Scores // published score tables to place, up to the year of the plan
	Previous   *result.Set     // the wave before, to compare with
	Engine     engine.Options
	Vietnamese func(error) string // an error in Vietnamese, for warnings; nil: the error as it is
}

func (in *Input) vietnamese(err error) string {
	if in.Vietnamese == nil {
		return err.Error()
	}
	return in.Vietnamese(err)
}

// Run analyses a dataset. The set it returns lacks what only the caller knows: Tool.Version, Plan's own fields, Inputs, Ledger, Columns,
// Quality and Problems.
func Run(ctx context.Context, in Input, p Plan) (*result.Set, error) {
	definition, err := index.Parse(in.Definition)
	if err != nil {
		return nil, err
	}
	p, defaults, err := p.Settle()
	if err != nil {
		return nil, err
	}
	db, err := engine.Open(ctx, in.Engine)
	if err != nil {
		return nil, err
	}
	r := &run{in: in, plan: p, definition: definition, set: newSet(definition, p, defaults)}
	r.set.Tool.Engine = db.Name()
	err = r.analyse(ctx, db)
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return r.set, nil
}

// newSet starts a set with what is known before a row is read. Lists that the caller may leave empty are [] in JSON, not null.
func newSet(d *index.Definition, p Plan, defaults []result.Text) *result.Set {
	return &result.Set{
		Schema: result.Schema,
		Tool:   result.Tool{Name: "hailong"},
		Plan:   result.Plan{Year: p.Year, Area: result.Area{Code: p.Area.Code, Name: p.Area.Name}},
		Index: result.Index{
			ID: d.ID, Family: d.Family, Title: d.Title, Legal: d.Legal, Years: d.Years, Frame: d.Frame, Basis: d.Basis,
			Aggregator: d.Aggregator, AggBasis: d.AggBasis, Notes: d.Notes,
		},
		Design: result.Design{
			Weight: p.Design.Weight, Strata: p.Design.Strata, PSU: strings.Join(p.Design.PSU, ", "), FPC: strings.Join(p.Design.FPC, ", "),
			LonelyPSU: p.Design.Lonely.String(), SRS: p.Design.srs(), Confidence: p.Confidence, CIMethod: p.CI, MinN: p.Suppress.MinN,
			MaxHalf: result.Number(p.Suppress.MaxHalfWidth), Defaults: defaults,
		},
		Inputs: []result.Input{}, Nodes: d.Nodes(), Domains: []result.Domain{}, Estimates: []result.Estimate{},
		Placements: []result.Placement{}, Targets: []result.Target{}, Quality: []result.Finding{}, Problems: []result.Problem{}, Warnings: []result.Warning{},
	}
}

// A run is one analysis on its way.
type run struct {
	in         Input
	plan       Plan
	definition *index.Definition
	set        *result.Set

	measures []index.Measure // those that the dataset can answer
	partial  map[string]string
	domains  []domain
	values   [][]value // of each domain
	source   source
	levels   *engine.Levels
}

func (r *run) warn(code, vi, en string, args ...any) {
	r.set.Warnings = append(r.set.Warnings, result.Warning{Code: code, Text: result.Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}})
}

func (r *run) analyse(ctx context.Context, db *engine.DB) error {
	names, err := db.Names(ctx, r.in.Files)
	if err != nil {
		return err
	}
	req, items, err := r.request(names)
	if err != nil {
		return err
	}
	if len(r.plan.Calibrate.Margins) > 0 {
		err = r.byRows(ctx, db, req, items)
	} else {
		err = r.scan(ctx, db, req, items)
	}
	if err != nil {
		return err
	}
	r.set.Design.NPSU, r.set.Design.NStrata = r.source.size()
	for k, d := range r.domains {
		values := r.in.Codebook.values(d, &r.levels.Breakdowns[k+1], &r.levels.Breakdowns[0])
		r.values = append(r.values, values)
		r.set.Domains = append(r.set.Domains, r.in.Codebook.describe(d, values))
	}
	if err := r.placeTables(); err != nil {
		return err
	}
	if err := r.estimate(ctx); err != nil {
		return err
	}
	r.distribute()
	if err := r.prioritise(ctx, db, req); err != nil {
		return err
	}
	if err := r.judge(); err != nil {
		return err
	}
	return r.change()
}

// request is what the dataset is asked. A column that it lacks is said; only the design's columns must be there.
func (r *run) request(names []string) (engine.Request, []string, error) {
	has := func(column string) bool { return slices.Contains(names, column) }
	req := engine.Request{Files: r.in.Files, Weight: r.plan.Design.Weight, Strata: r.plan.Design.Strata, FPC: r.plan.Design.FPC}
	for _, column := range r.plan.Design.PSU {
		// The same commune name in two districts is two PSUs.
		for _, outer := range r.in.Codebook.within(column, has) {
			if !slices.Contains(req.PSU, outer) && !slices.Contains(req.Strata, outer) {
				req.PSU = append(req.PSU, outer)
			}
		}
		req.PSU = append(req.PSU, column)
	}
	design := slices.Concat(req.Strata, req.PSU, req.FPC)
	if req.Weight != "" {
		design = append(design, req.Weight)
	}
	design = append(design, slices.Sorted(maps.Keys(r.plan.Calibrate.Margins))...)
	if err := present(design, names); err != nil {
		return req, nil, err
	}
	var plan []string
	for _, id := range r.plan.Domains {
		missing := ""
		for column := range strings.SplitSeq(id, "*") {
			if column = strings.TrimSpace(column); !has(column) {
				missing = column
			}
		}
		if missing != "" {
			r.warn("domain_absent", "Không có cột %q để phân tổ %q.", "There is no column %q to break down by %q.", missing, id)
			continue
		}
		plan = append(plan, id)
	}
	for _, d := range r.in.Codebook.domains(plan, has) {
		if !slices.ContainsFunc(r.domains, func(o domain) bool { return slices.Equal(o.columns, d.columns) }) {
			r.domains = append(r.domains, d)
		}
	}
	req.Domains = tuples(r.domains)
	items, err := r.ask(has)
	if err != nil {
		return req, nil, err
	}
	r.incomplete()
	if len(items) == 0 {
		return req, nil, wording.Key("index", wording.Errorf("reading the dataset: none of the items of index %s is among its columns (%s); match them in the plan's columns section",
			r.definition.ID, strings.Join(names, ", ")))
	}
	for _, m := range r.measures {
		kind := map[string]engine.Kind{index.KindShare: engine.Share, index.KindMean: engine.Mean, index.KindValue: engine.Value}[m.Kind]
		req.Measures = append(req.Measures, engine.Measure{ID: m.ID, Kind: kind, Items: m.Items, Positive: m.Positive, DontKnow: m.DontKnow, Lowest: m.Lowest, Base: m.Base})
	}
	return req, items, nil
}

// ask keeps the measures whose items the dataset has and returns the items, in the order of the tree. Answers pooled over items are
// pooled over those that were asked, and the figure says so. A question to some respondents needs the column that says to whom.
func (r *run) ask(has func(string) bool) ([]string, error) {
	var items, absent []string
	r.partial = map[string]string{}
	for _, m := range r.definition.Measures() {
		base, err := baseColumns(m)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(base, func(c string) bool { return !has(c) }); i >= 0 {
			if !slices.Contains(absent, base[i]) {
				absent = append(absent, base[i])
			}
			continue
		}
		var here []string
		for _, item := range m.Items {
			switch {
			case has(item):
				here = append(here, item)
				if !slices.Contains(items, item) {
					items = append(items, item)
				}
			case !slices.Contains(absent, item):
				absent = append(absent, item)
			}
		}
		if len(here) == 0 {
			continue
		}
		if len(here) < len(m.Items) {
			r.partial[m.ID] = fmt.Sprintf("%s %d %d", result.WarnPooled, len(here), len(m.Items))
		}
		m.Items = here
		if m.Kind == index.KindValue && slices.ContainsFunc(here, func(item string) bool { return !has(item + missingSuffix) }) {
			m.DontKnow = ""
		}
		r.measures = append(r.measures, m)
	}
	if len(absent) > 0 {
		list := strings.Join(absent, ", ")
		r.warn("items_absent", "Dữ liệu không có các câu hỏi: %s. Chỉ tiêu gộp chỉ tính trên các câu có dữ liệu.",
			"The dataset lacks the items %s. Pooled figures are over the items that were asked.", list)
	}
	return items, nil
}

// baseColumns are the columns that say who was asked.
func baseColumns(m index.Measure) ([]string, error) {
	if m.Base == "" {
		return nil, nil
	}
	columns, err := engine.ConditionColumns(m.Base)
	if err != nil {
		return nil, wording.Errorf("reading the base of %s: %w", m.ID, err)
	}
	return columns, nil
}

// incomplete says what the definition lacks so that every figure could come from answers, and how to add it.
func (r *run) incomplete() {
	lacks := r.definition.Lacks()
	if len(lacks) == 0 {
		return
	}
	list := r.definition.Lacking(lacks)
	id := r.definition.ID
	r.set.Warnings = append(r.set.Warnings, result.Warning{Code: "definition_incomplete", Text: result.Text{
		VI: fmt.Sprintf("Bộ chỉ số %s chưa tính hết được từ phiếu: %s. Để bổ sung: hailong indexes show %s --yaml > cua-toi.yaml, điền phần thiếu, rồi ghi index: cua-toi.yaml trong kế hoạch.", id, list.VI, id),
		EN: fmt.Sprintf("Not every figure of %s can come from answers: %s. To add it: hailong indexes show %s --yaml > mine.yaml, fill in what is missing, and write index: mine.yaml in the plan.", id, list.EN, id),
	}})
}

func (r *run) doubtWeights(b engine.Bounds) {
	if b.Unweighted > 0 {
		r.warn("weight_missing", "%d phiếu không có trọng số nên không được tính.", "%d forms have no weight and do not count.", b.Unweighted)
	}
	if b.Negative > 0 {
		r.warn("weight_negative", "%d phiếu có trọng số âm.", "%d forms have a negative weight.", b.Negative)
	}
	if b.Zero > 0 {
		r.warn("weight_zero", "%d phiếu có trọng số bằng 0.", "%d forms have a weight of zero.", b.Zero)
	}
}

// placeTables places what was published.
func (r *run) placeTables() error {
	for _, table := range r.in.Scores {
		placements, err := placement.Table(table, placement.TableOptions{Last: r.plan.Year, Area: r.plan.Area})
		if err != nil {
			return err
		}
		r.set.Placements = append(r.set.Placements, placements...)
	}
	return nil
}

// judge judges the targets.
func (r *run) judge() error {
	if len(r.in.Targets) == 0 {
		return nil
	}
	plan, err := target.Parse(r.in.Targets)
	if err != nil {
		return err
	}
	facts := target.Facts{
		Estimates: r.set.Estimates, Placements: r.set.Placements, Published: r.in.Published, Year: r.plan.Year,
		Nodes: r.set.Nodes, Domains: r.set.Domains,
	}
	r.set.Targets = target.Judge(plan, facts)
	r.set.Gaps = target.Gaps(plan, facts, r.set.Targets)
	return nil
}

// change compares the run with the wave before it.
func (r *run) change() error {
	if r.in.Previous == nil {
		return nil
	}
	waves, err := index.Compare(r.in.Previous, r.set, index.ChangeOptions{Overlap: r.plan.Overlap, Adjust: r.plan.Adjust, Definitions: []*index.Definition{r.definition}})
	if err != nil {
		return err
	}
	r.set.Changes = waves.Changes
	r.set.Warnings = append(r.set.Warnings, waves.Warnings...)
	return nil
}
