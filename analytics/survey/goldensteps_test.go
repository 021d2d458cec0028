package survey

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
)

// compute builds a case's design, takes its steps and runs its operation, all through the public API.
func (g *golden) compute(c goldenCase, given bool) (got map[string]any, err error) {
	var d *Design
	if c.Design != "" {
		if d, err = g.design(c); err != nil {
			return nil, err
		}
		for _, raw := range c.Steps {
			if d, err = g.step(d, c, raw, given); err != nil {
				return nil, err
			}
		}
		if r := c.Replicates; !given && d.reps != nil && len(r.RScales) == len(d.reps.rscales) {
			if relativeError(d.reps.scale, r.Scale) > 1e-12 {
				return nil, fmt.Errorf("replicate scale %g, want %g", d.reps.scale, r.Scale)
			}
			for i, v := range r.RScales {
				if relativeError(d.reps.rscales[i], v) > 1e-12 {
					return nil, fmt.Errorf("rscale %d is %g, want %g", i, d.reps.rscales[i], v)
				}
			}
		}
	}
	return g.operate(d, c)
}

func (g *golden) design(c goldenCase) (*Design, error) {
	s, ok := g.Designs[c.Design]
	if !ok {
		return nil, fmt.Errorf("there is no design %q", c.Design)
	}
	f, err := g.frame(s.Data, s.Note)
	if err != nil {
		return nil, err
	}
	spec := DesignSpec{IDs: s.IDs, Strata: s.Strata, FPC: s.FPC, Weights: s.Weights, Probs: s.Probs, PPS: s.PPS, Nest: s.Nest}
	var o struct {
		Lonely LonelyPSU `json:"lonely_psu"`
		Domain bool      `json:"adjust_domain_lonely"`
	}
	if len(c.Options) > 0 && c.Options[0] == '{' {
		if err := json.Unmarshal(c.Options, &o); err != nil {
			return nil, err
		}
	}
	spec.Lonely, spec.AdjustDomainLonely = o.Lonely, o.Domain
	return NewDesign(f, spec)
}

type goldenStep struct {
	Op         string
	Expr       string
	Defs       map[string]string
	By         stringList
	Population json.RawMessage
	Margins    []stringList
	MaxIt      int
	Epsilon    float64
	Formula    string
	CalFun     string
	Bounds     json.RawMessage
	Const      bool   `json:"bounds.const"`
	Stage      int    `json:"aggregate.stage"`
	Lower      number `json:"lower"`
	Upper      number `json:"upper"`
	Strict     bool
	Type       string
	FayRho     float64 `json:"fay.rho"`
	Replicates int
	MSE        bool
}

func (g *golden) step(d *Design, c goldenCase, raw json.RawMessage, given bool) (*Design, error) {
	s := goldenStep{Lower: number(math.Inf(-1)), Upper: number(math.Inf(1))}
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	switch s.Op {
	case "subset":
		v, err := evalR(s.Expr, d.Frame())
		if err != nil {
			return nil, err
		}
		return d.Subset(truths(v))
	case "define":
		for len(s.Defs) > 0 { // a definition may use another, and JSON objects have no order
			var last error
			done := ""
			for name, src := range s.Defs {
				v, err := evalR(src, d.Frame())
				if err != nil {
					last = err
					continue
				}
				if d, err = withColumn(d, name, v.col); err != nil {
					return nil, err
				}
				done = name
				break
			}
			if done == "" {
				return nil, last
			}
			delete(s.Defs, done)
		}
		return d, nil
	case "poststratify":
		m, err := goldenMargin(s.By, s.Population)
		if err != nil {
			return nil, err
		}
		return d.PostStratify(m)
	case "rake":
		var pops []json.RawMessage
		if err := json.Unmarshal(s.Population, &pops); err != nil {
			return nil, err
		}
		var margins []Margin
		for i, by := range s.Margins {
			m, err := goldenMargin(by, pops[i])
			if err != nil {
				return nil, err
			}
			margins = append(margins, m)
		}
		return d.Rake(margins, RakeOptions{MaxIter: s.MaxIt, Epsilon: s.Epsilon})
	case "calibrate":
		return goldenCalibrate(d, s)
	case "trim":
		return d.Trim(float64(s.Lower), float64(s.Upper), s.Strict)
	case "replicate":
		if given {
			return g.givenReplicates(d, c, s)
		}
		return d.Replicate(ReplicateSpec{Type: s.Type, FayRho: s.FayRho, Replicates: s.Replicates, MSE: s.MSE})
	}
	return nil, fmt.Errorf("unknown step %q", s.Op)
}

