package xlsx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"hailong/ingest/wording"
)

// convert lets LibreOffice write an .xlsx of a format that this package does not read. It runs in a folder and with a profile
// of its own, so that it neither disturbs nor waits for one that the user has open.
func (w *Workbook) convert(r io.ReaderAt, size int64, is, ext string) error {
	tool := w.options.Converter
	for _, name := range []string{"soffice", "libreoffice"} {
		if tool == "" {
			tool, _ = exec.LookPath(name)
		}
	}
	if tool == "" {
		return &Problem{Msg: "the file is " + is + ", which needs LibreOffice to be read", Hint: "install LibreOffice, or " + hintSave, Err: ErrNoConverter}
	}
	if size > w.limits.ConvertBytes {
		return limited("", "", "the file is larger than "+byteCount(w.limits.ConvertBytes)+", too large to be converted")
	}
	plain, err := convertFile(tool, io.NewSectionReader(r, 0, size), ext, w.options.Timeout)
	if err != nil {
		return &Problem{Msg: "the file is " + is + " and LibreOffice could not convert it: " + err.Error(), Hint: hintSave, Err: err}
	}
	w.note = append(w.note, wording.Errorf("the file (%s) was converted by LibreOffice", ext))
	a := bytes.NewReader(plain)
	return w.loadZip(a, int64(len(plain)))
}

func convertFile(tool string, r io.Reader, ext string, timeout time.Duration) (plain []byte, err error) {
	if timeout <= 0 {
		timeout = 2 * time.Minute
	}
	dir, err := os.MkdirTemp("", "hailong-convert-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	in := filepath.Join(dir, "in"+ext)
	f, err := os.Create(in)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool, "--headless", "--norestore", "--nolockcheck",
		"-env:UserInstallation="+fileURL(filepath.Join(dir, "profile")),
		"--convert-to", "xlsx", "--outdir", filepath.Join(dir, "out"), in)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return nil, wording.Errorf("it took longer than %s", timeout)
	}
	if err != nil {
		return nil, wording.Errorf("%w (%s)", err, clip(bytes.TrimSpace(out)))
	}
	plain, err = os.ReadFile(filepath.Join(dir, "out", "in.xlsx"))
	if err != nil {
		return nil, wording.Errorf("it wrote no workbook (%s)", clip(bytes.TrimSpace(out)))
	}
	return plain, nil
}

// fileURL is the URL of an absolute path; that of a drive needs one more slash.
func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
