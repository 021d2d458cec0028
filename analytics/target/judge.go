package target

import (
	"fmt"
	"slices"

	"hailong/analytics/index"
	"hailong/analytics/result"
)

// sure is the probability from which a group counts as certain, as in result.Placement.Stable.
const sure = 0.9

// Judge gives every target of the plan its verdict for facts.Year, in the plan's order.
//
// A value with an interval is met for certain when the whole interval reaches the target, and missed for certain when none of it
// does. A published figure without an interval is what the authority counts, so its verdict is plain. A group is certain from a
// probability of 0.9, and is not where the area sits exactly on an edge that decides. A figure that is not there is not_published.
func Judge(plan *Plan, facts Facts) []result.Target {
	out := make([]result.Target, 0, len(plan.Targets))
	for _, aim := range plan.Targets {
		out = append(out, plan.judge(aim, facts))
	}
	for i := range out {
		if out[i].Kind == All {
			out[i].Verdict = worst(out, out[i].ID)
		}
	}
	return out
}

func (p *Plan) judge(a Aim, facts Facts) result.Target {
	step, previous := a.step(facts.Year)
	t := result.Target{
		ID: a.ID, Parent: a.Parent, Name: a.Name, Kind: a.Kind, Unit: a.Unit, BaseYear: a.Base.Year, Deadline: step.By, Owner: a.Owner,
		Base:   result.Value{Number: number(a.Base.Value), Rank: a.Base.Rank, Of: a.Base.Of, Group: a.Base.Group, Label: groupLabel(a.Base.Group)},
		Target: result.Value{Number: number(step.Value), Rank: step.Rank, Group: step.Group, Label: groupLabel(step.Group)},
		Result: nothing().value(), Lo: result.Unknown(), Hi: result.Unknown(), Previous: nothing().value(),
		Verdict: result.NotPublished, Source: a.Source, Basis: a.Basis, Notes: slices.Clone(a.Notes),
	}
	if t.Source == "" {
		t.Source = p.Source
	}
	if a.Kind == All {
		return t
	}
	f := p.figure(a, facts, facts.Year)
	t.Previous = p.figure(a, facts, facts.Year-1).value()
	if f.known {
		t.Result, t.Lo, t.Hi, t.Year = f.value(), f.lo, f.hi, facts.Year
		t.Notes = append(t.Notes, f.notes...)
		if f.source != "" && !f.survey && f.placement == nil {
			t.Source = f.source
		}
	}
	switch a.Kind {
	case ValueAtLeast, ShareAtLeast:
		p.judgeValue(&t, step, f)
		p.readAlso(&t, a, step, f, facts)
	case ValueInGroup:
		p.judgeValueInGroup(&t, a, step, f, facts)
	case GroupAtLeast:
		p.judgeGroup(&t, a, step, f, facts)
	case RankAtMost, RankGain:
		p.judgeRank(&t, a, step, previous, f, facts)
	case Milestone:
		if f.done {
			t.Verdict = result.Met
		}
	}
	return t
}

// step is what must hold in a year, and the step before it.
func (a Aim) step(year int) (now, before Step) {
	for _, s := range a.Steps {
		before, now = now, s
		if s.By == 0 || year <= s.By {
			return now, before
		}
	}
	return now, before
}

// figure prefers the run's own estimate for values, the placement for groups and ranks, and a publication otherwise.
func (p *Plan) figure(a Aim, facts Facts, year int) figure {
	published := a.published(p, facts, p.Area.Code, year)
	switch a.Kind {
	case ValueAtLeast, ShareAtLeast, ValueInGroup:
		if f := a.estimate(facts, year); f.known {
			return f
		}
	case GroupAtLeast, RankAtMost, RankGain:
		if f := a.placed(facts, p.Area.Code, year); f.known {
			return f
		}
		if published.known && published.group == "" && a.Bands != "" {
			published.group = banded(a.Bands, year, published.number)
			published.label = groupLabel(published.group)
			published.basis = "inferred"
		}
	}
	return published
}

// banded is the group of a value by the bands of an index definition, or empty.
func banded(name string, year int, value result.Number) string {
	source, err := index.Shipped(name)
	if err != nil || !value.Known() {
		return ""
	}
	d, err := index.Parse(source)
	if err != nil {
		return ""
	}
	return d.Band(year, float64(value))
}

