package main

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"hailong/analytics/index"
	"hailong/analytics/index/egov"
	"hailong/analytics/result"
	"hailong/analytics/target"
)

// scoreTable reads a published score table of a family of indices; own are definitions of the user's beside those that ship.
func (a *app) scoreTable(ctx context.Context, path, password, family string, own []*index.Definition, year int) (*index.Scores, error) {
	sheets, err := readSheets(ctx, path, password)
	if err != nil {
		return nil, fault(exitFailed, "error.scores", "", err, path)
	}
	table, err := index.ReadScores(sheets, index.ScoreOptions{Family: family, Definitions: own, Year: year})
	if err != nil {
		return nil, fault(exitFailed, "error.scores", "hint.scores", err, path)
	}
	for _, note := range table.Notes {
		a.log.Info(a.pick(note))
	}
	for i := range table.Problems {
		table.Problems[i].File = filepath.Base(path)
		p := table.Problems[i]
		a.log.Info(a.pick(p.Text), "file", p.File, "sheet", p.Sheet, "cell", p.Cell)
	}
	return table, nil
}

// contradictions are the problems of a table whose own figures do not agree with one another.
func contradictions(table *index.Scores) []result.Problem {
	return slices.DeleteFunc(slices.Clone(table.Problems), func(p result.Problem) bool {
		return !slices.Contains([]string{index.CodeSum, index.CodeRank, index.CodeGroup}, p.Code)
	})
}

// problemsOf leaves of a table's problems those with the figures of the plan's province, and says how many others have.
func problemsOf(problems []result.Problem, area string) []result.Problem {
	var own []result.Problem
	var others int
	for _, p := range problems {
		if area == "" || p.Area == "" || p.Area == area {
			own = append(own, p)
		} else {
			others++
		}
	}
	if others > 0 {
		said := say("place.others", others, problems[0].File)
		own = append(own, result.Problem{
			File: problems[0].File, Code: "scores_others", Want: "", Got: strconv.Itoa(others), Text: result.Text{VI: said.in("vi"), EN: said.in("en")},
		})
	}
	return own
}

// references are what the plan's reference section brings.
type references struct {
	scores    []*index.Scores // to place
	published []target.Published
	previous  *result.Set
	problems  []result.Problem
	doubts    []result.Problem // those that whoever typed the command should see: what contradicts itself, and cells of lists
}

// refer reads the tables that the plan's reference section names.
func (j *job) refer(ctx context.Context, a *app) (*references, error) {
	p := j.plan
	refs := &references{published: slices.Clone(p.Results)}
	for i := range refs.published {
		if refs.published[i].Year == 0 {
			refs.published[i].Year = p.Year
		}
	}
	own := map[string][]*index.Definition{}
	for _, name := range p.Reference.Definitions {
		d, err := a.soundDefinition(name, p.dir)
		if err != nil {
			return nil, err
		}
		own[d.Family] = append(own[d.Family], d)
	}
	for _, r := range []struct{ family, path string }{
		{"sipas", p.Reference.SIPAS}, {"papi", p.Reference.PAPI}, {"par", p.Reference.PAR}, {"pci", p.Reference.PCI}, {"ict", p.Reference.ICT}, {"dti", p.Reference.DTI},
	} {
		if r.path == "" {
			continue
		}
		table, err := a.scoreTable(ctx, resolve(p.dir, r.path), j.password, r.family, own[r.family], p.Year)
		if err != nil {
			return nil, err
		}
		refs.problems = append(refs.problems, problemsOf(table.Problems, j.about.Code)...)
		refs.doubts = append(refs.doubts, contradictions(table)...)
		if r.family == "papi" {
			refs.scores = append(refs.scores, table)
		}
		refs.published = append(refs.published, target.FromScores(table, j.about, filepath.Base(r.path))...)
	}
	if len(p.Reference.EGov) > 0 {
		if err := j.egovernment(ctx, refs); err != nil {
			return nil, err
		}
	}
	if p.Reference.Previous != "" {
		var err error
		if refs.previous, err = readResults(resolve(p.dir, p.Reference.Previous)); err != nil {
			return nil, err
		}
	}
	return refs, nil
}

// egovernment reads procedure lists and dossier exports of the plan's year.
func (j *job) egovernment(ctx context.Context, refs *references) error {
	p := j.plan
	files, _, err := expand(p.dir, p.Reference.EGov)
	if err != nil {
		return err
	}
	var period egov.Options
	if p.Year > 0 {
		period.From, period.To = wholeYear(p.Year)
	}
	report, err := readEGovernment(ctx, files, j.password, period)
	if err != nil {
		return err
	}
	source := strings.Join(p.Reference.EGov, ", ")
	refs.published = append(refs.published, target.FromEGovernment(report, p.Year, source)...)
	refs.problems = append(refs.problems, report.Problems...)
	refs.doubts = append(refs.doubts, report.Problems...)
	return nil
}
