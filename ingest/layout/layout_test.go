package layout_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"hailong/ingest/layout"
	"hailong/ingest/xlsx"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A sheet is a table in code: one string a row, cells parted by "|"; numbers are number cells, all else is text. A row that starts with
// "@9 " stands in row 9.
type sheet struct {
	name   string
	hidden bool
	rows   []string
	merges []string
	font   func(style int32) string
}

func (s sheet) parse(t testing.TB) ([]xlsx.Row, []xlsx.Range) {
	t.Helper()
	var rows []xlsx.Row
	index := 0
	for _, line := range s.rows {
		index++
		if at, rest, ok := strings.Cut(line, " "); ok && strings.HasPrefix(at, "@") {
			n, err := strconv.Atoi(at[1:])
			if err != nil {
				t.Fatal(err)
			}
			index, line = n, rest
		}
		row := xlsx.Row{Index: index}
		for col, text := range strings.Split(line, "|") {
			text = strings.ReplaceAll(text, "¦", "|")
			if text == "" {
				continue
			}
			c := xlsx.Cell{Col: col, Kind: xlsx.String, SST: -1, Text: []byte(text)}
			if n, err := strconv.ParseFloat(text, 64); err == nil {
				c.Kind, c.Num = xlsx.Number, n
			}
			if quoted, ok := strings.CutPrefix(text, "'"); ok {
				c.Text = []byte(quoted)
			}
			row.Cells = append(row.Cells, c)
		}
		if len(row.Cells) > 0 {
			rows = append(rows, row)
		}
	}
	var merges []xlsx.Range
	for _, m := range s.merges {
		a, b, _ := strings.Cut(m, ":")
		r1, c1, ok1 := xlsx.ParseRef(a)
		r2, c2, ok2 := xlsx.ParseRef(b)
		if !ok1 || !ok2 {
			t.Fatalf("merge %q", m)
		}
		merges = append(merges, xlsx.Range{FirstRow: r1, FirstCol: c1, LastRow: r2, LastCol: c2})
	}
	return rows, merges
}

func (s sheet) detect(t testing.TB, o layout.Options) (*layout.Table, error) {
	t.Helper()
	rows, merges := s.parse(t)
	var head layout.Head
	for _, r := range rows {
		head.Add(r)
	}
	return layout.Detect(&head, merges, layout.SheetInfo{Name: s.name, Hidden: s.hidden, Font: s.font}, o)
}

// read detects the table and classes every row.
func (s sheet) read(t testing.TB, o layout.Options) *readSheet {
	t.Helper()
	table, err := s.detect(t, o)
	if err != nil {
		t.Fatal(err)
	}
	out := &readSheet{table: table, classifier: table.NewClassifier()}
	rows, _ := s.parse(t)
	for i := range rows {
		r := readRow{index: rows[i].Index, cells: map[int]string{}}
		r.class, r.group = out.classifier.Class(&rows[i])
		for j := range rows[i].Cells {
			r.cells[rows[i].Cells[j].Col] = table.Text(&rows[i].Cells[j])
		}
		for g := range table.Ticks {
			r.ticks = append(r.ticks, table.Ticks[g].Read(table, &rows[i]))
		}
		out.rows = append(out.rows, r)
	}
	return out
}

