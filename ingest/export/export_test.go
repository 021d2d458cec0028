package export_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"hailong/ingest/dataset"
	"hailong/ingest/export"
	"hailong/ingest/questionnaire"
)

// form is a questionnaire with every kind of scale.
func form() questionnaire.Questionnaire {
	return questionnaire.Questionnaire{
		Scales: map[string]questionnaire.Scale{
			"sat3":   {Codes: map[int]questionnaire.Text{1: {VI: "Kém", EN: "Bad"}, 2: {VI: "Khá", EN: "Fair"}, 3: {VI: "Tốt", EN: "Good"}}},
			"days":   {Numeric: true},
			"ways":   {Multiple: true, Codes: map[int]questionnaire.Text{1: {VI: "Trực tiếp", EN: "In person"}, 2: {VI: "Qua mạng", EN: "Online"}}},
			"gender": {Codes: map[int]questionnaire.Text{1: {VI: "Nam", EN: "Male"}, 2: {VI: "Nữ", EN: "Female"}}},
		},
		Items: []questionnaire.Item{
			{ID: "Q1", Scale: "sat3", Text: questionnaire.Text{VI: "Ông/bà đánh giá \"dịch vụ\" thế nào, với giá $5 và dấu ` này?", EN: "How is it?"}},
			{ID: "Q2", Scale: "days", Text: questionnaire.Text{VI: "Số ngày chờ", EN: "Days waited"}},
			{ID: "Q3", Scale: "ways", Text: questionnaire.Text{VI: "Nộp bằng cách nào", EN: "How handed in"}},
		},
		Background: []questionnaire.Variable{{ID: "gioi_tinh", Role: "characteristic", Scale: "gender", Text: questionnaire.Text{VI: "Giới tính", EN: "Sex"}}},
	}
}

// write makes a Parquet file with one row for each set.
func write(t *testing.T, file string, fields []dataset.Field, rows ...func(*dataset.Batch)) string {
	t.Helper()
	fields = append([]dataset.Field{{Name: dataset.RowColumn, Type: dataset.Row}}, fields...)
	b := dataset.NewBatch(fields)
	path := filepath.Join(t.TempDir(), "x.parquet")
	w, err := dataset.Create(path, b.Schema(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		b.SetRow(0, int32(i+2))
		row(b)
		b.Next()
	}
	if err := w.Write(b.Take()); err != nil {
		t.Fatal(err)
	}
	meta, err := json.Marshal(map[string]string{"file": file, "sheet": "Phiếu"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(meta); err != nil {
		t.Fatal(err)
	}
	return path
}

// two is a dataset of two files whose columns differ: the second has other columns, and one that is a text there and a number in the first.
func two(t *testing.T) export.Dataset {
	first := write(t, "a.xlsx", []dataset.Field{
		{Name: "Q1", Type: dataset.Code, Role: "item"},
		{Name: "Q2", Type: dataset.Number, Role: "item"},
		{Name: "Q2_missing", Type: dataset.Missing, Role: "missing"},
		{Name: "Q3_2", Type: dataset.Code, Role: "choice"},
		{Name: "gioi_tinh", Type: dataset.String, Role: "characteristic"},
		{Name: "ghi chú", Type: dataset.Number, Role: "other", Header: "Ghi chú"},
		{Name: "trong_so", Type: dataset.Number, Role: "weight"},
	}, func(b *dataset.Batch) {
		b.SetCode(1, 3)
		b.SetNumber(2, 1.0/3)
		b.SetCode(4, 1)
		b.SetString(5, []byte("Nữ"))
		b.SetNumber(6, 7)
		b.SetNumber(7, 2.5)
	}, func(b *dataset.Batch) {
		b.SetCode(1, -2)
		b.SetMissing(3, -1)
		b.SetString(5, []byte("Khác"))
		b.SetNumber(7, 1e6)
	})
	second := write(t, "b.xlsx", []dataset.Field{
		{Name: "Q1", Type: dataset.Code, Role: "item"},
		{Name: "ghi chú", Type: dataset.String, Role: "other", Header: "Ghi chú"},
		{Name: "luc", Type: dataset.Time, Role: "time"},
		{Name: "q1", Type: dataset.String, Role: "other"},
		{Name: "by", Type: dataset.String, Role: "other"},
	}, func(b *dataset.Batch) {
		b.SetString(2, []byte("hai\ndòng, \"có\" phẩy"))
		b.SetTime(3, 1604388600000) // 2020-11-03 07:30:00: date -u -d @1604388600
		b.SetString(4, []byte("x"))
		b.SetString(5, []byte("NA"))
	})
	return export.Dataset{Title: "Thử", Files: []string{first, second}, Questionnaire: form(), Design: export.Design{Weight: "trong_so", Lonely: "average"}}
}

func exported(t *testing.T, d export.Dataset) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "Tỉnh Trà Vinh", "out")
	if err := export.Write(context.Background(), dir, d); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(b)
	}
	return files
}

