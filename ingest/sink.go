package ingest

import (
	"context"
	"path/filepath"

	"github.com/apache/arrow/go/v17/arrow"

	"hailong/ingest/dataset"
)

// A sink takes the batches of a pass in a goroutine of its own, while the next one is read: quality looks at them and, where there is a
// dataset folder, they are encoded into its file. The channel bounds the memory: a reader that is faster waits.
type sink struct {
	batches chan arrow.Record
	done    chan error
	writer  *dataset.Writer // nil before the first batch and without a folder; to be looked at after end
}

// newSink begins to take batches. path is the dataset file, "" for none.
func (s *sheetReader) newSink(path string, known knowledge) *sink {
	k := &sink{batches: make(chan arrow.Record, 1), done: make(chan error, 1)}
	go func() {
		var failed error
		for record := range k.batches {
			if failed == nil && k.writer == nil && path != "" {
				k.writer, failed = dataset.Create(path, record.Schema(), s.plain(record.Schema(), known))
			}
			if failed == nil && k.writer != nil {
				failed = k.writer.Write(record)
			}
			s.collector.Add(record)
			record.Release()
		}
		k.done <- failed
	}()
	return k
}

// take hands a batch over.
func (k *sink) take(ctx context.Context, record arrow.Record) error {
	record.Retain()
	select {
	case k.batches <- record:
		return nil
	case <-ctx.Done():
		record.Release()
		return context.Cause(ctx)
	}
}

// end waits until all batches are taken.
func (k *sink) end(ctx context.Context) error {
	close(k.batches)
	if err := <-k.done; err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx) // the rows may all have been read ahead
	}
	return nil
}

// abort throws away what was written.
func (k *sink) abort() {
	if k.writer != nil {
		k.writer.Abort()
	}
}

// path is where a dataset file lies, "" for none.
func (s *sheetReader) path(name string) string {
	if s.out == "" {
		return ""
	}
	return filepath.Join(s.out, name)
}
