package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"hailong/analytics"
	"hailong/analytics/area"
	"hailong/analytics/engine"
	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/analytics/target"
	"hailong/ingest"
	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
	"hailong/reports"
)

type runCmd struct {
	Args         []string `arg:"" name:"plan|file" help:"A plan (.yaml), or survey workbooks to run without one."`
	Out          string   `short:"o" help:"The workbook (default: the plan's report.out)." placeholder:"PATH"`
	JSON         string   `help:"Where results.json goes, - for stdout (default: beside the workbook)." placeholder:"FILE|-"`
	Format       []string `help:"What to write: xlsx, html, pdf (default: the plan's report.formats, else xlsx)." placeholder:"xlsx,html,pdf"`
	Annex        bool     `help:"Also write an annex, one row a form, without personal columns (or the plan's report.annex)."`
	Dataset      string   `help:"Folder of the Parquet dataset, or s3://BUCKET/FOLDER (default: .hailong beside the workbook)." placeholder:"DIR"`
	DryRun       bool     `help:"Show the plan resolved and stop: nothing is read beyond the headers, nothing written."`
	Engine       string   `help:"Another engine than the embedded DuckDB (or HAILONG_ENGINE); see the page on clusters." placeholder:"trino://USER@HOST:PORT/CATALOG/SCHEMA"`
	Check        bool     `help:"Exit 4 if a target is missed."`
	PasswordFile string   `help:"File with the password of encrypted workbooks (or HAILONG_PASSWORD)." placeholder:"FILE"`
}

// Run is the main job: plan → ingest → analytics → reports, each in one call.
func (c *runCmd) Run(ctx context.Context, a *app) error {
	p, err := c.plan(ctx, a)
	if err != nil {
		return err
	}
	j, err := a.prepare(p, c.PasswordFile)
	if err != nil {
		return err
	}
	if c.Out != "" {
		j.place(c.Out)
	}
	if c.Dataset != "" {
		j.dataset = c.Dataset
	}
	if c.JSON != "" {
		j.json = c.JSON
	}
	if err := j.openStore(); err != nil {
		return err
	}
	if j.server = cmp.Or(c.Engine, os.Getenv("HAILONG_ENGINE")); j.server != "" {
		if err := engine.CheckServer(j.server); err != nil {
			return fault(exitUsage, "error.engine", "hint.engine", err)
		}
	}
	j.plan.Report.Annex = j.plan.Report.Annex || c.Annex
	if err := j.protectInputs(c.Format); err != nil {
		return err
	}
	if c.JSON == "" {
		if err := j.protectResults(); err != nil {
			return err
		}
	}
	if c.DryRun {
		return c.dryRun(ctx, a, j)
	}

	report, refs, err := j.read(ctx, a)
	if err != nil {
		return err
	}
	if p.assumed {
		j.complete(a, report)
	}
	if err := j.send(ctx, a); err != nil {
		return err
	}
	set, err := j.analyse(ctx, a, report, refs)
	if err != nil {
		return err
	}
	written, err := j.write(ctx, a, report, set, c.Format)
	if err != nil {
		return err
	}

	if !a.Quiet && c.JSON != "-" {
		if err := lines(a.stdout, reports.Summary(set, a.lang, written...)); err != nil {
			return err
		}
	}
	a.tellWarnings(set)
	problems := a.finish(report)
	if c.Check {
		if missed := missedTargets(set); len(missed) > 0 {
			return fault(exitMissed, "error.missed", "hint.missed", nil, len(missed), strings.Join(missed, ", "))
		}
	}
	return problems
}

// dryRun shows the plan resolved and writes nothing. A plan of its own making must look at the files for it.
func (c *runCmd) dryRun(ctx context.Context, a *app, j *job) error {
	if j.plan.assumed {
		report, err := j.inspect(ctx, a)
		if err != nil {
			return err
		}
		j.complete(a, report)
	}
	return j.show(a)
}

