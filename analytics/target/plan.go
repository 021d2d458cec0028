// Package target judges a plan's targets.
//
// What comes in: a plan of targets (YAML), the run's estimates and placements, and published figures. What goes out: one
// result.Target each, with its verdict and how sure that is, and for a missed one the arithmetic of what would close it. What is
// promised: a figure that nobody published never counts as failed; where the plan's words allow two readings both are judged; a
// verdict rests on an interval or a probability wherever there is one.
package target

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// Kinds of a target.
const (
	ValueAtLeast = "value_at_least"
	ValueInGroup = "value_in_group"
	GroupAtLeast = "group_at_least"
	RankAtMost   = "rank_at_most"
	RankGain     = "rank_gain"
	ShareAtLeast = "share_at_least"
	Milestone    = "milestone"
	All          = "all" // met when every target that names it as parent is met
)

// A Plan is what somebody set out to reach, and the published figures it is judged by where the run itself brings none.
type Plan struct {
	ID        string        `yaml:"id"`
	Title     result.Text   `yaml:"title"`
	Source    string        `yaml:"source"`
	Basis     string        `yaml:"basis"`
	Area      result.Area   `yaml:"area"`
	Notes     []result.Text `yaml:"notes"`
	Targets   []Aim         `yaml:"targets"`
	Published []Published   `yaml:"published"`
}

// An Aim is one target of a plan.
type Aim struct {
	ID     string        `yaml:"id"`
	Parent string        `yaml:"parent"`
	Name   result.Text   `yaml:"name"`
	Kind   string        `yaml:"kind"`
	Index  string        `yaml:"index"` // the family (papi) or definition (papi-2019) whose figures judge it; empty: the id
	Node   string        `yaml:"node"`  // empty: the overall figure
	Also   []string      `yaml:"also"`  // further figures that the plan's words may mean, by their index; each is judged as a reading
	Unit   result.Text   `yaml:"unit"`
	Base   Base          `yaml:"base"`
	Steps  []Step        `yaml:"steps"`
	Bands  string        `yaml:"bands"` // the index definition whose bands turn a value into a group
	Owner  result.Text   `yaml:"owner"`
	Source string        `yaml:"source"`
	Basis  string        `yaml:"basis"`
	Notes  []result.Text `yaml:"notes"`
}

// Base is where the plan starts from.
type Base struct {
	Year  int      `yaml:"year"`
	Value *float64 `yaml:"value"`
	Rank  int      `yaml:"rank"`
	Of    int      `yaml:"of"`
	Group string   `yaml:"group"`
}

// A Step is what must hold by a year. The first step whose year has not passed applies, afterwards the last one; By 0 is open-ended.
type Step struct {
	By      int      `yaml:"by"`
	Value   *float64 `yaml:"value"`
	Goal    *float64 `yaml:"goal"` // a further value that the plan names beside the one that must hold
	Group   string   `yaml:"group"`
	Rank    int      `yaml:"rank"`
	Stretch int      `yaml:"stretch"`  // the rank at the far end of the plan's range
	Gain    []int    `yaml:"gain"`     // ranks a year after the step before, [least, most]
	GainOf  []string `yaml:"gain_of"`  // counted from: actual, target; both are judged, the first one gives the verdict
	GroupBy []Cut    `yaml:"group_by"` // how the group is cut where no official definition is known; empty: the group cannot be judged
}

// A Cut is one group of a group definition that the user supplies: every value of at least Min.
type Cut struct {
	Group string  `yaml:"group"`
	Min   float64 `yaml:"min"`
}

// Published is a figure that an authority published, or that e-government lists gave.
type Published struct {
	Index  string        `yaml:"index"` // family, definition or target id
	Year   int           `yaml:"year"`
	Area   string        `yaml:"area"` // empty: the plan's area
	Value  *float64      `yaml:"value"`
	Lo     *float64      `yaml:"lo"`
	Hi     *float64      `yaml:"hi"`
	Rank   int           `yaml:"rank"`
	Of     int           `yaml:"of"`
	Group  string        `yaml:"group"`
	Done   bool          `yaml:"done"`  // a milestone that was reached
	Count  int           `yaml:"count"` // of a counted share: how many
	Base   int           `yaml:"base"`  // of how many
	ladder []float64     // the scores of all areas, best first, where a table has them
	Source string        `yaml:"source"`
	Basis  string        `yaml:"basis"`
	Notes  []result.Text `yaml:"notes"`
}

