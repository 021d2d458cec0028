package vntext_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"hailong/ingest/vntext"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// The words of a Vietnamese office: satisfaction labels, names, places and the headings of a form.
const officeText = `Rất hài lòng|Hài lòng|Bình thường|Không hài lòng|Rất không hài lòng|Họ và tên|Xã/phường|Mức độ hài lòng|Giới tính|Trình độ học vấn
Nguyễn Thị Ánh|Trần Văn Được|Đặng Ngọc Hưởng|Lý Thị Mỹ|Huỳnh Quốc Việt|Thạch Sa Rươl|Kim Thị Phượng|Huyện Càng Long|Thị trấn Cầu Kè|Xã Nhị Long Phú
Thời gian giải quyết hồ sơ đúng quy định|Công chức hướng dẫn tận tình, chu đáo|Ông/Bà cảm nhận như thế nào|Ủy ban nhân dân tỉnh Trà Vinh
Phí, lệ phí|Khuyết tật|Nghèo|Dân tộc Khmer|Quý 3|Xuống cấp, cần sửa chữa|Ý kiến khác: ủng hộ, góp ý|Ổn định|Ừ|ở ấp Chợ|Đường xá|Tự nhiên`

func phrases() []string {
	return strings.FieldsFunc(officeText, func(r rune) bool { return r == '|' || r == '\n' })
}

// encoders write Unicode as the legacy fonts had it, from the same table but by another way than the decoder: letter by letter.
func encode(t *testing.T, e vntext.Encoding, s string) string {
	t.Helper()
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		b.WriteString(encodeLetter(t, e, r))
	}
	return b.String()
}

func encodeLetter(t *testing.T, e vntext.Encoding, r rune) string {
	t.Helper()
	if r < utf8.RuneSelf {
		return string(r)
	}
	if e == vntext.Windows1258 {
		return encode1258(t, r)
	}
	for _, line := range table(t) {
		if line[0] != string(r) {
			continue
		}
		column := map[vntext.Encoding]int{vntext.TCVN3: 2, vntext.TCVN3Capitals: 2, vntext.VNI: 3, vntext.VISCII: 4}[e]
		code := line[column]
		if i := strings.Index(code, "("); i >= 0 { // a toned capital of TCVN3 is its small letter's byte in a capital font
			code = code[1:3]
		}
		var out []rune
		for _, h := range strings.Fields(code) {
			out = append(out, rune(hex(h[0])<<4|hex(h[1])))
		}
		return string(out)
	}
	t.Fatalf("no code for %q", r)
	return ""
}

func hex(c byte) int { return strings.IndexByte("0123456789ABCDEF", c) }

func encode1258(t *testing.T, r rune) string {
	t.Helper()
	// Windows-1258 has the letters with circumflex, breve and horn, and four plus one combining tones.
	var bare, tone string
	for _, d := range norm.NFD.String(string(r)) {
		if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", d) {
			tone += string(d)
		} else {
			bare += string(d)
		}
	}
	var out []rune
	for _, d := range norm.NFC.String(bare) + tone {
		c, ok := charmap.Windows1258.EncodeRune(d)
		if !ok {
			t.Fatalf("no Windows-1258 byte for %q", d)
		}
		out = append(out, charmap.Windows1252.DecodeByte(c))
	}
	return string(out)
}

func TestDecodeEveryLetter(t *testing.T) {
	for _, line := range table(t) {
		letter, _ := utf8.DecodeRuneInString(line[0])
		for _, e := range []vntext.Encoding{vntext.TCVN3, vntext.VNI, vntext.VISCII, vntext.Windows1258} {
			if e == vntext.TCVN3 && strings.HasPrefix(line[2], "(") {
				continue // no byte of its own
			}
			if got := vntext.Decode(e, encodeLetter(t, e, letter)); got != line[0] {
				t.Errorf("%s: %q decodes to %q, want %q", e, encodeLetter(t, e, letter), got, line[0])
			}
		}
	}
}

