package questionnaire

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"hailong/ingest/vntext"
)

// An Outcome says how an answer was read, or why it was not.
type Outcome uint8

// The outcomes. Those from Unknown on are problems: the answer is invalid, which is a kind of missing of its own.
const (
	Answered   Outcome = iota
	Blank              // null
	MissingWhy         // don't know, refused or not applicable: the code says which
	Relabelled         // `4_somewhat_yes`: the code is known, its wording is not; the code was taken
	Reversed           // `1 - Rất hài lòng` on a scale where 1 is the worst: the label was taken
	Unknown            // a text that the scale does not have
	OutOfRange         // a number that the scale does not have
	Several            // two answers in one cell where one was asked for
	Conflict           // `4 - Không hài lòng`: number and label say different things
	Uncoded            // `A4` of LimeSurvey, where the column's codes are not as many as the scale's
)

// Bad reports whether the outcome makes an answer invalid.
func (o Outcome) Bad() bool { return o >= Unknown }

// An Answer is a coded cell. Code is a code of the scale, or one of the codes of the kinds of missing.
// Bare says that nothing but a number was given: which way it counts, only other answers of the column can tell. Average says that it
// lies between two codes of the scale, as the mean of several answers does.
type Answer struct {
	Code    int16
	Outcome Outcome
	Bare    bool
	Average bool
}

// A Coder turns the answers to one question into codes. It is read-only after NewCoder and may be shared.
type Coder struct {
	scale  Scale
	labels map[string]int16 // folded label or synonym → code
	bare   map[string]int16 // the same without marks, where that is unambiguous
	kinds  map[string]int16 // folded label of a kind of missing → its code; 0 is blank
	codes  map[int]Answer   // what a number stands for
	lo, hi int
}

// blankCode stands for null among the codes of the kinds of missing; no scale can give it to a kind.
const blankCode = 0

// NewCoder prepares a scale; the missing kinds of the scale come before those of the questionnaire, and an answer of the scale comes
// before both.
func NewCoder(scale Scale, general Missing) *Coder {
	c := &Coder{scale: scale, labels: map[string]int16{}, bare: map[string]int16{}, kinds: map[string]int16{"": blankCode}, codes: map[int]Answer{}}
	for _, missing := range []Missing{general, scale.Missing} {
		for _, kind := range []struct {
			Kind
			code int16
		}{
			{missing.Blank, blankCode}, {missing.DontKnow, CodeDontKnow}, {missing.Refused, CodeRefused}, {missing.NotApplicable, CodeNotApplicable},
		} {
			for _, code := range kind.Codes {
				c.codes[code] = Answer{Code: kind.code, Outcome: MissingWhy}
				if kind.code == blankCode {
					c.codes[code] = Answer{Outcome: Blank}
				}
			}
			for _, label := range kind.Labels {
				c.kinds[vntext.Fold(label)] = kind.code
			}
		}
	}
	if scale.Numeric {
		return c
	}
	codes := scale.sortedCodes()
	c.lo, c.hi = codes[0], codes[len(codes)-1]
	clash := map[string]bool{}
	name := func(code int, label string) {
		if label == "" {
			return
		}
		c.labels[foldAnswer(label)] = int16(code)
		ascii := vntext.FoldASCII(label)
		if had, ok := c.bare[ascii]; ok && had != int16(code) {
			clash[ascii] = true
		}
		c.bare[ascii] = int16(code)
	}
	for _, code := range codes {
		if scale.numbers == nil {
			c.codes[code] = Answer{Code: int16(code), Outcome: Answered, Bare: true}
		}
		for _, synonym := range scale.Synonyms[code] {
			name(code, synonym)
		}
	}
	for number, code := range scale.numbers {
		c.codes[number] = Answer{Code: int16(code), Outcome: Answered} // the form says which way it counts
	}
	// Labels come after synonyms so that a label is never lost to another code's synonym.
	for _, code := range codes {
		name(code, scale.Codes[code].EN)
		name(code, scale.Codes[code].VI)
	}
	for ascii := range clash {
		delete(c.bare, ascii)
	}
	return c
}

