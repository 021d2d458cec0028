package main

import (
	"maps"
	"math"
	"slices"
	"strings"

	"hailong/analytics/index"
)

// Years beyond which a plan's year is a slip of the pen.
const firstYear, lastYear = 1990, 2100

// complete refuses a plan that does not say what to read.
func (p *plan) complete() error {
	if p.Index == "" && p.path != "" { // a plan made up for files may find that none fits
		return fault(exitUsage, "error.plan_missing", "hint.no_index", nil, p.path, "index")
	}
	if len(p.Files) == 0 {
		return fault(exitUsage, "error.plan_missing", "hint.plan_form", nil, p.path, "files")
	}
	return nil
}

// check refuses values that have the right form and no meaning, before any file is read.
func (p *plan) check() error {
	wrong := func(key string, value any) error {
		return fault(exitUsage, "error.plan_value", "hint.plan_form", nil, p.path, key, value)
	}
	blank := func(name string) bool { return strings.TrimSpace(name) == "" }
	switch {
	case slices.ContainsFunc(p.Files, blank):
		return wrong("files", `""`)
	case slices.ContainsFunc(p.Domains, blank):
		return wrong("domains", `""`)
	case p.Year != 0 && (p.Year < firstYear || p.Year > lastYear):
		return wrong("year", p.Year)
	case p.Suppress.MinN < 0:
		return wrong("suppress.min_n", p.Suppress.MinN)
	case p.Suppress.MaxHalfWidth < 0:
		return wrong("suppress.max_half_width", p.Suppress.MaxHalfWidth)
	case p.Confidence < 0 || p.Confidence >= 1:
		return wrong("confidence", p.Confidence)
	case p.Reference.Overlap != "" && p.Reference.Overlap != index.OverlapNone:
		return wrong("reference.overlap", p.Reference.Overlap)
	}
	return checkMargins(p.Calibrate.Margins)
}

// sharesOff is how far rounded shares may be from adding up to 1.
const sharesOff = 0.01

// checkMargins refuses population margins that cannot be: raking would scale shares that add up to 1.8 without a word.
func checkMargins(margins map[string]map[string]float64) error {
	for _, column := range slices.Sorted(maps.Keys(margins)) {
		sum, largest := 0.0, 0.0
		for _, value := range slices.Sorted(maps.Keys(margins[column])) {
			share := margins[column][value]
			if share < 0 || math.IsNaN(share) || math.IsInf(share, 0) {
				return fault(exitUsage, "error.share", "hint.shares", nil, column, value, share)
			}
			sum += share
			largest = max(largest, share)
		}
		if largest <= 1 && math.Abs(sum-1) > sharesOff {
			return fault(exitUsage, "error.shares", "hint.shares", nil, column, sum)
		}
	}
	return nil
}
