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

	"hailong/analytics/area"
	"hailong/analytics/index"
	"hailong/analytics/placement"
	"hailong/analytics/result"
)

type placeCmd struct {
	Scores       string `arg:"" help:"The published score table: xlsx or csv."`
	Year         int    `help:"Only this year (default: the latest for the table, every year with --json)." placeholder:"YYYY"`
	Since        int    `help:"Changes since this year: scores by the publisher's own rule, ranks and groups." placeholder:"YYYY"`
	Area         string `help:"Only this area, by code or name, with or without marks." placeholder:"84"`
	Node         string `help:"Only this node: composite, D1 … D8." placeholder:"NODE"`
	Rule         string `help:"How an area exactly on a quartile edge is read: r7-mixed, website (default: the definition's)." enum:"r7-mixed,website," default:""`
	Index        string `help:"Family of the table, or a definition of your own." placeholder:"NAME|PATH" default:"papi"`
	Carry        string `help:"Carry old provinces onto the 34 of 1/7/2025, weighted by this table: a column of provinces and one of weights, whose header names the weighting." placeholder:"FILE"`
	JSON         string `help:"Write the placements as JSON to a file or - for stdout." placeholder:"FILE|-"`
	PasswordFile string `help:"File with the password of an encrypted workbook (or HAILONG_PASSWORD)." placeholder:"FILE"`
}

