package design_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat/distuv"

	"hailong/analytics/design"
)

// Worked numbers of textbooks and manuals, as they print them. Abbreviations:
//
//	VDK   Valliant, Dever, Kreuter, Practical Tools for Designing and Weighting Survey Samples; the authors' scripts with their output are at
//	      github.com/fkreuter/PracTools, folder Examples
//	VIG   the vignette "Sample Size Calculation in Single-stage Sampling" of the R package PracTools (cran/PracTools, inst/doc/Singlestage-samsize.html)
//	DHS   ICF International (2012), Sampling and Household Listing Manual, 1.6.2, the table as quoted in userforum.dhsprogram.com, th=5155
//	STEPS WHO, the calculator of the STEPS surveys (docstoc.com/docs/155749331)
//	STR   the R package stratallo, README (github.com/wwojciech/stratallo)

// relative is the margin that gives a coefficient of variation of cv to an estimate near value.
func relative(cv, value float64) float64 { return distuv.UnitNormal.Quantile(0.975) * cv * value }

// VDK example 3.3 (file "Example 3.3.out"): a coefficient of variation of 5 % for a mean whose variable has one of 0.4, 0.25 or 0.75. VIG example 1: of 2 in a
// very large population, and of 2 among 500.
func TestMeanIsValliants(t *testing.T) {
	for _, tt := range []struct {
		cv         float64
		population int
		want       float64
		digits     float64
	}{
		{0.4, 504, 56.78873, 1e-5},
		{0.4, 68, 32.96970, 1e-5},
		{0.4, 326, 53.49744, 1e-5},
		{0.4, 110, 40.45977, 1e-5},
		{0.25, 504, 23.81853, 1e-5},
		{0.75, 504, 155.5556, 1e-4},
		{2, 0, 1600, 1e-6},
		{2, 500, 381, 0.5},
	} {
		s, err := design.Mean(tt.cv, relative(0.05, 1), design.Assumptions{Population: tt.population})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "n", s.Finite, tt.want, tt.digits)
	}
}

// VIG example 2: ceiling(nCont(CV0 = seq(0.01, 0.21, 0.02), CVpop = 2)).
func TestMeanIsRoundedUpAsValliants(t *testing.T) {
	var got []int
	for k := range 11 {
		s, err := design.Mean(2, relative(0.01+0.02*float64(k), 1), design.Assumptions{})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s.Complete)
	}
	if diff := cmp.Diff([]int{40000, 4445, 1600, 817, 494, 331, 237, 178, 139, 111, 91}, got); diff != "" {
		t.Error(diff)
	}
}

// VIG example 3: ceiling(nPropMoe(moe.sw=1, e=seq(0.01,0.08,0.01), alpha=0.05, pU=0.5)).
func TestProportionIsValliants(t *testing.T) {
	var got []int
	for k := range 8 {
		s, err := design.Proportion(0.5, 0.01*float64(k+1), design.Assumptions{})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s.Complete)
	}
	if diff := cmp.Diff([]int{9604, 2401, 1068, 601, 385, 267, 196, 151}, got); diff != "" {
		t.Error(diff)
	}
}

// DHS: a proportion of 0.20 with a deft of 1.40, individual response 0.96, household response 0.92 and 1.05 persons a household; relative
// standard errors of 12, 11, 10 and 5 %. The manual rounds persons to the nearest, so that the first sample misses its aim by a hair (544.4), and households up.
// Its limits are two standard errors.
func TestProportionWithDesignEffectIsDHS(t *testing.T) {
	const household = 0.96 * 0.92 * 1.05
	for _, tt := range []struct{ rse, persons, households, lower, upper float64 }{
		{0.12, 544, 587, 0.152, 0.248}, {0.11, 648, 699, 0.156, 0.244}, {0.10, 784, 846, 0.160, 0.240}, {0.05, 3136, 3382, 0.180, 0.220},
	} {
		a := design.Assumptions{Deff: 1.4 * 1.4, Response: household, Confidence: confidence2}
		s, err := design.Proportion(0.20, 2*tt.rse*0.20, a)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "persons", math.Round(s.Finite*s.Deff), tt.persons, 0)
		near(t, "households", math.Ceil(math.Round(s.Finite*s.Deff)/household), tt.households, 0)
		if s.Complete < int(tt.persons) || s.Complete > int(tt.persons)+1 || s.Issue < int(tt.households) || s.Issue > int(tt.households)+1 {
			t.Errorf("%d persons, %d households: want the manual's %v and %v, or one more where it rounds down", s.Complete, s.Issue, tt.persons, tt.households)
		}
		m, err := design.Margin(0.20, int(tt.persons), a)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "lower limit", 0.20-m, tt.lower, 0.0005)
		near(t, "upper limit", 0.20+m, tt.upper, 0.0005)
	}
}

