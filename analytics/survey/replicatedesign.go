package survey

import (
	"math"
	"math/rand/v2"
	"slices"

	"hailong/ingest/wording"
)

// ReplicateSpec says how replicate weights are made from a design, in the words of R's as.svrepdesign.
type ReplicateSpec struct {
	Type       string  // JK1, JKn, BRR, Fay, subbootstrap or bootstrap
	FayRho     float64 // Fay: the weight that the left-out half keeps
	Replicates int     // bootstrap: how many (0: 50)
	Seed       uint64  // bootstrap: the same seed draws the same replicates
	MSE        bool    // variance about the estimate instead of about the replicates' mean
}

// Replicate makes a replicate design of the first stage: the variance of any figure is then scale·Σ rscale·(θ_r − θ̄)².
//
//   - JK1: each PSU left out in turn, weights ·n/(n−1), scale (1−f)(n−1)/n; JKn: the same within each stratum.
//   - BRR: half-samples by a Hadamard matrix, weights ·2 and ·0, for two PSUs in each stratum; Fay: weights ·(2−ρ) and ·ρ, scale 1/(R(1−ρ)²).
//   - subbootstrap: n_h−1 PSUs drawn with replacement, weights ·n_h/(n_h−1) (Rao & Wu 1988); bootstrap: n_h drawn (Canty & Davison 1999).
//
// The design must not have been calibrated: calibrate the replicate design instead, and each replicate with it.
// R: as.svrepdesign(design, type, fay.rho, replicates, mse). The random draws are not R's; import R's weights with NewReplicateDesign to compare.
//
// By hand, JK1 of PSU means 1, 2, 6 with equal weights: replicate means 4, 3.5, 1.5 about 3: 2/3·(1+0.25+2.25) = 7/3 = s²/n.
func (d *Design) Replicate(s ReplicateSpec) (*Design, error) {
	if d.reps != nil {
		return nil, wording.Errorf("making replicates: the design has replicates already")
	}
	if d.calibrated {
		return nil, wording.Errorf("making replicates: make them before calibrating, so that every replicate is calibrated, too")
	}
	r, err := d.makeReplicates(s)
	if err != nil {
		return nil, wording.Errorf("making %s replicates: %w", s.Type, err)
	}
	r.kind, r.mse, r.rank = s.Type, s.MSE, -1
	if len(r.weights) == 0 {
		return nil, wording.Errorf("making %s replicates: every stratum is taken whole, there is nothing to replicate", s.Type)
	}
	out := *d
	out.reps = r
	if len(d.population) > 1 {
		out.warnings = append(slices.Clone(d.warnings), wording.Errorf("finite population corrections after the first stage are dropped in the replicates"))
	}
	return &out, nil
}

// psuList are the PSUs that the design holds, in the order of first appearance, each with its stratum, and of every row the place of its PSU.
func (d *Design) psuList() (stratum []int, at []int, population []float64) {
	index := map[int]int{}
	at = make([]int, len(d.weight))
	for k := range d.weight {
		at[k] = -1
		if !d.present[k] {
			continue
		}
		i, ok := index[d.psu[0][k]]
		if !ok {
			i = len(stratum)
			index[d.psu[0][k]] = i
			stratum = append(stratum, d.strata[0][k])
			pop := math.Inf(1)
			if len(d.population) > 0 {
				pop = d.population[0][k]
			}
			population = append(population, pop)
		}
		at[k] = i
	}
	return stratum, at, population
}

