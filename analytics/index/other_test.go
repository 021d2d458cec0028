package index

import (
	"math"
	"strings"
	"testing"
)

func TestPCICompositeFromItsSubIndices(t *testing.T) {
	// Trà Vinh, published sub-indices and composite (domain/other-indices.md 2.3); two decimals each, so 0.055 at most.
	rows := [][]string{
		{"Tỉnh", "Năm", "Điểm PCI", "Xếp hạng", "Nhóm", "Gia nhập thị trường", "Tiếp cận đất đai", "Tính minh bạch", "Chi phí thời gian", "Chi phí không chính thức", "Cạnh tranh bình đẳng", "Tính năng động", "Dịch vụ hỗ trợ doanh nghiệp", "Đào tạo lao động", "Thiết chế pháp lý"},
		{"Trà Vinh", "2012", "62.75", "8", "", "8.93", "7.74", "6.17", "7.06", "7.52", "", "6.73", "2.61", "5.01", "2.87"},
		{"Trà Vinh", "2013", "60.87", "13", "Tốt", "9.47", "8.68", "5.67", "7.48", "7.79", "5.59", "7.52", "4.21", "5.37", "6.41"},
		{"Trà Vinh", "2018", "61.79", "46", "", "7.25", "7.05", "6.45", "7.68", "7.39", "5.89", "5.46", "6.12", "4.70", "6.38"},
		{"Trà Vinh", "2020", "62.44", "48", "", "8.61", "7.61", "5.72", "8.76", "7.48", "7.79", "6.81", "4.87", "5.24", "7.06"},
		{"Trà Vinh", "2021", "62.03", "51", "", "7.41", "7.43", "5.64", "7.07", "7.90", "5.13", "6.58", "5.77", "5.36", "7.56"},
	}
	s, err := ReadScores([]Sheet{{Name: "PCI", Cells: rows}}, ScoreOptions{Family: "pci"})
	if err != nil {
		t.Fatal(err)
	}
	checked, broken := s.Identities()
	if checked != 5 || len(broken) != 0 {
		t.Errorf("%d composites checked, broken %+v", checked, broken)
	}
	for _, x := range s.Of(2013, "pci") {
		if x.Rank != 13 || x.Group != "Tốt" || x.Value != 60.87 {
			t.Errorf("2013: %+v", x)
		}
	}
	rows[3][2] = "71.79"
	s, err = ReadScores([]Sheet{{Name: "PCI", Cells: rows}}, ScoreOptions{Family: "pci"})
	if err != nil {
		t.Fatal(err)
	}
	if _, broken := s.Identities(); len(broken) != 1 || broken[0].Year != 2018 || math.Abs(broken[0].Computed-61.79) > 0.055 {
		t.Errorf("a composite that does not add up gives %+v", broken)
	}
}

func TestICTIsTheMeanOfItsThreeParts(t *testing.T) {
	// Đà Nẵng 2019 and 2023 (domain/other-indices.md 3.1).
	rows := [][]string{
		{"TT", "Tỉnh/Thành phố", "Năm", "HTKT", "HTNL", "ƯDCNTT", "ICT Index"},
		{"1", "Đà Nẵng", "2019", "0,7925", "0,9538", "0,8500", "0,8654"},
		{"2", "Đà Nẵng", "2023", "0.7908", "0.7892", "0.9655", "0.8485"},
	}
	s, err := ReadScores([]Sheet{{Name: "ICT", Cells: rows}}, ScoreOptions{Family: "ict"})
	if err != nil {
		t.Fatal(err)
	}
	if checked, broken := s.Identities(); checked != 2 || len(broken) != 0 {
		t.Errorf("%d checked, broken %+v", checked, broken)
	}
}

func TestAnnexOfPARPointsMustAddUpTo100(t *testing.T) {
	source, err := Shipped("par")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(source), "rule: published\n    children", "rule: mean\n    weight_total: 100\n    children", 1)
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if problems := d.Check(); len(problems) != 1 || !strings.Contains(problems[0].Error(), "add up to 8, not 100") {
		t.Errorf("problems %v, want that the weights add up to 8", problems)
	}
}

func TestBandsOfThePARIndex(t *testing.T) {
	d := shipped(t, "par")
	for _, c := range []struct {
		year  int
		score float64
		want  string
	}{{2019, 90.09, "A"}, {2021, 89.99, "B"}, {2022, 83, "B"}, {2020, 73.25, "C"}, {2018, 69.9, "D"}, {2012, 75, "Khá"}, {2014, 75, ""}} {
		if got := d.Band(c.year, c.score); got != c.want {
			t.Errorf("%v in %d is %q, want %q", c.score, c.year, got, c.want)
		}
	}
}

func TestSIPASPointsInThePARIndex(t *testing.T) {
	// 83.94 → 8.39, 75.03 → 7.50 (domain/sipas.md 7, V13).
	p := shipped(t, "sipas-2023").Points
	for percent, want := range map[float64]float64{83.94: 8.39, 90.61: 9.06, 75.03: 7.50, 82.71: 8.27} {
		if got := p.Of(percent); math.Abs(got-want) > 0.005 {
			t.Errorf("%v %% is worth %v, want %v", percent, got, want)
		}
	}
}
