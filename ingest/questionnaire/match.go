package questionnaire

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hailong/ingest/vntext"
)

// Bounds say how sure a fuzzy match must be. Zero fields mean the defaults.
type Bounds struct {
	Score  float64 `yaml:"score"`  // similarity of header and wording; 0.85
	Margin float64 `yaml:"margin"` // distance to the runner-up; 0.05
}

func (b Bounds) orDefaults() Bounds {
	if b.Score == 0 {
		b.Score = 0.85
	}
	if b.Margin == 0 {
		b.Margin = 0.05
	}
	return b
}

// A Header is what a column is called: Parts from the outermost merged header to the innermost, Name all of them in one.
type Header struct {
	Name  string
	Parts []string
	Code  string // the export's own name of the question, where it has one beside the text
	Label string // the question's text, where the export gives both

	Remark bool // stands beside a question and does not answer it: matched by a pin only
}

// How a column was matched, from the surest to the least sure.
const (
	HowPinned = "pinned" // the plan says so
	HowCode   = "code"   // the header is, or starts with, an item's id or code
	HowNumber = "number" // the header is no more than the item's running number (Q7, Câu 7), which every other questionnaire has too
	HowLabel  = "label"  // the header is the item's wording
	HowAlias  = "alias"  // the header is one of the item's aliases
	HowFuzzy  = "fuzzy"  // the header is like the wording; Score says how much
)

// A Match says which item or background variable a column answers.
type Match struct {
	Column   int
	ID       string
	Item     *Item     // nil for a background variable
	Variable *Variable // nil for an item
	How      string
	Score    float64 // 1 unless How is fuzzy
	RunnerUp string  // fuzzy: the next best
	Next     float64 // fuzzy: its score
}

// The codes of doubts.
const (
	DoubtColumns = "ambiguous_columns" // several columns claim one item
	DoubtHeader  = "ambiguous_header"  // one column is as like one item as another
	DoubtWording = "wording_differs"   // the code is an item's, the wording is not
	DoubtPin     = "pin_not_found"     // no column has the header that the plan names
	DoubtNear    = "near_match"        // below the bound, but worth a look
)

// A Doubt is a match that was not made, or that was made at the expense of another column.
type Doubt struct {
	Code    string
	Columns []int
	ID      string
	Score   float64
	Other   string // what else it could have been
}

// target is one thing that a column can be matched to.
type target struct {
	id       string
	item     *Item
	variable *Variable
	codes    map[string]bool   // folded codes: `ac1`, `c1.1`, `câu 1`
	names    map[string]string // folded wordings → how
	texts    []vntext.Words    // for fuzzy matching
	units    []string          // of an area: the kinds of unit that it holds
}

// candidate is one column's claim on one target.
type candidate struct {
	column, target int
	rank           int // smaller is surer
	how            string
	score          float64
}

// ranks of the ways to match, for conflicts between columns.
const (
	rankPinned = iota
	rankCode
	rankLabel
	rankAlias
	rankCodeAndText
	rankFuzzy
)

// A Matcher knows a questionnaire's codes and wordings. It is read-only after NewMatcher and may be shared.
type Matcher struct{ targets []target }

// Match finds which column answers which item or variable. Pins map dataset names to header texts and win over everything. A target
// gets one column at most: where two have the same claim, neither gets it and a Doubt says so.
func (t *Matcher) Match(headers []Header, pins map[string]string, bounds Bounds) ([]Match, []Doubt) {
	m := &matching{headers: headers, bounds: bounds.orDefaults(), targets: t.targets, taken: map[int]bool{}, done: map[int]bool{}}
	m.pin(pins)
	m.exact()
	m.fuzzy()
	slices.SortFunc(m.matches, func(a, b Match) int { return cmp.Compare(a.Column, b.Column) })
	return m.matches, m.doubts
}

// MatchHeaders is NewMatcher and Match, for whoever matches once.
func MatchHeaders(headers []Header, q *Questionnaire, pins map[string]string, bounds Bounds) ([]Match, []Doubt) {
	return NewMatcher(q).Match(headers, pins, bounds)
}

// Exact returns the item of which a header is the code or the wording; nil where there is none, or nothing but its running number.
func (t *Matcher) Exact(header Header) *Item {
	m := &matching{targets: t.targets}
	c, ok := m.claim(0, header)
	if !ok || c.how == HowNumber {
		return nil
	}
	return t.targets[c.target].item
}

