package samples

import (
	"fmt"
	"strconv"
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
	for j, im := range v.items {
		g := group[im.ID]
		head := im.ID
		switch v.look.Dialect {
		case Kobo:
			head = "g" + g.Code + "/" + im.ID
		case Qualtrics:
			head = "Q" + strconv.Itoa(j+1)
		case MSForms:
			head = im.Text.VI
		case GoogleForms:
			head = g.Name + " [" + im.Text.VI + "]"
		case LimeSurvey:
			head = fmt.Sprintf("Q%s[%s]. %s [%s]", g.Code, im.ID, g.Name, im.Text.VI)
		case Plain, Office, OfficeTicks:
		}
		add(head, func(i int) cell { return v.exportAnswer(i, j) })
		cols[len(cols)-1].head[1] = im.Text.VI
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

func (v view) exportAnswer(form, item int) cell {
	c := v.raw(form, item)
	if c.kind == numberCell && v.look.Dialect == Kobo {
		return text(decimal(c.num))
	}
	if v.look.Dialect == LimeSurvey && c.kind == numberCell {
		return text("A" + strconv.Itoa(int(c.num)))
	}
	return c
}

// moment is a made-up time of the field work, a minute a form.
func moment(i int) string {
	return fmt.Sprintf("2020-10-%02dT%02d:%02d:00.000+07:00", 1+i/600%30, 8+i/60%10, i%60)
}
