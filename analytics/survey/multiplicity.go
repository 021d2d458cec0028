package survey

import (
	"math"
	"slices"

	"hailong/ingest/wording"
)

// PAdjust returns p-values corrected for the number of comparisons made, in the order given; NaN stays NaN and is not counted.
//
// Methods: bonferroni min(1, m·p); sidak 1−(1−p)^m; holm (1979) step-down max_{j≤i} (m−j+1)·p_(j); hochberg (1988) its step-up twin;
// BH (Benjamini & Hochberg 1995) min_{j≥i} m/j·p_(j); BY (Benjamini & Yekutieli 2001) the same times Σ1/j; none.
// holm and bonferroni hold for any dependence between the tests. R: p.adjust(p, method); sidak has no R word.
//
// By hand: holm of (0.01, 0.04, 0.03) is 3·0.01 = 0.03, then 2·0.03 = 0.06 for 0.03, then max(0.06, 1·0.04) = 0.06 for 0.04.
func PAdjust(p []float64, method string) ([]float64, error) {
	out := slices.Clone(p)
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	m := float64(len(order))
	down := func(factor func(rank float64) float64) { // step-up methods run from the largest p
		least := 1.0
		for k := len(order) - 1; k >= 0; k-- {
			least = math.Min(least, factor(float64(k+1))*p[order[k]])
			out[order[k]] = least
		}
	}
	switch method {
	case "none":
	case "bonferroni":
		for _, i := range order {
			out[i] = math.Min(1, m*p[i])
		}
	case "sidak":
		for _, i := range order {
			out[i] = -math.Expm1(m * math.Log1p(-p[i]))
		}
	case "holm":
		most := 0.0
		for k, i := range order {
			most = math.Max(most, (m-float64(k))*p[i])
			out[i] = math.Min(1, most)
		}
	case "hochberg":
		down(func(rank float64) float64 { return m - rank + 1 })
	case "BH":
		down(func(rank float64) float64 { return m / rank })
	case "BY":
		harmonic := 0.0
		for k := range order {
			harmonic += 1 / float64(k+1)
		}
		down(func(rank float64) float64 { return harmonic * m / rank })
	default:
		return nil, wording.Errorf("p-value adjustment %q is not one of holm, hochberg, bonferroni, sidak, BH, BY, none", method)
	}
	return out, nil
}
