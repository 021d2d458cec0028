package index

import (
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
			t.Errorf("%s: %v %v", p.Node.ID, p.Linear.Est, p.Why)
		}
	}
}