// smallInput is how many bytes of survey files a province's own survey stays below.
const smallInput = 8 << 20

// tuneGC lets the garbage collector wait longer where the input is small: the process stays below 250 MB and a quarter of the run's time is
// saved. From a large input most of the memory is texts without a pointer in them, which cost a collection next to nothing: it comes
// more often and keeps the peak down. Whoever sets GOGC decides for himself.
func tuneGC(files []string) {
	if os.Getenv("GOGC") != "" {
		return
	}
	total := int64(0)
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			total += info.Size()
		}
	}
	if total < smallInput {
		debug.SetGCPercent(400)
	} else {
		debug.SetGCPercent(20)
	}
}

// errSilent carries an exit code where everything has been said.
var errSilent = errors.New("")

// A job is a plan with everything it names found and read.
type job struct {
	plan       *plan
	files      []string          // as the rooms open them
	shown      map[string]string // as people see them: the plan's own words
	definition *index.Definition // nil: the files fit none
	about      area.Unit         // the plan's province
	on         time.Time         // the day by which it is named
	said       []result.Warning
	source     []byte // of the definition
	form       *questionnaire.Questionnaire
	targets    []byte
	password   string
	out        string
	json       string
	dataset    string
	store      *dataset.Store // where the dataset goes from that folder; nil: nowhere
	server     string         // of another engine than the embedded one
	noCache    bool
}

// prepare finds and reads everything a plan names, before any survey file is opened.
func (a *app) prepare(p *plan, passwordFile string) (*job, error) {
	j := &job{plan: p, shown: map[string]string{}, form: &questionnaire.Questionnaire{}}
	err := p.complete()
	if err != nil {
		return nil, err
	}
	if j.about, j.on, j.said, err = planArea(p); err != nil {
		return nil, err
	}
	if j.password, err = a.password(passwordFile); err != nil {
		return nil, err
	}
	if p.Index != "" {
		if j.definition, j.source, err = a.definition(p.Index, p.dir); err != nil {
			return nil, err
		}
		if j.form, err = questionnaire.Parse(j.source); err != nil {
			return nil, fault(exitUsage, "error.index_form", "hint.index_form", err, p.Index)
		}
	}
	if p.Targets != "" {
		if j.targets, err = a.targetPlan(p.Targets, p.dir); err != nil {
			return nil, err
		}
	}
	if err := p.missing(); err != nil {
		return nil, err
	}
	files, left, err := expand(p.dir, p.Files)
	a.tellLeft(left)
	if j.files = files; err != nil {
		return nil, err
	}
	for _, f := range j.files {
		j.shown[f] = f
		if rel, err := filepath.Rel(p.dir, f); err == nil && p.dir != "" {
			j.shown[f] = filepath.ToSlash(rel)
		}
	}
	j.place(resolve(p.dir, cmp.Or(p.Report.Out, "hailong.xlsx")))
	return j, nil
}

// place says where the workbook goes; results.json and, unless the plan names it, the dataset stand beside it.
func (j *job) place(out string) {
	j.out = out
	j.json = filepath.Join(filepath.Dir(out), "results.json")
	if j.dataset = j.plan.Dataset; !dataset.IsStore(j.dataset) {
		j.dataset = resolve(j.plan.dir, j.dataset)
	}
	if j.dataset == "" {
		j.dataset = filepath.Join(filepath.Dir(out), ".hailong")
	}
}

// folder is where this survey's files of the dataset go: where the plan gives the year and the province, a folder of its own that every engine
// reads as two columns, wave=2020/province=84; else the dataset's own.
func (j *job) folder() string {
	if j.plan.Year == 0 || j.about.Code == "" {
		return j.dataset
	}
	return filepath.Join(j.dataset, fmt.Sprintf("wave=%d", j.plan.Year), "province="+j.about.Code)
}

