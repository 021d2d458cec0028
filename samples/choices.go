package samples

import (
	"math"
	"strconv"
	"strings"

	"hailong/ingest/questionnaire"
)

// maxChoices is how many answers a question that takes several may have: one word of bits holds those that were given.
const maxChoices = 64

// A choiceModel is an item that takes several answers at once.
type choiceModel struct {
	questionnaire.Item
	codes  []int // ascending
	labels []string
	shares []float64 // of each answer, drawn independently until there is one
}

// picks are the answers that one form gives to one such item: bit k is the k-th code. Without any, kind says why: blank, or the dataset's
// code of a kind of missing.
type picks struct {
	chosen uint64
	kind   int8
}

// choiceModels prepares the items that take several answers. The first answers are the frequent ones; the shares are made up.
func choiceModels(spec Spec) []choiceModel {
	var models []choiceModel
	for _, it := range spec.Questionnaire.Items {
		sc := spec.Questionnaire.Scales[it.Scale]
		if !sc.Multiple {
			continue
		}
		cm := choiceModel{Item: it, codes: levels(sc)}
		for k, code := range cm.codes {
			cm.labels = append(cm.labels, label(sc, code))
			cm.shares = append(cm.shares, 0.6*float64(len(cm.codes)-k)/float64(len(cm.codes)))
		}
		models = append(models, cm)
	}
	return models
}

// share is the share of each answer among the forms that give one.
func (cm choiceModel) share(k int) float64 {
	none := 1.0
	for _, p := range cm.shares {
		none *= 1 - p
	}
	return cm.shares[k] / (1 - none)
}

func (cm choiceModel) draw(src *source) uint64 {
	for {
		var chosen uint64
		for k, p := range cm.shares {
			if src.uniform() < p {
				chosen |= 1 << k
			}
		}
		if chosen != 0 {
			return chosen
		}
	}
}

// drawChoices draws the items that take several answers, from a stream of their own: the other items are the same with and without them.
func (s *Survey) drawChoices() {
	m := s.Spec.Model
	src := newSource(s.Spec.Seed, drawSeveral)
	s.picks = make([]picks, 0, len(s.Forms)*len(s.choices))
	for _, f := range s.Forms {
		for _, cm := range s.choices {
			dontKnow := m.DontKnow
			if dk, ok := m.DontKnowItems[cm.ID]; ok {
				dontKnow = dk
			}
			p := picks{chosen: cm.draw(src)}
			u := src.uniform()
			switch {
			case f.Line:
			case u < m.Blank:
				p = picks{kind: blank}
			case u < m.Blank+dontKnow:
				p = picks{kind: questionnaire.CodeDontKnow}
			case u < m.Blank+dontKnow+m.Refused:
				p = picks{kind: questionnaire.CodeRefused}
			}
			s.picks = append(s.picks, p)
		}
	}
}

func (s *Survey) picked(form, c int) picks { return s.picks[form*len(s.choices)+c] }

func (p picks) has(k int) bool { return p.chosen&(1<<k) != 0 }

// code is what a dataset holds in the column of the k-th answer: 1 or 0, or a kind of missing; false where it is blank.
func (p picks) code(k int) (code int, given bool) {
	switch {
	case p.has(k):
		return 1, true
	case p.chosen != 0:
		return 0, true
	default:
		return int(p.kind), p.kind != blank
	}
}

// columnName is the dataset's column of the k-th answer.
func (cm choiceModel) columnName(k int) string { return cm.ID + "_" + strconv.Itoa(cm.codes[k]) }

// A reason is a kind of missing that a form offers beside its answers.
type reason struct {
	kind  int
	name  string // as a survey program names the choice
	label string
}

// reasons lists the kinds of missing that the model draws for an item.
func (s *Survey) reasons(item string) []reason {
	m := s.Spec.Model
	dontKnow := m.DontKnow
	if dk, ok := m.DontKnowItems[item]; ok {
		dontKnow = dk
	}
	missing := s.Spec.Questionnaire.Missing
	var out []reason
	add := func(kind int, share float64, label string, known questionnaire.Kind) {
		if share == 0 {
			return
		}
		r := reason{kind: kind, name: label, label: label}
		if len(known.Codes) > 0 {
			r.name = strconv.Itoa(known.Codes[0])
		}
		out = append(out, r)
	}
	add(questionnaire.CodeDontKnow, dontKnow, dontKnowLabel, missing.DontKnow)
	add(questionnaire.CodeRefused, m.Refused, refusedLabel, missing.Refused)
	return out
}

// What the kinds of missing are called on the forms.
const (
	dontKnowLabel = "Không biết"
	refusedLabel  = "Không trả lời"
)

// An option is one answer, or one kind of missing, of an item that takes several answers.
type option struct {
	code   int    // of the scale, or the dataset's of a kind of missing
	name   string // as a survey program names it
	label  string
	chosen func(picks) bool
}

// options lists what can be chosen: the answers in the order of their codes, then the kinds of missing.
func (s *Survey) options(c int) []option {
	cm := s.choices[c]
	var out []option
	for k, code := range cm.codes {
		out = append(out, option{code, strconv.Itoa(code), cm.labels[k], func(p picks) bool { return p.has(k) }})
	}
	for _, r := range s.reasons(cm.ID) {
		out = append(out, option{r.kind, r.name, r.label, func(p picks) bool { return p.chosen == 0 && int(p.kind) == r.kind }})
	}
	return out
}

// listed is the cell that holds all answers of a form to an item: separated, and with a separator behind the last one where after is set.
func (v view) listed(form, c int, separator string, after bool, write func(option) string) cell {
	var parts []string
	for _, o := range v.options(c) {
		if o.chosen(v.picked(form, c)) {
			parts = append(parts, write(o))
		}
	}
	s := strings.Join(parts, separator)
	if after && s != "" {
		s += separator
	}
	return text(v.enc.text(s))
}

// written is an answer as the look writes it within a list.
func (v view) written(o option) string {
	switch {
	case o.code < 0 || v.look.Answers == Labels:
		return o.label
	case v.look.Answers == Codes:
		return strconv.Itoa(o.code)
	default:
		return strconv.Itoa(o.code) + " - " + o.label
	}
}

// countChoices counts the answers to an item that takes several: counts are of forms, and add to more than N.
func (s *Survey) countChoices(c int) ItemTruth {
	cm := s.choices[c]
	it := ItemTruth{Item: cm.ID, Multiple: true, Codes: cm.codes, Counts: make([]int, len(cm.codes))}
	for i := range s.Forms {
		p := s.picked(i, c)
		switch int(p.kind) {
		case questionnaire.CodeDontKnow:
			it.DontKnow++
			continue
		case questionnaire.CodeRefused:
			it.Refused++
			continue
		}
		if p.chosen == 0 {
			it.Blank++
			continue
		}
		it.N++
		for k := range cm.codes {
			if p.has(k) {
				it.Counts[k]++
			}
		}
	}
	return it
}

// choiceShares is what the model has for the answers of the items that take several, as ModelTruth has it for the others.
func (s *Survey) choiceShares() []ModelTruth {
	var out []ModelTruth
	for _, cm := range s.choices {
		for k := range cm.codes {
			out = append(out, ModelTruth{Item: cm.columnName(k), Share: math.Round(1e9*cm.share(k)) / 1e7})
		}
	}
	return out
}
