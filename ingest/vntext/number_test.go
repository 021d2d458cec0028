package vntext_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"hailong/ingest/vntext"

	"pgregory.net/rapid"
)

func TestParseNumber(t *testing.T) {
	type number = vntext.Number
	for _, c := range []struct {
		in   string
		way  vntext.Decimal
		want number
		ok   bool
	}{
		{"3,5", "", number{Value: 3.5}, true},
		{"3.5", "", number{Value: 3.5}, true},
		{" 4 ", "", number{Value: 4}, true},
		{"-3,5", "", number{Value: -3.5}, true},
		{"−2", "", number{Value: -2}, true},
		{"+7", "", number{Value: 7}, true},
		{"12,5%", "", number{Value: 12.5, Percent: true}, true},
		{"100 %", "", number{Value: 100, Percent: true}, true},
		{"1.234,56", "", number{Value: 1234.56}, true},
		{"1,234.56", "", number{Value: 1234.56}, true},
		{"1.234.567", "", number{Value: 1234567}, true},
		{"1,234,567", "", number{Value: 1234567}, true},
		{"1 234 567", "", number{Value: 1234567}, true},
		{"1\u00a0234,5", "", number{Value: 1234.5}, true},
		{"1\u202f234", "", number{Value: 1234}, true},
		{"0,125", "", number{Value: 0.125}, true},
		{"0.875", "", number{Value: 0.875}, true},
		{"1.234", "", number{Value: 1.234, Other: 1234, Ambiguous: true}, true},
		{"1,234", "", number{Value: 1.234, Other: 1234, Ambiguous: true}, true},
		{"-1.234", "", number{Value: -1.234, Other: -1234, Ambiguous: true}, true},
		{"1.234", vntext.DecimalComma, number{Value: 1234}, true},
		{"1,234", vntext.DecimalComma, number{Value: 1.234}, true},
		{"1.234", vntext.DecimalPoint, number{Value: 1.234}, true},
		{"1,234", vntext.DecimalPoint, number{Value: 1234}, true},
		{"1.234", vntext.DecimalMixed, number{Value: 1.234, Other: 1234, Ambiguous: true}, true},
		{"3.5", vntext.DecimalComma, number{Value: 3.5, Conflict: true}, true},
		{"3,5", vntext.DecimalPoint, number{Value: 3.5, Conflict: true}, true},
		{"1.234.567", vntext.DecimalPoint, number{Value: 1234567, Conflict: true}, true},
		{"00123", "", number{Value: 123, LeadingZeros: true}, true},
		{"0", "", number{Value: 0}, true},
		{"12345678901234567", "", number{Value: 12345678901234568, Inexact: true}, true},
		{"1e-05", "", number{Value: 0.00001}, true},
		{"1.5E+20", "", number{Value: 1.5e20}, true},
		{",5", "", number{Value: 0.5}, true},
		{"5,", "", number{}, false},
		{"1E3", "", number{}, false},
		{"001e2", "", number{}, false},
		{"1.23.456", "", number{}, false},
		{"1.2345.678", "", number{}, false},
		{"1,234,56", "", number{}, false},
		{"12 34", "", number{}, false},
		{"1 2345", "", number{}, false},
		{"27/1", "", number{}, false},
		{"8h30", "", number{}, false},
		{"-", "", number{}, false},
		{"", "", number{}, false},
		{"%", "", number{}, false},
		{"N/A", "", number{}, false},
		{"--5", "", number{}, false},
		{"0x10", "", number{}, false},
		{"Inf", "", number{}, false},
		{"NaN", "", number{}, false},
		{"1_000", "", number{}, false},
		{"9e+999", "", number{}, false},
		{strings.Repeat("9", 400), "", number{}, false},
	} {
		got, ok := vntext.ParseNumber(c.in, c.way)
		if !ok {
			got = number{}
		}
		if got != c.want || ok != c.ok {
			t.Errorf("ParseNumber(%q, %q) = %+v, %v; want %+v, %v", c.in, c.way, got, ok, c.want, c.ok)
		}
	}
}

