package quality

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
)

// MaxCells is how many places a finding lists.
const MaxCells = 50

// Judge looks at everything collected and returns the findings of the sheet.
//
//   - rejected_form: the survey's supervisors rejected the form in the program that it comes from.
//   - duplicate_form: the form's number stands on an earlier row of the sheet.
//   - duplicate_answers: all answers, kinds of missing included, and the whole background are those of an earlier row. Straight lines
//     and rows with fewer than Bounds.MinAnswers answers are left out: they agree by chance.
//   - near_duplicate: all answers but one, and the whole background, are those of an earlier row; see markNear.
//   - straight_line: at least MinAnswers valid answers on the scale that most items have, all equal.
//   - speeder: duration below Bounds.Speed × median of the sheet (at least 10 durations).
//   - impossible_date: the interview ends before it starts, or lies more than 731 days from the sheet's median day.
//   - item_nonresponse: blank, don't know, refused and invalid ÷ applicable ≥ Bounds.NonResponse.
//   - area_spelling: an area's name stands with its kind and without.
//   - invalid_answers: an item has answers that its scale does not have.
//   - interviewer_mean, interviewer_spread, interviewer_rate: see interviewers.
func (c *Collector) Judge(file, sheet string) []Finding {
	c.markAlike()
	c.markTimes()
	at := func(flag Flag) ([]Cell, int64) {
		var cells []Cell
		var count int64
		for i, f := range c.flags {
			if f&flag == 0 {
				continue
			}
			if count++; len(cells) < MaxCells {
				cells = append(cells, Cell{file, sheet, int(c.rows[i])})
			}
		}
		return cells, count
	}
	findings := []Finding{}
	add := func(flag Flag, code, vi, en string) {
		if cells, n := at(flag); n > 0 {
			findings = append(findings, Finding{
				Code: code, File: file, Sheet: sheet, Cells: cells, Count: n, Value: share(n, int64(len(c.rows))),
				VI: fmt.Sprintf(vi, n), EN: fmt.Sprintf(en, n),
			})
		}
	}
	add(Rejected, "rejected_form", "%d phiếu đã bị giám sát viên bác trong phần mềm khảo sát; có tính hay không là do kế hoạch (exclude: [rejected_form])",
		"%d form(s) were rejected by the survey's supervisors in the program; whether they count is the plan's decision (exclude: [rejected_form])")
	add(DuplicateForm, "duplicate_form", "%d phiếu có mã trùng với phiếu đứng trước", "%d form(s) have the number of an earlier one")
	add(DuplicateAnswers, "duplicate_answers", "%d phiếu giống hệt một phiếu đứng trước về mọi câu trả lời và đặc điểm", "%d form(s) equal an earlier one in every answer and characteristic")
	add(NearDuplicate, "near_duplicate", "%d phiếu chỉ khác đúng một câu trả lời so với một phiếu đứng trước có cùng đặc điểm người trả lời", "%d form(s) differ in a single answer from an earlier one with the same characteristics")
	add(StraightLine, "straight_line", "%d phiếu trả lời mọi câu cùng một mức", "%d form(s) give the same answer throughout")
	add(Speeder, "speeder", "%d phỏng vấn ngắn hơn một nửa thời gian trung vị", "%d interview(s) took less than half the median time")
	add(BadTime, "impossible_date", "%d phiếu có ngày giờ không thể có", "%d form(s) have an impossible date or time")
	add(NoAnswers, "no_answers", "%d phiếu không trả lời câu nào", "%d form(s) answer no item")
	findings = append(findings, c.judgeItems(file, sheet)...)
	for k, column := range c.columns.Areas {
		findings = append(findings, judgeAreas(column, c.areas[k], file, sheet)...)
	}
	return append(findings, c.judgeInterviewers(file, sheet)...)
}