// matching is the state of one Match.
type matching struct {
	headers []Header
	bounds  Bounds
	targets []target
	taken   map[int]bool // columns
	done    map[int]bool // targets
	matches []Match
	doubts  []Doubt
}

// codeLike tells codes (C1.1, Q7A, Câu 12, II.3, q9_sat_1) from wordings among the aliases.
var codeLike = regexp.MustCompile(`^(?:câu|câu hỏi|tiêu chí|mục|item|question|q|c)?[ .]?[a-z]{0,6}[._\-]?[a-z]{0,4}[._\-]?\d{1,4}(?:[._\-]\d{1,3})*[a-z]?$|^[ivx]{1,5}(?:\.[0-9a-z]{1,3})+$`)

// runningNumber tells the codes that only count questions.
var runningNumber = regexp.MustCompile(`^(?:câu|câu hỏi|tiêu chí|mục|item|question|q|c|tc)?[ ._\-]?\d{1,3}$`)

// NewMatcher prepares a questionnaire for matching.
func NewMatcher(q *Questionnaire) *Matcher {
	m := &Matcher{}
	add := func(id string, text Text, aliases []string, item *Item, variable *Variable) {
		t := target{id: id, item: item, variable: variable, codes: map[string]bool{vntext.Fold(id): true}, names: map[string]string{}}
		for _, alias := range aliases {
			folded := foldHeader(alias)
			if codeLike.MatchString(folded) {
				t.codes[folded] = true
				continue
			}
			t.names[folded] = HowAlias
			if len(strings.Fields(folded)) >= fuzzyWords {
				t.texts = append(t.texts, vntext.WordsOf(folded))
			}
		}
		for _, label := range []string{text.EN, text.VI} {
			if folded := foldHeader(label); folded != "" {
				t.names[folded] = HowLabel
				if len(strings.Fields(folded)) >= fuzzyWords {
					t.texts = append(t.texts, vntext.WordsOf(folded))
				}
			}
		}
		if variable != nil && variable.Role == "area" {
			t.units = UnitKinds(variable)
		}
		m.targets = append(m.targets, t)
	}
	for i := range q.Items {
		item := &q.Items[i]
		add(item.ID, item.Text, item.Aliases, item, nil)
	}
	for i := range q.Background {
		v := &q.Background[i]
		add(v.ID, v.Text, v.Aliases, nil, v)
	}
	return m
}

// fuzzyWords is how many words a wording must have to be matched by likeness: `Tuổi` and `Tuyến` are too short to compare.
const fuzzyWords = 3

// foldHeader is the key of a header: folded, without the stars, colons and question marks at its end.
func foldHeader(s string) string {
	return strings.Trim(vntext.Fold(s), " *:?.;,\"“”")
}

func (m *matching) give(c candidate, runnerUp string, next float64) {
	t := m.targets[c.target]
	m.taken[c.column], m.done[c.target] = true, true
	m.matches = append(m.matches, Match{Column: c.column, ID: t.id, Item: t.item, Variable: t.variable, How: c.how, Score: c.score, RunnerUp: runnerUp, Next: next})
}

func (m *matching) pin(pins map[string]string) {
	ids := make([]string, 0, len(pins))
	for id := range pins {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		at := slices.IndexFunc(m.targets, func(t target) bool { return t.id == id })
		if at < 0 {
			continue // a column of the user's own: the caller names it
		}
		columns := m.find(pins[id])
		switch len(columns) {
		case 0:
			m.doubts = append(m.doubts, Doubt{Code: DoubtPin, ID: id, Other: pins[id]})
		case 1:
			m.give(candidate{columns[0], at, rankPinned, HowPinned, 1}, "", 0)
		default:
			m.doubts = append(m.doubts, Doubt{Code: DoubtColumns, ID: id, Columns: columns, Other: pins[id]})
		}
	}
}

// find returns the columns with a header: the whole header as it stands, else folded, else its innermost part.
func (m *matching) find(text string) []int {
	return FindHeader(m.headers, text)
}

