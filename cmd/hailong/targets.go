package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"hailong/analytics/result"
)

type targetsCmd struct {
	Plan         string `arg:"" help:"The plan."`
	JSON         string `help:"Write the targets as JSON." placeholder:"FILE|-"`
	Check        bool   `help:"Exit 4 if a target is missed."`
	PasswordFile string `help:"File with the password of encrypted workbooks (or HAILONG_PASSWORD)." placeholder:"FILE"`
}

// Run prints the scoreboard: what was aimed at, what came out, how sure that is.
func (c *targetsCmd) Run(ctx context.Context, a *app) error {
	p, err := readPlan(c.Plan)
	if err != nil {
		return err
	}
	if p.Targets == "" {
		return fault(exitUsage, "error.plan_missing", "hint.no_targets", nil, p.path, "targets")
	}
	j, err := a.prepare(p, c.PasswordFile)
	if err != nil {
		return err
	}
	report, refs, err := j.read(ctx, a)
	if err != nil {
		return err
	}
	set, err := j.analyse(ctx, a, report, refs)
	if err != nil {
		return err
	}
	if c.JSON != "" {
		err = a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, set.Targets) }, j.inputs()...)
	} else {
		err = c.table(a, set.Targets)
	}
	if err != nil {
		return err
	}
	if missed := missedTargets(set); c.Check && len(missed) > 0 {
		return fault(exitMissed, "error.missed", "hint.missed", nil, len(missed), strings.Join(missed, ", "))
	}
	return nil
}

func (c *targetsCmd) table(a *app, targets []result.Target) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, say("targets.header").in(a.lang))
	for _, t := range targets {
		name := a.pick(t.Name)
		if t.Parent != "" {
			name = "  " + name
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", name, a.value(t.Base), a.value(t.Target), a.value(t.Result), a.verdict(t.Verdict))
		for _, r := range t.Readings {
			figure := ""
			if r.Result != nil {
				figure = a.value(*r.Result)
			}
			fmt.Fprintf(w, "    %s\t\t%s\t%s\t%s\n", a.pick(r.Name), a.value(r.Target), figure, a.verdict(r.Verdict))
		}
	}
	return w.Flush()
}

// value is a figure in the few characters of a table's cell.
func (a *app) value(v result.Value) string {
	var parts []string
	if v.Number.Known() {
		parts = append(parts, a.number("%.4g", v.Number))
	}
	if v.Rank > 0 {
		rank := fmt.Sprintf("#%d", v.Rank)
		if v.Of > 0 {
			rank += fmt.Sprintf("/%d", v.Of)
		}
		parts = append(parts, rank)
	}
	switch label := a.pick(v.Label); {
	case label != "":
		parts = append(parts, label)
	case v.Group != "":
		parts = append(parts, v.Group)
	}
	return strings.Join(parts, " · ")
}

// number writes a figure as the reader of the messages does: with a decimal comma in Vietnamese.
func (a *app) number(format string, n result.Number) string {
	s := fmt.Sprintf(format, float64(n))
	if a.lang == "vi" {
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

func (a *app) verdict(v string) string {
	switch v {
	case result.Met:
		return say("verdict.met").in(a.lang)
	case result.MetUncertain:
		return say("verdict.met_uncertain").in(a.lang)
	case result.MissedUncertain:
		return say("verdict.missed_uncertain").in(a.lang)
	case result.Missed:
		return say("verdict.missed").in(a.lang)
	}
	return say("verdict.not_published").in(a.lang)
}
