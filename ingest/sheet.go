package ingest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"hailong/ingest/dataset"
	"hailong/ingest/layout"
	"hailong/ingest/quality"
	"hailong/ingest/questionnaire"
	"hailong/ingest/vntext"
	"hailong/ingest/wording"
	"hailong/ingest/xlsx"
)

// A sheetReader reads one sheet: its head, to find the table; then all its rows, coding and writing them. What a column is, is assumed
// from the head and settled by the whole column; if the two differ, the sheet is read once more.
type sheetReader struct {
	src   *source
	book  *xlsx.Workbook
	sheet xlsx.Sheet
	file  string // path, for messages and for values from the file's name
	sha   [32]byte
	out   string // dataset folder; "": nothing is written
	rows  func(int64)

	head      *layout.Head
	whole     bool // the head holds texts of all rows, not only of the first
	merged    bool // the merged ranges are known; else the table was found as if there were none
	table     *layout.Table
	matched   *matched           // what its headers mean
	collector *quality.Collector // what the last full pass saw
	parent    *parent            // of a repeat group whose rows are read
	aside     string             // why no row of the sheet is a respondent: a reason for the ledger; "": they are
}

// knowledge is what is settled about a sheet: two passes with the same knowledge give the same dataset.
type knowledge struct {
	columns map[int]settled
	groups  string // kinds of unit that group rows name, joined by commas; groupOther for others
	unique  map[int]bool
}

func (k knowledge) equal(o knowledge) bool {
	return k.groups == o.groups && maps.Equal(k.columns, o.columns)
}

// maxPasses bounds the passes over a sheet: knowledge comes from the cells alone, so the second full pass settles it.
const maxPasses = 4

