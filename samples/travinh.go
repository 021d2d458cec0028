package samples

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"hailong/analytics/design"
)

// travinhFrame is the 106 communes of Trà Vinh as of 2020 (codes and names real, transactions made up).
//
//go:embed tra-vinh-2020/frame.csv
var travinhFrame []byte

// travinhSeed gives a sample with both Phường 1 and with a ward that was merged away in 2024, and an overall satisfaction whose
// interval holds the target of 85 %: the cases that a report has to get right.
const travinhSeed = 439

// A File is one workbook of a sample.
type File struct {
	Name    string
	Stratum int
	Look    Look
	Defects Defects
}

// A Sample is a survey with the files that it is kept in.
type Sample struct {
	*Survey
	Files []File
}

// TraVinh2020 makes the sample survey of Trà Vinh: the 2017 method of SIPAS, nine districts, 30 communes, 580 forms, a workbook a district.
// Every workbook looks different, as nine offices' would.
func TraVinh2020() (*Sample, error) { return traVinh(travinhSeed) }

func traVinh(seed uint64) (*Sample, error) {
	strata, err := travinhStrata(seed)
	if err != nil {
		return nil, err
	}
	s, err := Generate(Spec{
		Seed: seed,
		Title: "Bảng tổng hợp kết quả khảo sát mức độ hài lòng của người dân, tổ chức" +
			" đối với sự phục vụ của cơ quan hành chính nhà nước năm 2020",
		Design: Design{Strata: strata},
		Model: Model{
			Positive: 0.86,
			Items: map[string]float64{
				"AC1": 0.90, "AC2": 0.87, "AC3": 0.79, "AC4": 0.86,
				"PR1": 0.90, "PR2": 0.88, "PR3": 0.88, "PR4": 0.92, "PR5": 0.80,
				"OF1": 0.90, "OF2": 0.87, "OF3": 0.85, "OF4": 0.83, "OF5": 0.85, "OF6": 0.88,
				"RE1": 0.90, "RE2": 0.90, "RE3": 0.89,
				"FB1": 0.82, "FB2": 0.77, "FB3": 0.78, "FB4": 0.75,
			},
			ICC: 0.05, Halo: 0.35, Blank: 0.012, StraightLine: 0.02,
			DontKnowItems: map[string]float64{"FB1": 0.03, "FB2": 0.04, "FB3": 0.06, "FB4": 0.07},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("making the Trà Vinh sample: %w", err)
	}
	sample := &Sample{Survey: s, Files: travinhFiles(strata)}
	for i, f := range sample.Files {
		v, err := s.stratumView(f.Look, f.Stratum)
		if err != nil {
			return nil, err
		}
		s.plantIn(newSource(seed, drawDefects+100+uint64(i)), v.lo, v.hi, f.Defects)
	}
	return sample, nil
}

// travinhStrata selects the communes with probability proportional to their (made-up) transactions.
func travinhStrata(seed uint64) ([]Stratum, error) {
	rows, err := csv.NewReader(bytes.NewReader(travinhFrame)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading the frame of communes: %w", err)
	}
	plan := []struct {
		code   string
		effect float64
		forms  []int // one number a selected commune
	}{
		{"842", -0.22, []int{20, 18, 18, 20}},
		{"844", 0.10, []int{20, 18, 18, 20}},
		{"845", 0.02, []int{20, 18, 20}},
		{"846", 0.16, []int{20, 20, 20}},
		{"847", -0.06, []int{20, 18, 18, 20}},
		{"848", 0.08, []int{20, 18, 18, 20}},
		{"849", -0.16, []int{32, 16, 16, 16}},
		{"850", 0.04, []int{18, 20}},
		{"851", 0.20, []int{20, 20}},
	}
	var out []Stratum
	for h, p := range plan {
		st := Stratum{Code: p.code, Effect: p.effect}
		var units []PSU
		var sizes []float64
		for _, r := range rows[1:] {
			if r[0] != p.code {
				continue
			}
			n, err := strconv.Atoi(r[4])
			if err != nil {
				return nil, fmt.Errorf("reading the frame of communes: transactions of %s: %w", r[3], err)
			}
			st.Name = r[1]
			st.Units += n
			units = append(units, PSU{Code: r[2], Name: r[3]})
			sizes = append(sizes, float64(n))
		}
		picked, err := design.SelectPPS(sizes, len(p.forms), seed+uint64(h))
		if err != nil {
			return nil, fmt.Errorf("selecting communes of %s: %w", st.Name, err)
		}
		for k, sel := range picked {
			u := units[sel.Unit]
			u.Forms = p.forms[k]
			st.PSUs = append(st.PSUs, u)
		}
		out = append(out, st)
	}
	return out, nil
}

func travinhFiles(strata []Stratum) []File {
	files := []File{
		{Name: "01-tp-tra-vinh.xlsx", Look: Look{Dialect: Office, Numbers: true, Totals: true}, Defects: Defects{TwoMarks: 1}},
		{Name: "02-h-cang-long.xlsx", Look: Look{Dialect: Office, Answers: Codes, GroupRows: true, Legend: true, Totals: true}},
		{Name: "03-h-cau-ke.xlsx", Look: Look{Dialect: Office, Encoding: TCVN3, Totals: true, SheetName: "Sheet1"}},
		{Name: "04-h-tieu-can.xlsx", Look: Look{Dialect: OfficeTicks, Numbers: true, Totals: true}, Defects: Defects{TwoMarks: 2}},
		{Name: "05-h-chau-thanh.xlsx", Look: Look{Dialect: Office, Encoding: NFD, Numbers: true}},
		{Name: "06-h-cau-ngang.xlsx", Look: Look{Dialect: Office, Answers: CodeAndLabel, Totals: true, District: true}},
		{Name: "07-h-tra-cu.xlsx", Look: Look{Dialect: Office, Answers: Codes, ReverseItems: true, Totals: true}, Defects: Defects{OutOfRange: 2}},
		{Name: "08-h-duyen-hai.xlsx", Look: Look{Dialect: Office, Answers: Codes, HeaderCodes: true, Names: true, SheetName: "Nhap lieu"}},
		{Name: "09-tx-duyen-hai.xlsx", Look: Look{Dialect: Office, Untidy: true, Numbers: true, Totals: true}, Defects: Defects{DuplicateForms: 1}},
	}
	for h := range files {
		files[h].Stratum = h
		files[h].Look.Unit = strata[h].Name
		files[h].Look.Signature = true
		files[h].Look.Place = "Trà Vinh"
		files[h].Look.Date = "ngày 20 tháng 10 năm 2020"
	}
	return files
}

// WriteFiles writes every workbook of the sample, one after the other, to what open returns for its name.
func (s *Sample) WriteFiles(open func(name string) (io.WriteCloser, error)) error {
	for _, f := range s.Files {
		w, err := open(f.Name)
		if err != nil {
			return fmt.Errorf("creating %s: %w", f.Name, err)
		}
		if err := s.WriteXLSX(w, f.Look, f.Stratum); err != nil {
			return fmt.Errorf("writing %s: %w", f.Name, err)
		}
		if err := w.Close(); err != nil {
			return fmt.Errorf("closing %s: %w", f.Name, err)
		}
	}
	return nil
}