// targetPlan reads a plan of targets that ships or stands in a file.
func (a *app) targetPlan(name, dir string) ([]byte, error) {
	source, err := target.Shipped(name)
	if err != nil {
		if source, err = readSmall(resolve(dir, name)); err != nil {
			return nil, fault(exitUsage, "error.no_targets", "hint.no_targets", withoutPath(err), name)
		}
	}
	if _, err := target.Parse(source); err != nil {
		return nil, fault(exitUsage, "error.no_targets", "hint.no_targets", err, name)
	}
	return source, nil
}

// protectInputs refuses to write over what is read, or the workbook and results.json over one another.
func (j *job) protectInputs(formats []string) error {
	inputs := j.inputs()
	if len(formats) == 0 {
		formats = j.plan.Report.Formats
	}
	for _, out := range append(outputs(j.out, formats, j.plan.Report.Annex), j.json) {
		if err := keepApart(out, inputs); err != nil {
			return err
		}
	}
	if j.json != "-" && samePath(j.out, j.json) {
		return fault(exitUsage, "error.out_twice", "hint.out_is_input", nil, j.out)
	}
	return nil
}

// protectResults refuses to write the results of one plan over those of another, which have the same name where both workbooks
// go to one folder. What is no results.json is not there to be kept.
func (j *job) protectResults() error {
	b, err := os.ReadFile(j.json)
	if err != nil {
		return nil //nolint:nilerr // nothing there, or nothing that can be read: writing will tell
	}
	var there struct {
		Schema string
		Plan   struct{ Path string }
	}
	_ = json.Unmarshal(b, &there) // what is no results.json has no schema
	if there.Schema == "" || !isPlan(there.Plan.Path) || there.Plan.Path == filepath.Base(j.plan.path) {
		return nil // a trial run without a plan gives way
	}
	return fault(exitUsage, "error.other_plan", "hint.other_plan", nil, j.json, there.Plan.Path)
}

// inputs are the files that the plan reads, itself among them. The results of the wave before are the likeliest to be written over: they
// have the name that this wave's results get.
func (j *job) inputs() []string {
	p := j.plan
	files := append(slices.Clone(j.files), p.path)
	named := []string{p.Index, p.Targets, p.XLSForm, p.Report.Logo, p.Reference.SIPAS, p.Reference.PAPI, p.Reference.PAR, p.Reference.PCI, p.Reference.ICT, p.Reference.DTI, p.Reference.Previous}
	for _, name := range slices.Concat(named, p.Reference.EGov, p.Reference.Definitions) {
		if name != "" {
			files = append(files, resolve(p.dir, name))
		}
	}
	return files
}

// read reads the survey files and, at the same time, the tables they are set against: neither waits for the other.
func (j *job) read(ctx context.Context, a *app) (report *ingest.Report, refs *references, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { refs, err = j.refer(ctx, a); return err })
	g.Go(func() (err error) { report, err = j.ingest(ctx, a); return err })
	return report, refs, g.Wait()
}

// ingest reads the survey files into the dataset.
func (j *job) ingest(ctx context.Context, a *app) (*ingest.Report, error) {
	tuneGC(j.files)
	bar := a.progress(len(j.files))
	defer bar.end()
	o := j.ingestOptions(a)
	o.OnProgress = func(p ingest.Progress) { bar.step(p, j.shown[p.Path]) }
	report, err := ingest.Run(ctx, o)
	if err != nil {
		return nil, j.plan.faultOf(err, "error.ingest", "")
	}
	if report.Ledger.Kept == 0 {
		a.tellProblems(report)
		j.dropDataset(report)
		if key := j.plan.pinned(); key != "" && j.plan.path != "" {
			return nil, j.plan.keyFault(key, fault(exitFailed, "error.nothing_read", "", nil))
		}
		if slices.ContainsFunc(report.Files, func(f ingest.FileReport) bool { return !f.Failed }) {
			return nil, fault(exitFailed, "error.no_rows", "hint.no_rows", nil, report.Ledger.Rows)
		}
		return nil, fault(exitFailed, "error.nothing_read", "hint.nothing_read", nil)
	}
	return report, j.plan.missingColumn(report)
}

