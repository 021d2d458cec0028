package main

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"hailong/analytics"
	"hailong/analytics/engine"
	"hailong/analytics/index"
	"hailong/ingest"
	"hailong/ingest/vntext"
	"hailong/ingest/wording"
)

// keyFault is the fault of one key of the plan, with the lines of the plan around it and what the key is for. Where the plan was made up from
// the command line there are no lines.
func (p *plan) keyFault(key string, cause error) error {
	f := &failure{code: exitUsage, err: cause}
	if p.path == "" {
		return f
	}
	f.msg, f.err = say("error.plan_key", p.path, key), p.onLine(key, cause)
	f.hint = say("hint.plan_key", key, planKeys[key])
	return f
}

// onKey is a fault that has its own words and hint, with the key and the lines of the plan that bring it about.
func (p *plan) onKey(key string, f *failure) error {
	if p.path == "" {
		return f
	}
	hint := f.hint
	f.hint = nil
	return &failure{code: exitUsage, msg: say("error.plan_key", p.path, key), hint: hint, err: p.onLine(key, f)}
}

// onLine shows below an error where in the plan a key stands, or the section that lacks it.
func (p *plan) onLine(key string, cause error) error {
	for path := "$." + key; path != "$"; path = path[:strings.LastIndexByte(path, '.')] {
		if where, ok := index.AnnotateYAML(p.source, path); ok {
			return wording.Errorf("%w\n%s", cause, where)
		}
	}
	return cause
}

// faultOf words an error from a room: one that a key of the plan brings about is the plan's, any other is a failure as msg and hint say.
func (p *plan) faultOf(err error, msg, hint string) error {
	var key *wording.KeyError
	if errors.As(err, &key) {
		if key.Key == "index" && p.Layout.Header != "" { // the header row is likelier to be wrong than every column
			return p.keyFault("layout.header", key.Err)
		}
		return p.keyFault(key.Key, key.Err)
	}
	var text *engine.NumberError
	if errors.As(err, &text) {
		if at := p.keyOf(text.Column); at != "" {
			return p.keyFault(at, text)
		}
	}
	var missing *analytics.ColumnError
	var f *failure
	if errors.As(err, &missing) && errors.As(columnFault(err), &f) {
		if at := p.keyOf(missing.Column); at != "" {
			return p.onKey(at, f)
		}
		return f
	}
	return fault(exitFailed, msg, hint, err)
}

// keyOf is the key under which the plan names a column.
func (p *plan) keyOf(column string) string {
	named := func(columns []string) bool {
		return slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, column) })
	}
	switch {
	case strings.EqualFold(p.Design.Weight, column):
		return "design.weight"
	case named(p.Design.Strata):
		return "design.strata"
	case named(p.Design.PSU):
		return "design.psu"
	case named(p.Design.FPC):
		return "design.fpc"
	case named(slices.Collect(maps.Keys(p.Calibrate.Margins))):
		return "calibrate.margins"
	case named(p.Domains):
		return "domains"
	}
	return ""
}

// pinned is the first key that pins which table is read: where no file can be read, it is the likeliest to be wrong.
func (p *plan) pinned() string {
	switch {
	case p.Layout.Sheet != "" && p.Layout.Sheet != "auto":
		return "layout.sheet"
	case len(p.Sheets) > 0:
		return "sheets"
	case p.Layout.Header != "" && p.Layout.Header != "auto":
		return "layout.header"
	}
	return ""
}

// missingColumn is the fault of a column that the plan names and no file has: forms handed out by it would be counted nowhere, and a column that
// identifies a person would be left out though the plan keeps it.
func (p *plan) missingColumn(report *ingest.Report) error {
	var have, headers []string
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			for _, c := range slices.Concat(s.Columns, s.Dropped) {
				headers = append(headers, c.Name, c.Cell, vntext.Fold(c.Header))
				if c.Name != "" && !slices.Contains(have, c.Name) {
					have = append(have, c.Name)
				}
			}
		}
	}
	absent := func(key, column string) error {
		var f *failure
		errors.As(columnFault(&analytics.ColumnError{Column: column, Have: have}), &f)
		return p.onKey(key, f)
	}
	for _, column := range slices.Sorted(maps.Keys(p.Issued.Areas)) {
		if !slices.Contains(have, column) {
			return absent("issued.areas", column)
		}
	}
	for _, column := range p.Keep {
		if !slices.Contains(headers, column) && !slices.Contains(headers, vntext.Fold(column)) {
			return absent("keep_personal", column)
		}
	}
	return nil
}
