package index

import (
	"fmt"
	"strings"
	"time"

	"hailong/analytics/area"
	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// ReadWeighting reads how much each of the 63 provinces weighs: the first sheet with a column of provinces and a column of positive
// numbers. The header of that column is the weighting's name, which is printed beside every figure that rests on it.
func ReadWeighting(sheets []Sheet) (area.Weighting, error) {
	before := area.TwoTier().AddDate(0, 0, -1)
	for _, sheet := range sheets {
		t := newTable(sheet)
		w := area.Weighting{Weights: map[string]float64{}}
		column, head := -1, -1
		for row := range t.rows {
			unit, at := area.Unit{}, -1
			for col := range t.cols {
				if u, ok := area.Find(t.at(row, col), before); ok && hasLetter(t.at(row, col)) {
					unit, at = u, col
					break
				}
			}
			if at < 0 { // a table of codes alone
				if u, ok := area.Find(t.at(row, 0), before); ok {
					unit, at = u, 0
				} else {
					if column < 0 {
						head = row
					}
					continue
				}
			}
			for col := t.cols - 1; column < 0 && col > at; col-- {
				if v, ok := parseScore(t.at(row, col)); ok && v > 0 {
					column = col
				}
			}
			if column < 0 {
				continue
			}
			text := t.at(row, column)
			v, ok := parseScore(text)
			if !ok || v <= 0 {
				return w, wording.Errorf("%s!%s: the weight of %s is %q; a positive number is needed", sheet.Name, t.cell(row, column), unit.Name, text)
			}
			if _, twice := w.Weights[unit.Code]; twice {
				return w, wording.Errorf("%s!%s: %s stands twice", sheet.Name, t.cell(row, column), unit.Name)
			}
			w.Weights[unit.Code] = v
		}
		if len(w.Weights) == 0 {
			continue
		}
		if head >= 0 {
			w.Name = t.at(head, column)
		}
		if w.Name == "" {
			return w, wording.Errorf("%s: the column of weights has no header, which must name the weighting", sheet.Name)
		}
		return w, nil
	}
	return area.Weighting{}, wording.Errorf("no sheet has old provinces beside weights")
}

// Carry puts the scores of the years before 1/7/2025 onto the 34 provinces by a weighting that is stated. It is arithmetic, no
// measurement: nobody asked the new provinces, so there are no standard errors, and a province that lacks a part or a weight is unknown.
func (s *Scores) Carry(w area.Weighting) (*Scores, error) {
	out := &Scores{Family: s.Family, Definitions: s.Definitions, Problems: s.Problems, Notes: append([]result.Text(nil), s.Notes...), days: map[int]time.Time{}}
	missing := map[string]bool{}
	for from, to := 0, 0; from < len(s.Scores); from = to {
		first := s.Scores[from]
		values := map[string]float64{}
		for to = from; to < len(s.Scores) && s.Scores[to].Year == first.Year && s.Scores[to].Node == first.Node; to++ {
			if x := &s.Scores[to]; x.Value.Known() {
				values[x.Area] = float64(x.Value)
			}
		}
		if !s.Day(first.Year).Before(area.TwoTier()) {
			out.Scores = append(out.Scores, s.Scores[from:to]...)
			out.days[first.Year] = s.Day(first.Year)
			continue
		}
		carried, err := area.Carry(values, w)
		if err != nil {
			return nil, err
		}
		out.days[first.Year] = area.TwoTier()
		for _, c := range carried {
			out.Scores = append(out.Scores, Score{
				Year: first.Year, Area: c.Area.Code, AreaName: c.Area.Name, Node: first.Node, Value: c.Value, SE: result.Unknown(), Computed: true, File: first.File, Sheet: first.Sheet,
			})
			for _, code := range c.Missing {
				if _, weighed := w.Weights[code]; !weighed {
					missing[code] = true
				}
			}
		}
	}
	out.Notes = append(out.Notes, result.Text{
		VI: fmt.Sprintf("Điểm của 34 tỉnh mới là trung bình có quyền số (%s) của các tỉnh cũ: phép tính, không phải kết quả khảo sát.", w.Name),
		EN: fmt.Sprintf("The 34 new provinces' scores are means of the old ones weighted by %s: arithmetic, no survey's result.", w.Name),
	})
	if len(missing) > 0 {
		var names []string
		for _, u := range area.Provinces(area.TwoTier().AddDate(0, 0, -1)) {
			if missing[u.Code] {
				names = append(names, u.Name)
			}
		}
		list := strings.Join(names, ", ")
		out.Notes = append(out.Notes, result.Text{VI: "Không có quyền số: " + list + "; tỉnh mới tương ứng để trống.", EN: "No weight for " + list + "; their new provinces stay unknown."})
	}
	out.sort()
	return out, nil
}
