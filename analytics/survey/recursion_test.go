package survey

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// frameOf builds a frame of text and number columns for the examples below.
func frameOf(t *testing.T, columns map[string]Column) *Frame {
	t.Helper()
	var f *Frame
	for _, c := range columns {
		f = NewFrame(c.Len())
		break
	}
	for name, c := range columns {
		if err := f.Set(name, c); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func close12(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12*math.Max(1, math.Abs(want)) {
		t.Errorf("%s is %.15g, by hand %.15g", what, got, want)
	}
}

// Four strata with PSU totals A: 3, 5, 10; B: 2, 6; C: 4 alone; and what each rule makes of C. By hand:
// A: mean 6, squares 9+1+16 = 26, ·3/2 = 39. B: mean 4, squares 8, ·2 = 16. Together 55.
// adjust: the mean PSU total is 30/6 = 5, C adds (4−5)² = 1 (4.1-1 adds 16). average: 55·3/2 = 82.5.
func TestLonelyRulesByHand(t *testing.T) {
	f := frameOf(t, map[string]Column{
		"h": Factor([]string{"A", "A", "A", "B", "B", "C"}), "p": Factor([]string{"1", "2", "3", "4", "5", "6"}),
		"y": Numeric([]float64{3, 5, 10, 2, 6, 4}),
	})
	for _, c := range []struct {
		rule LonelyPSU
		v    float64
	}{{LonelyRemove, 55}, {LonelyCertainty, 55}, {LonelyAdjust, 56}, {LonelyAverage, 82.5}} {
		d, err := NewDesign(f, DesignSpec{IDs: []string{"p"}, Strata: []string{"h"}, Lonely: c.rule})
		if err != nil {
			t.Fatal(err)
		}
		e, err := d.Total([]string{"y"}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		close12(t, "variance under "+c.rule.String(), e.Cov[0][0], c.v)
	}
	d, err := NewDesign(f, DesignSpec{IDs: []string{"p"}, Strata: []string{"h"}})
	if err != nil {
		t.Fatal(err)
	}
	var alone *LonelyError
	if _, err := d.Total([]string{"y"}, Options{}); !errors.As(err, &alone) || !slices.Equal(alone.Names, []string{"C"}) {
		t.Errorf("the default must stop and name stratum C, got %v", err)
	}
}

// Two stages, by hand. One stratum, 2 of 4 PSUs, 2 of 3 units in each: weights 2·1.5 = 3.
// PSU 1: y 1, 3; PSU 2: y 2, 6. PSU totals 12 and 24, mean 18, squares 72; (1−½)·2·72 = 72.
// Within PSU 1: totals 3, 9, mean 6, squares 18; (1−⅔)·2·18 = 12. PSU 2: 6, 18: squares 72, 48. Times f₁ = ½: 30. V = 102.
func TestTwoStagesByHand(t *testing.T) {
	f := frameOf(t, map[string]Column{
		"p": Factor([]string{"1", "1", "2", "2"}), "u": Factor([]string{"a", "b", "a", "b"}), "y": Numeric([]float64{1, 3, 2, 6}),
		"N": Numeric([]float64{4, 4, 4, 4}), "M": Numeric([]float64{3, 3, 3, 3}),
	})
	d, err := NewDesign(f, DesignSpec{IDs: []string{"p", "u"}, FPC: []string{"N", "M"}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.Total([]string{"y"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	close12(t, "total", e.Est[0], 36)
	close12(t, "variance", e.Cov[0][0], 102)
}

// Brewer's variance by hand: π = ½, ¼, y = 2, 3: z = 4, 12, mean 8; 2/1·(½·16 + ¾·16) = 40. The order of the rows does not matter.
func TestBrewerByHand(t *testing.T) {
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		pi, y, id := []float64{0.5, 0.25}, []float64{2, 3}, []string{"b", "a"}
		f := frameOf(t, map[string]Column{
			"id": Factor([]string{id[order[0]], id[order[1]]}), "pi": Numeric([]float64{pi[order[0]], pi[order[1]]}), "y": Numeric([]float64{y[order[0]], y[order[1]]}),
		})
		d, err := NewDesign(f, DesignSpec{IDs: []string{"id"}, FPC: []string{"pi"}, PPS: "brewer"})
		if err != nil {
			t.Fatal(err)
		}
		e, err := d.Total([]string{"y"}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		close12(t, "total", e.Est[0], 16)
		close12(t, "variance", e.Cov[0][0], 40)
	}
}

// What a design refuses, and in which words.
func TestDesignErrors(t *testing.T) {
	nan := math.NaN()
	f := frameOf(t, map[string]Column{
		"h": Factor([]string{"A", "A", "B", "B"}), "p": Factor([]string{"1", "2", "1", "2"}), "one": Factor([]string{"x", "x", "x", "x"}),
		"gap": Factor([]string{"1", "", "3", "4"}), "w": Numeric([]float64{1, 2, nan, 4}), "small": Numeric([]float64{2, 2, 3, 1.5}),
		"mixed": Numeric([]float64{0.5, 0.5, 3, 3}), "zero": Numeric([]float64{0, 1, 1, 1}), "y": Numeric([]float64{1, 2, 3, 4}),
	})
	for _, c := range []struct {
		name string
		spec DesignSpec
		want string
	}{
		{"ids used again", DesignSpec{IDs: []string{"p"}, Strata: []string{"h"}}, "set nest"},
		{"one PSU", DesignSpec{IDs: []string{"one"}}, "only one primary sampling unit"},
		{"missing id", DesignSpec{IDs: []string{"gap"}}, "row 2"},
		{"missing weight", DesignSpec{Weights: []string{"w"}}, "row 3"},
		{"sample above population", DesignSpec{FPC: []string{"small"}}, "in the population"},
		{"sizes and fractions", DesignSpec{FPC: []string{"mixed"}}, "mix population sizes"},
		{"probability 0", DesignSpec{Probs: []string{"zero"}}, "probability in row 1"},
		{"no such column", DesignSpec{Strata: []string{"xyz"}}, `no column "xyz"`},
		{"more fpc than stages", DesignSpec{FPC: []string{"y", "y"}}, "fpc has 2 stages"},
		{"unknown pps", DesignSpec{PPS: "other"}, "brewer"},
		{"both", DesignSpec{Weights: []string{"y"}, Probs: []string{"y"}}, "not both"},
	} {
		if _, err := NewDesign(f, c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.want)
		}
	}
}
