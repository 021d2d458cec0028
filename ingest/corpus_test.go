package ingest

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// corpus is a file of the shared corpus; the test is skipped where there is none.
func corpus(t testing.TB, name string) string {
	t.Helper()
	shared := os.Getenv("HAILONG_SHARED")
	if shared == "" {
		shared = filepath.Join(root(t), "../shared")
	}
	path := filepath.Join(shared, "corpus", name)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		t.Skipf("the corpus is not here: %s", path)
	}
	return path
}

const tally = `
questionnaire:
  scales:
    sat5: {codes: {1: {vi: Rất không hài lòng}, 2: {vi: Không hài lòng}, 3: {vi: Bình thường}, 4: {vi: Hài lòng}, 5: {vi: Rất hài lòng}}}
  items:
    - {id: q1, scale: sat5, text: {vi: Thời gian giải quyết hồ sơ}}
    - {id: q2, scale: sat5, text: {vi: Thái độ phục vụ của công chức}}
    - {id: q3, scale: sat5, text: {vi: Cơ sở vật chất nơi tiếp dân}}
    - {id: q4, scale: sat5, text: {vi: "Phí, lệ phí"}}
  background:
    - {id: stt, role: ignore, text: {vi: STT}}
    - {id: quan, role: area, text: {vi: Quận}, from: [title, sheet, file]}
    - {id: phuong, role: area, text: {vi: Phường}, from: [group]}
`

