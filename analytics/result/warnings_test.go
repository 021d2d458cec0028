package result

import "testing"

func TestWarningText(t *testing.T) {
	for warning, want := range map[string]Text{
		"few_df 7":     {VI: "chỉ có 7 bậc tự do", EN: "only 7 degrees of freedom"},
		"pooled 21 22": {VI: "gộp từ 21 trong 22 câu hỏi", EN: "pooled over 21 of 22 items"},
		"edge": {
			VI: "tỷ lệ là 0 hoặc 100 %: khoảng Clopper–Pearson theo số người trả lời",
			EN: "share is 0 or 100 %: Clopper–Pearson limits with the number of respondents",
		},
		"few_df":                    {VI: "few_df", EN: "few_df"},
		"only 7 degrees of freedom": {VI: "only 7 degrees of freedom", EN: "only 7 degrees of freedom"},
		"":                          {},
	} {
		if got := WarningText(warning); got != want {
			t.Errorf("%q says %+v, want %+v", warning, got, want)
		}
	}
}
