package analytics

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"hailong/analytics/area"
	"hailong/analytics/placement"
	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// groupedTwo is twoItems with PAPI's levels and groups.
var groupedTwo = strings.NewReplacer("level: overall", "level: composite", "aggregator: top2_pooled", "aggregator: top2_pooled\n  groups: {rule: r7-mixed}").Replace(twoItems)

// placedByTheirOwn analyses forms whose column tinh names provinces.
func placedByTheirOwn(t *testing.T, forms []form, p Plan) *result.Set {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.parquet")
	writeDataset(t, path, forms, []string{"huyen", "xa", "tinh"}, []string{"A", "B"})
	p.Year, p.Domains, p.Suppress.MinN = 2020, []string{"tinh"}, 10
	p.Design = Design{Weight: "trong_so", Strata: Columns{"huyen"}, PSU: Columns{"xa"}, Lonely: survey.LonelyAdjust}
	set, err := Run(context.Background(), Input{Files: []string{path}, Definition: []byte(groupedTwo)}, p)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestProvincesOfASurveyArePlaced by their own estimates and standard errors; strata lie within provinces, so these are independent.
func TestProvincesOfASurveyArePlaced(t *testing.T) {
	units := area.Provinces(area.MidYear(2020))[:12]
	forms := panel(t)["2024"]
	for i := range forms {
		var n int
		if _, err := fmt.Sscanf(forms[i].background["huyen"], "P%2d", &n); err != nil {
			t.Fatal(err)
		}
		forms[i].background["tinh"] = units[n-1].Name
	}
	set := placedByTheirOwn(t, forms, Plan{})
	var scores []placement.Score
	for _, u := range units {
		e := find(t, set, "all", map[string]string{"tinh": u.Name})
		scores = append(scores, placement.Score{Area: u.Code, Score: e.Estimate, SE: e.SE})
	}
	want, _, err := placement.Place(scores, placement.Options{})
	if err != nil || len(set.Placements) != 12 {
		t.Fatalf("%d placements (%v), want 12", len(set.Placements), err)
	}
	for _, w := range want {
		found := false
		for _, p := range set.Placements {
			if p.Area != w.Area {
				continue
			}
			found = true
			if p.Rank != w.Rank || p.Group != w.Group || p.Source != result.SourceSurvey || p.RankSet != w.RankSet || math.Abs(float64(p.ExpectedRank-w.ExpectedRank)) > 1e-9 {
				t.Errorf("%s: %+v, want %+v", p.AreaName, p, w)
			}
			for g := range 4 {
				if math.Abs(float64(p.Probabilities[g]-w.Probabilities[g])) > 1e-9 {
					t.Errorf("%s group %d: %v, want %v", p.AreaName, g+1, p.Probabilities[g], w.Probabilities[g])
				}
			}
		}
		if !found {
			t.Errorf("%s is not placed", w.Area)
		}
	}
	ha, _ := area.Find(units[3].Code, area.MidYear(2020))
	if own := placedByTheirOwn(t, forms, Plan{Area: ha}); len(own.Placements) != 1 || own.Placements[0].Area != ha.Code || own.Placements[0].Of != 12 {
		t.Errorf("about %s: %+v", ha.Name, own.Placements)
	}
}

// TestProvincesThatSharePSUs are placed with their joint covariance, that of svyby(covmat = TRUE), which package survey has from the golden set.
func TestProvincesThatSharePSUs(t *testing.T) {
	units := area.Provinces(area.MidYear(2020))[:6]
	forms := panel(t)["2024"]
	f := survey.NewFrame(len(forms))
	var stratum, psu, tinh []string
	var w, y, x []float64
	for i := range forms {
		u := units[(i+i/7)%6]
		forms[i].background["tinh"] = u.Name
		stratum, psu, tinh, w = append(stratum, forms[i].background["huyen"]), append(psu, forms[i].background["xa"]), append(tinh, u.Code), append(w, forms[i].weight)
		positive, valid := 0.0, 0.0
		for _, item := range []string{"A", "B"} {
			if c := forms[i].items[item]; c > 0 {
				valid++
				if c >= 4 {
					positive++
				}
			}
		}
		y, x = append(y, positive), append(x, valid)
	}
	for name, c := range map[string]survey.Column{"stratum": survey.Factor(stratum), "psu": survey.Factor(psu), "tinh": survey.Factor(tinh), "w": survey.Numeric(w), "y": survey.Numeric(y), "x": survey.Numeric(x)} {
		if err := f.Set(name, c); err != nil {
			t.Fatal(err)
		}
	}
	d, err := survey.NewDesign(f, survey.DesignSpec{IDs: []string{"psu"}, Strata: []string{"stratum"}, Weights: []string{"w"}, Lonely: survey.LonelyAdjust})
	if err != nil {
		t.Fatal(err)
	}
	by, err := d.By([]string{"tinh"}, func(e *survey.Design) (survey.Estimates, error) { return e.Ratio("y", "x", survey.Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	var scores []placement.Score
	for i := range by.Domains {
		scores = append(scores, placement.Score{Area: by.Domains[i].Key[0], Score: result.Number(100 * by.Est()[i]), SE: result.Number(100 * math.Sqrt(by.Cov[i][i]))})
		for j := range by.Cov[i] {
			by.Cov[i][j] *= 1e4
		}
	}
	joint, _, err := placement.Place(scores, placement.Options{Covariance: by.Cov})
	if err != nil {
		t.Fatal(err)
	}
	independent, _, err := placement.Place(scores, placement.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := placedByTheirOwn(t, forms, Plan{})
	moved := 0.0 // by the covariance, in expected ranks, which are computed and not drawn
	for i, want := range joint {
		for _, p := range set.Placements {
			if p.Area != want.Area {
				continue
			}
			if math.Abs(float64(p.ExpectedRank-want.ExpectedRank)) > 1e-6 || p.RankSet != want.RankSet {
				t.Errorf("%s: expected rank %v in %v, want %v in %v", p.AreaName, p.ExpectedRank, p.RankSet, want.ExpectedRank, want.RankSet)
			}
			for g := range 4 {
				if math.Abs(float64(p.Probabilities[g]-want.Probabilities[g])) > 0.02 { // four Monte Carlo errors of 10,000 draws each: 4·√(2·0.25/10000) is 0.028
					t.Errorf("%s group %d: %v, want %v", p.AreaName, g+1, p.Probabilities[g], want.Probabilities[g])
				}
			}
			moved = math.Max(moved, math.Abs(float64(p.ExpectedRank-independent[i].ExpectedRank)))
		}
	}
	if len(set.Placements) != 6 || moved < 1e-3 {
		t.Errorf("%d placements, moved by %v through the covariance", len(set.Placements), moved)
	}
}
