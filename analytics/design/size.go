package design

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hailong/ingest/wording"
)

// Assumptions are what every size rests on. The zero value is 95 % confidence, a simple random sample, everybody answers, and a
// population too large to matter.
type Assumptions struct {
	Confidence float64 `json:"confidence"` // 0: 0.95
	Deff       float64 `json:"deff"`       // design effect; 0: 1
	Response   float64 `json:"response"`   // share of those asked who answer; 0: 1
	Population int     `json:"population"` // 0: so large that the finite population correction is nothing
}

// A Size is how many to ask, with the steps that lead to it.
type Size struct {
	Assumptions         // with their defaults
	Margin      float64 `json:"margin"`   // half-width of the interval that was asked for
	SRS         float64 `json:"srs"`      // before rounding: a simple random sample from a large population
	Finite      float64 `json:"finite"`   // the same with the finite population correction
	Complete    int     `json:"complete"` // answers needed: Finite × deff, rounded up, never more than the population
	Issue       int     `json:"issue"`    // forms to hand out: Complete / response, rounded up, never more than the population
}

func (a Assumptions) withDefaults() (Assumptions, error) {
	for v, def := range map[*float64]float64{&a.Confidence: 0.95, &a.Deff: 1, &a.Response: 1} {
		if *v == 0 {
			*v = def
		}
	}
	switch {
	case !(a.Confidence > 0 && a.Confidence < 1):
		return a, wording.Errorf("confidence %v: want a number between 0 and 1, such as 0.95", a.Confidence)
	case !(a.Deff > 0) || math.IsInf(a.Deff, 0):
		return a, wording.Errorf("design effect %v: want a number above 0, such as 2", a.Deff)
	case !(a.Response > 0 && a.Response <= 1):
		return a, wording.Errorf("response %v: want a share above 0 and at most 1", a.Response)
	case a.Population < 0:
		return a, wording.Errorf("population %d: want a number above 0, or none", a.Population)
	}
	return a, nil
}

// z is the two-sided normal quantile of the confidence.
func (a Assumptions) z() float64 { return distuv.UnitNormal.Quantile((1 + a.Confidence) / 2) }

// finish applies deff and response to the size under simple random sampling. The correction for a finite population comes before the design
// effect, which errs on the side of asking more: a clustered sample gains less from covering its population than a simple one does.
func (a Assumptions) finish(margin, srs, finite float64) (Size, error) {
	s := Size{Assumptions: a, Margin: margin, SRS: srs, Finite: finite}
	complete := up(finite * a.Deff)
	issue := up(complete / a.Response)
	if most := math.MaxInt32; issue > float64(most) {
		return Size{}, wording.Errorf("sizing the sample: %.3g forms would be needed; widen the margin", issue)
	}
	s.Complete, s.Issue = int(complete), int(issue)
	if a.Population > 0 {
		s.Complete, s.Issue = min(s.Complete, a.Population), min(s.Issue, a.Population)
	}
	return s, nil
}

// up rounds up, but not because of the last bits of a product.
func up(x float64) float64 { return math.Ceil(x * (1 - 1e-12)) }

// Proportion returns the size for a proportion that is expected near p, within ±margin (both shares, 0.05 for five points).
//
//	n₀ = z²·p·(1−p)/margin²,  n = n₀/(1+(n₀−1)/N)
//
// Cochran (1977), Sampling Techniques, 3rd ed., 4.1–4.4. With p = 0.5 it holds for any p.
func Proportion(p, margin float64, a Assumptions) (Size, error) {
	a, err := a.withDefaults()
	if err == nil && !(p > 0 && p < 1) {
		err = wording.Errorf("expected share %v: want a number between 0 and 1; 0.5 is the safe choice", p)
	}
	if err == nil && !(margin > 0 && margin < 1) {
		err = wording.Errorf("margin %v: want a share between 0 and 1, such as 0.03 for three points", margin)
	}
	if err != nil {
		return Size{}, wording.Errorf("sizing for a proportion: %w", err)
	}
	z := a.z()
	n0 := z * z * p * (1 - p) / (margin * margin)
	n := n0
	if a.Population > 0 {
		n = n0 / (1 + (n0-1)/float64(a.Population))
	}
	return a.finish(margin, n0, n)
}

// Mean returns the size for a mean of a variable with standard deviation sd, within ±margin in the variable's unit.
//
//	n₀ = (z·sd/margin)²,  n = n₀/(1+n₀/N)
//
// Cochran (1977) 4.6; Lohr (2010), Sampling: Design and Analysis, 2nd ed., 2.6.
func Mean(sd, margin float64, a Assumptions) (Size, error) {
	a, err := a.withDefaults()
	if err == nil && (!(sd > 0) || math.IsInf(sd, 0)) {
		err = wording.Errorf("standard deviation %v: want a number above 0", sd)
	}
	if err == nil && (!(margin > 0) || math.IsInf(margin, 0)) {
		err = wording.Errorf("margin %v: want a number above 0", margin)
	}
	if err != nil {
		return Size{}, wording.Errorf("sizing for a mean: %w", err)
	}
	n0 := math.Pow(a.z()*sd/margin, 2)
	n := n0
	if a.Population > 0 {
		n = n0 / (1 + n0/float64(a.Population))
	}
	return a.finish(margin, n0, n)
}

// Domain returns the size of a whole sample that gives a domain the size it needs for itself, where the domain is the given share of the population
// and cannot be sampled apart: n/share. The expected number of the domain's respondents is then what was asked for; in half of all samples it
// is less. A domain that can be listed should be a stratum, and cost no more than its own n.
func Domain(own Size, share float64) (Size, error) {
	if !(share > 0 && share <= 1) {
		return Size{}, wording.Errorf("sizing for a domain: share %v: want a number above 0 and at most 1", share)
	}
	if own.Complete < 1 || own.Deff <= 0 {
		return Size{}, wording.Errorf("sizing for a domain: its own size is not known; compute it by Proportion or Mean")
	}
	a := own.Assumptions
	a.Population = 0 // the domain's population bounded own, not the whole sample
	return a.finish(own.Margin, own.SRS/share, float64(own.Complete)/own.Deff/share)
}

// Margin returns the half-width of the interval of a share p from n answers, and the answer to "what did the sample that we have give us".
//
//	z·√(deff·p·(1−p)/n·(N−n)/(N−1))
func Margin(p float64, n int, a Assumptions) (float64, error) {
	a, err := a.withDefaults()
	if err == nil && !(p >= 0 && p <= 1) {
		err = wording.Errorf("share %v: want a number from 0 to 1", p)
	}
	if err == nil && (n < 1 || a.Population > 0 && n > a.Population) {
		err = wording.Errorf("%d answers: want at least one and no more than the population", n)
	}
	if err != nil {
		return 0, wording.Errorf("computing a margin: %w", err)
	}
	v := a.Deff * p * (1 - p) / float64(n)
	if a.Population > 1 {
		v *= float64(a.Population-n) / float64(a.Population-1)
	}
	return a.z() * math.Sqrt(v), nil
}
