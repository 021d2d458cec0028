package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"hailong/analytics/engine"
	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
)

type indexesCmd struct {
	List  indexesListCmd  `cmd:"" default:"withargs" help:"The definitions that ship with hailong."`
	Show  indexesShowCmd  `cmd:"" help:"The tree of one definition; with --yaml the file itself, to start one of your own."`
	Check indexesCheckCmd `cmd:"" help:"Check a definition file of your own."`
}

type indexesListCmd struct{}

// Run lists the definitions that ship, one a line.
func (c *indexesListCmd) Run(a *app) error {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, name := range index.Names() {
		d, _, err := a.definition(name, "")
		if err != nil {
			return err
		}
		years := fmt.Sprintf("%d–%d", d.Years[0], d.Years[1])
		if d.Years[1] == 0 {
			years = fmt.Sprintf("%d–", d.Years[0])
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", name, years, a.pick(label("basis", d.Basis)), a.pick(d.Title))
	}
	return w.Flush()
}

type indexesShowCmd struct {
	Name string `arg:"" help:"A definition that ships, or the path of one."`
	YAML bool   `name:"yaml" help:"Print the definition file."`
}

// Run prints a definition's tree.
func (c *indexesShowCmd) Run(a *app) error {
	d, source, err := a.definition(c.Name, "")
	if err != nil {
		return err
	}
	if c.YAML {
		_, err := a.stdout.Write(source)
		return err
	}
	basis := func(key string) string { return a.pick(label("basis", key)) }
	fmt.Fprintln(a.stdout, say("indexes.show", d.ID, a.pick(d.Title), d.Legal, basis(d.Basis), d.Aggregator, basis(d.AggBasis)).in(a.lang))
	depth := map[string]int{}
	lacks := map[string]string{}
	for _, l := range d.Lacks() {
		lacks[l.Node] = " — " + a.pick(result.WarningText(l.Reason))
	}
	for _, n := range d.Nodes() {
		if n.Parent != "" {
			depth[n.ID] = depth[n.Parent] + 1
		}
		basis := ""
		if n.Basis != "" && n.Basis != d.Basis {
			basis = " [" + a.pick(label("basis", n.Basis)) + "]"
		}
		fmt.Fprintf(a.stdout, "%s%s  %s  (%s%s)%s%s%s\n", strings.Repeat("  ", depth[n.ID]), n.Code, a.pick(n.Name), a.pick(label("level", n.Level)), nodeRange(n), basis, indicator(d.Find(n.ID)), lacks[n.ID])
	}
	return nil
}

// indicator is how a leaf with a theoretical range, or asked of some only, comes from the answers, in the definition's own words.
func indicator(n *index.Node) string {
	var keys []string
	if n.Min != nil && n.Max != nil {
		keys = append(keys, fmt.Sprintf("min: %g, max: %g", *n.Min, *n.Max))
	}
	if n.Reverse {
		keys = append(keys, "reverse: true")
	}
	if n.Measure != "" {
		keys = append(keys, "measure: "+n.Measure)
	}
	if n.DontKnow != "" {
		keys = append(keys, "dont_know: "+n.DontKnow)
	}
	if n.Base != "" {
		keys = append(keys, "base: "+n.Base)
	}
	if len(keys) == 0 {
		return ""
	}
	return " {" + strings.Join(keys, ", ") + "}"
}

func nodeRange(n result.Node) string {
	if !n.Min.Known() || !n.Max.Known() {
		return ""
	}
	return fmt.Sprintf(", %.4g–%.4g", float64(n.Min), float64(n.Max))
}

type indexesCheckCmd struct {
	File string `arg:"" help:"The definition file."`
}

// Run checks a definition: both of its sections, with the line of every fault.
func (c *indexesCheckCmd) Run(a *app) error {
	d, source, err := a.definition(c.File, "")
	if err != nil {
		return err
	}
	faults := d.Check()
	if _, err := questionnaire.Parse(source); err != nil && !errors.Is(err, questionnaire.ErrNoSection) {
		faults = append(faults, err)
	}
	faults = append(faults, checkBases(d)...)
	for _, f := range faults {
		a.warn(a.errorText(f))
	}
	if len(faults) > 0 {
		return fault(exitUsage, "error.index_form", "hint.index_keys", nil, c.File)
	}
	fmt.Fprintln(a.stdout, say("indexes.sound", d.ID, len(d.Nodes())).in(a.lang))
	if lacks := d.Lacks(); len(lacks) > 0 {
		fmt.Fprintln(a.stdout, say("indexes.lacks", a.pick(d.Lacking(lacks))).in(a.lang))
	}
	return nil
}

// checkBases checks who is asked: a condition on items and background variables that the questionnaire has.
func checkBases(d *index.Definition) []error {
	var faults []error
	done := map[string]bool{}
	for _, m := range d.Measures() {
		if m.Base == "" || done[m.Base] {
			continue
		}
		done[m.Base] = true
		columns, err := engine.ConditionColumns(m.Base)
		if err != nil {
			faults = append(faults, d.Fault(m.Node(), "base", err))
			continue
		}
		for _, c := range columns {
			if !d.Asks(c) {
				faults = append(faults, d.Fault(m.Node(), "base", wording.Errorf("base %q names %s, which the questionnaire does not have", m.Base, c)))
			}
		}
	}
	return faults
}

// definition reads a definition that ships or stands in a file; a file's path starts from dir.
func (a *app) definition(name, dir string) (*index.Definition, []byte, error) {
	source, err := index.Shipped(name)
	if err != nil {
		path := resolve(dir, name)
		if source, err = os.ReadFile(path); err != nil {
			if errors.Is(err, os.ErrNotExist) && !strings.ContainsAny(name, "./\\") {
				err = nil
			}
			return nil, nil, fault(exitUsage, "error.no_index", "hint.no_index", err, name)
		}
	}
	d, err := index.Parse(source)
	if err != nil {
		return nil, nil, fault(exitUsage, "error.index_form", "hint.index_form", err, name)
	}
	return d, source, nil
}

// soundDefinition is a definition that ships or stands in a file, and that makes sense: points of an annex that do not add up are refused.
func (a *app) soundDefinition(name, dir string) (*index.Definition, error) {
	d, _, err := a.definition(name, dir)
	if err != nil {
		return nil, err
	}
	if wrong := d.Check(); len(wrong) > 0 {
		return nil, fault(exitUsage, "error.index_form", "hint.index_form", wrong[0], name)
	}
	return d, nil
}

// pick is the text in the language of messages.
func (a *app) pick(t result.Text) string { return inLang(t, a.lang) }

func inLang(t result.Text, lang string) string {
	if lang == "en" && t.EN != "" || t.VI == "" {
		return t.EN
	}
	return t.VI
}

// fault is a failure in words of the table: what failed (with args), what to do, and the cause.
func fault(code int, msg, hint string, cause error, args ...any) error {
	f := &failure{code: code, msg: say(msg, args...), err: cause}
	if hint != "" {
		f.hint = say(hint)
	}
	return f
}

// output opens where a command's answer goes: a file, or stdout for "-" and nothing. Only use it for text that may be cut short.
// A file that is among the command's inputs is never written over.
func (a *app) output(path string, write func(io.Writer) error, inputs ...string) error {
	if path == "" || path == "-" {
		return write(a.stdout)
	}
	if err := keepApart(path, inputs); err != nil {
		return err
	}
	return writeWhole(path, write)
}
