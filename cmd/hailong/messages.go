package main

import (
	"fmt"
	"slices"
)

// A phrase is one thing said to the user, in either language. Every key stands in phrases; a test reads the sources and holds
// the table complete in both languages, with the same verbs in the same order.
type phrase struct {
	key  string
	args []any
}

func say(key string, args ...any) *phrase { return &phrase{key: key, args: args} }

func (p *phrase) in(lang string) string {
	texts, ok := phrases[p.key]
	if !ok {
		return p.key
	}
	t := texts.en
	if lang == "vi" {
		t = texts.vi
	}
	args := slices.Clone(p.args)
	for i, arg := range args {
		if text, ok := arg.(bilingual); ok {
			args[i] = text.in(lang)
		}
	}
	return fmt.Sprintf(t, args...)
}

type bilingual struct{ vi, en string }

// phrases is the one table of what the command line says.
var phrases = map[string]bilingual{
	"word.error": {"lỗi", "error"},
	"word.hint":  {"gợi ý", "hint"},

	"error.interrupted": {"đã dừng theo yêu cầu; không có gì bị ghi dở", "interrupted; nothing half written"},
	"hint.interrupted":  {"chạy lại cùng lệnh để làm tiếp: tệp đã đọc xong không phải đọc lại", "run the same command again to go on: files already read are not read again"},
	"hint.command":      {"các tuỳ chọn: `%s --help`", "the options: `%s --help`"},
	"hint.missed":       {"`hailong targets KẾ_HOẠCH` và trang mục tiêu của sổ kết quả cho thấy còn thiếu bao nhiêu", "`hailong targets PLAN` and the workbook's sheet of targets show by how much"},
	"hint.help":         {"xem `hailong --help` hoặc `hailong LỆNH --help`", "see `hailong --help` or `hailong COMMAND --help`"},

	"error.plan_read":     {"đọc kế hoạch %s", "reading plan %s"},
	"hint.plan_read":      {"tạo kế hoạch bằng `hailong init TỆP… > survey.yaml`", "make a plan with `hailong init FILE… > survey.yaml`"},
	"error.plan_form":     {"kế hoạch %s không đúng mẫu", "plan %s is not well formed"},
	"hint.plan_form":      {"sửa dòng được chỉ ra; các khoá hợp lệ có trong sổ tay, mục `Tệp kế hoạch`", "mend the line shown; the keys are listed in the manual under `The plan file`"},
	"error.plan_text":     {"kế hoạch %s không phải tệp văn bản UTF-8", "plan %s is no UTF-8 text"},
	"hint.plan_text":      {"lưu kế hoạch bằng mã hoá UTF-8; nếu đó là tệp khảo sát, viết `hailong run TỆP`", "save the plan as UTF-8; if it is a survey file, write `hailong run FILE`"},
	"error.plan_missing":  {"kế hoạch %s thiếu mục %s", "plan %s has no %s"},
	"error.plan_key":      {"kế hoạch %s, khoá `%s`", "plan %s, key `%s`"},
	"hint.plan_key":       {"sửa `%s` ở dòng được chỉ ra: %s", "mend `%s` on the line shown: %s"},
	"error.shares":        {"các tỷ lệ của %s cộng lại bằng %.4g, không bằng 1", "the shares of %s add up to %.4g, not to 1"},
	"error.share":         {"biên %s: %q không thể là %v", "margin %s: %q cannot be %v"},
	"hint.shares":         {"ghi các tỷ lệ cộng lại bằng 1, hoặc số người của từng nhóm", "write shares that add up to 1, or the number of people in each group"},
	"error.no_files":      {"không có tệp nào khớp %q", "no file matches %q"},
	"hint.no_files":       {"kiểm tra đường dẫn; đường dẫn trong kế hoạch tính từ thư mục chứa kế hoạch", "check the path; paths in a plan start from the plan's folder"},
	"files.folders":       {"thư mục con không được đọc: %s; muốn đọc thì ghi tên chúng hoặc dùng mẫu như */*.xlsx", "folders within are not read: %s; to read them, name them or use a glob like */*.xlsx"},
	"files.result":        {"%s là sổ kết quả do hailong ghi, không phải phiếu khảo sát; bỏ qua", "%s is a workbook that hailong wrote, not survey forms; left out"},
	"error.no_index":      {"không có bộ chỉ số %q", "no index definition %q"},
	"hint.no_index":       {"`hailong indexes` liệt kê các bộ có sẵn; hoặc ghi đường dẫn tới tệp YAML", "`hailong indexes` lists those that ship; or give the path of a YAML file"},
	"error.index_form":    {"bộ chỉ số %s không đúng mẫu", "index definition %s is not well formed"},
	"hint.index_form":     {"`hailong indexes check TỆP` chỉ ra dòng sai", "`hailong indexes check FILE` shows the line"},
	"error.no_targets":    {"không có bộ mục tiêu %q", "no target plan %q"},
	"hint.no_targets":     {"dùng `kh-168-tu` có sẵn hoặc đường dẫn tới tệp YAML", "use `kh-168-tu`, which ships, or the path of a YAML file"},
	"error.no_rows":       {"không còn phiếu nào để phân tích: đã đọc %d dòng, giữ lại 0", "no rows left to analyse: %d rows read, 0 kept"},
	"hint.no_rows":        {"xem `hailong inspect TỆP…`: dòng tiêu đề và cách ghép cột có đúng không", "see `hailong inspect FILE…`: are the header row and the matched columns right"},
	"error.nothing_read":  {"không đọc được tệp nào", "no file could be read"},
	"hint.nothing_read":   {"lý do của từng tệp ở ngay trên", "the reason for each file is above"},
	"error.out_is_input":  {"tệp kết quả %s cũng là tệp đầu vào", "output %s is also an input"},
	"error.out_twice":     {"sổ kết quả và results.json là cùng một tệp: %s", "the workbook and results.json are one file: %s"},
	"hint.out_is_input":   {"chọn tên khác bằng --out", "choose another name with --out"},
	"error.write":         {"ghi %s", "writing %s"},
	"error.outputs":       {"sổ tổng hợp và results.json chưa được ghi", "the workbook and results.json were not written"},
	"hint.disk_full":      {"giải phóng chỗ trên đĩa, hoặc ghi sang đĩa khác bằng --out và --dataset, rồi chạy lại", "make room on the disk, or write to another one with --out and --dataset, and run again"},
	"hint.write":          {"nếu tệp đang mở trong Excel, hãy đóng lại rồi chạy lại; kiểm tra quyền ghi vào thư mục", "if the file is open in Excel, close it and run again; check that the folder can be written"},
	"error.no_match":      {"không cột nào của %s khớp với bộ chỉ số nào có sẵn", "no column of %s matches an index that ships"},
	"hint.no_match":       {"chọn bộ chỉ số, ví dụ `hailong init --index sipas-2017 TỆP… > survey.yaml`, rồi ghép cột ở mục `columns`; bảng hỏi khác cần bộ chỉ số riêng (xem sổ tay, mục Bộ chỉ số)", "name the index, as in `hailong init --index sipas-2017 FILE… > survey.yaml`, then match the columns under `columns`; another questionnaire needs a definition of its own (see the manual, Index definitions)"},
	"error.uncertain":     {"các tệp khớp với nhiều bộ chỉ số (%s): không tự chọn được", "the files match more than one index (%s): not choosing by chance"},
	"hint.uncertain":      {"viết kế hoạch bằng `hailong init TỆP… > survey.yaml` và ghi rõ `index`", "write a plan with `hailong init FILE… > survey.yaml` and name its `index`"},
	"error.scores":        {"đọc bảng điểm %s", "reading score table %s"},
	"hint.scores":         {"mỗi tỉnh một dòng hoặc một cột, có mã hoặc tên tỉnh, năm và điểm; xem samples/papi", "one province a row or a column, with its code or name, year and scores; see samples/papi"},
	"error.year":          {"bảng điểm không có năm %d; có: %s", "the score table has no year %d; it has: %s"},
	"hint.year":           {"chọn năm bằng --year", "choose a year with --year"},
	"error.area":          {"bảng điểm năm %d không có đơn vị %q", "the score table of %d has no area %q"},
	"error.no_area":       {"không có tỉnh, thành phố nào có mã hoặc tên %q", "no province has the code or name %q"},
	"error.area_many":     {"%q có thể là: %s", "%q may be any of: %s"},
	"hint.area_many":      {"ghi mã, hoặc tên đầy đủ", "give the code, or the whole name"},
	"hint.area":           {"dùng mã đơn vị (84) hoặc tên (Trà Vinh); viết không dấu cũng được", "use the area's code (84) or name (Trà Vinh, or without marks)"},
	"place.taken":         {"%q: lấy %s %s", "%q is taken for %s %s"},
	"error.missed":        {"chưa đạt %d mục tiêu: %s", "%d targets are missed: %s"},
	"error.password_file": {"đọc tệp mật khẩu %s", "reading password file %s"},
	"hint.password_file":  {"tệp chứa mật khẩu trên một dòng", "the file holds the password on one line"},
	"error.ingest":        {"đọc tệp khảo sát", "ingesting survey files"},
	"error.engine":        {"địa chỉ máy chủ phân tích", "the engine's address"},
	"hint.engine":         {"viết trino://NGƯỜI_DÙNG@MÁY:CỔNG/CATALOG/SCHEMA; bỏ --engine để dùng DuckDB có sẵn", "write trino://USER@HOST:PORT/CATALOG/SCHEMA; leave --engine out for the embedded DuckDB"},
	"error.store_address": {"địa chỉ kho dữ liệu", "the store's address"},
	"hint.store_address":  {"viết s3://BUCKET/THƯ_MỤC và đặt AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY", "write s3://BUCKET/FOLDER and set AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
	"error.store":         {"không ghi được bộ dữ liệu vào kho %s", "the dataset could not be put into the store %s"},
	"hint.store":          {"kiểm tra bucket có tồn tại, khoá truy cập và mạng; tệp đã gửi không phải gửi lại", "check that the bucket exists, the access keys and the network; files that were sent are not sent again"},
	"error.cluster":       {"máy chủ phân tích %s không trả lời được; chưa ghi kết quả nào", "the engine at %s could not answer; no result was written"},
	"hint.cluster":        {"kiểm tra máy chủ có chạy không, catalog và schema có đúng không, có đọc được thư mục dữ liệu không (xem trang về cụm máy); rồi chạy lại, hoặc bỏ --engine", "check that the server is up, that the catalog and schema are right and that it reads the dataset's folder (see the page on clusters); then run again, or leave --engine out"},
	"error.analyse":       {"phân tích", "analysing"},
	"hint.lonely":         {"chọn `lonely_psu` trong mục `design` của kế hoạch: `remove`, `certainty`, `adjust` hoặc `average`", "choose `lonely_psu` under `design` in the plan: remove, certainty, adjust or average"},
	"hint.missing_file":   {"kiểm tra tên tệp và thư mục; `ls` cho thấy có gì ở đó", "check the file's name and folder; `ls` shows what is there"},
	"hint.directory":      {"đó là thư mục: viết %s/*.xlsx để đọc các tệp trong đó", "that is a folder: write %s/*.xlsx to read the files in it"},

	"error.column":     {"không có cột %q; có: %s", "there is no column %q; there are: %s"},
	"hint.column":      {"ghi đúng tên cột trong bộ dữ liệu; `hailong inspect TỆP…` cho thấy các cột", "name a column of the dataset; `hailong inspect FILE…` shows them"},
	"hint.own_columns": {"tệp này được đọc với tên cột của chính nó; để dùng mã của bộ chỉ số: `hailong ingest TỆP… -o du-lieu`, rồi `hailong estimate du-lieu …`", "this file is read under its own columns' names; for the codes of the index: `hailong ingest FILE… -o dataset`, then `hailong estimate dataset …`"},
	"hint.near":        {"có phải: %s", "did you mean: %s"},
	"error.no_file":    {"không có tệp %s", "there is no file %s"},
	"error.csv_tests":  {"--csv không có chỗ cho kết quả của --test", "--csv has no place for what --test finds"},
	"hint.csv_tests":   {"dùng --json: một đối tượng gồm `estimates` và `tests`", "use --json: an object of estimates and tests"},
	"error.other_plan": {"%s là kết quả của kế hoạch khác: %s", "%s holds the results of another plan: %s"},
	"hint.other_plan":  {"ghi nơi khác bằng --json TỆP, hoặc cho mỗi kế hoạch một thư mục (report.out); nếu không cần kết quả cũ thì xoá tệp đó", "write elsewhere with --json FILE, or give each plan a folder of its own (report.out); if the old results are not needed, delete the file"},
	"error.ending":     {"%s: tên tệp phải kết thúc bằng .xlsx, .csv hoặc .parquet", "%s: the name must end in .xlsx, .csv or .parquet"},

	"error.sheet": {"không có trang tính %q; có: %v", "no sheet %q; there are: %v"},
	"hint.sheet":  {"viết đúng tên trang tính bằng --sheet", "name a sheet with --sheet"},

	"assume.index":   {"bộ chỉ số %s (khớp %d/%d câu hỏi)", "index %s (%d of %d items matched)"},
	"assume.weight":  {"cột trọng số %s; không có tầng và đơn vị chọn mẫu (khai ở mục `design` của kế hoạch)", "weight column %s; no strata and no PSU (give them under design in a plan)"},
	"assume.srs":     {"mẫu ngẫu nhiên đơn giản, không trọng số (khai ở mục `design` của kế hoạch)", "a simple random sample without weights (give the design in a plan)"},
	"assume.domains": {"phân tổ theo %s", "breakdowns by %s"},

	"ingest.sheet":       {"%s › %s: %d dòng, giữ %d → %s", "%s › %s: %d rows, %d kept → %s"},
	"ingest.total":       {"cộng %d dòng, giữ %d phiếu, để riêng %d; bộ dữ liệu ở %s", "in all %d rows, %d forms kept, %d set aside; the dataset is in %s"},
	"ingest.export":      {"bản cho R, Stata và SPSS ở %s: mở R tại đó và gõ `source(\"read.R\")`; Stata: do read.do; SPSS: mở read.sps", "for R, Stata and SPSS: %s; there, in R, source(\"read.R\"); in Stata, do read.do; in SPSS, open read.sps"},
	"hint.export":        {"kiểm tra các cột ở mục `design` của kế hoạch và quyền ghi vào thư mục", "check the columns under `design` in the plan, and that the folder can be written"},
	"hint.export_folder": {"chọn thư mục khác bằng --export", "choose another folder with --export"},
	"error.export":       {"xuất dữ liệu", "exporting"},

	"init.head":    {"Kế hoạch do `hailong init` viết; chạy được ngay: hailong run TỆP_NÀY. Đường dẫn tính từ thư mục của tệp này.", "A plan written by `hailong init`; it runs as it stands: hailong run THIS_FILE. Paths start from this file's folder."},
	"init.index":   {"khớp %d/%d câu hỏi; `hailong indexes` liệt kê các bộ khác", "%d of %d items matched; `hailong indexes` lists the others"},
	"init.year":    {"năm khảo sát và mã tỉnh (bỏ dấu # để dùng)", "the survey year and the province's code (take the # away to use them)"},
	"init.columns": {"tên trong bộ dữ liệu: tiêu đề cột trong tệp, cho cột chưa khớp. Các cột chưa khớp:", "name in the dataset: header in the file, for columns that were not matched. Those are:"},
	"init.design":  {"thiết kế mẫu; không khai thì coi là mẫu ngẫu nhiên đơn giản và bìa sổ sẽ ghi như vậy", "the sampling design; without it the sample counts as simple random, and the cover says so"},
	"init.targets": {"mục tiêu và bảng điểm PAPI để so sánh", "targets, and the PAPI score table to compare with"},

	"inspect.sheet":    {"%s › %s: %s", "%s › %s: %s"},
	"inspect.guess":    {"%s: %s (%s)", "%s: %s (%s)"},
	"inspect.rows":     {"%d dòng có dữ liệu: %d phiếu; %s", "%d rows with a value: %d forms; %s"},
	"inspect.hidden":   {"%d dòng ẩn và %d cột ẩn vẫn được đọc", "%d hidden rows and %d hidden columns are read all the same"},
	"inspect.encoding": {"cột %s đổi từ %s: %q → %q", "column %s decoded from %s: %q → %q"},
	"inspect.dropped":  {"cột nhận diện cá nhân, không đưa vào bộ dữ liệu: %s", "columns that identify a person, kept out of the dataset: %s"},
	"inspect.finding":  {"nghi vấn %s: %s", "doubt %s: %s"},
	"inspect.match":    {"bộ chỉ số %s: khớp %d/%d câu hỏi", "index %s: %d of %d items matched"},
	"inspect.no_match": {"không có bộ chỉ số nào có sẵn khớp với các cột này. Tính trên các cột như chúng có: hailong estimate %[1]s --mean %[2]s; ghép với một bộ chỉ số: hailong init --index sipas-2017 %[1]s > survey.yaml", "no index that ships fits these columns. Figures of the columns as they are: hailong estimate %[1]s --mean %[2]s; matched to an index: hailong init --index sipas-2017 %[1]s > survey.yaml"},
	"inspect.next":     {"lệnh tiếp theo: hailong init %s > survey.yaml && hailong run survey.yaml", "next: hailong init %s > survey.yaml && hailong run survey.yaml"},

	"hint.index_keys": {"sửa các dòng được chỉ ra; các khoá có trong sổ tay, mục `Bộ chỉ số`", "mend the lines shown; the keys are listed in the manual under `Index definitions`"},
	"indexes.lacks":   {"chưa tính được từ phiếu, %s", "not from answers yet: %s"},

	"indexes.sound":   {"%s: %d mục, đúng mẫu", "%s: %d nodes, ok"},
	"indexes.show":    {"%s  %s\n%s · căn cứ: %s · cách gộp: %s (%s)", "%s  %s\n%s · basis: %s · aggregator: %s (%s)"},
	"estimate.header": {"thống kê\tbiến\tnhóm\tn\tước lượng\tsai số chuẩn\tcận dưới\tcận trên\tdf\tdeff\ttổng trọng số", "statistic\tvariable\tdomain\tn\testimate\tse\tlo\thi\tdf\tdeff\tsum_w"},

	"man.name":        {"TÊN", "NAME"},
	"man.synopsis":    {"CÚ PHÁP", "SYNOPSIS"},
	"man.command":     {"lệnh", "command"},
	"man.option":      {"tuỳ chọn", "options"},
	"man.argument":    {"đối số", "arguments"},
	"man.description": {"MÔ TẢ", "DESCRIPTION"},
	"man.options":     {"TUỲ CHỌN", "OPTIONS"},
	"man.every":       {"Lệnh nào cũng nhận các tuỳ chọn này.", "Every command takes these."},
	"man.commands":    {"LỆNH", "COMMANDS"},
	"man.exit":        {"MÃ THOÁT", "EXIT STATUS"},
	"man.environment": {"BIẾN MÔI TRƯỜNG", "ENVIRONMENT"},
	"man.password":    {"Mật khẩu của các bảng tính mã hoá.", "Password of encrypted workbooks."},
	"man.locale":      {"Ngôn ngữ của thông báo: tiếng Việt nếu là vi_*, còn lại tiếng Anh.", "Language of messages: Vietnamese for vi_*, else English."},

	"word.verbatim": {"(nguyên văn) \"%s\"", "%s"},
	"error.stratum": {"--psus-in: %s không có tầng %q", "--psus-in: %s has no stratum %q"},

	"dry.default":  {"mặc định: %s", "default: %s"},
	"dry.file":     {"đọc      %s", "reads    %s"},
	"dry.dataset":  {"bộ dữ liệu %s", "dataset  %s"},
	"dry.workbook": {"ghi sổ   %s", "workbook %s"},
	"dry.results":  {"kết quả  %s", "results  %s"},

	"yaml.type":      {"%s không đứng được ở đây, cần %s", "%s cannot stand here: want %s"},
	"yaml.overflow":  {"số %s quá lớn", "the number %s is too large"},
	"yaml.field":     {"không có khoá %s", "unknown key %s"},
	"yaml.duplicate": {"khoá %s đã có ở %s", "the key %s is already there, at %s"},
	"yaml.tab":       {"dòng thụt vào bằng phím Tab: YAML chỉ nhận dấu cách", "the line is indented by a tab: YAML takes blanks only"},
	"yaml.start":     {"dòng có ký tự không mở đầu được gì; dòng thụt vào phải bằng dấu cách, không bằng phím Tab", "a character that cannot begin anything; indent by blanks, not by tabs"},
	"yaml.bracket":   {"thiếu dấu ngoặc [ ] hoặc { }", "a bracket [ ] or { } is missing"},
	"yaml.quote":     {"thiếu dấu nháy đóng", "a closing quote is missing"},
	"yaml.syntax":    {"viết không đúng cú pháp YAML; xem dấu hai chấm, dấu cách đầu dòng và dấu ngoặc", "this is not YAML; look at the colons, the blanks at the start of lines and the brackets"},

	"error.results":  {"đọc kết quả %s", "reading results %s"},
	"hint.results":   {"cần tệp results.json do `hailong run` ghi", "a results.json written by `hailong run` is needed"},
	"compare.header": {"mã\tchỉ tiêu\ttrước\tsau\tthay đổi (KTC 95%%)\tp hiệu chỉnh\tkết luận", "node\tname\tbefore\tafter\tchange (95%% CI)\tp adjusted\tverdict"},
	"change.up":      {"▲ tăng", "▲ up"},
	"change.down":    {"▼ giảm", "▼ down"},
	"change.unclear": {"◐ chưa rõ", "◐ not clear"},

	"rule.up":      {"(quy tắc ±%s %%: tăng)", "(±%s %% rule: up)"},
	"rule.down":    {"(quy tắc ±%s %%: giảm)", "(±%s %% rule: down)"},
	"rule.within":  {"(quy tắc ±%s %%: không đổi)", "(±%s %% rule: no change)"},
	"moves.header": {"mã\tđơn vị\tchỉ số\tđiểm %d → %d\thạng\tnhóm\tghi chú", "code\tarea\tnode\tscore %d → %d\trank\tgroup\tnote"},
	"moves.count":  {"Theo quy tắc của đơn vị công bố: %d tăng, %d giảm, trong %d so sánh được.", "By the publisher's rule: %d up, %d down, of %d that can be compared."},

	"error.two_forms": {"--json và --csv cùng ghi vào %s", "--json and --csv both go to %s"},
	"error.ratio":     {"tỷ số %q: viết y/x", "ratio %q: write y/x"},
	"error.margin":    {"biên %q: viết cột:giá trị=tỷ lệ,giá trị=tỷ lệ", "margin %q: write column:value=share,value=share"},

	"error.table":    {"%s cần các cột %s, mỗi đơn vị một dòng", "%s needs the columns %s, one unit a row"},
	"error.design":   {"--strata, --psus, --forms: mỗi số ít nhất là 1", "--strata, --psus, --forms: want at least 1 each"},
	"error.response": {"--response: cần một tỷ lệ lớn hơn 0 và không quá 1", "--response: want a share above 0 and at most 1"},
	"error.grouped":  {"%s, dòng %d: %s %q có thể là hàng nghìn hoặc số thập phân; bỏ dấu phân cách hàng nghìn", "%s, row %d: %s %q may be thousands or decimals; leave out the thousands separator"},
	"error.count":    {"%s, dòng %d: %s %q không phải số nguyên", "%s, row %d: %s %q is no whole number"},
	"error.draw":     {"%s, dòng %d: %s %q không phải số", "%s, row %d: %s %q is no number"},
	"size.size":      {"mẫu ngẫu nhiên đơn giản %.1f; có hiệu chỉnh tổng thể hữu hạn %.1f; × deff %.2f → %d phiếu trả lời; tỷ lệ trả lời %.2f → phát %d phiếu", "simple random sample %.1f; with the finite population correction %.1f; × deff %.2f → %d answers; response %.2f → hand out %d forms"},
	"size.slovin":    {"Slovin: %d phiếu (%.2f); Cochran cùng sai số: %d; sai số thực ±%.1f điểm ở 50%%, ±%.1f điểm ở 85%%", "Slovin: %d forms (%.2f); Cochran for the same margin: %d; true margin ±%.1f points at 50 %%, ±%.1f points at 85 %%"},
	"size.designs":   {"thiết kế\tn\tPSU\tdf\tdeff\tsai số (t)\tsai số (z)\tcăn cứ", "design\tn\tPSUs\tdf\tdeff\tmargin (t)\tmargin (z)\tbasis"},

	"targets.header":           {"mục tiêu\tgốc\tphải đạt\tkết quả\tkết luận", "target\tbase\taim\tresult\tverdict"},
	"verdict.met":              {"✔ đạt chắc chắn", "✔ met"},
	"verdict.met_uncertain":    {"◐ đạt, chưa chắc", "◐ met, not certain"},
	"verdict.missed_uncertain": {"◐ chưa đạt, chưa chắc", "◐ missed, not certain"},
	"verdict.missed":           {"✘ chưa đạt", "✘ missed"},
	"verdict.not_published":    {"– chưa công bố", "– not published"},

	"place.header":      {"năm\tmã\tđơn vị\tchỉ số\tđiểm\thạng\tnhóm\tghi chú", "year\tcode\tarea\tnode\tscore\trank\tgroup\tnote"},
	"place.problems":    {"%d ô của bảng điểm đáng ngờ (điểm 0 là không công bố…); -v để xem từng ô", "%d cells of the score table are doubtful (a zero is a withheld score, …); -v lists them"},
	"place.sums":        {"đã tính lại %d điểm tổng từ các phần được công bố; %d không khớp", "%d published totals made again from their published parts; %d do not add up"},
	"place.others":      {"%d ô điểm của tỉnh khác không rõ; xem `hailong place %s -v`", "%d score cells of other provinces are doubtful; see `hailong place %s -v`"},
	"place.more_sums":   {"còn %d chỗ không khớp; -v để xem tất cả", "%d more contradictions; -v lists them"},
	"place.published":   {"nhóm do đơn vị công bố", "group as published"},
	"place.bands":       {"nhóm suy ra từ ngưỡng, chưa có văn bản", "group inferred from bands, no official text"},
	"place.stable":      {"ổn định: xác suất nhóm %s, hạng %d–%d", "stable: probability of the group %s, ranks %d–%d"},
	"place.open":        {"chưa ổn định: xác suất nhóm %s, hạng %d–%d", "not stable: probability of the group %s, ranks %d–%d"},
	"error.area_merged": {"năm %d không còn %s %s: đã thuộc %s %s", "in %d there is no more %s %s: it is part of %s %s"},
	"error.weights":     {"đọc bảng quyền số %s", "reading weights %s"},
	"hint.weights":      {"cần một cột mã hoặc tên tỉnh cũ và một cột quyền số có tiêu đề, ví dụ: Tỉnh, Dân số 2024", "one column with the old provinces' codes or names and one of weights with a header, such as: Province, Population 2024"},
	"place.withheld":    {"không công bố", "withheld"},
	"place.edge":        {"đúng trên mốc %s; cách đọc khác: nhóm %d", "exactly on %s; other reading: group %d"},

	"egov.read":   {"%d thủ tục; %d dòng hồ sơ, tính %d", "%d procedures; %d rows of dossiers, %d count"},
	"egov.aside":  {"%d dòng để riêng: %s", "%d rows set aside: %s"},
	"egov.header": {"mã\tchỉ tiêu\t%%\ttử/mẫu\tmẫu số", "id\tfigure\t%%\tcount\tbase"},
	"egov.points": {"766\tQĐ 766/QĐ-TTg\ttỷ lệ %%\tphần điểm tối đa đạt được\tđiểm", "766\tQĐ 766/QĐ-TTg\trate %%\tshare of full marks\tpoints"},
	"egov.no_max": {"chưa biết điểm tối đa của mục này", "the item's maximum is not known"},
	"egov.form06": {"biểu II.06, lĩnh vực\ttiếp nhận\ttrực tuyến %%\tđã giải quyết\tđúng hạn %%", "form II.06, field\treceived\tonline %%\tsettled\ton time %%"},
	"error.day":   {"%q không phải ngày", "%q is no day"},
	"hint.day":    {"viết ngày dạng 2020-01-31", "write a day as 2020-01-31"},
	"error.lists": {"đọc danh mục thủ tục, danh sách hồ sơ %s", "reading procedure and dossier lists %s"},
	"hint.lists":  {"danh mục thủ tục cần cột Mã TTHC và Mức độ; danh sách hồ sơ cần Mã hồ sơ và Ngày tiếp nhận", "a procedure list has the columns Mã TTHC and Mức độ, a dossier list Mã hồ sơ and Ngày tiếp nhận"},

	"generate.part": {"%s: %d trong %d phiếu; một trang tính không chứa hết", "%s: %d of %d forms; one sheet does not hold them all"},

	"run.assumed":      {"giả định %s", "assumed %s"},
	"run.warning":      {"cảnh báo: %s", "warning: %s"},
	"run.problem":      {"vấn đề: %s", "problem: %s"},
	"run.problems":     {"còn %d vấn đề khác, xem trang Chất lượng số liệu của sổ kết quả hoặc results.json", "%d more problems, see the workbook's data quality sheet or results.json"},
	"run.reused":       {"%d trong %d trang tính không đổi từ lần chạy trước, không đọc lại", "%d of %d sheets unchanged since the last run, not read again"},
	"run.stored":       {"bộ dữ liệu ở %s: gửi %d tệp, %d tệp đã có", "the dataset is in %s: %d files sent, %d were there"},
	"run.reading":      {"đọc tệp", "reading files"},
	"run.reading_rows": {"đọc tệp · %s dòng · %s dòng/giây", "reading files · %s rows · %s rows/s"},
}
