package index

import (
	"math"
	"strings"
	"testing"

	"hailong/analytics/result"
)

// wave is a result of sipas-2017 in a year, every node at a value with a standard error of 1 and 50 degrees of freedom.
func wave(t *testing.T, id string, year int, value float64) *result.Set {
	t.Helper()
	d := shipped(t, id)
	s := &result.Set{Index: result.Index{ID: d.ID, Family: d.Family, Frame: d.Frame, Aggregator: d.Aggregator}, Plan: result.Plan{Year: year}, Nodes: d.Nodes()}
	for _, n := range s.Nodes {
		s.Estimates = append(s.Estimates, result.Estimate{Index: d.ID, Node: n.ID, Level: n.Level, Estimate: result.Number(value), SE: 1, DF: 50, Confidence: 0.95})
	}
	return s
}

func change(t *testing.T, w *Waves, node string) result.Change {
	t.Helper()
	for _, c := range w.Changes {
		if c.Node == node {
			return c
		}
	}
	t.Fatalf("no change of %s", node)
	return result.Change{}
}

func TestChangeWithIntervalAndTest(t *testing.T) {
	w, err := Compare(wave(t, "sipas-2017", 2019, 80), wave(t, "sipas-2017", 2020, 84), ChangeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := change(t, w, "sipas")
	// SE = √2, t = 4/√2 = 2.828427 with 100 degrees of freedom: R 2*pt(-2.828427, 100) = 0.005651 and qt(.975, 100)*sqrt(2) = 2.805766.
	if math.Abs(float64(c.P)-0.005651) > 1e-5 || math.Abs(float64(c.Hi-c.Lo)/2-2.805766) > 1e-5 || c.Diff != 4 || c.Relative != 5 {
		t.Errorf("change %+v", c)
	}
	// Holm over 28 equal p-values is 28·p, which is no longer below 0.05.
	if math.Abs(float64(c.PAdj)-28*float64(c.P)) > 1e-12 || c.Verdict != ChangeUnclear || c.Overlap != OverlapUnknown {
		t.Errorf("adjusted %v, verdict %s, overlap %s", c.PAdj, c.Verdict, c.Overlap)
	}
	if len(w.Changes) != 28 || len(w.Warnings) != 1 {
		t.Errorf("%d changes, %d warnings; want 28 and one on the overlap", len(w.Changes), len(w.Warnings))
	}
	// BH over equal p-values leaves them as they are.
	w, err = Compare(wave(t, "sipas-2017", 2019, 80), wave(t, "sipas-2017", 2020, 84), ChangeOptions{Adjust: "BH", Overlap: OverlapNone})
	if err != nil || change(t, w, "AC").Verdict != ChangeUp || len(w.Warnings) != 0 {
		t.Errorf("by BH: %+v (%v)", change(t, w, "AC"), err)
	}
}

func TestOverlapNarrowsTheInterval(t *testing.T) {
	before, after := wave(t, "sipas-2017", 2019, 80), wave(t, "sipas-2017", 2020, 81)
	// Of two PSUs with parts 0.6, 0.8 (SE 1) and 0.8, 0.6 only the first is in both waves: the covariance is 0.48.
	before.ByPSU = &result.ByPSU{Strata: []result.StratumPSUs{{Stratum: "h", PSUs: []string{"Xã A", "Xã B"}}}, Figures: []result.PSUParts{{Node: "sipas", Parts: result.Decimals{0.6, 0.8}}}}
	after.ByPSU = &result.ByPSU{Strata: []result.StratumPSUs{{Stratum: "H", PSUs: []string{"Xã C", "xã  A"}}}, Figures: []result.PSUParts{{Node: "sipas", Parts: result.Decimals{0.6, 0.8}}}}
	w, err := Compare(before, after, ChangeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if c := change(t, w, "sipas"); math.Abs(float64(c.SE)-math.Sqrt(2-2*0.48)) > 1e-12 || c.Shared != 1 || c.Overlap != OverlapPSU {
		t.Errorf("SE %v with %d PSUs shared (%s), want √(1 + 1 − 2·0.48) with 1", c.SE, c.Shared, c.Overlap)
	}
	if c := change(t, w, "AC"); math.Abs(float64(c.SE)-math.Sqrt2) > 1e-12 || c.Overlap != OverlapUnknown {
		t.Errorf("AC has no parts: SE %v, overlap %s", c.SE, c.Overlap)
	}
	if _, err := Compare(before, after, ChangeOptions{Overlap: "all"}); err == nil {
		t.Error("an overlap that is not known was taken")
	}
}

func TestAMethodBreakHasNoDifference(t *testing.T) {
	w, err := Compare(wave(t, "sipas-2017", 2021, 87), wave(t, "sipas-2022", 2022, 80), ChangeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range w.Changes {
		if c.Verdict != ChangeBreak || c.Diff.Known() || c.P.Known() || c.Break.VI == "" {
			t.Errorf("2021 and 2022 are compared: %+v", c)
		}
	}
	if len(w.Changes) == 0 {
		t.Error("nothing is said of the break")
	}
	mixed := wave(t, "sipas-2017", 2020, 84)
	mixed.Index.Aggregator = "mean_factors"
	w, err = Compare(wave(t, "sipas-2017", 2019, 80), mixed, ChangeOptions{})
	if err != nil || change(t, w, "sipas").Verdict != ChangeBreak || change(t, w, "AC1").Verdict == ChangeBreak {
		t.Errorf("another formula breaks composites and not criteria: %+v, %+v (%v)", change(t, w, "sipas"), change(t, w, "AC1"), err)
	}
}

func TestCompareRefusesWhatIsNoPairOfWaves(t *testing.T) {
	a, b := wave(t, "sipas-2017", 2019, 80), wave(t, "papi-2019", 2019, 4)
	for want, pair := range map[string][2]*result.Set{
		"one index":         {a, b},
		"earlier one first": {wave(t, "sipas-2017", 2020, 80), a},
		"no year":           {wave(t, "sipas-2017", 0, 80), a},
	} {
		if _, err := Compare(pair[0], pair[1], ChangeOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error with %q", err, want)
		}
	}
}

func TestMovesOfRankAndGroup(t *testing.T) {
	before, after := wave(t, "papi-2018", 2018, 4), wave(t, "papi-2019", 2019, 4)
	place := func(id string, year, rank, of, group int) result.Placement {
		return result.Placement{Index: id, Year: year, Area: "84", Node: "papi", Rank: rank, Of: of, Group: group}
	}
	before.Placements = []result.Placement{place("papi-2018", 2018, 46, 61, 4)}
	after.Placements = []result.Placement{place("papi-2018", 2018, 46, 61, 4), place("papi-2019", 2019, 36, 63, 3)}
	w, err := Compare(before, after, ChangeOptions{})
	if err != nil || len(w.Moves) != 1 {
		t.Fatalf("%d moves (%v), want 1", len(w.Moves), err)
	}
	if m := w.Moves[0]; m.RankFrom != 46 || m.RankTo != 36 || m.OfTo != 63 || m.GroupFrom != 4 || m.GroupTo != 3 || m.Break.VI == "" {
		t.Errorf("move %+v; want 46 → 36, group 4 → 3, across the break of 2019", m)
	}
}

func TestPAPIsOwnRuleReproducesThePublishedCounts(t *testing.T) {
	s, err := ReadScores([]Sheet{csvSheet(t, shared(t, "data/papi_scores_2011_2024.csv"))}, ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	// domain/papi.md 3.4: 2016→17 composite 7 up and none down; 2021→22 D1 33 up; 2019→20 D4 18 up and 6 down.
	for _, c := range []struct {
		node           string
		from, to       int
		up, down       int
		downIsPrinted  bool
		largest        string
		largestPercent float64
	}{
		{"papi", 2016, 2017, 7, 0, true, "Bạc Liêu", 16.15},
		{"D1", 2021, 2022, 33, 0, false, "", 0},
		{"D4", 2019, 2020, 18, 6, true, "", 0},
	} {
		moves := moved(s, c.node, c.from, c.to)
		up, down, best := 0, 0, 0
		for i, x := range moves {
			switch x.ByRule {
			case ChangeUp:
				up++
			case ChangeDown:
				down++
			}
			if x.Relative > moves[best].Relative {
				best = i
			}
		}
		if up != c.up || (c.downIsPrinted && down != c.down) {
			t.Errorf("%s %d→%d: %d up and %d down, published %d and %d", c.node, c.from, c.to, up, down, c.up, c.down)
		}
		if x := moves[best]; c.largest != "" && (x.AreaName != c.largest || math.Abs(float64(x.Relative)-c.largestPercent) > 0.005 || x.Rule != 5) {
			t.Errorf("largest rise %s %.2f %%, published %s %.2f %%", x.AreaName, x.Relative, c.largest, c.largestPercent)
		}
	}
	// The composites of 2017 and 2018 have 6 and 8 dimensions.
	moves := moved(s, "papi", 2017, 2018)
	if len(moves) != 63 {
		t.Errorf("%d moves from 2017 to 2018", len(moves))
	}
	for _, x := range moves {
		if x.Break == (result.Text{}) || x.Relative.Known() || x.ByRule != "" {
			t.Errorf("2017 and 2018 are compared: %+v", x)
		}
	}
}

// moved are the moves of every area's score on one node.
func moved(s *Scores, node string, from, to int) []Move {
	placed := func(year int) []result.Placement {
		var out []result.Placement
		for _, x := range s.Of(year, node) {
			out = append(out, result.Placement{Index: s.Definition(year).ID, Year: year, Area: x.Area, AreaName: x.AreaName, Node: node, Score: x.Value})
		}
		return out
	}
	return Moves(placed(from), placed(to), from, to, nil)
}
