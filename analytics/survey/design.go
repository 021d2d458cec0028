package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hailong/ingest/wording"
)

// A DesignSpec says how the rows of a Frame were sampled, in the words of R's svydesign. The zero value is a simple
// random sample with replacement and equal weights.
type DesignSpec struct {
	IDs     []string // cluster columns, one a stage from the first; none: every row is a PSU
	Strata  []string // stratum columns: of the first stage, then of later ones
	FPC     []string // one a stage: population sizes (all ≥ 1) or sampling fractions (all ≤ 1); a stage without one ends the recursion
	Weights []string // sampling weights; several columns multiply
	Probs   []string // instead of Weights: inclusion probabilities, weights 1/Πp
	PPS     string   // "brewer": FPC holds the inclusion probability of each PSU, Brewer's approximation (R: pps = "brewer")
	Nest    bool     // PSU ids are used again in other strata

	Lonely             LonelyPSU // what a stratum with a single PSU adds
	AdjustDomainLonely bool      // apply adjust and average also where only the domain leaves one PSU (R: survey.adjust.domain.lonely)
}

// A Design is a Frame with its sampling design, its weights and, after calibration, what the variance must know of that.
// Designs are values that do not change: Subset, PostStratify, Rake, Calibrate, Trim and Replicate return new ones.
type Design struct {
	frame *Frame
	spec  DesignSpec

	strata, psu [][]int     // [stage][row]: dense ids, in the order of first appearance
	stratumName [][]string  // [stage][id]
	sampled     [][]float64 // [stage][row]: PSUs in the sample of the row's stratum
	population  [][]float64 // [stage][row]: PSUs in the population, +Inf without fpc; nil for a design without any

	weight     []float64 // 0 outside the domain
	prob       []float64 // 1/weight, kept because R computes with it and its rounding decides ties of quantiles
	present    []bool    // rows that the variance sees
	calibrated bool      // the rows outside a domain stay, with weight 0, because calibration or pps sampling ties them together
	adjust     []adjustment
	reps       *replicates
	warnings   []error
}

// NewDesign lays a design over a frame. It equals R's svydesign(ids, strata, fpc, weights, probs, nest, pps), also in what it refuses:
// PSU ids that are used again in another stratum without Nest, more PSUs in the sample than in the population, a missing id, stratum, fpc or weight.
func NewDesign(f *Frame, spec DesignSpec) (*Design, error) {
	if f.rows == 0 {
		return nil, wording.Errorf("making the design: the frame has no rows")
	}
	if spec.PPS != "" && spec.PPS != "brewer" {
		return nil, wording.Errorf("making the design: pps %q is not known, use \"brewer\"", spec.PPS)
	}
	if int(spec.Lonely) >= len(lonelyNames) {
		return nil, wording.Errorf("making the design: %s is no way to treat a lonely PSU", spec.Lonely)
	}
	if len(spec.Weights) > 0 && len(spec.Probs) > 0 {
		return nil, wording.Errorf("making the design: give weights or probs, not both")
	}
	d := &Design{frame: f, spec: spec, present: make([]bool, f.rows)}
	for k := range d.present {
		d.present[k] = true
	}
	if err := d.layUnits(); err != nil {
		return nil, wording.Errorf("making the design: %w", err)
	}
	if err := d.layPopulation(); err != nil {
		return nil, wording.Errorf("making the design: %w", err)
	}
	if err := d.layWeights(); err != nil {
		return nil, wording.Errorf("making the design: %w", err)
	}
	d.calibrated = spec.PPS != ""
	return d, nil
}

// labels returns a column's values as text, for use as ids.
func (f *Frame) labels(name string) ([]string, error) {
	c, err := f.Column(name)
	if err != nil {
		return nil, err
	}
	c = c.AsFactor()
	out := make([]string, f.rows)
	for k, code := range c.Codes {
		if code < 0 {
			return nil, wording.Errorf("column %q has no value in row %d: the design needs one in every row", name, k+1)
		}
		out[k] = c.Levels[code]
	}
	return out, nil
}

func (f *Frame) numbers(name string) ([]float64, error) {
	c, err := f.Column(name)
	if err != nil {
		return nil, err
	}
	if c.IsFactor() {
		return nil, wording.Errorf("column %q holds text where numbers are needed", name)
	}
	for k, v := range c.Values {
		if math.IsNaN(v) {
			return nil, wording.Errorf("column %q has no value in row %d: the design needs one in every row", name, k+1)
		}
	}
	return c.Values, nil
}

// dense numbers distinct labels in the order of first appearance.
func dense(labels []string) (ids []int, names []string) {
	at := map[string]int{}
	ids = make([]int, len(labels))
	for k, l := range labels {
		id, ok := at[l]
		if !ok {
			id = len(names)
			at[l] = id
			names = append(names, l)
		}
		ids[k] = id
	}
	return ids, names
}

