package analytics

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"hailong/analytics/engine"
	"hailong/analytics/result"
	"hailong/analytics/target"
)

// TestGapsAddUp: through a whole run, what the factors, the criteria and the values of each breakdown lack adds up to what the overall
// figure lacks, and so do the answers; parts are T − p weighed by their share of all answers, so anything lost on the way shows here.
func TestGapsAddUp(t *testing.T) {
	source, items := sipasItems(t)
	plan, err := target.Shipped("kh-168-tu")
	if err != nil {
		t.Fatal(err)
	}
	forms := province(t, 1500)
	for i := range forms {
		forms[i].weight = 1 + float64(i%7)
	}
	path := filepath.Join(t.TempDir(), "province.parquet")
	writeDataset(t, path, forms, sipasBackground, items)
	breakdowns := []string{"huyen", "gioi_tinh", "nhom_tuoi"}
	set, err := Run(context.Background(), Input{Files: []string{path}, Definition: source, Targets: plan, Engine: engine.Options{Threads: 1}}, Plan{
		Year: 2020, Design: Design{Weight: "trong_so", Strata: Columns{"huyen"}, PSU: Columns{"xa"}}, Domains: breakdowns,
	})
	if err != nil {
		t.Fatal(err)
	}
	var whole result.Gap
	points, answers := map[string]float64{}, map[string]float64{}
	for _, g := range set.Gaps {
		if g.Target != "sipas" {
			continue
		}
		kind := g.Kind
		switch g.Kind {
		case "total":
			whole = g
			continue
		case "factor", "criterion":
			if !slices.ContainsFunc(set.Nodes, func(n result.Node) bool { return n.ID == g.Node && n.Level == g.Kind }) {
				t.Errorf("the %s %q is no such node of the set", g.Kind, g.Node)
			}
		case "domain":
			for id, v := range g.Domain {
				kind += " " + id
				d := slices.IndexFunc(set.Domains, func(d result.Domain) bool { return d.ID == id })
				if d < 0 || !slices.ContainsFunc(set.Domains[d].Values, func(x result.DomainValue) bool { return x.Value == v }) {
					t.Errorf("%s is no breakdown of the set with a value %q", id, v)
				}
			}
		default:
			continue // the smallest improvements are alternatives
		}
		points[kind] += float64(g.Points)
		answers[kind] += float64(g.Respondents)
	}
	overall := find(t, set, set.Nodes[0].ID, nil)
	about(t, "the whole gap", whole.Points, 85-float64(overall.Estimate)) // KH 168: SIPAS of 85 % and more
	for _, kind := range []string{"factor", "criterion", "domain huyen", "domain gioi_tinh", "domain nhom_tuoi"} {
		if !(math.Abs(points[kind]-float64(whole.Points)) < 1e-9) || !(math.Abs(answers[kind]-float64(whole.Respondents)) < 1e-6) {
			t.Errorf("the %s parts make %v points and %v answers of a gap of %v and %v", kind, points[kind], answers[kind], whole.Points, whole.Respondents)
		}
	}
}
