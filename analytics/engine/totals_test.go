package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/analytics/survey"
)

// TestTotalsAreTheSameForAnyThreadsAndFiles is the promise that results do not depend on how the work is cut: bit for bit, for weights that
// are even within PSUs (packed integers) and for those that are not (fixed point), one grouping set or many.
func TestTotalsAreTheSameForAnyThreadsAndFiles(t *testing.T) {
	dir := t.TempDir()
	split := func(files int) []string {
		var paths []string
		for i := range files {
			paths = append(paths, filepath.Join(dir, fmt.Sprintf("%d-%d.parquet", files, i)))
		}
		writeSurvey(t, fewRows+1000, 7, paths...)
		return paths
	}
	cuts := [][]string{split(1), split(2), split(7)}
	slices.Reverse(cuts[2])
	few := Request{
		Domains: [][]string{{"sex"}, {"province"}, {"sex", "age4"}}, Strata: []string{"province", "urb"},
		Measures: []Measure{
			{ID: "share", Kind: Share, Items: []string{"m1"}, Positive: []int{4, 5}},
			{ID: "mean", Kind: Mean, Items: []string{"m2"}, Base: "sex == 'Nam'"},
			{ID: "pooled", Kind: Share, Items: []string{"m1", "m2", "m3"}, Positive: []int{4, 5}},
			{ID: "pooled mean", Kind: Mean, Items: []string{"m1", "m2", "m3"}},
			{ID: "value", Kind: Value, Items: []string{"M_ssu"}},
			{ID: "pooled values", Kind: Value, Items: []string{"M_ssu", "w"}},
		},
	}
	for name, change := range map[string]func(*Request){
		"even weights":   func(r *Request) { r.PSU, r.Weight, r.FPC = []string{"psu"}, "w", []string{"N_psu", "M_ssu"} },
		"uneven weights": func(r *Request) { r.PSU, r.Weight = []string{"urb"}, "w"; r.Strata = []string{"province"} },
		"no PSU":         func(r *Request) { r.Weight = "w"; r.Measures = r.Measures[:2]; r.Where = "province <= 'P10'" },
	} {
		t.Run(name, func(t *testing.T) {
			req := few
			change(&req)
			var want *survey.Totals
			for i, threads := range []int{1, 2, 3, 4} {
				req.Files = cuts[i%len(cuts)]
				got, _, err := open(t, threads).Totals(context.Background(), req)
				if err != nil {
					t.Fatal(err)
				}
				if want == nil {
					want = got
				}
				if !alike(want, got) {
					t.Fatalf("%d threads, %d files: the totals differ from those of one thread and file", threads, len(req.Files))
				}
			}
		})
	}
}

// alike reports whether two totals are equal in every part, their sums too.
func alike(a, b *survey.Totals) bool {
	if len(a.Breakdowns) != len(b.Breakdowns) {
		return false
	}
	rest := func(t *survey.Totals) survey.Totals {
		out := *t
		out.Breakdowns = slices.Clone(t.Breakdowns)
		for k := range out.Breakdowns {
			out.Breakdowns[k].Sums = nil
		}
		return out
	}
	for k := range a.Breakdowns {
		if !reflect.DeepEqual(a.Breakdowns[k].Sums(), b.Breakdowns[k].Sums()) {
			return false
		}
	}
	return reflect.DeepEqual(rest(a), rest(b))
}

// TestSumsAreTheSameWhenTheyAreMadeAgain: a survey without PSUs, of so many forms that not the sums of all its breakdowns are kept.
func TestSumsAreTheSameWhenTheyAreMadeAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "survey.parquet")
	writeSurvey(t, 40_000, 3, file)
	req := Request{Files: []string{file}, Domains: [][]string{{"sex"}, {"age4"}, {"province"}, {"psu"}}, Weight: "w"}
	for i := range 40 {
		req.Measures = append(req.Measures, Measure{ID: fmt.Sprint("m", i), Kind: Share, Items: []string{"m1"}, Positive: []int{1 + i%5}})
	}
	totals, _, err := open(t, 2).Totals(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	at := func(k int) *float64 { return &totals.Breakdowns[k].Sums()[0].N[0] }
	var want [][]survey.Sums
	var first []*float64
	for k := range totals.Breakdowns {
		want, first = append(want, totals.Breakdowns[k].Sums()), append(first, at(k))
	}
	if at(4) != first[4] || at(0) == first[0] {
		t.Fatal("the sums asked for last are kept, the oldest are not; else this test shows nothing")
	}
	for _, k := range []int{3, 0, 4, 1, 0, 2} {
		if !reflect.DeepEqual(want[k], totals.Breakdowns[k].Sums()) {
			t.Errorf("breakdown %d", k)
		}
	}
}

