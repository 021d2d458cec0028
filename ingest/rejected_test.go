package ingest

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/ingest/quality"
)

// A form that the survey's supervisors rejected is neither counted in silence nor dropped in silence: it is a finding with its row, and the plan's
// exclude sets it aside in the ledger. What the programs write is quoted at quality.rejected.
func TestRejectedForms(t *testing.T) {
	kobo := func(decisions ...any) testSheet {
		rows := [][]any{{"A1", "_id", "_uuid", "_submission_time", "_validation_status", "_index"}}
		for k, decision := range decisions {
			rows = append(rows, []any{5 - k%5, 10 + k, fmt.Sprintf("u%d", k), "2020-10-01T10:00:00", decision, k + 1})
		}
		return testSheet{"form", rows}
	}
	for _, c := range []struct {
		name   string
		sheets []testSheet
		rows   []int // that are rejected
	}{
		{"KoboToolbox, labels", []testSheet{kobo("Approved", "Not Approved", nil, "On Hold", "Not Approved")}, []int{3, 6}},
		{"KoboToolbox, XML values", []testSheet{kobo("validation_status_approved", "validation_status_not_approved", nil, "validation_status_on_hold")}, []int{3}},
		// Central's own columns as in its test of the export, see layout.TestDialects.
		{"ODK Central", []testSheet{{"d", piped("SubmissionDate|meta-instanceID|A1|KEY|SubmitterID|SubmitterName|AttachmentsPresent|AttachmentsExpected|Status|ReviewState|DeviceID|Edits|FormVersion",
			"2022-05-01T10:00:00.000Z|one|4|one|5|Alice|0|0||rejected||0|2", "2022-05-01T10:00:00.000Z|two|3|two|5|Alice|0|0||hasIssues||0|2",
			"2022-05-01T10:00:00.000Z|three|2|three|5|Alice|0|0||approved||0|2", "2022-05-01T10:00:00.000Z|four|1|four|5|Alice|0|0||edited||0|2", "2022-05-01T10:00:00.000Z|five|5|five|5|Alice|0|0||||0|2")}}, []int{2}},
		{"SurveyCTO", []testSheet{{"d", piped("SubmissionDate|A1|instanceID|formdef_version|review_quality|review_status|KEY",
			"Oct 10, 2015 6:26:24 PM|4|uuid:1|1|GOOD|APPROVED|uuid:1", "Oct 10, 2015 6:26:24 PM|3|uuid:2|1|POOR|REJECTED|uuid:2", "Oct 10, 2015 6:26:24 PM|2|uuid:3|1||PENDING|uuid:3")}}, []int{3}},
		{"no column", []testSheet{{"d", piped("Mã phiếu|A1", "1|4", "2|3")}}, nil},
		// The rows of a repeat group go with their form, also where their own copy of the decision is blank: https://github.com/kobotoolbox/formpack/issues/253.
		{"a repeat group", []testSheet{
			{"form", [][]any{{"Xã", "_id", "_uuid", "_submission_time", "_validation_status", "_index"}, {"Một", 1, "u1", "2020-10-01T10:00:00", "Not Approved", 1}, {"Hai", 2, "u2", "2020-10-01T10:00:00", "Approved", 2}}},
			{"person", [][]any{{"A1", "_index", "_parent_table_name", "_parent_index", "_submission__validation_status"}, {4, 1, "form", 2, nil}, {3, 2, "form", 1, nil}, {2, 3, "form", 1, nil}}},
		}, []int{3, 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			o := Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), c.sheets...)}, Definition: []byte(small), Out: filepath.Join(dir, "out")}
			report := run(t, o)
			all := report.Ledger.Kept
			if report.Ledger.Read != all {
				t.Errorf("kept %d of %d without being told to exclude", all, report.Ledger.Read)
			}
			var rows []int
			for _, f := range report.Findings {
				if f.Code == "rejected_form" {
					for _, cell := range f.Cells {
						rows = append(rows, cell.Row)
					}
				}
			}
			if diff := cmp.Diff(c.rows, rows); diff != "" {
				t.Errorf("rejected rows (-want +got):\n%s", diff)
			}
			o.Exclude = []string{"rejected_form"}
			for _, reused := range []bool{true, false} {
				o.NoCache = !reused
				report := run(t, o)
				if report.Files[0].Reused != reused {
					t.Fatalf("reused: %v", report.Files[0].Reused)
				}
				if n := int64(len(c.rows)); report.Ledger.Kept != all-n || sum(report.Ledger.SetAside) != n || (n > 0 && report.Ledger.SetAside[0].Reason != "rejected_form") {
					t.Errorf("ledger %+v, want %d set aside", report.Ledger, n)
				}
			}
		})
	}
	if !quality.Excludable("rejected_form") {
		t.Error("the plan cannot exclude rejected forms")
	}
}
