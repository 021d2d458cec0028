package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"iter"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

func words(s string) Cell { return Cell{Kind: Text, Text: s} }

func figure(v float64) Cell { return Cell{Kind: Number, Number: v} }

func ref(cells string) Ref { return Ref{Sheet: "Số 'liệu' A", Range: cells} }

// sample has one of everything that the post-processor puts in.
func sample() *Book {
	low, high := 60.0, 100.0
	b := &Book{Properties: Properties{Title: "Thử", Creator: "test", Language: "vi-VN", Custom: [][2]string{{"run", "1"}}}, Names: []Name{{"MucTieu", "Số 'liệu' A", "E2"}}}
	head := b.Style(Style{Bold: true, Fill: "1F4E78", Color: "FFFFFF", Border: true})
	rows := []Row{{Height: 30, Cells: []Cell{words("Yếu tố"), words("Kết quả"), words("Trừ"), words("Cộng"), words("Mục tiêu"), words("Kết luận")}}}
	for i := range rows[0].Cells {
		rows[0].Cells[i].Style = head
	}
	for _, r := range []struct {
		name  string
		value float64
	}{{"A", 80}, {"B", 88}} {
		rows = append(rows, Row{Cells: []Cell{words(r.name), figure(r.value), figure(2), figure(2.5), figure(85), {Kind: Text, Text: "đạt & <hơn>", Formula: `IF(B2>=MucTieu,"a","b")`}}})
	}
	b.Sheets = []*Sheet{{
		Name: "Số 'liệu' A", Widths: []float64{12, 12}, Rows: rows, Freeze: "B2", Tab: "C00000", Locked: true,
		Tables: []Table{{Name: "tbl_a", Range: "A1:F3", Alt: "bảng"}}, Bars: []Bar{{Range: "B2:B3", Min: 0, Max: 100, Color: "9DC3E6"}, {Range: "C2:C3", Min: 1, Max: 5, Color: "9DC3E6"}},
		Rules: []Rule{{Range: "D2:D3", Scale: &Scale{0, 2, 4, "F4B183", "FFFFFF", "9DC3E6"}}, {Range: "F2:F3", Cases: []Case{{Formula: `F2="a"`, Style: Style{Fill: "E2EFDA", Color: "1B5E20"}}}}},
		Print: Print{Area: "A1:F40", TitleFrom: 1, TitleTo: 1, Header: "&C&P", Footer: "&L&F", Breaks: []int{5}}, Ignored: []string{"A2:A3"},
		Charts: []*Chart{
			{Cell: "A6", Width: 500, Height: 300, Name: "c1", Title: "T", Alt: "chấm", Legend: "bottom", Value: Axis{Min: &low, Max: &high, Format: "0", Grid: true, Title: "%"}, Plots: []Plot{
				{Kind: Stack, Gap: 40, Overlap: 100, Series: []Series{{Name: ref("E1"), Categories: ref("A2:A3"), Values: ref("E2:E3"), Color: "D9D9D9"}}},
				{Kind: Dots, Series: []Series{{Name: ref("B1"), Categories: ref("A2:A3"), Values: ref("B2:B3"), Minus: ref("C2:C3"), Plus: ref("D2:D3"), Color: "1F4E78", Marker: "circle", Size: 7, Labels: true, LabelAt: "r", LabelFormat: "0.0"}}},
			}},
			{Cell: "A26", Width: 500, Height: 300, Name: "c2", Title: "T", Alt: "điểm", Plots: []Plot{{Kind: Points, Series: []Series{{Name: ref("A2"), Categories: ref("B2"), Values: ref("C2"), Color: "1F4E78", Marker: "circle", Size: 7, LabelName: true, LabelAt: "r"}}}}},
		},
	}}
	return b
}

func parts(t *testing.T, data []byte) (map[string]string, []*zip.File) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(content)
	}
	return all, archive.File
}

