package survey

import (
	"math"
	"slices"
	"strings"

	"hailong/ingest/wording"
)

// A Term is one term of a model: a variable, or the interaction of several. A factor stands for its indicators.
type Term []string

// ModelMatrix lays out a model in R's treatment contrasts: the first level of a factor is the reference, except where the model has no
// term to take it from (R's marginality rule). Missing values are NaN in their row. R: model.matrix(~ terms).
func (f *Frame) ModelMatrix(terms []Term, intercept bool) (names []string, x [][]float64, err error) {
	has := map[string]bool{"": intercept}
	key := func(t Term) string {
		s := slices.Clone(t)
		slices.Sort(s)
		return strings.Join(s, ":")
	}
	for _, t := range terms {
		if len(t) == 0 {
			return nil, nil, wording.Errorf("laying out the model: a term names no variable")
		}
		has[key(t)] = true
	}
	if intercept {
		one := make([]float64, f.rows)
		for k := range one {
			one[k] = 1
		}
		names, x = append(names, "(Intercept)"), append(x, one)
	}
	firstFull := intercept // without an intercept the first factor keeps all its levels
	for _, t := range terms {
		tn, tx := []string{""}, [][]float64{nil}
		for i, v := range t {
			c, err := f.Column(v)
			if err != nil {
				return nil, nil, wording.Errorf("laying out the model: %w", err)
			}
			rest := slices.Delete(slices.Clone(t), i, i+1)
			full := !has[key(rest)]
			if c.IsFactor() && len(rest) == 0 && !intercept {
				full = !firstFull
				firstFull = true
			}
			cn, cx := codings(v, c, full)
			var nn []string
			var nx [][]float64
			for b := range cx { // R runs the first factor fastest
				for a := range tx {
					nn = append(nn, strings.TrimPrefix(tn[a]+":"+cn[b], ":"))
					nx = append(nx, product(tx[a], cx[b]))
				}
			}
			tn, tx = nn, nx
		}
		names, x = append(names, tn...), append(x, tx...)
	}
	return names, x, nil
}

func product(a, b []float64) []float64 {
	if a == nil {
		return b
	}
	out := make([]float64, len(a))
	for k := range a {
		out[k] = a[k] * b[k]
	}
	return out
}

// codings are the columns of one variable: itself, or indicators of its levels, all of them or all but the first.
func codings(name string, c Column, full bool) (names []string, x [][]float64) {
	if !c.IsFactor() {
		return []string{name}, [][]float64{c.Values}
	}
	for l, level := range c.Levels {
		if l == 0 && !full {
			continue
		}
		col := make([]float64, len(c.Codes))
		for k, code := range c.Codes {
			switch code {
			case -1:
				col[k] = math.NaN()
			case l:
				col[k] = 1
			}
		}
		names, x = append(names, name+level), append(x, col)
	}
	return names, x
}
