package dataset

import (
	"context"
	"errors"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"hailong/ingest/wording"
)

// ErrNotOurs is returned for a Parquet file that has no Meta: hailong did not write it.
var ErrNotOurs = wording.Errorf("parquet file has no hailong metadata")

// A Reader reads one Parquet file of a dataset.
type Reader struct {
	file   *file.Reader
	arrow  *pqarrow.FileReader
	schema *arrow.Schema
}

// Open opens a dataset file; the caller closes it.
func Open(path string) (*Reader, error) {
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, wording.Errorf("opening dataset file %s: %w", path, err)
	}
	r := &Reader{file: f}
	if r.arrow, err = pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 1 << 14}, memory.DefaultAllocator); err == nil {
		r.schema, err = r.arrow.Schema()
	}
	if err != nil {
		return nil, errors.Join(wording.Errorf("opening dataset file %s: %w", path, err), f.Close())
	}
	return r, nil
}

// Close releases the file.
func (r *Reader) Close() error { return r.file.Close() }

// Rows is the number of rows in the file.
func (r *Reader) Rows() int64 { return r.file.NumRows() }

// Schema is the columns of the file.
func (r *Reader) Schema() *arrow.Schema { return r.schema }

// Meta is the JSON that the file was closed with.
func (r *Reader) Meta() ([]byte, error) {
	value := r.file.MetaData().KeyValueMetadata().FindValue(MetaKey)
	if value == nil {
		return nil, ErrNotOurs
	}
	return []byte(*value), nil
}

// Records calls each with every record of the file in order. A record is valid only during the call.
func (r *Reader) Records(ctx context.Context, each func(arrow.Record) error) error {
	records, err := r.arrow.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return wording.Errorf("reading dataset file: %w", err)
	}
	defer records.Release()
	for records.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(records.Record()); err != nil {
			return err
		}
	}
	if err := records.Err(); err != nil && !errors.Is(err, io.EOF) {
		return wording.Errorf("reading dataset file: %w", err)
	}
	return nil
}
