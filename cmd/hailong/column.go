package main

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hailong/analytics"
	"hailong/analytics/engine"
	"hailong/ingest/vntext"
	"hailong/ingest/wording"
)

// likeName is how similar a name must be to what was typed to be offered for it, and offeredNames how many are.
const (
	likeName     = 0.6
	offeredNames = 5
)

// columnFault words an error about a column that is not there, or another in what was asked for: the command line or the plan is wrong.
// Others pass.
func columnFault(err error) error {
	var asked *analytics.RequestError
	var condition *engine.ConditionError
	var text *engine.NumberError
	var key *wording.KeyError
	if errors.As(err, &asked) || errors.As(err, &condition) || errors.As(err, &text) || errors.As(err, &key) {
		return &failure{code: exitUsage, err: err}
	}
	var missing *analytics.ColumnError
	if !errors.As(err, &missing) {
		return err
	}
	have := slices.DeleteFunc(slices.Clone(missing.Have), func(c string) bool { return strings.HasPrefix(c, "_") }) // the dataset's own
	f := &failure{code: exitUsage, msg: say("error.column", missing.Column, strings.Join(have, ", ")), hint: say("hint.column")}
	if near := nearest(missing.Column, have); len(near) > 0 {
		f.hint = say("hint.near", strings.Join(near, ", "))
	}
	return f
}

// fileFault says that a file is not there and which are; nil where it is.
func fileFault(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	f := &failure{code: exitUsage, msg: say("error.no_file", path), hint: say("hint.missing_file")}
	entries, _ := os.ReadDir(filepath.Dir(path)) // a folder that is not there holds nothing to offer
	var have []string
	for _, e := range entries {
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "~$") {
			continue
		}
		if isSurvey(e.Name()) || strings.EqualFold(filepath.Ext(e.Name()), ".parquet") {
			have = append(have, e.Name())
		}
	}
	if near := nearest(filepath.Base(path), have); len(near) > 0 {
		have = near
	}
	if len(have) > 0 {
		f.hint = say("hint.near", strings.Join(have[:min(len(have), offeredNames)], ", "))
	}
	return f
}

// nearest are the names that are like the one typed, the likest first.
func nearest(typed string, names []string) []string {
	plain := func(s string) string { return strings.NewReplacer("_", "", " ", "").Replace(vntext.FoldASCII(s)) }
	score := func(name string) float64 { return vntext.Similarity(plain(typed), plain(name)) }
	var near []string
	for _, n := range names {
		if score(n) >= likeName {
			near = append(near, n)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(score(b), score(a)) })
	return near[:min(len(near), offeredNames)]
}
