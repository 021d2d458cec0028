package reports

import (
	"fmt"

	"golang.org/x/text/unicode/norm"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

type cell = workbook.Cell

// Marks stand where a figure does not: a cell is never just empty.
const (
	markHidden  = "[c]" // kept back: too few respondents
	markUnsure  = "[u]" // low reliability: the interval is wide
	markMissing = "[x]" // not available
	markNone    = "[z]" // not applicable
	markBreak   = "[b]" // break in the series
)

// text is a cell of words, in Unicode's composed form whatever the source had; nothing becomes markNone.
func text(s string) cell {
	s = norm.NFC.String(s)
	if s == "" {
		s = markNone
	}
	return cell{Kind: workbook.Text, Text: s}
}

func number(v float64) cell { return cell{Kind: workbook.Number, Number: v} }

func count(n int) cell { return number(float64(n)) }

// whole is a count, or markNone for zero where zero means that there is none to speak of.
func whole(n int) cell {
	if n == 0 {
		return text(markNone)
	}
	return count(n)
}

// figure is a number of the set, or markMissing.
func figure(n result.Number) cell {
	if !n.Known() {
		return text(markMissing)
	}
	return number(float64(n))
}

// live is a formula and the number that it shows.
func live(value float64, formula string, args ...any) cell {
	return cell{Kind: workbook.Number, Number: value, Formula: fmt.Sprintf(formula, args...)}
}

// liveText is a formula and the text that it shows.
func liveText(value, formula string, args ...any) cell {
	return cell{Kind: workbook.Text, Text: value, Formula: fmt.Sprintf(formula, args...)}
}

// linked is a text that leads to a cell of another page.
func linked(label, sheet, at, tip string) cell {
	return cell{Kind: workbook.Text, Text: label, Link: &workbook.Link{Target: "#'" + sheet + "'!" + at, Tip: tip}}
}

// published is an estimate's figure as it may be shown: kept back where the rules say so.
func published(e *result.Estimate, n result.Number) cell {
	switch {
	case e == nil:
		return text(markMissing)
	case e.Suppressed == "n" || e.Suppressed == "sibling":
		return text(markHidden)
	}
	return figure(n)
}

// shown reports whether e has a figure that may be shown.
func shown(e *result.Estimate) bool {
	return e != nil && e.Suppressed != "n" && e.Suppressed != "sibling" && e.Estimate.Known()
}
