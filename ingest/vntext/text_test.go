package vntext_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/ingest/vntext"

	"golang.org/x/text/unicode/norm"
)

func TestUnitName(t *testing.T) {
	for _, c := range []struct{ in, kind, name string }{
		{"TP. Trà Vinh", "thành phố", "Trà Vinh"},
		{"Tp Trà Vinh", "thành phố", "Trà Vinh"},
		{"T.P Trà Vinh", "thành phố", "Trà Vinh"},
		{"TP.Trà Vinh", "thành phố", "Trà Vinh"},
		{"Thành phố  Trà Vinh ", "thành phố", "Trà Vinh"},
		{"THÀNH PHỐ TRÀ VINH", "thành phố", "TRÀ VINH"},
		{"Thanh pho Tra Vinh", "thành phố", "Tra Vinh"},
		{"H. Càng Long", "huyện", "Càng Long"},
		{"H.Càng Long", "huyện", "Càng Long"},
		{"H Càng Long", "huyện", "Càng Long"},
		{"TX. Duyên Hải", "thị xã", "Duyên Hải"},
		{"Thị xã Duyên Hải", "thị xã", "Duyên Hải"},
		{"TT. Cầu Kè", "thị trấn", "Cầu Kè"},
		{"TTr. Cầu Kè", "thị trấn", "Cầu Kè"},
		{"P.1", "phường", "1"},
		{"P1", "phường", "1"},
		{"P. 01", "phường", "1"},
		{"Phường 1", "phường", "1"},
		{"Q.1", "quận", "1"},
		{"X. Long Đức", "xã", "Long Đức"},
		{"Xã Long Đức", "xã", "Long Đức"},
		{"tỉnh Trà Vinh", "tỉnh", "Trà Vinh"},
		{"Ấp 3", "ấp", "3"},
		{"Xã Long Đức, TP. Trà Vinh", "xã", "Long Đức"},
		{"Phường 1 (TX Duyên Hải)", "phường", "1"},
		{"P.1 - TX. Duyên Hải", "phường", "1"},
		{"Tỉnh Bà Rịa - Vũng Tàu", "tỉnh", "Bà Rịa - Vũng Tàu"},
		{"Trà Vinh", "", "Trà Vinh"},
		{"Phú Cần", "", "Phú Cần"},
		{"Xuân Hòa", "", "Xuân Hòa"},
		{"h mông", "", "h mông"},
		{"Phường", "", "Phường"},
		{"", "", ""},
	} {
		kind, name := vntext.UnitName(c.in)
		if kind != c.kind || name != c.name {
			t.Errorf("UnitName(%q) = %q, %q; want %q, %q", c.in, kind, name, c.kind, c.name)
		}
	}
}

