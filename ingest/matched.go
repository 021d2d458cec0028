package ingest

import (
	"slices"
	"strings"

	"hailong/ingest/questionnaire"
)

// ownPins finds the headers to which the plan gives a name that the questionnaire does not have. They are no longer matched.
func (c *compiler) ownPins() (map[int]string, []questionnaire.Doubt) {
	own := map[int]string{}
	names := make([]string, 0, len(c.src.options.Columns))
	for name := range c.src.options.Columns {
		if !c.src.describes(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var doubts []questionnaire.Doubt
	for _, name := range names {
		text := c.src.options.Columns[name]
		switch columns := questionnaire.FindHeader(c.headers, text); len(columns) {
		case 0:
			doubts = append(doubts, questionnaire.Doubt{Code: questionnaire.DoubtPin, ID: name, Other: text})
		case 1:
			own[columns[0]] = name
		default:
			doubts = append(doubts, questionnaire.Doubt{Code: questionnaire.DoubtColumns, ID: name, Columns: columns, Other: text})
		}
	}
	return own, doubts
}

// describes reports whether the questionnaire has an item or a variable of that name.
func (s *source) describes(name string) bool {
	return slices.ContainsFunc(s.questionnaire.Items, func(i questionnaire.Item) bool { return i.ID == name }) ||
		slices.ContainsFunc(s.questionnaire.Background, func(v questionnaire.Variable) bool { return v.ID == name })
}

// doubt turns a match that was not made into a problem.
func (c *compiler) doubt(d questionnaire.Doubt) {
	cell := ""
	var cells, headers []string
	for _, at := range d.Columns {
		cells = append(cells, c.table.ColumnName(c.sheetColumn(at)))
		headers = append(headers, c.headers[at].Name)
	}
	cell = strings.Join(cells, ", ")
	got := strings.Join(headers, " | ")
	c.doubts = append(c.doubts, func(p *problemList) {
		switch d.Code {
		case questionnaire.DoubtPin:
			p.note("", d.Code, d.Other, "", say("không có cột nào mang tiêu đề %q mà kế hoạch gán cho %s", "no column has the header %q that the plan gives to %s", d.Other, d.ID))
		case questionnaire.DoubtColumns:
			p.note(cell, d.Code, d.ID, got, say("nhiều cột cùng khớp với %s; hãy chỉ rõ trong kế hoạch (columns)", "several columns match %s; name one in the plan (columns)", d.ID))
		case questionnaire.DoubtHeader:
			p.note(cell, d.Code, d.ID+" | "+d.Other, got, say("tiêu đề giống cả %s và %s; không ghép", "the header is as like %s as %s; not matched", d.ID, d.Other))
		case questionnaire.DoubtWording:
			p.note(cell, d.Code, d.ID, got, say("mã câu là của %s nhưng nội dung khác; không ghép", "the code is that of %s, but the wording is not; not matched", d.ID))
		default:
			p.note(cell, d.Code, d.ID, got, say("tiêu đề gần giống %s (%.2f), dưới ngưỡng; không ghép", "the header is nearly %s (%.2f), below the bound; not matched", d.ID, d.Score))
		}
	})
}
