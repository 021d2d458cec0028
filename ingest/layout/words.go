package layout

import (
	"regexp"
	"strings"
	"sync"

	"hailong/ingest/vntext"
)

// The words by which the parts of an office sheet are known, folded without marks where people often leave them out.

// isNumberHeader reports whether a header text heads the running number.
func isNumberHeader(s string) bool {
	switch strings.Trim(vntext.FoldASCII(s), ". :") {
	case "stt", "tt", "so tt", "s tt", "s.tt", "s.t.t", "t.t", "so thu tu", "thu tu", "stt phieu":
		return true
	}
	return false
}

// levelWords are the answers of the usual scales: a column headed by one is a level of the question above it.
func levelWords() []string {
	return []string{
		"rất hài lòng", "hài lòng", "tương đối hài lòng", "bình thường", "không hài lòng", "chưa hài lòng", "rất không hài lòng",
		"ít hài lòng", "hoàn toàn hài lòng", "hoàn toàn không hài lòng", "hl", "rất hl", "bt", "khl", "không hl", "rất khl", "rất không hl", "rhl", "rkhl",
		"rất đồng ý", "đồng ý", "không đồng ý", "rất không đồng ý", "hoàn toàn đồng ý", "hoàn toàn không đồng ý", "phân vân", "trung lập",
		"rất tốt", "tốt", "khá", "trung bình", "kém", "rất kém", "yếu", "không ý kiến", "không có ý kiến", "không biết", "không trả lời",
		"có", "không", "nam", "nữ",
		"very satisfied", "satisfied", "neutral", "dissatisfied", "very dissatisfied", "strongly agree", "agree", "disagree", "strongly disagree",
		"yes", "no", "don't know", "male", "female",
	}
}

type vocabulary struct {
	levels    map[string]bool
	title     *regexp.Regexp
	totals    *regexp.Regexp
	percent   *regexp.Regexp
	signature *regexp.Regexp
	roman     *regexp.Regexp
	hxl       *regexp.Regexp
	sequence  *regexp.Regexp
}

// words are compiled once and never change. Patterns run over FoldASCII of a text.
var words = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{
		levels: map[string]bool{},
		title: regexp.MustCompile(`^(cong hoa xa hoi|doc lap|uy ban nhan dan|ubnd|hdnd|tinh uy|so noi vu|bang tong hop|tong hop|bieu |phu luc|mau so` +
			`|ket qua khao sat|danh sach|bao cao|\(?kem theo|\(?ban hanh|don vi tinh|don vi bao cao|ngay \d)`),
		totals:    regexp.MustCompile(`^(tong cong|tong so|tong|cong chung|cong don|cong|toan (huyen|tinh|xa|quan)|grand total|sub ?total|total|sum)( ?[:(.].*| phieu.*| \d.*| so phieu.*| cong.*| [ivx]+.*)?$`),
		percent:   regexp.MustCompile(`^(ty le|ti le|ty trong|phan tram|%|percent|share|trung binh|binh quan|diem trung binh|diem tb|mean|average)( ?[:(%.].*| hai long.*| phan tram.*| chung.*| cong.*)?$`),
		signature: regexp.MustCompile(`^(ghi chu|chu thich|nguon|luu y) ?:|(^|[\s,.(])(nguoi lap|lap bieu|nguoi tong hop|can bo tong hop|dieu tra vien|chu tich|pho chu tich|giam doc|pho giam doc|thu truong|ky ten|ky, ghi ro|ky, dong dau|noi nhan|truong phong|xac nhan cua|thu truong don vi|\(ky|ngay ?[\d.… ]* ?thang ?[\d.… ]* ?nam)`),
		roman:     regexp.MustCompile(`^(?:[IVXLC]+|[A-H])[.)]?$`),
		hxl:       regexp.MustCompile(`^#[A-Za-z][A-Za-z0-9_]*(\s*\+[A-Za-z0-9_]+)*$`),
		sequence:  regexp.MustCompile(`^\(?(\d{1,3}|[A-Z])\)?(\s*=.*)?$`),
	}
	for _, w := range levelWords() {
		v.levels[vntext.Fold(w)] = true
	}
	return v
})

// isLevel reports whether a header text is an answer of a usual scale, also with its code or share: `5. Rất hài lòng`, `Hài lòng (4)`.
func isLevel(s string) bool {
	s = vntext.Fold(s)
	s = strings.Trim(s, "0123456789.()-:%đ= ")
	return s != "" && words().levels[s]
}

func isTitle(s string) bool {
	return words().title.MatchString(vntext.FoldASCII(s))
}
