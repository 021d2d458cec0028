package samples

import (
	"fmt"
	"strconv"

	"hailong/ingest/questionnaire"
)

// export renders the sheet as a survey tool (or a statistician) would: one header row, one row a form.
func (v view) export() *sheet {
	cols := v.exportColumns()
	name := map[Dialect]string{
		Plain: "data", Kobo: "Khảo sát hài lòng", GoogleForms: "Câu trả lời biểu mẫu 1", Qualtrics: "Sheet0", MSForms: "Sheet1", LimeSurvey: "survey_168",
	}[v.look.Dialect]
	if v.look.SheetName != "" {
		name = v.look.SheetName
	}
	return &sheet{name: name, rows: func(yield func(row) error) error {
		depth := 1
		if v.look.Dialect == Qualtrics {
			depth = 3
		}
		for h := range depth {
			head := make([]cell, len(cols))
			for c := range cols {
				head[c] = cell{kind: textCell, text: v.enc.text(cols[c].head[h])}
			}
			if err := yield(row{index: h + 1, class: "header", cells: head}); err != nil {
				return err
			}
		}
		cells := make([]cell, len(cols))
		for i := v.lo; i < v.hi; i++ {
			for c := range cols {
				cells[c] = cols[c].cell(i)
				if cells[c].style == styleBody {
					cells[c].style = stylePlain
				}
			}
			if err := yield(row{index: i - v.lo + 1 + depth, class: "data", cells: cells}); err != nil {
				return err
			}
		}
		return nil
	}}
}

func (v view) exportColumns() []column {
	var cols []column
	add := func(head string, f func(form int) cell) {
		cols = append(cols, column{head: [3]string{head, head, `{"ImportId":"` + head + `"}`}, cell: f, item: -1})
	}
	date := func(i int) cell { // a day of the field work
		return cell{kind: numberCell, num: 44105 + float64(i%30) + float64(i%1440)/1440, style: styleDate}
	}
	asText := v.look.Dialect == Kobo
	num := func(x float64) cell {
		if asText {
			return text(decimal(x))
		}
		return number(x)
	}
	switch v.look.Dialect {
	case Kobo:
		add("start", func(i int) cell { return text(moment(i)) })
	case GoogleForms:
		add("Dấu thời gian", date)
	case Qualtrics:
		add("StartDate", date)
		add("EndDate", date)
		add("Status", func(int) cell { return text("IP Address") })
		add("Progress", func(int) cell { return number(100) })
		add("Finished", func(int) cell { return text("True") })
		add("ResponseId", func(i int) cell { return text(fmt.Sprintf("R_%015d", i+1)) })
	case MSForms:
		add("ID", func(i int) cell { return number(float64(i + 1)) })
		add("Start time", date)
		add("Completion time", date)
		add("Email", func(int) cell { return text("anonymous") })
		add("Name", func(int) cell { return cell{} })
	case LimeSurvey:
		add("id", func(i int) cell { return number(float64(i + 1)) })
		add("submitdate", func(i int) cell { return text(moment(i)) })
		add("lastpage", func(int) cell { return number(1) })
		add("startlanguage", func(int) cell { return text("vi") })
		add("seed", func(i int) cell { return text(strconv.Itoa(100000000 + i)) })
	case Plain, Office, OfficeTicks:
	}
	add("synthetic", func(int) cell { return text(v.enc.text("GIẢ LẬP / SYNTHETIC")) })
	add(v.Spec.Columns.Form, func(i int) cell { return text(v.Forms[i].Number) })
	add(v.Spec.Columns.Stratum, func(i int) cell { return text(v.enc.text(v.stratum(i).Name)) })
	add(v.Spec.Columns.PSU, func(i int) cell { return text(v.enc.text(v.psu(i).Name)) })
	for c, ch := range v.Spec.Background {
		head := ch.ID
		if v.look.Dialect == GoogleForms || v.look.Dialect == MSForms {
			head = ch.Header
		}
		add(head, func(i int) cell {
			if ch.Number {
				return num(float64(v.value(i, c)))
			}
			return v.background(i, c)
		})
	}
	group := map[string]ItemGroup{}
	for _, g := range v.Spec.Groups {
		for _, id := range g.Items {
			group[id] = g
		}
	}
	j, c := -1, -1 // the items of one answer and those of several, in the order of the questionnaire
	for n, it := range v.Spec.Questionnaire.Items {
		if v.Spec.Questionnaire.Scales[it.Scale].Multiple {
			c++
			cols = append(cols, v.choicesExport(c, n, group[it.ID])...)
			continue
		}
		j++
		answer := j
		add(v.exportHead(it, n, group[it.ID]), func(i int) cell { return v.exportAnswer(i, answer) })
		cols[len(cols)-1].head[1] = it.Text.VI
	}
	if !v.Spec.Design.NoWeight {
		add(v.Spec.Columns.Weight, func(i int) cell { return num(v.Forms[i].Weight) })
	}
	if v.look.Dialect == Kobo {
		add("_id", func(i int) cell { return number(float64(100000 + i)) })
		add("_uuid", func(i int) cell { return text(fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1)) })
		add("_submission_time", func(i int) cell { return text(moment(i)) })
		add("_index", func(i int) cell { return number(float64(i - v.lo + 1)) })
	}
	return cols
}