func TestDecimalOf(t *testing.T) {
	for _, c := range []struct {
		column []string
		want   vntext.Decimal
		counts [5]int // comma, point, whole, ambiguous, no number
	}{
		{[]string{"3,5", "4", "1.234", ""}, vntext.DecimalComma, [5]int{1, 0, 1, 1, 0}},
		{[]string{"3.5", "4", "1,234"}, vntext.DecimalPoint, [5]int{0, 1, 1, 1, 0}},
		{[]string{"3.5", "4,5"}, vntext.DecimalMixed, [5]int{1, 1, 0, 0, 0}},
		{[]string{"1.234", "2.345"}, vntext.DecimalUnknown, [5]int{0, 0, 0, 2, 0}},
		{[]string{"1.234.567", "2.345"}, vntext.DecimalComma, [5]int{1, 0, 0, 1, 0}},
		{[]string{"12,5%", "-", "không", "100 %"}, vntext.DecimalComma, [5]int{1, 0, 1, 0, 2}},
		{nil, vntext.DecimalUnknown, [5]int{}},
	} {
		got := vntext.DecimalOf(c.column)
		counts := [5]int{got.Comma, got.Point, got.Whole, got.Ambiguous, got.NotNumber}
		if got.Decimal != c.want || counts != c.counts || got.Evidence == "" {
			t.Errorf("DecimalOf(%q) = %+v; want %q %v", c.column, got, c.want, c.counts)
		}
	}
}

// A number written either way is read back, and a column of such numbers shows its way.
func TestNumbersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(-1e12, 1e12).Draw(t, "whole")
		decimals := rapid.IntRange(1, 2).Draw(t, "decimals") // three would be ambiguous
		fraction := rapid.Int64Range(0, int64(math.Pow10(decimals))-1).Draw(t, "fraction")
		plain := strconv.FormatInt(whole, 10) + "." + strings.Repeat("0", decimals-len(strconv.FormatInt(fraction, 10))) + strconv.FormatInt(fraction, 10)
		want, err := strconv.ParseFloat(plain, 64)
		if err != nil {
			t.Fatal(err)
		}
		grouped := group(whole)
		comma := strings.ReplaceAll(grouped, ",", ".") + "," + plain[strings.IndexByte(plain, '.')+1:]
		point := grouped + "." + plain[strings.IndexByte(plain, '.')+1:]
		for text, way := range map[string]vntext.Decimal{comma: vntext.DecimalComma, point: vntext.DecimalPoint} {
			for _, column := range []vntext.Decimal{vntext.DecimalUnknown, way} {
				got, ok := vntext.ParseNumber(text, column)
				if !ok || got.Value != want || got.Ambiguous || got.Conflict {
					t.Fatalf("ParseNumber(%q, %q) = %+v, %v; want %v", text, column, got, ok, want)
				}
			}
			if st := vntext.DecimalOf([]string{text}); st.Decimal != way {
				t.Fatalf("DecimalOf(%q) = %q, want %q", text, st.Decimal, way)
			}
		}
	})
}

// group writes n with commas between thousands.
func group(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"3,5", "1.234,56", "12,5%", "1 234", "1e-05", "−7", "00123", "1.234"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, way := range []vntext.Decimal{"", vntext.DecimalComma, vntext.DecimalPoint, vntext.DecimalMixed} {
			n, ok := vntext.ParseNumber(s, way)
			if !ok {
				continue
			}
			if math.IsNaN(n.Value) || math.IsInf(n.Value, 0) || math.IsNaN(n.Other) || math.IsInf(n.Other, 0) {
				t.Errorf("ParseNumber(%q, %q) = %+v", s, way, n)
			}
			if n.Ambiguous && (way == vntext.DecimalComma || way == vntext.DecimalPoint) {
				t.Errorf("ParseNumber(%q, %q) is ambiguous although the column is settled", s, way)
			}
			if !strings.ContainsAny(s, "0123456789") {
				t.Errorf("ParseNumber(%q) found a number without digits", s)
			}
		}
		vntext.DecimalOf([]string{s})
		vntext.ParseDate(s, "")
		vntext.DateOrderOf([]string{s})
	})
}

