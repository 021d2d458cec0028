package export

import (
	"fmt"
	"io"
	"strings"

	"hailong/ingest/dataset"
)

// Stata's limits, in characters: [R] Limits. A label name is as long as a variable's.
const (
	stataLabel      = 80
	stataValueLabel = 32_000
)

// writeStata writes the do-file for Stata 14 and later.
func (t *table) writeStata(out io.Writer, c columns) error {
	var b strings.Builder
	fmt.Fprintf(&b, "* %s\n", comment(t.title))
	b.WriteString("* Written by hailong. Reads data.csv; run it in this folder: do read.do\n")
	b.WriteString("* The kinds of missing: .a don't know, .b refused, .c not applicable, .d invalid; . is a blank cell.\n")
	b.WriteString("version 14\nclear\n\n")
	var texts, numbers []string
	for i, v := range t.variables {
		if v.kind == kindText || v.kind == kindTime {
			texts = append(texts, fmt.Sprint(i+1))
		} else {
			numbers = append(numbers, fmt.Sprint(i+1))
		}
	}
	b.WriteString("import delimited using \"data.csv\", delimiters(\",\") varnames(1) case(preserve) encoding(\"UTF-8\") bindquotes(strict) asdouble ///\n")
	fmt.Fprintf(&b, "    stringcols(%s) ///\n    numericcols(%s)\n\n", strings.Join(texts, " "), strings.Join(numbers, " "))

	t.stataLabels(&b)
	for _, v := range t.variables {
		t.stataVariable(&b, v)
	}
	b.WriteString("\n")
	t.stataDesign(&b, c)
	_, err := io.WriteString(out, b.String())
	return err
}

// stataLabels defines every set of value labels once.
func (t *table) stataLabels(b *strings.Builder) {
	done := map[string]bool{}
	for _, v := range t.variables {
		if v.scale == "" || done[v.scale] {
			continue
		}
		done[v.scale] = true
		for i, l := range v.levels {
			more := ""
			if i > 0 {
				more = ", add"
			}
			code := fmt.Sprint(l.code)
			for _, k := range kindsOfMissing {
				if l.missing == k.name {
					code = k.stata
				}
			}
			fmt.Fprintf(b, "label define %s %s %s%s\n", v.scale, code, stataText(cut(l.label.VI, stataValueLabel)), more) // bytes are at least as many as characters
		}
	}
	b.WriteString("\n")
}

func (t *table) stataVariable(b *strings.Builder, v *variable) {
	switch {
	case v.kind == kindCode || v.kind == kindMissing:
		if number, err := t.find(strings.TrimSuffix(v.column, dataset.MissingSuffix)); v.kind == kindMissing && err == nil {
			for _, k := range kindsOfMissing {
				fmt.Fprintf(b, "replace %s = %s if %s == %d\n", number.name, k.stata, v.name, k.code)
			}
		}
		fmt.Fprintf(b, "mvdecode %s, mv(", v.name)
		for i, k := range kindsOfMissing {
			if i > 0 {
				b.WriteString(" \\ ")
			}
			fmt.Fprintf(b, "%d=%s", k.code, k.stata)
		}
		b.WriteString(")\n")
		if v.scale != "" {
			fmt.Fprintf(b, "label values %s %s\n", v.name, v.scale)
		}
	case v.kind == kindText && len(v.levels) > 0:
		// As a number with labels, so that over() takes it; values that the questionnaire does not list get the next numbers.
		fmt.Fprintf(b, "encode %s, generate(hl_new) label(%s)\norder hl_new, after(%s)\ndrop %s\nrename hl_new %s\n", v.name, v.scale, v.name, v.name, v.name)
	case v.kind == kindTime:
		fmt.Fprintf(b, "generate double hl_new = clock(%s, \"YMDhms\")\nformat hl_new %%tc\norder hl_new, after(%s)\ndrop %s\nrename hl_new %s\n", v.name, v.name, v.name, v.name)
	}
	if v.label.VI == "" {
		return
	}
	text := []rune(oneLine(v.label.VI))
	if len(text) > stataLabel {
		fmt.Fprintf(b, "label variable %s %s\nnotes %s: %s\n", v.name, stataText(string(text[:stataLabel-1])+"…"), v.name, stataEscape(string(text)))
		return
	}
	fmt.Fprintf(b, "label variable %s %s\n", v.name, stataText(string(text)))
}

// stataText is a text in compound quotes.
func stataText(s string) string { return "`\"" + stataEscape(oneLine(s)) + "\"'" }

// stataEscape keeps Stata from seeing macros and the ends of compound quotes in a text.
func stataEscape(s string) string {
	return strings.NewReplacer("`", "'", "\"'", "\" '", "$", "\\$").Replace(s)
}

func (t *table) stataDesign(b *strings.Builder, c columns) {
	group := func(names []string, as string) string {
		if len(names) < 2 {
			return strings.Join(names, "")
		}
		fmt.Fprintf(b, "egen %s = group(%s)\n", as, strings.Join(names, " "))
		return as
	}
	strata, psu := group(c.strata, "design_stratum"), group(c.psu, "design_psu")
	if psu == "" {
		psu = "_n"
	}
	fmt.Fprintf(b, "svyset %s", psu)
	if c.weight != "" {
		fmt.Fprintf(b, " [pweight=%s]", c.weight)
	}
	b.WriteString(",")
	if strata != "" {
		fmt.Fprintf(b, " strata(%s)", strata)
	}
	if len(c.fpc) > 0 {
		fmt.Fprintf(b, " fpc(%s)", c.fpc[0])
	}
	if len(c.fpc) > 1 && psu != "_n" {
		fmt.Fprintf(b, " || _n, fpc(%s)", c.fpc[1])
	}
	// What concerns the whole design follows the last stage: [SVY] svyset.
	fmt.Fprintf(b, " singleunit(%s)", ways[c.lonely])
	b.WriteString("\n")
}
