package index

import (
	"strings"
	"testing"

	"hailong/analytics/survey"
)

// FuzzParse: a definition file is edited by hand, so anything may be in it; it parses or gives an error, and what parses can be checked
// and projected.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"par", "pci-2013"} {
		source, err := Shipped(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	f.Add("id: x\nindex: {aggregator: top2_pooled, tree: {id: t, children: [{id: a, item: a, min: 1, max: 1, rule: rescaled}]}}\n")
	f.Fuzz(func(t *testing.T, source string) {
		d, err := Parse([]byte(source))
		if err != nil {
			return
		}
		d.Check()
		d.Measures()
		d.Compose(map[string]float64{d.Tree.ID: 1})
		if got := d.Project(func(string) (survey.Linear, bool) { return survey.Linear{Est: 1, Z: []float64{1}}, true }); len(got) != len(d.Nodes()) {
			t.Errorf("%d nodes projected, want %d", len(got), len(d.Nodes()))
		}
	})
}

// FuzzReadScores: a score table is whatever an office kept.
func FuzzReadScores(f *testing.F) {
	definitions, err := Family("papi")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("2020_VIE\nTỉnh\tD1\tUnweighted PAPI Score\nTrà Vinh\t4.1\t42\nHighest\t9\t60")
	f.Add("x\nyear\tgso_code\tnode\tvalue\n2011\t84\t1.1\t0\n2011\t84\tD1\t1e309")
	f.Fuzz(func(t *testing.T, text string) {
		var sheet Sheet
		for i, line := range strings.Split(text, "\n") {
			if i == 0 {
				sheet.Name = line
				continue
			}
			sheet.Cells = append(sheet.Cells, strings.Split(line, "\t"))
		}
		s, err := ReadScores([]Sheet{sheet, sheet}, ScoreOptions{Definitions: definitions, Family: "papi"})
		if err != nil {
			return
		}
		s.Identities()
		for _, x := range s.Scores {
			d := s.Definition(x.Year)
			if n := d.Find(x.Node); n == nil || (x.Value.Known() && len(n.Range) == 2 && (float64(x.Value) < n.Range[0]-0.01 || float64(x.Value) > n.Range[1]*1.01+0.01)) {
				t.Errorf("impossible score %+v", x)
			}
		}
	})
}
