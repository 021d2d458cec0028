package dataset

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"hailong/ingest/wording"
)

// ManifestName is the file that lists the Parquet files of the last finished run into a folder. The folder may hold others: those of
// earlier runs, which are kept because a later run may use them again.
const ManifestName = "dataset.json"

// manifest is the content of that file.
type manifest struct {
	Schema string   `json:"schema"`
	Files  []string `json:"files"`
}

// WriteManifest lists files, given by name, as the dataset of a folder.
func WriteManifest(dir string, files []string) error {
	text, err := json.MarshalIndent(manifest{Schema, files}, "", "  ")
	if err != nil {
		return wording.Errorf("writing dataset manifest: %w", err)
	}
	path := filepath.Join(dir, ManifestName)
	temp, err := createTemp(path)
	if err != nil {
		return wording.Errorf("writing dataset manifest: %w", err)
	}
	_, err = temp.Write(append(text, '\n'))
	if err == nil {
		err = settle(temp, path)
	}
	if err != nil {
		err = errors.Join(wording.Errorf("writing dataset manifest: %w", err), temp.Close())
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// Files returns the paths of the Parquet files of a dataset folder: its own, in the order of the inputs, or those of the folders in it that are
// named for a value, as wave=2020/province=84, in the order of their names.
func Files(dir string) ([]string, error) {
	parts, err := filepath.Glob(filepath.Join(dir, "*=*"))
	if err != nil {
		return nil, wording.Errorf("reading dataset: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, ManifestName)); err == nil || len(parts) == 0 {
		return filesOf(dir)
	}
	var all []string
	for _, part := range parts {
		files, err := Files(part)
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	return all, nil
}

func filesOf(dir string) ([]string, error) {
	path := filepath.Join(dir, ManifestName)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, wording.Errorf("reading dataset: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, wording.Errorf("reading dataset: %s: %w", path, err)
	}
	if m.Schema != Schema {
		return nil, wording.Errorf("reading dataset: %s has the schema %q, not %q", path, m.Schema, Schema)
	}
	files := make([]string, len(m.Files))
	for i, name := range m.Files {
		files[i] = filepath.Join(dir, filepath.Base(name))
	}
	return files, nil
}
