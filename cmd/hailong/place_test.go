package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hailong/analytics/result"
)

// published is one year of the PAPI sample: the columns of the two tables, province by province.
type published struct {
	codes, names []string
	nodes        []string // D1, 1.1 … D8, 8.3, composite
	values       map[string][]string
	label        map[string][2]string // English and Vietnamese
}

func readCSV(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = r[i]
		}
		out = append(out, m)
	}
	return out
}

func publishedYear(t *testing.T, year string) published {
	t.Helper()
	p := published{values: map[string][]string{}, label: map[string][2]string{"composite": {"Unweighted PAPI Score", "Chỉ số PAPI tổng hợp (không có trọng số)"}}}
	for _, n := range readCSV(t, "../../samples/papi/names.csv") {
		if n["from"] <= year && year <= n["to"] {
			p.label[n["code"]] = [2]string{n["en"], n["vi"]}
		}
	}
	scores := readCSV(t, "../../samples/papi/papi-scores.csv")
	subs := readCSV(t, "../../samples/papi/papi-subdimensions.csv")
	for d := 1; d <= 8; d++ {
		p.nodes = append(p.nodes, fmt.Sprintf("D%d", d))
		for s := 1; s <= 4; s++ {
			p.nodes = append(p.nodes, fmt.Sprintf("%d.%d", d, s))
		}
	}
	p.nodes = append(p.nodes, "composite")
	for i, r := range scores {
		if r["year"] != year {
			continue
		}
		p.codes, p.names = append(p.codes, r["gso_code"]), append(p.names, r["province_vi"])
		for _, n := range p.nodes {
			v, there := r[n]
			if !there {
				v = subs[i][n]
			}
			p.values[n] = append(p.values[n], v)
		}
	}
	return p
}

// rowShape has a province a row, with the title rows, header rows and pseudo-provinces of offices.
func (p published) rowShape(language int) [][]string {
	out := [][]string{{"KẾT QUẢ PAPI"}, {}}
	head := []string{"STT", "Tỉnh, thành phố"}
	for _, n := range p.nodes {
		if p.label[n] == ([2]string{}) {
			continue
		}
		switch {
		case n == "composite":
			head = append(head, p.label[n][language])
		case n[0] == 'D':
			head = append(head, "  "+n[1:]+": "+p.label[n][language]+" ")
		default:
			head = append(head, n+": "+p.label[n][language])
		}
	}
	out = append(out, head)
	for i, name := range p.names {
		row := []string{strconv.Itoa(i + 1), name}
		for _, n := range p.nodes {
			if p.label[n] != ([2]string{}) {
				v := p.values[n][i]
				if language == 1 {
					v = strings.Replace(v, ".", ",", 1)
				}
				row = append(row, v)
			}
		}
		out = append(out, row)
	}
	best := []string{"", "Điểm cao nhất"}
	for range len(head) - 2 {
		best = append(best, "9")
	}
	return append(out, best)
}

// columnShape has a province a column and about 167 rows: the composite with its interval and standard error, then every dimension with its
// sub-dimensions and, beneath each, indicators as fractions, which are decoys here. Withheld scores are zeros. relabelled puts the units of
// 1/7/2025 above, with a blank column between them.
func (p published) columnShape(se bool, relabelled bool) [][]string {
	var out [][]string
	add := func(en, vi, scale string, value func(i int) string) {
		row := []string{en, vi, scale}
		for i := range p.codes {
			row = append(row, value(i))
			if relabelled && i%3 == 2 {
				row = append(row, "")
			}
		}
		out = append(out, row)
	}
	if relabelled {
		for _, name := range []string{"Mã đơn vị mới", "Đơn vị hành chính mới", "Ghi chú", "Nghị quyết 202/2025/QH15"} {
			add("", name, "", func(i int) string {
				if name == "Đơn vị hành chính mới" {
					return []string{"Tỉnh Vĩnh Long", "Thành phố Cần Thơ", "Tỉnh An Giang"}[i/3%3]
				}
				return ""
			})
		}
	}
	add("", "Mã tỉnh", "", func(i int) string { return strings.TrimPrefix(p.codes[i], "0") })
	add("", "Tỉnh/Thành phố trực thuộc trung ương", "", func(i int) string { return p.names[i] })
	value := func(n string) func(i int) string {
		return func(i int) string {
			if v := p.values[n][i]; v != "" {
				return v
			}
			return "0"
		}
	}
	add(p.label["composite"][0], p.label["composite"][1], "10-80 điểm/points", value("composite"))
	if se {
		bound := func(z float64) func(i int) string {
			return func(i int) string {
				x, _ := strconv.ParseFloat(p.values["composite"][i], 64)
				return strconv.FormatFloat(x+z*(0.2+float64(i)/100), 'f', 6, 64)
			}
		}
		add("Unweighted 95% CI Low", "", "", bound(-1.645))
		add("Unweighted 95% CI High", "", "", bound(1.645))
	}
	for _, n := range p.nodes {
		label := p.label[n]
		switch {
		case label == [2]string{} || n == "composite":
			continue
		case n[0] == 'D':
			add("Dimension "+n[1:]+": "+label[0], "Chỉ số nội dung "+n[1:]+": "+label[1], "1-10 điểm/points", value(n))
			continue
		}
		add(label[0], n+": "+label[1], "0.25-2.5 điểm", value(n))
		for k := range 4 {
			add(fmt.Sprintf("Indicator %s of %d citizens (%%)", n, k), fmt.Sprintf("Tỷ lệ người dân %d (%%)", k), "0%-100%", func(i int) string { return fmt.Sprintf("0.%d%d", k+1, i%10) })
		}
	}
	return out
}

