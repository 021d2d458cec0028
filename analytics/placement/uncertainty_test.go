package placement

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"hailong/analytics/result"
	"hailong/analytics/survey"
)

// ranksCase is the golden case ranks-open-12: R 4.2.2, survey 4.5, province means of a synthetic survey.
type ranksCase struct {
	Input struct {
		Names []string    `json:"names"`
		Est   []float64   `json:"est"`
		SE    []float64   `json:"se"`
		V     [][]float64 `json:"vcov"`
	} `json:"input"`
	A    float64 `json:"eb_A"`
	Mu   float64 `json:"eb_mu"`
	Rows []struct {
		Rank     int       `json:"rank"`
		Group    int       `json:"group"`
		Expected float64   `json:"expected_rank_ind"`
		EBMean   float64   `json:"eb_mean"`
		EBSD     float64   `json:"eb_sd"`
		PEB      []float64 `json:"p_group_eb"`
		PInd     []float64 `json:"p_group_ind"`
		Holm     [2]int    `json:"holm_pairs95"`
	} `json:"rows"`
}

func golden(t *testing.T) ranksCase {
	t.Helper()
	b, err := os.ReadFile(shared(t, "golden/expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Cases []struct {
			ID       string          `json:"id"`
			Expected json.RawMessage `json:"expected"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all.Cases {
		if c.ID == "ranks-open-12" {
			var r ranksCase
			if err := json.Unmarshal(c.Expected, &r); err != nil {
				t.Fatal(err)
			}
			return r
		}
	}
	t.Fatal("ranks-open-12 is not in the golden set")
	return ranksCase{}
}

func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Max(math.Abs(got), math.Abs(want))+1e-9
}

func TestGoldenPosteriorAndProbabilities(t *testing.T) {
	c := golden(t)
	var scores []Score
	variance := make([]float64, len(c.Input.Est))
	for i, e := range c.Input.Est {
		scores = append(scores, Score{Area: c.Input.Names[i], Score: result.Number(e), SE: result.Number(c.Input.SE[i])})
		variance[i] = c.Input.SE[i] * c.Input.SE[i]
	}
	placements, edges, err := Place(scores, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !near(float64(edges.Between), c.A, 1e-7) || !near(float64(edges.Mean), c.Mu, 1e-7) {
		t.Errorf("A = %v, mu = %v; want %v, %v", edges.Between, edges.Mean, c.A, c.Mu)
	}
	p, err := empiricalBayes(c.Input.Est, variance)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := groupProbabilities(c.Input.Est, c.Input.SE, [4]int{3, 3, 3, 3})
	if err != nil {
		t.Fatal(err)
	}
	rawRanks := survey.ExpectedRanks(c.Input.Est, posterior{sd: c.Input.SE}.covariance())
	for i, row := range c.Rows {
		if !near(p.mean[i], row.EBMean, 1e-7) || !near(p.sd[i], row.EBSD, 1e-7) || !near(rawRanks[i], row.Expected, 1e-7) {
			t.Errorf("%s: posterior %v ± %v, expected rank %v; want %v ± %v, %v", c.Input.Names[i], p.mean[i], p.sd[i], rawRanks[i], row.EBMean, row.EBSD, row.Expected)
		}
		if placements[i].Rank != row.Rank || placements[i].RankSet != row.Holm {
			t.Errorf("%s: rank %d in %v, want %d in %v", c.Input.Names[i], placements[i].Rank, placements[i].RankSet, row.Rank, row.Holm)
		}
		if edges.Counts != [4]int{3, 3, 3, 3} {
			t.Fatalf("12 areas in groups of %v", edges.Counts)
		}
		for g := range 4 {
			if !near(float64(placements[i].Probabilities[g]), row.PEB[g], 1e-7) || !near(raw[i][g], row.PInd[g], 1e-7) {
				t.Errorf("%s group %d: %v (EB), %v (raw); want %v, %v", c.Input.Names[i], g+1, placements[i].Probabilities[g], raw[i][g], row.PEB[g], row.PInd[g])
			}
		}
	}
}

// fixture is 63 scores with standard errors as unequal as PAPI's.
func fixture(n int, seed uint64) ([]Score, []float64, []float64) {
	random := rand.New(rand.NewPCG(seed, 1))
	var scores []Score
	y, se := make([]float64, n), make([]float64, n)
	for i := range n {
		se[i] = 0.16 * math.Pow(0.89/0.16, float64(i)/float64(n-1)) // 0.158 to 0.887 in 2023 (domain/papi.md 3.3)
		y[i] = 42.4 + 1.6*random.NormFloat64() + se[i]*random.NormFloat64()
		scores = append(scores, Score{Area: strconv.Itoa(i), Score: result.Number(y[i]), SE: result.Number(se[i])})
	}
	return scores, y, se
}

func TestProbabilitiesAddUp(t *testing.T) {
	scores, _, _ := fixture(63, 1)
	placements, edges, err := Place(scores, Options{})
	if err != nil {
		t.Fatal(err)
	}
	column, ranks := [4]float64{}, 0.0
	for _, p := range placements {
		row := 0.0
		for g, x := range p.Probabilities {
			row += float64(x)
			column[g] += float64(x)
		}
		ranks += float64(p.ExpectedRank)
		if math.Abs(row-1) > 1e-10 {
			t.Errorf("area %s: probabilities add up to %v", p.Area, row)
		}
		if p.RankSet[0] > p.Rank || p.Rank > p.RankSet[1] {
			t.Errorf("area %s: rank %d is outside its rank set %v", p.Area, p.Rank, p.RankSet)
		}
		if p.Stable != (p.Probabilities[p.Group-1] >= 0.9) {
			t.Errorf("area %s: stable %v at probability %v", p.Area, p.Stable, p.Probabilities[p.Group-1])
		}
	}
	// Each group has its size in expectation, and the ranks are 1…63.
	for g := range 4 {
		if math.Abs(column[g]-float64(edges.Counts[g])) > 1e-9 {
			t.Errorf("group %d has %v areas in expectation, want %d", g+1, column[g], edges.Counts[g])
		}
	}
	if math.Abs(ranks-63*64/2) > 1e-9 {
		t.Errorf("expected ranks add up to %v, want %d", ranks, 63*64/2)
	}
}

func TestJointDrawsAgreeWithTheIntegralWithoutCorrelation(t *testing.T) {
	scores, _, se := fixture(63, 3)
	covariance := make([][]float64, len(scores))
	for i := range covariance {
		covariance[i] = make([]float64, len(scores))
		covariance[i][i] = se[i] * se[i]
	}
	exact, _, err := Place(scores, Options{})
	if err != nil {
		t.Fatal(err)
	}
	drawn, _, err := Place(scores, Options{Covariance: covariance, Draws: 20000, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := Place(scores, Options{Covariance: covariance, Draws: 20000, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	for i := range exact {
		if drawn[i].Probabilities != again[i].Probabilities {
			t.Fatalf("area %d: the same seed gives %v and %v", i, drawn[i].Probabilities, again[i].Probabilities)
		}
		if math.Abs(float64(exact[i].ExpectedRank-drawn[i].ExpectedRank)) > 1e-6 {
			t.Errorf("area %d: expected rank %v, want %v", i, drawn[i].ExpectedRank, exact[i].ExpectedRank)
		}
		for g := range 4 {
			// Five Monte Carlo standard errors at 20,000 draws: 5·√(0.25/20000) = 0.018.
			if math.Abs(float64(exact[i].Probabilities[g]-drawn[i].Probabilities[g])) > 0.018 {
				t.Errorf("area %d group %d: %v drawn, %v exact", i, g+1, drawn[i].Probabilities[g], exact[i].Probabilities[g])
			}
		}
	}
}

func TestAMissingStandardErrorLeavesProbabilitiesUnknown(t *testing.T) {
	scores, _, _ := fixture(12, 2)
	scores[4].SE = result.Unknown()
	placements, edges, err := Place(scores, Options{})
	if err != nil || edges.Why == "" {
		t.Fatalf("no reason given (%v)", err)
	}
	for _, p := range placements {
		if p.Probabilities[0].Known() || p.RankSet != [2]int{} || p.Stable {
			t.Errorf("area %s has %v, %v", p.Area, p.Probabilities, p.RankSet)
		}
	}
}

func TestScoresThatDifferByNoiseOnlyAreEquallyLikelyAnywhere(t *testing.T) {
	var scores []Score
	for i := range 12 {
		scores = append(scores, Score{Score: result.Number(40 + 0.01*float64(i)), SE: 1})
	}
	placements, edges, err := Place(scores, Options{})
	if err != nil || edges.Between != 0 {
		t.Fatalf("between-area variance %v (%v)", edges.Between, err)
	}
	for _, p := range placements {
		if p.Probabilities != [4]result.Number{0.25, 0.25, 0.25, 0.25} || p.ExpectedRank != 6.5 || p.RankSet != [2]int{1, 12} {
			t.Errorf("%v %v %v", p.Probabilities, p.ExpectedRank, p.RankSet)
		}
	}
}

// TestGroupProbabilitiesAreCalibrated follows the golden set's placement-simulation.R: 63 true scores, unequal standard errors,
// reliability 0.5, 0.8 and 0.95; what is predicted with probability p happens in a share p of the cases.
// HAILONG_SLOW=1 runs 150 repetitions each, as the script does; a few otherwise.
func TestGroupProbabilitiesAreCalibrated(t *testing.T) {
	repetitions := 3
	if os.Getenv("HAILONG_SLOW") != "" {
		repetitions = 150
	}
	const n = 63
	random := rand.New(rand.NewPCG(20261123, 0))
	sizes := [4]int{16, 16, 15, 16}
	group := groupOfRank(sizes)
	bins := []float64{0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.01}
	for _, reliability := range []float64{0.5, 0.8, 0.95} {
		base := math.Sqrt((1 - reliability) / reliability)
		var predicted, observed, variance [7]float64
		var count [7]int
		var brierEB, brierRaw, covered float64
		for range repetitions {
			theta, y, v, se := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range n {
				se[i] = base * math.Exp(-0.4+0.8*float64(i)/(n-1))
				theta[i] = random.NormFloat64()
				y[i] = theta[i] + se[i]*random.NormFloat64()
				v[i] = se[i] * se[i]
			}
			p, err := empiricalBayes(y, v)
			if err != nil {
				t.Fatal(err)
			}
			eb, _, err := groupsOf(p, sizes, Options{})
			if err != nil {
				t.Fatal(err)
			}
			raw, err := groupProbabilities(y, se, sizes)
			if err != nil {
				t.Fatal(err)
			}
			sets, err := survey.HolmRankSets(y, posterior{sd: se}.covariance(), 0.05)
			if err != nil {
				t.Fatal(err)
			}
			all := 1.0
			for i := range n {
				rank := rankOf(theta[i], theta)
				if rank < sets[i].Best || rank > sets[i].Worst {
					all = 0
				}
				for g := range 4 {
					hit := 0.0
					if group[rank-1] == g {
						hit = 1
					}
					p := eb[i][g]
					b := 0
					for p > bins[b] {
						b++
					}
					predicted[b] += p
					observed[b] += hit
					variance[b] += p * (1 - p)
					count[b]++
					brierEB += (p - hit) * (p - hit)
					brierRaw += (raw[i][g] - hit) * (raw[i][g] - hit)
				}
			}
			covered += all
		}
		for b := range bins {
			// Four standard deviations of the number observed; areas of one repetition compete for places, which only narrows it.
			if d := math.Abs(predicted[b] - observed[b]); d > 4*math.Sqrt(variance[b])+1 {
				t.Errorf("reliability %v, probabilities up to %v: %v of %d predicted, %v observed", reliability, bins[b], predicted[b], count[b], observed[b])
			}
		}
		if reliability < 0.9 && brierEB >= brierRaw {
			t.Errorf("reliability %v: the posterior's Brier score %v is not below the raw one's %v", reliability, brierEB, brierRaw)
		}
		if share := covered / float64(repetitions); share < 0.95-4*math.Sqrt(0.05*0.95/float64(repetitions)) {
			t.Errorf("reliability %v: all rank sets cover the truth in %v of the repetitions", reliability, share)
		}
	}
}

func BenchmarkPlace63(b *testing.B) {
	scores, _, _ := fixture(63, 1)
	for range b.N {
		if _, _, err := Place(scores, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlace63Joint10000(b *testing.B) {
	scores, _, se := fixture(63, 1)
	covariance := make([][]float64, 63)
	for i := range covariance {
		covariance[i] = make([]float64, 63)
		for j := range covariance[i] {
			covariance[i][j] = 0.2 * se[i] * se[j]
		}
		covariance[i][i] = se[i] * se[i]
	}
	for range b.N {
		if _, _, err := Place(scores, Options{Covariance: covariance}); err != nil {
			b.Fatal(err)
		}
	}
}
