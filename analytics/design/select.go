package design

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"hailong/ingest/wording"
)

// A Selection is one selected unit.
type Selection struct {
	Unit      int     `json:"unit"`      // its index in the frame
	Size      float64 `json:"size"`      // its measure of size
	Prob      float64 `json:"prob"`      // of being selected: min(1, n·size/Σsize) after certainty units are taken out
	Certainty bool    `json:"certainty"` // larger than the sampling interval: selected for certain
}

// SelectPPS draws n units with probability proportional to size, systematically in the order of the frame, from a random start that
// follows from the seed (Cochran 1977, ch. 9A; Särndal, Swensson & Wretman 1992, 3.6.2; R: sampling::UPsystematic after its
// inclusionprobabilities). Units that are larger than the sampling interval are selected for certain, and the interval is taken anew over the
// rest, until none is. A unit of size zero is never selected. Selections come in the order of the frame.
func SelectPPS(sizes []float64, n int, seed uint64) ([]Selection, error) {
	probs, err := InclusionProbabilities(sizes, n)
	if err != nil {
		return nil, err
	}
	return systematic(probs, sizes, uniform(seed, "")), nil
}

// uniform returns a number in (0, 1) that follows from the seed and a name, so that a further stratum changes the draw of no other.
func uniform(seed uint64, name string) float64 {
	var stream uint64
	if name != "" {
		h := fnv.New64a()
		h.Write([]byte(name))
		stream = h.Sum64()
	}
	return (float64(rand.NewPCG(seed, stream).Uint64()>>12) + 0.5) / (1 << 52)
}

// systematic takes a unit whenever the running sum of probabilities passes start, start+1, start+2, …
func systematic(probs, sizes []float64, start float64) []Selection {
	var out []Selection
	var total, sum float64
	last := 0
	for i, p := range probs {
		if p > 0 && p < 1 {
			total += p
			last = i
		}
	}
	taken := 0.0
	for i, p := range probs {
		if p >= 1 {
			out = append(out, Selection{Unit: i, Size: sizes[i], Prob: 1, Certainty: true})
			continue
		}
		if sum += p; i == last {
			sum = math.Round(total) // the probabilities add to a whole number, but for their last bits
		}
		if sum-taken > start {
			out = append(out, Selection{Unit: i, Size: sizes[i], Prob: p})
			taken++
		}
	}
	return out
}

// InclusionProbabilities returns n·size/Σsize, with the units that would exceed one set to one and the rest shared anew.
func InclusionProbabilities(sizes []float64, n int) ([]float64, error) {
	positive := 0
	for i, s := range sizes {
		if s < 0 || math.IsNaN(s) || math.IsInf(s, 0) {
			return nil, wording.Errorf("selecting with probability proportional to size: unit %d has size %v: want a number ≥ 0", i+1, s)
		}
		if s > 0 {
			positive++
		}
	}
	if n < 1 || n > positive {
		return nil, wording.Errorf("selecting %d units: the frame has %d of a size above zero", n, positive)
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
