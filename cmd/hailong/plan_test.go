package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzPlan: whatever is in a plan file, reading it ends in a plan or in an error with a message, never in a panic.
func FuzzPlan(f *testing.F) {
	for _, path := range []string{"../../samples/tra-vinh-2020/plan.yaml", "../../samples/sfo-2017/plan.yaml"} {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	for _, s := range []string{"", "title: [", "files: !!", "? !", "design: {psu: [a, b], lonely_psu: never}", "a: &a *a", "\x00", "- 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path := filepath.Join(t.TempDir(), "plan.yaml")
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := readPlan(path)
		if err == nil && p == nil || err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Errorf("%q: no plan and no message", s)
		}
	})
}
