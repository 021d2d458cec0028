package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"hailong/analytics"
	"hailong/analytics/engine"
	"hailong/analytics/result"
	"hailong/analytics/survey"
	"hailong/ingest"
	"hailong/ingest/dataset"
	"hailong/ingest/questionnaire"
)

type estimateCmd struct {
	Data []string `arg:"" help:"A dataset folder, or Parquet, csv, xlsx files of one kind."`

	Mean     []string  `help:"svymean(~y, na.rm=TRUE); a text column gives the share of each value." placeholder:"Y"`
	Total    []string  `help:"svytotal(~y, na.rm=TRUE)." placeholder:"Y"`
	Ratio    []string  `help:"svyratio(~y, ~x, na.rm=TRUE)." placeholder:"Y/X"`
	Prop     []string  `help:"svyciprop(~I(condition), method=--ci)." sep:"none" placeholder:"CONDITION"`
	Quantile []string  `help:"svyquantile(~y, --probs, na.rm=TRUE)." placeholder:"Y"`
	Probs    []float64 `help:"Of the quantiles (default 0.5)." placeholder:"P"`
	Test     []string  `help:"svyttest(y ~ 0) or (y ~ group), svyranktest for more groups or rank(y) ~ group, svychisq for a + b." sep:"none" placeholder:"FORMULA"`

	By    []string `help:"svyby(~y, ~a+b, …)." placeholder:"A,B"`
	Where string   `help:"subset(design, condition): a domain; the design stays whole." placeholder:"CONDITION"`

	Weights    string   `help:"svydesign(weights=~w)." placeholder:"W"`
	Strata     []string `help:"svydesign(strata=~h)." placeholder:"H"`
	PSU        []string `name:"psu" help:"svydesign(ids=~psu+ssu)." placeholder:"PSU"`
	FPC        []string `name:"fpc" help:"svydesign(fpc=~N+M): population sizes by stage." placeholder:"N"`
	Nest       bool     `help:"svydesign(nest=TRUE)."`
	LonelyPSU  string   `name:"lonely-psu" help:"options(survey.lonely.psu=…): fail, remove, certainty, adjust, average." default:"fail" placeholder:"WAY"`
	Calibrate  []string `help:"rake(design, margins): column:value=share,value=share; again for each margin." sep:"none" placeholder:"MARGIN"`
	Replicates string   `help:"as.svrepdesign(type=…): JK1, JKn, BRR, Fay, subbootstrap, bootstrap." placeholder:"TYPE"`
	RepWeights []string `help:"svrepdesign(repweights=…): columns of the file." placeholder:"COLUMN"`

	CI         string  `name:"ci" help:"Interval of proportions: logit, beta, wilson, asin, mean, likelihood." placeholder:"METHOD"`
	QRule      string  `name:"qrule" help:"svyquantile(qrule=…): math, school, hf1 … hf9." placeholder:"RULE"`
	Confidence float64 `help:"Level of confidence." default:"0.95"`
	Deff       string  `help:"Design effect: none, true (deff=TRUE), replace (deff=\"replace\")." enum:"none,true,replace" default:"none"`

	JSON string `help:"Write the estimates as JSON; with --test an object of estimates and tests." placeholder:"FILE|-"`
	CSV  string `name:"csv" help:"Write the estimates as csv." placeholder:"FILE|-"`
}

