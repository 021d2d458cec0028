package survey

import (
	"math"

	"hailong/ingest/wording"
)

// Estimates are one or several figures of one design, with everything that is known of their uncertainty.
type Estimates struct {
	Names []string
	Est   []float64
	SE    []float64
	Cov   [][]float64 // between the figures, in their order
	DEff  []float64   // where it was asked for

	DF       float64 // degrees of freedom of the design that they were asked of; R: degf(design)
	N        int     // rows with a value and a weight other than 0
	SumW     float64 // Σw over them
	Rows     int     // rows that the design still held, also those of weight 0; R: nrow(design)
	Warnings []error

	// Influence holds, a column for each figure and an entry for each row of the frame, the weighted influence w·u of the row
	// on the figure, before calibration residuals; nil for replicate designs. R: attr(., "influence").
	Influence [][]float64
	// Replicates holds the figures under each replicate's weights; nil for linearised designs.
	Replicates [][]float64
}

// A DeffKind says whether and against what the design effect is computed.
type DeffKind uint8

// No design effect, against simple random sampling without replacement (R: deff = TRUE), or with it (R: deff = "replace").
const (
	DeffNone DeffKind = iota
	DeffWithoutReplacement
	DeffReplace
)

// Options of the estimators. The zero value keeps missing values, which then make the figure missing, as in R.
type Options struct {
	NaRm bool // drop rows where any variable of the call is missing, as a domain; R: na.rm = TRUE
	Deff DeffKind
}

// CI is estimate ± t·SE on df degrees of freedom; df of +Inf is the normal interval, df ≤ 0 has none (NaN). R: confint(., df = df).
func (e Estimates) CI(i int, level, df float64) (lo, hi float64) {
	if !(df > 0) {
		return math.NaN(), math.NaN()
	}
	half := TQuantile(1-(1-level)/2, df) * e.SE[i]
	return e.Est[i] - half, e.Est[i] + half
}

// A statistic is a vector of figures, as a function of the weights and by its linearised value.
type statistic struct {
	names []string
	// value computes the figures under any weights, one for each row of the frame.
	value func(w []float64) []float64
	// again computes them under a replicate's weights, from the full sample's figures; nil: value.
	again func(w, est []float64) []float64
	// influence returns one column a figure: w_k·u_k.
	influence func(w, est []float64) [][]float64
}

// estimate is the one way from a statistic to its Estimates: by linearisation and the multistage recursion, or by replication.
func (d *Design) estimate(s statistic) (Estimates, error) {
	n, sumW := d.sizes()
	out := Estimates{Names: s.names, Est: s.value(d.weight), DF: d.DF(), N: n, SumW: sumW, Rows: d.Rows(), Warnings: d.Warnings()}
	var err error
	if d.reps != nil {
		for _, w := range d.reps.weights {
			if s.again != nil {
				out.Replicates = append(out.Replicates, s.again(w, out.Est))
			} else {
				out.Replicates = append(out.Replicates, s.value(w))
			}
		}
		out.Cov = d.reps.covariance(out.Replicates, out.Est)
	} else {
		out.Influence = s.influence(d.weight, out.Est)
		if len(out.Influence) != len(out.Est) {
			return Estimates{}, wording.Errorf("there is no linearised value: the fit failed")
		}
		out.Cov, err = d.covariance(out.Influence)
	}
	if err != nil {
		return Estimates{}, err
	}
	out.SE = make([]float64, len(out.Est))
	for i := range out.SE {
		out.SE[i] = rootOfVariance(out.Cov[i][i])
	}
	if out.DF <= 0 {
		out.Warnings = append(out.Warnings, wording.Errorf("%g degrees of freedom: no interval", out.DF))
	}
	return out, nil
}

// rootOfVariance is √v; a variance that rounding left a hair below 0 is 0.
func rootOfVariance(v float64) float64 {
	if v < 0 {
		return 0
	}
	return math.Sqrt(v)
}

// expand resolves variables to numeric columns, a factor to one indicator a level, named as R names it: variable then level.
func (d *Design) expand(vars []string) (names []string, x [][]float64, err error) {
	for _, v := range vars {
		c, err := d.frame.Column(v)
		if err != nil {
			return nil, nil, err
		}
		if !c.IsFactor() {
			names, x = append(names, v), append(x, c.Values)
			continue
		}
		for l, level := range c.Levels {
			col := make([]float64, len(c.Codes))
			for k, code := range c.Codes {
				switch code {
				case -1:
					col[k] = math.NaN()
				case l:
					col[k] = 1
				}
			}
			names, x = append(names, v+level), append(x, col)
		}
	}
	if len(x) == 0 {
		return nil, nil, wording.Errorf("no variable given: the columns are %q", d.frame.names)
	}
	return names, x, nil
}

// complete drops, as a domain, the rows where any column is missing.
func (d *Design) complete(x [][]float64) (*Design, error) {
	keep := make([]bool, len(d.weight))
	missing := false
	for k := range keep {
		keep[k] = true
		for _, c := range x {
			if math.IsNaN(c[k]) {
				keep[k] = false
				missing = missing || (d.present[k] && d.weight[k] != 0)
			}
		}
	}
	if !missing {
		return d, nil
	}
	return d.Subset(keep)
}

// DropMissing takes the rows where none of the variables is missing, as a domain. R: design[complete.cases(variables), ].
func (d *Design) DropMissing(vars ...string) (*Design, error) {
	_, x, err := d.expand(vars)
	if err != nil {
		return nil, wording.Errorf("dropping missing rows: %w", err)
	}
	return d.complete(x)
}

// start resolves variables and drops missing rows where asked to. The degrees of freedom stay those of the design asked.
func (d *Design) start(vars []string, o Options) (*Design, []string, [][]float64, error) {
	names, x, err := d.expand(vars)
	if err != nil {
		return nil, nil, nil, err
	}
	e := d
	if o.NaRm {
		if e, err = d.complete(x); err != nil {
			return nil, nil, nil, err
		}
	}
	return e, names, x, nil
}

// weightedSum is Σ w·x over rows of weight other than 0, so that a missing value outside the domain does no harm.
func weightedSum(w, x []float64) float64 {
	sum := 0.0
	for k, v := range w {
		if v != 0 {
			sum += v * x[k]
		}
	}
	return sum
}

func sumOf(w []float64) float64 {
	sum := 0.0
	for _, v := range w {
		sum += v
	}
	return sum
}
