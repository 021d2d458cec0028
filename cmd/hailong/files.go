package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hailong/ingest"
)

// resolve starts a relative path from dir.
func resolve(dir, path string) string {
	if dir == "" || path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// surveyEndings are the files that a folder is read for; what a file is, its content tells.
var surveyEndings = []string{".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".csv", ".tsv"}

// expand turns paths, globs and folders into files, in the order given, each file once; the files of a glob or folder are in byte order.
// Of those, Office's lock files (~$name.xlsx) are left out, and the workbooks that hailong wrote there, which left names; so it does the
// folders within a folder, which are not read. A path that does not exist stays, so that its own message names it.
func expand(dir string, patterns []string) (files []string, left []*phrase, err error) {
	seen := map[string]bool{}
	add := func(path string) {
		if !seen[path] {
			seen[path] = true
			files = append(files, path)
		}
	}
	for _, p := range patterns {
		path := resolve(dir, p)
		info, err := os.Stat(path)
		folder := err == nil && info.IsDir()
		if !folder && (err == nil || !strings.ContainsAny(p, "*?[")) {
			add(path)
			continue
		}
		found, inner, err := filesOf(path, folder)
		if err != nil {
			return nil, nil, fault(exitUsage, "error.no_files", "hint.no_files", err, p)
		}
		slices.Sort(found)
		before := len(files)
		for _, f := range found {
			switch {
			case strings.HasPrefix(filepath.Base(f), "~$"):
			case ingest.IsResult(f):
				left = append(left, say("files.result", filepath.Base(f)))
			default:
				add(f)
			}
		}
		inner = slices.DeleteFunc(inner, func(f string) bool {
			return slices.ContainsFunc(patterns, func(p string) bool { return filepath.Clean(resolve(dir, p)) == filepath.Join(path, f) })
		})
		if len(inner) > 0 {
			left = append(left, say("files.folders", strings.Join(inner, ", ")))
		}
		if len(files) == before {
			return nil, left, fault(exitUsage, "error.no_files", "hint.no_files", nil, p)
		}
	}
	return files, left, nil
}

// filesOf lists the survey files of a folder and the folders in it that hold some, or what a glob matches.
func filesOf(path string, folder bool) (files, inner []string, err error) {
	if !folder {
		files, err = filepath.Glob(path)
		return files, nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		switch {
		case e.IsDir() && !strings.HasPrefix(e.Name(), "."):
			if holdsSurvey(name) {
				inner = append(inner, e.Name())
			}
		case !e.IsDir() && isSurvey(e.Name()):
			files = append(files, name)
		}
	}
	return files, inner, nil
}

func isSurvey(name string) bool {
	return slices.Contains(surveyEndings, strings.ToLower(filepath.Ext(name)))
}

// holdsSurvey reports whether a survey file lies anywhere below a folder, or may, since something there cannot be read.
func holdsSurvey(folder string) bool {
	found := false
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case !e.IsDir() && isSurvey(e.Name()):
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found || err != nil
}

// writeWhole writes a file whole or not at all: a temporary file beside it, synced, then renamed.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fault(exitFailed, "error.write", "hint.write", err, path)
		}
	}()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	w := bufio.NewWriter(f)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// readSmall reads a definition or plan; anything larger than a megabyte is no such file.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 1<<20))
}

// keepApart refuses an output that is also an input: a survey file may be the only copy there is.
func keepApart(out string, inputs []string) error {
	for _, in := range inputs {
		if in != "" && samePath(out, in) {
			return fault(exitUsage, "error.out_is_input", "hint.out_is_input", nil, out)
		}
	}
	return nil
}

// samePath says whether two paths name the same file, also where one does not exist yet.
func samePath(a, b string) bool {
	fa, errA := os.Stat(a)
	fb, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(fa, fb)
	}
	absA, errA := filepath.Abs(a)
	absB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absA == absB
}
