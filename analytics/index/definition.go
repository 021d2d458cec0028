// Package index knows index definitions and projects estimates onto them.
//
// What comes in: a definition file (YAML, its `index` section) and, per measure, an estimate with its linearised value.
// What goes out: the tree of nodes in the field's own level names, and for every node an estimate whose variance
// comes from the joint covariance of its parts. What is promised: no number here is invented; a rule, a weight or a
// threshold that no source gives stays unset and says so in its Basis.
package index

import "hailong/analytics/result"

// A Definition is the `index` section of a definition file.
type Definition struct {
	ID            string        `yaml:"id"`
	Family        string        `yaml:"family"` // sipas, papi, par, pci, ict, dti, egov, other
	Title         result.Text   `yaml:"title"`
	Legal         string        `yaml:"legal"`
	Years         [2]int        `yaml:"years"`
	Frame         string        `yaml:"frame"`
	Basis         string        `yaml:"basis"` // official, inferred, recalled
	Notes         []result.Text `yaml:"notes"`
	Breaks        []Break       `yaml:"breaks"`     // waves that this definition must not be compared with
	Positive      []int         `yaml:"positive"`   // the codes that count as satisfied
	Aggregator    string        `yaml:"aggregator"` // top2_pooled, top2_mean_items, mean_factors, overall_question, mean_score5, mean_score_minmax · sum · published
	AggBasis      string        `yaml:"aggregator_basis"`
	Unanswered    string        `yaml:"unanswered"` // an indicator that nobody answered: "" leaves its sub-dimension unknown, skip leaves it out of the mean
	CI            CI            `yaml:"ci"`
	Groups        Groups        `yaml:"groups"`
	ChangePercent float64       `yaml:"change_percent"` // PAPI's own rule: |Δ| ≥ 5 % of the score; 0: none
	Bands         []Bands       `yaml:"bands"`          // fixed groups by score (PAR Index), by year
	Points        *Points       `yaml:"points"`         // what the index is worth inside another one
	Columns       []Column      `yaml:"columns"`        // headers of score tables that name a node otherwise than by its code or name
	Tree          Node          `yaml:"tree"`
	Blocks        []Node        `yaml:"blocks"` // questions that no composite counts: SIPAS's perception and expectation

	source []byte // the file, to show the line of an error that Check finds
	items  map[string]string
	scales map[string]glanceScale

	order      []string // of the items
	background []string
}

// Bands are fixed groups by score, first band first; the label of a published group overrides them.
type Bands struct {
	From  int    `yaml:"from"`
	To    int    `yaml:"to"`
	Basis string `yaml:"basis"` // official, reported, inferred
	Bands []Band `yaml:"bands"`
}

// Band is one group: every score of at least Min that no earlier band took.
type Band struct {
	Label string  `yaml:"label"`
	Min   float64 `yaml:"min"`
}

// Points says how an index counts inside another: linear, points = Max·value/100.
type Points struct {
	In    string  `yaml:"in"`
	Max   float64 `yaml:"max"`
	Basis string  `yaml:"basis"`
}

// Column names the headers of score tables that mean a node.
type Column struct {
	Node    string   `yaml:"node"`
	Aliases []string `yaml:"aliases"`
}

// Break says that figures from before a year are not comparable, and why.
type Break struct {
	Before int         `yaml:"before"`
	Nodes  []string    `yaml:"nodes"` // empty: all
	Why    result.Text `yaml:"why"`
}

// CI is how the index's publisher prints intervals, beside the true 95 % one.
type CI struct {
	PublishedZ float64 `yaml:"published_z"`
}

// Groups is how areas are put into groups.
type Groups struct {
	Rule   string        `yaml:"rule"`   // r7-mixed, website
	Labels []result.Text `yaml:"labels"` // group 1 (highest) first
	Basis  string        `yaml:"basis"`
}

// A Node is one node of an index's tree.
//
// Rule says how a node comes from its children: pooled (answers of all items beneath), mean (weighted by Weight, times Times),
// sum, rescaled (children are indicators: (1 + 9·mean of (x−min)/(max−min))/k, k the number of sub-dimensions beside it),
// question (its own item), published (only from published scores), heading (no figure of its own). Empty: what the definition's aggregator says.
type Node struct {
	ID          string      `yaml:"id"`
	Level       string      `yaml:"level"` // overall, content, factor, criterion · composite, dimension, sub_dimension, indicator
	Code        string      `yaml:"code"`
	Name        result.Text `yaml:"name"`
	Text        result.Text `yaml:"text"`
	Rule        string      `yaml:"rule"`
	Unit        string      `yaml:"unit"` // percent or score; empty: by the measure
	Range       []float64   `yaml:"range"`
	Weight      float64     `yaml:"weight"`       // in the parent's mean; 0 = 1
	WeightTotal float64     `yaml:"weight_total"` // what the children's weights must add up to; 0: not checked
	Times       float64     `yaml:"times"`        // factor on a mean; 0 = 1
	Item        string      `yaml:"item"`         // leaf: the questionnaire's item
	Items       []string    `yaml:"items"`        // leaf that counts: the questionnaire's items
	Measure     string      `yaml:"measure"`      // leaf: share of positive codes (default), mean, count (number of Items answered positively)
	Positive    []int       `yaml:"positive"`     // leaf: overrides the definition's
	Min         *float64    `yaml:"min"`          // leaf of a rescaled index: theoretical minimum; a share counts as 0…1
	Max         *float64    `yaml:"max"`
	Reverse     bool        `yaml:"reverse"`
	DontKnow    string      `yaml:"dont_know"`  // missing (default), zero, category_min
	Base        string      `yaml:"base"`       // who is asked: an SQL-free condition, e.g. "d501 == 1"
	Incomplete  bool        `yaml:"incomplete"` // the list of a rescaled node's indicators is not known to be whole: they have figures, the node has none
	From        int         `yaml:"comparable_from"`
	Basis       string      `yaml:"basis"`
	Children    []Node      `yaml:"children"`
}
