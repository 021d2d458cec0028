package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"hailong/ingest"
)

// plan is the plan that the command line names, or one made up for the files it names.
func (c *runCmd) plan(ctx context.Context, a *app) (*plan, error) {
	if len(c.Args) == 1 && isPlan(c.Args[0]) {
		return readPlan(c.Args[0])
	}
	return a.assume(ctx, c.Args, c.PasswordFile)
}

func isPlan(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".yaml" || ext == ".yml"
}

// What a match must reach before a plan is assumed from it: nearly every item of one definition, and clearly more than of the next.
const (
	certainShare  = 0.9
	certainMargin = 0.2
)

// assume makes a plan for files that come without one: the index that fits them. What else the files show, complete adds when they are read. No strata
// and no PSU are guessed, since a wrong design makes wrong intervals.
func (a *app) assume(ctx context.Context, files []string, passwordFile string) (*plan, error) {
	p := &plan{Files: files, assumed: true}
	p.Report.Out = "hailong.xlsx"
	fits, err := a.fits(ctx, p, passwordFile)
	if err != nil {
		return nil, err
	}
	if len(fits) == 0 || fits[0].share() < certainShare {
		return nil, noMatch(files)
	}
	if len(fits) > 1 && fits[0].share()-fits[1].share() < certainMargin {
		return nil, fault(exitUsage, "error.uncertain", "hint.uncertain", nil, fits[0].name+", "+fits[1].name)
	}
	p.Index = fits[0].name
	a.assumes(say("assume.index", p.Index, fits[0].matched, fits[0].items))
	return p, nil
}

func (a *app) assumes(what *phrase) { a.note(say("run.assumed", what.in(a.lang)).in(a.lang)) }

// complete takes the weight column and the breakdowns of an assumed plan from the files.
func (j *job) complete(a *app, report *ingest.Report) {
	p := j.plan
	p.Title = j.definition.Title.VI
	p.Domains, p.Design.Weight = breakdowns(report)
	if p.Design.Weight != "" {
		a.assumes(say("assume.weight", p.Design.Weight))
	} else {
		a.assumes(say("assume.srs"))
	}
	if len(p.Domains) > 0 {
		a.assumes(say("assume.domains", strings.Join(p.Domains, ", ")))
	}
}

// breakdowns are the areas, fields and characteristics that the files have, in the order of their columns, and the weight column.
func breakdowns(report *ingest.Report) (domains []string, weight string) {
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			for _, c := range s.Columns {
				switch c.Role {
				case "area", "field", "characteristic":
					if c.Name != "" && !slices.Contains(domains, c.Name) {
						domains = append(domains, c.Name)
					}
				case "weight":
					weight = c.Name
				}
			}
		}
	}
	return domains, weight
}

// emptySection is a section without a key, which says nothing.
var emptySection = regexp.MustCompile(`(?m)^\w+: \{\}\n`)

// show prints the plan resolved, as --dry-run promises: with the defaults that it leaves to hailong, what would be read, and what written.
func (j *job) show(a *app) error {
	p := *j.plan
	settled, defaults, err := j.analysisPlan().Settle()
	if err != nil {
		return p.faultOf(err, "error.analyse", "")
	}
	p.Confidence, p.CI, p.Suppress, p.Design = settled.Confidence, settled.CI, settled.Suppress, settled.Design
	p.Report.Lang, p.Report.Out = a.bookLang(p.Report.Lang), j.out
	if len(p.Report.Formats) == 0 {
		p.Report.Formats = []string{"xlsx"}
	}
	if p.Report.Password != "" {
		p.Report.Password = "…"
	}
	b, err := yaml.MarshalWithOptions(p, yaml.OmitEmpty())
	if err != nil {
		return err
	}
	if _, err := a.stdout.Write(emptySection.ReplaceAll(b, nil)); err != nil {
		return err
	}
	comment := func(p *phrase) { fmt.Fprintln(a.stdout, "# "+p.in(a.lang)) }
	for _, d := range defaults {
		comment(say("dry.default", a.pick(d)))
	}
	for _, f := range j.files {
		comment(say("dry.file", f))
	}
	comment(say("dry.dataset", j.dataset))
	comment(say("dry.workbook", j.out))
	comment(say("dry.results", j.json))
	return nil
}