func share(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// markAlike marks every row but the first of those that share a number, or answers and background, and those that nearly share them. The sorting takes
// nearly all of the time and is done side by side: the rows have been read, and the processor has nothing else to do.
func (c *Collector) markAlike() {
	var ids, answers map[uint64]bool
	var backgrounds []uint64
	var sorting sync.WaitGroup
	sorting.Go(func() { ids = repeatedKeys(slices.Clone(c.ids)) })
	sorting.Go(func() { answers = repeatedKeys(slices.Clone(c.answers)) })
	sorting.Go(func() { backgrounds = c.backgrounds() })
	sorting.Wait()
	mark := func(keys []uint64, first map[uint64]bool, flag Flag) {
		for i, key := range keys {
			switch again, repeated := first[key]; {
			case repeated && again:
				first[key] = false
			case repeated:
				c.flags[i] |= flag
			}
		}
	}
	mark(c.ids, ids, DuplicateForm)
	mark(c.answers, answers, DuplicateAnswers)
	c.markNear(backgrounds)
}

// Few values have no median worth comparing with; two years off is no slip of a day or month.
const (
	minDurations = 10
	farDays      = 731
)

func (c *Collector) markTimes() {
	var known []float64
	var days []float64
	for i := range c.seconds {
		if s := float64(c.seconds[i]); !math.IsNaN(s) && s >= 0 {
			known = append(known, s)
		}
		if c.days[i] != unknownDay {
			days = append(days, float64(c.days[i]))
		}
	}
	middle, day := median(known), median(days)
	for i := range c.seconds {
		switch s := float64(c.seconds[i]); {
		case s < 0:
			c.flags[i] |= BadTime
		case len(known) >= minDurations && s < c.bounds.Speed*middle:
			c.flags[i] |= Speeder
		}
		if c.days[i] != unknownDay && math.Abs(float64(c.days[i])-day) > farDays {
			c.flags[i] |= BadTime
		}
	}
}

// median is the middle value, or the mean of the two middle ones; NaN of nothing.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(values))
	if n := len(s); n%2 == 1 {
		return s[n/2]
	}
	return (s[len(s)/2-1] + s[len(s)/2]) / 2
}

func (c *Collector) judgeItems(file, sheet string) []Finding {
	var findings []Finding
	for i, name := range c.columns.Items {
		n := c.items[i]
		missing := n.blank + n.dontKnow + n.refused + n.invalid
		applicable := missing + n.valid
		if rate := share(missing, applicable); applicable > 0 && rate >= c.bounds.NonResponse {
			findings = append(findings, Finding{
				Code: "item_nonresponse", File: file, Sheet: sheet, Item: name, Count: missing, Value: rate, Bound: c.bounds.NonResponse,
				VI: fmt.Sprintf("%s: %d phiếu không có câu trả lời dùng được (để trống %d, không biết %d, từ chối %d, không hợp lệ %d)", name, missing, n.blank, n.dontKnow, n.refused, n.invalid),
				EN: fmt.Sprintf("%s: %d form(s) have no usable answer (blank %d, don't know %d, refused %d, invalid %d)", name, missing, n.blank, n.dontKnow, n.refused, n.invalid),
			})
		}
		if n.invalid > 0 {
			findings = append(findings, Finding{
				Code: "invalid_answers", File: file, Sheet: sheet, Item: name, Count: n.invalid, Value: share(n.invalid, applicable),
				VI: fmt.Sprintf("%s: %d câu trả lời nằm ngoài thang đo", name, n.invalid), EN: fmt.Sprintf("%s: %d answer(s) are not on the scale", name, n.invalid),
			})
		}
	}
	return findings
}

// work is what one interviewer's forms add up to.
type work struct {
	n, sum, squares float64
	days            map[int32]int
}

