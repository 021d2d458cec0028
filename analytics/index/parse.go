package index

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
)

// file is a definition file as a whole. The questionnaire section belongs to package ingest/questionnaire, which is as strict with it.
type file struct {
	ID            string     `yaml:"id"`
	Questionnaire any        `yaml:"questionnaire"`
	Index         Definition `yaml:"index"`
}

// glance is what the tree needs to know of the questionnaire: which items exist, and which scales.
type glance struct {
	Questionnaire struct {
		Scales map[string]any `yaml:"scales"`
		Items  []struct {
			ID    string `yaml:"id"`
			Scale string `yaml:"scale"`
		} `yaml:"items"`
	} `yaml:"questionnaire"`
}

// Parse reads a definition file. An unknown key, a wrong type or a second document is an error that shows the line with a caret.
// Whether the definition makes sense is Check's question.
func Parse(source []byte) (*Definition, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(source), yaml.Strict())
	var f file
	if err := decoder.Decode(&f); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("reading index definition: the file is empty")
		}
		return nil, fmt.Errorf("reading index definition: %w", err)
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading index definition: the file holds more than one YAML document; keep one")
	}
	d := &f.Index
	switch {
	case d.ID == "":
		d.ID = f.ID
	case f.ID != "" && f.ID != d.ID:
		return nil, fmt.Errorf("reading index definition: id is %q at the top and %q in the index section; write it once", f.ID, d.ID)
	}
	if d.ID == "" {
		return nil, errors.New("reading index definition: the key id is missing; name the index at the top of the file")
	}
	if d.Tree.ID == "" {
		return nil, fmt.Errorf("reading index definition %s: the section index.tree is missing", d.ID)
	}
	var g glance
	if err := yaml.Unmarshal(source, &g); err != nil {
		return nil, fmt.Errorf("reading index definition %s: %w", d.ID, err)
	}
	d.source = source
	d.scales = make(map[string]bool, len(g.Questionnaire.Scales))
	for name := range g.Questionnaire.Scales {
		d.scales[name] = true
	}
	d.items = make(map[string]string, len(g.Questionnaire.Items))
	for _, item := range g.Questionnaire.Items {
		d.items[item.ID] = item.Scale
	}
	return d, nil
}

// at shows where in the file a thing stands that Check objects to.
func (d *Definition) at(path, problem string) error {
	p, err := yaml.PathString(path)
	if err != nil {
		return fmt.Errorf("index definition %s: %s", d.ID, problem)
	}
	where, err := p.AnnotateSource(d.source, false)
	if err != nil {
		return fmt.Errorf("index definition %s: %s: %s", d.ID, strings.TrimPrefix(path, "$."), problem)
	}
	return fmt.Errorf("index definition %s: %s: %s\n%s", d.ID, strings.TrimPrefix(path, "$."), problem, strings.TrimRight(string(where), "\n"))
}
