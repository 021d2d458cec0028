package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"syscall"

	"hailong/analytics/survey"
	"hailong/ingest/wording"
	"hailong/ingest/xlsx"
)

// errorText is an error in the language of messages. Rooms and libraries speak English; for whoever works in Vietnamese each link of
// the chain is worded here: the rooms' sentences by their table, the libraries' by their types.
func (a *app) errorText(err error) string {
	if a.lang != "vi" {
		text := err.Error()
		if shown := yamlError(nil); errors.As(err, &shown) { // wherever in the chain it stands
			text = strings.Replace(text, shown.GetMessage(), yamlSentence(shown, "en"), 1)
		}
		return text
	}
	return inVietnamese(err)
}

func inVietnamese(err error) string {
	switch e := any(err).(type) { // this link of the chain, not one behind it
	case *failure:
		return e.inVietnamese()
	case *wording.Error:
		return sentenceInVietnamese(e)
	case *xlsx.Problem:
		return troubleInVietnamese(e)
	case *survey.LonelyError:
		return lonelyInVietnamese(e)
	case *usageError:
		return usageInVietnamese(e.Error())
	case *fs.PathError:
		return e.Path + ": " + inVietnamese(e.Err)
	case *os.LinkError:
		return e.New + ": " + inVietnamese(e.Err)
	case syscall.Errno:
		return systemInVietnamese(e)
	case *csv.ParseError:
		return fmt.Sprintf("dòng %d không đúng dạng csv", e.Line)
	case *json.SyntaxError:
		return fmt.Sprintf("không phải JSON đúng dạng (byte %d)", e.Offset)
	case yamlError:
		return yamlText(e, "vi")
	case interface{ Unwrap() []error }:
		var parts []string
		for _, part := range e.Unwrap() {
			parts = append(parts, inVietnamese(part))
		}
		return strings.Join(parts, "\n")
	}
	if inner := errors.Unwrap(err); inner != nil {
		return strings.Replace(err.Error(), inner.Error(), inVietnamese(inner), 1)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "không có tệp hoặc thư mục này"
	case errors.Is(err, fs.ErrPermission):
		return "không có quyền truy cập"
	}
	if err.Error() == "" {
		return "" // only the exit code: what there is to say was said
	}
	return say("word.verbatim", strings.Join(strings.Fields(err.Error()), " ")).in("vi")
}

func (f *failure) inVietnamese() string {
	switch {
	case f.msg == nil:
		return inVietnamese(f.err)
	case f.err == nil:
		return f.msg.in("vi")
	}
	return f.msg.in("vi") + ": " + inVietnamese(f.err)
}

func sentenceInVietnamese(e *wording.Error) string {
	sentence, ok := sentences[e.Sentence]
	if !ok {
		return e.Error()
	}
	args := make([]any, len(e.Args))
	for i, arg := range e.Args {
		args[i] = arg
		if err, ok := arg.(error); ok {
			args[i] = inVietnamese(err)
		}
	}
	return fmt.Sprintf(strings.ReplaceAll(sentence, "%w", "%s"), args...)
}

func troubleInVietnamese(p *xlsx.Problem) string {
	var b strings.Builder
	b.WriteString("đọc " + p.File)
	if p.Sheet != "" {
		b.WriteString(", trang tính " + p.Sheet)
	}
	if row, ok := strings.CutPrefix(p.Cell, "row "); ok {
		b.WriteString(", dòng " + row)
	} else if p.Cell != "" {
		b.WriteString(", ô " + p.Cell)
	}
	msg, _ := p.Vietnamese()
	return b.String() + ": " + msg
}

func lonelyInVietnamese(e *survey.LonelyError) string {
	what := "tầng"
	if e.Stage > 1 {
		what = "đơn vị cấp một"
	}
	names, more := e.Names, ""
	if len(names) == 1 && names[0] == "" {
		return "không ước lượng được phương sai: chỉ có một đơn vị chọn mẫu, cần ít nhất hai; kiểm tra cột đơn vị chọn mẫu, hoặc có thêm phiếu"
	}
	if len(names) > 5 {
		names, more = names[:5], fmt.Sprintf(" và %d nữa", len(names)-5)
	}
	return fmt.Sprintf("không ước lượng được phương sai ở cấp %d: %s chỉ có một đơn vị chọn mẫu: %s%s", e.Stage, what, strings.Join(names, ", "), more)
}

// Windows' own numbers, which its syscall package does not name.
const (
	windowsDiskFull   = syscall.Errno(112)
	windowsHandleFull = syscall.Errno(39)
	windowsSharing    = syscall.Errno(32)
	windowsLock       = syscall.Errno(33)
)

// diskFull reports whether an error says that nothing more can be stored: no room, or more than the user may have.
func diskFull(err error) bool {
	var e syscall.Errno
	if !errors.As(err, &e) {
		return false
	}
	if runtime.GOOS == "windows" {
		return e == windowsDiskFull || e == windowsHandleFull
	}
	return e == syscall.ENOSPC || e == syscall.EDQUOT
}

func systemInVietnamese(e syscall.Errno) string {
	windows := runtime.GOOS == "windows"
	switch {
	case windows && (e == windowsSharing || e == windowsLock):
		return "chương trình khác đang mở tệp (có phải Excel?)"
	case diskFull(e):
		return "đĩa đầy"
	case errors.Is(e, fs.ErrNotExist):
		return "không có tệp hoặc thư mục này"
	case errors.Is(e, fs.ErrPermission):
		return "không có quyền truy cập"
	case errors.Is(e, fs.ErrExist):
		return "đã có tệp hoặc thư mục này"
	case e == syscall.EISDIR:
		return "đó là thư mục, không phải tệp"
	case e == syscall.ENOTDIR:
		return "một phần của đường dẫn là tệp, không phải thư mục"
	case e == syscall.ENAMETOOLONG:
		return "tên tệp quá dài"
	case e == syscall.EROFS:
		return "ổ đĩa chỉ cho đọc"
	}
	return "lỗi của hệ điều hành: " + e.Error()
}
