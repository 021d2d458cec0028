package samples_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/xuri/excelize/v2"

	"hailong/analytics/index"
	"hailong/ingest"
	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
	"hailong/samples"
)

// surveyed is a definition that asks something, with a small survey made on it.
type surveyed struct {
	name   string
	source []byte
	survey *samples.Survey
}

func everySurvey(t *testing.T) []surveyed {
	t.Helper()
	var out []surveyed
	for n, name := range append(index.Names(), "odd") {
		source, err := index.Shipped(name)
		if name == "odd" {
			source, err = os.ReadFile("testdata/odd.yaml")
		}
		if err != nil {
			t.Fatal(err)
		}
		q, err := questionnaire.Parse(source)
		if err != nil || len(q.Items) == 0 {
			continue // published, not surveyed
		}
		d, err := index.Parse(source)
		if err != nil {
			t.Fatal(name, err)
		}
		spec, err := samples.ForDefinition(q, d)
		if err != nil {
			t.Fatal(name, err)
		}
		spec.Seed = uint64(n + 1)
		spec.Title = d.Title.VI
		spec.Design = samples.Design{NStrata: 2, PSUs: 2, Forms: 8}
		// Shares that are not small, so that 32 forms hold every kind of missing for some item, and all levels of most scales.
		spec.Model = samples.Model{Positive: 0.5, Blank: 0.06, DontKnow: 0.06, Refused: 0.06, StraightLine: 0.05}
		out = append(out, surveyed{name, source, generate(t, spec)})
	}
	return out
}

// looks are all ways in which a survey can be kept: dialects by encodings by ways to write an answer.
func looks() []samples.Look {
	var out []samples.Look
	for _, dialect := range append([]string{""}, samples.Dialects()...) {
		for _, encoding := range []samples.Encoding{samples.Unicode, samples.NFD, samples.TCVN3, samples.VNI} {
			for _, answers := range []samples.Answers{samples.Labels, samples.Codes, samples.CodeAndLabel} {
				out = append(out, samples.Look{
					Dialect: samples.Dialect(dialect), Encoding: encoding, Answers: answers, Numbers: true, Totals: true, Signature: true, Reasons: true,
				})
			}
		}
	}
	return out
}

// Whoever wrote the sheet, in whatever letters and whether as labels, codes or both, the dataset holds the codes that the generator drew:
// form by form, the kinds of missing and the questions with several answers too. The truth is the generator's own (WriteAnswers), which no
// room that is checked here has a hand in.
func TestEveryLookGivesEveryCode(t *testing.T) {
	surveys, all := everySurvey(t), looks()
	if len(surveys) < 10 || len(all) != 96 {
		t.Fatalf("%d surveys in %d looks: want the 9 definitions that ship and ask something and an odd one, and 8 dialects by 4 encodings by 3 ways to write an answer", len(surveys), len(all))
	}
	for n, s := range surveys {
		for k, look := range all {
			// The definitions with questions of several answers are made in every look; each other one in every dialect and encoding, with one of the three
			// ways to write an answer, so that the eight go through each look.
			if s.name != "sipas-2023" && s.name != "odd" && k%3 != (k/3+n)%3 {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s/%s/%s", s.name, look.Dialect, look.Encoding, look.Answers), func(t *testing.T) {
				t.Parallel()
				for _, d := range codeDifferences(t, s, look, workbook(t, s.survey, look)) {
					t.Error(d)
				}
				if s.name != "odd" {
					return
				}
				var text bytes.Buffer
				if err := s.survey.WriteCSV(&text, look, -1); err != nil {
					t.Fatal(err)
				}
				for _, d := range codeDifferences(t, s, look, text.Bytes()) {
					t.Error("csv:", d)
				}
			})
		}
	}
}