// bandMin is the least value of a group by the bands of an index definition.
func bandMin(name string, year int, group string) (float64, bool) {
	source, err := index.Shipped(name)
	if err != nil {
		return 0, false
	}
	d, err := index.Parse(source)
	if err != nil {
		return 0, false
	}
	return d.BandMin(year, group)
}

// against judges a value with its interval.
func against(target float64, f figure) string {
	aim := result.Number(target)
	switch {
	case !f.known || !f.number.Known():
		return result.NotPublished
	case f.number >= aim && (!f.lo.Known() || f.lo >= aim):
		return result.Met
	case f.number >= aim:
		return result.MetUncertain
	case !f.hi.Known() || f.hi < aim:
		return result.Missed
	}
	return result.MissedUncertain
}

func (p *Plan) judgeValue(t *result.Target, s Step, f figure) {
	t.Verdict = against(*s.Value, f)
	if s.Goal != nil {
		t.Readings = append(t.Readings,
			result.Reading{ID: "floor", Name: result.Text{VI: "mức tối thiểu", EN: "floor"}, Target: valueOf(*s.Value), Verdict: t.Verdict},
			result.Reading{ID: "goal", Name: result.Text{VI: "mức phấn đấu", EN: "goal"}, Target: valueOf(*s.Goal), Verdict: against(*s.Goal, f)})
	}
}

// readAlso judges the other figures that the plan's words may mean by the same step, the one that gives the verdict first.
func (p *Plan) readAlso(t *result.Target, a Aim, s Step, f figure, facts Facts) {
	for i, id := range append([]string{a.index()}, a.Also...) {
		if i > 0 {
			f = Aim{ID: id}.published(p, facts, p.Area.Code, facts.Year)
		}
		if len(a.Also) == 0 || !f.known {
			continue
		}
		name := result.Text{VI: id, EN: id}
		if len(f.notes) > 0 {
			name = f.notes[0]
		}
		if f.number.Known() {
			name.VI += fmt.Sprintf(" (%s%%)", decimal(float64(f.number), 2, true))
			name.EN += fmt.Sprintf(" (%s %%)", decimal(float64(f.number), 2, false))
		}
		value := f.value()
		t.Readings = append(t.Readings, result.Reading{ID: id, Name: name, Target: valueOf(*s.Value), Result: &value, Verdict: against(*s.Value, f)})
	}
}

// judgeValueInGroup judges both conditions. While nobody defines the group, a value that is reached counts as met but not certain.
func (p *Plan) judgeValueInGroup(t *result.Target, a Aim, s Step, f figure, facts Facts) {
	if f.survey {
		t.Notes = append(t.Notes, result.Text{
			VI: "Kết quả từ khảo sát trong tệp dữ liệu, không phải chỉ số do Bộ Nội vụ công bố.",
			EN: "The figure comes from the survey in the data files, not from the ministry's publication.",
		})
		if official := a.published(p, facts, p.Area.Code, facts.Year); official.known && official.number.Known() {
			published := official.value()
			t.Readings = append(t.Readings, result.Reading{ID: "official", Name: result.Text{VI: "theo số liệu công bố", EN: "by the published figure"}, Target: valueOf(*s.Value), Result: &published, Verdict: against(*s.Value, official)})
			if f.group == "" {
				f.group = official.group
			}
		}
	}
	value := against(*s.Value, f)
	group := result.NotPublished
	if f.group == "" && f.known && f.number.Known() {
		f.group = cutGroup(s.GroupBy, float64(f.number))
	}
	if f.group != "" {
		group = result.Missed
		if groupOrder(f.group) != 0 && groupOrder(f.group) <= groupOrder(s.Group) {
			group = result.Met
		}
		t.Result.Group, t.Result.Label = f.group, groupLabel(f.group)
	}
	t.Readings = append(t.Readings,
		result.Reading{ID: "value", Name: result.Text{VI: "điều kiện giá trị", EN: "the value"}, Target: valueOf(*s.Value), Verdict: value},
		result.Reading{ID: "group", Name: result.Text{VI: "điều kiện nhóm", EN: "the group"}, Target: result.Value{Number: result.Unknown(), Group: s.Group, Label: groupLabel(s.Group)}, Verdict: group})
	t.Verdict = value
	switch {
	case value != result.NotPublished && group == result.Missed:
		t.Verdict = result.Missed
	case value == result.Met && group == result.NotPublished:
		t.Verdict = result.MetUncertain
	}
}