// exportHead is the header of the n-th item, which stands in a group of the form.
func (v view) exportHead(it questionnaire.Item, n int, g ItemGroup) string {
	switch v.look.Dialect {
	case Kobo:
		return "g" + g.Code + "/" + it.ID
	case Qualtrics:
		return "Q" + strconv.Itoa(n+1)
	case MSForms:
		return it.Text.VI
	case GoogleForms:
		return g.Name + " [" + it.Text.VI + "]"
	case LimeSurvey:
		return fmt.Sprintf("Q%s[%s]. %s [%s]", g.Code, it.ID, g.Name, it.Text.VI)
	case Plain, Office, OfficeTicks:
	}
	return it.ID
}

// choicesExport are the columns of an item that takes several answers, as each tool writes them: KoboToolbox joins the names of the choices by
// spaces and adds question/choice with 1 and 0 (multiple_select=both, its default), and so does the plain sheet; LimeSurvey has a column a
// choice with Y or nothing; Google Forms joins by a comma and a space, Microsoft Forms by semicolons with one at the end
// (https://web-breeze.net/aggregate-separated-data), Qualtrics by commas where the values are not split into columns.
func (v view) choicesExport(c, n int, g ItemGroup) []column {
	it := v.choices[c].Item
	one := func(head, second string, f func(form int) cell) column {
		return column{head: [3]string{head, second, `{"ImportId":"` + head + `"}`}, cell: f, item: -1}
	}
	list := func(head, separator string, after bool) []column {
		return []column{one(head, it.Text.VI, func(i int) cell { return v.listed(i, c, separator, after, v.written) })}
	}
	switch v.look.Dialect {
	case GoogleForms:
		return list(it.Text.VI, ", ", false) // a checkbox question is no grid
	case MSForms:
		return list(v.exportHead(it, n, g), ";", true)
	case Qualtrics:
		return list(v.exportHead(it, n, g), ",", false)
	case LimeSurvey:
		var cols []column
		for _, o := range v.options(c) {
			cols = append(cols, one(fmt.Sprintf("%s[%s]. %s [%s]", it.ID, o.name, it.Text.VI, o.label), "", func(i int) cell {
				if o.chosen(v.picked(i, c)) {
					return text("Y")
				}
				return cell{}
			}))
		}
		return cols
	case Plain, Kobo, Office, OfficeTicks:
	}
	head := v.exportHead(it, n, g)
	cols := []column{one(head, "", func(i int) cell {
		return v.listed(i, c, " ", false, func(o option) string { return o.name })
	})}
	for _, o := range v.options(c) {
		cols = append(cols, one(head+"/"+o.name, "", func(i int) cell { return v.indicator(v.picked(i, c), o) }))
	}
	return cols
}

func (v view) exportAnswer(form, item int) cell {
	c := v.raw(form, item)
	if c.kind == numberCell && v.look.Dialect == Kobo {
		return text(decimal(c.num))
	}
	if im := v.items[item]; v.look.Dialect == LimeSurvey && c.kind == numberCell && !im.numeric {
		return text("A" + strconv.Itoa(im.place(int(c.num)))) // LimeSurvey counts its answers from A1
	}
	return c
}

// moment is a made-up time of the field work, a minute a form.
func moment(i int) string {
	return fmt.Sprintf("2020-10-%02dT%02d:%02d:00.000+07:00", 1+i/600%30, 8+i/60%10, i%60)
}
