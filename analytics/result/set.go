// Package result is the seam between analytics and reports: everything a run found, as plain data.
//
// A Set is what `results.json` holds, field for field. It imports nothing of ours, computes nothing and
// keeps full precision: rounding is the workbook's business. What is not known is a Number that is not
// Known (null in JSON), never a zero and never a NaN in a file.
package result

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Schema names the shape of results.json. It changes when a field changes its meaning or goes.
const Schema = "hailong/results/1"

// A Number is a float64 that may be unknown. NaN and the infinities stand for "not known" and are null in JSON.
type Number float64

// Unknown is the Number that is not known.
func Unknown() Number { return Number(math.NaN()) }

// Known reports whether n holds a finite value.
func (n Number) Known() bool { return !math.IsNaN(float64(n)) && !math.IsInf(float64(n), 0) }

// MarshalJSON writes the shortest decimal that reads back as n, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Known() {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(n), 'g', -1, 64), nil
}

// UnmarshalJSON reads a number or null.
func (n *Number) UnmarshalJSON(b []byte) error {
	var f *float64
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	*n = Unknown()
	if f != nil {
		*n = Number(*f)
	}
	return nil
}

// A Text is one phrase in both languages of the house.
type Text struct {
	VI string `json:"vi,omitempty" yaml:"vi"`
	EN string `json:"en,omitempty" yaml:"en"`
}

// A Set is the whole result of one run.
type Set struct {
	Schema        string         `json:"schema"`
	Tool          Tool           `json:"tool"`
	Plan          Plan           `json:"plan"`
	Synthetic     bool           `json:"synthetic,omitempty"` // the input declares itself made-up; every sheet must say so
	Index         Index          `json:"index"`
	Design        Design         `json:"design"`
	Inputs        []Input        `json:"inputs"`
	Ledger        Ledger         `json:"ledger"`
	Nodes         []Node         `json:"nodes"`
	Domains       []Domain       `json:"domains"`
	Estimates     []Estimate     `json:"estimates"`
	Distributions []Distribution `json:"distributions,omitempty"`
	Comparisons   []Comparison   `json:"comparisons,omitempty"`
	Placements    []Placement    `json:"placements"`
	Targets       []Target       `json:"targets"`
	Gaps          []Gap          `json:"gaps,omitempty"`
	Changes       []Change       `json:"changes,omitempty"`
	Priorities    []Priority     `json:"priorities,omitempty"`
	Quality       []Finding      `json:"quality"`
	Columns       []Column       `json:"columns,omitempty"`
	Problems      []Problem      `json:"problems"`
	Warnings      []Warning      `json:"warnings"`
	ByPSU         *ByPSU         `json:"by_psu,omitempty"`
}

// Tool says which program computed the set.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Engine  string `json:"engine"` // "duckdb" or the cluster engine's name
}

