package ingest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
	"hailong/ingest/xlsx"
)

// A routeReader marks items as not applicable where a route's condition holds.
type routeReader struct {
	condition *questionnaire.Condition
	items     []routedItem
	values    map[string]rowValue

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

// rowValue is what a condition sees of a column in the current row.
type rowValue func(batch *dataset.Batch, row *xlsx.Row) questionnaire.Value

// routing is what the routes of a sheet are prepared with.
type routing struct {
	*compiler
	at      map[string]int    // columns of the dataset
	scales  map[string]string // of items and variables
	choices map[string][]int  // codes of the items that take several answers
}

// route prepares the routes that apply, for the items that are there.
func (c *compiler) route() {
	if len(c.src.routes) == 0 {
		return
	}
	r := routing{compiler: c, at: map[string]int{}, scales: map[string]string{}, choices: map[string][]int{}}
	for i, f := range c.fields {
		r.at[f.Name] = i
	}
	for _, v := range c.src.questionnaire.Background {
		r.scales[v.ID] = v.Scale
	}
	for _, item := range c.src.questionnaire.Items {
		r.scales[item.ID] = item.Scale
		if scale := c.src.questionnaire.Scales[item.Scale]; scale.Multiple {
			for code := range scale.Codes {
				r.choices[item.ID] = append(r.choices[item.ID], code)
			}
			slices.Sort(r.choices[item.ID])
		}
	}
	for _, route := range c.src.routes {
		if items := r.items(route.items); len(items) > 0 {
			r.add(route, items)
		}
	}
}

// items are those of a route that the sheet has.
func (r *routing) items(ids []string) []routedItem {
	var items []routedItem
	for _, id := range ids {
		item := routedItem{id: id, missing: r.missing(id)}
		if out, ok := r.at[id]; ok {
			item.out = []int{out}
		}
		for _, code := range r.choices[id] {
			if out, ok := r.at[choiceName(id, code)]; ok {
				item.out = append(item.out, out)
			}
		}
		if len(item.out) > 0 {
			items = append(items, item)
		}
	}
	return items
}

func (r *routing) missing(id string) int {
	if m, numeric := r.at[id+dataset.MissingSuffix]; numeric {
		return m
	}
	return -1
}

// add prepares one route. A form's route that looks at what is not in the sheet is named.
func (r *routing) add(route route, items []routedItem) {
	reader := routeReader{items: items, values: map[string]rowValue{}, blank: route.blank, basis: route.basis}
	var absent []string
	condition, err := route.condition.Map(func(use questionnaire.Comparison) (questionnaire.Comparison, error) {
		value, use, err := r.value(use)
		if value != nil {
			reader.values[use.Name] = value
		} else if err == nil && !slices.Contains(absent, use.Name) {
			absent = append(absent, use.Name)
		}
		return use, err
	})
	if err != nil {
		r.unread(route, err)
		return
	}
	if len(absent) > 0 && route.blank {
		r.unread(route, wording.Errorf("the sheet has no column of %s that may be kept", strings.Join(absent, ", ")))
	}
	if reader.condition = condition; len(reader.values) > 0 {
		r.routes = append(r.routes, reader)
	}
}

// unread names a route that does nothing, or not all it should.
func (r *routing) unread(route route, why error) {
	vi := r.src.options.vietnamese(why)
	r.doubts = append(r.doubts, func(p *problemList) {
		p.note("", "route_unread", route.basis, why.Error(), Text{
			VI: fmt.Sprintf("điều kiện không hiểu được (%s); ô trống của các câu phụ thuộc được tính là không trả lời", vi),
			EN: fmt.Sprintf("a condition is not understood (%s); blank cells of the items that depend on it count as not answered", why),
		})
	})
}

// value finds what a condition looks at, and brings the comparison to what the dataset holds: codes for answers' names, and one column a choice where
// several can be chosen. Without a value and an error the sheet does not have it.
func (r *routing) value(use questionnaire.Comparison) (rowValue, questionnaire.Comparison, error) {
	id := use.Name
	choices, coder := r.choices[id], r.coder(r.scales[id])
	out, own := r.at[id]
	empty := use.Want.HasText && use.Want.Text == ""
	answers := len(choices) > 0 || (own && r.fields[out].Type == dataset.Code) || (!own && coder != nil && !r.src.questionnaire.Scales[r.scales[id]].Numeric)
	if answers && use.Want.HasText && !empty {
		answer := coder.Text(use.Want.Text)
		if answer.Outcome != questionnaire.Answered && answer.Outcome != questionnaire.MissingWhy {
			return nil, use, fmt.Errorf("%s: %q", id, use.Want.Text)
		}
		use.Want = questionnaire.Value{Number: float64(answer.Code), HasNumber: true}
	}
	switch {
	case len(choices) == 0 || use.Op == questionnaire.OpCount:
	case empty:
		use.Name = choiceName(id, choices[0]) // all of them are blank, or none
	default:
		use.Name, use.Want = choiceName(id, int(use.Want.Number)), questionnaire.Value{Number: 1, HasNumber: true}
	}
	if lent := r.lent(id); lent != nil {
		return lent.value(use.Name), use, nil
	}
	if len(choices) > 0 && use.Op == questionnaire.OpCount {
		return r.counted(id), use, nil
	}
	if out, ok := r.referred(id); ok {
		return r.stored(id, out), use, nil
	}
	if out, ok := r.at[use.Name]; ok && !r.isReference(id) {
		return r.stored(id, out), use, nil
	}
	return nil, use, nil
}

// isReference reports whether a name is that of a question which is neither item nor variable.
func (r *routing) isReference(id string) bool {
	return slices.ContainsFunc(r.src.questionnaire.References, func(ref questionnaire.Reference) bool { return ref.ID == id })
}

// referred is the dataset's column of such a question.
func (r *routing) referred(id string) (int, bool) {
	for _, ref := range r.src.questionnaire.References {
		if ref.ID == id {
			at := r.referenceHeader(ref)
			if at < 0 {
				return 0, false
			}
			out, ok := r.outs[r.sheetColumn(at)]
			return out, ok
		}
	}
	return 0, false
}

// referenceHeader is the only header that a question beside items and variables has, or -1.
func (c *compiler) referenceHeader(ref questionnaire.Reference) int {
	for _, alias := range ref.Aliases {
		if found := questionnaire.FindHeader(c.headers, alias); len(found) == 1 && c.heads[found[0]].group < 0 {
			return found[0]
		}
	}
	return -1
}

// counted is how many of a question's choices are selected.
func (r *routing) counted(id string) rowValue {
	var outs []int
	for _, code := range r.choices[id] {
		if out, ok := r.at[choiceName(id, code)]; ok {
			outs = append(outs, out)
		}
	}
	if len(outs) == 0 {
		return nil
	}
	return func(batch *dataset.Batch, _ *xlsx.Row) questionnaire.Value {
		n := 0
		for _, out := range outs {
			code := batch.CodeAt(out)
			if code < 0 {
				return coded(code)
			}
			n += int(code)
		}
		return questionnaire.Value{Number: float64(n), HasNumber: true}
	}
}

// stored reads a column of the dataset.
func (r *routing) stored(id string, out int) rowValue {
	missing, coder := r.missing(id), r.coder(r.scales[id])
	switch r.fields[out].Type {
	case dataset.Code:
		return func(batch *dataset.Batch, _ *xlsx.Row) questionnaire.Value { return coded(batch.CodeAt(out)) }
	case dataset.Number:
		return func(batch *dataset.Batch, _ *xlsx.Row) questionnaire.Value {
			if n, ok := batch.NumberAt(out); ok {
				return questionnaire.Value{Number: n, HasNumber: true, Text: string(appendNumber(nil, n)), HasText: missing < 0}
			}
			if missing >= 0 && batch.MissingAt(missing) != 0 {
				return coded(int16(batch.MissingAt(missing)))
			}
			return questionnaire.Value{Blank: true}
		}
	case dataset.Time:
		return func(batch *dataset.Batch, _ *xlsx.Row) questionnaire.Value {
			ms, ok := batch.TimeAt(out)
			return questionnaire.Value{Number: math.Floor(float64(ms) / 86_400_000), HasNumber: ok, Blank: !ok}
		}
	case dataset.String:
		return func(batch *dataset.Batch, _ *xlsx.Row) questionnaire.Value {
			text, ok := batch.StringAt(out)
			if !ok {
				return questionnaire.Value{Blank: true}
			}
			return textValue(string(text), coder)
		}
	}
	return nil
}

// textValue is what a condition sees of a text: a label's code, or the number that it is.
func textValue(text string, coder *questionnaire.Coder) questionnaire.Value {
	value := questionnaire.Value{Text: text, HasText: true}
	if coder != nil {
		if code, known := coder.Label(text); known {
			value.Number, value.HasNumber = float64(code), true
		}
		return value
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		n = math.NaN()
	}
	value.Number, value.HasNumber = n, true
	return value
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
func (r *routeReader) apply(batch *dataset.Batch, row *xlsx.Row) {
	holds := r.condition.Holds(func(name string) questionnaire.Value {
		if value := r.values[name]; value != nil {
			return value(batch, row)
		}
		return questionnaire.Value{}
	})
	if !holds {
		return
	}
	for _, item := range r.items {
		if r.blank && !item.blank(batch) {
			if r.answered == 0 {
				r.first, r.id = row.Index, item.id
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
