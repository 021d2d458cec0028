package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"hailong/analytics"
	"hailong/analytics/result"
	"hailong/analytics/target"
	"hailong/ingest/layout"
	"hailong/ingest/quality"
	"hailong/reports"
)

// A plan is the plan file. Each section belongs to the room that uses it and has that room's own type; this struct only
// says which keys there are. Relative paths start from the plan's folder.
type plan struct {
	Title     string      `yaml:"title"`
	Index     string      `yaml:"index"` // a definition that ships, or a path
	Year      int         `yaml:"year"`
	Area      string      `yaml:"area"` // GSO code of the province: "84"
	Unit      result.Text `yaml:"unit"` // who reports
	Synthetic bool        `yaml:"synthetic"`
	Files     []string    `yaml:"files"`

	// ingest
	Layout  layout.Options    `yaml:"layout"`
	Columns map[string]string `yaml:"columns"`
	XLSForm string            `yaml:"xlsform"`
	Sheets  []string          `yaml:"sheets"`
	Keep    []string          `yaml:"keep_personal"`
	Exclude []string          `yaml:"exclude"`
	Routing bool              `yaml:"routing"`
	Issued  quality.Issued    `yaml:"issued"`
	Dataset string            `yaml:"dataset"` // folder of the Parquet files; default: .hailong beside the workbook

	// analytics
	Design     analytics.Design    `yaml:"design"`
	Calibrate  analytics.Calibrate `yaml:"calibrate"`
	Domains    []string            `yaml:"domains"`
	Suppress   analytics.Suppress  `yaml:"suppress"`
	Confidence float64             `yaml:"confidence"`
	CI         string              `yaml:"ci"`
	Targets    string              `yaml:"targets"`
	Reference  reference           `yaml:"reference"`
	Results    []target.Published  `yaml:"results"`

	// reports
	Report reports.Options `yaml:"report"`

	path   string // of the plan file; empty: made up from the command line
	source []byte // its text
	dir    string
	sha256 string

	assumed bool // made up for files that came without one: what is broken down and weighted, the files say
}

// reference names the tables that figures are set against.
type reference struct {
	PAPI        string   `yaml:"papi"` // published scores of all provinces, by index
	SIPAS       string   `yaml:"sipas"`
	PAR         string   `yaml:"par"`
	PCI         string   `yaml:"pci"`
	ICT         string   `yaml:"ict"`
	DTI         string   `yaml:"dti"`
	EGov        []string `yaml:"egov"`        // procedure lists and dossier exports
	Definitions []string `yaml:"definitions"` // of the user's own, for the tables above
	Previous    string   `yaml:"previous"`    // results.json of the wave before
	Overlap     string   `yaml:"overlap"`     // none: the PSUs' names were given anew since
}

// readPlan reads a plan file. Unknown keys are errors with a line and a caret.
func readPlan(path string) (*plan, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fault(exitUsage, "error.plan_read", "hint.plan_read", withoutPath(err), path)
	}
	text, err := plainText(b)
	if err != nil {
		return nil, fault(exitUsage, "error.plan_text", "hint.plan_text", nil, path)
	}
	p := &plan{}
	if err := decodePlan(text, p); err != nil && !errors.Is(err, io.EOF) {
		if shown := yamlError(nil); !errors.As(err, &shown) { // a word that the library hands to one of our types
			p.path, p.source = path, text
			return nil, p.keyFault("design.lonely_psu", err)
		}
		return nil, fault(exitUsage, "error.plan_form", "hint.plan_form", onLinesOfItsOwn(err), path)
	}
	p.path, p.source, p.dir = path, text, filepath.Dir(path) // an empty document leaves nothing of what stood there before
	if err := p.check(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	p.sha256 = hex.EncodeToString(sum[:])
	return p, nil
}

// plainText is a text without its byte order mark, in UTF-8: Notepad saves UTF-8 with a mark, and PowerShell 5.1 makes UTF-16 of
// `hailong init FILE > survey.yaml`.
func plainText(b []byte) ([]byte, error) {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), b)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	return text, nil
}

// decodePlan is strict, and turns a panic of the YAML library (goccy/go-yaml 1.19.2 panics on a tag without a value) into an error: a
// file that a user edits must never end the program.
func decodePlan(b []byte, p *plan) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML cannot be read (%v); look for a tag or key without a value", r)
		}
	}()
	return yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(p)
}

// withoutPath leaves the cause of a file error: its path is already in the sentence around it.
func withoutPath(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