// Every commune of Trà Vinh, in the ways that offices write it.
func TestUnitKeysOfTraVinh(t *testing.T) {
	dir := os.Getenv("HAILONG_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "data", "travinh_communes.csv"))
	if err != nil {
		t.Skipf("no shared material: %v", err)
	}
	short := map[string][]string{
		"xã": {"X. ", "X.", "XÃ ", "xã ", "Xa "}, "phường": {"P. ", "P.", "PHƯỜNG ", "Phuong "}, "thị trấn": {"TT. ", "TT ", "Tt.", "THỊ TRẤN "},
		"huyện": {"H. ", "H.", "HUYỆN "}, "thị xã": {"TX. ", "TX ", "T.X "}, "thành phố": {"TP. ", "TP ", "Tp.", "T.P. ", "THÀNH PHỐ "},
	}
	seen := 0
	for _, name := range unitsIn(string(raw)) {
		kind, own := vntext.UnitName(name)
		if short[kind] == nil || own == "" {
			t.Errorf("UnitName(%q) = %q, %q", name, kind, own)
			continue
		}
		seen++
		for _, prefix := range short[kind] {
			if got := vntext.UnitKey(prefix + own); got != vntext.UnitKey(name) {
				t.Errorf("UnitKey(%q) = %q, UnitKey(%q) = %q", prefix+own, got, name, vntext.UnitKey(name))
			}
		}
		for _, other := range []string{strings.Replace(own, "Hòa", "Hoà", 1), " " + norm.NFD.String(own) + " ", strings.ToUpper(own), strings.ReplaceAll(own, " ", "\u00a0")} {
			if got := vntext.UnitKey(short[kind][0] + other); got != vntext.UnitKey(name) {
				t.Errorf("UnitKey(%q) = %q, want %q", short[kind][0]+other, got, vntext.UnitKey(name))
			}
		}
	}
	if seen < 100 {
		t.Errorf("%d units looked at, want at least 100", seen)
	}
}

// unitsIn finds the fields of a table that begin with the kind of a unit.
func unitsIn(csv string) []string {
	var units []string
	for _, field := range strings.FieldsFunc(csv, func(r rune) bool { return r == ',' || r == '\n' || r == '"' }) {
		for _, kind := range []string{"Xã ", "Phường ", "Thị trấn ", "Huyện ", "Thị xã ", "Thành phố "} {
			if strings.HasPrefix(field, kind) {
				units = append(units, strings.TrimSpace(field))
			}
		}
	}
	return units
}

func TestFoldTones(t *testing.T) {
	for _, c := range [][2]string{
		{"Hòa Bình", "hoà  bình"},
		{"thúy", "thuý"},
		{"KHỎE", "khoẻ"},
		{"quý", "qúy"},
		{"tòan", "toàn"},
		{"già", "gìa"},
		{"Quận\u00a01", "QUẬN 1"},
		{"Qua\u0302\u0323n 1", "Quận 1"},
		{"Lương Hoà A", "Lương Hòa A"},
		{"của", "củA"},
		{"\ufeffQuận 1", "Quận 1"},
	} {
		if a, b := vntext.Fold(c[0]), vntext.Fold(c[1]); a != b {
			t.Errorf("Fold(%q) = %q, Fold(%q) = %q", c[0], a, c[1], b)
		}
	}
	for _, s := range []string{"đồng", "café", "krông búk", "nguyễn", "thường", "mía", "mùa", "hoàng", "khuỷu", "việc", "gì", "giếng", "ngoài", "bố"} {
		if got := vntext.Fold(s); got != s {
			t.Errorf("Fold(%q) = %q, want it unchanged", s, got)
		}
	}
	for _, c := range [][2]string{{"Mía", "Mia"}, {"Hòa", "Hóa"}, {"Đông", "Dong"}} {
		if vntext.Fold(c[0]) == vntext.Fold(c[1]) {
			t.Errorf("Fold makes %q and %q equal", c[0], c[1])
		}
	}
}

func TestSlug(t *testing.T) {
	for _, c := range [][2]string{{"Câu 1. Thời gian giải quyết hồ sơ", "cau_1_thoi_gian_giai_quyet_ho_so"}, {"  Đà Nẵng!", "da_nang"}, {"—", ""}, {"Q1", "q1"}} {
		if got := vntext.Slug(c[0]); got != c[1] {
			t.Errorf("Slug(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

// TestSettledLetters holds Clean's short way to the long one: letters that are passed over must be in NFC beside any other and visible.
func TestSettledLetters(t *testing.T) {
	for r := rune(0x80); r < 0x3000; r++ {
		for _, text := range []string{"a" + string(r) + "b", "\u0063" + string(r), string(r) + "\u0301", "a" + string(r) + "\u0302\u0301"} {
			want := strings.TrimSpace(norm.NFC.String(strings.Map(func(r rune) rune {
				switch {
				case strings.ContainsRune("\u00ad\u200b\u200c\u200d\u2060\ufeff", r):
					return -1
				case strings.ContainsRune("\u00a0\u2007\u202f", r):
					return ' '
				}
				return r
			}, norm.NFC.String(text))))
			if got := vntext.Clean(text); got != want {
				t.Errorf("%+q became %+q, not %+q", text, got, want)
			}
		}
	}
}
