package main

import (
	"context"
	"errors"
	"path/filepath"

	"hailong/ingest"
	"hailong/ingest/export"
)

// export writes the dataset for other programs, with the plan's design.
func (j *job) export(ctx context.Context, dir string, report *ingest.Report) error {
	d := j.plan.Design
	err := export.Write(ctx, dir, export.Dataset{
		Title: j.plan.Title, Files: datasetFiles(j.folder(), report), Questionnaire: *j.form,
		Design: export.Design{Weight: d.Weight, Strata: d.Strata, PSU: d.PSU, FPC: d.FPC, Lonely: d.Lonely.String()},
	})
	if err != nil {
		code := exitFailed
		var wrong *export.DesignError
		if errors.As(err, &wrong) {
			code = exitUsage
		}
		return fault(code, "error.export", "hint.export", err)
	}
	return nil
}

// protectFrom refuses to write an export over what is read, such as an input that is called data.csv.
func (j *job) protectFrom(dir string) error {
	for _, name := range export.Names() {
		out := filepath.Join(dir, name)
		for _, in := range j.files {
			if samePath(out, in) {
				return fault(exitUsage, "error.out_is_input", "hint.export_folder", nil, out)
			}
		}
	}
	return nil
}
