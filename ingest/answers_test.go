package ingest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/google/go-cmp/cmp"
)

const small = `
questionnaire:
  scales:
    sat5:
      codes:
        1: {vi: Rất không hài lòng, en: Very dissatisfied}
        2: {vi: Không hài lòng, en: Dissatisfied}
        3: {vi: Bình thường, en: Neutral}
        4: {vi: Hài lòng, en: Satisfied}
        5: {vi: Rất hài lòng, en: Very satisfied}
    points: {numeric: true, min: 0, max: 10, missing: {dont_know: {codes: [98]}}}
    channels: {multiple: true, codes: {1: {vi: Loa}, 2: {vi: Họp dân}, 3: {vi: "Đài, ti vi, báo"}}}
    sex: {codes: {1: {vi: Nam, en: Male}, 2: {vi: Nữ, en: Female}}}
    sfo: {codes: {1: {vi: Kém}, 2: {vi: "2"}, 3: {vi: "3"}, 4: {vi: "4"}, 5: {vi: Tốt}}, missing: {blank: {codes: [0]}, not_applicable: {codes: [6]}}}
  missing:
    dont_know: {codes: [98], labels: [không biết]}
    refused: {codes: [99], labels: [từ chối]}
    not_applicable: {codes: [97], labels: [n/a]}
  items:
    - {id: A1, scale: sat5, text: {vi: Công chức có thái độ giao tiếp lịch sự}}
    - {id: A2, scale: points, text: {vi: Ông bà cho mấy điểm}}
    - {id: A3, scale: channels, text: {vi: Biết qua kênh nào}}
    - {id: A4, scale: sfo, text: {vi: Đánh giá chung}}
  background:
    - {id: ma, role: id, text: {vi: Mã phiếu}}
    - {id: gioi, role: characteristic, scale: sex, text: {vi: Giới tính}}
    - {id: tuoi, role: characteristic, text: {vi: Tuổi}, bands: [{from: 18, to: 34, label: {vi: 18-34}}, {from: 35, to: 120, label: {vi: Từ 35}}]}
    - {id: xa, role: area, text: {vi: Xã}}
    - {id: w, role: weight, text: {vi: Trọng số}}
  routing:
    - {items: [A4], when: "A1 == 1"}
`

// column reads one sheet of one column and returns the dataset column of an item with the problems' codes.
func column(t *testing.T, header, name string, values ...any) (got []string, problems []string) {
	t.Helper()
	dir := t.TempDir()
	// The second column keeps the rows data where the answer is blank.
	rows := [][]any{{header, "Ghi nhận"}}
	for i, v := range values {
		rows = append(rows, []any{v, fmt.Sprintf("dòng số %d", i)})
	}
	report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: filepath.Join(dir, "out")})
	if report.Ledger.Kept != int64(len(values)) {
		t.Fatalf("kept %d rows of %d", report.Ledger.Kept, len(values))
	}
	for _, p := range report.Problems {
		if p.Code != "items_absent" {
			problems = append(problems, p.Code+" "+p.Cell)
		}
	}
	return readDataset(t, filepath.Join(dir, "out")).column(name), problems
}

// Codes of the five-level scale by every way in which exports write them; the kinds of missing stay apart.
func TestAnswersAreCodedByLabelNumberAndBoth(t *testing.T) {
	for _, c := range []struct {
		in      any
		want    string
		problem string
	}{
		{4, "4", ""},
		{"4", "4", ""},
		{4.0, "4", ""},
		{"4.0", "4", ""},
		{"Hài lòng", "4", ""},
		{"  HÀI   LÒNG. ", "4", ""},
		{"Ha\u0300i lo\u0300ng", "4", ""},
		{"hai long", "4", ""},
		{"Satisfied", "4", ""},
		{"4 - Hài lòng", "4", ""},
		{"4. Hài lòng", "4", ""},
		{"4) Hài lòng", "4", ""},
		{"4–Hài lòng\u00a0", "4", ""},
		{"Hài lòng (4)", "4", ""},
		{"4đ", "4", ""},
		{"4 điểm", "4", ""},
		{"mức 4", "4", ""},
		{"4/5", "4", ""},
		{"1___very_dissatisfied", "1", ""},
		{"2 - Hài lòng", "4", "reversed_number"},
		{"4_somewhat_yes", "4", "label_differs"},
		{nil, "∅", ""},
		{"", "∅", ""},
		{"   ", "∅", ""},
		{98, "-1", ""},
		{"Không biết", "-1", ""},
		{"98 - không biết", "-1", ""},
		{99, "-2", ""},
		{"Từ chối", "-2", ""},
		{97, "-3", ""},
		{"N/A", "-3", ""},
		{6, "-4", "out_of_range"},
		{0, "-4", "out_of_range"},
		{4.5, "-4", "out_of_range"},
		{"4,37", "-4", "out_of_range"},
		{"4.37/5.0", "-4", "unknown_answer"},
		{"tốt", "-4", "unknown_answer"},
		{"5 - Hài lòng", "-4", "number_label_conflict"},
		{"Hài lòng; Rất hài lòng", "-4", "two_answers"},
		{cellError("#N/A"), "-4", "error_value"},
		{true, "-4", "unknown_answer"},
		{formula("1+1"), "∅", "never_calculated"},
	} {
		got, problems := column(t, "A1", "A1", c.in, "Bình thường")
		want := []string{}
		if c.problem != "" {
			want = append(want, c.problem+" A2")
		}
		if got[0] != c.want || got[1] != "3" || strings.Join(problems, ",") != strings.Join(want, ",") {
			t.Errorf("%#v: got %v with problems %v, want %s with %v", c.in, got, problems, c.want, want)
		}
	}
}

