package survey

import (
	"math"

	"hailong/ingest/wording"
)

// FayHerriot is the area-level model y_d = x_d'β + u_d + e_d, u ~ N(0, A), e ~ N(0, ψ_d) with known ψ.
type FayHerriot struct {
	A         float64 // variance between areas
	Beta      []float64
	SEBeta    []float64
	Gamma     []float64 // A/(A+ψ_d): how much the direct estimate counts
	Synthetic []float64 // x_d'β
	EBLUP     []float64 // γy + (1−γ)x'β
	MSE       []float64 // Prasad & Rao (1990), Datta & Lahiri (2000): g1 + g2 + 2·g3, for ML less the bias of Â
}

// FitFayHerriot fits the model by REML, or by ML, x a column for each covariate (the intercept is one, too). A is the maximum of the
// likelihood on A ≥ 0, to convergence. Fay & Herriot (1979); R: sae::mseFH(y ~ x, psi, method), which stops at 1e-4.
//
// By hand, three areas with ψ = 1, y = −2, 0, 2 and an intercept: REML gives A + 1 = s² = 4, A = 3, γ = ¾ and EBLUPs −1.5, 0, 1.5.
func FitFayHerriot(y []float64, x [][]float64, psi []float64, ml bool) (FayHerriot, error) {
	m, p := len(y), len(x)
	if len(psi) != m || p == 0 || m <= p {
		return FayHerriot{}, wording.Errorf("fitting Fay-Herriot: %d areas, %d variances, %d covariates do not go together", m, len(psi), p)
	}
	for _, c := range x {
		if len(c) != m {
			return FayHerriot{}, wording.Errorf("fitting Fay-Herriot: a covariate has %d areas, not %d", len(c), m)
		}
	}
	for d := range y {
		if !(psi[d] > 0) || math.IsInf(psi[d], 0) || math.IsNaN(y[d]) || math.IsInf(y[d], 0) {
			return FayHerriot{}, wording.Errorf("fitting Fay-Herriot: area %d has estimate %g and variance %g; leave such areas out", d+1, y[d], psi[d])
		}
	}
	f := areaFit{y: y, x: x, psi: psi, ml: ml}
	if _, err := f.at(0); err != nil {
		return FayHerriot{}, wording.Errorf("fitting Fay-Herriot: %w", err)
	}
	a := f.maximum()
	s, err := f.at(a)
	if err != nil {
		return FayHerriot{}, wording.Errorf("fitting Fay-Herriot: %w", err)
	}
	out := FayHerriot{A: a, Beta: s.beta}
	for j := range s.q {
		out.SEBeta = append(out.SEBeta, math.Sqrt(s.q[j][j]))
	}
	info := 0.0
	bias := 0.0
	for _, v := range s.v {
		info += 0.5 / (v * v)
	}
	if ml { // bias of the ML estimate of A: −tr(Q·Σxx'/v²)/Σ1/v²
		for i := range p {
			for j := range p {
				c := 0.0
				for d := range y {
					c += x[i][d] * x[j][d] / (s.v[d] * s.v[d])
				}
				bias -= s.q[i][j] * c
			}
		}
		bias /= 2 * info
	}
	for d := range y {
		synthetic := 0.0
		h := 0.0
		for i := range p {
			synthetic += x[i][d] * s.beta[i]
			for j := range p {
				h += x[i][d] * s.q[i][j] * x[j][d]
			}
		}
		g := a / s.v[d]
		g1, g2, g3 := g*psi[d], (1-g)*(1-g)*h, psi[d]*psi[d]/(s.v[d]*s.v[d]*s.v[d])/info
		out.Gamma = append(out.Gamma, g)
		out.Synthetic = append(out.Synthetic, synthetic)
		out.EBLUP = append(out.EBLUP, g*y[d]+(1-g)*synthetic)
		out.MSE = append(out.MSE, g1+g2+2*g3-bias*(1-g)*(1-g))
	}
	return out, nil
}

type areaFit struct {
	y   []float64
	x   [][]float64
	psi []float64
	ml  bool
}