func write(t *testing.T, b *Book) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What excelize cannot write and the post-processor must: if an upgrade of excelize changes the XML that the patches work on, this fails.
func TestPostProcessor(t *testing.T) {
	all, _ := parts(t, write(t, sample()))
	sheet, chart, scatter := all["xl/worksheets/sheet1.xml"], all["xl/charts/chart1.xml"], all["xl/charts/chart2.xml"]
	for _, want := range []struct{ what, in, has string }{
		{"a text formula's value", sheet, `t="str"><f>IF(B2&gt;=MucTieu,&quot;a&quot;,&quot;b&quot;)</f><v>đạt &amp; &lt;hơn&gt;</v>`},
		{"a row's height", sheet, `<row r="1" ht="30" customHeight="1">`},
		{"the dimension", sheet, `<dimension ref="A1:F3"/>`},
		{"a bar's limits", sheet, `<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="num"><xm:f>100</xm:f></x14:cfvo>`},
		{"the other bar's limits", sheet, `<x14:cfvo type="num"><xm:f>1</xm:f></x14:cfvo><x14:cfvo type="num"><xm:f>5</xm:f></x14:cfvo>`},
		{"error bars", chart, `<errBars><errDir val="y"/><errBarType val="both"/><errValType val="cust"/>`},
		{"the bars' lengths", chart, `<plus><numRef><f>'Số ''liệu'' A'!$D$2:$D$3</f><numCache><formatCode>General</formatCode><ptCount val="2"/><pt idx="0"><v>2.5</v></pt>`},
		{"cached values", chart, `<pt idx="1"><v>88</v></pt>`},
		{"cached names", chart, `<strCache><ptCount val="1"/><pt idx="0"><v>Kết quả</v></pt></strCache>`},
		{"the chart's language", chart, `<lang val="vi-VN">`},
		{"the scatter's style", scatter, `<scatterStyle val="lineMarker">`},
		{"a label by name", scatter, `<showSerName val="1"/>`},
		{"a table's alternative text", all["xl/tables/table1.xml"], `altText="bảng"`},
		{"shared strings", all["xl/sharedStrings.xml"], `<t xml:space="preserve">Yếu tố</t>`},
	} {
		if !strings.Contains(want.in, want.has) {
			t.Errorf("%s: %s is not there", want.what, want.has)
		}
	}
	if strings.Contains(sheet, "autoMin") || strings.Contains(sheet, "autoMax") {
		t.Error("a data bar still has automatic limits")
	}
	if regexp.MustCompile(`<valAx>(?:[^<]|<[^/]|</[^v])*<lblOffset`).MatchString(scatter) {
		t.Error("a value axis of the scatter chart has a category axis's elements")
	}
}

func TestZipIsTheSameEveryTime(t *testing.T) {
	first := write(t, sample())
	for range 5 {
		if !bytes.Equal(first, write(t, sample())) {
			t.Fatal("the same book gave different bytes")
		}
	}
	_, files := parts(t, first)
	if !slices.IsSortedFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the parts are not in order")
	}
	for _, f := range files {
		if f.Modified.Year() != 1980 {
			t.Errorf("%s bears the time %v", f.Name, f.Modified)
		}
	}
}

// A second reader, excelize's own, sees the same values.
func TestReadsBack(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, sample())))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Số 'liệu' A", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := rows[1]; !slices.Equal(got, []string{"A", "80", "2", "2.5", "85", "đạt & <hơn>"}) {
		t.Errorf("read back %q", got)
	}
	tables, err := f.GetTables("Số 'liệu' A")
	if err != nil || len(tables) != 1 || tables[0].Range != "A1:F3" {
		t.Errorf("tables %v: %v", tables, err)
	}
}

