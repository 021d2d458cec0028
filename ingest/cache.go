package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"hailong/ingest/dataset"
	"hailong/ingest/quality"
	"hailong/ingest/wording"
)

// reuse takes the sheets of a file from the dataset of an earlier run: same input bytes, same settings, every sheet with a table there.
// Whatever is missing or odd about the old files, the input is simply read again.
func (b *batchRun) reuse(ctx context.Context, i int) bool {
	out := b.src.options.Out
	if out == "" || b.src.options.NoCache {
		return false
	}
	f := &b.files[i]
	first := firstFile(out, b.sums[i], b.src.settingsOf(f.Path))
	if first == "" {
		return false
	}
	head, _, err := b.load(ctx, first, i)
	if err != nil {
		return false
	}
	var sheets []SheetReport
	var collectors []*quality.Collector
	for _, index := range head.Tables {
		report, collector, err := b.load(ctx, dataset.FileName(b.sums[i], b.src.settingsOf(f.Path), index), i)
		if err != nil || !slices.Equal(report.Tables, head.Tables) {
			return false
		}
		sheets, collectors = append(sheets, *report), append(collectors, collector)
	}
	f.Sheets, f.Guesses, f.Hidden, f.Problems, f.Reused = sheets, head.Book.Guesses, head.Book.Hidden, head.Book.Problems, true
	b.collectors[i] = collectors
	for k := range f.Problems {
		f.Problems[k].File = f.Path
	}
	return true
}

// firstFile is the name of any dataset file made of an input with some settings; "" if there is none.
func firstFile(dir string, input, settings [32]byte) string {
	prefix := dataset.FileName(input, settings, 0)
	prefix = prefix[:len(prefix)-len("0.parquet")]
	matches, err := filepath.Glob(filepath.Join(dir, prefix+"*.parquet"))
	if err != nil || len(matches) == 0 {
		return ""
	}
	return filepath.Base(slices.Min(matches))
}

// errOther says that a dataset file is not what its name promises.
var errOther = wording.Errorf("dataset file is of another input or version")

// load reads a sheet's report from its dataset file and looks at its rows again, as the checks across files need them.
func (b *batchRun) load(ctx context.Context, name string, i int) (report *SheetReport, collector *quality.Collector, err error) {
	r, err := dataset.Open(filepath.Join(b.src.options.Out, name))
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	meta, err := r.Meta()
	if err != nil {
		return nil, nil, err
	}
	report = &SheetReport{}
	if err := json.Unmarshal(meta, report); err != nil {
		return nil, nil, err
	}
	if report.Schema != dataset.Schema || report.SHA256 != b.files[i].SHA256 || report.Ledger.Check() != nil || report.Ledger.Kept != r.Rows() {
		return nil, nil, errOther
	}
	report.Parquet = name
	for k := range report.Problems {
		report.Problems[k].File = b.files[i].Path
	}
	if !b.looksAcross() {
		return report, nil, nil
	}
	collector = quality.NewCollector(report.Looked, b.src.options.Quality, b.src.options.Issued)
	err = r.Records(ctx, func(record arrow.Record) error { collector.Add(record); return nil })
	if err == nil {
		collector.Judge(report.File, report.Sheet)
	}
	return report, collector, err
}

// looksAcross reports whether rows are compared between files or set aside, or counted by area, for which they must be looked at one by one.
func (b *batchRun) looksAcross() bool {
	return len(b.files) > 1 || len(b.src.options.Exclude) > 0 || len(b.src.options.Issued.Areas) > 0
}

// adjust rewrites the dataset files of sheets that have rows to exclude, or names of areas that an earlier file spells in another way. The
// file with all rows as the sheet has them stays: it is what the next run, with other exclusions or other files, starts from.
func (b *batchRun) adjust(ctx context.Context) error {
	names := newSpellings()
	for i := range b.files {
		for j := range b.files[i].Sheets {
			report := &b.files[i].Sheets[j]
			change := changes{rows: b.collectors[i][j].SetAside(b.src.options.Exclude), names: names.respell(report.Spellings)}
			for _, row := range change.rows {
				report.Ledger.SetAside = add(report.Ledger.SetAside, row.Reason, 1)
			}
			report.Ledger.Kept -= int64(len(change.rows))
			report.Funnel.Kept = report.Ledger.Kept
			if b.src.options.Out == "" || len(change.rows)+len(change.names) == 0 {
				continue
			}
			if err := b.rewrite(ctx, i, report, change); err != nil {
				return err
			}
		}
	}
	return nil
}

// changes are what a dataset file of its own is made for.
type changes struct {
	rows  []quality.AsideRow           // that are set aside
	names map[string]map[string]string // of areas, by column
}

// rewrite writes a sheet's dataset file with some changes, under a name of its own.
func (b *batchRun) rewrite(ctx context.Context, i int, report *SheetReport, change changes) (err error) {
	r, err := dataset.Open(filepath.Join(b.src.options.Out, report.Parquet))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	report.Parquet = dataset.FileName(b.sums[i], b.src.settingsWith(b.files[i].Path, change), report.Index)
	path := filepath.Join(b.src.options.Out, report.Parquet)
	if _, err := os.Stat(path); err == nil {
		return nil // made by an earlier run
	}
	w, err := dataset.Create(path, r.Schema(), nil)
	if err != nil {
		return err
	}
	aside := make(map[int32]bool, len(change.rows))
	for _, row := range change.rows {
		aside[int32(row.Row)] = true
	}
	err = r.Records(ctx, func(record arrow.Record) error {
		respelt := dataset.Replace(record, change.names)
		defer respelt.Release()
		return w.WriteWithout(respelt, aside)
	})
	if err != nil {
		w.Abort()
		return err
	}
	meta, err := stored(report)
	if err != nil {
		w.Abort()
		return err
	}
	return w.Close(meta)
}

// stored is a report as it stands in a dataset file: with the name of the input and not its path, so that the same input gives the
// same bytes wherever it lies.
func stored(r *SheetReport) ([]byte, error) {
	own := *r
	own.Parquet = ""
	own.Problems = slices.Clone(r.Problems)
	for k := range own.Problems {
		own.Problems[k].File = r.File
	}
	own.Book.Problems = slices.Clone(r.Book.Problems)
	for k := range own.Book.Problems {
		own.Book.Problems[k].File = r.File
	}
	return json.Marshal(own)
}
