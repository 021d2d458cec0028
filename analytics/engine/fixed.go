package engine

import (
	"math"
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