// Run prints groups and ranks.
func (c *placeCmd) Run(ctx context.Context, a *app) error {
	password, err := a.password(c.PasswordFile)
	if err != nil {
		return err
	}
	var own []*index.Definition
	if strings.ContainsAny(c.Index, `./\`) {
		d, err := a.soundDefinition(c.Index, "")
		if err != nil {
			return err
		}
		own, c.Index = []*index.Definition{d}, d.Family
	}
	table, err := a.scoreTable(ctx, c.Scores, password, c.Index, own, c.Year)
	if err != nil {
		return err
	}
	a.tellScores(table)
	if c.Carry != "" {
		if table, err = c.carry(ctx, a, table, password); err != nil {
			return err
		}
	}
	all, err := placement.Table(table, placement.TableOptions{Rule: c.Rule})
	if err != nil {
		return fault(exitFailed, "error.scores", "hint.scores", err, c.Scores)
	}
	if err := c.choose(a, table, all); err != nil {
		return err
	}
	placements := slices.DeleteFunc(slices.Clone(all), func(p result.Placement) bool { return c.Year != 0 && p.Year != c.Year || !c.wanted(p) })
	if c.Since != 0 {
		before := slices.DeleteFunc(all, func(p result.Placement) bool { return !c.wanted(p) })
		moves := index.Moves(before, placements, c.Since, c.Year, own)
		if c.JSON != "" {
			return a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, moves) }, c.Scores)
		}
		return a.moves(moves)
	}
	if c.JSON != "" {
		return a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, placements) }, c.Scores)
	}
	return c.table(a, placements)
}

// tellScores says on stderr how far a score table may be trusted: sums that do not add up, and cells that are no score.
func (a *app) tellScores(table *index.Scores) {
	if a.Quiet {
		return
	}
	broken, sums := contradictions(table), 0
	for _, p := range broken {
		if p.Code == index.CodeSum {
			sums++
		}
	}
	if table.Checked > 0 {
		a.note(say("place.sums", table.Checked, sums).in(a.lang))
	}
	if a.Verbose > 0 {
		return // every problem has been said
	}
	a.tellCells(broken)
	if n := len(table.Problems) - len(broken); n > 0 {
		a.warn(say("place.problems", n).in(a.lang))
	}
}

// choose settles which year and area are meant.
func (c *placeCmd) choose(a *app, table *index.Scores, all []result.Placement) error {
	years := table.Years()
	if c.Year == 0 && (c.JSON == "" && c.Area == "" || c.Since != 0) {
		c.Year = years[len(years)-1]
	}
	for _, year := range []int{c.Year, c.Since} {
		if year != 0 && !slices.Contains(years, year) {
			var have []string
			for _, y := range years {
				have = append(have, strconv.Itoa(y))
			}
			return fault(exitUsage, "error.year", "hint.year", nil, year, strings.Join(have, ", "))
		}
	}
	if c.Area == "" {
		return nil
	}
	var units []area.Unit
	for _, p := range all {
		if (c.Year == 0 || p.Year == c.Year) && !slices.ContainsFunc(units, func(u area.Unit) bool { return u.Code == p.Area }) {
			u, _ := area.FindEver(p.Area, table.Day(p.Year))
			units = append(units, area.Unit{Code: p.Area, Name: p.AreaName, NameEN: u.NameEN})
		}
	}
	found, sure := area.Search(c.Area, units)
	switch {
	case sure:
	case len(found) > 0:
		return fault(exitUsage, "error.area_many", "hint.area_many", nil, c.Area, unitList(found))
	default:
		year := c.Year
		if year == 0 {
			year = years[len(years)-1]
		}
		if u, ok := area.FindEver(c.Area, table.Day(year)); ok {
			if next, merged := area.Successor(u.Code); merged {
				return fault(exitUsage, "error.area_merged", "hint.area", nil, year, u.Code, u.Name, next.Code, next.Name)
			}
		}
		return fault(exitUsage, "error.area", "hint.area", nil, year, c.Area)
	}
	if c.Area != found[0].Code && c.Area != found[0].Name && !a.Quiet {
		a.note(say("place.taken", c.Area, found[0].Code, found[0].Name).in(a.lang))
	}
	c.Area = found[0].Code
	return nil
}

// wanted says whether a placement is of the area and on the node asked for; the whole index is also called composite.
func (c *placeCmd) wanted(p result.Placement) bool {
	if c.Area != "" && p.Area != c.Area {
		return false
	}
	return c.Node == "" || strings.EqualFold(p.Node, c.Node) || strings.EqualFold(c.Node, "composite") && p.Node == c.Index
}

// carry puts the table's old provinces onto the 34, weighted as a table of weights says.
func (c *placeCmd) carry(ctx context.Context, a *app, table *index.Scores, password string) (*index.Scores, error) {
	sheets, err := readSheets(ctx, c.Carry, password)
	if err != nil {
		return nil, fault(exitFailed, "error.weights", "hint.weights", err, c.Carry)
	}
	weighting, err := index.ReadWeighting(sheets)
	if err != nil {
		return nil, fault(exitFailed, "error.weights", "hint.weights", err, c.Carry)
	}
	carried, err := table.Carry(weighting)
	if err != nil {
		return nil, fault(exitFailed, "error.weights", "hint.weights", err, c.Carry)
	}
	for _, note := range carried.Notes[len(table.Notes):] {
		a.note(a.pick(note))
	}
	return carried, nil
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
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.Year, p.Area, p.AreaName, p.Node, a.number("%.4f", p.Score), rank(p.Rank, p.Of), a.group(p.Group, p.GroupLabel), strings.Join(c.notes(a, p), "; "))
	}
	return w.Flush()
}

// notes say how sure a placement is: an edge that it sits on, and what its standard error leaves open.
func (c *placeCmd) notes(a *app, p result.Placement) []string {
	var out []string
	switch p.Rule {
	case placement.RulePublished:
		out = append(out, say("place.published").in(a.lang))
	case placement.RuleBands:
		out = append(out, say("place.bands").in(a.lang))
	}
	if p.Boundary != "" {
		out = append(out, say("place.edge", p.Boundary, p.OtherReading).in(a.lang))
	}
	if p.Group > 0 && p.Probabilities[p.Group-1].Known() {
		chance := a.number("%.2f", p.Probabilities[p.Group-1])
		if p.Stable {
			out = append(out, say("place.stable", chance, p.RankSet[0], p.RankSet[1]).in(a.lang))
		} else {
			out = append(out, say("place.open", chance, p.RankSet[0], p.RankSet[1]).in(a.lang))
		}
	}
	return out
}

// writeJSON writes v with the house's indentation.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
