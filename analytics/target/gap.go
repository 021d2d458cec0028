package target

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"hailong/analytics/result"
)

// Kinds of a gap's rows.
const (
	GapTotal     = "total"     // the whole distance
	GapFactor    = "factor"    // a factor's or dimension's part of it
	GapCriterion = "criterion" // a criterion's part
	GapDomain    = "domain"    // an area's or group's part
	GapRemainder = "remainder" // what the parts do not explain
	GapSmallest  = "smallest"  // one of the smallest improvements that reach the target
)

// additive is how closely the parts of a gap must add up to it; a breakdown that does not is left out.
const additive = 1e-6

// Gaps says for every missed target what would close it, as arithmetic and not as advice.
//
// For a satisfaction value p below a target T the gap T − p falls into parts w_c·(T − p_c): w_c is the criterion's share of the valid
// answers (equal shares where the index takes means), and the parts of criteria above the target are negative. The same holds over the
// values of a breakdown. The smallest improvements lift every criterion below a level L to L, with Σ w_c·max(0, L − p_c) = T − p, or one
// factor alone by (T − p)/w_f. For a group the gap is the distance to its edge, against the edges of the dimensions.
func Gaps(plan *Plan, facts Facts, targets []result.Target) []result.Gap {
	var out []result.Gap
	for _, t := range targets {
		if t.Verdict != result.Missed && t.Verdict != result.MissedUncertain {
			continue
		}
		i := slices.IndexFunc(plan.Targets, func(a Aim) bool { return a.ID == t.ID })
		if i < 0 {
			continue
		}
		a := plan.Targets[i]
		switch a.Kind {
		case ValueAtLeast, ValueInGroup, ShareAtLeast:
			out = append(out, valueGap(plan, a, facts, t)...)
		case GroupAtLeast:
			out = append(out, groupGap(plan, a, facts, t)...)
		case RankAtMost, RankGain:
			out = append(out, rankGap(plan.figure(a, facts, facts.Year), t)...)
		}
	}
	return out
}

// total is the first row of every gap.
func total(t result.Target, points, answers float64, vi, en string) result.Gap {
	return result.Gap{Target: t.ID, Kind: GapTotal, Points: finite(points), Respondents: finite(answers), Share: 100, Text: result.Text{VI: vi, EN: en}}
}

func finite(v float64) result.Number {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return result.Unknown()
	}
	return result.Number(v)
}

// part is one criterion, factor or domain value with its weight in the whole.
type part struct {
	id     string
	key    map[string]string
	label  result.Text
	weight float64 // share of the whole, 0…1
	value  float64
}

func valueGap(plan *Plan, a Aim, facts Facts, t result.Target) []result.Gap {
	if !t.Result.Number.Known() || !t.Target.Number.Known() {
		return nil
	}
	aim, value := float64(t.Target.Number), float64(t.Result.Number)
	gap := aim - value
	if gap <= 0 {
		return nil
	}
	if f := plan.figure(a, facts, facts.Year); f.base > 0 {
		return []result.Gap{countGap(t, f, aim, gap)}
	}
	tree := newTree(a, facts)
	answers := tree.answers(nil)
	head := total(t, gap, gap/100*float64(answers),
		fmt.Sprintf("Còn thiếu %s điểm phần trăm để đạt %s%%.", decimal(gap, 2, true), decimal(aim, 2, true)),
		fmt.Sprintf("%s percentage points short of %s %%.", decimal(gap, 2, false), decimal(aim, 2, false)))
	if answers == 0 {
		head.Respondents = result.Unknown()
	} else {
		head.Text.VI += fmt.Sprintf(" Tương đương %d câu trả lời chuyển thành hài lòng trong %d câu trả lời hợp lệ.", int(math.Ceil(gap/100*float64(answers))), answers)
		head.Text.EN += fmt.Sprintf(" That is %d answers turning to satisfied, of %d valid ones.", int(math.Ceil(gap/100*float64(answers))), answers)
	}
	if people := tree.respondents(); people > 0 && answers > 0 {
		n := int(math.Ceil(gap / 100 * float64(people)))
		head.Text.VI += fmt.Sprintf(" Hoặc %d người trong %d người trả lời chuyển thành hài lòng ở mọi câu.", n, people)
		head.Text.EN += fmt.Sprintf(" Or %d of %d respondents turning to satisfied in every answer.", n, people)
	}
	out := []result.Gap{head}
	criteria := tree.criteria()
	if !adds(criteria, value) {
		return out
	}
	factors := tree.factors(criteria)
	out = append(out, shortfalls(t, GapFactor, factors, aim, gap, answers)...)
	out = append(out, shortfalls(t, GapCriterion, criteria, aim, gap, answers)...)
	for _, d := range facts.Domains {
		if values := tree.domain(d); adds(values, value) {
			out = append(out, shortfalls(t, GapDomain, values, aim, gap, answers)...)
		}
	}
	out = append(out, smallest(t, factors, criteria, gap, answers)...)
	return out
}

