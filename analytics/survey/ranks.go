package survey

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/mat"

	"hailong/ingest/wording"
)

// RankOf are the ranks of the estimates, the highest first; ties share the better rank. R: rank(-est, ties.method = "min").
func RankOf(est []float64) []int {
	out := make([]int, len(est))
	for i, a := range est {
		out[i] = 1
		for _, b := range est {
			if b > a {
				out[i]++
			}
		}
	}
	return out
}

// GroupOf is the group of a rank among k when they are cut into so many groups: ceil(rank·groups/k), 1 the highest.
func GroupOf(rank, k, groups int) int { return (rank*groups + k - 1) / k }

// RankDistribution is P(rank_i = r) (column r−1) for independent normal scores, rank 1 the highest:
//
//	P(rank_i = r) = ∫ φ(z)·PB_{r−1}({Φ((m_j − m_i − s_i·z)/s_j)}_{j≠i}) dz
//
// with PB the Poisson-binomial probabilities by convolution. The trapezoid rule converges exponentially for this integrand: its spectrum
// falls like exp(−ω²/(2(1+Σ_j (s_i/s_j)²))), so a step of 0.75/√(1+Σ_j (s_i/s_j)²) over ±8.5 leaves less than 1e-13.
// It draws nothing at random. Standard errors must be positive: a unit without one would look certain.
//
// By hand, two units with means 1 and 0 and SE 1: P(rank_1 = 1) = Φ(1/√2) = 0.7602.
func RankDistribution(mean, se []float64) ([][]float64, error) {
	k := len(mean)
	if len(se) != k {
		return nil, wording.Errorf("computing rank probabilities: %d means, %d standard errors", k, len(se))
	}
	for i, s := range se {
		if !(s > 0) || math.IsInf(s, 0) || math.IsNaN(mean[i]) || math.IsInf(mean[i], 0) {
			return nil, wording.Errorf("computing rank probabilities: unit %d has estimate %g and standard error %g; leave it out or give it a pooled variance", i+1, mean[i], s)
		}
	}
	out := make([][]float64, k)
	var wait sync.WaitGroup // each unit writes its own row, so the result does not depend on the workers
	next := make(chan int)
	for range min(k, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				out[i] = rankProbabilities(mean, se, i)
			}
		})
	}
	for i := range k {
		next <- i
	}
	close(next)
	wait.Wait()
	return out, nil
}

// rankProbabilities is one unit's row of RankDistribution.
func rankProbabilities(mean, se []float64, i int) []float64 {
	const reach = 8.5
	steep := 1.0
	for j := range mean {
		if j != i {
			steep += (se[i] / se[j]) * (se[i] / se[j])
		}
	}
	points := min(max(int(math.Ceil(2*reach*math.Sqrt(steep)/0.75)), 200), 8000)
	step := 2 * reach / float64(points)
	row, pmf := make([]float64, len(mean)), make([]float64, len(mean))
	for g := range points + 1 {
		z := -reach + step*float64(g)
		density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * step
		better := poissonBinomial(pmf, mean, se, i, mean[i]+se[i]*z)
		// Every unit that is surely better shifts the ranks by one without a convolution.
		for r, p := range pmf[:len(pmf)-better] {
			row[r+better] += p * density
		}
	}
	return row
}

// poissonBinomial fills pmf with the distribution of the number of units other than i above x, less those that surely are, which it
// returns. Probabilities within 1e-17 of 0 or 1 are taken as sure.
func poissonBinomial(pmf, mean, se []float64, i int, x float64) (sure int) {
	clear(pmf)
	pmf[0] = 1
	top := 0
	for j := range mean {
		if j == i {
			continue
		}
		p := NormalCDF((mean[j] - x) / se[j])
		if p < 1e-17 {
			continue
		}
		if p == 1 {
			sure++
			continue
		}
		top++
		for r := top; r > 0; r-- {
			pmf[r] += p * (pmf[r-1] - pmf[r])
		}
		pmf[0] *= 1 - p
	}
	return sure
}

// GroupProbabilities sums rank probabilities into groups.
func GroupProbabilities(ranks [][]float64, groups int) [][]float64 {
	k := len(ranks)
	out := make([][]float64, k)
	for i, row := range ranks {
		out[i] = make([]float64, groups)
		for r, p := range row {
			out[i][GroupOf(r+1, k, groups)-1] += p
		}
	}
	return out
}

// An EmpiricalBayes is the posterior N(Mean, SD²) of each unit's true score, shrunken towards the mean of all by the REML variance between
// them (the Fay-Herriot model with an intercept; Laird & Louis 1989). Group probabilities from it are calibrated; those from the raw
// estimates count the noise twice.
type EmpiricalBayes struct {
	A, Mu    float64
	Mean, SD []float64
}

