package area

import (
	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// A Weighting says how much every old province counts in the new one that took it over, and what those weights are.
type Weighting struct {
	Name    string             // printed beside every figure carried over: "dân số 2024", "population 2024"
	Weights map[string]float64 // by old code
}

// Carried is a figure of a new province made from figures of the old ones.
type Carried struct {
	Area      Unit
	Value     result.Number // unknown where a part or its weight is
	Parts     []string      // old codes
	Missing   []string      // old codes without a value or a weight
	Weighting string        // empty: one old province, carried as it is
}

// Carry puts values of the 63 old provinces onto the 34 of 1/7/2025: the weighted mean Σ w·x / Σ w of the provinces merged.
//
// It is refused without a named weighting: an average of scores is no score that anybody measured, and a reader must see what it
// rests on. A new province that lacks a part is unknown, never a mean of what happens to be there.
func Carry(values map[string]float64, w Weighting) ([]Carried, error) {
	if w.Name == "" || len(w.Weights) == 0 {
		return nil, wording.Errorf("carrying results onto the 34 provinces: no weighting is stated; name one and give its weights by old province code")
	}
	var out []Carried
	for _, now := range Provinces(TwoTier()) {
		c := Carried{Area: now, Value: result.Unknown()}
		parts := Predecessors(now.Code)
		sum, total := 0.0, 0.0
		for _, old := range parts {
			c.Parts = append(c.Parts, old.Code)
			x, hasValue := values[old.Code]
			weight, hasWeight := w.Weights[old.Code]
			if len(parts) == 1 {
				weight, hasWeight = 1, true
			}
			if !hasValue || !hasWeight || weight <= 0 {
				c.Missing = append(c.Missing, old.Code)
				continue
			}
			sum += weight * x
			total += weight
		}
		if len(c.Missing) == 0 && total > 0 {
			c.Value = result.Number(sum / total)
		}
		if len(parts) > 1 {
			c.Weighting = w.Name
		}
		out = append(out, c)
	}
	return out, nil
}
