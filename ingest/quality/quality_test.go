package quality

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/google/go-cmp/cmp"
)

// form is one row to look at; a code of null is blank.
type form struct {
	id, who, xa string
	codes       []int16
	start, end  int64 // seconds; −1: unknown
}

const null = math.MinInt16

// record makes a dataset record of forms: _row, items i0, i1 …, ma, xa, dtv, bat_dau, ket_thuc.
func record(forms []form) arrow.Record {
	items := len(forms[0].codes)
	fields := []arrow.Field{{Name: "_row", Type: arrow.PrimitiveTypes.Int32}}
	for i := range items {
		fields = append(fields, arrow.Field{Name: "i" + strconv.Itoa(i), Type: arrow.PrimitiveTypes.Int16, Nullable: true})
	}
	stamp := &arrow.TimestampType{Unit: arrow.Millisecond}
	for _, name := range []string{"ma", "xa", "dtv"} {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	fields = append(fields, arrow.Field{Name: "bat_dau", Type: stamp, Nullable: true}, arrow.Field{Name: "ket_thuc", Type: stamp, Nullable: true})
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	for n, f := range forms {
		b.Field(0).(*array.Int32Builder).Append(int32(n + 2))
		for i, code := range f.codes {
			to := b.Field(1 + i).(*array.Int16Builder)
			if code == null {
				to.AppendNull()
			} else {
				to.Append(code)
			}
		}
		for k, text := range []string{f.id, f.xa, f.who} {
			b.Field(1 + items + k).(*array.StringBuilder).Append(text)
		}
		for k, seconds := range []int64{f.start, f.end} {
			to := b.Field(4 + items + k).(*array.TimestampBuilder)
			if seconds < 0 {
				to.AppendNull()
			} else {
				to.Append(arrow.Timestamp(seconds * 1000))
			}
		}
	}
	return b.NewRecord()
}

// judge collects forms in two records, since sheets come in several.
func judge(forms []form) ([]Finding, *Collector) {
	columns := Columns{Row: "_row", ID: "ma", Background: []string{"xa"}, Start: "bat_dau", End: "ket_thuc", Interviewer: "dtv"}
	for i := range forms[0].codes {
		columns.Items = append(columns.Items, "i"+strconv.Itoa(i))
	}
	c := NewCollector(columns, Bounds{}, Issued{})
	half := (len(forms) + 1) / 2
	for _, part := range [][]form{forms[:half], forms[half:]} {
		if len(part) > 0 {
			c.Add(record(part))
		}
	}
	// The rows of the second record go on where the first ended.
	for i := range c.rows {
		c.rows[i] = int32(i + 2)
	}
	return c.Judge("f.xlsx", "S"), c
}

func rows(findings []Finding, code string) (list []int) {
	for _, f := range findings {
		if f.Code == code {
			for _, c := range f.Cells {
				list = append(list, c.Row)
			}
		}
	}
	return list
}

func TestRowsThatAreDoubtful(t *testing.T) {
	day := int64(18_000 * 86_400)
	forms := []form{
		{id: "1", codes: []int16{4, 5, 3, 4, 2}, start: day, end: day + 600},
		{id: "1", codes: []int16{3, 5, 3, 4, 2}, start: day, end: day + 620},            // 3: form number again
		{id: "2", codes: []int16{4, 4, 4, 4, 4}, start: day, end: day + 610},            // 4: straight line
		{id: "3", codes: []int16{4, null, 4, -1, 4}, start: day, end: day + 590},        // only three answers: no line
		{id: "4", codes: []int16{4, 5, 3, 4, 2}, start: day, end: day + 600},            // 6: answers of row 2
		{id: "5", codes: []int16{4, 5, 3, 4, 2}, xa: "B", start: day, end: day + 600},   // another commune
		{id: "6", codes: []int16{null, -1, null, -2, null}, start: day, end: day + 600}, // 8: nothing answered
		{id: "7", codes: []int16{5, 4, 4, 3, 4}, start: day, end: day + 100},            // 9: too fast
		{id: "8", codes: []int16{5, 4, 4, 3, 5}, start: day, end: day - 60},             // 10: ends before it starts
		{id: "9", codes: []int16{5, 4, 4, 4, 5}, start: day + 900*86_400, end: -1},      // 11: years later
		{id: "10", codes: []int16{5, 4, 3, 4, 5}, start: day, end: day + 600},
		{id: "11", codes: []int16{5, 2, 3, 4, 5}, start: day, end: day + 600},
	}
	findings, c := judge(forms)
	for code, want := range map[string][]int{
		"duplicate_form": {3}, "straight_line": {4}, "duplicate_answers": {6}, "no_answers": {8}, "speeder": {9}, "impossible_date": {10, 11},
	} {
		if got := rows(findings, code); !slices.Equal(got, want) {
			t.Errorf("%s: rows %v, want %v", code, got, want)
		}
	}
	if diff := cmp.Diff(Funnel{Read: 12, Answered: 11, Complete: 10}, c.Funnel()); diff != "" {
		t.Error(diff)
	}
	want := []AsideRow{{3, "duplicate_form"}, {8, "no_answers"}}
	if diff := cmp.Diff(want, c.SetAside([]string{"no_answers", "duplicate_form"})); diff != "" {
		t.Error(diff)
	}
	if len(c.SetAside(nil)) != 0 {
		t.Error("rows are set aside that nobody asked for")
	}
}

func TestFormsThatAreNearlyEqual(t *testing.T) {
	of := func(id, xa string, change map[int]int16) form {
		f := form{id: id, xa: xa, codes: []int16{4, 5, 3, 4, 2, 4, 4, 3, 5, 4, 4, 3}, start: -1, end: -1}
		for at, code := range change {
			f.codes[at] = code
		}
		return f
	}
	forms := []form{
		of("1", "A", nil),
		of("2", "A", map[int]int16{7: 5}),            // 3: one answer apart from row 2
		of("3", "B", map[int]int16{7: 5}),            // another commune
		of("4", "A", map[int]int16{2: 5, 10: 1}),     // two answers apart from row 2, three from row 3
		of("5", "A", map[int]int16{11: null}),        // 6: a blank where row 2 has an answer
		of("6", "B", map[int]int16{7: 4}),            // 7: one answer apart from row 4
		of("7", "A", map[int]int16{7: 5}),            // all answers of row 3: no longer nearly
		of("8", "A", map[int]int16{2: -3, 10: 1}),    // 9: not applicable, where row 5 has an answer
		of("9", "A", map[int]int16{3: 1, 4: 3}),      // two apart whose differences, −3 and +1, cancel in no sum
		of("10", "C", map[int]int16{0: 1}),           // alone
		of("11", "D", map[int]int16{0: -1, 1: -1}),   // 12: ten valid answers are enough …
		of("12", "D", map[int]int16{0: -1, 1: null}), // … and here as well
		of("13", "E", map[int]int16{0: -1, 1: -1, 2: -1}),
		of("14", "E", map[int]int16{0: -1, 1: -1, 2: null}), // nine are not
	}
	findings, c := judge(forms)
	if got, want := rows(findings, "near_duplicate"), []int{3, 6, 7, 9, 13}; !slices.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
	if got, want := rows(findings, "duplicate_answers"), []int{8}; !slices.Equal(got, want) {
		t.Errorf("equal rows %v, want %v", got, want)
	}
	if got := c.SetAside([]string{"near_duplicate"}); len(got) != 5 {
		t.Errorf("set aside %v", got)
	}
	crowd := slices.Clone(forms[:2])
	for i := range 99 {
		crowd = append(crowd, of(fmt.Sprint(100+i), "A", map[int]int16{0: int16(6 + i), 1: int16(6 + i)}))
	}
	if findings, _ := judge(crowd); len(rows(findings, "near_duplicate")) != 0 {
		t.Error("in a crowd of one background, forms nearly equal are no surprise")
	}
	if findings, _ := judge(crowd[:100]); len(rows(findings, "near_duplicate")) != 1 {
		t.Error("a hundred rows of one background are still compared")
	}
}

func TestAreasWithAndWithoutTheirKind(t *testing.T) {
	sheet := func(names ...string) Sheet {
		c := NewCollector(Columns{Row: "_row", Items: []string{"i0"}, Areas: []string{"xa"}}, Bounds{}, Issued{})
		var forms []form
		for _, name := range names {
			forms = append(forms, form{xa: name, codes: []int16{4}, start: -1, end: -1})
		}
		c.Add(record(forms))
		return Sheet{File: "f.xlsx", Name: "S", Collector: c}
	}
	a, b := sheet("Càng Long", "Huyện Cầu Kè", "Cầu Kè"), sheet("Huyện Càng Long", "Thị xã Duyên Hải", "Huyện Duyên Hải")
	items := func(findings []Finding) (list []string) {
		for _, f := range findings {
			if f.Code == "area_spelling" {
				list = append(list, fmt.Sprint(f.File, " ", strings.Contains(f.EN, "Càng"), strings.Contains(f.EN, "Kè"), f.Count))
			}
		}
		return list
	}
	if got := items(a.Judge("f.xlsx", "S")); !slices.Equal(got, []string{"f.xlsx false true 1"}) {
		t.Errorf("within a sheet: %v", got)
	}
	if got := items(b.Judge("f.xlsx", "S")); len(got) != 0 {
		t.Errorf("a huyện and a thị xã of one name: %v", got)
	}
	if got := items(Across([]Sheet{a, b})); !slices.Equal(got, []string{" true false 1"}) {
		t.Errorf("between sheets: %v", got)
	}
}

func TestInterviewersAreComparedWithTheOthers(t *testing.T) {
	var forms []form
	add := func(who string, n int, day int64, codes func(i int) []int16) {
		for i := range n {
			forms = append(forms, form{id: fmt.Sprint(who, i), who: who, codes: codes(i), start: day * 86_400, end: -1})
		}
	}
	varied := func(i int) []int16 { return []int16{int16(1 + i%5), int16(1 + (i/2)%5), int16(1 + (i/3)%5)} }
	for k := range 6 {
		for d := range int64(5) {
			add(fmt.Sprint("A", k), 4, 100+d, varied)
		}
	}
	// B's respondents are all delighted and all alike; C did 40 interviews in one day.
	add("B", 20, 100, func(int) []int16 { return []int16{5, 5, 4} })
	add("C", 40, 101, func(i int) []int16 { return varied(i % 4) })
	findings, _ := judge(forms)
	got := map[string]string{}
	for _, f := range findings {
		if strings.HasPrefix(f.Code, "interviewer") {
			got[f.Code] += f.Item
		}
	}
	want := map[string]string{"interviewer_mean": "B", "interviewer_spread": "B", "interviewer_rate": "BC"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// goldenCase is what is used of a case of expected.json.
type goldenCase struct {
	Group    string
	Expected struct {
		NStraight   int       `json:"n_straight"`
		ItemMissing []float64 `json:"item_missing"`
		DK          []int64   `json:"dk98"`
		Refused     []int64   `json:"refused99"`
		Blank       []int64   `json:"blank"`
		Rows        []struct {
			Term      string
			Duplicate int
		}
	}
}

// The golden group `quality` defines straight lines, duplicates and missing answers for quality_open.csv, computed in R (shared/golden).
func TestGoldenQuality(t *testing.T) {
	dir := golden(t)
	lines := readCSV(t, filepath.Join(dir, "data/quality_open.csv"))
	text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected struct{ Cases []goldenCase }
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	want := expected.Cases[slices.IndexFunc(expected.Cases, func(c goldenCase) bool { return c.Group == "quality" })].Expected
	column := func(name string) int { return slices.Index(lines[0], name) }
	var forms []form
	for _, line := range lines[1:] {
		f := form{id: line[0], start: -1, end: -1}
		// Everything but the eight questions goes into the background, as in the golden definition of a duplicate.
		for _, name := range []string{"psu", "sex", "age", "nps", "overall"} {
			f.xa += line[column(name)] + "|"
		}
		for q := 1; q <= 8; q++ {
			f.codes = append(f.codes, goldenCode(line[column("q"+strconv.Itoa(q))]))
		}
		forms = append(forms, f)
	}
	findings, c := judge(forms)
	if got := len(rows(findings, "straight_line")); got != want.NStraight {
		t.Errorf("%d straight lines, want %d", got, want.NStraight)
	}
	// R marks every member of a group of equal rows, the finding all but the first; the copies are the rows planted at the end, 9001 and on.
	var copies []int
	for i, row := range want.Rows {
		if row.Duplicate == 1 && len(row.Term) == 4 {
			copies = append(copies, i+2)
		}
	}
	if got := rows(findings, "duplicate_answers"); !slices.Equal(got, copies) {
		t.Errorf("duplicates in rows %v, want %v", got, copies)
	}
	for i := range want.DK {
		n := c.items[i]
		missing := share(n.blank+n.dontKnow+n.refused, int64(len(forms)))
		if n.dontKnow != want.DK[i] || n.refused != want.Refused[i] || n.blank != want.Blank[i] || math.Abs(missing-want.ItemMissing[i]) > 1e-12 {
			t.Errorf("q%d: %+v", i+1, n)
		}
	}
}

func goldenCode(text string) int16 {
	switch text {
	case "":
		return null
	case "98":
		return -1
	case "99":
		return -2
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -4
	}
	return int16(n)
}

func golden(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("HAILONG_SHARED")
	if shared == "" {
		shared = "../../../shared"
	}
	dir := filepath.Join(shared, "golden")
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		t.Skipf("the golden values are not here: %s", dir)
	}
	return dir
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
