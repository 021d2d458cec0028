package ingest

import (
	"math"
	"strconv"
	"strings"
	"time"

	"hailong/ingest/dataset"
	"hailong/ingest/layout"
	"hailong/ingest/questionnaire"
	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

// A reading is what is made of the cells of a column.
type reading uint8

const (
	readCode    reading = iota // an item's answer
	readMeasure                // a numeric item's answer
	readLabel                  // a characteristic: the label of its scale or band
	readArea                   // the name of an area, in the spelling that came first
	readText                   // as it stands
	readNumber                 // a weight, a population count, a column of numbers
	readTime                   // a date or time
	readChoices                // several answers in one cell
)

// A cellReader turns the cells of one column into values of the batch. What a shared string was read as is remembered, so that a text
// is folded and looked up once and not in each of 100,000 rows.
type cellReader struct {
	reading reading
	out     int // column of the batch
	extra   int // kind of missing of a numeric item, number of a banded one; -1: none
	choices []choice
	column  int    // in the sheet
	name    string // of an area's column of the dataset
	settled settled
	profile *profile
	scale   questionnaire.Scale
	coder   *questionnaire.Coder
	bands   []questionnaire.Band
	other   bool // no questionnaire describes the column: its type is settled by its values
	weight  bool
	want    string // what the scale takes, for messages

	env     *sheetEnv
	small   [128]rememberedNumber
	strings rememberedTexts
}

// choice is the batch column of one answer of a question that takes several.
type choice struct {
	code int16
	out  int
}

// sheetEnv is what all readers of a sheet share.
type sheetEnv struct {
	book      *xlsx.Workbook
	table     *layout.Table
	batch     *dataset.Batch
	problems  *problemList
	parent    *parent  // of a repeat group
	matched   *matched // nil before the first compile of the table
	legacy    legacyTexts
	spellings *spellings
	values    *valueCounts // Inspect only
	scratch   []byte
}

// profiled reports whether the column's values settle how it is read.
func (r *cellReader) profiled() bool {
	return r.other || r.reading == readCode || r.reading == readLabel || r.reading == readMeasure || r.reading == readNumber || r.reading == readTime
}

// settle is what this pass has found out about the column.
func (r *cellReader) settle() settled {
	s := r.profile.settle()
	if !r.other {
		s.kind, s.personal = "", ""
	}
	return s
}

// read puts one cell of the current row into the batch. row is the sheet's row, for problems.
func (r *cellReader) read(c *xlsx.Cell, row int) {
	// Most cells of most surveys are a small whole number in a column of answers: what is said of it below is known.
	if c.Kind == xlsx.Number && r.reading == readCode {
		if i := int(c.Num); uint(i) < uint(len(r.small)) && r.small[i].plain && float64(i) == c.Num {
			r.profile.answers++
			r.env.batch.SetCode(r.out, r.small[i].answer.Code)
			return
		}
	}
	switch c.Kind {
	case xlsx.Empty:
		if c.Never {
			r.problem(row, "never_calculated", "", string(c.Expr), say("công thức chưa từng được tính; mở tệp bằng Excel rồi lưu lại", "the formula was never calculated; open the file in Excel and save it"))
		}
		return
	case xlsx.Error:
		r.readError(c, row)
		return
	}
	switch r.reading {
	case readCode:
		r.readCode(c, row)
	case readMeasure:
		r.readMeasure(c, row)
	case readLabel, readArea:
		r.readLabel(c, row)
	case readText:
		r.readText(c)
	case readNumber:
		r.readNumber(c, row)
	case readTime:
		r.readTime(c, row)
	case readChoices:
		r.readChoices(c, row)
	}
}

func (r *cellReader) problem(row int, code, want, got string, text Text) {
	r.env.problems.cell(r.column, row, code, want, got, text)
}

// readError keeps an error cell apart from a blank one: something was there.
func (r *cellReader) readError(c *xlsx.Cell, row int) {
	r.problem(row, "error_value", r.want, string(c.Text), say("ô chứa lỗi %s", "the cell holds the error %s", c.Text))
	switch r.reading {
	case readCode:
		r.env.batch.SetCode(r.out, questionnaire.CodeInvalid)
	case readMeasure:
		r.env.batch.SetMissing(r.extra, questionnaire.CodeInvalid)
	}
}

func (r *cellReader) readCode(c *xlsx.Cell, row int) {
	var answer questionnaire.Answer
	switch c.Kind {
	case xlsx.Number:
		answer = r.number(c.Num)
	case xlsx.Bool:
		answer = r.coder.Bool(c.Num != 0)
	default:
		slot := r.strings.find(c)
		if !slot.known {
			r.env.legacy.see(c)
			slot.answer, slot.known = r.coded(r.env.table.Text(c)), true
		}
		answer = slot.answer
	}
	r.profile.count(answer, c)
	if r.settled.averages && answer.Outcome != questionnaire.Blank && answer.Outcome != questionnaire.MissingWhy {
		// 4 is an average here too. The report says so once for the column.
		r.env.batch.SetCode(r.out, questionnaire.CodeInvalid)
		return
	}
	// Some answers of the column count the other way, by their labels. What a number without a known label means there, nobody can say.
	if r.settled.reversed && answer.Bare {
		answer = questionnaire.Answer{Code: questionnaire.CodeInvalid, Outcome: questionnaire.Conflict}
		r.problem(row, "direction_unclear", r.want, r.env.table.Text(c), say("các câu trả lời khác trong cột đánh số ngược; không rõ số này theo chiều nào", "other answers of the column count the other way; which way this one counts is unclear"))
	} else if answer.Outcome > questionnaire.MissingWhy {
		r.doubt(answer.Outcome, row, r.env.table.Text(c))
	}
	if r.env.values != nil {
		r.env.values.add(r.column, r.env.table.Text(c), &answer)
	}
	if answer.Outcome != questionnaire.Blank {
		r.env.batch.SetCode(r.out, answer.Code)
	}
}

// number codes a number, from memory if it is small and whole.
func (r *cellReader) number(n float64) questionnaire.Answer {
	i := int(n)
	if i < 0 || i >= len(r.small) || float64(i) != n {
		return r.coder.Number(n)
	}
	if !r.small[i].known {
		answer := r.coder.Number(n)
		plain := answer.Outcome == questionnaire.Answered && !answer.Average && !r.settled.averages && !(r.settled.reversed && answer.Bare) && r.env.values == nil
		r.small[i] = rememberedNumber{true, plain, answer}
	}
	return r.small[i].answer
}

// doubt records an answer that was not read as it stands.
func (r *cellReader) doubt(outcome questionnaire.Outcome, row int, got string) {
	switch outcome {
	case questionnaire.Relabelled:
		r.problem(row, "label_differs", r.want, got, say("nhãn khác với thang đo; lấy theo mã số", "the label is not the scale's; the number was taken"))
	case questionnaire.Reversed:
		r.problem(row, "reversed_number", r.want, got, say("số đánh ngược với thang đo; lấy theo nhãn", "the number runs against the scale; the label was taken"))
	case questionnaire.Unknown:
		r.problem(row, "unknown_answer", r.want, got, say("câu trả lời không có trong thang đo", "the answer is not on the scale"))
	case questionnaire.Several:
		r.problem(row, "two_answers", r.want, got, say("một ô chứa nhiều câu trả lời", "the cell holds more than one answer"))
	case questionnaire.OutOfRange:
		r.problem(row, "out_of_range", r.want, got, say("mã nằm ngoài thang đo", "the code is not on the scale"))
	case questionnaire.Uncoded:
		r.problem(row, "answer_code_unclear", r.want, got, say("mã trả lời của LimeSurvey: số mã trong các cột của thang đo không bằng số mức, nên không rõ mã nào là mức nào; hãy xuất nhãn trả lời hoặc ghi mã vào synonyms của thang đo",
			"an answer code of LimeSurvey: the columns of the scale do not use as many codes as the scale has, so what a code stands for is unclear; export the answers' labels, or put the codes into the scale's synonyms"))
	case questionnaire.Conflict:
		r.problem(row, "number_label_conflict", r.want, got, say("mã số và nhãn mâu thuẫn", "number and label contradict each other"))
	}
}

func (r *cellReader) readMeasure(c *xlsx.Cell, row int) {
	var m questionnaire.Measure
	switch c.Kind {
	case xlsx.Number:
		m = r.coder.Measure(c.Num)
	case xlsx.Bool:
		m = questionnaire.Measure{Code: questionnaire.CodeInvalid, Outcome: questionnaire.Unknown}
	default:
		text := r.env.table.Text(c)
		r.profile.addNumber(text)
		m = r.coder.MeasureText(text, r.settled.decimal)
	}
	if r.env.values != nil {
		r.env.values.add(r.column, r.env.table.Text(c), &questionnaire.Answer{Code: m.Code, Outcome: m.Outcome})
	}
	if m.Outcome > questionnaire.MissingWhy {
		r.doubt(m.Outcome, row, r.env.table.Text(c))
	}
	if m.Outcome == questionnaire.Answered {
		r.env.batch.SetNumber(r.out, m.Value)
	}
	r.env.batch.SetMissing(r.extra, int8(m.Code))
}

// readLabel reads a characteristic or an area. A value that the scale does not have stays as it stands, beside the problem that
// says so: it is a group that somebody must look at.
func (r *cellReader) readLabel(c *xlsx.Cell, row int) {
	if c.Kind == xlsx.Number {
		r.readLabelNumber(c, row)
		return
	}
	var slot *remembered
	if c.Kind == xlsx.String {
		slot = r.strings.find(c)
	} else {
		r.strings.spare = remembered{}
		slot = &r.strings.spare
	}
	if !slot.known {
		r.env.legacy.see(c)
		text := r.env.table.Text(c)
		if n, ok := r.bandNumber(text); ok {
			r.banded(n, text, row)
			return
		}
		value, answer := r.label(text)
		slot.value, slot.answer, slot.known = string(value), answer, true
	}
	if r.env.values != nil {
		r.env.values.add(r.column, r.env.table.Text(c), &slot.answer)
	}
	if slot.answer.Outcome > questionnaire.MissingWhy {
		r.doubt(slot.answer.Outcome, row, r.env.table.Text(c))
	}
	if slot.value != "" {
		r.env.scratch = append(r.env.scratch[:0], slot.value...)
		r.env.batch.SetString(r.out, r.env.scratch)
	}
}

// label is what a text means to a characteristic or an area: the value to write (nil: null).
func (r *cellReader) label(text string) ([]byte, questionnaire.Answer) {
	if text == "" {
		return nil, questionnaire.Answer{Outcome: questionnaire.Blank}
	}
	if r.reading == readArea {
		return []byte(r.env.spellings.of(r.name, text)), questionnaire.Answer{}
	}
	for _, band := range r.bands {
		if folded := vntext.Fold(text); folded == vntext.Fold(band.Label.VI) || folded == vntext.Fold(band.Label.EN) {
			return []byte(band.Label.VI), questionnaire.Answer{}
		}
	}
	if r.coder == nil {
		return []byte(text), questionnaire.Answer{}
	}
	return r.named(text, r.coded(text))
}

// named is the label of an answer, or the text itself where the scale has none for it.
func (r *cellReader) named(text string, answer questionnaire.Answer) ([]byte, questionnaire.Answer) {
	switch {
	case answer.Outcome == questionnaire.Blank:
		return nil, answer
	case answer.Outcome == questionnaire.MissingWhy:
		return []byte(questionnaire.MissingLabel(answer.Code).VI), answer
	case answer.Outcome.Bad():
		return []byte(text), answer
	}
	name, _ := r.coder.Name(answer.Code)
	return []byte(name.VI), answer
}

// bandNumber reads a text as a number that is to be put into bands, unless the scale knows it as a label.
func (r *cellReader) bandNumber(text string) (float64, bool) {
	if len(r.bands) == 0 {
		return 0, false
	}
	if r.coder != nil {
		if _, ok := r.coder.Label(text); ok {
			return 0, false
		}
	}
	n, ok := vntext.ParseNumber(strings.TrimSpace(strings.TrimSuffix(vntext.Fold(text), "tuổi")), vntext.DecimalUnknown)
	return n.Value, ok && !n.Ambiguous && !n.Percent
}

func (r *cellReader) readLabelNumber(c *xlsx.Cell, row int) {
	if len(r.bands) > 0 {
		r.banded(c.Num, string(c.Text), row)
		return
	}
	text := string(appendNumber(nil, c.Num))
	if r.coder == nil {
		r.env.batch.SetString(r.out, []byte(text))
		return
	}
	value, answer := r.named(text, r.number(c.Num))
	if r.env.values != nil {
		r.env.values.add(r.column, text, &answer)
	}
	if answer.Outcome > questionnaire.MissingWhy {
		r.doubt(answer.Outcome, row, text)
	}
	if value != nil {
		r.env.batch.SetString(r.out, value)
	}
}

// banded puts a number into its band, and keeps the number. A number that no band has may be a code of the scale.
func (r *cellReader) banded(n float64, text string, row int) {
	for _, band := range r.bands {
		if n >= band.From && n <= band.To {
			r.env.batch.SetString(r.out, []byte(band.Label.VI))
			r.env.batch.SetNumber(r.extra, n)
			if r.env.values != nil {
				r.env.values.add(r.column, text, nil)
			}
			return
		}
	}
	answer := questionnaire.Answer{Code: questionnaire.CodeInvalid, Outcome: questionnaire.OutOfRange}
	value := []byte(text)
	if r.coder != nil {
		value, answer = r.named(text, r.coder.Number(n))
	}
	if r.env.values != nil {
		r.env.values.add(r.column, text, &answer)
	}
	if answer.Outcome > questionnaire.MissingWhy {
		r.doubt(answer.Outcome, row, text)
	}
	if value != nil {
		r.env.batch.SetString(r.out, value)
	}
}

// readText keeps a cell as it stands: text with its leading zeros, numbers with as many digits as they need, dates as dates.
func (r *cellReader) readText(c *xlsx.Cell) {
	var text []byte
	switch {
	case c.Kind == xlsx.Number && r.env.book.IsDate(c.Style):
		r.count(func(p *profile) { p.dates++ })
		text = r.appendDate(c.Num)
	case c.Kind == xlsx.Number:
		r.count(func(p *profile) { p.addCount(c.Num) })
		text = r.appendPadded(c)
	case c.Kind == xlsx.Bool:
		r.count(func(p *profile) { p.bools++ })
		text = append(r.env.scratch[:0], "FALSE"...)
		if c.Num != 0 {
			text = append(text[:0], "TRUE"...)
		}
	case c.Formula && len(c.Expr) > 0 && r.env.table.Dialect == layout.KoboToolbox:
		// Kobo writes a respondent's text that starts with "=" as a formula, whose cached value means nothing.
		text = append(append(r.env.scratch[:0], '='), c.Expr...)
		r.count(func(p *profile) { p.addText(string(text), questionnaire.LikePerson(string(text))) })
	default:
		slot := r.cleaned(c)
		if slot.value == "" {
			return
		}
		if r.other {
			r.profile.addText(slot.value, slot.like)
			if r.profile.timelike {
				r.profile.addDate(slot.value)
			}
		}
		text = append(r.env.scratch[:0], slot.value...)
	}
	r.env.scratch = text[:0]
	if r.out < 0 {
		return // a personal column, read only to be known again
	}
	if r.env.values != nil {
		r.env.values.add(r.column, string(text), nil)
	}
	r.profile.see(text)
	r.env.batch.SetString(r.out, text)
}

// cleaned is a text cell's text as it goes into the dataset, remembered where the column's texts repeat.
func (r *cellReader) cleaned(c *xlsx.Cell) *remembered {
	slot := &r.strings.spare
	if r.profile.distinct() {
		*slot = remembered{}
	} else if slot = r.strings.find(c); slot.known {
		return slot
	}
	r.env.legacy.see(c)
	slot.value, slot.known = r.env.table.Text(c), true
	if r.other && slot.value != "" {
		slot.like = questionnaire.LikePerson(slot.value)
	}
	return slot
}

// count adds to the profile of a column whose type is not given.
func (r *cellReader) count(add func(*profile)) {
	if r.other {
		add(r.profile)
	}
}

// appendPadded writes a number; an id that is shown as 0000123 and stored as 123 gets its zeros back.
func (r *cellReader) appendPadded(c *xlsx.Cell) []byte {
	text := appendNumber(r.env.scratch[:0], c.Num)
	if c.Style == 0 {
		return text
	}
	format := r.env.book.NumFmt(c.Style)
	if format == "" || strings.Trim(format, "0") != "" || len(format) <= len(text) || c.Num < 0 || c.Num != math.Trunc(c.Num) {
		return text
	}
	padded := make([]byte, 0, len(format))
	for len(padded) < len(format)-len(text) {
		padded = append(padded, '0')
	}
	return append(padded, text...)
}

// appendNumber writes a number in the fewest digits that read back as the same number.
func appendNumber(b []byte, n float64) []byte {
	if math.Abs(n) < 1e21 {
		return strconv.AppendFloat(b, n, 'f', -1, 64)
	}
	return strconv.AppendFloat(b, n, 'g', -1, 64)
}

// appendDate writes a serial date in ISO form: a day, a time of day or both.
func (r *cellReader) appendDate(serial float64) []byte {
	b := r.env.scratch[:0]
	t, ok := r.env.book.Time(serial)
	if !ok {
		return appendNumber(b, serial)
	}
	switch {
	case serial >= 0 && serial < 1:
		return t.AppendFormat(b, "15:04:05")
	case serial == math.Trunc(serial):
		return t.AppendFormat(b, time.DateOnly)
	case t.Nanosecond() == 0:
		return t.AppendFormat(b, "2006-01-02T15:04:05")
	}
	return t.AppendFormat(b, "2006-01-02T15:04:05.000")
}

func (r *cellReader) readNumber(c *xlsx.Cell, row int) {
	n := c.Num
	switch c.Kind {
	case xlsx.Number:
		if r.other {
			if r.env.book.IsDate(c.Style) {
				r.profile.dates++
			} else {
				r.profile.addCount(c.Num)
			}
		}
	case xlsx.Bool:
		r.profile.bools++
		r.problem(row, "not_a_number", "", r.env.table.Text(c), say("không phải là số", "not a number"))
		return
	default:
		text := r.env.table.Text(c)
		if text == "" {
			return
		}
		r.profile.addText(text, questionnaire.LikePerson(text))
		r.profile.addNumber(text)
		parsed, ok := vntext.ParseNumber(text, r.settled.decimal)
		switch {
		case !ok || parsed.Percent:
			r.problem(row, "not_a_number", "", text, say("không phải là số", "not a number"))
			return
		case parsed.Ambiguous:
			r.problem(row, "ambiguous_number", "", text, say("dấu chấm có thể là phần nghìn hoặc phần thập phân; đọc là phần thập phân", "the point may separate thousands or decimals; read as decimals"))
		}
		n = parsed.Value
	}
	if r.weight && (n < 0 || math.IsNaN(n) || math.IsInf(n, 0)) {
		r.problem(row, "bad_weight", "", string(appendNumber(nil, n)), say("trọng số âm", "the weight is negative"))
	}
	if r.env.values != nil {
		r.env.values.add(r.column, r.env.table.Text(c), nil)
	}
	r.profile.seeNumber(n)
	r.env.batch.SetNumber(r.out, n)
}

func (r *cellReader) readTime(c *xlsx.Cell, row int) {
	switch c.Kind {
	case xlsx.Number:
		if r.other {
			if r.env.book.IsDate(c.Style) {
				r.profile.dates++
			} else {
				r.profile.addCount(c.Num)
			}
		}
		t, ok := r.env.book.Time(c.Num)
		if !ok {
			r.problem(row, "bad_date", "", string(c.Text), say("không phải là ngày tháng", "not a date"))
			return
		}
		r.profile.seeNumber(c.Num)
		r.env.batch.SetTime(r.out, t.UnixMilli())
	case xlsx.Bool:
		r.profile.bools++
		r.problem(row, "bad_date", "", r.env.table.Text(c), say("không phải là ngày tháng", "not a date"))
	default:
		text := r.env.table.Text(c)
		if text == "" {
			return
		}
		r.profile.addText(text, questionnaire.LikePerson(text))
		r.profile.addDate(text)
		order := r.settled.order
		if order == vntext.OrderUnknown {
			order = vntext.DayFirst
		}
		d, ok := vntext.ParseDate(text, order)
		if !ok {
			r.problem(row, "bad_date", "", text, say("không phải là ngày tháng", "not a date"))
			return
		}
		r.profile.see([]byte(text))
		r.env.batch.SetTime(r.out, d.Time.UnixMilli())
	}
	if r.env.values != nil {
		text := r.env.table.Text(c)
		if c.Kind == xlsx.Number {
			text = string(r.appendDate(c.Num))
		}
		r.env.values.add(r.column, text, nil)
	}
}

// readChoices reads several answers in one cell: every choice of the question becomes 1 or 0.
func (r *cellReader) readChoices(c *xlsx.Cell, row int) {
	text := r.env.table.Text(c)
	codes, answer := r.coder.Choices(text)
	if r.env.values != nil {
		r.env.values.add(r.column, text, &answer)
	}
	switch {
	case answer.Outcome == questionnaire.Blank:
		return
	case answer.Outcome != questionnaire.Answered:
		if answer.Outcome.Bad() {
			r.doubt(answer.Outcome, row, text)
		}
		for _, choice := range r.choices {
			r.env.batch.SetCode(choice.out, answer.Code)
		}
		return
	}
	for _, choice := range r.choices {
		r.env.batch.SetCode(choice.out, 0)
	}
	for _, code := range codes {
		for _, choice := range r.choices {
			if choice.code == code {
				r.env.batch.SetCode(choice.out, 1)
			}
		}
	}
}