// dropDataset removes what a run without a single row left behind. Folders go only if they are empty: os.Remove takes no others.
func (j *job) dropDataset(report *ingest.Report) {
	folder := j.folder()
	for _, f := range datasetFiles(folder, report) {
		_ = os.Remove(f)
	}
	for last := filepath.Dir(j.dataset); folder != last; folder = filepath.Dir(folder) {
		_ = os.Remove(folder)
	}
	_ = os.Remove(folder)
}

func (j *job) ingestOptions(a *app) ingest.Options {
	p := j.plan
	return ingest.Options{
		Files: j.files, Layout: p.Layout, Sheets: p.Sheets, Columns: p.Columns, Definition: j.source,
		XLSForm: resolve(p.dir, p.XLSForm), Out: j.folder(), Workers: a.Workers, Password: j.password,
		KeepPersonal: p.Keep, Exclude: p.Exclude, Routing: p.Routing, Issued: p.Issued, NoCache: j.noCache, Vietnamese: inVietnamese,
	}
}

// analyse turns the dataset into the result set, with its provenance.
func (j *job) analyse(ctx context.Context, a *app, report *ingest.Report, refs *references) (*result.Set, error) {
	p := j.plan
	if !a.Quiet {
		a.tellCells(refs.doubts)
	}
	in := analytics.Input{
		Files: datasetFiles(j.folder(), report), Definition: j.source, Codebook: codebook(j.form, report),
		Vietnamese: inVietnamese, Targets: j.targets, Published: refs.published, Scores: refs.scores, Previous: refs.previous, Engine: engine.Options{Threads: a.Workers, Server: j.server, Root: j.dataset},
	}
	if j.store != nil {
		in.Engine.Location = j.store.Location()
	}
	set, err := analytics.Run(ctx, in, j.analysisPlan())
	if down := (*engine.ServerError)(nil); errors.As(err, &down) {
		return nil, fault(exitFailed, "error.cluster", "hint.cluster", down.Err, down.Host)
	}
	if err != nil {
		return nil, j.plan.faultOf(err, "error.analyse", "")
	}
	set.Schema = result.Schema
	set.Tool.Name, set.Tool.Version = "hailong", version
	set.Synthetic = p.Synthetic
	set.Plan = result.Plan{
		Title: p.Title, Path: filepath.Base(p.path), SHA256: p.sha256, Year: p.Year, Unit: p.Unit, Area: j.area(),
		Command: "hailong run " + filepath.Base(p.path),
	}
	provenance(set, report, j.shown)
	set.Problems = append(set.Problems, refs.problems...)
	set.Warnings = append(set.Warnings, j.said...)
	set.Warnings = append(set.Warnings, unitWarnings(set, j.about, p.Year)...)
	if set.Ledger.Read != set.Ledger.Kept+setAside(set.Ledger) {
		return nil, fmt.Errorf("balancing the ledger: %d rows read, %d kept and %d set aside", set.Ledger.Read, set.Ledger.Kept, setAside(set.Ledger))
	}
	return set, nil
}

// analysisPlan is the part of the plan that analytics reads.
func (j *job) analysisPlan() analytics.Plan {
	p := j.plan
	return analytics.Plan{
		Year: p.Year, Design: p.Design, Calibrate: p.Calibrate, Domains: p.Domains, Suppress: p.Suppress,
		Confidence: p.Confidence, CI: p.CI, Area: j.about, Overlap: p.Reference.Overlap,
	}
}

func setAside(l result.Ledger) int {
	n := 0
	for _, s := range l.SetAside {
		n += s.Rows
	}
	return n
}

// area is the plan's province as results.json names it.
func (j *job) area() result.Area {
	if j.about.Code == "" {
		return result.Area{}
	}
	out := result.Area{Code: j.about.Code, Name: j.about.Name}
	if !j.on.IsZero() {
		out.On = j.on.Format(time.DateOnly)
	}
	return out
}

