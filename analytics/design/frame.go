package design

import (
	"hailong/ingest/wording"
)

// A Unit is one row of a sampling frame: a village, or a commune where there is no list of villages.
type Unit struct {
	Stratum string  `json:"stratum"` // huyện; empty: one stratum
	PSU     string  `json:"psu"`     // xã
	SSU     string  `json:"ssu"`     // thôn, ấp; empty where the frame ends at the PSU
	Size    float64 `json:"size"`
	Certain bool    `json:"certain"` // its PSU is in the sample for certain, such as the district's seat
}

// A Draw says how many units a frame is to give.
type Draw struct {
	PSUs     int            // in every stratum
	PSUsIn   map[string]int // in a stratum, where it differs
	SSUs     int            // in every selected PSU; 0: none, persons are taken in the PSU
	Persons  int            // in every last unit
	Seed     uint64
	Response float64 // share of persons who answer, for the number to list; 0: 1
}

// A Pick is one selected last-stage unit with the chance that it, and a person in it, had.
type Pick struct {
	Unit
	ProbPSU float64 `json:"prob_psu"`
	ProbSSU float64 `json:"prob_ssu"` // within the PSU; 1 where there is no second stage
	Persons int     `json:"persons"`  // to be interviewed
	List    int     `json:"list"`     // to be put on the list: Persons / response, rounded up, at most Size
	Weight  float64 `json:"weight"`   // design weight of a person: 1/(ProbPSU·ProbSSU·Persons/Size)
}

// Select draws PSUs in every stratum and SSUs in every selected PSU, both with probability proportional to size and systematically in the order
// of the frame, and a fixed number of persons in each: the self-weighting two-stage design (Cochran 1977, ch. 11; Kish 1965, ch. 7). The weight of
// a person is then the stratum's size over its sample wherever no unit is certain, which keeps the weights from adding to the variance.
// Each stratum's and each PSU's draw follows from the seed and its own name.
func Select(frame []Unit, d Draw) ([]Pick, error) {
	if d.Response == 0 {
		d.Response = 1
	}
	switch {
	case len(frame) == 0:
		return nil, wording.Errorf("selecting from a frame: it has no units")
	case d.Persons < 1:
		return nil, wording.Errorf("selecting from a frame: %d persons a unit: want at least 1", d.Persons)
	case d.SSUs < 0:
		return nil, wording.Errorf("selecting from a frame: %d units in each PSU: want none or more", d.SSUs)
	case !(d.Response > 0 && d.Response <= 1):
		return nil, wording.Errorf("selecting from a frame: response %v: want a share above 0 and at most 1", d.Response)
	}
	var out []Pick
	for _, st := range groups(frame, func(u Unit) string { return u.Stratum }) {
		n, ok := d.PSUsIn[st.name]
		if !ok {
			n = d.PSUs
		}
		picks, err := selectStratum(st, n, d)
		if err != nil {
			return nil, wording.Errorf("selecting in stratum %q: %w", st.name, err)
		}
		out = append(out, picks...)
	}
	return out, nil
}

// A group is the units of a frame that share a name, in the order of the frame.
type group struct {
	name  string
	units []Unit
	size  float64
}

func groups(units []Unit, name func(Unit) string) []group {
	var out []group
	at := map[string]int{}
	for _, u := range units {
		i, ok := at[name(u)]
		if !ok {
			i = len(out)
			at[name(u)] = i
			out = append(out, group{name: name(u)})
		}
		out[i].units = append(out[i].units, u)
		out[i].size += u.Size
	}
	return out
}

func selectStratum(st group, n int, d Draw) ([]Pick, error) {
	psus := groups(st.units, func(u Unit) string { return u.PSU })
	probs, err := psuProbabilities(psus, n)
	if err != nil {
		return nil, err
	}
	sizes := make([]float64, len(psus))
	for i, p := range psus {
		sizes[i] = p.size
	}
	var out []Pick
	for _, sel := range systematic(probs, sizes, uniform(d.Seed, "stratum "+st.name)) {
		p := psus[sel.Unit]
		if d.SSUs == 0 {
			if len(p.units) > 1 {
				return nil, wording.Errorf("PSU %s has %d rows: want one, or a number of units to take in each PSU", p.name, len(p.units))
			}
			out = append(out, pick(p.units[0], sel.Prob, 1, d))
			continue
		}
		within := make([]float64, len(p.units))
		for i, u := range p.units {
			within[i] = u.Size
		}
		inner, err := InclusionProbabilities(within, d.SSUs)
		if err != nil {
			return nil, wording.Errorf("PSU %s: %w", p.name, err)
		}
		for _, s := range systematic(inner, within, uniform(d.Seed, "psu "+st.name+"\x00"+p.name)) {
			out = append(out, pick(p.units[s.Unit], sel.Prob, s.Prob, d))
		}
	}
	return out, nil
}

// psuProbabilities sets the certain PSUs to one and shares the rest of n among the others by size.
func psuProbabilities(psus []group, n int) ([]float64, error) {
	probs, rest := make([]float64, len(psus)), make([]float64, len(psus))
	left := n
	for i, p := range psus {
		for _, u := range p.units {
			if u.Certain {
				probs[i] = 1
			}
		}
		if probs[i] == 1 {
			left--
		} else {
			rest[i] = p.size
		}
	}
	switch {
	case left < 0:
		return nil, wording.Errorf("%d PSUs are certain, %d are to be taken", n-left, n)
	case left == 0 && n > 0:
		return probs, nil
	}
	others, err := InclusionProbabilities(rest, left)
	if err != nil {
		return nil, err
	}
	for i, p := range others {
		probs[i] += p
	}
	return probs, nil
}

func pick(u Unit, psu, ssu float64, d Draw) Pick {
	p := Pick{Unit: u, ProbPSU: psu, ProbSSU: ssu, Persons: d.Persons}
	p.Persons = min(p.Persons, max(1, int(u.Size)))
	p.List = min(int(up(float64(p.Persons)/d.Response)), max(1, int(u.Size)))
	p.Weight = u.Size / (psu * ssu * float64(p.Persons))
	return p
}
