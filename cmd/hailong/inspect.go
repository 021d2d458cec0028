package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/ingest"
	"hailong/ingest/layout"
	"hailong/ingest/questionnaire"
)

type inspectCmd struct {
	fileFlags
	JSON   string `help:"Write everything found as JSON." placeholder:"FILE|-"`
	Values int    `help:"How many values of each column to show." default:"5" placeholder:"N"`
}

// Run says what is in the files without writing anything.
func (c *inspectCmd) Run(ctx context.Context, a *app) error {
	j, err := c.job(ctx, a)
	if err != nil {
		return err
	}
	report, err := j.inspect(ctx, a)
	if err != nil {
		return err
	}
	if c.JSON != "" {
		if err := a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, report) }, j.inputs()...); err != nil {
			return err
		}
	}
	unread := !slices.ContainsFunc(report.Files, func(f ingest.FileReport) bool { return !f.Failed })
	if c.JSON != "-" && !unread {
		c.print(a, j, report)
	}
	a.tellProblems(report)
	if unread {
		return fault(exitFailed, "error.nothing_read", "hint.nothing_read", nil)
	}
	return nil
}

func (j *job) inspect(ctx context.Context, a *app) (*ingest.Report, error) {
	bar := a.progress(len(j.files))
	defer bar.end()
	o := j.ingestOptions(a)
	o.Out = ""
	o.OnProgress = func(p ingest.Progress) { bar.step(p, j.shown[p.Path]) }
	report, err := ingest.Inspect(ctx, o)
	if err != nil {
		return nil, j.plan.faultOf(err, "error.ingest", "")
	}
	return report, nil
}

// print is the page a newcomer reads: a sheet at a time, what it is, what each column means, what is doubtful, what to type next.
func (c *inspectCmd) print(a *app, j *job, report *ingest.Report) {
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			fmt.Fprintln(a.stdout, say("inspect.sheet", j.shown[f.Path], s.Sheet, a.pick(label("dialect", s.Dialect))).in(a.lang))
			for _, g := range s.Guesses {
				if g.What == "ticks" && a.Verbose == 0 {
					continue // one line a question; the column's own line says it too
				}
				fmt.Fprintln(a.stdout, "  "+say("inspect.guess", a.pick(label("guess", g.What)), a.guessed(g), a.evidence(g)).in(a.lang))
			}
			fmt.Fprintln(a.stdout, "  "+say("inspect.rows", s.Ledger.Rows, s.Ledger.Kept, counts(a, s.Ledger)).in(a.lang))
			if s.HiddenRows+s.HiddenColumns > 0 {
				fmt.Fprintln(a.stdout, "  "+say("inspect.hidden", s.HiddenRows, s.HiddenColumns).in(a.lang))
			}
			for _, e := range s.Encodings {
				fmt.Fprintln(a.stdout, "  "+say("inspect.encoding", e.Cell, e.Encoding, e.Before, e.After).in(a.lang))
			}
			c.columns(a, s)
			if len(s.Dropped) > 0 {
				var names []string
				for _, d := range s.Dropped {
					names = append(names, d.Cell+" "+d.Header)
				}
				fmt.Fprintln(a.stdout, "  "+say("inspect.dropped", strings.Join(names, ", ")).in(a.lang))
			}
			fmt.Fprintln(a.stdout)
		}
		for _, g := range f.Guesses {
			fmt.Fprintln(a.stdout, say("inspect.guess", a.pick(label("guess", g.What)), a.guessed(g), a.evidence(g)).in(a.lang))
		}
	}
	for _, f := range report.Findings {
		text := f.EN
		if a.lang == "vi" {
			text = f.VI
		}
		fmt.Fprintln(a.stdout, say("inspect.finding", f.Code, text).in(a.lang))
	}
	if j.definition == nil {
		fmt.Fprintln(a.stdout, say("inspect.no_match", quotedList(c.Files), shellQuote(telling(report))).in(a.lang))
		return
	}
	matched, items := matchedItems(report, j.form)
	fmt.Fprintln(a.stdout, say("inspect.match", j.plan.Index, matched, items).in(a.lang))
	fmt.Fprintln(a.stdout, say("inspect.next", quotedList(c.Files)).in(a.lang))
}

