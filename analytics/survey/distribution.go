package survey

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// The tails below go through the incomplete beta and gamma functions and erfc, where gonum's distuv takes one minus the
// distribution function and so loses every digit below 1e-16 (F), stops at 0 (normal beyond 8.3) or loses digits near the
// median (Student's t). All are checked against R in distribution_test.go.

// NormalSurvival is P(Z > z). R: pnorm(z, lower.tail = FALSE).
func NormalSurvival(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// NormalCDF is P(Z ≤ z). R: pnorm(z).
func NormalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// NormalQuantile is the z with P(Z ≤ z) = p. R: qnorm(p).
func NormalQuantile(p float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0 || p > 1:
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	}
	return mathext.NormalQuantile(p)
}

// TSurvival is P(T > t) for Student's t; df of +Inf is the normal. R: pt(t, df, lower.tail = FALSE).
func TSurvival(t, df float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case math.IsInf(df, 1):
		return NormalSurvival(t)
	case math.IsInf(t, 0):
		if t > 0 {
			return 0
		}
		return 1
	}
	tail := 0.5 * regIncBeta(df/2, 0.5, df/(df+t*t))
	if t < 0 {
		return 1 - tail
	}
	return tail
}

// TwoSidedP is P(|T| > |t|), the p-value of a t-test; df of +Inf is the normal. R: 2*pt(-abs(t), df).
func TwoSidedP(t, df float64) float64 { return 2 * TSurvival(math.Abs(t), df) }

// TQuantile is the t with P(T ≤ t) = p; df of +Inf is the normal and df ≤ 0 has none (NaN). R: qt(p, df).
func TQuantile(p, df float64) float64 {
	switch {
	case math.IsNaN(p) || math.IsNaN(df) || df <= 0 || p < 0 || p > 1:
		return math.NaN()
	case math.IsInf(df, 1):
		return NormalQuantile(p)
	case p == 0.5:
		return 0
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	case p < 0.5:
		return -tUpper(p, df)
	}
	return tUpper(1-p, df)
}

// tUpper is the positive t whose upper tail is q < 1/2. It looks for the root on log t, towards the median of log(1/2 − q), in the tail of
// log q, so that neither end loses digits to subtraction, by false position (Illinois; Dowell & Jarratt 1971) from the normal quantile,
// which t is never below.
func tUpper(q, df float64) float64 {
	miss := func(u float64) float64 { // positive where t is still too small
		t := math.Exp(u)
		if q > 0.25 {
			return math.Log((0.5 - q) / (0.5 * regIncBeta(0.5, df/2, t*t/(df+t*t))))
		}
		return math.Log(0.5 * regIncBeta(df/2, 0.5, df/(df+t*t)) / q)
	}
	lo := math.Log(-NormalQuantile(q))
	above := miss(lo)
	if !(above > 0) {
		return math.Exp(lo)
	}
	hi, step := lo+0.5, 0.5
	below := miss(hi)
	for below > 0 && hi < 709 {
		lo, above = hi, below
		step *= 2
		hi = math.Min(hi+step, 709)
		below = miss(hi)
	}
	u := hi
	for range 200 {
		last := u
		u = (lo*below - hi*above) / (below - above)
		if !(u > lo && u < hi) {
			if u = (lo + hi) / 2; u == lo || u == hi {
				break
			}
		}
		f := miss(u)
		if math.Abs(f) < 1e-15 || hi-lo < 1e-14 {
			break
		}
		if f > 0 {
			if lo == last {
				below /= 2
			}
			lo, above = u, f
		} else {
			if hi == last {
				above /= 2
			}
			hi, below = u, f
		}
	}
	return math.Exp(u)
}

// ChiSquaredSurvival is P(X > x) on df degrees of freedom. R: pchisq(x, df, lower.tail = FALSE).
func ChiSquaredSurvival(x, df float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case x <= 0:
		return 1
	case math.IsInf(x, 1):
		return 0
	}
	return mathext.GammaIncRegComp(df/2, x/2)
}

// FSurvival is P(F > x) on df1 and df2 degrees of freedom; df2 of +Inf is chi-squared over df1. R: pf(x, df1, df2, lower.tail = FALSE).
func FSurvival(x, df1, df2 float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsNaN(df1) || math.IsNaN(df2) || df1 <= 0 || df2 <= 0:
		return math.NaN()
	case x <= 0:
		return 1
	case math.IsInf(x, 1):
		return 0
	case math.IsInf(df2, 1):
		return ChiSquaredSurvival(x*df1, df1)
	}
	return regIncBeta(df2/2, df1/2, df2/(df2+df1*x))
}

// FQuantile is the x with P(F ≤ x) = p. R: qf(p, df1, df2).
func FQuantile(p, df1, df2 float64) float64 {
	if math.IsNaN(p) || p < 0 || p > 1 || df1 <= 0 || df2 <= 0 {
		return math.NaN()
	}
	if p == 1 {
		return math.Inf(1)
	}
	// F = (df2/df1)·B/(1−B) with B ~ Beta(df1/2, df2/2); the smaller tail of B keeps the digits.
	if p < 0.5 {
		b := BetaQuantile(p, df1/2, df2/2)
		return df2 / df1 * b / (1 - b)
	}
	c := BetaQuantile(1-p, df2/2, df1/2)
	return df2 / df1 * (1 - c) / c
}

// BetaQuantile is the x with P(B ≤ x) = p for B ~ Beta(a, b). R: qbeta(p, a, b).
// A parameter of 0 is a point mass at that end, as in R.
func BetaQuantile(p, a, b float64) float64 {
	switch {
	case math.IsNaN(p) || math.IsNaN(a) || math.IsNaN(b) || p < 0 || p > 1 || a < 0 || b < 0 || (a == 0 && b == 0):
		return math.NaN()
	case a == 0 || p == 0:
		return 0
	case b == 0 || p == 1:
		return 1
	}
	if regIncBeta(a, b, 0.5) < p { // the answer is in the upper half: solve for its distance from 1
		return 1 - betaLower(1-p, p, b, a)
	}
	return betaLower(p, 1-p, a, b)
}

// betaLower bisects log x in (0, 1/2] for I_x(a, b) = p; q is 1−p without its rounding.
func betaLower(p, q, a, b float64) float64 {
	lo, hi := -745.0, math.Log(0.5)
	for i := 0; i < 200; i++ {
		mid := (lo + hi) / 2
		if mid == lo || mid == hi {
			break
		}
		x := math.Exp(mid)
		below := false
		if q > 1e-3 || x < 1e-6 { // 1−x would lose the digits of a small x
			below = regIncBeta(a, b, x) < p
		} else {
			below = regIncBeta(b, a, 1-x) > q
		}
		if below {
			lo = mid
		} else {
			hi = mid
		}
	}
	return math.Exp((lo + hi) / 2)
}

// regIncBeta is the regularised incomplete beta function, with NaN where gonum would panic.
func regIncBeta(a, b, x float64) float64 {
	switch {
	case math.IsNaN(a) || math.IsNaN(b) || math.IsNaN(x) || a <= 0 || b <= 0:
		return math.NaN()
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	return mathext.RegIncBeta(a, b, x)
}
