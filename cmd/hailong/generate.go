package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"hailong/ingest/questionnaire"
	"hailong/samples"
)

type generateCmd struct {
	Out    string `short:"o" required:"" help:"The file to make: .xlsx, .csv or .parquet; with --preset, a folder." placeholder:"PATH"`
	Preset string `help:"A sample that ships (${presets}), in the files that it is kept in; of the other options only --truth goes with it." enum:",${presets}" default:"" placeholder:"NAME"`
	Index  string `help:"Definition whose questionnaire is asked." default:"sipas-2017" placeholder:"NAME|PATH"`
	Seed   uint64 `help:"The same seed makes the same bytes." default:"1"`

	Strata int `help:"Strata." default:"3"`
	PSUs   int `name:"psus" help:"PSUs a stratum." default:"10"`
	Forms  int `help:"Forms handed out in a PSU." default:"20"`

	Response float64 `help:"Share of forms that come back." default:"1"`

	Positive     float64 `help:"Share of satisfied answers." default:"0.85"`
	ICC          float64 `name:"icc" help:"Intra-cluster correlation within a PSU." default:"0.04"`
	Blank        float64 `help:"Share of answers left blank." placeholder:"SHARE"`
	DontKnow     float64 `help:"Share of don't knows." placeholder:"SHARE"`
	Refused      float64 `help:"Share of refusals." placeholder:"SHARE"`
	StraightLine float64 `help:"Share of respondents who give every item the same answer." placeholder:"SHARE"`

	Dialect  string `help:"Shape of the sheet: plain, office, office-ticks, kobo, google-forms, qualtrics, ms-forms, limesurvey." enum:"plain,office,office-ticks,kobo,google-forms,qualtrics,ms-forms,limesurvey" default:"plain"`
	Answers  string `help:"How answers are written: labels, codes, code-label." enum:"labels,codes,code-label" default:"labels"`
	Encoding string `help:"unicode, nfd, tcvn3, vni." enum:"unicode,nfd,tcvn3,vni" default:"unicode"`

	Rows  int    `help:"Rows of a sheet at most; more forms become several files, -1, -2, …" default:"1048576"`
	Truth string `help:"Write the true values as JSON." placeholder:"FILE|-"`
	Codes string `help:"Write the true code of every answer as CSV, one row a form." placeholder:"FILE|-"`
}

// Run makes a survey file whose truth is known. Every sheet says that it is made up.
func (c *generateCmd) Run(_ context.Context, a *app) error {
	if c.Preset != "" {
		return c.preset(a)
	}
	if !(c.Response > 0 && c.Response <= 1) { // zero would be the design's default: all
		return fault(exitUsage, "error.response", "", nil)
	}
	if c.Strata < 1 || c.PSUs < 1 || c.Forms < 1 {
		return fault(exitUsage, "error.design", "", nil)
	}
	if !slices.Contains([]string{".xlsx", ".csv", ".parquet"}, strings.ToLower(filepath.Ext(c.Out))) {
		return fault(exitUsage, "error.ending", "", nil, c.Out)
	}
	d, source, err := a.definition(c.Index, "")
	if err != nil {
		return err
	}
	form, err := questionnaire.Parse(source)
	if err != nil {
		return fault(exitUsage, "error.index_form", "hint.index_form", err, c.Index)
	}
	spec, err := samples.ForDefinition(form, d)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	spec.Seed = c.Seed
	spec.Title = d.Title.VI
	spec.Design = samples.Design{NStrata: c.Strata, PSUs: c.PSUs, Forms: c.Forms, Response: c.Response}
	spec.Model = samples.Model{
		Positive: c.Positive, ICC: c.ICC, Blank: c.Blank, DontKnow: c.DontKnow, Refused: c.Refused, StraightLine: c.StraightLine,
	}
	if c.ICC == 0 {
		spec.Model.ICC = -1 // the model's own zero is its default
	}
	if c.Positive == 0 {
		spec.Model.Positive = -1 // so is this one's; no share of none can be made
	}
	s, err := samples.Generate(spec)
	if err != nil { // nothing but the options can be wrong
		return &failure{code: exitUsage, err: err}
	}
	look := samples.Look{
		Dialect:  samples.Dialect(strings.TrimPrefix(c.Dialect, "plain")),
		Answers:  samples.Answers(strings.TrimPrefix(c.Answers, "labels")),
		Encoding: samples.Encoding(strings.TrimPrefix(c.Encoding, "unicode")),
		Totals:   true, Signature: true, Reasons: true, Rows: min(c.Rows, 1<<20),
	}
	if err := c.write(a, s, look); err != nil {
		return err
	}
	if c.Codes != "" {
		if err := a.output(c.Codes, s.WriteAnswers); err != nil {
			return err
		}
	}
	if c.Truth != "" {
		return a.output(c.Truth, s.Truth().WriteJSON)
	}
	return nil
}

// write makes the file, or several workbooks where the forms do not fit one sheet.
func (c *generateCmd) write(a *app, s *samples.Survey, look samples.Look) error {
	switch strings.ToLower(filepath.Ext(c.Out)) {
	case ".csv": // stratum −1: all of them
		return writeWhole(c.Out, func(w io.Writer) error { return s.WriteCSV(w, look, -1) })
	case ".parquet":
		return writeWhole(c.Out, s.WriteParquet)
	}
	parts, err := s.Split(look)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	for i, part := range parts {
		name := c.Out
		if len(parts) > 1 {
			ext := filepath.Ext(c.Out)
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(c.Out, ext), i+1, ext)
		}
		if err := writeWhole(name, func(w io.Writer) error { return s.WriteRange(w, look, part) }); err != nil {
			return err
		}
		if len(parts) > 1 {
			a.note(say("generate.part", name, part.End-part.First, len(s.Forms)).in(a.lang))
		}
	}
	return nil
}

// preset writes the files of a sample that ships, each whole.
func (c *generateCmd) preset(a *app) error {
	s, err := samples.Preset(c.Preset)
	if err != nil {
		return &failure{code: exitUsage, err: err}
	}
	err = s.WriteFiles(func(name string) (io.WriteCloser, error) {
		return &heldFile{path: filepath.Join(c.Out, name)}, nil
	})
	if err != nil {
		return err
	}
	if c.Truth == "" {
		return nil
	}
	truth, err := s.Truth()
	if err != nil {
		return err
	}
	return a.output(c.Truth, truth.WriteJSON)
}

// A heldFile is held in memory until it is closed, and then written whole.
type heldFile struct {
	bytes.Buffer
	path string
}

// Close writes the file.
func (f *heldFile) Close() error {
	return writeWhole(f.path, func(w io.Writer) error {
		_, err := w.Write(f.Bytes())
		return err
	})
}
