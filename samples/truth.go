package samples

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"hailong/ingest/questionnaire"
)

// A Truth is what anyone must find who reads the files aright. All sums are whole numbers (weights in hundredths), so a share is one
// division of two exact numbers.
type Truth struct {
	Synthetic string          `json:"synthetic"`
	Seed      uint64          `json:"seed"`
	Issued    int             `json:"issued"` // forms handed out
	Forms     int             `json:"forms"`  // that came back
	Files     []FileTruth     `json:"files,omitempty"`
	Problems  []ProblemTruth  `json:"problems"`
	Findings  []FindingTruth  `json:"findings"`
	Items     []ItemTruth     `json:"items"`
	Estimates []EstimateTruth `json:"estimates"`
	Model     []ModelTruth    `json:"model"`
}

// FileTruth is the ledger of one sheet: its rows that hold a value, by class.
type FileTruth struct {
	Path     string         `json:"path"`
	Sheet    string         `json:"sheet"`
	Stratum  string         `json:"stratum"`
	Name     string         `json:"name"`
	Encoding string         `json:"encoding,omitempty"`
	Rows     int            `json:"rows"`
	Classes  map[string]int `json:"classes"`
	Header   [2]int         `json:"header"` // first and last header row
	Data     [2]int         `json:"data"`   // first and last row of forms
}

// ProblemTruth is one planted fault, with the cells that show it.
type ProblemTruth struct {
	Path  string   `json:"path"`
	Sheet string   `json:"sheet"`
	Cells []string `json:"cells"`
	Kind  string   `json:"kind"`
	Item  string   `json:"item"`
	Form  string   `json:"form"`
}

// FindingTruth is something that quality checks ought to see. Nothing is set aside because of it.
type FindingTruth struct {
	Check string   `json:"check"`
	Path  string   `json:"path,omitempty"`
	Forms []string `json:"forms"`
	Rows  []int    `json:"rows,omitempty"`
}

// ItemTruth counts the answers to one item. Levels are in the order of the codes; of an item that takes several answers each counts the forms that
// gave it.
type ItemTruth struct {
	Item     string `json:"item"`
	Multiple bool   `json:"multiple,omitempty"`
	Codes    []int  `json:"codes"`
	Counts   []int  `json:"counts"`
	N        int    `json:"n"`
	Blank    int    `json:"blank"`
	DontKnow int    `json:"dont_know"`
	Refused  int    `json:"refused"`
	Invalid  int    `json:"invalid"`
}

// EstimateTruth is the weighted share of positive answers, in percent: of one item, or pooled over the items of a group or of all.
type EstimateTruth struct {
	Node     string            `json:"node"`
	Domain   map[string]string `json:"domain"`
	N        int               `json:"n"` // respondents with a valid answer to an item of the node
	Answers  int               `json:"answers"`
	SumW     float64           `json:"sum_w"` // over answers
	Estimate float64           `json:"estimate"`
}

// ModelTruth is the share of positive answers, in percent, that the model has in the population, before anything is sampled or left blank.
// Sampling PSUs and respondents moves Estimate about it.
type ModelTruth struct {
	Item  string  `json:"item"`
	Share float64 `json:"share"`
}

// Truth computes the truth of the survey: everyone, every stratum, and every value of the characteristics that are not numbers.
func (s *Survey) Truth() Truth {
	t := Truth{Synthetic: Mark, Seed: s.Spec.Seed, Issued: s.Issued, Forms: len(s.Forms), Problems: []ProblemTruth{}, Findings: []FindingTruth{}, Model: append(s.model(), s.choiceShares()...)}
	for j, im := range s.items {
		t.Items = append(t.Items, s.count(j, im))
	}
	for c := range s.choices {
		t.Items = append(t.Items, s.countChoices(c))
	}
	t.Estimates = s.estimates()
	return t
}

// band is the index of a form's value, or of the band that its number falls into.
func (s *Survey) band(form, c int) int {
	ch, v := s.Spec.Background[c], s.value(form, c)
	if !ch.Number {
		return v
	}
	return slices.IndexFunc(ch.Values, func(b Value) bool { return v >= b.From && v <= b.To })
}

func (s *Survey) count(j int, im itemModel) ItemTruth {
	codes := slices.Sorted(slices.Values(im.codes))
	it := ItemTruth{Item: im.ID, Codes: codes, Counts: make([]int, len(codes))}
	for i := range s.Forms {
		switch level := s.level(i, j); level {
		case blank:
			it.Blank++
		case questionnaire.CodeDontKnow:
			it.DontKnow++
		case questionnaire.CodeRefused:
			it.Refused++
		case questionnaire.CodeInvalid:
			it.Invalid++
		default:
			it.N++
			it.Counts[slices.Index(codes, im.codes[level-1])]++
		}
	}
	return it
}

// A node is a set of items whose answers are pooled.
type node struct {
	id    string
	items []int
}