// write writes results.json and the workbook with its copies, and returns what was written.
func (j *job) write(ctx context.Context, a *app, report *ingest.Report, set *result.Set, formats []string) ([]string, error) {
	o := j.plan.Report
	o.Lang = a.bookLang(o.Lang)
	if o.Logo != "" {
		o.Logo = resolve(j.plan.dir, o.Logo)
	}
	if len(formats) > 0 {
		o.Formats = formats
	}
	if o.Annex {
		o.Respondents = j.respondents(ctx, report)
	}
	written := outputs(j.out, o.Formats, o.Annex)
	if j.json != "-" {
		o.Results = j.json
		written = append(written, j.json)
	}
	for _, path := range written {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, fault(exitFailed, "error.write", "hint.write", err, path)
		}
	}
	if err := reports.Write(ctx, j.out, set, o); err != nil {
		return nil, j.plan.faultOf(err, "error.outputs", "hint.write")
	}
	if j.json != "-" {
		return written, nil
	}
	return written, reports.WriteJSON(a.stdout, set)
}

// outputs names the files of the formats, the workbook's name with each one's ending, and the annex.
func outputs(workbook string, formats []string, annex bool) []string {
	var out []string
	if len(formats) == 0 {
		out = append(out, workbook)
	}
	for _, f := range formats {
		if f == "xlsx" {
			out = append(out, workbook)
			continue
		}
		out = append(out, strings.TrimSuffix(workbook, filepath.Ext(workbook))+"."+f)
	}
	if annex {
		out = append(out, reports.AnnexPath(workbook))
	}
	return out
}

// missedTargets names the targets that were missed, for certain or not. What is not published is never missed.
func missedTargets(set *result.Set) []string {
	var ids []string
	for _, t := range set.Targets {
		if t.Parent == "" && (t.Verdict == result.Missed || t.Verdict == result.MissedUncertain) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// tellWarnings prints what the analysis doubts about the whole set, such as forms without a weight: it would change how a leader reads
// the summary above it.
func (a *app) tellWarnings(set *result.Set) {
	for _, w := range set.Warnings {
		a.warn(say("run.warning", a.pick(w.Text)).in(a.lang), "code", w.Code)
	}
}

// tellLeft says what of a folder or glob is not read, once: without a plan, the files are listed for the assumptions and for the run.
func (a *app) tellLeft(left []*phrase) {
	for _, l := range left {
		if text := l.in(a.lang); !slices.Contains(a.left, text) {
			a.left = append(a.left, text)
			a.warn(text)
		}
	}
}

// problemLines is how many problems are printed; all of them are in the workbook and in results.json.
const problemLines = 10

func (a *app) tellProblems(r *ingest.Report) {
	reused, sheets := 0, 0
	for _, f := range r.Files {
		for range f.Sheets {
			sheets++
			if f.Reused {
				reused++
			}
		}
	}
	if reused > 0 && !a.Quiet {
		a.note(say("run.reused", reused, sheets).in(a.lang))
	}
	for i, p := range r.Problems {
		if i == problemLines {
			a.warn(say("run.problems", len(r.Problems)-i).in(a.lang))
			break
		}
		text := p.Text.EN
		if a.lang == "vi" {
			text = p.Text.VI
		}
		a.warn(say("run.problem", whereabouts(p)+text).in(a.lang), "file", p.File, "sheet", p.Sheet, "cell", p.Cell, "code", p.Code, "count", p.Count)
	}
}

// whereabouts is where a problem is: file: Sheet!Cell.
func whereabouts(p ingest.Problem) string {
	s := filepath.Base(p.File) + ": "
	switch {
	case p.Sheet != "" && p.Cell != "":
		s += p.Sheet + "!" + p.Cell + ": "
	case p.Sheet != "":
		s += p.Sheet + ": "
	}
	return s
}
