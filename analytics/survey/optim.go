package survey

import (
	"math"

	"hailong/ingest/wording"
)

// minimise is R's optim(method = "BFGS"): the variable metric method of Nash (1990, algorithm 21), step for step, with R's tolerances.
func minimise(b []float64, f func([]float64) float64, gradient func([]float64) []float64) ([]float64, error) {
	const shrink, accept, same, maxIter = 0.2, 0.0001, 10.0, 100
	relTol := math.Sqrt(0x1p-52)
	n := len(b)
	b = append([]float64(nil), b...)
	best := f(b)
	if math.IsNaN(best) || math.IsInf(best, 0) {
		return b, wording.Errorf("the likelihood has no value at its start")
	}
	g := gradient(b)
	grads, last, iter := 1, 1, 1
	metric := make([][]float64, n)
	for i := range metric {
		metric[i] = make([]float64, n)
	}
	times := func(v []float64) []float64 { // the metric keeps its lower triangle
		out := make([]float64, n)
		for i := range out {
			for j := range n {
				if j <= i {
					out[i] += metric[i][j] * v[j]
				} else {
					out[i] += metric[j][i] * v[j]
				}
			}
		}
		return out
	}
	for {
		if last == grads {
			for i := range n {
				for j := range i {
					metric[i][j] = 0
				}
				metric[i][i] = 1
			}
		}
		from := append([]float64(nil), b...)
		c := append([]float64(nil), g...)
		t := times(g)
		slope := 0.0
		for i := range t {
			t[i] = -t[i]
			slope += t[i] * g[i]
		}
		count := 0
		if slope < 0 {
			step, value := 1.0, best
			for tries, accepted := 0, false; !accepted; tries++ {
				if tries > 500 { // an infinite step never comes near
					return b, wording.Errorf("the likelihood has no slope to climb: the answers may be separated")
				}
				count = 0
				for i := range b {
					b[i] = from[i] + step*t[i]
					if same+from[i] == same+b[i] {
						count++
					}
				}
				if count == n {
					break
				}
				value = f(b)
				accepted = !math.IsNaN(value) && !math.IsInf(value, 0) && value <= best+slope*step*accept
				if !accepted {
					step *= shrink
				}
			}
			if math.Abs(value-best) <= relTol*(math.Abs(best)+relTol) {
				count, best = n, value
			}
			if count < n {
				best = value
				g = gradient(b)
				grads++
				iter++
				d1 := 0.0
				for i := range t {
					t[i] *= step
					c[i] = g[i] - c[i]
					d1 += t[i] * c[i]
				}
				if d1 > 0 {
					x := times(c)
					d2 := 1 + dot(x, c)/d1
					for i := range n {
						for j := 0; j <= i; j++ {
							metric[i][j] += (d2*t[i]*t[j] - t[i]*x[j] - x[i]*t[j]) / d1
						}
					}
				} else {
					last = grads
				}
			} else if last < grads {
				count, last = 0, grads
			}
		} else {
			count = 0
			if last == grads {
				count = n
			} else {
				last = grads
			}
		}
		if iter >= maxIter {
			return b, nil
		}
		if grads-last > 2*n {
			last = grads
		}
		if count == n && last == grads {
			return b, nil
		}
	}
}

// toGaps turns thresholds into R's parameters: the first, then the logs of the gaps; fromGaps turns them back.
func (o ordinal) toGaps(par []float64) []float64 {
	p := len(o.x)
	out := append([]float64(nil), par...)
	for c := 1; c < o.cuts; c++ {
		out[p+c] = math.Log(par[p+c] - par[p+c-1])
	}
	return out
}

func (o ordinal) fromGaps(par []float64) []float64 {
	p := len(o.x)
	out := append([]float64(nil), par...)
	for c := 1; c < o.cuts; c++ {
		out[p+c] = out[p+c-1] + math.Exp(par[p+c])
	}
	return out
}

