package egov

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/ingest/vntext"
)

// answer is a yes/no cell.
type answer uint8

const (
	unknown answer = iota
	yes
	no
)

type procedure struct {
	level    int // 0 not given, 1…4; 3 is một phần, 4 is toàn trình
	oneStop  answer
	post     answer
	excluded bool
}

type dossier struct {
	procedure string
	channel   int // 1 counter, 2 online, 3 public post
	status    int // of the national schema, 0 not given
	result    answer
	received  time.Time
	due       time.Time
	finished  time.Time
	returned  time.Time
}

func (d *dossier) isReturned() bool { return d.status == 10 || !d.returned.IsZero() }

type reader struct {
	options        Options
	procedures     map[string]*procedure
	procedureOrder []string
	dossiers       map[string]*dossier
	dossierOrder   []string
	columns        map[string]int // of the sheet at hand
	report         *Report
}

// inPeriod tests the day of receipt.
func (r *reader) inPeriod(day time.Time) bool {
	day = day.Truncate(24 * time.Hour)
	return (r.options.From.IsZero() || !day.Before(r.options.From)) && (r.options.To.IsZero() || !day.After(r.options.To))
}

// end is the day that counts against the due day: finished, else returned, else the end of the period or the due day itself where no
// period is given, as nobody can be late without a day to be late on.
func (r *reader) end(d *dossier) time.Time {
	switch {
	case !d.finished.IsZero():
		return d.finished
	case !d.returned.IsZero():
		return d.returned
	case !r.options.To.IsZero():
		return r.options.To
	}
	return d.due
}

// fields of the two lists, as the national schema DongBoHoSoMC names them, and a few that procedure lists have.
const (
	fieldDossier   = "MaHoSo"
	fieldProcedure = "MaTTHC"
	fieldName      = "TenTTHC"
	fieldLevel     = "MucDo"
	fieldOneStop   = "MotCua"
	fieldExcluded  = "LyDoLoaiTru"
	fieldPost      = "BCCI"
	fieldChannel   = "KenhThucHien"
	fieldResult    = "HinhThuc"
	fieldStatus    = "TrangThaiHoSo"
	fieldReceived  = "NgayTiepNhan"
	fieldDue       = "NgayHenTra"
	fieldFinished  = "NgayKetThucXuLy"
	fieldReturned  = "NgayTra"
	fieldPersonal  = "personal"
	fieldOther     = "other"
)

