package design

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// A Selection is one selected unit.
type Selection struct {
	Unit      int     // its index in the frame
	Size      float64 // its measure of size
	Prob      float64 // of being selected: min(1, n·size/Σsize) after certainty units are taken out
	Certainty bool    // larger than the sampling interval: selected for certain
}

// SelectPPS draws n units with probability proportional to size, systematically in the order of the frame, from a random start that
// follows from the seed (Cochran 1977, 9A.10; Särndal, Swensson & Wretman 1992, 3.6.2; R: sampling::UPsystematic after its
// inclusionprobabilities). Units that are larger than the sampling interval are selected for certain, and the interval is taken anew over the
// rest, until none is. A unit of size zero is never selected. Selections come in the order of the frame.
func SelectPPS(sizes []float64, n int, seed uint64) ([]Selection, error) {
	probs, err := InclusionProbabilities(sizes, n)
	if err != nil {
		return nil, err
	}
	// One uniform start, and a unit is taken whenever the running sum of probabilities passes start, start+1, …
	start := (float64(rand.NewPCG(seed, 0).Uint64()>>11) + 0.5) / (1 << 53)
	var out []Selection
	var sum float64
	next := start
	for i, p := range probs {
		if p >= 1 {
			out = append(out, Selection{Unit: i, Size: sizes[i], Prob: 1, Certainty: true})
			continue
		}
		sum += p
		if sum > next {
			out = append(out, Selection{Unit: i, Size: sizes[i], Prob: p})
			next++
		}
	}
	return out, nil
}

// InclusionProbabilities returns n·size/Σsize, with the units that would exceed one set to one and the rest shared anew.
func InclusionProbabilities(sizes []float64, n int) ([]float64, error) {
	positive := 0
	for i, s := range sizes {
		if s < 0 || math.IsNaN(s) || math.IsInf(s, 0) {
			return nil, fmt.Errorf("selecting with probability proportional to size: unit %d has size %v: want a number ≥ 0", i+1, s)
		}
		if s > 0 {
			positive++
		}
	}
	if n < 1 || n > positive {
		return nil, fmt.Errorf("selecting %d units: the frame has %d of a size above zero", n, positive)
	}
	probs := make([]float64, len(sizes))
	for {
		var total float64
		left := n
		for i, s := range sizes {
			if probs[i] == 1 {
				left--
				continue
			}
			total += s
		}
		again := false
		for i, s := range sizes {
			if probs[i] == 1 {
				continue
			}
			if probs[i] = float64(left) * s / total; probs[i] >= 1 {
				probs[i], again = 1, true
			}
		}
		if !again {
			return probs, nil
		}
	}
}