// find looks for the table; s.table stays nil where there is none. In a sheet that goes on beyond its head, merged ranges stand
// so far behind that it would have to be inflated twice for them. Where wait allows, it is assumed that there are none, and the
// pass over the rows finds out.
func (s *sheetReader) find(ctx context.Context, wait bool) error {
	s.head, s.whole = &layout.Head{}, false
	rows := s.book.Rows(ctx, s.sheet.Index)
	defer rows.Close()
	for !s.head.Full() && rows.Next() {
		s.head.Add(*rows.Row())
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if wait && s.head.Full() {
		return s.detect(nil)
	}
	return s.merge(ctx)
}

// merge finds the table with the merged ranges.
func (s *sheetReader) merge(ctx context.Context) error {
	merges, err := s.book.Merges(ctx, s.sheet.Index)
	if err != nil {
		return err
	}
	s.merged = true
	return s.detect(merges)
}

func (s *sheetReader) detect(merges []xlsx.Range) (err error) {
	s.matched = nil
	s.table, err = layout.Detect(s.head, merges, s.info(), s.src.options.Layout)
	if errors.Is(err, layout.ErrNoTable) {
		s.table = nil
		return nil
	}
	if err == nil && s.parent != nil {
		s.table = s.parent.extended(s.table)
	}
	return err
}

func (s *sheetReader) info() layout.SheetInfo {
	return layout.SheetInfo{Name: s.sheet.Name, Hidden: s.sheet.State != xlsx.Visible, Font: s.book.Font, Question: s.question, Choice: s.choice}
}

// question is the item that a column's header names exactly, or "".
func (s *sheetReader) question(c *layout.Column) string {
	if item := s.src.matcher.Exact(questionnaire.Header{Name: c.Header, Parts: c.Path, Code: c.Code, Label: c.Label}); item != nil {
		return item.ID
	}
	return ""
}

// choice parts the name that statistics programs give to the indicator of an answer: the question's code, an underscore, and the answer's.
func (s *sheetReader) choice(header string) (question, choice string) {
	at := strings.LastIndexByte(header, '_')
	if at < 1 {
		return "", ""
	}
	question, choice = header[:at], header[at+1:]
	item := s.src.matcher.Exact(questionnaire.Header{Name: question, Parts: []string{question}})
	code, err := strconv.Atoi(choice)
	if item == nil || err != nil || strconv.Itoa(code) != choice {
		return "", ""
	}
	scale := s.src.questionnaire.Scales[item.Scale]
	if _, ok := scale.Codes[code]; !ok || !scale.Multiple {
		return "", ""
	}
	return question, choice
}

// data calls each with every data row.
func (s *sheetReader) data(ctx context.Context, each func(*xlsx.Row)) error {
	rows := s.book.Rows(ctx, s.sheet.Index)
	defer rows.Close()
	classifier := s.table.NewClassifier()
	for rows.Next() {
		if class, _ := classifier.Class(rows.Row()); class == layout.Data {
			each(s.parent.extend(s.table, rows.Row()))
		}
	}
	return rows.Err()
}

// headPass is how many rows are looked at before the first full pass.
const headPass = 300

// read codes the sheet and, where there is a dataset folder, writes its file.
func (s *sheetReader) read(ctx context.Context, tables []int, book Book) (*SheetReport, error) {
	report, err := s.settle(ctx, tables, book)
	if s.merged || (err == nil && report != nil) {
		return report, err
	}
	// There are merged ranges after all, rows out of order or late columns or texts in a legacy encoding, which a look at the whole sheet puts right.
	if err := s.merge(ctx); err != nil {
		return nil, err
	}
	if s.table == nil {
		return nil, wording.Errorf("reading %s, sheet %s: %w", s.file, s.sheet.Name, layout.ErrNoTable)
	}
	return s.settle(ctx, tables, book)
}

// readHead gives the head every row of the sheet, so that encodings are decided by all texts of a column.
func (s *sheetReader) readHead(ctx context.Context) error {
	s.head, s.whole = &layout.Head{}, true
	rows := s.book.Rows(ctx, s.sheet.Index)
	defer rows.Close()
	for rows.Next() {
		s.head.Add(*rows.Row())
	}
	return rows.Err()
}

// settle reads the sheet until what is known before a pass is what the pass finds. Without an error and a report, merged ranges
// were found that the table was made without.
func (s *sheetReader) settle(ctx context.Context, tables []int, book Book) (*SheetReport, error) {
	first, err := s.pass(ctx, knowledge{}, headPass, nil)
	if err != nil {
		return nil, err
	}
	known := first.known
	for range maxPasses {
		result, err := s.write(ctx, known, tables, book)
		switch {
		case err != nil:
			return nil, err
		case result.merges > 0 && !s.merged:
			return nil, nil
		case result.late && !s.whole:
			if err := s.readHead(ctx); err != nil {
				return nil, err
			}
			s.merged = false
			return nil, nil
		case result.known.equal(known):
			return result.report, nil
		}
		known = result.known
	}
	return nil, wording.Errorf("reading %s, sheet %s: column types do not settle", s.file, s.sheet.Name)
}

// passResult is what one pass over the rows gave.
type passResult struct {
	report  *SheetReport
	known   knowledge
	refused error // why the sheet is not used, if what was known is confirmed
	merges  int   // merged ranges in the sheet
	late    bool  // beyond the head stand texts in a legacy encoding, or columns without a header, that it did not hold
}

// write makes a full pass, into a dataset file where there is a folder for it; the file is finished only if the pass confirms what was
// known before it.
func (s *sheetReader) write(ctx context.Context, known knowledge, tables []int, book Book) (*passResult, error) {
	name := dataset.FileName(s.sha, s.src.settingsOf(s.file), s.sheet.Index)
	out := s.newSink(s.path(name), known)
	result, err := s.pass(ctx, known, 0, func(record arrow.Record) error { return out.take(ctx, record) })
	err = errors.Join(err, out.end(ctx))
	if err == nil {
		err = s.refused(result, known)
	}
	if err != nil || !s.confirms(result, known) {
		out.abort()
		return result, err
	}
	s.judge(result.report)
	if out.writer == nil {
		return result, nil
	}
	result.report.Tables, result.report.Book = tables, book
	result.report.Parquet = name
	meta, err := stored(result.report)
	if err != nil {
		out.abort()
		return nil, wording.Errorf("writing metadata of %s: %w", s.file, err)
	}
	return result, out.writer.Close(meta)
}

// confirms reports whether a pass found what was known before it.
func (s *sheetReader) confirms(result *passResult, known knowledge) bool {
	return result.known.equal(known) && (s.merged || result.merges == 0) && (s.whole || !result.late)
}

func (s *sheetReader) refused(result *passResult, known knowledge) error {
	if s.confirms(result, known) {
		return result.refused
	}
	return nil
}

// judge adds the findings to a report.
func (s *sheetReader) judge(r *SheetReport) {
	r.Findings = s.collector.Judge(r.File, r.Sheet)
	r.Funnel = s.collector.Funnel()
	r.Funnel.Kept = r.Ledger.Kept
}

// plain names the columns whose values hardly repeat.
func (s *sheetReader) plain(schema *arrow.Schema, known knowledge) []string {
	names := []string{dataset.RowColumn}
	for _, f := range schema.Fields() {
		if s.distinct(f, known) {
			names = append(names, f.Name)
		}
	}
	return names
}

func (s *sheetReader) distinct(f arrow.Field, known knowledge) bool {
	header, _ := f.Metadata.GetValue("header")
	for i := range s.table.Columns {
		if s.table.Columns[i].Header == header {
			return known.unique[s.table.Columns[i].Index]
		}
	}
	return false
}

// pass reads the rows of the sheet once, at most limit of them if limit is not 0, and gives the records to emit.
func (s *sheetReader) pass(ctx context.Context, known knowledge, limit int64, emit func(arrow.Record) error) (*passResult, error) {
	problems := newProblemList(s.file, s.sheet.Name, s.table)
	env := &sheetEnv{book: s.book, table: s.table, problems: problems, parent: s.parent, matched: s.matched, spellings: newSpellings()}
	if s.src.values {
		env.values = newValueCounts()
	}
	prog := compile(s.src, env, s.sheet, s.file, known)
	s.matched = env.matched
	env.batch = dataset.NewBatch(prog.fields)
	if s.aside == "" {
		for _, doubt := range prog.doubts {
			doubt(problems)
		}
	}
	s.collector = quality.NewCollector(prog.looked(), s.src.options.Quality, s.src.options.Issued)
	run := &passRun{reader: s, prog: prog, env: env, classes: map[layout.Class]int64{}, emit: emit, groups: map[string]bool{}, met: map[string]bool{}, classifier: s.table.NewClassifier()}
	rows := s.book.Rows(ctx, s.sheet.Index)
	defer rows.Close()
	var count int64
	for (limit == 0 || count < limit) && rows.Next() {
		count++
		if err := run.row(rows.Row()); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := run.flush(); err != nil {
		return nil, err
	}
	result := &passResult{known: run.knowledge(), merges: len(rows.Merges()), late: s.head.Full() && (env.legacy.found(s.table) || run.strays)}
	if limit > 0 {
		return result, nil
	}
	result.refused = run.averages()
	report, err := run.report(rows.Stats())
	result.report = report
	return result, err
}

// passRun is the state of one pass.
type passRun struct {
	reader     *sheetReader
	prog       *program
	env        *sheetEnv
	classes    map[layout.Class]int64
	data       int64
	emit       func(arrow.Record) error
	kept       int64
	aside      int64 // rows that are no respondents
	mismatches []layout.Mismatch
	groups     map[string]bool // kinds of unit that group rows name
	classifier *layout.Classifier
	joined     xlsx.Row        // the current row of a repeat group with its parent's cells
	met        map[string]bool // keys of the parents that have rows
	strays     bool            // cells stand in columns that the table does not have
}

// row classifies one row and codes it if it is data.
func (p *passRun) row(row *xlsx.Row) error {
	class, group := p.classifier.Class(row)
	p.classes[class]++
	if class == layout.Group {
		p.group()
	}
	if class != layout.Data {
		return nil
	}
	p.data++
	if p.reader.aside != "" {
		p.aside++
		return nil
	}
	if p.reader.parent != nil {
		row = p.join(row)
	}
	if p.reader.table.Aggregate != nil {
		p.aggregate(row)
		return nil
	}
	batch := p.env.batch
	batch.SetRow(0, int32(row.Index))
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Col < len(p.prog.at) {
			if r := p.prog.at[c.Col]; r != nil {
				r.read(c, row.Index)
				continue
			}
		}
		if p.reader.table.At(c.Col) == nil && c.Kind != xlsx.Empty {
			p.stray(c, row.Index)
		}
	}
	p.carry(row)
	for _, t := range p.prog.ticks {
		t.read(row)
	}
	if len(p.prog.places) > 0 {
		var groups []string
		if group != "" {
			groups = p.classifier.Groups()
		}
		for i := range p.prog.places {
			if value := p.prog.places[i].of(groups); value != nil {
				batch.SetString(p.prog.places[i].out, value)
			}
		}
	}
	for i := range p.prog.routes {
		p.prog.routes[i].apply(batch, row)
	}
	batch.Next()
	if batch.Full() {
		return p.flush()
	}
	return nil
}

// carry reads the cells that the row has by merged ranges only.
func (p *passRun) carry(row *xlsx.Row) {
	cells := p.classifier.Carried(row)
	for i := range cells {
		if col := cells[i].Col; col < len(p.prog.at) && p.prog.at[col] != nil {
			p.prog.at[col].read(&cells[i], row.Index)
		}
	}
}

// aggregate checks a row of counts against its own totals. It is set aside: a row that says how many forms gave each answer is no form,
// and forms made up from it would have a spread and a correlation that nobody observed.
func (p *passRun) aggregate(row *xlsx.Row) {
	p.aside++
	for _, r := range p.reader.table.Aggregate.Read(p.reader.table, row) {
		p.mismatches = append(p.mismatches, r.Mismatches...)
	}
}

// group notes what kind of thing the innermost group is.
func (p *passRun) group() {
	groups := p.classifier.Groups()
	if len(groups) == 0 {
		return
	}
	kind, _ := vntext.UnitName(groups[len(groups)-1])
	if kind == "" {
		kind = groupOther
	}
	p.groups[kind] = true
}

// stray records a cell to the right of the table: it is not in the dataset, and somebody should know.
func (p *passRun) stray(c *xlsx.Cell, row int) {
	text := p.reader.table.Text(c)
	if text == "" {
		return
	}
	p.strays = true
	p.env.problems.cell(c.Col, row, "outside_table", "", text, say("ô có dữ liệu nhưng cột không có tiêu đề", "the cell is filled, but its column has no header"))
}

func (p *passRun) flush() error {
	rows := int64(p.env.batch.Rows())
	p.kept += rows
	record := p.env.batch.Take()
	defer record.Release()
	if p.emit == nil {
		return nil
	}
	if p.reader.rows != nil {
		p.reader.rows(rows)
	}
	return p.emit(record)
}

// knowledge is what the values seen in this pass settle.
func (p *passRun) knowledge() knowledge {
	k := knowledge{columns: map[int]settled{}, groups: strings.Join(slices.Sorted(maps.Keys(p.groups)), ","), unique: map[int]bool{}}
	for _, r := range p.prog.readers {
		if r.profiled() {
			k.columns[r.column] = r.settle()
		}
		k.unique[r.column] = r.profile.distinct()
	}
	p.poolPositions(k.columns)
	return k
}

// report accounts for the pass.
func (p *passRun) report(stats xlsx.Stats) (*SheetReport, error) {
	s := p.reader
	r := &SheetReport{
		Schema: dataset.Schema, File: filepath.Base(s.file), SHA256: hexOf(s.sha[:]), Sheet: s.sheet.Name, Index: s.sheet.Index,
		Dialect: string(s.table.Dialect), Guesses: append(slices.Clone(s.table.Guesses), slices.Concat(p.classifier.Guesses(), p.guessPositions())...), Columns: p.prog.columns, Dropped: p.prog.dropped,
		Looked: p.prog.looked(), Spellings: p.env.spellings.list, Problems: []Problem{}, Findings: []quality.Finding{}, Questionnaire: s.src.id, HiddenRows: stats.HiddenRows, HiddenColumns: stats.HiddenCols,
	}
	for i := range s.table.Columns {
		col := &s.table.Columns[i]
		if col.Encoding != vntext.Unicode && col.Encoding != "" {
			r.Encodings = append(r.Encodings, Encoding{Cell: s.table.ColumnName(col.Index), Header: col.Header, Encoding: string(col.Encoding), Evidence: col.Evidence, Before: col.Before, After: col.After})
		}
	}
	if p.env.values != nil {
		for i := range r.Columns {
			r.Columns[i].Values = p.env.values.of(s.table, r.Columns[i].Cell)
		}
	}
	r.Ledger = Ledger{Rows: int64(stats.Rows), Read: p.data, Kept: p.kept, Classes: []Count{}, SetAside: []Count{}}
	for _, class := range []layout.Class{layout.Title, layout.Header, layout.ColumnNumbers, layout.Group, layout.Totals, layout.Percent, layout.Signature, layout.Blank, layout.Preview} {
		if n := p.classes[class]; n > 0 {
			r.Ledger.Classes = append(r.Ledger.Classes, Count{string(class), n})
		}
	}
	p.childless()
	p.offRoute()
	switch {
	case s.aside != "":
		r.Ledger.SetAside = add(r.Ledger.SetAside, s.aside, p.aside)
	case p.aside > 0:
		r.Ledger.SetAside = add(r.Ledger.SetAside, "aggregate", p.aside)
		p.env.problems.note("", "aggregate_table", "", string(s.table.Dialect), say("trang tính là bảng đếm số phiếu theo mức, không phải từng phiếu; %d dòng được để riêng", "the sheet counts forms by answer and holds no forms; %d rows are set aside", p.aside))
	}
	for _, m := range append(p.mismatches, p.classifier.Control().Mismatches...) {
		p.env.problems.list = append(p.env.problems.list, Problem{
			File: s.file, Sheet: s.sheet.Name, Cell: m.Cell, Code: "control_sum", Count: 1,
			Want: string(appendNumber(nil, m.Counted)), Got: string(appendNumber(nil, m.Printed)),
			Text: Text{
				VI: fmt.Sprintf("số tổng hợp in trên trang tính (%s, %s) không khớp với các dòng", controlWord(m.Kind), controlWord(m.Scope)),
				EN: fmt.Sprintf("a total printed on the sheet (%s, %s) is not what its rows add up to", m.Kind, m.Scope),
			},
		})
	}
	if err := r.Ledger.Check(); err != nil {
		return nil, wording.Errorf("reading %s, sheet %s: %w", s.file, s.sheet.Name, err)
	}
	r.Problems = append(r.Problems, p.env.problems.list...)
	return r, nil
}

// controlWord is layout's word for a printed total, or for the rows it is about, in Vietnamese. Any other word is a name of the sheet's own.
func controlWord(word string) string {
	switch word {
	case "count":
		return "số đếm"
	case "sum":
		return "số cộng"
	case "percent":
		return "tỷ lệ %"
	case "mean":
		return "trung bình"
	case "total":
		return "tổng cộng"
	case "all rows":
		return "mọi dòng"
	case "since the last total":
		return "từ dòng tổng trước"
	}
	return word
}
