package analytics

import "hailong/analytics/result"

// What a figure's Suppressed says.
const (
	suppressedN       = "n"
	suppressedSibling = "sibling"
	suppressedWidth   = "width"
)

// suppress hides a figure from too few respondents and flags one whose interval is too wide.
func (r *run) suppress(e *result.Estimate, n result.Node) {
	if e.N < r.plan.Suppress.MinN {
		e.Suppressed = suppressedN
		hide(e)
		return
	}
	limit := r.plan.Suppress.MaxHalfWidth
	if n.Unit != "percent" {
		if !n.Min.Known() || !n.Max.Known() {
			return
		}
		limit *= float64(n.Max-n.Min) / 100
	}
	if e.Lo.Known() && e.Hi.Known() && float64(e.Hi-e.Lo)/2 > limit {
		e.Suppressed = suppressedWidth
	}
}

// hide takes a figure away but leaves how many answered: that is why it was taken away.
func hide(e *result.Estimate) {
	e.Estimate, e.SE, e.Lo, e.Hi, e.Deff = result.Unknown(), result.Unknown(), result.Unknown(), result.Unknown(), result.Unknown()
	e.SumW = result.Unknown()
	e.Printed, e.Worth = nil, nil
}

// suppressSiblings hides a second value of a breakdown where only one is hidden: everyone's figure less the others would reveal it.
// The second is the smallest one left.
func suppressSiblings(blocks [][]result.Estimate) {
	if len(blocks) == 0 {
		return
	}
	for node := range blocks[0] {
		hidden, smallest := 0, -1
		for i, b := range blocks {
			switch e := &b[node]; {
			case e.Suppressed == suppressedN && e.N > 0:
				hidden++
			case e.Estimate.Known() && (smallest < 0 || e.N < blocks[smallest][node].N):
				smallest = i
			}
		}
		if hidden == 1 && smallest >= 0 {
			e := &blocks[smallest][node]
			e.Suppressed = suppressedSibling
			hide(e)
		}
	}
}

// shown reports whether a figure may be read from the set.
func shown(e *result.Estimate) bool { return e.Estimate.Known() }
