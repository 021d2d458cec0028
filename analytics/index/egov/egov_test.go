package egov

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hailong/analytics/index"
	"hailong/analytics/result"
)

func procedures() index.Sheet {
	return index.Sheet{Name: "TTHC", Cells: [][]string{
		{"UBND TỈNH TRÀ VINH"},
		{"DANH MỤC THỦ TỤC HÀNH CHÍNH"},
		{"STT", "Mã TTHC", "Tên thủ tục hành chính", "Mức độ", "Tiếp nhận tại Bộ phận Một cửa", "Lý do loại trừ", "BCCI"},
		{"1", "1.001", "Đăng ký khai sinh", "4", "x", "", "x"},
		{"2", "1.002", "Đăng ký kết hôn", "Mức độ 3", "x", "", "x"},
		{"3", "1.003", "Cấp giấy phép xây dựng", "2", "x", "", ""},
		{"4", "1.004", "Thanh tra đột xuất", "1", "", "NĐ 61/2018", ""},
		{"5", "1.005", "Chứng thực", "DVC trực tuyến một phần", "không", "", "x"},
		{"6", "1.005", "Chứng thực (cấp xã)", "Toàn trình", "", "", ""},
	}}
}

func dossiers() index.Sheet {
	return index.Sheet{Name: "HoSo", Cells: [][]string{
		{"Mã hồ sơ", "Mã TTHC", "Chủ hồ sơ", "Số điện thoại", "Hình thức nộp", "Hình thức nhận kết quả", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả kết quả", "Trạng thái"},
		{"H59-1", "1.001", "Nguyễn Văn A", "0900000001", "2", "Bưu chính", "05/01/2020", "10/01/2020", "09/01/2020", "09/01/2020", "10"},                                              // online, returned by post, early
		{"H59-2", "1.002", "Nguyễn Văn B", "0900000002", "Bưu chính công ích", "Trực tiếp", "20200106080000", "20200110170000", "20200112000000", "20200112000000", "Đã trả kết quả"}, // by post, late
		{"H59-3", "1.003", "Nguyễn Văn C", "0900000003", "Trực tiếp", "", "43840", "43850", "43850", "", "9"},                                                                         // counter, on time (serials: 10/1 and 20/1/2020)
		{"H59-4", "1.003", "Nguyễn Văn D", "0900000004", "1", "", "15/01/2020", "", "", "", "Đang xử lý"},                                                                             // no due date
		{"H59-5", "1.003", "Nguyễn Văn E", "0900000005", "1", "", "15/01/2020", "20/01/2020", "", "", "4"},                                                                            // unfinished and overdue at the period's end
		{"H59-6", "1.001", "Nguyễn Văn F", "0900000006", "2", "", "16/01/2020", "20/01/2020", "", "", "3"},                                                                            // not accepted
		{"H59-7", "1.001", "Nguyễn Văn G", "0900000007", "2", "", "", "", "", "", "2"},                                                                                                // no date of receipt
		{"H59-8", "1.005", "Nguyễn Văn H", "0900000008", "1", "", "05/02/2020", "06/02/2020", "06/02/2020", "06/02/2020", "10"},                                                       // after the period
	}}
}

func january() Options {
	return Options{From: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2020, 1, 31, 0, 0, 0, 0, time.UTC)}
}

