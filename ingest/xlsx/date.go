package xlsx

import (
	"math"
	"time"
)

const dayMs = 24 * 60 * 60 * 1000

// Time turns a stored number into the date and time that Excel shows for it, without a time zone (as UTC) and rounded to the
// millisecond. In the 1900 system serial 60 is 29 February 1900, a day that never was: it has no time and ok is false, as for
// numbers outside year 9999. Below 60 days are one later than their distance from day 60 says, and 0 to 1 is a time of day, on 31 December 1899.
func (w *Workbook) Time(num float64) (t time.Time, ok bool) { return SerialTime(num, w.date1904) }

// SerialTime is Workbook.Time for a given date system.
func SerialTime(num float64, date1904 bool) (t time.Time, ok bool) {
	if math.IsNaN(num) || num < 0 || num > 2958466 {
		return time.Time{}, false
	}
	ms := int64(math.Round(num * dayMs))
	day, rest := ms/dayMs, ms%dayMs
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return time.Time{}, false
	case day < 60:
		base = base.AddDate(0, 0, 1)
	}
	t = base.AddDate(0, 0, int(day)).Add(time.Duration(rest) * time.Millisecond)
	return t, t.Year() <= 9999
}

// Serial is the number that Excel stores for a date and time, the inverse of SerialTime.
func Serial(t time.Time, date1904 bool) float64 {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days := float64(t.UnixMilli()-base.UnixMilli()) / dayMs
	if !date1904 && days < 61 {
		days--
	}
	return days
}

// parseISO reads what t="d" cells hold: a date, a date with a time (an offset is dropped: Excel has no zones), or a time alone.
func parseISO(s string, date1904 bool) (float64, bool) {
	if n := len(s); n > 0 && s[n-1] == 'Z' {
		s = s[:n-1]
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
			return Serial(t, date1904), true
		}
	}
	for _, layout := range []string{"15:04:05.999999999", "15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return float64(t.Hour()*3600+t.Minute()*60+t.Second())/86400 + float64(t.Nanosecond())/86400e9, true
		}
	}
	return 0, false
}
