package design_test

import (
	"math"
	"strings"
	"testing"

	"hailong/analytics/design"
)

// confidence2 makes z = 2, which the older textbooks use for "19 times in 20".
var confidence2 = math.Erf(math.Sqrt2)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Cochran (1977) 4.2–4.4, the anthropologist on the island: ±5 points, z = 2, p near one half give 400, and 356 of 3,200 inhabitants.
func TestCochranIsland(t *testing.T) {
	s, err := design.Proportion(0.5, 0.05, design.Assumptions{Confidence: confidence2})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "n₀", s.SRS, 400, 1e-9)
	s, err = design.Proportion(0.5, 0.05, design.Assumptions{Confidence: confidence2, Population: 3200})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "n", s.Finite, 400/(1+399.0/3200), 1e-9) // 355.65
	if s.Complete != 356 {
		t.Errorf("%d of 3,200 inhabitants, Cochran has 356", s.Complete)
	}
}

// Lohr (2010) 2.6, vegetarian recipes: N = 1,251, ±3 points, p = 0.5: n₀ ≈ 1067, n ≈ 576. Lohr takes S² = p(1−p), so it is a mean with sd 0.5.
func TestLohrCookbook(t *testing.T) {
	s, err := design.Mean(0.5, 0.03, design.Assumptions{Population: 1251})
	if err != nil {
		t.Fatal(err)
	}
	if math.Round(s.SRS) != 1067 || math.Round(s.Finite) != 576 {
		t.Errorf("n₀ %.2f, n %.2f; Lohr has 1067 and 576", s.SRS, s.Finite)
	}
}

// The table V9 of the domain notes (SIPAS section 7), e = 5 %.
func TestSlovinTable(t *testing.T) {
	for population, want := range map[int]struct {
		n     int
		exact float64 // 0: the notes give none
	}{
		120: {93, 92.31}, 400: {200, 200}, 1000: {286, 285.71}, 2500: {345, 0}, 10_000: {385, 384.62}, 50_000: {397, 0}, 1_000_000: {400, 0},
	} {
		s, err := design.Slovin(population, 0.05, design.Assumptions{})
		if err != nil {
			t.Fatal(err)
		}
		if s.N != want.n {
			t.Errorf("N = %d: %d forms, want %d", population, s.N, want.n)
		}
		if want.exact != 0 {
			near(t, "before rounding", s.Exact, want.exact, 0.005)
		}
	}
}

