package main

import (
	"context"
	"errors"
	"io"

	"hailong/ingest/xlsx"
)

type catCmd struct {
	File         string `arg:"" help:"The workbook, csv or tsv file."`
	Format       string `help:"cells (one JSON object a sheet), jsonl (one a row), csv, parquet, arrow (an IPC stream)." enum:"cells,jsonl,csv,parquet,arrow" default:"jsonl"`
	Sheet        string `help:"This sheet (default: the first visible one that holds a value)." placeholder:"NAME"`
	PasswordFile string `help:"File with the password of an encrypted workbook (or HAILONG_PASSWORD)." placeholder:"FILE"`
	Out          string `short:"o" help:"Where it goes (default: stdout)." placeholder:"PATH"`
}

// Run writes the cells of a workbook as read.
func (c *catCmd) Run(ctx context.Context, a *app) error {
	password, err := a.password(c.PasswordFile)
	if err != nil {
		return err
	}
	wb, err := xlsx.Open(c.File, xlsx.Options{Password: password})
	if err != nil {
		return err
	}
	defer wb.Close()
	for _, note := range wb.Notes() {
		a.warn(a.errorText(note))
	}
	if c.Format == "cells" {
		return a.output(c.Out, func(w io.Writer) error { return xlsx.WriteCells(ctx, w, wb) }, c.File)
	}
	sheet, err := c.sheet(ctx, wb)
	if err != nil {
		return err
	}
	write := xlsx.WriteRows
	switch c.Format {
	case "csv":
		write = xlsx.WriteCSV
	case "parquet":
		write = xlsx.WriteParquet
	case "arrow":
		write = xlsx.WriteArrow
	}
	return a.output(c.Out, func(w io.Writer) error { return write(ctx, w, wb, sheet) }, c.File)
}

// sheet is the index of the sheet asked for.
func (c *catCmd) sheet(ctx context.Context, wb *xlsx.Workbook) (int, error) {
	var names []string
	for _, s := range wb.Sheets() {
		if s.Name == c.Sheet {
			return s.Index, nil
		}
		names = append(names, s.Name)
		if c.Sheet != "" || s.Kind != xlsx.Worksheet || s.State != xlsx.Visible {
			continue
		}
		rows := wb.Rows(ctx, s.Index)
		found := rows.Next()
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return 0, err
		}
		if found {
			return s.Index, nil
		}
	}
	if c.Sheet == "" && len(names) > 0 {
		return wb.Sheets()[0].Index, nil
	}
	return 0, fault(exitUsage, "error.sheet", "hint.sheet", nil, c.Sheet, names)
}
