package layout_test

import (
	"fmt"
	"strings"
	"testing"

	"hailong/ingest/layout"
	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"

	"github.com/google/go-cmp/cmp"
)

// The same small sheet as Unicode and as the two legacy fonts had it (typed by hand from the tables of ingest.md 2.1).
func legacySheets() map[vntext.Encoding][]string {
	return map[vntext.Encoding][]string{
		vntext.Unicode: {
			"BẢNG TỔNG HỢP|", "STT|Họ và tên|Câu 1. Thái độ phục vụ|", "||Hài lòng|Không hài lòng", "I|Xã Long Đức||",
			"1|Nguyễn Thị Ánh|x|", "2|Đặng Văn Phước||x", "Tổng cộng||1|1", "|Người lập biểu||",
		},
		vntext.TCVN3: {
			"B¶ng tæng hîp|", "STT|Hä vµ tªn|C©u 1. Th¸i ®é phôc vô|", "||Hµi lßng|Kh«ng hµi lßng", "I|X· Long §øc||",
			"1|NguyÔn ThÞ ¸nh|x|", "2|§Æng V¨n Ph\u00adíc||x", "Tæng céng||1|1", "|Ng\u00adêi lËp biÓu||",
		},
		vntext.VNI: {
			"BAÛNG TOÅNG HÔÏP|", "STT|Hoï vaø teân|Caâu 1. Thaùi ñoä phuïc vuï|", "||Haøi loøng|Khoâng haøi loøng", "I|Xaõ Long Ñöùc||",
			"1|Nguyeãn Thò AÙnh|x|", "2|Ñaëng Vaên Phöôùc||x", "Toång coäng||1|1", "|Ngöôøi laäp bieåu||",
		},
	}
}

func TestLegacySheetWithoutFonts(t *testing.T) {
	want := sheet{rows: legacySheets()[vntext.Unicode]}.read(t, layout.Options{})
	for e, rows := range legacySheets() {
		got := sheet{rows: rows}.read(t, layout.Options{})
		if diff := cmp.Diff(headers(want.table), headers(got.table)); diff != "" {
			t.Errorf("%s: headers (-unicode +got):\n%s", e, diff)
		}
		if got.story() != want.story() {
			t.Errorf("%s: rows %s, want %s", e, got.story(), want.story())
		}
		for i := range want.rows {
			// A toned capital has no byte in TCVN3.
			for col, text := range want.rows[i].cells {
				if !strings.EqualFold(got.rows[i].cells[col], text) {
					t.Errorf("%s: row %d column %d is %q, want %q", e, i+1, col, got.rows[i].cells[col], text)
				}
			}
		}
		if len(got.table.Ticks) != 1 || len(got.classifier.Control().Mismatches) != 0 {
			t.Errorf("%s: ticks %+v, control %+v", e, got.table.Ticks, got.classifier.Control())
		}
		guessed := false
		for _, g := range got.table.Guesses {
			guessed = guessed || (strings.HasSuffix(g.What, "encoding") && strings.HasPrefix(g.Value, string(e)))
		}
		if guessed != (e != vntext.Unicode) {
			t.Errorf("%s: guesses %+v", e, got.table.Guesses)
		}
	}
}

func TestEncodingIsDecidedByColumn(t *testing.T) {
	rows := []string{"Họ tên|Ý kiến|Café|Giới"}
	for i := range 20 {
		rows = append(rows, fmt.Sprintf("%s|%s|%s|%s", []string{"NguyÔn ThÞ ¸nh", "TrÇn V¨n §\u00adîc", "Lª Hång"}[i%3], []string{"Rất hài lòng", "Bình thường"}[i%2],
			[]string{"café", "thé", "crème brûlée", "hôtel"}[i%4], []string{"Nam", "N÷"}[i%2]))
	}
	s := sheet{rows: rows}.read(t, layout.Options{})
	for i, want := range []vntext.Encoding{vntext.TCVN3, vntext.Unicode, vntext.Unicode, vntext.TCVN3} {
		if got := s.table.Columns[i].Encoding; got != want {
			t.Errorf("column %d is %s, want %s (%s)", i, got, want, s.table.Columns[i].Evidence)
		}
	}
	if got := s.rows[2].cells; got[0] != "Trần Văn Được" || got[1] != "Bình thường" || got[2] != "thé" || got[3] != "Nữ" {
		t.Errorf("row 3 is %v", got)
	}
	if c := s.table.Columns[0]; c.Before == "" || vntext.Clean(vntext.Decode(c.Encoding, c.Before)) != c.After {
		t.Errorf("sample %q → %q", c.Before, c.After)
	}
}