// judgeInterviewers compares every interviewer with at least Bounds.Interviews forms with all the others together.
//
//   - interviewer_mean: z = (m − m₀) ÷ √(s²(1/n + 1/n₀)) of the forms' mean answers, with s the standard deviation of all forms, is beyond ±Bounds.Z
//     and m is at least Bounds.Effect · s from m₀.
//   - interviewer_spread: the standard deviation of the interviewer's forms is below a third of that of all forms.
//   - interviewer_rate: more forms on one day than Bounds.PerDay × the median over all interviewers' days, and at least 20.
func (c *Collector) judgeInterviewers(file, sheet string) []Finding {
	all := make([]work, len(c.order))
	var total work
	for i, who := range c.who {
		if who < 0 {
			continue
		}
		w := &all[who]
		if w.days == nil {
			w.days = map[int32]int{}
		}
		if len(c.days) > 0 && c.days[i] != unknownDay {
			w.days[c.days[i]]++
		}
		if m := float64(c.means[i]); !math.IsNaN(m) {
			w.add(m)
			total.add(m)
		}
	}
	if len(all) < 2 {
		return nil
	}
	spread := total.deviation()
	rate := medianRate(all)
	var findings []Finding
	for who := range all {
		w := &all[who]
		if w.n < float64(c.bounds.Interviews) || total.n-w.n < float64(c.bounds.Interviews) || spread == 0 {
			continue
		}
		name := c.order[who]
		mean, others := w.sum/w.n, (total.sum-w.sum)/(total.n-w.n)
		if z := (mean - others) / (spread * math.Sqrt(1/w.n+1/(total.n-w.n))); math.Abs(z) > c.bounds.Z && math.Abs(mean-others) >= c.bounds.Effect*spread {
			findings = append(findings, Finding{
				Code: "interviewer_mean", File: file, Sheet: sheet, Item: name, Count: int64(w.n), Value: mean, Bound: others,
				VI: fmt.Sprintf("điều tra viên %s: điểm trung bình %.2f so với %.2f của những người khác (z = %.1f)", name, mean, others, z),
				EN: fmt.Sprintf("interviewer %s: mean answer %.2f, the others' %.2f (z = %.1f)", name, mean, others, z),
			})
		}
		if own := w.deviation(); own < spread/3 {
			findings = append(findings, Finding{
				Code: "interviewer_spread", File: file, Sheet: sheet, Item: name, Count: int64(w.n), Value: own, Bound: spread / 3,
				VI: fmt.Sprintf("điều tra viên %s: các phiếu giống nhau bất thường (độ lệch chuẩn %.2f so với %.2f)", name, own, spread),
				EN: fmt.Sprintf("interviewer %s: the forms are unusually alike (standard deviation %.2f, all forms %.2f)", name, own, spread),
			})
		}
		if day, most := w.busiest(); float64(most) > c.bounds.PerDay*rate && most >= 20 {
			findings = append(findings, Finding{
				Code: "interviewer_rate", File: file, Sheet: sheet, Item: name, Count: int64(most), Value: float64(most), Bound: c.bounds.PerDay * rate,
				VI: fmt.Sprintf("điều tra viên %s: %d phỏng vấn trong một ngày (%s)", name, most, dayText(day)),
				EN: fmt.Sprintf("interviewer %s: %d interviews on one day (%s)", name, most, dayText(day)),
			})
		}
	}
	return findings
}

func (w *work) add(mean float64) {
	w.n++
	w.sum += mean
	w.squares += mean * mean
}

// deviation is the sample standard deviation.
func (w *work) deviation() float64 {
	if w.n < 2 {
		return 0
	}
	return math.Sqrt(max(0, (w.squares-w.sum*w.sum/w.n)/(w.n-1)))
}

// busiest is the day with the most interviews, the earliest of equals.
func (w *work) busiest() (day int32, most int) {
	for d, n := range w.days {
		if n > most || (n == most && d < day) {
			day, most = d, n
		}
	}
	return day, most
}

func medianRate(all []work) float64 {
	var counts []float64
	for i := range all {
		for _, n := range all[i].days {
			counts = append(counts, float64(n))
		}
	}
	return median(counts)
}

// A Sheet is one judged collection with its place, for Across.
type Sheet struct {
	File, Name string
	*Collector
}