// TestTotalsOfOneGroupingSetEqualThoseOfMany: a small survey is summed up by all breakdowns at once, a large one by each.
func TestTotalsOfOneGroupingSetEqualThoseOfMany(t *testing.T) {
	file := filepath.Join(t.TempDir(), "survey.parquet")
	writeSurvey(t, 24_000, 3, file)
	db := open(t, 2)
	req := Request{
		Files: []string{file}, Domains: [][]string{{"sex"}, {"age4"}}, Strata: []string{"province"}, PSU: []string{"psu"}, Weight: "w",
		Measures: []Measure{{ID: "share", Kind: Share, Items: []string{"m1"}, Positive: []int{4, 5}}},
	}
	many, bounds, err := db.Totals(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	if bounds.Rows <= fewRows {
		t.Fatalf("%d rows are summed up at once; this test needs more than %d", bounds.Rows, fewRows)
	}
	p, err := db.translate(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	p.finest = true
	once, err := db.sum(context.Background(), p, bounds)
	if err != nil {
		t.Fatal(err)
	}
	if !alike(many, once) {
		t.Error("one grouping set and many differ")
	}
}

// TestUnevenWeightsGiveWhatEvenOnesGive: the fixed-point sums of a sample whose weights happen to be even within PSUs are those of the
// packed integers, as far as 51 bits reach.
func TestUnevenWeightsGiveWhatEvenOnesGive(t *testing.T) {
	file := filepath.Join(t.TempDir(), "survey.parquet")
	writeSurvey(t, 20_000, 5, file)
	db := open(t, 2)
	req := benchRequest(file)
	req.Measures = append(req.Measures[:2],
		Measure{ID: "share", Kind: Share, Items: []string{"m3"}, Positive: []int{5}},
		Measure{ID: "pooled", Kind: Mean, Items: []string{"m4", "m5"}},
		Measure{ID: "value", Kind: Value, Items: []string{"M_ssu"}},
		Measure{ID: "pooled values", Kind: Value, Items: []string{"M_ssu", "w", "m1"}})
	even, bounds, err := db.Totals(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	p, err := db.translate(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	p.finest = true
	bounds.Uneven = 1
	uneven, err := db.sum(context.Background(), p, bounds)
	if err != nil {
		t.Fatal(err)
	}
	variances := [2]*survey.TotalsVariance{}
	for i, totals := range []*survey.Totals{even, uneven} {
		if variances[i], err = totals.Variances(survey.LonelyFail); err != nil {
			t.Fatal(err)
		}
	}
	for m := range even.Measures {
		a, b := variances[0].Domains(m, 1), variances[1].Domains(m, 1)
		for d := range a.Est {
			for what, pair := range map[string][2]float64{"estimate": {a.Est[d], b.Est[d]}, "SE": {a.SE[d], b.SE[d]}, "deff": {a.Deff[d], b.Deff[d]}, "Σw": {a.SumW[d], b.SumW[d]}} {
				if math.Abs(pair[0]-pair[1]) > 1e-10*math.Abs(pair[0]) {
					t.Errorf("%s, province %d: %s is %.17g packed and %.17g in fixed point", even.Measures[m], d, what, pair[0], pair[1])
				}
			}
			if a.N[d] != b.N[d] || a.DF[d] != b.DF[d] {
				t.Errorf("%s, province %d: n %d and %d, df %d and %d", even.Measures[m], d, a.N[d], b.N[d], a.DF[d], b.DF[d])
			}
		}
	}
}

// writeCSV puts a small table where Totals can read it.
func writeCSV(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return forEngine(t, path)
}

// TestMeasuresCountAnswersByHand: sums small enough to take with a pencil.
func TestMeasuresCountAnswersByHand(t *testing.T) {
	// Codes: 1 to 5, −1 don't know, −2 refused, empty blank. Weights 2, 1, 1, 4, 0; the last row counts for nothing, and the one without a
	// weight is left out.
	// v and u are numbers, not codes; v_missing says why v is empty.
	file := writeCSV(t, "psu,w,a,b,dom,v,v_missing,u\n1,2,5,4,x,4.25,0,\n1,1,-1,5,x,,-1,100000\n2,1,3,,y,-2.5,0,0.5\n2,4,-2,1,,,-2,\n3,0,5,5,x,1,0,1\n3,,5,5,x,1,0,1\n")
	db := open(t, 1)
	req := Request{Files: []string{file}, PSU: []string{"psu"}, Weight: "w", Domains: [][]string{{"dom"}}, Measures: []Measure{
		{ID: "share", Kind: Share, Items: []string{"a"}, Positive: []int{4, 5}},                            // 2·1 of 2 + 1
		{ID: "zero", Kind: Share, Items: []string{"a"}, Positive: []int{4, 5}, DontKnow: "zero"},           // 2·1 of 2 + 1 + 1
		{ID: "lowest", Kind: Mean, Items: []string{"a"}, DontKnow: "category_min", Lowest: 1},              // 2·5 + 1·1 + 1·3 of 4
		{ID: "pooled", Kind: Share, Items: []string{"a", "b"}, Positive: []int{4, 5}},                      // 2·2 + 1·1 + 0 + 0 of 2·2 + 1 + 1 + 4
		{ID: "asked", Kind: Mean, Items: []string{"b"}, Base: "a >= 0"},                                    // 2·4 of 2; b is blank for the other
		{ID: "nobody", Kind: Mean, Items: []string{"b"}, Base: "a == 2"},                                   // nobody
		{ID: "everyone", Kind: Value, Items: []string{"b"}},                                                // 2·4 + 1·5 + 4·1 of 7
		{ID: "texts", Kind: Share, Items: []string{"a"}, Positive: []int{5}, Base: "dom in ('x', 'none')"}, // 2 of 2
		{ID: "numbers", Kind: Value, Items: []string{"v"}},                                                 // 2·4.25 − 2.5 of 3
		{ID: "numbers, zero", Kind: Value, Items: []string{"v"}, DontKnow: "zero"},                         // 2·4.25 − 2.5 of 4
		{ID: "numbers, lowest", Kind: Value, Items: []string{"v"}, DontKnow: "category_min", Lowest: -10},  // 2·4.25 − 2.5 − 10 of 4
		{ID: "pooled numbers", Kind: Value, Items: []string{"v", "u"}},                                     // 2·4.25 + 100000 − 2.5 + 0.5 of 2 + 1 + 2
	}}
	totals, bounds, err := db.Totals(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	if bounds.Rows != 5 || bounds.Unweighted != 1 || bounds.Zero != 1 || bounds.Negative != 0 {
		t.Errorf("bounds are %+v", bounds)
	}
	want := []struct {
		est, sumW float64
		n         int
	}{{2. / 3, 3, 2}, {2. / 4, 4, 3}, {14. / 4, 4, 3}, {5. / 10, 8, 4}, {4, 2, 1}, {math.NaN(), 0, 0}, {17. / 7, 7, 3}, {1, 2, 1}, {2, 3, 2}, {1.5, 4, 3}, {-1, 4, 3}, {100006.5 / 5, 4, 3}}
	for i, w := range want {
		l := totals.Ratio(survey.Cell{Measure: i})
		if !(l.Est == w.est || math.IsNaN(l.Est) && math.IsNaN(w.est)) || l.SumW != w.sumW || l.N != w.n {
			t.Errorf("%s: estimate %g, Σw %g, n %d; by hand %g, %g, %d", totals.Measures[i], l.Est, l.SumW, l.N, w.est, w.sumW, w.n)
		}
	}
	b, _ := totals.Find("dom")
	if got := totals.Breakdowns[b].Values; !slices.EqualFunc(got, [][]string{{"x"}, {"y"}}, slices.Equal[[]string]) {
		t.Errorf("the values of dom are %v; a missing one is none of them", got)
	}
	if l := totals.Ratio(survey.Cell{Breakdown: b}); l.Est != 1 || l.N != 1 || l.PSUs != 1 {
		t.Errorf("x: %+v; by hand 2·1 of 2, one respondent in one PSU", l)
	}
}

func TestLevelsKeepKindsOfMissingApart(t *testing.T) {
	file := writeCSV(t, "w,a,b,dom\n2,5,4,x\n1,-1,5,x\n1,3,,y\n4,-2,1,\n1,-4,1,y\n0.5,5,-3,x\n")
	db := open(t, 2)
	levels, err := db.Levels(context.Background(), Request{Files: []string{file}, Weight: "w", Domains: [][]string{{"dom"}}}, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	want := &Levels{Items: []string{"a", "b"}, Breakdowns: []LevelBreakdown{
		{Values: [][]string{nil}, Answers: [][][]Answer{{
			{{Code: -4, N: 1, SumW: 1}, {Code: -2, N: 1, SumW: 4}, {Code: -1, N: 1, SumW: 1}, {Code: 3, N: 1, SumW: 1}, {Code: 5, N: 2, SumW: 2.5}},
			{{Code: -3, N: 1, SumW: 0.5}, {Code: 1, N: 2, SumW: 5}, {Code: 4, N: 1, SumW: 2}, {Code: 5, N: 1, SumW: 1}, {Blank: true, N: 1, SumW: 1}},
		}}},
		{Columns: []string{"dom"}, Values: [][]string{{"x"}, {"y"}}, Answers: [][][]Answer{
			{{{Code: -1, N: 1, SumW: 1}, {Code: 5, N: 2, SumW: 2.5}}, {{Code: -3, N: 1, SumW: 0.5}, {Code: 4, N: 1, SumW: 2}, {Code: 5, N: 1, SumW: 1}}},
			{{{Code: -4, N: 1, SumW: 1}, {Code: 3, N: 1, SumW: 1}}, {{Code: 1, N: 1, SumW: 1}, {Blank: true, N: 1, SumW: 1}}},
		}},
	}}
	if d := cmp.Diff(want, levels); d != "" {
		t.Error(d)
	}
}

func TestRequestsThatCannotBeMet(t *testing.T) {
	file := writeCSV(t, "h,psu,w,y,fpc,m\n1,1,1,3,4,9\n1,2,1,4,4,9\n2,1,1,5,1,9\n2,2,1,5,1,9\n3,1,1,5,7,9\n3,2,1,5,8,1\n3,2,1,5,8,1\n")
	db := open(t, 1)
	y := []Measure{{ID: "y", Kind: Mean, Items: []string{"y"}}}
	for name, c := range map[string]struct {
		req  Request
		want string
	}{
		"no files":           {Request{}, "no files"},
		"no such file":       {Request{Files: []string{"/nowhere/at.parquet"}, Measures: y}, "/nowhere/at.parquet"},
		"no such column":     {Request{Files: []string{file}, Weight: "gewicht", Measures: y}, "the dataset has the columns h, psu, w, y"},
		"no rows":            {Request{Files: []string{file}, Where: "h == 9", Measures: y}, "no row has a weight"},
		"fpc below sample":   {Request{Files: []string{file}, Strata: []string{"h"}, PSU: []string{"psu"}, FPC: []string{"fpc"}, Where: "h == 2", Measures: y}, `stratum "2" has 2 sampling units in the sample but 1`},
		"fpc varies":         {Request{Files: []string{file}, Strata: []string{"h"}, PSU: []string{"psu"}, FPC: []string{"fpc"}, Where: "h == 3", Measures: y}, `differs within stratum "3"`},
		"second fpc too low": {Request{Files: []string{file}, Strata: []string{"h"}, PSU: []string{"psu"}, FPC: []string{"w", "m"}, Where: "psu == 2 & h == 3", Measures: y}, `psu "2" of stratum "3" has 2 rows`},
		"second fpc alone":   {Request{Files: []string{file}, FPC: []string{"fpc", "m"}, Measures: y}, "needs a psu column"},
		"three stages":       {Request{Files: []string{file}, FPC: []string{"a", "b", "c"}, Measures: y}, "PSU totals know two"},
		"no items":           {Request{Files: []string{file}, Measures: []Measure{{ID: "y"}}}, "measure y: it has no items"},
		"no positive":        {Request{Files: []string{file}, Measures: []Measure{{ID: "y", Items: []string{"y"}}}}, "no answer counts as positive"},
		"bad condition":      {Request{Files: []string{file}, Where: "h = = 1", Measures: y}, `"h = = 1"`},
		"bad base":           {Request{Files: []string{file}, Measures: []Measure{{ID: "y", Kind: Mean, Items: []string{"y"}, Base: "h >"}}}, "its end"},
		"bad don't know":     {Request{Files: []string{file}, Measures: []Measure{{ID: "y", Kind: Mean, Items: []string{"y"}, DontKnow: "drop"}}}, `"drop" is not one of`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := db.Totals(context.Background(), c.req)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v; it should say %q", err, c.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := db.Totals(ctx, Request{Files: []string{file}, Measures: y}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled request gives %v", err)
	}
}

func TestColumnsReadNumbersTextsAndPropositions(t *testing.T) {
	file := writeCSV(t, "y,t,q\n1.5,a,4\n,b,-1\n3,,\n")
	columns, err := open(t, 1).Columns(context.Background(), []string{file}, []string{"y", "t", "q"}, []string{"q >= 4", "t == 'a' | y == 3"}, []string{"q"})
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	// In the order of y, the missing one first.
	want := map[string][]float64{"y": {nan, 1.5, 3}, "q": {nan, 4, nan}, "q >= 4": {nan, 1, nan}, "t == 'a' | y == 3": {nan, 1, 1}}
	for _, c := range columns {
		if c.Name == "t" {
			if !slices.Equal(c.Texts, []string{"b", "a", ""}) || !slices.Equal(c.Missing, []bool{false, false, true}) {
				t.Errorf("t is %+v", c)
			}
			continue
		}
		if !slices.EqualFunc(c.Numbers, want[c.Name], func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }) {
			t.Errorf("%s is %v, want %v", c.Name, c.Numbers, want[c.Name])
		}
	}
}

// FuzzCondition: any text is an error or SQL that the engine can read; what stands between quotes stays there.
func FuzzCondition(f *testing.F) {
	for _, s := range []string{"a == 1", "!(a >= 2 & b < 3.5) | is.na(c)", "huyen in ('Cầu Ngang', 'Trà Cú')", "a = 'x''; drop table t; --'", "((((", "`Trọng số` > 1", "a == -1e3"} {
		f.Add(s)
	}
	db, err := Open(context.Background(), Options{Threads: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { db.Close() })
	f.Fuzz(func(t *testing.T, s string) {
		out, err := Condition(s, DuckDB)
		if err != nil || strings.TrimSpace(s) == "" {
			return
		}
		if strings.ContainsAny(out, "\x00") {
			return
		}
		// A reference to a column that is not there is a Binder Error; anything else that the engine cannot read is ours.
		if _, err := db.sql.Exec("EXPLAIN SELECT " + out); err != nil && strings.Contains(err.Error(), "Parser Error") {
			t.Errorf("condition %q became %s: %v", s, out, err)
		}
	})
}

// TestEveryStatementIsUsed: a file in sql/ that no code names is dead, and one that code names must be there.
func TestEveryStatementIsUsed(t *testing.T) {
	files, err := statements.ReadDir("sql")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, s := range sources {
		if !strings.HasSuffix(s, "_test.go") {
			text, err := os.ReadFile(s)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(text)
		}
	}
	if len(files) != 5 {
		t.Errorf("%d statements, want 5", len(files))
	}
	for _, f := range files {
		if !strings.Contains(code.String(), `statement("`+f.Name()+`"`) {
			t.Errorf("no code uses sql/%s", f.Name())
		}
		text, err := statements.ReadFile("sql/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, head := range []string{"-- Purpose: ", "-- Parameters: ", "-- Columns: "} {
			if !strings.Contains(string(text), head) {
				t.Errorf("sql/%s does not say its %s", f.Name(), head)
			}
		}
		if strings.Contains(string(text), "FILTER (") {
			t.Errorf("sql/%s uses FILTER, which is slow in DuckDB and not in Spark's common subset", f.Name())
		}
	}
}
