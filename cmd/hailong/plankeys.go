package main

// in is the text in one of the two languages.
func (t bilingual) in(lang string) string {
	if lang == "vi" {
		return t.vi
	}
	return t.en
}

// planKeys says what every key of the plan is for, by its path. The empty path is the plan itself. A test holds it to the struct.
var planKeys = map[string]bilingual{
	"":          {"Kế hoạch của hailong. Đường dẫn tính từ thư mục chứa kế hoạch.", "A plan of hailong. Paths start from the plan's folder."},
	"title":     {"Tên cuộc khảo sát, in trên bìa.", "The survey's title, on the cover."},
	"index":     {"Bộ chỉ số có sẵn (xem `hailong indexes`) hoặc đường dẫn tới tệp YAML.", "An index definition that ships (see `hailong indexes`) or the path of a YAML file."},
	"year":      {"Năm khảo sát.", "The survey year."},
	"area":      {"Mã tỉnh của Tổng cục Thống kê, trong ngoặc kép: \"84\".", "The province's GSO code, in quotes: \"84\"."},
	"unit":      {"Đơn vị báo cáo.", "Who reports."},
	"unit.vi":   {"Tên tiếng Việt.", "The Vietnamese name."},
	"unit.en":   {"Tên tiếng Anh.", "The English name."},
	"synthetic": {"true: dữ liệu giả lập; mọi trang kết quả ghi rõ như vậy.", "true: the data are made up, and every sheet says so."},
	"files":     {"Tệp Excel hoặc csv của khảo sát; dùng được mẫu như data/*.xlsx.", "The survey's Excel or csv files; globs such as data/*.xlsx."},

	"layout":             {"Ghim những gì nếu không ghi thì được đoán và in ra.", "Pins what is otherwise guessed and printed."},
	"layout.sheet":       {"Trang tính cần đọc, theo tên.", "The sheet to read, by name."},
	"layout.header":      {"Các dòng tiêu đề theo số dòng của Excel, trong ngoặc kép: \"7-8\", \"1\" hoặc none.", "Header rows as Excel numbers them, in quotes: \"7-8\", \"1\", or none."},
	"layout.dialect":     {"Chương trình hoặc thói quen đã làm ra trang tính.", "The program or habit that the sheet comes from."},
	"layout.encoding":    {"Bảng mã của mọi ô trong trang tính.", "The encoding of every cell of the sheet."},
	"layout.ticks":       {"none: các cột đánh dấu x giữ nguyên từng cột.", "none: columns of ticks stay columns."},
	"layout.respondents": {"Trong một trang tính và các nhóm lặp của nó: trang có các dòng là người trả lời, theo tên.", "Of a sheet and its repeat groups: the one whose rows are the respondents, by name."},
	"layout.hidden":      {"true: trang tính ẩn cũng có thể được chọn.", "true: hidden sheets may be chosen too."},
	"columns":            {"Tên trong bộ dữ liệu: tiêu đề cột trong tệp, cho các cột không tự khớp.", "Name in the dataset: header in the file, for columns that were not matched by themselves."},
	"xlsform":            {"XLSForm mô tả các cột.", "An XLSForm that describes the columns."},
	"sheets":             {"Các trang tính cần đọc; không ghi thì tự chọn.", "The sheets to read; without it they are chosen."},
	"keep_personal":      {"Các cột nhận diện cá nhân vẫn được giữ lại.", "Columns that identify a person and are kept all the same."},
	"exclude":            {"Mã nghi vấn mà các phiếu mắc phải bị để riêng: duplicate_form, …", "Findings whose forms are set aside: duplicate_form, …"},
	"routing":            {"true: áp dụng quy tắc chuyển câu của bộ chỉ số.", "true: the definition's routing rules are applied."},
	"dataset":            {"Thư mục tệp Parquet; mặc định .hailong bên cạnh sổ kết quả.", "The folder of the Parquet files; default .hailong beside the workbook."},

	"design":            {"Thiết kế mẫu, theo cách gọi của gói survey trong R. Không ghi: mẫu ngẫu nhiên đơn giản, và bìa ghi như vậy.", "The sampling design in R survey's words. Without it: a simple random sample, and the cover says so."},
	"design.weight":     {"Cột trọng số.", "The column of weights."},
	"design.strata":     {"Cột tầng; nhiều cột thì tầng là tổ hợp của chúng.", "The column of strata; several are crossed."},
	"design.psu":        {"Cột đơn vị chọn mẫu cấp một.", "The column of primary sampling units."},
	"design.fpc":        {"Cột quy mô tổng thể hoặc tỷ lệ chọn mẫu của từng cấp.", "Columns of population sizes or sampling fractions by stage."},
	"design.lonely_psu": {"Cách xử lý tầng chỉ có một đơn vị chọn mẫu.", "What to do with a stratum of a single PSU."},
	"calibrate":         {"Hiệu chỉnh trọng số theo cơ cấu tổng thể (raking).", "Raking of the weights to the population."},
	"calibrate.margins": {"Cột: giá trị: tỷ lệ hoặc số lượng trong tổng thể.", "Column: value: share or count in the population."},
	"domains":           {"Các cột phân tổ.", "The columns of breakdowns."},

	"suppress":                {"Những gì không công bố.", "What is not published."},
	"suppress.min_n":          {"Số người trả lời ít nhất; mặc định 30, ghi 1 để tắt.", "Fewest respondents; default 30, 1 switches it off."},
	"suppress.max_half_width": {"Nửa độ rộng khoảng tin cậy, điểm phần trăm; mặc định 5; rộng hơn thì đánh dấu chứ không ẩn.", "Half-width of the interval in points; default 5; wider ones are flagged, not hidden."},
	"confidence":              {"Độ tin cậy; mặc định 0.95.", "Level of confidence; default 0.95."},
	"ci":                      {"Cách tính khoảng tin cậy của tỷ lệ.", "The interval of shares."},
	"targets":                 {"Bộ mục tiêu có sẵn (kh-168-tu) hoặc đường dẫn tới tệp YAML.", "A plan of targets that ships (kh-168-tu) or the path of a YAML file."},

	"reference":             {"Các bảng để đối chiếu.", "The tables that figures are set against."},
	"reference.papi":        {"Bảng điểm PAPI đã công bố của mọi tỉnh.", "Published PAPI scores of all provinces."},
	"reference.sipas":       {"Bảng điểm SIPAS do Bộ Nội vụ công bố.", "SIPAS scores as the ministry published them."},
	"reference.par":         {"Bảng điểm PAR Index đã công bố.", "Published PAR Index scores."},
	"reference.pci":         {"Bảng điểm PCI đã công bố.", "Published PCI scores."},
	"reference.ict":         {"Bảng điểm ICT Index đã công bố.", "Published ICT Index scores."},
	"reference.dti":         {"Bảng điểm DTI đã công bố.", "Published DTI scores."},
	"reference.egov":        {"Danh mục thủ tục và bảng hồ sơ của chính quyền điện tử.", "Procedure lists and dossier exports of e-government."},
	"reference.definitions": {"Tệp định nghĩa chỉ số của người dùng cho các bảng trên.", "Index definitions of one's own for these tables."},
	"reference.previous":    {"results.json của kỳ trước.", "results.json of the wave before."},
	"reference.overlap":     {"none: tên đơn vị mẫu (PSU) đã được đặt lại từ kỳ trước.", "none: the PSUs were named anew since the wave before."},

	"results":          {"Kết quả đã công bố, ghi tay, có nguồn.", "Published figures, written by hand, with their source."},
	"results.index":    {"Chỉ số hoặc mục tiêu.", "Index, definition or target."},
	"results.year":     {"Năm.", "The year."},
	"results.area":     {"Đơn vị; mặc định là tỉnh của kế hoạch.", "The area; default: the plan's."},
	"results.value":    {"Giá trị.", "The value."},
	"results.lo":       {"Cận dưới khoảng tin cậy.", "Lower limit of its interval."},
	"results.hi":       {"Cận trên khoảng tin cậy.", "Upper limit of its interval."},
	"results.rank":     {"Thứ hạng.", "The rank."},
	"results.of":       {"Trong tổng số bao nhiêu đơn vị.", "Of how many."},
	"results.group":    {"Nhóm được công bố.", "The group as published."},
	"results.done":     {"true: mốc đã hoàn thành.", "true: a milestone that was reached."},
	"results.source":   {"Nguồn.", "The source."},
	"results.basis":    {"Căn cứ: official, inferred hoặc recalled.", "official, inferred or recalled."},
	"results.notes":    {"Ghi chú.", "Notes."},
	"results.notes.vi": {"Tiếng Việt.", "In Vietnamese."},
	"results.notes.en": {"Tiếng Anh.", "In English."},

	"report":             {"Sổ kết quả.", "The workbook."},
	"report.lang":        {"Ngôn ngữ; mặc định vi.", "Its language; default vi."},
	"report.out":         {"Tên tệp sổ kết quả.", "Where it goes."},
	"report.superior":    {"Đầu thư: cơ quan cấp trên.", "Letterhead: the body above the unit."},
	"report.unit":        {"Đầu thư: đơn vị báo cáo; mặc định là unit của kế hoạch.", "Letterhead: who reports; default: the plan's unit."},
	"report.place":       {"Nơi ban hành; mặc định là tỉnh của kế hoạch.", "Place of issue; default: the plan's area."},
	"report.date":        {"Ngày ban hành, yyyy-mm-dd; để trống để ghi tay.", "Date of issue, yyyy-mm-dd; empty: left to be written by hand."},
	"report.contact":     {"Người liên hệ, điện thoại, thư điện tử.", "Name, telephone, e-mail."},
	"report.next_update": {"Kỳ cập nhật tiếp theo.", "When the next issue comes."},
	"report.logo":        {"Tệp PNG hoặc JPEG.", "A PNG or JPEG file."},
	"report.password":    {"Mật khẩu để mở sổ kết quả.", "Needed to open the workbook."},
	"report.formats":     {"Các dạng tệp; mặc định xlsx.", "The formats; default xlsx."},
	"report.status":      {"draft (mặc định) hoặc official.", "draft (default) or official."},
}
