package analytics

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// apiclus1 is R survey's cluster sample of schools, as package golden exports it.
func apiclus1(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("HAILONG_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(root, "golden", "data", "apiclus1.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here", path)
	}
	return []string{path}
}

// TestEstimateGivesRsNumbers: every number is R survey's, from the case of golden/expected.json that its name names.
func TestEstimateGivesRsNumbers(t *testing.T) {
	dclus1 := Design{PSU: Columns{"dnum"}, FPC: Columns{"fpc"}, Weight: "pw"}
	stype := map[string]float64{"E": 4421, "H": 755, "M": 1018}
	for name, c := range map[string]struct {
		req  EstimateRequest
		want []result.Estimate // Estimate, SE, Lo and Hi; a limit of 0 is not compared
	}{
		"mean-dclus1":         {EstimateRequest{Mean: []string{"api00"}}, []result.Estimate{{Estimate: 644.1693989071039, SE: 23.54224069378104}}},
		"sub-total-dclus1":    {EstimateRequest{Total: []string{"enroll"}, Where: "awards == 'No'"}, []result.Estimate{{Estimate: 1120335.5777740462, SE: 423311.6854553725, Lo: 198018.6465558221, Hi: 2042652.50899227}}},
		"ciprop-swide-dclus1": {EstimateRequest{Prop: []string{"sch.wide == 'Yes'"}}, []result.Estimate{{Estimate: 0.8743169398907104, SE: 0.02035947724462743, Lo: 0.8237988923790337, Hi: 0.9119000770212227}}},
		"ciprop beta":         {EstimateRequest{Prop: []string{"sch.wide == 'Yes'"}, CI: "beta"}, []result.Estimate{{Estimate: 0.8743169398907104, SE: 0.02035947724462743, Lo: 0.8237022108475011, Hi: 0.9147044921268653}}},
		"q-mean-dclus1": {EstimateRequest{Quantile: []string{"api00"}, Probs: []float64{0.1, 0.5}}, []result.Estimate{
			{Estimate: 502, SE: 15.852392310867888, Lo: 461, Hi: 529}, {Estimate: 652, SE: 35.66788269945275, Lo: 561, Hi: 714},
		}},
		"ps-mean-dclus1": {EstimateRequest{Mean: []string{"api00"}, Calibrate: Calibrate{Margins: map[string]map[string]float64{"stype": stype}}}, []result.Estimate{{Estimate: 642.3107882115821, SE: 23.920486445090386}}},
		"rake-mean-dclus1": {
			EstimateRequest{Mean: []string{"api00"}, Calibrate: Calibrate{Margins: map[string]map[string]float64{"stype": stype, "sch.wide": {"No": 1072, "Yes": 5122}}}},
			[]result.Estimate{{Estimate: 641.2303209268185, SE: 23.70361688792298}},
		},
		"rep-dclus1-JK1-mean": {EstimateRequest{Mean: []string{"api00"}, Replicates: survey.ReplicateSpec{Type: "JK1"}}, []result.Estimate{{Estimate: 644.1693989071038, SE: 26.329360589527564}}},
		"by-stype-dclus1":     {EstimateRequest{Mean: []string{"api00"}, By: []string{"stype"}}, []result.Estimate{{Estimate: 648.8680555555555, SE: 22.36240889383189}, {Estimate: 618.5714285714286, SE: 38.02024935940753}, {Estimate: 631.44, SE: 31.609465227245522}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.req.Files, c.req.Design = apiclus1(t), dclus1
			got, err := Estimate(context.Background(), c.req)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Estimates) != len(c.want) {
				t.Fatalf("%d estimates, want %d", len(got.Estimates), len(c.want))
			}
			for i, want := range c.want {
				e := got.Estimates[i]
				for what, pair := range map[string][2]result.Number{"estimate": {e.Estimate, want.Estimate}, "SE": {e.SE, want.SE}, "lower limit": {e.Lo, want.Lo}, "upper limit": {e.Hi, want.Hi}} {
					if pair[1] != 0 && !(math.Abs(float64(pair[0]-pair[1])) <= 1e-6*math.Abs(float64(pair[1]))) {
						t.Errorf("%s %d is %.12g, R gives %.12g", what, i, float64(pair[0]), float64(pair[1]))
					}
				}
			}
		})
	}
}

