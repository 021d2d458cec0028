// Package placement puts areas into ranks and quartile groups and says how sure that is.
//
// What comes in: the scores of all areas on one node of one index and year, with standard errors where they are known.
// What goes out: a result.Placement for every area (withheld ones included) and the edges of the groups. What is promised: groups
// are cut on full precision over the areas that have a score; an area that sits exactly on an edge is flagged with both readings;
// probabilities come from the empirical-Bayes posterior, which is calibrated, and are absent where a standard error is.
package placement

import (
	"math"
	"slices"

	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// The two ways to read PAPI's quartile edges.
const (
	// RuleMixed reproduces every published group found: x ≤ P25 → 4, x < P50 → 3, x ≤ P75 → 2, else 1.
	RuleMixed = "r7-mixed"
	// RuleWebsite takes the website's words: below the 25th percentile → 4, below the 50th → 3, below the 75th → 2, else 1.
	RuleWebsite = "website"
	// RuleNone ranks and makes no groups: nobody cuts the PCI, the ICT Index or the DTI into quartiles.
	RuleNone = "none"
)

// How a group of Table came about where no quartile rule cuts it.
const (
	RulePublished = "published" // as the table prints it
	RuleBands     = "bands"     // by the definition's fixed bands, which are inferred unless it says otherwise
)

// minGrouped is the fewest scored areas that four groups make sense for.
const minGrouped = 4

// A Score is one area's score. An unknown Score is withheld; an SE that is unknown or not positive is not known.
type Score struct {
	Area     string
	AreaName string
	Score    result.Number
	SE       result.Number
}

// Options say what the scores are and how to cut them. The zero value cuts by RuleMixed with PAPI's labels.
type Options struct {
	Index  string
	Year   int
	Node   string
	Name   result.Text
	Rule   string
	Labels []result.Text // group 1 (highest) first
	// Covariance of the scores, in their order; nil: independent with the given standard errors.
	Covariance [][]float64
	Draws      int    // joint draws with a covariance; 0: 10,000
	Seed       uint64 // of the joint draws
}

// Edges are where the groups are cut.
type Edges struct {
	Rule          string
	N             int // areas with a score
	P25, P50, P75 result.Number
	Min, Max      result.Number
	Counts        [4]int        // areas in groups 1…4
	Between       result.Number // variance of the true scores between areas, by REML
	Mean          result.Number // the mean that scores are shrunk towards
	Why           string        // why there are no probabilities, where there are none
}

// Labels returns PAPI's names of the four groups, highest first.
func Labels() []result.Text {
	return []result.Text{
		{VI: "Cao nhất", EN: "High"},
		{VI: "Trung bình cao", EN: "High average"},
		{VI: "Trung bình thấp", EN: "Low average"},
		{VI: "Thấp nhất", EN: "Low"},
	}
}

// GroupKey is the stable key of group 1…4, empty for 0.
func GroupKey(group int) string {
	switch group {
	case 1:
		return "high"
	case 2:
		return "high_average"
	case 3:
		return "low_average"
	case 4:
		return "low"
	}
	return ""
}

// Place ranks and groups the areas, in the order they were given.
func Place(scores []Score, o Options) ([]result.Placement, Edges, error) {
	rule := o.Rule
	if rule == "" {
		rule = RuleMixed
	}
	if rule != RuleMixed && rule != RuleWebsite && rule != RuleNone {
		return nil, Edges{}, wording.Errorf("placing %s %d: rule %q is not %s, %s or %s", o.Index, o.Year, rule, RuleMixed, RuleWebsite, RuleNone)
	}
	if o.Covariance != nil && len(o.Covariance) != len(scores) {
		return nil, Edges{}, wording.Errorf("placing %s %d: the covariance has %d rows for %d scores", o.Index, o.Year, len(o.Covariance), len(scores))
	}
	labels := o.Labels
	if len(labels) != 4 {
		labels = Labels()
	}
	var scored []float64
	for _, s := range scores {
		if s.Score.Known() {
			scored = append(scored, float64(s.Score))
		}
	}
	edges := cut(scored, rule)
	sorted := slices.Sorted(slices.Values(scored))
	out := make([]result.Placement, len(scores))
	for i, s := range scores {
		p := result.Placement{
			Index: o.Index, Year: o.Year, Area: s.Area, AreaName: s.AreaName, Node: o.Node, Name: o.Name,
			Score: s.Score, SE: s.SE, Of: edges.N, Rule: rule,
			P25: edges.P25, P50: edges.P50, P75: edges.P75, Min: edges.Min, Max: edges.Max,
			Probabilities: [4]result.Number{result.Unknown(), result.Unknown(), result.Unknown(), result.Unknown()},
			ExpectedRank:  result.Unknown(),
			Reach:         [3]result.Number{result.Unknown(), result.Unknown(), result.Unknown()},
		}
		if s.SE <= 0 {
			p.SE = result.Unknown()
		}
		if s.Score.Known() {
			p.Rank = rankOf(float64(s.Score), scored)
			p.Group, p.Boundary, p.OtherReading = groupOf(float64(s.Score), edges)
		}
		if p.Group > 0 {
			p.GroupLabel = labels[p.Group-1]
			edges.Counts[p.Group-1]++
			p.Reach = reach(float64(s.Score), sorted, rule)
		}
		out[i] = p
	}
	if edges.N >= minGrouped {
		if err := addUncertainty(out, o, &edges); err != nil {
			return nil, Edges{}, err
		}
	}
	return out, edges, nil
}

// cut finds the quartiles by linear interpolation at 1+(n−1)p (Hyndman & Fan 1996, definition 7; R: quantile(type = 7);
// Excel: PERCENTILE.INC). At an integral position the quartile is an observed score, bit for bit.
func cut(scored []float64, rule string) Edges {
	e := Edges{Rule: rule, N: len(scored), P25: result.Unknown(), P50: result.Unknown(), P75: result.Unknown(), Min: result.Unknown(), Max: result.Unknown(), Between: result.Unknown(), Mean: result.Unknown()}
	if len(scored) == 0 {
		return e
	}
	sorted := slices.Sorted(slices.Values(scored))
	at := func(p float64) result.Number {
		h := float64(len(sorted)-1) * p
		low := int(math.Floor(h))
		if frac := h - float64(low); frac > 0 {
			return result.Number(sorted[low] + frac*(sorted[low+1]-sorted[low]))
		}
		return result.Number(sorted[low])
	}
	e.P25, e.P50, e.P75 = at(0.25), at(0.5), at(0.75)
	e.Min, e.Max = result.Number(sorted[0]), result.Number(sorted[len(sorted)-1])
	return e
}

// reach is the least score that puts an area into groups 1, 2 and 3 while the others stay as they are. The area's own score moves the edge
// with it: with its n−1 others o in ascending order and the edge at h = (n−1)·q, it is not below the edge from o[h−1] on where h is whole and
// from o[h] on where it is not, and it is above the edge beyond o[h].
func reach(own float64, sorted []float64, rule string) [3]result.Number {
	at, _ := slices.BinarySearch(sorted, own)
	others := slices.Delete(slices.Clone(sorted), at, at+1)
	var out [3]result.Number
	for i, q := range []float64{0.75, 0.5, 0.25} {
		h := float64(len(sorted)-1) * q
		k := int(math.Floor(h))
		atEdge := rule == RuleWebsite || q == 0.5 // the edge itself belongs to the better group
		if atEdge && h == math.Floor(h) {
			k--
		}
		out[i] = result.Number(others[min(max(k, 0), len(others)-1)])
	}
	return out
}

// rankOf counts from the highest; equal scores share the better rank.
func rankOf(x float64, scored []float64) int {
	rank := 1
	for _, v := range scored {
		if v > x {
			rank++
		}
	}
	return rank
}

// groupOf is the group of a score and, if it sits exactly on an edge, which one and the group on the edge's other side.
func groupOf(score float64, e Edges) (group int, boundary string, other int) {
	if e.N < minGrouped || e.Rule == RuleNone {
		return 0, "", 0
	}
	x := result.Number(score)
	mixed := e.Rule == RuleMixed
	switch {
	case x < e.P25 || (mixed && x == e.P25):
		group = 4
	case x < e.P50:
		group = 3
	case x < e.P75 || (mixed && x == e.P75):
		group = 2
	default:
		group = 1
	}
	sides := func(better, worse int) int {
		if group == better {
			return worse
		}
		return better
	}
	switch x {
	case e.P25:
		return group, "P25", sides(3, 4)
	case e.P50:
		return group, "P50", sides(2, 3)
	case e.P75:
		return group, "P75", sides(1, 2)
	}
	return group, "", 0
}
