package index

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/analytics/survey"
)

// frameworks is k, the number of sub-dimensions a dimension has, per framework version (domain/papi.md 1.1).
func frameworks() map[string][]int {
	return map[string][]int{
		"papi-2011": {4, 3, 3, 4, 4, 4},
		"papi-2016": {4, 3, 3, 4, 4, 4},
		"papi-2018": {4, 4, 3, 4, 4, 4, 3, 2},
		"papi-2019": {4, 4, 3, 4, 4, 4, 3, 3},
		"papi-2020": {4, 4, 3, 4, 4, 4, 3, 3},
		"papi-2021": {4, 4, 3, 4, 3, 4, 3, 3},
		"papi-2024": {4, 4, 3, 4, 3, 4, 3, 3},
	}
}

func TestPAPIHasKSubDimensions(t *testing.T) {
	for name, want := range frameworks() {
		d := shipped(t, name)
		if len(d.Tree.Children) != len(want) {
			t.Fatalf("%s has %d dimensions, want %d", name, len(d.Tree.Children), len(want))
		}
		for i, k := range want {
			dim := d.Tree.Children[i]
			if len(dim.Children) != k {
				t.Errorf("%s: dimension %s has k = %d, want %d", name, dim.ID, len(dim.Children), k)
			}
			for _, sub := range dim.Children {
				if math.Abs(sub.Range[0]-1/float64(k)) > 1e-4 || math.Abs(sub.Range[1]-10/float64(k)) > 1e-4 {
					t.Errorf("%s: %s has range %v with k = %d", name, sub.ID, sub.Range, k)
				}
			}
		}
	}
}

// complete gives every sub-dimension two indicators with odd ranges, one of them reversed, so that the invariants can be tested on the
// whole tree of every year without making up what PAPI's indicators are.
func complete(d *Definition) {
	lo, hi, low, high := 0.0, 2.0, 1.0, 4.0
	d.items = nil
	for i := range d.Tree.Children {
		for j := range d.Tree.Children[i].Children {
			sub := &d.Tree.Children[i].Children[j]
			sub.Rule, sub.Incomplete = ruleRescaled, false
			sub.Children = []Node{
				{ID: sub.ID + "a", Level: "indicator", Item: sub.ID + "a", Min: &lo, Max: &hi},
				{ID: sub.ID + "b", Level: "indicator", Item: sub.ID + "b", Measure: KindMean, Min: &low, Max: &high, Reverse: true},
			}
		}
	}
}

func TestPAPIInvariantsAtTheEndsOfTheScale(t *testing.T) {
	for name, ks := range frameworks() {
		d := shipped(t, name)
		complete(d)
		for end, at := range map[string]struct{ share, mean, score float64 }{
			// A share of 0 % or 200 % is the indicator's theoretical 0 or 2; the reversed mean is worst at 4.
			"min": {0, 4, 1},
			"max": {200, 1, 10},
		} {
			projected := d.Project(func(id string) (survey.Linear, bool) {
				if strings.HasSuffix(id, "a") {
					return survey.Linear{Est: at.share, N: 1}, true
				}
				return survey.Linear{Est: at.mean, N: 1}, true
			})
			for _, p := range projected {
				var want float64
				switch p.Node.Level {
				case "composite":
					want = at.score * float64(len(ks)) // 6 or 8 at the minimum, 60 or 80 at the maximum
				case "dimension":
					want = at.score
				case "sub_dimension":
					want = at.score / float64(ks[p.Node.ID[0]-'1'])
				default:
					continue
				}
				if !p.Known || math.Abs(p.Linear.Est-want) > 1e-9 {
					t.Errorf("%s, all at %s: %s is %v, want %v (%v)", name, end, p.Node.ID, p.Linear.Est, want, p.Lacks)
				}
			}
		}
	}
}

