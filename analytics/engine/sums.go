package engine

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"hailong/analytics/survey"
)

// What one of a measure's sums is; see survey.Sums. The squares of the weight go with sumXX2 and after.
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

// A field is one sum of one measure: where it stands in the statement's aggregates and what it is worth.
type field struct {
	measure int
	what    what
	k       int  // the value is the integer times 2^−k
	word    int  // which aggregate
	shift   int  // where in it
	width   int  // how many bits; 0: the whole aggregate, which may be negative
	counted bool // not weighted yet: the PSU's rows all have one weight
}

// sums are the aggregates of a statement and how to read them. They come in two forms, both exact:
//
// Where every row of a PSU has the same weight, as in a sample drawn in stages, the sums are of the answers alone, small integers,
// several of them in one BIGINT; the weight multiplies them afterwards. Else the weight is in the sum, as a fixed-point BIGINT.
type sums struct {
	even           bool
	two            bool // a second-stage fpc: squares of the weight are wanted
	fixed, squared string
	computed       []string // pooled answers
	packed         []string // one item's sums for a row, in one integer
	words          []string
	fields         []field
}

// sums chooses the form and the scales and writes the aggregates.
func (p *plan) sums(b Bounds) *sums {
	q := &sums{even: b.Uneven == 0, two: len(p.fpc) == 2, fixed: "CAST(1 AS BIGINT)"}
	for _, in := range p.inputs {
		q.computed = append(q.computed, in.computed...)
	}
	if q.even {
		for i, in := range p.inputs {
			q.count(i, in, b)
		}
		return q
	}
	factor := 1.0
	for i, in := range p.inputs {
		if in.kind == Value {
			factor = max(factor, in.items*in.items)
		} else {
			factor = max(factor, in.items*in.items*b.largest(i)*b.largest(i))
		}
	}
	k := exponent(b.Heaviest, b.MostRows, factor)
	q.fixed = fixedPoint(p.weight, k)
	k2 := 0
	if q.two {
		k2 = exponent(b.Heaviest*b.Heaviest, b.MostRows, factor)
		q.squared = fixedPoint(p.weight+" * "+p.weight, k2)
	}
	for i, in := range p.inputs {
		q.weigh(i, in, b, k, k2)
	}
	return q
}

// largest is the largest answer of a share or mean, at least 1.
func (b *Bounds) largest(i int) float64 { return max(1, b.Largest[i]) }

// whole adds an aggregate that is one field.
func (q *sums) whole(measure int, w what, k int, aggregate string) {
	q.fields = append(q.fields, field{measure: measure, what: w, k: k, word: len(q.words), counted: q.even})
	q.words = append(q.words, aggregate)
}

// scaled adds an aggregate of values that are no integers and at most largest.
func (q *sums) scaled(measure int, w what, b Bounds, expression string, largest float64) {
	k := exponent(largest, b.MostRows, 1)
	q.whole(measure, w, k, total(fixedPoint(expression, k)))
}

// pack writes several sums of non-negative integers as few aggregates as hold them: Σ(a + b·2^s) is Σa + 2^s·Σb.
func (q *sums) pack(measure int, rows int64, parts []part) {
	var terms []string
	used := 0
	flush := func() {
		if len(terms) > 0 {
			q.words = append(q.words, total(strings.Join(terms, " + ")))
			terms, used = nil, 0
		}
	}
	for _, p := range parts {
		width := bitsOf(p.largest, rows)
		if used+width > sumBits {
			flush()
		}
		q.fields = append(q.fields, field{measure: measure, what: p.what, word: len(q.words), shift: used, width: width, counted: true})
		terms = append(terms, "CAST("+p.expression+" AS BIGINT) * "+power(used))
		used += width
	}
	flush()
}

// A part is an integer of at least 0 and at most largest.
type part struct {
	what       what
	expression string
	largest    float64
}

// count asks for the sums of a measure without weights.
func (q *sums) count(i int, in input, b Bounds) {
	y, x := b.largest(i)*in.items, in.items
	switch {
	case in.kind == Value:
		largest := b.Largest[i] * in.items
		if in.x == "" {
			q.whole(i, sumN, 0, "count("+in.y+")")
		} else {
			q.whole(i, sumN, 0, "count("+when(in.x+" > 0", "1")+")")
			q.whole(i, sumX, 0, total(in.x))
			q.whole(i, sumXX, 0, total(in.x+" * "+in.x))
			q.scaled(i, sumXY, b, in.x+" * "+in.y, x*largest)
		}
		q.scaled(i, sumY, b, in.y, largest)
		q.scaled(i, sumYY, b, in.y+" * "+in.y, largest*largest)
	case in.x != "":
		q.pack(i, b.MostRows, []part{
			{sumN, when(in.x+" > 0", "1 ELSE 0"), 1},
			{sumX, in.x, x},
			{sumY, in.y, y},
			{sumXX, in.x + " * " + in.x, x * x},
			{sumXY, in.x + " * " + in.y, x * y},
			{sumYY, in.y + " * " + in.y, y * y},
		})
	default:
		parts := []part{{sumN, when(in.y+" IS NOT NULL", "1"), 1}, {sumY, in.y, y}}
		if in.kind == Mean {
			// y·y of a SMALLINT could overflow it.
			parts = append(parts, part{sumYY, "CAST(" + in.y + " AS BIGINT) * " + in.y, y * y})
		}
		if !q.packRow(i, in, b.MostRows, parts) {
			q.pack(i, b.MostRows, parts)
		}
	}
}

