package export

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"hailong/ingest/questionnaire"
)

// SPSS's limits, in bytes: a line of syntax has 256 and a value label 120 (Command Syntax Reference). A variable's label may have 256; a line
// holds 200 of them with its name.
const (
	spssLabel      = 200
	spssValueLabel = 120
	spssText       = 32767
)

// byteOrderMark tells SPSS that the syntax is UTF-8, whatever its locale.
const byteOrderMark = "\ufeff"

// writeSPSS writes the syntax file.
func (t *table) writeSPSS(out io.Writer, c columns) error {
	var b strings.Builder
	b.WriteString(byteOrderMark)
	fmt.Fprintf(&b, "* %s.\n", cut(strings.TrimRight(comment(t.title), "."), spssLabel))
	b.WriteString("* Written by hailong. Reads data.csv; make this folder the working directory first: CD '...'.\n")
	fmt.Fprintf(&b, "* The kinds of missing are the codes %s.\n\n", kindNames(func(code int, name string) string { return fmt.Sprintf("%d %s", code, name) }))
	b.WriteString("GET DATA\n  /TYPE=TXT\n  /FILE='data.csv'\n  /ENCODING='UTF8'\n  /ARRANGEMENT=DELIMITED\n  /DELCASE=LINE\n  /FIRSTCASE=2\n  /DELIMITERS=\",\"\n  /QUALIFIER='\"'\n  /VARIABLES=\n")
	for i, v := range t.variables {
		end := "\n"
		if i == len(t.variables)-1 {
			end = ".\n"
		}
		fmt.Fprintf(&b, "    %s %s%s", v.name, v.spssFormat(), end)
	}
	b.WriteString("EXECUTE.\n\n")
	t.spssLabels(&b)
	t.spssSets(&b)
	t.spssDesign(&b, c)
	_, err := io.WriteString(out, b.String())
	return err
}

func (v *variable) spssFormat() string {
	switch {
	case v.kind.whole():
		return "F8.0"
	case v.kind == kindNumber:
		return "F20.6"
	}
	return fmt.Sprintf("A%d", min(max(v.width, 1), spssText))
}

func (t *table) spssLabels(b *strings.Builder) {
	var coded []string
	var labels, values strings.Builder
	for _, v := range t.variables {
		if v.label.VI != "" {
			fmt.Fprintf(&labels, "\n  /%s %s", v.name, spssQuote(v.label.VI, spssLabel))
		}
		if v.kind.whole() && len(v.levels) > 0 {
			fmt.Fprintf(&values, "\n  /%s", v.name)
			for _, l := range v.levels {
				fmt.Fprintf(&values, "\n    %d %s", l.code, spssQuote(l.label.VI, spssValueLabel))
			}
		}
		if v.kind == kindCode {
			coded = append(coded, v.name)
		}
	}
	// The first variable of a command stands without a slash.
	if labels.Len() > 0 {
		fmt.Fprintf(b, "VARIABLE LABELS%s.\n\n", strings.Replace(labels.String(), "/", "", 1))
	}
	if values.Len() > 0 {
		fmt.Fprintf(b, "VALUE LABELS%s.\n\n", strings.Replace(values.String(), "/", "", 1))
	}
	if len(coded) > 0 {
		fmt.Fprintf(b, "MISSING VALUES\n  %s\n  (%d THRU %d).\n\n", strings.Join(coded, "\n  "), kindsOfMissing[len(kindsOfMissing)-1].code, kindsOfMissing[0].code)
	}
}

// spssSets joins the columns of a question that takes several answers into one set, for the tables and charts that count it as one question.
func (t *table) spssSets(b *strings.Builder) {
	var questions []*questionnaire.Item
	names := map[*questionnaire.Item][]string{}
	for _, v := range t.variables {
		if v.of == nil {
			continue
		}
		if names[v.of] == nil {
			questions = append(questions, v.of)
		}
		names[v.of] = append(names[v.of], v.name)
	}
	sets := newNamer()
	for _, q := range questions {
		if len(names[q]) < 2 {
			continue // of a set of one nothing can be told
		}
		fmt.Fprintf(b, "MRSETS\n  /MDGROUP NAME=$%s\n    LABEL=%s\n    CATEGORYLABELS=VARLABELS\n    VARIABLES=\n      %s\n    VALUE=1.\n\n",
			sets.name(q.ID), spssQuote(q.Text.VI, spssLabel), strings.Join(names[q], "\n      "))
	}
}

// spssQuote is a text in quotes, cut where SPSS would cut it; the codebook has all of it.
func spssQuote(s string, limit int) string {
	return "'" + strings.ReplaceAll(cut(oneLine(s), limit), "'", "''") + "'"
}

// cut shortens a text to so many bytes, between characters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	at := limit - len("…")
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at] + "…"
}

// spssDesign sets the design up for the Complex Samples module. Its plan has no finite population correction: the intervals are those of
// sampling with replacement, on the safe side.
func (t *table) spssDesign(b *strings.Builder, c columns) {
	if c.srs() {
		return
	}
	weight := c.weight
	if weight == "" {
		weight = "design_weight"
		b.WriteString("COMPUTE design_weight=1.\n")
	}
	b.WriteString("* For the procedures of Complex Samples (CSDESCRIPTIVES, CSTABULATE), which is a module of its own.\n")
	if len(c.fpc) > 0 {
		b.WriteString("* Without the finite population correction: intervals are a little too wide.\n")
	}
	fmt.Fprintf(b, "CSPLAN ANALYSIS\n  /PLAN FILE='design.csaplan'\n  /PLANVARS ANALYSISWEIGHT=%s\n  /PRINT PLAN\n", weight)
	if len(c.strata)+len(c.psu) > 0 {
		b.WriteString("  /DESIGN")
		if len(c.strata) > 0 {
			fmt.Fprintf(b, " STRATA=%s", strings.Join(c.strata, " "))
		}
		if len(c.psu) > 0 {
			fmt.Fprintf(b, " CLUSTER=%s", strings.Join(c.psu, " "))
		}
		b.WriteString("\n")
	}
	b.WriteString("  /ESTIMATOR TYPE=WR.\n")
}
