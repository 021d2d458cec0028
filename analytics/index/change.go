package index

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"hailong/analytics/result"
	"hailong/analytics/survey"
	"hailong/ingest/wording"
)

// How two waves' samples overlap. As an option, the empty word takes the PSUs that have the same stratum and name for the same.
const (
	OverlapPSU     = "psu"     // PSUs are in both waves, and their covariance is in the standard error
	OverlapNone    = "none"    // drawn independently
	OverlapUnknown = "unknown" // taken as independent, which is careful where waves share PSUs
)

// Verdicts of a change.
const (
	ChangeUp      = "up"
	ChangeDown    = "down"
	ChangeUnclear = "unclear"
	ChangeBreak   = "break"
)

// ChangeOptions say how to compare two waves. The zero value finds the overlap by the PSUs' names, adjusts by Holm and uses shipped definitions.
type ChangeOptions struct {
	Overlap     string        // empty, or none: the names of PSUs say nothing, they were given anew
	Adjust      string        // holm, BH or none
	Alpha       float64       // 0: 0.05
	Definitions []*Definition // the waves' own, where they are not shipped
}

// Waves is what two waves have to say about change.
type Waves struct {
	Changes  []result.Change  `json:"changes"`
	Moves    []Move           `json:"moves"`
	Warnings []result.Warning `json:"warnings"`
}

// Compare sets two results of the same index side by side: everyone's figures node by node, and the placements.
//
// d = after − before, SE² = SE₁² + SE₂² − 2·Cov with the covariance of the PSUs that both waves drew (package survey, Parts; R:
// svycontrast(svyby(~y, ~wave, stacked, svymean, covmat = TRUE), c(-1, 1)), the stacked design keeping the PSU ids; where PSUs cannot be
// recognised the waves are taken as independent). Welch–Satterthwaite degrees of freedom, at most those of the stacked design where PSUs are
// shared; two-sided t test, p adjusted over all nodes compared. Beside the test stands the publisher's own rule, if it has one.
// Across a method break, another frame of respondents, another aggregator or another question there is no difference to give, and
// the change says why instead.
func Compare(before, after *result.Set, o ChangeOptions) (*Waves, error) {
	if before.Index.Family != after.Index.Family {
		return nil, wording.Errorf("comparing two waves: one is %s and the other %s; compare waves of one index", cmp.Or(before.Index.ID, "?"), cmp.Or(after.Index.ID, "?"))
	}
	from, to := before.Plan.Year, after.Plan.Year
	if from == 0 || to == 0 {
		return nil, wording.Errorf("comparing two waves of %s: a wave has no year; set year in its plan", after.Index.ID)
	}
	if from > to {
		return nil, wording.Errorf("comparing two waves of %s: the first is of %d and the second of %d; give the earlier one first", after.Index.ID, from, to)
	}
	c := comparison{before: before, after: after, o: o, from: from, to: to}
	if err := c.defaults(); err != nil {
		return nil, err
	}
	w := &Waves{Changes: []result.Change{}, Warnings: []result.Warning{}}
	for _, n := range after.Nodes {
		if change, ok := c.node(n); ok {
			w.Changes = append(w.Changes, change)
		}
	}
	if err := c.adjust(w.Changes); err != nil {
		return nil, err
	}
	w.Moves = Moves(before.Placements, after.Placements, from, to, o.Definitions)
	w.Warnings = append(w.Warnings, c.overlapWarnings()...)
	return w, nil
}