// gapGradient is the gradient of the negative log-likelihood in R's parameters.
func (o ordinal) gapGradient(w, gaps []float64) []float64 {
	par := o.fromGaps(gaps)
	p := len(o.x)
	score := make([]float64, len(par))
	row := make([]float64, len(par))
	for k, v := range w {
		if v == 0 {
			continue
		}
		o.row(k, par, row, nil, 0)
		for a := range score {
			score[a] -= v * row[a]
		}
	}
	out := append([]float64(nil), score[:p]...)
	for c := range o.cuts { // a threshold moves with every gap before it
		s := 0.0
		for later := c; later < o.cuts; later++ {
			s += score[p+later]
		}
		if c > 0 {
			s *= math.Exp(gaps[p+c])
		}
		out = append(out, s)
	}
	return out
}

// climb starts and steps as svyolr does, or as MASS::polr does, which R fits to replicate designs.
func (o ordinal) climb(w []float64, polr bool) ([]float64, error) {
	p, n := len(o.x), len(w)
	half := (o.cuts + 1) / 2
	upper, ones := make([]float64, n), make([]float64, n)
	rows := 0.0
	for k, v := range w {
		ones[k] = 1
		if v != 0 {
			rows++
			if o.y[k] >= half {
				upper[k] = 1
			}
		}
	}
	scale, narrow := rows/sumOf(w), 1.7
	if polr {
		scale, narrow = 1, 1
	}
	logit := regression{x: append([][]float64{ones}, o.x...), y: upper, family: QuasiBinomial}
	beta, err := logit.solve(scaledBy(w, scale), nil)
	if err != nil {
		return nan(p + o.cuts), err
	}
	par := append([]float64(nil), beta[1:]...)
	spacing := make([]float64, o.cuts)
	for j := range spacing {
		share := float64(j+1) / float64(o.cuts+1)
		spacing[j] = math.Log(share/(1-share)) / narrow
	}
	for j := range spacing {
		par = append(par, -beta[0]+spacing[j]-spacing[half-1])
	}
	return o.descend(w, par)
}

// descend minimises the negative log-likelihood from a start.
func (o ordinal) descend(w, par []float64) ([]float64, error) {
	gaps, err := minimise(o.toGaps(par), func(v []float64) float64 { return -o.loglik(w, o.fromGaps(v)) },
		func(v []float64) []float64 { return o.gapGradient(w, v) })
	if err != nil {
		return nan(len(par)), err
	}
	return o.fromGaps(gaps), nil
}

// differencedInformation is the information in the coefficients and thresholds from R's Hessian: differences of the gradient over ±0.001
// in the gaps' parameters, brought back by the Jacobian.
func (o ordinal) differencedInformation(w, par []float64) ([][]float64, error) {
	const h = 1e-3
	p, n := len(o.x), len(par)
	gaps := o.toGaps(par)
	hess := make([][]float64, n)
	for i := range hess {
		v := append([]float64(nil), gaps...)
		v[i] = gaps[i] + h
		up := o.gapGradient(w, v)
		v[i] = gaps[i] - h
		down := o.gapGradient(w, v)
		hess[i] = make([]float64, n)
		for j := range n {
			hess[i][j] = (up[j] - down[j]) / (2 * h)
		}
	}
	for i := range n {
		for j := range i {
			hess[i][j] = (hess[i][j] + hess[j][i]) / 2
			hess[j][i] = hess[i][j]
		}
	}
	variance, err := invertSPD(hess)
	if err != nil {
		return nil, err
	}
	jac := make([][]float64, n)
	for i := range jac {
		jac[i] = make([]float64, n)
		if i < p {
			jac[i][i] = 1
			continue
		}
		jac[i][p] = 1
		for j := p + 1; j <= i; j++ {
			jac[i][j] = math.Exp(gaps[j])
		}
	}
	return invertSPD(sandwich(jac, variance))
}
