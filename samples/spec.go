package samples

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
)

// A Spec says what to make. Its zero value is 600 forms on the 22 criteria of SIPAS 2017 in 3 strata of 10 PSUs.
type Spec struct {
	Seed          uint64
	Title         string                      // above the table, where the look has a title block
	Questionnaire questionnaire.Questionnaire // items and scales; zero: the 22 criteria of SIPAS 2017
	Groups        []ItemGroup                 // what the items are printed under; zero: one group of all, or the five factors of SIPAS 2017
	Root          string                      // the node of all items in the truth; empty: sipas for SIPAS 2017, else overall
	Positive      map[string][]int            // the codes of an item that count as satisfied; absent: the upper half of its scale
	Background    []Characteristic            // zero: sex, age, ethnicity, schooling, occupation, field; an empty slice: none
	Columns       Columns
	Design        Design
	Model         Model
	Defects       Defects
}

// An ItemGroup is a run of items under one printed heading, such as a factor.
type ItemGroup struct {
	ID    string // the node in the truth; empty: none
	Code  string // as printed: I, II
	Name  string
	Items []string
	Apart bool // asked, but not part of the index: the root does not pool them
}

// Columns are the names of a plain sheet's columns that are neither items nor characteristics. Zero: those of the SIPAS definitions.
type Columns struct {
	Form    string
	Stratum string
	PSU     string
	Weight  string
}

// Design is who was asked. Either Strata is given, or the three counts make it.
type Design struct {
	Strata   []Stratum
	NStrata  int // 0: 3
	PSUs     int // a stratum; 0: 10
	Forms    int // handed out in a PSU; 0: 20
	NoWeight bool
	// Response is the share of forms that come back; 0: all. A PSU keeps at least one. Weights are those of the forms that came back, so they
	// carry the adjustment within the stratum.
	Response float64
}

// A Stratum is one stratum with its sampled PSUs.
type Stratum struct {
	Code   string
	Name   string
	Units  int     // population units that the stratum's forms stand for: the weight is Units/forms; 0: as many as forms
	Effect float64 // on the latent satisfaction, in its standard deviations
	PSUs   []PSU
}

// A PSU is one sampled unit and the forms that were handed out in it.
type PSU struct {
	Code  string
	Name  string
	Forms int
}

// A Characteristic is one background question with the shares of its values.
type Characteristic struct {
	ID     string
	Header string
	Values []Value
	Number bool // the value is a whole number drawn from [From, To] of the chosen Value, not its label
}

// A Value is one value of a characteristic.
type Value struct {
	Label  string
	Share  float64
	Effect float64 // on the latent satisfaction
	From   int
	To     int
}

// Model is how answers come about: a latent satisfaction of variance one that is split into a PSU part, a respondent part
// (who is content with one thing is content with the next) and the rest, cut into the answer levels.
type Model struct {
	Positive      float64            // share of the positive levels (the two highest of five); 0: 0.85
	Items         map[string]float64 // the same, item by item, where it differs
	ICC           float64            // intra-cluster correlation of the latent variable within a PSU; 0: 0.04, negative: none
	Halo          float64            // the respondent's own share of the variance; 0: 0.40, negative: none
	StrataSD      float64            // of strata without an Effect of their own
	Blank         float64            // share of answers left blank
	DontKnow      float64            // share of "Không biết"
	DontKnowItems map[string]float64 // the same, item by item, where it differs
	Refused       float64
	StraightLine  float64 // share of respondents who give every item the same answer
}

// Defects are planted faults, by number. Their places follow from the seed.
type Defects struct {
	DuplicateForms int // a form number given twice, on two different forms
	TwoMarks       int // two answers to one item
	OutOfRange     int // an answer that is not on the scale
}

func (s Spec) withDefaults() Spec {
	if len(s.Questionnaire.Items) == 0 {
		s.Questionnaire = sipas2017()
		if s.Groups == nil {
			s.Groups = sipas2017Factors()
		}
		if s.Root == "" {
			s.Root = "sipas"
		}
	}
	if s.Root == "" {
		s.Root = "overall"
	}
	if s.Groups == nil {
		all := ItemGroup{Name: "Mức độ hài lòng"}
		for _, it := range s.Questionnaire.Items {
			all.Items = append(all.Items, it.ID)
		}
		s.Groups = []ItemGroup{all}
	}
	if s.Background == nil {
		s.Background = respondents()
	}
	for name, def := range map[*string]string{&s.Columns.Form: "ma_phieu", &s.Columns.Stratum: "huyen", &s.Columns.PSU: "xa", &s.Columns.Weight: "trong_so"} {
		if *name == "" {
			*name = def
		}
	}
	s.Design = s.Design.withDefaults()
	s.Model = s.Model.withDefaults()
	return s
}

