package engine

import (
	"math"
	"strconv"
)

// Fixed point: a value v enters the sums as floor(v·2^k + ½), a BIGINT. Multiplying by a power of two is exact, and so is adding ½ below 2^52;
// integers add without rounding in any order. k is the largest for which neither a value nor a PSU's sum leaves its room.
const (
	valueBits = 51 // of one value: 2^51 + ½ is a DOUBLE
	sumBits   = 62 // of a PSU's sum: it fits a BIGINT, so an engine without wider integers is as exact
)

// exponent returns k for values of at most largest, summed over at most rows, each times at most factor.
func exponent(largest float64, rows int64, factor float64) int {
	if largest == 0 || math.IsNaN(largest) {
		return 0
	}
	_, value := math.Frexp(largest)
	_, sum := math.Frexp(largest * factor * float64(rows))
	return min(valueBits-value, sumBits-sum)
}

// fixedPoint writes expression·2^k as a BIGINT.
func fixedPoint(expression string, k int) string {
	return "CAST(floor(" + expression + " * " + number(math.Ldexp(1, k)) + " + 5e-1) AS BIGINT)"
}

// A sum is one aggregate of a statement: which of a measure's sums it is and the scale it comes in.
type sum struct {
	measure int
	what    what
	k       int // the value is the integer times 2^−k
}

type what uint8

const (
	sumN what = iota
	sumW
	sumX
	sumY
	sumXX
	sumXY
	sumYY
	sumXX2
	sumXY2
	sumYY2
)

// sums are the aggregates of a statement and how to read them.
type sums struct {
	fixed, squared string
	computed       []string
	sums           []string
	reads          []sum
}

// sums chooses the scales and writes the aggregates. A sum that is another by definition is not asked for:
// of one item, x = x² is 0 or 1, so W = X = XX and XY = Y; of a share, YY = Y too.
func (p *plan) sums(b Bounds) *sums {
	factor := 1.0
	for i, in := range p.inputs {
		if in.kind != Value {
			largest := 1.0
			if in.kind == Mean && b.Largest[i] > 1 {
				largest = b.Largest[i]
			}
			factor = max(factor, in.items*in.items*largest*largest)
		}
	}
	k := exponent(b.Heaviest, b.MostRows, factor)
	q := &sums{fixed: "CAST(1 AS BIGINT)"}
	if p.req.Weight == "" {
		k = 0
	} else {
		q.fixed = fixedPoint(p.weight, k)
	}
	two := len(p.fpc) == 2
	k2 := 0
	if two {
		k2 = exponent(b.Heaviest*b.Heaviest, b.MostRows, factor)
		q.squared = fixedPoint(p.weight+" * "+p.weight, k2)
	}
	for i, in := range p.inputs {
		q.computed = append(q.computed, in.computed...)
		q.measure(i, in, b, k, k2, two)
	}
	return q
}

func (q *sums) add(measure int, w what, k int, aggregate string) {
	q.reads = append(q.reads, sum{measure, w, k})
	q.sums = append(q.sums, aggregate)
}

func total(expression string) string { return "CAST(sum(" + expression + ") AS BIGINT)" }

func when(condition, expression string) string {
	return "CASE WHEN " + condition + " THEN " + expression + " END"
}

func (q *sums) measure(i int, in input, b Bounds, k, k2 int, two bool) {
	answered := in.y + " IS NOT NULL"
	if in.x != "" {
		answered = in.x + " > 0"
	}
	if b.Zero == 0 && in.x == "" {
		q.add(i, sumN, 0, "count("+in.y+")")
	} else {
		q.add(i, sumN, 0, "count("+when(answered+" AND fixed <> 0", "1")+")")
	}
	if in.kind == Value {
		largest := b.Largest[i]
		if math.IsNaN(largest) {
			largest = 0
		}
		scaled := func(w what, expression string, bound float64) {
			k := exponent(bound, b.MostRows, 1)
			q.add(i, w, k, total(fixedPoint(expression, k)))
		}
		q.add(i, sumX, k, total(when(answered, "fixed")))
		scaled(sumY, "w * "+in.y, b.Heaviest*largest)
		scaled(sumYY, "w * "+in.y+" * "+in.y, b.Heaviest*largest*largest)
		if two {
			q.add(i, sumXX2, k2, total(when(answered, "squared")))
			scaled(sumXY2, "w * w * "+in.y, b.Heaviest*b.Heaviest*largest)
			scaled(sumYY2, "w * w * "+in.y+" * "+in.y, b.Heaviest*b.Heaviest*largest*largest)
		}
		return
	}
	if in.x != "" {
		q.add(i, sumW, k, total(when(answered, "fixed")))
		q.add(i, sumX, k, total("fixed * "+in.x))
		q.add(i, sumY, k, total("fixed * "+in.y))
		q.add(i, sumXX, k, total("fixed * "+in.x+" * "+in.x))
		q.add(i, sumXY, k, total("fixed * "+in.x+" * "+in.y))
		q.add(i, sumYY, k, total("fixed * "+in.y+" * "+in.y))
		if two {
			q.add(i, sumXX2, k2, total("squared * "+in.x+" * "+in.x))
			q.add(i, sumXY2, k2, total("squared * "+in.x+" * "+in.y))
			q.add(i, sumYY2, k2, total("squared * "+in.y+" * "+in.y))
		}
		return
	}
	q.single(i, in, answered, "fixed", k, sumX, sumY, sumYY)
	if two {
		q.single(i, in, answered, "squared", k2, sumXX2, sumXY2, sumYY2)
	}
}

// single asks for the sums of one item under one weight: Σ over the valid, Σ of y and, unless y is 0 or 1, of y².
func (q *sums) single(i int, in input, answered, weight string, k int, x, y, yy what) {
	q.add(i, x, k, total(when(answered, weight)))
	if in.kind == Share {
		q.add(i, y, k, total(when(in.y+" = 1", weight)))
		return
	}
	q.add(i, y, k, total(weight+" * "+in.y))
	q.add(i, yy, k, total(weight+" * "+in.y+" * "+in.y))
}

// groupings are the statement's grouping sets: one a breakdown, or one for all of them together.
func (p *plan) groupings() [][]string {
	name := func(set []int) []string {
		out := make([]string, len(set))
		for i, d := range set {
			out[i] = strconv.Itoa(d)
		}
		return out
	}
	if len(p.sets) == 0 {
		return [][]string{{}}
	}
	if p.finest {
		all := make([]int, len(p.domains))
		for i := range all {
			all[i] = i
		}
		return [][]string{name(all)}
	}
	out := make([][]string, len(p.sets))
	for i, set := range p.sets {
		out[i] = name(set)
	}
	return out
}
