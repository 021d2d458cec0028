package quality

import (
	"math"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// Columns says which columns of a dataset are looked at, by name. Empty names and columns that are not there are left out.
type Columns struct {
	Row         string   // the row in the sheet
	ID          string   // the form's number
	Items       []string // answers as codes; codes below 0 are kinds of missing
	Beside      []string // those of the items that are on another scale than most: one answer all the way down cannot be theirs too
	Background  []string // what else two respondents would have to share to be one
	Areas       []string // names of areas, among the background
	Start, End  string   // times of the interview
	Interviewer string
	Reviews     []string // what the survey's supervisors decided about the form, in the words of the program
}

// Bounds say what is worth a look. Zero fields mean the defaults.
type Bounds struct {
	MinAnswers  int     // valid answers that a straight line needs; 5
	NearAnswers int     // valid answers that two nearly equal forms need; 10
	NearRows    int     // rows that share a background, beyond which nearly equal forms are no surprise; 100
	Speed       float64 // share of the median duration below which an interview is too fast; 0.5
	NonResponse float64 // share of answers missing from which an item is mentioned; 0.1
	Interviews  int     // interviews that an interviewer needs to be compared; 10
	Z           float64 // distance of an interviewer's mean from the others', in standard errors; 3.29 (p < 0.001)
	Effect      float64 // and in standard deviations; 0.5
	PerDay      float64 // interviews a day, as a multiple of the median of all interviewer-days; 3
}

func (b Bounds) orDefaults() Bounds {
	set := func(p *float64, d float64) {
		if *p == 0 {
			*p = d
		}
	}
	if b.MinAnswers == 0 {
		b.MinAnswers = 5
	}
	if b.NearAnswers == 0 {
		b.NearAnswers = 10
	}
	if b.NearRows == 0 {
		b.NearRows = 100
	}
	if b.Interviews == 0 {
		b.Interviews = 10
	}
	set(&b.Speed, 0.5)
	set(&b.NonResponse, 0.1)
	set(&b.Z, 3.29)
	set(&b.Effect, 0.5)
	set(&b.PerDay, 3)
	return b
}

// Flag marks a row with what was found in it.
type Flag uint8

// The flags of rows, each with the code of its finding.
const (
	DuplicateForm    Flag = 1 << iota // the form's number stands on an earlier row
	DuplicateAnswers                  // all answers and the background are those of an earlier row
	StraightLine                      // every answer is the same
	Speeder                           // the interview took less than half the median time
	NoAnswers                         // no item is answered
	BadTime                           // the interview ends before it starts, or years away from the others
	Rejected                          // the survey's supervisors rejected the form
	NearDuplicate                     // one answer apart from an earlier row with the same background
)

// Flags are all flags with their codes, in the order in which a row is set aside for one of them.
func Flags() []struct {
	Flag Flag
	Code string
} {
	return []struct {
		Flag Flag
		Code string
	}{
		{Rejected, "rejected_form"},
		{NoAnswers, "no_answers"},
		{DuplicateForm, "duplicate_form"},
		{DuplicateAnswers, "duplicate_answers"},
		{NearDuplicate, "near_duplicate"},
		{StraightLine, "straight_line"},
		{Speeder, "speeder"},
		{BadTime, "impossible_date"},
	}
}

// A Collector looks at the rows of one sheet.
type Collector struct {
	columns Columns
	bounds  Bounds

	// By row. What the sheet has no column for stays empty: of a million rows every byte counts.
	rows    []int32
	ids     []uint64 // hash of the form's number; 0: none
	answers []uint64 // sum of the answers' terms (see terms) and a hash of the background; 0: too few answers to compare, or a straight line
	back    []uint32 // hash of the background; 0: not one of those that are compared for nearly equal answers
	flags   []Flag
	seconds []float32 // duration; NaN: unknown
	days    []int32   // day of the interview since 1970; math.MinInt32: unknown

	batch        []rowAnswers // of the record that is taken in
	items        []itemCounts
	salts        []uint64 // by item
	beside       []bool   // by item
	interviewers map[string]int32
	order        []string // interviewers in the order of their first row
	who          []int32  // interviewer of each row; −1: unknown
	means        []float32
	funnel       Funnel
	areas        []map[string]*areaForms // by column and name
	followed     []int                   // area columns whose forms the plan counts
	places       [][]*areaForms          // of the followed columns: by row
}

// itemCounts counts what an item holds.
type itemCounts struct {
	valid, blank, dontKnow, refused, notApplicable, invalid int64
}

// areaForms counts the forms of one area.
type areaForms struct{ read, answered int64 }

// NewCollector starts a collection. Of the areas that the plan says how many forms were issued to, it remembers which row is whose.
func NewCollector(columns Columns, bounds Bounds, issued Issued) *Collector {
	c := &Collector{columns: columns, bounds: bounds.orDefaults(), items: make([]itemCounts, len(columns.Items)), interviewers: map[string]int32{}}
	for _, name := range columns.Items {
		c.salts, c.beside = append(c.salts, saltOf(name)), append(c.beside, slices.Contains(columns.Beside, name))
	}
	for k, column := range columns.Areas {
		c.areas = append(c.areas, map[string]*areaForms{})
		if _, counted := issued.Areas[column]; counted {
			c.followed, c.places = append(c.followed, k), append(c.places, nil)
		}
	}
	return c
}

// view is a record's columns as the collector needs them.
type view struct {
	row         *array.Int32
	id          *array.String
	items       []*array.Int16
	background  []arrow.Array
	areas       []*array.String
	start, end  *array.Timestamp
	interviewer *array.String
	reviews     []*array.String
}

func (c *Collector) view(record arrow.Record) view {
	find := func(name string) arrow.Array {
		if name == "" {
			return nil
		}
		if at := record.Schema().FieldIndices(name); len(at) > 0 {
			return record.Column(at[0])
		}
		return nil
	}
	var v view
	v.row, _ = find(c.columns.Row).(*array.Int32)
	v.id, _ = find(c.columns.ID).(*array.String)
	v.start, _ = find(c.columns.Start).(*array.Timestamp)
	v.end, _ = find(c.columns.End).(*array.Timestamp)
	v.interviewer, _ = find(c.columns.Interviewer).(*array.String)
	for _, name := range c.columns.Items {
		item, _ := find(name).(*array.Int16)
		v.items = append(v.items, item)
	}
	for _, name := range c.columns.Areas {
		area, _ := find(name).(*array.String)
		v.areas = append(v.areas, area)
	}
	for _, name := range c.columns.Reviews {
		review, _ := find(name).(*array.String)
		v.reviews = append(v.reviews, review)
	}
	for _, name := range c.columns.Background {
		if column := find(name); column != nil {
			v.background = append(v.background, column)
		}
	}
	return v
}

// FNV-1a, for keys that are only compared with one another.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

func hashText(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return (h ^ 0xff) * hashPrime
}

// Add takes in the rows of a record.
func (c *Collector) Add(record arrow.Record) {
	v := c.view(record)
	n := int(record.NumRows())
	if cap(c.batch) < n {
		c.batch = make([]rowAnswers, n)
	}
	c.batch = c.batch[:n]
	for i := range c.batch {
		c.batch[i] = rowAnswers{}
	}
	for k, item := range v.items {
		if item != nil {
			c.items[k].add(item, c.salts[k], c.beside[k], c.batch)
		}
	}
	for i := range c.batch {
		c.addRow(&v, i, &c.batch[i])
	}
}

func (c *Collector) addRow(v *view, i int, r *rowAnswers) {
	row := int32(len(c.rows) + 1)
	if v.row != nil {
		row = v.row.Value(i)
	}
	var flag Flag
	answers, valid := uint64(0), int(r.valid)
	mean := math.NaN()
	if valid > 0 {
		mean = float64(r.sum) / float64(valid)
	}
	straight := r.differ == 0 && int(r.rated) >= c.bounds.MinAnswers
	if straight {
		flag |= StraightLine
	}
	if valid == 0 && len(v.items) > 0 {
		flag |= NoAnswers
	}
	for _, review := range v.reviews {
		if review != nil && review.IsValid(i) && rejected(review.Value(i)) {
			flag |= Rejected
		}
	}
	c.funnel.Read++
	if valid > 0 {
		c.funnel.Answered++
	}
	if valid > 0 && r.valid == r.applicable {
		c.funnel.Complete++
	}
	back := uint32(0)
	if !(straight && r.rated == r.valid) && valid >= c.bounds.MinAnswers {
		background := uint64(hashStart)
		for _, column := range v.background {
			background = hashBackground(background, column, i)
		}
		answers = max(r.terms+background, 1)
		if valid >= c.bounds.NearAnswers {
			back = max(uint32(background>>32), 1)
		}
	}
	c.rows, c.answers, c.back, c.flags = append(c.rows, row), append(c.answers, answers), append(c.back, back), append(c.flags, flag)
	if v.id != nil {
		c.addID(v.id, i)
	}
	if v.start != nil {
		c.addTimes(v, i)
	}
	if v.interviewer != nil {
		c.addInterviewer(v.interviewer, i, mean)
	}
	for k, area := range v.areas {
		c.addArea(k, area, i, valid > 0)
	}
}

// addArea counts a row in its area.
func (c *Collector) addArea(k int, area *array.String, i int, answered bool) {
	var forms *areaForms
	if area != nil && area.IsValid(i) {
		forms = c.areas[k][area.Value(i)]
		if forms == nil && len(c.areas[k]) < maxAreas {
			forms = &areaForms{}
			c.areas[k][strings.Clone(area.Value(i))] = forms
		}
	}
	if forms != nil {
		forms.read++
		if answered {
			forms.answered++
		}
	}
	if at := slices.Index(c.followed, k); at >= 0 {
		c.places[at] = append(c.places[at], forms)
	}
}

// rejected reports whether a decision is a rejection, by the words of the programs: KoboToolbox writes the label or, with XML values, the name
// (https://github.com/kobotoolbox/kpi/issues/1851), ODK Central `rejected` (https://docs.ropensci.org/ruODK/reference/submission_review.html), SurveyCTO
// the same in capitals (https://pypi.org/project/pysurveycto). A form on hold, with issues or not yet decided is not rejected.
func rejected(decision string) bool {
	switch decision {
	case "Not Approved", "Not approved", "validation_status_not_approved", "rejected", "Rejected", "REJECTED":
		return true
	}
	return false
}

// maxAreas is how many names of one column are kept: more than the country has communes.
const maxAreas = 20_000

// rowAnswers is what the items of one row have in common.
type rowAnswers struct {
	terms             uint64
	sum               int64
	applicable, valid int32
	rated             int32 // valid answers on the scale that most items have
	first             int16 // the first of them
	differ            int16 // bits in which another one differs from it
}

// add counts the answers to an item, and adds them to their rows.
func (counts *itemCounts) add(item *array.Int16, salt uint64, beside bool, rows []rowAnswers) {
	nulls := item.NullN() > 0
	for i, code := range item.Int16Values() {
		if nulls && item.IsNull(i) {
			code = math.MinInt16
		}
		r := &rows[i]
		r.terms += term(code, salt)
		if code != -3 {
			r.applicable++
		}
		switch {
		case code >= 0:
			counts.valid++
			r.sum += int64(code)
			r.valid++
			if beside {
				continue
			}
			if r.rated == 0 {
				r.first = code
			}
			r.differ |= code ^ r.first
			r.rated++
		case code == math.MinInt16:
			counts.blank++
		case code == -1:
			counts.dontKnow++
		case code == -2:
			counts.refused++
		case code == -3:
			counts.notApplicable++
		default:
			counts.invalid++
		}
	}
}

func hashBackground(h uint64, column arrow.Array, i int) uint64 {
	if column.IsNull(i) {
		return (h ^ 0xfe) * hashPrime
	}
	switch column := column.(type) {
	case *array.String:
		return hashText(h, column.Value(i))
	case *array.Float64:
		return (h ^ math.Float64bits(column.Value(i))) * hashPrime
	case *array.Int16:
		return (h ^ uint64(uint16(column.Value(i)))) * hashPrime
	}
	return h
}

const unknownDay = math.MinInt32

func (c *Collector) addID(column *array.String, i int) {
	var id uint64
	if column.IsValid(i) && column.Value(i) != "" {
		id = hashText(hashStart, column.Value(i))
	}
	c.ids = append(c.ids, id)
}

func (c *Collector) addTimes(v *view, i int) {
	seconds, day := float32(math.NaN()), int32(unknownDay)
	if v.start.IsValid(i) {
		start := int64(v.start.Value(i))
		day = int32(math.Floor(float64(start) / 86_400_000))
		if v.end != nil && v.end.IsValid(i) {
			seconds = float32(float64(int64(v.end.Value(i))-start) / 1000)
		}
	}
	c.seconds, c.days = append(c.seconds, seconds), append(c.days, day)
}

func (c *Collector) addInterviewer(column *array.String, i int, mean float64) {
	who := int32(-1)
	if column.IsValid(i) && column.Value(i) != "" {
		name := column.Value(i)
		number, known := c.interviewers[name]
		if !known {
			number = int32(len(c.order))
			c.interviewers[name] = number
			c.order = append(c.order, name)
		}
		who = number
	}
	c.who, c.means = append(c.who, who), append(c.means, float32(mean))
}

// Funnel counts the forms of the sheet.
func (c *Collector) Funnel() Funnel { return c.funnel }
