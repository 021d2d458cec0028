package target

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/analytics/area"
	"hailong/analytics/index"
	"hailong/analytics/placement"
	"hailong/analytics/result"
)

// survey2017 is a made-up survey on the tree of sipas-2017: criterion i has 100+i answers, of which a share of 70+i % satisfied, the same
// in two districts of unequal size with districts 4 points apart.
func survey2017(t *testing.T) Facts {
	t.Helper()
	source, err := index.Shipped("sipas-2017")
	if err != nil {
		t.Fatal(err)
	}
	d, err := index.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	facts := Facts{Year: 2020, Nodes: d.Nodes(), Domains: []result.Domain{{ID: "huyen", Values: []result.DomainValue{{Value: "Càng Long"}, {Value: "Trà Cú"}}}}}
	sum, weight := 0.0, 0.0
	add := func(node, level string, n int, p float64, domain map[string]string) {
		facts.Estimates = append(facts.Estimates, result.Estimate{Index: d.ID, Node: node, Level: level, Domain: domain, N: n, SumW: result.Number(n), Estimate: result.Number(p), Lo: result.Number(p - 1), Hi: result.Number(p + 1)})
	}
	i := 0
	for _, n := range d.Nodes() {
		if n.Level != "criterion" {
			continue
		}
		p := 70 + float64(i)
		add(n.ID, "criterion", 100+i, p, nil)
		add(n.ID, "criterion", 40, p+4*float64(60+i)/float64(100+i), map[string]string{"huyen": "Càng Long"})
		add(n.ID, "criterion", 60+i, p-4*40/float64(100+i), map[string]string{"huyen": "Trà Cú"})
		sum += float64(100+i) * p
		weight += float64(100 + i)
		i++
	}
	facts.Estimates = append([]result.Estimate{{Index: d.ID, Node: "sipas", Level: "overall", N: 121, SumW: result.Number(weight), Estimate: result.Number(sum / weight), Lo: result.Number(sum/weight - 1), Hi: result.Number(sum/weight + 1)}}, facts.Estimates...)
	return facts
}

func TestTheGapOfASatisfactionShareAddsUp(t *testing.T) {
	plan, facts := plan168(t), survey2017(t)
	gaps := Gaps(plan, facts, Judge(plan, facts))
	value := float64(facts.Estimates[0].Estimate)
	sums := map[string]float64{}
	count := map[string]int{}
	for _, g := range gaps {
		if g.Target != "sipas" {
			continue
		}
		count[g.Kind]++
		if g.Kind != GapSmallest {
			sums[g.Kind] += float64(g.Points)
		}
		if g.Text.VI == "" || g.Text.EN == "" {
			t.Errorf("no words for %+v", g)
		}
	}
	for _, kind := range []string{GapTotal, GapFactor, GapCriterion, GapDomain} {
		if math.Abs(sums[kind]-(85-value)) > 1e-9 {
			t.Errorf("the parts by %s add up to %v, want %v", kind, sums[kind], 85-value)
		}
	}
	if count[GapTotal] != 1 || count[GapFactor] != 5 || count[GapCriterion] != 22 || count[GapDomain] != 2 {
		t.Errorf("rows %v, want 1 total, 5 factors, 22 criteria, 2 districts", count)
	}
	// Lifting every criterion below the level to it reaches 85 exactly.
	lifted := 0.0
	for _, g := range gaps {
		if g.Kind == GapSmallest && strings.HasPrefix(g.Text.EN, "Every") {
			lifted += float64(g.Points)
		}
	}
	if math.Abs(lifted-(85-value)) > 1e-9 {
		t.Errorf("the smallest improvements add up to %v, want %v", lifted, 85-value)
	}
	// 22 criteria with 100 … 121 answers: 2,431 answers in all.
	if total := gaps[0]; math.Abs(float64(total.Respondents)-(85-value)/100*2431) > 1e-9 {
		t.Errorf("%v answers would have to change, want %v", total.Respondents, (85-value)/100*2431)
	}
}

func TestASuppressedValueLeavesTheBreakdownOut(t *testing.T) {
	plan, facts := plan168(t), survey2017(t)
	for i := range facts.Estimates {
		if facts.Estimates[i].Domain["huyen"] == "Trà Cú" {
			facts.Estimates[i].Estimate, facts.Estimates[i].Suppressed = result.Unknown(), "n"
			break
		}
	}
	for _, g := range Gaps(plan, facts, Judge(plan, facts)) {
		if g.Kind == GapDomain {
			t.Errorf("a breakdown with a suppressed value is decomposed: %+v", g)
		}
	}
}