// EmpiricalBayesPosterior shrinks estimates with known standard errors. Where A is 0 nothing separates the units, and every SD is 0.
func EmpiricalBayesPosterior(est, se []float64) (EmpiricalBayes, error) {
	one, psi := make([]float64, len(est)), make([]float64, len(est))
	for i := range est {
		one[i], psi[i] = 1, se[i]*se[i]
	}
	f, err := FitFayHerriot(est, [][]float64{one}, psi, false)
	if err != nil {
		return EmpiricalBayes{}, wording.Errorf("shrinking the estimates: %w", err)
	}
	out := EmpiricalBayes{A: f.A, Mu: f.Beta[0], Mean: f.EBLUP}
	for i := range est {
		out.SD = append(out.SD, math.Sqrt(f.Gamma[i])*se[i])
	}
	return out, nil
}

// differenceSD is the standard deviation of est_i − est_j.
func differenceSD(cov [][]float64, i, j int) float64 {
	return math.Sqrt(math.Max(0, cov[i][i]+cov[j][j]-2*cov[i][j]))
}

// ExpectedRanks are 1 + Σ_j Φ((est_j − est_i)/sd_ij), exact for correlated normal estimates.
func ExpectedRanks(est []float64, cov [][]float64) []float64 {
	out := make([]float64, len(est))
	for i := range est {
		out[i] = 1
		for j := range est {
			if i != j {
				out[i] += NormalCDF((est[j] - est[i]) / differenceSD(cov, i, j))
			}
		}
	}
	return out
}

// A RankSet is the ranks, from Best to Worst, that the data cannot exclude.
type RankSet struct{ Best, Worst int }

// SidakZ is the normal quantile that makes k independent intervals hold together: Φ⁻¹(1 − (1−(1−α)^{1/k})/2).
func SidakZ(k int, alpha float64) float64 {
	return NormalQuantile(1 + math.Expm1(math.Log1p(-alpha)/float64(k))/2)
}

// IntervalRankSets are the ranks that the intervals est ± z·se leave open: with SidakZ the joint sets of Klein, Wright & Wieczorek
// (2020), with 1.96 the naive ones.
//
// By hand, estimates 3, 2, 0 with se 1 and z = 0.6: only the last interval lies below others: sets 1–2, 1–2, 3–3.
func IntervalRankSets(est, se []float64, z float64) []RankSet {
	k := len(est)
	out := make([]RankSet, k)
	for i := range est {
		out[i] = RankSet{1, k}
		for j := range est {
			if j == i {
				continue
			}
			if est[j]-z*se[j] > est[i]+z*se[i] {
				out[i].Best++
			}
			if est[j]+z*se[j] < est[i]-z*se[i] {
				out[i].Worst--
			}
		}
	}
	return out
}

// rankSets turns significant pairs into rank sets.
func rankSets(est []float64, significant func(i, j int) bool) []RankSet {
	k := len(est)
	out := make([]RankSet, k)
	for i := range est {
		out[i] = RankSet{1, k}
		for j := range est {
			if i == j || !significant(i, j) {
				continue
			}
			switch {
			case est[j] > est[i]:
				out[i].Best++
			case est[j] < est[i]:
				out[i].Worst--
			}
		}
	}
	return out
}

// PairwiseP are the p-values of all differences, by their covariance, corrected by one of PAdjust's methods; 1 on the diagonal.
func PairwiseP(est []float64, cov [][]float64, method string) ([][]float64, error) {
	k := len(est)
	if err := checkCov(k, cov); err != nil {
		return nil, wording.Errorf("comparing pairs: %w", err)
	}
	var p []float64
	for j := range k {
		for i := range j {
			p = append(p, 2*NormalSurvival(math.Abs(est[i]-est[j])/differenceSD(cov, i, j)))
		}
	}
	p, err := PAdjust(p, method)
	if err != nil {
		return nil, err
	}
	out := make([][]float64, k)
	for i := range out {
		out[i] = make([]float64, k)
		out[i][i] = 1
	}
	at := 0
	for j := range k {
		for i := range j {
			out[i][j], out[j][i] = p[at], p[at]
			at++
		}
	}
	return out, nil
}

// HolmRankSets are the joint rank sets from all pairwise tests under Holm's correction: deterministic, valid for any covariance.
func HolmRankSets(est []float64, cov [][]float64, alpha float64) ([]RankSet, error) {
	p, err := PairwiseP(est, cov, "holm")
	if err != nil {
		return nil, err
	}
	return rankSets(est, func(i, j int) bool { return p[i][j] < alpha }), nil
}

// A Simulation draws N(0, V) from a fixed seed. The zero value draws 100,000 times.
type Simulation struct {
	Draws int
	Seed  uint64
}

// checkCov says whether a covariance has a row and column for each of k units.
func checkCov(k int, cov [][]float64) error {
	if len(cov) != k {
		return wording.Errorf("%d units have a covariance of %d rows", k, len(cov))
	}
	for i, row := range cov {
		if len(row) != k {
			return wording.Errorf("row %d of the covariance has %d columns, not %d", i+1, len(row), k)
		}
	}
	return nil
}