// story is the class of every row: "1 title, 3 header, 4 data [Xã A]".
func (s *readSheet) story() string {
	var parts []string
	for _, r := range s.rows {
		part := fmt.Sprintf("%d %s", r.index, r.class)
		if r.group != "" {
			part += " [" + r.group + "]"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func headers(t *layout.Table) []string {
	var list []string
	for _, c := range t.Columns {
		list = append(list, c.Header)
	}
	return list
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		name    string
		sheet   sheet
		first   int
		last    int
		headers []string
	}{
		{"merged over two rows", sheet{
			rows:   []string{"STT|Xã|Mức độ hài lòng", "||Câu 1|Câu 2", "1|Xã A|5|4", "2|Xã B|3|4"},
			merges: []string{"A1:A2", "B1:B2", "C1:D1"},
		}, 1, 2, []string{"STT", "Xã", "Mức độ hài lòng › Câu 1", "Mức độ hài lòng › Câu 2"}},
		{"the same, not merged", sheet{
			rows: []string{"STT|Xã|Mức độ hài lòng", "||Câu 1|Câu 2", "1|Xã A|5|4", "2|Xã B|3|4"},
		}, 1, 2, []string{"STT", "Xã", "Mức độ hài lòng › Câu 1", "Mức độ hài lòng › Câu 2"}},
		{"three rows, not merged", sheet{
			rows: []string{"TT|Họ tên|Nội dung|||", "||Câu 1||Câu 2|", "||Hài lòng|Không hài lòng|Hài lòng|Không hài lòng", "1|A|x|||x", "2|B||x|x|"},
		}, 1, 3, []string{"TT", "Họ tên", "Nội dung › Câu 1 › Hài lòng", "Nội dung › Câu 1 › Không hài lòng", "Nội dung › Câu 2 › Hài lòng", "Nội dung › Câu 2 › Không hài lòng"}},
		{"the running number in the lower row", sheet{
			rows:   []string{"||Đánh giá|", "STT|Xã|Câu 1|Câu 2", "1|Xã A|5|4", "2|Xã B|3|4"},
			merges: []string{"C1:D1"},
		}, 1, 2, []string{"STT", "Xã", "Đánh giá › Câu 1", "Đánh giá › Câu 2"}},
		{"title rows right above", sheet{
			rows:   []string{"BẢNG TỔNG HỢP KẾT QUẢ KHẢO SÁT", "STT|Xã|Câu 1", "1|Xã A|5", "2|Xã B|4"},
			merges: []string{"A1:C1"},
		}, 2, 2, []string{"STT", "Xã", "Câu 1"}},
		{"a title merged over all columns but one", sheet{
			rows:   []string{"ỦY BAN NHÂN DÂN|||CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "STT|Xã|Câu 1|Câu 2", "1|Xã A|5|1", "2|Xã B|4|2"},
			merges: []string{"A1:B1"},
		}, 2, 2, []string{"STT", "Xã", "Câu 1", "Câu 2"}},
		{"level in the header's own text", sheet{
			rows: []string{"STT|Câu 1 - Rất hài lòng|Câu 1 - Hài lòng|Câu 1 - Bình thường", "1|x||", "2||x|", "3|||x"},
		}, 1, 1, []string{"STT", "Câu 1 › Rất hài lòng", "Câu 1 › Hài lòng", "Câu 1 › Bình thường"}},
		{"codes of the scale as the lowest header", sheet{
			rows:   []string{"STT|Xã|Câu 1|||Câu 2||", "||3|2|1|3|2|1", "1|Xã A|x||||x|", "2|Xã B||x||||x"},
			merges: []string{"A1:A2", "B1:B2", "C1:E1", "F1:H1"},
		}, 1, 2, []string{"STT", "Xã", "Câu 1 › 3", "Câu 1 › 2", "Câu 1 › 1", "Câu 2 › 3", "Câu 2 › 2", "Câu 2 › 1"}},
		{"plain header", sheet{
			rows: []string{"id|tuổi|ý kiến", "1|30|tốt", "2|41|chưa tốt"},
		}, 1, 1, []string{"id", "tuổi", "ý kiến"}},
		{"notes above a plain header", sheet{
			rows: []string{"||Note 1", "@9 Columns|Column A|Column B|Column C", "put data here|1|2|3", "more|4|5|6"},
		}, 9, 9, []string{"Columns", "Column A", "Column B", "Column C"}},
		{"no header", sheet{
			rows: []string{"ambhanjyang|6", "ambhanjyang|6", "nibuwatar|2", "nibuwatar|1"},
		}, 0, 0, []string{"", ""}},
		{"numbers only", sheet{rows: []string{"1|2|3", "4|5|6", "7|8|9"}}, 0, 0, []string{"", "", ""}},
		{"a table that starts at C", sheet{
			rows: []string{"@3 ||STT|Xã|C1", "||1|Xã A|5", "||2|Xã B|4"},
		}, 3, 3, []string{"STT", "Xã", "C1"}},
		{"numbers only, as text", sheet{rows: []string{"'1|'2|'3", "'4|'5|'6", "'7|'8|'9"}}, 0, 0, []string{"", "", ""}},
		{"years between texts", sheet{rows: []string{"Tỉnh|Huyện|2019|'2020", "A|B|81.2|'83,5", "C|D|79|'80,1"}}, 1, 1, []string{"Tỉnh", "Huyện", "2019", "2020"}},
		{"first data row looks like a level", sheet{
			rows: []string{"Xã|C1|C2", "Xã A|Hài lòng|Hài lòng", "Xã B|Không hài lòng|Hài lòng", "Xã C|Hài lòng|Bình thường"},
		}, 1, 1, []string{"Xã", "C1", "C2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := c.sheet.detect(t, layout.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if table.HeaderFirst != c.first || table.HeaderLast != c.last {
				t.Errorf("header %d-%d, want %d-%d", table.HeaderFirst, table.HeaderLast, c.first, c.last)
			}
			if diff := cmp.Diff(c.headers, headers(table)); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHeaderCells(t *testing.T) {
	table, err := sheet{
		rows:   []string{"STT|Xã|Mức độ hài lòng", "||Câu 1|Câu 2", "1|Xã A|5|4"},
		merges: []string{"A1:A2", "B1:B2", "C1:D1"},
	}.detect(t, layout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var cells []string
	for _, c := range table.Columns {
		cells = append(cells, c.Cell)
	}
	if diff := cmp.Diff([]string{"A1", "B1", "C2", "D2"}, cells); diff != "" {
		t.Errorf("header cells (-want +got):\n%s", diff)
	}
}

func TestPinnedOptions(t *testing.T) {
	s := sheet{rows: []string{"a|b", "c|d", "STT|Xã", "1|Xã A"}}
	for _, c := range []struct {
		o           layout.Options
		first, last int
		err         string
	}{
		{layout.Options{}, 3, 3, ""},
		{layout.Options{Header: "auto", Sheet: "auto", Dialect: "auto", Encoding: "auto", Ticks: "auto"}, 3, 3, ""},
		{layout.Options{Header: "2"}, 2, 2, ""},
		{layout.Options{Header: "1-3"}, 1, 3, ""},
		{layout.Options{Header: "1:2"}, 1, 2, ""},
		{layout.Options{Header: "none"}, 0, 0, ""},
		{layout.Options{Header: "3-1"}, 0, 0, `reading header "3-1": give the header rows as 3, as 6-8 or as none`},
		{layout.Options{Header: "A"}, 0, 0, `reading header "A": give the header rows as 3, as 6-8 or as none`},
		{layout.Options{Dialect: "excel"}, 0, 0, `reading dialect "excel": want auto or one of`},
		{layout.Options{Encoding: "latin1"}, 0, 0, `reading encoding "latin1": want auto, unicode`},
		{layout.Options{Ticks: "yes"}, 0, 0, `reading ticks "yes": want auto or none`},
	} {
		table, err := s.detect(t, c.o)
		if c.err != "" {
			if err == nil || !strings.HasPrefix(err.Error(), c.err) {
				t.Errorf("%+v: error %v, want %q", c.o, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%+v: %v", c.o, err)
			continue
		}
		if table.HeaderFirst != c.first || table.HeaderLast != c.last {
			t.Errorf("%+v: header %d-%d, want %d-%d", c.o, table.HeaderFirst, table.HeaderLast, c.first, c.last)
		}
		for _, g := range table.Guesses {
			if want := c.o.Header != "" && c.o.Header != "auto"; g.What == "header_row" && g.Pinned != want {
				t.Errorf("%+v: header guess pinned %v, want %v", c.o, g.Pinned, want)
			}
		}
	}
}

func TestRowClasses(t *testing.T) {
	const header = "STT|Họ và tên|Xã|Câu 1|Câu 2|Câu 3|Câu 4"
	for _, c := range []struct {
		name  string
		sheet sheet
		want  string
	}{
		{
			"groups of Roman numbers are carried down",
			sheet{rows: []string{header, "I|Phường 1", "1|A||5|4|3|2", "2|B||5|4|3|2", "II|Phường 2", "1|C||5|4|3|2"}},
			"1 header, 2 group [Phường 1], 3 data [Phường 1], 4 data [Phường 1], 5 group [Phường 2], 6 data [Phường 2]",
		},
		{
			"communes within districts",
			sheet{rows: []string{header, "A|Huyện X", "I|Xã M", "1|A||5|4|3|2", "II|Xã N", "2|A||5|4|3|2", "B|Huyện Y", "I|Xã P", "3|A||5|4|3|2"}},
			"1 header, 2 group [Huyện X], 3 group [Huyện X › Xã M], 4 data [Huyện X › Xã M], 5 group [Huyện X › Xã N], 6 data [Huyện X › Xã N], " +
				"7 group [Huyện Y], 8 group [Huyện Y › Xã P], 9 data [Huyện Y › Xã P]",
		},
		{
			"a unit's name alone",
			sheet{rows: []string{header, "Xã Long Đức", "1|A||5|4|3|2", "Xã Hoà Ân", "2|A||5|4|3|2"}},
			"1 header, 2 group [Xã Long Đức], 3 data [Xã Long Đức], 4 group [Xã Hoà Ân], 5 data [Xã Hoà Ân]",
		},
		{
			"a group with its own totals",
			sheet{rows: []string{header, "I|Xã M||2|2|2|2", "1|A||5|4|3|2", "2|B||5|4|3|2"}},
			"1 header, 2 group [Xã M], 3 data [Xã M], 4 data [Xã M]",
		},
		{
			"totals, shares and means",
			sheet{rows: []string{header, "1|A|X|5|4|3|2", "Tổng cộng|||1|1|1|1", "Tỷ lệ (%)|||'100,0|'100,0|'0,0|'0,0", "Điểm trung bình|||5|4|3|2"}},
			"1 header, 2 data, 3 totals, 4 percent, 5 percent",
		},
		{
			"totals in the second column",
			sheet{rows: []string{header, "1|A|X|5|4|3|2", "|Tổng số:|  |1|1|1|1", "|Cộng||1|1|1|1"}},
			"1 header, 2 data, 3 totals, 4 totals",
		},
		{
			"an answer that begins with a total word",
			sheet{rows: []string{header, "1|Tổng Văn A|X|5|4|3|2", "2|Tổng|X|5|4|3|2"}},
			"1 header, 2 data, 3 data",
		},
		{"column numbers", sheet{rows: []string{header, "(1)|(2)|(3)|(4)|(5)|(6)|(7)", "1|A|X|5|4|3|2"}}, "1 header, 2 column_numbers, 3 data"},
		{"column numbers without brackets", sheet{rows: []string{header, "1|2|3|4|5|6|7", "1|A|X|5|4|3|2"}}, "1 header, 2 column_numbers, 3 data"},
		{"column letters and numbers", sheet{rows: []string{header, "A|B|C|1|2|3|4=1+2", "1|A|X|5|4|3|2"}}, "1 header, 2 column_numbers, 3 data"},
		{"answers that count up are no column numbers", sheet{rows: []string{"id|a|b|c|d", "1|2|3|4|5", "2|5|4|3|1"}}, "1 header, 2 data, 3 data"},
		{
			"the header again on the next page",
			sheet{rows: []string{header, "1|A|X|5|4|3|2", header, "(1)|(2)|(3)|(4)|(5)|(6)|(7)", "2|B|X|5|4|3|2"}},
			"1 header, 2 data, 3 header, 4 column_numbers, 5 data",
		},
		{
			"signatures end the table",
			sheet{rows: []string{header, "1|A|X|5|4|3|2", "@5 |||||Trà Vinh, ngày 5 tháng 11 năm 2020", "|Người lập biểu||||GIÁM ĐỐC", "@10 |Nguyễn Văn A||||Trần Văn B"}},
			"1 header, 2 data, 5 signature, 6 signature, 10 signature",
		},
		{
			"a second table below the signatures",
			sheet{rows: []string{header, "1|A|X|5|4|3|2", "|Người lập biểu", "@8 " + header, "1|B|X|5|4|3|2"}},
			"1 header, 2 data, 3 signature, 8 header, 9 data",
		},
		{"lines that were numbered in advance", sheet{rows: []string{header, "1|A|X|5|4|3|2", "2", "3|  |\u00a0"}}, "1 header, 2 data, 3 blank, 4 blank"},
		{"a form without a number", sheet{rows: []string{header, "1|A|X|5|4|3|2", "|B|X|5|4|3|2"}}, "1 header, 2 data, 3 data"},
		{"white space only", sheet{rows: []string{header, "1|A|X|5|4|3|2", "   |\u200b"}}, "1 header, 2 data, 3 blank"},
		{"numbers typed as text", sheet{rows: []string{header, "'1|A|X|5|4|3|2", "'2.|B|X|5|4|3|2", "'3"}}, "1 header, 2 data, 3 data, 4 blank"},
		{
			"the title block again on the next page",
			sheet{rows: []string{header, "1|A|X|5|4|3|2", "BẢNG TỔNG HỢP KẾT QUẢ", header, "2|B|X|5|4|3|2"}},
			"1 header, 2 data, 3 title, 4 header, 5 data",
		},
		{
			"a note below the grand total",
			sheet{rows: []string{header, "1|A|X|5|4|3|2", "Tổng cộng|||1|1|1|1", "Số phiếu phát ra: 10", "Ghi chú: x"}},
			"1 header, 2 data, 3 totals, 4 signature, 5 signature",
		},
		{
			"another table below",
			sheet{rows: []string{header, "1|A|X|5|4|3|2", "@5 STT|Nội dung|Số lượng", "1|Phiếu phát ra|100", "2|Phiếu thu về|98", "@9 " + header, "2|B|X|5|4|3|2"}},
			"1 header, 2 data, 5 signature, 6 signature, 7 signature, 9 header, 10 data",
		},
		{
			"rows numbered I, II, III are data where none has a plain number",
			sheet{rows: []string{"STT|Tiêu chí|Số phiếu|Điểm", "I|Niêm yết|100|4", "II|Phí|98|5"}},
			"1 header, 2 data, 3 data",
		},
		{
			"TT as short for thị trấn is no running number",
			sheet{rows: []string{"Xã|Loại|C1", "A|TT|5", "B|X|4", "C|TT|3", "D|P|3", "E|X|1"}},
			"1 header, 2 data, 3 data, 4 data, 5 data, 6 data",
		},
		{"HXL tags", sheet{rows: []string{"start|name|_uuid|_submission_time", "#date+start|#loc +name", "x|y|u1|t", "x|z|u2|t"}}, "1 header, 2 header, 3 data, 4 data"},
		{"totals below an export", sheet{rows: []string{"Dấu thời gian|Ý kiến", "'1/2/2024|Tổng cộng", "Tổng cộng|2"}}, "1 header, 2 data, 3 totals"},
		{"an export's first question may be answered with a total", sheet{rows: []string{"q|_uuid|_submission_time", "total|u1|t", "total||"}}, "1 header, 2 data, 3 totals"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.sheet.read(t, layout.Options{}).story(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestMergedCellsOfTheData(t *testing.T) {
	s := sheet{
		rows:   []string{"STT|Xã|Họ tên|Câu 1|Câu 2", "1|Xã M|A|5|4", "2||B|4|3", "3||C||3", "4|Xã N|D|2|2", "5||E|1|1", "6||F|1|1"},
		merges: []string{"B2:B4", "B5:B6", "D3:D4"},
	}
	table, err := s.detect(t, layout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := s.parse(t)
	table.NewClassifier() // a second classifier keeps its own place
	c := table.NewClassifier()
	var got []string
	for i := range rows {
		class, _ := c.Class(&rows[i])
		line := fmt.Sprintf("%d %s", rows[i].Index, class)
		for _, cell := range c.Carried(&rows[i]) {
			line += fmt.Sprintf(" %s=%s", xlsx.Name(cell.Col), table.Text(&cell))
		}
		got = append(got, line)
	}
	// Row 4 does not get B's answer to question 1, and row 7 stands under no merged range.
	want := []string{"1 header", "2 data", "3 data B=Xã M", "4 data B=Xã M", "5 data", "6 data B=Xã N", "7 data"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("carried cells (-want +got):\n%s", diff)
	}
	var guesses []string
	for _, g := range table.Guesses {
		if g.What == "merged_cells" {
			guesses = append(guesses, g.Value+": "+g.Evidence+" / "+g.EvidenceVI)
		}
	}
	if diff := cmp.Diff([]string{
		`B: 2 merged ranges of "Xã": the value holds for all their rows / 2 vùng gộp ô của "Xã": giá trị dùng cho mọi dòng của vùng`,
		`D: 1 merged ranges of "Câu 1": the value holds for their first row only / 1 vùng gộp ô của "Câu 1": giá trị chỉ dùng cho dòng đầu của vùng`,
	}, guesses); diff != "" {
		t.Errorf("guesses (-want +got):\n%s", diff)
	}
}

func TestTicks(t *testing.T) {
	s := sheet{rows: []string{
		"STT|Câu 1|||Kênh biết tin||", "|Hài lòng|Bình thường|Không hài lòng|Báo|Đài|Mạng",
		"1|x|||x|x|", "2||X ||x||x", "3|||✓|x|x|x", "4|'1||||x|", "5|х||||| ", "6|||||x|x", "7|x|x||x||", "8|có|||x||", "9||v|||x|", "10|||x|x||",
	}}.read(t, layout.Options{})
	if len(s.table.Ticks) != 2 {
		t.Fatalf("%d tick groups: %+v", len(s.table.Ticks), s.table.Ticks)
	}
	if g := s.table.Ticks[0]; g.Multiple || g.Name != "Câu 1" || strings.Join(g.Levels, "|") != "Hài lòng|Bình thường|Không hài lòng" {
		t.Errorf("first group %+v", g)
	}
	if g := s.table.Ticks[1]; !g.Multiple || g.Indicator || g.Name != "Kênh biết tin" {
		t.Errorf("second group %+v", g)
	}
	var got []string
	for _, r := range s.rows {
		if r.class == layout.Data {
			g := r.ticks[0]
			got = append(got, fmt.Sprintf("%d:%v%s%s", g.Level, g.Ticks, g.Cell, g.Text))
		}
	}
	want := []string{"0:[0]", "1:[1]", "2:[2]", "0:[0]", "0:[0]", "-1:[]", "-1:[0 1]", "-1:[]B10có", "1:[1]", "2:[2]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("readings (-want +got):\n%s", diff)
	}
}

func TestTicksAmongOtherColumns(t *testing.T) {
	s := sheet{rows: []string{
		"STT|Giới tính|||Câu 1|||", "|Nam|Nữ|Khác|Hài lòng|Không hài lòng|Ghi chú|Điểm", "1|x|||x||tốt|7", "2||x|||x|xấu|5", "3|||x|x||được|6",
	}}.read(t, layout.Options{})
	var got []string
	for _, g := range s.table.Ticks {
		got = append(got, fmt.Sprint(g.Name, g.Columns, g.Levels))
	}
	if diff := cmp.Diff([]string{"Giới tính[1 2 3] [Nam Nữ Khác]", "Câu 1[4 5] [Hài lòng Không hài lòng]"}, got); diff != "" {
		t.Errorf("ticks (-want +got):\n%s", diff)
	}
}

func TestTicksWithoutAQuestion(t *testing.T) {
	s := sheet{rows: []string{
		"STT|Rất hài lòng|Hài lòng|Không hài lòng|Rất hài lòng|Hài lòng|Không hài lòng|Ghi chú", "1|x||||x||tốt", "2||x|||x||", "3||x|||||", "4|||x|x|||",
	}}.read(t, layout.Options{})
	var got []string
	for _, g := range s.table.Ticks {
		got = append(got, fmt.Sprint(g.Name, g.Columns, g.Levels, g.Multiple))
	}
	want := []string{"columns B:D[1 2 3] [Rất hài lòng Hài lòng Không hài lòng] false", "columns E:G[4 5 6] [Rất hài lòng Hài lòng Không hài lòng] false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ticks (-want +got):\n%s", diff)
	}
}

func TestCodesUnderOneParentAreNoTicks(t *testing.T) {
	s := sheet{rows: []string{"STT|Mức độ hài lòng||", "|Câu 1|Câu 2|Câu 3", "1|5|4|1", "2|3|4|1", "3|1|2|5"}}.read(t, layout.Options{})
	if len(s.table.Ticks) != 0 {
		t.Errorf("codes were taken for ticks: %+v", s.table.Ticks)
	}
}

func TestTicksCanBeTurnedOff(t *testing.T) {
	s := sheet{rows: []string{"STT|Câu 1|", "|Hài lòng|Không hài lòng", "1|x|", "2||x"}}
	if n := len(s.read(t, layout.Options{}).table.Ticks); n != 1 {
		t.Errorf("%d tick groups, want 1", n)
	}
	if n := len(s.read(t, layout.Options{Ticks: "none"}).table.Ticks); n != 0 {
		t.Errorf("%d tick groups although the plan wants none", n)
	}
}

func TestUniqueNames(t *testing.T) {
	table, err := sheet{rows: []string{"id|q1|q1|q1 |Q1|||q1_2", "1|1|2|3|4|5||7", "2|1|2|3|4||6|8"}}.detect(t, layout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"id", "q1", "q1_3", "q1_4", "Q1_5", "column F", "column G", "q1_2"}
	if diff := cmp.Diff(want, columnNames(table)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestControlSums(t *testing.T) {
	const header = "STT|Họ và tên|Câu 1||Điểm|Ý kiến"
	const levels = "||Hài lòng|Không hài lòng||"
	for _, c := range []struct {
		name       string
		rows       []string
		checked    int
		unchecked  int
		mismatches []string
	}{
		{"all right", []string{header, levels, "1|A|x||7|tốt", "2|B||x|8|", "3|C|x||9|", "Tổng cộng||2|1|24|1", "Tỷ lệ (%)||'66,7|'33,3||"}, 6, 0, nil},
		{"a wrong count", []string{header, levels, "1|A|x||7|", "2|B||x|8|", "3|C|x||9|", "Tổng cộng||3|1|24|"}, 3, 0, []string{"C6 count 3≠2 all rows"}},
		{"a wrong sum", []string{header, levels, "1|A|x||7|", "2|B||x|8|", "3|C|x||9|", "Tổng cộng||2|1|25|"}, 3, 0, []string{"E6 sum 25≠24 all rows"}},
		{"a wrong share", []string{header, levels, "1|A|x||7|", "2|B||x|8|", "3|C|x||9|", "Tổng cộng||2|1|24|", "Tỷ lệ (%)||'66,7|'34||"}, 5, 0, []string{"D7 percent 34≠33.33 all rows"}},
		{"numbers as text", []string{header, levels, "'1|A|x||'7,5|", "'2|B||x|'8|", "Tổng cộng||'1|'1|'15,5|"}, 3, 0, nil},
		{"shares as fractions", []string{header, levels, "1|A|x||7|", "2|B||x|8|", "Tổng cộng||1|1|15|", "Tỷ lệ||0.5|0.5||"}, 5, 0, nil},
		{"means", []string{header, levels, "1|A|x||7|", "2|B||x|8|", "Trung bình||||'7,5|"}, 1, 0, nil},
		{"shares of something else prove nothing", []string{header, levels, "1|A|x||7|", "2|B||x|8|", "Tỷ lệ (%)||'12,3|'45,6||"}, 0, 2, nil},
		{"subtotals of groups and the grand total", []string{header, levels, "I|Xã M", "1|A|x||7|", "Cộng||1||7|", "II|Xã N", "2|B|x||8|", "3|C||x|1|", "Cộng||1|1|9|", "Tổng cộng||2|1|16|"}, 8, 0, nil},
		{
			"a wrong subtotal",
			[]string{header, levels, "I|Xã M", "1|A|x||7|", "Cộng||1||7|", "II|Xã N", "2|B|x||8|", "3|C||x|1|", "Cộng||2|1|9|", "Tổng cộng||2|1|16|"},
			8, 0,
			[]string{"C9 count 2≠1 Xã N"},
		},
		{
			"a subtotal of which nothing fits",
			[]string{header, levels, "I|Xã M", "1|A|x||7|", "Cộng||5|5|99|", "2|B|x||8|"},
			3, 0,
			[]string{"C5 count 5≠1 Xã M", "D5 count 5≠0 Xã M", "E5 sum 99≠7 Xã M"},
		},
		{"a group row with its own totals", []string{header, levels, "I|Xã M|1||7|", "1|A|x||7|", "II|Xã N|2|1|9|", "2|B|x||8|", "3|C||x|1|"}, 5, 0, []string{"C5 count 2≠1 Xã N"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := sheet{rows: c.rows}.read(t, layout.Options{}).classifier.Control()
			var list []string
			for _, m := range got.Mismatches {
				list = append(list, fmt.Sprintf("%s %s %g≠%.4g %s", m.Cell, m.Kind, m.Printed, m.Counted, m.Scope))
			}
			if diff := cmp.Diff(c.mismatches, list); diff != "" {
				t.Errorf("mismatches (-want +got):\n%s", diff)
			}
			if got.Checked != c.checked || got.Unchecked != c.unchecked {
				t.Errorf("%d checked, %d unchecked; want %d, %d", got.Checked, got.Unchecked, c.checked, c.unchecked)
			}
		})
	}
}

func TestAggregateForm(t *testing.T) {
	s := sheet{
		rows: []string{
			"STT|Nội dung|Tổng số phiếu|Rất hài lòng||Hài lòng||Bình thường||Không hài lòng||Tỷ lệ hài lòng (%)",
			"|||SL|%|SL|%|SL|%|SL|%|",
			"I|Thủ tục hành chính",
			"1|Niêm yết công khai|100|40|'40,0|45|'45,0|10|10|5|5|'85,0",
			"2|Phí, lệ phí|100|30|'30,0|50|'51,0|10|10|9|'9,0|'80,0",
			"Tổng cộng||200|70||95||20||14||",
			"|Người lập biểu",
		},
		merges: []string{"A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "H1:I1", "J1:K1", "L1:L2"},
	}.read(t, layout.Options{})
	if s.table.Dialect != layout.AggregateForm || s.table.Aggregate == nil {
		t.Fatalf("dialect %s", s.table.Dialect)
	}
	if got, want := s.story(), "1 header, 2 header, 3 group [Thủ tục hành chính], 4 data [Thủ tục hành chính], 5 data [Thủ tục hành chính], 6 totals, 7 signature"; got != want {
		t.Errorf("rows %s", got)
	}
	rows, _ := sheet{rows: []string{"@4 1|Niêm yết công khai|100|40|'40,0|45|'45,0|10|10|5|5|'85,0", "2|Phí, lệ phí|100|30|'30,0|50|'51,0|10|10|9|'9,0|'80,0"}}.parse(t)
	first := s.table.Aggregate.Read(s.table, &rows[0])[0]
	if fmt.Sprintf("%v %d %d %s %d", first.Counts, first.Answers, first.Total, first.Label, len(first.Mismatches)) != "[40 45 10 5] 100 100 Niêm yết công khai 0" {
		t.Errorf("first row %+v", first)
	}
	// 99 answers on 100 forms; 50 of 100 forms are 50 %, not 51 %.
	second := s.table.Aggregate.Read(s.table, &rows[1])[0]
	if fmt.Sprint(second.Counts, second.Answers, second.Total) != "[30 50 10 9] 99 100" {
		t.Errorf("second row %+v", second)
	}
	if len(second.Mismatches) != 1 || second.Mismatches[0].Cell != "G5" || second.Mismatches[0].Counted != 50 {
		t.Errorf("mismatches %+v", second.Mismatches)
	}
	// 40+30, 45+50, 10+10 and 5+9 add up.
	if c := s.classifier.Control(); c.Checked != 5 || len(c.Mismatches) != 0 {
		t.Errorf("control %+v", c)
	}
}

func TestAggregateByUnit(t *testing.T) {
	s := sheet{
		rows: []string{
			"STT|Đơn vị|Câu 1|||Câu 2||",
			"||Hài lòng|Bình thường|Không hài lòng|Hài lòng|Bình thường|Không hài lòng",
			"1|Xã Long Đức|30|5|1|20|10|6", "2|Xã Hòa Ân|12|0|3|9|5|1",
		},
		merges: []string{"A1:A2", "B1:B2", "C1:E1", "F1:H1"},
	}.read(t, layout.Options{})
	a := s.table.Aggregate
	if a == nil || len(a.Blocks) != 2 || a.Blocks[0].Question != "Câu 1" || a.Label != 1 {
		t.Fatalf("aggregate %+v", a)
	}
	rows, _ := sheet{rows: []string{"2|Xã Hòa Ân|12|0|3|9|5|1.5"}}.parse(t)
	got := a.Read(s.table, &rows[0])
	if fmt.Sprint(got[0].Counts, got[0].Known, got[1].Counts, got[1].Known) != "[12 0 3] [true true true] [9 5 0] [true true false]" {
		t.Errorf("rows %+v", got)
	}
	if len(got[1].Mismatches) != 1 || got[1].Mismatches[0].Kind != "not_a_count" {
		t.Errorf("half a form passed: %+v", got[1].Mismatches)
	}
}

// Every row gets exactly one class, whatever the sheet holds, and a second pass gives the same.
func TestClassesPartitionRows(t *testing.T) {
	texts := []string{
		"", "", "STT", "x", "X", "1", "2", "3", "'1", "(1)", "(2)", "(3)", "I", "II", "A", "Tổng cộng", "Tỷ lệ (%)", "Xã Long Đức", "Rất hài lòng", "Hài lòng",
		"Câu 1", "Người lập biểu", "5", "4.5", "'12,5%", "#loc+name", "_uuid", "_submission_time", `{"ImportId":"QID1"}`, "StartDate", "EndDate", "Status", "  ", "§¨ng",
	}
	rapid.Check(t, func(rt *rapid.T) {
		var s sheet
		for range rapid.IntRange(1, 25).Draw(rt, "rows") {
			var cells []string
			for range rapid.IntRange(1, 8).Draw(rt, "cells") {
				cells = append(cells, rapid.SampledFrom(texts).Draw(rt, "cell"))
			}
			s.rows = append(s.rows, strings.Join(cells, "|"))
		}
		rows, merges := s.parse(t)
		for range rapid.IntRange(0, 4).Draw(rt, "merges") {
			r, c := rapid.IntRange(1, 25).Draw(rt, "row"), rapid.IntRange(0, 8).Draw(rt, "col")
			merges = append(merges, xlsx.Range{FirstRow: r, FirstCol: c, LastRow: r + rapid.IntRange(0, 3).Draw(rt, "down"), LastCol: c + rapid.IntRange(0, 5).Draw(rt, "right")})
		}
		var head layout.Head
		for _, r := range rows {
			head.Add(r)
		}
		table, err := layout.Detect(&head, merges, layout.SheetInfo{}, layout.Options{})
		if err != nil {
			if !errors.Is(err, layout.ErrNoTable) {
				rt.Fatal(err)
			}
			return
		}
		known := map[layout.Class]bool{
			layout.Data: true, layout.Title: true, layout.Header: true, layout.ColumnNumbers: true, layout.Group: true,
			layout.Totals: true, layout.Percent: true, layout.Signature: true, layout.Blank: true, layout.Preview: true,
		}
		var passes [2]string
		for p := range passes {
			c := table.NewClassifier()
			for i := range rows {
				class, group := c.Class(&rows[i])
				if !known[class] {
					rt.Fatalf("row %d has class %q", rows[i].Index, class)
				}
				if inHeader := rows[i].Index >= table.HeaderFirst && rows[i].Index <= table.HeaderLast; inHeader && class != layout.Header {
					rt.Fatalf("row %d of the header is %s", rows[i].Index, class)
				}
				passes[p] += string(class) + group
				for g := range table.Ticks {
					if r := table.Ticks[g].Read(table, &rows[i]); r.Level >= 0 && len(r.Ticks) != 1 {
						rt.Fatalf("row %d: level %d from ticks %v", rows[i].Index, r.Level, r.Ticks)
					}
				}
			}
			c.Control()
		}
		if passes[0] != passes[1] {
			rt.Fatal("two passes differ")
		}
		names := map[string]bool{}
		for _, c := range table.Columns {
			if c.Name == "" || names[strings.ToLower(c.Name)] {
				rt.Fatalf("column name %q is empty or taken", c.Name)
			}
			names[strings.ToLower(c.Name)] = true
		}
		// Every cell of a data row lies in a column of the table.
		c := table.NewClassifier()
		for i := range rows {
			if class, _ := c.Class(&rows[i]); class == layout.Data {
				for j := range rows[i].Cells {
					if table.Text(&rows[i].Cells[j]) != "" && table.At(rows[i].Cells[j].Col) == nil {
						rt.Fatalf("row %d: cell in column %d is outside the table", rows[i].Index, rows[i].Cells[j].Col)
					}
				}
			}
		}
	})
}
