package samples

// respondents is the background of a SIPAS form. Shares and effects are made up; the answer classes are the form's (domain notes, SIPAS section 3),
// with Khmer beside Kinh because a third of Trà Vinh is.
func respondents() []Characteristic {
	return []Characteristic{
		{ID: "gioi_tinh", Header: "Giới tính", Values: []Value{
			{Label: "Nam", Share: 0.52}, {Label: "Nữ", Share: 0.48, Effect: 0.04},
		}},
		{ID: "nhom_tuoi", Header: "Tuổi", Number: true, Values: []Value{
			{Label: "18-24", Share: 0.09, Effect: -0.10, From: 18, To: 24},
			{Label: "25-34", Share: 0.24, Effect: -0.06, From: 25, To: 34},
			{Label: "35-49", Share: 0.35, From: 35, To: 49},
			{Label: "50-60", Share: 0.20, Effect: 0.08, From: 50, To: 60},
			{Label: "Trên 60", Share: 0.12, Effect: 0.12, From: 61, To: 79},
		}},
		{ID: "dan_toc", Header: "Dân tộc", Values: []Value{
			{Label: "Kinh", Share: 0.67}, {Label: "Khmer", Share: 0.31, Effect: -0.12}, {Label: "Khác", Share: 0.02},
		}},
		{ID: "hoc_van", Header: "Trình độ học vấn", Values: []Value{
			{Label: "Tiểu học", Share: 0.22, Effect: 0.06},
			{Label: "THCS", Share: 0.27},
			{Label: "THPT", Share: 0.26},
			{Label: "Dạy nghề/Trung cấp/Cao đẳng", Share: 0.12},
			{Label: "Đại học/Trên đại học", Share: 0.13, Effect: -0.10},
		}},
		{ID: "nghe_nghiep", Header: "Nghề nghiệp", Values: []Value{
			{Label: "Nghỉ hưu", Share: 0.07},
			{Label: "Không đi làm", Share: 0.08},
			{Label: "Lao động tự do", Share: 0.47},
			{Label: "Sinh viên", Share: 0.05},
			{Label: "Làm việc khu vực tư", Share: 0.20},
			{Label: "Làm việc khu vực công", Share: 0.13},
		}},
		{ID: "linh_vuc", Header: "Lĩnh vực", Values: []Value{
			{Label: "Đất đai", Share: 0.30, Effect: -0.30},
			{Label: "Hộ tịch, chứng thực", Share: 0.34, Effect: 0.22},
			{Label: "Xây dựng", Share: 0.10, Effect: -0.16},
			{Label: "Đăng ký kinh doanh", Share: 0.11, Effect: 0.08},
			{Label: "Lao động, TBXH", Share: 0.15, Effect: 0.06},
		}},
	}
}
