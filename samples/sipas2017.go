package samples

import "hailong/ingest/questionnaire"

// sipas2017 is the questionnaire of the 22 criteria of QĐ 2640/QĐ-BNV as the domain notes give it (wording recalled, not verbatim). It stands
// here a second time on purpose: the samples check how ingest reads the definition that ships, so they must not be made from it.
func sipas2017() questionnaire.Questionnaire {
	sc := questionnaire.Scale{Codes: map[int]questionnaire.Text{
		1: {VI: "Rất không hài lòng", EN: "Very dissatisfied"},
		2: {VI: "Không hài lòng", EN: "Dissatisfied"},
		3: {VI: "Bình thường", EN: "Neutral"},
		4: {VI: "Hài lòng", EN: "Satisfied"},
		5: {VI: "Rất hài lòng", EN: "Very satisfied"},
	}}
	q := questionnaire.Questionnaire{Scales: map[string]questionnaire.Scale{"sat5": sc}}
	for _, it := range [...][2]string{
		{"AC1", "Nơi ngồi chờ tại cơ quan/Bộ phận TN&TKQ có đủ chỗ ngồi"},
		{"AC2", "Trang thiết bị phục vụ người dân, tổ chức đầy đủ"},
		{"AC3", "Trang thiết bị phục vụ người dân, tổ chức hiện đại"},
		{"AC4", "Trang thiết bị phục vụ người dân, tổ chức dễ sử dụng"},
		{"PR1", "TTHC được niêm yết công khai đầy đủ"},
		{"PR2", "TTHC được niêm yết công khai chính xác"},
		{"PR3", "Thành phần hồ sơ phải nộp đúng quy định"},
		{"PR4", "Phí/lệ phí phải nộp đúng quy định"},
		{"PR5", "Thời hạn giải quyết đúng quy định"},
		{"OF1", "Công chức có thái độ giao tiếp lịch sự"},
		{"OF2", "Công chức chú ý lắng nghe ý kiến của người dân/đại diện tổ chức"},
		{"OF3", "Công chức trả lời, giải đáp đầy đủ các ý kiến"},
		{"OF4", "Công chức hướng dẫn kê khai hồ sơ tận tình, chu đáo"},
		{"OF5", "Công chức hướng dẫn hồ sơ dễ hiểu"},
		{"OF6", "Công chức tuân thủ đúng quy định trong giải quyết công việc"},
		{"RE1", "Kết quả nhận được là đúng quy định (được cấp hoặc bị từ chối cấp giấy tờ)"},
		{"RE2", "Kết quả có thông tin đầy đủ"},
		{"RE3", "Kết quả có thông tin chính xác"},
		{"FB1", "Cơ quan có bố trí hình thức tiếp nhận góp ý, phản ánh, kiến nghị"},
		{"FB2", "Dễ dàng thực hiện góp ý, phản ánh, kiến nghị"},
		{"FB3", "Cơ quan tiếp nhận và xử lý tích cực"},
		{"FB4", "Cơ quan thông báo kịp thời kết quả xử lý"},
	} {
		q.Items = append(q.Items, questionnaire.Item{ID: it[0], Scale: "sat5", Text: questionnaire.Text{VI: it[1]}})
	}
	return q
}

// sipas2017Factors is what the criteria are printed under.
func sipas2017Factors() []ItemGroup {
	return []ItemGroup{
		{Code: "I", Name: "Tiếp cận dịch vụ hành chính công", Items: []string{"AC1", "AC2", "AC3", "AC4"}},
		{Code: "II", Name: "Thủ tục hành chính", Items: []string{"PR1", "PR2", "PR3", "PR4", "PR5"}},
		{Code: "III", Name: "Công chức trực tiếp giải quyết công việc", Items: []string{"OF1", "OF2", "OF3", "OF4", "OF5", "OF6"}},
		{Code: "IV", Name: "Kết quả cung ứng dịch vụ hành chính công", Items: []string{"RE1", "RE2", "RE3"}},
		{Code: "V", Name: "Tiếp nhận, giải quyết góp ý, phản ánh, kiến nghị", Items: []string{"FB1", "FB2", "FB3", "FB4"}},
	}
}