// filled gives the indicators of a shipped definition the ranges that it leaves open. What is filled in is made up: only that the
// machinery then goes all the way is tested with it.
func filled(t *testing.T, name string) *Definition {
	d := shipped(t, name)
	zero, ten := 0.0, 10.0
	d.walk(func(n, _ *Node, _ int) {
		n.Incomplete = false
		if n.Level != "indicator" {
			return
		}
		if n.Min == nil {
			n.Min = &zero
		}
		if n.Max == nil {
			n.Max = &ten
		}
	})
	return d
}

func TestPAPI2011HasThe92IndicatorsThatPAPIStates(t *testing.T) {
	// "22 sub-dimensions, 92 indicators" (domain/papi.md 1.1). What their ranges lack is named, and nothing else is missing.
	d := shipped(t, "papi-2011")
	indicators := 0
	d.walk(func(n, _ *Node, _ int) {
		if n.Level == "indicator" {
			indicators++
		}
	})
	if indicators != 92 {
		t.Errorf("%d indicators, want 92", indicators)
	}
	var lacks []string
	for _, l := range d.Lacks() {
		lacks = append(lacks, l.Node+" "+l.Reason)
	}
	want := []string{"d606ca no_range", "d606cb no_range", "school_rating no_range", "d608 no_range", "d609 no_range"}
	if diff := cmp.Diff(want, lacks); diff != "" {
		t.Error(diff)
	}
	if lacks := filled(t, "papi-2011").Lacks(); len(lacks) > 0 {
		t.Errorf("with every range given it still lacks %v", lacks)
	}
}

// TestPAPI2011FromItsOwnIndicators: with 92 indicators of every kind, all at their worst give 1/k, 1 and 6, all at their best 10/k, 10 and 60.
func TestPAPI2011FromItsOwnIndicators(t *testing.T) {
	d := filled(t, "papi-2011")
	for end, score := range map[bool]float64{false: 1, true: 10} {
		for _, p := range d.Project(func(id string) (survey.Linear, bool) {
			node, item, counted := strings.Cut(id, "/")
			n := d.Find(node)
			at := *n.Min
			if end != n.Reverse {
				at = *n.Max
			}
			switch {
			case counted:
				at = 100 * at / float64(len(n.Items)) // every item of the count, so many per cent
				if !slices.Contains(n.Items, item) {
					t.Errorf("%s counts %s", node, item)
				}
			case n.isShare():
				at *= 100
			}
			return survey.Linear{Est: at, N: 1}, true
		}) {
			want := score
			switch p.Node.Level {
			case "composite":
				want *= 6
			case "sub_dimension":
				want /= float64(frameworks()["papi-2011"][p.Node.ID[0]-'1'])
			case "indicator":
				continue
			}
			if !p.Known || math.Abs(p.Linear.Est-want) > 1e-9 {
				t.Errorf("best %v: %s is %v, want %v (%v)", end, p.Node.ID, p.Linear.Est, want, p.Lacks)
			}
		}
	}
}

func TestUnansweredIndicators(t *testing.T) {
	// Nobody applied for a construction permit: its sub-dimension is unknown, or by the user's rule the mean of the others.
	nobody := func(id string) (survey.Linear, bool) {
		return survey.Linear{Est: 100, N: 1}, id != "construction_received" && id != "construction_one_window"
	}
	find := func(d *Definition, id string) Projected {
		for _, p := range d.Project(nobody) {
			if p.Node.ID == id {
				return p
			}
		}
		t.Fatal(id)
		return Projected{}
	}
	d := filled(t, "papi-2011")
	want := []Lack{{"construction_one_window", "no_answers"}, {"construction_received", "no_answers"}}
	if p := find(d, "papi"); p.Known || !slices.Equal(p.Lacks, want) {
		t.Errorf("the composite lacks %v, want %v", p.Lacks, want)
	}
	if p := find(d, "5.1"); !p.Known || len(p.Skipped) > 0 {
		t.Errorf("5.1 is asked of others: %+v", p)
	}
	d.Unanswered = unansweredSkip
	// Applied is at its best, 10; quality is a count of 8 shares of 100 %, 10 too: (10 + 10)/2/4.
	if p := find(d, "5.2"); !p.Known || math.Abs(p.Linear.Est-2.5) > 1e-12 || !slices.Equal(p.Skipped, []string{"construction_one_window", "construction_received"}) {
		t.Errorf("5.2 by the rule skip: %+v", p)
	}
}

