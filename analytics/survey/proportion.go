package survey

import (
	"math"

	"hailong/ingest/wording"
)

// Doubts about an interval of a proportion, as its warnings word them.
var (
	ErrEdge       = wording.Errorf("proportion is 0 or 1: Clopper-Pearson limits with the number of respondents")
	ErrNoWidth    = wording.Errorf("standard error is 0: the interval has no width")
	ErrArcsine    = wording.Errorf("the arcsine interval passes 0 or 1: use logit or beta")
	ErrBeyond     = wording.Errorf("the interval passes 0 or 1: use logit, wilson or beta")
	ErrOneSided   = wording.Errorf("the likelihood profile does not reach the level: no limit on that side")
	ErrEffectiveN = wording.Errorf("the effective sample size is above the number of respondents (left uncapped, as in R)")
)

// ProportionMethods are the words that ProportionCI knows, the default first.
var ProportionMethods = [...]string{"logit", "beta", "wilson", "asin", "mean", "likelihood", "xlogit"}

// ProportionCI is the confidence interval of a proportion p (0…1) whose design-based variance is known, with Student's t on df.
// n is the number of respondents. R: svyciprop(~I(...), design, method, level, df = degf(design)).
//
//   - logit, xlogit: expit(logit p ± t·√v/(p(1−p))); the two words are the same interval (for replicate designs logit takes the variance of the replicates' logits).
//   - beta: Korn & Graubard (1998): n* = p(1−p)/v·(t_{n−1}/t_df)², limits Beta(α/2; x, n*−x+1) and Beta(1−α/2; x+1, n*−x), x = n*·p; n* is not capped, as in R.
//   - wilson: Wilson (1927) with n* = p(1−p)/v and t_df in place of z (survey ≥ 4.5).
//   - asin: sin²(asin√p ± t·√(v/(4p(1−p)))).
//   - mean: p ± t·√v.
//   - likelihood: profile of the working binomial likelihood, scaled by n·v/(p(1−p)), as R interpolates it; none for replicate designs, as in R.
//
// df ≤ 0 has no interval: NaN and a warning. For p = 0 or 1, where R gives NaN or a zero width, the limits are
// Clopper & Pearson's with n respondents, and a warning says so.
func ProportionCI(method string, p, variance float64, n int, df, level float64) (lo, hi float64, warnings []error) {
	return proportionInterval{p: p, v: variance, n: n, valid: n, df: df}.limits(method, level)
}

// A proportionInterval is a proportion with what its intervals rest on.
type proportionInterval struct {
	p, v       float64
	n          int // rows, with those of weight 0
	valid      int // rows of weight other than 0
	df         float64
	logitVar   float64 // of logit p, where replicates give it; 0: by the delta method
	replicated bool    // by replicate weights
	working    float64 // see likelihoodInterval; 0: that of equal weights
}

func (i proportionInterval) limits(method string, level float64) (lo, hi float64, warnings []error) {
	p, v, n, df := i.p, i.v, i.n, i.df
	alpha := (1 - level) / 2
	nan := math.NaN()
	switch {
	case math.IsNaN(p) || math.IsNaN(v):
		return nan, nan, nil
	case !(df > 0):
		return nan, nan, []error{wording.Errorf("no degrees of freedom: no interval")}
	case p <= 0 || p >= 1:
		if p < 0 || p > 1 {
			return nan, nan, []error{wording.Errorf("proportion %g is outside 0…1: no interval", p)}
		}
		lo, hi = clopperPearson(p, n, level)
		return lo, hi, []error{ErrEdge}
	case v == 0:
		return p, p, []error{ErrNoWidth}
	case v < 0:
		return nan, nan, []error{wording.Errorf("variance is negative: no interval")}
	}
	t := TQuantile(1-alpha, df)
	se := math.Sqrt(v)
	switch method {
	case "logit", "xlogit":
		center, half := math.Log(p/(1-p)), t*se/(p*(1-p))
		if method == "logit" && i.logitVar > 0 {
			half = t * math.Sqrt(i.logitVar)
		}
		return expit(center - half), expit(center + half), nil
	case "beta":
		return kornGraubard(p, v, n, df, level)
	case "wilson":
		nEff := p * (1 - p) / v
		den := 1 + t*t/nEff
		center := p + t*t/(2*nEff)
		half := t / (2 * nEff) * math.Sqrt(4*nEff*p*(1-p)+t*t)
		return (center - half) / den, (center + half) / den, nil
	case "asin":
		center, half := math.Asin(math.Sqrt(p)), t*se/(2*math.Sqrt(p*(1-p)))
		l, h := math.Sin(center-half), math.Sin(center+half)
		if center-half < 0 || center+half > math.Pi/2 {
			warnings = []error{ErrArcsine}
		}
		return l * l, h * h, warnings
	case "mean":
		if p-t*se < 0 || p+t*se > 1 {
			warnings = []error{ErrBeyond}
		}
		return p - t*se, p + t*se, warnings
	case "likelihood":
		if i.replicated { // R scales the deviance by Σw there and finds no limit
			return nan, nan, []error{wording.Errorf("the likelihood interval does not go with replicate weights: use logit or beta")}
		}
		working := i.working
		if working == 0 {
			working = workingVariance(p, n)
		}
		lo, hi = likelihoodInterval(p, v, n, i.valid, df, level, working)
		if math.IsNaN(lo) || math.IsNaN(hi) {
			warnings = []error{ErrOneSided}
		}
		return lo, hi, warnings
	}
	return nan, nan, []error{wording.Errorf("interval method %q is not one of %v", method, ProportionMethods)}
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func kornGraubard(p, v float64, n int, df, level float64) (lo, hi float64, warnings []error) {
	alpha := (1 - level) / 2
	ratio := TQuantile(alpha, float64(n-1)) / TQuantile(alpha, df)
	nEff := p * (1 - p) / v * ratio * ratio
	if nEff > float64(n) {
		warnings = []error{ErrEffectiveN}
	}
	return BetaQuantile(alpha, nEff*p, nEff*(1-p)+1), BetaQuantile(1-alpha, nEff*p+1, nEff*(1-p)), warnings
}

// clopperPearson is the exact binomial interval of x = n·p successes in n (Clopper & Pearson 1934). R: binom.test(x, n)$conf.int.
func clopperPearson(p float64, n int, level float64) (lo, hi float64) {
	alpha := (1 - level) / 2
	x, m := p*float64(n), float64(n)
	return BetaQuantile(alpha, x, m-x+1), BetaQuantile(1-alpha, x+1, m-x)
}
