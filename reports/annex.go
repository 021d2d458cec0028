package reports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"hailong/analytics/result"
	"hailong/ingest/wording"
	"hailong/reports/workbook"
)

// Respondents are the rows of the annex. They are asked for once, while the file is written, so that no more than one is held.
type Respondents struct {
	Columns []RespondentColumn
	Count   int // how many Rows gives
	Rows    iter.Seq2[Respondent, error]
}

// RespondentColumn is one column of the dataset, under its name there.
type RespondentColumn struct{ Name, Role string }

// Respondent is one form: where it stands in the source, and a Field for each of the Columns. Values may be used again for the next one.
type Respondent struct {
	File, Sheet string
	Row         int
	Values      []Field
}

// Field is one answer: a number where Number is known, else a text; without either the form was left blank there.
type Field struct {
	Text   string
	Number result.Number
}

// RespondentRoles are the roles of columns that the annex takes: what figures are made from. What identifies a person or was not understood is none of them.
func RespondentRoles() []string {
	return []string{"id", "area", "field", "characteristic", "item", "weight", "strata", "psu", "fpc"}
}

// AnnexPath is where the annex to a workbook goes.
func AnnexPath(workbook string) string {
	return strings.TrimSuffix(workbook, filepath.Ext(workbook)) + "-annex.xlsx"
}

// annexPrinted is how many units of columns are printed of the annex: more would be too small to read.
const annexPrinted = 170.0

// annexRows is how many respondents one sheet of the annex takes: Excel's last row is 1,048,576.
const annexRows = 1_000_000

// writeAnnex writes the respondents as a workbook of their own: one row each, on as many sheets as they need.
func writeAnnex(ctx context.Context, w io.Writer, set *result.Set, o Options, most int) error {
	r := &report{set: set, o: o, w: newWords(o.Lang), other: newWords(otherLanguage(o.Lang)), ruler: newRuler(), book: &workbook.Book{Password: o.Password}}
	r.index()
	next, stop := iter.Pull2(o.Respondents.Rows)
	defer stop()
	source := &annexSource{ctx: ctx, next: next}
	for number, left := 1, o.Respondents.Count; number == 1 || left > 0; number++ {
		r.annexSheet(source, number, min(left, most))
		left -= most
	}
	r.finish()
	r.book.Properties.Title = r.w.t("title.annex") + " – " + r.book.Properties.Title
	err := workbook.Write(w, r.book)
	if source.err != nil {
		return wording.Errorf("reading the respondents: %w", source.err)
	}
	if err != nil {
		return err
	}
	if _, _, more := next(); more {
		return wording.Errorf("reading the respondents: there are more than were announced")
	}
	return nil
}

// annexSource gives the sheets their respondents, one after the other.
type annexSource struct {
	ctx  context.Context
	next func() (Respondent, error, bool)
	err  error
}

func (s *annexSource) take() (Respondent, bool) {
	one, err, ok := s.next()
	if s.err = errors.Join(s.err, err, s.ctx.Err()); s.err != nil {
		return one, false
	}
	return one, ok
}

func (r *report) annexSheet(source *annexSource, number, rows int) {
	w := r.w
	columns := []column{
		{key: "file", head: w.t("col.file"), width: 24},
		{key: "sheet", head: w.t("col.tab"), width: 14},
		{key: "row", head: w.t("col.row"), width: 8, format: formatYear},
	}
	for i, c := range r.o.Respondents.Columns {
		columns = append(columns, r.annexColumn(c, i))
	}
	p := r.newPage("annex", "auditors", widths(columns), func(w words) heading {
		about := append([]string{w.t("about.annex"), w.t("about.annex.private")}, r.codes(w)...)
		return heading{w.t("sheet.annex", number), w.t("title.annex") + ": " + r.headline(), append(about, w.t("about.annex.codes"), w.t("about.annex.printed"))}
	})
	t := p.newTable(fmt.Sprintf("tbl_phieu_%d", number), columns, 3)
	looks := make([]workbook.StyleID, len(columns))
	for i, c := range columns {
		style := workbook.Style{Size: noteSize, Format: c.format, Align: workbook.Left}
		if c.format != "" {
			style.Align = workbook.Right
		}
		looks[i] = r.book.Style(style)
	}
	p.Count = rows
	p.More = func(yield func(workbook.Row) bool) {
		cells := make([]cell, len(columns))
		for range rows {
			one, ok := source.take()
			if !ok {
				return
			}
			cells[0], cells[1], cells[2] = text(one.File), text(one.Sheet), count(one.Row)
			for i, f := range one.Values {
				cells[3+i] = f.cell()
			}
			for i := range cells {
				cells[i].Style = looks[i]
			}
			if !yield(workbook.Row{Cells: cells}) {
				return
			}
		}
	}
	if rows == 0 {
		p.More = nil
		t.close(w.t("title.annex"))
		return
	}
	t.closeAfter(rows, w.t("title.annex"))
	wide, units := 0, 0.0
	for wide < len(columns) && units+columns[wide].width <= annexPrinted {
		units += columns[wide].width
		wide++
	}
	p.Print.Area = "A1:" + workbook.CellName(t.first+min(rows, mostPrinted), wide)
}

func (f Field) cell() cell {
	switch {
	case f.Number.Known():
		return number(float64(f.Number))
	case f.Text != "":
		return text(f.Text)
	default:
		return text(markMissing)
	}
}

// annexColumn is how a column of the dataset looks: its name there, which formulas and programs use, and what it means.
func (r *report) annexColumn(c RespondentColumn, i int) column {
	label := ""
	if n := r.nodes[c.Name]; n != nil {
		label = strings.TrimSpace(n.Code + ". " + r.w.pick(n.Name))
	}
	for _, d := range r.set.Domains {
		if d.ID == c.Name {
			label = r.w.pick(d.Name)
		}
	}
	for _, source := range r.set.Columns {
		if label == "" && source.Name == c.Name {
			label = source.Header
		}
	}
	out := column{key: fmt.Sprintf("c%d", i), head: strings.TrimSuffix(c.Name+": "+label, ": "), width: 18}
	switch c.Role {
	case "item":
		out.width, out.format = 14, formatYear
	case "weight", "fpc":
		out.width, out.format = 12, formatGeneral
	}
	return out
}

// codes says what the answer codes mean, once for each scale.
func (r *report) codes(w words) []string {
	var lines []string
	items := map[string][]string{}
	for _, c := range r.o.Respondents.Columns {
		if c.Role != "item" {
			continue
		}
		scale := r.scaleOf(w, c.Name)
		if scale == "" {
			continue
		}
		if !slices.Contains(lines, scale) {
			lines = append(lines, scale)
		}
		items[scale] = append(items[scale], c.Name)
	}
	for i, scale := range lines {
		names := items[scale]
		if len(names) > 2 {
			names = []string{names[0], "…", names[len(names)-1]}
		}
		lines[i] = strings.Join(names, ", ") + ": " + scale
	}
	return lines
}

func (r *report) scaleOf(w words, item string) string {
	for _, d := range r.set.Distributions {
		if d.Node != item || len(d.Domain) > 0 {
			continue
		}
		var parts []string
		for _, l := range d.Levels {
			parts = append(parts, fmt.Sprintf("%d = %s", l.Code, w.pick(l.Label)))
		}
		return strings.Join(parts, "; ")
	}
	return ""
}
