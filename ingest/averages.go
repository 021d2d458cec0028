package ingest

import (
	"fmt"
	"strings"

	"hailong/ingest/questionnaire"
	"hailong/ingest/xlsx"
)

// count notes what an item's answer says about its column.
func (p *profile) count(answer questionnaire.Answer, c *xlsx.Cell) {
	if answer.Outcome == questionnaire.Blank || answer.Outcome == questionnaire.MissingWhy {
		return
	}
	p.answers++
	if answer.Outcome == questionnaire.Reversed {
		p.reversed++
	}
	if answer.Average {
		if p.averages == 0 {
			p.average = string(c.Text)
		}
		p.averages++
	}
}

// A refusal is an error that says why a sheet whose cells could all be read is not used.
type refusal struct{ problem Problem }

func (r *refusal) Error() string { return r.problem.String() }

// averages says which items hold averages of answers, and where most items have no column, which other columns do. Some exports keep only
// "4.37/5" a form, and 4.37 hides how many of the answers were 4 or 5. Where no other item is left, the sheet is refused.
func (p *passRun) averages() error {
	var cells []string
	var count int64
	example, want := "", ""
	for _, r := range p.prog.readers {
		if !r.settled.averages || r.other && 2*p.prog.usable > p.prog.asked {
			continue
		}
		cell := p.env.table.ColumnName(r.column)
		if len(cells) == 0 {
			example, want = r.profile.average, r.want
		}
		cells, count = append(cells, cell), count+r.profile.averages
		p.env.problems.list = append(p.env.problems.list, Problem{
			File: p.reader.file, Sheet: p.reader.sheet.Name, Cell: cell, Code: "averages", Want: r.want, Got: r.profile.average, Count: r.profile.averages,
			Text: averagesText("cột", "the column", r.profile.average),
		})
	}
	if len(cells) == 0 || p.prog.usable > 0 {
		return nil
	}
	return &refusal{Problem{
		File: p.reader.file, Sheet: p.reader.sheet.Name, Cell: strings.Join(cells, ", "), Code: "averages", Want: want, Got: example, Count: count,
		Text: averagesText(fmt.Sprintf("không dùng được trang tính: cả %d cột câu hỏi", len(cells)), fmt.Sprintf("the sheet cannot be used: each of its %d items' columns", len(cells)), example),
	}}
}

func averagesText(vi, en, example string) Text {
	return Text{
		VI: fmt.Sprintf("%s chứa điểm trung bình của các câu trả lời (như %s), không phải từng câu trả lời; không thể tính tỷ lệ hài lòng (hai mức trên cùng) từ điểm trung bình; hãy xuất từng câu trả lời, hoặc dùng bộ chỉ số có aggregator: mean_score5 với thang đo numeric", vi, example),
		EN: fmt.Sprintf("%s holds averages of answers (such as %s), not answers; a share of satisfied answers (top two levels) cannot be made from averages; export the answers item by item, or use a definition with aggregator: mean_score5 and a numeric scale", en, example),
	}
}
