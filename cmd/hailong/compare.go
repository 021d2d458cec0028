package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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
		return err
	}
	for _, w := range waves.Warnings {
		fmt.Fprintf(a.stderr, "hailong: %s\n", a.pick(w.Text))
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
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s (%s … %s)\t%s\t%s\n", x.Node, a.pick(names[x.Node]), a.score(x.Before), a.score(x.After),
			a.number("%+.2f", x.Diff), a.number("%+.2f", x.Lo), a.number("%+.2f", x.Hi), a.number("%.4f", x.PAdj), a.change(x.Verdict))
	}
	for _, m := range waves.Moves {
		fmt.Fprintf(w, "%s\t%s\t%d/%d\t%d/%d\t\t\t%d → %d %s\n", m.Node, m.AreaName, m.RankFrom, m.OfFrom, m.RankTo, m.OfTo, m.GroupFrom, m.GroupTo, a.pick(m.Break))
	}
	return w.Flush()
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

func (a *app) score(n result.Number) string {
	if !n.Known() {
		return "[x]"
	}
	return a.number("%.2f", n)
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
