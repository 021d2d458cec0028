package ingest

import (
	"fmt"
	"slices"

	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
)

// A routeReader marks items as not applicable where a route's condition holds.
type routeReader struct {
	condition *questionnaire.Condition
	items     []routedItem
	columns   map[string]routedColumn

	blank    bool  // only answers that are blank
	answered int64 // answers that stay though the condition holds
	first    int   // the row of the first of them
	id       string
	basis    string
}

// routedItem is an item that a route may switch off.
type routedItem struct {
	id      string
	out     []int // one column; one a choice where several can be chosen
	missing int   // of a numeric item, else -1
}

// routedColumn is a column that a condition looks at.
type routedColumn struct {
	out, missing int // missing: of a numeric item, else -1
	kind         dataset.Type
	coder        *questionnaire.Coder // to know a label's code
}

// route prepares the routes that apply, for the items that are there.
func (c *compiler) route() {
	if len(c.src.routes) == 0 {
		return
	}
	at := map[string]int{}
	for i, f := range c.fields {
		at[f.Name] = i
	}
	scales := map[string]string{}
	choices := map[string][]int{} // codes of the items that take several answers
	for _, v := range c.src.questionnaire.Background {
		scales[v.ID] = v.Scale
	}
	for _, item := range c.src.questionnaire.Items {
		scales[item.ID] = item.Scale
		if scale := c.src.questionnaire.Scales[item.Scale]; scale.Multiple {
			for code := range scale.Codes {
				choices[item.ID] = append(choices[item.ID], code)
			}
			slices.Sort(choices[item.ID])
		}
	}
	missing := func(id string) int {
		if m, numeric := at[id+dataset.MissingSuffix]; numeric {
			return m
		}
		return -1
	}
	for _, route := range c.src.routes {
		condition, err := route.condition.Map(func(cmp questionnaire.Comparison) (questionnaire.Comparison, error) {
			return c.routed(cmp, c.coder(scales[cmp.Name]), choices[cmp.Name], at)
		})
		if err != nil {
			c.doubts = append(c.doubts, func(p *problemList) {
				p.note("", "route_unread", route.basis, err.Error(), say("điều kiện không hiểu được (%s); ô trống của các câu phụ thuộc được tính là không trả lời", "a condition is not understood (%s); blank cells of the items that depend on it count as not answered", err))
			})
			continue
		}
		r := routeReader{condition: condition, columns: map[string]routedColumn{}, blank: route.blank, basis: route.basis}
		for _, name := range condition.Names() {
			if out, ok := at[name]; ok {
				r.columns[name] = routedColumn{out, missing(name), c.fields[out].Type, c.coder(scales[name])}
			}
		}
		for _, id := range route.items {
			item := routedItem{id: id, missing: missing(id)}
			if out, ok := at[id]; ok {
				item.out = []int{out}
			}
			for _, code := range choices[id] {
				if out, ok := at[choiceName(id, code)]; ok {
					item.out = append(item.out, out)
				}
			}
			if len(item.out) > 0 {
				r.items = append(r.items, item)
			}
		}
		if len(r.items) > 0 && len(r.columns) > 0 {
			c.routes = append(c.routes, r)
		}
	}
}

// routed brings a comparison to what the dataset holds: codes for answers' names, and one column a choice where several can be chosen.
func (c *compiler) routed(cmp questionnaire.Comparison, coder *questionnaire.Coder, choices []int, at map[string]int) (questionnaire.Comparison, error) {
	if len(choices) > 0 && cmp.Want.HasText && cmp.Want.Text == "" {
		cmp.Name = choiceName(cmp.Name, choices[0]) // all of them are blank, or none
		return cmp, nil
	}
	out, ok := at[cmp.Name]
	answers := len(choices) > 0 || (ok && c.fields[out].Type == dataset.Code)
	if !answers || !cmp.Want.HasText || cmp.Want.Text == "" {
		return cmp, nil
	}
	answer := coder.Text(cmp.Want.Text)
	if answer.Outcome != questionnaire.Answered && answer.Outcome != questionnaire.MissingWhy {
		return cmp, fmt.Errorf("%s: %q", cmp.Name, cmp.Want.Text)
	}
	cmp.Want = questionnaire.Value{Number: float64(answer.Code), HasNumber: true}
	if len(choices) > 0 {
		cmp.Name, cmp.Want = choiceName(cmp.Name, int(answer.Code)), questionnaire.Value{Number: 1, HasNumber: true}
	}
	return cmp, nil
}

