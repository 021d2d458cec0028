package samples_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"hailong/analytics"
	"hailong/analytics/index"
	"hailong/analytics/survey"
	"hailong/ingest"
	"hailong/ingest/questionnaire"
	"hailong/samples"
)

// Whatever program or office wrote the sheet, and in whatever letters, the same survey gives the same figures: every share of every
// node in every stratum is the generator's, which no room that is checked here has computed.
func TestEveryDialectGivesTheTruth(t *testing.T) {
	source, err := index.Shipped("sipas-2017")
	if err != nil {
		t.Fatal(err)
	}
	q, err := questionnaire.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	d, err := index.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := samples.ForDefinition(q, d)
	if err != nil {
		t.Fatal(err)
	}
	spec.Seed = 5
	spec.Design = samples.Design{NStrata: 3, PSUs: 4, Forms: 10}
	spec.Model = samples.Model{Blank: 0.03, DontKnow: 0.03, StraightLine: 0.05}
	s := generate(t, spec)
	truth := s.Truth()
	office := samples.Look{Dialect: samples.Office, Numbers: true, Totals: true, Signature: true}
	for name, change := range map[string]func(*samples.Look){
		"plain":              func(l *samples.Look) { *l = samples.Look{} },
		"plain codes":        func(l *samples.Look) { *l = samples.Look{Answers: samples.Codes} },
		"kobo":               func(l *samples.Look) { *l = samples.Look{Dialect: samples.Kobo, Answers: samples.Codes} },
		"google forms":       func(l *samples.Look) { *l = samples.Look{Dialect: samples.GoogleForms} },
		"limesurvey":         func(l *samples.Look) { *l = samples.Look{Dialect: samples.LimeSurvey} },
		"qualtrics":          func(l *samples.Look) { *l = samples.Look{Dialect: samples.Qualtrics} },
		"ms forms":           func(l *samples.Look) { *l = samples.Look{Dialect: samples.MSForms} },
		"office":             func(*samples.Look) {},
		"office nfd":         func(l *samples.Look) { l.Encoding = samples.NFD },
		"office tcvn3":       func(l *samples.Look) { l.Encoding = samples.TCVN3 },
		"office vni":         func(l *samples.Look) { l.Encoding = samples.VNI },
		"office codes":       func(l *samples.Look) { l.Answers, l.HeaderCodes = samples.Codes, true },
		"office 4 - label":   func(l *samples.Look) { l.Answers, l.ReverseItems = samples.CodeAndLabel, true },
		"office untidy":      func(l *samples.Look) { l.Untidy, l.Names = true, true },
		"office ticks":       func(l *samples.Look) { l.Dialect = samples.OfficeTicks },
		"office ticks tcvn3": func(l *samples.Look) { l.Dialect, l.Encoding = samples.OfficeTicks, samples.TCVN3 },
	} {
		t.Run(name, func(t *testing.T) {
			look := office
			change(&look)
			compare(t, s, truth, look, source)
		})
	}
}

func compare(t *testing.T, s *samples.Survey, truth samples.Truth, look samples.Look, definition []byte) {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	if err := s.WriteXLSX(&b, look, -1); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "survey.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := ingest.Run(t.Context(), ingest.Options{Files: []string{path}, Definition: definition, Out: filepath.Join(dir, "dataset")})
	if err != nil {
		t.Fatal(err)
	}
	if int(report.Ledger.Kept) != len(s.Forms) {
		t.Errorf("%d of %d forms kept", report.Ledger.Kept, len(s.Forms))
	}
	for _, p := range report.Problems {
		t.Errorf("%s %s: %s, %q", p.Cell, p.Code, p.Want, p.Got)
	}
	files, err := filepath.Glob(filepath.Join(dir, "dataset", "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := analytics.Run(t.Context(), analytics.Input{Files: files, Definition: definition}, analytics.Plan{
		Design:   analytics.Design{Weight: "trong_so", Strata: []string{"huyen"}, PSU: []string{"xa"}, Lonely: survey.LonelyAdjust},
		Domains:  []string{"huyen"},
		Suppress: analytics.Suppress{MinN: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	for _, e := range set.Estimates {
		found[fmt.Sprint(e.Node, e.Domain, e.N)] = float64(e.Estimate)
	}
	checked := 0
	for _, e := range truth.Estimates {
		if _, ok := e.Domain["huyen"]; !ok && len(e.Domain) > 0 {
			continue
		}
		checked++
		got, ok := found[fmt.Sprint(e.Node, e.Domain, e.N)]
		// One division of exact sums on either side, times 100.
		if !ok || !(math.Abs(got-e.Estimate) <= 1e-10) {
			t.Errorf("%s %v: %v, want %v of %d", e.Node, e.Domain, got, e.Estimate, e.N)
		}
	}
	if checked != 4*28 {
		t.Errorf("%d figures compared, want 28 nodes for all and for three strata", checked)
	}
}