func (d *Design) makeReplicates(s ReplicateSpec) (*replicates, error) {
	stratum, at, population := d.psuList()
	stratified := len(d.spec.Strata) > 0
	var order []int // strata in the order of first appearance
	members := map[int][]int{}
	for i, h := range stratum {
		if len(members[h]) == 0 {
			order = append(order, h)
		}
		members[h] = append(members[h], i)
	}
	r := &replicates{scale: 1}
	emit := func(factor []float64, rscale float64) {
		w := make([]float64, len(d.weight))
		for k, i := range at {
			if i >= 0 {
				w[k] = d.weight[k] * factor[i]
			}
		}
		r.weights = append(r.weights, w)
		r.rscales = append(r.rscales, rscale)
	}
	ones := func() []float64 {
		f := make([]float64, len(stratum))
		for i := range f {
			f[i] = 1
		}
		return f
	}
	switch s.Type {
	case "JK1", "JKn":
		if stratified != (s.Type == "JKn") {
			return nil, wording.Errorf("JK1 is for designs without strata, JKn for those with strata")
		}
		skipped := 0
		for _, h := range order {
			m := members[h]
			n := float64(len(m))
			f := 1.0
			if pop := population[m[0]]; !math.IsInf(pop, 1) {
				f = (pop - n) / pop
			}
			if f == 0 {
				continue // taken whole: leaving a PSU out says nothing
			}
			if n == 1 {
				switch d.spec.Lonely {
				case LonelyFail:
					return nil, wording.Errorf("stratum %q has only one PSU", d.stratumName[0][h])
				case LonelyAdjust:
					factor := ones()
					for i := range factor {
						factor[i] = float64(len(order)) / float64(len(order)-1)
					}
					factor[m[0]] = 0
					emit(factor, float64(len(order)-1)/float64(len(order)))
				default:
					skipped++
				}
				continue
			}
			for _, out := range m {
				factor := ones()
				for _, i := range m {
					factor[i] = n / (n - 1)
				}
				factor[out] = 0
				emit(factor, f*(n-1)/n)
			}
		}
		if s.Type == "JK1" && len(r.rscales) > 0 {
			r.scale = r.rscales[0]
			for i := range r.rscales {
				r.rscales[i] = 1
			}
		}
		if skipped > 0 && d.spec.Lonely == LonelyAverage {
			r.scale *= float64(len(stratum)) / float64(len(r.weights))
		}
	case "BRR", "Fay":
		if !stratified {
			return nil, wording.Errorf("half-samples need strata; use JK1 or a bootstrap")
		}
		rho := 0.0
		if s.Type == "Fay" {
			rho = s.FayRho
		}
		if rho < 0 || rho >= 1 {
			return nil, wording.Errorf("fay.rho %g is not in 0…1", rho)
		}
		pairs, err := d.halves(order, members)
		if err != nil {
			return nil, err
		}
		h := hadamard(len(pairs) + 1)
		for c := range h {
			factor := ones()
			for p, pair := range pairs {
				kept, left := pair[0], pair[1]
				if h[p+1][c] < 0 {
					kept, left = left, kept
				}
				factor[kept], factor[left] = 2-rho, rho
			}
			emit(factor, 1)
		}
		r.scale = 1 / (float64(len(h)) * (1 - rho) * (1 - rho))
	case "subbootstrap", "bootstrap":
		count := s.Replicates
		if count == 0 {
			count = 50
		}
		if count < 2 {
			return nil, wording.Errorf("%d replicates are too few", count)
		}
		rng := rand.New(rand.NewPCG(s.Seed, 0))
		for range count {
			factor := make([]float64, len(stratum))
			for _, h := range order {
				m := members[h]
				draws := len(m)
				if s.Type == "subbootstrap" {
					draws--
				}
				if draws == 0 {
					return nil, wording.Errorf("stratum %q has only one PSU", d.stratumName[0][h])
				}
				pop := population[m[0]]
				if s.Type == "bootstrap" && !math.IsInf(pop, 1) {
					for _, i := range drawFrom(rng, m, int(math.Round(pop))) {
						factor[i]++
					}
					continue
				}
				for range draws {
					factor[m[rng.IntN(len(m))]] += float64(len(m)) / float64(draws)
				}
			}
			emit(factor, 1)
		}
		r.scale = 1 / float64(count-1)
		if s.Type == "bootstrap" { // n_h draws underestimate by (n−1)/n; R corrects by the harmonic mean of the strata's sizes
			sum := 0.0
			for _, h := range order {
				sum += 1 / float64(len(members[h]))
			}
			mean := float64(len(order)) / sum
			r.scale *= mean / (mean - 1)
		}
	default:
		return nil, wording.Errorf("type %q is not one of JK1, JKn, BRR, Fay, subbootstrap, bootstrap", s.Type)
	}
	return r, nil
}

// drawFrom draws len(m) of the members without replacement from a population that repeats them up to size (Canty & Davison 1999).
func drawFrom(rng *rand.Rand, m []int, size int) []int {
	shuffled := slices.Clone(m)
	rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	moved := map[int]int{} // a Fisher-Yates shuffle that remembers only the places it touched
	at := func(i int) int {
		if v, ok := moved[i]; ok {
			return v
		}
		return i
	}
	out := make([]int, len(m))
	for i := range out {
		j := i + rng.IntN(size-i)
		out[i] = shuffled[at(j)%len(m)]
		moved[j] = at(i)
	}
	return out
}

