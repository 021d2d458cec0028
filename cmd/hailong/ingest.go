package main

import (
	"context"
	"fmt"
	"io"

	"hailong/ingest"
)

// fileFlags are what commands take that read survey files without a plan.
type fileFlags struct {
	Files        []string `arg:"" name:"file" help:"Survey workbooks or csv files, globs, or one plan (.yaml)."`
	Index        string   `help:"Index definition whose questionnaire the columns are matched to (default: the one that fits best)." placeholder:"NAME|PATH"`
	XLSForm      string   `name:"xlsform" help:"XLSForm that describes the columns." placeholder:"FILE"`
	Sheet        string   `help:"Read this sheet." placeholder:"NAME"`
	Header       string   `help:"Header rows as Excel numbers them." placeholder:"7-8"`
	PasswordFile string   `help:"File with the password of encrypted workbooks (or HAILONG_PASSWORD)." placeholder:"FILE"`
}

// job is the plan that the flags amount to, ready to be read. Files that fit no index that ships have none: their columns keep their own names.
func (f *fileFlags) job(ctx context.Context, a *app) (*job, error) {
	p, err := f.plan(ctx, a)
	if err != nil {
		return nil, err
	}
	return a.prepare(p, f.PasswordFile)
}

func (f *fileFlags) plan(ctx context.Context, a *app) (*plan, error) {
	if len(f.Files) == 1 && isPlan(f.Files[0]) {
		return readPlan(f.Files[0])
	}
	p := &plan{Index: f.Index, Files: f.Files, XLSForm: f.XLSForm}
	p.Layout.Sheet, p.Layout.Header = f.Sheet, f.Header
	if f.Sheet != "" {
		p.Sheets = []string{f.Sheet}
	}
	if p.Index == "" {
		fits, err := a.fits(ctx, p, f.PasswordFile)
		if err != nil {
			return nil, err
		}
		if len(fits) > 0 && fits[0].likely() {
			p.Index = fits[0].name
		}
	}
	return p, nil
}

type ingestCmd struct {
	fileFlags
	Out     string   `short:"o" required:"" help:"The dataset folder, or s3://BUCKET/FOLDER." placeholder:"DIR"`
	JSON    string   `help:"Write the report of what was read as JSON." placeholder:"FILE|-"`
	Export  string   `help:"Write the dataset as csv too, with a codebook and scripts that read it in R, Stata and SPSS." placeholder:"DIR"`
	Exclude []string `help:"Findings whose rows are set aside: duplicate_form, …" placeholder:"CODE"`
	NoCache bool     `help:"Read every file again."`
}

// Run writes the dataset and says what was read.
func (c *ingestCmd) Run(ctx context.Context, a *app) error {
	j, err := c.job(ctx, a)
	if err != nil {
		return err
	}
	j.dataset = c.Out
	if err := j.openStore(); err != nil {
		return err
	}
	j.plan.Exclude = append(j.plan.Exclude, c.Exclude...)
	j.noCache = c.NoCache
	if c.Export != "" {
		if err := j.protectFrom(c.Export); err != nil {
			return err
		}
	}
	report, err := j.ingest(ctx, a)
	if err != nil {
		return err
	}
	if err := j.send(ctx, a); err != nil {
		return err
	}
	if c.Export != "" {
		if err := j.export(ctx, c.Export, report); err != nil {
			return err
		}
	}
	if c.JSON != "" {
		if err := a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, report) }, j.inputs()...); err != nil {
			return err
		}
	}
	if !a.Quiet && c.JSON != "-" {
		for _, f := range report.Files {
			for _, s := range f.Sheets {
				fmt.Fprintln(a.stdout, say("ingest.sheet", j.shown[f.Path], s.Sheet, s.Ledger.Rows, s.Ledger.Kept, s.Parquet).in(a.lang))
			}
		}
		fmt.Fprintln(a.stdout, say("ingest.total", report.Ledger.Rows, report.Ledger.Kept, report.Ledger.Rows-report.Ledger.Kept, c.Out).in(a.lang))
		if c.Export != "" {
			fmt.Fprintln(a.stdout, say("ingest.export", c.Export).in(a.lang))
		}
	}
	return a.finish(report)
}

// finish tells the problems and turns them into the exit code.
func (a *app) finish(report *ingest.Report) error {
	a.tellProblems(report)
	if len(report.Problems) > 0 {
		return &failure{code: exitProblems, err: errSilent}
	}
	return nil
}
