package reports

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/ingest/wording"
	"hailong/reports/workbook"
)

// report is one workbook in the making.
type report struct {
	set   *result.Set
	o     Options
	w     words
	other words // the other language, whose texts must fit the same rows
	ruler *ruler
	book  *workbook.Book
	pages []*page

	nodes    map[string]*result.Node
	overall  map[string]*result.Estimate              // by node, everyone
	byValue  map[valueKey]map[string]*result.Estimate // one breakdown value, by node
	bySecond map[pairKey]*result.Estimate             // two breakdown values, the overall node
	alone    map[valueKey]*result.Comparison          // one value against everyone, on the root
	pairs    map[string][]*result.Comparison          // two values of a breakdown, on the root
	places   []result.Placement                       // of the set's own area, latest year
	goal     *result.Target                           // the target on the index that was surveyed, where it is a number
}

type valueKey struct{ domain, value string }

type pairKey struct{ first, second valueKey }

// newReport describes the whole workbook.
func newReport(set *result.Set, o Options) (*report, error) {
	if set == nil {
		return nil, wording.Errorf("writing the workbook: no results")
	}
	if err := o.Check(); err != nil {
		return nil, err
	}
	if o.Annex && o.Respondents == nil {
		return nil, wording.Key("report.annex", wording.Errorf("there are no respondents to write: give survey files"))
	}
	if err := balance(set.Ledger); err != nil {
		return nil, err
	}
	r := &report{set: set, o: o, w: newWords(o.Lang), other: newWords(otherLanguage(o.Lang)), ruler: newRuler(), book: &workbook.Book{Password: o.Password}}
	r.index()
	for _, section := range r.sections() {
		if section.when {
			section.make()
		}
	}
	if err := r.logo(); err != nil {
		return nil, err
	}
	r.fillContents()
	r.finish()
	return r, nil
}

// balance holds the ledger to its promise: read = kept + set aside, in every file and over all of them.
func balance(l result.Ledger) error {
	sum := result.FileLedger{Path: "all files", Read: l.Read, Kept: l.Kept, SetAside: l.SetAside}
	read, kept := 0, 0
	for _, f := range append([]result.FileLedger{sum}, l.Files...) {
		aside := 0
		for _, a := range f.SetAside {
			aside += a.Rows
		}
		if f.Read != f.Kept+aside {
			return wording.Errorf("the ledger does not balance: %s: %d rows read, %d kept and %d set aside", strings.TrimSpace(f.Path+" "+f.Sheet), f.Read, f.Kept, aside)
		}
		read, kept = read+f.Read, kept+f.Kept
	}
	if len(l.Files) > 0 && (read != 2*l.Read || kept != 2*l.Kept) {
		return wording.Errorf("the ledger does not balance: the files add up to %d rows read and %d kept, the total says %d and %d", read-l.Read, kept-l.Kept, l.Read, l.Kept)
	}
	return nil
}

type section struct {
	when bool
	make func()
}

// sections are the sheets in their order: for leaders, for analysts, for auditors.
func (r *report) sections() []section {
	s := r.set
	survey := len(s.Nodes) > 0 && len(r.overall) > 0
	return []section{
		{true, r.cover},
		{true, r.contents},
		{true, r.overview},
		{len(s.Targets) > 0, r.targets},
		{r.hasReadings(), r.readings},
		{survey, r.results},
		{survey && len(r.leaves()) > 1, r.ranking},
		{r.hasDistributions(), r.distribution},
		{survey, r.areas},
		{survey, r.areaCharts},
		{survey && r.hasKind("field"), r.fields},
		{survey && r.hasKind("characteristic"), r.characteristics},
		{len(r.bySecond) > 0, r.crosses},
		{len(r.places) > 0, r.place},
		{r.severalYears(), r.placeYears},
		{r.others(), r.everyone},
		{len(s.Changes) > 0, r.changes},
		{len(s.Priorities) > 0, r.priorities},
		{len(s.Gaps) > 0, r.gaps},
		{true, r.methods},
		{true, r.quality},
		{len(s.Quality) > 0, r.findings},
		{len(s.Problems) > 0, r.problems},
		{len(s.Nodes) > 0, r.codebook},
		{len(s.Columns) > 0, r.mapping},
		{true, r.reproducibility},
		{true, r.notes},
		{len(s.Estimates) > 0, r.data},
	}
}

