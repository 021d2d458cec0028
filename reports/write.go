package reports

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"hailong/analytics/result"
	"hailong/ingest/wording"
	"hailong/reports/workbook"
)

// Write writes set as the workbook at path, beside it the other formats that o asks for (the same name with .html or .pdf), and o.Results.
// They are written whole or not at all: under other names in the same folders, flushed to disk, and when all of them are there, renamed.
func Write(ctx context.Context, path string, set *result.Set, o Options) error {
	r, err := newReport(set, o)
	if err != nil {
		return err
	}
	book := func(w io.Writer) error { return workbook.Write(w, r.book) }
	var done []*pending
	defer func() {
		for _, p := range done {
			p.drop()
		}
	}()
	stage := func(to string, write func(io.Writer) error) error {
		p, err := begin(to)
		if err != nil {
			return err
		}
		done = append(done, p)
		if err := write(p.file); err != nil {
			return wording.Errorf("writing %s: %w", to, err)
		}
		return p.flush()
	}
	if o.has("xlsx") {
		if err := stage(path, book); err != nil {
			return err
		}
	}
	beside := strings.TrimSuffix(path, filepath.Ext(path))
	if o.has("html") {
		if err := stage(beside+".html", r.writeHTML); err != nil {
			return err
		}
	}
	if o.has("pdf") {
		if err := stage(beside+".pdf", func(w io.Writer) error { return writePDF(ctx, w, book) }); err != nil {
			return err
		}
	}
	if o.Annex {
		if err := stage(AnnexPath(path), func(w io.Writer) error { return writeAnnex(ctx, w, set, o, annexRows) }); err != nil {
			return err
		}
	}
	if o.Results != "" {
		if err := stage(o.Results, func(w io.Writer) error { return WriteJSON(w, set) }); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return wording.Errorf("writing %s: %w", path, err)
	}
	for _, p := range done {
		if err := p.rename(); err != nil {
			return err
		}
	}
	return nil
}

// WriteTo writes set as a workbook to w.
func WriteTo(w io.Writer, set *result.Set, o Options) error {
	r, err := newReport(set, o)
	if err != nil {
		return err
	}
	return workbook.Write(w, r.book)
}

// WriteHTML writes set as one self-contained HTML page to w.
func WriteHTML(w io.Writer, set *result.Set, o Options) error {
	r, err := newReport(set, o)
	if err != nil {
		return err
	}
	return r.writeHTML(w)
}

// pending is a file written under another name, waiting to take its own.
type pending struct {
	file *os.File
	path string
	over bool
}

func begin(path string) (*pending, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, wording.Errorf("writing %s: it is a folder; give a file name", path)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, wording.Errorf("writing %s: %w", path, err)
	}
	return &pending{file: file, path: path}, nil
}

func (p *pending) flush() error {
	if err := p.file.Chmod(0o644); err != nil && runtime.GOOS != "windows" {
		return wording.Errorf("writing %s: %w", p.path, err)
	}
	if err := p.file.Sync(); err != nil {
		return wording.Errorf("writing %s: %w", p.path, err)
	}
	if err := p.file.Close(); err != nil {
		return wording.Errorf("writing %s: %w", p.path, err)
	}
	return nil
}

func (p *pending) rename() error {
	if err := os.Rename(p.file.Name(), p.path); err != nil {
		if heldOpen(p.path) || errors.Is(err, os.ErrPermission) {
			return wording.Errorf("writing %s: another program holds the file open (is it open in Excel?); close it there and run again: %w", p.path, err)
		}
		return wording.Errorf("writing %s: %w", p.path, err)
	}
	p.over = true
	return nil
}

func (p *pending) drop() {
	if p.over {
		return
	}
	_ = p.file.Close()
	_ = os.Remove(p.file.Name())
}

// heldOpen reports whether Excel or LibreOffice has left its lock file beside path.
func heldOpen(path string) bool {
	folder, base := filepath.Split(path)
	for _, lock := range []string{"~$" + base, ".~lock." + base + "#"} {
		if _, err := os.Stat(filepath.Join(folder, lock)); err == nil {
			return true
		}
	}
	return false
}

func parseDate(text string) (time.Time, error) {
	return time.Parse(time.DateOnly, strings.TrimSpace(text))
}
