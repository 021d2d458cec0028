package survey

import "math"

// likelihoodInterval is svyciprop(method = "likelihood"): the profile of the binomial deviance −2n[p·log q + (1−p)·log(1−q)] on the logit scale,
// divided by the dispersion n/(n−1), cut where the signed root reaches t_df·√λ with λ = n·v/(p(1−p)) (Rao & Scott 1984 scaling of the likelihood ratio).
// R walks at most nine steps to each side, puts a cubic spline through them and inverts it by straight lines between 3·k points;
// the same is done here, because the interpolation moves the limits in the sixth digit. working is p(1−p) at the last step but one
// of R's fit, which is what its naive variance rests on; valid counts the rows of weight other than 0, n all of them.
func likelihoodInterval(p, v float64, n, valid int, df, level, working float64) (lo, hi float64) {
	const maxSteps = 10
	rows := float64(n)
	dispersion := float64(valid) / float64(valid-1) // the variance of the Pearson residuals
	lambda := rows * working * v / (p * (1 - p)) / (p * (1 - p))
	cut := TQuantile((1-level)/2, df) * math.Sqrt(lambda)
	alpha := NormalCDF(cut) / 2
	zmax := math.Sqrt(FQuantile(1-alpha, 1, rows-1))
	if alpha < 1e-8 { // 1−alpha would lose the digits of the tail
		t := tUpper(alpha/2, rows-1)
		zmax = t
	}
	step := zmax / 5 * math.Sqrt(v) / (p * (1 - p))
	center := math.Log(p / (1 - p))
	deviance := func(eta float64) float64 { // log q = −log(1+e^−η)
		return 2 * rows * (p*softplus(-eta) + (1-p)*softplus(eta))
	}
	base := deviance(center)
	walk := func(sign float64) (etas, zs []float64) {
		z := 0.0
		for k := 1; k < maxSteps && math.Abs(z) < zmax; k++ {
			eta := center + sign*float64(k)*step
			z = sign * math.Sqrt(math.Max(0, (deviance(eta)-base)/dispersion))
			etas, zs = append(etas, eta), append(zs, z)
		}
		return etas, zs
	}
	downEta, downZ := walk(-1)
	upEta, upZ := walk(1)
	var x, y []float64
	for k := len(downEta) - 1; k >= 0; k-- {
		x, y = append(x, downEta[k]), append(y, downZ[k])
	}
	x, y = append(x, center), append(y, 0)
	x, y = append(x, upEta...), append(y, upZ...)
	if len(x) < 3 {
		return math.NaN(), math.NaN()
	}
	sx, sy := splineFMM(x, y, 3*len(x))
	return expit(interpolate(sy, sx, cut)), expit(interpolate(sy, sx, -cut))
}

// workingVariance is p(1−p) at the last step but one of R's fit of a proportion, for equal weights.
func workingVariance(p float64, n int) float64 {
	ones := []float64{1, 1}
	fit := regression{x: [][]float64{ones}, y: []float64{0, 1}, family: QuasiBinomial, prior: 1}
	if _, err := fit.solve([]float64{float64(n) * (1 - p), float64(n) * p}, nil); err != nil {
		return p * (1 - p)
	}
	return 1 / fit.inverse[0][0] / float64(n)
}

// softplus is log(1+eˣ) without overflow.
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

// interpolate is R's approx(x, y, at): straight lines between points of rising x, NaN outside.
func interpolate(x, y []float64, at float64) float64 {
	for i := 1; i < len(x); i++ {
		if at >= x[i-1] && at <= x[i] {
			if x[i] == x[i-1] {
				return y[i]
			}
			return y[i-1] + (y[i]-y[i-1])*(at-x[i-1])/(x[i]-x[i-1])
		}
	}
	return math.NaN()
}

// splineFMM is R's spline(x, y, n, method = "fmm"): the cubic spline of Forsythe, Malcolm & Moler (1977) whose ends follow
// the cubics through the four outermost points, at n equally spaced points.
func splineFMM(x, y []float64, n int) (xs, ys []float64) {
	b, c, d := fmmCoefficients(x, y)
	xs, ys = make([]float64, n), make([]float64, n)
	last := len(x) - 1
	j := 0
	for k := range xs {
		xs[k] = x[0] + (x[last]-x[0])*float64(k)/float64(n-1)
		for j < last-1 && xs[k] >= x[j+1] {
			j++
		}
		dx := xs[k] - x[j]
		ys[k] = y[j] + dx*(b[j]+dx*(c[j]+dx*d[j]))
	}
	return xs, ys
}

func fmmCoefficients(x, y []float64) (b, c, d []float64) {
	n := len(x)
	b, c, d = make([]float64, n), make([]float64, n), make([]float64, n)
	if n < 3 {
		t := (y[1] - y[0]) / (x[1] - x[0])
		b[0], b[1] = t, t
		return b, c, d
	}
	m := n - 1
	d[0] = x[1] - x[0]
	c[1] = (y[1] - y[0]) / d[0]
	for i := 1; i < m; i++ {
		d[i] = x[i+1] - x[i]
		b[i] = 2 * (d[i-1] + d[i])
		c[i+1] = (y[i+1] - y[i]) / d[i]
		c[i] = c[i+1] - c[i]
	}
	b[0], b[m] = -d[0], -d[m-1]
	c[0], c[m] = 0, 0
	if n > 3 {
		c[0] = c[2]/(x[3]-x[1]) - c[1]/(x[2]-x[0])
		c[m] = c[m-1]/(x[m]-x[m-2]) - c[m-2]/(x[m-1]-x[m-3])
		c[0] = c[0] * d[0] * d[0] / (x[3] - x[0])
		c[m] = -c[m] * d[m-1] * d[m-1] / (x[m] - x[m-3])
	}
	for i := 1; i <= m; i++ {
		t := d[i-1] / b[i-1]
		b[i] -= t * d[i-1]
		c[i] -= t * c[i-1]
	}
	c[m] /= b[m]
	for i := m - 1; i >= 0; i-- {
		c[i] = (c[i] - d[i]*c[i+1]) / b[i]
	}
	b[m] = (y[m]-y[m-1])/d[m-1] + d[m-1]*(c[m-1]+2*c[m])
	for i := 0; i < m; i++ {
		b[i] = (y[i+1]-y[i])/d[i] - d[i]*(c[i+1]+2*c[i])
		d[i] = (c[i+1] - c[i]) / d[i]
		c[i] = 3 * c[i]
	}
	c[m] = 3 * c[m]
	d[m] = d[m-1]
	return b, c, d
}
