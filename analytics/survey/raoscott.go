package survey

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/ingest/wording"
)

// A TestResult is a test statistic with its degrees of freedom and p-value; DF2 is NaN where there is none.
type TestResult struct {
	Name      string
	Statistic float64
	DF1, DF2  float64
	P         float64
}

// A ChiSquared is the test of independence in a two-way table, by each of R's statistics.
type ChiSquared struct {
	Rows, Cols []string
	Table      [][]float64 // weighted counts, R: svytable
	Tests      []TestResult
}

// ChiSquaredTest tests whether two factors are independent. R: svychisq(~row + col, design, statistic).
//
//   - F, Chisq: Pearson's X² with Rao & Scott's (1984) second-order (Satterthwaite, F on d₀ and d₀·ν) and first-order correction.
//   - Wald, adjWald: Koch, Freeman & Freeman's (1975) Wald test, and Thomas & Rao's (1987) adjustment of its degrees of freedom.
//   - lincom, saddlepoint: X² against a sum of F-scaled χ² variates with the eigenvalues of the design effects, by saddlepoint approximation
//     (Kuonen 1999). R integrates for lincom where package CompQuadForm is installed, and else does the same as here.
//
// The generalised design effects are the eigenvalues of Δ = (Cᵀ D⁻¹ C/n)⁻¹ (Cᵀ D⁻¹ V D⁻¹ C), C the interaction contrasts, V the design's
// covariance of the cell proportions. Rows with a missing value are left out.
//
// By hand: under simple random sampling with replacement Δ is the identity times n/(n−1), and F is X²/((r−1)(c−1)) but for that.
func (d *Design) ChiSquaredTest(row, col string) (ChiSquared, error) {
	out, err := d.chiSquared(row, col)
	if err != nil {
		return ChiSquared{}, wording.Errorf("testing %s by %s: %w", row, col, err)
	}
	return out, nil
}

// usedLevels is the column as a factor with only the levels that the design's rows have. R: factor(x).
func (d *Design) usedLevels(name string) (Column, error) {
	c, err := d.frame.Column(name)
	if err != nil {
		return Column{}, err
	}
	c = c.AsFactor()
	used := make([]bool, len(c.Levels))
	for k, code := range c.Codes {
		if code >= 0 && d.present[k] {
			used[code] = true
		}
	}
	out := Column{Codes: make([]int, len(c.Codes)), Levels: []string{}}
	at := make([]int, len(c.Levels))
	for l, ok := range used {
		at[l] = -1
		if ok {
			at[l] = len(out.Levels)
			out.Levels = append(out.Levels, c.Levels[l])
		}
	}
	for k, code := range c.Codes {
		out.Codes[k] = -1
		if code >= 0 {
			out.Codes[k] = at[code]
		}
	}
	return out, nil
}

func (d *Design) chiSquared(row, col string) (ChiSquared, error) {
	r, err := d.usedLevels(row)
	if err != nil {
		return ChiSquared{}, err
	}
	c, err := d.usedLevels(col)
	if err != nil {
		return ChiSquared{}, err
	}
	nr, nc := len(r.Levels), len(c.Levels)
	if nr < 2 || nc < 2 {
		return ChiSquared{}, wording.Errorf("a test of independence needs two levels of each")
	}
	cells := make([][]float64, nr*nc)
	for i := range cells {
		cells[i] = make([]float64, len(d.weight))
	}
	for k := range d.weight {
		missing := r.Codes[k] < 0 || c.Codes[k] < 0
		for i := range cells {
			if missing {
				cells[i][k] = math.NaN()
			}
		}
		if !missing {
			cells[c.Codes[k]*nr+r.Codes[k]][k] = 1
		}
	}
	e, err := d.complete(cells)
	if err != nil {
		return ChiSquared{}, err
	}
	names := make([]string, len(cells))
	total, err := e.totalOf(names, cells)
	if err != nil {
		return ChiSquared{}, err
	}
	mean, err := e.meanOf(names, cells)
	if err != nil {
		return ChiSquared{}, err
	}
	n := float64(d.Rows())
	nu := d.DF()
	if d.reps == nil { // R counts all rows that the design keeps, also those of weight 0
		psus, strata := map[int]bool{}, map[int]bool{}
		for k, p := range d.present {
			if p {
				psus[d.psu[0][k]], strata[d.strata[0][k]] = true, true
			}
		}
		nu = float64(len(psus) - len(strata))
	}
	out := ChiSquared{Rows: r.Levels, Cols: c.Levels, Table: make([][]float64, nr)}
	rowSum, colSum, all := make([]float64, nr), make([]float64, nc), 0.0
	for i := range nr {
		out.Table[i] = make([]float64, nc)
		for j := range nc {
			v := total.Est[j*nr+i]
			out.Table[i][j] = v
			rowSum[i] += v
			colSum[j] += v
			all += v
		}
	}
	x2 := 0.0
	for i := range nr {
		for j := range nc {
			expected := rowSum[i] / all * colSum[j] / all * n
			diff := out.Table[i][j]/all*n - expected
			x2 += diff * diff / expected
		}
	}
	delta, err := designEffects(nr, nc, n, mean)
	if err != nil {
		return ChiSquared{}, err
	}
	trace, squares := 0.0, 0.0
	for _, l := range delta {
		trace += l
		squares += l * l
	}
	d0 := trace * trace / squares
	k := float64(len(delta))
	nan := math.NaN()
	add := func(name string, stat, df1, df2, p float64) {
		out.Tests = append(out.Tests, TestResult{Name: name, Statistic: stat, DF1: df1, DF2: df2, P: p})
	}
	add("F", x2/trace, d0, d0*nu, FSurvival(x2/trace, d0, d0*nu))
	add("Chisq", x2, k, nan, ChiSquaredSurvival(x2/(trace/k), k))
	wald, err := waldStatistic(nr, nc, total, rowSum, colSum, all)
	if err != nil {
		return ChiSquared{}, err
	}
	add("Wald", wald/k, k, nu, FSurvival(wald/k, k, nu))
	adjusted := wald * (nu - k + 1) / (k * nu)
	add("adjWald", adjusted, k, nu-k+1, FSurvival(adjusted, k, nu-k+1))
	var p float64
	if d.reps != nil {
		p = chiSquaredSumSurvival(x2, delta)
	} else {
		p = fSumSurvival(x2, delta, d0*nu)
	}
	add("lincom", x2, nan, nan, p)
	add("saddlepoint", x2, nan, nan, p)
	return out, nil
}

