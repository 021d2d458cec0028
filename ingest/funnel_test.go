package ingest

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/ingest/quality"
)

// Forms handed out, as the plan says, against those that came back, were answered and kept; by area under every spelling of its name, also from the
// dataset of an earlier run.
func TestFunnel(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{{"Mã phiếu", "Xã", "A1"}, {"P1", "Xã Hoà Lợi", 5}, {"P2", "X. Hòa Lợi", 4}, {"P3", "Xã Hòa Lợi", ""}, {"P3", "Xã Hòa Lợi", 3}, {"P4", "Xã Đa Lộc", 3}, {"P5", "Xã Song Lộc", 3}}
	o := Options{
		Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: filepath.Join(dir, "out"), Exclude: []string{"no_answers"},
		Issued: quality.Issued{Total: 8, Areas: map[string]map[string]int64{"xa": {"Xã Hòa Lợi": 5, "Xã Đa Lộc": 0, "Xã Lương Hòa": 3}}},
	}
	for _, reused := range []bool{false, true} {
		report := run(t, o)
		if report.Files[0].Reused != reused {
			t.Fatalf("reused %v", report.Files[0].Reused)
		}
		if diff := cmp.Diff(quality.Funnel{Issued: 8, Read: 6, Answered: 5, Complete: 5, Kept: 5}, report.Funnel); diff != "" {
			t.Error(diff)
		}
		var got []string
		for _, f := range report.Findings {
			if len(f.Code) >= 6 && f.Code[:6] == "funnel" {
				got = append(got, fmt.Sprintf("%s %d %.3f %s", f.Code, f.Count, f.Value, f.VI))
			}
		}
		slices.Sort(got)
		want := []string{
			"funnel 6 0.750 phát ra 8 phiếu → thu về 6 (75,0 %) → có trả lời 5 → giữ lại 5",
			"funnel_area 0 0.000 Xã Lương Hòa: phát ra 3 phiếu → thu về 0 (0,0 %) → có trả lời 0 → giữ lại 0",
			"funnel_area 4 0.800 Xã Hòa Lợi: phát ra 5 phiếu → thu về 4 (80,0 %) → có trả lời 3 → giữ lại 3",
			"funnel_area_excess 1 0.000 Xã Đa Lộc: phát ra 0 phiếu → thu về 1 (–) → có trả lời 1 → giữ lại 1",
			"funnel_unlisted 1 0.000 1 phiếu thu về từ nơi mà kế hoạch (issued) không nêu: Xã Song Lộc",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	o.Issued = quality.Issued{Areas: map[string]map[string]int64{"xa": {"Xã Hòa Lợi": 2, "Xã Đa Lộc": 1}}}
	report := run(t, o)
	if report.Funnel.Issued != 3 || !slices.ContainsFunc(report.Findings, func(f quality.Finding) bool { return f.Code == "funnel_excess" }) {
		t.Errorf("funnel %+v, findings %v", report.Funnel, report.Findings)
	}
	o.Issued = quality.Issued{}
	if report := run(t, o); report.Funnel.Issued != 0 || slices.ContainsFunc(report.Findings, func(f quality.Finding) bool { return f.Code == "funnel" }) {
		t.Errorf("a funnel that nobody asked for: %+v", report.Funnel)
	}
}
