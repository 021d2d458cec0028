package reports

import (
	"math"
	"strconv"
)

// fixed writes v with so many decimals as Excel's FIXED does: it rounds the 15 significant digits that Excel shows, half away from zero, so that 84.25 is
// 84.3 here as there, whatever the bits behind the 15 digits say.
func fixed(v float64, decimals int) string {
	return strconv.FormatFloat(round(v, decimals), 'f', decimals, 64)
}

// round is Excel's ROUND.
func round(v float64, decimals int) float64 {
	seen, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 14, 64), 64)
	if err != nil {
		return v
	}
	scale := math.Pow10(decimals)
	// The product may fall just below a half that the decimal digits hold exactly; Nextafter lifts it over.
	scaled := math.Nextafter(math.Abs(seen)*scale, math.Inf(1))
	rounded := math.Floor(scaled+0.5) / scale
	if rounded == 0 {
		return 0
	}
	return math.Copysign(rounded, seen)
}
