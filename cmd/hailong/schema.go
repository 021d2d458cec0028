package main

import (
	"encoding"
	"encoding/json"
	"io"
	"reflect"
	"strings"

	"hailong/analytics"
	"hailong/analytics/index"
	"hailong/analytics/survey"
	"hailong/ingest/layout"
	"hailong/ingest/quality"
	"hailong/ingest/vntext"
)

type schemaCmd struct{}

// Help says what it is for.
func (schemaCmd) Help() string {
	return "hailong schema > plan.schema.json, and as the first line of a plan:\n" +
		"# yaml-language-server: $schema=plan.schema.json\n\n" +
		"An editor then completes the keys and marks what `hailong run` would refuse."
}

// Run prints the schema in the language of messages.
func (schemaCmd) Run(a *app) error {
	return a.output("-", func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(planSchema(a.lang))
	})
}

// jsonSchema is the part of JSON Schema draft 7 that plans need; draft 7 is what editors know best.
type jsonSchema struct {
	Schema      string                 `json:"$schema,omitempty"`
	Title       string                 `json:"title,omitempty"`
	Description string                 `json:"description,omitempty"`
	Type        string                 `json:"type,omitempty"`
	Enum        []string               `json:"enum,omitempty"`
	Pattern     string                 `json:"pattern,omitempty"`
	Minimum     *float64               `json:"minimum,omitempty"`
	Maximum     *float64               `json:"maximum,omitempty"`
	Below       *float64               `json:"exclusiveMaximum,omitempty"`
	AnyOf       []*jsonSchema          `json:"anyOf,omitempty"`
	Items       *jsonSchema            `json:"items,omitempty"`
	Properties  map[string]*jsonSchema `json:"properties,omitempty"`
	Additional  any                    `json:"additionalProperties,omitempty"` // false, or the schema of a map's values
}

// planSchema derives the schema of a plan from the struct that reads it, so that a key cannot be in one and not in the other.
func planSchema(lang string) *jsonSchema {
	s := schemaOf(reflect.TypeFor[plan](), "", lang)
	s.Schema = "http://json-schema.org/draft-07/schema#"
	s.Title = "hailong"
	return s
}

// schemaOf is the schema of a type; path is where in the plan it stands, such as design.weight.
func schemaOf(t reflect.Type, path, lang string) *jsonSchema {
	s := &jsonSchema{Description: planKeys[path].in(lang)}
	switch {
	case t == reflect.TypeFor[analytics.Columns](): // a plan may write one name without brackets
		one := &jsonSchema{Type: "string"}
		s.AnyOf = []*jsonSchema{one, {Type: "array", Items: one}}
		return s
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		s.Type, s.Enum = "string", planChoices(path)
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), path, lang)
	case reflect.Struct:
		s.Type, s.Additional, s.Properties = "object", false, map[string]*jsonSchema{}
		for _, key := range keysOf(t) {
			s.Properties[key.name] = schemaOf(key.of, strings.TrimPrefix(path+"."+key.name, "."), lang)
		}
	case reflect.Slice:
		s.Type, s.Items = "array", schemaOf(t.Elem(), path, lang)
		s.Items.Description = ""
	case reflect.Map:
		values := schemaOf(t.Elem(), path, lang)
		values.Description = ""
		s.Type, s.Additional = "object", values
	case reflect.Bool:
		s.Type = "boolean"
	case reflect.Int:
		s.Type = "integer"
		s.bound(path)
	case reflect.Float64:
		s.Type = "number"
		s.bound(path)
	default:
		s.Type, s.Enum = "string", planChoices(path)
		if path == "layout.header" {
			s.Pattern = headerRows.String()
		}
	}
	return s
}

// bound gives a number its limits.
func (s *jsonSchema) bound(path string) {
	limit := func(n float64) *float64 { return &n }
	switch path {
	case "year":
		s.Minimum, s.Maximum = limit(firstYear), limit(lastYear)
	case "confidence":
		s.Minimum, s.Below = limit(0), limit(1)
	case "suppress.min_n", "suppress.max_half_width", "issued.total":
		s.Minimum = limit(0)
	}
}

// A planKey is a key of a section of the plan and the type of its value.
type planKey struct {
	name string
	of   reflect.Type
}

// keysOf lists the keys of a struct that YAML reads.
func keysOf(t reflect.Type) []planKey {
	var keys []planKey
	for i := range t.NumField() {
		f := t.Field(i)
		if name, ok := f.Tag.Lookup("yaml"); ok && f.IsExported() {
			if name, _, _ = strings.Cut(name, ","); name == "-" {
				continue
			}
			keys = append(keys, planKey{name, f.Type})
		}
	}
	return keys
}

// planChoices lists the words that a key takes, where there are no others.
func planChoices(path string) []string {
	switch path {
	case "design.lonely_psu":
		var ways []string
		for way := survey.LonelyFail; way <= survey.LonelyAverage; way++ {
			ways = append(ways, way.String())
		}
		return ways
	case "ci":
		return survey.ProportionMethods[:]
	case "layout.dialect":
		names := []string{"auto"}
		for _, d := range [...]layout.Dialect{
			layout.Generic, layout.KoboToolbox, layout.ODK, layout.SurveyCTO, layout.LimeSurvey, layout.SurveyMonkey, layout.Qualtrics,
			layout.GoogleForms, layout.MSForms, layout.SPSS, layout.Tally, layout.AggregateForm,
		} {
			names = append(names, string(d))
		}
		return names
	case "layout.encoding":
		names := []string{"auto"}
		for _, e := range [...]vntext.Encoding{vntext.Unicode, vntext.TCVN3, vntext.TCVN3Capitals, vntext.VNI, vntext.VISCII, vntext.Windows1258} {
			names = append(names, string(e))
		}
		return names
	case "layout.ticks":
		return []string{"auto", "none"}
	case "exclude":
		return quality.RowCodes()
	case "reference.overlap":
		return []string{index.OverlapNone}
	case "report.lang":
		return []string{"vi", "en"}
	case "report.formats":
		return []string{"xlsx", "html", "pdf"}
	case "report.status":
		return []string{"draft", "official"}
	}
	return nil
}