// overlapWarnings say on what the standard errors of the changes rest.
func (c *comparison) overlapWarnings() []result.Warning {
	if c.o.Overlap == OverlapNone {
		return nil
	}
	if c.overlap == nil {
		return []result.Warning{{Code: "overlap_unknown", Text: result.Text{
			VI: "Chưa biết hai đợt có dùng chung đơn vị mẫu (PSU) hay không, vì kết quả của một đợt không ghi PSU; tính như hai mẫu độc lập (thận trọng nếu dùng chung).",
			EN: "Whether the waves share PSUs is not known, as the results of one of them name no PSUs; they are taken as independent, which is careful if they do.",
		}}}
	}
	o := c.overlap
	var out []result.Warning
	switch {
	case o.shared == 0:
		out = append(out, result.Warning{Code: "overlap_no_psu", Text: result.Text{
			VI: fmt.Sprintf("Không có đơn vị mẫu (PSU) nào trùng tên giữa hai đợt (%d và %d); tính như hai mẫu độc lập.", o.before, o.after),
			EN: fmt.Sprintf("No PSU has the same stratum and name in both waves (%d and %d); they are taken as independent.", o.before, o.after),
		}})
	default:
		out = append(out, result.Warning{Code: "overlap_psu", Text: result.Text{
			VI: fmt.Sprintf("%d đơn vị mẫu (PSU) có ở cả hai đợt (trong %d và %d): sai số của thay đổi đã trừ hiệp phương sai. Nếu tên PSU được đặt lại mỗi đợt, hãy so sánh với overlap none.", o.shared, o.before, o.after),
			EN: fmt.Sprintf("%d PSUs are in both waves (of %d and %d): the errors of the changes take their covariance into account. If PSUs were named anew in each wave, compare with overlap none.", o.shared, o.before, o.after),
		}})
	}
	if len(o.undecided) > 0 {
		names := strings.Join(o.undecided[:min(len(o.undecided), 5)], ", ")
		out = append(out, result.Warning{Code: "overlap_doubled", Text: result.Text{
			VI: fmt.Sprintf("%d tên PSU xuất hiện hai lần trong một đợt nên không ghép được: %s.", len(o.undecided), names),
			EN: fmt.Sprintf("%d PSU names stand twice in a wave and cannot be matched: %s.", len(o.undecided), names),
		}})
	}
	return out
}

type comparison struct {
	before, after *result.Set
	o             ChangeOptions
	from, to      int
	definition    *Definition // of the later wave, nil if it is not known
	overlap       *overlap    // nil: independent, or not known
}

func (c *comparison) defaults() error {
	c.o.Adjust = cmp.Or(c.o.Adjust, "holm")
	if c.o.Alpha == 0 {
		c.o.Alpha = 0.05
	}
	switch c.o.Overlap {
	case "":
		c.overlap = overlapOf(c.before.ByPSU, c.after.ByPSU)
	case OverlapNone:
	default:
		return wording.Errorf("comparing two waves: overlap %q is not none; leave it out to match the waves' PSUs by their names", c.o.Overlap)
	}
	for _, d := range c.o.Definitions {
		if d.ID == c.after.Index.ID {
			c.definition = d
			return nil
		}
	}
	c.definition = shippedDefinition(c.after.Index.ID)
	return nil
}

// broken says why a node of the two waves must not be compared, or nothing.
func (c *comparison) broken(n result.Node) result.Text {
	if c.definition != nil {
		if ok, why := c.definition.Comparable(n.ID, c.from, c.to); !ok {
			return why
		}
	}
	b, a := c.before.Index, c.after.Index
	switch {
	case b.Frame != a.Frame:
		return result.Text{VI: fmt.Sprintf("Hai đợt hỏi hai đối tượng khác nhau (%s, %s).", b.Frame, a.Frame), EN: fmt.Sprintf("The waves asked different populations (%s, %s).", b.Frame, a.Frame)}
	case b.Aggregator != a.Aggregator && n.Level != "criterion" && n.Level != "indicator":
		return result.Text{VI: fmt.Sprintf("Hai đợt tính bằng hai công thức khác nhau (%s, %s).", b.Aggregator, a.Aggregator), EN: fmt.Sprintf("The waves used different formulas (%s, %s).", b.Aggregator, a.Aggregator)}
	}
	for _, old := range c.before.Nodes {
		if old.ID != n.ID {
			continue
		}
		if old.Unit != n.Unit || (old.Max.Known() && n.Max.Known() && math.Abs(float64(old.Max-n.Max)) > 1e-9) {
			return result.Text{VI: "Thang điểm của hai đợt khác nhau.", EN: "The waves measure it on different scales."}
		}
		if old.Text.VI != n.Text.VI || (n.Text.VI == "" && old.Name.VI != n.Name.VI) {
			return result.Text{VI: "Câu hỏi của hai đợt khác nhau.", EN: "The waves asked different questions."}
		}
	}
	return result.Text{}
}

