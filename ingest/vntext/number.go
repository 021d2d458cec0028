package vntext

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Decimal is the character that separates the decimals in a column of numbers written as text.
type Decimal string

// The ways to write decimals. DecimalUnknown is a column whose numbers fit both; DecimalMixed one whose numbers contradict one another.
const (
	DecimalUnknown Decimal = ""
	DecimalComma   Decimal = "comma" // 1.234,5
	DecimalPoint   Decimal = "point" // 1,234.5
	DecimalMixed   Decimal = "mixed"
)

// A Number is a number read from text.
type Number struct {
	Value        float64
	Percent      bool    // a % sign followed; Value is the number before it, not divided
	Ambiguous    bool    // `1.234` in a column that shows neither way: Value reads it as one number with decimals, Other as thousands
	Other        float64 // the other reading of an ambiguous number
	Conflict     bool    // it can only be read against the column's way
	LeadingZeros bool    // 00123: more likely a code than a number
	Inexact      bool    // more than 15 digits: a float64 may not hold it
}

// ParseNumber reads s as a number in the column's way of writing decimals. ok is false where s is no number; `1E3` is none, because in
// a column of codes it is a code. Grouping by points, commas or spaces is accepted only in whole groups of three.
func ParseNumber(s string, d Decimal) (n Number, ok bool) {
	s = Clean(s)
	if rest, found := strings.CutSuffix(s, "%"); found {
		n.Percent = true
		s = strings.TrimSpace(rest)
	}
	sign := ""
	if rest, found := cutSign(s); found {
		s = strings.TrimSpace(rest)
		sign = "-"
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	if v, isFloat := shortestFloat(s); isFloat {
		n.Value = v
		if sign != "" {
			n.Value = -v
		}
		return n, true
	}
	body, ok := ungroupSpaces(s)
	if !ok {
		return Number{}, false
	}
	r, ok := readNumeral(body)
	if !ok {
		return Number{}, false
	}
	digits := r.either(d)
	n.Ambiguous = r.ambiguous() && d != DecimalComma && d != DecimalPoint
	n.Conflict = r.conflicts(d)
	n.LeadingZeros = len(digits) > 1 && digits[0] == '0' && digits[1] != '.'
	n.Inexact = significant(digits) > 15
	if n.Value, ok = parseFloat(sign + digits); !ok {
		return Number{}, false
	}
	if n.Ambiguous {
		if n.Other, ok = parseFloat(sign + r.grouped); !ok {
			return Number{}, false
		}
	}
	return n, true
}

func parseFloat(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// cutSign takes a minus of any kind off the front.
func cutSign(s string) (string, bool) {
	for _, minus := range []string{"-", "\u2212", "\u2013"} {
		if rest, ok := strings.CutPrefix(s, minus); ok {
			return rest, true
		}
	}
	return s, false
}

// shortestFloat reads the exponent form that programs print for very small and very large numbers (`1e-05`, `1.5E+20`). It wants a
// signed exponent: `1E3` and `001e2` are codes.
func shortestFloat(s string) (float64, bool) {
	i := strings.IndexAny(s, "eE")
	if i <= 0 || i+2 >= len(s) || (s[i+1] != '+' && s[i+1] != '-') || !isDigit(s[0]) {
		return 0, false
	}
	for j := range len(s) {
		if !isDigit(s[j]) && s[j] != '.' && j != i && j != i+1 {
			return 0, false
		}
	}
	return parseFloat(s)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// ungroupSpaces takes out spaces that part groups of three digits (`1 234 567,8`).
func ungroupSpaces(s string) (string, bool) {
	if !strings.Contains(s, " ") {
		return s, s != ""
	}
	whole, fraction := s, ""
	if i := strings.IndexAny(s, ".,"); i >= 0 {
		whole, fraction = s[:i], s[i:]
	}
	groups := strings.Split(whole, " ")
	if strings.Contains(fraction, " ") || !wholeGroups(groups) {
		return "", false
	}
	return strings.Join(groups, "") + fraction, true
}

// wholeGroups reports whether groups are one to three digits followed by groups of exactly three.
func wholeGroups(groups []string) bool {
	for i, g := range groups {
		if !allDigits(g) || len(g) > 3 || (i > 0 && len(g) != 3) || (i == 0 && len(groups) > 1 && g[0] == '0') {
			return false
		}
	}
	return true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// A numeral is a run of digits with its possible readings: with decimals and with groups of thousands. Either may be empty.
type numeral struct {
	decimal string // with a point as the mark, whatever it was
	grouped string
	mark    byte // the character that the decimal reading takes for the decimal mark; 0 in a whole number
}

func readNumeral(s string) (numeral, bool) {
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case points+commas == 0:
		return numeral{decimal: s}, allDigits(s)
	case points > 0 && commas > 0:
		return readBoth(s)
	case points+commas > 1:
		mark := byte('.')
		if commas > 0 {
			mark = ','
		}
		groups := strings.Split(s, string(mark))
		return numeral{grouped: strings.Join(groups, ""), mark: mark}, wholeGroups(groups)
	}
	mark := s[strings.IndexAny(s, ".,")]
	whole, fraction, _ := strings.Cut(s, string(mark))
	if !allDigits(fraction) || (whole != "" && !allDigits(whole)) {
		return numeral{}, false
	}
	r := numeral{decimal: whole + "." + fraction, mark: mark}
	if wholeGroups([]string{whole, fraction}) {
		r.grouped = whole + fraction
	}
	return r, true
}

// readBoth reads a numeral with points and commas: the last mark parts the decimals, the other kind parts groups.
func readBoth(s string) (numeral, bool) {
	i := strings.LastIndexAny(s, ".,")
	mark := s[i]
	whole, fraction := s[:i], s[i+1:]
	other := "."
	if mark == '.' {
		other = ","
	}
	groups := strings.Split(whole, other)
	if strings.IndexByte(whole, mark) >= 0 || !allDigits(fraction) || !wholeGroups(groups) {
		return numeral{}, false
	}
	return numeral{decimal: strings.Join(groups, "") + "." + fraction, mark: mark}, true
}

func (r numeral) ambiguous() bool { return r.decimal != "" && r.grouped != "" }

// comma reports whether the numeral shows on its own that the decimal mark is a comma; shows is false where it shows nothing.
func (r numeral) comma() (comma, shows bool) {
	if r.mark == 0 || r.ambiguous() {
		return false, false
	}
	if r.decimal != "" {
		return r.mark == ',', true
	}
	return r.mark == '.', true // groups parted by points leave the comma for decimals
}

// either returns the digits of the reading that the column's way wants, and the decimal one where there is a choice left.
func (r numeral) either(d Decimal) string {
	if r.ambiguous() {
		if (d == DecimalComma && r.mark == '.') || (d == DecimalPoint && r.mark == ',') {
			return r.grouped
		}
		return r.decimal
	}
	if r.decimal == "" {
		return r.grouped
	}
	return r.decimal
}

func (r numeral) conflicts(d Decimal) bool {
	comma, shows := r.comma()
	return shows && ((d == DecimalComma && !comma) || (d == DecimalPoint && comma))
}

func significant(digits string) int {
	return len(strings.TrimLeft(strings.Replace(digits, ".", "", 1), "0"))
}

// DecimalStyle is how a column writes its decimals, with the counts that say so.
type DecimalStyle struct {
	Decimal   Decimal
	Comma     int // numbers that show a decimal comma
	Point     int // numbers that show a decimal point
	Whole     int // numbers that show neither
	Ambiguous int // numbers like 1.234
	NotNumber int
	Evidence  string
}

// DecimalOf infers how the numbers of a column write their decimals. Only numbers that can be read in one way have a say;
// where they contradict one another the style is DecimalMixed and each ambiguous number stays ambiguous.
func DecimalOf(samples []string) DecimalStyle {
	var st DecimalStyle
	commaSample, pointSample := "", ""
	for _, s := range samples {
		body, ok := ungroupSpaces(trimNumber(s))
		r, isNumeral := readNumeral(body)
		if !ok || !isNumeral {
			if Clean(s) != "" {
				st.NotNumber++
			}
			continue
		}
		comma, shows := r.comma()
		switch {
		case r.ambiguous():
			st.Ambiguous++
		case !shows:
			st.Whole++
		case comma:
			st.Comma++
			commaSample = first(commaSample, s)
		default:
			st.Point++
			pointSample = first(pointSample, s)
		}
	}
	switch {
	case st.Comma > 0 && st.Point > 0:
		st.Decimal = DecimalMixed
		st.Evidence = fmt.Sprintf("%d with a decimal comma (%s), %d with a decimal point (%s)", st.Comma, commaSample, st.Point, pointSample)
	case st.Comma > 0:
		st.Decimal = DecimalComma
		st.Evidence = fmt.Sprintf("%d with a decimal comma (%s)", st.Comma, commaSample)
	case st.Point > 0:
		st.Decimal = DecimalPoint
		st.Evidence = fmt.Sprintf("%d with a decimal point (%s)", st.Point, pointSample)
	default:
		st.Evidence = "no number shows its decimal mark"
	}
	return st
}

func trimNumber(s string) string {
	s = strings.TrimSpace(strings.TrimSuffix(Clean(s), "%"))
	s, _ = cutSign(s)
	return strings.TrimSpace(strings.TrimPrefix(s, "+"))
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
