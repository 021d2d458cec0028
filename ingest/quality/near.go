package quality

import (
	"math"
	"slices"
)

// Two forms that differ in one answer are found by sums. A row's sum is Σ code · salt over its items, modulo 2⁶⁴, with an odd number of
// its own for every item; so the sums of two rows that differ in one answer differ by (code − other code) · salt of that item, and there
// are few such numbers. Rows need not keep their answers for it.

// saltOf is an item's number: its name, mixed until every bit depends on all of it (the finalizer of splitmix64).
func saltOf(name string) uint64 {
	x := hashText(hashStart, name)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return (x ^ x>>31) | 1
}

// blankTerm is what a blank counts as in a sum: no code and no kind of missing is so low.
const blankTerm = -16

// apart is the largest difference of two codes that is looked for: no scale has so many steps.
const apart = 32

func term(code int16, salt uint64) uint64 {
	if code == math.MinInt16 {
		code = blankTerm
	}
	return uint64(int64(code)) * salt
}

// backgrounds are the rows that are compared, as their background and their number in one, sorted. Where no background is asked there are none.
func (c *Collector) backgrounds() []uint64 {
	if len(c.columns.Background) == 0 {
		return nil
	}
	var keys []uint64
	for i, back := range c.back {
		if back != 0 {
			keys = append(keys, uint64(back)<<32|uint64(i))
		}
	}
	slices.Sort(keys)
	return keys
}

// markNear marks a row whose answers are all those of an earlier row but one, kinds of missing included, and whose background is the same: a form
// that was entered twice with a slip of the pen, or copied with a change. Rows need Bounds.NearAnswers valid answers and must not be
// straight lines. Where more than Bounds.NearRows rows share a background it says too little about who answered, and nothing is marked.
func (c *Collector) markNear(keys []uint64) {
	var steps *steps
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n]>>32 == keys[0]>>32 {
			n++
		}
		if n > 1 && n <= c.bounds.NearRows {
			if steps == nil {
				steps = newSteps(c.salts)
			}
			c.compare(keys[:n], steps)
		}
		keys = keys[n:]
	}
}

// compare marks the rows, of one background, that are a step from an earlier one.
func (c *Collector) compare(keys []uint64, steps *steps) {
	for k := range keys {
		i := uint32(keys[k])
		for _, key := range keys[:k] {
			if steps.has(c.answers[i]-c.answers[uint32(key)]) && c.flags[i]&(DuplicateForm|DuplicateAnswers) == 0 {
				c.flags[i] |= NearDuplicate
			}
		}
	}
}

// steps are the differences of two sums that differ in one answer. Nearly no two rows are a step apart, and for nearly all of them a bit says so.
type steps struct {
	all    map[uint64]bool
	filter [1 << 10]uint64 // by a difference's upper 16 bits
}

func newSteps(salts []uint64) *steps {
	s := &steps{all: make(map[uint64]bool, 2*apart*len(salts))}
	add := func(difference uint64) {
		s.all[difference] = true
		s.filter[difference>>54] |= 1 << (difference >> 48 & 63)
	}
	for _, salt := range salts {
		for d := uint64(1); d <= apart; d++ {
			add(d * salt)
			add(-d * salt)
		}
	}
	return s
}

func (s *steps) has(difference uint64) bool {
	return s.filter[difference>>54]&(1<<(difference>>48&63)) != 0 && s.all[difference]
}