func cutGroup(cuts []Cut, value float64) string {
	for _, c := range cuts {
		if value >= c.Min {
			return c.Group
		}
	}
	return ""
}

func (p *Plan) judgeGroup(t *result.Target, a Aim, s Step, f figure, facts Facts) {
	want := groupOrder(s.Group)
	p.baseReadings(t, a, facts)
	if !f.known || groupOrder(f.group) == 0 {
		return
	}
	met := groupOrder(f.group) <= want
	t.Verdict = result.Missed
	if met {
		t.Verdict = result.Met
	}
	if f.basis != "" {
		t.Basis = f.basis
	}
	if f.placement == nil {
		return
	}
	if f.placement.Source == result.SourceSurvey {
		t.Notes = append(t.Notes, result.Text{VI: "Xếp theo điểm ước lượng từ dữ liệu khảo sát, không phải điểm công bố.", EN: "Placed by the estimates from the survey's data, not by published scores."})
	}
	if reached, known := chance(*f.placement, want); known {
		t.Notes = append(t.Notes, result.Text{VI: fmt.Sprintf("Xác suất đạt nhóm mục tiêu trở lên: %s%%.", decimal(100*reached, 1, true)), EN: fmt.Sprintf("Probability of the target group or better: %s %%.", decimal(100*reached, 1, false))})
		if met && reached < sure {
			t.Verdict = result.MetUncertain
		}
		if !met && 1-reached < sure {
			t.Verdict = result.MissedUncertain
		}
	}
	if f.placement.Boundary != "" {
		other := f.placement.OtherReading <= want
		verdict := result.Missed
		if other {
			verdict = result.Met
		}
		t.Readings = append(t.Readings,
			reading("rule", f.placement.Group, t.Verdict, result.Text{VI: "theo quy tắc " + f.placement.Rule, EN: "by rule " + f.placement.Rule}),
			reading("other_side", f.placement.OtherReading, verdict, result.Text{VI: "nếu tính về phía bên kia của " + f.placement.Boundary, EN: "on the other side of " + f.placement.Boundary}))
		if other != met {
			t.Verdict = result.MissedUncertain
			if met {
				t.Verdict = result.MetUncertain
			}
		}
	}
	edge := [5]result.Number{0, f.placement.P75, f.placement.P50, f.placement.P25, result.Unknown()}[want]
	if edge.Known() {
		gap := float64(f.number - edge)
		t.Notes = append(t.Notes, result.Text{
			VI: fmt.Sprintf("Cách ngưỡng nhóm mục tiêu (%s điểm): %s điểm.", decimal(float64(edge), 4, true), decimal(gap, 4, true)),
			EN: fmt.Sprintf("Distance to the target group's edge (%s points): %s points.", decimal(float64(edge), 4, false), decimal(gap, 4, false)),
		})
	}
}

// baseReadings says so where the base year's group depends on how an edge is read.
func (p *Plan) baseReadings(t *result.Target, a Aim, facts Facts) {
	f := a.placed(facts, p.Area.Code, a.Base.Year)
	if !f.known {
		return
	}
	if t.Base.Rank == 0 {
		t.Base.Rank, t.Base.Of = f.rank, f.of
	}
	if !t.Base.Number.Known() {
		t.Base.Number = f.number
	}
	if f.placement.Boundary == "" {
		return
	}
	one, two := groupName(f.placement.Group), groupName(f.placement.OtherReading)
	t.Notes = append(t.Notes, result.Text{
		VI: fmt.Sprintf("Năm gốc %d: điểm nằm đúng trên %s; theo quy tắc %s là nhóm “%s”, theo cách đọc kia là nhóm “%s”.", a.Base.Year, f.placement.Boundary, f.placement.Rule, one.VI, two.VI),
		EN: fmt.Sprintf("Base year %d: the score sits exactly on %s; by rule %s the group is \"%s\", by the other reading \"%s\".", a.Base.Year, f.placement.Boundary, f.placement.Rule, one.EN, two.EN),
	})
}

