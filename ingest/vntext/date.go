package vntext

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// DateOrder is the order of day, month and year in a column of dates written as text.
type DateOrder string

// The orders of dates. OrderUnknown is a column in which every date fits both day-first and month-first.
const (
	OrderUnknown DateOrder = ""
	DayFirst     DateOrder = "d/m/y"
	MonthFirst   DateOrder = "m/d/y"
	OrderMixed   DateOrder = "mixed"
)

// A Date is a date read from text. Its time has no zone (Excel has none either) and is given in UTC.
type Date struct {
	Time      time.Time
	HasTime   bool
	Ambiguous bool      // 5/11/24 in a column that shows neither order: Time reads it day first
	Other     time.Time // the other reading of an ambiguous date
	Conflict  bool      // it can only be read against the column's order
	ShortYear bool      // two digits: 00–49 is 20xx, 50–99 is 19xx
	Zoned     bool      // a zone was written; Time keeps the clock as written
}

// datePatterns are the shapes of dates. The clock may stand before or after, with AM, PM, SA or CH.
type datePatterns struct {
	iso, slashed, words, clock *regexp.Regexp
	monthFirst, dayFirst       *regexp.Regexp // with the month's English name
}

var dates = sync.OnceValue(func() datePatterns {
	return datePatterns{
		iso:     regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`),
		slashed: regexp.MustCompile(`^(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})$`),
		words:   regexp.MustCompile(`^(?:ngày )?(\d{1,2}) (?:tháng|thg) (\d{1,2})(?: năm|,) (\d{4})$`),
		// Oct 10, 2015 (SurveyCTO, ODK Briefcase), 10-Oct-2015 (SPSS, Excel), 10oct2015 (Stata)
		monthFirst: regexp.MustCompile(`^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})$`),
		dayFirst:   regexp.MustCompile(`^(\d{1,2})[- ]?([a-z]{3,9})\.?,?[- ]?(\d{4}|\d{2})$`),
		clock: regexp.MustCompile(`(?:^|[ tT,]+)(\d{1,2})(?::|h)(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([aApP][mM]|SA|CH)?` +
			`\s?(Z|[+-]\d{2}:?\d{2})?(?:$|[ ,]+)`),
	}
})

// ParseDate reads s as a date, with or without a clock, in the column's order. ok is false where it is none, or where no such day exists.
func ParseDate(s string, order DateOrder) (d Date, ok bool) {
	s = Clean(s)
	if len(s) < 6 || len(s) > 64 {
		return Date{}, false
	}
	var clock time.Duration
	if m := dates().clock.FindStringSubmatchIndex(s); m != nil {
		if clock, d.Zoned, ok = parseClock(s, m); !ok {
			return Date{}, false
		}
		d.HasTime = true
		s = strings.TrimSpace(s[:m[0]] + " " + s[m[1]:])
	}
	day, ok := parseDay(s)
	if !ok {
		return Date{}, false
	}
	d.ShortYear = day.short
	dm, dmOK := civil(day.year, day.second, day.first)
	md, mdOK := civil(day.year, day.first, day.second)
	switch {
	case day.fixed:
		d.Time, ok = dm, dmOK
	case dmOK && mdOK && !dm.Equal(md):
		d.Time, d.Other = dm, md
		switch order {
		case MonthFirst:
			d.Time, d.Other = md, time.Time{}
		case DayFirst:
			d.Other = time.Time{}
		default:
			d.Ambiguous = true
			d.Other = md.Add(clock)
		}
	case dmOK:
		d.Time, d.Conflict = dm, order == MonthFirst && !mdOK
	case mdOK:
		d.Time, d.Conflict = md, order == DayFirst
	default:
		ok = false
	}
	if !ok {
		return Date{}, false
	}
	d.Time = d.Time.Add(clock)
	return d, true
}

// A written day: first and second are the numbers in the order they stand; fixed says that first is the day for certain.
type written struct {
	first, second, year int
	fixed, short        bool
}

func parseDay(s string) (written, bool) {
	p := dates()
	if m := p.iso.FindStringSubmatch(s); m != nil {
		return written{first: number(m[3]), second: number(m[2]), year: number(m[1]), fixed: true}, true
	}
	if m := p.slashed.FindStringSubmatch(s); m != nil {
		return written{first: number(m[1]), second: number(m[2])}.in(m[3]), true
	}
	s = strings.ToLower(s)
	if m := p.words.FindStringSubmatch(s); m != nil {
		return written{first: number(m[1]), second: number(m[2]), fixed: true}.in(m[3]), true
	}
	if m := p.monthFirst.FindStringSubmatch(s); m != nil {
		return written{first: number(m[2]), second: monthNamed(m[1]), fixed: true}.in(m[3]), true
	}
	if m := p.dayFirst.FindStringSubmatch(s); m != nil {
		return written{first: number(m[1]), second: monthNamed(m[2]), fixed: true}.in(m[3]), true
	}
	return written{}, false
}

// in gives a written day its year of four digits or two.
func (w written) in(year string) written {
	w.year = number(year)
	if len(year) == 2 {
		w.short = true
		w.year += 1900
		if w.year < 1950 {
			w.year += 100
		}
	}
	return w
}

// monthNamed is the number of a month by its English name, whole or cut to three letters or more; 0, which is no month, for any other word.
func monthNamed(name string) int {
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), name) || (name == "sept" && m == time.September) {
			return int(m)
		}
	}
	return 0
}

// number reads digits that a pattern has already limited to four.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func civil(year, month, day int) (time.Time, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, month >= 1 && month <= 12 && t.Day() == day && day >= 1 && year >= 1000
}

func parseClock(s string, m []int) (clock time.Duration, zoned, ok bool) {
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	hour, minute, second := number(part(1)), number(part(2)), number(part(3))
	switch strings.ToUpper(part(5)) {
	case "PM", "CH":
		if hour < 12 {
			hour += 12
		}
	case "AM", "SA":
		if hour == 12 {
			hour = 0
		}
	}
	if hour > 23 || minute > 59 || second > 59 {
		return 0, false, false
	}
	clock = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	if f := part(4); f != "" {
		nanos := number((f + "000000000")[:9])
		clock += time.Duration(nanos)
	}
	return clock, part(6) != "", true
}

// DateStyle is the order of a column's dates, with the counts that say so.
type DateStyle struct {
	Order      DateOrder
	DayFirst   int // dates that can only be read day first (day above 12)
	MonthFirst int
	Fixed      int // ISO dates and dates in words
	Ambiguous  int
	NotDate    int
	Evidence   string
}

// DateOrderOf infers the order of day and month of a column. Only dates whose day is above 12 have a say.
func DateOrderOf(samples []string) DateStyle {
	var st DateStyle
	daySample, monthSample := "", ""
	for _, s := range samples {
		d, ok := ParseDate(s, DayFirst)
		md, mdOK := ParseDate(s, MonthFirst)
		switch {
		case !ok || !mdOK:
			if Clean(s) != "" {
				st.NotDate++
			}
		case d.Conflict:
			st.MonthFirst++
			monthSample = first(monthSample, s)
		case md.Conflict:
			st.DayFirst++
			daySample = first(daySample, s)
		case !d.Time.Equal(md.Time):
			st.Ambiguous++
		default:
			st.Fixed++
		}
	}
	switch {
	case st.DayFirst > 0 && st.MonthFirst > 0:
		st.Order = OrderMixed
		st.Evidence = fmt.Sprintf("%d can only be d/m/y (%s), %d only m/d/y (%s)", st.DayFirst, daySample, st.MonthFirst, monthSample)
	case st.DayFirst > 0:
		st.Order = DayFirst
		st.Evidence = fmt.Sprintf("%d can only be d/m/y (%s)", st.DayFirst, daySample)
	case st.MonthFirst > 0:
		st.Order = MonthFirst
		st.Evidence = fmt.Sprintf("%d can only be m/d/y (%s)", st.MonthFirst, monthSample)
	default:
		st.Evidence = "no date shows the order of day and month"
	}
	return st
}