func TestSharesAndTheirBases(t *testing.T) {
	r, err := Read([]index.Sheet{procedures(), dossiers()}, january())
	if err != nil {
		t.Fatal(err)
	}
	if r.Procedures != 5 || r.Dossiers != 5 {
		t.Errorf("%d procedures and %d dossiers, want 5 and 5", r.Procedures, r.Dossiers)
	}
	aside := 0
	for _, s := range r.SetAside {
		aside += s.Rows
	}
	if r.Rows != 8 || len(r.SetAside) != 3 || r.Rows != r.Dossiers+aside {
		t.Errorf("%d rows, %d count, set aside %+v: want 8 = 5 + 3 for three reasons", r.Rows, r.Dossiers, r.SetAside)
	}
	for id, want := range map[string][2]int{
		"egov.online":                  {3, 5}, // 1.001, 1.002, 1.005 at its highest level
		"egov.online.full":             {2, 5},
		"egov.one_stop":                {3, 4}, // 1.004 is excepted; 1.005 is not received there
		"egov.procedures":              {1, 3}, // online procedures with an online dossier: 1.001
		"egov.procedures.post":         {2, 3}, // 1.001 returned and 1.002 received by post, of 1.001, 1.002, 1.005
		"egov.procedures.all":          {3, 5},
		"egov.post":                    {2, 5}, // H59-1 and H59-2
		"egov.post.received":           {1, 5},
		"egov.post.returned":           {1, 2}, // H59-1, of H59-1 and H59-2
		"egov.dossiers.online":         {1, 5},
		"egov.dossiers.online.no_post": {1, 4},
		"egov.on_time":                 {3, 5}, // H59-1, H59-3 and H59-4, which has no due date
	} {
		s, ok := r.Share(id)
		if !ok || s.Numerator != want[0] || s.Denominator != want[1] || !s.Value.Known() || s.Base.VI == "" {
			t.Errorf("%s is %d of %d (%v), want %v", id, s.Numerator, s.Denominator, s.Value, want)
		}
	}
	if !slices.Equal(r.Dropped, []string{"Chủ hồ sơ", "Số điện thoại"}) {
		t.Errorf("dropped %v, want the two personal columns", r.Dropped)
	}
	problems := map[string]int{}
	for _, p := range r.Problems {
		problems[p.Code]++
	}
	if problems["egov_received"] != 1 || len(problems) != 1 {
		t.Errorf("problems %v, want one dossier without a date of receipt", problems)
	}
}

func TestPointsOf766(t *testing.T) {
	r, err := Read([]index.Sheet{procedures(), dossiers()}, january())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Points {
		switch p.ID {
		case "2.1": // 60 % of 20 points
			if p.Points != 12 {
				t.Errorf("2.1 has %v points, want 12", p.Points)
			}
		case "3.1": // 60 % of 80 %
			if p.Earned != 0.75 || p.Points.Known() {
				t.Errorf("3.1 earns %v of unknown points, want 0.75 (points %v)", p.Earned, p.Points)
			}
		case "3.3": // 20 % of 50 %
			if p.Earned != 0.4 {
				t.Errorf("3.3 earns %v, want 0.4", p.Earned)
			}
		}
	}
}

