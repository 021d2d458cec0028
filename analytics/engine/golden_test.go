package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// serverVariable names the engine that the tests ask in place of the embedded one; `make test-cluster` sets it.
const serverVariable = "HAILONG_TEST_ENGINE"

// goldenTable is one of R survey's data sets.
func goldenTable(t *testing.T, name string) []string {
	t.Helper()
	return []string{forEngine(t, shared(t, "golden", "data", name+".csv"))}
}

// forEngine makes a csv file fit for the engine that is tested: a server reads Parquet alone, so it gets the same columns as that.
func forEngine(t *testing.T, file string) string {
	t.Helper()
	if os.Getenv(serverVariable) == "" {
		return file
	}
	ctx := context.Background()
	local, err := Open(ctx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(file), ".csv")+".parquet")
	_, err = local.sql.ExecContext(ctx, "COPY (SELECT * FROM "+duckSource([]string{file})+") TO "+literal(path)+" (FORMAT parquet)")
	if err := errors.Join(err, local.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, threads int) *DB {
	t.Helper()
	db, err := Open(context.Background(), Options{Threads: threads, Server: os.Getenv(serverVariable), Root: "/"})
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
	Term string
	By   map[string]any
	Est  float64
	SE   float64
	Deff float64
	N    float64
	WSum float64
	DF   *float64 `json:"df_domain"`
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
			req.Files = goldenTable(t, req.Files[0])
			req.Measures = []Measure{
				{ID: "api00", Kind: Value, Items: []string{"api00"}},
				{ID: "api99", Kind: Mean, Items: []string{"api99"}},
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

// goldenDomains checks one measure's figures by a breakdown, one by one (Ratio, Variance) and together (Domains), against R's svyby.
func goldenDomains(t *testing.T, id string, totals *survey.Totals, columns []string, lonely survey.LonelyPSU) {
	t.Helper()
	rows, _, vcov := golden(t, id)
	variances, err := totals.Variances(lonely)
	if err != nil {
		t.Fatal(err)
	}
	b, ok := totals.Find(columns...)
	if !ok {
		t.Fatalf("no breakdown by %v", columns)
	}
	all := variances.Domains(0, b)
	at := make([]int, len(rows))
	for i, row := range rows {
		want := make([]string, len(columns))
		for k, c := range columns {
			want[k] = fmt.Sprint(row.By[c])
		}
		at[i] = slices.IndexFunc(totals.Breakdowns[b].Values, func(v []string) bool { return slices.Equal(v, want) })
		if at[i] < 0 {
			t.Fatalf("%s: no value %v", id, want)
		}
		d := at[i]
		l := totals.Ratio(survey.Cell{Breakdown: b, Value: d})
		near(t, fmt.Sprint(id, want, " estimate"), l.Est, row.Est)
		near(t, fmt.Sprint(id, want, " SE"), math.Sqrt(variances.Variance(l)), row.SE)
		near(t, fmt.Sprint(id, want, " df"), float64(l.DF()), *row.DF)
		near(t, fmt.Sprint(id, want, " joint estimate"), all.Est[d], row.Est)
		near(t, fmt.Sprint(id, want, " joint SE"), all.SE[d], row.SE)
		near(t, fmt.Sprint(id, want, " joint df"), float64(all.DF[d]), *row.DF)
	}
	for i := range vcov {
		for j := range vcov {
			near(t, fmt.Sprint(id, " covariance ", i, j), all.Cov[at[i]][at[j]], vcov[i][j])
		}
	}
}

func TestTotalsGiveRsDomains(t *testing.T) {
	db := open(t, 2)
	for _, c := range []struct {
		id      string
		columns []string
		lonely  survey.LonelyPSU
		req     Request
	}{
		{"by-stype-dstrat", []string{"stype"}, survey.LonelyFail, Request{
			Files: []string{"apistrat"}, Strata: []string{"stype"}, FPC: []string{"fpc"}, Weight: "pw",
			Measures: []Measure{{ID: "api00", Kind: Value, Items: []string{"api00"}}},
		}},
		{"by-stype-dclus1", []string{"stype"}, survey.LonelyFail, Request{
			Files: []string{"apiclus1"}, PSU: []string{"dnum"}, FPC: []string{"fpc"}, Weight: "pw",
			Measures: []Measure{{ID: "api00", Kind: Mean, Items: []string{"api00"}}},
		}},
		// The weights differ within PSUs, so the sums are in fixed point; the design nests PSU numbers in strata.
		{"by-nhanes", []string{"race", "RIAGENDR"}, survey.LonelyFail, Request{
			Files: []string{"nhanes"}, Strata: []string{"SDMVSTRA"}, PSU: []string{"SDMVPSU"}, Weight: "WTMEC2YR",
			Measures: []Measure{{ID: "chol", Kind: Share, Items: []string{"HI_CHOL"}, Positive: []int{1}}},
		}},
		{"by-nhanes-age", []string{"agecat"}, survey.LonelyFail, Request{
			Files: []string{"nhanes"}, Strata: []string{"SDMVSTRA"}, PSU: []string{"SDMVPSU"}, Weight: "WTMEC2YR",
			Measures: []Measure{{ID: "chol", Kind: Mean, Items: []string{"HI_CHOL"}}},
		}},
		// Two stages with fpc, one stratum with a lonely PSU.
		{"sat-top2-s2024", []string{"province"}, survey.LonelyAdjust, Request{
			Files: []string{"satis_open"}, Strata: []string{"stratum"}, PSU: []string{"psu"}, Weight: "w0",
			FPC: []string{"N_psu", "M_ssu"}, Where: "wave == 2024", Measures: []Measure{{ID: "top2", Kind: Share, Items: []string{"overall"}, Positive: []int{4, 5}}},
		}},
	} {
		t.Run(c.id, func(t *testing.T) {
			c.req.Files = goldenTable(t, c.req.Files[0])
			c.req.Domains = [][]string{c.columns}
			totals, _, err := db.Totals(context.Background(), c.req)
			if err != nil {
				t.Fatal(err)
			}
			goldenDomains(t, c.id, totals, c.columns, c.lonely)
		})
	}
}

// TestTotalsGiveRsItems has R's figures for raw items whose codes 98 and 99 are missing, each item over its own respondents.
func TestTotalsGiveRsItems(t *testing.T) {
	db := open(t, 2)
	req := Request{
		Files: goldenTable(t, "satis_open"), Strata: []string{"stratum"}, PSU: []string{"psu"}, Weight: "w0",
		FPC: []string{"N_psu", "M_ssu"}, Where: "wave == 2024",
	}
	for i := 1; i <= 8; i++ {
		item := fmt.Sprint("q", i)
		req.Measures = append(req.Measures, Measure{ID: item, Kind: Mean, Items: []string{item}, Base: item + " <= 5"})
	}
	totals, _, err := db.Totals(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	variances, err := totals.Variances(survey.LonelyAdjust)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		id := fmt.Sprintf("sat-c%d-s2024", i+1)
		if i == 0 {
			id = "sat-items-s2024"
		}
		rows, df, _ := golden(t, id)
		l := totals.Ratio(survey.Cell{Measure: i})
		near(t, id, l.Est, rows[0].Est)
		near(t, id+" SE", math.Sqrt(variances.Variance(l)), rows[0].SE)
		near(t, id+" df", float64(l.DF()), df)
	}
}

func TestTotalsTreatLonelyPSUsAsRDoes(t *testing.T) {
	db := open(t, 2)
	for name, fpc := range map[string][]string{"dlon": nil, "dlon_fpc": {"fp2"}, "dlon_cert": {"fp"}} {
		req := Request{
			Files: goldenTable(t, "lonely"), Strata: []string{"str"}, PSU: []string{"psu"}, Weight: "w", FPC: fpc,
			Domains: [][]string{{"g"}}, Measures: []Measure{{ID: "y", Kind: Value, Items: []string{"y"}}},
		}
		totals, _, err := db.Totals(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, lonely := range []survey.LonelyPSU{survey.LonelyRemove, survey.LonelyCertainty, survey.LonelyAdjust, survey.LonelyAverage} {
			t.Run(name+"-"+lonely.String(), func(t *testing.T) {
				variances, err := totals.Variances(lonely)
				if err != nil {
					t.Fatal(err)
				}
				prefix := "lonely-" + lonely.String() + "-" + name
				rows, _, _ := golden(t, prefix+"-mean")
				near(t, "mean SE", math.Sqrt(variances.Variance(totals.Ratio(survey.Cell{}))), rows[0].SE)
				rows, _, _ = golden(t, prefix+"-total")
				near(t, "total SE", math.Sqrt(variances.Variance(totals.Total(survey.Cell{}))), rows[0].SE)
				goldenDomains(t, prefix+"-by", totals, []string{"g"}, lonely)
			})
		}
		_, err = totals.Variances(survey.LonelyFail)
		var alone *survey.LonelyError
		if want := name != "dlon_cert"; errors.As(err, &alone) != want {
			t.Errorf("%s: lonely PSU: error %v, want one: %v", name, err, want)
		} else if want && !slices.Equal(alone.Names, []string{"C"}) {
			t.Errorf("%s: the lonely stratum is %v, want C", name, alone.Names)
		}
	}
}
