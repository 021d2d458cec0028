package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
)

// A kind is how a variable is read.
type kind string

// The kinds, as the codebook names them.
const (
	kindCode    kind = "code"    // a whole number; negative: a kind of missing
	kindMissing kind = "missing" // the kind of missing of a number
	kindRow     kind = "row"     // a row number
	kindNumber  kind = "number"
	kindText    kind = "text"
	kindTime    kind = "time" // 2020-11-03 07:30:00, no time zone
)

// whole reports whether the values are whole numbers.
func (k kind) whole() bool { return k == kindCode || k == kindMissing || k == kindRow }

// A variable is one column of data.csv.
type variable struct {
	name   string // valid in the three programs
	column string // in the dataset
	role   string
	kind   kind
	label  questionnaire.Text
	scale  string              // what its value labels are called; empty: it has none
	levels []level             // what its values mean, the kinds of missing last
	width  int                 // bytes of the longest text, known after the data are written
	of     *questionnaire.Item // the item that takes several answers, of which the variable is one
}

// A level is one value with what it means.
type level struct {
	code    int // where coded
	label   questionnaire.Text
	missing string // the kind of missing
}

// A table is the dataset as it is exported: the columns of all files, each once.
type table struct {
	title     string
	variables []*variable
	parts     []part
	rows      int64
}

// A part is one Parquet file: which of its columns each variable is, −1 where it has none.
type part struct {
	path        string
	file, sheet string
	columns     []int
}

// kindsOfMissing are the codes of the kinds of missing with their names in codebooks and their extended missing values in Stata.
var kindsOfMissing = [...]struct {
	code        int
	name, stata string
}{
	{questionnaire.CodeDontKnow, "dont_know", ".a"},
	{questionnaire.CodeRefused, "refused", ".b"},
	{questionnaire.CodeNotApplicable, "not_applicable", ".c"},
	{questionnaire.CodeInvalid, "invalid", ".d"},
}

// Variables that say where a row comes from.
const (
	fileVariable  = "source_file"
	sheetVariable = "source_sheet"
	rowVariable   = "source_row"
)

// collect reads the schemas of all files and makes the variables: first where a row comes from, then the columns in the order in
// which the files have them.
func collect(d Dataset) (*table, error) {
	t := &table{title: d.Title}
	names, scales := newNamer(), newNamer()
	labels := map[string]string{} // names of sets of value labels by what they are of
	add := func(name string, v variable) *variable {
		v.name = names.name(name)
		t.variables = append(t.variables, &v)
		return &v
	}
	add(fileVariable, variable{role: "source", kind: kindText, label: questionnaire.Text{VI: "Tệp nguồn", EN: "Source file"}})
	add(sheetVariable, variable{role: "source", kind: kindText, label: questionnaire.Text{VI: "Trang tính nguồn", EN: "Source sheet"}})
	row := add(rowVariable, variable{role: "source", kind: kindRow, label: questionnaire.Text{VI: "Dòng trong trang tính nguồn", EN: "Row in the source sheet"}})
	row.column = dataset.RowColumn
	known := map[string]*variable{dataset.RowColumn: row}
	meanings := newMeanings(d.Questionnaire)
	var schemas []*arrow.Schema
	for _, path := range d.Files {
		p, schema, err := inspect(path)
		if err != nil {
			return nil, err
		}
		t.parts, schemas = append(t.parts, p), append(schemas, schema)
		for _, f := range schema.Fields() {
			k, err := kindOf(f)
			if err != nil {
				return nil, wording.Errorf("%s: %w", path, err)
			}
			if v := known[f.Name]; v != nil {
				if v.kind != k {
					v.widen()
				}
				continue
			}
			v := variable{column: f.Name, kind: k, role: value(f.Metadata, "role")}
			v.label = questionnaire.Text{VI: value(f.Metadata, "header")}
			meanings.describe(&v)
			if v.scale != "" {
				if labels[v.scale] == "" {
					labels[v.scale] = scales.name(v.scale)
				}
				v.scale = labels[v.scale]
			}
			known[f.Name] = add(f.Name, v)
		}
	}
	for i, schema := range schemas {
		for _, v := range t.variables {
			at := -1
			if v.column != "" {
				if found := schema.FieldIndices(v.column); len(found) > 0 {
					at = found[0]
				}
			}
			t.parts[i].columns = append(t.parts[i].columns, at)
		}
	}
	return t, nil
}

// widen makes a variable that is a number in one file and something else in another one that holds both: a text.
func (v *variable) widen() {
	v.kind, v.scale, v.levels = kindText, "", nil
}

