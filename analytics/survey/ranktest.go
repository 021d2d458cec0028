package survey

import (
	"math"
	"slices"

	"hailong/ingest/wording"
)

// A RankTestResult is a design-based rank test: t on DF for two groups, χ² (F on Groups−1 and DF) for more.
type RankTestResult struct {
	Groups    int
	Statistic float64
	DF        float64 // of t, or of F's denominator
	P         float64
	Diff      float64 // of two groups: difference in mean rank score
}

// RankTests are the scores of RankTest.
var RankTests = [...]string{"wilcoxon", "KruskalWallis", "vanderWaerden", "median"}

// RankTest compares groups by the scores of the estimated population ranks (Lumley & Scott 2013): r_k is the weighted mid-rank, the score
// r/N, the normal quantile of it, or whether it is above 1/2. R: svyranktest(y ~ group, design, test).
//
// By hand, weights 1, values 1, 2, 3, 4 in groups a, a, b, b: mid-ranks ½, 3/2, 5/2, 7/2 of N = 4, mean scores 1/4 and 3/4, difference ½.
func (d *Design) RankTest(y, group, test string) (RankTestResult, error) {
	out, err := d.rankTest(y, group, test)
	if err != nil {
		return out, wording.Errorf("testing ranks of %s by %s: %w", y, group, err)
	}
	return out, nil
}

func (d *Design) rankTest(y, group, test string) (RankTestResult, error) {
	var out RankTestResult
	if !slices.Contains(RankTests[:], test) {
		return out, wording.Errorf("test %q is not one of %v", test, RankTests)
	}
	c, err := d.frame.Column(y)
	if err != nil {
		return out, err
	}
	c = numericOf(c)
	g, err := d.frame.Column(group)
	if err != nil {
		return out, err
	}
	missing := make([]float64, len(d.weight))
	for k := range missing {
		if g.Missing(k) {
			missing[k] = math.NaN()
		}
	}
	e, err := d.complete([][]float64{c.Values, missing})
	if err != nil {
		return out, err
	}
	if g, err = e.usedLevels(group); err != nil {
		return out, err
	}
	if out.Groups = len(g.Levels); out.Groups < 2 {
		return out, wording.Errorf("%q has only one level", group)
	}
	f := NewFrame(e.frame.rows)
	scores := e.rankScores(c.Values, func(k int) bool { return !math.IsNaN(c.Values[k]) && !math.IsNaN(missing[k]) }, test)
	if err := f.Set("score", Numeric(scores)); err != nil {
		return out, err
	}
	if err := f.Set("group", g); err != nil {
		return out, err
	}
	e, err = e.With(f)
	if err != nil {
		return out, err
	}
	names, x, err := f.ModelMatrix([]Term{{"group"}}, true)
	if err != nil {
		return out, err
	}
	fit := regression{x: x, y: scores}
	beta, err := fit.solve(e.weight, nil)
	if err != nil {
		return out, err
	}
	u := fit.influence(e.weight, beta)
	for a := range u { // R takes the total of the influences, also over replicates
		for k, w := range e.weight {
			if w != 0 {
				u[a][k] /= w
			}
		}
	}
	tot, err := e.totalOf(names, u)
	if err != nil {
		return out, err
	}
	if out.Groups == 2 {
		out.Diff = beta[1]
		out.Statistic = beta[1] / tot.SE[1]
		out.DF = e.DF() - 1
		out.P = TwoSidedP(out.Statistic, out.DF)
		return out, nil
	}
	ndf := float64(out.Groups - 1)
	v := make([][]float64, out.Groups-1)
	for a := range v {
		v[a] = tot.Cov[a+1][1:]
	}
	if out.Statistic, err = quadraticForm(beta[1:], v); err != nil {
		return out, err
	}
	out.DF = e.DF() - ndf
	out.P = FSurvival(out.Statistic/ndf, ndf, out.DF)
	return out, nil
}

// numericOf is the column as numbers: the codes of a factor from 1.
func numericOf(c Column) Column {
	if !c.IsFactor() {
		return c
	}
	v := make([]float64, len(c.Codes))
	for k, code := range c.Codes {
		v[k] = float64(code + 1)
		if code < 0 {
			v[k] = math.NaN()
		}
	}
	return Numeric(v)
}

// rankScores are the scores of the weighted mid-ranks; tied values share the plain mean of theirs, as in R.
func (d *Design) rankScores(y []float64, valid func(k int) bool, test string) []float64 {
	var order []int
	for k := range y {
		if d.present[k] && valid(k) {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case y[a] < y[b]:
			return -1
		case y[a] > y[b]:
			return 1
		}
		return 0
	})
	n, rest := 0.0, 0.0
	for k, w := range d.weight {
		if d.present[k] && valid(k) {
			n, rest = addPair(n, rest, w)
		}
	}
	n += rest
	out := make([]float64, len(y))
	cum, low := 0.0, 0.0 // pairs of floats, because rounding decides whether a rank is above the median
	for i := 0; i < len(order); {
		j, sum := i, 0.0
		for ; j < len(order) && y[order[j]] == y[order[i]]; j++ {
			w := d.weight[order[j]]
			cum, low = addPair(cum, low, w)
			sum += cum + low - w/2
		}
		rank := sum / float64(j-i)
		score := rank / n
		switch test {
		case "vanderWaerden":
			score = NormalQuantile(rank / n)
		case "median":
			score = 0
			if rank > n/2 {
				score = 1
			}
		}
		for _, k := range order[i:j] {
			out[k] = score
		}
		i = j
	}
	return out
}
