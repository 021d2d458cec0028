package analytics

import (
	"cmp"
	"slices"
	"strings"

	"hailong/analytics/engine"
	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// A domain is one breakdown of the plan: its columns in the dataset and how its values are printed.
type domain struct {
	id      string
	columns []string // the breakdown's columns: those that only tell equal names apart first, the plan's own last
	own     int      // how many of the last columns are the plan's own
}

// domains reads the plan's breakdowns. Names of communes are unique only within their district (Phường 1 is in two towns of Trà Vinh),
// so an area column is always broken down within the area columns that the codebook lists before it and the dataset has.
func (c *Codebook) domains(plan []string, has func(string) bool) []domain {
	var out []domain
	for _, id := range plan {
		own := strings.Split(id, "*")
		for i := range own {
			own[i] = strings.TrimSpace(own[i])
		}
		d := domain{id: id, own: len(own)}
		for _, column := range own {
			for _, outer := range c.within(column, has) {
				if !slices.Contains(d.columns, outer) && !slices.Contains(own, outer) {
					d.columns = append(d.columns, outer)
				}
			}
		}
		d.columns = append(d.columns, own...)
		out = append(out, d)
	}
	return out
}

// within lists the area columns that an area column lies within.
func (c *Codebook) within(column string, has func(string) bool) []string {
	if c.variable(column).Role != roleArea {
		return nil
	}
	var out []string
	for _, v := range c.Variables {
		if v.ID == column {
			break
		}
		if v.Role == roleArea && has(v.ID) {
			out = append(out, v.ID)
		}
	}
	return out
}

// A value is one value of a breakdown, where its figures are and what it is called.
type value struct {
	key    map[string]string // as in result.Estimate.Domain
	place  int               // in the engine's breakdown
	entry  result.DomainValue
	orders []int // of its columns' levels
}

// values names a breakdown's values in print order: the codebook's order, then the engine's.
func (c *Codebook) values(d domain, levels *engine.LevelBreakdown, all *engine.LevelBreakdown) []value {
	seen := map[string]int{}
	name := func(tuple []string) string { return strings.Join(tuple[len(tuple)-d.own:], " × ") }
	for _, tuple := range levels.Values {
		seen[name(tuple)]++
	}
	_, total := rowsOf(all.Answers[0])
	out := make([]value, len(levels.Values))
	for i, tuple := range levels.Values {
		own := tuple[len(tuple)-d.own:]
		outer := strings.Join(tuple[:len(tuple)-d.own], ", ")
		v := value{place: i, key: map[string]string{}, entry: result.DomainValue{Value: name(tuple), Parent: outer, Share: result.Unknown()}}
		var labels [2][]string
		for k, column := range d.columns {
			order, code, label := c.variable(column).level(tuple[k])
			v.orders = append(v.orders, order)
			if k < len(tuple)-d.own {
				continue
			}
			if d.own == 1 {
				v.entry.Code = code
			}
			labels[0], labels[1] = append(labels[0], label.VI), append(labels[1], label.EN)
		}
		v.entry.Label = result.Text{VI: strings.Join(labels[0], " × "), EN: strings.Join(labels[1], " × ")}
		if seen[v.entry.Value] > 1 {
			v.entry.Value += " (" + outer + ")"
			v.entry.Label.VI += " (" + outer + ")"
			v.entry.Label.EN += " (" + outer + ")"
			own = slices.Clone(own)
			own[len(own)-1] += " (" + outer + ")"
		}
		for k, column := range d.columns[len(d.columns)-d.own:] {
			v.key[column] = own[k]
		}
		n, w := rowsOf(levels.Answers[i])
		v.entry.N = n
		if total > 0 {
			v.entry.Share = result.Number(100 * w / total)
		}
		out[i] = v
	}
	slices.SortStableFunc(out, func(a, b value) int {
		return cmp.Or(slices.Compare(a.orders, b.orders), cmp.Compare(a.place, b.place))
	})
	return out
}

// rowsOf counts respondents and their weights: any one item has them all, blanks included.
func rowsOf(items [][]engine.Answer) (n int, w float64) {
	if len(items) == 0 {
		return 0, 0
	}
	for _, a := range items[0] {
		n += a.N
		w += a.SumW
	}
	return n, w
}

// describe is the breakdown as the result prints it.
func (c *Codebook) describe(d domain, values []value) result.Domain {
	out := result.Domain{ID: d.id, Kind: "characteristic"}
	var names [2][]string
	for _, column := range d.columns[len(d.columns)-d.own:] {
		v := c.variable(column)
		if v.Role == roleArea || v.Role == "field" {
			out.Kind = v.Role
		}
		en := v.Name.EN
		if en == "" {
			en = v.Name.VI
		}
		if d.own > 1 {
			out.Kind = "cross"
		}
		names[0], names[1] = append(names[0], v.Name.VI), append(names[1], en)
	}
	out.Name = result.Text{VI: strings.Join(names[0], " × "), EN: strings.Join(names[1], " × ")}
	for _, v := range values {
		out.Values = append(out.Values, v.entry)
	}
	return out
}

// tuples are the breakdowns as the engine takes them.
func tuples(ds []domain) [][]string {
	out := make([][]string, len(ds))
	for i, d := range ds {
		out[i] = d.columns
	}
	return out
}

// cell is a measure's place in a Totals for one value of the k-th breakdown; -1 is everyone.
func cell(measure, k, place int) survey.Cell {
	return survey.Cell{Measure: measure, Breakdown: k + 1, Value: place}
}
