package export

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// whole is a set of files that get their names together, after the last of them is on the disk.
type whole []pending

// pending is a finished temporary file and the name it will get.
type pending struct{ temp, path string }

// write writes one file beside its final name.
func (f *whole) write(path string, write func(io.Writer) error) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".tmp-*-"+filepath.Base(path))
	if err != nil {
		return err
	}
	*f = append(*f, pending{temp.Name(), path})
	defer func() { err = errors.Join(err, temp.Close()) }()
	w := bufio.NewWriterSize(temp, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	// os.CreateTemp makes files that only their owner can read; an export is for colleagues.
	if err := temp.Chmod(0o644); err != nil {
		return err
	}
	return temp.Sync()
}

// settle gives every file its name.
func (f *whole) settle() error {
	for len(*f) > 0 {
		if err := os.Rename((*f)[0].temp, (*f)[0].path); err != nil {
			return err
		}
		*f = (*f)[1:]
	}
	return nil
}

// drop removes the temporary files that did not get their name.
func (f *whole) drop() error {
	var errs []error
	for _, p := range *f {
		errs = append(errs, os.Remove(p.temp))
	}
	return errors.Join(errs...)
}