// factor is the Cholesky factor of V, with a hair on the diagonal for singular ones.
func factor(cov [][]float64) (*mat.TriDense, error) {
	k := len(cov)
	trace := 0.0
	for i := range cov {
		trace += cov[i][i]
	}
	if !(trace > 0) {
		return nil, wording.Errorf("the covariance is 0 or missing")
	}
	for _, ridge := range []float64{1e-12, 1e-9, 1e-7} {
		s := mat.NewSymDense(k, nil)
		for i := range k {
			for j := i; j < k; j++ {
				s.SetSym(i, j, cov[i][j])
			}
			s.SetSym(i, i, cov[i][i]+ridge*trace/float64(k))
		}
		var chol mat.Cholesky
		if chol.Factorize(s) {
			var l mat.TriDense
			chol.LTo(&l)
			return &l, nil
		}
	}
	return nil, wording.Errorf("the covariance has negative eigenvalues")
}

// each runs f on every draw.
func (s Simulation) each(cov [][]float64, f func(z []float64)) error {
	if err := checkCov(len(cov), cov); err != nil {
		return err
	}
	l, err := factor(cov)
	if err != nil {
		return err
	}
	draws := s.Draws
	if draws == 0 {
		draws = 100000
	}
	k := len(cov)
	rng := rand.New(rand.NewPCG(s.Seed, 1))
	e, z := make([]float64, k), make([]float64, k)
	for range draws {
		for i := range e {
			e[i] = rng.NormFloat64()
		}
		for i := range z {
			z[i] = 0
			for j := 0; j <= i; j++ {
				z[i] += l.At(i, j) * e[j]
			}
		}
		f(z)
	}
	return nil
}

// SupTCritical is the (1−α) quantile of max_{i<j} |Z_i − Z_j|/sd_ij, Z ~ N(0, V), by simulation from the seed
// (Mogstad, Romano, Shaikh & Wilhelm 2024).
func (s Simulation) SupTCritical(cov [][]float64, alpha float64) (float64, error) {
	k := len(cov)
	if err := checkCov(k, cov); err != nil {
		return 0, wording.Errorf("simulating the critical value: %w", err)
	}
	inverse := make([][]float64, k)
	for i := range inverse {
		inverse[i] = make([]float64, k)
		for j := range inverse {
			if sd := differenceSD(cov, i, j); sd > 0 {
				inverse[i][j] = 1 / sd
			}
		}
	}
	var most []float64
	err := s.each(cov, func(z []float64) {
		m := 0.0
		for i := range z {
			for j := range i {
				if d := math.Abs(z[i]-z[j]) * inverse[i][j]; d > m {
					m = d
				}
			}
		}
		most = append(most, m)
	})
	if err != nil {
		return 0, wording.Errorf("simulating the critical value: %w", err)
	}
	ones := make([]float64, len(most))
	for i := range ones {
		ones[i] = 1
	}
	return sortSample(most, ones).quantile("hf7", 1-alpha), nil
}

// SupTRankSets are the joint rank sets of all differences above the sup-t critical value, which knows the covariance; the sharpest here.
func (s Simulation) SupTRankSets(est []float64, cov [][]float64, alpha float64) ([]RankSet, error) {
	if err := checkCov(len(est), cov); err != nil {
		return nil, wording.Errorf("computing rank sets: %w", err)
	}
	c, err := s.SupTCritical(cov, alpha)
	if err != nil {
		return nil, err
	}
	return rankSets(est, func(i, j int) bool { return math.Abs(est[i]-est[j]) > c*differenceSD(cov, i, j) }), nil
}

// GroupProbabilities are P(group) for correlated estimates N(est, V), by simulation.
func (s Simulation) GroupProbabilities(est []float64, cov [][]float64, groups int) ([][]float64, error) {
	k := len(est)
	if err := checkCov(k, cov); err != nil {
		return nil, wording.Errorf("simulating group probabilities: %w", err)
	}
	if groups < 1 {
		return nil, wording.Errorf("simulating group probabilities: %d groups", groups)
	}
	counts := make([][]float64, k)
	for i := range counts {
		counts[i] = make([]float64, groups)
	}
	draws := 0.0
	value := make([]float64, k)
	err := s.each(cov, func(z []float64) {
		draws++
		for i := range z {
			value[i] = est[i] + z[i]
		}
		for i, r := range RankOf(value) {
			counts[i][GroupOf(r, k, groups)-1]++
		}
	})
	if err != nil {
		return nil, wording.Errorf("simulating group probabilities: %w", err)
	}
	for i := range counts {
		for g := range counts[i] {
			counts[i][g] /= draws
		}
	}
	return counts, nil
}

// GoldsteinHealyZ is the half-width in standard errors at which two bars that do not overlap differ at about level 1−α on average:
// z_{1−α/2}·Σ_{i<j}sd_ij/Σ_{i<j}(se_i+se_j); 1.39 for equal independent standard errors (Goldstein & Healy 1995).
func GoldsteinHealyZ(cov [][]float64, alpha float64) float64 {
	num, den := 0.0, 0.0
	for i := range cov {
		for j := range i {
			num += differenceSD(cov, i, j)
			den += math.Sqrt(cov[i][i]) + math.Sqrt(cov[j][j])
		}
	}
	return NormalQuantile(1-alpha/2) * num / den
}