// In a column whose labels show that it counts the other way, a number alone says nothing; the column decides, not the rows before it.
func TestNumbersAreInvalidWhereTheColumnCountsTheOtherWay(t *testing.T) {
	got, problems := column(t, "A1", "A1", 2, "4 - không rõ mức", "Hài lòng", "2 - Hài lòng", 98)
	if diff := cmp.Diff([]string{"-4", "-4", "4", "4", "-1"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"direction_unclear A2", "direction_unclear A3", "reversed_number A5"}, problems); diff != "" {
		t.Error(diff)
	}
}

func TestNumericScaleKeepsKindOfMissingBesideTheNumber(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{{"Ông bà cho mấy điểm", "x"}, {7.5, "a"}, {"8,25", "b"}, {nil, "c"}, {98, "d"}, {11, "e"}, {"không biết", "f"}, {"nhiều", "g"}}
	run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir})
	d := readDataset(t, dir)
	if diff := cmp.Diff([]string{"7.5", "8.25", "∅", "∅", "∅", "∅", "∅"}, d.column("A2")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"0", "0", "0", "-1", "-4", "-1", "-4"}, d.column("A2_missing")); diff != "" {
		t.Error(diff)
	}
}

func TestMissingCodesOfAScaleComeBeforeTheGeneralOnes(t *testing.T) {
	got, problems := column(t, "A4", "A4", 0, 6, 5, 7)
	if diff := cmp.Diff([]string{"∅", "-3", "5", "-4"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"out_of_range A5"}, problems); diff != "" {
		t.Error(diff)
	}
}

func TestSeveralAnswersBecomeOneColumnEach(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{{"Biết qua kênh nào", "x"}, {"Loa; Họp dân", "a"}, {"Đài, ti vi, báo, Loa", "b"}, {"1 3", "c"}, {nil, "d"}, {"Mạng", "e"}, {"không biết", "f"}, {"Không biết;", "g"}, {98, "h"}, {"99", "i"}}
	run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir})
	d := readDataset(t, dir)
	for name, want := range map[string][]string{
		"A3_1": {"1", "1", "1", "∅", "-4", "-1", "-1", "-1", "-2"},
		"A3_2": {"1", "0", "0", "∅", "-4", "-1", "-1", "-1", "-2"},
		"A3_3": {"0", "1", "1", "∅", "-4", "-1", "-1", "-1", "-2"},
	} {
		if diff := cmp.Diff(want, d.column(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A route makes an item not applicable only where the plan or the definition turns it on.
func TestRoutingIsOffUnlessAskedFor(t *testing.T) {
	for _, on := range []bool{false, true} {
		dir := t.TempDir()
		rows := [][]any{{"A1", "A4"}, {1, 5}, {4, 5}, {nil, 5}}
		run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir, Routing: on})
		want := []string{"5", "5", "5"}
		if on {
			want[0] = "-3"
		}
		if diff := cmp.Diff(want, readDataset(t, dir).column("A4")); diff != "" {
			t.Errorf("routing %v: %s", on, diff)
		}
	}
}

func TestBackgroundColumnsAreCanonical(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{
		{"Mã phiếu", "Giới tính", "Tuổi", "Xã", "Trọng số", "A1"},
		{"00123", 1, 20, "X. Hòa Lợi", 1.5, 4},
		{padded(45), "nữ", "40 tuổi", "xã Hoà Lợi", "2,25", 4},
		{"7", "Male", 12, "XÃ HÒA LỢI", nil, 4},
		{nil, "khác", "Từ 35", "Phường 01", "x", 4},
	}
	report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir})
	d := readDataset(t, dir)
	for name, want := range map[string][]string{
		"ma":         {"00123", "0000045", "7", "∅"},
		"gioi":       {"Nam", "Nữ", "Nam", "khác"},
		"tuoi":       {"18-34", "Từ 35", "12", "Từ 35"},
		"tuoi_value": {"20", "40", "∅", "∅"},
		"xa":         {"Xã Hòa Lợi", "Xã Hòa Lợi", "Xã Hòa Lợi", "Phường 1"},
		"w":          {"1.5", "2.25", "∅", "∅"},
	} {
		if diff := cmp.Diff(want, d.column(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var problems []string
	for _, p := range report.Problems {
		problems = append(problems, p.Code+" "+p.Cell)
	}
	want := []string{"items_absent ", "out_of_range C4", "unknown_answer B5", "not_a_number E5"}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Error(diff)
	}
}

// The type of a column comes from all of it: a text in the last of many rows keeps every number and date before it as it stood.
func TestTypesComeFromTheWholeColumn(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{{"A1", "mixed", "numbers", "times", "late"}}
	for i := range 1000 {
		rows = append(rows, []any{4, 1.5, i, date(44000 + i), nil})
	}
	rows = append(rows, []any{4, "text", 0.1, date(44000.5), "only here"}, []any{4, date(44000), 7, date(44001), nil})
	run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir})
	d := readDataset(t, dir)
	mixed := d.column("mixed")
	if mixed[0] != "1.5" || mixed[1000] != "text" || mixed[1001] != "2020-06-18" {
		t.Errorf("mixed column: %q, %q, %q", mixed[0], mixed[1000], mixed[1001])
	}
	if d.fields["numbers"].ID() != arrow.FLOAT64 || d.column("numbers")[1000] != "0.1" {
		t.Errorf("numbers are %v: %v", d.fields["numbers"], d.column("numbers")[1000])
	}
	if d.fields["times"].ID() != arrow.TIMESTAMP || d.column("times")[1000] != "2020-06-18T12:00:00" {
		t.Errorf("times are %v: %v", d.fields["times"], d.column("times")[1000])
	}
	if got := d.column("late"); got[1000] != "only here" || got[0] != "∅" {
		t.Errorf("late column: %q %q", got[0], got[1000])
	}
}

