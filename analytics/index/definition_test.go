package index

import (
	"strings"
	"testing"

	"hailong/analytics/survey"
)

func shipped(t *testing.T, name string) *Definition {
	t.Helper()
	source, err := Shipped(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range d.Check() {
		t.Error(problem)
	}
	return d
}

func TestSIPAS2017HasFiveFactorsAnd22Criteria(t *testing.T) {
	d := shipped(t, "sipas-2017")
	factors := map[string]int{}
	for i := range d.Tree.Children {
		factors[d.Tree.Children[i].ID] = len(d.Tree.Children[i].Children)
	}
	// QĐ 2640/QĐ-BNV: 4 + 5 + 6 + 3 + 4 = 22 (domain/sipas.md 1.2).
	want := map[string]int{"AC": 4, "PR": 5, "OF": 6, "RE": 3, "FB": 4}
	for id, n := range want {
		if factors[id] != n {
			t.Errorf("factor %s has %d criteria, want %d", id, factors[id], n)
		}
	}
	measures := d.Measures()
	if len(measures) != 28 || len(measures[0].Items) != 22 {
		t.Errorf("%d measures, the first over %d items; want 1 + 5 + 22 measures, the first over 22 items", len(measures), len(measures[0].Items))
	}
	all := d.Project(func(id string) (survey.Linear, bool) { return survey.Linear{Est: 80, N: 10}, true })
	for _, p := range all {
		if !p.Known || p.Linear.Est != 80 {
			t.Errorf("%s: %v %v", p.Node.ID, p.Linear.Est, p.Lacks)
		}
	}
}

func TestEveryShippedDefinitionIsSound(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) { shipped(t, name) })
	}
}

// levels counts the nodes of the tree, without the blocks, by level.
func levels(d *Definition) map[string]int {
	out := map[string]int{}
	var down func(n *Node)
	down = func(n *Node) {
		out[n.Level]++
		for i := range n.Children {
			down(&n.Children[i])
		}
	}
	down(&d.Tree)
	return out
}

func TestSIPASStructures(t *testing.T) {
	// 2022: 14 + 19 items; 2023: 39 + 9 + 2 + 1 = 51 (domain/sipas.md 1.3, 1.4).
	for name, want := range map[string][4]int{"sipas-2022": {1, 2, 9, 33}, "sipas-2023": {1, 2, 9, 39}, "sipas-2017": {1, 0, 5, 22}, "sipas-2012": {1, 0, 4, 0}} {
		got := levels(shipped(t, name))
		if have := [4]int{got["overall"], got["content"], got["factor"], got["criterion"]}; have != want {
			t.Errorf("%s has %v overall, content, factor, criterion; want %v", name, have, want)
		}
	}
	// 42 perceptions and 10 expectations are published (domain/sipas.md 1.4): 9 + 7 + 6 + 4 + 3 + 3 + 3 + 7, and the form's seventh channel of question 3
	// beside them. The 2022 form: 8 + 5 + 3 + 3 + 3 + 3 + 7 and 10; its question 2 was not found.
	for name, want := range map[string][2]int{"sipas-2023": {9 + 7 + (6 + 1) + 4 + 3 + 3 + 3 + 7, 10}, "sipas-2022": {8 + 5 + 3 + 3 + 3 + 3 + 7, 10}} {
		d := shipped(t, name)
		var got [2]int
		for i := range d.Blocks {
			got[i] = len(leaves(&d.Blocks[i]))
		}
		if got != want {
			t.Errorf("%s has %v perceptions and expectations, want %v", name, got, want)
		}
	}
	if ok, why := shipped(t, "sipas-2023").Comparable("C10_6", 2023, 2024); ok || why.VI == "" {
		t.Error("expectations of 2023 and 2024 are set side by side")
	}
}

func TestSIPASAggregatorsByEra(t *testing.T) {
	// domain/sipas.md 2.2: the default of each era; none of the formulas was found in a text.
	for name, want := range map[string][3]string{
		"sipas-2012": {"overall_question", "inferred", "service_users"},
		"sipas-2017": {"top2_pooled", "recalled", "service_users"},
		"sipas-2022": {"top2_pooled", "inferred", "residents_18plus"},
		"sipas-2023": {"top2_pooled", "inferred", "residents_18plus"},
		"sipas-2026": {"top2_pooled", "inferred", "residents_18plus"},
	} {
		if d := shipped(t, name); [3]string{d.Aggregator, d.AggBasis, d.Frame} != want {
			t.Errorf("%s has %s (%s) of %s, want %v", name, d.Aggregator, d.AggBasis, d.Frame, want)
		}
	}
}

func TestTheQuestionnaireSectionIsNotOurs(t *testing.T) {
	d, err := Parse([]byte("id: x\nquestionnaire: {new_key: 1, scales: {s: {shape: round}}, items: [{id: a, scale: s, colour: red}]}\nindex: {tree: {id: x}}\n"))
	if _, ok := d.scales["s"]; err != nil || !ok || d.items["a"] != "s" {
		t.Errorf("%v %v", d, err)
	}
}