// Run estimates on any data file.
func (c *estimateCmd) Run(ctx context.Context, a *app) error {
	if c.CSV != "" && len(c.Test) > 0 {
		return fault(exitUsage, "error.csv_tests", "hint.csv_tests", nil)
	}
	if c.JSON != "" && c.CSV != "" && samePath(c.JSON, c.CSV) {
		return fault(exitUsage, "error.two_forms", "", nil, c.JSON)
	}
	req, err := c.request()
	if err != nil {
		return err
	}
	clean, err := c.open(ctx, a, req)
	if err != nil {
		return err
	}
	defer clean()
	req.Engine = engine.Options{Threads: a.Workers}
	bench, err := analytics.Estimate(ctx, *req)
	if err != nil {
		var f *failure
		if err = columnFault(err); errors.As(err, &f) && f.hint != nil && f.hint.key == "hint.column" && readAsTheyAre(c.Data[0]) {
			f.hint = say("hint.own_columns")
		}
		return err
	}
	for _, w := range bench.Warnings {
		a.warn(a.errorText(w))
	}
	if c.JSON != "" {
		if err := a.output(c.JSON, func(w io.Writer) error { return writeJSON(w, answer(bench)) }, c.Data...); err != nil {
			return err
		}
	}
	if c.CSV != "" {
		return a.output(c.CSV, func(w io.Writer) error { return estimatesCSV(w, bench.Estimates) }, c.Data...)
	}
	if c.JSON != "" {
		return nil
	}
	return a.estimatesTable(bench)
}

// readAsTheyAre reports whether the data are workbooks, which estimate reads under the names of their own columns: inspect and a plan know them by
// those of the index.
func readAsTheyAre(path string) bool {
	return isSurvey(path)
}

// answer is what --json writes: the list of estimates, the form of results.json; where tests were asked for, an object that has both.
func answer(bench *analytics.Bench) any {
	if len(bench.Tests) == 0 {
		return bench.Estimates
	}
	return struct {
		Estimates []result.Estimate `json:"estimates"`
		Tests     []analytics.Test  `json:"tests"`
	}{bench.Estimates, bench.Tests}
}

// request is the flags in the statistician's terms.
func (c *estimateCmd) request() (*analytics.EstimateRequest, error) {
	req := &analytics.EstimateRequest{
		Mean: c.Mean, Total: c.Total, Prop: c.Prop, Quantile: c.Quantile, Probs: c.Probs, By: c.By, Where: c.Where, Tests: c.Test,
		Design: analytics.Design{Weight: c.Weights, Strata: c.Strata, PSU: c.PSU, FPC: c.FPC}, Nest: c.Nest,
		CI: c.CI, QuantileRule: c.QRule, Confidence: c.Confidence,
		Replicates: survey.ReplicateSpec{Type: c.Replicates}, Given: survey.GivenReplicates{Weights: c.RepWeights},
	}
	if err := req.Design.Lonely.UnmarshalText([]byte(c.LonelyPSU)); err != nil {
		return nil, &failure{code: exitUsage, err: err}
	}
	switch c.Deff {
	case "true":
		req.Deff = survey.DeffWithoutReplacement
	case "replace":
		req.Deff = survey.DeffReplace
	}
	for _, r := range c.Ratio {
		y, x, ok := strings.Cut(r, "/")
		if !ok {
			return nil, fault(exitUsage, "error.ratio", "", nil, r)
		}
		req.Ratio = append(req.Ratio, [2]string{strings.TrimSpace(y), strings.TrimSpace(x)})
	}
	for _, m := range c.Calibrate {
		column, values, ok := strings.Cut(m, ":")
		margin := map[string]float64{}
		for _, v := range strings.Split(values, ",") {
			value, share, found := strings.Cut(v, "=")
			n, err := strconv.ParseFloat(strings.TrimSpace(share), 64)
			if !ok || !found || err != nil {
				return nil, fault(exitUsage, "error.margin", "", nil, m)
			}
			margin[strings.TrimSpace(value)] = n
		}
		if req.Calibrate.Margins == nil {
			req.Calibrate.Margins = map[string]map[string]float64{}
		}
		req.Calibrate.Margins[strings.TrimSpace(column)] = margin
	}
	if err := checkMargins(req.Calibrate.Margins); err != nil {
		return nil, err
	}
	return req, nil
}

