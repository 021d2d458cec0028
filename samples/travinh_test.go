package samples_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/samples"
)

const travinhDir = "tra-vinh-2020"

func travinh(t *testing.T) *samples.Sample {
	t.Helper()
	s, err := samples.TraVinh2020()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type buffer struct{ bytes.Buffer }

func (*buffer) Close() error { return nil }

// The committed files must be what the generator makes: else nobody could say where they come from.
func TestTraVinhFilesAreTheGenerators(t *testing.T) {
	s := travinh(t)
	made := map[string]*buffer{}
	err := s.WriteFiles(func(name string) (io.WriteCloser, error) {
		made[name] = &buffer{}
		return made[name], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	truth, err := s.Truth()
	if err != nil {
		t.Fatal(err)
	}
	made["../truth.json"], made["../answers.csv"] = &buffer{}, &buffer{}
	if err := truth.WriteJSON(made["../truth.json"]); err != nil {
		t.Fatal(err)
	}
	if err := s.WriteAnswers(made["../answers.csv"]); err != nil {
		t.Fatal(err)
	}
	if len(made) != 9+2 {
		t.Errorf("%d files made, want nine workbooks, the truth and the answers", len(made))
	}
	for name, b := range made {
		want, err := os.ReadFile(filepath.Join(travinhDir, "data", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s differs from the committed file (%d bytes made, %d committed); if the change is wanted, run: go run ./samples/gen", name, b.Len(), len(want))
		}
	}
}

// The weighted shares of truth.json are summed in this package, those of reference.json by R survey from answers.csv.
func TestTraVinhTruthAgreesWithR(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(travinhDir, "reference.json"))
	if err != nil {
		t.Fatal(err)
	}
	var ref struct {
		Estimates []struct {
			Node, Domain, Value string
			N                   int
			Estimate, Lo, Hi    float64
		}
	}
	if err := json.Unmarshal(b, &ref); err != nil {
		t.Fatal(err)
	}
	truth := travinh(t).Survey.Truth()
	for _, r := range ref.Estimates {
		domain := map[string]string{}
		if r.Domain != "" {
			domain[r.Domain] = r.Value
		}
		i := slices.IndexFunc(truth.Estimates, func(e samples.EstimateTruth) bool { return e.Node == r.Node && cmp.Equal(e.Domain, domain) })
		if i < 0 {
			t.Fatalf("R has %s in %v, the truth has not", r.Node, domain)
		}
		// R sums in floating point: 1e-12 of a figure near 100 is its rounding.
		if got := truth.Estimates[i]; got.N != r.N || abs(got.Estimate-r.Estimate) > 1e-10 {
			t.Errorf("%s %v: n %d, %.12f; R: n %d, %.12f", r.Node, domain, got.N, got.Estimate, r.N, r.Estimate)
		}
	}
	if want := 28 + 6*(9+2+5+3+5+6+5); len(ref.Estimates) != want { // nodes; factors by district, sex, age, ethnicity, schooling, occupation, field
		t.Errorf("R has %d estimates, want %d", len(ref.Estimates), want)
	}
}

// What the sample is for: an overall figure whose interval holds the target, and the traps of the units.
func TestTraVinhIsAnInterestingCase(t *testing.T) {
	s := travinh(t)
	if got := s.Survey.Truth().Estimates[0].Estimate; got < 83 || got > 86 {
		t.Errorf("overall satisfaction %.2f, want it near the target of 85", got)
	}
	units := map[string]int{}
	for _, st := range s.Spec.Design.Strata {
		for _, p := range st.PSUs {
			units[p.Name]++
		}
	}
	if units["Phường 1"] != 2 {
		t.Errorf("Phường 1 is sampled in %d districts, want both that have one", units["Phường 1"])
	}
	if units["Phường 2"]+units["Phường 6"] == 0 {
		t.Error("neither Phường 2 nor Phường 6 is sampled; both were merged away in 2024")
	}
	if n := len(s.Forms); n != 580 {
		t.Errorf("%d forms, want 580", n)
	}
}

func abs(x float64) float64 { return max(x, -x) }
