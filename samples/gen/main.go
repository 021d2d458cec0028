// Command gen writes the committed files of the samples again. Run it from the repository's root: go run ./samples/gen
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hailong/samples"
)

func main() {
	if err := run("samples"); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	if err := traVinh(filepath.Join(root, "tra-vinh-2020")); err != nil {
		return err
	}
	return papi(filepath.Join(root, "papi"))
}

func traVinh(dir string) error {
	s, err := samples.TraVinh2020()
	if err != nil {
		return err
	}
	err = s.WriteFiles(func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, "data", name)) })
	if err != nil {
		return err
	}
	t, err := s.Truth()
	if err != nil {
		return err
	}
	if err := create(filepath.Join(dir, "truth.json"), t.WriteJSON); err != nil {
		return err
	}
	return create(filepath.Join(dir, "answers.csv"), s.WriteAnswers)
}

func papi(dir string) error {
	var tables []io.Reader
	for _, name := range []string{"names.csv", "papi-scores.csv", "papi-subdimensions.csv"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		tables = append(tables, bytes.NewReader(b))
	}
	return create(filepath.Join(dir, "papi-scores.xlsx"), func(w io.Writer) error {
		return samples.WritePAPI(w, tables[0], tables[1], tables[2])
	})
}

func create(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