func TestDecodePhrases(t *testing.T) {
	for _, want := range phrases() {
		for _, e := range []vntext.Encoding{vntext.VNI, vntext.VISCII, vntext.Windows1258} {
			if got := vntext.Decode(e, encode(t, e, want)); got != want {
				t.Errorf("%s: got %q, want %q", e, got, want)
			}
		}
		// Toned capitals exist in TCVN3 only through a capital font.
		if got := vntext.Decode(vntext.TCVN3, encode(t, vntext.TCVN3, want)); !strings.EqualFold(got, want) {
			t.Errorf("tcvn3: got %q, want %q", got, want)
		}
		if got := vntext.Decode(vntext.TCVN3Capitals, encode(t, vntext.TCVN3, want)); got != strings.ToUpper(want) {
			t.Errorf("tcvn3 capitals: got %q, want %q", got, strings.ToUpper(want))
		}
	}
}

func TestDecodeLeavesUnicodeAlone(t *testing.T) {
	for _, s := range append(phrases(), "Rất hài lòng – “tốt”", "Quận Hải Châu", "日本", "a\u0323\u0302") {
		if !hasHigh(s) {
			continue
		}
		for _, e := range []vntext.Encoding{vntext.TCVN3, vntext.VNI, vntext.VISCII, vntext.Windows1258} {
			if got := vntext.Decode(e, s); got != norm.NFC.String(s) {
				t.Errorf("%s changed %q to %q", e, s, got)
			}
		}
	}
	if got, want := vntext.Decode(vntext.TCVN3, "“RÊt tèt” – 5 ®iÓm…"), "“Rất tốt” – 5 điểm…"; got != want {
		t.Errorf("typographic quotes: got %q, want %q", got, want)
	}
}

// hasHigh reports whether s holds a letter that no legacy byte gives.
func hasHigh(s string) bool {
	for _, r := range s {
		if _, ok := charmap.Windows1252.EncodeRune(r); !ok {
			return true
		}
	}
	return false
}

func TestDetectByContent(t *testing.T) {
	for _, e := range []vntext.Encoding{vntext.TCVN3, vntext.VNI, vntext.VISCII, vntext.Windows1258} {
		var column []string
		for _, p := range phrases() {
			column = append(column, encode(t, e, p))
		}
		if got := vntext.Detect(column, ""); got.Encoding != e || got.Score < 0.9 || got.Evidence == "" {
			t.Errorf("%s: detected %+v", e, got)
		}
		// A header alone, as short as they come.
		if got := vntext.Detect([]string{encode(t, e, "Mức độ hài lòng")}, ""); got.Encoding != e {
			t.Errorf("%s, one header: detected %+v", e, got)
		}
	}
	if got := vntext.Detect([]string{"N÷", "Nam"}, ""); got.Encoding != vntext.Unicode || got.Weak != vntext.TCVN3 {
		t.Errorf("a single word: %+v", got)
	}
	// Sè and céng are spelt like Vietnamese as they stand.
	if got := vntext.Detect([]string{"Sè TT", "Tæng céng"}, ""); got.Encoding != vntext.Unicode || got.Weak != vntext.TCVN3 {
		t.Errorf("words that could be either: %+v", got)
	}
}

func TestDetectLeavesOtherTextAlone(t *testing.T) {
	for name, column := range map[string][]string{
		"Vietnamese":            phrases(),
		"decomposed Vietnamese": {norm.NFD.String("Rất hài lòng"), norm.NFD.String("Nguyễn Thị Ánh"), norm.NFD.String("Bình thường")},
		"French":                strings.Fields("café élève été naïve garçon où ça déjà hôtel pâté crème brûlée très bien français à côté même problème Noël cœur mûr thé né côte"),
		"German":                strings.Fields("Müller für über schön Straße Größe Öl Äpfel hören Grüße München Köln süß können müssen nö"),
		"Spanish":               strings.Fields("año señor niño mañana Peña corazón también aquí está Mª José 1ª 2º"),
		"Danish":                strings.Fields("være på gå øl ære sø å tæt født dør Århus Ålborg"),
		"Polish":                strings.Fields("Łódź żółty być dzień święto"),
		"English":               {"very satisfied", "it’s fine", "“quoted”", "5 – agree", "naïve café"},
		"signs":                 {"café Müller ©®", "25°C", "± 5", "m²", "½", "§ 5", "« Bonjour »", "Zalo®", "µm", "µg", "100 £", "10 ¥", "¿Qué?"},
		"numbers":               {"1", "2.5", "12,5%", ""},
		"Khmer":                 {"សួស្តី", "អរគុណ"},
	} {
		if got := vntext.Detect(column, ""); got.Encoding != vntext.Unicode {
			t.Errorf("%s was taken for %s: %s", name, got.Encoding, got.Evidence)
		}
	}
}

