package ingest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// SurveyCTO writes its times in words; they are times in the dataset, and who a device or its card belongs to stays outside. Columns and
// times are those of the sample answer in the documentation of its REST API (https://pypi.org/project/pysurveycto).
func TestSurveyCTO(t *testing.T) {
	dir := t.TempDir()
	path := book(t, filepath.Join(dir, "a.xlsx"), testSheet{"d", [][]any{
		{"CompletionDate", "SubmissionDate", "starttime", "endtime", "deviceid", "subscriberid", "simid", "devicephonenum", "username", "A1", "instanceID", "formdef_version", "review_status", "KEY"},
		{"Oct 10, 2015 6:26:24 PM", "Oct 10, 2015 6:26:24 PM", "Oct 10, 2015 6:24:34 PM", "Oct 10, 2015 6:25:42 PM", "99000211023220", "311480169577541", "89148000001679945153", "5089658843", "anh", 5, "uuid:4e", "1411121011", "APPROVED", "uuid:4e"},
		{"Oct 13, 2015 10:53:04 AM", "Oct 13, 2015 10:53:04 AM", "Oct 13, 2015 10:51:34 AM", "Oct 13, 2015 10:52:42 AM", "99000211023221", "311480169577541", "89148000001679945153", "5089658843", "lan", 4, "uuid:5e", "1411121011", "APPROVED", "uuid:5e"},
	}})
	out := filepath.Join(dir, "out")
	report := run(t, Options{Files: []string{path}, Definition: []byte(small), Out: out})
	for _, p := range report.Problems {
		if p.Code == "not_a_date" {
			t.Errorf("%s", p)
		}
	}
	sheet := report.Files[0].Sheets[0]
	if sheet.Looked.Start != "starttime" || sheet.Looked.End != "endtime" || sheet.Looked.Interviewer != "username" {
		t.Errorf("looked at %+v", sheet.Looked)
	}
	var dropped []string
	for _, c := range sheet.Dropped {
		dropped = append(dropped, c.Header)
	}
	if diff := cmp.Diff("deviceid subscriberid simid devicephonenum", strings.Join(dropped, " ")); diff != "" {
		t.Error(diff)
	}
	for _, c := range sheet.Columns {
		if strings.Contains(c.Header, "time") && c.Type != "time" {
			t.Errorf("%s is %s", c.Header, c.Type)
		}
	}
	if got := readDataset(t, out).column("A1"); !cmp.Equal(got, []string{"5", "4"}) {
		t.Errorf("A1 is %v", got)
	}
}
