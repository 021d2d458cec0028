package reports

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/analytics/result"
)

func TestSummary(t *testing.T) {
	want := []string{
		"Khảo sát mức độ hài lòng của người dân, tổ chức tỉnh Trà Vinh năm 2020 – SỐ LIỆU MÔ PHỎNG",
		"SIPAS: 84,2 % (KTC 95 %: 80,3–88,0); mức đề ra 85,0: ◐ Chưa đạt, chưa chắc",
		"Yếu tố: I 82,6 · II 86,9 · III 85,7 · IV 88,1 · V 76,4",
		"PAPI 2020: Trung bình thấp, 42,28 điểm, hạng 41/63",
		"Chỉ số hài lòng (SIPAS): ◐ Chưa đạt, chưa chắc (84,2 %; mức đề ra 85,0 %)",
		"Hiệu quả quản trị và hành chính công (PAPI): ◐ Chưa đạt, chưa chắc (Trung bình thấp; mức đề ra Trung bình cao)",
		"Cải cách hành chính (PAR Index): ○ Chưa công bố",
		"Năng lực cạnh tranh cấp tỉnh (PCI): ✔ Đạt chắc chắn (hạng 39; mức đề ra hạng 41)",
		"Sẵn sàng ứng dụng CNTT (ICT Index): ✘ Chưa đạt (hạng 33; mức đề ra hạng 29)",
		"Chính quyền điện tử: ○ Chưa công bố",
		"Phiếu: đọc 586, nhận 576, để riêng 10",
		"Đã ghi: out/tong-hop.xlsx",
	}
	if diff := cmp.Diff(want, Summary(fixture(fixtureSize{}), "vi", "out/tong-hop.xlsx")); diff != "" {
		t.Error(diff)
	}
	if got := Summary(fixture(fixtureSize{}), "en")[1]; got != "SIPAS: 84.2 % (95 % CI: 80.3–88.0); aim 85.0: ◐ Missed, not certain" {
		t.Errorf("got %q", got)
	}
	if got := Summary(nil, "vi"); len(got) != 0 {
		t.Errorf("a summary of nothing: %v", got)
	}
	if got := Summary(&result.Set{}, "vi", "x"); len(got) != 1 {
		t.Errorf("a summary of an empty set: %v", got)
	}
}
