package index

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hailong/analytics/area"
	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// A Sheet is a table as its user keeps it: the text of its cells, row by row. Whoever reads the file makes it.
type Sheet struct {
	File  string
	Name  string
	Cells [][]string
}

// A Score is one published figure of one area, year and node.
type Score struct {
	Year     int
	Area     string // code that was valid in that year
	AreaName string
	Node     string
	Value    result.Number // unknown: withheld
	SE       result.Number // as published, or from the published interval
	Rank     int           // as published
	Group    string        // as published
	Computed bool          // not in the file: from the parts by the definition's rules
	Decimals int           // as printed
	File     string
	Sheet    string
	Cell     string
}

// Scores is what a published table holds, by year, node in tree order and area.
type Scores struct {
	Family      string
	Definitions []*Definition
	Scores      []Score
	Problems    []result.Problem
	Notes       []result.Text // what was read how: pseudo-provinces passed over, repeated years, a framework that was assumed

	Checked int // published composites whose parts are published too: each was made again from them, and those that do not agree are problems

	days map[int]time.Time // of each year's map, where it is not the one of the middle of the year
}

// Day is a day of the map by whose codes a year's areas are named: that of the middle of the year, and from 2025 on the one that the table
// itself follows, of 63 provinces or of 34.
func (s *Scores) Day(year int) time.Time {
	if day, ok := s.days[year]; ok {
		return day
	}
	return area.MidYear(year)
}

// ScoreOptions say what the table is about where it does not say so itself.
type ScoreOptions struct {
	Family      string        // papi, pci …
	Definitions []*Definition // of the user's own, beside those that ship for the family and before them where years are shared
	Year        int           // for a sheet that names no year
}

// ReadScores reads published score tables in every shape that offices keep: a province a row or a province a column, English or
// Vietnamese headers, numbered or not, one year a sheet or a column of years, wide or long.
//
// Nodes are found by their labels and never by position; provinces by code or name, on the map of the year, however the table is
// relabelled. Blank, "*" and, where the range excludes it, zero mean withheld. The pseudo-province of best scores (999) is passed over.
// A year that several sheets repeat is kept once, and a difference between the repeats is a problem.
func ReadScores(sheets []Sheet, o ScoreOptions) (*Scores, error) {
	definitions, err := Family(o.Family)
	if err != nil && len(o.Definitions) == 0 {
		return nil, wording.Errorf("reading %s scores: %w", o.Family, err)
	}
	definitions = append(definitions, o.Definitions...)
	s := &Scores{Family: o.Family, Definitions: definitions, days: map[int]time.Time{}}
	r := scoreReader{scores: s, year: o.Year, labels: map[*Definition]*labels{}, seen: map[scoreKey]int{}, areas: map[areaKey]foundArea{}}
	found := false
	for _, sheet := range sheets {
		if r.read(sheet) {
			found = true
		}
	}
	if !found {
		return nil, wording.Errorf("reading %s scores: %w", o.Family, wording.Errorf("no sheet has provinces in its rows or columns beside labels of the index; check the file, or name the index with --index"))
	}
	s.reportIdentities()
	s.reportRanks()
	s.complete()
	s.sort()
	return s, nil
}

// Years lists the years that have a score.
func (s *Scores) Years() []int {
	var out []int
	for _, x := range s.Scores {
		if !slices.Contains(out, x.Year) {
			out = append(out, x.Year)
		}
	}
	slices.Sort(out)
	return out
}

// Definition is the framework of a year, or nil.
func (s *Scores) Definition(year int) *Definition {
	d, _ := ForYear(s.Definitions, year)
	return d
}

// Of lists the scores of one node in one year, by area code.
func (s *Scores) Of(year int, node string) []Score {
	var out []Score
	for _, x := range s.Scores {
		if x.Year == year && x.Node == node {
			out = append(out, x)
		}
	}
	return out
}

// sort puts the scores into one order: year, node in tree order, area; equal ones stay as they are. Places are sorted and not the scores,
// which are large.
func (s *Scores) sort() {
	trees := map[int]map[string]int{}
	type place struct{ at, node int }
	places := make([]place, len(s.Scores))
	for i := range s.Scores {
		x := &s.Scores[i]
		tree, known := trees[x.Year]
		if !known {
			tree = map[string]int{}
			if d := s.Definition(x.Year); d != nil {
				for k, n := range d.Nodes() {
					tree[n.ID] = k
				}
			}
			trees[x.Year] = tree
		}
		places[i] = place{i, tree[x.Node]}
	}
	slices.SortFunc(places, func(a, b place) int {
		x, y := &s.Scores[a.at], &s.Scores[b.at]
		return cmp.Or(cmp.Compare(x.Year, y.Year), cmp.Compare(a.node, b.node), strings.Compare(x.Area, y.Area), cmp.Compare(a.at, b.at))
	})
	sorted := make([]Score, len(places))
	for i, p := range places {
		sorted[i] = s.Scores[p.at]
	}
	s.Scores = sorted
}