func at(s string) time.Time {
	for _, form := range []string{"2006-01-02 15:04:05.000", "2006-01-02 15:04:05", "2006-01-02"} {
		if d, err := time.Parse(form, s); err == nil {
			return d
		}
	}
	return time.Time{}
}

func TestParseDate(t *testing.T) {
	type date = vntext.Date
	for _, c := range []struct {
		in    string
		order vntext.DateOrder
		want  date
		ok    bool
	}{
		{"15/11/2024", "", date{Time: at("2024-11-15")}, true},
		{"2024-11-15", "", date{Time: at("2024-11-15")}, true},
		{"2024/1/5", "", date{Time: at("2024-01-05")}, true},
		{"11/15/2024", "", date{Time: at("2024-11-15")}, true},
		{"11/15/2024", vntext.DayFirst, date{Time: at("2024-11-15"), Conflict: true}, true},
		{"15/11/2024", vntext.MonthFirst, date{Time: at("2024-11-15"), Conflict: true}, true},
		{"5/11/24", "", date{Time: at("2024-11-05"), Other: at("2024-05-11"), Ambiguous: true, ShortYear: true}, true},
		{"5/11/2024", vntext.DayFirst, date{Time: at("2024-11-05")}, true},
		{"5/11/2024", vntext.MonthFirst, date{Time: at("2024-05-11")}, true},
		{"5/11/2024", vntext.OrderMixed, date{Time: at("2024-11-05"), Other: at("2024-05-11"), Ambiguous: true}, true},
		{"5/5/2024", "", date{Time: at("2024-05-05")}, true},
		{"5-11-1975", vntext.DayFirst, date{Time: at("1975-11-05")}, true},
		{"05.11.75", vntext.DayFirst, date{Time: at("1975-11-05"), ShortYear: true}, true},
		{"31/12/49", "", date{Time: at("2049-12-31"), ShortYear: true}, true},
		{"31/12/50", "", date{Time: at("1950-12-31"), ShortYear: true}, true},
		{"29/2/2024", "", date{Time: at("2024-02-29")}, true},
		{"29/2/2023", "", date{}, false},
		{"31/4/2024", "", date{}, false},
		{"0/5/2024", "", date{}, false},
		{"13/13/2024", "", date{}, false},
		{"01/05/2024 9:01:01", vntext.DayFirst, date{Time: at("2024-05-01 09:01:01"), HasTime: true}, true},
		{"9:01:01 1/5/2024", vntext.DayFirst, date{Time: at("2024-05-01 09:01:01"), HasTime: true}, true},
		{"2024-05-01T08:15:30", "", date{Time: at("2024-05-01 08:15:30"), HasTime: true}, true},
		{"2016-03-14T14:15:48.000-04:00", "", date{Time: at("2016-03-14 14:15:48"), HasTime: true, Zoned: true}, true},
		{"2024-05-01 08:15:30.25Z", "", date{Time: at("2024-05-01 08:15:30.250"), HasTime: true, Zoned: true}, true},
		{"05/11/2016 12:00:00 AM", vntext.MonthFirst, date{Time: at("2016-05-11 00:00:00"), HasTime: true}, true},
		{"15/11/2024 2:30 CH", "", date{Time: at("2024-11-15 14:30:00"), HasTime: true}, true},
		{"15/11/2024 12:30 SA", "", date{Time: at("2024-11-15 00:30:00"), HasTime: true}, true},
		{"15/11/2024 8h30", "", date{Time: at("2024-11-15 08:30:00"), HasTime: true}, true},
		{"15/11/2024 25:00", "", date{}, false},
		{"Ngày 15 tháng 11 năm 2024", "", date{Time: at("2024-11-15")}, true},
		{"2 tháng 9 năm 1945", "", date{Time: at("1945-09-02")}, true},
		// As SurveyCTO's server writes times (the sample of its REST API's documentation), Excel and SPSS, Stata's %td and %tc, Java in Vietnamese.
		{"Oct 10, 2015 6:26:24 PM", "", date{Time: at("2015-10-10 18:26:24"), HasTime: true}, true},
		{"Oct 13, 2015 10:53:04 AM", vntext.DayFirst, date{Time: at("2015-10-13 10:53:04"), HasTime: true}, true},
		{"September 2, 1945", "", date{Time: at("1945-09-02")}, true},
		{"15-Nov-2024", vntext.MonthFirst, date{Time: at("2024-11-15")}, true},
		{"15-Nov-24", "", date{Time: at("2024-11-15"), ShortYear: true}, true},
		{"15nov2024 09:01:01", "", date{Time: at("2024-11-15 09:01:01"), HasTime: true}, true},
		{"15 thg 11, 2024", "", date{Time: at("2024-11-15")}, true},
		{"Feb 30, 2024", "", date{}, false},
		{"Bac 10, 2015", "", date{}, false},
		{"11/2024", "", date{}, false},
		{"8h30", "", date{}, false},
		{"1.234", "", date{}, false},
		{"20241115", "", date{}, false},
		{"", "", date{}, false},
	} {
		got, ok := vntext.ParseDate(c.in, c.order)
		if got != c.want || ok != c.ok {
			t.Errorf("ParseDate(%q, %q) = %+v, %v; want %+v, %v", c.in, c.order, got, ok, c.want, c.ok)
		}
	}
}

