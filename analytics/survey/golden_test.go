package survey

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestGolden computes every case of a folder in the form of shared/golden through the public API and compares every number in it.
// HAILONG_GOLDEN names another folder. The expected values are R survey's (4.1-1 and 4.5; see the folder's README). Only the group
// info_only, where R's answer is degenerate, is left out.
func TestGolden(t *testing.T) {
	dir := os.Getenv("HAILONG_GOLDEN")
	if dir == "" {
		dir = filepath.Join(sharedDir(t), "golden")
	} else if !filepath.IsAbs(dir) {
		dir = filepath.Join(moduleRoot(t), dir)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("HAILONG_GOLDEN: %v", err)
	}
	runGolden(t, dir)
}

// runGolden runs every case of the folders' JSON files and prints passed / total and the worst relative error of each group.
func runGolden(t *testing.T, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expected.json in %s", dir)
	}
	type tally struct {
		passed, total int
		worst         float64
		worstAt       string
	}
	groups := map[string]*tally{}
	for _, file := range files {
		g, err := readGolden(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range g.Cases {
			if c.Group == "info_only" {
				continue
			}
			s := groups[c.Group]
			if s == nil {
				s = &tally{}
				groups[c.Group] = s
			}
			s.total++
			misses, worst, at := g.check(c)
			if worst > s.worst {
				s.worst, s.worstAt = worst, c.ID+" "+at
			}
			if len(misses) == 0 {
				s.passed++
				continue
			}
			if len(misses) > 4 {
				misses = append(misses[:4], fmt.Sprintf("… %d more", len(misses)-4))
			}
			t.Errorf("%s: %s", c.ID, strings.Join(misses, "\n    "))
		}
	}
	var names []string
	for name := range groups {
		names = append(names, name)
	}
	slices.Sort(names)
	all := tally{}
	for _, name := range names {
		s := groups[name]
		t.Logf("%-14s %3d / %3d  worst relative error %.1e  %s", name, s.passed, s.total, s.worst, s.worstAt)
		all.passed += s.passed
		all.total += s.total
		all.worst = math.Max(all.worst, s.worst)
	}
	t.Logf("%-14s %3d / %3d  worst relative error %.1e", "all", all.passed, all.total, all.worst)
}

type golden struct {
	dir     string
	Designs map[string]goldenDesign
	Cases   []goldenCase
	frames  map[string]*Frame
}

type goldenDesign struct {
	Data    string
	IDs     stringList
	Strata  stringList
	FPC     stringList
	Weights stringList
	Probs   stringList
	PPS     string
	Nest    bool
	Note    string
}

type goldenCase struct {
	ID, Group, Design string
	Steps             []json.RawMessage
	Options           json.RawMessage
	Op                json.RawMessage
	TolRel            float64 `json:"tol_rel"`
	ExpectError       bool    `json:"expect_error"`
	Replicates        struct {
		CSV     string `json:"replicate_weights_csv"`
		Scale   float64
		RScales []float64
		N       int `json:"n_rep"`
	}
	Expected map[string]any
}

// stringList reads a string, an array or nothing.
type stringList []string

func (s *stringList) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*s = make([]string, 1)
		return json.Unmarshal(b, &(*s)[0])
	}
	return json.Unmarshal(b, (*[]string)(s))
}

// number reads a number, "Inf", "-Inf" or null.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null":
		*n = number(math.NaN())
	case `"Inf"`:
		*n = number(math.Inf(1))
	case `"-Inf"`:
		*n = number(math.Inf(-1))
	default:
		return json.Unmarshal(b, (*float64)(n))
	}
	return nil
}

func readGolden(file string) (*golden, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	g := &golden{dir: filepath.Dir(file), frames: map[string]*Frame{}}
	if err := json.Unmarshal(b, g); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return g, nil
}

// frame reads data/<name>.csv; satis_2024 and the like are the rows of a satis file with that wave. Satisfaction data get the
// cleaned columns that golden_lib.R's clean_satis adds.
func (g *golden) frame(name, note string) (*Frame, error) {
	if f, ok := g.frames[name]; ok {
		return f, nil
	}
	f, err := readFrame(filepath.Join(g.dir, "data", name+".csv"))
	if err != nil {
		m := regexp.MustCompile(`rows of (\S+)\.csv with (wave==\d+)`).FindStringSubmatch(note)
		if m == nil {
			for _, d := range g.Designs { // a case without design names the data of another case's
				if d.Data == name && d.Note != note {
					return g.frame(name, d.Note)
				}
			}
			return nil, err
		}
		base, baseErr := g.frame(m[1], "")
		if baseErr != nil {
			return nil, baseErr
		}
		keep, keepErr := evalR(m[2], base)
		if keepErr != nil {
			return nil, keepErr
		}
		f = base.Filter(truths(keep))
	}
	if _, err := f.Column("q1"); err == nil {
		if _, err := f.Column("c1"); err != nil {
			if err := cleanSatis(f); err != nil {
				return nil, err
			}
		}
	}
	g.frames[name] = f
	return f, nil
}

