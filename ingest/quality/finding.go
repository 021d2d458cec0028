// Package quality looks for answers that should be doubted: forms entered twice, the same answers from two respondents, one answer
// ticked all the way down, interviews too fast to be true, interviewers whose respondents all agree.
//
// What comes in: the rows of a dataset (Arrow records) and which of its columns are items, background, ids and times. What goes out:
// findings with the rows they speak of. What is promised: nothing is deleted here; a finding is a reason to look, and what to set
// aside is the plan's decision.
package quality

import "time"

// A Finding is one thing to look at. Rows are the Excel rows it speaks of, in order, at most MaxCells of them.
type Finding struct {
	Code  string  `json:"code"`
	File  string  `json:"file,omitempty"` // base name; empty where the finding spans files
	Sheet string  `json:"sheet,omitempty"`
	Item  string  `json:"item,omitempty"` // dataset column, or the interviewer
	Cells []Cell  `json:"cells,omitempty"`
	Count int64   `json:"count"` // rows or groups found, also those beyond Cells
	Value float64 `json:"value"` // the figure that was compared
	Bound float64 `json:"bound"` // with this
	VI    string  `json:"vi"`
	EN    string  `json:"en"`
}

// A Cell is one place a finding speaks of.
type Cell struct {
	File  string `json:"file"`
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
}

// A Funnel counts forms from the sheet to the analysis.
type Funnel struct {
	Issued   int64 `json:"issued,omitempty"` // handed out, as the plan says; 0: not known
	Read     int64 `json:"read"`             // data rows
	Answered int64 `json:"answered"`         // at least one item answered
	Complete int64 `json:"complete"`         // every item answered or not applicable
	Kept     int64 `json:"kept"`             // in the dataset
}

// Add adds another sheet's forms.
func (f *Funnel) Add(o Funnel) {
	f.Read += o.Read
	f.Answered += o.Answered
	f.Complete += o.Complete
	f.Kept += o.Kept
}

// dayText writes a day since 1970.
func dayText(day int32) string {
	return time.Unix(int64(day)*86_400, 0).UTC().Format(time.DateOnly)
}