func TestParseShowsTheLineWithACaret(t *testing.T) {
	for source, want := range map[string]string{
		"":                                            "empty",
		"id: x\nindex: {tre: {id: a}}\n":              "tre",
		"id: x\nindex: {years: 2017}\n":               "2017",
		"id: x\nindex: {title: {vi: a}}\n":            "tree is missing",
		"index: {tree: {id: a}}\n":                    "id is missing",
		"id: x\nindex: {id: y, tree: {id: a}}\n":      "write it once",
		"id: x\nindex: {tree: {id: a}}\n---\nid: y\n": "more than one",
		"id: x\nindex: {tree: {id: a}\n":              "flow map",
	} {
		_, err := Parse([]byte(source))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want an error with %q", source, err, want)
		}
	}
	_, err := Parse([]byte("id: x\nindex:\n  tree:\n    id: a\n    colour: red\n"))
	if err == nil || !strings.Contains(err.Error(), "^") || !strings.Contains(err.Error(), "5") {
		t.Errorf("no line or caret in %v", err)
	}
}

func TestCheckFindsWhatDoesNotMakeSense(t *testing.T) {
	head := "id: x\nquestionnaire: {scales: {s: {}}, items: [{id: a, scale: s}, {id: b, scale: s}]}\nindex:\n  title: {vi: x}\n  legal: y\n  years: [2020, 2021]\n  basis: official\n  aggregator: top2_pooled\n  positive: [4, 5]\n"
	good := head + "  tree: {id: t, level: overall, name: {vi: t}, children: [{id: a, level: criterion, name: {vi: a}, item: a}, {id: b, level: criterion, name: {vi: b}, item: b}]}\n"
	for name, c := range map[string]struct{ from, to, want string }{
		"sound":           {"", "", ""},
		"id twice":        {"{id: b, level", "{id: a, level", "stands twice"},
		"no level":        {"level: criterion, name: {vi: a}", "name: {vi: a}", "has no level"},
		"unknown item":    {"item: b", "item: c", "does not have"},
		"unknown scale":   {"{id: b, scale: s}", "{id: b, scale: q}", "does not define"},
		"years backwards": {"[2020, 2021]", "[2021, 2020]", "years"},
		"no legal source": {"  legal: y\n", "", "legal"},
		"basis":           {"basis: official", "basis: rumour", "rumour"},
		"aggregator":      {"top2_pooled", "top3", "top3"},
		"range":           {"item: b", "item: b, range: [5, 1]", "range"},
		"weights":         {"{id: t, level", "{id: t, weight_total: 100, level", "add up to 2"},
		"rule":            {"item: b", "item: b, rule: best", "best"},
		"pooled unlike":   {"item: b", "item: b, positive: [5]", "count alike"},
		"group rule":      {"  positive", "  groups: {rule: thirds}\n  positive", "thirds"},
		"measure":         {"item: b", "item: b, measure: median", "median"},
		"dont know":       {"item: b", "item: b, dont_know: guess", "guess"},
		"no positive":     {"  positive: [4, 5]\n", "", "no positive codes"},
		"min above max":   {"item: b", "item: b, min: 3, max: 1", "below its max"},
		"numbers":         {"{s: {}}", "{s: {numeric: true}}", "are numbers"},
		"adds indicators": {"{id: t, level", "{id: t, rule: sum, level", ""},
		"adds ranges":     {"{id: t, level: overall, name: {vi: t}, children: [{id: a,", "{id: t, rule: sum, level: overall, name: {vi: t}, children: [{id: a, min: 0, max: 1,", "rule: rescaled"},
		"unanswered":      {"  positive", "  unanswered: guess\n  positive", "guess"},
	} {
		d, err := Parse([]byte(strings.Replace(good, c.from, c.to, 1)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		problems := d.Check()
		switch {
		case c.want == "" && len(problems) > 0:
			t.Errorf("%s: %v", name, problems)
		case c.want != "" && (len(problems) == 0 || !strings.Contains(problems[0].Error(), c.want)):
			t.Errorf("%s: %v, want a problem with %q", name, problems, c.want)
		case c.want != "" && !strings.Contains(problems[0].Error(), "^"):
			t.Errorf("%s: no line and caret in %v", name, problems[0])
		}
	}
}

func TestComparableFrom(t *testing.T) {
	d := shipped(t, "papi-2021")
	for _, c := range []struct {
		node     string
		from, to int
		want     bool
	}{
		{"5.1", 2021, 2022, true},
		{"5.1", 2020, 2021, false},
		{"2.1", 2017, 2018, false},
		{"1.2", 2018, 2024, true},
		{"papi", 2019, 2020, true},
		{"papi", 2020, 2021, false},
		{"D4", 2011, 2024, true},
		{"D2", 2011, 2017, true},
		{"D3", 2015, 2016, false},
		{"1.1", 2021, 2022, false},
		{"1.1", 2022, 2021, false},
	} {
		if got, why := d.Comparable(c.node, c.from, c.to); got != c.want || (!got && why.VI == "") {
			t.Errorf("%s from %d to %d is comparable %v (%s), want %v", c.node, c.from, c.to, got, why.VI, c.want)
		}
	}
}
