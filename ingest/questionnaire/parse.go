package questionnaire

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"hailong/ingest/wording"
)

// Roles are the roles that a Variable may have, in the order in which its doc comment names them.
func Roles() []string {
	return []string{"area", "characteristic", "field", "id", "weight", "strata", "psu", "fpc", "time", "interviewer", "personal", "ignore"}
}

// ErrNoSection is returned by Parse for a definition file without a `questionnaire` section: a published score table, for
// instance, has an index and no questions.
var ErrNoSection = wording.Errorf("definition has no questionnaire section")

// Parse reads the `questionnaire` section of a definition file and checks it. Other top-level sections belong to other rooms and
// are ignored; a key that the section does not have is an error that names the line and points at it.
func Parse(definition []byte) (q *Questionnaire, err error) {
	// goccy/go-yaml 1.19.2 panics on a tag without a value; a file that a user edits must never end the program.
	defer func() {
		if r := recover(); r != nil {
			q, err = nil, wording.Errorf("reading questionnaire: the YAML cannot be read (%v); look for a tag or key without a value", r)
		}
	}()
	file, err := parser.ParseBytes(definition, 0)
	if err != nil {
		return nil, wording.Errorf("reading questionnaire: %w", err)
	}
	section := findSection(file)
	if section == nil {
		return nil, ErrNoSection
	}
	q = &Questionnaire{}
	if err := yaml.NodeToValue(section, q, yaml.Strict()); err != nil {
		return nil, wording.Errorf("reading questionnaire: %w", err)
	}
	if err := q.Check(); err != nil {
		return nil, wording.Errorf("reading questionnaire: %w", err)
	}
	return q, nil
}

// findSection returns the value of the top-level key `questionnaire`, or nil.
func findSection(file *ast.File) ast.Node {
	for _, doc := range file.Docs {
		var pairs []*ast.MappingValueNode
		switch body := doc.Body.(type) {
		case *ast.MappingNode:
			pairs = body.Values
		case *ast.MappingValueNode:
			pairs = []*ast.MappingValueNode{body}
		}
		for _, pair := range pairs {
			if pair.Key.String() == "questionnaire" {
				return pair.Value
			}
		}
	}
	return nil
}

// ColumnName reports whether a dataset column can have this name.
func ColumnName(name string) bool { return columnName.MatchString(name) }

var columnName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Check reports everything that is wrong with a questionnaire: names that a dataset column cannot have, scales that are not there,
// routes that name no item.
func (q *Questionnaire) Check() error {
	var errs []error
	complain := func(err error) { errs = append(errs, err) }
	seen := map[string]string{}
	name := func(what, id string) {
		switch {
		case !columnName.MatchString(id):
			complain(wording.Errorf("%s %q: an id is a letter followed by letters, digits and underscores", what, id))
		case seen[strings.ToLower(id)] != "":
			complain(wording.Errorf("%s %q: the id, in capitals or not, is already that of %s", what, id, seen[strings.ToLower(id)]))
		}
		seen[id], seen[strings.ToLower(id)] = what, what
	}
	scale := func(what, id, name string) {
		if _, ok := q.Scales[name]; !ok {
			complain(wording.Errorf("%s %q: no scale is named %q (there are %v)", what, id, name, q.scaleNames()))
		}
	}
	for _, key := range q.scaleNames() {
		if err := q.Scales[key].check(); err != nil {
			complain(wording.Errorf("scale %q: %w", key, err))
		}
	}
	for _, item := range q.Items {
		name("item", item.ID)
		scale("item", item.ID, item.Scale)
	}
	for _, v := range q.Background {
		name("background variable", v.ID)
		if v.Scale != "" {
			scale("background variable", v.ID, v.Scale)
		}
		if !slices.Contains(Roles(), v.Role) {
			complain(wording.Errorf("background variable %q: no role is named %q (there are %v)", v.ID, v.Role, Roles()))
		}
		for _, from := range v.From {
			if !slices.Contains(sources, from) {
				complain(wording.Errorf("background variable %q: cannot come from %q (only from %v)", v.ID, from, sources))
			}
		}
		for _, band := range v.Bands {
			if band.From > band.To {
				complain(wording.Errorf("background variable %q: the band %q runs backwards", v.ID, band.Label.VI))
			}
		}
	}
	for _, r := range q.References {
		seen[r.ID] = r.ID
	}
	for i, route := range q.Routing {
		condition, err := ParseCondition(route.When)
		if err != nil {
			complain(wording.Errorf("route %d: %w", i+1, err))
			continue
		}
		for _, id := range slices.Concat(route.Items, condition.Names()) {
			if seen[id] == "" {
				complain(wording.Errorf("route %d: no item or background variable is named %q", i+1, id))
			}
		}
	}
	return errors.Join(errs...)
}

// sources are the places a Variable may come from where no column has it.
var sources = []string{"title", "group", "sheet", "file"}

func (q *Questionnaire) scaleNames() []string {
	names := make([]string, 0, len(q.Scales))
	for name := range q.Scales {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (s Scale) check() error {
	if s.Numeric {
		if len(s.Codes) > 0 {
			return wording.Errorf("is numeric and has codes: it can only be one")
		}
		if s.Min != nil && s.Max != nil && *s.Min > *s.Max {
			return wording.Errorf("min %v is above max %v", *s.Min, *s.Max)
		}
		return nil
	}
	if len(s.Codes) == 0 {
		return wording.Errorf("has no codes")
	}
	for _, code := range s.sortedCodes() {
		// Negative codes are the dataset's own words for the kinds of missing.
		if code < 0 || code > 32767 {
			return wording.Errorf("code %d is outside 0 … 32767", code)
		}
	}
	for code := range s.Synonyms {
		if _, ok := s.Codes[code]; !ok {
			return wording.Errorf("synonyms are given for code %d, which the scale does not have", code)
		}
	}
	return nil
}

func (s Scale) sortedCodes() []int {
	codes := make([]int, 0, len(s.Codes))
	for code := range s.Codes {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

func (s Scale) has(code int) bool {
	_, ok := s.Codes[code]
	return ok
}
