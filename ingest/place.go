package ingest

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
	"hailong/ingest/vntext"
)

// groupOther stands among the kinds of group rows for those that name no unit.
const groupOther = "other"

// A place is a variable that no column has: its value comes from the title above the table, from the group rows in it, from the
// sheet's name or from the file's.
type place struct {
	out       int
	value     []byte // the same for every row; nil: from the group
	name      string // of the column
	unit      bool   // from groups: only names of areas
	kinds     []string
	coder     *questionnaire.Coder
	spellings *spellings
}

// findPlaces looks for the variables that no column matched where the questionnaire says that they may be.
func (c *compiler) findPlaces(matches []questionnaire.Match) {
	q := c.src.questionnaire
	for i := range q.Background {
		v := &q.Background[i]
		if len(v.From) == 0 || slices.ContainsFunc(matches, func(m questionnaire.Match) bool { return m.Variable == v }) {
			continue
		}
		for _, from := range v.From {
			if c.findPlace(v, from) {
				break
			}
		}
	}
}

// findPlace tries one place and reports whether the variable was found there.
func (c *compiler) findPlace(v *questionnaire.Variable, from string) bool {
	p := place{name: v.ID, spellings: c.env.spellings, unit: v.Role == "area", kinds: questionnaire.UnitKinds(v), coder: c.coder(v.Scale)}
	var text string
	switch from {
	case "group":
		if !slices.ContainsFunc(strings.Split(c.groups, ","), func(kind string) bool {
			return kind != "" && p.unit == (kind != groupOther) && (!p.unit || slices.Contains(p.kinds, kind))
		}) {
			return false
		}
	case "title":
		for _, line := range c.table.TitleText {
			// The state's name holds the word xã and names no commune.
			if strings.Contains(vntext.Fold(line), vntext.Fold("xã hội chủ nghĩa")) {
				continue
			}
			if text = p.find(line, false); text != "" {
				break
			}
		}
	case "sheet":
		text = p.find(c.sheet.Name, !genericName(c.sheet.Name))
	case "file":
		base := filepath.Base(c.file)
		base = strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSuffix(base, filepath.Ext(base)))
		text = p.find(base, false)
	}
	if from != "group" {
		if text == "" {
			return false
		}
		p.value = []byte(text)
	}
	if p.unit && p.value != nil {
		text = c.env.spellings.of(v.ID, text)
		p.value = []byte(text)
	}
	p.out = c.field(dataset.Field{Name: v.ID, Type: dataset.String, Role: v.Role})
	c.places = append(c.places, p)
	c.columns = append(c.columns, Column{Header: text, Name: v.ID, Role: v.Role, How: from, Score: 1, Type: string(dataset.String)})
	return true
}

// find looks for the variable's value in a text: a label of its scale, or the name of an area of its kind. whole takes the text itself
// where it names no kind.
func (p *place) find(text string, whole bool) string {
	text = vntext.Clean(text)
	if p.coder != nil {
		if code, ok := p.coder.Label(text); ok {
			name, _ := p.coder.Name(code)
			return name.VI
		}
		if code, ok := p.coder.Within(text); ok {
			name, _ := p.coder.Name(code)
			return name.VI
		}
		return ""
	}
	if !p.unit {
		if whole {
			return text
		}
		return ""
	}
	for _, kind := range p.kinds {
		if name := unitIn(text, kind); name != "" {
			return unitName(name)
		}
	}
	if kind, _ := vntext.UnitName(text); whole && (kind == "" || slices.Contains(p.kinds, kind)) {
		return unitName(text)
	}
	return ""
}

// of is the place's value in a row that stands under groups, the outermost first.
func (p *place) of(groups []string) []byte {
	if p.value != nil {
		return p.value
	}
	for i := len(groups) - 1; i >= 0; i-- {
		kind, _ := vntext.UnitName(groups[i])
		switch {
		case p.unit && slices.Contains(p.kinds, kind):
			return []byte(p.spellings.of(p.name, groups[i]))
		case !p.unit && p.coder != nil:
			if found := p.find(groups[i], false); found != "" {
				return []byte(found)
			}
		case !p.unit && kind == "":
			return []byte(groups[i])
		}
	}
	return nil
}

// kindPatterns find `HUYỆN CÀNG LONG` in a title: the kind, then one to four words of the name in capitals or with capitals.
var kindPatterns = sync.OnceValue(func() map[string]*regexp.Regexp {
	patterns := map[string]*regexp.Regexp{}
	for _, level := range questionnaire.UnitLevels() {
		for _, kind := range level {
			words := strings.Fields(kind)
			for i, word := range words {
				words[i] = `(?:` + word + `|` + capital(word) + `|` + strings.ToUpper(word) + `)`
			}
			patterns[kind] = regexp.MustCompile(`(?:^|[^\p{L}])(` + strings.Join(words, `\s+`) + `\s+(?:\p{Lu}[\p{L}'’]*|\d+)(?:[\s]+\p{Lu}[\p{L}'’]*){0,3})`)
		}
	}
	return patterns
})

// afterName reports whether the words that follow a name in a title begin something else. A date word ends a name only where no
// further word in capitals follows it: the district is called Năm Căn, but NĂM 2020 is a year.
func afterName(words []string) bool {
	folded := vntext.Fold(strings.Join(words, " ")) + " "
	for _, phrase := range []string{"tỉnh ", "thành phố ", "huyện ", "quận ", "thị xã ", "thị trấn ", "xã ", "phường ", "về ", "theo ", "của ", "trên địa ", "mức độ ", "kết quả ", "cộng hòa ", "cộng hoà "} {
		if strings.HasPrefix(folded, vntext.Fold(phrase)+" ") {
			return true
		}
	}
	return len(words) == 1 && slices.Contains([]string{"năm", "quý", "tháng", "đợt", "lần", "kỳ"}, vntext.Fold(words[0]))
}

// unitIn finds the name of a unit of a kind in a text.
func unitIn(text, kind string) string {
	pattern := kindPatterns()[kind]
	if pattern == nil {
		return ""
	}
	m := pattern.FindStringSubmatch(vntext.Clean(text))
	if m == nil {
		return ""
	}
	words := strings.Fields(m[1])
	own := len(strings.Fields(kind))
	for i := own; i < len(words); i++ {
		if afterName(words[i:]) {
			words = words[:i]
			break
		}
	}
	if len(words) <= own {
		return ""
	}
	return strings.Join(words, " ")
}

// genericName reports whether a sheet's name says nothing: Sheet1, Data, Tổng hợp, Câu trả lời biểu mẫu 1.
func genericName(name string) bool {
	folded := strings.TrimRight(vntext.Fold(name), " 0123456789()_-")
	return slices.Contains([]string{"", "sheet", "trang tính", "trang", "data", "dữ liệu", "du lieu", "so lieu", "số liệu", "tổng hợp", "tong hop", "kết quả", "ket qua", "bảng", "table", "form responses", "câu trả lời biểu mẫu", "phiếu", "phieu", "nhập liệu", "nhap lieu", "results", "survey"}, folded)
}
