package design

import (
	"math"

	"hailong/analytics/result"
	"hailong/ingest/wording"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Stage is one stage of a multistage sample.
type Stage struct {
	Name result.Text
	Take int     // units taken within each unit of the stage before
	Of   int     // units there are; 0: so many that the fraction taken is nothing
	ICC  float64 // share of the variance that lies between the units of this stage, within one unit of the stage before
	All  bool    // every unit is in the sample: the stage is a stratification and adds no variance
}

// A Multistage is a design in stages; the last one takes persons and has no ICC.
type Multistage struct {
	Name   result.Text
	Stages []Stage
	Basis  string // official, inferred, recalled
	Source string
}

// An Expected is what a design will give for one share, before any answer is in.
type Expected struct {
	N      int     `json:"n"`    // persons
	PSUs   int     `json:"psus"` // units of the first sampled stage
	DF     int     `json:"df"`   // PSUs − 1, or by stratum where the stages before are complete: PSUs − strata
	Deff   float64 `json:"deff"` // over a simple random sample of N
	SE     float64 `json:"se"`
	Margin float64 `json:"margin"` // t quantile with DF
	Normal float64 `json:"normal"` // z quantile: what is usually quoted
	// Infinite says that DF is 0, so that no interval can be had from the sample itself; Margin is then the normal one.
	Infinite bool `json:"infinite"`
}

// Expect computes the variance of a share p under the design, stage by stage:
//
//	Var = p·q·Σ_k ρ_k·(1−f_k)/(n_1·…·n_k),  the last stage with ρ = 1 − Σρ
//
// f_k being the fraction taken where Of is known (Cochran 1977, ch. 10, with equal sizes).
// With two stages and no fractions it is p·q/n·(1+(m−1)ρ), Kish's design effect (Survey Sampling, 1965, ch. 5).
func (d Multistage) Expect(p float64, confidence float64) (Expected, error) {
	if confidence == 0 {
		confidence = 0.95
	}
	if err := d.check(p, confidence); err != nil {
		return Expected{}, wording.Errorf("expecting the margin of %s: %w", d.Name.EN, err)
	}
	var e Expected
	left, product, strata := 1.0, 1.0, 1
	sum := 0.0
	for k, s := range d.Stages {
		last := k == len(d.Stages)-1
		product *= float64(s.Take)
		icc := s.ICC
		if last {
			icc = left
		}
		left -= s.ICC
		if s.All {
			strata *= s.Take
			continue
		}
		if e.PSUs == 0 {
			e.PSUs = int(product)
		}
		f := 0.0
		if s.Of > 0 {
			f = float64(s.Take) / float64(s.Of)
		}
		sum += icc * (1 - f) / product
	}
	e.N = int(product)
	e.DF = e.PSUs - strata
	e.Deff = sum * product
	e.SE = math.Sqrt(p * (1 - p) * sum)
	e.Normal = distuv.UnitNormal.Quantile((1+confidence)/2) * e.SE
	e.Margin = e.Normal
	if e.DF < 1 {
		e.Infinite = true
		return e, nil
	}
	e.Margin = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(e.DF)}.Quantile((1+confidence)/2) * e.SE
	return e, nil
}

func (d Multistage) check(p, confidence float64) error {
	if !(p > 0 && p < 1) {
		return wording.Errorf("share %v: want a number between 0 and 1", p)
	}
	if !(confidence > 0 && confidence < 1) {
		return wording.Errorf("confidence %v: want a number between 0 and 1, such as 0.95", confidence)
	}
	if len(d.Stages) == 0 {
		return wording.Errorf("the design has no stage")
	}
	total, sampled, n := 0.0, false, 1.0
	for k, s := range d.Stages {
		switch {
		case s.Take < 1:
			return wording.Errorf("stage %s takes %d units", s.Name.EN, s.Take)
		case s.Of != 0 && s.Of < s.Take:
			return wording.Errorf("stage %s takes %d units of %d", s.Name.EN, s.Take, s.Of)
		case !(s.ICC >= 0 && s.ICC < 1):
			return wording.Errorf("stage %s has an intra-cluster correlation of %v: want a number from 0 to below 1", s.Name.EN, s.ICC)
		case s.All && sampled:
			return wording.Errorf("stage %s is complete below a sampled one: only the first stages can be strata", s.Name.EN)
		case k == len(d.Stages)-1 && s.All:
			return wording.Errorf("the last stage, %s, takes everyone: there is nothing to estimate", s.Name.EN)
		}
		total += s.ICC
		sampled = sampled || !s.All
		if n *= float64(s.Take); n > math.MaxInt32 {
			return wording.Errorf("the stages take more than %d persons", math.MaxInt32)
		}
	}
	if total >= 1 {
		return wording.Errorf("the intra-cluster correlations add to %v: want less than 1", total)
	}
	return nil
}

// ICCs are assumed, not published: how alike people of one district, of one commune within it and of one village within that answer. They are the
// caller's to set; the zero value stands for 0.005, 0.01 and 0.02, a design effect near 3 for the SIPAS sample and near 2 for PAPI's.
type ICCs struct {
	District float64
	Commune  float64
	Village  float64
}

func (c ICCs) withDefaults() ICCs {
	if c == (ICCs{}) {
		return ICCs{District: 0.005, Commune: 0.01, Village: 0.02}
	}
	return c
}

// Designs returns the sampling designs that the indices use in one province, with the number of districts that it has (0: unknown).
func Designs(icc ICCs, districts int) []Multistage {
	icc = icc.withDefaults()
	stages := func(district, commune, village, person int) []Stage {
		first := Stage{Name: result.Text{VI: "huyện", EN: "district"}, Take: district, Of: max(districts, 0), ICC: icc.District}
		if first.Of > 0 && first.Take >= first.Of {
			first.Take, first.All = first.Of, true
		}
		return []Stage{
			first,
			{Name: result.Text{VI: "xã", EN: "commune"}, Take: commune, ICC: icc.Commune},
			{Name: result.Text{VI: "thôn, ấp", EN: "village"}, Take: village, ICC: icc.Village},
			{Name: result.Text{VI: "người dân", EN: "person"}, Take: person},
		}
	}
	const (
		sipas = "SIPAS 2024: 195 districts, 385 communes, 1,170 villages, 36,525 people (vietnamplus 312944)"
		papi  = "papi.org.vn, questions and answers"
	)
	return []Multistage{
		{Name: result.Text{VI: "SIPAS từ 2022, tỉnh", EN: "SIPAS since 2022, province"}, Basis: "inferred", Source: sipas, Stages: stages(3, 2, 3, 30)},
		{Name: result.Text{VI: "SIPAS từ 2022, Hà Nội và TP.HCM", EN: "SIPAS since 2022, Hà Nội and HCMC"}, Basis: "inferred", Source: sipas, Stages: stages(6, 2, 3, 30)},
		{Name: result.Text{VI: "PAPI, tỉnh dưới 2 triệu dân", EN: "PAPI, province below 2 million"}, Basis: "official", Source: papi, Stages: stages(3, 2, 2, 16)},
		{Name: result.Text{VI: "PAPI, tỉnh 2–5 triệu dân", EN: "PAPI, province of 2 to 5 million"}, Basis: "official", Source: papi, Stages: stages(6, 2, 2, 16)},
		{Name: result.Text{VI: "PAPI, Hà Nội và TP.HCM", EN: "PAPI, Hà Nội and HCMC"}, Basis: "official", Source: papi, Stages: stages(6, 2, 2, 24)},
	}
}