// fieldOf knows a header: the 37 fields of the national schema and the aliases that one-stop systems print.
func fieldOf(header string) string {
	key := strings.Map(func(c rune) rune {
		if (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') {
			return c
		}
		return -1
	}, vntext.FoldASCII(header))
	switch key {
	case "mahoso", "sohoso", "mahs", "sohs", "mabiennhan", "sobiennhan":
		return fieldDossier
	case "matthc", "mathutuc", "mathutuchanhchinh", "madvc", "maquocgia", "matthcquocgia":
		return fieldProcedure
	case "tentthc", "thutuc", "tenthutuc", "tenthutuchanhchinh", "thutuchanhchinh":
		return fieldName
	case "mucdo", "mucdodvc", "mucdocungcap", "mucdotructuyen", "mucdodvctt", "loaidvc":
		return fieldLevel
	case "motcua", "bophanmotcua", "tiepnhantaibophanmotcua", "thuchientaibophanmotcua", "tiepnhantaimotcua", "atonestop":
		return fieldOneStop
	case "lydoloaitru", "lydokhongthuchien", "ngoaile", "excludedreason":
		return fieldExcluded
	case "bcci", "buuchinhcongich", "thuchienquabcci", "quabcci":
		return fieldPost
	case "kenhthuchien", "hinhthuctiepnhan", "hinhthucnop", "kenhtiepnhan", "hinhthucnophoso", "nguontiepnhan":
		return fieldChannel
	case "hinhthuc", "hinhthucnhanketqua", "hinhthuctraketqua", "hinhthuctra", "nhanketqua":
		return fieldResult
	case "trangthaihoso", "trangthai", "tinhtrang", "tinhtranghoso":
		return fieldStatus
	case "ngaytiepnhan", "ngaynhan", "thoigiantiepnhan":
		return fieldReceived
	case "ngayhentra", "ngayhentraketqua", "hanxuly", "ngayhen":
		return fieldDue
	case "ngayketthucxuly", "ngaycoketqua", "ngayxulyxong", "ngayhoanthanh":
		return fieldFinished
	case "ngaytra", "ngaytraketqua", "ngaytrakq":
		return fieldReturned
	case "chuhoso", "nguoinop", "chuhosonguoinop", "hoten", "tochuccanhan", "tenchuhoso", "nguoinophoso", "diachi", "sodienthoai", "dienthoai", "sdt", "email", "fax", "madoituong",
		"sogiaytochuhoso", "cmnd", "cccd", "cmndcccd", "dinhdanhchs", "thongtinkhac", "thongtintra", "trichyeuhoso", "tailieunop", "danhsachtepdinhkemkhac", "danhsachgiaytoketqua", "danhsachhosobosung", "kyten":
		return fieldPersonal
	case "stt", "malinhvuc", "tenlinhvuc", "linhvuc", "loaidoituong", "donvixuly", "coquantiepnhan", "donvitiepnhan", "ghichu", "danhsachlephi", "lephi", "noinophoso", "hosocothanhphansohoa",
		"taikhoanduocxacthucvoivneid", "duocthanhtoantructuyen", "ngaytuchoi", "ngaynophoso", "ngaynop", "dsketnoicsdl", "capthuchien", "quyetdinhcongbo":
		return fieldOther
	}
	return ""
}

// headerRows are how deep a table may begin under its titles.
const headerRows = 20

// sheet reads one sheet and reports whether it is one of the two lists.
func (r *reader) sheet(s index.Sheet) bool {
	head, columns := -1, map[string]int{}
	var personal []string
	for row := range min(len(s.Cells), headerRows) {
		found, person := map[string]int{}, []string(nil)
		known := 0
		for col, text := range s.Cells[row] {
			field := fieldOf(text)
			if field == "" && row+1 < len(s.Cells) && col < len(s.Cells[row+1]) {
				field = fieldOf(s.Cells[row+1][col]) // the second of two header rows
			}
			switch field {
			case "":
			case fieldPersonal:
				known++
				person = append(person, strings.TrimSpace(text))
			case fieldOther:
				known++
			default:
				known++
				if _, taken := found[field]; !taken {
					found[field] = col
				}
			}
		}
		if known >= 3 && known > len(columns) {
			head, columns, personal = row, found, person
			break
		}
	}
	_, isDossiers := columns[fieldDossier]
	_, hasCode := columns[fieldProcedure]
	_, hasName := columns[fieldName]
	if head < 0 || (!isDossiers && !hasCode && !hasName) {
		return false
	}
	for _, p := range personal {
		if !slices.Contains(r.report.Dropped, p) {
			r.report.Dropped = append(r.report.Dropped, p)
		}
	}
	for row := head + 1; row < len(s.Cells); row++ {
		get := func(field string) string {
			col, ok := columns[field]
			if !ok || col >= len(s.Cells[row]) {
				return ""
			}
			return vntext.Clean(s.Cells[row][col])
		}
		r.columns = columns
		if fieldOf(get(fieldDossier)) != "" || fieldOf(get(fieldProcedure)) != "" {
			continue // a header row again
		}
		if isDossiers {
			r.dossier(s, row, get)
		} else {
			r.procedure(s, row, get)
		}
	}
	return true
}

// procedureKey is the national code, or the folded name where there is none.
func procedureKey(get func(string) string) string {
	if code := get(fieldProcedure); code != "" {
		return code
	}
	return vntext.Fold(get(fieldName))
}