// STEPS: z = 1.96, p = 0.5, ±5 points: 384.16.
func TestProportionIsSTEPS(t *testing.T) {
	s, err := design.Proportion(0.5, 0.05, design.Assumptions{Confidence: math.Erf(1.96 / math.Sqrt2)})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "n", s.SRS, 384.16, 1e-9)
}

// VDK examples 4.8 and 4.9 (files "Example 4.8.R", "Example 4.9.R"): R's power.prop.test, one-sided at 5 %, which is two-sided at 10 %. The power printed for 1,000
// persons a group gives those 1,000 back.
func TestDifferenceIsValliants(t *testing.T) {
	for _, tt := range []struct{ from, to, power, want, digits float64 }{
		{0.15, 0.18, 0.8, 1891.846, 1e-3}, {0.15, 0.18, 0.56456, 1000, 0.01}, {0.50, 0.53, 0.3810421, 1000, 0.001},
	} {
		s, err := design.Difference(design.Change{From: tt.from, To: tt.to, Power: tt.power}, design.Assumptions{Confidence: 0.90})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "n", s.SRS, tt.want, tt.digits)
	}
}

// VDK example 4.10: two waves of which half the persons are the same, px = 0.5, py = 0.55, both 0.45: 1,013 persons a wave. The covariance of the two estimates is
// half of 0.45 − 0.5·0.55, so their correlation is that over the mean of their variances. The book takes p₁q₁ + p₂q₂ under both hypotheses where Fleiss has
// 2p̄q̄ under the first, which asks for two persons more in a thousand.
func TestOverlappingWavesAreValliants(t *testing.T) {
	variance := (0.5*0.5 + 0.55*0.45) / 2
	s, err := design.Difference(design.Change{From: 0.5, To: 0.55, Power: 0.8, Correlation: 0.5 * (0.45 - 0.5*0.55) / variance}, design.Assumptions{})
	if err != nil {
		t.Fatal(err)
	}
	z, power := distuv.UnitNormal.Quantile(0.975), distuv.UnitNormal.Quantile(0.8)
	pooled := math.Pow((z*math.Sqrt(2*0.525*0.475)+power*math.Sqrt(2*variance))/((z+power)*math.Sqrt(2*variance)), 2)
	near(t, "n as the book has it", math.Ceil(s.SRS/pooled), 1013, 0)
	near(t, "n", s.SRS, 1013*pooled, 1)
}

// hospitals are the six strata of VDK chapter 3.
func hospitals() []design.Stratum {
	sd := []float64{26787207, 10645109, 6909676, 11085034, 9817762, 44553355}
	var out []design.Stratum
	for h, n := range []int{215, 65, 252, 50, 149, 144} {
		out = append(out, design.Stratum{Name: "h", N: n, SD: sd[h], Min: 1})
	}
	return out
}