// FindHeader returns the columns that a text names: by the whole header as it stands, else folded, else by its innermost part.
func FindHeader(headers []Header, text string) []int {
	folded := foldHeader(text)
	for _, same := range []func(Header) bool{
		func(h Header) bool { return h.Name == text },
		func(h Header) bool { return foldHeader(h.Name) == folded },
		func(h Header) bool {
			return folded != "" && (foldHeader(h.Code) == folded || foldHeader(h.Label) == folded)
		},
		func(h Header) bool { return len(h.Parts) > 0 && foldHeader(h.Parts[len(h.Parts)-1]) == folded },
	} {
		var columns []int
		for i, h := range headers {
			if same(h) {
				columns = append(columns, i)
			}
		}
		if len(columns) > 0 {
			return columns
		}
	}
	return nil
}

// readings are the texts that a header may be compared by, the most specific first: the innermost part, the text in a grid question's
// brackets, the whole, and each of them without its numbering.
func readings(h Header) []string {
	var texts []string
	add := func(s string) {
		if s = foldHeader(s); s != "" && !slices.Contains(texts, s) {
			texts = append(texts, s)
		}
	}
	add(h.Code)
	add(h.Label)
	for i := len(h.Parts) - 1; i >= 0; i-- {
		add(h.Parts[i])
		if open := strings.LastIndexByte(h.Parts[i], '['); open > 0 && strings.HasSuffix(strings.TrimSpace(h.Parts[i]), "]") {
			add(strings.TrimSuffix(strings.TrimSpace(h.Parts[i][open+1:]), "]"))
		}
	}
	add(h.Name)
	return texts
}

// numbering is what stands before a question's wording: `Câu 1.`, `C9.1 -`, `1)`, `(1)`, `II.3:`, `a/`.
var numbering = regexp.MustCompile(`^[(\[]?((?:câu hỏi|câu|tiêu chí|mục|question|item)?\s?(?:[a-z]{0,6}[._\-]?\d{1,4}(?:[._\-]\d{1,3})*[a-z]?|[ivx]{1,5}(?:\.[0-9a-z]{1,3})*))\s*[)\]]?\s*(?:[.:)/\-–—]+\s*|\s)(\S.*)$`)

// split cuts the numbering off a folded header.
func split(text string) (code, rest string, ok bool) {
	m := numbering.FindStringSubmatch(text)
	if m == nil {
		return "", text, false
	}
	return strings.TrimSpace(m[1]), m[2], true
}

// agreeing is how like an item's wording the rest of a header must be for its code to count.
const agreeing = 0.5

// exact gives every target the column with the surest exact claim.
func (m *matching) exact() {
	claims := make([][]candidate, len(m.targets))
	for column, header := range m.headers {
		if m.taken[column] || header.Remark {
			continue
		}
		if c, ok := m.claim(column, header); ok {
			claims[c.target] = append(claims[c.target], c)
		}
	}
	for at, list := range claims {
		if m.done[at] || len(list) == 0 {
			continue
		}
		best := slices.MinFunc(list, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.column, b.column)) })
		var same, columns []int
		for _, c := range list {
			columns = append(columns, c.column)
			if c.rank == best.rank {
				same = append(same, c.column)
			}
		}
		if len(list) > 1 {
			m.doubts = append(m.doubts, Doubt{Code: DoubtColumns, ID: m.targets[at].id, Columns: columns})
		}
		if len(same) == 1 {
			m.give(best, "", 0)
		} else {
			// Neither is used; no likeness may give the target to a third one.
			m.done[at] = true
			for _, column := range same {
				m.taken[column] = true
			}
		}
	}
}

// claim finds the target of which a header is the code, the wording or an alias.
func (m *matching) claim(column int, header Header) (candidate, bool) {
	texts := readings(header)
	best := candidate{rank: rankFuzzy}
	var number candidate
	consider := func(c candidate) {
		if c.how == HowNumber {
			if number.how == "" {
				number = c
			}
		} else if c.rank < best.rank {
			best = c
		}
	}
	for _, text := range texts {
		code, rest, numbered := split(text)
		for at := range m.targets {
			t := &m.targets[at]
			switch {
			case t.codes[text]:
				how := HowCode
				if runningNumber.MatchString(text) {
					how = HowNumber
				}
				consider(candidate{column, at, rankCode, how, 1})
			case t.names[text] == HowLabel, numbered && t.names[rest] == HowLabel:
				consider(candidate{column, at, rankLabel, HowLabel, 1})
			case namesUnits(text, t.units), t.names[text] == HowAlias, numbered && t.names[rest] == HowAlias:
				consider(candidate{column, at, rankAlias, HowAlias, 1})
			case numbered && t.codes[code]:
				if t.likeness(vntext.WordsOf(rest)) >= agreeing {
					consider(candidate{column, at, rankCodeAndText, HowCode, 1})
				}
			}
		}
		if best.rank < rankFuzzy {
			return best, true
		}
	}
	// Qualtrics numbers its questions by itself: `Q2` above an item's own wording is no other item's Q2.
	return number, number.how != ""
}

