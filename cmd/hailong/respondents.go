package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"hailong/analytics/result"
	"hailong/ingest"
	"hailong/ingest/dataset"
	"hailong/reports"
)

// respondents hands the dataset's rows to the annex, file by file while it is written. What identifies a person, free texts, times and columns that were
// not understood stay out: only what the figures were made from goes in.
func (j *job) respondents(ctx context.Context, report *ingest.Report) *reports.Respondents {
	names, roles := annexColumns(report)
	r := &reports.Respondents{Count: int(report.Ledger.Kept)}
	for i, name := range names {
		r.Columns = append(r.Columns, reports.RespondentColumn{Name: name, Role: roles[i]})
	}
	r.Rows = func(yield func(reports.Respondent, error) bool) {
		for _, f := range report.Files {
			for _, s := range f.Sheets {
				if s.Parquet == "" {
					continue
				}
				one := reports.Respondent{File: j.shown[f.Path], Sheet: s.Sheet}
				if !sheetRespondents(ctx, filepath.Join(j.folder(), s.Parquet), names, one, yield) {
					return
				}
			}
		}
	}
	return r
}

// annexColumns are the dataset's columns that go into the annex, in the order of first sight, with their roles.
func annexColumns(report *ingest.Report) (names, roles []string) {
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			for _, c := range s.Columns {
				if c.Name == "" || slices.Contains(names, c.Name) || !slices.Contains(reports.RespondentRoles(), c.Role) {
					continue
				}
				names, roles = append(names, c.Name), append(roles, c.Role)
			}
		}
	}
	return names, roles
}

// errEnough ends the reading of a file whose reader wants no more.
var errEnough = errors.New("enough")

// sheetRespondents yields the rows of one dataset file and reports whether more are wanted.
func sheetRespondents(ctx context.Context, path string, names []string, one reports.Respondent, yield func(reports.Respondent, error) bool) bool {
	file, err := dataset.Open(path)
	if err != nil {
		return yield(one, err)
	}
	err = file.Values(ctx, append([]string{dataset.RowColumn}, names...), func(values []dataset.Value) error {
		one.Row = int(values[0].Number)
		one.Values = one.Values[:0]
		for _, v := range values[1:] {
			one.Values = append(one.Values, field(v))
		}
		if !yield(one, nil) {
			return errEnough
		}
		return nil
	})
	err = errors.Join(err, file.Close())
	if errors.Is(err, errEnough) {
		return false
	}
	return err == nil || yield(one, err)
}

func field(v dataset.Value) reports.Field {
	f := reports.Field{Text: v.Text, Number: result.Unknown()}
	if v.Kind == dataset.NumberValue {
		f.Number = result.Number(v.Number)
	}
	return f
}
