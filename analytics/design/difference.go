package design

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"hailong/ingest/wording"
)

// A Change is a difference that a survey is to find: between two groups, or between two waves.
type Change struct {
	From, To    float64 // shares
	Power       float64 // probability of finding it; 0: 0.80
	Correlation float64 // between the two estimates, for waves that share their PSUs; 0: independent samples
}

// Difference returns the size of each of two samples that find the change with the given power at the confidence's level, two-sided.
//
//	n = (z_{1−α/2}·√(2·p̄·q̄) + z_{power}·√(p₁q₁+p₂q₂))² / (p₁−p₂)²
//
// Fleiss (1981), Statistical Methods for Rates and Proportions, 2nd ed., ch. 3, without the continuity correction; R: power.prop.test(p1, p2, power). A correlation
// of the estimates takes its share off the variance of their difference, 2·(1−ρ)·σ² instead of 2·σ².
func Difference(c Change, a Assumptions) (Size, error) {
	a, err := a.withDefaults()
	if c.Power == 0 {
		c.Power = 0.80
	}
	switch {
	case err != nil:
	case !(c.From > 0 && c.From < 1 && c.To > 0 && c.To < 1):
		err = wording.Errorf("shares %v and %v: want numbers between 0 and 1", c.From, c.To)
	case c.From == c.To:
		err = wording.Errorf("shares %v and %v: want two that differ", c.From, c.To)
	case !(c.Power > 0 && c.Power < 1):
		err = wording.Errorf("power %v: want a number between 0 and 1, such as 0.8", c.Power)
	case !(c.Correlation >= 0 && c.Correlation < 1):
		err = wording.Errorf("correlation %v: want a number from 0 to below 1", c.Correlation)
	}
	if err != nil {
		return Size{}, wording.Errorf("sizing for a difference: %w", err)
	}
	mean := (c.From + c.To) / 2
	root := a.z()*math.Sqrt(2*mean*(1-mean)) +
		distuv.UnitNormal.Quantile(c.Power)*math.Sqrt(c.From*(1-c.From)+c.To*(1-c.To))
	n := root * root / ((c.From - c.To) * (c.From - c.To)) * (1 - c.Correlation)
	finite := n
	if a.Population > 0 {
		finite = n / (1 + (n-1)/float64(a.Population))
	}
	return a.finish(math.Abs(c.From-c.To), n, finite)
}