// foldAnswer is vntext.Fold with the signs that exports put in place of spaces, and the quotes and full stops that people add, taken
// out; dashes and slashes stand without spaces around them, whichever dash it was.
func foldAnswer(s string) string {
	s = strings.Trim(vntext.Fold(s), " .,;:'\"“”’")
	if !strings.ContainsAny(s, "_-–—/") {
		return s
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '_' || r == ' ' }), " ")
	return answerSigns().Replace(s)
}

var answerSigns = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer(" - ", "-", " -", "-", "- ", "-", " – ", "-", " –", "-", "– ", "-", "–", "-", " — ", "-", "—", "-", " / ", "/", " /", "/", "/ ", "/")
})

// Label returns the code whose label, in any language and wording that the scale knows, is text.
func (c *Coder) Label(text string) (code int16, ok bool) {
	if code, ok = c.labels[foldAnswer(text)]; ok {
		return code, true
	}
	code, ok = c.bare[vntext.FoldASCII(text)]
	return code, ok
}

// Within returns the code of the longest label that stands in a text as whole words; ok is false where two labels of different codes
// are equally long.
func (c *Coder) Within(text string) (code int16, ok bool) {
	padded := " " + foldAnswer(text) + " "
	longest := 0
	for label, at := range c.labels {
		if len(label) < longest || !strings.Contains(padded, " "+label+" ") {
			continue
		}
		ok = len(label) > longest || (ok && at == code)
		longest, code = len(label), at
	}
	return code, ok && longest > 0
}

// Name returns the scale's label of a code.
func (c *Coder) Name(code int16) (Text, bool) {
	text, ok := c.scale.Codes[int(code)]
	return text, ok
}

// Number codes a number.
func (c *Coder) Number(n float64) Answer {
	if n != math.Trunc(n) || math.Abs(n) > math.MaxInt16 {
		return Answer{Code: CodeInvalid, Outcome: OutOfRange, Average: n > float64(c.lo) && n < float64(c.hi)}
	}
	answer, ok := c.codes[int(n)]
	if !ok {
		return Answer{Code: CodeInvalid, Outcome: OutOfRange}
	}
	return answer
}

var (
	// `4 - Hài lòng`, `4. Hài lòng`, `4) …`, `1___not_at_all`, `4–Mostly yes`, `[4] …`
	numbered = regexp.MustCompile(`^[(\[]?(\d{1,5})[)\]]?\s*[-–—._:=)\s]+\s*(\S.*)$`)
	// `Hài lòng (4)`, `Hài lòng - 4`
	suffixed = regexp.MustCompile(`^(.*\S)\s*[-–—:=(\[]\s*(\d{1,5})\s*[)\]]?$`)
	// `4.37/5.0`, `4,37 / 5`
	outOf = regexp.MustCompile(`^(\d{1,5}(?:[.,]\d+)?)\s*/\s*(\d{1,5})(?:[.,]0+)?(?:\s*điểm)?$`)
	// `4đ`, `4 điểm`, `mức 4`, `4/5`, `4 sao`
	pointed = regexp.MustCompile(`^(?:mức|điểm|code|mã)?\s*(\d{1,5})\s*(?:đ|đ\.|điểm|sao|points?|/\s*(\d{1,5})(?:\s*điểm)?)?$`)
)

// Text codes a text.
func (c *Coder) Text(text string) Answer {
	answer := c.one(text)
	if answer.Outcome != Unknown {
		return answer
	}
	if parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";|\n", r) }); len(parts) > 1 {
		if codes, ok := c.choices(parts, ";"); ok && len(codes) > 1 {
			return Answer{Code: CodeInvalid, Outcome: Several}
		}
	}
	return answer
}