// Slovin is Cochran with z = 2, so at the usual z it is a little too many, and with a design effect far too few.
func TestSlovinMisleads(t *testing.T) {
	s, err := design.Slovin(100_000, 0.05, design.Assumptions{Deff: 2, Response: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	// n₀ = 1.959964²·0.25/0.0025 = 384.1459; finite 384.1459/(1+383.1459/100000) = 382.6797; ×2 = 765.36 → 766; /0.9 = 851.1 → 852.
	if s.N != 399 || s.Cochran.Complete != 766 || s.Cochran.Issue != 852 {
		t.Errorf("Slovin %d, needed %d, to hand out %d; want 399, 766, 852", s.N, s.Cochran.Complete, s.Cochran.Issue)
	}
	// 1.959964·√(2·0.25/399·(100000−399)/99999) = 0.069246
	near(t, "margin of Slovin's sample", s.Margin, 1.959963984540054*math.Sqrt(0.5/399*99601/99999), 1e-12)
	for _, want := range []string{"399", "6.9", "766", "852"} {
		if !strings.Contains(s.Note.EN, want) || !strings.Contains(s.Note.VI, strings.Replace(want, ".", ",", 1)) {
			t.Errorf("the note does not say %s:\n%s\n%s", want, s.Note.EN, s.Note.VI)
		}
	}
}

// Where no design effect is given, the note says what the forms are worth in a sample of communes and villages: 1.959964·√(2·0.25/399·99601/99999) = 0.0692,
// and 2·382.6797 = 765.4 → 766 answers (see above).
func TestSlovinSaysWhatClustersCost(t *testing.T) {
	s, err := design.Slovin(100_000, 0.05, design.Assumptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s.N != 399 || !strings.Contains(s.Note.EN, "the same 399 forms give ±6.9 points, and 766 answers") || !strings.Contains(s.Note.VI, "±6,9 điểm, và cần 766 phiếu") {
		t.Errorf("%d forms; the note says:\n%s\n%s", s.N, s.Note.EN, s.Note.VI)
	}
}

// R 4.2.2: power.prop.test(p1, p2, power, tol = 1e-14)$n
func TestDifferenceIsRs(t *testing.T) {
	for _, tt := range []struct{ from, to, power, want float64 }{
		{0.50, 0.75, 0.90, 76.7069284517774},
		{0.80, 0.85, 0.80, 905.365777964225},
	} {
		s, err := design.Difference(design.Change{From: tt.from, To: tt.to, Power: tt.power}, design.Assumptions{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "n", s.SRS, tt.want, 1e-9*tt.want)
		if s.Complete != int(math.Ceil(tt.want)) {
			t.Errorf("%d answers for %v", s.Complete, tt.want)
		}
	}
}

// A domain of a tenth needs ten times its own size in a sample that cannot aim at it; its own design effect and response stay.
func TestDomain(t *testing.T) {
	own, err := design.Proportion(0.84, 0.05, design.Assumptions{Deff: 1.5, Response: 0.8})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := design.Domain(own, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	if whole.Complete != 10*own.Complete || whole.Issue != int(math.Ceil(float64(whole.Complete)/0.8)) {
		t.Errorf("own %d, whole %d (%d to hand out)", own.Complete, whole.Complete, whole.Issue)
	}
	if _, err := design.Domain(design.Size{}, 0.1); err == nil {
		t.Error("a domain without a size of its own has one")
	}
}

// Size and margin are each other's inverse: the size gives the margin, one form less does not.
func TestMarginOfASizeIsWhatWasAsked(t *testing.T) {
	for _, p := range []float64{0.1, 0.5, 0.84} {
		for _, a := range []design.Assumptions{{}, {Deff: 2.3}, {Population: 700}, {Confidence: 0.9, Population: 5000}} {
			s, err := design.Proportion(p, 0.04, a)
			if err != nil {
				t.Fatal(err)
			}
			got, err := design.Margin(p, s.Complete, a)
			if err != nil {
				t.Fatal(err)
			}
			if got > 0.04+1e-12 {
				t.Errorf("p %v, %+v: %d answers give ±%v", p, a, s.Complete, got)
			}
			if less, _ := design.Margin(p, s.Complete-1, a); less <= 0.04 {
				t.Errorf("p %v, %+v: %d answers would do, %d asked for", p, a, s.Complete-1, s.Complete)
			}
		}
	}
}

func TestSizesThatMakeNoSense(t *testing.T) {
	nan := math.NaN()
	for name, f := range map[string]func() error{
		"share 0":       func() error { _, err := design.Proportion(0, 0.05, design.Assumptions{}); return err },
		"share NaN":     func() error { _, err := design.Proportion(nan, 0.05, design.Assumptions{}); return err },
		"margin 5":      func() error { _, err := design.Proportion(0.5, 5, design.Assumptions{}); return err },
		"margin tiny":   func() error { _, err := design.Proportion(0.5, 1e-9, design.Assumptions{}); return err },
		"confidence 95": func() error { _, err := design.Proportion(0.5, 0.05, design.Assumptions{Confidence: 95}); return err },
		"deff -1":       func() error { _, err := design.Mean(1, 1, design.Assumptions{Deff: -1}); return err },
		"response 1.2":  func() error { _, err := design.Mean(1, 1, design.Assumptions{Response: 1.2}); return err },
		"population -1": func() error { _, err := design.Mean(1, 1, design.Assumptions{Population: -1}); return err },
		"sd NaN":        func() error { _, err := design.Mean(nan, 1, design.Assumptions{}); return err },
		"same shares": func() error {
			_, err := design.Difference(design.Change{From: 0.5, To: 0.5}, design.Assumptions{})
			return err
		},
		"slovin nobody":  func() error { _, err := design.Slovin(0, 0.05, design.Assumptions{}); return err },
		"margin of none": func() error { _, err := design.Margin(0.5, 0, design.Assumptions{}); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
