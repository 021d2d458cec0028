package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"hailong/ingest/wording"
)

// createdBy is written into every file in place of the library's version, so that an update of the library that changes nothing
// else changes no byte.
const createdBy = "hailong"

// FileName is the name of the Parquet file of one sheet: it says which input and which settings it was made from, so a file that is
// there need not be made again.
func FileName(input, settings [sha256.Size]byte, sheet int) string {
	return fmt.Sprintf("%s-%s-%d.parquet", hex.EncodeToString(input[:6]), hex.EncodeToString(settings[:6]), sheet)
}

// A Writer writes one Parquet file. Nothing has the file's name until Close: records go to a temporary file beside it.
type Writer struct {
	path string
	temp *os.File
	out  *pqarrow.FileWriter
}

// Create starts a file of the given columns. Plain holds the names of columns whose values hardly repeat: they are
// written without a dictionary, which for them only costs time.
func Create(path string, schema *arrow.Schema, plain []string) (*Writer, error) {
	temp, err := createTemp(path)
	if err != nil {
		return nil, wording.Errorf("creating dataset file: %w", err)
	}
	properties := []parquet.WriterProperty{
		parquet.WithCreatedBy(createdBy),
		parquet.WithCompression(compress.Codecs.Snappy),
		parquet.WithDictionaryDefault(true),
		parquet.WithStats(true),
		parquet.WithMaxRowGroupLength(rowGroup),
	}
	for _, name := range plain {
		properties = append(properties, parquet.WithDictionaryFor(name, false))
	}
	w := &Writer{path: path, temp: temp}
	w.out, err = pqarrow.NewFileWriter(schema, keepOpen{temp}, parquet.NewWriterProperties(properties...), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		w.Abort()
		return nil, wording.Errorf("creating dataset file: %w", err)
	}
	return w, nil
}

// keepOpen hides Close from the Parquet library, which would close the file before it is synced.
type keepOpen struct{ file *os.File }

func (k keepOpen) Write(p []byte) (int, error) { return k.file.Write(p) }

// rowGroup is the number of rows of a row group. The Parquet library holds every value of a group as a dictionary index and a level
// until the group ends: with 56 columns 32,768 rows are about 12 MB.
const rowGroup = 1 << 15

// Write appends one record.
func (w *Writer) Write(record arrow.Record) error {
	if record.NumRows() == 0 {
		return nil
	}
	if err := w.out.WriteBuffered(record); err != nil {
		return wording.Errorf("writing dataset file: %w", err)
	}
	return nil
}

// WriteWithout appends the rows of a record whose number in the sheet is not among those set aside.
func (w *Writer) WriteWithout(record arrow.Record, aside map[int32]bool) error {
	at := record.Schema().FieldIndices(RowColumn)
	if len(at) == 0 {
		return ErrNotOurs
	}
	numbers, ok := record.Column(at[0]).(*array.Int32)
	if !ok {
		return ErrNotOurs
	}
	for from, n := 0, int(record.NumRows()); from < n; {
		to := from
		for to < n && !aside[numbers.Value(to)] {
			to++
		}
		if to > from {
			part := record.NewSlice(int64(from), int64(to))
			err := w.Write(part)
			part.Release()
			if err != nil {
				return err
			}
		}
		from = to + 1
	}
	return nil
}

// Close writes the metadata and the footer, forces the file to the disk and gives it its name.
func (w *Writer) Close(meta []byte) error {
	if err := w.finish(meta); err != nil {
		w.Abort()
		return wording.Errorf("finishing dataset file: %w", err)
	}
	return nil
}

func (w *Writer) finish(meta []byte) error {
	if err := w.out.AppendKeyValueMetadata(MetaKey, string(meta)); err != nil {
		return err
	}
	if err := w.out.Close(); err != nil {
		return err
	}
	return settle(w.temp, w.path)
}

// tempPrefix begins the names of files that are not finished.
const tempPrefix = ".tmp-"

// createTemp makes the temporary file that will become path. Its name is nobody else's: two processes may write one folder at a time.
func createTemp(path string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(path), tempPrefix+"*-"+filepath.Base(path))
}

// abandoned is the age from which a temporary file is taken for what a killed process left: no sheet takes a day.
const abandoned = 24 * time.Hour

// Sweep removes the unfinished files that killed runs left in a dataset folder. Those of a run that is under way stay.
func Sweep(dir string) {
	// What cannot be listed or removed harms nobody: nobody reads it.
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasPrefix(e.Name(), tempPrefix) && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// settle forces a temporary file to the disk and gives it its name.
func settle(temp *os.File, path string) error {
	// os.CreateTemp makes files that only their owner can read; the dataset is for colleagues and DuckDB too.
	if err := temp.Chmod(0o644); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// Abort removes what was written. After Close it does nothing.
func (w *Writer) Abort() {
	// What is thrown away may be lost; a file that cannot be removed is hidden and nobody reads it.
	_ = w.temp.Close()
	_ = os.Remove(w.temp.Name())
}
