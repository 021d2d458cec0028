package survey

import (
	"math"

	"hailong/ingest/wording"
)

// OrdinalOptions choose between R's numbers, the zero value, and the maximum of the likelihood.
type OrdinalOptions struct {
	Exact bool
}

// OrdinalLogit fits the proportional-odds model logit P(y ≤ j) = ζ_j − x'β to an ordered response (a factor, or numbers in rising order):
// the coefficients, then the thresholds "1|2", "2|3", … . McCullagh (1980); the covariance is Binder's sandwich.
//
// R climbs by BFGS over β, ζ_1 and the logs of the thresholds' gaps, stops when the likelihood stands still to 1.5e-8, and takes the
// Hessian by differences; its coefficients are then up to 3e-4 from the maximum. The same is done here (optim.go), so that the numbers are R's.
// Exact asks for the maximum itself and the observed information. R: svyolr(y ~ x, design). DF is degf(design) minus the coefficients.
//
// By hand, without terms: three answers 1, 1, 2, 3 of weight 1 give ζ_1 = logit(2/4) = 0 and ζ_2 = logit(3/4) = log 3.
func (d *Design) OrdinalLogit(response string, terms []Term, o OrdinalOptions) (Fit, error) {
	out, err := d.ordinalLogit(response, terms, o)
	if err != nil {
		return Fit{}, wording.Errorf("fitting the ordinal logit of %s: %w", response, err)
	}
	return out, nil
}

func (d *Design) ordinalLogit(response string, terms []Term, opt OrdinalOptions) (Fit, error) {
	c, err := d.frame.Column(response)
	if err != nil {
		return Fit{}, err
	}
	y := numericOf(c.AsFactor()).Values
	_, rough, err := d.frame.ModelMatrix(terms, true)
	if err != nil {
		return Fit{}, err
	}
	e, err := d.complete(append([][]float64{y}, rough...))
	if err != nil {
		return Fit{}, err
	}
	levels, err := e.usedLevels(response)
	if err != nil {
		return Fit{}, err
	}
	if len(levels.Levels) < 3 {
		return Fit{}, wording.Errorf("the response has %d levels, it needs 3 or more", len(levels.Levels))
	}
	f, err := e.dropUnused(terms)
	if err != nil {
		return Fit{}, err
	}
	names, x, err := f.ModelMatrix(terms, true)
	if err != nil {
		return Fit{}, err
	}
	names, x = names[1:], x[1:]
	o := ordinal{x: x, y: levels.Codes, cuts: len(levels.Levels) - 1}
	for j := range o.cuts {
		names = append(names, levels.Levels[j]+"|"+levels.Levels[j+1])
	}
	var failed error
	note := func(err error) {
		if err != nil && failed == nil {
			failed = err
		}
	}
	est, err := e.estimate(statistic{
		names: names,
		value: func(w []float64) []float64 {
			var par []float64
			var err error
			if opt.Exact {
				par, err = o.solve(w)
			} else {
				par, err = o.climb(w, d.reps != nil)
			}
			note(err)
			return par
		},
		again: func(w, full []float64) []float64 {
			var par []float64
			var err error
			if opt.Exact {
				par, err = o.solve(w)
			} else {
				par, err = o.descend(w, full)
			}
			note(err)
			return par
		},
		influence: func(w, par []float64) [][]float64 {
			u, err := o.influence(w, par, opt.Exact)
			note(err)
			return u
		},
	})
	if failed != nil {
		return Fit{}, failed
	}
	if err != nil {
		return Fit{}, err
	}
	est.DF = e.DF() - float64(len(x))
	return Fit{Estimates: est}, nil
}

// An ordinal is the likelihood of the proportional-odds model; its parameters are the coefficients, then the thresholds.
type ordinal struct {
	x    [][]float64
	y    []int // from 0
	cuts int
}