func (s *Survey) nodes() []node {
	all := node{id: s.Spec.Root}
	index := map[string]int{}
	for j, im := range s.items {
		index[im.ID] = j
	}
	out := []node{all}
	for _, g := range s.Spec.Groups {
		n := node{id: g.ID}
		for _, id := range g.Items {
			if j, ok := index[id]; ok && !g.Apart {
				n.items = append(n.items, j)
			}
		}
		out[0].items = append(out[0].items, n.items...)
		if g.ID != "" && len(n.items) > 0 {
			out = append(out, n)
		}
	}
	for j, im := range s.items {
		out = append(out, node{id: im.ID, items: []int{j}})
	}
	return out
}

// A breakdown is a set of domains that every form falls into exactly one of.
type breakdown struct {
	column string
	values []string
	of     func(form int) int
}

func (s *Survey) breakdowns() []breakdown {
	strata := breakdown{column: s.Spec.Columns.Stratum, of: func(i int) int { return s.Forms[i].Stratum }}
	for _, st := range s.Spec.Design.Strata {
		strata.values = append(strata.values, st.Name)
	}
	out := []breakdown{{values: []string{""}, of: func(int) int { return 0 }}, strata}
	for c, ch := range s.Spec.Background {
		b := breakdown{column: ch.ID, of: func(i int) int { return s.band(i, c) }}
		for _, v := range ch.Values {
			b.values = append(b.values, v.Label)
		}
		out = append(out, b)
	}
	return out
}

// sums are the exact sums of one node in one domain, weights in hundredths.
type sums struct {
	forms, answers int
	valid, good    int64
}

func (s *Survey) estimates() []EstimateTruth {
	nodes, downs := s.nodes(), s.breakdowns()
	acc := make([][][]sums, len(downs)) // by breakdown, value, node
	for b := range downs {
		acc[b] = make([][]sums, len(downs[b].values))
		for v := range acc[b] {
			acc[b][v] = make([]sums, len(nodes))
		}
	}
	for i := range s.Forms {
		w := int64(math.Round(100 * s.Forms[i].Weight))
		for k, nd := range nodes {
			var one sums
			for _, j := range nd.items {
				if s.level(i, j) <= blank {
					continue
				}
				one.forms = 1
				one.answers++
				one.valid += w
				if s.satisfied(i, j) {
					one.good += w
				}
			}
			for b := range downs {
				acc[b][downs[b].of(i)][k].add(one)
			}
		}
	}
	var out []EstimateTruth
	for b, d := range downs {
		for v, value := range d.values {
			domain := map[string]string{}
			if d.column != "" {
				domain[d.column] = value
			}
			for k, nd := range nodes {
				if x := acc[b][v][k]; x.forms > 0 {
					out = append(out, EstimateTruth{
						Node: nd.id, Domain: domain, N: x.forms, Answers: x.answers,
						SumW: float64(x.valid) / 100, Estimate: 100 * float64(x.good) / float64(x.valid),
					})
				}
			}
		}
	}
	return out
}

func (x *sums) add(y sums) {
	x.forms += y.forms
	x.answers += y.answers
	x.valid += y.valid
	x.good += y.good
}

// model integrates the model: over strata by the units that they stand for, over the effects of the characteristics by their shares.
func (s *Survey) model() []ModelTruth {
	effects := s.effectDistribution()
	strata, _ := s.effects()
	var total float64
	units := make([]float64, len(strata))
	for h, st := range s.Spec.Design.Strata {
		units[h] = float64(st.Units)
		if st.Units == 0 {
			for _, p := range st.PSUs {
				units[h] += float64(p.Forms)
			}
		}
		total += units[h]
	}
	// above is the share of respondents whose answer to an item is above a level.
	above := func(im itemModel, level int) float64 {
		switch {
		case level == 0:
			return 1
		case level >= len(im.codes):
			return 0
		}
		var p float64
		for h, e := range strata {
			for _, ch := range effects {
				p += units[h] / total * ch.p * cdf(e+ch.effect-im.cuts[level-1])
			}
		}
		return p
	}
	var out []ModelTruth
	for _, im := range s.items {
		p := above(im, im.positive)
		if im.positive < len(im.codes) { // the middle answer of a straight line is cut down to the item's scale
			p += s.Spec.Model.StraightLine * (above(s.items[len(s.items)/2], im.positive) - p)
		}
		// Nine digits: the last ones may differ between machines that fuse multiply and add.
		out = append(out, ModelTruth{Item: im.ID, Share: math.Round(1e9*p) / 1e7})
	}
	return out
}

type effectShare struct{ effect, p float64 }

// effectDistribution convolves the effects of the characteristics, which are drawn independently.
func (s *Survey) effectDistribution() []effectShare {
	dist := []effectShare{{0, 1}}
	for _, ch := range s.Spec.Background {
		merged := map[float64]float64{}
		for _, d := range dist {
			for _, v := range ch.Values {
				merged[math.Round(1e6*(d.effect+v.Effect))/1e6] += d.p * v.Share
			}
		}
		dist = dist[:0:0]
		for e, p := range merged {
			dist = append(dist, effectShare{e, p})
		}
		slices.SortFunc(dist, func(a, b effectShare) int {
			if a.effect < b.effect {
				return -1
			}
			return 1
		})
	}
	return dist
}