// designEffects are the eigenvalues of Rao & Scott's Δ for the interaction contrasts.
func designEffects(nr, nc int, n float64, mean Estimates) ([]float64, error) {
	cells, k := nr*nc, (nr-1)*(nc-1)
	// main effects, then interactions, in treatment coding; the interactions are swept of the main effects
	var main, inter [][]float64
	column := func(f func(i, j int) bool) []float64 {
		v := make([]float64, cells)
		for j := range nc {
			for i := range nr {
				if f(i, j) {
					v[j*nr+i] = 1
				}
			}
		}
		return v
	}
	main = append(main, column(func(int, int) bool { return true }))
	for a := 1; a < nr; a++ {
		main = append(main, column(func(i, _ int) bool { return i == a }))
	}
	for b := 1; b < nc; b++ {
		main = append(main, column(func(_, j int) bool { return j == b }))
	}
	for b := 1; b < nc; b++ {
		for a := 1; a < nr; a++ {
			inter = append(inter, column(func(i, j int) bool { return i == a && j == b }))
		}
	}
	basis := orthonormal(main, 1e-9)
	for _, v := range inter {
		for range 2 {
			for _, q := range basis {
				axpy(v, -dot(q, v), q)
			}
		}
	}
	inverse := make([]float64, cells)
	for i, m := range mean.Est {
		if m != 0 {
			inverse[i] = 1 / m
		}
	}
	den, num := mat.NewSymDense(k, nil), mat.NewSymDense(k, nil)
	for a := range k {
		for b := a; b < k; b++ {
			s, v := 0.0, 0.0
			for i := range cells {
				s += inter[a][i] * inverse[i] / n * inter[b][i]
				for j := range cells {
					v += inter[a][i] * inverse[i] * mean.Cov[i][j] * inverse[j] * inter[b][j]
				}
			}
			den.SetSym(a, b, s)
			num.SetSym(a, b, v)
		}
	}
	// eigenvalues of den⁻¹·num through the Cholesky factor, which keeps the problem symmetric
	var chol mat.Cholesky
	if !chol.Factorize(den) {
		return nil, wording.Errorf("a row or column of the table is empty")
	}
	var lower mat.TriDense
	chol.LTo(&lower)
	var left, both mat.Dense
	if err := left.Solve(&lower, num); err != nil {
		return nil, wording.Errorf("computing design effects: %w", err)
	}
	if err := both.Solve(&lower, left.T()); err != nil {
		return nil, wording.Errorf("computing design effects: %w", err)
	}
	sym := mat.NewSymDense(k, nil)
	for i := range k {
		for j := i; j < k; j++ {
			sym.SetSym(i, j, (both.At(i, j)+both.At(j, i))/2)
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(sym, false) {
		return nil, wording.Errorf("the design effects have no eigenvalues")
	}
	return eig.Values(nil), nil
}

// waldStatistic is Yᵀ V⁻¹ Y for Y = N_ij − N_i·N_j/N over the cells without the first row and column.
func waldStatistic(nr, nc int, total Estimates, rowSum, colSum []float64, all float64) (float64, error) {
	cells := nr * nc
	var y []float64
	var jac [][]float64
	for j := 1; j < nc; j++ {
		for i := 1; i < nr; i++ {
			y = append(y, total.Est[j*nr+i]-rowSum[i]*colSum[j]/all)
			g := make([]float64, cells)
			for b := range nc {
				for a := range nr {
					v := rowSum[i] * colSum[j] / (all * all)
					if a == i {
						v -= colSum[j] / all
					}
					if b == j {
						v -= rowSum[i] / all
					}
					if a == i && b == j {
						v++
					}
					g[b*nr+a] = v
				}
			}
			jac = append(jac, g)
		}
	}
	return quadraticForm(y, sandwich(jac, total.Cov))
}

// sandwich is J·V·Jᵀ.
func sandwich(jac, cov [][]float64) [][]float64 {
	out := make([][]float64, len(jac))
	for a := range jac {
		out[a] = make([]float64, len(jac))
		half := make([]float64, len(cov))
		for i := range cov {
			half[i] = dot(cov[i], jac[a])
		}
		for b := range jac {
			out[a][b] = dot(half, jac[b])
		}
	}
	return out
}

// quadraticForm is yᵀ V⁻¹ y.
func quadraticForm(y []float64, v [][]float64) (float64, error) {
	n := len(y)
	a := mat.NewDense(n, n, nil)
	for i := range v {
		a.SetRow(i, v[i])
	}
	var x mat.VecDense
	if err := x.SolveVec(a, mat.NewVecDense(n, y)); err != nil {
		var cond mat.Condition
		if !errors.As(err, &cond) || math.IsInf(float64(cond), 1) {
			return 0, wording.Errorf("the covariance cannot be inverted: too few PSUs for so many parameters")
		}
	}
	return mat.Dot(&x, mat.NewVecDense(n, y)), nil
}

// fSumSurvival is P(Σ λ·χ²₁ > x·χ²_ν/ν) by the saddlepoint, with the Satterthwaite F where that fails. R: survey::pFsum.
func fSumSurvival(x float64, lambda []float64, ddf float64) float64 {
	if math.IsInf(ddf, 1) {
		return chiSquaredSumSurvival(x, lambda)
	}
	if math.IsNaN(ddf) || ddf <= 0 {
		return math.NaN()
	}
	mean, square := 0.0, 0.0
	for _, l := range lambda {
		mean += l / float64(len(lambda))
		square += l * l / float64(len(lambda))
	}
	ratio := square / (mean * mean)
	ndf := float64(len(lambda)) / ratio
	all := append([]float64(nil), lambda...)
	for range int(ddf) { // R repeats the denominator's term a whole number of times
		all = append(all, -x/ddf)
	}
	if s := saddlepoint(0, all); !math.IsNaN(s) {
		return s
	}
	return FSurvival(x/ndf/(mean*ratio), ndf, ddf)
}

// chiSquaredSumSurvival is P(Σ λ·χ²₁ > x). R: survey::pchisqsum(method = "saddlepoint").
func chiSquaredSumSurvival(x float64, lambda []float64) float64 {
	if s := saddlepoint(x, lambda); !math.IsNaN(s) {
		return s
	}
	mean, square := 0.0, 0.0
	for _, l := range lambda {
		mean += l / float64(len(lambda))
		square += l * l / float64(len(lambda))
	}
	ratio := square / (mean * mean)
	return ChiSquaredSurvival(x/(mean*ratio), float64(len(lambda))/ratio)
}

// saddlepoint is Kuonen's (1999) tail of a weighted sum of χ²₁ variates; NaN near its mean, where the formula breaks down.
func saddlepoint(x float64, lambda []float64) float64 {
	largest, sum := math.Inf(-1), 0.0
	for _, l := range lambda {
		largest = math.Max(largest, l)
	}
	if !(largest > 0) {
		return math.NaN()
	}
	x /= largest
	scaled := make([]float64, len(lambda))
	low, high := math.Inf(-1), math.Inf(1)
	for i, l := range lambda {
		l /= largest
		scaled[i] = l
		sum += l
		if l < 0 {
			low = math.Max(low, 1/(2*l))
		}
		if l > 0 {
			high = math.Min(high, 1/(2*l))
		}
	}
	switch {
	case !math.IsInf(low, -1):
		low *= 0.99999
	case x > sum:
		low = -0.01
	default:
		low = -float64(len(lambda)) / (2 * x)
	}
	zeta, ok := root(func(z float64) float64 {
		s := -x
		for _, l := range scaled {
			s += l / (1 - 2*z*l)
		}
		return s
	}, low, high*0.99999, 1e-8)
	if !ok || math.Abs(zeta) < 1e-4 {
		return math.NaN()
	}
	k, k2 := 0.0, 0.0
	for _, l := range scaled {
		k -= math.Log(1-2*zeta*l) / 2
		k2 += 2 * l * l / ((1 - 2*zeta*l) * (1 - 2*zeta*l))
	}
	w := math.Copysign(math.Sqrt(2*(zeta*x-k)), zeta)
	v := zeta * math.Sqrt(k2)
	return NormalSurvival(w + math.Log(v/w)/w)
}