// An areaState is everything at one A.
type areaState struct {
	v, beta, resid []float64
	q              [][]float64 // (X'V⁻¹X)⁻¹
	loglik         float64
	score, info    float64
}

func (f areaFit) at(a float64) (areaState, error) {
	m, p := len(f.y), len(f.x)
	s := areaState{v: make([]float64, m), resid: make([]float64, m)}
	w := make([]float64, m)
	for d := range m {
		s.v[d] = a + f.psi[d]
		w[d] = 1 / s.v[d]
	}
	var err error
	if s.beta, s.q, err = leastSquares(f.x, f.y, w); err != nil {
		return s, wording.Errorf("the covariates are collinear")
	}
	p2 := make([][]float64, p) // Σ x x'/v²
	p3 := make([][]float64, p) // Σ x x'/v³
	for i := range p {
		p2[i], p3[i] = make([]float64, p), make([]float64, p)
		for j := range p {
			for d := range m {
				c := f.x[i][d] * f.x[j][d] * w[d] * w[d]
				p2[i][j] += c
				p3[i][j] += c * w[d]
			}
		}
	}
	trace, trace2 := 0.0, 0.0
	for d := range m {
		s.resid[d] = f.y[d]
		for i := range p {
			s.resid[d] -= f.x[i][d] * s.beta[i]
		}
		s.loglik -= 0.5 * (math.Log(s.v[d]) + s.resid[d]*s.resid[d]*w[d])
		s.score += 0.5 * s.resid[d] * s.resid[d] * w[d] * w[d]
		trace += w[d]
		trace2 += w[d] * w[d]
	}
	if !f.ml {
		s.loglik += 0.5 * logDet(s.q)
		a2 := product2(s.q, p2)
		a3 := product2(s.q, p3)
		square := product2(a2, a2)
		for i := range p {
			trace -= a2[i][i]
			trace2 += square[i][i] - 2*a3[i][i]
		}
	}
	s.score -= 0.5 * trace
	s.info = 0.5 * trace2
	return s, nil
}

func product2(a, b [][]float64) [][]float64 {
	out := make([][]float64, len(a))
	for i := range a {
		out[i] = make([]float64, len(b[0]))
		for j := range out[i] {
			for k := range b {
				out[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return out
}

// logDet of a symmetric positive matrix, by elimination.
func logDet(a [][]float64) float64 {
	n := len(a)
	m := make([][]float64, n)
	for i := range a {
		m[i] = append([]float64(nil), a[i]...)
	}
	out := 0.0
	for i := range n {
		out += math.Log(m[i][i])
		for r := i + 1; r < n; r++ {
			c := m[r][i] / m[i][i]
			for j := i; j < n; j++ {
				m[r][j] -= c * m[i][j]
			}
		}
	}
	return out
}

// maximum looks for the best A on a grid, then closes in on the root of the score by bisection; at the border A is 0.
func (f areaFit) maximum() float64 {
	m := len(f.y)
	mean, spread, largest := 0.0, 0.0, 0.0
	for d, v := range f.y {
		mean += v / float64(m)
		largest = math.Max(largest, f.psi[d])
	}
	for _, v := range f.y {
		spread += (v - mean) * (v - mean) / float64(m-1)
	}
	top := 10*spread + 10*largest
	loglik := func(a float64) float64 {
		s, err := f.at(a)
		if err != nil {
			return math.Inf(-1)
		}
		return s.loglik
	}
	const steps = 400
	grid := make([]float64, steps+1) // 0, then a factor apart from top·1e-10 to top
	for i := 1; i <= steps; i++ {
		grid[i] = top * math.Pow(10, -10*float64(steps-i)/(steps-1))
	}
	best := 0
	bestValue := loglik(0)
	for i := 1; i <= steps; i++ {
		if v := loglik(grid[i]); v > bestValue {
			best, bestValue = i, v
		}
	}
	if best == 0 {
		return 0
	}
	lo, hi := grid[best-1], grid[min(best+1, steps)]
	for range 200 {
		mid := (lo + hi) / 2
		if mid == lo || mid == hi {
			break
		}
		s, err := f.at(mid)
		if err != nil {
			break
		}
		if s.score > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}
