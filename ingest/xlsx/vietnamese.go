package xlsx

import (
	"errors"
	"io/fs"
)

// vietnamese is a sentence of this package and what to do about it, for readers of Vietnamese.
type vietnamese struct{ msg, hint string }

const (
	viSave    = "mở tệp bằng Excel hoặc LibreOffice rồi lưu dạng .xlsx"
	viDamaged = "tệp thiếu hoặc bị thay đổi khi gửi: lấy lại tệp, hoặc mở bằng Excel, cho Excel sửa, rồi lưu dạng .xlsx"
)

// sentences are those that say more than their cause.
var sentences = map[string]vietnamese{
	"the file is empty":                               {"tệp trống", "lấy lại tệp"},
	"the file is a PDF document":                      {"tệp là tài liệu PDF", "xin tệp bảng tính đã in ra nó"},
	"the file is a Word document":                     {"tệp là tài liệu Word", "đưa bảng tính chứa số liệu"},
	"the file is a PowerPoint presentation":           {"tệp là bài trình chiếu PowerPoint", "đưa bảng tính chứa số liệu"},
	"the file is a zip file without a workbook in it": {"tệp nén zip không chứa bảng tính", "giải nén và đưa các bảng tính bên trong"},
	"the workbook is protected by a password":         {"tệp có mật khẩu mở", "đưa mật khẩu qua --password-file TỆP hoặc biến HAILONG_PASSWORD"},
	"the password does not open the workbook":         {"mật khẩu không mở được tệp", "kiểm tra mật khẩu (chữ hoa, bàn phím, dấu cách ở cuối)"},
	"the zip package is encrypted":                    {"gói zip có mật khẩu", "giải nén bằng mật khẩu và đưa bảng tính bên trong"},
	"the file is neither a workbook nor text":         {"tệp không phải bảng tính cũng không phải văn bản", "đưa tệp .xlsx, .xls, .ods hoặc .csv"},
	"the file is plain text without columns":          {"tệp chỉ là văn bản, không có cột", "đưa một bảng: các cột cách nhau bằng dấu phẩy, chấm phẩy hoặc tab"},
	"it is a folder, not a file":                      {"đó là thư mục, không phải tệp", "ghi đường dẫn tới tệp, hoặc THƯ_MỤC/*.xlsx"},
	"a quoted field is not closed":                    {"thiếu dấu ngoặc kép đóng ô", "sửa dòng đó trong tệp"},
	"the sheet ends in the middle of its rows":        {"trang tính đứt giữa chừng", viDamaged},
	"the sheet ends in the middle of a row":           {"trang tính đứt giữa một dòng", viDamaged},
}

// causes are what may be wrong with a file, for the rest of the sentences.
var causes = []struct {
	err error
	vi  vietnamese
}{
	{fs.ErrNotExist, vietnamese{"không có tệp này", "kiểm tra tên tệp và thư mục"}},
	{fs.ErrPermission, vietnamese{"không có quyền đọc tệp", "đóng tệp nếu đang mở; kiểm tra quyền truy cập"}},
	{ErrPassword, vietnamese{"tệp có mật khẩu", "đưa mật khẩu qua --password-file TỆP hoặc biến HAILONG_PASSWORD"}},
	{ErrNoConverter, vietnamese{"tệp dạng này cần LibreOffice mới đọc được, mà máy chưa cài", "cài LibreOffice, hoặc " + viSave}},
	{ErrFormat, vietnamese{"không phải tệp bảng tính đọc được", viSave}},
	{ErrDamaged, vietnamese{"tệp bị hỏng hoặc thiếu một phần", viDamaged}},
	{ErrLimit, vietnamese{"tệp lớn hoặc phức tạp quá giới hạn an toàn", "chia tệp thành nhiều tệp nhỏ hơn"}},
}

// Vietnamese is Msg and Hint in Vietnamese: the sentence where there is one, else what its cause comes to.
func (e *Problem) Vietnamese() (msg, hint string) {
	if vi, ok := sentences[e.Msg]; ok {
		return vi.msg, vi.hint
	}
	for _, c := range causes {
		if errors.Is(e, c.err) {
			return c.vi.msg, c.vi.hint
		}
	}
	return "không đọc được tệp", viSave
}