func (r *report) index() {
	r.nodes = map[string]*result.Node{}
	for i := range r.set.Nodes {
		r.nodes[r.set.Nodes[i].ID] = &r.set.Nodes[i]
	}
	r.overall = map[string]*result.Estimate{}
	r.byValue = map[valueKey]map[string]*result.Estimate{}
	r.bySecond = map[pairKey]*result.Estimate{}
	root := r.root()
	for i := range r.set.Estimates {
		e := &r.set.Estimates[i]
		if r.nodes[e.Node] == nil {
			continue
		}
		switch len(e.Domain) {
		case 0:
			r.overall[e.Node] = e
		case 1:
			for domain, value := range e.Domain {
				key := valueKey{domain, value}
				if r.byValue[key] == nil {
					r.byValue[key] = map[string]*result.Estimate{}
				}
				r.byValue[key][e.Node] = e
			}
		case 2:
			if root != nil && e.Node == root.ID {
				r.bySecond[pair(e.Domain)] = e
			}
		}
	}
	r.alone, r.pairs = map[valueKey]*result.Comparison{}, map[string][]*result.Comparison{}
	for i := range r.set.Comparisons {
		c := &r.set.Comparisons[i]
		switch {
		case root == nil || c.Node != root.ID || len(c.Within) > 0:
		case c.B == "":
			r.alone[valueKey{c.Domain, c.A}] = c
		default:
			r.pairs[c.Domain] = append(r.pairs[c.Domain], c)
		}
	}
	for i := range r.set.Targets {
		t := &r.set.Targets[i]
		numeric := t.Kind == "value_at_least" || t.Kind == "value_in_group"
		if r.goal == nil && numeric && t.Target.Number.Known() && strings.HasPrefix(t.ID, r.set.Index.Family) && r.set.Index.Family != "" {
			r.goal = t
		}
	}
	r.places = r.ownPlaces(0)
}

