package main

import (
	"context"

	"hailong/ingest"
	"hailong/ingest/export"
)

// export writes the dataset for other programs, with the plan's design.
func (j *job) export(ctx context.Context, dir string, report *ingest.Report) error {
	d := j.plan.Design
	err := export.Write(ctx, dir, export.Dataset{
		Title: j.plan.Title, Files: datasetFiles(j.dataset, report), Questionnaire: *j.form,
		Design: export.Design{Weight: d.Weight, Strata: d.Strata, PSU: d.PSU, FPC: d.FPC, Lonely: d.Lonely.String()},
	})
	if err != nil {
		return fault(exitFailed, "error.export", "hint.export", err)
	}
	return nil
}