func TestData(t *testing.T) {
	files := exported(t, two(t))
	if got := len(files); got != 5 {
		t.Errorf("%d files, want 5", got)
	}
	// q1 differs from Q1 by case only, which SPSS does not see; by is a word of SPSS; a name has no marks.
	want := `source_file,source_sheet,source_row,Q1,Q2,Q2_missing,Q3_2,gioi_tinh,ghi_chu,trong_so,luc,q1_2,by_2
a.xlsx,Phiếu,2,3,0.3333333333333333,0,1,Nữ,7,2.5,,,
a.xlsx,Phiếu,3,-2,,-1,,Khác,,1000000,,,
b.xlsx,Phiếu,2,,,,,,"hai dòng, ""có"" phẩy",,2020-11-03 07:30:00,x,NA
`
	if diff := cmp.Diff(want, files[export.DataFile]); diff != "" {
		t.Error(diff)
	}
}

func TestCodebook(t *testing.T) {
	lines, err := csv.NewReader(strings.NewReader(exported(t, two(t))[export.CodebookFile])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{
		{"Q1", "Q1", form().Items[0].Text.VI, "How is it?", "item", "code", "3", "Tốt", "Good", ""},
		{"Q1", "Q1", form().Items[0].Text.VI, "How is it?", "item", "code", "-4", "Không hợp lệ", "Invalid", "invalid"},
		{"Q2", "Q2", "Số ngày chờ", "Days waited", "item", "number", "", "", "", ""},
		{"Q2_missing", "Q2_missing", "Loại thiếu › Số ngày chờ", "Kind of missing › Days waited", "missing", "missing", "-1", "Không biết", "Don't know", "dont_know"},
		{"Q3_2", "Q3_2", "Nộp bằng cách nào › Qua mạng", "How handed in › Online", "choice", "code", "1", "Chọn", "Chosen", ""},
		{"gioi_tinh", "gioi_tinh", "Giới tính", "Sex", "characteristic", "text", "", "Nữ", "Female", ""},
		{"ghi_chu", "ghi chú", "Ghi chú", "Ghi chú", "other", "text", "", "", "", ""}, // number in one file, text in the other
		{"luc", "luc", "", "", "time", "time", "", "", "", ""},
	} {
		if !slices.ContainsFunc(lines, func(got []string) bool { return slices.Equal(got, want) }) {
			t.Errorf("the codebook lacks %q", want)
		}
	}
}

func TestScripts(t *testing.T) {
	d := two(t)
	d.Design = export.Design{Weight: "trong_so", Strata: []string{"gioi_tinh", "by"}, PSU: []string{"q1"}, Lonely: "average"}
	files := exported(t, d)
	for name, wants := range map[string][]string{
		export.RFile: {
			`options(survey.lonely.psu = "average")`,
			"ids = ~q1_2, strata = ~interaction(gioi_tinh, by_2, drop = TRUE), weights = ~trong_so,",
			"3 rows",
		},
		export.StataFile: {
			"stringcols(1 2 8 9 11 12 13)",
			"numericcols(3 4 5 6 7 10)",
			"label define scale_sat3 3 `\"Tốt\"', add\n",
			"label define scale_sat3 .b `\"Từ chối trả lời\"', add\n",
			"label variable Q1 `\"Ông/bà đánh giá \"dịch vụ\" thế nào, với giá \\$5 và dấu ' này?\"'\n", // no macro is expanded
			"replace Q2 = .a if Q2_missing == -1\n",
			"encode gioi_tinh, generate(hl_new) label(values_gioi_tinh)\n",
			"generate double hl_new = clock(luc, \"YMDhms\")\n",
			"egen design_stratum = group(gioi_tinh by_2)\n",
			"svyset q1_2 [pweight=trong_so], strata(design_stratum) singleunit(scaled)\n",
		},
		export.SPSSFile: {
			"\ufeff* Thử.\n",
			"    gioi_tinh A5\n", // Khác has five bytes
			"    luc A19\n",
			"    by_2 A2.\n",
			"  Q1\n  Q3_2\n  (-4 THRU -1).\n",
			"/DESIGN STRATA=gioi_tinh by_2 CLUSTER=q1_2\n",
		},
	} {
		for _, want := range wants {
			if !strings.Contains(files[name], want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
	}
	// SPSS takes lines of 256 bytes, R scripts must read the same in every locale but for the title.
	for i, line := range strings.Split(files[export.SPSSFile], "\n") {
		if len(line) > 256 || !utf8.ValidString(line) {
			t.Errorf("%s line %d is too long or cut within a letter: %q", export.SPSSFile, i+1, line)
		}
	}
	_, script, _ := strings.Cut(files[export.RFile], "\n")
	if i := strings.IndexFunc(script, func(r rune) bool { return r > 126 }); i >= 0 {
		t.Errorf("%s is not ASCII at %q", export.RFile, script[i:min(len(script), i+20)])
	}
}

// TestNames asks for names that no program takes: each must become a valid one, once.
func TestNames(t *testing.T) {
	var fields []dataset.Field
	for _, name := range []string{
		"1", "Câu 1", "câu 1", "cau_1", "", "__", "if", "TRUE", "_x", "x_", "đường/phố", "design_psu", "source_file",
		strings.Repeat("dài ", 30), strings.Repeat("dài ", 31), "日本",
	} {
		fields = append(fields, dataset.Field{Name: name, Type: dataset.String})
	}
	d := export.Dataset{Files: []string{write(t, "a.xlsx", fields, func(*dataset.Batch) {})}}
	head, _, _ := strings.Cut(exported(t, d)[export.DataFile], "\n")
	names := strings.Split(head, ",")
	if len(names) != len(fields)+3 {
		t.Fatalf("%d names for %d columns", len(names), len(fields)+3)
	}
	seen := map[string]bool{}
	shape := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,30}[A-Za-z0-9]$|^[A-Za-z]$`)
	for _, name := range names {
		if !shape.MatchString(name) || seen[strings.ToLower(name)] || slices.Contains([]string{"if", "true", "design_psu"}, strings.ToLower(name)) {
			t.Errorf("%q is no valid new name", name)
		}
		seen[strings.ToLower(name)] = true
	}
}

// TestDesigns holds the two other designs to the words of R and Stata.
func TestDesigns(t *testing.T) {
	d := two(t)
	d.Design = export.Design{}
	files := exported(t, d)
	for name, want := range map[string]string{
		export.RFile:     "survey::svydesign(ids = ~1, weights = rep(1, nrow(survey_data)),",
		export.StataFile: "svyset _n, singleunit(missing)\n",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s lacks %q", name, want)
		}
	}
	if strings.Contains(files[export.SPSSFile], "CSPLAN") {
		t.Error("a simple random sample needs no plan of Complex Samples")
	}
	d.Design = export.Design{PSU: []string{"q1"}, FPC: []string{"trong_so", "Q2"}}
	files = exported(t, d)
	for name, want := range map[string]string{
		export.RFile:     "survey::svydesign(ids = ~q1_2 + row.id, fpc = ~trong_so + Q2,",
		export.StataFile: "svyset q1_2, fpc(trong_so) || _n, fpc(Q2) singleunit(missing)\n",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s lacks %q", name, want)
		}
	}
}

// TestNothingHalf makes an export fail at its last moment: the earlier one stays as it is, and no temporary file is left.
func TestNothingHalf(t *testing.T) {
	dir := t.TempDir()
	d := two(t)
	if err := export.Write(context.Background(), dir, d); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, export.DataFile))
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for _, tt := range []struct {
		ctx  context.Context
		d    export.Dataset
		want string
	}{
		{stopped, d, "context canceled"},
		{context.Background(), export.Dataset{Files: d.Files[:1], Design: export.Design{PSU: []string{"xa"}}}, `no column "xa"`},
		{context.Background(), export.Dataset{Files: d.Files[:1], Design: export.Design{Weight: "gioi_tinh"}}, "is no number but text"},
		{context.Background(), export.Dataset{Files: []string{"no-such.parquet"}}, "no-such.parquet"},
		{context.Background(), export.Dataset{Files: d.Files[:1], Design: export.Design{Lonely: "ignore"}}, "ignore"},
	} {
		err := export.Write(tt.ctx, dir, tt.d)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("error %v, want one that names %s and %s", err, dir, tt.want)
		}
	}
	after, err := os.ReadFile(filepath.Join(dir, export.DataFile))
	if err != nil || string(after) != string(before) {
		t.Errorf("the earlier export was touched: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 5 {
		t.Errorf("%d files in the folder, want the 5 of the earlier export: %v", len(entries), err)
	}
}