// pair is the key of two breakdown values, in the order of their breakdowns' names.
func pair(domain map[string]string) pairKey {
	keys := make([]string, 0, len(domain))
	for key := range domain {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return pairKey{valueKey{keys[0], domain[keys[0]]}, valueKey{keys[1], domain[keys[1]]}}
}

func (r *report) hasDistributions() bool {
	return slices.ContainsFunc(r.set.Distributions, func(d result.Distribution) bool { return len(d.Domain) == 0 && len(d.Levels) > 0 })
}

// root is the node on top of the tree; nil for a set without a survey.
func (r *report) root() *result.Node {
	for i := range r.set.Nodes {
		if r.set.Nodes[i].Parent == "" {
			return &r.set.Nodes[i]
		}
	}
	return nil
}

// depth is how far a node lies below the root.
func (r *report) depth(n *result.Node) int {
	depth := 0
	for parent := r.nodes[n.Parent]; parent != nil && depth < len(r.set.Nodes); parent = r.nodes[parent.Parent] {
		depth++
	}
	return depth
}

// tops are the factors: the children of the root, or of its children where the tree has contents above factors.
func (r *report) tops() []*result.Node {
	var tops []*result.Node
	for i := range r.set.Nodes {
		n := &r.set.Nodes[i]
		if n.Level == "factor" || n.Level == "dimension" {
			tops = append(tops, n)
		}
	}
	return tops
}

// counts reports whether a node is part of the index: questions that no composite counts stand beside the root.
func (r *report) counts(n *result.Node) bool {
	for up := n; up != nil; up = r.nodes[up.Parent] {
		n = up
	}
	return n == r.root()
}

// leaves are the index's nodes without children.
func (r *report) leaves() []*result.Node {
	parents := map[string]bool{}
	for _, n := range r.set.Nodes {
		parents[n.Parent] = true
	}
	var leaves []*result.Node
	for i := range r.set.Nodes {
		if n := &r.set.Nodes[i]; !parents[n.ID] && r.counts(n) {
			leaves = append(leaves, n)
		}
	}
	return leaves
}

// own reports whether a placement is of the area that the set is about.
func (r *report) own(p result.Placement) bool {
	area := r.set.Plan.Area
	return p.Area == area.Code || area.Code == "" && p.AreaName == area.Name
}

// ownPlaces are the own area's placements of one year; 0: the latest.
func (r *report) ownPlaces(year int) []result.Placement {
	if year == 0 {
		for _, p := range r.set.Placements {
			if r.own(p) {
				year = max(year, p.Year)
			}
		}
	}
	var places []result.Placement
	for _, p := range r.set.Placements {
		if r.own(p) && p.Year == year {
			places = append(places, p)
		}
	}
	return places
}

// family is the index's short name for titles and tabs.
func (r *report) family() string {
	if r.set.Index.Family == "" {
		return strings.ToUpper(r.set.Index.ID)
	}
	return strings.ToUpper(r.set.Index.Family)
}

// run is a short mark of the plan that the figures come from, for the foot of every page.
func (r *report) run() string {
	text := strings.TrimSpace(r.set.Tool.Name + " " + r.set.Tool.Version)
	if sum := r.set.Plan.SHA256; len(sum) >= 8 {
		text += " · " + sum[:8]
	}
	return text
}

// finish sets what needs all pages: headers and footers, properties.
func (r *report) finish() {
	for _, p := range r.pages {
		p.finish()
		r.book.Sheets = append(r.book.Sheets, p.Sheet)
	}
	s := r.set
	language := "vi-VN"
	if r.w.lang == "en" {
		language = "en-GB"
	}
	title := s.Plan.Title
	if s.Synthetic {
		title = r.w.t("synthetic.short") + " – " + title
	}
	created := ""
	if r.o.Date != "" {
		created = r.o.Date + "T00:00:00Z"
	}
	r.book.Properties = workbook.Properties{
		Title: title, Subject: r.w.pick(s.Index.Title), Creator: strings.TrimSpace(s.Tool.Name + " " + s.Tool.Version), Category: r.w.t("property.category"),
		Keywords: strings.Join([]string{r.family(), s.Plan.Area.Name, fmt.Sprint(s.Plan.Year)}, "; "), Language: language, Created: created,
		Custom: [][2]string{{"plan_sha256", s.Plan.SHA256}, {"index", s.Index.ID}, {"schema", s.Schema}, {"status", r.status()}},
	}
}

func (r *report) status() string {
	if r.o.Status == "official" {
		return r.w.t("status.official")
	}
	return r.w.t("status.draft")
}

// logo puts the user's own picture on the cover.
func (r *report) logo() error {
	if r.o.Logo == "" {
		return nil
	}
	data, err := os.ReadFile(r.o.Logo)
	if err != nil {
		return wording.Key("report.logo", wording.Errorf("reading the logo (report.logo): %w", err))
	}
	extension := strings.ToLower(filepath.Ext(r.o.Logo))
	if !slices.Contains([]string{".png", ".jpg", ".jpeg"}, extension) {
		return wording.Key("report.logo", wording.Errorf("reading the logo %s: give a PNG or a JPEG file", r.o.Logo))
	}
	r.pages[0].Images = append(r.pages[0].Images, workbook.Image{Cell: r.pages[0].logoCell, Extension: extension, Data: data, Alt: r.w.t("logo.alt", r.unit()), Width: 96, Height: 96})
	return nil
}

func (r *report) unit() string {
	if r.o.Unit != "" {
		return r.o.Unit
	}
	return r.w.pick(r.set.Plan.Unit)
}
