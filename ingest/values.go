package ingest

import (
	"cmp"
	"slices"

	"hailong/ingest/layout"
	"hailong/ingest/questionnaire"
)

// maxValues is how many distinct values of a column Inspect lists, and ten times as many it counts.
const maxValues = 20

// valueCounts counts the distinct values of every column, for Inspect.
type valueCounts struct{ columns map[int]*columnValues }

type columnValues struct {
	at   map[string]int
	list []Value // in the order of first sight
}

func newValueCounts() *valueCounts { return &valueCounts{columns: map[int]*columnValues{}} }

// add counts one value and what it was coded as; answer is nil where it was not coded.
func (v *valueCounts) add(column int, text string, answer *questionnaire.Answer) {
	c := v.columns[column]
	if c == nil {
		c = &columnValues{at: map[string]int{}}
		v.columns[column] = c
	}
	at, ok := c.at[text]
	if !ok {
		if len(c.list) >= 10*maxValues {
			return
		}
		at = len(c.list)
		c.at[text] = at
		value := Value{Text: text}
		if answer != nil && answer.Outcome != questionnaire.Blank {
			code := int(answer.Code)
			value.Code = &code
		}
		c.list = append(c.list, value)
	}
	c.list[at].Count++
}

// of lists the most frequent values of a column, given by its name.
func (v *valueCounts) of(table *layout.Table, cell string) []Value {
	at := slices.IndexFunc(table.Columns, func(c layout.Column) bool { return table.ColumnName(c.Index) == cell })
	if at < 0 || v.columns[table.Columns[at].Index] == nil {
		return nil
	}
	column := table.Columns[at].Index
	list := slices.Clone(v.columns[column].list)
	slices.SortStableFunc(list, func(a, b Value) int { return cmp.Compare(b.Count, a.Count) })
	return list[:min(len(list), maxValues)]
}
