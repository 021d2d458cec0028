package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

// findings is what the quality checks saw; nothing is deleted because of a finding unless the plan says so.
func (r *report) findings() {
	w := r.w
	columns := []column{
		{key: "check", head: w.t("col.checked"), width: 30},
		{key: "severity", head: w.t("col.severity"), width: 14, center: true},
		{key: "file", head: w.t("col.file"), width: 24},
		{key: "sheet", head: w.t("col.tab"), width: 14},
		{key: "cells", head: w.t("col.cells"), width: 18},
		{key: "rows", head: w.t("col.rows"), width: 9, format: formatCount},
		{key: "text", head: w.t("col.finding"), width: 74},
	}
	list := r.set.Quality
	if len(list) > maxProblems {
		list = list[:maxProblems]
	}
	p := r.newPage("findings", "auditors", widths(columns), func(w words) heading {
		return heading{w.t("sheet.findings"), w.t("title.findings"), []string{w.t("about.findings", len(r.set.Quality), len(list)), printed(w, len(list))}}
	})
	t := p.newTable("tbl_phathien", columns, 1)
	for _, f := range list {
		cells := f.Cells
		if len(cells) > 12 {
			cells = append(slices.Clone(cells[:12]), "…")
		}
		where := strings.Join(cells, ", ")
		if where != "" && strings.Trim(where, "0123456789, …") == "" {
			where = w.t("finding.rows", where)
		}
		t.add(plain, text(w.or("check.", f.Check)), text(w.or("severity.", f.Severity)), text(f.File), text(f.Sheet), text(where), count(f.Rows), text(w.pick(f.Text)))
	}
	t.close(w.t("alt.findings"))
	t.printFirst(len(list))
}

// maxProblems is how many bad cells are listed one by one; the rest are counted in the page's own words and are all in results.json.
const maxProblems = 5000

// problems is every bad cell: where it is, what it holds, why it was not taken.
func (r *report) problems() {
	w := r.w
	columns := []column{
		{key: "file", head: w.t("col.file"), width: 30},
		{key: "sheet", head: w.t("col.tab"), width: 14},
		{key: "cell", head: w.t("col.cell"), width: 9, center: true},
		{key: "code", head: w.t("col.reason"), width: 20},
		{key: "got", head: w.t("col.got"), width: 18},
		{key: "want", head: w.t("col.want"), width: 44},
		{key: "text", head: w.t("col.inwords"), width: 48},
	}
	list := r.set.Problems
	if len(list) > maxProblems {
		list = list[:maxProblems]
	}
	p := r.newPage("problems", "auditors", widths(columns), func(w words) heading {
		return heading{w.t("sheet.problems"), w.t("title.problems"), []string{r.problemsKey(w), printed(w, len(list))}}
	})
	t := p.newTable("tbl_loai", columns, 1)
	for _, one := range list {
		t.add(plain, text(one.File), text(one.Sheet), text(one.Cell), text(w.or("problem.", one.Code)), text(one.Got), text(w.or("want.", one.Want)), text(w.pick(one.Text)))
	}
	t.close(w.t("alt.problems"))
	t.printFirst(len(list))
}

// problemsKey says how many bad cells there are, and that not all are listed where they are not.
func (r *report) problemsKey(w words) string {
	if n := len(r.set.Problems); n > maxProblems {
		return w.t("about.problems.more", n, maxProblems)
	}
	return w.t("about.problems", len(r.set.Problems))
}

// codebook is the index's tree with each question's wording.
func (r *report) codebook() {
	w := r.w
	columns := []column{
		{key: "id", head: w.t("col.id"), width: 12, code: true},
		{key: "level", head: w.t("col.level"), width: 12},
		{key: "code", head: w.t("col.code"), width: 8, center: true, code: true},
		{key: "name", head: w.t("col.node"), width: 44},
		{key: "text", head: w.t("col.wording"), width: 56},
		{key: "unit", head: w.t("col.unit"), width: 9, center: true},
		{key: "min", head: w.t("col.min"), width: 9, format: formatGeneral},
		{key: "max", head: w.t("col.max"), width: 9, format: formatGeneral},
		{key: "rule", head: w.t("col.rule"), width: 16},
		{key: "basis", head: w.t("col.basis"), width: 16},
	}
	p := r.newPage("codebook", "auditors", widths(columns), func(w words) heading {
		return heading{w.t("sheet.codebook"), w.t("title.codebook", r.set.Index.ID), []string{w.t("about.codebook")}}
	})
	t := p.newTable("tbl_tudien", columns, 1)
	for i := range r.set.Nodes {
		n := &r.set.Nodes[i]
		tone := plain
		if n.Level == "factor" || n.Level == "dimension" || n.Parent == "" {
			tone = strong
		}
		t.add(tone, text(n.ID), text(w.or("level.", n.Level)), text(n.Code), text(w.pick(n.Name)), text(w.pick(n.Text)), text(w.or("unit.", n.Unit)), figure(n.Min), figure(n.Max), text(w.or("rule.", n.Rule)), text(w.or("basis.", n.Basis)))
	}
	t.close(w.t("alt.codebook"))
}

