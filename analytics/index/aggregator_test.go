package index

import (
	"math"
	"testing"

	"hailong/analytics/survey"
)

// twoFactors is a tree of two factors with two and one criteria; answers are 1–5.
func twoFactors(t *testing.T, aggregator string) *Definition {
	t.Helper()
	d, err := Parse([]byte(`id: x
questionnaire: {scales: {s: {}}, items: [{id: a1, scale: s}, {id: a2, scale: s}, {id: b1, scale: s}, {id: all, scale: s}]}
index:
  title: {vi: x}
  legal: y
  years: [2020, 2021]
  basis: official
  positive: [4, 5]
  aggregator: ` + aggregator + `
  tree:
    id: t
    level: overall
    name: {vi: t}
    children:
      - {id: A, level: factor, name: {vi: A}, children: [{id: a1, level: criterion, name: {vi: a1}, item: a1}, {id: a2, level: criterion, name: {vi: a2}, item: a2}]}
      - {id: B, level: factor, name: {vi: B}, children: [{id: b1, level: criterion, name: {vi: b1}, item: b1}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range d.Check() {
		t.Fatal(problem)
	}
	return d
}

// answers are what four people said to a1, a2 and b1; 0 is no answer.
var answers = map[string][]int{"a1": {5, 4, 3, 1}, "a2": {4, 0, 0, 2}, "b1": {5, 5, 4, 0}}

// measured computes a measure straight from the answers.
func measured(m Measure) survey.Linear {
	num, den := 0.0, 0.0
	for _, item := range m.Items {
		for _, y := range answers[item] {
			if y == 0 {
				continue
			}
			den++
			switch {
			case m.Kind == KindMean:
				num += float64(y)
			case y == m.Positive[0] || y == m.Positive[1]:
				num += 100
			}
		}
	}
	return survey.Linear{Est: num / den, N: int(den)}
}

func TestEveryAggregatorByHand(t *testing.T) {
	// a1: 2 of 4 satisfied, mean 13/4; a2: 1 of 2, mean 3; b1: 3 of 3, mean 14/3.
	for aggregator, want := range map[string]map[string]float64{
		"top2_pooled":       {"a1": 50, "a2": 50, "b1": 100, "A": 50, "B": 100, "t": 100 * 6.0 / 9},                            // (2+1+3)/(4+2+3)
		"top2_mean_items":   {"a1": 50, "A": 50, "B": 100, "t": 200.0 / 3},                                                     // (50+50+100)/3
		"mean_factors":      {"a1": 50, "A": 50, "B": 100, "t": 75},                                                            // (50+100)/2
		"overall_question":  {"A": 50, "B": 100, "t": 100 * 6.0 / 9},                                                           // pooled where there is no general question
		"mean_score5":       {"a1": 65, "A": 20 * 19.0 / 6, "B": 20 * 14.0 / 3, "t": 20 * 33.0 / 9},                            // 100·m/5, m pooled: (13+6)/6, 14/3, 33/9
		"mean_score_minmax": {"a1": 25 * (13.0/4 - 1), "A": 25 * (19.0/6 - 1), "B": 25 * (14.0/3 - 1), "t": 25 * (33.0/9 - 1)}, // 100·(m−1)/4
	} {
		d := twoFactors(t, aggregator)
		byID := map[string]Measure{}
		for _, m := range d.Measures() {
			byID[m.ID] = m
		}
		got := map[string]float64{}
		for _, p := range d.Project(func(id string) (survey.Linear, bool) {
			m, ok := byID[id]
			if !ok {
				return survey.Linear{}, false
			}
			return measured(m), true
		}) {
			if !p.Known {
				t.Errorf("%s: %s is not known: %v", aggregator, p.Node.ID, p.Lacks)
			}
			got[p.Node.ID] = p.Linear.Est
		}
		for node, w := range want {
			if math.Abs(got[node]-w) > 1e-9 {
				t.Errorf("%s: %s is %v, want %v", aggregator, node, got[node], w)
			}
		}
	}
}

func TestAGeneralQuestionIsTheOverallFigure(t *testing.T) {
	d := shipped(t, "sipas-2012")
	for _, m := range d.Measures() {
		if m.ID == "sipas" && (len(m.Items) != 1 || m.Items[0] != "HL") {
			t.Errorf("the overall figure is over %v, want the general question", m.Items)
		}
	}
}

func TestACountIsTheSumOfItsShares(t *testing.T) {
	d := twoFactors(t, "sum")
	d.Tree.Children = []Node{{ID: "n", Items: []string{"a1", "b1"}, Measure: "count"}}
	got := d.Project(func(id string) (survey.Linear, bool) {
		x, ok := map[string]float64{"n/a1": 50, "n/b1": 100}[id]
		return survey.Linear{Est: x, Z: []float64{1}, N: 4}, ok
	})
	// On average 0.5 + 1 of the two were answered positively.
	if math.Abs(got[0].Linear.Est-1.5) > 1e-12 || math.Abs(got[0].Linear.Z[0]-0.02) > 1e-12 {
		t.Errorf("count %+v, want 1.5 with Z 0.02", got[0].Linear)
	}
}

func TestAnUnknownPartMakesTheWholeUnknown(t *testing.T) {
	d := twoFactors(t, "top2_mean_items")
	for _, p := range d.Project(func(id string) (survey.Linear, bool) { return survey.Linear{Est: 1}, id != "b1" }) {
		if known := p.Node.ID == "A" || p.Node.ID == "a1" || p.Node.ID == "a2"; p.Known != known || (!known && len(p.Lacks) == 0) {
			t.Errorf("%s: known %v (%v), want %v", p.Node.ID, p.Known, p.Lacks, known)
		}
	}
}