func (r *reader) procedure(s index.Sheet, row int, get func(string) string) {
	key := procedureKey(get)
	if key == "" {
		return
	}
	p := r.procedures[key]
	if p == nil {
		p = &procedure{}
		r.procedures[key] = p
		r.procedureOrder = append(r.procedureOrder, key)
	}
	level, ok := levelOf(get(fieldLevel))
	if !ok {
		r.problem(s, row, fieldLevel, "level", get(fieldLevel), "mức độ 1, 2, 3, 4, một phần hoặc toàn trình; coi như không ghi", "a level: 1, 2, 3, 4, một phần or toàn trình; taken as not given")
	}
	p.level = max(p.level, level) // a procedure of both kinds counts at its highest (766, 3.1)
	if a := answerOf(get(fieldOneStop)); a != unknown && p.oneStop != yes {
		p.oneStop = a
	}
	if a := answerOf(get(fieldPost)); a != unknown && p.post != yes {
		p.post = a
	}
	p.excluded = p.excluded || get(fieldExcluded) != ""
}

func (r *reader) dossier(s index.Sheet, row int, get func(string) string) {
	key := get(fieldDossier)
	if key == "" {
		return
	}
	r.report.Rows++
	if _, repeated := r.dossiers[key]; repeated {
		r.setAside(asideRepeated)
		r.problem(s, row, fieldDossier, "duplicate", key, "mỗi mã hồ sơ một lần; dòng sau cùng được giữ", "each dossier number once; the last row is kept")
	} else {
		r.dossierOrder = append(r.dossierOrder, key)
	}
	d := &dossier{procedure: procedureKey(get)}
	r.dossiers[key] = d
	for _, date := range []struct {
		field string
		into  *time.Time
	}{{fieldReceived, &d.received}, {fieldDue, &d.due}, {fieldFinished, &d.finished}, {fieldReturned, &d.returned}} {
		field, into := date.field, date.into
		text := get(field)
		if text == "" {
			continue
		}
		day, ok := dayOf(text)
		if !ok {
			r.problem(s, row, field, "date", text, "một ngày", "a date")
		}
		*into = day
	}
	if d.received.IsZero() {
		r.problem(s, row, fieldReceived, "received", key, "ngày tiếp nhận; hồ sơ này không được tính", "a date of receipt; the dossier is not counted")
	}
	var ok bool
	if d.channel, ok = channelOf(get(fieldChannel)); !ok {
		r.problem(s, row, fieldChannel, "channel", get(fieldChannel), "1 trực tiếp, 2 trực tuyến hoặc 3 bưu chính công ích", "1 at the counter (trực tiếp), 2 online (trực tuyến) or 3 by public post (bưu chính công ích)")
	}
	if d.status, ok = statusOf(get(fieldStatus)); !ok {
		r.problem(s, row, fieldStatus, "status", get(fieldStatus), "trạng thái theo danh mục quốc gia, từ 1 đến 10", "a status of the national schema, 1 to 10")
	}
	d.result = returnOf(get(fieldResult))
}

// dayOf reads a date as exports write it: yyyyMMddHHmmss, d/m/y, ISO, or a spreadsheet's day number.
func dayOf(text string) (time.Time, bool) {
	for _, layout := range []string{"20060102150405", "20060102"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Truncate(24 * time.Hour), true
		}
	}
	if serial, err := strconv.ParseFloat(text, 64); err == nil {
		if serial < 30000 || serial > 80000 { // 1982 … 2119
			return time.Time{}, false
		}
		return time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(math.Floor(serial))), true
	}
	d, ok := vntext.ParseDate(text, vntext.DayFirst)
	if !ok {
		return time.Time{}, false
	}
	return d.Time.Truncate(24 * time.Hour), true
}

