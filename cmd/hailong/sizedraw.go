package main

import (
	"context"
	"encoding/csv"
	"strconv"
	"strings"

	"hailong/analytics/design"
)

type sizeDrawCmd struct {
	Frame    string         `arg:"" help:"csv or workbook with the columns psu and size, and stratum, ssu and certain (yes or empty) where there are any; one last unit a row."`
	Stratum  string         `help:"The frame's column of strata." default:"stratum" placeholder:"COLUMN"`
	PSU      string         `name:"psu" help:"The frame's column of PSUs." default:"psu" placeholder:"COLUMN"`
	SSU      string         `name:"ssu" help:"The frame's column of units within a PSU." default:"ssu" placeholder:"COLUMN"`
	Size     string         `help:"The frame's column of sizes." default:"size" placeholder:"COLUMN"`
	Certain  string         `help:"The frame's column that marks units whose PSU is drawn for certain." default:"certain" placeholder:"COLUMN"`
	PSUs     int            `name:"psus" required:"" help:"PSUs to draw in every stratum." placeholder:"N"`
	PSUsIn   map[string]int `name:"psus-in" help:"PSUs in a stratum where it differs: --psus-in 'Trà Cú=4'." placeholder:"STRATUM=N"`
	SSUs     int            `name:"ssus" help:"Units to draw in every PSU (default: none, persons are taken in the PSU)." placeholder:"N"`
	Persons  int            `required:"" help:"Persons to interview in every last unit." placeholder:"N"`
	Response float64        `help:"Share of those listed who answer." default:"1"`
	Seed     uint64         `required:"" help:"Write it into the protocol: the same seed draws the same units." placeholder:"N"`
}

// Run draws a two-stage sample with the weights that it gives.
func (c *sizeDrawCmd) Run(ctx context.Context, a *app) error {
	for _, name := range []*string{&c.Stratum, &c.PSU, &c.SSU, &c.Size, &c.Certain} {
		*name = strings.ToLower(*name) // as readTable has them
	}
	table, err := readTable(ctx, c.Frame, c.PSU, c.Size)
	if err != nil {
		return err
	}
	frame := make([]design.Unit, len(table.rows))
	strata := map[string]bool{}
	for i, r := range table.rows {
		u := design.Unit{Stratum: r.text(c.Stratum), PSU: r.text(c.PSU), SSU: r.text(c.SSU), Certain: ticked(r.text(c.Certain))}
		if u.Size, err = table.number(r, c.Size); err != nil {
			return err
		}
		frame[i], strata[u.Stratum] = u, true
	}
	for name := range c.PSUsIn {
		if !strata[name] {
			return fault(exitUsage, "error.stratum", "", nil, c.Frame, name)
		}
	}
	picks, err := design.Select(frame, design.Draw{PSUs: c.PSUs, PSUsIn: c.PSUsIn, SSUs: c.SSUs, Persons: c.Persons, Seed: c.Seed, Response: c.Response})
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	// Twelve digits: more than any protocol needs, and 15 stays 15.
	number := func(f float64) string { return strconv.FormatFloat(f, 'g', 12, 64) }
	w := csv.NewWriter(a.stdout)
	_ = w.Write([]string{"stratum", "psu", "ssu", "size", "certain", "prob_psu", "prob_ssu", "persons", "list", "weight"}) // csv keeps the first error for Error
	for _, p := range picks {
		_ = w.Write([]string{
			p.Stratum, p.PSU, p.SSU, number(p.Size), strconv.FormatBool(p.Certain), number(p.ProbPSU), number(p.ProbSSU),
			strconv.Itoa(p.Persons), strconv.Itoa(p.List), number(p.Weight),
		})
	}
	w.Flush()
	return w.Error()
}

// ticked reads the ways of saying yes in a column.
func ticked(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "1", "x", "true", "yes", "có":
		return true
	}
	return false
}
