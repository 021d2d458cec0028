package design_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hailong/analytics/design"
)

// Lohr (2010) 3.4, the census of agriculture: 300 counties by region in proportion to 220, 1054, 1382 and 422.
func TestProportionalIsLohrs(t *testing.T) {
	strata := []design.Stratum{{Name: "NE", N: 220}, {Name: "NC", N: 1054}, {Name: "S", N: 1382}, {Name: "W", N: 422}}
	got, err := design.Allocate(strata, 300, design.Proportional, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{21, 103, 135, 41}, got); diff != "" {
		t.Error(diff)
	}
}

func variance(strata []design.Stratum, n []int) float64 {
	v := 0.0
	for h, s := range strata {
		w := float64(s.N) * s.SD
		v += w * w / float64(n[h])
	}
	return v
}

// No other allocation of the same forms has a smaller variance: all of them are tried.
func TestNeymanIsOptimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strata := make([]design.Stratum, rapid.IntRange(2, 4).Draw(t, "strata"))
		most := 0
		for h := range strata {
			strata[h] = design.Stratum{
				Name: "h", N: rapid.IntRange(2, 12).Draw(t, "N"), SD: rapid.Float64Range(0.01, 1).Draw(t, "sd"), Min: 1,
			}
			most += strata[h].N
		}
		n := rapid.IntRange(len(strata), min(most, 16)).Draw(t, "n")
		got, err := design.Allocate(strata, n, design.Neyman, 0)
		if err != nil {
			t.Fatal(err)
		}
		best := math.Inf(1)
		each(strata, n, nil, func(other []int) { best = min(best, variance(strata, other)) })
		if v := variance(strata, got); v > best*(1+1e-12) {
			t.Fatalf("%v has variance %v, the best is %v", got, v, best)
		}
	})
}

// Proportional allocation is Webster's: no other one of the same forms has a smaller Σ (n_h − n·N_h/N)²/N_h. All of them are tried.
func TestProportionalIsClosest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strata := make([]design.Stratum, rapid.IntRange(2, 4).Draw(t, "strata"))
		most := 0
		for h := range strata {
			strata[h] = design.Stratum{Name: "h", N: rapid.IntRange(2, 40).Draw(t, "N"), Min: 1}
			most += strata[h].N
		}
		n := rapid.IntRange(len(strata), min(most, 16)).Draw(t, "n")
		got, err := design.Allocate(strata, n, design.Proportional, 0)
		if err != nil {
			t.Fatal(err)
		}
		distance := func(a []int) float64 {
			d := 0.0
			for h, s := range strata {
				off := float64(a[h]) - float64(n)*float64(s.N)/float64(most)
				d += off * off / float64(s.N)
			}
			return d
		}
		best := math.Inf(1)
		each(strata, n, nil, func(other []int) { best = min(best, distance(other)) })
		if d := distance(got); d > best+1e-9 {
			t.Fatalf("%v is %v from its shares, the best is %v", got, d, best)
		}
	})
}

// each visits every allocation of n with at least one and at most N_h forms a stratum.
func each(strata []design.Stratum, n int, head []int, visit func([]int)) {
	if len(head) == len(strata) {
		if n == 0 {
			visit(head)
		}
		return
	}
	for k := 1; k <= min(n, strata[len(head)].N); k++ {
		each(strata, n-k, append(head, k), visit)
	}
}

// Every rule gives out all forms and keeps every bound.
func TestAllocationsKeepTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strata := make([]design.Stratum, rapid.IntRange(1, 9).Draw(t, "strata"))
		least, most := 0, 0
		for h := range strata {
			strata[h] = design.Stratum{
				N: rapid.IntRange(1, 5000).Draw(t, "N"), SD: rapid.Float64Range(0.01, 10).Draw(t, "sd"),
				Mean: rapid.Float64Range(0.1, 100).Draw(t, "mean"), Min: rapid.IntRange(1, 40).Draw(t, "min"),
			}
			least += min(strata[h].Min, strata[h].N)
			most += strata[h].N
		}
		n := rapid.IntRange(least, most).Draw(t, "n")
		rule := rapid.SampledFrom([]design.Rule{design.Proportional, design.Neyman, design.Power, design.Equal}).Draw(t, "rule")
		got, err := design.Allocate(strata, n, rule, 0.5)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for h, k := range got {
			sum += k
			if k < min(strata[h].Min, strata[h].N) || k > strata[h].N {
				t.Fatalf("stratum %d gets %d: %+v", h, k, strata[h])
			}
		}
		if sum != n {
			t.Fatalf("%d forms given out of %d", sum, n)
		}
	})
}

// Power allocation runs from Neyman's proportions (q = 1) to those of the coefficients of variation (q = 0).
func TestPowerAllocationRunsBetween(t *testing.T) {
	strata := []design.Stratum{{Name: "a", N: 8000, SD: 0.3, Mean: 0.9}, {Name: "b", N: 2000, SD: 0.4, Mean: 0.8}, {Name: "c", N: 500, SD: 0.45, Mean: 0.7}}
	for q, want := range map[float64][3]float64{
		1: {8000 * 0.3, 2000 * 0.4, 500 * 0.45},
		0: {0.3 / 0.9, 0.4 / 0.8, 0.45 / 0.7},
	} {
		got, err := design.Allocate(strata, 400, design.Power, q)
		if err != nil {
			t.Fatal(err)
		}
		sum := want[0] + want[1] + want[2]
		for h := range want {
			if math.Abs(float64(got[h])-400*want[h]/sum) > 1 {
				t.Errorf("q = %v: %v, want within one of %.1f, %.1f, %.1f", q, got, 400*want[0]/sum, 400*want[1]/sum, 400*want[2]/sum)
				break
			}
		}
	}
}

func TestAllocationsThatMakeNoSense(t *testing.T) {
	ok := []design.Stratum{{Name: "a", N: 10, SD: 1, Mean: 1}, {Name: "b", N: 10, SD: 1, Mean: 1}}
	for name, f := range map[string]func() error{
		"too few":  func() error { _, err := design.Allocate(ok, 3, design.Equal, 0); return err },
		"too many": func() error { _, err := design.Allocate(ok, 21, design.Equal, 0); return err },
		"no rule":  func() error { _, err := design.Allocate(ok, 10, "fair", 0); return err },
		"no sd":    func() error { _, err := design.Allocate([]design.Stratum{{N: 10}}, 5, design.Neyman, 0); return err },
		"no mean": func() error {
			_, err := design.Allocate([]design.Stratum{{N: 10, SD: 1}}, 5, design.Power, 0.5)
			return err
		},
		"no people": func() error { _, err := design.Allocate([]design.Stratum{{}}, 5, design.Equal, 0); return err },
		"nan": func() error {
			_, err := design.Allocate([]design.Stratum{{N: 10, SD: math.NaN()}}, 5, design.Neyman, 0)
			return err
		},
		"no stratum": func() error { _, err := design.Allocate(nil, 5, design.Equal, 0); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
