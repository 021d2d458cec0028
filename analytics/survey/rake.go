package survey

import (
	"math"
	"slices"
	"strings"

	"hailong/ingest/wording"
)

// RakeOptions bound the iteration. Zero values are R's: 10 rounds, a change in the table of at most 1.
type RakeOptions struct {
	MaxIter int
	Epsilon float64 // below 1: a share of Σw; R: control = list(epsilon)
}

// A raking is what iterative proportional fitting leaves for the variance: R removes the margins' means by exactly ten
// alternating sweeps, x − w·mean(x/w) within each level of each margin; the exact projection is Calibrate's with calfun raking.
type raking struct{ margins []stratification }

func (r raking) residual(x [][]float64) {
	const sweeps = 10
	for _, col := range x {
		for range sweeps {
			for _, m := range r.margins {
				sum, n := make([]float64, m.cells), make([]float64, m.cells)
				for k, c := range m.cell {
					if c >= 0 && m.now[k] != 0 {
						sum[c] += col[k] / m.now[k]
						n[c]++
					}
				}
				for k, c := range m.cell {
					if c >= 0 && m.now[k] != 0 {
						col[k] -= m.now[k] * sum[c] / n[c]
					}
				}
			}
		}
	}
}

// Rake post-stratifies by one margin after the other until the table of all margins stands still (iterative proportional fitting,
// Deming & Stephan 1940). Without convergence it is an error. R: rake(design, sample.margins, population.margins, control).
func (d *Design) Rake(margins []Margin, o RakeOptions) (*Design, error) {
	if len(margins) == 0 {
		return nil, wording.Errorf("raking: no margin given")
	}
	maxIter, epsilon := o.MaxIter, o.Epsilon
	if maxIter == 0 {
		maxIter = 10
	}
	switch {
	case epsilon == 0:
		epsilon = 1
	case epsilon < 1:
		epsilon *= sumOf(d.weight)
	}
	table, err := d.joint(margins)
	if err != nil {
		return nil, wording.Errorf("raking: %w", err)
	}
	var disagree error
	first := 0.0
	for i, m := range margins {
		sum := 0.0
		for _, c := range m.Cells {
			sum += c.Freq
		}
		if i == 0 {
			first = sum
		} else if math.Abs(sum-first) > 1e-6*math.Abs(first) {
			disagree = wording.Errorf("the margins' totals differ (%s: %g, %s: %g): only the last one is met", margins[0].name(), first, m.name(), sum)
		}
	}
	old := table(d.weight)
	out := d
	for range maxIter {
		left := raking{}
		for _, m := range margins {
			next, s, err := out.postStratify(m)
			if err != nil {
				return nil, wording.Errorf("raking to %s: %w", m.name(), err)
			}
			left.margins = append(left.margins, s)
			out = next
		}
		if d.reps == nil {
			out.adjust = append(slices.Clone(d.adjust), left)
		}
		now := table(out.weight)
		change := 0.0
		for i := range now {
			change = math.Max(change, math.Abs(now[i]-old[i]))
		}
		if change < epsilon {
			if disagree != nil {
				out.warnings = append(slices.Clone(d.warnings), disagree)
			}
			return out, nil
		}
		old = now
	}
	return nil, wording.Errorf("raking: no convergence after %d rounds: check that the margins have one common total and no cell is empty", maxIter)
}

// joint returns a function that cross-classifies weights by all the margins' variables.
func (d *Design) joint(margins []Margin) (func(w []float64) []float64, error) {
	labels := make([]string, len(d.weight))
	for _, m := range margins {
		for _, v := range m.By {
			c, err := d.frame.Column(v)
			if err != nil {
				return nil, err
			}
			c = c.AsFactor()
			for k, code := range c.Codes {
				if code >= 0 {
					labels[k] += "\x1f" + c.Levels[code]
				}
			}
		}
	}
	for k := range labels {
		labels[k] = strings.TrimPrefix(labels[k], "\x1f")
	}
	cell, names := dense(labels)
	return func(w []float64) []float64 {
		out := make([]float64, len(names))
		for k, c := range cell {
			if d.present[k] {
				out[c] += w[k]
			}
		}
		return out
	}, nil
}
