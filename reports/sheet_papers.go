package reports

import (
	"fmt"
	"strings"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

const paperWidth = 124.0

// methods says in plain words how the figures came about and every default that was used.
func (r *report) methods() {
	p := r.newPage("methods", "auditors", []float64{paperWidth}, func(w words) heading {
		return heading{w.t("sheet.methods"), w.t("title.methods"), []string{w.t("about.methods")}}
	})
	p.back()
	heading := workbook.Style{Size: 13, Bold: true, Color: inkTitle}
	for _, part := range r.methodParts() {
		p.say(r.w.t(part.head), paperWidth, heading)
		for _, paragraph := range part.paragraphs {
			if paragraph == "" {
				continue
			}
			c := text(paragraph)
			c.Style = r.book.Style(workbook.Style{Wrap: true, Top: true})
			p.row(height(r.ruler.count(paragraph, paperWidth, bodySize, false), bodySize), c)
		}
	}
}

type methodPart struct {
	head       string
	paragraphs []string
}

func (r *report) methodParts() []methodPart {
	s, w := r.set, r.w
	var parts []methodPart
	if len(s.Nodes) > 0 {
		index := []string{
			w.pick(s.Index.Title), orEmpty(w, "method.legal", s.Index.Legal), orEmpty(w, "method.frame", w.or("frame.", s.Index.Frame)),
			orEmpty(w, "method.basis", w.or("basis.", s.Index.Basis)),
		}
		if s.Index.Aggregator != "" {
			index = append(index, w.t("method.aggregator", w.or("aggregator.", s.Index.Aggregator), w.or("basis.", s.Index.AggBasis)))
		}
		for _, n := range s.Index.Notes {
			index = append(index, w.pick(n))
		}
		design := []string{r.designInWords(w), w.t("method.lonely", w.or("lonely.", s.Design.LonelyPSU)), w.t("method.ci", r.confidence(), w.or("ci.", s.Design.CIMethod)), w.t("method.denominator"), w.t("method.deff")}
		if len(s.Design.Calibrated) > 0 {
			design = append(design, w.t("method.calibrated", strings.Join(s.Design.Calibrated, ", ")))
		}
		if s.Design.FPC != "" {
			design = append(design, w.t("method.fpc", s.Design.FPC))
		}
		for _, d := range s.Design.Defaults {
			design = append(design, w.t("method.default", w.pick(d)))
		}
		keep := []string{w.t("method.suppress", s.Design.MinN), w.t("method.compare")}
		if s.Design.MaxHalf.Known() && s.Design.MaxHalf > 0 {
			keep = append(keep, w.t("method.width", w.decimal(float64(s.Design.MaxHalf))))
		}
		parts = append(parts, methodPart{"method.head.index", index}, methodPart{"method.head.design", design}, methodPart{"method.head.keep", keep})
	}
	if len(s.Targets) > 0 {
		parts = append(parts, methodPart{"method.head.verdict", []string{w.t("method.verdict1"), w.t("method.verdict2"), w.t("method.verdict3")}})
	}
	if len(s.Placements) > 0 {
		parts = append(parts, methodPart{"method.head.place", []string{w.t("method.place1"), w.t("method.place2"), w.t("method.place3")}})
	}
	parts = append(parts, methodPart{"method.head.live", []string{w.t("method.live1"), w.t("method.live2")}})
	var warnings []string
	for _, warning := range s.Warnings {
		warnings = append(warnings, w.pick(warning.Text)+" ("+warning.Code+")")
	}
	if len(warnings) > 0 {
		parts = append(parts, methodPart{"method.head.warnings", warnings})
	}
	return parts
}

func orEmpty(w words, key, value string) string {
	if value == "" {
		return ""
	}
	return w.t(key, value)
}

func (r *report) confidence() string {
	return strings.TrimSuffix(fixed(100*r.set.Design.Confidence, 1), ".0")
}

// quality is the ledger: every row of every file, read, kept or set aside with the reason. The check column adds it up.
func (r *report) quality() {
	w := r.w
	columns := []column{
		{key: "file", head: w.t("col.file"), width: 40},
		{key: "sheet", head: w.t("col.tab"), width: 18},
		{key: "read", head: w.t("col.read"), width: 10, format: formatCount},
		{key: "kept", head: w.t("col.kept"), width: 10, format: formatCount},
	}
	for _, a := range r.set.Ledger.SetAside {
		columns = append(columns, column{key: "r." + a.Reason, head: r.reason(a), width: 13, format: formatCount})
	}
	columns = append(columns, column{key: "aside", head: w.t("col.aside"), width: 12, format: formatCount}, column{key: "check", head: w.t("col.check"), width: 12, format: formatCount})
	p := r.newPage("quality", "auditors", widths(columns), func(w words) heading {
		return heading{w.t("sheet.quality"), w.t("title.quality"), []string{w.t("about.quality")}}
	})
	t := p.newTable("tbl_chatluong", columns, 1)
	for _, f := range r.set.Ledger.Files {
		r.ledgerRow(t, plain, f)
	}
	first, last := t.first+1, len(p.Rows)
	row := r.ledgerTotal(t, first, last)
	p.define(nameRead, row, t.index("read"))
	p.define(nameKept, row, t.index("kept"))
	t.close(w.t("alt.quality"))
	check := t.in("check", first)
	p.Rules = append(p.Rules, workbook.Rule{Range: t.between("check", first, row), Cases: []workbook.Case{{Formula: check + "<>0", Style: workbook.Style{Fill: fillMissed, Color: inkMissed, Bold: true}}}})
}

func (r *report) reason(a result.SetAside) string {
	if label := r.w.pick(a.Label); label != "" {
		return label
	}
	return r.w.or("reason.", a.Reason)
}

func (r *report) ledgerRow(t *table, tone tone, f result.FileLedger) {
	counts := map[string]int{}
	aside := 0
	for _, a := range f.SetAside {
		counts[a.Reason] += a.Rows
		aside += a.Rows
	}
	cells := []cell{text(f.Path), text(f.Sheet), count(f.Read), count(f.Kept)}
	for _, a := range r.set.Ledger.SetAside {
		cells = append(cells, count(counts[a.Reason]))
	}
	sum := live(0, "0")
	if n := len(r.set.Ledger.SetAside); n > 0 {
		sum = live(float64(aside), "SUM(%s:%s)", workbook.CellName(t.next(), 5), workbook.CellName(t.next(), 4+n))
	}
	cells = append(cells, sum, live(float64(f.Read-f.Kept-aside), "%s-%s-%s", t.at("read"), t.at("kept"), t.at("aside")))
	t.add(tone, cells...)
}

// ledgerTotal adds the files up; what the set says in total must be the same, and the test of the fixture holds it to that.
func (r *report) ledgerTotal(t *table, first, last int) int {
	l := r.set.Ledger
	if last < first {
		cells := []cell{text(r.w.t("total")), text(markNone), count(l.Read), count(l.Kept)}
		aside := 0
		for _, a := range l.SetAside {
			cells = append(cells, count(a.Rows))
			aside += a.Rows
		}
		return t.add(total, append(cells, count(aside), live(float64(l.Read-l.Kept-aside), "%s-%s-%s", t.at("read"), t.at("kept"), t.at("aside")))...)
	}
	sum := func(key string, value int) cell { return live(float64(value), "SUM(%s)", t.between(key, first, last)) }
	read, kept, aside := 0, 0, 0
	counts := map[string]int{}
	for _, f := range l.Files {
		read, kept = read+f.Read, kept+f.Kept
		for _, a := range f.SetAside {
			counts[a.Reason] += a.Rows
			aside += a.Rows
		}
	}
	cells := []cell{text(r.w.t("total")), text(markNone), sum("read", read), sum("kept", kept)}
	for _, a := range l.SetAside {
		cells = append(cells, sum("r."+a.Reason, counts[a.Reason]))
	}
	return t.add(total, append(cells, sum("aside", aside), live(float64(read-kept-aside), "%s-%s-%s", t.at("read"), t.at("kept"), t.at("aside")))...)
}

// reproducibility is what one needs to get the same bytes again.
func (r *report) reproducibility() {
	s, w := r.set, r.w
	columns := []column{
		{key: "item", head: w.t("col.item"), width: 22},
		{key: "value", head: w.t("col.content"), width: 44},
		{key: "sheet", head: w.t("col.tab"), width: 16},
		{key: "rows", head: w.t("col.rows"), width: 9, format: formatCount},
		{key: "bytes", head: w.t("col.bytes"), width: 12, format: formatCount},
		{key: "sum", head: "SHA-256", width: 74},
	}
	p := r.newPage("repro", "auditors", widths(columns), func(w words) heading {
		return heading{w.t("sheet.repro"), w.t("title.repro"), []string{w.t("about.repro")}}
	})
	t := p.newTable("tbl_tailap", columns, 1)
	none := text(markNone)
	say := func(key, value string) {
		if value != "" {
			t.add(plain, text(w.t(key)), text(value), none, none, none, none)
		}
	}
	say("repro.tool", strings.TrimSpace(s.Tool.Name+" "+s.Tool.Version))
	say("repro.engine", s.Tool.Engine)
	say("repro.command", s.Plan.Command)
	t.add(plain, text(w.t("repro.plan")), text(s.Plan.Path), none, none, none, text(s.Plan.SHA256))
	say("repro.index", s.Index.ID)
	say("repro.schema", s.Schema)
	say("repro.read", fmt.Sprint(s.Ledger.Read))
	for i, in := range s.Inputs {
		t.add(plain, text(w.t("repro.input", i+1)), text(in.Path), text(in.Sheet), count(in.Rows), number(float64(in.Bytes)), text(in.SHA256))
	}
	t.close(w.t("alt.repro"))
}

// notes explains the marks and holds the words that formulas use, under their names.
func (r *report) notes() {
	w := r.w
	columns := []column{
		{key: "mark", head: w.t("col.mark"), width: 30},
		{key: "name", head: w.t("col.defined"), width: 26},
		{key: "means", head: w.t("col.means"), width: 76},
	}
	p := r.newPage("notes", "auditors", widths(columns), func(w words) heading {
		return heading{w.t("sheet.notes"), w.t("title.notes"), []string{w.t("about.notes")}}
	})
	t := p.newTable("tbl_chugiai", columns, 1)
	for _, mark := range []struct{ mark, key string }{{markHidden, "mark.c"}, {markUnsure, "mark.u"}, {markMissing, "mark.x"}, {markNone, "mark.z"}, {markBreak, "mark.b"}} {
		t.add(plain, text(mark.mark), text(markNone), text(w.t(mark.key, r.set.Design.MinN)))
	}
	named := func(name, word, key string) {
		row := t.add(plain, text(word), text(name), text(w.t(key)))
		p.define(name, row, 1)
	}
	for _, verdict := range []string{result.Met, result.MetUncertain, result.MissedUncertain, result.Missed, result.NotPublished} {
		named(verdictName(verdict), w.t("verdict."+verdict), "means."+verdict)
	}
	named(nameUp, w.t("trend.up"), "means.up")
	named(nameDown, w.t("trend.down"), "means.down")
	named(nameSame, w.t("trend.same"), "means.same")
	for group := 1; group <= 4; group++ {
		named(fmt.Sprintf(nameGroup, group), r.groupWord(group), fmt.Sprintf("means.group%d", group))
	}
	decimal, other := ",", "."
	if w.lang == "en" {
		decimal, other = other, decimal
	}
	named(nameDecimal, decimal, "means.decimal")
	named(nameOther, other, "means.other")
	for _, piece := range messagePieces() {
		named(piece.name, r.piece(piece.key), "means.piece")
	}
	t.close(w.t("alt.notes"))
}

// groupWord is the set's own word for a group, so that a live formula says what the set says.
func (r *report) groupWord(group int) string {
	for _, p := range r.set.Placements {
		if p.Group == group && r.w.pick(p.GroupLabel) != "" {
			return r.w.pick(p.GroupLabel)
		}
	}
	return r.w.t(fmt.Sprintf("group.%d", group))
}