func place(t *testing.T, rows [][]string, name string, args ...string) []result.Placement {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return placed(t, append([]string{path}, args...)...)
}

func placed(t *testing.T, args ...string) []result.Placement {
	t.Helper()
	var out, stderr strings.Builder
	if code := run(context.Background(), append([]string{"--lang", "en", "place", "--json", "-"}, args...), nil, &out, &stderr); code != exitOK {
		t.Fatalf("place %v: exit %d: %s", args, code, stderr.String())
	}
	if !strings.Contains(stderr.String(), "; 0 do not add up") {
		t.Errorf("place %v says of the sums: %s", args, stderr.String())
	}
	var all []result.Placement
	if err := json.Unmarshal([]byte(out.String()), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPlaceReadsEveryShape: the same year in every shape that offices keep gives the same scores, ranks and groups.
func TestPlaceReadsEveryShape(t *testing.T) {
	t.Parallel()
	for _, year := range []string{"2014", "2018", "2022", "2024"} {
		p := publishedYear(t, year)
		want := map[string]result.Placement{}
		for _, x := range placed(t, "../../samples/papi/papi-scores.xlsx", "--year", year) {
			want[x.Area+" "+x.Node] = x
		}
		shapes := map[string][][]string{
			"english rows": p.rowShape(0), "vietnamese rows": p.rowShape(1), "columns": p.columnShape(false, false), "relabelled columns": p.columnShape(false, true),
		}
		for shape, rows := range shapes {
			got := place(t, rows, year+"PAPI_ProvincialIndicators.csv")
			if len(got) != len(want) {
				t.Errorf("%s, %s: %d placements, the workbook has %d", year, shape, len(got), len(want))
			}
			for _, x := range got {
				w := want[x.Area+" "+x.Node]
				if x.Score != w.Score && (x.Score.Known() || w.Score.Known()) || x.Rank != w.Rank || x.Group != w.Group || x.Of != w.Of || x.Boundary != w.Boundary || x.Year != w.Year {
					t.Errorf("%s, %s, %s %s: %v, rank %d/%d, group %d %s; want %v, rank %d/%d, group %d %s", year, shape, x.AreaName, x.Node, x.Score, x.Rank, x.Of, x.Group, x.Boundary, w.Score, w.Rank, w.Of, w.Group, w.Boundary)
				}
			}
		}
	}
}

// TestPlaceSaysHowSure: standard errors come from the published interval by PAPI's own 1.645, and with them the probability of a group and the
// simultaneous rank set.
func TestPlaceSaysHowSure(t *testing.T) {
	t.Parallel()
	p := publishedYear(t, "2020")
	got := place(t, p.columnShape(true, false), "2020PAPI.csv", "--node", "composite")
	stable := 0
	for i, x := range got {
		if se := 0.2 + float64(i)/100; float64(x.SE)-se > 1e-6 || se-float64(x.SE) > 1e-6 {
			t.Errorf("%s: SE %v, want %v", x.AreaName, x.SE, se)
		}
		sum := 0.0
		for _, q := range x.Probabilities {
			sum += float64(q)
		}
		if sum < 1-1e-9 || sum > 1+1e-9 || x.RankSet[0] > x.Rank || x.RankSet[1] < x.Rank {
			t.Errorf("%s: probabilities %v, rank %d in %v", x.AreaName, x.Probabilities, x.Rank, x.RankSet)
		}
		if x.Stable {
			stable++
		}
		if x.Stable != (x.Probabilities[x.Group-1] >= 0.9) {
			t.Errorf("%s is stable: %v at %v", x.AreaName, x.Stable, x.Probabilities[x.Group-1])
		}
	}
	if len(got) != 63 || stable == 0 || stable == 63 {
		t.Errorf("%d provinces, %d of them stable", len(got), stable)
	}
}
