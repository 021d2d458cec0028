package layout_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"hailong/ingest/layout"
	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// An officeSheet is a made-up sheet of a commune clerk with what is to be found in it.
type officeSheet struct {
	sheet
	classes []string   // "row class [group]"
	header  [2]int     // rows
	answers [][]string // of each data row: the level of each question, "" for none, "2" for two ticks
	levels  []string
}

func (s *officeSheet) add(class, group, line string) {
	s.rows = append(s.rows, line)
	if strings.Trim(line, "|") == "" {
		return
	}
	if group != "" {
		group = " [" + group + "]"
	}
	s.classes = append(s.classes, fmt.Sprintf("%d %s%s", len(s.rows), class, group))
}

func (s *officeSheet) merge(r1, c1, r2, c2 int) {
	if r1 != r2 || c1 != c2 {
		s.merges = append(s.merges, xlsx.Range{FirstRow: r1, FirstCol: c1, LastRow: r2, LastCol: c2}.String())
	}
}

const lead = 3 // columns before the questions

// drawOffice makes a sheet in one of the shapes that ingest.md 1.11 describes.
func drawOffice(t *rapid.T) officeSheet {
	flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
	s := officeSheet{levels: []string{"Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"}}
	if flag("reversed") {
		s.levels = []string{"Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"}
	}
	questions := []string{"Câu 1. Thời gian giải quyết hồ sơ", "Câu 2. Thái độ phục vụ", "Câu 3. Phí, lệ phí", "Câu 4. Nơi chờ"}[:rapid.IntRange(1, 4).Draw(t, "questions")]
	width := lead + len(questions)*len(s.levels)
	for range rapid.IntRange(0, 2).Draw(t, "titles") {
		s.add("title", "", "ỦY BAN NHÂN DÂN HUYỆN CÀNG LONG"+strings.Repeat("|", 6)+"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
		s.add("title", "", "BẢNG TỔNG HỢP KẾT QUẢ KHẢO SÁT MỨC ĐỘ HÀI LÒNG NĂM 2020")
		s.merge(len(s.rows), 0, len(s.rows), width-1)
	}
	if flag("gap") {
		s.add("", "", "")
	}
	header := s.drawHeader(t, questions, width)
	if flag("numbers") {
		var numbers []string
		for c := range width {
			numbers = append(numbers, fmt.Sprintf("(%d)", c+1))
		}
		s.add("column_numbers", "", strings.Join(numbers, "|"))
	}
	counts := make([]int, width)
	group := ""
	forms := rapid.IntRange(3, 30).Draw(t, "forms")
	grouped, repeated := flag("grouped"), rapid.IntRange(0, 40).Draw(t, "repeat after")
	for i := range forms {
		if grouped && i%7 == 0 {
			group = []string{"Xã Nhị Long Phú", "Thị trấn Càng Long", "Phường 1", "Xã Đại Phước", "Xã Đức Mỹ"}[i/7]
			s.add("group", group, []string{"I", "II", "III", "IV", "V"}[i/7]+"|"+group)
		}
		if i == repeated {
			for _, line := range header {
				s.add("header", "", line)
			}
		}
		cells := make([]string, width)
		cells[0], cells[1], cells[2] = fmt.Sprint(i+1), "Người trả lời "+fmt.Sprint(i+1), []string{"Nam", "Nữ"}[i%2]
		var answers []string
		for q := range questions {
			level := rapid.IntRange(-1, len(s.levels)-1).Draw(t, "level")
			if i < 3 {
				level = (i + q) % len(s.levels) // enough ticks to be seen as such
			}
			answer := ""
			if level >= 0 {
				at := lead + q*len(s.levels) + level
				cells[at] = rapid.SampledFrom([]string{"x", "X", " x ", "✓", "1", "х", "'1"}).Draw(t, "mark")
				counts[at]++
				answer = s.levels[level]
				if i > 3 && rapid.IntRange(0, 15).Draw(t, "twice") == 0 {
					other := lead + q*len(s.levels) + (level+1)%len(s.levels)
					cells[other] = "x"
					counts[other]++
					answer = "2"
				}
			}
			answers = append(answers, answer)
		}
		s.answers = append(s.answers, answers)
		s.add("data", group, strings.Join(cells, "|"))
	}
	if flag("totals") {
		sums, shares := make([]string, width), make([]string, width)
		sums[0], shares[0] = "Tổng cộng", "Tỷ lệ (%)"
		for c := lead; c < width; c++ {
			sums[c] = fmt.Sprint(counts[c])
			shares[c] = "'" + strings.Replace(fmt.Sprintf("%.1f", 100*float64(counts[c])/float64(forms)), ".", ",", 1)
		}
		s.add("totals", "", strings.Join(sums, "|"))
		if flag("shares") {
			s.add("percent", "", strings.Join(shares, "|"))
		}
	}
	if flag("signature") {
		s.add("", "", "")
		s.add("signature", "", strings.Repeat("|", min(5, width-1))+"Trà Vinh, ngày 20 tháng 10 năm 2020")
		s.add("signature", "", "|Người lập biểu||Chủ tịch")
		s.add("signature", "", "|Nguyễn Văn Ánh||Trần Thị Đức")
	}
	return s
}

// drawHeader writes two or three header rows, merged or not, and returns them.
func (s *officeSheet) drawHeader(t *rapid.T, questions []string, width int) []string {
	merged := rapid.Bool().Draw(t, "merged")
	deep := rapid.Bool().Draw(t, "three rows")
	top := len(s.rows) + 1
	var rows []string
	line := func(cells []string) {
		rows = append(rows, strings.Join(cells, "|"))
		s.add("header", "", rows[len(rows)-1])
	}
	firstRow := make([]string, width)
	copy(firstRow, []string{rapid.SampledFrom([]string{"STT", "TT", "Số TT", "S TT"}).Draw(t, "number"), "Họ và tên", "Giới tính"})
	if deep {
		firstRow[lead] = "Mức độ hài lòng"
		line(firstRow)
		if merged {
			s.merge(top, lead, top, width-1)
		}
		firstRow = make([]string, width)
	}
	for q, text := range questions {
		firstRow[lead+q*len(s.levels)] = text
		if merged {
			s.merge(len(s.rows)+1, lead+q*len(s.levels), len(s.rows)+1, lead+(q+1)*len(s.levels)-1)
		}
	}
	line(firstRow)
	last := make([]string, width)
	for c := lead; c < width; c++ {
		last[c] = s.levels[(c-lead)%len(s.levels)]
	}
	line(last)
	if merged {
		for c := range lead {
			s.merge(top, c, len(s.rows), c)
		}
	}
	s.header = [2]int{top, len(s.rows)}
	return rows
}

// inverse maps letters to what a legacy font stored for them.
func inverse(e vntext.Encoding) map[rune]string {
	out := map[rune]string{}
	try := func(s string) {
		if r := []rune(vntext.Decode(e, s)); len(r) == 1 && r[0] > 0x7F && string(r) != s && out[r[0]] == "" {
			out[r[0]] = s
		}
	}
	for b := rune(0xA1); b < 0xFF; b++ {
		try(string(b))
		if e == vntext.VNI {
			for _, base := range "aeouyAEOUYôöÔÖ" {
				try(string(base) + string(b))
			}
		}
	}
	return out
}

func encodeWith(table map[rune]string, s string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		if code, ok := table[r]; ok {
			b.WriteString(code)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Whatever the shape of an office sheet, its header, rows, groups and ticks are found, and its own totals agree.
func TestOfficeSheetsOfAnyShape(t *testing.T) {
	tables := map[vntext.Encoding]map[rune]string{vntext.Unicode: nil, vntext.TCVN3: inverse(vntext.TCVN3), vntext.VNI: inverse(vntext.VNI)}
	if n := len(tables[vntext.TCVN3]); n < 70 {
		t.Fatalf("%d letters of TCVN3", n)
	}
	rapid.Check(t, func(rt *rapid.T) {
		s := drawOffice(rt)
		e := rapid.SampledFrom([]vntext.Encoding{vntext.Unicode, vntext.Unicode, vntext.TCVN3, vntext.VNI}).Draw(rt, "encoding")
		legacy := s.sheet
		legacy.rows = nil
		for _, line := range s.rows {
			if e == vntext.TCVN3 {
				line = smallMarked(line) // toned capitals have no byte
			}
			line = strings.ReplaceAll(line, "✓", "v")
			if e != vntext.Unicode {
				line = strings.ReplaceAll(encodeWith(tables[e], line), "х", "x")
			}
			legacy.rows = append(legacy.rows, line)
		}
		got := legacy.read(t, layout.Options{})
		if h := [2]int{got.table.HeaderFirst, got.table.HeaderLast}; h != s.header {
			rt.Fatalf("header %v, want %v\n%s", h, s.header, strings.Join(legacy.rows, "\n"))
		}
		if story, want := got.story(), strings.Join(s.classes, ", "); story != want {
			rt.Fatalf("rows\ngot  %s\nwant %s\n%s", story, want, strings.Join(legacy.rows, "\n"))
		}
		n := 0
		for _, r := range got.rows {
			if r.class != layout.Data {
				continue
			}
			if len(r.ticks) != len(s.answers[n]) {
				rt.Fatalf("%d questions, want %d\n%s", len(r.ticks), len(s.answers[n]), strings.Join(legacy.rows, "\n"))
			}
			for q, reading := range r.ticks {
				answer := ""
				switch {
				case reading.Level >= 0:
					answer = got.table.Ticks[q].Levels[reading.Level]
				case len(reading.Ticks) > 1:
					answer = "2"
				}
				if answer != s.answers[n][q] {
					rt.Fatalf("row %d question %d: %q, want %q", r.index, q+1, answer, s.answers[n][q])
				}
			}
			n++
		}
		if c := got.classifier.Control(); len(c.Mismatches) > 0 || c.Unchecked > 0 {
			rt.Fatalf("control %+v\n%s", c, strings.Join(legacy.rows, "\n"))
		}
	})
}

// smallMarked puts capitals with marks into small letters, as they stand in a TCVN3 font without capitals.
func smallMarked(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x7F && r != 'Đ' {
			return []rune(strings.ToLower(string(r)))[0]
		}
		return r
	}, s)
}
