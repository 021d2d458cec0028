package main

import (
	"errors"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"hailong/analytics/index"
	"hailong/ingest/wording"
)

// headerRows is how header rows are written.
var headerRows = regexp.MustCompile(`^(auto|none|[1-9][0-9]*(-[1-9][0-9]*)?)$`)

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

// tables are the other files that the plan names, by key, as far as a missing one has no message of its own.
func (p *plan) tables() map[string][]string {
	r := p.Reference
	return map[string][]string{
		"xlsform": {p.XLSForm}, "report.logo": {p.Report.Logo}, "reference.papi": {r.PAPI}, "reference.sipas": {r.SIPAS}, "reference.par": {r.PAR},
		"reference.pci": {r.PCI}, "reference.ict": {r.ICT}, "reference.dti": {r.DTI}, "reference.egov": r.EGov, "reference.previous": {r.Previous},
	}
}

// missing is the fault of a file that the plan names and that is not there.
func (p *plan) missing() error {
	tables := p.tables()
	for _, key := range slices.Sorted(maps.Keys(tables)) {
		for _, name := range tables[key] {
			if name == "" || strings.ContainsAny(name, "*?[") {
				continue
			}
			var f *failure
			if errors.As(fileFault(resolve(p.dir, name)), &f) {
				return p.onKey(key, f)
			}
		}
	}
	return nil
}

// check refuses values that have the right form and no meaning, before any file is read.
func (p *plan) check() error {
	wrong := func(key string, value any, want error) error {
		return p.keyFault(key, wording.Errorf("it cannot be %v: want %w", value, want))
	}
	atLeast0 := wording.Errorf("a number from 0 on")
	blank := func(name string) bool { return strings.TrimSpace(name) == "" }
	switch {
	case slices.ContainsFunc(p.Files, blank):
		return wrong("files", `""`, wording.Errorf("the name of a file"))
	case slices.ContainsFunc(p.Domains, blank):
		return wrong("domains", `""`, wording.Errorf("the name of a column"))
	case p.Year != 0 && (p.Year < firstYear || p.Year > lastYear):
		return wrong("year", p.Year, wording.Errorf("a year from %d to %d", firstYear, lastYear))
	case p.Suppress.MinN < 0:
		return wrong("suppress.min_n", p.Suppress.MinN, atLeast0)
	case p.Suppress.MaxHalfWidth < 0:
		return wrong("suppress.max_half_width", p.Suppress.MaxHalfWidth, atLeast0)
	case p.Issued.Total < 0:
		return wrong("issued.total", p.Issued.Total, atLeast0)
	case p.Layout.Header != "" && !headerRows.MatchString(p.Layout.Header):
		return p.keyFault("layout.header", wording.Errorf("it cannot be %v: want %w", p.Layout.Header, wording.Errorf("rows as 3 or 6-8, none, or auto")))
	case p.Confidence < 0 || p.Confidence >= 1:
		return wrong("confidence", p.Confidence, wording.Errorf("a number between 0 and 1, such as 0.95"))
	case p.Reference.Overlap != "" && p.Reference.Overlap != index.OverlapNone:
		return wrong("reference.overlap", p.Reference.Overlap, wording.Errorf("none, or leave the key out"))
	}
	for _, choice := range []struct {
		key  string
		said []string
	}{
		{"ci", []string{p.CI}},
		{"layout.dialect", []string{p.Layout.Dialect}},
		{"layout.encoding", []string{p.Layout.Encoding}},
		{"layout.ticks", []string{p.Layout.Ticks}},
		{"exclude", p.Exclude},
	} {
		for _, word := range choice.said {
			if allowed := planChoices(choice.key); word != "" && !slices.Contains(allowed, word) {
				return p.keyFault(choice.key, wording.Errorf("%q is not one of %s", word, strings.Join(allowed, ", ")))
			}
		}
	}
	var key *wording.KeyError
	if err := p.Report.Check(); errors.As(err, &key) {
		return p.keyFault(key.Key, key.Err)
	}
	var f *failure
	if errors.As(checkMargins(p.Calibrate.Margins), &f) {
		return p.onKey("calibrate.margins", f)
	}
	return nil
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