// countGap is the distance of a share that is counted: how many more of its base are wanted.
func countGap(t result.Target, f figure, aim, gap float64) result.Gap {
	more := int(math.Ceil(aim/100*float64(f.base)-1e-9)) - f.count
	return total(t, gap, float64(more),
		fmt.Sprintf("Còn thiếu %s điểm phần trăm để đạt %s%%: thêm %d trong %d (hiện có %d).", decimal(gap, 2, true), decimal(aim, 2, true), more, f.base, f.count),
		fmt.Sprintf("%s percentage points short of %s %%: %d more of %d (now %d).", decimal(gap, 2, false), decimal(aim, 2, false), more, f.base, f.count))
}

// adds reports whether the parts make up the whole.
func adds(parts []part, whole float64) bool {
	if len(parts) == 0 {
		return false
	}
	sum, weight := 0.0, 0.0
	for _, p := range parts {
		sum += p.weight * p.value
		weight += p.weight
	}
	return math.Abs(sum-whole) < additive && math.Abs(weight-1) < additive
}

// shortfalls are the parts' contributions, the largest first.
func shortfalls(t result.Target, kind string, parts []part, aim, gap float64, answers int) []result.Gap {
	var out []result.Gap
	for _, p := range parts {
		points := p.weight * (aim - p.value)
		g := result.Gap{Target: t.ID, Kind: kind, Node: p.id, Domain: p.key, Points: finite(points), Respondents: finite(points / 100 * float64(answers)), Share: finite(100 * points / gap)}
		if kind == GapDomain {
			g.Node = ""
		}
		if answers == 0 {
			g.Respondents = result.Unknown()
		}
		g.Text = result.Text{
			VI: fmt.Sprintf("%s: %s%%, đóng góp %s điểm vào khoảng thiếu.", p.label.VI, decimal(p.value, 2, true), decimal(points, 2, true)),
			EN: fmt.Sprintf("%s: %s %%, %s points of the gap.", english(p.label), decimal(p.value, 2, false), decimal(points, 2, false)),
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b result.Gap) int { return cmp.Compare(b.Points, a.Points) })
	return out
}

func english(t result.Text) string { return cmp.Or(t.EN, t.VI) }

// smallest are the least improvements that reach the target: every criterion below one level lifted to it, and each factor alone.
func smallest(t result.Target, factors, criteria []part, gap float64, answers int) []result.Gap {
	var out []result.Gap
	if level, ok := lift(criteria, gap); ok {
		for _, c := range criteria {
			if c.value >= level {
				continue
			}
			points := level - c.value
			out = append(out, result.Gap{
				Target: t.ID, Kind: GapSmallest, Node: c.id, Points: finite(c.weight * points), Respondents: answersOf(c.weight*points, answers), Share: finite(100 * c.weight * points / gap),
				Text: result.Text{
					VI: fmt.Sprintf("Nâng mọi tiêu chí thấp hơn %s%% lên mức đó: %s từ %s%% (thêm %s điểm).", decimal(level, 2, true), c.label.VI, decimal(c.value, 2, true), decimal(points, 2, true)),
					EN: fmt.Sprintf("Every criterion below %s %% lifted to it: %s from %s %% (%s points more).", decimal(level, 2, false), english(c.label), decimal(c.value, 2, false), decimal(points, 2, false)),
				},
			})
		}
	}
	for _, f := range factors {
		needed := f.value + gap/f.weight
		g := result.Gap{Target: t.ID, Kind: GapSmallest, Node: f.id, Points: finite(gap / f.weight), Respondents: answersOf(gap, answers), Share: 100, Text: result.Text{
			VI: fmt.Sprintf("Nếu chỉ riêng %s thay đổi: cần từ %s%% lên %s%%.", f.label.VI, decimal(f.value, 2, true), decimal(needed, 2, true)),
			EN: fmt.Sprintf("If %s alone changed: from %s %% to %s %%.", english(f.label), decimal(f.value, 2, false), decimal(needed, 2, false)),
		}}
		if needed > 100 {
			g.Points, g.Respondents, g.Share = result.Unknown(), result.Unknown(), result.Unknown()
			g.Text = result.Text{
				VI: fmt.Sprintf("Riêng %s không đủ: ngay cả 100%% cũng chưa đạt mục tiêu.", f.label.VI),
				EN: fmt.Sprintf("%s alone is not enough: even 100 %% would not reach the target.", english(f.label)),
			}
		}
		out = append(out, g)
	}
	return out
}

