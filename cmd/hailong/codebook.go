package main

import (
	"maps"
	"path/filepath"
	"slices"

	"hailong/analytics"
	"hailong/analytics/result"
	"hailong/ingest"
	"hailong/ingest/questionnaire"
)

// codebook carries the names of columns and answers from the questionnaire to analytics. Columns that only the files know
// (other) are named by their header.
func codebook(q *questionnaire.Questionnaire, report *ingest.Report) analytics.Codebook {
	var book analytics.Codebook
	known := map[string]bool{}
	for _, item := range q.Items {
		book.Items = append(book.Items, analytics.Item{ID: item.ID, Levels: levels(q.Scales[item.Scale])})
		known[item.ID] = true
	}
	for _, v := range q.Background {
		known[v.ID] = true
		variable := analytics.Variable{ID: v.ID, Role: v.Role, Name: result.Text(v.Text), Levels: levels(q.Scales[v.Scale])}
		if len(v.Bands) > 0 {
			variable.Levels = nil
			for i, b := range v.Bands {
				variable.Levels = append(variable.Levels, analytics.Level{Code: i + 1, Label: result.Text(b.Label)})
			}
		}
		book.Variables = append(book.Variables, variable)
	}
	if report == nil {
		return book
	}
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			for _, c := range s.Columns {
				if c.Name == "" || known[c.Name] {
					continue
				}
				known[c.Name] = true
				book.Variables = append(book.Variables, analytics.Variable{ID: c.Name, Role: "characteristic", Name: result.Text{VI: c.Header, EN: c.Header}})
			}
		}
	}
	return book
}

// levels lists a scale's answers by code.
func levels(s questionnaire.Scale) []analytics.Level {
	var out []analytics.Level
	for _, code := range slices.Sorted(maps.Keys(s.Codes)) {
		out = append(out, analytics.Level{Code: code, Label: result.Text(s.Codes[code])})
	}
	return out
}

// datasetFiles are the Parquet files of this run, in the order of the inputs: a dataset folder may hold others.
func datasetFiles(dir string, report *ingest.Report) []string {
	var files []string
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			if s.Parquet != "" {
				files = append(files, filepath.Join(dir, s.Parquet))
			}
		}
	}
	return files
}