// levelOf reads the level of an online service: 1–4 of NĐ 43/2011, or the kinds of NĐ 42/2022, which are taken as 3 (một phần) and 4
// (toàn trình) by convention.
func levelOf(text string) (int, bool) {
	f := vntext.FoldASCII(text)
	switch {
	case f == "":
		return 0, true
	case strings.Contains(f, "toan trinh"):
		return 4, true
	case strings.Contains(f, "mot phan"):
		return 3, true
	case strings.Contains(f, "thong tin"), strings.Contains(f, "con lai"):
		return 2, true
	}
	f = strings.TrimSpace(strings.NewReplacer("muc", "", "do", "", ".0", "", ":", "").Replace(f))
	if n, err := strconv.Atoi(f); err == nil && n >= 0 && n <= 4 {
		return n, true
	}
	return 0, false
}

func channelOf(text string) (int, bool) {
	f := vntext.FoldASCII(text)
	switch {
	case f == "":
		return 0, true
	case f == "1" || strings.Contains(f, "truc tiep") || strings.Contains(f, "tai quay") || strings.Contains(f, "mot cua"):
		return 1, true
	case f == "2" || strings.Contains(f, "truc tuyen") || strings.Contains(f, "online") || strings.Contains(f, "qua mang"):
		return 2, true
	case f == "3" || isPost(f):
		return 3, true
	}
	return 0, false
}

func isPost(folded string) bool {
	return strings.Contains(folded, "buu chinh") || strings.Contains(folded, "bcci") || strings.Contains(folded, "buu dien")
}

// returnOf reads how the result is handed over: 0 at the counter, 1 by post.
func returnOf(text string) answer {
	f := vntext.FoldASCII(text)
	switch {
	case f == "":
		return unknown
	case f == "1" || isPost(f):
		return yes
	}
	return no
}

// statusOf reads a status by its code or its name.
func statusOf(text string) (int, bool) {
	f := vntext.FoldASCII(text)
	if f == "" {
		return 0, true
	}
	if n, err := strconv.Atoi(f); err == nil {
		return n, n >= 1 && n <= 10
	}
	for i, name := range []string{"moi dang ky", "duoc tiep nhan", "khong duoc tiep nhan", "dang xu ly", "yeu cau bo sung", "nghia vu tai chinh", "rut ho so", "dung xu ly", "xu ly xong", "da tra ket qua"} {
		if strings.Contains(f, name) && (name != "duoc tiep nhan" || !strings.Contains(f, "khong duoc")) {
			return i + 1, true
		}
	}
	switch {
	case strings.Contains(f, "dang giai quyet"), strings.Contains(f, "cho xu ly"):
		return 4, true
	case strings.Contains(f, "da giai quyet"), strings.Contains(f, "hoan thanh"), strings.Contains(f, "co ket qua"):
		return 9, true
	case strings.Contains(f, "tu choi"):
		return 8, true
	case strings.Contains(f, "da nhan"), strings.Contains(f, "tiep nhan"):
		return 2, true
	case strings.Contains(f, "tra ket qua"), f == "da tra":
		return 10, true
	}
	return 0, false
}

func answerOf(text string) answer {
	switch f := vntext.FoldASCII(text); f {
	case "":
		return unknown
	case "x", "co", "1", "true", "yes", "v", "✓", "da thuc hien", "thuc hien":
		return yes
	}
	return no
}

// problem reports one cell: what the field may hold, and what it holds.
func (r *reader) problem(s index.Sheet, row int, field, code, got, vi, en string) {
	r.report.Problems = append(r.report.Problems, result.Problem{
		File: s.File, Sheet: s.Name, Cell: index.CellName(row, r.columns[field]), Code: "egov_" + code, Want: en, Got: got,
		Text: result.Text{VI: fmt.Sprintf("%q: cần %s.", got, vi), EN: fmt.Sprintf("%q: want %s.", got, en)},
	})
}

func (r *reader) note(vi, en string) {
	r.report.Notes = append(r.report.Notes, result.Text{VI: vi, EN: en})
}
