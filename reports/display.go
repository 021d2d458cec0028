package reports

import (
	"math"
	"strconv"
	"strings"

	"hailong/reports/workbook"
)

// display is a cell's text as Excel shows it under the workbook's own language: for the HTML copy and for tests.
func (r *report) display(c cell) string {
	if c.Kind != workbook.Number {
		return c.Text
	}
	format := r.book.Look(c.Style).Format
	if format == "" || format == formatGeneral {
		return r.w.mark(strconv.FormatFloat(c.Number, 'g', 15, 64))
	}
	section := format
	if parts := strings.Split(format, ";"); len(parts) == 3 {
		section = parts[2]
		if digits := round(c.Number, decimals(parts[2])); digits > 0 {
			section = parts[0]
		} else if digits < 0 {
			section = parts[1]
		}
		return r.dress(section, math.Abs(c.Number))
	}
	return r.dress(section, c.Number)
}

// dress writes v into one section of a number format: quoted words and signs around digits.
func (r *report) dress(section string, v float64) string {
	var before, after strings.Builder
	into, quoted, pattern := &before, false, ""
	for _, c := range section {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && strings.ContainsRune("0#.,", c):
			pattern += string(c)
			into = &after
		default:
			into.WriteRune(c)
		}
	}
	places := decimals(pattern)
	digits := fixed(v, places)
	if strings.Contains(pattern, ".#") {
		digits = strings.TrimSuffix(strings.TrimRight(digits, "0"), ".")
	}
	whole, part, _ := strings.Cut(digits, ".")
	if strings.Contains(pattern, ",") {
		whole = r.thousands(whole)
	}
	if part != "" {
		whole += r.w.mark(".") + part
	}
	return before.String() + whole + after.String()
}

func decimals(pattern string) int {
	_, after, _ := strings.Cut(pattern, ".")
	return strings.Count(after, "0") + strings.Count(after, "#")
}

// thousands parts digits by threes: 3.321 in Vietnamese, 3,321 in English.
func (r *report) thousands(digits string) string {
	separator := "."
	if r.w.lang == "en" {
		separator = ","
	}
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + separator + digits[at:]
	}
	return sign + digits
}
