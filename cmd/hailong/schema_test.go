package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/unicode/norm"
)

// planPaths lists every key that the decoder takes, by the same tags but not by the schema's own walk: from the plan's zero value, written as
// YAML and read back.
func planPaths(t *testing.T) map[string]bool {
	t.Helper()
	paths := map[string]bool{"": true}
	var walk func(v reflect.Value, at string)
	walk = func(v reflect.Value, at string) {
		switch v.Kind() {
		case reflect.Slice:
			walk(reflect.New(v.Type().Elem()).Elem(), at)
		case reflect.Struct:
			b, err := yaml.Marshal(v.Interface())
			if err != nil {
				t.Fatal(err)
			}
			var keys map[string]any
			if err := yaml.Unmarshal(b, &keys); err != nil {
				t.Fatal(err)
			}
			for key := range keys {
				paths[strings.TrimPrefix(at+"."+key, ".")] = true
			}
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					walk(v.Field(i), strings.TrimPrefix(at+"."+f.Tag.Get("yaml"), "."))
				}
			}
		}
	}
	walk(reflect.ValueOf(plan{}), "")
	return paths
}

// schemaPaths lists the keys of a schema.
func schemaPaths(s *jsonSchema, at string, paths map[string]bool) map[string]bool {
	paths[at] = true
	for key, sub := range s.Properties {
		schemaPaths(sub, strings.TrimPrefix(at+"."+key, "."), paths)
	}
	if s.Items != nil && len(s.Items.Properties) > 0 {
		schemaPaths(s.Items, at, paths)
	}
	return paths
}

// TestPlanKeys holds the schema and the descriptions to the struct that reads plans: no key is missing, none is too many, and
// every description is there in both languages, composed.
func TestPlanKeys(t *testing.T) {
	want := planPaths(t)
	if len(want) < 60 {
		t.Fatalf("only %d keys found in the plan", len(want))
	}
	got := schemaPaths(planSchema("en"), "", map[string]bool{})
	for path := range want {
		if !got[path] {
			t.Errorf("the schema lacks %q", path)
		}
		if d := planKeys[path]; d.vi == "" || d.en == "" || !norm.NFC.IsNormalString(d.vi) {
			t.Errorf("%q lacks a description in both languages, composed", path)
		}
	}
	for path := range got {
		if !want[path] {
			t.Errorf("the schema has %q, which no plan has", path)
		}
	}
	for path := range planKeys {
		if !want[path] {
			t.Errorf("%q is described, which no plan has", path)
		}
	}
}

// TestPlanSchema validates plans with a validator that is not ours: those of the samples pass, and what `hailong run` would refuse fails.
func TestPlanSchema(t *testing.T) {
	b, err := json.Marshal(planSchema("vi"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("plan.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("plan.json")
	if err != nil {
		t.Fatal(err)
	}
	validate := func(source []byte) error {
		text, err := yaml.YAMLToJSON(source)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}
	plans, err := filepath.Glob("../../samples/*/plan.yaml")
	if err != nil || len(plans) < 2 {
		t.Fatalf("sample plans: %v, %v", plans, err)
	}
	for _, path := range plans {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(source); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, tt := range []struct {
		source string
		ok     bool
	}{
		{"design: {strata: huyen, psu: [xa, ap]}", true},
		{"calibrate: {margins: {gioi_tinh: {Nam: 0.49, Nữ: 0.51}}}", true},
		{"titel: x", false},
		{"design: {wieght: w}", false},
		{"design: {lonely_psu: ignore}", false},
		{"report: {lang: fr}", false},
		{"files: data/*.xlsx", false},
		{"results: [{index: pci, vlaue: 3}]", false},
		{"year: năm nay", false},
		{"year: 20", false},
		{"confidence: 95", false},
		{"confidence: 0.9", true},
		{"ci: exact", false},
		{"exclude: [duplicate_form]", true},
		{"exclude: [duplicates]", false},
		{"suppress: {min_n: -1}", false},
		{"issued: {total: -1}", false},
		{"layout: {sheet: auto, header: auto, dialect: auto}", true},
		{`layout: {header: "7-8"}`, true},
		{"layout: {header: abc}", false},
		{"layout: {dialect: google}", false},
		{"layout: {encoding: latin1}", false},
		{"layout: {ticks: all}", false},
		{"reference: {overlap: all}", false},
		{"report: {formats: [doc]}", false},
		{"report: {status: final}", false},
	} {
		if err := validate([]byte(tt.source)); (err == nil) != tt.ok {
			t.Errorf("%s: valid is %v, want %v (%v)", tt.source, err == nil, tt.ok, err)
		}
		if _, err := readPlan(writePlan(t, tt.source)); (err == nil) != tt.ok {
			t.Errorf("%s: read is %v, want %v: the schema and the reader differ", tt.source, err == nil, tt.ok)
		}
	}
}

func writePlan(t *testing.T, source string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}
