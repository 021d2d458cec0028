package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"text/tabwriter"

	"hailong/analytics/design"
)

type sizeCmd struct {
	Proportion sizeProportionCmd `cmd:"" help:"For a share: --share 0.85 --margin 0.03."`
	Mean       sizeMeanCmd       `cmd:"" help:"For a mean: --sd 12 --margin 1."`
	Difference sizeDifferenceCmd `cmd:"" help:"For a change or a difference between two shares: --from 0.82 --to 0.85."`
	Slovin     sizeSlovinCmd     `cmd:"" help:"Slovin's rule as the ministry's guidance has it, and what it is worth."`
	Allocate   sizeAllocateCmd   `cmd:"" help:"Share a sample out among strata: a csv or workbook with name, N and, for neyman and power, sd and mean."`
	Select     sizeSelectCmd     `cmd:"" help:"Draw communes or villages with probability proportional to size: a csv or workbook with name and size."`
	Draw       sizeDrawCmd       `cmd:"" help:"Draw communes in every stratum, villages in them and persons in those: a csv or workbook with stratum, psu, ssu, size, certain."`
	Designs    sizeDesignsCmd    `cmd:"" help:"The expected margin of the SIPAS and PAPI designs in one province."`
}

// assumptions are what every size rests on.
type assumptions struct {
	Confidence float64 `help:"Level of confidence." default:"0.95"`
	Deff       float64 `help:"Design effect: about 2 for a sample of communes and villages." default:"1"`
	Response   float64 `help:"Share of those asked who answer." default:"1"`
	Population int     `help:"Size of the population (default: too large to matter)." placeholder:"N"`
	Domain     float64 `help:"Share of the population of the smallest group that needs the margin for itself." placeholder:"SHARE"`
}

func (f assumptions) in() design.Assumptions {
	return design.Assumptions{Confidence: f.Confidence, Deff: f.Deff, Response: f.Response, Population: f.Population}
}

// print gives a size with the steps that lead to it.
func (f assumptions) print(a *app, s design.Size) error {
	if f.Domain > 0 {
		whole, err := design.Domain(s, f.Domain)
		if err != nil {
			return err
		}
		s = whole
	}
	_, err := fmt.Fprintln(a.stdout, say("size.size", s.SRS, s.Finite, s.Deff, s.Complete, s.Response, s.Issue).in(a.lang))
	return err
}

type sizeProportionCmd struct {
	assumptions
	Share  float64 `help:"The share expected; 0.5 is the safe choice." default:"0.5"`
	Margin float64 `required:"" help:"Half-width of the interval: 0.03 for three points." placeholder:"SHARE"`
}

// Run sizes a sample for a share.
func (c *sizeProportionCmd) Run(a *app) error {
	s, err := design.Proportion(c.Share, c.Margin, c.in())
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	return c.print(a, s)
}

type sizeMeanCmd struct {
	assumptions
	SD     float64 `name:"sd" required:"" help:"Standard deviation of the variable." placeholder:"SD"`
	Margin float64 `required:"" help:"Half-width of the interval, in the variable's unit." placeholder:"E"`
}

// Run sizes a sample for a mean.
func (c *sizeMeanCmd) Run(a *app) error {
	s, err := design.Mean(c.SD, c.Margin, c.in())
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	return c.print(a, s)
}

type sizeDifferenceCmd struct {
	assumptions
	From        float64 `required:"" help:"The one share." placeholder:"SHARE"`
	To          float64 `required:"" help:"The other." placeholder:"SHARE"`
	Power       float64 `help:"Probability of finding it." default:"0.8"`
	Correlation float64 `help:"Between the two estimates, for waves that share their PSUs." placeholder:"R"`
}

// Run sizes each of two samples so that a difference is found.
func (c *sizeDifferenceCmd) Run(a *app) error {
	s, err := design.Difference(design.Change{From: c.From, To: c.To, Power: c.Power, Correlation: c.Correlation}, c.in())
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	return c.print(a, s)
}

type sizeSlovinCmd struct {
	assumptions
	Margin float64 `help:"Slovin's e." default:"0.05"`
}