// fewValues is up to how many values make a column of answers, not of texts or numbers that differ from form to form.
const fewValues = 12

// telling is a column that a first figure is worth asking of: one with few values, of answers if there are any.
func telling(report *ingest.Report) string {
	first := ""
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			for _, c := range s.Columns {
				name := c.Name
				if ext := strings.ToLower(filepath.Ext(f.Path)); ext == ".csv" || ext == ".tsv" {
					name = c.Header // estimate reads such files as they are
				}
				switch {
				case len(c.Values) < 2 || len(c.Values) > fewValues:
				case c.Ticks > 0 || c.Type == "code" || numbers(c.Values):
					return name
				case first == "":
					first = name
				}
			}
		}
	}
	return cmp.Or(first, "COLUMN")
}

// numbers reports whether every value is a number, also where the file has it as a text.
func numbers(values []ingest.Value) bool {
	return !slices.ContainsFunc(values, func(v ingest.Value) bool {
		_, err := strconv.ParseFloat(v.Text, 64)
		return err != nil
	})
}

func (c *inspectCmd) columns(a *app, s ingest.SheetReport) {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, col := range s.Columns {
		how := a.pick(label("how", col.How))
		if col.How == "fuzzy" {
			how += " " + a.number("%.2f", result.Number(col.Score))
		}
		if col.Ticks > 0 {
			how = strings.TrimPrefix(how+fmt.Sprintf(", %d ×☑", col.Ticks), ", ")
		}
		var values []string
		for i, v := range col.Values {
			if i == c.Values {
				values = append(values, "…")
				break
			}
			text := v.Text
			switch {
			case v.Code == nil && col.Type == "code" && col.Role == "item" && text != "":
				text += "→" + a.pick(label("missing", "-4"))
			case v.Code == nil:
			case *v.Code < 0:
				text += "→" + a.pick(label("missing", fmt.Sprint(*v.Code)))
			case *v.Code > 0 && fmt.Sprint(*v.Code) != text:
				text += fmt.Sprintf("→%d", *v.Code)
			}
			values = append(values, fmt.Sprintf("%s (%d)", text, v.Count))
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\t%s\t%s\n", col.Cell, cut(col.Header, 48), col.Name, a.pick(label("role", col.Role)), how, a.pick(label("type", col.Type)), strings.Join(values, " · "))
	}
	_ = w.Flush() // stdout; an error shows at the next line
}

// guessed is a guess's value; a word that a plan may write, such as a dialect's, is quoted.
func (a *app) guessed(g layout.Guess) string {
	switch g.What {
	case "dialect":
		return "`" + g.Value + "`"
	case "header_row", "encoding":
		if g.Value == "none" {
			return "`none`"
		}
	}
	return g.Value
}

// evidence is why a guess was made, in the language of messages.
func (a *app) evidence(g layout.Guess) string {
	if a.lang == "vi" && g.EvidenceVI != "" {
		return g.EvidenceVI
	}
	return g.Evidence
}

// cut shortens a header for the screen; the whole is in --json.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n/2-1]) + "…" + string(r[len(r)-n/2:])
}

func counts(a *app, l ingest.Ledger) string {
	var out []string
	for _, c := range slices.Concat(l.Classes, l.SetAside) {
		if c.Rows > 0 {
			out = append(out, fmt.Sprintf("%s %d", a.pick(reasonLabel(c.Reason)), c.Rows))
		}
	}
	return strings.Join(out, ", ")
}

// quotedList is the files as a command line takes them.
func quotedList(files []string) string {
	var quoted []string
	for _, f := range files {
		quoted = append(quoted, shellQuote(f))
	}
	return strings.Join(quoted, " ")
}

