package dataset

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// Replace returns a record in which texts of some columns are others: by column, what is replaced and by what. The caller releases it.
func Replace(record arrow.Record, texts map[string]map[string]string) arrow.Record {
	columns := append([]arrow.Array(nil), record.Columns()...)
	for i, field := range record.Schema().Fields() {
		column, ok := columns[i].(*array.String)
		if change := texts[field.Name]; ok && len(change) > 0 {
			columns[i] = replaceTexts(column, change)
			defer columns[i].Release()
		}
	}
	return array.NewRecord(record.Schema(), columns, record.NumRows())
}

func replaceTexts(column *array.String, change map[string]string) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.Reserve(column.Len())
	for i := range column.Len() {
		text := ""
		if column.IsValid(i) {
			text = column.Value(i)
		}
		switch other, ok := change[text]; {
		case column.IsNull(i):
			b.AppendNull()
		case ok:
			b.Append(other)
		default:
			b.Append(text)
		}
	}
	return b.NewArray()
}