// A wrong code in the workbook is a difference, and the only one: an answer, a choice of several, and a kind of missing.
func TestWrongCodesAreCaught(t *testing.T) {
	all := everySurvey(t)
	s := all[slices.IndexFunc(all, func(s surveyed) bool { return s.name == "sipas-2023" })]
	want := answers(t, s.survey)
	for _, look := range []samples.Look{{Answers: samples.Codes}, {Dialect: samples.Kobo, Answers: samples.Codes}} {
		for column, header := range map[string]string{"C9_1": "C9_1", "C2_3": "C2/3", "C10_2": "C10_2"} {
			form := slices.IndexFunc(want[column], func(code string) bool {
				return code == map[string]string{"C9_1": "4", "C2_3": "1", "C10_2": "-1"}[column]
			})
			if form < 0 {
				t.Fatalf("no form to plant a fault in %s", column)
			}
			x, err := excelize.OpenReader(bytes.NewReader(workbook(t, s.survey, look)))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := x.GetRows(x.GetSheetName(0))
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(rows[0], func(h string) bool { return h == header || strings.HasSuffix(h, "/"+header) })
			cell, err := excelize.CoordinatesToCellName(at+1, form+2)
			if err != nil {
				t.Fatal(err)
			}
			planted := map[string]any{"C9_1": 3, "C2_3": 0, "C10_2": "Không trả lời"}[column]
			if err := x.SetCellValue(x.GetSheetName(0), cell, planted); err != nil {
				t.Fatal(err)
			}
			var book bytes.Buffer
			if err := x.Write(&book); err != nil {
				t.Fatal(err)
			}
			if got := codeDifferences(t, s, look, book.Bytes()); len(got) != 1 || !strings.Contains(got[0], want["form"][form]+", "+column+":") {
				t.Errorf("%s, %v in %s: found %v, want one difference", look.Dialect, planted, cell, got)
			}
		}
	}
}

