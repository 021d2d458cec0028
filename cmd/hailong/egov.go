package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"hailong/analytics/index"
	"hailong/analytics/index/egov"
	"hailong/analytics/result"
)

type egovCmd struct {
	Files        []string `arg:"" help:"Procedure lists, dossier exports, periodic reports II.06: xlsx or csv."`
	Year         int      `help:"Dossiers received in this year." placeholder:"YYYY"`
	From         string   `help:"Dossiers received from this day on." placeholder:"YYYY-MM-DD"`
	To           string   `help:"Dossiers received up to this day." placeholder:"YYYY-MM-DD"`
	Base         string   `help:"Which procedures \"procedures with dossiers\" counts by default: online, post, all." enum:"online,post,all" default:"online"`
	JSON         string   `help:"Write the figures as JSON." placeholder:"FILE|-"`
	PasswordFile string   `help:"File with the password of encrypted workbooks (or HAILONG_PASSWORD)." placeholder:"FILE"`
}

// Run prints every figure with its base, and beside them what they are worth by QĐ 766/QĐ-TTg.
func (c *egovCmd) Run(ctx context.Context, a *app) error {
	o := egov.Options{ProceduresBase: c.Base}
	if c.Year > 0 {
		o.From, o.To = wholeYear(c.Year)
	}
	for _, bound := range []struct {
		text string
		into *time.Time
	}{{c.From, &o.From}, {c.To, &o.To}} {
		if bound.text == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, bound.text)
		if err != nil {
			return fault(exitUsage, "error.day", "hint.day", nil, bound.text)
		}
		*bound.into = day
	}
	password, err := a.password(c.PasswordFile)
	if err != nil {
		return err
	}
	files, left, err := expand("", c.Files)
	a.tellLeft(left)
	if err != nil {
		return err
	}
	report, err := readEGovernment(ctx, files, password, o)
	if err != nil {
		return err
	}
	a.tellLists(report)
	if c.JSON != "" {
		return a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, report) }, files...)
	}
	return a.eGovernment(report)
}

func wholeYear(year int) (from, to time.Time) {
	return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC)
}

// readEGovernment makes the figures of all the lists together.
func readEGovernment(ctx context.Context, files []string, password string, o egov.Options) (*egov.Report, error) {
	var sheets []index.Sheet
	for _, f := range files {
		more, err := readSheets(ctx, f, password)
		if err != nil {
			return nil, fault(exitFailed, "error.lists", "", err, f)
		}
		sheets = append(sheets, more...)
	}
	report, err := egov.Read(sheets, o)
	if err != nil {
		return nil, fault(exitFailed, "error.lists", "hint.lists", err, strings.Join(files, ", "))
	}
	return report, nil
}

// tellLists says on stderr what was read and what was left out of it.
func (a *app) tellLists(report *egov.Report) {
	if a.Quiet {
		return
	}
	if report.Rows > 0 || report.Procedures > 0 {
		a.note(say("egov.read", report.Procedures, report.Rows, report.Dossiers).in(a.lang))
	}
	for _, s := range report.SetAside {
		a.note(say("egov.aside", s.Rows, a.pick(s.Label)).in(a.lang))
	}
	if len(report.Dropped) > 0 {
		a.note(say("inspect.dropped", strings.Join(report.Dropped, ", ")).in(a.lang))
	}
	a.tellCells(report.Problems)
}

// tellCells prints the first problems with cells of the lists and tables that figures are set against.
func (a *app) tellCells(problems []result.Problem) {
	for i, p := range problems {
		if i == problemLines && a.Verbose == 0 {
			a.warn(say("place.more_sums", len(problems)-i).in(a.lang))
			return
		}
		a.warn(say("run.problem", fmt.Sprintf("%s: %s!%s: %s", filepath.Base(p.File), p.Sheet, p.Cell, a.pick(p.Text))).in(a.lang), "file", p.File, "sheet", p.Sheet, "cell", p.Cell, "code", p.Code)
	}
}

func (a *app) eGovernment(report *egov.Report) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	if report.Procedures > 0 || report.Rows > 0 {
		fmt.Fprintln(w, say("egov.header").in(a.lang))
		for _, s := range report.Shares {
			if !s.Value.Known() {
				fmt.Fprintf(w, "%s\t%s\t[x]\t\t%s\n", s.ID, a.pick(s.Name), a.pick(s.Why))
				continue
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%d/%d\t%s\n", s.ID, a.pick(s.Name), a.number("%.2f", s.Value), s.Numerator, s.Denominator, a.pick(s.Base))
		}
		fmt.Fprintln(w)
		fmt.Fprintln(w, say("egov.points").in(a.lang))
		for _, p := range report.Points {
			points := say("egov.no_max").in(a.lang)
			if p.Points.Known() {
				points = a.number("%.2f", p.Points) + "/" + a.number("%g", p.Max)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.ID, a.pick(p.Name), a.known("%.2f", p.Rate), a.known("%.4f", p.Earned), points)
		}
	}
	for i, form := range report.Forms {
		if i > 0 || report.Procedures > 0 || report.Rows > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, say("egov.form06").in(a.lang))
		for _, r := range form.Fields {
			fmt.Fprintf(w, "%s\t%d\t%s\t%d\t%s\n", r.Field, r.Count[3], a.known("%.2f", r.Online()), r.Count[7], a.known("%.2f", r.OnTime()))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, n := range report.Notes {
		fmt.Fprintln(a.stdout, a.pick(n))
	}
	return nil
}