// value is what a condition sees of a column in the current row.
func (r *routeReader) value(batch *dataset.Batch, name string) questionnaire.Value {
	column, ok := r.columns[name]
	if !ok {
		return questionnaire.Value{}
	}
	switch column.kind {
	case dataset.Code:
		return coded(batch.CodeAt(column.out))
	case dataset.Number:
		if n, ok := batch.NumberAt(column.out); ok {
			return questionnaire.Value{Number: n, HasNumber: true}
		}
		if column.missing >= 0 && batch.MissingAt(column.missing) != 0 {
			return coded(int16(batch.MissingAt(column.missing)))
		}
		return questionnaire.Value{Blank: true}
	case dataset.String:
		text, ok := batch.StringAt(column.out)
		value := questionnaire.Value{Text: string(text), HasText: ok, Blank: !ok}
		if ok && column.coder != nil {
			if code, known := column.coder.Label(value.Text); known {
				value.Number, value.HasNumber = float64(code), true
			}
		}
		return value
	}
	return questionnaire.Value{}
}

// coded is what a condition sees of a code.
func coded(code int16) questionnaire.Value {
	switch code {
	case dataset.NullCode:
		return questionnaire.Value{Blank: true}
	case questionnaire.CodeNotApplicable:
		return questionnaire.Value{NotAsked: true}
	case questionnaire.CodeDontKnow, questionnaire.CodeRefused:
		return questionnaire.Value{Number: float64(code), HasNumber: true, Word: true}
	case questionnaire.CodeInvalid:
		return questionnaire.Value{}
	}
	return questionnaire.Value{Number: float64(code), HasNumber: true}
}

// apply looks at the current row of the batch.
func (r *routeReader) apply(batch *dataset.Batch, row int) {
	if !r.condition.Holds(func(name string) questionnaire.Value { return r.value(batch, name) }) {
		return
	}
	for _, item := range r.items {
		if r.blank && !item.blank(batch) {
			if r.answered == 0 {
				r.first, r.id = row, item.id
			}
			r.answered++
			continue
		}
		for _, out := range item.out {
			if item.missing >= 0 {
				batch.Clear(out)
				batch.SetMissing(item.missing, questionnaire.CodeNotApplicable)
				continue
			}
			batch.SetCode(out, questionnaire.CodeNotApplicable)
		}
	}
}

// blank reports whether an item has no answer of any kind, or is not applicable already.
func (i *routedItem) blank(batch *dataset.Batch) bool {
	if i.missing >= 0 {
		_, answered := batch.NumberAt(i.out[0])
		why := batch.MissingAt(i.missing)
		return !answered && (why == 0 || why == questionnaire.CodeNotApplicable)
	}
	for _, out := range i.out {
		if code := batch.CodeAt(out); code != dataset.NullCode && code != questionnaire.CodeNotApplicable {
			return false
		}
	}
	return true
}

// offRoute says how many answers stand where the form would not have asked.
func (p *passRun) offRoute() {
	for _, r := range p.prog.routes {
		if r.answered == 0 {
			continue
		}
		p.env.problems.list = append(p.env.problems.list, Problem{
			File: p.reader.file, Sheet: p.reader.sheet.Name, Code: "off_route", Want: r.basis, Got: r.id, Count: r.answered,
			Text: say("có câu trả lời (đầu tiên: %s, dòng %d) ở nơi phiếu không hỏi; giữ nguyên", "answers (the first: %s, row %d) stand where the form does not ask; they are kept", r.id, r.first+1),
		})
	}
}
