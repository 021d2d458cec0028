package survey

import (
	"math"
	"slices"

	"hailong/ingest/wording"
)

// Trim cuts the weights to lower…upper and spreads what was cut equally over the weights that were within. Strict repeats that until
// none is outside; limits that cannot hold the total are an error. The variance takes the trimmed weights as they are.
// R: trimWeights(design, upper, lower, strict).
//
// By hand, weights 1, 2, 9 with upper 6: 3 are cut, 1.5 go to each of the others: 2.5, 3.5, 6.
func (d *Design) Trim(lower, upper float64, strict bool) (*Design, error) {
	if !(lower <= upper) {
		return nil, wording.Errorf("trimming weights: the limits %g to %g are empty", lower, upper)
	}
	cut := func(w []float64) ([]float64, error) { return trim(w, d.present, lower, upper, strict) }
	out := *d
	var err error
	if out.weight, err = cut(d.weight); err != nil {
		return nil, wording.Errorf("trimming weights: %w", err)
	}
	out.prob = inverse(out.weight)
	out.weight = inverse(out.prob)
	if d.reps != nil {
		reps := *d.reps
		reps.rank = -1
		reps.weights = make([][]float64, len(d.reps.weights))
		for r, w := range d.reps.weights {
			if reps.weights[r], err = cut(w); err != nil {
				return nil, wording.Errorf("trimming the weights of replicate %d: %w", r+1, err)
			}
		}
		out.reps = &reps
	}
	return &out, nil
}

func trim(w []float64, present []bool, lower, upper float64, strict bool) ([]float64, error) {
	w = slices.Clone(w)
	held := func(k int) bool { return present[k] && w[k] != 0 }
	for range 100000 {
		inside, cut, total, n := 0, 0.0, 0.0, 0
		for k, v := range w {
			if !held(k) {
				continue
			}
			n++
			total += v
			switch c := math.Max(lower, math.Min(upper, v)); {
			case c == v:
				inside++
			default:
				cut += v - c
			}
		}
		if inside == n {
			return w, nil
		}
		slack := 1e-9 * math.Abs(total)
		if strict && (float64(n)*upper < total-slack || float64(n)*lower > total+slack) {
			return nil, wording.Errorf("%d weights between %g and %g cannot sum to %g: the mean weight is %g", n, lower, upper, total, total/float64(n))
		}
		if inside == 0 {
			return nil, wording.Errorf("every weight is outside the limits")
		}
		for k, v := range w {
			if !held(k) {
				continue
			}
			if c := math.Max(lower, math.Min(upper, v)); c == v {
				w[k] = v + cut/float64(inside)
			} else {
				w[k] = c
			}
		}
		if !strict {
			return w, nil
		}
	}
	return nil, wording.Errorf("the limits are too near the mean weight to be reached")
}