// Across finds forms that stand on two sheets: the same number with the same answers, or the same answers and background. A number
// alone is not enough: districts number their forms from 1 each. The later row is marked in its collector.
func Across(sheets []Sheet) []Finding {
	if len(sheets) < 2 {
		return []Finding{}
	}
	type place struct{ sheet, row int }
	type key struct{ id, answers uint64 }
	repeated := repeatedAnswers(sheets)
	forms, answers := map[key]place{}, map[uint64]place{}
	var duplicateForms, duplicateAnswers []Cell
	for s, sheet := range sheets {
		for i := range sheet.rows {
			if !repeated[sheet.answers[i]] {
				continue
			}
			here := place{s, i}
			cell := Cell{sheet.File, sheet.Name, int(sheet.rows[i])}
			k := key{answers: sheet.answers[i]}
			if len(sheet.ids) > 0 {
				k.id = sheet.ids[i]
			}
			if first, twice := forms[k]; twice && first.sheet != s && k.id != 0 {
				sheet.flags[i] |= DuplicateForm
				duplicateForms = append(duplicateForms, cell)
			} else if first, twice := answers[k.answers]; twice && first.sheet != s {
				sheet.flags[i] |= DuplicateAnswers
				duplicateAnswers = append(duplicateAnswers, cell)
			}
			if _, known := forms[k]; !known {
				forms[k] = here
			}
			if _, known := answers[k.answers]; !known {
				answers[k.answers] = here
			}
		}
	}
	findings := []Finding{}
	add := func(code string, cells []Cell, vi, en string) {
		if n := int64(len(cells)); n > 0 {
			findings = append(findings, Finding{Code: code, Cells: cells[:min(len(cells), MaxCells)], Count: n, VI: fmt.Sprintf(vi, n), EN: fmt.Sprintf(en, n)})
		}
	}
	add("duplicate_form", duplicateForms, "%d phiếu có trong hai tệp: cùng mã và cùng câu trả lời", "%d form(s) stand in two files: the same number and the same answers")
	add("duplicate_answers", duplicateAnswers, "%d phiếu giống hệt một phiếu ở tệp khác", "%d form(s) equal one in another file")
	return append(findings, areasAcross(sheets)...)
}

// repeatedAnswers are the answers, with their background, that come more than once.
func repeatedAnswers(sheets []Sheet) map[uint64]bool {
	n := 0
	for _, sheet := range sheets {
		n += len(sheet.answers)
	}
	all := make([]uint64, 0, n)
	for _, sheet := range sheets {
		all = append(all, sheet.answers...)
	}
	return repeatedKeys(all)
}

// repeatedKeys are the keys, save 0, that come more than once. It sorts them: a set of all keys would take several times the memory.
func repeatedKeys(keys []uint64) map[uint64]bool {
	slices.Sort(keys)
	repeated := map[uint64]bool{}
	for i := 1; i < len(keys); i++ {
		if keys[i] == keys[i-1] && keys[i] != 0 {
			repeated[keys[i]] = true
		}
	}
	return repeated
}

// SetAside lists the rows that have one of the given codes, with the first of Flags' codes that applies, in the order of the rows.
func (c *Collector) SetAside(codes []string) []AsideRow {
	wanted := flagsOf(codes)
	if wanted == 0 {
		return nil // nor was there a look at the rows, if the file is known from an earlier run
	}
	var list []AsideRow
	for i, flag := range c.flags {
		if flag&wanted == 0 {
			continue
		}
		for _, f := range Flags() {
			if flag&wanted&f.Flag != 0 {
				list = append(list, AsideRow{int(c.rows[i]), f.Code})
				break
			}
		}
	}
	slices.SortStableFunc(list, func(a, b AsideRow) int { return cmp.Compare(a.Row, b.Row) })
	return list
}

// flagsOf are the flags with the given codes.
func flagsOf(codes []string) (flags Flag) {
	for _, f := range Flags() {
		if slices.Contains(codes, f.Code) {
			flags |= f.Flag
		}
	}
	return flags
}

// An AsideRow is a row that the plan excludes, and why.
type AsideRow struct {
	Row    int
	Reason string
}

// RowCodes are the codes of findings about single rows, which a plan may set aside.
func RowCodes() []string {
	var codes []string
	for _, f := range Flags() {
		codes = append(codes, f.Code)
	}
	return codes
}

// Excludable reports whether rows can be set aside for a finding.
func Excludable(code string) bool { return slices.Contains(RowCodes(), code) }
