package index

import (
	"math"
	"strings"
	"testing"

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
			sub.Rule = ruleRescaled
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
