package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"hailong/ingest/dataset"
	"hailong/ingest/layout"
	"hailong/ingest/quality"
	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
	"hailong/ingest/xlsx"
)

// version is part of the name of every dataset file: a file made by other rules is made again. It changes with every change of what is
// written for the same input.
const version = "13"

// Run reads all files, writes the dataset and reports. Bad files, rows and cells are problems in the report; an error means that the
// plan is wrong, that nothing could be read at all, or that the dataset could not be written.
func Run(ctx context.Context, options Options) (*Report, error) {
	if options.Out == "" {
		return nil, wording.Errorf("writing dataset: no folder is given (Options.Out)")
	}
	if err := os.MkdirAll(options.Out, 0o755); err != nil {
		return nil, wording.Errorf("writing dataset: %w", err)
	}
	dataset.Sweep(options.Out)
	return process(ctx, options, false)
}

// Inspect does what Run does without writing anything, and lists the values of every column with what they would be coded as.
func Inspect(ctx context.Context, options Options) (*Report, error) {
	options.Out = ""
	return process(ctx, options, true)
}

func process(ctx context.Context, options Options, values bool) (*Report, error) {
	if len(options.Files) == 0 {
		return nil, wording.Errorf("reading files: none is given")
	}
	for _, code := range options.Exclude {
		if !quality.Excludable(code) {
			return nil, wording.Key("exclude", wording.Errorf("reading exclusions: no finding about rows is called %q (there are %v)", code, quality.RowCodes()))
		}
	}
	src, err := newSource(ctx, options, values)
	if err != nil {
		return nil, err
	}
	batch := &batchRun{src: src, files: make([]FileReport, len(options.Files)), collectors: make([][]*quality.Collector, len(options.Files))}
	if err := batch.hash(ctx); err != nil {
		return nil, err
	}
	if err := batch.readAll(ctx); err != nil {
		return nil, err
	}
	across := batch.across()
	if err := batch.adjust(ctx); err != nil {
		return nil, err
	}
	return batch.report(across)
}

// newSource reads the questionnaire and hashes the settings.
func newSource(ctx context.Context, options Options, values bool) (*source, error) {
	q := options.Questionnaire
	if q == nil {
		q = &questionnaire.Questionnaire{}
		if len(options.Definition) > 0 {
			parsed, err := questionnaire.Parse(options.Definition)
			if err != nil && !errors.Is(err, questionnaire.ErrNoSection) {
				return nil, err
			}
			if parsed != nil {
				q = parsed
			}
		}
	}
	form := ""
	if options.XLSForm != "" {
		described, sum, err := readForm(ctx, options)
		if err != nil {
			return nil, err
		}
		q, form = q.Extend(described), sum
	}
	s := &source{options: options, questionnaire: q, matcher: questionnaire.NewMatcher(q), values: values, coders: map[string]*questionnaire.Coder{}}
	for name, scale := range q.Scales {
		s.coders[name] = questionnaire.NewCoder(scale, q.Missing)
	}
	for _, r := range q.Routing {
		if !r.On && !options.Routing {
			continue
		}
		condition, err := questionnaire.ParseCondition(r.When)
		if err != nil {
			return nil, wording.Errorf("reading routing: %w", err)
		}
		s.routes = append(s.routes, route{r.Items, condition, r.Blank, r.Basis})
	}
	text, err := json.Marshal(q)
	if err != nil {
		return nil, wording.Errorf("hashing questionnaire: %w", err)
	}
	sum := sha256.Sum256(text)
	s.id = hex.EncodeToString(sum[:6])
	settings, err := json.Marshal(struct {
		Version       string
		Questionnaire []byte
		Form          string
		Layout        layout.Options
		Sheets        []string
		Match         questionnaire.Bounds
		Quality       quality.Bounds
		Columns       map[string]string
		Keep          []string
		Routing       bool
	}{version, sum[:], form, options.Layout, options.Sheets, options.Match, options.Quality, options.Columns, options.KeepPersonal, options.Routing})
	if err != nil {
		return nil, wording.Errorf("hashing settings: %w", err)
	}
	s.settings = sha256.Sum256(settings)
	return s, nil
}

// settingsOf is the hash of all that shapes the dataset of one file beside its bytes: its name may say which district it is from.
func (s *source) settingsOf(path string) [32]byte {
	return sha256.Sum256(append(s.settings[:], filepath.Base(path)...))
}

// settingsWith is settingsOf with the changes that are made to a dataset file.
func (s *source) settingsWith(path string, change changes) [32]byte {
	sum := s.settingsOf(path)
	return sha256.Sum256(fmt.Appendf(sum[:], "%v", change)) // maps are printed in the order of their keys
}

