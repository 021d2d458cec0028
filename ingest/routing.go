package ingest

import (
	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
)

// A routeReader marks items as not applicable where a route's condition holds.
type routeReader struct {
	condition *questionnaire.Condition
	items     []routedItem
	columns   map[string]routedColumn
}

// routedItem is an item that a route may switch off.
type routedItem struct {
	out, missing int // missing: of a numeric item, else -1
}

// routedColumn is a column that a condition looks at.
type routedColumn struct {
	out   int
	kind  dataset.Type
	coder *questionnaire.Coder // to know a label's code
}

// route prepares the routes that apply, for the items that are there.
func (c *compiler) route() {
	at := map[string]int{}
	for i, f := range c.fields {
		at[f.Name] = i
	}
	scales := map[string]string{}
	for _, v := range c.src.questionnaire.Background {
		scales[v.ID] = v.Scale
	}
	for _, route := range c.src.routes {
		r := routeReader{condition: route.condition, columns: map[string]routedColumn{}}
		for _, name := range route.condition.Names() {
			if out, ok := at[name]; ok {
				r.columns[name] = routedColumn{out, c.fields[out].Type, c.coder(scales[name])}
			}
		}
		for _, id := range route.items {
			out, ok := at[id]
			if !ok {
				continue
			}
			item := routedItem{out, -1}
			if missing, numeric := at[id+dataset.MissingSuffix]; numeric {
				item.missing = missing
			}
			r.items = append(r.items, item)
		}
		if len(r.items) > 0 && len(r.columns) > 0 {
			c.routes = append(c.routes, r)
		}
	}
}

// apply looks at the current row of the batch.
func (r *routeReader) apply(batch *dataset.Batch) {
	holds := r.condition.Holds(func(name string) questionnaire.Value {
		column, ok := r.columns[name]
		if !ok {
			return questionnaire.Value{}
		}
		switch column.kind {
		case dataset.Code:
			code := batch.CodeAt(column.out)
			return questionnaire.Value{Number: float64(code), HasNumber: code >= 0}
		case dataset.Number:
			n, ok := batch.NumberAt(column.out)
			return questionnaire.Value{Number: n, HasNumber: ok}
		case dataset.String:
			text, ok := batch.StringAt(column.out)
			value := questionnaire.Value{Text: string(text), HasText: ok}
			if ok && column.coder != nil {
				if code, known := column.coder.Label(value.Text); known {
					value.Number, value.HasNumber = float64(code), true
				}
			}
			return value
		}
		return questionnaire.Value{}
	})
	if !holds {
		return
	}
	for _, item := range r.items {
		if item.missing >= 0 {
			batch.Clear(item.out)
			batch.SetMissing(item.missing, questionnaire.CodeNotApplicable)
			continue
		}
		batch.SetCode(item.out, questionnaire.CodeNotApplicable)
	}
}