// one codes a text that is one answer.
func (c *Coder) one(text string) Answer {
	folded := vntext.Fold(text)
	if code, ok := c.labels[foldAnswer(folded)]; ok {
		return Answer{Code: code, Outcome: Answered}
	}
	if code, ok := c.kinds[folded]; ok {
		if code == blankCode {
			return Answer{Outcome: Blank}
		}
		return Answer{Code: code, Outcome: MissingWhy}
	}
	if n, ok := vntext.ParseNumber(folded, vntext.DecimalUnknown); ok && !n.Percent {
		answer := c.Number(n.Value)
		if !n.Ambiguous {
			return answer
		}
		return Answer{Code: CodeInvalid, Outcome: Unknown, Average: answer.Average} // 4.375 or 4 375
	}
	if m := pointed.FindStringSubmatch(folded); m != nil && (m[2] == "" || m[2] == strconv.Itoa(c.hi)) {
		return c.Number(atof(m[1]))
	}
	if m := outOf.FindStringSubmatch(folded); m != nil && m[2] == strconv.Itoa(c.hi) {
		answer := c.Number(atof(strings.Replace(m[1], ",", ".", 1)))
		if answer.Average {
			answer.Outcome = Unknown
		}
		return answer
	}
	if m := numbered.FindStringSubmatch(folded); m != nil {
		return c.both(m[1], m[2])
	}
	if m := suffixed.FindStringSubmatch(folded); m != nil {
		return c.both(m[2], m[1])
	}
	if code, ok := c.bare[vntext.FoldASCII(folded)]; ok {
		return Answer{Code: code, Outcome: Answered}
	}
	if code, ok := c.kinds[foldAnswer(folded)]; ok && code != blankCode {
		return Answer{Code: code, Outcome: MissingWhy}
	}
	return Answer{Code: CodeInvalid, Outcome: Unknown}
}

// both codes a number with a label. The label decides, because numbers run either way; but a number that is neither the label's nor
// its mirror image is a contradiction.
func (c *Coder) both(number, label string) Answer {
	if strings.IndexFunc(label, unicode.IsLetter) < 0 {
		return Answer{Code: CodeInvalid, Outcome: Unknown} // `4.37/10` is no 4
	}
	byNumber := c.Number(atof(number))
	if code, ok := c.kinds[foldAnswer(label)]; ok && code != blankCode {
		return Answer{Code: code, Outcome: MissingWhy}
	}
	code, ok := c.Label(label)
	if !ok {
		if byNumber.Outcome == Answered && c.nearest(label) != byNumber.Code && c.nearest(label) != 0 {
			return Answer{Code: CodeInvalid, Outcome: Conflict}
		}
		if byNumber.Outcome == Answered {
			byNumber.Outcome = Relabelled
			byNumber.Bare = true
		}
		if byNumber.Outcome == OutOfRange {
			byNumber.Outcome = Unknown
		}
		return byNumber
	}
	switch n := atof(number); {
	case n == float64(code):
		return Answer{Code: code, Outcome: Answered}
	case n == float64(c.lo+c.hi-int(code)):
		return Answer{Code: code, Outcome: Reversed}
	}
	return Answer{Code: CodeInvalid, Outcome: Conflict}
}

// nearest is the code whose label is most like an unknown one, or 0 where none is like it.
func (c *Coder) nearest(label string) int16 {
	best, at := 0.8, int16(0)
	for _, code := range c.scale.sortedCodes() {
		for _, known := range []string{c.scale.Codes[code].VI, c.scale.Codes[code].EN} {
			if known == "" {
				continue
			}
			if score := vntext.Similarity(label, known); score > best {
				best, at = score, int16(code)
			}
		}
	}
	return at
}

// A Measure is a coded answer on a numeric scale: Value where Outcome is Answered.
type Measure struct {
	Value   float64
	Code    int16 // 0, or the kind of missing
	Outcome Outcome
}

// Measure codes a number on a numeric scale.
func (c *Coder) Measure(n float64) Measure {
	if n == math.Trunc(n) && math.Abs(n) <= math.MaxInt32 {
		if answer, ok := c.codes[int(n)]; ok {
			return Measure{Code: answer.Code, Outcome: answer.Outcome}
		}
	}
	if math.IsNaN(n) || (c.scale.Min != nil && n < *c.scale.Min) || (c.scale.Max != nil && n > *c.scale.Max) {
		return Measure{Code: CodeInvalid, Outcome: OutOfRange}
	}
	return Measure{Value: n, Outcome: Answered}
}