// packRow packs the sums of one item where its answer is chosen, 1 + y·(2^s + y·2^t), if one integer holds them all. It is pack's word
// again, but there the engine knows from the file how large a code can be and does not look for overflow at every step: a third less time.
func (q *sums) packRow(i int, in input, rows int64, parts []part) bool {
	word, used := len(q.words), 0
	fields := make([]field, len(parts))
	for k, p := range parts {
		fields[k] = field{measure: i, what: p.what, word: word, shift: used, width: bitsOf(p.largest, rows), counted: true}
		used += fields[k].width
	}
	if used > sumBits {
		return false
	}
	name := "n" + strconv.Itoa(i)
	q.packed = append(q.packed, choose(in.kinds, in.base, func(value string) string {
		y := "CAST(" + value + " AS BIGINT)"
		factor := power(fields[1].shift)
		if len(fields) > 2 {
			factor = "(" + factor + " + " + y + " * " + power(fields[2].shift) + ")"
		}
		return "1 + " + y + " * " + factor
	})+" AS "+name)
	q.fields = append(q.fields, fields...)
	q.words = append(q.words, total(name))
	return true
}

// bitsOf is how many bits a sum over rows of values of at most largest takes.
func bitsOf(largest float64, rows int64) int { return bits.Len64(uint64(largest * float64(rows))) }

func power(k int) string { return strconv.FormatInt(1<<k, 10) }

// weigh asks for the sums of a measure with the weight in them.
func (q *sums) weigh(i int, in input, b Bounds, k, k2 int) {
	answered := in.y + " IS NOT NULL"
	if in.x != "" {
		answered = in.x + " > 0"
	}
	q.whole(i, sumN, 0, "count("+when(answered+" AND fixed <> 0", "1")+")")
	switch {
	case in.kind == Value:
		largest, x, w := b.Largest[i]*in.items, in.x, b.Heaviest
		if x == "" {
			x = when(answered, "1")
			q.whole(i, sumX, k, total(when(answered, "fixed")))
		} else {
			q.whole(i, sumW, k, total(when(answered, "fixed")))
			q.whole(i, sumX, k, total("fixed * "+x))
			q.whole(i, sumXX, k, total("fixed * "+x+" * "+x))
			q.scaled(i, sumXY, b, "w * "+x+" * "+in.y, w*in.items*largest)
		}
		q.scaled(i, sumY, b, "w * "+in.y, w*largest)
		q.scaled(i, sumYY, b, "w * "+in.y+" * "+in.y, w*largest*largest)
		if q.two {
			q.whole(i, sumXX2, k2, total("squared * "+x+" * "+x))
			q.scaled(i, sumXY2, b, "w * w * "+x+" * "+in.y, w*w*in.items*largest)
			q.scaled(i, sumYY2, b, "w * w * "+in.y+" * "+in.y, w*w*largest*largest)
		}
	case in.x != "":
		q.whole(i, sumW, k, total(when(answered, "fixed")))
		q.whole(i, sumX, k, total("fixed * "+in.x))
		q.whole(i, sumY, k, total("fixed * "+in.y))
		q.products(i, in, "fixed", k, sumXX)
		if q.two {
			q.products(i, in, "squared", k2, sumXX2)
		}
	default:
		q.single(i, in, "fixed", k, sumX, sumY, sumYY)
		if q.two {
			q.single(i, in, "squared", k2, sumXX2, sumXY2, sumYY2)
		}
	}
}

// products asks for Σx², Σxy and Σy² of a pooled measure under one weight; xx is the first of the three.
func (q *sums) products(i int, in input, weight string, k int, xx what) {
	q.whole(i, xx, k, total(weight+" * "+in.x+" * "+in.x))
	q.whole(i, xx+1, k, total(weight+" * "+in.x+" * "+in.y))
	q.whole(i, xx+2, k, total(weight+" * "+in.y+" * "+in.y))
}

