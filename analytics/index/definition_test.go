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
	d := shipped(t, "sipas-2023")
	if len(d.Blocks) != 2 || len(d.Blocks[1].Children) != 10 {
		t.Errorf("%d blocks; want perception and expectation with 10 wishes", len(d.Blocks))
	}
}