// chance is the probability of group want or better.
func chance(p result.Placement, want int) (float64, bool) {
	sum := 0.0
	for g := range want {
		if !p.Probabilities[g].Known() {
			return 0, false
		}
		sum += float64(p.Probabilities[g])
	}
	return sum, true
}

func (p *Plan) judgeRank(t *result.Target, a Aim, s, before Step, f figure, facts Facts) {
	if len(s.Gain) != 2 {
		t.Target = rankValue(s.Rank)
		t.Verdict = rankVerdict(s.Rank, f)
		if s.Stretch > 0 {
			t.Readings = append(t.Readings,
				result.Reading{ID: "least", Name: result.Text{VI: "mức thấp của khoảng", EN: "near end of the range"}, Target: rankValue(s.Rank), Verdict: t.Verdict},
				result.Reading{ID: "most", Name: result.Text{VI: "mức cao của khoảng", EN: "far end of the range"}, Target: rankValue(s.Stretch), Verdict: rankVerdict(s.Stretch, f)})
		}
		return
	}
	years := facts.Year - before.By
	for i, from := range s.GainOf {
		start, name := before.Rank, result.Text{VI: "tính từ mục tiêu", EN: "from the target"}
		if from == "actual" {
			name = result.Text{VI: "tính từ kết quả thực tế", EN: "from the rank achieved"}
			start = p.figure(a, facts, before.By).rank
		}
		for j, gain := range s.Gain {
			end := []result.Text{{VI: "mức thấp", EN: "least"}, {VI: "mức cao", EN: "most"}}[j]
			r := result.Reading{ID: from + []string{"_least", "_most"}[j], Name: result.Text{VI: name.VI + " năm " + fmt.Sprint(before.By) + ", " + end.VI, EN: name.EN + " of " + fmt.Sprint(before.By) + ", " + end.EN}, Target: nothing().value(), Verdict: result.NotPublished}
			if start > 0 {
				r.Target = rankValue(max(start-gain*years, 1))
				r.Verdict = rankVerdict(r.Target.Rank, f)
			}
			t.Readings = append(t.Readings, r)
			if i == 0 && j == 0 {
				t.Target, t.Verdict = r.Target, r.Verdict
			}
		}
	}
}

// rankVerdict is certain where the simultaneous rank set is on one side, or where the rank is a publication without one.
func rankVerdict(want int, f figure) string {
	set := f.rankSet
	switch {
	case !f.known || f.rank == 0:
		return result.NotPublished
	case f.rank <= want && (set[1] == 0 || set[1] <= want):
		return result.Met
	case f.rank <= want:
		return result.MetUncertain
	case set[0] == 0 || set[0] > want:
		return result.Missed
	}
	return result.MissedUncertain
}

// worst is the verdict of a parent: missed if a part is, not_published while one is out, met only if every part is.
func worst(targets []result.Target, parent string) string {
	order := []string{result.Missed, result.MissedUncertain, result.NotPublished, result.MetUncertain, result.Met}
	at := len(order)
	for _, t := range targets {
		if t.Parent == parent {
			at = min(at, slices.Index(order, t.Verdict))
		}
	}
	if at == len(order) {
		return result.NotPublished
	}
	return order[at]
}

func valueOf(v float64) result.Value { return result.Value{Number: result.Number(v)} }

func rankValue(rank int) result.Value {
	return result.Value{Number: result.Unknown(), Rank: rank, Label: result.Text{VI: fmt.Sprintf("hạng %d trở lên", rank), EN: fmt.Sprintf("rank %d or better", rank)}}
}

func groupName(group int) result.Text {
	if group == 0 {
		return result.Text{}
	}
	return groupLabel([]string{"high", "high_average", "low_average", "low"}[group-1])
}

func reading(id string, group int, verdict string, name result.Text) result.Reading {
	key := ""
	if group > 0 {
		key = []string{"high", "high_average", "low_average", "low"}[group-1]
	}
	return result.Reading{ID: id, Name: name, Target: result.Value{Number: result.Unknown(), Group: key, Label: groupName(group)}, Verdict: verdict}
}
