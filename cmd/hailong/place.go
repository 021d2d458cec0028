package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"hailong/analytics/placement"
	"hailong/analytics/result"
	"hailong/ingest/vntext"
)

type placeCmd struct {
	Scores       string `arg:"" help:"The published score table: xlsx or csv."`
	Year         int    `help:"Only this year (default: the latest for the table, every year with --json)." placeholder:"YYYY"`
	Area         string `help:"Only this area, by code or name." placeholder:"84"`
	Node         string `help:"Only this node: composite, D1 … D8." placeholder:"NODE"`
	Rule         string `help:"How an area exactly on a quartile edge is read: r7-mixed, website." enum:"r7-mixed,website" default:"r7-mixed"`
	Index        string `help:"Family of the table." default:"papi"`
	JSON         string `help:"Write the placements as JSON to a file or - for stdout." placeholder:"FILE|-"`
	PasswordFile string `help:"File with the password of an encrypted workbook (or HAILONG_PASSWORD)." placeholder:"FILE"`
}

// Run prints groups and ranks.
func (c *placeCmd) Run(ctx context.Context, a *app) error {
	password, err := a.password(c.PasswordFile)
	if err != nil {
		return err
	}
	table, err := a.scoreTable(ctx, c.Scores, password, c.Index, c.Year)
	if err != nil {
		return err
	}
	if n := len(table.Problems); n > 0 && a.Verbose == 0 && !a.Quiet {
		fmt.Fprintf(a.stderr, "hailong: %s\n", say("place.problems", n).in(a.lang))
	}
	var all []result.Placement
	for _, s := range toPlace(table, 0, c.Rule) {
		placed, _, err := placement.Place(s.Areas, s.Options)
		if err != nil {
			return fault(exitFailed, "error.scores", "hint.scores", err, c.Scores)
		}
		all = append(all, placed...)
	}
	placements, err := c.choose(all)
	if err != nil {
		return err
	}
	if c.JSON != "" {
		return a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, placements) }, c.Scores)
	}
	return c.table(a, placements)
}

// choose narrows the placements to the year, area and node asked for.
func (c *placeCmd) choose(all []result.Placement) ([]result.Placement, error) {
	years := map[int]bool{}
	latest := 0
	for _, p := range all {
		years[p.Year] = true
		latest = max(latest, p.Year)
	}
	year := c.Year
	if year == 0 && c.JSON == "" && c.Area == "" {
		year = latest
	}
	if year != 0 && !years[year] {
		var have []string
		for y := range years {
			have = append(have, strconv.Itoa(y))
		}
		slices.Sort(have)
		return nil, fault(exitUsage, "error.year", "hint.year", nil, year, strings.Join(have, ", "))
	}
	code := ""
	if c.Area != "" {
		for _, p := range all {
			if (year == 0 || p.Year == year) && (p.Area == c.Area || vntext.Fold(p.AreaName) == vntext.Fold(c.Area)) {
				code = p.Area
			}
		}
		if code == "" {
			return nil, fault(exitUsage, "error.area", "hint.area", nil, max(year, latest), c.Area)
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(p result.Placement) bool {
		return year != 0 && p.Year != year || code != "" && p.Area != code || c.Node != "" && !c.named(p)
	}), nil
}

// named says whether a placement is on the node asked for; the whole index is also called composite.
func (c *placeCmd) named(p result.Placement) bool {
	return strings.EqualFold(p.Node, c.Node) || strings.EqualFold(c.Node, "composite") && p.Node == c.Index
}

// table prints one line a placement: first what decides, then how sure it is.
func (c *placeCmd) table(a *app, placements []result.Placement) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, say("place.header").in(a.lang))
	for _, p := range placements {
		if !p.Score.Known() {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t[x]\t\t%s\t\n", p.Year, p.Area, p.AreaName, p.Node, say("place.withheld").in(a.lang))
			continue
		}
		edge := ""
		if p.Boundary != "" {
			edge = say("place.edge", p.Boundary, p.OtherReading).in(a.lang)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%d/%d\t%d %s\t%s\n", p.Year, p.Area, p.AreaName, p.Node, a.number("%.4f", p.Score), p.Rank, p.Of, p.Group, a.pick(p.GroupLabel), edge)
	}
	return w.Flush()
}

// writeJSON writes v with the house's indentation.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
