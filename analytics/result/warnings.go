package result

import (
	"fmt"
	"strings"
)

// Codes of an estimate's Warnings. Those with figures carry them after the code: "few_df 7", "pooled 21 22".
const (
	WarnNoDF       = "no_df"
	WarnFewDF      = "few_df"
	WarnPooled     = "pooled"
	WarnEdge       = "edge"
	WarnNoWidth    = "no_width"
	WarnBeyond     = "beyond"
	WarnOneSided   = "one_sided"
	WarnEffectiveN = "effective_n"
	WarnSkipped    = "skipped" // the nodes left out, by commas

	// Why a figure is not known.
	WarnNoAnswers    = "no_answers"
	WarnNoRange      = "no_range"
	WarnNoIndicators = "no_indicators"
	WarnIncomplete   = "incomplete_list"
	WarnPublished    = "published_only"
	WarnLacks        = "lacks" // the nodes that are not known, by commas
)

// warningText is a code's words; %s stand for its figures.
func warningText(code string) Text {
	switch code {
	case WarnNoDF:
		return Text{VI: "không còn bậc tự do: không có sai số và khoảng tin cậy", EN: "no degrees of freedom: no standard error and no interval"}
	case WarnFewDF:
		return Text{VI: "chỉ có %s bậc tự do", EN: "only %s degrees of freedom"}
	case WarnPooled:
		return Text{VI: "gộp từ %s trong %s câu hỏi", EN: "pooled over %s of %s items"}
	case WarnEdge:
		return Text{VI: "tỷ lệ là 0 hoặc 100 %%: khoảng Clopper–Pearson theo số người trả lời", EN: "share is 0 or 100 %%: Clopper–Pearson limits with the number of respondents"}
	case WarnNoWidth:
		return Text{VI: "sai số chuẩn bằng 0: khoảng tin cậy không có bề rộng", EN: "standard error is 0: the interval has no width"}
	case WarnBeyond:
		return Text{VI: "khoảng tin cậy vượt quá 0 hoặc 100 %%: dùng logit, wilson hoặc beta", EN: "the interval passes 0 or 100 %%: use logit, wilson or beta"}
	case WarnOneSided:
		return Text{VI: "hàm hợp lý không đạt mức tin cậy: một phía không có giới hạn", EN: "the likelihood profile does not reach the level: no limit on that side"}
	case WarnEffectiveN:
		return Text{VI: "cỡ mẫu hiệu dụng lớn hơn số người trả lời", EN: "the effective sample size is above the number of respondents"}
	case WarnSkipped:
		return Text{VI: "không tính chỉ tiêu không có ai trả lời: %s", EN: "without the indicators that nobody answered: %s"}
	case WarnNoAnswers:
		return Text{VI: "không có câu trả lời hợp lệ", EN: "no valid answers"}
	case WarnNoRange:
		return Text{VI: "định nghĩa chưa có khoảng lý thuyết của chỉ tiêu (min, max)", EN: "the definition lacks the indicator's theoretical range (min, max)"}
	case WarnNoIndicators:
		return Text{VI: "định nghĩa chưa có chỉ tiêu (children: item, min, max)", EN: "the definition lacks the indicators (children: item, min, max)"}
	case WarnIncomplete:
		return Text{VI: "chưa chắc danh sách chỉ tiêu đã đủ (đối chiếu rồi bỏ incomplete)", EN: "the list of indicators is not known to be whole (check it, then take incomplete away)"}
	case WarnPublished:
		return Text{VI: "chỉ có từ điểm công bố", EN: "from published scores only"}
	case WarnLacks:
		return Text{VI: "còn thiếu: %s", EN: "not known yet: %s"}
	}
	return Text{}
}

// WarningText says a warning of an estimate in words. A warning that is no code, as in sets of older versions, is its own text.
func WarningText(warning string) Text {
	fields := strings.Fields(warning)
	if len(fields) == 0 {
		return Text{}
	}
	text := warningText(fields[0])
	if text == (Text{}) || strings.Count(text.EN, "%s") != len(fields)-1 {
		return Text{VI: warning, EN: warning}
	}
	figures := make([]any, len(fields)-1)
	for i, f := range fields[1:] {
		figures[i] = f
	}
	return Text{VI: fmt.Sprintf(text.VI, figures...), EN: fmt.Sprintf(text.EN, figures...)}
}