// One column may hold cells in three fonts; each is decoded by its own, unless its words say otherwise.
func TestEncodingByCellFont(t *testing.T) {
	fonts := []string{"Times New Roman", ".VnTime", ".VnTimeH"}
	s := sheet{rows: []string{"STT|Họ tên", "1|Hµ", "2|Hµ", "3|Hà", "4|Thuỷ", "5|Lª"}, font: func(style int32) string { return fonts[style] }}
	rows, _ := s.parse(t)
	for i, style := range []int32{0, 1, 2, 0, 1, 1} {
		rows[i].Cells[1].Style = style
	}
	var head layout.Head
	for _, r := range rows {
		head.Add(r)
	}
	table, err := layout.Detect(&head, nil, layout.SheetInfo{Font: s.font}, layout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range rows {
		got = append(got, table.Text(&rows[i].Cells[1]))
	}
	if diff := cmp.Diff([]string{"Họ tên", "Hà", "HÀ", "Hà", "Thuỷ", "Lê"}, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
}

func TestPinnedEncoding(t *testing.T) {
	rows := []string{"ten|x", "N÷|1", "Nam|2"}
	if got := (sheet{rows: rows}).read(t, layout.Options{}).rows[1].cells[0]; got != "N÷" {
		t.Errorf("one word was enough: %q", got)
	}
	if got := (sheet{rows: rows}).read(t, layout.Options{Encoding: "tcvn3"}).rows[1].cells[0]; got != "Nữ" {
		t.Errorf("pinned: %q", got)
	}
	if got := (sheet{rows: legacySheets()[vntext.TCVN3]}).read(t, layout.Options{Encoding: "unicode"}).rows[6].cells[0]; got != "Tæng céng" {
		t.Errorf("pinned to Unicode: %q", got)
	}
}

// Evidence may stand far below the rows that are looked at whole, and so may a column's only value.
func TestHeadSeesTheWholeSheet(t *testing.T) {
	rows := []string{"STT|Họ tên"}
	for i := range 400 {
		rows = append(rows, fmt.Sprintf("%d|Nam", i+1))
	}
	rows = append(rows, "401|NguyÔn ThÞ Hång|x", "402|TrÇn V¨n §øc")
	s := sheet{rows: rows}.read(t, layout.Options{})
	if got := s.rows[402].cells[1]; got != "Trần Văn Đức" {
		t.Errorf("row 403: %q", got)
	}
	if s.table.At(2) == nil {
		t.Error("column C holds a value in row 402 and is not in the table")
	}
}

func TestInvisibleCharactersOfTheCorpus(t *testing.T) {
	s := readFile(t, shared(t, "corpus/synthetic/vn_nfc_nfd_invisible.xlsx"), "", layout.Options{})
	for _, r := range s.rows[1:10] {
		if got := vntext.Fold(r.cells[1]); got != "quận 1" {
			t.Errorf("B%d folds to %+q", r.index, got)
		}
	}
	for _, r := range s.rows[1:9] {
		if got := vntext.Fold(r.cells[2]); got != "rất hài lòng" {
			t.Errorf("C%d folds to %+q", r.index, got)
		}
	}
	if last := s.rows[10].cells; vntext.Fold(last[1]) != vntext.Fold(last[2]) {
		t.Errorf("%q and %q are one name", last[1], last[2])
	}
}

func TestHeadersOfTheCorpus(t *testing.T) {
	s := readFile(t, shared(t, "corpus/synthetic/dup_and_blank_headers.xlsx"), "", layout.Options{})
	if diff := cmp.Diff([]string{"id", "q1", "q1_2", "q1_3", "Q1_4", "column F", "q2 line 2", "q3", "2024", "1"}, columnNames(s.table)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if got := s.table.Columns[6].Header; got != "q2\nline 2" {
		t.Errorf("the header as it stands is %q", got)
	}
}

// FuzzDetect holds Detect and the Classifier against any texts in any places.
func FuzzDetect(f *testing.F) {
	f.Add("STT|Câu 1|\n||Hài lòng\n1|x|\nTổng cộng|1|", uint8(3), uint8(1))
	f.Add("_uuid|_index\n#x|#y\n1|2", uint8(0), uint8(0))
	f.Add("StartDate|EndDate|Status\n{\"ImportId\":\"\"}", uint8(9), uint8(200))
	f.Add("|\n\n||||\u200b|\n", uint8(1), uint8(1))
	f.Fuzz(func(t *testing.T, text string, merge, style uint8) {
		s := sheet{font: func(style int32) string { return []string{"", ".VnTime", "VNI-Times"}[style%3] }}
		for line := range strings.Lines(text) {
			s.rows = append(s.rows, strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "@", ""))
		}
		rows, _ := s.parse(t)
		for i := range rows {
			for j := range rows[i].Cells {
				rows[i].Cells[j].Style = int32(style) % 3
			}
		}
		var head layout.Head
		for _, r := range rows {
			head.Add(r)
		}
		merges := []xlsx.Range{{FirstRow: int(merge%7) + 1, FirstCol: int(merge % 5), LastRow: int(merge%7) + 1 + int(style%3), LastCol: int(merge%5) + int(style%4)}}
		table, err := layout.Detect(&head, merges, layout.SheetInfo{Font: s.font}, layout.Options{})
		if err != nil {
			return
		}
		c := table.NewClassifier()
		for i := range rows {
			if class, _ := c.Class(&rows[i]); class == "" {
				t.Errorf("row %d has no class", rows[i].Index)
			}
			c.Carried(&rows[i])
		}
		c.Control()
	})
}