// shellQuote quotes a path for the shell where it must be.
func shellQuote(s string) string {
	if !strings.ContainsAny(s, " '\"$&()<>|;\\`") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// matchedItems counts the questionnaire's items that the files answer.
func matchedItems(report *ingest.Report, form *questionnaire.Questionnaire) (matched, items int) {
	found := map[string]bool{}
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			for _, c := range s.Columns {
				if c.Role == "item" {
					found[c.Name] = true
				}
			}
		}
	}
	return len(found), len(form.Items)
}

// A fit is how well a definition's questionnaire fits a file. Running numbers (Q1, Câu 1) say nothing of which questionnaire it is.
type fit struct {
	name             string
	matched, numbers int
	items            int
}

// likelyShare is how much of a questionnaire a file must answer to be shown as one of it: one item is chance.
const likelyShare = 0.1

// likely reports whether the file may be shown as one of the definition's: enough but numbers fits, or every number does.
func (f fit) likely() bool {
	return f.share() >= likelyShare || f.numbers > 0 && f.numbers == f.items
}

func (f fit) share() float64 {
	if f.items == 0 {
		return 0
	}
	return float64(f.matched) / float64(f.items)
}

// noMatch is the error of a command that needs an index.
func noMatch(files []string) error {
	return fault(exitUsage, "error.no_match", "hint.no_match", nil, strings.Join(files, ", "))
}

// fits tries the questionnaire of every definition that ships on the headers of the first file that can be read, best first.
func (a *app) fits(ctx context.Context, p *plan, passwordFile string) ([]fit, error) {
	files, _, err := expand(p.dir, p.Files)
	if err != nil {
		return nil, err
	}
	password, err := a.password(passwordFile)
	if err != nil {
		return nil, err
	}
	var readable *ingest.Report
	var failed []*ingest.Report
	for i := 0; i < len(files) && readable == nil; i++ {
		report, err := ingest.Inspect(ctx, ingest.Options{
			Files: files[i : i+1], Layout: p.Layout, Sheets: p.Sheets, Password: password, Questionnaire: &questionnaire.Questionnaire{}, Vietnamese: inVietnamese,
		})
		if err != nil {
			return nil, p.faultOf(err, "error.ingest", "")
		}
		if report.Files[0].Failed {
			failed = append(failed, report)
		} else {
			readable = report
		}
	}
	if readable == nil {
		for _, report := range failed {
			a.tellProblems(report)
			for _, g := range report.Files[0].Guesses {
				a.note(say("inspect.guess", a.pick(label("guess", g.What)), a.guessed(g), a.evidence(g)).in(a.lang))
			}
		}
		return nil, fault(exitFailed, "error.nothing_read", "hint.nothing_read", nil)
	}
	var headers []questionnaire.Header
	for _, s := range readable.Files[0].Sheets {
		for _, c := range slices.Concat(s.Columns, s.Dropped) {
			headers = append(headers, questionnaire.Header{Name: c.Header, Parts: strings.Split(c.Header, " › ")})
		}
	}
	var out []fit
	for _, name := range index.Names() {
		_, source, err := a.definition(name, "")
		if err != nil {
			return nil, err
		}
		form, err := questionnaire.Parse(source)
		if err != nil || len(form.Items) == 0 {
			continue // published scores only: there are no columns to match
		}
		f := fit{name: name, items: len(form.Items)}
		matches, _ := questionnaire.MatchHeaders(headers, form, nil, questionnaire.Bounds{})
		for _, m := range matches {
			switch {
			case m.Item == nil:
			case m.How == questionnaire.HowNumber:
				f.numbers++
			default:
				f.matched++
			}
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(x, y fit) int {
		return cmp.Or(cmp.Compare(y.share(), x.share()), cmp.Compare(y.matched, x.matched), cmp.Compare(y.numbers*x.items, x.numbers*y.items))
	})
	return out, nil
}

// base is a file's name without folder and ending.
func base(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}