// reportIdentities makes every published composite again from its published parts and reports those that do not add up.
func (s *Scores) reportIdentities() {
	checked, broken := s.Identities()
	s.Checked = checked
	for _, b := range broken {
		s.Problems = append(s.Problems, result.Problem{
			File: b.File, Sheet: b.Sheet, Cell: b.Cell, Area: b.Area, Code: CodeSum, Want: strconv.FormatFloat(b.Computed, 'g', 8, 64), Got: strconv.FormatFloat(b.Published, 'g', 8, 64),
			Text: result.Text{
				VI: fmt.Sprintf("%s năm %d, %s: công bố %.8g, các phần tính lại được %.8g; giữ số công bố.", b.AreaName, b.Year, b.Node, b.Published, b.Computed),
				EN: fmt.Sprintf("%s %d, %s: published %.8g, its parts make %.8g; the published figure is kept.", b.AreaName, b.Year, b.Node, b.Published, b.Computed),
			},
		})
	}
}

// reportRanks compares published ranks with the published scores, and published groups with the definition's bands. Scores that agree in
// their printed decimals may stand in either order. A table of a part of the country ranks nobody.
func (s *Scores) reportRanks() {
	for from, to := 0, 0; from < len(s.Scores); from = to {
		first := s.Scores[from]
		known, decimals := 0, 0
		for to = from; to < len(s.Scores) && s.Scores[to].Year == first.Year && s.Scores[to].Node == first.Node; to++ {
			if x := &s.Scores[to]; x.Value.Known() {
				known++
				decimals = max(decimals, x.Decimals)
			}
		}
		d := s.Definition(first.Year)
		half := 0.5 * math.Pow(10, -float64(decimals))
		for i := from; i < to; i++ {
			x := &s.Scores[i]
			if !x.Value.Known() {
				continue
			}
			if label := d.Band(x.Year, float64(x.Value)); x.Group != "" && label != "" && x.Node == d.Tree.ID && BandLabel(x.Group) != label {
				s.disagree(x, CodeGroup, label, x.Group, "nhóm công bố %[2]s, theo ngưỡng suy luận là %[1]s; giữ nhóm công bố.", "published in group %[2]s, by the inferred bands %[1]s; the published group is kept.")
			}
			if x.Rank == 0 || known < WholeCountry {
				continue
			}
			best, worst := 1, 0
			for k := from; k < to; k++ {
				if v := s.Scores[k].Value; v.Known() && v > x.Value+result.Number(2*half) {
					best++
				}
				if v := s.Scores[k].Value; v.Known() && v >= x.Value-result.Number(2*half) {
					worst++
				}
			}
			if x.Rank < best || x.Rank > worst {
				want := strconv.Itoa(best)
				if best != worst {
					want += "–" + strconv.Itoa(worst)
				}
				s.disagree(x, CodeRank, want, strconv.Itoa(x.Rank), "hạng công bố %[2]s, theo điểm là %[1]s; giữ hạng công bố.", "published rank %[2]s, by the scores %[1]s; the published rank is kept.")
			}
		}
	}
}

// WholeCountry is the fewest areas that a table must have for its ranks to be those of the country.
const WholeCountry = 30

func (s *Scores) disagree(x *Score, code, want, got, vi, en string) {
	where := fmt.Sprintf("%s %d, %s: ", x.AreaName, x.Year, x.Node)
	s.Problems = append(s.Problems, result.Problem{
		File: x.File, Sheet: x.Sheet, Cell: x.Cell, Area: x.Area, Code: code, Want: want, Got: got,
		Text: result.Text{VI: where + fmt.Sprintf(vi, want, got), EN: where + fmt.Sprintf(en, want, got)},
	})
}

// Codes of problems with a table that contradicts itself.
const (
	CodeRank  = "scores_rank"  // a published rank that the published scores do not give
	CodeGroup = "scores_group" // a published group other than that of the definition's bands
)

// CodeSum is the code of a problem with a published composite that its published parts do not make.
const CodeSum = "scores_sum"

// An Identity is a node whose published value and the value made from its published parts do not agree.
type Identity struct {
	Year      int
	Area      string
	AreaName  string
	Node      string
	Published float64
	Computed  float64
	File      string
	Sheet     string
	Cell      string
}

