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
	Aggregator    string        `yaml:"aggregator"` // top2_pooled, top2_mean_items, mean_factors, overall_question, mean_score5, mean_score_minmax · sum
	AggBasis      string        `yaml:"aggregator_basis"`
	CI            CI            `yaml:"ci"`
	Groups        Groups        `yaml:"groups"`
	ChangePercent float64       `yaml:"change_percent"` // PAPI's own rule: |Δ| ≥ 5 % of the score; 0: none
	Tree          Node          `yaml:"tree"`
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
type Node struct {
	ID       string      `yaml:"id"`
	Level    string      `yaml:"level"` // overall, content, factor, criterion · composite, dimension, sub_dimension, indicator
	Code     string      `yaml:"code"`
	Name     result.Text `yaml:"name"`
	Text     result.Text `yaml:"text"`
	Rule     string      `yaml:"rule"` // empty: the definition's aggregator; else mean, sum, indicator, none
	Range    []float64   `yaml:"range"`
	Weight   float64     `yaml:"weight"`   // in the parent's mean; 0 = 1
	Item     string      `yaml:"item"`     // leaf: the questionnaire's item
	Measure  string      `yaml:"measure"`  // leaf: share of positive codes (default), mean, count
	Positive []int       `yaml:"positive"` // leaf: overrides the definition's
	Min      *float64    `yaml:"min"`      // leaf of a rescaled index: theoretical minimum
	Max      *float64    `yaml:"max"`
	Reverse  bool        `yaml:"reverse"`
	DontKnow string      `yaml:"dont_know"` // missing (default), zero, category_min
	Base     string      `yaml:"base"`      // who is asked: an SQL-free condition, e.g. "d501 == 1"
	From     int         `yaml:"comparable_from"`
	Basis    string      `yaml:"basis"`
	Children []Node      `yaml:"children"`
}
