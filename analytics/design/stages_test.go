package design_test

import (
	"math"
	"testing"

	"hailong/analytics/design"
	"hailong/analytics/result"
)

func stage(take, of int, icc float64) design.Stage {
	return design.Stage{Name: result.Text{EN: "stage"}, Take: take, Of: of, ICC: icc}
}

// Without clustering the margins are those of the domain notes (SIPAS section 3): n = 540 gives ±4.2 points at one half, ±3.1 at 84 %; with a design
// effect of 2, ±4.4. The exact values are R's qnorm(.975)*sqrt(deff*p*q/540).
func TestMarginsOfTheNotes(t *testing.T) {
	for _, tt := range []struct{ p, deff, want float64 }{
		{0.5, 1, 0.0421717103960553}, {0.84, 1, 0.0309208088121087}, {0.84, 2, 0.0437286271816297},
	} {
		got, err := design.Margin(tt.p, 540, design.Assumptions{Deff: tt.deff})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "margin", got, tt.want, 1e-15)
	}
	e, err := design.Multistage{Stages: []design.Stage{stage(540, 0, 0)}}.Expect(0.84, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "one stage", e.Normal, 0.0309208088121087, 1e-15)
	if e.Deff != 1 || e.N != 540 || e.DF != 539 {
		t.Errorf("%+v", e)
	}
}

// Kish's design effect: 1+(m−1)ρ for m persons in each of many clusters.
func TestTwoStagesAreKishs(t *testing.T) {
	e, err := design.Multistage{Stages: []design.Stage{stage(30, 0, 0.05), stage(20, 0, 0)}}.Expect(0.5, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "deff", e.Deff, 1+19*0.05, 1e-12)
	if e.DF != 29 || e.PSUs != 30 || e.N != 600 {
		t.Errorf("%+v", e)
	}
	// R: qt(.975, 29) = 2.0452296421327034
	near(t, "t margin", e.Margin, 2.0452296421327034*e.SE, 1e-12)
}

// Four stages by hand, p = 0.84, 3 districts of 9 with fraction 1/3: Var/pq = 0.005·(2/3)/3 + 0.01/6 + 0.02/18 + 0.965/540.
func TestSIPASInATypicalProvince(t *testing.T) {
	all := design.Designs(design.ICCs{}, 9)
	e, err := all[0].Expect(0.84, 0)
	if err != nil {
		t.Fatal(err)
	}
	v := 0.005*(2.0/3)/3 + 0.01/6 + 0.02/18 + 0.965/540
	near(t, "deff", e.Deff, 540*v, 1e-12)
	near(t, "se", e.SE, math.Sqrt(0.84*0.16*v), 1e-15)
	if e.N != 540 || e.PSUs != 3 || e.DF != 2 {
		t.Errorf("%+v, want 540 persons in 3 PSUs", e)
	}
	// R: qt(.975, 2) = 4.30265272974946. Three districts leave two degrees of freedom: the honest interval is more than twice the quoted one.
	near(t, "margin over quoted margin", e.Margin/e.Normal, 4.30265272974946/1.95996398454005, 1e-9)
}

// Sizes of the PAPI samples (papi.org.vn): 192, 384 and 576 interviews in a province.
func TestPAPISizes(t *testing.T) {
	sizes := []int{540, 1080, 192, 384, 576}
	for i, d := range design.Designs(design.ICCs{}, 0) {
		e, err := d.Expect(0.5, 0)
		if err != nil {
			t.Fatal(err)
		}
		if e.N != sizes[i] {
			t.Errorf("%s: %d persons, want %d", d.Name.EN, e.N, sizes[i])
		}
	}
}

// Where every district is taken, districts are strata: they add no variance, and the degrees of freedom are communes less districts.
func TestCompleteStageIsAStratification(t *testing.T) {
	all := design.Designs(design.ICCs{District: 0.1, Commune: 0.01, Village: 0.02}, 3)
	e, err := all[0].Expect(0.5, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "deff", e.Deff, 540*(0.01/6+0.02/18+0.87/540), 1e-12)
	if e.DF != 3 || e.PSUs != 6 {
		t.Errorf("%+v, want 6 communes in 3 districts", e)
	}
}

func TestDesignsThatMakeNoSense(t *testing.T) {
	for name, d := range map[string]design.Multistage{
		"none":        {},
		"takes none":  {Stages: []design.Stage{stage(0, 0, 0)}},
		"over all":    {Stages: []design.Stage{stage(4, 3, 0)}},
		"icc over 1":  {Stages: []design.Stage{stage(3, 0, 0.6), stage(3, 0, 0.6)}},
		"icc below 0": {Stages: []design.Stage{stage(3, 0, -0.1), stage(3, 0, 0)}},
		"all below":   {Stages: []design.Stage{stage(3, 0, 0.1), {Take: 2, All: true}, stage(3, 0, 0)}},
		"all persons": {Stages: []design.Stage{{Take: 2, All: true}}},
		"too many":    {Stages: []design.Stage{stage(1<<20, 0, 0.1), stage(1<<20, 0, 0)}},
	} {
		if _, err := d.Expect(0.5, 0); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ok := design.Multistage{Stages: []design.Stage{stage(1, 0, 0.1), stage(30, 0, 0)}}
	if _, err := ok.Expect(1.5, 0); err == nil {
		t.Error("a share of 1.5 has a margin")
	}
	e, err := ok.Expect(0.5, 0)
	if err != nil || !e.Infinite || e.Margin != e.Normal {
		t.Errorf("one PSU: %+v, %v; want it said that no interval can be had", e, err)
	}
}