func TestDetectByFont(t *testing.T) {
	for _, c := range []struct {
		font    string
		samples []string
		want    vntext.Encoding
		byFont  bool
	}{
		{".VnTime", []string{"Hµi lßng"}, vntext.TCVN3, true},
		{".VnTimeH", []string{"Hµi lßng"}, vntext.TCVN3Capitals, true},
		{".VnArialH", nil, vntext.TCVN3Capitals, true},
		{"VNI-Times", []string{"Haøi loøng"}, vntext.VNI, true},
		{"VNI Helve", []string{"x"}, vntext.VNI, true},
		{"Times New Roman", []string{"Hµi lßng"}, vntext.TCVN3, false},
		{"Times New Roman", []string{"Hài lòng"}, vntext.Unicode, false},
		{".VnTime", []string{"Rất hài lòng", "Bình thường"}, vntext.Unicode, false},
		{".VnTime", []string{"Hà Nội"}, vntext.Unicode, false},
		{".VnTime", []string{"STT", "1"}, vntext.TCVN3, true},
		{"", []string{"Haø Noäi", "Nguyeãn Thò AÙnh"}, vntext.VNI, false},
	} {
		got := vntext.Detect(c.samples, c.font)
		if got.Encoding != c.want || got.ByFont != c.byFont {
			t.Errorf("Detect(%q, %q) = %s by font %v, want %s by font %v (%s)", c.samples, c.font, got.Encoding, got.ByFont, c.want, c.byFont, got.Evidence)
		}
	}
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{"Hµi lßng", "Haøi loøng", "Rất hài lòng", "café", "\xff\xfe", "\u0323\u0302", "\u00ad", "Þ", strings.Repeat("ê", 300)} {
		f.Add(s, ".VnTime")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, s, font string) {
		d := vntext.Detect([]string{s}, font)
		if d.Score < 0 || d.Score > 1 || d.Plain < 0 || d.Plain > 1 {
			t.Errorf("shares of %q: %+v", s, d)
		}
		for _, e := range []vntext.Encoding{vntext.Unicode, vntext.TCVN3, vntext.TCVN3Capitals, vntext.VNI, vntext.VISCII, vntext.Windows1258} {
			out := vntext.Decode(e, s)
			if utf8.ValidString(s) && !norm.NFC.IsNormalString(out) {
				t.Errorf("Decode(%s, %q) = %q is not NFC", e, s, out)
			}
		}
		clean := vntext.Clean(s)
		if vntext.Clean(clean) != clean {
			t.Errorf("Clean(%q) is not stable: %q, %q", s, clean, vntext.Clean(clean))
		}
		fold := vntext.Fold(s)
		if vntext.Fold(fold) != fold {
			t.Errorf("Fold(%q) is not stable: %q, %q", s, fold, vntext.Fold(fold))
		}
		if vntext.Fold(clean) != fold {
			t.Errorf("Fold(%q) = %q, of the cleaned text %q", s, fold, vntext.Fold(clean))
		}
		vntext.UnitName(s)
		if x, y := vntext.Similarity(s, font), vntext.Similarity(font, s); x < 0 || x > 1 || x != y {
			t.Errorf("Similarity(%q, %q) = %v, the other way %v", s, font, x, y)
		}
	})
}
