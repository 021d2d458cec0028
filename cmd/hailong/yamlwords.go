package main

import (
	"errors"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// A yamlError is an error of the YAML library: a sentence, and the lines around the place with a caret.
type yamlError interface {
	error
	GetMessage() string
	FormatError(colored, source bool) string
}

// onLinesOfItsOwn starts an error that shows lines of a file on a new line: they are read from above.
func onLinesOfItsOwn(err error) error {
	var shown yamlError
	if errors.As(err, &shown) {
		return yamlLines{shown}
	}
	return err
}

// yamlLines is an error of the YAML library below the sentence that introduces it.
type yamlLines struct{ yamlError }

func (e yamlLines) Error() string { return yamlText(e.yamlError, "en") }

// yamlText is the library's error in words for whoever wrote the file, who knows nothing of Go's types.
func yamlText(e yamlError, lang string) string {
	said := e.GetMessage()
	return "\n" + strings.TrimRight(strings.Replace(e.FormatError(false, true), said, yamlSentence(e, lang), 1), "\n")
}

// yamlSentences are the library's sentences (goccy/go-yaml 1.19.2) that a slip of the pen brings about, by phrase. For the rest the caret says where.
var yamlSentences = []struct {
	en   *regexp.Regexp
	said *phrase // of which the groups are the arguments
}{
	{regexp.MustCompile(`^unknown field (".*")$`), say("yaml.field")},
	{regexp.MustCompile(`^mapping key (".*") already defined at (.*)$`), say("yaml.duplicate")},
	{regexp.MustCompile(`^cannot start|cannot start any token$`), say("yaml.start")},
	{regexp.MustCompile(`\btab\b`), say("yaml.tab")},
	{regexp.MustCompile(`end token|specified|corresponding`), say("yaml.bracket")},
	{regexp.MustCompile(`quote`), say("yaml.quote")},
}

func yamlSentence(e yamlError, lang string) string {
	if lines, ok := e.(yamlLines); ok {
		e = lines.yamlError
	}
	kind := func(key string) string { return inLang(label("value", key), lang) }
	switch e := e.(type) {
	case *yaml.TypeError:
		return say("yaml.type", kind(valueKind(e.SrcType)), kind(valueKind(e.DstType))).in(lang)
	case *yaml.UnexpectedNodeTypeError:
		return say("yaml.type", kind(nodeKind(e.Actual)), kind(nodeKind(e.Expected))).in(lang)
	case *yaml.OverflowError:
		return say("yaml.overflow", e.SrcNum).in(lang)
	}
	said := e.GetMessage()
	for _, s := range yamlSentences {
		if m := s.en.FindStringSubmatch(said); m != nil {
			var groups []any
			for _, group := range m[1:] {
				groups = append(groups, group)
			}
			return say(s.said.key, groups...).in(lang)
		}
	}
	if lang == "en" {
		return said
	}
	return say("yaml.syntax").in(lang)
}

// valueKind is what a value of a Go type looks like in a file.
func valueKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return valueKind(t.Elem())
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "bool"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Map, reflect.Struct:
		return "section"
	}
	if t.ConvertibleTo(reflect.TypeFor[int64]()) {
		return "whole"
	}
	return "text"
}

// nodeKind is what a node of a YAML file is.
func nodeKind(t ast.NodeType) string {
	switch t {
	case ast.BoolType:
		return "bool"
	case ast.IntegerType:
		return "whole"
	case ast.FloatType, ast.InfinityType, ast.NanType:
		return "number"
	case ast.SequenceType:
		return "list"
	case ast.MappingType, ast.MappingValueType:
		return "section"
	case ast.NullType:
		return "nothing"
	}
	return "text"
}
