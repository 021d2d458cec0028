package ingest

import (
	"slices"

	"hailong/ingest/dataset"
	"hailong/ingest/layout"
	"hailong/ingest/questionnaire"
	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// A lentQuestion is a question of the sheet above a repeat group. It is no column of the group's dataset; conditions on the group's own questions
// look at it in the parent's cells, which stand behind those of the row.
type lentQuestion struct {
	id      string
	table   *layout.Table
	columns []int             // joined
	group   *layout.TickGroup // of several columns
	coder   *questionnaire.Coder
	numeric bool
	choices []int // codes, where several can be chosen
}

// lent finds a question in the sheet above; nil where it is not lent.
func (r *routing) lent(id string) *lentQuestion {
	if r.env.parent == nil || r.env.parent.lent[id] == nil {
		return nil
	}
	l := &lentQuestion{id: id, table: r.table, coder: r.coder(r.scales[id]), choices: r.choices[id], numeric: r.src.questionnaire.Scales[r.scales[id]].Numeric}
	for _, k := range r.env.parent.lent[id] {
		l.columns = append(l.columns, layout.JoinedFrom+k)
	}
	for i := range r.table.Ticks {
		if slices.Equal(r.table.Ticks[i].Columns, l.columns) {
			l.group = &r.table.Ticks[i]
		}
	}
	return l
}

// value is what a condition sees of the question, or of one of its choices where the name is that of one.
func (l *lentQuestion) value(name string) rowValue {
	code := slices.IndexFunc(l.choices, func(code int) bool { return choiceName(l.id, code) == name })
	return func(_ *dataset.Batch, row *xlsx.Row) questionnaire.Value {
		cells := lentCells(row, l.columns)
		if len(l.choices) == 0 {
			return l.single(cells)
		}
		selected, value := l.selected(row.Index, cells)
		switch {
		case value.Blank || value.NotAsked || !value.HasNumber:
			return value
		case name == l.id:
			value.Number = float64(len(selected))
		case slices.Contains(selected, int16(l.choices[code])):
			value.Number = 1
		}
		return value
	}
}

// lentCells are the parent's cells in some joined columns, which come last in a row and in order.
func lentCells(row *xlsx.Row, columns []int) []xlsx.Cell {
	var cells []xlsx.Cell
	for i := range row.Cells {
		if slices.Contains(columns, row.Cells[i].Col) {
			cells = append(cells, row.Cells[i])
		}
	}
	return cells
}

// single reads a question with one answer.
func (l *lentQuestion) single(cells []xlsx.Cell) questionnaire.Value {
	if l.group != nil {
		reading := l.group.Read(l.table, &xlsx.Row{Cells: cells})
		if reading.Level < 0 || l.coder == nil {
			return questionnaire.Value{Blank: len(reading.Ticks) == 0 && reading.Cell == ""}
		}
		return answered(l.coder.Text(l.group.Levels[reading.Level]))
	}
	if len(cells) == 0 || l.table.Text(&cells[0]) == "" {
		return questionnaire.Value{Blank: true}
	}
	c := &cells[0]
	text := l.table.Text(c)
	switch {
	case l.numeric:
		m := l.coder.MeasureText(text, vntext.DecimalUnknown)
		if c.Kind == xlsx.Number {
			m = l.coder.Measure(c.Num)
		}
		if m.Outcome == questionnaire.Answered {
			return questionnaire.Value{Number: m.Value, HasNumber: true}
		}
		return answered(questionnaire.Answer{Code: m.Code, Outcome: m.Outcome})
	case l.coder == nil:
		return textValue(text, nil)
	case c.Kind == xlsx.Number:
		return answered(l.coder.Number(c.Num))
	case c.Kind == xlsx.Bool:
		return answered(l.coder.Bool(c.Num != 0))
	}
	return answered(l.coder.Text(text))
}

// selected reads a question with several answers.
func (l *lentQuestion) selected(row int, cells []xlsx.Cell) ([]int16, questionnaire.Value) {
	known := questionnaire.Value{HasNumber: true}
	if l.group == nil {
		if len(cells) == 0 {
			return nil, questionnaire.Value{Blank: true}
		}
		codes, answer := l.coder.Choices(l.table.Text(&cells[0]))
		if answer.Outcome != questionnaire.Answered {
			return nil, answered(answer)
		}
		return codes, known
	}
	if l.group.Unasked(l.table, cells) {
		return nil, questionnaire.Value{Blank: true}
	}
	reading := l.group.Read(l.table, &xlsx.Row{Index: row, Cells: cells})
	var codes []int16
	for _, at := range reading.Ticks {
		answer := l.coder.Text(l.group.Levels[at])
		if answer.Outcome != questionnaire.Answered {
			return nil, questionnaire.Value{}
		}
		codes = append(codes, answer.Code)
	}
	return codes, known
}

// answered is what a condition sees of an answer.
func answered(answer questionnaire.Answer) questionnaire.Value {
	if answer.Outcome == questionnaire.Blank {
		return questionnaire.Value{Blank: true}
	}
	return coded(answer.Code)
}