func workbook(t *testing.T, s *samples.Survey, look samples.Look) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteXLSX(&b, look, -1); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// codeDifferences reads a workbook or csv of a survey and lists the cells of the dataset that are not the generator's, and the problems.
func codeDifferences(t *testing.T, s surveyed, look samples.Look, book []byte) []string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "survey.csv")
	if bytes.HasPrefix(book, []byte("PK")) {
		path = filepath.Join(dir, "survey.xlsx")
	}
	if err := os.WriteFile(path, book, 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := ingest.Run(t.Context(), ingest.Options{Files: []string{path}, Definition: s.source, Out: filepath.Join(dir, "dataset"), Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Ledger.Check(); err != nil {
		t.Error(err)
	}
	unclear := map[string]bool{}
	if look.Dialect == samples.LimeSurvey && look.Answers == samples.Codes {
		unclear = unclearItems(s.survey)
	}
	var out []string
	for _, p := range report.Problems {
		if p.Code == "answer_code_unclear" && len(unclear) > 0 {
			continue
		}
		out = append(out, fmt.Sprintf("%s %s: want %s, got %q", p.Cell, p.Code, p.Want, p.Got))
	}
	want := answers(t, s.survey)
	got := codes(t, filepath.Join(dir, "dataset"))
	if len(got["row"]) != len(want["form"]) {
		return append(out, fmt.Sprintf("%d rows, want %d forms", len(got["row"]), len(want["form"])))
	}
	for _, column := range codeColumns(s.survey) {
		if got[column] == nil {
			out = append(out, "no column "+column)
			continue
		}
		for i, code := range want[column] {
			if unclear[column] && code != "" && code[0] != '-' {
				code = strconv.Itoa(questionnaire.CodeInvalid)
			}
			if got[column][i] != code {
				out = append(out, fmt.Sprintf("form %s, %s: %q, want %q", want["form"][i], column, got[column][i], code))
			}
		}
	}
	return out
}

// unclearItems are those of a scale whose last level no form gives: LimeSurvey's answer codes (A1, A2, …) then say nothing, and none may be taken for
// a level.
func unclearItems(s *samples.Survey) map[string]bool {
	scale := map[string]string{}
	for _, it := range s.Spec.Questionnaire.Items {
		scale[it.ID] = it.Scale
	}
	reached := map[string]bool{}
	items := s.Truth().Items
	for _, it := range items {
		if it.Counts[len(it.Counts)-1] > 0 {
			reached[scale[it.Item]] = true
		}
	}
	out := map[string]bool{}
	for _, it := range items {
		if sc := s.Spec.Questionnaire.Scales[scale[it.Item]]; !sc.Numeric && !sc.Multiple && !reached[scale[it.Item]] {
			out[it.Item] = true
		}
	}
	return out
}

// answers is the truth by column: what WriteAnswers writes.
func answers(t *testing.T, s *samples.Survey) map[string][]string {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteAnswers(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, row := range rows[1:] {
		for c, name := range rows[0] {
			out[name] = append(out[name], row[c])
		}
	}
	return out
}

// codeColumns are the columns of the truth that hold codes.
func codeColumns(s *samples.Survey) []string {
	var out []string
	for _, it := range s.Truth().Items {
		if !it.Multiple {
			out = append(out, it.Item)
			continue
		}
		for _, code := range it.Codes {
			out = append(out, it.Item+"_"+strconv.Itoa(code))
		}
	}
	return out
}

// codes is a dataset by column: codes as text, null as none. A number's kind of missing stands in its place.
func codes(t *testing.T, dir string) map[string][]string {
	t.Helper()
	files, err := dataset.Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, file := range files {
		r, err := dataset.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		err = r.Records(t.Context(), func(record arrow.Record) error {
			for k, f := range record.Schema().Fields() {
				name := f.Name
				if name == dataset.RowColumn {
					name = "row"
				}
				for i := range int(record.NumRows()) {
					out[name] = append(out[name], codeText(record.Column(k), i))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, kinds := range out {
		measured := out[name[:max(0, len(name)-len(dataset.MissingSuffix))]]
		if measured == nil || name[len(name)-len(dataset.MissingSuffix):] != dataset.MissingSuffix {
			continue
		}
		for i, kind := range kinds {
			if kind != "0" {
				measured[i] = kind
			}
		}
	}
	return out
}

func codeText(column arrow.Array, i int) string {
	if column.IsNull(i) {
		return ""
	}
	switch c := column.(type) {
	case *array.Float64:
		return strconv.FormatFloat(c.Value(i), 'f', -1, 64)
	default:
		return column.ValueStr(i)
	}
}

// Forms with one answer all the way down are found in every survey: those that the generator made so, and no form whose answers on the scale that most
// questions have differ. Both are counted from the answers of the truth.
func TestStraightLinesAreFound(t *testing.T) {
	for _, s := range everySurvey(t) {
		spec := s.survey.Spec
		spec.Model.StraightLine = 0.2
		s.survey = generate(t, spec)
		most, items := mainScale(s.survey)
		truth := answers(t, s.survey)
		var want []int
		made := 0
		for i, f := range s.survey.Forms {
			seen := map[string]int{}
			n := 0
			for _, item := range items {
				if code := truth[item][i]; code != "" && code[0] != '-' {
					seen[code]++
					n++
				}
			}
			if len(seen) == 1 && n >= 5 {
				want = append(want, i+2) // the first form stands in row 2
			} else if f.Line && len(items) >= 5 {
				t.Errorf("%s: form %s was made a straight line, but its answers on %s differ", s.name, f.Number, most)
			}
			if f.Line {
				made++
			}
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "survey.xlsx")
		if err := os.WriteFile(path, workbook(t, s.survey, samples.Look{}), 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := ingest.Run(t.Context(), ingest.Options{Files: []string{path}, Definition: s.source, Out: filepath.Join(dir, "dataset")})
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, f := range report.Files[0].Sheets[0].Findings {
			for _, c := range f.Cells {
				if f.Code == "straight_line" {
					got = append(got, c.Row)
				}
			}
		}
		if !slices.Equal(got, want) || made == 0 {
			t.Errorf("%s: straight lines in rows %v, the truth has %v; %d were made", s.name, got, want, made)
		}
	}
}

// mainScale is the scale that most items have, the first of several, with its items.
func mainScale(s *samples.Survey) (most string, items []string) {
	of := map[string][]string{}
	for _, it := range s.Spec.Questionnaire.Items {
		if sc := s.Spec.Questionnaire.Scales[it.Scale]; !sc.Numeric && !sc.Multiple {
			of[it.Scale] = append(of[it.Scale], it.ID)
		}
	}
	for _, it := range s.Spec.Questionnaire.Items {
		if len(of[it.Scale]) > len(of[most]) {
			most = it.Scale
		}
	}
	return most, of[most]
}
