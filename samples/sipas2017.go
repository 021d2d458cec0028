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
	for _, it := range [...][3]string{
		{"AC1", "C1.1", "Nơi ngồi chờ tại cơ quan/Bộ phận Tiếp nhận và Trả kết quả có đủ chỗ ngồi"},
		{"AC2", "C1.2", "Trang thiết bị phục vụ người dân, tổ chức đầy đủ"},
		{"AC3", "C1.3", "Trang thiết bị phục vụ người dân, tổ chức hiện đại"},
		{"AC4", "C1.4", "Trang thiết bị phục vụ người dân, tổ chức dễ sử dụng"},
		{"PR1", "C2.1", "Thủ tục hành chính được niêm yết công khai đầy đủ"},
		{"PR2", "C2.2", "Thủ tục hành chính được niêm yết công khai chính xác"},
		{"PR3", "C2.3", "Thành phần hồ sơ phải nộp đúng quy định"},
		{"PR4", "C2.4", "Phí/lệ phí phải nộp đúng quy định"},
		{"PR5", "C2.5", "Thời hạn giải quyết đúng quy định"},
		{"OF1", "C3.1", "Công chức có thái độ giao tiếp lịch sự"},
		{"OF2", "C3.2", "Công chức chú ý lắng nghe ý kiến của người dân/đại diện tổ chức"},
		{"OF3", "C3.3", "Công chức trả lời, giải đáp đầy đủ các ý kiến"},
		{"OF4", "C3.4", "Công chức hướng dẫn kê khai hồ sơ tận tình, chu đáo"},
		{"OF5", "C3.5", "Công chức hướng dẫn hồ sơ dễ hiểu"},
		{"OF6", "C3.6", "Công chức tuân thủ đúng quy định trong giải quyết công việc"},
		{"RE1", "C4.1", "Kết quả nhận được là đúng quy định (được cấp hoặc bị từ chối cấp giấy tờ)"},
		{"RE2", "C4.2", "Kết quả có thông tin đầy đủ"},
		{"RE3", "C4.3", "Kết quả có thông tin chính xác"},
		{"FB1", "C5.1", "Cơ quan có bố trí hình thức tiếp nhận góp ý, phản ánh, kiến nghị"},
		{"FB2", "C5.2", "Người dân, tổ chức dễ dàng thực hiện góp ý, phản ánh, kiến nghị"},
		{"FB3", "C5.3", "Cơ quan tiếp nhận và xử lý tích cực các góp ý, phản ánh, kiến nghị"},
		{"FB4", "C5.4", "Cơ quan thông báo kịp thời kết quả xử lý góp ý, phản ánh, kiến nghị"},
	} {
		q.Items = append(q.Items, questionnaire.Item{
			ID: it[0], Scale: "sat5", Aliases: []string{it[1]}, Text: questionnaire.Text{VI: it[2]},
		})
	}
	return q
}

// sipas2017Factors is what the criteria are printed under.
func sipas2017Factors() []ItemGroup {
	return []ItemGroup{
		{ID: "AC", Code: "I", Name: "Tiếp cận dịch vụ hành chính công", Items: []string{"AC1", "AC2", "AC3", "AC4"}},
		{ID: "PR", Code: "II", Name: "Thủ tục hành chính", Items: []string{"PR1", "PR2", "PR3", "PR4", "PR5"}},
		{ID: "OF", Code: "III", Name: "Công chức trực tiếp giải quyết công việc", Items: []string{"OF1", "OF2", "OF3", "OF4", "OF5", "OF6"}},
		{ID: "RE", Code: "IV", Name: "Kết quả cung ứng dịch vụ hành chính công", Items: []string{"RE1", "RE2", "RE3"}},
		{ID: "FB", Code: "V", Name: "Tiếp nhận, giải quyết góp ý, phản ánh, kiến nghị", Items: []string{"FB1", "FB2", "FB3", "FB4"}},
	}
}