// inspect reads the schema of one file and what it was made from.
func inspect(path string) (p part, schema *arrow.Schema, err error) {
	r, err := dataset.Open(path)
	if err != nil {
		return part{}, nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	meta, err := r.Meta()
	if err != nil {
		return part{}, nil, wording.Errorf("%s: %w", path, err)
	}
	var source struct {
		File  string `json:"file"`
		Sheet string `json:"sheet"`
	}
	if err := json.Unmarshal(meta, &source); err != nil {
		return part{}, nil, wording.Errorf("reading the metadata of %s: %w", path, err)
	}
	return part{path: path, file: source.File, sheet: source.Sheet}, r.Schema(), nil
}

func kindOf(f arrow.Field) (kind, error) {
	switch f.Type.ID() {
	case arrow.INT16:
		return kindCode, nil
	case arrow.INT8:
		return kindMissing, nil
	case arrow.INT32:
		return kindRow, nil
	case arrow.FLOAT64:
		return kindNumber, nil
	case arrow.STRING:
		return kindText, nil
	case arrow.TIMESTAMP:
		return kindTime, nil
	}
	return "", wording.Errorf("column %s has the type %s, which no dataset has", f.Name, f.Type)
}

func value(m arrow.Metadata, key string) string {
	if i := m.FindKey(key); i >= 0 {
		return m.Values()[i]
	}
	return ""
}

// meanings is what a questionnaire says about columns.
type meanings struct {
	items     map[string]questionnaire.Item
	variables map[string]questionnaire.Variable
	choices   map[string]choice // columns of an item that takes several answers
	scales    map[string]questionnaire.Scale
}

// A choice is one answer of an item that takes several.
type choice struct {
	item  *questionnaire.Item
	label questionnaire.Text
}

func newMeanings(q questionnaire.Questionnaire) meanings {
	m := meanings{items: map[string]questionnaire.Item{}, variables: map[string]questionnaire.Variable{}, choices: map[string]choice{}, scales: q.Scales}
	for _, item := range q.Items {
		m.items[item.ID] = item
		scale := q.Scales[item.Scale]
		if !scale.Multiple {
			continue
		}
		for code, label := range scale.Codes {
			m.choices[fmt.Sprintf("%s_%d", item.ID, code)] = choice{&item, questionnaire.Text{VI: joined(item.Text.VI, label.VI), EN: joined(item.Text.EN, label.EN)}}
		}
	}
	for _, v := range q.Background {
		m.variables[v.ID] = v
	}
	return m
}

func joined(question, answer string) string {
	if question == "" || answer == "" {
		return question + answer
	}
	return question + " › " + answer
}

// describe gives a variable its label and its levels. What the questionnaire does not know keeps the header of the sheet.
func (m meanings) describe(v *variable) {
	var text questionnaire.Text
	if item, ok := m.items[v.column]; ok {
		text = item.Text
		if v.kind == kindCode {
			v.scale, v.levels = "scale_"+item.Scale, coded(m.scales[item.Scale])
		}
	} else if one, ok := m.choices[v.column]; ok {
		text, v.of = one.label, one.item
		v.scale, v.levels = "chosen", append([]level{
			{code: 0, label: questionnaire.Text{VI: "Không chọn", EN: "Not chosen"}},
			{code: 1, label: questionnaire.Text{VI: "Chọn", EN: "Chosen"}},
		}, missingLevels()...)
	} else if about, ok := m.variables[v.column]; ok {
		text = about.Text
		if v.kind == kindText {
			v.levels = m.textLevels(about)
		}
		if len(v.levels) > 0 {
			v.scale = "values_" + v.column
		}
	}
	if v.kind == kindMissing {
		v.scale, v.levels = "missing", missingLevels()
		of := m.items[v.column[:max(0, len(v.column)-len(dataset.MissingSuffix))]].Text
		text = questionnaire.Text{VI: joined("Loại thiếu", of.VI), EN: joined("Kind of missing", of.EN)}
	}
	if text.VI != "" || text.EN != "" {
		v.label = text
	}
	if v.label.EN == "" {
		v.label.EN = v.label.VI
	}
	if v.label.VI == "" {
		v.label.VI = v.label.EN
	}
}

// coded lists the answers of a scale and the kinds of missing. A numeric scale has none to list.
func coded(s questionnaire.Scale) []level {
	var out []level
	for _, code := range slices.Sorted(maps.Keys(s.Codes)) {
		out = append(out, level{code: code, label: s.Codes[code]})
	}
	return append(out, missingLevels()...)
}

func missingLevels() []level {
	var out []level
	for _, k := range kindsOfMissing {
		out = append(out, level{code: k.code, label: questionnaire.MissingLabel(int16(k.code)), missing: k.name})
	}
	return out
}

// textLevels lists the values of a text in the order of its scale or bands, so that tables come in that order. The dataset holds them in
// Vietnamese.
func (m meanings) textLevels(v questionnaire.Variable) []level {
	var out []level
	for i, b := range v.Bands {
		out = append(out, level{code: i + 1, label: b.Label})
	}
	if len(out) > 0 {
		return out
	}
	scale := m.scales[v.Scale]
	for _, code := range slices.Sorted(maps.Keys(scale.Codes)) {
		out = append(out, level{code: code, label: scale.Codes[code]})
	}
	return out
}