// Run gives Slovin's size with what it leaves out.
func (c *sizeSlovinCmd) Run(a *app) error {
	s, err := design.Slovin(c.Population, c.Margin, c.in())
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	_, err = fmt.Fprintf(a.stdout, "%s\n%s\n", say("size.slovin", s.N, s.Exact, s.Cochran.Complete, 100*s.Margin, 100*s.AtResult).in(a.lang), a.pick(s.Note))
	return err
}

type sizeAllocateCmd struct {
	Strata string  `arg:"" help:"csv or workbook with the columns name, N, and sd, mean, min where they are known."`
	N      int     `name:"n" short:"n" required:"" help:"Forms to share out." placeholder:"N"`
	Rule   string  `help:"proportional, neyman, power, equal." enum:"proportional,neyman,power,equal" default:"proportional"`
	Power  float64 `help:"The q of power allocation." default:"0.5"`
}

// Run shares a sample out.
func (c *sizeAllocateCmd) Run(ctx context.Context, a *app) error {
	table, err := readTable(ctx, c.Strata, "name", "n")
	if err != nil {
		return err
	}
	var strata []design.Stratum
	for _, r := range table.rows {
		s := design.Stratum{Name: r.text("name")}
		for _, read := range []func() error{
			func() (err error) { s.N, err = table.count(r, "n"); return err },
			func() (err error) { s.Min, err = table.count(r, "min"); return err },
			func() (err error) { s.SD, err = table.number(r, "sd"); return err },
			func() (err error) { s.Mean, err = table.number(r, "mean"); return err },
		} {
			if err := read(); err != nil {
				return err
			}
		}
		strata = append(strata, s)
	}
	n, err := design.Allocate(strata, c.N, design.Rule(c.Rule), c.Power)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	w := csv.NewWriter(a.stdout)
	w.Write([]string{"name", "N", "n"})
	for h, s := range strata {
		w.Write([]string{s.Name, strconv.Itoa(s.N), strconv.Itoa(n[h])})
	}
	w.Flush()
	return w.Error()
}

type sizeSelectCmd struct {
	Frame string `arg:"" help:"csv or workbook with the columns name and size, one unit a row."`
	N     int    `name:"n" short:"n" required:"" help:"Units to draw." placeholder:"N"`
	Seed  uint64 `required:"" help:"Write it into the protocol: the same seed draws the same units." placeholder:"N"`
}

// Run draws units with probability proportional to size.
func (c *sizeSelectCmd) Run(ctx context.Context, a *app) error {
	table, err := readTable(ctx, c.Frame, "name", "size")
	if err != nil {
		return err
	}
	sizes := make([]float64, len(table.rows))
	for i, r := range table.rows {
		if sizes[i], err = table.number(r, "size"); err != nil {
			return err
		}
	}
	chosen, err := design.SelectPPS(sizes, c.N, c.Seed)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	w := csv.NewWriter(a.stdout)
	w.Write([]string{"name", "size", "probability", "weight", "certainty"})
	for _, s := range chosen {
		w.Write([]string{
			table.rows[s.Unit].text("name"), strconv.FormatFloat(s.Size, 'g', -1, 64), strconv.FormatFloat(s.Prob, 'g', -1, 64),
			strconv.FormatFloat(1/s.Prob, 'g', -1, 64), strconv.FormatBool(s.Certainty),
		})
	}
	w.Flush()
	return w.Error()
}

type sizeDesignsCmd struct {
	Share     float64 `help:"The share expected." default:"0.85"`
	Districts int     `help:"Districts of the province (default: unknown, so no finite population correction)." placeholder:"N"`
}

// Run prints what the usual designs give.
func (c *sizeDesignsCmd) Run(_ context.Context, a *app) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, say("size.designs").in(a.lang))
	for _, d := range design.Designs(design.ICCs{}, c.Districts) {
		e, err := d.Expect(c.Share, 0)
		if err != nil {
			return &failure{code: exitUsage, err: err}
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.2f\t±%.1f\t±%.1f\t%s\n", a.pick(d.Name), e.N, e.PSUs, e.DF, e.Deff, 100*e.Margin, 100*e.Normal, d.Basis)
	}
	return w.Flush()
}