// complete adds the composites that the file leaves out, from their parts. A part that is withheld withholds the whole.
func (s *Scores) complete() {
	s.eachTree(func(d *Definition, year int, at map[string]*Score, any *Score) {
		values := map[string]float64{}
		for id, x := range at {
			if x.Value.Known() {
				values[id] = float64(x.Value)
			}
		}
		computed := d.Compose(values)
		d.walk(func(n, _ *Node, _ int) {
			if _, there := at[n.ID]; there {
				return
			}
			if v, ok := computed[n.ID]; ok {
				s.Scores = append(s.Scores, Score{Year: year, Area: any.Area, AreaName: any.AreaName, Node: n.ID, Value: result.Number(v), SE: result.Unknown(), Computed: true, File: any.File, Sheet: any.Sheet})
				return
			}
			if s.partial(d, n, at) {
				s.Scores = append(s.Scores, Score{Year: year, Area: any.Area, AreaName: any.AreaName, Node: n.ID, Value: result.Unknown(), SE: result.Unknown(), Computed: true, File: any.File, Sheet: any.Sheet})
			}
		})
	})
}

// partial reports whether some part of a composite is in the file for this area, so that the composite is withheld and not merely absent.
func (s *Scores) partial(d *Definition, n *Node, at map[string]*Score) bool {
	if !composes(d.rule(n)) {
		return false
	}
	for i := range n.Children {
		if _, there := at[n.Children[i].ID]; there || s.partial(d, &n.Children[i], at) {
			return true
		}
	}
	return false
}

func composes(rule string) bool { return rule == ruleSum || rule == ruleMean }

// eachTree visits every year and area with its published scores by node.
func (s *Scores) eachTree(visit func(d *Definition, year int, at map[string]*Score, any *Score)) {
	s.sort()
	type key struct {
		year int
		area string
	}
	var keys []key
	groups := map[key]map[string]*Score{}
	first := map[key]*Score{}
	for i := range s.Scores {
		x := &s.Scores[i]
		k := key{x.Year, x.Area}
		if groups[k] == nil {
			groups[k] = map[string]*Score{}
			first[k] = x
			keys = append(keys, k)
		}
		groups[k][x.Node] = x
	}
	for _, k := range keys {
		if d := s.Definition(k.year); d != nil {
			visit(d, k.year, groups[k], first[k])
		}
	}
}

// Compose makes every composite whose parts are all there from published scores: the same rules as Project, on plain numbers.
// Only sums and means can be made from published parts; a pooled share or a rescaled indicator needs the answers.
func (d *Definition) Compose(published map[string]float64) map[string]float64 {
	out := map[string]float64{}
	var up func(n *Node) (float64, bool)
	up = func(n *Node) (float64, bool) {
		value, ok := 0.0, composes(d.rule(n)) && len(n.Children) > 0
		total := 0.0
		for i := range n.Children {
			c := &n.Children[i]
			x, known := up(c)
			if v, given := published[c.ID]; given {
				x, known = v, true
			}
			if !known {
				ok = false
				continue
			}
			if d.rule(n) == ruleMean {
				value += c.weight() * x
				total += c.weight()
			} else {
				value += x
			}
		}
		if !ok {
			return 0, false
		}
		if d.rule(n) == ruleMean {
			value *= n.times() / total
		}
		out[n.ID] = value
		return value, true
	}
	up(&d.Tree)
	return out
}

// Identities checks that published composites are what their published parts make, as closely as the printed decimals allow
// (half a unit of the last one for every figure involved), and lists those that are not.
func (s *Scores) Identities() (checked int, broken []Identity) {
	decimals := map[string]int{}
	key := func(year int, node string) string { return fmt.Sprint(year, " ", node) }
	for _, x := range s.Scores {
		k := key(x.Year, x.Node)
		decimals[k] = max(decimals[k], x.Decimals)
	}
	s.eachTree(func(d *Definition, year int, at map[string]*Score, _ *Score) {
		values := map[string]float64{}
		for id, x := range at {
			if x.Value.Known() && !x.Computed {
				values[id] = float64(x.Value)
			}
		}
		computed := d.Compose(values)
		d.walk(func(n, _ *Node, _ int) {
			x, there := at[n.ID]
			c, known := computed[n.ID]
			if !there || !known || x.Computed || !x.Value.Known() {
				return
			}
			checked++
			half := func(id string) float64 { return 0.5 * math.Pow(10, -float64(decimals[key(year, id)])) }
			tolerance := half(n.ID)
			total := 0.0
			for i := range n.Children {
				total += n.Children[i].weight()
			}
			for i := range n.Children {
				part := half(n.Children[i].ID)
				if d.rule(n) == ruleMean {
					part *= n.Children[i].weight() * n.times() / total
				}
				tolerance += part
			}
			// Six significant digits are all that the workbooks of 2011–2014 store.
			tolerance = max(tolerance, 1e-6*math.Max(1, math.Abs(c)))
			if diff := math.Abs(float64(x.Value) - c); diff > tolerance {
				broken = append(broken, Identity{Year: year, Area: x.Area, AreaName: x.AreaName, Node: n.ID, Published: float64(x.Value), Computed: c, File: x.File, Sheet: x.Sheet, Cell: x.Cell})
			}
		})
	})
	return checked, broken
}
