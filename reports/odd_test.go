package reports

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"hailong/analytics/result"
	"hailong/reports/workbook/lint"
)

// Names as people type them: long, double, decomposed, with line breaks and with characters that Excel forbids.
func TestOddNamesMakeACleanWorkbook(t *testing.T) {
	set := fixture(fixtureSize{})
	long := strings.Repeat("Huyện có tên rất dài ", 20)
	set.Domains[0].Name = result.Text{VI: "Huye\u0323\u0302n/[thị xã]: *?" + long, EN: "x"}
	set.Domains[1].Name = set.Domains[0].Name
	for i := range set.Domains[2].Values {
		set.Domains[2].Values[i].Label = result.Text{VI: " Cùng\ntên ", EN: "same"}
	}
	set.Ledger.SetAside[0].Label, set.Ledger.SetAside[1].Label = result.Text{VI: "Đọc"}, result.Text{VI: "đọc "}
	set.Problems[0].Got = strings.Repeat("x😀", 20000) + "\x00\x0b\ufffe"
	set.Plan.Area.Name = "Tra\u0300 Vinh & <Con>"
	var b bytes.Buffer
	if err := WriteTo(&b, set, Options{Unit: "Sở & <ban>", Contact: "a\nb"}); err != nil {
		t.Fatal(err)
	}
	f := opened(t, b.Bytes())
	for _, fault := range lint.Check(f) {
		t.Error(fault)
	}
	for _, s := range f.Sheets {
		for name, c := range s.Cells {
			// Excel's limit on a cell's text, in UTF-16 units.
			if n := len(utf16.Encode([]rune(c.Value))); n > 32767 {
				t.Errorf("%s!%s holds %d characters", s.Name, name, n)
			}
		}
	}
}

// What is kept back because too few answered is kept back in every column of its row.
func TestHiddenGroupsStayHidden(t *testing.T) {
	set := fixture(fixtureSize{})
	hidden := ""
	for i := range set.Estimates {
		e := &set.Estimates[i]
		if e.Domain["nhom_tuoi"] != "" && e.Suppressed == "n" && e.Level == "overall" {
			hidden = e.Domain["nhom_tuoi"]
			// The figures themselves are in the set; only the mark says not to print them.
			e.Estimate, e.SE, e.Lo, e.Hi = 12.3456, 1, 11.3456, 13.3456
		}
	}
	set.Comparisons = append(set.Comparisons, result.Comparison{Node: "SIPAS", Domain: "nhom_tuoi", A: hidden, Diff: 9, P: 0.0123, PAdj: 0.0123},
		result.Comparison{Node: "SIPAS", Domain: "nhom_tuoi", A: hidden, B: "18–24 tuổi", Diff: 9, P: 0.0123, PAdj: 0.0123})
	var b bytes.Buffer
	if err := WriteTo(&b, set, Options{}); err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, s := range opened(t, b.Bytes()).Sheets {
		for name, c := range s.Cells {
			if strings.HasPrefix(c.Value, "12.3456") || strings.HasPrefix(c.Value, "11.3456") || strings.HasPrefix(c.Value, "13.3456") {
				t.Errorf("%s!%s shows a figure that is kept back", s.Name, name)
			}
			if s.Name == "Nhân khẩu" && c.Value == hidden {
				rows++
				row := name[1:]
				for _, column := range "DEFGHIJ" {
					if v := s.Cells[string(column)+row].Value; column != 'D' && v != markHidden {
						t.Errorf("%s!%c%s shows %q in a row that is kept back", s.Name, column, row, v)
					}
				}
			}
		}
	}
	if rows != 1 {
		t.Errorf("%d rows of the hidden group", rows)
	}
}

func TestLogo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logo.png")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 200, 100))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, picture.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f := opened(t, written(t, Options{Logo: path, Unit: "Sở Nội vụ"}))
	for _, fault := range lint.Check(f) {
		t.Error(fault)
	}
	if alts := f.Sheets[0].Alts; len(alts) != 1 || alts[0].Text != "Biểu trưng của Sở Nội vụ" {
		t.Errorf("the logo's alternative text: %v", alts)
	}
	if err := os.WriteFile(path, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteTo(&bytes.Buffer{}, fixture(fixtureSize{}), Options{Logo: path}); err == nil {
		t.Error("no error for a logo that is no picture")
	}
}
