package analytics

import (
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/area"
	"hailong/analytics/result"
	"hailong/analytics/survey"
	"hailong/ingest/wording"
)

// A Plan is what the analysis is to do. The zero value is a simple random sample without breakdowns at 95 %.
type Plan struct {
	Year       int
	Area       area.Unit // that the set is about; the zero Unit: none in particular
	Design     Design
	Calibrate  Calibrate
	Domains    []string // columns; "a*b" crosses two
	Suppress   Suppress
	Confidence float64 // 0: 0.95
	CI         string  // interval of shares, a word of survey.ProportionMethods; empty: the first
	Overlap    string  // with the wave before: empty finds shared PSUs by name, none says that names were given anew
	Adjust     string  // correction of the comparisons within one breakdown and node, a word of survey.PAdjust; empty: holm
}

// Design says how the sample was drawn, in R survey's words. The zero value is a simple random sample with replacement.
type Design struct {
	Weight string           `yaml:"weight"`
	Strata Columns          `yaml:"strata"`
	PSU    Columns          `yaml:"psu"`
	FPC    Columns          `yaml:"fpc"` // population sizes or sampling fractions by stage
	Lonely survey.LonelyPSU `yaml:"lonely_psu"`
}

// Calibrate gives population margins to rake the weights to: column, value, share (or count) in the population.
type Calibrate struct {
	Margins map[string]map[string]float64 `yaml:"margins"`
}

// Suppress says what is not published. The zero value of each field stands for its default.
type Suppress struct {
	MinN         int     `yaml:"min_n"`          // fewest respondents; default 30, 1 switches it off
	MaxHalfWidth float64 `yaml:"max_half_width"` // points; default 5; wider intervals are flagged, not hidden
}

// Columns are column names; a plan may write one of them without brackets.
type Columns []string

// UnmarshalYAML reads a name or a list of names.
func (c *Columns) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if err := unmarshal(&one); err == nil {
		*c = nil
		if one != "" {
			*c = Columns{one}
		}
		return nil
	}
	var many []string
	if err := unmarshal(&many); err != nil {
		return err
	}
	*c = many
	return nil
}

const (
	defaultConfidence = 0.95
	defaultMinN       = 30
	defaultHalfWidth  = 5
	defaultAdjust     = "holm"
)

// Settle fills the plan's defaults and says in words which were used.
func (p Plan) Settle() (Plan, []result.Text, error) {
	var said []result.Text
	say := func(vi, en string, args ...any) {
		said = append(said, result.Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)})
	}
	if p.Confidence == 0 {
		p.Confidence = defaultConfidence
		say("Độ tin cậy 95 %%.", "Confidence 95 %%.")
	}
	if p.Confidence <= 0 || p.Confidence >= 1 {
		return p, nil, wording.Key("confidence", wording.Errorf("reading the plan: confidence is %g; write a number between 0 and 1, such as 0.95", p.Confidence))
	}
	if p.CI == "" {
		p.CI = survey.ProportionMethods[0]
		say("Khoảng tin cậy của tỷ lệ: %s.", "Interval of shares: %s.", p.CI)
	}
	if !slices.Contains(survey.ProportionMethods[:], p.CI) {
		return p, nil, wording.Key("ci", wording.Errorf("reading the plan: ci is %q; write one of %s", p.CI, strings.Join(survey.ProportionMethods[:], ", ")))
	}
	if p.Suppress.MinN == 0 {
		p.Suppress.MinN = defaultMinN
		say("Không công bố số liệu dưới %d người trả lời.", "No figure from fewer than %d respondents is published.", p.Suppress.MinN)
	}
	if p.Suppress.MaxHalfWidth == 0 {
		p.Suppress.MaxHalfWidth = defaultHalfWidth
		say("Sai số trên ±%g điểm được đánh dấu là kém tin cậy.", "Intervals wider than ±%g points are flagged as unreliable.", p.Suppress.MaxHalfWidth)
	}
	// R's deff = TRUE takes Σw for the size of the population, which weights that only balance the sample are not.
	say("Hiệu ứng thiết kế (deff): so với mẫu ngẫu nhiên đơn giản có hoàn lại của đúng số người đã trả lời.",
		"Design effect (deff): against a simple random sample with replacement of those who answered.")
	if p.Adjust == "" {
		p.Adjust = defaultAdjust
		say("So sánh nhiều nhóm: hiệu chỉnh Holm.", "Multiple comparisons: Holm's correction.")
	}
	if p.Design.srs() {
		say("Không khai báo thiết kế mẫu: phân tích như mẫu ngẫu nhiên đơn giản.", "No sampling design given: analysed as a simple random sample.")
	}
	if p.Design.Weight == "" {
		say("Không có trọng số: mỗi phiếu tính bằng nhau.", "No weights: every form counts the same.")
	}
	if len(p.Design.FPC) == 0 && !p.Design.srs() {
		say("Không hiệu chỉnh tổng thể hữu hạn.", "No finite population correction.")
	}
	if len(p.Design.FPC) > 2 {
		return p, nil, wording.Key("design.fpc", wording.Errorf("reading the plan: design.fpc has more than two stages; give the first two"))
	}
	return p, said, nil
}

func (d Design) srs() bool { return len(d.Strata) == 0 && len(d.PSU) == 0 && len(d.FPC) == 0 }