// batchRun is the state of one run over all files.
type batchRun struct {
	src   *source
	files []FileReport
	sums  [][32]byte

	collectors [][]*quality.Collector // by file and sheet

	mu       sync.Mutex
	progress Progress
}

func (b *batchRun) workers() int {
	if b.src.options.Workers > 0 {
		return b.src.options.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// each calls work for every file, several at a time.
func (b *batchRun) each(ctx context.Context, work func(context.Context, int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.workers())
	for i := range b.files {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			return work(ctx, i)
		})
	}
	return group.Wait()
}

// hash reads every file for its SHA-256 and marks a file that is given twice: its rows would count twice.
func (b *batchRun) hash(ctx context.Context) error {
	b.sums = make([][32]byte, len(b.files))
	err := b.each(ctx, func(_ context.Context, i int) error {
		path := b.src.options.Files[i]
		b.files[i].Path = path
		sum, size, err := hashFile(path)
		if err != nil {
			b.fail(i, "", err)
			return nil
		}
		b.sums[i], b.files[i].SHA256, b.files[i].Bytes = sum, hexOf(sum[:]), size
		return nil
	})
	if err != nil {
		return err
	}
	seen := map[[32]byte]string{}
	for i := range b.files {
		f := &b.files[i]
		if f.Failed {
			continue
		}
		if other, twice := seen[b.sums[i]]; twice {
			f.Failed = true
			f.Problems = append(f.Problems, Problem{File: f.Path, Code: "same_file", Got: other, Count: 1, Text: say("nội dung giống hệt tệp %s; không đọc lần thứ hai", "the content is that of %s; not read a second time", other)})
			continue
		}
		seen[b.sums[i]] = f.Path
	}
	return nil
}

func hashFile(path string) (sum [32]byte, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, 0, err
	}
	defer f.Close()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return sum, 0, err
	}
	h.Sum(sum[:0])
	return sum, size, nil
}

func hexOf(sum []byte) string { return hex.EncodeToString(sum) }

// fail records that a file, or one of its sheets, could not be read.
func (b *batchRun) fail(i int, sheet string, err error) {
	f := &b.files[i]
	f.Failed = f.Failed || sheet == ""
	f.Problems = append(f.Problems, b.src.options.fileProblem(f.Path, sheet, err))
}

// fileProblem turns an error of the scanner into a problem that names the place.
func (o *Options) fileProblem(path, sheet string, err error) Problem {
	p := Problem{File: path, Sheet: sheet, Code: "unreadable", Count: 1}
	var stop *xlsx.Problem
	var missing *os.PathError
	switch {
	case errors.As(err, &stop):
		p.Sheet, p.Cell, p.Got, p.Want = stop.Sheet, stop.Cell, stop.Msg, stop.Hint
		p.Code = problemCode(err)
		msg, hint := stop.Vietnamese()
		p.Text = Text{VI: "không đọc được: " + msg + "; " + hint, EN: "cannot be read: " + stop.Msg + "; " + stop.Hint}
	case errors.As(err, &missing):
		p.Got = missing.Err.Error()
		p.Text = Text{VI: "không mở được: kiểm tra tên tệp, thư mục và quyền truy cập", EN: "cannot be opened: " + missing.Err.Error()}
	default:
		p.Got = err.Error()
		p.Text = o.why("không đọc được: %s", "cannot be read: %s", err)
	}
	return p
}

func problemCode(err error) string {
	for code, cause := range map[string]error{"password": xlsx.ErrPassword, "format": xlsx.ErrFormat, "damaged": xlsx.ErrDamaged, "limit": xlsx.ErrLimit, "converter": xlsx.ErrNoConverter} {
		if errors.Is(err, cause) {
			return code
		}
	}
	return "unreadable"
}

// readAll reads the files that could be hashed. Only a cancelled context, a full disk or a ledger that does not balance stops it.
func (b *batchRun) readAll(ctx context.Context) error {
	b.progress.Files = len(b.files)
	return b.each(ctx, func(ctx context.Context, i int) error {
		if b.files[i].Failed {
			b.fileDone(i)
			return nil
		}
		var err error
		if !b.reuse(ctx, i) {
			err = b.readFile(ctx, i)
		}
		b.fileDone(i)
		return err
	})
}

func (b *batchRun) fileDone(i int) {
	b.tell(func(p *Progress) { p.FilesDone++; p.Path = b.files[i].Path })
}

func (b *batchRun) tell(change func(*Progress)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.progress)
	if b.src.options.OnProgress != nil {
		b.src.options.OnProgress(b.progress)
	}
}