// halves pairs the PSUs of every stratum; strata with an even number above two are split into pairs, in the order of the strata's names.
func (d *Design) halves(order []int, members map[int][]int) ([][2]int, error) {
	sorted := slices.Clone(order)
	slices.SortFunc(sorted, func(a, b int) int {
		if d.stratumName[0][a] < d.stratumName[0][b] {
			return -1
		}
		return 1
	})
	var large, plain [][2]int
	for _, h := range sorted {
		m := members[h]
		if len(m)%2 == 1 {
			return nil, wording.Errorf("stratum %q has %d PSUs: half-samples need an even number", d.stratumName[0][h], len(m))
		}
		for i := 0; i < len(m); i += 2 {
			if len(m) > 2 {
				large = append(large, [2]int{m[i], m[i+1]})
			} else {
				plain = append(plain, [2]int{m[i], m[i+1]})
			}
		}
	}
	return append(large, plain...), nil
}

// hadamard returns a Hadamard matrix of order at least n with a first row of ones: Sylvester's doubling, or Paley's first
// construction where a prime q ≡ 3 (mod 4) gives a smaller order q+1.
func hadamard(n int) [][]int {
	size := 1
	for size < n || size%4 != 0 {
		size *= 2
	}
	for q := n - 1; q+1 < size; q++ {
		if q >= 3 && q%4 == 3 && isPrime(q) {
			return paley(q)
		}
	}
	h := make([][]int, size)
	for i := range h {
		h[i] = make([]int, size)
		for j := range h[i] {
			h[i][j] = 1
			for b := i & j; b > 0; b &= b - 1 {
				h[i][j] = -h[i][j]
			}
		}
	}
	return h
}

func isPrime(q int) bool {
	for f := 2; f*f <= q; f++ {
		if q%f == 0 {
			return false
		}
	}
	return q > 1
}

func paley(q int) [][]int {
	residue := make([]int, q)
	for i := range residue {
		residue[i] = -1
	}
	residue[0] = 0
	for i := 1; i < q; i++ {
		residue[i*i%q] = 1
	}
	h := make([][]int, q+1)
	for i := range h {
		h[i] = make([]int, q+1)
		for j := range h[i] {
			switch {
			case i == 0:
				h[i][j] = 1
			case j == 0:
				h[i][j] = -1
			case i == j:
				h[i][j] = 1
			default:
				h[i][j] = residue[((j-i)%q+q)%q]
			}
		}
	}
	return h
}

// GivenReplicates are replicate weights that came with the data.
type GivenReplicates struct {
	Weights []string  // a column for each replicate
	Factors bool      // the columns multiply the sampling weight (R: combined.weights = FALSE); else they are analysis weights
	Scale   float64   // 0: 1
	RScales []float64 // nil: all 1
	MSE     bool
}

// NewReplicateDesign is a design whose replicate weights are columns of the frame. spec may name ids and strata for the record; only its
// weights are needed. R: svrepdesign(weights, repweights, scale, rscales, combined.weights, mse).
func NewReplicateDesign(f *Frame, spec DesignSpec, g GivenReplicates) (*Design, error) {
	d, err := NewDesign(f, spec)
	if err != nil {
		return nil, err
	}
	if len(g.Weights) < 2 {
		return nil, wording.Errorf("making the replicate design: %d replicate weights are too few", len(g.Weights))
	}
	if g.RScales != nil && len(g.RScales) != len(g.Weights) {
		return nil, wording.Errorf("making the replicate design: %d rscales for %d replicates", len(g.RScales), len(g.Weights))
	}
	r := &replicates{kind: "other", scale: g.Scale, rscales: g.RScales, mse: g.MSE, rank: -1}
	if r.scale == 0 {
		r.scale = 1
	}
	if r.rscales == nil {
		r.rscales = make([]float64, len(g.Weights))
		for i := range r.rscales {
			r.rscales[i] = 1
		}
	}
	for _, name := range g.Weights {
		w, err := f.numbers(name)
		if err != nil {
			return nil, wording.Errorf("making the replicate design: %w", err)
		}
		w = slices.Clone(w)
		if g.Factors {
			for k := range w {
				w[k] *= d.weight[k]
			}
		}
		r.weights = append(r.weights, w)
	}
	d.reps = r
	return d, nil
}
