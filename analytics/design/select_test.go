package design

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Four units of 10, 20, 30 and 40, two to take: probabilities 0.2, 0.4, 0.6, 0.8, running sums 0.2, 0.6, 1.2, 2.0.
func TestSystematicByHand(t *testing.T) {
	sizes := []float64{10, 20, 30, 40}
	probs, err := InclusionProbabilities(sizes, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.2, 0.4, 0.6, 0.8} {
		if math.Abs(probs[i]-want) > 1e-15 {
			t.Errorf("unit %d: probability %v, want %v", i, probs[i], want)
		}
	}
	for start, want := range map[float64][]int{0.1: {0, 2}, 0.5: {1, 3}, 0.9: {2, 3}} {
		var got []int
		for _, s := range systematic(probs, sizes, start) {
			got = append(got, s.Unit)
		}
		if !slices.Equal(got, want) {
			t.Errorf("start %v: units %v, want %v", start, got, want)
		}
	}
}

// Over all starts each unit is taken as often as its probability says, and every draw has n units: the starts stand in the middle of ten
// thousand equal parts, so a share may be off by one part at each end.
func TestSystematicKeepsItsProbabilities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Float64Range(0.5, 100), 2, 12).Draw(t, "sizes")
		n := rapid.IntRange(1, len(sizes)).Draw(t, "n")
		probs, err := InclusionProbabilities(sizes, n)
		if err != nil {
			t.Fatal(err)
		}
		const parts = 10_000
		counts := make([]int, len(sizes))
		for k := range parts {
			picked := systematic(probs, sizes, (float64(k)+0.5)/parts)
			if len(picked) != n {
				t.Fatalf("%d units taken, want %d", len(picked), n)
			}
			for _, p := range picked {
				counts[p.Unit]++
			}
		}
		if edge := systematic(probs, sizes, math.Nextafter(1, 0)); len(edge) != n {
			t.Fatalf("%d units taken from a start next to one, want %d", len(edge), n)
		}
		for i, c := range counts {
			if math.Abs(float64(c)/parts-probs[i]) > 2.0/parts {
				t.Fatalf("unit %d: taken in %d of %d draws, probability %v", i, c, parts, probs[i])
			}
		}
	})
}

// A unit that is larger than the interval is certain, and the rest is shared among the others.
func TestLargeUnitIsCertain(t *testing.T) {
	picked, err := SelectPPS([]float64{1000, 10, 10, 10, 10}, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(picked) != 3 || !picked[0].Certainty || picked[0].Prob != 1 || math.Abs(picked[1].Prob-0.5) > 1e-15 {
		t.Errorf("%+v, want the first for certain and two of four at one half", picked)
	}
}

func TestSelectionsThatMakeNoSense(t *testing.T) {
	for name, f := range map[string]func() error{
		"negative size": func() error { _, err := SelectPPS([]float64{1, -1}, 1, 0); return err },
		"nan":           func() error { _, err := SelectPPS([]float64{1, math.NaN()}, 1, 0); return err },
		"too many":      func() error { _, err := SelectPPS([]float64{1, 0}, 2, 0); return err },
		"none":          func() error { _, err := SelectPPS([]float64{1}, 0, 0); return err },
		"no frame":      func() error { _, err := Select(nil, Draw{PSUs: 1, Persons: 1}); return err },
		"no persons":    func() error { _, err := Select(frame(1, 2, 2), Draw{PSUs: 1}); return err },
		"villages":      func() error { _, err := Select(frame(1, 2, 2), Draw{PSUs: 1, SSUs: 3, Persons: 1}); return err },
		"rows":          func() error { _, err := Select(frame(1, 2, 2), Draw{PSUs: 1, Persons: 1}); return err },
		"response":      func() error { _, err := Select(frame(1, 2, 1), Draw{PSUs: 1, Persons: 1, Response: 2}); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func frame(strata, psus, ssus int) []Unit {
	var out []Unit
	for h := range strata {
		for k := range psus {
			for v := range ssus {
				out = append(out, Unit{
					Stratum: fmt.Sprint("h", h), PSU: fmt.Sprint("x", k), SSU: fmt.Sprint("a", v),
					Size: float64(100 + 37*((h+3*k+7*v)%11)), Certain: false,
				})
			}
		}
	}
	return out
}

// Two stages by size and a fixed take weight every person of a stratum alike, and the weights add to the frame.
func TestTwoStagesAreSelfWeighting(t *testing.T) {
	units := frame(3, 8, 5)
	picks, err := Select(units, Draw{PSUs: 3, SSUs: 2, Persons: 15, Seed: 9, Response: 0.75})
	if err != nil {
		t.Fatal(err)
	}
	if len(picks) != 3*3*2 {
		t.Fatalf("%d villages, want 3 strata × 3 communes × 2", len(picks))
	}
	size, weight := map[string]float64{}, map[string]float64{}
	for _, u := range units {
		size[u.Stratum] += u.Size
	}
	for _, p := range picks {
		if want := size[p.Stratum] / (3 * 2 * 15); math.Abs(p.Weight/want-1) > 1e-12 {
			t.Errorf("%s %s %s: weight %v, want %v", p.Stratum, p.PSU, p.SSU, p.Weight, want)
		}
		if p.List != 20 {
			t.Errorf("%d on the list, want 15/0.75", p.List)
		}
		weight[p.Stratum] += p.Weight * float64(p.Persons)
	}
	for h, s := range size {
		if math.Abs(weight[h]/s-1) > 1e-12 {
			t.Errorf("stratum %s: weights add to %v of %v", h, weight[h], s)
		}
	}
}

// A further stratum changes the draw of no other, and the seed changes them all.
func TestDrawsAreIndependent(t *testing.T) {
	d := Draw{PSUs: 3, SSUs: 2, Persons: 5, Seed: 4}
	few, err := Select(frame(2, 8, 5), d)
	if err != nil {
		t.Fatal(err)
	}
	many, err := Select(frame(4, 8, 5), d)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(few, many[:len(few)]) {
		t.Error("two more strata change the draw of the first two")
	}
	d.Seed = 5
	other, err := Select(frame(4, 8, 5), d)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(many, other) {
		t.Error("another seed gives the same draw")
	}
}

// A certain PSU (the district's seat) is always there, with probability one, and counts among those to take.
func TestSeatIsCertain(t *testing.T) {
	units := frame(1, 6, 3)
	for i := range units {
		units[i].Certain = units[i].PSU == "x4"
	}
	for seed := range uint64(20) {
		picks, err := Select(units, Draw{PSUs: 2, SSUs: 1, Persons: 5, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(picks, func(p Pick) bool { return p.PSU == "x4" })
		if len(picks) != 2 || i < 0 || picks[i].ProbPSU != 1 || picks[1-i].ProbPSU >= 1 {
			t.Fatalf("seed %d: %+v", seed, picks)
		}
	}
}