// TestEstimateReadsNumbersWrittenAsText: a dataset of an export whose cells are all text has weights and scores that are numbers, and codes
// that are not.
func TestEstimateReadsNumbersWrittenAsText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.parquet")
	forms := []form{
		{background: map[string]string{"w": "1.50", "y": "4", "code": "01"}},
		{background: map[string]string{"w": "2", "y": "-1.25", "code": "02"}},
		{background: map[string]string{"w": "0.5", "code": "02"}},
	}
	writeDataset(t, path, forms, []string{"w", "y", "code"}, nil)
	got, err := Estimate(context.Background(), EstimateRequest{Files: []string{path}, Mean: []string{"y", "code"}, Design: Design{Weight: "w"}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"y": (1.5*4 - 2*1.25) / 3.5, "code01": 1.5 / 4, "code02": 2.5 / 4}
	if len(got.Estimates) != len(want) {
		t.Fatalf("%d estimates, want %d: y is a number, code is not", len(got.Estimates), len(want))
	}
	for _, e := range got.Estimates {
		if math.Abs(float64(e.Estimate)-want[e.Node]) > 1e-15 {
			t.Errorf("%s is %v, want %v", e.Node, e.Estimate, want[e.Node])
		}
	}
}

func TestEstimateTestsHypotheses(t *testing.T) {
	got, err := Estimate(context.Background(), EstimateRequest{
		Files: apiclus1(t), Design: Design{PSU: Columns{"dnum"}, FPC: Columns{"fpc"}, Weight: "pw"}, Tests: []string{"api00 ~ comp.imp", "sch.wide + stype", "rank(api00) ~ stype", "api00 ~ 0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Golden cases t2-dclus1 and chisq-dclus1.
	for name, want := range map[string]float64{"api00 ~ comp.imp t": 0.37178479463810343, "sch.wide + stype F": 0.021747462370796864, "sch.wide + stype Wald": 0.12689630060235102} {
		found := false
		for _, test := range got.Tests {
			if test.Formula+" "+test.Name == name {
				found = true
				if math.Abs(float64(test.P)-want) > 1e-8 {
					t.Errorf("%s: p is %.12g, R gives %.12g", name, float64(test.P), want)
				}
			}
		}
		if !found {
			t.Errorf("there is no test %s", name)
		}
	}
	last := got.Tests[len(got.Tests)-1]
	if last.Formula != "api00 ~ 0" || math.Abs(float64(last.Diff)-644.1693989071038) > 1e-9 {
		t.Errorf("the last test is %+v; its difference is the mean, 644.169", last)
	}
}

func TestEstimateRefusesWhatItCannotRead(t *testing.T) {
	files := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(files, []byte("y,g,w\n1,a,1\n2,b,1\n3,a,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		req  EstimateRequest
		want string
	}{
		"nothing":       {EstimateRequest{}, "nothing to estimate"},
		"confidence":    {EstimateRequest{Mean: []string{"y"}, Confidence: 95}, "confidence is 95"},
		"a column":      {EstimateRequest{Mean: []string{"z"}}, "there is no column \"z\"; there are y, g, w"},
		"a test":        {EstimateRequest{Tests: []string{"y"}}, `reading test "y"`},
		"rank of 0":     {EstimateRequest{Tests: []string{"rank(y) ~ 0"}}, `reading test "rank(y) ~ 0"`},
		"a condition":   {EstimateRequest{Prop: []string{"y >"}}, `"y >"`},
		"a text weight": {EstimateRequest{Mean: []string{"y"}, Design: Design{Weight: "g"}}, `"g" holds "a" where a number is needed`},
		"a method":      {EstimateRequest{Quantile: []string{"y"}, QuantileRule: "middle"}, "middle"},
	} {
		t.Run(name, func(t *testing.T) {
			c.req.Files = []string{files}
			if _, err := Estimate(context.Background(), c.req); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v; it should say %q", err, c.want)
			}
		})
	}
}