func TestAListAloneLeavesTheRestUnknown(t *testing.T) {
	r, err := Read([]index.Sheet{procedures()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for id, known := range map[string]bool{"egov.online": true, "egov.one_stop": true, "egov.post": false, "egov.procedures": false, "egov.on_time": false} {
		if s, _ := r.Share(id); s.Value.Known() != known || (!known && s.Why.VI == "") {
			t.Errorf("%s: known %v, want %v (%v)", id, s.Value.Known(), known, s.Why)
		}
	}
	if _, err := Read([]index.Sheet{{Cells: [][]string{{"a"}}}}, Options{}); err == nil {
		t.Error("a sheet that is no list was read")
	}
}

func TestARepeatedDossierCountsOnce(t *testing.T) {
	s := dossiers()
	s.Cells = append(s.Cells, slices.Clone(s.Cells[1]))
	r, err := Read([]index.Sheet{s}, january())
	if err != nil || r.Dossiers != 5 {
		t.Errorf("%d dossiers (%v), want 5", r.Dossiers, err)
	}
	if !slices.ContainsFunc(r.Problems, func(p result.Problem) bool { return p.Code == "egov_duplicate" }) {
		t.Error("the repeated dossier number is not reported")
	}
}

func TestForm06Identities(t *testing.T) {
	sheet := index.Sheet{Name: "II.06", Cells: [][]string{
		{"TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC"},
		{"(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8)+(9)+(10)", "(8)", "(9)", "(10)", "(11)=(12)+(13)", "(12)", "(13)"},
		{"1", "Hộ tịch", "1.100", "300", "700", "100", "1.000", "600", "350", "50", "100", "90", "10"},
		{"2", "Đất đai", "50", "10", "30", "5", "40", "20", "15", "5", "10", "10", "0"},
	}}
	f, err := ReadForm06(sheet)
	if err != nil || len(f.Fields) != 2 {
		t.Fatalf("%v %v", f, err)
	}
	if f.Fields[0].Online() != 30 || f.Fields[0].OnTime() != 95 {
		t.Errorf("online %v, on time %v; want 30 and 95", f.Fields[0].Online(), f.Fields[0].OnTime())
	}
	// Đất đai: 10 + 30 + 5 = 45, not 50.
	if len(f.Problems) != 1 || f.Problems[0].Want != "(3) = (4)+(5)+(6) = 45" || f.Problems[0].Got != "50" {
		t.Errorf("problems %+v", f.Problems)
	}
	if _, err := ReadForm06(procedures()); err == nil {
		t.Error("a procedure list was read as form II.06")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Mã hồ sơ", "1.001", "05/01/2020", "9")
	f.Add("(3)", "x", "99999999999999999999", "-1")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		sheets := []index.Sheet{{Cells: [][]string{{"Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Trạng thái"}, {a, b, c, d}, {d, c}}}, {Cells: [][]string{{a, b, c, d}, {}}}}
		r, err := Read(sheets, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range r.Shares {
			if s.Numerator > s.Denominator {
				t.Errorf("%s: %d of %d", s.ID, s.Numerator, s.Denominator)
			}
		}
	})
}

// TestTheNationalSchemaIsKnown: each of the fields of HoSoDongBoDVC (domain/other-indices.md 4.4) has a meaning, and those that identify a
// person are dropped.
func TestTheNationalSchemaIsKnown(t *testing.T) {
	fields := strings.Fields(`MaHoSo MaTTHC TenTTHC MaLinhVuc TenLinhVuc KenhThucHien SoGiayToChuHoSo ChuHoSo LoaiDoiTuong MaDoiTuong ThongTinKhac Email Fax SoDienThoai
		TrichYeuHoSo NgayTiepNhan NgayHenTra TrangThaiHoSo NgayTra ThongTinTra HinhThuc NgayKetThucXuLy DonViXuLy GhiChu TaiLieuNop DanhSachLePhi DanhSachTepDinhKemKhac
		DanhSachHoSoBoSung DanhSachGiayToKetQua NoiNopHoSo HoSoCoThanhPhanSoHoa TaiKhoanDuocXacThucVoiVNeID DuocThanhToanTrucTuyen NgayTuChoi DinhDanhCHS NgayNopHoSo DSKetNoiCSDL`)
	if len(fields) != 37 {
		t.Fatalf("%d fields, the schema has 37", len(fields))
	}
	personal := []string{"SoGiayToChuHoSo", "ChuHoSo", "MaDoiTuong", "Email", "Fax", "SoDienThoai", "DinhDanhCHS", "TrichYeuHoSo", "ThongTinKhac", "ThongTinTra"}
	for _, f := range fields {
		switch got := fieldOf(f); {
		case got == "":
			t.Errorf("%s is not known", f)
		case slices.Contains(personal, f) && got != fieldPersonal:
			t.Errorf("%s identifies a person and is read as %s", f, got)
		}
	}
	r, err := Read([]index.Sheet{{Name: "export", Cells: [][]string{fields, func() []string {
		row := make([]string, len(fields))
		for i, f := range fields {
			row[i] = map[string]string{
				"MaHoSo": "000.00.16.H59-200427-0001", "MaTTHC": "1.001", "KenhThucHien": "3", "NgayTiepNhan": "20200427081500", "NgayHenTra": "20200430170000",
				"NgayKetThucXuLy": "20200430093000", "TrangThaiHoSo": "9", "ChuHoSo": "Nguyễn Văn A",
			}[f]
		}
		return row
	}()}}}, Options{})
	if err != nil || r.Dossiers != 1 || len(r.Problems) != 0 || len(r.Dropped) < len(personal) {
		t.Fatalf("%+v, %v", r, err)
	}
	if s, _ := r.Share("egov.post.received"); s.Value != 100 {
		t.Errorf("received by post: %v, want 100", s.Value)
	}
}
