package ingest

import (
	"path/filepath"
	"strings"
	"testing"
)

// A printed total that its rows do not make is said in each language in its own words.
func TestControlSumInWords(t *testing.T) {
	rows := [][]any{{"STT", "Xã", "Số phiếu", "A1"}, {1, "Xã Một", 10, 4}, {2, "Xã Hai", 20, 5}, {3, "Xã Ba", 30, 5}, {"Tổng cộng", "", 61, ""}}
	report, err := Inspect(t.Context(), Options{Files: []string{book(t, filepath.Join(t.TempDir(), "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small)})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range report.Problems {
		if p.Code == "control_sum" {
			found = true
			if p.Cell != "C5" || p.Want != "60" || p.Got != "61" || !strings.Contains(p.Text.VI, "(số cộng, mọi dòng)") || !strings.Contains(p.Text.EN, "(sum, all rows)") {
				t.Errorf("%+v", p)
			}
		}
	}
	if !found {
		t.Errorf("not found: %v", report.Problems)
	}
}