func answersOf(points float64, answers int) result.Number {
	if answers == 0 {
		return result.Unknown()
	}
	return finite(points / 100 * float64(answers))
}

// lift finds the level L with Σ w·max(0, L − value) = gap; not above 100.
func lift(parts []part, gap float64) (float64, bool) {
	sorted := slices.SortedStableFunc(slices.Values(parts), func(a, b part) int { return cmp.Compare(a.value, b.value) })
	weight, sum := 0.0, 0.0
	for i, p := range sorted {
		weight += p.weight
		sum += p.weight * p.value
		level := (gap + sum) / weight
		if i+1 == len(sorted) || level <= sorted[i+1].value {
			return level, level <= 100
		}
	}
	return 0, false
}

// tree reads the run's estimates along the index's tree.
type tree struct {
	aim   Aim
	facts Facts
	nodes map[string]result.Node
	order []string
	byKey map[string]result.Estimate
	rule  string // of the overall figure: pooled over the answers, mean_items or mean (of the factors)
}

func estimateKey(node string, domain map[string]string) string {
	key := []string{node}
	for _, k := range slices.Sorted(maps.Keys(domain)) {
		key = append(key, k+"="+domain[k])
	}
	return strings.Join(key, "\x00")
}

func newTree(a Aim, facts Facts) *tree {
	t := &tree{aim: a, facts: facts, nodes: map[string]result.Node{}, byKey: map[string]result.Estimate{}}
	for _, n := range facts.Nodes {
		t.nodes[n.ID] = n
		t.order = append(t.order, n.ID)
		if n.Level == "overall" {
			t.rule = n.Rule
		}
	}
	for _, e := range facts.Estimates {
		if a.names(e.Index) {
			t.byKey[estimateKey(e.Node, e.Domain)] = e
		}
	}
	return t
}

// criterion reports whether a node is a part of the overall figure: questions beside the tree are not.
func (t *tree) criterion(id string) bool { return t.nodes[id].Level == "criterion" }

// answers is the number of valid answers to all criteria.
func (t *tree) answers(domain map[string]string) int {
	n := 0
	for _, id := range t.order {
		if t.criterion(id) {
			n += t.byKey[estimateKey(id, domain)].N
		}
	}
	return n
}

// respondents is how many people the overall figure rests on.
func (t *tree) respondents() int {
	for _, id := range t.order {
		if t.nodes[id].Level == "overall" {
			return t.byKey[estimateKey(id, nil)].N
		}
	}
	return 0
}

// criteria are the overall figure's parts; none if one of them is not known.
func (t *tree) criteria() []part {
	var out []part
	sum := 0.0
	for _, id := range t.order {
		if !t.criterion(id) {
			continue
		}
		e, ok := t.byKey[estimateKey(id, nil)]
		if !ok || !e.Estimate.Known() || !e.SumW.Known() {
			return nil
		}
		w := float64(e.SumW)
		if t.rule == "mean_items" || (t.rule == "mean" && t.nodes[t.nodes[id].Parent].Rule == "mean_items") {
			w = 1
		}
		out = append(out, part{id: id, label: t.nodes[id].Name, weight: w, value: float64(e.Estimate)})
		sum += w
	}
	if t.rule == "mean" { // every factor counts the same, and within it its criteria by their answers
		within := map[string]float64{}
		for _, c := range out {
			within[t.nodes[c.id].Parent] += c.weight
		}
		for i := range out {
			out[i].weight /= within[t.nodes[out[i].id].Parent]
		}
		sum = float64(len(within))
	}
	for i := range out {
		out[i].weight /= sum
	}
	return out
}

// factors gather the criteria by their parents.
func (t *tree) factors(criteria []part) []part {
	var out []part
	for _, c := range criteria {
		parent := t.nodes[c.id].Parent
		if len(out) == 0 || out[len(out)-1].id != parent {
			out = append(out, part{id: parent, label: t.nodes[parent].Name})
		}
		f := &out[len(out)-1]
		f.value = (f.value*f.weight + c.value*c.weight) / (f.weight + c.weight)
		f.weight += c.weight
	}
	return out
}

