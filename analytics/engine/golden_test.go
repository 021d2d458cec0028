package engine

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"hailong/analytics/survey"
)

// shared is the folder of agreed reference material, which a clone of the repository alone does not have.
func shared(t *testing.T, elements ...string) string {
	t.Helper()
	root := os.Getenv("HAILONG_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(dir, "..", "shared")
	}
	path := filepath.Join(append([]string{root}, elements...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here", path)
	}
	return path
}

func open(t testing.TB, threads int) *DB {
	t.Helper()
	db, err := Open(context.Background(), Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

type goldenRow struct {
	Term   string
	Domain map[string]any
	Est    float64
	SE     float64
	Deff   float64
	N      float64
	WSum   float64
	DF     *float64 `json:"df_domain"`
}

// golden is one case's rows, df and covariance matrix as R survey computed them (golden/expected.json; provenance in each case).
func golden(t *testing.T, id string) (rows []goldenRow, df float64, vcov [][]float64) {
	t.Helper()
	text, err := os.ReadFile(shared(t, "golden", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID       string
			Expected json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		if c.ID == id {
			var expected struct {
				Rows []goldenRow
				DF   float64
				VCov [][]float64
			}
			if err := json.Unmarshal(c.Expected, &expected); err != nil {
				t.Fatal(err)
			}
			return expected.Rows, expected.DF, expected.VCov
		}
	}
	t.Fatalf("golden/expected.json has no case %s", id)
	return nil, 0, nil
}

// near compares as golden/README.md says, with the cases' tolerance of 1e-9.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Max(math.Abs(got), math.Abs(want))+1e-9) {
		t.Errorf("%s: got %.17g, R gives %.17g", what, got, want)
	}
}

func TestTotalsGiveRsMeansAndTotals(t *testing.T) {
	designs := map[string]Request{
		"dsrs":         {Files: []string{"apisrs"}, FPC: []string{"fpc"}, Weight: "pw"},
		"dstrat":       {Files: []string{"apistrat"}, Strata: []string{"stype"}, FPC: []string{"fpc"}, Weight: "pw"},
		"dstrat_nofpc": {Files: []string{"apistrat"}, Strata: []string{"stype"}, Weight: "pw"},
		"dclus1":       {Files: []string{"apiclus1"}, PSU: []string{"dnum"}, FPC: []string{"fpc"}, Weight: "pw"},
		"dclus1_nofpc": {Files: []string{"apiclus1"}, PSU: []string{"dnum"}, Weight: "pw"},
		"dclus2":       {Files: []string{"apiclus2"}, PSU: []string{"dnum"}, FPC: []string{"fpc1", "fpc2"}, Weight: "pw"},
		"dclus2wr":     {Files: []string{"apiclus2"}, PSU: []string{"dnum"}, Weight: "pw"},
	}
	db := open(t, 2)
	for name, req := range designs {
		t.Run(name, func(t *testing.T) {
			req.Files = []string{shared(t, "golden", "data", req.Files[0]+".csv")}
			req.Measures = []Measure{
				{ID: "api00", Kind: Value, Items: []string{"api00"}}, {ID: "api99", Kind: Mean, Items: []string{"api99"}},
				{ID: "enroll", Kind: Value, Items: []string{"enroll"}},
			}
			totals, _, err := db.Totals(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			rows, df, vcov := golden(t, "mean-"+name)
			variances, err := totals.Variances(survey.LonelyFail)
			if err != nil {
				t.Fatal(err)
			}
			linear := []survey.Linear{totals.Ratio(survey.Cell{Measure: 0}), totals.Ratio(survey.Cell{Measure: 1})}
			for i, row := range rows {
				v := variances.Variance(linear[i])
				near(t, row.Term+" mean", linear[i].Est, row.Est)
				near(t, row.Term+" SE", math.Sqrt(v), row.SE)
				near(t, row.Term+" df", float64(linear[i].DF()), df)
			}
			if len(req.FPC) < 2 {
				c := variances.Covariance(linear[0], linear[1])
				near(t, "covariance", c, vcov[0][1])
			}
			rows, _, _ = golden(t, "total-"+name)
			total := totals.Total(survey.Cell{Measure: 2})
			v := variances.Variance(total)
			near(t, "total", total.Est, rows[0].Est)
			near(t, "total SE", math.Sqrt(v), rows[0].SE)
			for id, replace := range map[string]bool{"meandeff-": false, "meandeffwr-": true} {
				rows, _, _ = golden(t, id+name)
				v := variances.Variance(linear[0])
				near(t, id, totals.Deff(survey.Cell{Measure: 0}, v, replace), rows[0].Deff)
			}
		})
	}
}