// join pairs two columns of labels so that units of one name in different parents stay apart.
func join(a, b []string) []string {
	out := make([]string, len(a))
	for k := range a {
		out[k] = a[k] + "\x1f" + b[k]
	}
	return out
}

func (d *Design) layUnits() error {
	f, spec := d.frame, d.spec
	var ids, strata [][]string
	for _, name := range spec.IDs {
		l, err := f.labels(name)
		if err != nil {
			return err
		}
		ids = append(ids, l)
	}
	if len(ids) == 0 {
		l := make([]string, f.rows)
		for k := range l {
			l[k] = fmt.Sprint(k + 1)
		}
		ids = append(ids, l)
	}
	for _, name := range spec.Strata {
		l, err := f.labels(name)
		if err != nil {
			return err
		}
		strata = append(strata, l)
	}
	hasStrata := len(strata) > 0
	if !hasStrata {
		strata = append(strata, make([]string, f.rows))
	}
	for s := 1; s < len(ids); s++ {
		ids[s] = join(ids[s-1], ids[s])
	}
	if spec.Nest && hasStrata {
		for s := range ids {
			for i := 0; i <= min(s, len(strata)-1); i++ {
				ids[s] = join(strata[i], ids[s])
			}
		}
	}
	psu, names := dense(ids[0])
	if len(names) == 1 && !(spec.Nest && hasStrata) {
		return wording.Errorf("the design has only one primary sampling unit")
	}
	if !spec.Nest {
		of := make([]string, len(names))
		seen := make([]bool, len(names))
		for k, p := range psu {
			if seen[p] && of[p] != strata[0][k] {
				return wording.Errorf("PSU %s stands in stratum %s and in stratum %s: set nest if ids are used again in other strata", names[p], of[p], strata[0][k])
			}
			seen[p], of[p] = true, strata[0][k]
		}
	}
	for s := range ids {
		stratum := strata[min(s, len(strata)-1)]
		if s > 0 {
			stratum = join(stratum, ids[s-1])
		}
		p, _ := dense(ids[s])
		h, hNames := dense(stratum)
		for i, n := range hNames {
			hNames[i] = strings.Trim(strings.ReplaceAll(n, "\x1f", "/"), "/")
		}
		d.psu, d.strata, d.stratumName = append(d.psu, p), append(d.strata, h), append(d.stratumName, hNames)
		d.sampled = append(d.sampled, countUnits(h, p, len(hNames)))
	}
	return nil
}

// countUnits counts the distinct units in each stratum, for every row.
func countUnits(strata, units []int, n int) []float64 {
	counts := make([]float64, n)
	seen := make(map[[2]int]bool, len(units))
	for k, u := range units {
		key := [2]int{strata[k], u}
		if !seen[key] {
			seen[key] = true
			counts[strata[k]]++
		}
	}
	out := make([]float64, len(units))
	for k, h := range strata {
		out[k] = counts[h]
	}
	return out
}

func (d *Design) layPopulation() error {
	spec := d.spec
	if len(spec.FPC) == 0 {
		if spec.PPS != "" {
			return wording.Errorf("pps needs the inclusion probabilities in fpc")
		}
		return nil
	}
	if len(spec.FPC) > len(d.psu) {
		return wording.Errorf("fpc has %d stages, ids have %d", len(spec.FPC), len(d.psu))
	}
	var fpc [][]float64
	someAbove, allFrom1 := false, true
	for _, name := range spec.FPC {
		v, err := d.frame.numbers(name)
		if err != nil {
			return err
		}
		for k, x := range v {
			if x <= 0 {
				return wording.Errorf("fpc column %q is %g in row %d: it must be a population size or a sampling fraction", name, x, k+1)
			}
			someAbove = someAbove || x > 1
			allFrom1 = allFrom1 && x >= 1
		}
		fpc = append(fpc, v)
	}
	switch {
	case someAbove != allFrom1:
		return wording.Errorf("fpc columns %q mix population sizes and sampling fractions: all must be ≥ 1 or all ≤ 1", spec.FPC)
	case someAbove && spec.PPS != "":
		return wording.Errorf("fpc must hold inclusion probabilities for pps sampling")
	}
	for s, v := range fpc {
		pop := make([]float64, len(v))
		first := make([]float64, len(d.stratumName[s]))
		told := false
		for k, x := range v {
			n := d.sampled[s][k]
			pop[k] = x
			if !someAbove {
				pop[k] = n / x
			}
			if pop[k] < n*(1-1e-12) {
				return wording.Errorf("fpc in row %d, stage %d: %g units in the population of stratum %q, but %g in the sample", k+1, s+1, pop[k], d.stratumName[s][d.strata[s][k]], n)
			}
			h := d.strata[s][k]
			if first[h] == 0 {
				first[h] = pop[k]
			} else if first[h] != pop[k] && spec.PPS == "" && !told {
				told = true
				d.warnings = append(d.warnings, wording.Errorf("fpc varies within stratum %q at stage %d: the value of its first row is used", d.stratumName[s][h], s+1))
			}
		}
		d.population = append(d.population, pop)
	}
	return nil
}

