package samples

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// WritePAPI writes the published PAPI scores as PAPI's own combined workbook keeps them: a sheet a year (2020_PAPI), a province a row, English
// names over Vietnamese ones, sub-dimensions after their dimension, the composite last, and a row 999 with the highest score of each
// column. What comes in are the three tables beside the workbook; names says what a code meant in which years. A withheld score stands as
// the published workbooks have it: an empty cell, but 0 in 2014 (composite), 2022 and 2024 (domain notes, PAPI 5.4).
func WritePAPI(w io.Writer, names, scores, subs io.Reader) error {
	nameRows, err := table(names, "names")
	if err != nil {
		return err
	}
	scoreRows, err := table(scores, "scores")
	if err != nil {
		return err
	}
	subRows, err := table(subs, "sub-dimensions")
	if err != nil {
		return err
	}
	if len(scoreRows) != len(subRows) {
		return fmt.Errorf("writing the PAPI workbook: %d rows of scores, %d of sub-dimensions", len(scoreRows), len(subRows))
	}
	byYear := map[string][]map[string]string{}
	var years []string
	for i, r := range scoreRows {
		for k, v := range subRows[i] {
			if have, ok := r[k]; ok && have != v {
				return fmt.Errorf("writing the PAPI workbook: row %d: %s is %s among the scores and %s among the sub-dimensions", i+2, k, have, v)
			}
			r[k] = v
		}
		y := r["year"]
		if !slices.Contains(years, y) {
			years = append(years, y)
		}
		byYear[y] = append(byYear[y], r)
	}
	var sheets []*sheet
	for _, y := range years {
		s, err := papiSheet(y, nameRows, byYear[y])
		if err != nil {
			return fmt.Errorf("writing the PAPI workbook: %s: %w", y, err)
		}
		sheets = append(sheets, s)
	}
	return writeBook(w, "PAPI 2011–2024", newEncoder(Unicode), false, sheets...)
}

func papiSheet(year string, names, rows []map[string]string) (*sheet, error) {
	y, err := strconv.Atoi(year)
	if err != nil {
		return nil, fmt.Errorf("reading the year: %w", err)
	}
	codes := []string{"gso_code", "province_en", "province_vi"}
	en, vi := []cell{text("tinhid"), text("tentinh_eng"), text("tentinh_vie")}, []cell{text("tinhid"), text("tentinh_eng"), text("tentinh_vie")}
	for _, n := range names {
		from, err1 := strconv.Atoi(n["from"])
		to, err2 := strconv.Atoi(n["to"])
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("reading the names: %s: years %q–%q", n["code"], n["from"], n["to"])
		}
		if y >= from && y <= to {
			codes = append(codes, n["code"])
			en, vi = append(en, text(n["en"])), append(vi, text(n["vi"]))
		}
	}
	all := [][]cell{en, vi}
	highest := make([]float64, len(codes))
	for _, r := range rows {
		cells := make([]cell, len(codes))
		for c, code := range codes {
			v := r[code]
			switch {
			case c == 1 || c == 2:
				cells[c] = text(v)
			case v == "" && withheldZero(y, code):
				cells[c] = number(0)
			case v != "":
				x, err := strconv.ParseFloat(v, 64)
				if err != nil {
					return nil, fmt.Errorf("reading %s of %s: %w", code, r["province_en"], err)
				}
				cells[c] = number(x)
				highest[c] = max(highest[c], x)
			}
		}
		all = append(all, cells)
	}
	last := []cell{number(999), text("Highest"), text("Điểm cao nhất")}
	for c := 3; c < len(codes); c++ {
		last = append(last, number(highest[c]))
	}
	all = append(all, last)
	return &sheet{name: year + "_PAPI", rows: func(yield func(row) error) error {
		for i, cells := range all {
			if err := yield(row{index: i + 1, cells: cells}); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

// withheldZero tells where the published workbooks write 0 for a score that was withheld.
func withheldZero(year int, code string) bool {
	switch year {
	case 2014:
		return code == "composite"
	case 2022, 2024:
		return code[0] == 'D' || code == "composite"
	default:
		return false
	}
}

func table(r io.Reader, what string) ([]map[string]string, error) {
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading the table of %s: %w", what, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("reading the table of %s: it is empty", what)
	}
	out := make([]map[string]string, 0, len(all)-1)
	for _, rec := range all[1:] {
		m := make(map[string]string, len(rec))
		for c, v := range rec {
			m[all[0][c]] = v
		}
		out = append(out, m)
	}
	return out, nil
}