// node compares one node; a node that the earlier wave does not have, or that is suppressed in either, has no change.
func (c *comparison) node(n result.Node) (result.Change, bool) {
	before, ok := everyone(c.before, n.ID)
	after, there := everyone(c.after, n.ID)
	if !ok || !there || !before.Estimate.Known() || !after.Estimate.Known() {
		return result.Change{}, false
	}
	out := result.Change{
		Index: c.after.Index.ID, Node: n.ID, From: c.from, To: c.to, Before: before.Estimate, After: after.Estimate,
		Diff: result.Unknown(), SE: result.Unknown(), Lo: result.Unknown(), Hi: result.Unknown(), P: result.Unknown(), PAdj: result.Unknown(), Relative: result.Unknown(),
		Overlap: cmp.Or(c.o.Overlap, OverlapUnknown), Cov: result.Unknown(), Rule: result.Unknown(),
	}
	if out.Break = c.broken(n); out.Break != (result.Text{}) {
		out.Verdict = ChangeBreak
		return out, true
	}
	out.Diff = after.Estimate - before.Estimate
	if before.Estimate != 0 {
		out.Relative = 100 * out.Diff / before.Estimate
	}
	if c.definition != nil {
		out.Rule, out.ByRule = byRule(c.definition, out.Relative)
	}
	if !before.SE.Known() || !after.SE.Known() {
		return out, true
	}
	v1, v2 := float64(before.SE*before.SE), float64(after.SE*after.SE)
	v := v1 + v2
	df := welch(v1, float64(before.DF), v2, float64(after.DF))
	if c.overlap != nil {
		if cov, there := c.overlap.cov[n.ID]; there {
			out.Overlap, out.Shared, out.Cov = OverlapPSU, c.overlap.shared, result.Number(cov)
			v -= 2 * cov
			df = math.Min(df, c.overlap.df)
		} else if c.overlap.shared == 0 {
			out.Overlap = OverlapNone
		}
	}
	if !(v > 1e-9*(v1+v2)) { // the same answers twice: the parts are rounded to ten digits
		return out, true
	}
	se := math.Sqrt(v)
	confidence := after.Confidence
	if confidence == 0 {
		confidence = 0.95
	}
	half := survey.TQuantile(1-(1-confidence)/2, df) * se
	out.SE = result.Number(se)
	out.Lo, out.Hi = out.Diff-result.Number(half), out.Diff+result.Number(half)
	out.P = result.Number(survey.TwoSidedP(float64(out.Diff)/se, df))
	return out, true
}

// welch is (v1+v2)²/(v1²/df1 + v2²/df2) (Satterthwaite 1946); unknown degrees of freedom count as infinite.
func welch(v1, df1, v2, df2 float64) float64 {
	part := func(v, df float64) float64 {
		if math.IsNaN(df) || math.IsInf(df, 0) || df <= 0 {
			return 0
		}
		return v * v / df
	}
	d := part(v1, df1) + part(v2, df2)
	if d == 0 {
		return math.Inf(1)
	}
	return (v1 + v2) * (v1 + v2) / d
}

func everyone(s *result.Set, node string) (result.Estimate, bool) {
	for _, e := range s.Estimates {
		if e.Node == node && len(e.Domain) == 0 && e.Index == s.Index.ID {
			return e, true
		}
	}
	return result.Estimate{}, false
}

// adjust fills the adjusted p-values and the verdicts: up or down where the adjusted p is below alpha.
func (c *comparison) adjust(changes []result.Change) error {
	var at []int
	var p []float64
	for i, x := range changes {
		if x.P.Known() {
			at = append(at, i)
			p = append(p, float64(x.P))
		}
	}
	adjusted := p
	if len(p) > 0 {
		var err error
		if adjusted, err = survey.PAdjust(p, c.o.Adjust); err != nil {
			return wording.Errorf("comparing two waves: %w", err)
		}
	}
	for k, i := range at {
		changes[i].PAdj = result.Number(adjusted[k])
	}
	for i := range changes {
		x := &changes[i]
		switch {
		case x.Verdict == ChangeBreak:
		case !x.PAdj.Known() || float64(x.PAdj) >= c.o.Alpha:
			x.Verdict = ChangeUnclear
		case x.Diff > 0:
			x.Verdict = ChangeUp
		default:
			x.Verdict = ChangeDown
		}
	}
	return nil
}