// The office tally sheet: three merged header rows, a tick matrix from best to worst, group rows, totals, shares and signatures. Its truth
// file says what each row answers.
func TestTallySheetAnswerByAnswer(t *testing.T) {
	path := corpus(t, "synthetic/vn_tally_quan1.xlsx")
	text, err := os.ReadFile(strings.TrimSuffix(path, ".xlsx") + ".truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		District string
		Rows     []map[string]any
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	report := run(t, Options{Files: []string{path}, Definition: []byte(tally), Out: dir})
	rows := readDataset(t, dir).rows
	if len(rows) != len(want.Rows) {
		t.Fatalf("%d rows, the truth has %d", len(rows), len(want.Rows))
	}
	double := 0
	for i, w := range want.Rows {
		if rows[i]["quan"] != want.District || rows[i]["phuong"] != w["commune"] {
			t.Errorf("row %d is of %q in %q, want %v", i, rows[i]["phuong"], rows[i]["quan"], w["commune"])
		}
		for _, item := range []string{"q1", "q2", "q3", "q4"} {
			answer := ""
			switch v := w[item].(type) {
			case float64:
				answer = strconv.Itoa(int(v))
			case string: // MULTIPLE
				answer = "-4"
				double++
			}
			if rows[i][item] != answer {
				t.Errorf("row %d, %s: got %q, want %q", i, item, rows[i][item], answer)
			}
		}
	}
	reported := 0
	for _, p := range report.Problems {
		if p.Code == "two_ticks" {
			reported += int(p.Count)
		}
	}
	if reported != double {
		t.Errorf("%d rows with two ticks reported, the truth has %d", reported, double)
	}
}

const nepal = `
questionnaire:
  scales:
    yes5:
      codes: {1: {en: Not at all}, 2: {en: Not very much}, 3: {en: Neutral}, 4: {en: Mostly yes}, 5: {en: Completely yes}}
      synonyms: {2: [Very little], 4: [Somewhat yes]}
  missing:
    dont_know: {labels: ["don't know", don’t know, don_t_know]}
    refused: {labels: [refused]}
  items:
    - {id: problems, scale: yes5, text: {en: "Are your main problems being addressed"}}
    - {id: government, scale: yes5, text: {en: "Are you satisfied with what the government is doing for you after the earthquake"}}
    - {id: children, scale: yes5, text: {en: "Do you have problems related to children in your household or family"}}
    - {id: recovered, scale: yes5, text: {en: "Do you feel your community recovered earthquake"}}
`

// Round 6 of the Nepal survey numbers its answers one way in most columns (1 – Not at all) and the other way in some (5 – Not at all), with dashes
// of three kinds and padding. The label decides: the counts must be those of the
// words in the cells, read here by nothing but those words.
func TestNepalReadsByLabelNotByNumber(t *testing.T) {
	path := corpus(t, "real/nepal_cps_round6.xlsx")
	inspected, err := Inspect(context.Background(), Options{Files: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	pins, values := map[string]string{}, map[string][]Value{}
	for item, header := range map[string]string{"problems": "1. Are your main problems", "children": "7. Do you have problems related to children", "recovered": "12. Do_you_feel_your_community"} {
		for _, c := range inspected.Files[0].Sheets[0].Columns {
			if strings.HasPrefix(c.Header, header) {
				pins[item], values[item] = c.Header, c.Values
			}
		}
	}
	dir := t.TempDir()
	report := run(t, Options{Files: []string{path}, Definition: []byte(nepal), Columns: pins, Out: dir})
	if report.Ledger.Kept != 1400 {
		t.Fatalf("kept %d rows: round 6 has 1,400 respondents", report.Ledger.Kept)
	}
	d := readDataset(t, dir)
	for item := range pins {
		want := map[int16]int64{}
		for _, v := range values[item] {
			want[nepalCode(v.Text)] += v.Count
		}
		var answered int64
		for _, n := range want {
			answered += n
		}
		want[nullCode] = 1400 - answered
		got := d.codes(item)
		for code, n := range want {
			if got[code] != n {
				t.Errorf("%s: %d with code %d, the labels say %d", item, got[code], code, n)
			}
		}
	}
	for _, p := range report.Problems {
		if p.Code == "unknown_answer" || p.Code == "direction_unclear" {
			t.Errorf("%v", p)
		}
	}
}

// nepalCode reads a value of round 6 by the words in it alone.
func nepalCode(text string) int16 {
	folded := strings.ToLower(text)
	for code, words := range map[int16]string{1: "not at all", 2: "not very much", 3: "neutral", 4: "mostly yes", 5: "completely yes", -2: "refused"} {
		if strings.Contains(folded, words) {
			return code
		}
	}
	switch {
	case strings.Contains(folded, "somewhat yes"):
		return 4
	case strings.Contains(folded, "know"):
		return -1
	}
	return -4
}

// KoboToolbox writes one form in five ways: labels or names, joined answers, one column a choice or both, HXL tags, typed numbers. With
// the form's XLSForm all five give the same answers.
func TestKoboExportsOfOneFormAgree(t *testing.T) {
	dir := t.TempDir()
	form := book(t, filepath.Join(dir, "form.xlsx"),
		testSheet{"survey", [][]any{
			{"type", "name", "label"},
			{"text", "restaurant_name", "Restaurant name"},
			{"select_multiple accommodations", "dietary_accommodations", "Accommodating of dietary needs"},
		}},
		testSheet{"choices", [][]any{
			{"list name", "name", "label"},
			{"accommodations", "gluten_free", "Gluten-free"},
			{"accommodations", "vegan", "Vegan"},
			{"accommodations", "vegetarian", "Vegetarian"},
			{"accommodations", "lactose_free", "Lactose-free"},
		}})
	// Gluten-free, vegan, vegetarian, lactose-free: from formpack's fixture dietary_needs (Melba's, Land of Kush, Sweet 27).
	want := map[string][]string{
		"dietary_accommodations_1": {"1", "0", "1"}, "dietary_accommodations_2": {"0", "1", "1"},
		"dietary_accommodations_3": {"0", "1", "1"}, "dietary_accommodations_4": {"0", "0", "1"},
	}
	for _, variant := range []string{"labels-details-hxl", "labels-hier-both", "labels-summary", "xml-both", "xml-hier-typed"} {
		out := filepath.Join(dir, variant)
		report := run(t, Options{Files: []string{corpus(t, "kobo-export/dietary_needs."+variant+".xlsx")}, XLSForm: form, Out: out})
		d := readDataset(t, out)
		for name, answers := range want {
			if got := d.column(name); !slices.Equal(got, answers) {
				t.Errorf("%s: %s is %v, want %v", variant, name, got, answers)
			}
		}
		if len(report.Problems) > 0 {
			t.Errorf("%s: %v", variant, report.Problems)
		}
	}
}

// SFO's survey of 2017 in two files that hold the same answers: the raw CSV and the workbook made of it. The dataset must count what the CSV
// holds: 1–5, 0 blank, 6 never used.
func TestSFOCountsAreThoseOfTheRawFile(t *testing.T) {
	path := corpus(t, "real/sfo_2017_derived.xlsx")
	definition, err := os.ReadFile(filepath.Join(root(t), "samples/sfo-2017/sfo-2017.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	run(t, Options{Files: []string{path}, Definition: definition, Out: dir})
	d := readDataset(t, dir)
	f, err := os.Open(corpus(t, "real/sfo_2017_raw.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range []string{"Q7ART", "Q7FOOD", "Q7ALL", "Q9BOARDING"} {
		at := slices.IndexFunc(lines[0], func(h string) bool { return strings.TrimLeft(strings.TrimSpace(h), "*\ufeff") == item })
		if at < 0 {
			t.Fatalf("the raw file has no column %s: %q", item, lines[0])
		}
		want := map[int16]int64{}
		for _, line := range lines[1:] {
			switch raw := strings.TrimSpace(line[at]); raw {
			case "0", "", "Blank":
				want[nullCode]++
			case "6":
				want[-3]++
			default:
				n, err := strconv.Atoi(raw)
				if err != nil {
					t.Fatalf("%s holds %q", item, raw)
				}
				want[int16(n)]++
			}
		}
		if diff := cmp.Diff(want, d.codes(item)); diff != "" {
			t.Errorf("%s (-raw +dataset):\n%s", item, diff)
		}
	}
}

// The same form in the exports of other programs: whatever the header looks like, the file is read, its rows are counted, and people stay outside.
func TestOtherExportsAreRead(t *testing.T) {
	for name, rows := range map[string]int64{
		"synthetic/googleforms_vi.xlsx": 0, "synthetic/msforms.xlsx": 0, "synthetic/qualtrics_3header.xlsx": 0, "synthetic/limesurvey_code.xlsx": 0,
		"real/reach_kobo_water_survey_with_cleaning_log.xlsx": 632, "real/nepal_cps_round4.xlsx": 1400,
	} {
		dir := t.TempDir()
		report := run(t, Options{Files: []string{corpus(t, name)}, Out: dir})
		if report.Files[0].Failed || report.Ledger.Kept == 0 || (rows > 0 && report.Ledger.Kept != rows) {
			t.Errorf("%s: kept %d rows, want %d: %v", name, report.Ledger.Kept, rows, report.Problems)
		}
		for column := range readDataset(t, dir).fields {
			for _, personal := range []string{"email", "latitude", "longitude", "gps", "ipaddress"} {
				if strings.Contains(strings.ToLower(column), personal) {
					t.Errorf("%s: the dataset has a column %s", name, column)
				}
			}
		}
	}
}

// No file of the corpus may stop a batch, and hostile ones least.
func TestHostileFilesAreProblems(t *testing.T) {
	if testing.Short() {
		t.Skip("reads bombs")
	}
	files, err := filepath.Glob(filepath.Join(corpus(t, "synthetic"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, ".json") })
	report := run(t, Options{Files: files, Definition: definition(t, "sipas-2017"), Out: t.TempDir()})
	for i, f := range report.Files {
		if f.Path != files[i] {
			t.Fatalf("file %d is %s, want %s", i, f.Path, files[i])
		}
		if f.Failed && len(f.Problems) == 0 {
			t.Errorf("%s failed and nothing says why", f.Path)
		}
		if fmt.Sprint(f.Problems) == "" {
			t.Error("a problem without words")
		}
	}
}

// Every guess about every workbook of the corpus stands with its evidence in both languages.
func TestEveryGuessHasItsEvidence(t *testing.T) {
	kinds := map[string]int{}
	for _, pattern := range []string{"synthetic/*.xlsx", "kobo-export/*.xlsx", "real/reach*.xlsx", "readxl/*.xlsx"} {
		files, err := filepath.Glob(filepath.Join(corpus(t, "synthetic"), "..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.Contains(file, "bomb") || strings.Contains(file, "wide_16384") {
				continue // TestHostileFilesAreProblems reads them
			}
			report, err := Inspect(t.Context(), Options{Files: []string{file}, Definition: []byte(small)})
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for _, f := range report.Files {
				guesses := slices.Clone(f.Guesses)
				for _, s := range f.Sheets {
					guesses = append(guesses, s.Guesses...)
					if err := s.Ledger.Check(); err != nil {
						t.Errorf("%s [%s]: %v", file, s.Sheet, err)
					}
				}
				for _, g := range guesses {
					kinds[g.What]++
					if g.Value == "" || g.Evidence == "" || g.EvidenceVI == "" || g.Evidence == g.EvidenceVI {
						t.Errorf("%s: %+v", filepath.Base(file), g)
					}
				}
			}
		}
	}
	for _, kind := range []string{"sheet", "header_row", "dialect", "ticks", "encoding", "kobo_headers"} {
		if kinds[kind] == 0 {
			t.Errorf("no guess of the kind %s: %v", kind, kinds)
		}
	}
}
