package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"hailong/analytics/result"
	"hailong/ingest"
	"hailong/ingest/quality"
)

// provenance copies what ingest reported into the parts of the set that say where the figures come from: inputs, ledger,
// columns, findings and problems. Paths are given to people as they were written in the plan, so that the set does not
// depend on the folder it was made in.
func provenance(set *result.Set, r *ingest.Report, shown map[string]string) {
	name := func(path string) string {
		if s, ok := shown[path]; ok {
			return s
		}
		return path
	}
	total := map[string]int{}
	for _, f := range r.Files {
		for _, s := range f.Sheets {
			set.Inputs = append(set.Inputs, result.Input{
				Path: name(f.Path), SHA256: f.SHA256, Bytes: f.Bytes, Sheet: s.Sheet, Rows: int(s.Ledger.Rows), Reused: f.Reused,
			})
			l := result.FileLedger{Path: name(f.Path), Sheet: s.Sheet, Read: int(s.Ledger.Rows), Kept: int(s.Ledger.Kept), SetAside: []result.SetAside{}}
			for _, c := range slices.Concat(s.Ledger.Classes, s.Ledger.SetAside) {
				if c.Rows == 0 {
					continue
				}
				total[c.Reason] += int(c.Rows)
				l.SetAside = append(l.SetAside, result.SetAside{Reason: c.Reason, Label: reasonLabel(c.Reason), Rows: int(c.Rows)})
			}
			set.Ledger.Read += l.Read
			set.Ledger.Kept += l.Kept
			set.Ledger.Files = append(set.Ledger.Files, l)
			columns(set, name(f.Path), s)
		}
		if f.Failed {
			set.Inputs = append(set.Inputs, result.Input{Path: name(f.Path), SHA256: f.SHA256, Bytes: f.Bytes})
		}
	}
	set.Ledger.SetAside = []result.SetAside{}
	for _, reason := range slices.Sorted(maps.Keys(total)) {
		set.Ledger.SetAside = append(set.Ledger.SetAside, result.SetAside{Reason: reason, Label: reasonLabel(reason), Rows: total[reason]})
	}
	slices.SortStableFunc(set.Ledger.SetAside, func(a, b result.SetAside) int { return cmp.Compare(b.Rows, a.Rows) })

	for _, p := range r.Problems {
		got := p.Got
		if p.Count > 1 {
			got = fmt.Sprintf("%s (×%d)", got, p.Count)
		}
		set.Problems = append(set.Problems, result.Problem{
			File: name(p.File), Sheet: p.Sheet, Cell: p.Cell, Code: p.Code, Want: p.Want, Got: got,
			Text: result.Text{VI: p.Text.VI, EN: p.Text.EN},
		})
	}
	for _, f := range r.Findings {
		set.Quality = append(set.Quality, finding(f, name))
	}
}

func columns(set *result.Set, path string, s ingest.SheetReport) {
	for _, c := range s.Columns {
		set.Columns = append(set.Columns, result.Column{
			File: path, Sheet: s.Sheet, Cell: c.Cell, Header: c.Header, Name: c.Name, Role: c.Role, Item: itemOf(c), How: c.How,
			Score: result.Number(c.Score), Type: c.Type, Notes: notes(c),
		})
	}
	for _, c := range s.Dropped {
		set.Columns = append(set.Columns, result.Column{
			File: path, Sheet: s.Sheet, Cell: c.Cell, Header: c.Header, Role: "personal", How: c.How, Score: result.Number(c.Score), Type: c.Type, Notes: notes(c),
		})
	}
}

func itemOf(c ingest.Column) string {
	if c.Role == "item" {
		return c.Name
	}
	return ""
}

func notes(c ingest.Column) []string {
	var out []string
	if c.Why != "" {
		out = append(out, c.Why)
	}
	if c.Ticks > 0 {
		out = append(out, fmt.Sprintf("%d tick columns", c.Ticks))
	}
	return out
}

// reasonLabel says in both languages why rows are not answers. An unknown reason stays as its key, so that nothing is hidden.
func reasonLabel(reason string) result.Text {
	if t, ok := reasons[reason]; ok {
		return t
	}
	return result.Text{VI: reason, EN: reason}
}

var reasons = map[string]result.Text{
	"title":             {VI: "dòng tên biểu", EN: "title rows"},
	"header":            {VI: "dòng tiêu đề cột", EN: "header rows"},
	"column_numbers":    {VI: "dòng đánh số cột", EN: "column-number rows"},
	"group":             {VI: "dòng tên nhóm", EN: "group rows"},
	"totals":            {VI: "dòng tổng cộng", EN: "totals rows"},
	"percent":           {VI: "dòng tỷ lệ phần trăm", EN: "percentage rows"},
	"signature":         {VI: "dòng ký tên", EN: "signature rows"},
	"blank":             {VI: "dòng trống", EN: "blank rows"},
	"preview":           {VI: "phiếu xem thử", EN: "survey previews"},
	"rejected_form":     {VI: "phiếu bị giám sát viên bác", EN: "forms rejected by the survey's supervisors"},
	"duplicate_form":    {VI: "phiếu trùng mã", EN: "duplicate form numbers"},
	"aggregate":         {VI: "dòng đếm phiếu, không phải phiếu", EN: "rows of counts, no forms"},
	"other_respondents": {VI: "dòng của trang khác với trang người trả lời", EN: "rows of another sheet than the respondents'"},
	"no_answers":        {VI: "phiếu không có câu trả lời", EN: "forms without answers"},
	"duplicate_answers": {VI: "phiếu trả lời giống hệt phiếu khác", EN: "same answers as another form"},
	"near_duplicate":    {VI: "phiếu chỉ khác một câu trả lời so với phiếu khác", EN: "one answer apart from another form"},
	"straight_line":     {VI: "phiếu chọn một mức từ đầu đến cuối", EN: "one answer all the way down"},
	"speeder":           {VI: "phiếu trả lời quá nhanh", EN: "answered too fast"},
	"impossible_date":   {VI: "phiếu có ngày giờ không thể có", EN: "impossible dates"},
	"unreadable":        {VI: "dòng không đọc được", EN: "unreadable rows"},
}

// finding puts one doubt of package quality into the set. Cells are given as "sheet!row N" where a finding spans sheets.
func finding(f quality.Finding, name func(string) string) result.Finding {
	out := result.Finding{
		Check: f.Code, Severity: severity(f.Code), File: name(f.File), Sheet: f.Sheet, Rows: int(f.Count),
		Text: result.Text{VI: f.VI, EN: f.EN}, Value: result.Number(f.Value),
	}
	for _, c := range f.Cells {
		cell := fmt.Sprintf("%d", c.Row)
		if f.File == "" {
			cell = fmt.Sprintf("%s › %s › %d", c.File, c.Sheet, c.Row)
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}

// severity ranks findings for the reader: those that change figures first.
func severity(code string) string {
	switch code {
	case "rejected_form", "duplicate_form", "duplicate_answers", "interviewer_mean", "interviewer_spread", "interviewer_rate":
		return "serious"
	case "near_duplicate", "straight_line", "speeder", "impossible_date", "invalid_answers", "no_answers", "funnel_excess", "funnel_area_excess":
		return "warning"
	}
	return "info"
}