func TestCivicKnowledge2023ReproducesThePublishedScores(t *testing.T) {
	// Three provinces' rows of the 2023 workbook: two indicators and the published sub-dimension 1.1 (domain/papi.md 2.3).
	d := shipped(t, "papi-2021")
	for province, row := range map[string][3]float64{
		"Hà Nội":   {0.745272, 0.581964, 1.323925},
		"Hà Giang": {0.703545, 0.334127, 1.021637},
		"Cao Bằng": {0.483298, 0.369411, 0.937442},
	} {
		projected := d.Project(func(id string) (survey.Linear, bool) {
			x, ok := map[string]float64{"civic_knowledge": row[0], "knowledge_of_leaders": row[1]}[id]
			return survey.Linear{Est: 100 * x, N: 1}, ok
		})
		for _, p := range projected {
			if p.Node.ID == "1.1" && math.Abs(p.Linear.Est-row[2]) > 1e-6 {
				t.Errorf("%s: 1.1 is %.6f, published %.6f", province, p.Linear.Est, row[2])
			}
			if p.Node.ID == "papi" && p.Known {
				t.Errorf("%s: the composite is known although most indicators are not", province)
			}
		}
	}
}

func TestCompositesCarryTheCovariance(t *testing.T) {
	d := shipped(t, "papi-2018")
	complete(d)
	// Two PSUs; every share moves with +1 in the first and −1 in the second, every reversed mean the other way round.
	projected := d.Project(func(id string) (survey.Linear, bool) {
		if strings.HasSuffix(id, "a") {
			return survey.Linear{Est: 50, Z: []float64{1, -1}, N: 2}, true
		}
		return survey.Linear{Est: 2, Z: []float64{-0.015, 0.015}, N: 2}, true
	})
	// A sub-dimension's Z is (1/k)·½·(9·0.01/2·1 + 9·0.015/3), summed over 28 of them: Σ 1/k over the 8 dimensions is 8.
	want := 8 * 0.5 * (9*0.01/2 + 9*0.015/3)
	for _, p := range projected {
		if p.Node.ID == "papi" && (math.Abs(p.Linear.Z[0]-want) > 1e-12 || math.Abs(p.Linear.Z[1]+want) > 1e-12) {
			t.Errorf("composite Z is %v, want ±%v", p.Linear.Z, want)
		}
	}
}

func TestPAPIsPublishedInterval(t *testing.T) {
	// 2023 (domain/papi.md 3.3): estimate, standard error and the published ends.
	ci := shipped(t, "papi-2021").CI
	for province, row := range map[string][4]float64{
		"Hà Nội":   {43.960304, 0.157685, 43.700916, 44.219692},
		"Hà Giang": {44.247929, 0.886877, 42.789047, 45.706810},
		"Cao Bằng": {41.655148, 0.193045, 41.337597, 41.972698},
	} {
		lo, hi, ok := ci.Interval(row[0], row[1])
		// The published standard errors have six decimals and the factor is 1.64496 to 1.64498.
		if !ok || math.Abs(lo-row[2]) > 1e-4 || math.Abs(hi-row[3]) > 1e-4 {
			t.Errorf("%s: [%v, %v], published [%v, %v]", province, lo, hi, row[2], row[3])
		}
	}
	if _, _, ok := shipped(t, "sipas-2017").CI.Interval(80, 1); ok {
		t.Error("SIPAS publishes no interval")
	}
}