// domain are the values of a breakdown with their share of all valid answers; none if a value is suppressed, as the rest would reveal it.
func (t *tree) domain(d result.Domain) []part {
	var out []part
	sum := 0.0
	for _, v := range d.Values {
		key := map[string]string{d.ID: v.Value}
		weight, positive := 0.0, 0.0
		for _, id := range t.order {
			if !t.criterion(id) {
				continue
			}
			e, ok := t.byKey[estimateKey(id, key)]
			if !ok || !e.Estimate.Known() || !e.SumW.Known() {
				return nil
			}
			weight += float64(e.SumW)
			positive += float64(e.SumW) * float64(e.Estimate)
		}
		if weight == 0 {
			return nil
		}
		out = append(out, part{id: v.Value, key: key, label: result.Text{VI: cmp.Or(v.Label.VI, v.Value), EN: cmp.Or(v.Label.EN, v.Label.VI, v.Value)}, weight: weight, value: positive / weight})
		sum += weight
	}
	for i := range out {
		out[i].weight /= sum
	}
	return out
}

// groupGap is the distance to the edge of the group wanted, beside the distances of the dimensions to their own edges. The dimensions'
// edges do not add up to the composite's, so what is left is a row of its own.
func groupGap(plan *Plan, a Aim, facts Facts, t result.Target) []result.Gap {
	f := a.placed(facts, plan.Area.Code, facts.Year)
	want := groupOrder(t.Target.Group)
	if !f.known || want == 0 || want > 3 {
		return bandGap(a, t)
	}
	// The area's own score moves the edge with it: what it must reach is not always the edge of today.
	reach := f.placement.Reach[want-1]
	if !reach.Known() || !f.number.Known() {
		return nil
	}
	gap := float64(reach - f.number)
	label := groupLabel(t.Target.Group)
	out := []result.Gap{total(t, gap, math.NaN(),
		fmt.Sprintf("Còn thiếu %s điểm để vào nhóm %s (%s điểm), với điểm của các tỉnh khác giữ nguyên.", decimal(gap, 4, true), strings.ToLower(label.VI), decimal(float64(reach), 4, true)),
		fmt.Sprintf("%s points short of the %s group (%s points), other provinces unchanged.", decimal(gap, 4, false), strings.ToLower(label.EN), decimal(float64(reach), 4, false)))}
	var parts []result.Gap
	rest := gap
	for _, p := range facts.Placements {
		if p.Area != plan.Area.Code || p.Year != facts.Year || !a.names(p.Index) || len(p.Node) != 2 || p.Node[0] != 'D' || !p.Score.Known() {
			continue
		}
		own := [4]result.Number{result.Unknown(), p.P75, p.P50, p.P25}[want]
		points := float64(own - p.Score)
		rest -= points
		vi, en := "thấp hơn", "below"
		if points < 0 {
			vi, en = "cao hơn", "above"
		}
		parts = append(parts, result.Gap{Target: t.ID, Kind: GapFactor, Node: p.Node, Points: finite(points), Respondents: result.Unknown(), Share: finite(100 * points / gap), Text: result.Text{
			VI: fmt.Sprintf("%s: %s điểm, %s ngưỡng của chính nội dung này (%s) %s điểm.", p.Name.VI, decimal(float64(p.Score), 4, true), vi, decimal(float64(own), 4, true), decimal(math.Abs(points), 4, true)),
			EN: fmt.Sprintf("%s: %s points, %s %s this dimension's own edge (%s).", english(p.Name), decimal(float64(p.Score), 4, false), decimal(math.Abs(points), 4, false), en, decimal(float64(own), 4, false)),
		}})
	}
	slices.SortStableFunc(parts, func(a, b result.Gap) int { return cmp.Compare(b.Points, a.Points) })
	out = append(out, parts...)
	if len(parts) == 0 {
		return out
	}
	out = append(out, result.Gap{Target: t.ID, Kind: GapRemainder, Points: finite(rest), Respondents: result.Unknown(), Share: finite(100 * rest / gap), Text: result.Text{
		VI: "Phần còn lại: ngưỡng của tổng không bằng tổng các ngưỡng.",
		EN: "What is left: the edge of a sum is not the sum of the edges.",
	}})
	out = append(out, partGaps(plan, a, facts, t, want, gap)...)
	for _, p := range facts.Placements {
		if p.Area != plan.Area.Code || p.Year != facts.Year || !a.names(p.Index) || len(p.Node) != 2 || p.Node[0] != 'D' || !p.Score.Known() {
			continue
		}
		needed := float64(p.Score) + gap
		g := result.Gap{Target: t.ID, Kind: GapSmallest, Node: p.Node, Points: finite(gap), Respondents: result.Unknown(), Share: 100, Text: result.Text{
			VI: fmt.Sprintf("Nếu chỉ riêng %s thay đổi: cần từ %s lên %s điểm (cao nhất năm đó: %s).", p.Name.VI, decimal(float64(p.Score), 4, true), decimal(needed, 4, true), decimal(float64(p.Max), 4, true)),
			EN: fmt.Sprintf("If %s alone changed: from %s to %s points (best of the year: %s).", english(p.Name), decimal(float64(p.Score), 4, false), decimal(needed, 4, false), decimal(float64(p.Max), 4, false)),
		}}
		if needed > 10 {
			g.Points, g.Share = result.Unknown(), result.Unknown()
			g.Text = result.Text{VI: fmt.Sprintf("Riêng %s không đủ: vượt điểm tối đa 10.", p.Name.VI), EN: fmt.Sprintf("%s alone is not enough: beyond the maximum of 10.", english(p.Name))}
		}
		out = append(out, g)
	}
	return out
}

