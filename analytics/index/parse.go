package index

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"hailong/ingest/wording"
)

// file is a definition file as a whole.
type file struct {
	ID            string     `yaml:"id"`
	Questionnaire glance     `yaml:"questionnaire"`
	Index         Definition `yaml:"index"`
}

// glance is what the tree needs to know of the questionnaire: which items exist, and which scales. The rest of that section belongs to
// package ingest/questionnaire, which is strict with it; here it is passed over.
type glance struct {
	Scales     map[string]glanceScale `yaml:"scales"`
	Items      []glanceItem           `yaml:"items"`
	Background []glanceItem           `yaml:"background"`
}

// glanceItem is an item without what only ingest needs.
type glanceItem struct {
	ID    string `yaml:"id"`
	Scale string `yaml:"scale"`
}

// UnmarshalYAML reads leniently, whatever the file's decoder does.
func (g *glance) UnmarshalYAML(node ast.Node) error {
	type lenient glance
	return yaml.NodeToValue(node, (*lenient)(g))
}

// glanceScale is a scale as far as it makes columns, of codes or of numbers: a question with several answers has one column an answer.
type glanceScale struct {
	Multiple bool        `yaml:"multiple"`
	Numeric  bool        `yaml:"numeric"`
	Min      *float64    `yaml:"min"`
	Codes    map[int]any `yaml:"codes"`
}

// lowest is the scale's lowest answer, 0 where it has none.
func (s glanceScale) lowest() float64 {
	if s.Numeric && s.Min != nil {
		return *s.Min
	}
	if len(s.Codes) == 0 {
		return 0
	}
	return float64(slices.Min(slices.Collect(maps.Keys(s.Codes))))
}

// Parse reads a definition file. An unknown key, a wrong type or a second document is an error that shows the line with a caret.
// Whether the definition makes sense is Check's question.
func Parse(source []byte) (*Definition, error) {
	var f file
	if err := DecodeYAML(source, &f); err != nil {
		return nil, wording.Errorf("reading index definition: %w", err)
	}
	d := &f.Index
	switch {
	case d.ID == "":
		d.ID = f.ID
	case f.ID != "" && f.ID != d.ID:
		return nil, wording.Errorf("reading index definition: id is %q at the top and %q in the index section; write it once", f.ID, d.ID)
	}
	if d.ID == "" {
		return nil, wording.Errorf("reading index definition: the key id is missing; name the index at the top of the file")
	}
	if d.Tree.ID == "" {
		return nil, wording.Errorf("reading index definition %s: the section index.tree is missing", d.ID)
	}
	d.source = source
	d.scales = f.Questionnaire.Scales
	d.items = make(map[string]string, len(f.Questionnaire.Items))
	for _, item := range f.Questionnaire.Items {
		d.items[item.ID] = item.Scale
		d.order = append(d.order, item.ID)
		if scale := f.Questionnaire.Scales[item.Scale]; scale.Multiple {
			for code := range scale.Codes {
				d.items[fmt.Sprintf("%s_%d", item.ID, code)] = item.Scale
			}
		}
	}
	for _, v := range f.Questionnaire.Background {
		d.background = append(d.background, v.ID)
	}
	return d, nil
}

// Asks reports whether the questionnaire has an item or a background variable of that name.
func (d *Definition) Asks(name string) bool {
	_, item := d.items[name]
	return item || slices.Contains(d.background, name)
}

// DecodeYAML reads a file of one YAML document into v. An unknown key or a wrong type is an error that shows the line with a caret.
func DecodeYAML(source []byte, v any) error {
	return guarded(func() error {
		parsed, err := parser.ParseBytes(source, 0)
		if err != nil {
			return err
		}
		switch {
		case len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil:
			return wording.Errorf("the file is empty")
		case len(parsed.Docs) > 1:
			return wording.Errorf("the file holds more than one YAML document; keep one")
		}
		return yaml.NodeToValue(parsed.Docs[0].Body, v, yaml.Strict())
	})
}

// guarded turns a panic of the YAML library into an error: goccy/go-yaml 1.19.2 panics on a tag without a value, among others (found by
// fuzzing), and a file that a user edits must never end the program.
func guarded(decode func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = wording.Errorf("the YAML cannot be read (%v); look for a tag or key without a value", p)
		}
	}()
	return decode()
}

// AnnotateYAML is the lines of a file around the place that a YAML path names, with a caret; false where it cannot be shown.
func AnnotateYAML(source []byte, path string) (string, bool) {
	p, err := yaml.PathString(path)
	if err != nil {
		return "", false
	}
	var where []byte
	if err := guarded(func() error { where, err = p.AnnotateSource(source, false); return err }); err != nil {
		return "", false
	}
	return strings.TrimRight(string(where), "\n"), true
}

// at shows where in the file a thing stands that Check objects to.
func (d *Definition) at(path string, problem error) error {
	where, ok := AnnotateYAML(d.source, path)
	// A key that is not written is missing from what it belongs to.
	for parent := path; !ok && strings.Contains(parent, "."); {
		parent = parent[:strings.LastIndexByte(parent, '.')]
		where, ok = AnnotateYAML(d.source, parent)
	}
	if !ok {
		return wording.Errorf("index definition %s: %s: %w", d.ID, strings.TrimPrefix(path, "$."), problem)
	}
	return wording.Errorf("index definition %s: %s: %w\n%s", d.ID, strings.TrimPrefix(path, "$."), problem, where)
}