// row returns the probability of row k's answer, its gradient and, where asked for, adds w times the negative Hessian of its log.
func (o ordinal) row(k int, par []float64, grad []float64, info [][]float64, w float64) (pr float64) {
	p := len(o.x)
	eta := 0.0
	for j := range p {
		eta += o.x[j][k] * par[j]
	}
	// the two ends of the answer's interval: distribution F, density f and its slope f'
	end := func(cut int) (F, f, slope float64) {
		switch {
		case cut < 0:
			return 0, 0, 0
		case cut >= o.cuts:
			return 1, 0, 0
		}
		F = expit(par[p+cut] - eta)
		f = F * (1 - F)
		return F, f, f * (1 - 2*F)
	}
	up, fUp, sUp := end(o.y[k])
	low, fLow, sLow := end(o.y[k] - 1)
	pr = up - low
	for j := range p {
		grad[j] = -o.x[j][k] * (fUp - fLow) / pr
	}
	for c := range o.cuts {
		grad[p+c] = 0
	}
	if o.y[k] < o.cuts {
		grad[p+o.y[k]] = fUp / pr
	}
	if o.y[k] > 0 {
		grad[p+o.y[k]-1] = -fLow / pr
	}
	if info == nil {
		return pr
	}
	// −∂² log pr = g gᵀ − (∂² pr)/pr; pr depends on (z_up, z_low), z = ζ − x'β
	dir := func(a int, cut int) float64 {
		switch {
		case a < p:
			return -o.x[a][k]
		case a == p+cut:
			return 1
		}
		return 0
	}
	for a := range par {
		for b := a; b < len(par); b++ {
			second := sUp*dir(a, o.y[k])*dir(b, o.y[k]) - sLow*dir(a, o.y[k]-1)*dir(b, o.y[k]-1)
			info[a][b] += w * (grad[a]*grad[b] - second/pr)
		}
	}
	return pr
}

func (o ordinal) loglik(w, par []float64) float64 {
	grad := make([]float64, len(par))
	s := 0.0
	for k, v := range w {
		if v == 0 {
			continue
		}
		pr := o.row(k, par, grad, nil, 0)
		if !(pr > 0) {
			return math.Inf(-1)
		}
		s += v * math.Log(pr)
	}
	return s
}

func (o ordinal) newton(w, par []float64) (info [][]float64, score []float64) {
	info = make([][]float64, len(par))
	for a := range info {
		info[a] = make([]float64, len(par))
	}
	score = make([]float64, len(par))
	grad := make([]float64, len(par))
	for k, v := range w {
		if v == 0 {
			continue
		}
		o.row(k, par, grad, info, v)
		for a := range score {
			score[a] += v * grad[a]
		}
	}
	for a := range info {
		for b := range a {
			info[a][b] = info[b][a]
		}
	}
	return info, score
}

// solve starts at the thresholds of the answers alone and climbs by Newton's method with step halving.
func (o ordinal) solve(w []float64) ([]float64, error) {
	p := len(o.x)
	par := make([]float64, p+o.cuts)
	counts := make([]float64, o.cuts+1)
	total := 0.0
	for k, v := range w {
		if v != 0 {
			counts[o.y[k]] += v
			total += v
		}
	}
	below := 0.0
	for c := range o.cuts {
		if counts[c] == 0 || counts[c+1] == 0 {
			return nan(len(par)), wording.Errorf("a level of the response has no rows")
		}
		below += counts[c]
		par[p+c] = math.Log(below / (total - below))
	}
	value := o.loglik(w, par)
	for range 200 {
		info, score := o.newton(w, par)
		step, err := solveSPD(info, score)
		if err != nil {
			return nan(len(par)), err
		}
		next := make([]float64, len(par))
		scale, moved := 1.0, 0.0
		for range 60 {
			for a := range next {
				next[a] = par[a] + scale*step[a]
			}
			if v := o.loglik(w, next); v >= value-1e-12*math.Abs(value) {
				value = v
				break
			}
			scale /= 2
		}
		for a := range next {
			moved = math.Max(moved, math.Abs(next[a]-par[a])/(math.Abs(next[a])+1e-8))
		}
		par = next
		if moved < 1e-12 {
			return par, nil
		}
	}
	return nan(len(par)), wording.Errorf("no convergence: the answers may be separated")
}

func nan(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

func (o ordinal) influence(w, par []float64, exact bool) ([][]float64, error) {
	info, _ := o.newton(w, par)
	if !exact {
		var err error
		if info, err = o.differencedInformation(w, par); err != nil {
			return nil, err
		}
	}
	inverse, err := invertSPD(info)
	if err != nil {
		return nil, err
	}
	u := make([][]float64, len(par))
	for a := range u {
		u[a] = make([]float64, len(w))
	}
	grad := make([]float64, len(par))
	for k, v := range w {
		if v == 0 {
			continue
		}
		o.row(k, par, grad, nil, 0)
		for a := range par {
			u[a][k] = v * dot(inverse[a], grad)
		}
	}
	return u, nil
}
