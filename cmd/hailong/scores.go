package main

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"hailong/analytics/index"
	"hailong/analytics/index/egov"
	"hailong/analytics/result"
	"hailong/analytics/target"
)

// scoreTable reads a published score table of a family of indices.
func (a *app) scoreTable(ctx context.Context, path, password, family string, year int) (*index.Scores, error) {
	sheets, err := readSheets(ctx, path, password)
	if err != nil {
		return nil, fault(exitFailed, "error.scores", "", err, path)
	}
	table, err := index.ReadScores(sheets, index.ScoreOptions{Family: family, Year: year})
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

// references are what the plan's reference section brings.
type references struct {
	scores    []*index.Scores // to place
	published []target.Published
	previous  *result.Set
	problems  []result.Problem
}

// refer reads the tables that the plan's reference section names.
func (j *job) refer(ctx context.Context, a *app) (*references, error) {
	p := j.plan
	refs := &references{published: p.Results}
	for _, r := range []struct{ family, path string }{
		{"papi", p.Reference.PAPI}, {"par", p.Reference.PAR}, {"pci", p.Reference.PCI}, {"ict", p.Reference.ICT}, {"dti", p.Reference.DTI},
	} {
		if r.path == "" {
			continue
		}
		table, err := a.scoreTable(ctx, resolve(p.dir, r.path), j.password, r.family, p.Year)
		if err != nil {
			return nil, err
		}
		refs.problems = append(refs.problems, table.Problems...)
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
	files, err := expand(p.dir, p.Reference.EGov)
	if err != nil {
		return err
	}
	var sheets []index.Sheet
	for _, f := range files {
		more, err := readSheets(ctx, f, j.password)
		if err != nil {
			return fault(exitFailed, "error.scores", "", err, f)
		}
		sheets = append(sheets, more...)
	}
	var period egov.Options
	if p.Year > 0 {
		period.From = time.Date(p.Year, 1, 1, 0, 0, 0, 0, time.UTC)
		period.To = time.Date(p.Year, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	source := strings.Join(p.Reference.EGov, ", ")
	report, err := egov.Read(sheets, period)
	if err != nil {
		return fault(exitFailed, "error.scores", "hint.scores", err, source)
	}
	refs.published = append(refs.published, target.FromEGovernment(report, p.Year, source)...)
	refs.problems = append(refs.problems, report.Problems...)
	return nil
}