// partGaps are the sub-dimensions that stand below their own edges, the furthest first.
func partGaps(plan *Plan, a Aim, facts Facts, t result.Target, want int, gap float64) []result.Gap {
	var out []result.Gap
	for _, p := range facts.Placements {
		if p.Area != plan.Area.Code || p.Year != facts.Year || !a.names(p.Index) || len(p.Node) != 3 || p.Node[1] != '.' || !p.Score.Known() {
			continue
		}
		own := [4]result.Number{result.Unknown(), p.P75, p.P50, p.P25}[want]
		points := float64(own - p.Score)
		if points <= 0 {
			continue
		}
		out = append(out, result.Gap{Target: t.ID, Kind: GapCriterion, Node: p.Node, Points: finite(points), Respondents: result.Unknown(), Share: finite(100 * points / gap), Text: result.Text{
			VI: fmt.Sprintf("%s: %s điểm, thấp hơn ngưỡng của chính nội dung này (%s) %s điểm.", p.Name.VI, decimal(float64(p.Score), 4, true), decimal(float64(own), 4, true), decimal(points, 4, true)),
			EN: fmt.Sprintf("%s: %s points, %s below this part's own edge (%s).", english(p.Name), decimal(float64(p.Score), 4, false), decimal(points, 4, false), decimal(float64(own), 4, false)),
		}})
	}
	slices.SortStableFunc(out, func(a, b result.Gap) int { return cmp.Compare(b.Points, a.Points) })
	return out
}

// bandGap is the distance of a published value to the band wanted.
func bandGap(a Aim, t result.Target) []result.Gap {
	if a.Bands == "" || !t.Result.Number.Known() {
		return nil
	}
	least, ok := bandMin(a.Bands, t.Year, t.Target.Group)
	gap := least - float64(t.Result.Number)
	if !ok || gap <= 0 {
		return nil
	}
	return []result.Gap{total(t, gap, math.NaN(),
		fmt.Sprintf("Còn thiếu %s điểm để tới nhóm %s (từ %s, ngưỡng suy luận).", decimal(gap, 2, true), t.Target.Group, decimal(least, 2, true)),
		fmt.Sprintf("%s points short of group %s (from %s, an inferred bound).", decimal(gap, 2, false), t.Target.Group, decimal(least, 2, false)))}
}

// rankGap is the distance in ranks and, where the whole table is known, in points: the score of the area that has the rank wanted.
func rankGap(f figure, t result.Target) []result.Gap {
	if t.Result.Rank == 0 || t.Target.Rank == 0 || t.Result.Rank <= t.Target.Rank {
		return nil
	}
	ranks := t.Result.Rank - t.Target.Rank
	vi := fmt.Sprintf("Còn thiếu %d bậc: hạng %d, mục tiêu hạng %d.", ranks, t.Result.Rank, t.Target.Rank)
	en := fmt.Sprintf("%d ranks short: rank %d, target %d.", ranks, t.Result.Rank, t.Target.Rank)
	if f.number.Known() && t.Target.Rank <= len(f.ladder) {
		score := f.ladder[t.Target.Rank-1]
		if gap := score - float64(f.number); gap > 0 {
			vi += fmt.Sprintf(" Tỉnh giữ hạng %d có %s điểm: còn thiếu %s điểm, với điểm của các tỉnh khác giữ nguyên.", t.Target.Rank, decimal(score, 2, true), decimal(gap, 2, true))
			en += fmt.Sprintf(" The province at rank %d has %s points: %s points short, other provinces unchanged.", t.Target.Rank, decimal(score, 2, false), decimal(gap, 2, false))
		}
	}
	return []result.Gap{total(t, float64(ranks), math.NaN(), vi, en)}
}
