package vntext_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// table is the published table of the encodings: letter, code point, TCVN3, VNI, VISCII. The package embeds a copy of it.
func table(t *testing.T) [][]string {
	t.Helper()
	raw, err := os.ReadFile("encodings.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]string
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if i > 0 {
			lines = append(lines, strings.Split(line, "\t"))
		}
	}
	return lines
}

func TestTableIsThePublishedOne(t *testing.T) {
	dir := os.Getenv("HAILONG_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	want, err := os.ReadFile(filepath.Join(dir, "data", "vn_encodings.tsv"))
	if err != nil {
		t.Skipf("no shared material: %v", err)
	}
	got, err := os.ReadFile("encodings.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("encodings.tsv differs from the shared table")
	}
	// 12 vowels in 6 tones, đ, and all of that in capitals, without i and y counted twice: 67 small and 67 capital letters.
	if n := len(table(t)); n != 134 {
		t.Errorf("%d letters, want 134", n)
	}
}
