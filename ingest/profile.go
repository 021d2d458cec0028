package ingest

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
	"hailong/ingest/vntext"
)

// A profile counts what a column holds, over all its rows. What the column is, is settled by it: never by a sample.
type profile struct {
	numbers, dates, texts, bools int64
	decimals                     vntext.DecimalStyle
	days                         vntext.DateStyle
	personal                     questionnaire.PersonalProfile
	reversed                     int64
	answers, averages            int64  // of an item: all answers, and those that lie between two codes; of another column: texts, and those like 4.37/5
	average                      string // the first of them
	position                     int    // the highest answer code of LimeSurvey
	timelike                     bool   // the export says that the column holds times
	system                       bool   // the export says what the column holds
	seen                         int
	different                    map[string]struct{}
}

// addText looks at a text, not blank, of a column that no questionnaire describes.
func (p *profile) addText(text string, like questionnaire.Likeness) {
	p.texts++
	p.personal.Add(text, like)
	p.answers++
	if outOf(text) {
		if p.averages == 0 {
			p.average = text
		}
		p.averages++
	}
}

// addCount looks at a number of a column that no questionnaire describes. The numbers of a program's own columns are its business.
func (p *profile) addCount(n float64) {
	p.numbers++
	if !p.system {
		p.personal.AddNumber(n)
	}
}

// outOf reports whether a text is a fraction out of a whole, as some exports write the average of a form's answers: 4.37/5, 4,37/5.0.
func outOf(text string) bool {
	score, most, cut := strings.Cut(text, "/")
	if !cut || !strings.ContainsAny(score, ".,") {
		return false
	}
	x, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(score), ",", ".", 1), 64)
	top, err2 := strconv.ParseFloat(strings.Replace(strings.TrimSpace(most), ",", ".", 1), 64)
	return err == nil && err2 == nil && x <= top && top <= 10
}

// addNumber looks at a text in a column of numbers: how does it write its decimals?
func (p *profile) addNumber(text string) {
	d := vntext.DecimalOf([]string{text})
	p.decimals.Comma += d.Comma
	p.decimals.Point += d.Point
}

// addDate looks at a text in a column of dates: is the day or the month first?
func (p *profile) addDate(text string) {
	d := vntext.DateOrderOf([]string{text})
	p.days.DayFirst += d.DayFirst
	p.days.MonthFirst += d.MonthFirst
}

// settled is what a profile decides about a column. Two passes over a sheet agree when all its columns are settled alike.
type settled struct {
	kind     dataset.Type // for columns that no questionnaire describes
	decimal  vntext.Decimal
	order    vntext.DateOrder
	personal string
	reversed bool // some answers are numbered against the scale
	averages bool // the values are averages of answers, not answers
	position int  // the highest answer code of LimeSurvey in the columns of the scale
}

// settle decides. A column of numbers only is numeric, one of dates only a time; any text, and the column is text with every number
// and date in it written out, because a type that some cell does not fit would lose that cell.
func (p *profile) settle() settled {
	s := settled{kind: dataset.String, personal: p.personal.Kind(), reversed: p.reversed > 0, averages: p.averages >= leastAverages && float64(p.averages) >= averagesShare*float64(p.answers)}
	switch {
	case p.timelike && p.texts > 0 && p.numbers == 0 && p.bools == 0 && p.days.NotDate == 0:
		s.kind = dataset.Time
	case p.texts > 0 || p.bools > 0:
	case p.numbers > 0 && p.dates == 0:
		s.kind = dataset.Number
	case p.dates > 0 && p.numbers == 0:
		s.kind = dataset.Time
	}
	switch {
	case p.decimals.Comma > 0 && p.decimals.Point > 0:
		s.decimal = vntext.DecimalMixed
	case p.decimals.Comma > 0:
		s.decimal = vntext.DecimalComma
	case p.decimals.Point > 0:
		s.decimal = vntext.DecimalPoint
	}
	switch {
	case p.days.DayFirst > 0 && p.days.MonthFirst > 0:
		s.order = vntext.OrderMixed
	case p.days.DayFirst > 0:
		s.order = vntext.DayFirst
	case p.days.MonthFirst > 0:
		s.order = vntext.MonthFirst
	}
	return s
}

// A column is one of averages where that many of its answers, and that share of them, lie between two codes: fewer are slips of the pen.
const (
	leastAverages = 2
	averagesShare = 0.05
)

// distinctRows is how many values are looked at to tell whether a column's values repeat.
const distinctRows = 300

// see notes a value, as any bytes that tell it from others, for distinct.
func (p *profile) see(value []byte) {
	if p.seen == distinctRows {
		return
	}
	p.seen++
	if p.different == nil {
		p.different = map[string]struct{}{}
	}
	p.different[string(value)] = struct{}{}
}

// seeNumber notes a number for distinct.
func (p *profile) seeNumber(n float64) {
	if p.seen < distinctRows {
		p.see(binary.LittleEndian.AppendUint64(nil, math.Float64bits(n)))
	}
}

// distinct reports whether hardly any value came twice. It decides nothing but how a column is compressed and remembered.
func (p *profile) distinct() bool {
	return p.seen >= 50 && len(p.different) > p.seen*9/10
}