// MeasureText codes a text on a numeric scale, in the column's way of writing decimals.
func (c *Coder) MeasureText(text string, decimal vntext.Decimal) Measure {
	folded := vntext.Fold(text)
	if code, ok := c.kinds[folded]; ok {
		if code == blankCode {
			return Measure{Outcome: Blank}
		}
		return Measure{Code: code, Outcome: MissingWhy}
	}
	if n, ok := vntext.ParseNumber(folded, decimal); ok && !n.Ambiguous {
		return c.Measure(n.Value)
	}
	if m := pointed.FindStringSubmatch(folded); m != nil && m[2] == "" {
		return c.Measure(atof(m[1]))
	}
	if m := outOf.FindStringSubmatch(folded); m != nil && c.scale.Max != nil && atof(m[2]) == *c.scale.Max {
		return c.Measure(atof(strings.Replace(m[1], ",", ".", 1)))
	}
	return Measure{Code: CodeInvalid, Outcome: Unknown}
}

// atof reads the digits that a pattern matched.
func atof(digits string) float64 {
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

// Bool codes a cell that holds TRUE or FALSE: by a label of that name, else as 1 or 0 on a scale of those two.
func (c *Coder) Bool(value bool) Answer {
	name, number := "false", 0
	if value {
		name, number = "true", 1
	}
	if code, ok := c.Label(name); ok {
		return Answer{Code: code, Outcome: Answered}
	}
	if len(c.scale.Codes) == 2 && c.scale.has(0) && c.scale.has(1) {
		return Answer{Code: int16(number), Outcome: Answered}
	}
	return Answer{Code: CodeInvalid, Outcome: Unknown}
}

// Choices codes a cell that holds several answers: names separated by spaces as KoboToolbox writes them, or labels separated by
// semicolons, bars, line ends or commas. A label may hold a separator itself, so the longest label that fits is taken.
func (c *Coder) Choices(text string) ([]int16, Answer) {
	folded := vntext.Fold(text)
	if code, ok := c.kinds[folded]; ok {
		if code == blankCode {
			return nil, Answer{Outcome: Blank}
		}
		return nil, Answer{Code: code, Outcome: MissingWhy}
	}
	for _, separators := range []string{";|\n", ",", " "} {
		parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) })
		if len(parts) == 1 { // `98`, `Không biết;`
			if answer := c.one(parts[0]); answer.Outcome == MissingWhy {
				return nil, answer
			}
		}
		if codes, ok := c.choices(parts, separators); ok {
			return codes, Answer{Code: 0, Outcome: Answered}
		}
	}
	return nil, Answer{Code: CodeInvalid, Outcome: Unknown}
}

// choices codes parts of a text, joining as many of them as make a label.
func (c *Coder) choices(parts []string, separators string) ([]int16, bool) {
	var codes []int16
	for at := 0; at < len(parts); {
		taken := 0
		for n := min(len(parts)-at, 12); n > 0; n-- {
			answer := c.one(strings.Join(parts[at:at+n], separators[:1]))
			if answer.Outcome == Answered {
				codes, taken = append(codes, answer.Code), n
				break
			}
		}
		if taken == 0 {
			return nil, false
		}
		at += taken
	}
	return codes, len(codes) > 0
}

// MissingLabel is what a kind of missing is called in a column of labels.
func MissingLabel(code int16) Text {
	switch code {
	case CodeDontKnow:
		return Text{VI: "Không biết", EN: "Don't know"}
	case CodeRefused:
		return Text{VI: "Từ chối trả lời", EN: "Refused"}
	case CodeNotApplicable:
		return Text{VI: "Không áp dụng", EN: "Not applicable"}
	}
	return Text{VI: "Không hợp lệ", EN: "Invalid"}
}