func TestDateOrderOf(t *testing.T) {
	for _, c := range []struct {
		column []string
		want   vntext.DateOrder
		counts [5]int // day first, month first, fixed, ambiguous, no date
	}{
		{[]string{"15/11/2024", "5/11/24", "5/5/2024", ""}, vntext.DayFirst, [5]int{1, 0, 1, 1, 0}},
		{[]string{"11/15/2024", "5/11/24"}, vntext.MonthFirst, [5]int{0, 1, 0, 1, 0}},
		{[]string{"15/11/2024", "11/15/2024", "2024-11-15"}, vntext.OrderMixed, [5]int{1, 1, 1, 0, 0}},
		{[]string{"5/11/24", "không"}, vntext.OrderUnknown, [5]int{0, 0, 0, 1, 1}},
		{nil, vntext.OrderUnknown, [5]int{}},
	} {
		got := vntext.DateOrderOf(c.column)
		counts := [5]int{got.DayFirst, got.MonthFirst, got.Fixed, got.Ambiguous, got.NotDate}
		if got.Order != c.want || counts != c.counts || got.Evidence == "" {
			t.Errorf("DateOrderOf(%q) = %+v; want %q %v", c.column, got, c.want, c.counts)
		}
	}
}

func TestSimilarity(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		low, top float64
	}{
		{"Thời gian giải quyết hồ sơ", "thời  gian giải quyết hồ sơ", 1, 1},
		{"Hòa Bình", "Hoà Bình", 1, 1},
		{"Câu 1. Thời gian giải quyết hồ sơ", "Thời gian giải quyết hồ sơ", 0.85, 0.95},
		{"Thái độ phục vụ của công chức", "Thái độ phục vụ cuả công chưc", 0.9, 0.99}, // typing errors
		{"hồ sơ giải quyết thời gian", "Thời gian giải quyết hồ sơ", 1, 1},            // the order of words is left to the caller
		{"Câu 1", "Câu 11", 0, 0.5},
		{"C1.1 Phí", "C1.2 Phí", 0, 0.5},
		{"Hài lòng", "Không hài lòng", 0, 0.5},
		{"Chưa hài lòng", "Không hài lòng", 0.6, 0.9},
		{"Satisfied", "Dissatisfied", 0, 0.5},
		{"Giới tính", "Trình độ học vấn", 0, 0.2},
		{"", "x", 0, 0},
		{"!!!", "???", 0, 0},
	} {
		ab, ba := vntext.Similarity(c.a, c.b), vntext.Similarity(c.b, c.a)
		if ab < c.low || ab > c.top {
			t.Errorf("Similarity(%q, %q) = %.3f, want %.2f…%.2f", c.a, c.b, ab, c.low, c.top)
		}
		if math.Abs(ab-ba) > 1e-12 {
			t.Errorf("Similarity(%q, %q) = %v, the other way %v", c.a, c.b, ab, ba)
		}
	}
}
