package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"

	"hailong/ingest"
)

type initCmd struct {
	fileFlags
	Out string `short:"o" help:"Where the plan goes (default: stdout)." placeholder:"PATH"`
}

// Run writes a commented plan that runs as it stands.
func (c *initCmd) Run(ctx context.Context, a *app) error {
	j, err := c.job(ctx, a)
	if err != nil {
		return err
	}
	if j.definition == nil {
		return noMatch(c.Files)
	}
	report, err := j.inspect(ctx, a)
	if err != nil {
		return err
	}
	err = a.output(c.Out, func(w io.Writer) error {
		_, err := io.WriteString(w, c.text(a, j, report))
		return err
	}, j.inputs()...)
	if err != nil {
		return err
	}
	a.tellProblems(report)
	return nil
}

func (c *initCmd) text(a *app, j *job, report *ingest.Report) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	comment := func(p *phrase) { line("# %s", p.in(a.lang)) }
	domains, weight := breakdowns(report)
	matched, items := matchedItems(report, j.form)

	comment(say("init.head"))
	line("title: %s", scalar(j.definition.Title.VI))
	comment(say("init.index", matched, items))
	line("index: %s", scalar(j.plan.Index))
	comment(say("init.year"))
	line("# year: %d", j.definition.Years[0])
	line(`# area: "84"`)
	line("files:")
	for _, f := range c.Files {
		line("  - %s", scalar(f))
	}
	if c.Sheet != "" || c.Header != "" {
		line("layout: {sheet: %s, header: %s}", scalar(c.Sheet), scalar(c.Header))
	}
	if c.XLSForm != "" {
		line("xlsform: %s", scalar(c.XLSForm))
	}
	line("")
	comment(say("init.columns"))
	line("# columns: {trong_so: Trọng số}")
	for _, col := range unmatched(report) {
		line("#   %s", col)
	}
	line("")
	comment(say("init.design"))
	if weight != "" {
		line("design: {weight: %s}", weight)
	} else {
		line("# design: {weight: trong_so, strata: [huyen], psu: xa, lonely_psu: adjust}")
	}
	if len(domains) > 0 {
		line("domains: [%s]", strings.Join(domains, ", "))
	}
	line("suppress: {min_n: 30, max_half_width: 5}")
	comment(say("init.targets"))
	line("# targets: kh-168-tu")
	line("# reference: {papi: papi-scores.xlsx}")
	line("report: {lang: vi, out: %s}", scalar("ket-qua/"+c.bookName(j)+"/"+c.bookName(j)+".xlsx"))
	return b.String()
}

// bookName is the name of the workbook and of its folder, which no other plan's results share: the plan's own name, else the first file's, or
// the index's where files were named by a pattern, which is no name for a file.
func (c *initCmd) bookName(j *job) string {
	if c.Out != "" && c.Out != "-" {
		return base(c.Out)
	}
	if strings.ContainsAny(c.Files[0], "*?[") {
		return j.definition.ID
	}
	return base(c.Files[0])
}

// unmatched lists the columns that no item and no background variable took.
func unmatched(report *ingest.Report) []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range report.Files {
		for _, s := range f.Sheets {
			for _, c := range s.Columns {
				if c.How == "" && c.Header != "" && !seen[c.Header] {
					seen[c.Header] = true
					out = append(out, fmt.Sprintf("%s: %s", c.Cell, strings.ReplaceAll(c.Header, "\n", " ")))
				}
			}
		}
	}
	return out
}

// scalar writes a text as one YAML scalar.
func scalar(s string) string {
	b, err := yaml.Marshal(s)
	if err != nil {
		return fmt.Sprintf("%q", s)
	}
	return strings.TrimRight(string(b), "\n")
}
