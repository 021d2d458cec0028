package ingest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// averagesBook has one item of averages, written as number, text and "of 5", and one of answers.
func averagesBook(t *testing.T, dir string, second string) string {
	t.Helper()
	rows := [][]any{{"Mã phiếu", "A1", second}, {"1", 4.37, 5}, {"2", "4,5", 4}, {"3", "3.25/5.0", 4}, {"4", 4, 3}, {"5", nil, 2}, {"6", "không biết", 1}, {"7", "4.375", 1}}
	return book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})
}

func TestAveragesAreNoAnswers(t *testing.T) {
	dir := t.TempDir()
	report := run(t, Options{Files: []string{averagesBook(t, dir, "A4")}, Definition: []byte(small), Out: dir})
	d := readDataset(t, dir)
	// 4 is an average like the others; blank and don't know stay what they are.
	if diff := cmp.Diff([]string{"-4", "-4", "-4", "-4", "∅", "-1", "-4"}, d.column("A1")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"5", "4", "4", "3", "2", "1", "1"}, d.column("A4")); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, p := range report.Problems {
		if p.Code != "items_absent" {
			got = append(got, p.Code+" "+p.Cell+" "+p.Got)
		}
		if p.Code == "averages" && (p.Count != 4 || !strings.Contains(p.Text.VI, "điểm trung bình") || !strings.Contains(p.Text.EN, "mean_score5")) {
			t.Errorf("%d cells: %+v", p.Count, p.Text)
		}
	}
	if diff := cmp.Diff([]string{"averages B 4.37"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestASheetOfAveragesIsRefused(t *testing.T) {
	dir := t.TempDir()
	other := book(t, filepath.Join(dir, "b.xlsx"), testSheet{"S", [][]any{{"Mã phiếu", "A1"}, {"8", 4}}})
	for _, inspect := range []bool{false, true} {
		o := Options{Files: []string{averagesBook(t, dir, "Ghi chú"), other}, Definition: []byte(small), Out: filepath.Join(dir, "out")}
		report := run(t, o)
		if inspect {
			var err error
			if report, err = Inspect(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
		f := report.Files[0]
		if !f.Failed || len(f.Problems) != 1 || f.Problems[0].Code != "averages" || f.Problems[0].Cell != "B" || report.Ledger.Kept != 1 {
			t.Errorf("inspect %v: failed %v, kept %d, problems %v", inspect, f.Failed, report.Ledger.Kept, f.Problems)
		}
	}
	if n := len(contents(t, filepath.Join(dir, "out"))); n != 2 { // the other file and the manifest
		t.Errorf("%d files in the dataset", n)
	}
}

// One slip of the pen in a column of codes does not make it one of averages, nor do two among many.
func TestSlipsAreNoAverages(t *testing.T) {
	values := []any{4.5}
	for range 60 {
		values = append(values, 4)
	}
	for _, more := range []any{4, 3.5} {
		got, problems := column(t, "A1", "A1", append(values, more)...)
		if got[0] != "-4" || got[1] != "4" || problems[0] != "out_of_range A2" {
			t.Errorf("%v: %v, problems %v", more, got[:2], problems)
		}
	}
}

// On a numeric scale an average is what is asked for, also as "8.25/10".
func TestNumericScaleTakesAverages(t *testing.T) {
	got, problems := column(t, "A2", "A2", 8.25, "7,5/10", "6.5/10.0", "4/5")
	if diff := cmp.Diff([]string{"8.25", "7.5", "6.5", "∅"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"unknown_answer A5"}, problems); diff != "" {
		t.Error(diff)
	}
}

// limeSurvey is a LimeSurvey export whose first item was answered by the given texts.
func limeSurvey(t *testing.T, answers ...string) (codes []string, problems []string, guessedCodes bool) {
	t.Helper()
	dir := t.TempDir()
	rows := [][]any{{"id", "submitdate", "lastpage", "startlanguage", "A1"}}
	for _, a := range answers {
		rows = append(rows, []any{len(rows), "2020-10-01 10:00:00", 3, "vi", a})
	}
	report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir})
	for _, p := range report.Problems {
		if p.Code != "items_absent" {
			problems = append(problems, p.Code+" "+p.Cell)
		}
	}
	return readDataset(t, dir).column("A1"), problems, guessed(report, "answer_codes")
}

func TestLimeSurveyCodesAreTakenInTheScalesOrder(t *testing.T) {
	for _, c := range []struct {
		answers, want, problems string
		guess                   bool
	}{
		{"A1 A5 A3 A4", "1 5 3 4", "", true},
		{"AO01 AO05", "1 5", "", true},
		{"A1 A5 -oth-", "1 5 -4", "unknown_answer E4", true},
		{"A1 A4", "-4 -4", "answer_code_unclear E2 answer_code_unclear E3", false},                                              // of a question with four answers, for all one knows
		{"A5 A6", "-4 -4", "answer_code_unclear E2 answer_code_unclear E3", false},                                              // of one with six
		{"A0 A5", "-4 -4", "answer_code_unclear E2 answer_code_unclear E3", false},                                              // counts from nought
		{"A5 5-Không_hài_lòng 2-Hài_lòng", "-4 -4 4", "direction_unclear E2 number_label_conflict E3 reversed_number E4", true}, // counts the other way
	} {
		var answers []string
		for _, a := range strings.Fields(c.answers) {
			answers = append(answers, strings.ReplaceAll(a, "_", " "))
		}
		codes, problems, guess := limeSurvey(t, answers...)
		if strings.Join(codes, " ") != c.want || strings.Join(problems, " ") != c.problems || guess != c.guess {
			t.Errorf("%s: %v, problems %v, guess %v", c.answers, codes, problems, guess)
		}
	}
}