func (d *Design) layWeights() error {
	n := d.frame.rows
	d.weight = make([]float64, n)
	for k := range d.weight {
		d.weight[k] = 1
	}
	for _, name := range d.spec.Weights {
		w, err := d.frame.numbers(name)
		if err != nil {
			return err
		}
		for k := range w {
			d.weight[k] *= w[k]
		}
	}
	for _, name := range d.spec.Probs {
		p, err := d.frame.numbers(name)
		if err != nil {
			return err
		}
		for k := range p {
			if p[k] <= 0 {
				return wording.Errorf("inclusion probability in row %d is %g", k+1, p[k])
			}
			d.weight[k] /= p[k]
		}
	}
	if len(d.spec.Weights)+len(d.spec.Probs) == 0 {
		for s := range d.population {
			for k := range d.weight {
				d.weight[k] *= d.population[s][k] / d.sampled[s][k]
			}
		}
	}
	d.prob = make([]float64, n)
	for k, w := range d.weight {
		d.prob[k] = 1 / w
	}
	d.weight = inverse(d.prob)
	negative := 0
	for _, w := range d.weight {
		if math.IsInf(w, 0) {
			return wording.Errorf("a weight is infinite")
		}
		if w < 0 {
			negative++
		}
	}
	if negative > 0 {
		d.warnings = append(d.warnings, wording.Errorf("%d weights are negative", negative))
	}
	return nil
}

// inverse turns inclusion probabilities into weights and back; +Inf and 0 are each other's.
func inverse(p []float64) []float64 {
	out := make([]float64, len(p))
	for k, v := range p {
		out[k] = 1 / v
	}
	return out
}

// Frame is the table under the design, all rows of it.
func (d *Design) Frame() *Frame { return d.frame }

// Warnings are the doubts that the design itself raises.
func (d *Design) Warnings() []error { return slices.Clone(d.warnings) }

// With is the design over another frame of the same rows, for columns that were computed since.
func (d *Design) With(f *Frame) (*Design, error) {
	if f.rows != d.frame.rows {
		return nil, wording.Errorf("putting a design over a new frame: it has %d rows, the design has %d", f.rows, d.frame.rows)
	}
	out := *d
	out.frame = f
	return &out, nil
}

// Weights are the current weights of the rows that the design still holds; R: weights(design, "sampling"). Where a domain was
// taken after a calibration, the rows outside it stay with weight 0.
func (d *Design) Weights() []float64 {
	var out []float64
	for k, w := range d.weight {
		if d.present[k] {
			out = append(out, w)
		}
	}
	return out
}

// Rows is the number of rows that the design still holds; R: nrow(design).
func (d *Design) Rows() int {
	n := 0
	for _, p := range d.present {
		if p {
			n++
		}
	}
	return n
}

// In says of every row of the frame whether it is in the domain: it has a weight other than 0.
func (d *Design) In() []bool {
	out := make([]bool, len(d.weight))
	for k, w := range d.weight {
		out[k] = d.present[k] && w != 0
	}
	return out
}

// Subset takes a domain. The variance keeps the full design: PSUs without members of the domain count as zeros in their stratum.
// R: subset(design, keep).
func (d *Design) Subset(keep []bool) (*Design, error) {
	if len(keep) != len(d.weight) {
		return nil, wording.Errorf("taking a domain: %d marks for %d rows", len(keep), len(d.weight))
	}
	out := *d
	out.weight = make([]float64, len(d.weight))
	out.prob = slices.Clone(d.prob)
	out.present = slices.Clone(d.present)
	for k, w := range d.weight {
		if keep[k] {
			out.weight[k] = w
			continue
		}
		out.prob[k] = math.Inf(1)
		if !d.calibrated || d.reps != nil {
			out.present[k] = false
		}
	}
	if d.reps != nil {
		out.reps = d.reps.subset(out.present)
	}
	return &out, nil
}

// DF is degf(design): PSUs minus strata among the rows of the domain; of a replicate design, the rank of its weights minus 1.
func (d *Design) DF() float64 {
	if d.reps != nil {
		return d.reps.df()
	}
	return float64(len(d.activeUnits(d.psu[0])) - len(d.activeUnits(d.strata[0])))
}

func (d *Design) activeUnits(of []int) map[int]bool {
	seen := map[int]bool{}
	for k, w := range d.weight {
		if d.present[k] && w != 0 {
			seen[of[k]] = true
		}
	}
	return seen
}

// sizes are the unweighted rows of weight other than 0 and their weights' sum.
func (d *Design) sizes() (n int, sumW float64) {
	for k, w := range d.weight {
		if d.present[k] && w != 0 {
			n++
			sumW += w
		}
	}
	return n, sumW
}
