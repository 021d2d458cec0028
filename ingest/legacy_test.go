package ingest

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"hailong/ingest/vntext"
)

// legacyLetters writes each Vietnamese letter as an encoding had it, by trying which one or two characters are decoded to it.
func legacyLetters(e vntext.Encoding) map[string]string {
	letters := map[string]string{}
	keep := func(code string) {
		letter := vntext.Decode(e, code)
		if runes := []rune(letter); len(runes) == 1 && runes[0] > 0x7F && letters[letter] == "" {
			letters[letter] = code
		}
	}
	var signs []rune
	for b := rune(0xA0); b <= 0xFF; b++ {
		signs = append(signs, b)
	}
	for _, sign := range signs {
		if vntext.Decode(e, string(sign)) != string(sign) {
			keep(string(sign))
		}
	}
	for _, base := range "aeiouyAEIOUYdD\u00e2\u00ea\u00f4\u00e3\u00f5\u00fd\u00f6\u00f0" {
		for _, sign := range signs {
			keep(string([]rune{base, sign}))
		}
	}
	for _, sign := range signs {
		keep(string(sign)) // a few letters have the same byte in Latin-1
	}
	return letters
}

// Answers, areas and remarks in each of the four legacy encodings come out as Unicode, whether the font of the cells says so or only the words do; a
// column in Unicode beside them, also decomposed and with invisible characters, is left as it is.
func TestLegacyTextReachesTheDataset(t *testing.T) {
	texts := [][3]string{
		{"Rất hài lòng", "Xã Nguyệt Hóa", "thủ tục rườm rà, cần được hướng dẫn"},
		{"Không hài lòng", "Xã Phước Hảo", "cán bộ tiếp dân chưa niềm nở"},
		{"Bình thường", "Thị trấn Cầu Kè", "được trả đúng hẹn"},
		{"Hài lòng", "Xã Nguyệt Hóa", "ủng hộ nộp hồ sơ trực tuyến"},
	}
	for _, c := range []struct {
		encoding vntext.Encoding
		style    int // 0: no font says it
	}{
		{vntext.TCVN3, 3},
		{vntext.TCVN3, 0},
		{vntext.VNI, 4},
		{vntext.VNI, 0},
		{vntext.VISCII, 5},
		{vntext.VISCII, 0},
		{vntext.Windows1258, 0}, // no font is named after it
	} {
		letters := legacyLetters(c.encoding)
		write := func(s string) any {
			out := ""
			for _, r := range s {
				code, ok := letters[string(r)]
				if r > 0x7F && !ok {
					t.Fatalf("%s: no code for %q in %q", c.encoding, r, s)
				}
				if r <= 0x7F {
					code = string(r)
				}
				out += code
			}
			if c.style == 0 {
				return out
			}
			return inFont{out, c.style}
		}
		rows := [][]any{{write("Mã phiếu"), write("Công chức có thái độ giao tiếp lịch sự"), write("Xã"), write("ý kiến góp ý"), "Ghi nhận"}} // a toned capital has no byte in a TCVN3 font
		for i, text := range texts {
			rows = append(rows, []any{i + 1, write(text[0]), write(text[1]), write(text[2]), norm.NFD.String("café số ") + "\u200b1\u00a0"})
		}
		dir := t.TempDir()
		report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: filepath.Join(dir, "out")})
		d := readDataset(t, filepath.Join(dir, "out"))
		for name, want := range map[string][]string{
			"A1": {"5", "2", "3", "4"}, "xa": {texts[0][1], texts[1][1], texts[2][1], texts[3][1]}, "y_kien_gop_y": {texts[0][2], texts[1][2], texts[2][2], texts[3][2]},
			"ghi_nhan": {"café số 1", "café số 1", "café số 1", "café số 1"},
		} {
			if diff := cmp.Diff(want, d.column(name)); diff != "" {
				t.Errorf("%s in font %d, %s: %s", c.encoding, c.style, name, diff)
			}
		}
		// What was converted is said with a sample.
		if got := report.Files[0].Sheets[0].Encodings; len(got) != 3 || got[0].Encoding != string(c.encoding) || got[0].Before == "" || got[0].Evidence == "" {
			t.Errorf("%s in font %d: %+v", c.encoding, c.style, got)
		}
	}
}
