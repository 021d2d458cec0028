package ingest

import (
	"strings"

	"hailong/ingest/layout"
	"hailong/ingest/questionnaire"
	"hailong/ingest/xlsx"
)

// A tickReader collapses a group of tick columns into one answer, or into one 0/1 column a choice.
type tickReader struct {
	env         *sheetEnv
	group       *layout.TickGroup
	first, last int // sheet columns
	codes       []int16
	labels      []string
	out         int
	item        bool     // out is a code; else a label
	choices     []choice // of a question that takes several answers
	positions   bool     // the columns are choices by their place, not by name
	want        string
}

// read looks at one row. No tick is a blank; two ticks are an invalid answer, because nobody can know which one was meant.
func (t *tickReader) read(row *xlsx.Row) {
	part := *row
	part.Cells = cellsBetween(row.Cells, t.first, t.last)
	if len(part.Cells) == 0 {
		return
	}
	reading := t.group.Read(t.env.table, &part)
	if reading.Cell != "" {
		t.env.problems.cell(t.column(reading.Cell), row.Index, "not_a_tick", "x", reading.Text, say("ô đánh dấu chứa giá trị lạ", "the cell of a tick column holds something else"))
	}
	switch {
	case t.choices != nil:
		t.choose(&part, reading)
	case reading.Level >= 0:
		t.answer(reading.Level)
	case len(reading.Ticks) > 1:
		t.env.problems.cell(t.group.Columns[reading.Ticks[0]], row.Index, "two_ticks", t.want, t.ticked(reading.Ticks), say("đánh dấu nhiều hơn một mức", "more than one level is ticked"))
		t.several(reading.Ticks)
	case reading.Cell != "" && t.item:
		t.env.batch.SetCode(t.out, questionnaire.CodeInvalid)
	}
}

func (t *tickReader) column(cell string) int {
	_, column, _ := xlsx.ParseRef(cell)
	return column
}

func (t *tickReader) ticked(levels []int) string {
	var names []string
	for _, level := range levels {
		names = append(names, t.group.Levels[level])
	}
	return strings.Join(names, "; ")
}

func (t *tickReader) answer(level int) {
	if t.env.values != nil {
		t.env.values.add(t.first, t.group.Levels[level], &questionnaire.Answer{Code: t.codes[level]})
	}
	if t.item {
		t.env.batch.SetCode(t.out, t.codes[level])
		return
	}
	t.env.batch.SetString(t.out, []byte(t.labels[level]))
}

func (t *tickReader) several(levels []int) {
	if t.env.values != nil {
		t.env.values.add(t.first, t.ticked(levels), &questionnaire.Answer{Code: questionnaire.CodeInvalid, Outcome: questionnaire.Conflict})
	}
	if t.item {
		t.env.batch.SetCode(t.out, questionnaire.CodeInvalid)
		return
	}
	t.env.batch.SetString(t.out, []byte(t.ticked(levels)))
}

// choose sets one column a choice. A group whose cells are all empty was not asked or not answered, which is not the same as no.
func (t *tickReader) choose(row *xlsx.Row, reading layout.Reading) {
	if t.group.Unasked(t.env.table, row.Cells) {
		return
	}
	if kind := t.reason(reading.Ticks); kind < 0 {
		for _, choice := range t.choices {
			t.env.batch.SetCode(choice.out, kind)
		}
		return
	}
	for i, code := range t.codes {
		value := int16(0)
		for _, level := range reading.Ticks {
			if level == i {
				value = 1
			}
		}
		for _, choice := range t.choices {
			if choice.code == code {
				t.env.batch.SetCode(choice.out, value)
			}
		}
	}
}

// reason is the kind of missing that is ticked and nothing beside it (a column "Không biết" among the choices), else 0: who chose something
// has answered.
func (t *tickReader) reason(ticks []int) int16 {
	if len(ticks) != 1 || t.codes[ticks[0]] == questionnaire.CodeInvalid {
		return 0
	}
	return min(t.codes[ticks[0]], 0)
}

// cellsBetween are the cells of a row in the columns first … last.
func cellsBetween(cells []xlsx.Cell, first, last int) []xlsx.Cell {
	from := 0
	for from < len(cells) && cells[from].Col < first {
		from++
	}
	to := from
	for to < len(cells) && cells[to].Col <= last {
		to++
	}
	return cells[from:to]
}
