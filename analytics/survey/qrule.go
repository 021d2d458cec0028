package survey

import (
	"math"
	"slices"

	"hailong/ingest/wording"
)

// QuantileRules are R's twelve ways to read a quantile off a weighted sample: the mathematical definition, the school's
// (midpoint of a tie), Shah & Vaish (2006), and the weighted forms of Hyndman & Fan's (1996) nine.
var QuantileRules = [...]string{"math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"}

// A sorted sample, weights of 0 left out, with cumulative weights. R adds in extended precision and rounds each sum, which
// decides whether a quantile falls on a step; the pairs of floats here add at least as exactly.
type sorted struct {
	x, w, cum []float64
	total     float64
}

func sortSample(x, w []float64) sorted {
	order := make([]int, 0, len(x))
	for k := range x {
		if w[k] != 0 {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return 0
	})
	s := sorted{}
	var sum, low float64
	for _, k := range order {
		s.x, s.w = append(s.x, x[k]), append(s.w, w[k])
		sum, low = addPair(sum, low, w[k])
		s.cum = append(s.cum, sum+low)
	}
	sum, low = 0, 0
	for k := range x { // R sums in the order of the rows
		sum, low = addPair(sum, low, w[k])
	}
	s.total = sum + low
	return s
}

// addPair adds to an unevaluated sum of two floats (Knuth's two-sum).
func addPair(sum, low, v float64) (float64, float64) {
	t := sum + v
	b := t - sum
	return t, low + ((sum - (t - b)) + (v - b))
}

// steps finds the sample's step around p: R's qs().
func (s sorted) steps(p float64) (pos, next int, below, above float64) {
	for i, c := range s.cum {
		if c <= p*s.total {
			pos = i
		}
	}
	next = min(pos+1, len(s.x)-1)
	return pos, next, p - s.cum[pos]/s.total, s.cum[next]/s.total - p
}

// quantile reads the p-quantile off the sample by one of QuantileRules. R: survey:::qrule_<rule>.
func (s sorted) quantile(rule string, p float64) float64 {
	n := len(s.x)
	if n == 0 || math.IsNaN(p) {
		return math.NaN()
	}
	if n == 1 {
		return s.x[0]
	}
	at := func(k float64, i int) float64 { return k * s.cum[i] }
	before := func(i int) float64 {
		if i == 0 {
			return 0
		}
		return s.cum[i-1]
	}
	last := s.cum[n-1]
	var position func(i int) float64
	switch rule {
	case "math", "hf1":
		pos, next, below, _ := s.steps(p)
		if below == 0 {
			return s.x[pos]
		}
		return s.x[next]
	case "school", "hf2":
		pos, next, below, _ := s.steps(p)
		if below == 0 {
			return (s.x[pos] + s.x[next]) / 2
		}
		return s.x[next]
	case "hf3":
		u := s.distinct()
		pos, next, below, _ := u.steps(p)
		if below == 0 && (pos+1)%2 == 0 {
			return u.x[pos]
		}
		return u.x[next]
	case "hf4":
		pos, next, below, above := s.steps(p)
		gamma := below / (above + below)
		return s.x[pos]*(1-gamma) + s.x[next]*gamma
	case "shahvaish":
		mean := s.total / float64(n)
		x, sum, low := make([]float64, n), 0.0, 0.0
		for i := range x {
			sum, low = addPair(sum, low, s.w[i]/mean)
			x[i] = (sum + low + 0.5 - s.w[i]/2) / float64(n+1)
		}
		return approximate(x, s.x, p, true)
	case "hf5":
		position = func(i int) float64 { return (s.cum[i] - s.w[i]/2) / last }
	case "hf6":
		position = func(i int) float64 { return s.cum[i] / (last + s.w[n-1]) }
	case "hf7":
		position = func(i int) float64 { return before(i) / s.cum[n-2] }
	case "hf8":
		position = func(i int) float64 { return (before(i)*1/3 + at(2.0/3, i)) / (last + s.w[n-1]/3) }
	case "hf9":
		position = func(i int) float64 { return (before(i)*3/8 + at(5.0/8, i)) / (last + s.w[n-1]/4) }
	default:
		return math.NaN()
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = position(i)
	}
	return approximate(x, s.x, p, false)
}

// distinct merges equal values, their weights added.
func (s sorted) distinct() sorted {
	out := sorted{total: s.total}
	for i, v := range s.x {
		if len(out.x) > 0 && out.x[len(out.x)-1] == v {
			out.w[len(out.w)-1] += s.w[i]
			out.cum[len(out.cum)-1] = s.cum[i]
			continue
		}
		out.x, out.w, out.cum = append(out.x, v), append(out.w, s.w[i]), append(out.cum, s.cum[i])
	}
	return out
}

// approximate is R's approx(x, y, at, rule = 2): points sorted, equal x averaged, the ends held outside; step is method = "constant", f = 0.
func approximate(x, y []float64, at float64, step bool) float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return 0
	})
	var xs, ys []float64
	for i := 0; i < len(order); {
		j, sum := i+1, y[order[i]]
		for ; j < len(order) && x[order[j]] == x[order[i]]; j++ {
			sum += y[order[j]]
		}
		xs, ys = append(xs, x[order[i]]), append(ys, sum/float64(j-i))
		i = j
	}
	i, j := 0, len(xs)-1
	switch {
	case math.IsNaN(xs[i]) || math.IsNaN(xs[j]):
		return math.NaN() // weights that sum to 0
	case at <= xs[i]:
		return ys[i]
	case at >= xs[j]:
		return ys[j]
	}
	for i < j-1 {
		if m := (i + j) / 2; at < xs[m] {
			j = m
		} else {
			i = m
		}
	}
	switch {
	case at == xs[j]:
		return ys[j]
	case at == xs[i] || step:
		return ys[i]
	}
	return ys[i] + (ys[j]-ys[i])*((at-xs[i])/(xs[j]-xs[i]))
}

func checkRule(rule string) error {
	if !slices.Contains(QuantileRules[:], rule) {
		return wording.Errorf("quantile rule %q is not one of %v", rule, QuantileRules)
	}
	return nil
}