// single asks for the sums of one item under one weight: over the valid answers, of y and, unless y is 0 or 1, of y².
func (q *sums) single(i int, in input, weight string, k int, x, y, yy what) {
	q.whole(i, x, k, total(when(in.y+" IS NOT NULL", weight)))
	if in.kind == Share {
		q.whole(i, y, k, total(when(in.y+" = 1", weight)))
		return
	}
	q.whole(i, y, k, total(weight+" * "+in.y))
	q.whole(i, yy, k, total(weight+" * "+in.y+" * "+in.y))
}

func total(expression string) string { return "CAST(sum(" + expression + ") AS BIGINT)" }

func when(condition, expression string) string {
	return "CASE WHEN " + condition + " THEN " + expression + " END"
}

// of is the field's integer among a statement's aggregates, or among sums of them over the rows of one PSU: its width has room for those.
func (f field) of(words []int64) int64 {
	if f.width == 0 {
		return words[f.word]
	}
	return words[f.word] >> f.shift & (1<<f.width - 1)
}

// splitRows is how many cells are split at a time: their words, which every field looks at, stay in the processor's cache.
const splitRows = 512

// split turns the fields of cells into each measure's sums. Sums that are equal by definition share memory: of one item x is 0 or 1, so
// W = X = XX and XY = Y; of a share YY = Y too.
func (q *sums) split(c *cells, measures int) []survey.Sums {
	out := make([]survey.Sums, measures)
	columns := q.columns(c, out)
	for from := 0; from < len(c.psu); from += splitRows {
		to := min(from+splitRows, len(c.psu))
		for _, column := range columns {
			column.fill(c, from, to)
		}
	}
	for i := range out {
		m := &out[i]
		for _, pair := range [...][2]*[]float64{{&m.X, &m.W}, {&m.W, &m.X}, {&m.XX, &m.X}, {&m.XY, &m.Y}, {&m.YY, &m.Y}, {&m.YY2, &m.XY2}} {
			if *pair[0] == nil {
				*pair[0] = *pair[1]
			}
		}
	}
	return out
}

// A column is a field's values in all cells: its integer, in units of 2^−k, times the weight to a power.
type column struct {
	field
	values []float64
	power  int  // of the cell's weight
	cases  bool // 0 where the weight is 0
}

// columns are the columns of all measures' sums, in out too and still to be filled.
func (q *sums) columns(c *cells, out []survey.Sums) []column {
	var columns []column
	make := func(f field, power int) []float64 {
		values := make([]float64, len(c.psu))
		columns = append(columns, column{field: f, values: values, power: power})
		return values
	}
	weight := 0
	if q.even {
		weight = 1
	}
	for _, f := range q.fields {
		m := &out[f.measure]
		to := [...]*[]float64{&m.N, &m.W, &m.X, &m.Y, &m.XX, &m.XY, &m.YY, &m.XX2, &m.XY2, &m.YY2}
		if f.what == sumN {
			f.k = 0
			m.N = make(f, 0)
			columns[len(columns)-1].cases = q.even
			if q.even {
				m.W = make(f, 1)
			}
			if q.even && q.two {
				m.XX2 = make(f, 2)
			}
			continue
		}
		*to[f.what] = make(f, weight)
		if !f.counted || !q.two {
			continue
		}
		switch f.what {
		case sumXX, sumXY, sumYY:
			*to[f.what+sumXX2-sumXX] = make(f, 2*weight)
		case sumY:
			if m.XY2 == nil {
				m.XY2 = make(f, 2*weight)
			}
		}
	}
	return columns
}

// fill works out the values of some cells.
func (o *column) fill(c *cells, from, to int) {
	unit := math.Ldexp(1, -o.k)
	for i := from; i < to; i++ {
		v := float64(o.of(c.words[i])) * unit
		switch w := c.weight[i]; {
		case o.cases && w == 0:
			v = 0
		case o.power == 1:
			v *= w
		case o.power == 2:
			v *= w * w
		}
		o.values[i] = v
	}
}

// recent keeps the sums of the breakdowns that were asked for last. Those of every breakdown at once would be as large as PSUs × breakdowns ×
// measures, and where every form is its own PSU that is gigabytes; the words that they are made from take a tenth.
type recent struct {
	made  [][]survey.Sums // by breakdown
	order []int           // those that are there, the oldest first
	cells int             // how many figures they hold
}

// While the sums of all breakdowns hold no more than recentCells figures, they all stay; beyond, no fewer than recentBreakdowns do.
const (
	recentCells      = 1 << 22
	recentBreakdowns = 3
)

func (r *recent) of(k, cells int, split func() []survey.Sums) []survey.Sums {
	if r.made[k] == nil {
		for len(r.order) >= recentBreakdowns && r.cells+cells > recentCells {
			oldest := r.order[0]
			r.order = r.order[1:]
			r.cells -= len(r.made[oldest]) * len(r.made[oldest][0].N)
			r.made[oldest] = nil
		}
		r.made[k] = split()
		r.order = append(r.order, k)
		r.cells += cells
	}
	return r.made[k]
}
