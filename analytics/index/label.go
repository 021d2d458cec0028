package index

import (
	"regexp"
	"strings"

	"hailong/ingest/vntext"
)

// What a row or column of a score table holds of a node.
const (
	statScore = ""
	statSE    = "se"
	statLo    = "lo"
	statHi    = "hi"
	statRank  = "rank"
	statGroup = "group"
)

// label is what a header means.
type label struct {
	node string
	stat string
}

// labels reads the headers of one definition's score tables.
type labels struct {
	root  string
	named map[string]string // folded name, alias or code -> node
	coded map[string]string // 1, 1.1 -> node
	known map[string]label  // headers read before; a zero label is no label
}

func newLabels(d *Definition) *labels {
	l := &labels{root: d.Tree.ID, named: map[string]string{}, coded: map[string]string{}, known: map[string]label{}}
	add := func(name, node string) {
		if k := fold(name); k != "" {
			if _, taken := l.named[k]; !taken {
				l.named[k] = node
			}
		}
	}
	d.walk(func(n, _ *Node, _ int) {
		add(n.ID, n.ID)
		add(n.Name.VI, n.ID)
		add(n.Name.EN, n.ID)
		if strings.Trim(n.Code, "0123456789.") == "" && n.Code != "" && n.Level != "indicator" && n.Level != "criterion" {
			l.coded[n.Code] = n.ID
		}
	})
	for _, name := range []string{d.Family, "Chỉ số " + d.Family, "Điểm " + d.Family, d.Family + " Index"} {
		add(name, d.Tree.ID)
	}
	for _, c := range d.Columns {
		for _, alias := range c.Aliases {
			add(alias, c.Node)
		}
	}
	return l
}

// fold is the key by which headers are compared: letters without marks and digits, years dropped.
func fold(s string) string {
	s = vntext.FoldASCII(s)
	s = yearPattern.ReplaceAllString(s, "")
	return strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, s)
}

var (
	yearPattern = regexp.MustCompile(`20[0-4]\d`)
	codePattern = regexp.MustCompile(`^(dimension|subdimension|chi so noi dung thanh phan|chi so noi dung|noi dung thanh phan|noi dung|diem noi dung|chi so thanh phan|truc noi dung|d|sc)?\s*(\d)(?:\.?(\d))?\s*($|[:.)\-\s])\s*(.*)$`)
	parens      = regexp.MustCompile(`\([^)]*\)`)
)

// read finds the node and the statistic that a header names. The words decide before the number, as numbers were given anew
// when sub-dimensions went; a number alone decides where words are unknown.
func (l *labels) read(header string) (label, bool) {
	found, seen := l.known[header]
	if !seen {
		found, _ = l.match(header)
		l.known[header] = found
	}
	return found, found.node != ""
}

func (l *labels) match(header string) (label, bool) {
	header = strings.TrimSpace(header)
	if header == "" {
		return label{}, false
	}
	plain := strings.Join(strings.Fields(vntext.FoldASCII(header)), " ")
	stat := statistic(plain)
	if weighted(plain) {
		return label{}, false
	}
	if node, ok := l.named[fold(header)]; ok && stat == statScore {
		return label{node: node}, true
	}
	if stat != statScore {
		if node := l.within(plain); node != "" {
			return label{node: node, stat: stat}, true
		}
		return label{node: l.root, stat: stat}, true
	}
	if node, ok := l.named[fold(parens.ReplaceAllString(header, ""))]; ok {
		return label{node: node}, true
	}
	for _, inner := range parens.FindAllString(header, -1) { // "Chỉ số hài lòng (SIPAS)"
		if node, ok := l.named[fold(inner)]; ok && node == l.root {
			return label{node: node}, true
		}
	}
	m := codePattern.FindStringSubmatch(plain)
	if m == nil {
		return label{}, false
	}
	if node, ok := l.named[fold(m[5])]; ok && m[5] != "" {
		return label{node: node}, true
	}
	if node, ok := l.named[fold(parens.ReplaceAllString(m[5], ""))]; ok && m[5] != "" {
		return label{node: node}, true
	}
	code := m[2]
	if m[3] != "" {
		code += "." + m[3]
	}
	// A number without the word for it may be any number ("3 years ago: …"): only a colon or nothing after it makes it a code.
	if m[1] == "" && m[5] != "" && m[4] != ":" {
		return label{}, false
	}
	node, ok := l.coded[code]
	return label{node: node}, ok
}

// within finds the node that a header with a statistic in it names, so "SE 1.1" and "sai số chuẩn D3" are read; the composite otherwise.
func (l *labels) within(plain string) string {
	for _, word := range strings.FieldsFunc(plain, func(r rune) bool { return r == ' ' || r == '_' || r == ':' || r == '(' || r == ')' }) {
		if node, ok := l.named[fold(word)]; ok {
			return node
		}
		if node, ok := l.coded[word]; ok {
			return node
		}
	}
	return ""
}

// statistic says which statistic of a node a header holds.
func statistic(plain string) string {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(plain, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("standard error", "sai so chuan", "std. error", "std err") || plain == "se" || strings.HasPrefix(plain, "se ") || strings.HasPrefix(plain, "se_") || strings.HasSuffix(plain, "_se"):
		return statSE
	case has("ci low", "ci_low", "95% ci lower", "can duoi", "khoang tin cay duoi", "gioi han duoi"):
		return statLo
	case has("ci high", "ci_high", "95% ci upper", "can tren", "khoang tin cay tren", "gioi han tren"):
		return statHi
	case has("nhom xep hang", "nhom diem", "nhom chi so"):
		return statGroup
	case plain == "rank" || plain == "hang" || has("xep hang", "thu hang", "ranking"):
		return statRank
	case plain == "group" || plain == "nhom" || plain == "tier" || has("official_group", "nhom cong bo", "xep loai", "group_composite", "nhom ket qua"):
		return statGroup
	}
	return statScore
}

// weighted reports whether a header speaks of the weighted composite, which is another figure.
func weighted(plain string) bool {
	p := strings.NewReplacer("unweighted", "", "un-weighted", "", "khong co trong so", "", "khong trong so", "").Replace(plain)
	return strings.Contains(p, "weighted") || strings.Contains(p, "co trong so")
}