//go:embed plans/*.yaml
var plans embed.FS

// Names lists the plans that ship with hailong.
func Names() []string {
	entries, err := plans.ReadDir("plans")
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// Shipped returns the plan file of that name.
func Shipped(name string) ([]byte, error) {
	b, err := plans.ReadFile("plans/" + name + ".yaml")
	if err != nil {
		return nil, wording.Errorf("finding targets %q: no such plan ships with hailong; there is %s, or give the path of a file", name, strings.Join(Names(), ", "))
	}
	return b, nil
}

// Parse reads a plan of targets. An unknown key or a wrong type is an error that shows the line with a caret.
func Parse(source []byte) (*Plan, error) {
	var p Plan
	if err := index.DecodeYAML(source, &p); err != nil {
		return nil, wording.Errorf("reading targets: %w", err)
	}
	if err := p.check(source); err != nil {
		return nil, err
	}
	return &p, nil
}

// check refuses a plan that cannot be judged.
func (p *Plan) check(source []byte) error {
	if len(p.Targets) == 0 {
		return wording.Errorf("reading targets: the list targets is empty")
	}
	kinds := []string{ValueAtLeast, ValueInGroup, GroupAtLeast, RankAtMost, RankGain, ShareAtLeast, Milestone, All}
	seen := map[string]bool{}
	for i, t := range p.Targets {
		var problem error
		switch {
		case t.ID == "":
			problem = wording.Errorf("the target has no id")
		case seen[t.ID]:
			problem = wording.Errorf("target %s stands twice", t.ID)
		case !slices.Contains(kinds, t.Kind):
			problem = wording.Errorf("kind %q of target %s is not one of %s", t.Kind, t.ID, strings.Join(kinds, ", "))
		case len(t.Steps) == 0 && t.Kind != Milestone && t.Kind != All:
			problem = wording.Errorf("target %s has no steps, so nothing to reach", t.ID)
		}
		for _, s := range t.Steps {
			if problem == nil {
				problem = stepProblem(t, s)
			}
		}
		seen[t.ID] = true
		if problem == nil {
			continue
		}
		if where, ok := index.AnnotateYAML(source, fmt.Sprintf("$.targets[%d]", i)); ok {
			return wording.Errorf("reading targets: %w\n%s", problem, where)
		}
		return wording.Errorf("reading targets: %w", problem)
	}
	for _, t := range p.Targets {
		if t.Parent != "" && !seen[t.Parent] {
			return wording.Errorf("reading targets: the parent %s of target %s is not among the targets", t.Parent, t.ID)
		}
	}
	return nil
}

func stepProblem(t Aim, s Step) error {
	switch t.Kind {
	case ValueAtLeast, ShareAtLeast, ValueInGroup:
		if s.Value == nil {
			return wording.Errorf("a step of target %s has no value", t.ID)
		}
	case GroupAtLeast:
		if groupOrder(s.Group) == 0 {
			return wording.Errorf("group %q of target %s is not one of high, high_average, low_average, low, A, B, C, D", s.Group, t.ID)
		}
	case RankAtMost, RankGain:
		if s.Rank == 0 && len(s.Gain) != 2 {
			return wording.Errorf("a step of target %s has neither a rank nor a gain of [least, most] ranks", t.ID)
		}
		for _, from := range s.GainOf {
			if from != "actual" && from != "target" {
				return wording.Errorf("gain_of %q of target %s is not actual or target", from, t.ID)
			}
		}
	}
	return nil
}

// groupOrder ranks the group keys of all indices, best 1; 0 is not a group.
func groupOrder(group string) int {
	for i, same := range [][]string{{"high", "A"}, {"high_average", "B"}, {"low_average", "C"}, {"low", "D"}} {
		if slices.Contains(same, group) {
			return i + 1
		}
	}
	return 0
}
