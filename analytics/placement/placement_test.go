package placement

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"hailong/analytics/area"
	"hailong/analytics/index"
	"hailong/analytics/result"
)

// shared finds the project's read-only reference files, or skips the test by name.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("HAILONG_SHARED")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			if filepath.Dir(root) == root {
				t.Skip("no go.mod above the test")
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not there", path)
	}
	return path
}

type papiRow struct {
	year, code, group, rank, of int
	name                        string
	scores                      map[string]result.Number // composite, D1…D8
	groups                      map[string]int           // D1…D8
}

// papi reads the published scores with the groups that the domain study derived independently (papi.md 3.2).
func papi(t *testing.T) []papiRow {
	t.Helper()
	f, err := os.Open(shared(t, "data/papi_scores_2011_2024.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, h := range rows[0] {
		column[h] = i
	}
	groups := map[string]int{"Cao nhất": 1, "TB cao": 2, "TB thấp": 3, "Thấp nhất": 4}
	var out []papiRow
	for _, r := range rows[1:] {
		at := func(h string) int { n, _ := strconv.Atoi(r[column[h]]); return n }
		row := papiRow{
			year: at("year"), code: at("gso_code"), rank: at("rank"), of: at("n_ranked"), name: r[column["province_vi"]], group: groups[r[column["group_composite"]]],
			scores: map[string]result.Number{}, groups: map[string]int{},
		}
		for _, node := range []string{"composite", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"} {
			row.scores[node] = result.Unknown()
			if v, err := strconv.ParseFloat(r[column[node]], 64); err == nil {
				row.scores[node] = result.Number(v)
			}
			if node != "composite" {
				row.groups[node] = at("g" + node[1:])
			}
		}
		row.groups["composite"] = row.group
		out = append(out, row)
	}
	return out
}

func placed(t *testing.T, rows []papiRow, year int, node, rule string) ([]result.Placement, Edges) {
	t.Helper()
	var scores []Score
	for _, r := range rows {
		if r.year == year {
			scores = append(scores, Score{Area: strconv.Itoa(r.code), AreaName: r.name, Score: r.scores[node], SE: result.Unknown()})
		}
	}
	out, edges, err := Place(scores, Options{Index: "papi", Year: year, Node: node, Rule: rule})
	if err != nil {
		t.Fatal(err)
	}
	return out, edges
}

func TestEveryPublishedPAPIGroupIsReproduced(t *testing.T) {
	rows := papi(t)
	checked := 0
	for year := 2011; year <= 2024; year++ {
		for _, node := range []string{"composite", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"} {
			got, _ := placed(t, rows, year, node, "")
			i := 0
			for _, r := range rows {
				if r.year != year {
					continue
				}
				if got[i].Group != r.groups[node] {
					t.Errorf("%d %s %s: group %d, want %d", year, node, r.name, got[i].Group, r.groups[node])
				}
				if node == "composite" && (got[i].Rank != r.rank || (r.rank > 0 && got[i].Of != r.of)) {
					t.Errorf("%d %s: rank %d of %d, want %d of %d", year, r.name, got[i].Rank, got[i].Of, r.rank, r.of)
				}
				checked++
				i++
			}
		}
	}
	if want := 63 * 14 * 9; checked != want {
		t.Errorf("%d placements checked, want %d", checked, want)
	}
}

func TestGroupSizesByNumberOfProvinces(t *testing.T) {
	// 63 → 16/16/15/16; 61 → 15/16/14/16; 60 → 15/15/15/15; 34 → 9/8/8/9 (domain/papi.md 0, fact 4).
	for n, want := range map[int][4]int{63: {16, 16, 15, 16}, 61: {15, 16, 14, 16}, 60: {15, 15, 15, 15}, 34: {9, 8, 8, 9}} {
		var scores []Score
		for i := range n {
			scores = append(scores, Score{Area: strconv.Itoa(i), Score: result.Number(i * i), SE: result.Unknown()})
		}
		_, edges, err := Place(scores, Options{})
		if err != nil || edges.Counts != want {
			t.Errorf("n = %d: %v, want %v (%v)", n, edges.Counts, want, err)
		}
	}
}

func TestTraVinhSitsExactlyOnP25In2018(t *testing.T) {
	rows := papi(t)
	for rule, want := range map[string][2]int{RuleMixed: {4, 3}, RuleWebsite: {3, 4}} {
		got, _ := placed(t, rows, 2018, "composite", rule)
		for _, p := range got {
			if p.Area == "84" && (p.Group != want[0] || p.OtherReading != want[1] || p.Boundary != "P25" || p.Rank != 46 || p.Of != 61) {
				t.Errorf("%s: Trà Vinh 2018 is group %d (other reading %d) on %q, rank %d of %d; want %v on P25, 46 of 61", rule, p.Group, p.OtherReading, p.Boundary, p.Rank, p.Of, want)
			}
		}
	}
}

func TestTraVinh2020IsLowAverageAtRank41(t *testing.T) {
	got, edges := placed(t, papi(t), 2020, "composite", "")
	for _, p := range got {
		if p.Area == "84" && (p.Rank != 41 || p.Of != 63 || p.Group != 3 || p.Boundary != "") {
			t.Errorf("rank %d of %d, group %d, boundary %q; want 41 of 63, group 3, none", p.Rank, p.Of, p.Group, p.Boundary)
		}
	}
	// P25, P50, P75 of 2020: domain/papi.md 5.2.
	for i, pair := range [][2]float64{{float64(edges.P25), 41.630}, {float64(edges.P50), 42.723}, {float64(edges.P75), 43.772}} {
		if d := pair[0] - pair[1]; d > 5e-4 || d < -5e-4 {
			t.Errorf("edge %d is %v, want %v", i, pair[0], pair[1])
		}
	}
}

func TestWithheldProvincesAreNeitherRankedNorCounted(t *testing.T) {
	got, edges := placed(t, papi(t), 2021, "composite", "")
	withheld := 0
	for _, p := range got {
		if p.Rank == 0 {
			withheld++
			if p.Group != 0 || p.Score.Known() {
				t.Errorf("%s is withheld and has group %d", p.AreaName, p.Group)
			}
		}
	}
	// 2021: Quảng Ninh, Bắc Giang, Bắc Ninh (domain/papi.md 5.4).
	if withheld != 3 || edges.N != 60 {
		t.Errorf("%d withheld of %d scored, want 3 and 60", withheld, edges.N)
	}
}

func TestPlaceRefusesAnUnknownRule(t *testing.T) {
	if _, _, err := Place(nil, Options{Rule: "median"}); err == nil {
		t.Error("rule median was taken")
	}
}

func TestTablePlacesEveryYearCompositeAndDimension(t *testing.T) {
	f, err := os.Open(shared(t, "data/papi_scores_2011_2024.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	scores, err := index.ReadScores([]index.Sheet{{File: "papi.csv", Cells: cells}}, index.ScoreOptions{Family: "papi"})
	if err != nil {
		t.Fatal(err)
	}
	placements, err := Table(scores, TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// 7 years of 6 dimensions and a composite, 7 years of 8 and one.
	if want := 63 * (7*7 + 7*9); len(placements) != want {
		t.Errorf("%d placements, want %d", len(placements), want)
	}
	traVinh, _ := area.Find("84", area.MidYear(2020))
	own, err := Table(scores, TableOptions{Last: 2020, Area: traVinh})
	if err != nil || len(own) != 7*7+3*9 {
		t.Fatalf("Trà Vinh up to 2020: %d placements (%v)", len(own), err)
	}
	if p := own[len(own)-9]; p.Year != 2020 || p.Node != "papi" || p.Rank != 41 || p.Index != "papi-2019" || p.GroupLabel.VI != "Trung bình thấp" {
		t.Errorf("Trà Vinh 2020: %+v", p)
	}
	// The Vĩnh Long of 34 provinces is not the one of 63, though both are 86: it has no placement in these years.
	now, _ := area.Find("86", area.TwoTier())
	if own, err = Table(scores, TableOptions{Area: now}); err != nil || len(own) != 0 {
		t.Errorf("the new Vĩnh Long has %d placements among the 63 (%v)", len(own), err)
	}
}

// TestReachIsTheLeastScoreOfAGroup by brute force: at the score that reach names (or a hair above it) an area is in the group, a hair below it is
// not, whatever the number of areas and the rule.
func TestReachIsTheLeastScoreOfAGroup(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{4, 5, 34, 60, 61, 63} {
		for _, rule := range []string{RuleMixed, RuleWebsite} {
			scores := make([]Score, n)
			for i := range scores {
				scores[i] = Score{Area: strconv.Itoa(i), Score: result.Number(40 + float64(random.IntN(4000))/1000), SE: result.Unknown()}
			}
			base, _, err := Place(scores, Options{Rule: rule})
			if err != nil {
				t.Fatal(err)
			}
			for i := range scores {
				group := func(score result.Number) int {
					moved := slices.Clone(scores)
					moved[i].Score = score
					placed, _, err := Place(moved, Options{Rule: rule})
					if err != nil {
						t.Fatal(err)
					}
					return placed[i].Group
				}
				for g, least := range base[i].Reach {
					if above := group(least + 1e-9); above > g+1 {
						t.Errorf("%d areas, %s: just above %v the group is %d, want %d or better", n, rule, least, above, g+1)
					}
					if below := group(least - 1e-9); below <= g+1 {
						t.Errorf("%d areas, %s: below %v the group is already %d", n, rule, least, below)
					}
				}
			}
		}
	}
}