// likeness is the best similarity of a text with any wording of the target.
func (t *target) likeness(text vntext.Words) float64 {
	var best float64
	for _, known := range t.texts {
		best = max(best, text.Similarity(known))
	}
	return best
}

// fuzzy gives the remaining columns to the remaining targets by likeness: only where each is the other's best, the score reaches the
// bound, and the runner-up on either side is clearly behind.
func (m *matching) fuzzy() {
	scores := map[int][]float64{}
	var columns []int
	for column, header := range m.headers {
		if m.taken[column] || header.Remark {
			continue
		}
		columns = append(columns, column)
		scores[column] = m.scores(header)
	}
	for _, column := range columns {
		row := scores[column]
		at, next := topTwo(row)
		if at < 0 || row[at] < m.bounds.Score {
			m.near(column, at, row)
			continue
		}
		runnerUp, second := "", 0.0
		if next >= 0 {
			runnerUp, second = m.targets[next].id, row[next]
		}
		if row[at]-second < m.bounds.Margin {
			m.doubts = append(m.doubts, Doubt{Code: DoubtHeader, Columns: []int{column}, ID: m.targets[at].id, Score: row[at], Other: runnerUp})
			continue
		}
		if m.done[at] {
			continue
		}
		rivals := []int{column}
		for _, other := range columns {
			if other != column && scores[other][at] > row[at]-m.bounds.Margin {
				rivals = append(rivals, other)
			}
		}
		if len(rivals) > 1 {
			m.doubts = append(m.doubts, Doubt{Code: DoubtColumns, Columns: rivals, ID: m.targets[at].id, Score: row[at]})
			continue
		}
		m.give(candidate{column, at, rankFuzzy, HowFuzzy, row[at]}, runnerUp, second)
	}
}

// nearMatch is the score from which a column that was left alone is mentioned, so that the plan can pin it.
const nearMatch = 0.7

func (m *matching) near(column, at int, row []float64) {
	if at >= 0 && row[at] >= nearMatch && !m.done[at] {
		m.doubts = append(m.doubts, Doubt{Code: DoubtNear, Columns: []int{column}, ID: m.targets[at].id, Score: row[at]})
		return
	}
	for _, text := range readings(m.headers[column]) {
		code, _, numbered := split(text)
		for i := range m.targets {
			if numbered && m.targets[i].codes[code] && m.targets[i].item != nil && !m.done[i] {
				m.doubts = append(m.doubts, Doubt{Code: DoubtWording, Columns: []int{column}, ID: m.targets[i].id, Score: row[i]})
				return
			}
		}
	}
}

// scores is the likeness of a header to every target, those that are done too: a column that is most like an item that another column
// has must not fall to the second best.
func (m *matching) scores(header Header) []float64 {
	row := make([]float64, len(m.targets))
	for _, text := range readings(header) {
		_, rest, _ := split(text)
		if len(strings.Fields(rest)) < fuzzyWords {
			continue
		}
		words := vntext.WordsOf(rest)
		for at := range m.targets {
			row[at] = max(row[at], m.targets[at].likeness(words))
		}
	}
	return row
}

func topTwo(row []float64) (best, next int) {
	best, next = -1, -1
	for i, score := range row {
		switch {
		case score > 0 && (best < 0 || score > row[best]):
			best, next = i, best
		case score > 0 && (next < 0 || score > row[next]):
			next = i
		}
	}
	return best, next
}

// String is for messages.
func (d Doubt) String() string {
	return fmt.Sprintf("%s %s %v %.2f %s", d.Code, d.ID, d.Columns, d.Score, d.Other)
}
