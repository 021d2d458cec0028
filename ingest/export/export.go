// Package export hands a dataset on to R, Stata and SPSS.
//
// What comes in: the Parquet files of a dataset, the questionnaire that they were coded with, and the columns of the sampling design. What goes
// out: a folder with the answers (data.csv), what they mean (codebook.csv), and a script a program that reads both, labels them and sets the
// survey design up (read.R, read.do, read.sps). What is promised: every row of the dataset is there, in its order, with the file, the sheet and
// the row it came from; codes stand as they are, the kinds of missing with them; names are valid in all three programs; the same dataset gives
// the same bytes; and nothing of an earlier export is touched before everything new is written.
//
// The csv files are UTF-8 without a byte order mark, which is what the three programs are told to read: R would take a mark for a part of
// the first name. (Excel wants one; the workbook is for Excel.) Line ends within a text become spaces, because SPSS reads a csv file by line.
package export

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
)

// The files of an export.
const (
	DataFile     = "data.csv"
	CodebookFile = "codebook.csv"
	RFile        = "read.R"
	StataFile    = "read.do"
	SPSSFile     = "read.sps"
)

// Names lists the files that Write writes, and writes over.
func Names() []string { return []string{DataFile, CodebookFile, RFile, StataFile, SPSSFile} }

// A Dataset is what is exported. Only Files is needed.
type Dataset struct {
	Title         string
	Files         []string // the Parquet files, in the order of the inputs
	Questionnaire questionnaire.Questionnaire
	Design        Design
}

// Design names columns of the dataset, in R survey's words. Several strata are crossed and several PSU columns name one unit together, as
// they do in a plan. The zero value is a simple random sample.
type Design struct {
	Weight string
	Strata []string
	PSU    []string
	FPC    []string // population sizes or sampling fractions: of the PSUs, then of the rows in a PSU
	Lonely string   // fail, remove, certainty, adjust, average; empty: fail
}

// Write writes the export into a folder, which it makes where there is none.
func Write(ctx context.Context, dir string, d Dataset) (err error) {
	defer func() {
		if err != nil {
			err = wording.Errorf("writing to %s: %w", dir, err)
		}
	}()
	t, err := collect(d)
	if err != nil {
		return err
	}
	design, err := t.design(d.Design)
	if err != nil {
		return &DesignError{err}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var files whole
	defer func() { err = errors.Join(err, files.drop()) }()
	// The data come first: the width of the texts, which SPSS must be told, is known once they are written.
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{DataFile, func(w io.Writer) error { return t.writeData(ctx, w) }},
		{CodebookFile, t.writeCodebook},
		{RFile, func(w io.Writer) error { return t.writeR(w, design) }},
		{StataFile, func(w io.Writer) error { return t.writeStata(w, design) }},
		{SPSSFile, func(w io.Writer) error { return t.writeSPSS(w, design) }},
	} {
		if err := files.write(filepath.Join(dir, part.name), part.write); err != nil {
			return err
		}
	}
	return files.settle()
}