// readFile reads the sheets of a file that layout chooses.
func (b *batchRun) readFile(ctx context.Context, i int) error {
	f := &b.files[i]
	book, err := xlsx.Open(f.Path, xlsx.Options{Password: b.src.options.Password, Limits: b.src.options.Limits})
	if err != nil {
		return b.stop(ctx, i, "", err)
	}
	defer book.Close()
	if wrote(book.Creator()) {
		f.Failed = true
		f.Problems = append(f.Problems, Problem{File: f.Path, Code: "own_result", Count: 1, Text: say("đây là sổ kết quả do hailong ghi, không phải phiếu khảo sát", "this is a workbook that hailong wrote, it holds no survey forms")})
		return nil
	}
	readers, err := b.choose(ctx, i, book)
	if err != nil {
		return err
	}
	tables := make([]int, len(readers))
	for k, s := range readers {
		tables[k] = s.sheet.Index
	}
	for _, s := range readers {
		report, err := s.read(ctx, tables, Book{Guesses: f.Guesses, Hidden: f.Hidden, Problems: slices.Clone(f.Problems)})
		if err != nil {
			if stop := b.stop(ctx, i, s.sheet.Name, err); stop != nil {
				return stop
			}
			continue
		}
		f.Sheets = append(f.Sheets, *report)
		b.collectors[i] = append(b.collectors[i], s.collector)
	}
	if len(readers) == 0 && len(f.Problems) == 0 {
		f.Problems = append(f.Problems, Problem{File: f.Path, Code: "no_table", Count: 1, Text: noTable(book)})
	}
	f.Failed = len(f.Sheets) == 0
	return nil
}

// noTable says what a workbook without a table holds instead: an XLSForm is the questionnaire of a survey, which is often handed over for its data.
func noTable(book *xlsx.Workbook) Text {
	var names []string
	for _, s := range book.Sheets() {
		names = append(names, s.Name)
	}
	if slices.Contains(names, questionnaire.FormSurvey) && slices.Contains(names, questionnaire.FormChoices) {
		return say("đây là XLSForm (bảng hỏi), không phải dữ liệu: đưa tệp này qua `xlsform` (--xlsform) cùng tệp dữ liệu",
			"this is an XLSForm (a questionnaire) and no data: give it by `xlsform` (--xlsform), with the file of the data")
	}
	return say("không có trang tính nào chứa bảng dữ liệu (có: %q)", "no sheet holds a table (there are %q)", names)
}

// choose finds the tables of a workbook and returns readers of the sheets to read.
func (b *batchRun) choose(ctx context.Context, i int, book *xlsx.Workbook) ([]*sheetReader, error) {
	f := &b.files[i]
	var readers []*sheetReader
	var candidates []layout.Candidate
	tables, sheets := 0, 0
	for _, sheet := range book.Sheets() {
		if sheet.Kind == xlsx.Worksheet {
			sheets++
		}
	}
	f.Hidden = []string{}
	for _, sheet := range book.Sheets() {
		if sheet.State != xlsx.Visible {
			f.Hidden = append(f.Hidden, sheet.Name)
		}
		s := &sheetReader{
			src: b.src, book: book, sheet: sheet, file: f.Path, sha: b.sums[i], out: b.src.options.Out,
			rows: func(n int64) { b.tell(func(p *Progress) { p.Rows += n; p.Path = f.Path }) },
		}
		if sheet.Kind != xlsx.Worksheet || (len(b.src.options.Sheets) > 0 && !slices.Contains(b.src.options.Sheets, sheet.Name)) {
			continue
		}
		if err := s.find(ctx, sheets == 1); err != nil {
			if stop := b.stop(ctx, i, sheet.Name, err); stop != nil {
				return nil, stop
			}
			continue
		}
		if s.table != nil {
			tables++
		}
		readers = append(readers, s)
		candidates = append(candidates, layout.Candidate{Info: s.info(), Table: s.table, Rows: -1})
	}
	// Rows are counted only where there is a choice.
	for k := range candidates {
		if tables < 2 || candidates[k].Table == nil {
			continue
		}
		candidates[k].Rows = 0
		if err := readers[k].data(ctx, func(*xlsx.Row) { candidates[k].Rows++ }); err != nil {
			return nil, b.stop(ctx, i, readers[k].sheet.Name, err)
		}
	}
	choice, err := layout.Choose(candidates, b.src.options.Layout)
	if err == nil && len(choice.Ask) > 0 {
		for _, k := range choice.Ask {
			candidates[k].Set = candidates[k].Table.NewRowSet()
			if err := readers[k].data(ctx, candidates[k].Set.Add); err != nil {
				return nil, b.stop(ctx, i, readers[k].sheet.Name, err)
			}
		}
		choice, err = layout.Choose(candidates, b.src.options.Layout)
	}
	if err != nil {
		f.Problems = append(f.Problems, Problem{File: f.Path, Code: "no_sheet", Got: err.Error(), Count: 1, Text: b.src.options.why("không chọn được trang tính: %s", "no sheet can be chosen: %s", err)})
		return nil, nil
	}
	if err := b.readRepeats(ctx, i, readers, &choice); err != nil {
		return nil, err
	}
	f.Guesses = choice.Guesses
	for _, left := range choice.Left {
		if left.Reason == "repeat" || left.Reason == "same_rows" {
			f.Problems = append(f.Problems, Problem{
				File: f.Path, Sheet: candidates[left.Sheet].Info.Name, Code: left.Reason, Got: left.Evidence, Count: 1,
				Text: Text{VI: "trang tính không được đọc: " + left.EvidenceVI, EN: "the sheet is not read: " + left.Evidence},
			})
		}
	}
	chosen := make([]*sheetReader, len(choice.Sheets))
	for k, at := range choice.Sheets {
		chosen[k] = readers[at]
		if k > 0 && chosen[k].table.HeaderFirst == 0 {
			chosen[k].table = chosen[0].table.Continue(chosen[k].table)
		}
	}
	return chosen, nil
}