// VIG: strAlloc(n.tot = 100, Nh, Sh, alloc = "neyman"), in fractions of a hospital, with a standard error of 1,727,173. The whole numbers stand less than one
// from them and lose less than a thousandth of the standard error.
func TestNeymanIsValliants(t *testing.T) {
	strata := hospitals()
	got, err := design.Allocate(strata, 100, design.Neyman, 0)
	if err != nil {
		t.Fatal(err)
	}
	for h, want := range []float64{34.641683, 4.161947, 10.473487, 3.333804, 8.798970, 38.590108} {
		near(t, "n of a stratum", float64(got[h]), want, 1)
	}
	v := variance(strata, got)
	for _, s := range strata {
		v -= float64(s.N) * s.SD * s.SD // the finite population correction
	}
	if se := math.Sqrt(v) / 875; se < 1727173 || se > 1727173*1.001 {
		t.Errorf("standard error %.0f of the whole numbers %v: want no less than 1,727,173 of the fractions, and at most 0.1 %% more", se, got)
	}
}

// VDK example 3.20 (file "Examples 3.19 3.20.lst"): SAS SURVEYSELECT, 50 hospitals in proportion to 215, 64, 216, 44 and 132.
func TestProportionalIsSAS(t *testing.T) {
	var strata []design.Stratum
	for _, n := range []int{215, 64, 216, 44, 132} {
		strata = append(strata, design.Stratum{Name: "h", N: n})
	}
	got, err := design.Allocate(strata, 50, design.Proportional, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{16, 5, 16, 3, 10}, got); diff != "" {
		t.Error(diff)
	}
}

// STR: N = 3000, 4000, 5000, 2000; S = 48, 79, 76, 16; n = 190: opt(n, A = N*S) in fractions and its variance; and with lower bounds of 50, 120, 1 and 2,
// where the fractions are whole.
func TestNeymanIsStratallos(t *testing.T) {
	strata := func(mins ...int) []design.Stratum {
		var out []design.Stratum
		for h, n := range []int{3000, 4000, 5000, 2000} {
			out = append(out, design.Stratum{Name: "h", N: n, SD: []float64{48, 79, 76, 16}[h], Min: mins[h]})
		}
		return out
	}
	free, err := design.Allocate(strata(1, 1, 1, 1), 190, design.Neyman, 0)
	if err != nil {
		t.Fatal(err)
	}
	v := variance(strata(1, 1, 1, 1), free)
	for h, want := range []float64{31.376147, 68.853211, 82.798165, 6.972477} {
		near(t, "n of a stratum", float64(free[h]), want, 1)
		v -= float64(strata(1, 1, 1, 1)[h].N) * math.Pow(strata(1, 1, 1, 1)[h].SD, 2)
	}
	if v < 3940753053 || v > 3940753053*1.001 {
		t.Errorf("variance %.0f: want no less than 3940753053 of the fractions, and at most 0.1 %% more", v)
	}
	bound, err := design.Allocate(strata(50, 120, 1, 2), 190, design.Neyman, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{50, 120, 18, 2}, bound); diff != "" {
		t.Error(diff)
	}
}

// Bankier's power allocation lies between two others: with a power of one it is Neyman's (whatever the means), and with nought it gives every stratum the same
// coefficient of variation (Bankier 1988, p. 174), up to whole numbers and without finite population correction.
func TestPowerAllocationsEnds(t *testing.T) {
	strata := hospitals()
	for h := range strata {
		strata[h].Mean = 1e6 * float64(10+h)
	}
	neyman, err := design.Allocate(strata, 400, design.Neyman, 0)
	if err != nil {
		t.Fatal(err)
	}
	one, err := design.Allocate(strata, 400, design.Power, 1)
	if err != nil {
		t.Fatal(err)
	}
	for h := range strata {
		near(t, "power 1 and Neyman", float64(one[h]), float64(neyman[h]), 1)
	}
	for h := range strata {
		strata[h].N *= 1000 // so that no stratum is taken whole
	}
	nought, err := design.Allocate(strata, 400, design.Power, 0)
	if err != nil {
		t.Fatal(err)
	}
	squares := 0.0
	for _, s := range strata {
		squares += s.SD / s.Mean
	}
	for h, s := range strata {
		near(t, "power 0", float64(nought[h]), 400*s.SD/s.Mean/squares, 1)
	}
}