// Plan says what was asked for.
type Plan struct {
	Title   string `json:"title"`
	Path    string `json:"path,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	Year    int    `json:"year,omitempty"`
	Unit    Text   `json:"unit,omitzero"` // who reports
	Area    Area   `json:"area,omitzero"` // the province the set is about
	Command string `json:"command,omitempty"`
}

// Area is an administrative unit; a code means nothing without the date it was valid on.
type Area struct {
	Code string `json:"code"`
	Name string `json:"name"`
	On   string `json:"on,omitempty"` // ISO date
}

// Index is the index definition that shaped the set.
type Index struct {
	ID         string `json:"id"`
	Family     string `json:"family"` // sipas, papi, par, pci, ict, dti, egov, or the user's own
	Title      Text   `json:"title"`
	Legal      string `json:"legal,omitempty"`
	Years      [2]int `json:"years"`
	Frame      string `json:"frame,omitempty"`      // who answers: service_users, residents_18plus, …
	Basis      string `json:"basis"`                // official, inferred, recalled
	Aggregator string `json:"aggregator,omitempty"` // e.g. top2_pooled
	AggBasis   string `json:"aggregator_basis,omitempty"`
	Notes      []Text `json:"notes,omitempty"`
}

// Design is the sampling design as the variance used it.
type Design struct {
	Weight     string   `json:"weight,omitempty"`
	Strata     []string `json:"strata,omitempty"`
	PSU        string   `json:"psu,omitempty"`
	FPC        string   `json:"fpc,omitempty"`
	LonelyPSU  string   `json:"lonely_psu"`
	SRS        bool     `json:"srs"` // no design given: analysed as a simple random sample
	NPSU       int      `json:"n_psu"`
	NStrata    int      `json:"n_strata"`
	Confidence float64  `json:"confidence"`
	CIMethod   string   `json:"ci_method"`
	MinN       int      `json:"min_n"`
	MaxHalf    Number   `json:"max_half_width"`
	Calibrated []string `json:"calibrated,omitempty"`
	Defaults   []Text   `json:"defaults,omitempty"` // every default that was used, in words
}

// Input is one file read.
type Input struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Sheet  string `json:"sheet"`
	Rows   int    `json:"rows"`
	Reused bool   `json:"-"` // read from the dataset of an earlier run; not part of the result
}

// Ledger balances: Read = Kept + ΣSetAside, in total and per file.
type Ledger struct {
	Read     int          `json:"read"`
	Kept     int          `json:"kept"`
	SetAside []SetAside   `json:"set_aside"`
	Files    []FileLedger `json:"files"`
}

// SetAside counts rows left out for one reason.
type SetAside struct {
	Reason string `json:"reason"` // stable key: totals, group, empty, column_numbers, signature, duplicate, unreadable, …
	Label  Text   `json:"label"`
	Rows   int    `json:"rows"`
}

// FileLedger is the ledger of one sheet.
type FileLedger struct {
	Path     string     `json:"path"`
	Sheet    string     `json:"sheet"`
	Read     int        `json:"read"`
	Kept     int        `json:"kept"`
	SetAside []SetAside `json:"set_aside"`
}

// Node is one node of the index's tree, parents before children.
type Node struct {
	ID     string `json:"id"`
	Parent string `json:"parent,omitempty"`
	Level  string `json:"level"` // overall, content, factor, criterion · composite, dimension, sub_dimension, indicator
	Code   string `json:"code"`  // as printed: I, II.A, 1.1
	Name   Text   `json:"name"`
	Unit   string `json:"unit"` // percent or score
	Min    Number `json:"min"`
	Max    Number `json:"max"`
	Rule   string `json:"rule"`
	Basis  string `json:"basis,omitempty"`
	Text   Text   `json:"text,omitzero"` // the question's wording for criteria
}

// Domain is a breakdown: a column of the dataset and its values in print order.
type Domain struct {
	ID     string        `json:"id"`
	Kind   string        `json:"kind"` // area, field, characteristic; cross: of two columns
	Name   Text          `json:"name"`
	Values []DomainValue `json:"values"`
}

// DomainValue is one value of a breakdown.
type DomainValue struct {
	Value  string `json:"value"` // as in Estimate.Domain
	Code   string `json:"code,omitempty"`
	Label  Text   `json:"label"`
	Parent string `json:"parent,omitempty"`
	N      int    `json:"n"`
	Share  Number `json:"share"` // weighted share of the sample, percent
}

// Estimate is one figure with its uncertainty. Percent figures are in points (84.2), scores in the node's own range.
type Estimate struct {
	Index      string            `json:"index"`
	Node       string            `json:"node"`
	Level      string            `json:"level"`
	Domain     map[string]string `json:"domain"` // empty: everyone
	N          int               `json:"n"`      // respondents with a valid answer
	SumW       Number            `json:"sum_w"`
	Estimate   Number            `json:"estimate"`
	SE         Number            `json:"se"`
	Lo         Number            `json:"lo"`
	Hi         Number            `json:"hi"`
	Confidence float64           `json:"level_of_confidence"`
	DF         Number            `json:"df"`
	Deff       Number            `json:"deff"`
	Suppressed string            `json:"suppressed,omitempty"` // "", "n" (too few), "sibling" (would reveal one that is), "width" (kept but unreliable)
	Warnings   []string          `json:"warnings,omitempty"`   // codes; see WarningText
	Printed    *Interval         `json:"printed,omitempty"`    // the interval as the index's publisher prints it, beside the true one
	Worth      *Worth            `json:"worth,omitempty"`      // the root's points inside another index
}

// An Interval is estimate ± Z standard errors.
type Interval struct {
	Z  float64 `json:"z"`
	Lo Number  `json:"lo"`
	Hi Number  `json:"hi"`
}

// Worth is what a figure counts for in another index: so many points of at most Max.
type Worth struct {
	In     string  `json:"in"`
	Max    float64 `json:"max"`
	Points Number  `json:"points"`
	Lo     Number  `json:"lo"`
	Hi     Number  `json:"hi"`
	Basis  string  `json:"basis,omitempty"`
}

// Distribution is the answers to one item, level by level, in percent of valid answers, with the kinds of missing counted apart.
type Distribution struct {
	Node          string            `json:"node"`
	Domain        map[string]string `json:"domain"`
	Levels        []LevelShare      `json:"levels"`
	Mean          Number            `json:"mean"`
	N             int               `json:"n"`
	Missing       int               `json:"missing"`
	DontKnow      int               `json:"dont_know"`
	Refused       int               `json:"refused"`
	NotApplicable int               `json:"not_applicable"`
	Invalid       int               `json:"invalid"`
}

// LevelShare is one answer level.
type LevelShare struct {
	Code  int    `json:"code"`
	Label Text   `json:"label"`
	Share Number `json:"share"`
	N     int    `json:"n"`
}

// Comparison tests one domain value against another or against everyone.
type Comparison struct {
	Node   string            `json:"node"`
	Domain string            `json:"domain"`
	A      string            `json:"a"`
	B      string            `json:"b"` // "" = everyone
	Diff   Number            `json:"diff"`
	SE     Number            `json:"se"`
	P      Number            `json:"p"`
	PAdj   Number            `json:"p_adjusted"`
	Adjust string            `json:"adjust"` // holm, BH, none
	Within map[string]string `json:"within,omitempty"`
}

// Placement puts one area into its rank and quartile group on one node of one index and year.
type Placement struct {
	Index         string    `json:"index"`
	Year          int       `json:"year"`
	Area          string    `json:"area"` // code valid in that year
	AreaName      string    `json:"area_name"`
	Node          string    `json:"node"`
	Name          Text      `json:"name,omitzero"`
	Score         Number    `json:"score"` // unknown: withheld
	SE            Number    `json:"se"`
	Rank          int       `json:"rank"` // 0: withheld
	Of            int       `json:"of"`
	Group         int       `json:"group"` // 1 highest … 4 lowest, 0 withheld
	GroupLabel    Text      `json:"group_label"`
	Boundary      string    `json:"boundary,omitempty"`      // "", or the edge it sits on exactly: P25, P50, P75
	OtherReading  int       `json:"other_reading,omitempty"` // the group under the other reading of that edge
	P25           Number    `json:"p25"`
	P50           Number    `json:"p50"`
	P75           Number    `json:"p75"`
	Min           Number    `json:"min"`
	Max           Number    `json:"max"`
	Reach         [3]Number `json:"reach"`         // the least score of groups 1…3 with every other area unchanged; just above it where the edge itself belongs below
	Probabilities [4]Number `json:"probabilities"` // groups 1…4
	ExpectedRank  Number    `json:"expected_rank"`
	RankSet       [2]int    `json:"rank_set"` // simultaneous 95 %; 0,0 without standard errors
	Stable        bool      `json:"stable"`
	Rule          string    `json:"rule"`             // r7-mixed, …
	Source        string    `json:"source,omitempty"` // survey: by the run's own estimates; empty: a published table
}

// SourceSurvey is the Source of a placement by the run's own estimates.
const SourceSurvey = "survey"

// Verdicts of a target.
const (
	Met             = "met"
	MetUncertain    = "met_uncertain"
	MissedUncertain = "missed_uncertain"
	Missed          = "missed"
	NotPublished    = "not_published"
)

// Target is one aim of the plan and how it stands.
type Target struct {
	ID       string    `json:"id"` // sipas, papi, par, pci, ict, egov, egov.online …
	Parent   string    `json:"parent,omitempty"`
	Name     Text      `json:"name"`
	Kind     string    `json:"kind"` // value_at_least, value_in_group, group_at_least, rank_at_most, rank_gain, share_at_least, milestone
	Unit     Text      `json:"unit,omitzero"`
	BaseYear int       `json:"base_year,omitempty"`
	Base     Value     `json:"base"`
	Target   Value     `json:"target"`
	Result   Value     `json:"result"`
	Lo       Number    `json:"lo"`
	Hi       Number    `json:"hi"`
	Verdict  string    `json:"verdict"`
	Year     int       `json:"year,omitempty"` // of the result
	Deadline int       `json:"deadline,omitempty"`
	Owner    Text      `json:"owner,omitzero"`
	Source   string    `json:"source,omitempty"`
	Basis    string    `json:"basis,omitempty"`
	Previous Value     `json:"previous,omitzero"`
	Readings []Reading `json:"readings,omitempty"` // where the plan's words allow more than one
	Notes    []Text    `json:"notes,omitempty"`
}

// Value is a figure that a target speaks of: a number, a rank or a group.
type Value struct {
	Number Number `json:"number"`
	Rank   int    `json:"rank,omitempty"`
	Of     int    `json:"of,omitempty"`
	Group  string `json:"group,omitempty"` // stable key: high, high_average, low_average, low · A…D
	Label  Text   `json:"label,omitzero"`
}

// Reading is one way to read an ambiguous target, with its own verdict.
type Reading struct {
	ID      string `json:"id"`
	Name    Text   `json:"name"`
	Target  Value  `json:"target"`
	Result  *Value `json:"result,omitempty"` // where the reading is of another figure
	Verdict string `json:"verdict"`
}

// Gap is one row of "what would close it": arithmetic, not advice.
type Gap struct {
	Target      string            `json:"target"`
	Kind        string            `json:"kind"` // total, factor, criterion, domain, smallest
	Node        string            `json:"node,omitempty"`
	Domain      map[string]string `json:"domain,omitempty"`
	Points      Number            `json:"points"`      // contribution to the gap, in the target's unit
	Respondents Number            `json:"respondents"` // answers that would have to change, unweighted equivalent
	Share       Number            `json:"share"`       // of the whole gap, percent
	Text        Text              `json:"text"`
}

// Change is one node between two waves.
type Change struct {
	Index    string `json:"index"`
	Node     string `json:"node"`
	From     int    `json:"from"`
	To       int    `json:"to"`
	Before   Number `json:"before"`
	After    Number `json:"after"`
	Diff     Number `json:"diff"`
	SE       Number `json:"se"`
	Lo       Number `json:"lo"`
	Hi       Number `json:"hi"`
	P        Number `json:"p"`
	PAdj     Number `json:"p_adjusted"`
	Relative Number `json:"relative_percent"`
	Overlap  string `json:"overlap,omitempty"`     // psu, none, unknown
	Shared   int    `json:"shared_psus,omitempty"` // PSUs of both waves whose covariance is in SE
	Cov      Number `json:"covariance"`            // of Before and After; null where the waves are taken as independent
	Break    Text   `json:"break,omitzero"`        // a method break: no difference is given
	Verdict  string `json:"verdict,omitempty"`     // up, down, unclear, break
	Rule     Number `json:"rule_percent"`          // the publisher's own rule: a relative change of so many percent counts (PAPI: 5); null without one
	ByRule   string `json:"by_rule,omitempty"`     // up, down, unclear by that rule, which is no test
}

// ByPSU holds what each PSU adds to the variance of everyone's figures: the sum of a figure's squared parts is SE² (of the first sampling
// stage), and the sum of the products over the PSUs that two waves share is the covariance of their figures.
type ByPSU struct {
	Strata  []StratumPSUs `json:"strata"`
	Figures []PSUParts    `json:"figures"`
}

// StratumPSUs names the PSUs of a stratum as the data name them; a sample without strata has one without a name.
type StratumPSUs struct {
	Stratum string   `json:"stratum"`
	PSUs    []string `json:"psus"`
}

// PSUParts are one figure's parts, in the order of the strata and their PSUs.
type PSUParts struct {
	Node  string   `json:"node"`
	Parts Decimals `json:"parts"`
}

// Decimals are many numbers that JSON holds as one text, ten significant digits each, so that a file that people open stays short.
// R: scan(text = x).
type Decimals []float64

// MarshalText writes the numbers apart by spaces.
func (d Decimals) MarshalText() ([]byte, error) {
	var b []byte
	for i, x := range d {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("writing decimals: number %d is %v", i+1, x)
		}
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendFloat(b, x, 'g', 10, 64)
	}
	return b, nil
}

// UnmarshalText reads what MarshalText wrote.
func (d *Decimals) UnmarshalText(b []byte) error {
	words := strings.Fields(string(b))
	*d = make(Decimals, len(words))
	for i, w := range words {
		x, err := strconv.ParseFloat(w, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("reading decimals: %q is no number", w)
		}
		(*d)[i] = x
	}
	return nil
}

// Priority crosses importance and satisfaction of a criterion.
type Priority struct {
	Node         string `json:"node"`
	Importance   Number `json:"importance"` // Shapley share of R² for the overall score, percent
	Satisfaction Number `json:"satisfaction"`
	Quadrant     string `json:"quadrant"` // keep, improve, low, surplus
	Order        int    `json:"order"`
}

// Finding is one thing the quality checks saw. Nothing is deleted because of a finding unless the plan says so.
type Finding struct {
	Check    string   `json:"check"`    // duplicate_form, near_duplicate, straight_line, speeder, interviewer, date, out_of_range, item_nonresponse, funnel, control_sum, …
	Severity string   `json:"severity"` // info, warning, serious
	File     string   `json:"file,omitempty"`
	Sheet    string   `json:"sheet,omitempty"`
	Cells    []string `json:"cells,omitempty"`
	Rows     int      `json:"rows"`
	Text     Text     `json:"text"`
	Value    Number   `json:"value"`
}

// Column says how one source column was understood.
type Column struct {
	File   string   `json:"file"`
	Sheet  string   `json:"sheet"`
	Cell   string   `json:"cell"` // of its header, e.g. "F8"
	Header string   `json:"header"`
	Name   string   `json:"name"` // in the dataset; empty if dropped
	Role   string   `json:"role"` // item, characteristic, area, weight, strata, psu, fpc, id, time, interviewer, other, personal, empty
	Item   string   `json:"item,omitempty"`
	How    string   `json:"how,omitempty"` // code, label, plan, xlsform, fuzzy
	Score  Number   `json:"score"`         // of the match, 0…1
	Type   string   `json:"type"`
	Notes  []string `json:"notes,omitempty"`
}

// Problem is one bad cell, row or file: counted, in the ledger, and the rest went on.
type Problem struct {
	File  string `json:"file"`
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"`
	Area  string `json:"area,omitempty"` // code of the province whose figure it is, in a table of several
	Code  string `json:"code"`           // stable key
	Want  string `json:"want"`
	Got   string `json:"got"`
	Text  Text   `json:"text,omitzero"`
}

// Warning doubts a statistic and travels with it.
type Warning struct {
	Code string `json:"code"`
	Text Text   `json:"text"`
}
