// Package reports turns a result.Set into what people read: the workbook, its HTML and PDF copies, results.json and
// the ten-line summary.
//
// In comes one result.Set and the plan's `report` section. Out go files that are written whole or not at all. The package
// estimates nothing: it prints estimates as they are in the set, and where a reader would redo a piece of arithmetic by hand
// (a difference, a verdict, a group) it writes a live formula with its value beside it. The same set and options give the
// same bytes.
package reports

import (
	"slices"
	"strings"

	"hailong/ingest/wording"
)

// Options is the plan's `report` section. The zero value works.
type Options struct {
	Lang       string   `yaml:"lang"`        // vi (default) or en
	Out        string   `yaml:"out"`         // where the workbook goes; used by the command, not here
	Superior   string   `yaml:"superior"`    // letterhead: the body above the unit
	Unit       string   `yaml:"unit"`        // letterhead: who reports; default: the plan's unit
	Place      string   `yaml:"place"`       // place of issue; default: the plan's area
	Date       string   `yaml:"date"`        // date of issue, yyyy-mm-dd; empty: left to be written by hand
	Contact    string   `yaml:"contact"`     // name, telephone, e-mail
	NextUpdate string   `yaml:"next_update"` // when the next issue comes
	Logo       string   `yaml:"logo"`        // a PNG or JPEG file
	Password   string   `yaml:"password"`    // needed to open the workbook
	Formats    []string `yaml:"formats"`     // xlsx (default), html, pdf
	Status     string   `yaml:"status"`      // draft (default) or official
	Annex      bool     `yaml:"annex"`       // also a workbook of the respondents, one row each, at AnnexPath

	Respondents *Respondents `yaml:"-"` // the annex's rows
	Results     string       `yaml:"-"` // where the set goes as JSON, with the workbook or not at all; "": nowhere
}

// Check reports the first option that is not one of the values allowed.
func (o Options) Check() error {
	if !slices.Contains([]string{"", "vi", "en"}, o.Lang) {
		return wording.Key("report.lang", wording.Errorf("%q is neither vi nor en", o.Lang))
	}
	if !slices.Contains([]string{"", "draft", "official"}, o.Status) {
		return wording.Key("report.status", wording.Errorf("%q is neither draft nor official", o.Status))
	}
	for _, f := range o.Formats {
		if !slices.Contains([]string{"xlsx", "html", "pdf"}, f) {
			return wording.Key("report.formats", wording.Errorf("%q is none of xlsx, html, pdf", f))
		}
	}
	if o.Password != "" && (o.has("html") || o.has("pdf")) {
		return wording.Key("report.password", wording.Errorf("only the workbook can be encrypted; leave html and pdf out of report.formats"))
	}
	if o.Date != "" {
		if _, err := parseDate(o.Date); err != nil {
			return wording.Key("report.date", wording.Errorf("%q is not a date as 2020-12-31", o.Date))
		}
	}
	return nil
}

func (o Options) has(format string) bool {
	if len(o.Formats) == 0 {
		return format == "xlsx"
	}
	return slices.ContainsFunc(o.Formats, func(f string) bool { return strings.EqualFold(f, format) })
}