// open finds the data: a dataset folder and Parquet or csv files as they are, workbooks through ingest into a dataset for this one call.
func (c *estimateCmd) open(ctx context.Context, a *app, req *analytics.EstimateRequest) (clean func(), err error) {
	clean = func() {}
	if len(c.Data) == 1 {
		if info, err := os.Stat(c.Data[0]); err == nil && info.IsDir() {
			req.Files, err = dataset.Files(c.Data[0])
			if err != nil {
				return clean, err
			}
			return clean, c.coded(req)
		}
	}
	files, left, err := expand("", c.Data)
	a.tellLeft(left)
	if err != nil {
		return clean, err
	}
	for _, f := range files {
		if err := fileFault(f); err != nil {
			return clean, err
		}
	}
	switch strings.ToLower(filepath.Ext(files[0])) {
	case ".parquet":
		req.Files = files
		return clean, c.coded(req)
	case ".csv", ".tsv":
		req.Files = files
		return clean, nil
	}
	dir, err := os.MkdirTemp("", "hailong-estimate-")
	if err != nil {
		return clean, err
	}
	clean = func() { _ = os.RemoveAll(dir) } // a left-over temporary folder harms nobody
	report, err := ingest.Run(ctx, ingest.Options{Files: files, Out: dir, Questionnaire: &questionnaire.Questionnaire{}, Workers: a.Workers, Vietnamese: inVietnamese})
	if err != nil {
		return clean, err
	}
	a.tellProblems(report)
	if req.Files = datasetFiles(dir, report); len(req.Files) == 0 {
		return clean, fault(exitFailed, "error.nothing_read", "hint.nothing_read", nil)
	}
	return clean, nil
}

// coded tells analytics which columns hold answer codes, so that don't knows and the like are missing and not numbers.
func (c *estimateCmd) coded(req *analytics.EstimateRequest) error {
	for _, f := range req.Files {
		names, err := dataset.Codes(f)
		if err != nil {
			return err
		}
		req.Coded = append(req.Coded, names...)
	}
	return nil
}

var estimateColumns = []string{"statistic", "variable", "domain", "n", "estimate", "se", "lo", "hi", "df", "deff", "sum_w"}

func estimateFields(e result.Estimate, digits int) []string {
	num := func(n result.Number) string {
		if !n.Known() {
			return ""
		}
		return strconv.FormatFloat(float64(n), 'g', digits, 64)
	}
	var domain []string
	for _, key := range sortedKeys(e.Domain) {
		domain = append(domain, key+"="+e.Domain[key])
	}
	return []string{
		e.Level, e.Node, strings.Join(domain, " "), strconv.Itoa(e.N), num(e.Estimate), num(e.SE), num(e.Lo), num(e.Hi), num(e.DF), num(e.Deff), num(e.SumW),
	}
}

// statistic is a statistic's name in the language of messages: of quantile 0.5 its first word.
func (a *app) statistic(name string) string {
	first, rest, _ := strings.Cut(name, " ")
	return strings.TrimSpace(a.pick(label("statistic", first)) + " " + rest)
}

func (a *app) estimatesTable(bench *analytics.Bench) error {
	t := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, say("estimate.header").in(a.lang)+"\t")
	for _, e := range bench.Estimates {
		fields := estimateFields(e, 7)
		fields[0] = a.statistic(fields[0])
		fmt.Fprintln(t, strings.Join(fields, "\t")+"\t")
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, d := range bench.Doubts {
		fmt.Fprintf(a.stdout, "! %s %s: %s\n", a.statistic(d.Statistic), d.Variable, a.errorText(d.Err))
	}
	for _, x := range bench.Tests {
		var df []string
		for _, d := range []result.Number{x.DF1, x.DF2} {
			if d.Known() {
				df = append(df, strconv.FormatFloat(float64(d), 'g', 6, 64))
			}
		}
		fmt.Fprintf(a.stdout, "%s: %s = %.6g, df = %s, p = %.4g\n", x.Formula, x.Name, float64(x.Statistic), strings.Join(df, ", "), float64(x.P))
	}
	return nil
}
