package survey

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// moduleRoot is the folder with go.mod above the test.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
	}
}

// sharedDir finds the folder that HAILONG_SHARED names (default ../shared from the repository's root) and skips the test without it.
func sharedDir(t testing.TB) string {
	t.Helper()
	shared := os.Getenv("HAILONG_SHARED")
	if shared == "" {
		shared = "../shared"
	}
	if !filepath.IsAbs(shared) {
		shared = filepath.Join(moduleRoot(t), shared)
	}
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("HAILONG_SHARED: %v", err)
	}
	return shared
}

func relativeError(got, want float64) float64 {
	if got == want || (math.IsNaN(got) && math.IsNaN(want)) {
		return 0
	}
	return math.Abs(got-want) / math.Max(math.Abs(got), math.Abs(want))
}

// TestDistributionsAgainstR holds the tails and quantiles to the values that R 4.2.2 printed into golden/distributions.txt.
func TestDistributionsAgainstR(t *testing.T) {
	f, err := os.Open(filepath.Join(sharedDir(t), "golden", "distributions.txt"))
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		v := make([]float64, len(fields))
		for i := 1; i < len(fields); i++ {
			if v[i], err = strconv.ParseFloat(fields[i], 64); err != nil {
				t.Fatal(err)
			}
		}
		var got float64
		want := v[len(v)-1]
		switch fields[0] {
		case "qt":
			got = TQuantile(v[2], v[1])
		case "pt":
			got = TwoSidedP(v[2], v[1])
		case "pf":
			got = FSurvival(v[3], v[1], v[2])
		case "pchisq":
			got = ChiSquaredSurvival(v[2], v[1])
		case "pnorm":
			got = NormalSurvival(v[2])
		case "qnorm":
			got = NormalQuantile(v[2])
		case "qbeta":
			got = BetaQuantile(v[3], v[1], v[2])
		default:
			t.Fatalf("unknown function %s", fields[0])
		}
		n++
		if e := relativeError(got, want); e > 2e-10 && math.Abs(got-want) > 1e-300 {
			t.Errorf("%s: got %.17g, relative error %.1e", s.Text(), got, e)
		}
	}
	if n < 100 {
		t.Errorf("only %d values read", n)
	}
}