func TestLongSheetsAreStreamed(t *testing.T) {
	b := &Book{}
	style := b.Style(Style{Format: "0.0"})
	s := &Sheet{Name: "Dài", Rows: []Row{{Cells: []Cell{words("a")}}}, Count: 3, Tables: []Table{{Name: "tbl", Range: "A1:A4"}}}
	s.More = func(yield func(Row) bool) {
		for i := range 3 {
			if !yield(Row{Cells: []Cell{{Kind: Number, Number: float64(i), Style: style}}}) {
				return
			}
		}
	}
	b.Sheets = []*Sheet{s}
	all, _ := parts(t, write(t, b))
	if sheet := all["xl/worksheets/sheet1.xml"]; !strings.Contains(sheet, `<row r="4"><c r="A4"`) || !strings.Contains(sheet, `<dimension ref="A1:A4"/>`) {
		t.Errorf("rows are missing: %s", sheet)
	}
	s.Count = 4
	if err := Write(io.Discard, b); err == nil {
		t.Error("fewer rows than announced are no error")
	}
}

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	none := iter.Seq[Row](nil)
	for name, spoil := range map[string]func(*Book){
		"no sheets":          func(b *Book) { b.Sheets = nil },
		"a sheet's name":     func(b *Book) { b.Sheets[0].Name = "a/b" },
		"NaN":                func(b *Book) { b.Sheets[0].Rows[1].Cells[1].Number = math.NaN() },
		"an infinity":        func(b *Book) { b.Sheets[0].Rows[1].Cells[1].Number = math.Inf(1) },
		"a foreign style":    func(b *Book) { b.Sheets[0].Rows[1].Cells[1].Style = 99 },
		"a table's range":    func(b *Book) { b.Sheets[0].Tables[0].Range = "nowhere" },
		"a table's name":     func(b *Book) { b.Sheets[0].Tables[0].Name = "hai từ" },
		"a frozen cell":      func(b *Book) { b.Sheets[0].Freeze = "?" },
		"a picture":          func(b *Book) { b.Sheets[0].Images = []Image{{Cell: "A1", Extension: ".png", Data: []byte("x")}} },
		"an empty chart":     func(b *Book) { b.Sheets[0].Charts[0].Plots = nil },
		"a chart's sheet":    func(b *Book) { b.Sheets[0].Charts[0].Plots[0].Series[0].Values.Sheet = "không" },
		"a chart's name":     func(b *Book) { b.Sheets[0].Charts[0].Plots[0].Series[0].Name.Sheet = "không" },
		"a chart's cells":    func(b *Book) { b.Sheets[0].Charts[0].Plots[0].Series[0].Categories.Range = "?" },
		"error bars":         func(b *Book) { b.Sheets[0].Charts[0].Plots[1].Series[0].Plus.Sheet = "không" },
		"rows not announced": func(b *Book) { b.Sheets[0].Count, b.Sheets[0].More = 2, none },
	} {
		b := sample()
		spoil(b)
		if err := Write(io.Discard, b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := Write(broken{}, sample()); !errors.Is(err, errBroken) {
		t.Errorf("a writer that fails: %v", err)
	}
}

var errBroken = errors.New("disk full")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestCellNames(t *testing.T) {
	for _, c := range []struct {
		row, column int
		want        string
	}{{1, 1, "A1"}, {9, 26, "Z9"}, {10, 27, "AA10"}, {1048576, 16384, "XFD1048576"}} {
		if got := CellName(c.row, c.column); got != c.want {
			t.Errorf("row %d, column %d is %s, want %s", c.row, c.column, got, c.want)
		}
	}
}

// Whatever a person typed comes back as the text it was, less what XML cannot hold.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "=1+1", "a&b<c>\"'", "\x00\x01\t\n", "đ\ufffe\uffff", "_x0041_", "\r", strings.Repeat("a", 40000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if !utf8.ValidString(typed) || len(typed) > 1000 {
			t.Skip("what is no text is refused before it comes here")
		}
		b := &Book{Sheets: []*Sheet{{Name: "A", Rows: []Row{{Cells: []Cell{words("x"), words(typed)}}}}}}
		file, err := excelize.OpenReader(bytes.NewReader(write(t, b)))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if formula, err := file.GetCellFormula("A", "B1"); err != nil || formula != "" {
			t.Errorf("%q became the formula %q: %v", typed, formula, err)
		}
		if got, err := file.GetCellValue("A", "B1"); err != nil || got != clean(typed) {
			t.Errorf("%q came back as %q: %v", typed, got, err)
		}
	})
}