func TestLiftStopsAtTheTop(t *testing.T) {
	if _, ok := lift([]part{{weight: 0.1, value: 50}, {weight: 0.9, value: 99}}, 20); ok {
		t.Error("a level above 100 % was called reachable")
	}
	if level, ok := lift([]part{{weight: 0.5, value: 60}, {weight: 0.5, value: 80}}, 5); !ok || level != 70 {
		t.Errorf("level %v, want 70: 0.5·(70−60) = 5", level)
	}
}

// papiFacts places the published PAPI scores; it skips where the shared data are absent.
func papiFacts(t *testing.T, year int) Facts {
	t.Helper()
	dir := os.Getenv("HAILONG_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(dir, "data", "papi_scores_2011_2024.csv"))
	if err != nil {
		t.Skip("the published PAPI scores are not there")
	}
	defer f.Close()
	cells, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	scores, err := index.ReadScores([]index.Sheet{{Cells: cells}}, index.ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	traVinh, _ := area.Find("84", area.MidYear(2020))
	placements, err := placement.Table(scores, placement.TableOptions{Area: traVinh})
	if err != nil {
		t.Fatal(err)
	}
	return Facts{Year: year, Placements: placements}
}

func TestPAPI2020MissesTheHighAverageGroup(t *testing.T) {
	plan, facts := plan168(t), papiFacts(t, 2020)
	targets := Judge(plan, facts)
	papi := find(t, targets, "papi")
	if papi.Verdict != result.Missed || papi.Result.Rank != 41 || papi.Result.Of != 63 || papi.Result.Group != "low_average" {
		t.Errorf("%s, %+v; want missed at rank 41 of 63 in the low-average group", papi.Verdict, papi.Result)
	}
	if papi.Previous.Rank != 36 || papi.Base.Group != "low_average" {
		t.Errorf("previous %+v, base %+v; want rank 36 in 2019 and the plan's own low average of 2018", papi.Previous, papi.Base)
	}
	notes := ""
	for _, n := range papi.Notes {
		notes += n.EN + "\n"
	}
	for _, want := range []string{"exactly on P25", "Distance to the target group's edge"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note says %q: %s", want, notes)
		}
	}
	var total, parts float64
	smallest := 0
	for _, g := range Gaps(plan, facts, targets) {
		if g.Target != "papi" {
			continue
		}
		switch g.Kind {
		case GapTotal:
			total = float64(g.Points)
		case GapFactor, GapRemainder:
			parts += float64(g.Points)
		case GapSmallest:
			smallest++
		}
	}
	// 42.723 − 42.2808 (domain/papi.md 5.2).
	if math.Abs(total-0.442) > 1e-3 || math.Abs(parts-total) > 1e-9 || smallest != 8 {
		t.Errorf("gap %v, its parts %v, %d single dimensions; want 0.442 twice and 8", total, parts, smallest)
	}
}

func TestPAPI2018IsJudgedWithBothReadings(t *testing.T) {
	plan, facts := plan168(t), papiFacts(t, 2018)
	papi := find(t, Judge(plan, facts), "papi")
	if papi.Verdict != result.Missed || len(papi.Readings) != 2 || papi.Readings[0].Target.Group != "low" || papi.Readings[1].Target.Group != "low_average" {
		t.Errorf("%s with readings %+v", papi.Verdict, papi.Readings)
	}
}

func TestRankAndBandGaps(t *testing.T) {
	plan := plan168(t)
	facts := Facts{Year: 2020, Published: []Published{{Index: "par", Year: 2020, Value: ptr(66.5)}}}
	for _, g := range Gaps(plan, facts, Judge(plan, facts)) {
		switch g.Target {
		case "pci": // 48th, target 41
			if g.Points != 7 {
				t.Errorf("PCI is %v ranks short, want 7", g.Points)
			}
		case "par": // group C from 70
			if math.Abs(float64(g.Points)-3.5) > 1e-9 {
				t.Errorf("PAR is %v points short, want 3.5", g.Points)
			}
		default:
			t.Errorf("unexpected gap %+v", g)
		}
	}
}

func TestScoresBecomePublishedFigures(t *testing.T) {
	cells := [][]string{{"Tỉnh", "Năm", "PAR Index", "Xếp hạng", "Nhóm"}, {"Trà Vinh", "2020", "78,5", "60", "Nhóm C"}, {"Vĩnh Long", "2020", "81", "", ""}}
	scores, err := index.ReadScores([]index.Sheet{{Name: "PAR", Cells: cells}}, index.ScoreOptions{Family: "par"})
	if err != nil {
		t.Fatal(err)
	}
	traVinh, _ := area.Find("84", area.MidYear(2020))
	published := FromScores(scores, traVinh, "PAR 2020")
	if len(published) != 1 || *published[0].Value != 78.5 || published[0].Rank != 60 || published[0].Group != "C" || published[0].Index != "par" {
		t.Fatalf("published %+v", published)
	}
	if got := find(t, Judge(plan168(t), Facts{Year: 2020, Published: published}), "par"); got.Verdict != result.Met {
		t.Errorf("group C by 2020: %s", got.Verdict)
	}
}

// TestTheGapOfAMeanOfFactorsAddsUp: where the index takes the mean of its factors, the 22 criteria weigh by their factor and not by their answers.
func TestTheGapOfAMeanOfFactorsAddsUp(t *testing.T) {
	plan, facts := plan168(t), survey2017(t)
	sums, counts, positive := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for _, n := range facts.Nodes {
		for _, e := range facts.Estimates {
			if e.Node == n.ID && n.Level == "criterion" && len(e.Domain) == 0 {
				counts[n.Parent] += float64(e.SumW)
				positive[n.Parent] += float64(e.SumW) * float64(e.Estimate)
			}
		}
	}
	mean := 0.0
	for f := range counts {
		mean += positive[f] / counts[f] / float64(len(counts))
	}
	facts.Nodes[0].Rule = "mean"
	facts.Estimates[0].Estimate, facts.Estimates[0].Lo, facts.Estimates[0].Hi = result.Number(mean), result.Number(mean-1), result.Number(mean+1)
	for _, g := range Gaps(plan, facts, Judge(plan, facts)) {
		if g.Target == "sipas" && g.Kind != GapSmallest {
			sums[g.Kind] += float64(g.Points)
		}
	}
	for _, kind := range []string{GapTotal, GapFactor, GapCriterion} {
		if math.Abs(sums[kind]-(85-mean)) > 1e-9 {
			t.Errorf("the parts by %s add up to %v, want %v", kind, sums[kind], 85-mean)
		}
	}
}

// TestCountsAndLaddersSayHowFar: of 7 procedures 2 are online, 30 % is 2.1 and so 3 of them; the province at rank 41 has 62.40 points.
func TestCountsAndLaddersSayHowFar(t *testing.T) {
	cells := [][]string{{"Tỉnh", "PCI 2020"}}
	for i, u := range area.Provinces(area.MidYear(2020)) {
		score := 70 - 0.19*float64(i) // the i-th province has rank i+1
		if u.Code == "84" {
			score = 62
		}
		cells = append(cells, []string{u.Name, decimal(score, 2, false)})
	}
	scores, err := index.ReadScores([]index.Sheet{{Name: "PCI 2020", Cells: cells}}, index.ScoreOptions{Family: "pci"})
	if err != nil {
		t.Fatal(err)
	}
	traVinh, _ := area.Find("84", area.MidYear(2020))
	plan := plan168(t)
	facts := Facts{Year: 2020, Published: append(FromScores(scores, traVinh, "pci.xlsx"), Published{Index: "egov.online", Year: 2020, Value: ptr(200.0 / 7), Count: 2, Base: 7})}
	said := map[string]string{}
	for _, g := range Gaps(plan, facts, Judge(plan, facts)) {
		said[g.Target] = g.Text.EN
		if g.Target == "egov.online" && g.Respondents != 1 {
			t.Errorf("%v procedures are missing, want 1", g.Respondents)
		}
	}
	if want := "1 more of 7 (now 2)"; !strings.Contains(said["egov.online"], want) {
		t.Errorf("%q, want %q", said["egov.online"], want)
	}
	if want := "The province at rank 41 has 62.40 points: 0.40 points short, other provinces unchanged."; !strings.Contains(said["pci"], want) {
		t.Errorf("%q, want %q", said["pci"], want)
	}
}

// TestTheEdgeMovesWithTheProvince: of 60 provinces the median lies between two, and a province below it that rises to today's median pulls it up.
func TestTheEdgeMovesWithTheProvince(t *testing.T) {
	var scores []placement.Score
	for i := range 60 {
		scores = append(scores, placement.Score{Area: "x", Score: result.Number(40 + float64(i)), SE: result.Unknown()})
	}
	scores[10].Area = "84"
	placed, edges, err := placement.Place(scores, placement.Options{Index: "papi-2019", Year: 2020, Node: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	plan := plan168(t)
	facts := Facts{Year: 2020, Placements: placed}
	gaps := Gaps(plan, facts, Judge(plan, facts))
	if len(gaps) == 0 || gaps[0].Target != "papi" || gaps[0].Kind != GapTotal {
		t.Fatalf("gaps %+v", gaps)
	}
	// The median is 69.5; of the 59 others the one at the edge has 70.
	if gaps[0].Points != 20 || edges.P50 != 69.5 {
		t.Errorf("%v points short of a median of %v; 20 are wanted", gaps[0].Points, edges.P50)
	}
}