// mapping says how every source column was understood.
func (r *report) mapping() {
	w := r.w
	columns := []column{
		{key: "file", head: w.t("col.file"), width: 26},
		{key: "sheet", head: w.t("col.tab"), width: 12},
		{key: "cell", head: w.t("col.cell"), width: 8, center: true},
		{key: "header", head: w.t("col.header"), width: 48},
		{key: "role", head: w.t("col.role"), width: 18},
		{key: "name", head: w.t("col.name"), width: 14},
		{key: "how", head: w.t("col.how"), width: 16},
		{key: "score", head: w.t("col.match"), width: 9, format: formatScore},
		{key: "type", head: w.t("col.type"), width: 12},
		{key: "note", head: w.t("col.note"), width: 24},
	}
	p := r.newPage("mapping", "auditors", widths(columns), func(w words) heading {
		return heading{w.t("sheet.mapping"), w.t("title.mapping"), []string{w.t("about.mapping"), printed(w, len(r.set.Columns))}}
	})
	t := p.newTable("tbl_cot", columns, 1)
	for _, c := range r.set.Columns {
		t.add(plain, text(c.File), text(c.Sheet), text(c.Cell), text(c.Header), text(w.or("role.", c.Role)), text(c.Name), text(w.or("how.", c.How)), figure(c.Score), text(w.or("type.", c.Type)), text(r.columnNotes(c.Notes)))
	}
	t.close(w.t("alt.mapping"))
	t.printFirst(len(r.set.Columns))
}

// columnNotes are what was noted on a column, in words. The command writes them in English; those that it is known to write are translated.
func (r *report) columnNotes(notes []string) string {
	var list []string
	for _, note := range notes {
		var ticks int
		if n, err := fmt.Sscanf(note, "%d tick columns", &ticks); n == 1 && err == nil {
			note = r.w.t("note.ticks", ticks)
		}
		list = append(list, r.w.or("note.", note))
	}
	return strings.Join(list, "; ")
}

// mostPrinted is how many rows of a list for auditors are printed: nobody reads a thousand rows on paper, and the tables are there to be filtered.
const mostPrinted = 35

// printed says that a list of so many rows is not printed whole.
func printed(w words, rows int) string {
	if rows <= mostPrinted {
		return ""
	}
	return w.t("about.printed", mostPrinted)
}

// printFirst limits what is printed of a table with so many rows.
func (t *table) printFirst(rows int) {
	if rows > mostPrinted {
		t.p.Print.Area = "A1:" + workbook.CellName(t.first+mostPrinted, len(t.columns))
	}
}

// data is every estimate, long and plain: what the other pages can be checked against. Its rows are made while the file is written.
func (r *report) data() {
	w := r.w
	columns := []column{
		{key: "index", head: "index", width: 12},
		{key: "node", head: "node", width: 12, code: true},
		{key: "level", head: "level", width: 12},
		{key: "domain", head: "domain", width: 16},
		{key: "value", head: "value", width: 26, code: true},
		{key: "n", head: "n", width: 8, format: formatCount},
		{key: "estimate", head: "estimate", width: 11, format: formatScore},
		{key: "se", head: "se", width: 9, format: formatP},
		{key: "lo", head: "lo", width: 10, format: formatScore},
		{key: "hi", head: "hi", width: 10, format: formatScore},
		{key: "df", head: "df", width: 8, format: formatGeneral},
		{key: "deff", head: "deff", width: 9, format: formatScore},
		{key: "flag", head: "suppressed", width: 12, center: true},
		{key: "warnings", head: "warnings", width: 34},
	}
	estimates := r.set.Estimates
	if len(estimates) > maxData {
		estimates = estimates[:maxData]
	}
	// As the publisher prints the interval, where that is another than the true one.
	printedToo := slices.ContainsFunc(estimates, func(e result.Estimate) bool { return e.Printed != nil })
	if printedToo {
		columns = append(columns, column{key: "printed_lo", head: "printed_lo", width: 11, format: formatScore}, column{key: "printed_hi", head: "printed_hi", width: 11, format: formatScore})
	}
	p := r.newPage("data", "auditors", widths(columns), func(w words) heading {
		return heading{w.t("sheet.data"), w.t("title.data"), []string{w.t("about.data"), printed(w, len(estimates))}}
	})
	t := p.newTable("tbl_dulieu", columns, 1)
	looks := make([]workbook.StyleID, len(columns))
	for i := range columns {
		c := columns[i]
		style := workbook.Style{Size: noteSize, Format: c.format, Align: workbook.Left}
		switch {
		case c.center:
			style.Align = workbook.Center
		case c.format != "":
			style.Align = workbook.Right
		}
		looks[i] = r.book.Style(style)
	}
	row := func(i int) workbook.Row {
		e := &estimates[i]
		domains, values := domainOf(e.Domain)
		cells := []cell{
			text(e.Index), text(e.Node), text(e.Level), text(domains), text(values), r.size(e), published(e, e.Estimate), published(e, e.SE), published(e, e.Lo), published(e, e.Hi),
			published(e, e.DF), published(e, e.Deff), text(e.Suppressed), text(r.warningsOf(e)),
		}
		if printedToo {
			lo, hi := result.Unknown(), result.Unknown()
			if e.Printed != nil {
				lo, hi = e.Printed.Lo, e.Printed.Hi
			}
			cells = append(cells, published(e, lo), published(e, hi))
		}
		for i := range cells {
			cells[i].Style = looks[i]
		}
		return workbook.Row{Cells: cells}
	}
	p.Count = len(estimates)
	p.More = func(yield func(workbook.Row) bool) {
		for i := range estimates {
			if !yield(row(i)) {
				return
			}
		}
	}
	t.closeAfter(p.Count, w.t("alt.data"))
	t.printFirst(len(estimates))
}

// maxData is what fits on a sheet of Excel, whose last row is 1,048,576, under the rows above the table.
const maxData = 1_048_000

// domainOf writes breakdowns and values in the order of the breakdowns' names.
func domainOf(domain map[string]string) (names, values string) {
	keys := make([]string, 0, len(domain))
	for key := range domain {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, cmp.Compare)
	var list []string
	for _, key := range keys {
		list = append(list, domain[key])
	}
	return strings.Join(keys, " × "), strings.Join(list, " × ")
}
