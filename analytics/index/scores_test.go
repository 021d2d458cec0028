package index

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hailong/analytics/result"
)

// shared finds the project's read-only reference files, or skips the test by name.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("HAILONG_SHARED")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			if filepath.Dir(root) == root {
				t.Skip("no go.mod above the test")
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not there", path)
	}
	return path
}

func csvSheet(t *testing.T, path string) Sheet {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return Sheet{File: filepath.Base(path), Name: "", Cells: cells}
}

// xlsxSheets is the smallest reader of a workbook that will do for one known file: analytics must not import the one in ingest.
func xlsxSheets(t *testing.T, path string) []Sheet {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	load := func(name string, into any) {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := xml.NewDecoder(f).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	var strs struct {
		SI []struct {
			T string `xml:"t"`
			R []struct {
				T string `xml:"t"`
			} `xml:"r"`
		} `xml:"si"`
	}
	load("xl/sharedStrings.xml", &strs)
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	load("xl/workbook.xml", &book)
	var out []Sheet
	for i, s := range book.Sheets {
		var ws struct {
			Rows []struct {
				Cells []struct {
					R string `xml:"r,attr"`
					T string `xml:"t,attr"`
					V string `xml:"v"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		load(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), &ws)
		sheet := Sheet{File: filepath.Base(path), Name: s.Name}
		for _, r := range ws.Rows {
			row := make([]string, 40)
			for _, c := range r.Cells {
				col := 0
				for _, ch := range strings.TrimRight(c.R, "0123456789") {
					col = col*26 + int(ch-'A') + 1
				}
				text := c.V
				if n, err := strconv.Atoi(c.V); err == nil && c.T == "s" {
					text = strs.SI[n].T
					for _, run := range strs.SI[n].R {
						text += run.T
					}
				}
				row[col-1] = text
			}
			sheet.Cells = append(sheet.Cells, row)
		}
		out = append(out, sheet)
	}
	return out
}

// reference is the published scores of 63 provinces and 14 years by year, area and node.
func reference(t *testing.T) map[string]float64 {
	t.Helper()
	sheet := csvSheet(t, shared(t, "data/papi_scores_2011_2024.csv"))
	out := map[string]float64{}
	for _, row := range sheet.Cells[1:] {
		code, _ := strconv.Atoi(row[1])
		for i, h := range sheet.Cells[0] {
			if v, err := strconv.ParseFloat(row[i], 64); err == nil && (h == "composite" || (len(h) == 2 && h[0] == 'D')) {
				node := h
				if h == "composite" {
					node = "papi"
				}
				out[fmt.Sprintf("%s %02d %s", row[0], code, node)] = v
			}
		}
	}
	return out
}

func checkAgainst(t *testing.T, s *Scores, want map[string]float64, tolerance float64, only func(year int) bool) {
	t.Helper()
	checked := 0
	for _, x := range s.Scores {
		w, published := want[fmt.Sprintf("%d %s %s", x.Year, x.Area, x.Node)]
		if x.Node != "papi" && x.Node[0] != 'D' {
			continue
		}
		if published != x.Value.Known() {
			t.Errorf("%d %s %s: known %v, want %v", x.Year, x.AreaName, x.Node, x.Value.Known(), published)
			continue
		}
		if published && math.Abs(float64(x.Value)-w) > tolerance {
			t.Errorf("%d %s %s: %v, want %v", x.Year, x.AreaName, x.Node, x.Value, w)
		}
		if published {
			checked++
		}
	}
	expected := 0
	for key := range want {
		year, _ := strconv.Atoi(key[:4])
		if only(year) {
			expected++
		}
	}
	if checked != expected {
		t.Errorf("%d figures agree, want %d", checked, expected)
	}
}

func allYears(int) bool { return true }

func TestPublishedSumsReproduce(t *testing.T) {
	// Sub-dimensions → dimensions → composite, 63 provinces × 14 years, against the scores that were published.
	s, err := ReadScores([]Sheet{csvSheet(t, shared(t, "data/papi_subdimensions_2011_2024.csv"))}, ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	checkAgainst(t, s, reference(t), 2e-6, allYears) // the reference is printed to six decimals
	subs := 0
	for _, x := range s.Scores {
		if x.Node[0] != 'D' && x.Node != "papi" && x.Value.Known() {
			subs++
		}
	}
	rows := csvSheet(t, shared(t, "data/papi_subdimensions_2011_2024.csv"))
	if want := len(rows.Cells) - 1; subs != want {
		t.Errorf("%d sub-dimension scores read of %d rows", subs, want)
	}
}

func TestTheSamplesAreRead(t *testing.T) {
	want := reference(t)
	dir := filepath.Join("..", "..", "samples", "papi")
	for _, name := range []string{"papi-scores.csv", "papi-subdimensions.csv"} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("%s is not there", path)
		}
		s, err := ReadScores([]Sheet{csvSheet(t, path)}, ScoreOptions{Family: "papi"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		checkAgainst(t, s, want, 2e-6, allYears)
	}
}

func TestWideCSVWithDimensionsAndComposite(t *testing.T) {
	s, err := ReadScores([]Sheet{csvSheet(t, shared(t, "data/papi_scores_2011_2024.csv"))}, ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	checkAgainst(t, s, reference(t), 0, allYears)
	checked, broken := s.Identities()
	if len(broken) != 0 {
		t.Errorf("%d identities broken, first %+v", len(broken), broken[0])
	}
	// 882 province-years without the 13 that lack a dimension or more (domain/papi.md 0, fact 7).
	if checked != 882-13 {
		t.Errorf("%d composites checked, want %d", checked, 882-13)
	}
	if len(s.Years()) != 14 || len(s.Of(2020, "papi")) != 63 {
		t.Errorf("years %v, %d provinces in 2020", s.Years(), len(s.Of(2020, "papi")))
	}
}

func TestTheCombinedWorkbook2011To2016(t *testing.T) {
	s, err := ReadScores(xlsxSheets(t, shared(t, "data/PAPI_2011-2016.xlsx")), ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	checkAgainst(t, s, reference(t), 5.3e-6, func(year int) bool { return year <= 2016 }) // max difference 4.8e-6 (domain/papi.md 5.1) and 5e-7 from the reference's six decimals
	zeros := 0
	for _, p := range s.Problems {
		if p.Code == "scores_zero" {
			zeros++
		} else {
			t.Errorf("problem %+v", p)
		}
	}
	// 2014: Bắc Giang and Đồng Tháp have a composite of 0.0 (domain/papi.md 5.4).
	if zeros != 2 {
		t.Errorf("%d zeros reported, want 2", zeros)
	}
	for _, x := range s.Scores {
		if x.AreaName == "Highest" || x.Area == "99" {
			t.Errorf("the pseudo-province was read: %+v", x)
		}
	}
	checked, broken := s.Identities()
	if checked < 6*61*7 || len(broken) > 0 {
		t.Errorf("%d identities checked, broken %+v", checked, broken)
	}
}

// provinceColumns is the layout of the workbooks since 2018: a province a column, English and Vietnamese labels, a scale, standard
// errors, indicators as fractions, and from 2024 four rows of new units above and blank columns between.
func provinceColumns(relabelled bool) []Sheet {
	old := [][]string{{"82", "Tiền Giang"}, {"87", "Đồng Tháp"}, {"83", "Bến Tre"}, {"84", "Trà Vinh"}, {"86", "Vĩnh Long"}, {"1", "Hà Nội"}}
	row := func(en, vi, scale string, values ...string) []string {
		return append([]string{en, vi, scale}, values...)
	}
	cells := [][]string{
		row("", "Mã tỉnh", "", old[0][0], old[1][0], old[2][0], old[3][0], old[4][0], old[5][0]),
		row("", "Tỉnh/Thành phố trực thuộc trung ương", "", old[0][1], old[1][1], old[2][1], old[3][1], old[4][1], old[5][1]),
		row("Unweighted PAPI Score", "Chỉ số PAPI tổng hợp (không có trọng số)", "10-80 điểm/points", "41", "42", "43", "40.1433", "0", "43.960304"),
		row("Unweighted 95% CI Low", "", "", "40", "41", "42", "39", "0", "43.700916"),
		row("Unweighted 95% CI High", "", "", "42", "43", "44", "41.3", "0", "44.219692"),
		row("Unweighted Standard Error", "", "", "0.5", "0.5", "0.5", "0.7", "0", "0.157685"),
		row("Weighted PAPI Score", "Chỉ số PAPI tổng hợp (có trọng số)", "10-80 điểm/points", "1", "1", "1", "1", "1", "1"),
		row("Dimension 1: Participation", "Chỉ số nội dung 1: Tham gia", "1-10 điểm/points", "4", "4.1", "4.2", "3.9348", "*", "5"),
		row("Civic Knowledge", "1.1: Tri thức công dân", "0.25-2.5 điểm", "0.9", "0.9", "0.9", "0.8033", "", "1.323925"),
		row("Proportion with Civic Knowledge", "Hiểu biết về chính sách hiện hành (%)", "0%-100%", "0.5", "0.5", "0.5", "0.5", "0", "0.745272"),
		row("Knowledge of Leaders", "Hiểu biết về vị trí lãnh đạo (%)", "0%-100%", "0.5", "0.5", "0.5", "0.5", "0", "0.581964"),
		row("Opportunties for Participation", "1.2: Cơ hội tham gia", "0.25-2.5 điểm", "0.9", "0.9", "0.9", "0.9258", "", "1.3"),
		row("3 years ago: better", "So với 3 năm trước", "0%-100%", "0.9", "0.9", "0.9", "0.9258", "", "1.3"),
	}
	if relabelled {
		head := [][]string{
			row("", "Mã đơn vị mới", "", "82", "82", "86", "86", "86", "1"),
			row("", "Đơn vị hành chính mới", "", "Đồng Tháp", "Đồng Tháp", "Vĩnh Long", "Vĩnh Long", "Vĩnh Long", "Hà Nội"),
			row("", "", "", "", "", "", "", "", ""),
			row("", "", "", "", "", "", "", "", ""),
		}
		cells = append(head, cells...)
		for i := range cells { // a blank column between the new units
			cells[i] = append(append(append([]string{}, cells[i][:5]...), ""), cells[i][5:]...)
		}
	}
	return []Sheet{{File: "2023PAPI.xlsx", Name: "2023_VIE_ENG", Cells: cells}}
}

func TestProvinceAColumn(t *testing.T) {
	for _, relabelled := range []bool{false, true} {
		s, err := ReadScores(provinceColumns(relabelled), ScoreOptions{Family: "papi"})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]float64{"84 papi": 40.1433, "01 papi": 43.960304, "84 D1": 3.9348, "84 1.1": 0.8033, "84 1.2": 0.9258, "01 civic_knowledge": 74.5272, "82 papi": 41}
		for _, x := range s.Scores {
			key := x.Area + " " + x.Node
			if w, ok := want[key]; ok {
				if math.Abs(float64(x.Value)-w) > 1e-9 || x.Year != 2023 {
					t.Errorf("relabelled %v, %s: %v in %d, want %v in 2023", relabelled, key, x.Value, x.Year, w)
				}
				delete(want, key)
			}
			if x.Node == "papi" && x.Area == "86" && x.Value.Known() {
				t.Errorf("Vĩnh Long's zero was read as a score")
			}
			if x.Node == "papi" && x.Area == "01" && x.SE != 0.157685 {
				t.Errorf("Hà Nội's standard error is %v, want the published 0.157685", x.SE)
			}
			if x.Node == "D3" {
				t.Errorf("an indicator's text became dimension 3: %+v", x)
			}
		}
		if len(want) > 0 {
			t.Errorf("relabelled %v: not read: %v", relabelled, want)
		}
	}
}

func TestStandardErrorFromThePublishedInterval(t *testing.T) {
	sheets := provinceColumns(false)
	sheets[0].Cells = append(sheets[0].Cells[:5:5], sheets[0].Cells[6:]...) // without the row of standard errors
	s, err := ReadScores(sheets, ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range s.Scores {
		// Half the published interval is 1.645 standard errors: 0.2594/1.645 = 0.15768 (domain/papi.md 3.3).
		if x.Node == "papi" && x.Area == "01" && math.Abs(float64(x.SE)-0.157685) > 1e-4 {
			t.Errorf("standard error %v, want 0.1577", x.SE)
		}
	}
}

func TestRepeatedYearsAreKeptOnceAndDifferencesReported(t *testing.T) {
	first, second := provinceColumns(false)[0], provinceColumns(false)[0]
	second.Name = "2023_VIE_ENG (2)"
	second.Cells[2][3] = "41.5" // Tiền Giang
	second.Cells[2][7] = "44"   // Vĩnh Long, withheld in the first sheet
	s, err := ReadScores([]Sheet{first, second}, ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	scores := map[string]result.Number{}
	for _, x := range s.Of(2023, "papi") {
		scores[x.Area] = x.Value
	}
	if len(scores) != 6 || scores["82"] != 41 || scores["86"] != 44 {
		t.Errorf("scores %v; want 6 provinces, 82 at its first value 41, 86 filled with 44", scores)
	}
	repeats := 0
	for _, p := range s.Problems {
		if p.Code == "scores_repeat" {
			repeats++
		}
	}
	if repeats != 1 {
		t.Errorf("%d differences reported, want 1", repeats)
	}
}

func TestScoresThatCannotBeAreProblems(t *testing.T) {
	sheet := Sheet{Name: "2020", Cells: [][]string{
		{"BẢNG ĐIỂM PAPI"},
		{"STT", "Tỉnh", "Tổng điểm", "D1", "Sai số chuẩn", "Nhóm công bố"},
		{"1", "Trà Vinh", "42,28", "4.06", "0,4", "TB thấp"},
		{"2", "Atlantis", "41", "4", "", ""},
		{"3", "Vĩnh Long", "99", "x", "", ""},
	}}
	s, err := ReadScores([]Sheet{sheet}, ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{}
	for _, p := range s.Problems {
		codes[p.Code] = p.Cell
	}
	for code, cell := range map[string]string{"scores_area": "B4", "scores_range": "C5", "scores_score": "D5"} {
		if codes[code] != cell {
			t.Errorf("problem %s at %q, want %s", code, codes[code], cell)
		}
	}
	for _, x := range s.Of(2020, "papi") {
		if x.Area == "84" && (x.Value != 42.28 || x.SE != 0.4 || x.Group != "TB thấp") {
			t.Errorf("Trà Vinh is %+v", x)
		}
	}
}

func TestASheetWithoutScoresIsRefusedWithAReason(t *testing.T) {
	_, err := ReadScores([]Sheet{{Name: "x", Cells: [][]string{{"a", "b"}, {"1", "2"}}}}, ScoreOptions{Family: "papi"})
	if err == nil || !strings.Contains(err.Error(), "provinces") {
		t.Errorf("error %v", err)
	}
	if _, err := ReadScores(nil, ScoreOptions{Family: "happiness"}); err == nil || !strings.Contains(err.Error(), "happiness") {
		t.Errorf("error %v", err)
	}
}
