package survey

import "math"

// root is R's uniroot: Brent's method (1973) as in R_zeroin2, with the same steps, so that it stops on the same side of a jump.
// ok is false where f has the same sign at both ends.
func root(f func(float64) float64, lo, hi, tol float64) (x float64, ok bool) {
	const maxIter = 1000
	const epsilon = 0x1p-52
	a, b := lo, hi
	fa, fb := f(a), f(b)
	switch {
	case math.IsNaN(fa) || math.IsNaN(fb) || fa*fb > 0:
		return math.NaN(), false
	case fa == 0:
		return a, true
	case fb == 0:
		return b, true
	}
	c, fc := a, fa
	for range maxIter + 1 {
		previous := b - a
		if math.Abs(fc) < math.Abs(fb) {
			a, b, c = b, c, b
			fa, fb, fc = fb, fc, fb
		}
		limit := 2*epsilon*math.Abs(b) + tol/2
		step := (c - b) / 2
		if math.Abs(step) <= limit || fb == 0 {
			return b, true
		}
		if math.Abs(previous) >= limit && math.Abs(fa) > math.Abs(fb) {
			var p, q float64
			cb := c - b
			if a == c {
				t := fb / fa
				p, q = cb*t, 1-t
			} else {
				q = fa / fc
				t1, t2 := fb/fc, fb/fa
				p = t2 * (cb*q*(q-t1) - (b-a)*(t1-1))
				q = (q - 1) * (t1 - 1) * (t2 - 1)
			}
			if p > 0 {
				q = -q
			} else {
				p = -p
			}
			if p < 0.75*cb*q-math.Abs(limit*q)/2 && p < math.Abs(previous*q/2) {
				step = p / q
			}
		}
		if math.Abs(step) < limit {
			step = math.Copysign(limit, step)
		}
		a, fa = b, fb
		b += step
		fb = f(b)
		if fb > 0 && fc > 0 || fb < 0 && fc < 0 {
			c, fc = a, fa
		}
	}
	return b, false
}
