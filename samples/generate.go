package samples

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
)

// maxForms is how many forms are made at a time: some 110 bytes each are held in memory.
const maxForms = 50_000_000

// A Survey is the answers as they were given, before any sheet was made of them.
type Survey struct {
	Spec  Spec // with its defaults
	Forms []Form
	// Issued is how many forms were handed out; those in Forms came back.
	Issued int

	items   []itemModel
	choices []choiceModel // the items that take several answers at once
	picks   []picks       // form by form, one a choiceModel
	answers []int8        // form by form, one an item: the level, from 1; 0 is blank; below are the dataset's codes of the other kinds of missing
	values  []int16       // form by form: the index of the value, or the number where the characteristic is one
	marks   map[int]mark  // planted answers by index into answers
}

// blank is the level of an answer that was not given.
const blank = 0

// A Form is one respondent's place in the design.
type Form struct {
	Number  string
	Stratum int
	PSU     int     // within the stratum
	Weight  float64 // two decimals
	Line    bool    // gives every item the same answer
}

// A mark is what the sheet shows instead of an answer.
type mark struct {
	kind string // two_marks, out_of_range
	a, b int    // the two codes, or the one that is off the scale
}

// itemModel is an item with its levels and the cuts of the latent variable between them.
type itemModel struct {
	questionnaire.Item
	numeric  bool
	codes    []int // worst first: the latent variable climbs them
	positive int   // index of the first positive code
	labels   []string
	cuts     []float64
	dontKnow float64
}

// level returns the level of an answer: from 1 up, blank, or below it a kind of missing.
func (s *Survey) level(form, item int) int { return int(s.answers[form*len(s.items)+item]) }
func (s *Survey) value(form, c int) int    { return int(s.values[form*len(s.Spec.Background)+c]) }

// Answer returns the code of an answer as a dataset holds it (a kind of missing is negative), and false where it is blank.
func (s *Survey) Answer(form, item int) (code int, given bool) {
	l := s.level(form, item)
	if l > blank {
		return s.items[item].codes[l-1], true
	}
	return l, l != blank
}

// satisfied reports whether an answer is a positive one.
func (s *Survey) satisfied(form, item int) bool { return s.level(form, item) > s.items[item].positive }

// Generate makes the survey that spec describes.
func Generate(spec Spec) (*Survey, error) {
	spec = spec.withDefaults()
	if err := spec.check(); err != nil {
		return nil, err
	}
	s := &Survey{Spec: spec, marks: map[int]mark{}}
	for _, st := range spec.Design.Strata {
		for _, p := range st.PSUs {
			s.Issued += p.Forms
		}
	}
	if s.Issued > maxForms {
		return nil, wording.Errorf("generating %d forms: at most %d at a time", s.Issued, maxForms)
	}
	returned, n := returnedForms(spec)
	s.items, s.choices = itemModels(spec), choiceModels(spec)
	s.Forms = make([]Form, 0, n)
	s.answers = make([]int8, n*len(s.items))
	s.values = make([]int16, n*len(spec.Background))
	s.drawForms(returned)
	s.drawAnswers()
	s.drawChoices()
	s.plant()
	return s, nil
}

// itemModels orders the levels of every item from worst to best and places the cuts: the one below the positive levels so that they
// get their share, the others at fixed distances from it, which gives the long left tail that satisfaction scales show.
func itemModels(spec Spec) []itemModel {
	var models []itemModel
	m := spec.Model
	for _, it := range spec.Questionnaire.Items {
		sc := spec.Questionnaire.Scales[it.Scale]
		if sc.Multiple {
			continue
		}
		im := itemModel{Item: it, numeric: sc.Numeric, dontKnow: m.DontKnow}
		im.codes, im.positive = ordered(levels(sc), spec.Positive[it.ID])
		for _, c := range im.codes {
			im.labels = append(im.labels, label(sc, c))
		}
		share, ok := m.Items[it.ID]
		if !ok {
			share = m.Positive
		}
		if dk, ok := m.DontKnowItems[it.ID]; ok {
			im.dontKnow = dk
		}
		base := quantile(1 - share)
		for c := 1; c < len(im.codes); c++ {
			d := float64(c - im.positive)
			if d > 0 {
				d *= 1.5
			} else {
				d *= 0.7
			}
			im.cuts = append(im.cuts, base+d)
		}
		models = append(models, im)
	}
	return models
}

// ordered puts the positive codes last and returns where they begin. Without positive codes they are the upper half.
func ordered(codes, positive []int) (worstFirst []int, first int) {
	k := len(codes)
	isPositive := func(c int) bool { return slices.Contains(positive, c) }
	if !slices.ContainsFunc(codes, isPositive) {
		return codes, k - k/2 // 2 → 1, 3 → 2, 4 → 2, 5 → 3
	}
	for _, c := range codes {
		if !isPositive(c) {
			worstFirst = append(worstFirst, c)
		}
	}
	first = len(worstFirst)
	if isPositive(codes[0]) {
		slices.Reverse(worstFirst) // low codes are the good ones
	}
	for _, c := range codes {
		if isPositive(c) {
			worstFirst = append(worstFirst, c)
		}
	}
	return worstFirst, first
}

func label(sc questionnaire.Scale, code int) string {
	t := sc.Codes[code]
	switch {
	case t.VI != "":
		return t.VI
	case t.EN != "":
		return t.EN
	default:
		return strconv.Itoa(code)
	}
}

// place is where a code stands among the codes of the scale, from 1; one that is off the scale stays as it is.
func (im itemModel) place(code int) int {
	if i := slices.Index(slices.Sorted(slices.Values(im.codes)), code); i >= 0 {
		return i + 1
	}
	return code
}