func (d Design) withDefaults() Design {
	if d.Response == 0 {
		d.Response = 1
	}
	if len(d.Strata) > 0 {
		return d
	}
	orDefault(&d.NStrata, 3)
	orDefault(&d.PSUs, 10)
	orDefault(&d.Forms, 20)
	for h := range d.NStrata {
		st := Stratum{Code: fmt.Sprintf("%02d", h+1), Name: fmt.Sprintf("Tầng %02d", h+1), Effect: math.NaN()}
		for k := range d.PSUs {
			st.PSUs = append(st.PSUs, PSU{
				Code:  fmt.Sprintf("%02d%04d", h+1, k+1),
				Name:  fmt.Sprintf("Đơn vị %02d.%04d", h+1, k+1),
				Forms: d.Forms,
			})
		}
		d.Strata = append(d.Strata, st)
	}
	return d
}

func orDefault(v *int, def int) {
	if *v == 0 {
		*v = def
	}
}

func (m Model) withDefaults() Model {
	for v, def := range map[*float64]float64{&m.Positive: 0.85, &m.ICC: 0.04, &m.Halo: 0.40} {
		if *v == 0 {
			*v = def
		}
		*v = max(*v, 0)
	}
	return m
}

func (s Spec) check() error {
	m := s.Model
	switch {
	case !(m.Positive > 0 && m.Positive < 1):
		return wording.Errorf("checking the spec: positive share %v: want between 0 and 1", m.Positive)
	case !(m.ICC+m.Halo < 1):
		return wording.Errorf("checking the spec: icc %v + halo %v: want less than 1 together", m.ICC, m.Halo)
	}
	for _, c := range [...]struct {
		name  string
		share float64
	}{
		{"response", s.Design.Response},
		{"blank", m.Blank},
		{"dont_know", m.DontKnow},
		{"refused", m.Refused},
		{"straight_line", m.StraightLine},
	} {
		if !(c.share >= 0 && c.share <= 1) {
			return wording.Errorf("checking the spec: %s %v: want a share from 0 to 1", c.name, c.share)
		}
	}
	if m.Blank+m.DontKnow+m.Refused > 1 {
		return wording.Errorf("checking the spec: blank, dont_know and refused are %v together: want at most 1", m.Blank+m.DontKnow+m.Refused)
	}
	if !slices.ContainsFunc(s.Questionnaire.Items, func(it questionnaire.Item) bool { return !s.Questionnaire.Scales[it.Scale].Multiple }) {
		return wording.Errorf("checking the spec: every item takes several answers: want one that takes one")
	}
	ids := make([]string, len(s.Questionnaire.Items))
	for j, it := range s.Questionnaire.Items {
		ids[j] = it.ID
		sc, limit := s.Questionnaire.Scales[it.Scale], maxLevels
		if sc.Multiple {
			limit = maxChoices
		}
		if len(levels(sc)) < 2 || len(levels(sc)) > limit {
			return wording.Errorf("checking the spec: item %s: scale %q has %d codes to choose from: want 2 to %d", it.ID, it.Scale, len(levels(sc)), limit)
		}
	}
	for _, g := range s.Groups {
		for _, id := range g.Items {
			if !slices.Contains(ids, id) {
				return wording.Errorf("checking the spec: group %s names item %s, which the questionnaire does not have", g.Name, id)
			}
		}
	}
	for _, c := range s.Background {
		sum := 0.0
		for _, v := range c.Values {
			sum += v.Share
		}
		if math.Abs(sum-1) > 1e-9 {
			return wording.Errorf("checking the spec: %s: shares add to %v, not to 1", c.ID, sum)
		}
	}
	for _, st := range s.Design.Strata {
		for _, p := range st.PSUs {
			if p.Forms < 1 {
				return wording.Errorf("checking the spec: stratum %s, PSU %s: %d forms: want at least 1", st.Code, p.Code, p.Forms)
			}
		}
	}
	return nil
}

// maxLevels is how many codes a scale may have; one byte holds the level of an answer.
const maxLevels = 100

// numericSteps is into how many steps the range of a numeric item is cut.
const numericSteps = 10

// levels returns the codes of a scale in ascending order. A numeric scale has whole numbers, at most eleven of them, spread over its
// range (0 to 10 where it has none).
func levels(sc questionnaire.Scale) []int {
	if sc.Numeric {
		lo, hi := 0.0, 10.0
		if sc.Min != nil {
			lo, hi = *sc.Min, *sc.Min+10
		}
		if sc.Max != nil {
			hi = *sc.Max
		}
		step := max(1, math.Ceil((hi-lo)/numericSteps))
		var codes []int
		for v := math.Ceil(lo); v <= hi; v += step {
			codes = append(codes, int(v))
		}
		return codes
	}
	return slices.Sorted(maps.Keys(sc.Codes))
}