// stop decides whether an error ends the run or only this file.
func (b *batchRun) stop(ctx context.Context, i int, sheet string, err error) error {
	var bad *xlsx.Problem
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		b.files[i].Problems = append(b.files[i].Problems, refused.problem)
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &bad):
		b.fail(i, sheet, err)
		return nil
	}
	return err
}

// across compares the rows of different sheets and files.
func (b *batchRun) across() []quality.Finding { return quality.Across(b.looked()) }

// looked are the sheets whose rows were looked at.
func (b *batchRun) looked() []quality.Sheet {
	var sheets []quality.Sheet
	for i := range b.files {
		for j := range b.files[i].Sheets {
			if b.collectors[i][j] != nil {
				report := &b.files[i].Sheets[j]
				sheets = append(sheets, quality.Sheet{File: report.File, Name: report.Sheet, Collector: b.collectors[i][j]})
			}
		}
	}
	return sheets
}

// report adds up the files in their order.
func (b *batchRun) report(across []quality.Finding) (*Report, error) {
	r := &Report{Files: b.files, Problems: []Problem{}, Findings: across}
	r.Ledger.Classes, r.Ledger.SetAside = []Count{}, []Count{}
	for _, u := range b.src.questionnaire.Unread {
		r.Problems = append(r.Problems, Problem{
			File: b.src.options.XLSForm, Sheet: questionnaire.FormSurvey, Code: "relevant_unread", Want: strings.Join(u.Items, ", "), Got: u.Relevant, Count: 1,
			Text: Text{
				VI: fmt.Sprintf("điều kiện hỏi ở dòng %d không hiểu được (%s); ô trống của %d câu phụ thuộc được tính là không trả lời", u.Row, b.src.options.vietnamese(u.Why), len(u.Items)),
				EN: fmt.Sprintf("the relevant of row %d is not understood (%s); blank cells of the %d questions that depend on it count as not answered", u.Row, u.Why, len(u.Items)),
			},
		})
	}
	files := []string{}
	for i := range r.Files {
		f := &r.Files[i]
		if f.Sheets == nil {
			f.Sheets = []SheetReport{}
		}
		r.Problems = append(r.Problems, f.Problems...)
		for j := range f.Sheets {
			r.Problems = append(r.Problems, f.Sheets[j].Problems...)
			r.Findings = append(r.Findings, f.Sheets[j].Findings...)
			r.Ledger.Add(f.Sheets[j].Ledger)
			r.Funnel.Add(f.Sheets[j].Funnel)
			if f.Sheets[j].Parquet != "" {
				files = append(files, f.Sheets[j].Parquet)
			}
		}
	}
	r.Findings = append(r.Findings, quality.Follow(b.src.options.Issued, &r.Funnel, b.looked(), b.src.options.Exclude)...)
	if err := r.Ledger.Check(); err != nil {
		return nil, err
	}
	if b.src.options.Out == "" || r.Ledger.Kept == 0 {
		return r, nil // nothing was read: no dataset either, and an earlier one stays as it is
	}
	return r, dataset.WriteManifest(b.src.options.Out, files)
}