func withColumn(d *Design, name string, c Column) (*Design, error) {
	keep := make([]bool, d.Frame().Rows())
	for k := range keep {
		keep[k] = true
	}
	f := d.Frame().Filter(keep)
	if err := f.Set(name, c); err != nil {
		return nil, err
	}
	return d.With(f)
}

func goldenMargin(by []string, raw json.RawMessage) (Margin, error) {
	var rows []map[string]any
	if err := json.Unmarshal(raw, &rows); err != nil {
		return Margin{}, err
	}
	m := Margin{By: by}
	for _, row := range rows {
		cell := MarginCell{}
		for _, v := range by {
			switch x := row[v].(type) {
			case string:
				cell.Levels = append(cell.Levels, x)
			case float64:
				cell.Levels = append(cell.Levels, fmt.Sprintf("%.15g", x))
			default:
				return m, fmt.Errorf("population row without %s", v)
			}
		}
		freq, ok := row["Freq"].(float64)
		if !ok {
			return m, fmt.Errorf("population row without Freq")
		}
		cell.Freq = freq
		m.Cells = append(m.Cells, cell)
	}
	return m, nil
}

func goldenCalibrate(d *Design, s goldenStep) (*Design, error) {
	fm, f, err := parseFormula(s.Formula, d.Frame())
	if err != nil {
		return nil, err
	}
	if d, err = d.With(f); err != nil {
		return nil, err
	}
	c := Calibration{Terms: fm.terms, NoInt: !fm.intercept, Const: s.Const, Stage: s.Stage, MaxIter: s.MaxIt, Epsilon: s.Epsilon}
	if err := json.Unmarshal(s.Population, &c.Totals); err != nil {
		return nil, err
	}
	switch s.CalFun {
	case "raking":
		c.Metric = RakingMetric
	case "logit":
		c.Metric = LogitMetric
	}
	if len(s.Bounds) > 0 && string(s.Bounds) != "null" {
		var pair []number
		if s.Bounds[0] == '{' {
			var named struct{ Lower, Upper number }
			if err := json.Unmarshal(s.Bounds, &named); err != nil {
				return nil, err
			}
			pair = []number{named.Lower, named.Upper}
		} else if err := json.Unmarshal(s.Bounds, &pair); err != nil {
			return nil, err
		}
		c.Lower, c.Upper = float64(pair[0]), float64(pair[1])
	}
	return d.Calibrate(c)
}

// givenReplicates lays the exported analysis weights over the frame, with R's scale and rscales.
func (g *golden) givenReplicates(d *Design, c goldenCase, s goldenStep) (*Design, error) {
	_, file := g.replication(c)
	w, err := readFrame(filepath.Join(g.dir, file))
	if err != nil {
		return nil, err
	}
	keep := make([]bool, d.Frame().Rows())
	for k := range keep {
		keep[k] = true
	}
	f := d.Frame().Filter(keep)
	for _, name := range w.Names() {
		col, err := w.Column(name)
		if err != nil {
			return nil, err
		}
		if err := f.Set(name, col); err != nil {
			return nil, err
		}
	}
	ds := g.Designs[c.Design]
	return NewReplicateDesign(f, DesignSpec{IDs: ds.IDs, Strata: ds.Strata, FPC: ds.FPC, Weights: ds.Weights, Probs: ds.Probs, Nest: ds.Nest},
		GivenReplicates{Weights: w.Names(), Scale: c.Replicates.Scale, RScales: c.Replicates.RScales, MSE: s.MSE})
}