// levelOf returns the level that a latent value reaches, from 1.
func (im itemModel) levelOf(latent float64) int {
	i := 1
	for i <= len(im.cuts) && latent > im.cuts[i-1] {
		i++
	}
	return i
}

// Purposes of the random streams.
const (
	drawDesign uint64 = iota + 1
	drawBackground
	drawLatent
	drawMissing
	drawDefects
	drawResponse
	drawSeveral
)

// returnedForms draws how many forms come back from each PSU.
func returnedForms(spec Spec) (forms [][]int, total int) {
	src := newSource(spec.Seed, drawResponse)
	for _, st := range spec.Design.Strata {
		var psus []int
		for _, p := range st.PSUs {
			n := 0
			for range p.Forms {
				if src.uniform() < spec.Design.Response {
					n++
				}
			}
			psus = append(psus, max(n, 1))
			total += max(n, 1)
		}
		forms = append(forms, psus)
	}
	return forms, total
}

func (s *Survey) drawForms(returned [][]int) {
	bg := newSource(s.Spec.Seed, drawBackground)
	for h, st := range s.Spec.Design.Strata {
		forms := 0
		for _, n := range returned[h] {
			forms += n
		}
		w := 1.0
		if st.Units > 0 && !s.Spec.Design.NoWeight {
			w = math.Round(100*float64(st.Units)/float64(forms)) / 100
		}
		serial := 0
		for k, n := range returned[h] {
			for range n {
				serial++
				f := Form{Stratum: h, PSU: k, Weight: w, Number: fmt.Sprintf("%s-%04d", st.Code, serial)}
				i := len(s.Forms)
				for c, ch := range s.Spec.Background {
					v := bg.choose(ch.Values)
					if ch.Number {
						v = ch.Values[v].From + bg.intn(ch.Values[v].To-ch.Values[v].From+1)
					}
					s.values[i*len(s.Spec.Background)+c] = int16(v)
				}
				f.Line = bg.uniform() < s.Spec.Model.StraightLine
				s.Forms = append(s.Forms, f)
			}
		}
	}
}

// effects returns what strata and PSUs add to the latent variable.
func (s *Survey) effects() (strata []float64, psus [][]float64) {
	src := newSource(s.Spec.Seed, drawDesign)
	for _, st := range s.Spec.Design.Strata {
		e := st.Effect
		if draw := src.normal(); math.IsNaN(e) {
			e = draw * s.Spec.Model.StrataSD
		}
		strata = append(strata, e)
		us := make([]float64, len(st.PSUs))
		for k := range us {
			us[k] = src.normal() * math.Sqrt(s.Spec.Model.ICC)
		}
		psus = append(psus, us)
	}
	return strata, psus
}

func (s *Survey) drawAnswers() {
	m := s.Spec.Model
	strata, psus := s.effects()
	lat, miss := newSource(s.Spec.Seed, drawLatent), newSource(s.Spec.Seed, drawMissing)
	halo, rest := math.Sqrt(m.Halo), math.Sqrt(1-m.ICC-m.Halo)
	for i, f := range s.Forms {
		fixed := strata[f.Stratum] + psus[f.Stratum][f.PSU]
		for c := range s.Spec.Background {
			fixed += s.valueEffect(i, c)
		}
		own := fixed + halo*lat.normal()
		line := own + rest*lat.normal()
		for j, im := range s.items {
			latent := line
			if draw := lat.normal(); !f.Line {
				latent = own + rest*draw
			}
			level := im.levelOf(latent)
			u := miss.uniform()
			switch {
			case f.Line:
			case u < m.Blank:
				level = blank
			case u < m.Blank+im.dontKnow:
				level = questionnaire.CodeDontKnow
			case u < m.Blank+im.dontKnow+m.Refused:
				level = questionnaire.CodeRefused
			}
			s.answers[i*len(s.items)+j] = int8(level)
		}
	}
	for i, f := range s.Forms {
		if f.Line {
			s.straighten(i)
		}
	}
}

// straighten gives every item of a form the form's middle answer, as far up as the item's scale goes.
func (s *Survey) straighten(form int) {
	row := s.answers[form*len(s.items) : (form+1)*len(s.items)]
	mid := row[len(row)/2]
	for j := range row {
		row[j] = min(mid, int8(len(s.items[j].codes)))
	}
}

func (s *Survey) valueEffect(form, c int) float64 {
	ch := s.Spec.Background[c]
	v := s.value(form, c)
	if !ch.Number {
		return ch.Values[v].Effect
	}
	for _, b := range ch.Values {
		if v >= b.From && v <= b.To {
			return b.Effect
		}
	}
	return 0
}

// plant puts the spec's defects at places that follow from the seed. A marked answer is invalid, whatever stood there.
func (s *Survey) plant() {
	src := newSource(s.Spec.Seed, drawDefects)
	d := s.Spec.Defects
	s.plantIn(src, 0, len(s.Forms), d)
}

// plantIn plants defects in the forms from lo up to hi.
func (s *Survey) plantIn(src *source, lo, hi int, d Defects) {
	for _, i := range src.sample(hi-lo-1, d.DuplicateForms) {
		s.Forms[lo+i+1].Number = s.Forms[lo+i].Number
	}
	cells := (hi - lo) * len(s.items)
	for n, c := range src.sample(cells, d.TwoMarks+d.OutOfRange) {
		at := lo*len(s.items) + c
		codes := slices.Sorted(slices.Values(s.items[at%len(s.items)].codes))
		last := len(codes) - 1
		mk := mark{kind: "two_marks", a: codes[last-1], b: codes[last]}
		if n >= d.TwoMarks {
			mk = mark{kind: "out_of_range", a: codes[last] + 1 + n%3}
		}
		s.marks[at] = mk
		s.answers[at] = questionnaire.CodeInvalid
	}
}