// Truth computes the truth of the sample's files: beside the survey's, each sheet's ledger and each planted fault with its cells.
func (s *Sample) Truth() (Truth, error) {
	t := s.Survey.Truth()
	for _, f := range s.Files {
		v, err := s.stratumView(f.Look, f.Stratum)
		if err != nil {
			return Truth{}, err
		}
		if err := v.describe(f.Name, &t); err != nil {
			return Truth{}, fmt.Errorf("describing %s: %w", f.Name, err)
		}
	}
	return t, nil
}

func (v view) describe(path string, t *Truth) error {
	sh, err := v.sheet()
	if err != nil {
		return err
	}
	st := v.stratum(v.lo)
	ft := FileTruth{Path: path, Sheet: sh.name, Stratum: st.Code, Name: st.Name, Encoding: string(v.look.Encoding), Classes: map[string]int{}}
	rows := make([]int, 0, v.hi-v.lo) // of the forms
	err = sh.rows(func(r row) error {
		ft.Rows++
		ft.Classes[r.class]++
		switch r.class {
		case "data":
			rows = append(rows, r.index)
		case "header":
			if ft.Header[0] == 0 {
				ft.Header[0] = r.index
			}
			ft.Header[1] = r.index
		}
		return nil
	})
	if err != nil {
		return err
	}
	ft.Data = [2]int{rows[0], rows[len(rows)-1]}
	t.Files = append(t.Files, ft)
	v.problems(path, sh.name, rows, t)
	v.findings(path, rows, t)
	return nil
}

func (v view) problems(path, sheetName string, rows []int, t *Truth) {
	cols := v.officeColumns()
	for i := v.lo; i < v.hi; i++ {
		for j := range v.items {
			mk, ok := v.marks[i*len(v.items)+j]
			if !ok {
				continue
			}
			p := ProblemTruth{Path: path, Sheet: sheetName, Kind: mk.kind, Item: v.items[j].ID, Form: v.Forms[i].Number}
			for c, col := range cols {
				if col.item == j && (!col.split || col.level == mk.a || col.level == mk.b) {
					p.Cells = append(p.Cells, cellName(c, rows[i-v.lo]))
				}
			}
			t.Problems = append(t.Problems, p)
		}
	}
}

func (v view) findings(path string, rows []int, t *Truth) {
	dup := FindingTruth{Check: "duplicate_form", Path: path}
	line := FindingTruth{Check: "straight_line", Path: path}
	for i := v.lo; i < v.hi; i++ {
		if i > v.lo && v.Forms[i].Number == v.Forms[i-1].Number {
			dup.Forms = append(dup.Forms, v.Forms[i].Number)
			dup.Rows = append(dup.Rows, rows[i-1-v.lo], rows[i-v.lo])
		}
		if v.flat(i) {
			line.Forms = append(line.Forms, v.Forms[i].Number)
			line.Rows = append(line.Rows, rows[i-v.lo])
		}
	}
	for _, f := range []FindingTruth{dup, line} {
		if len(f.Forms) > 0 {
			t.Findings = append(t.Findings, f)
		}
	}
}

// flat reports whether a form gives every item the same valid answer.
func (v view) flat(form int) bool {
	first := v.level(form, 0)
	for j := range v.items {
		if v.level(form, j) != first || first <= blank {
			return false
		}
	}
	return true
}

// WriteJSON writes the truth, indented, numbers in full.
func (t Truth) WriteJSON(w io.Writer) error {
	b, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return fmt.Errorf("writing the truth: %w", err)
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// WriteAnswers writes the answers as coded, tidy, one row a form: what R reads for the reference figures.
func (s *Survey) WriteAnswers(w io.Writer) error {
	head := "form,huyen,xa_code,xa,trong_so"
	for _, ch := range s.Spec.Background {
		head += "," + ch.ID
	}
	for _, im := range s.items {
		head += "," + im.ID
	}
	for _, cm := range s.choices {
		for k := range cm.codes {
			head += "," + cm.columnName(k)
		}
	}
	if _, err := io.WriteString(w, head+"\n"); err != nil {
		return err
	}
	for i, f := range s.Forms {
		st := s.Spec.Design.Strata[f.Stratum]
		line := fmt.Sprintf(`%s,"%s",%s,"%s",%s`, f.Number, st.Name, st.PSUs[f.PSU].Code, st.PSUs[f.PSU].Name, decimal(f.Weight))
		for c, ch := range s.Spec.Background {
			line += `,"` + ch.Values[s.band(i, c)].Label + `"`
		}
		for j := range s.items {
			line += ","
			if code, given := s.Answer(i, j); given {
				line += strconv.Itoa(code)
			}
		}
		for c, cm := range s.choices {
			for k := range cm.codes {
				line += ","
				if code, given := s.picked(i, c).code(k); given {
					line += strconv.Itoa(code)
				}
			}
		}
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
	}
	return nil
}