func truths(v rValue) []bool {
	out := make([]bool, len(v.col.Values))
	for k, x := range v.col.Values {
		out[k] = !math.IsNaN(x) && x != 0
	}
	return out
}

// readFrame reads a CSV as R does: an empty field is missing, a column of numbers is numeric, any other a factor.
func readFrame(file string) (*Frame, error) {
	h, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	records, err := csv.NewReader(h).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	f := NewFrame(len(records) - 1)
	for j, name := range records[0] {
		labels := make([]string, f.rows)
		values := make([]float64, f.rows)
		numeric := true
		for k := range labels {
			labels[k] = records[k+1][j]
			values[k] = math.NaN()
			if labels[k] == "" {
				continue
			}
			if values[k], err = strconv.ParseFloat(strings.TrimSpace(labels[k]), 64); err != nil {
				numeric = false
			}
		}
		c := Factor(labels)
		if numeric {
			c = Numeric(values)
		}
		if err := f.Set(name, c); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func cleanSatis(f *Frame) error {
	n := f.Rows()
	sum, valid := make([]float64, n), make([]float64, n)
	for i := 1; i <= 8; i++ {
		v, err := evalR(fmt.Sprintf("ifelse(q%d %%in%% c(1,2,3,4,5), q%d, NA)", i, i), f)
		if err != nil {
			return err
		}
		for k, x := range v.col.Values {
			if !math.IsNaN(x) {
				sum[k] += x
				valid[k]++
			}
		}
		if err := f.Set(fmt.Sprintf("c%d", i), v.col); err != nil {
			return err
		}
	}
	idx := make([]float64, n)
	age := make([]string, n)
	for k := range idx {
		idx[k] = math.NaN()
		if valid[k] >= 5 {
			idx[k] = (sum[k]/valid[k] - 1) / 4 * 100
		}
		switch a := f.cols["age"].Values[k]; {
		case a < 30:
			age[k] = "18-29"
		case a < 45:
			age[k] = "30-44"
		case a < 60:
			age[k] = "45-59"
		default:
			age[k] = "60+"
		}
	}
	if err := f.Set("idx", Numeric(idx)); err != nil {
		return err
	}
	if err := f.Set("agegrp", Factor(age)); err != nil {
		return err
	}
	for _, s := range [][2]string{{"top2", "overall>=4"}, {"promoter", "nps>=9"}, {"detractor", "nps<=6"}, {"npsi", "100*(promoter-detractor)"}} {
		v, err := evalR(s[1], f)
		if err != nil {
			return err
		}
		if err := f.Set(s[0], v.col); err != nil {
			return err
		}
	}
	return nil
}

// check computes one case and compares it. Where replicate weights come with the case, it is computed with them and,
// unless they were drawn at random, with our own.
func (g *golden) check(c goldenCase) (misses []string, worst float64, at string) {
	routes := []bool{false}
	if kind, csv := g.replication(c); kind != "" {
		switch {
		case csv == "":
		case strings.Contains(kind, "bootstrap"):
			routes = []bool{true}
		default:
			routes = []bool{false, true}
		}
	}
	for _, given := range routes {
		got, err := g.compute(c, given)
		if c.ExpectError {
			if err == nil {
				misses = append(misses, "an error was due, there was none")
			}
			continue
		}
		if err != nil {
			misses = append(misses, "error: "+err.Error())
			continue
		}
		if c.Expected == nil {
			misses = append(misses, "the case expects nothing")
			continue
		}
		cmp := comparison{tol: c.TolRel}
		cmp.walk("", c.Expected, got, 1)
		if mc, ok := c.Expected["mc"].(map[string]any); ok {
			cmp.monteCarlo(mc, got)
		}
		misses = append(misses, cmp.misses...)
		if cmp.worst > worst {
			worst, at = cmp.worst, cmp.worstAt
		}
	}
	return misses, worst, at
}

type comparison struct {
	tol     float64
	misses  []string
	worst   float64
	worstAt string
}

// walk compares everything that the expected value holds.
func (c *comparison) walk(path string, want, got any, est float64) {
	switch w := want.(type) {
	case map[string]any:
		m, ok := got.(map[string]any)
		if !ok {
			c.misses = append(c.misses, path+": not computed")
			return
		}
		if v, ok := w["est"].(float64); ok {
			est = math.Max(1, math.Abs(v))
		}
		keys := make([]string, 0, len(w))
		for k := range w {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if k == "mc" || k == "input" || k == "mrsw_supt_crit_mc" {
				continue // inputs, and Monte Carlo values that have their own tolerance
			}
			v, ok := m[k]
			if !ok {
				c.misses = append(c.misses, path+"/"+k+": not computed")
				continue
			}
			c.walk(path+"/"+k, w[k], v, est)
		}
	case []any:
		if v, ok := got.(float64); ok && len(w) == 0 && math.IsNaN(v) {
			return // R had nothing there
		}
		l, ok := got.([]any)
		if !ok {
			c.misses = append(c.misses, fmt.Sprintf("%s: want %d entries, got %v", path, len(w), got))
			return
		}
		for i := range w {
			row, ok := sameRow(w[i], l, i, len(w))
			if !ok {
				c.misses = append(c.misses, fmt.Sprintf("%s/%d: want %d entries, got %d", path, i, len(w), len(l)))
				return
			}
			c.walk(fmt.Sprintf("%s/%d", path, i), w[i], row, est)
		}
	case string:
		switch w {
		case "Inf":
			c.number(path, math.Inf(1), got, est)
		case "-Inf":
			c.number(path, math.Inf(-1), got, est)
		default:
			if s, ok := got.(string); ok && s != w {
				c.misses = append(c.misses, fmt.Sprintf("%s: want %q, got %q", path, w, s))
			}
		}
	case nil:
		if _, ok := got.(string); ok {
			return // R lost a name
		}
		c.number(path, math.NaN(), got, est)
	case float64:
		c.number(path, w, got, est)
	default:
		c.misses = append(c.misses, fmt.Sprintf("%s: cannot compare %T", path, want))
	}
}

// sameRow finds the entry with the same term and domain as a row of the case, else the one in its place of a list of the same length.
func sameRow(want any, got []any, i, n int) (any, bool) {
	if w, ok := want.(map[string]any); ok && w["term"] != nil {
		for _, g := range got {
			if m, ok := g.(map[string]any); ok && m["term"] == w["term"] && fmt.Sprint(m["by"]) == fmt.Sprint(w["by"]) {
				return g, true
			}
		}
	}
	if len(got) != n {
		return nil, false
	}
	return got[i], true
}

func (c *comparison) number(path string, want float64, got any, est float64) {
	var v float64
	switch x := got.(type) {
	case float64:
		v = x
	case int:
		v = float64(x)
	default:
		c.misses = append(c.misses, fmt.Sprintf("%s: want %g, got %v", path, want, got))
		return
	}
	if math.IsNaN(want) && math.IsNaN(v) || v == want {
		return
	}
	diff := math.Abs(v - want)
	if !(diff <= c.tol*math.Max(math.Abs(v), math.Abs(want))+1e-9*est) {
		c.misses = append(c.misses, fmt.Sprintf("%s: want %.12g, got %.12g", path, want, v))
		return
	}
	if diff > 1e-9*est { // below that R's own rounding speaks, as with standard errors of 0
		if e := relativeError(v, want); e > c.worst {
			c.worst, c.worstAt = e, path
		}
	} else if e := relativeError(v, want); e < c.tol && e > c.worst {
		c.worst, c.worstAt = e, path
	}
}

// monteCarlo holds the entries of group ranks that R simulated to the absolute tolerance that stands with them.
func (c *comparison) monteCarlo(mc map[string]any, got map[string]any) {
	mine, _ := got["mc"].(map[string]any)
	tol, _ := mc["tol_abs_prob"].(float64)
	var walk func(path string, want, have any)
	walk = func(path string, want, have any) {
		switch w := want.(type) {
		case []any:
			l, ok := have.([]any)
			if !ok || len(l) != len(w) {
				c.misses = append(c.misses, path+": not computed")
				return
			}
			for i := range w {
				walk(fmt.Sprintf("%s/%d", path, i), w[i], l[i])
			}
		case float64:
			v, _ := have.(float64)
			if !(math.Abs(v-w) <= tol) {
				c.misses = append(c.misses, fmt.Sprintf("%s: want %g, got %g", path, w, v))
			}
		}
	}
	for k, v := range mc {
		if k != "tol_abs_prob" {
			walk("/mc/"+k, v, mine[k])
		}
	}
}

// replication finds the replicate step of a case and the file with its weights, which may stand with another case of the same design and step.
func (g *golden) replication(c goldenCase) (kind, file string) {
	find := func(c goldenCase) (string, string) {
		for _, raw := range c.Steps {
			var s struct{ Op, Type string }
			if json.Unmarshal(raw, &s) == nil && s.Op == "replicate" {
				return s.Type, string(raw)
			}
		}
		return "", ""
	}
	kind, raw := find(c)
	if kind == "" || c.Replicates.CSV != "" {
		return kind, c.Replicates.CSV
	}
	for _, o := range g.Cases {
		if k, r := find(o); k == kind && o.Design == c.Design && o.Replicates.CSV != "" && strings.ReplaceAll(r, `, "mse": true`, "") == strings.ReplaceAll(raw, `, "mse": true`, "") {
			return kind, o.Replicates.CSV
		}
	}
	return kind, ""
}
