package vntext

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// unitKinds are the kinds of administrative unit with the ways to write them; folded, the longest first. A short form needs a point
// or a space after it, or a number (`P1`).
func unitKinds() [][2]string {
	return [][2]string{
		{"thành phố", "thành phố|thanh pho|t\\.\\s?p|tp"},
		{"thị trấn", "thị trấn|thi tran|t\\.\\s?tr|ttr|t\\.\\s?t|tt"},
		{"thị xã", "thị xã|thi xa|t\\.\\s?x|tx"},
		{"đặc khu", "đặc khu|dac khu"},
		{"phường", "phường|phuong|ph|p"},
		{"huyện", "huyện|huyen|h"},
		{"quận", "quận|quan|q"},
		{"tỉnh", "tỉnh|tinh|t"},
		{"khóm", "khóm|khom"},
		{"thôn", "thôn|thon"},
		{"ấp", "ấp"},
		{"xã", "xã|xa|x"},
	}
}

type unitPattern struct {
	kind    string
	pattern *regexp.Regexp
}

var unitPatterns = sync.OnceValue(func() []unitPattern {
	var ps []unitPattern
	for _, k := range unitKinds() {
		// Either a point, with or without a space after it; or a space; or at once a number.
		ps = append(ps, unitPattern{k[0], regexp.MustCompile(`^(?:` + k[1] + `)(?:\s*\.\s*|\s+|(\d))`)})
	}
	return ps
})

// UnitName splits the name of an administrative unit into its kind and its own name: `TP. Trà Vinh` into `thành phố` and `Trà Vinh`,
// `P.01` into `phường` and `1`. The kind is "" where none is written; the name keeps its case and marks. Compare names by Fold, and
// never without the kind where both have one: there are a huyện and a thị xã called Duyên Hải. The unit that it lies in, written behind a
// comma or in brackets, is left out.
func UnitName(s string) (kind, name string) {
	s = strings.Join(strings.Fields(Clean(s)), " ")
	return splitKind(withoutParent(strings.Trim(s, " ,;-–")))
}

func splitKind(s string) (kind, name string) {
	lower := strings.ToLower(s)
	if len(lower) != len(s) {
		return "", s // a letter whose case changes its length; no Vietnamese one does
	}
	for _, p := range unitPatterns() {
		m := p.pattern.FindStringSubmatchIndex(lower)
		if m == nil {
			// The marks of a kind may stand in the other place (`thị xả`), but toneless spellings are listed above.
			continue
		}
		cut := m[1]
		if m[2] >= 0 {
			cut = m[2]
		}
		rest := strings.TrimSpace(s[cut:])
		if rest == "" || (oneLetter(lower, m) && !properName(rest)) {
			continue
		}
		return p.kind, plainNumber(rest)
	}
	return "", plainNumber(s)
}

// withoutParent cuts the unit that a name says it lies in: `Xã Long Đức, TP. Trà Vinh`, `Phường 1 (TX Duyên Hải)`.
func withoutParent(s string) string {
	for _, sep := range []string{",", " (", " - ", " – "} {
		own, parent, found := strings.Cut(s, sep)
		if !found || strings.TrimSpace(own) == "" {
			continue
		}
		if kind, _ := splitKind(strings.Trim(parent, " ().")); kind != "" {
			return strings.TrimSpace(own)
		}
	}
	return s
}

// oneLetter reports whether the kind was written as a single letter, which may be the first of a name (`H Mông`).
func oneLetter(lower string, m []int) bool {
	head := strings.TrimRight(lower[:m[1]], " .0123456789")
	return len([]rune(head)) == 1
}

func properName(s string) bool {
	for _, r := range s {
		return unicode.IsUpper(r) || unicode.IsDigit(r)
	}
	return false
}

// plainNumber drops the zeros before a name that is a number: Phường 01 is Phường 1.
func plainNumber(s string) string {
	if !allDigits(s) {
		return s
	}
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}

// UnitKey returns one key for all spellings of a unit's name: its kind, a space, and its folded name.
func UnitKey(s string) string {
	kind, name := UnitName(s)
	return strings.TrimSpace(kind + " " + Fold(name))
}
