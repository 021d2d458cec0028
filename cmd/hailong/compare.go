package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"text/tabwriter"

	"hailong/analytics/index"
	"hailong/analytics/result"
)

type compareCmd struct {
	Before  string `arg:"" help:"results.json of the wave before."`
	After   string `arg:"" help:"results.json of the wave after."`
	Overlap string `help:"How the samples overlap: auto (PSUs with the same stratum and name are the same), none (drawn independently, or named anew)." enum:"auto,none" default:"auto"`
	Adjust  string `help:"Correction for many comparisons: holm, BH, none." enum:"holm,BH,none" default:"holm"`
	JSON    string `help:"Write the changes as JSON." placeholder:"FILE|-"`
}

// Run sets two waves side by side.
func (c *compareCmd) Run(_ context.Context, a *app) error {
	before, err := readResults(c.Before)
	if err != nil {
		return err
	}
	after, err := readResults(c.After)
	if err != nil {
		return err
	}
	o := index.ChangeOptions{Adjust: c.Adjust}
	if c.Overlap == index.OverlapNone {
		o.Overlap = index.OverlapNone
	}
	waves, err := index.Compare(before, after, o)
	if err != nil {
		return &failure{code: exitUsage, err: err} // two results that were not to be named together
	}
	for _, w := range waves.Warnings {
		a.warn(a.pick(w.Text))
	}
	if c.JSON != "" {
		return a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, waves) }, c.Before, c.After)
	}
	names := map[string]result.Text{}
	for _, n := range after.Nodes {
		names[n.ID] = n.Name
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, say("compare.header").in(a.lang))
	for _, x := range waves.Changes {
		if text := a.pick(x.Break); text != "" {
			fmt.Fprintf(w, "%s\t%s\t\t\t\t\t[b] %s\n", x.Node, a.pick(names[x.Node]), text)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s (%s … %s)\t%s\t%s%s\n", x.Node, a.pick(names[x.Node]), a.score(x.Before), a.score(x.After),
			a.signed(x.Diff), a.signed(x.Lo), a.signed(x.Hi), a.known("%.4f", x.PAdj), a.change(x.Verdict), a.byRule(x.Rule, x.Relative, x.ByRule))
	}
	if err := w.Flush(); err != nil || len(waves.Moves) == 0 {
		return err
	}
	fmt.Fprintln(a.stdout)
	return a.moves(waves.Moves)
}

// change is the verdict of a change in words; a break has said why before.
func (a *app) change(verdict string) string {
	switch verdict {
	case index.ChangeUp:
		return say("change.up").in(a.lang)
	case index.ChangeDown:
		return say("change.down").in(a.lang)
	}
	return say("change.unclear").in(a.lang)
}

func (a *app) score(n result.Number) string  { return a.known("%.2f", n) }
func (a *app) signed(n result.Number) string { return a.known("%+.2f", n) }

// known writes a figure, or that there is none.
func (a *app) known(format string, n result.Number) string {
	if !n.Known() {
		return "[x]"
	}
	return a.number(format, n)
}

// byRule is what the publisher's own rule says of a relative change, beside the test: it is none.
func (a *app) byRule(rule, relative result.Number, verdict string) string {
	if verdict == "" {
		return ""
	}
	word := say("rule.within", a.number("%g", rule))
	switch verdict {
	case index.ChangeUp:
		word = say("rule.up", a.number("%g", rule))
	case index.ChangeDown:
		word = say("rule.down", a.number("%g", rule))
	}
	return fmt.Sprintf("\t%s %% %s", a.signed(relative), word.in(a.lang))
}

// moves prints scores, ranks and groups of two years side by side.
func (a *app) moves(moves []index.Move) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, say("moves.header", moves[0].From, moves[0].To).in(a.lang))
	up, down, of := 0, 0, 0
	for _, m := range moves {
		note := a.byRule(m.Rule, m.Relative, m.ByRule)
		if text := a.pick(m.Break); text != "" {
			note = "\t[b] " + text
		}
		switch m.ByRule {
		case index.ChangeUp:
			up++
		case index.ChangeDown:
			down++
		}
		if m.ByRule != "" {
			of++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s → %s\t%s → %s\t%s → %s%s\n", m.Area, m.AreaName, m.Node, a.known("%.4f", m.ScoreFrom), a.known("%.4f", m.ScoreTo),
			rank(m.RankFrom, m.OfFrom), rank(m.RankTo, m.OfTo), a.group(m.GroupFrom, m.LabelFrom), a.group(m.GroupTo, m.LabelTo), note)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if of > 0 {
		fmt.Fprintln(a.stdout, say("moves.count", up, down, of).in(a.lang))
	}
	return nil
}

func rank(rank, of int) string {
	switch {
	case rank == 0:
		return "[x]"
	case of == 0: // as published, in a table of a part of the country
		return strconv.Itoa(rank)
	}
	return fmt.Sprintf("%d/%d", rank, of)
}

func (a *app) group(group int, label result.Text) string {
	name := a.pick(label)
	switch {
	case group == 0 && name == "":
		return "–"
	case group == 0:
		return name
	}
	return fmt.Sprintf("%d %s", group, name)
}

// readResults reads a results.json.
func readResults(path string) (*result.Set, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fault(exitUsage, "error.results", "hint.results", withoutPath(err), path)
	}
	var set result.Set
	if err := json.Unmarshal(b, &set); err != nil {
		return nil, fault(exitUsage, "error.results", "hint.results", err, path)
	}
	if set.Schema != result.Schema {
		return nil, fault(exitUsage, "error.results", "hint.results", errors.New("schema "+set.Schema+", want "+result.Schema), path)
	}
	return &set, nil
}