// An encoding is decided by the whole column, also where its first legacy text stands far below the head of the sheet.
func TestLateTextsAreDecoded(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{{"A1", "Ý kiến"}}
	for range 500 {
		rows = append(rows, []any{4, nil})
	}
	// TCVN3 bytes as Latin-1, from the corpus' truth file: "Đường xá xuống cấp, cần sửa chữa", "Nguyễn Thị Ánh", "Rất hài lòng".
	rows = append(rows, []any{"RÊt hµi lßng", "§\u00adêng x¸ xuèng cÊp, cÇn söa ch÷a"}, []any{"Hµi lßng", "NguyÔn ThÞ ¸nh"}, []any{"B×nh th\u00adêng", "T«i rÊt hµi lßng"})
	report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir})
	d := readDataset(t, dir)
	if got := d.column("A1")[500:]; !slices.Equal(got, []string{"5", "4", "3"}) {
		t.Errorf("late answers: %v", got)
	}
	if got := d.column("y_kien")[500]; got != "Đường xá xuống cấp, cần sửa chữa" {
		t.Errorf("late text: %q", got)
	}
	if len(report.Files[0].Sheets[0].Encodings) == 0 {
		t.Error("the report does not say that texts were decoded")
	}
}

func TestPersonalColumnsStayOutside(t *testing.T) {
	rows := [][]any{{"A1", "Họ và tên", "Số điện thoại", "Liên hệ", "Người đại diện", "Toạ độ", "Ý kiến", "Trao đổi thêm", "Giấy tờ", "Thu nhập", "Mã hồ sơ"}}
	names := []string{"Nguyễn Thị Ánh", "Trần Văn Bình", "Lê Hoàng Cường", "Phạm Thị Dung", "Thạch Sa Rây", "Kim Sô Phia"}
	for i, name := range names {
		rows = append(rows, []any{4, name, fmt.Sprintf("09012345%02d", i), fmt.Sprintf("ng%d@example.vn", i), name, "9.9347, 106.3453", "Cần nhanh hơn", 901234567 + 7*i, 84096012345 + 11*i, 350000000 + 1000000*i, 20201000 + i})
	}
	options := func(dir string) Options {
		return Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: dir}
	}
	dir := t.TempDir()
	report := run(t, options(dir))
	var dropped []string
	for _, c := range report.Files[0].Sheets[0].Dropped {
		dropped = append(dropped, c.Cell+" "+c.Why)
	}
	if diff := cmp.Diff([]string{"B name", "C phone", "D email", "E name", "F gps", "H phone", "I id_number"}, dropped); diff != "" {
		t.Error(diff)
	}
	d := readDataset(t, dir)
	for name := range d.fields {
		for _, value := range d.column(name) {
			if strings.Contains(value, "Nguyễn") || strings.Contains(value, "9012345") || strings.Contains(value, "840960") || strings.Contains(value, "@") {
				t.Errorf("the dataset's column %s holds %q", name, value)
			}
		}
	}
	keep := options(t.TempDir())
	keep.KeepPersonal = []string{"Liên hệ"}
	run(t, keep)
	if got := readDataset(t, keep.Out).column("lien_he"); got[0] != "ng0@example.vn" {
		t.Errorf("the column that the plan keeps: %q", got[0])
	}
}
