package survey

import (
	"math"
	"slices"
	"strings"

	"hailong/ingest/wording"
)

// A Margin is a known population count for each cell of one or several factors.
type Margin struct {
	By    []string
	Cells []MarginCell
}

// A MarginCell is the population count of one combination of levels, in the order of the margin's By.
type MarginCell struct {
	Levels []string
	Freq   float64
}

func (m Margin) name() string { return strings.Join(m.By, " × ") }

// A stratification is what post-stratification leaves for the variance: the residual from the post-stratum mean,
// x − w'·Σ(x·w/w')/Σw over the post-stratum, w the weights before and w' after.
type stratification struct {
	cell        []int // −1: not in the sample of that time
	cells       int
	before, now []float64
}

func (s stratification) residual(x [][]float64) {
	for _, col := range x {
		sum, den := make([]float64, s.cells), make([]float64, s.cells)
		for k, c := range s.cell {
			if c >= 0 && s.now[k] != 0 {
				sum[c] += col[k] * s.before[k] / s.now[k]
				den[c] += s.before[k]
			}
		}
		for k, c := range s.cell {
			if c >= 0 && s.now[k] != 0 {
				col[k] -= sum[c] / den[c] * s.now[k]
			}
		}
	}
}

// PostStratify scales the weights so that every cell of the margin has its population count; each replicate of a replicate design is
// scaled anew. Cells of the sample without a count, and counts without a sample, are errors.
//
//	w' = w·N_c/N̂_c,   variance of the residuals u − ū_c (Särndal, Swensson & Wretman 1992, 7.6)
//
// R: postStratify(design, ~by, population).
//
// By hand, one cell of weights 2 and 3 with N = 10: both grow by 10/5 to 4 and 6.
func (d *Design) PostStratify(m Margin) (*Design, error) {
	out, _, err := d.postStratify(m)
	if err != nil {
		return nil, wording.Errorf("post-stratifying by %s: %w", m.name(), err)
	}
	return out, nil
}

func (d *Design) postStratify(m Margin) (*Design, stratification, error) {
	cell, counts, err := d.cells(m)
	if err != nil {
		return nil, stratification{}, err
	}
	sums := cellSums(d.weight, cell, len(counts))
	for c := range counts {
		if sums[c] == 0 && counts[c] != 0 {
			return nil, stratification{}, wording.Errorf("cell %q has a population of %g but nobody in the sample: merge it with a neighbour", strings.Join(m.Cells[c].Levels, ", "), counts[c])
		}
		if sums[c] != 0 && counts[c] == 0 {
			return nil, stratification{}, wording.Errorf("cell %q has a sample but a population of 0", strings.Join(m.Cells[c].Levels, ", "))
		}
	}
	out := *d
	out.prob = slices.Clone(d.prob)
	for k, c := range cell {
		if c >= 0 && sums[c] != 0 {
			out.prob[k] /= counts[c] / sums[c]
		}
	}
	out.weight = inverse(out.prob)
	left := stratification{cell: cell, cells: len(counts), before: d.weight, now: out.weight}
	if d.reps != nil {
		out.weight = slices.Clone(d.weight) // R multiplies here, where it divides probabilities above
		for k, c := range cell {
			if c >= 0 && sums[c] != 0 {
				out.weight[k] *= counts[c] / sums[c]
			}
		}
		out.prob = inverse(out.weight)
		reps := *d.reps
		reps.rank = -1
		reps.weights = make([][]float64, len(d.reps.weights))
		for r, w := range d.reps.weights {
			repSums := cellSums(w, cell, len(counts))
			next := slices.Clone(w)
			for k, c := range cell {
				switch {
				case c < 0 || w[k] == 0:
				case repSums[c] == 0:
					return nil, stratification{}, wording.Errorf("replicate %d: the weights of cell %q sum to 0", r+1, strings.Join(m.Cells[c].Levels, ", "))
				default:
					next[k] = w[k] * (counts[c] / repSums[c])
				}
			}
			reps.weights[r] = next
		}
		out.reps = &reps
		return &out, left, nil
	}
	out.calibrated = true
	out.adjust = append(slices.Clone(d.adjust), left)
	return &out, left, nil
}

// cellSums adds the weights of each cell.
func cellSums(w []float64, cell []int, cells int) []float64 {
	high, low := make([]float64, cells), make([]float64, cells)
	for k, c := range cell {
		if c >= 0 {
			high[c], low[c] = addPair(high[c], low[c], w[k])
		}
	}
	for c := range high {
		high[c] += low[c]
	}
	return high
}

// cells finds the margin's cell of every row that the design holds (−1 for others) and the cells' counts.
func (d *Design) cells(m Margin) (cell []int, counts []float64, err error) {
	if len(m.By) == 0 {
		return nil, nil, wording.Errorf("the margin names no variable")
	}
	at := map[string]int{}
	for i, c := range m.Cells {
		if len(c.Levels) != len(m.By) {
			return nil, nil, wording.Errorf("population row %d has %d levels for %d variables", i+1, len(c.Levels), len(m.By))
		}
		if math.IsNaN(c.Freq) || c.Freq < 0 {
			return nil, nil, wording.Errorf("population of cell %q is %g", strings.Join(c.Levels, ", "), c.Freq)
		}
		key := strings.Join(c.Levels, "\x1f")
		if _, twice := at[key]; twice {
			return nil, nil, wording.Errorf("cell %q stands twice in the population", strings.Join(c.Levels, ", "))
		}
		at[key] = i
		counts = append(counts, c.Freq)
	}
	var cols []Column
	for _, v := range m.By {
		c, err := d.frame.Column(v)
		if err != nil {
			return nil, nil, err
		}
		cols = append(cols, c.AsFactor())
	}
	cell = make([]int, len(d.weight))
	for k := range cell {
		cell[k] = -1
		if !d.present[k] {
			continue
		}
		parts := make([]string, len(cols))
		for i, c := range cols {
			if c.Codes[k] < 0 {
				return nil, nil, wording.Errorf("%s has no value in row %d: every row needs a cell", m.By[i], k+1)
			}
			parts[i] = c.Levels[c.Codes[k]]
		}
		i, ok := at[strings.Join(parts, "\x1f")]
		if !ok {
			if d.weight[k] == 0 {
				continue
			}
			return nil, nil, wording.Errorf("cell %q of row %d has no population count", strings.Join(parts, ", "), k+1)
		}
		cell[k] = i
	}
	return cell, counts, nil
}
