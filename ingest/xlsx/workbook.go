package xlsx

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"sync"

	"hailong/ingest/wording"
)

// The states and kinds of a sheet.
const (
	Visible    = "visible"
	Hidden     = "hidden"
	VeryHidden = "veryHidden"

	Worksheet   = "worksheet"
	Chartsheet  = "chartsheet"
	Dialogsheet = "dialogsheet"
	Macrosheet  = "macrosheet"
)

// Sheet is one sheet of a workbook, in the order of its tabs.
type Sheet struct {
	Name  string
	State string // visible, hidden, veryHidden
	Kind  string // worksheet, or chartsheet, dialogsheet, macrosheet: those have no rows
	Index int    // what Rows and Merges take
	part  string
}

// Workbook is an open file. Its methods may be called from several goroutines.
type Workbook struct {
	name     string
	options  Options
	limits   Limits
	archive  *archive
	text     *textTable // a .csv or .tsv instead of a package
	sheets   []Sheet
	date1904 bool
	styles   styles
	sstPart  string
	note     []error
	closers  []func() error

	sharing sync.Mutex
	shared  *Strings

	mu       sync.Mutex
	outlines map[int]outline
	kept     int    // the sheet whose part is kept, -1 for none
	keptPart []byte // because Merges read it and Rows is likely to follow
}

// Open opens the workbook at path: .xlsx, .xlsm, .xltx, .xltm, .csv and .tsv are read, encrypted workbooks with Options.Password,
// .xls, .xlsb and .ods through LibreOffice. What a file is, is told from its content, never from its name.
func Open(path string, o Options) (*Workbook, error) {
	f, err := os.Open(path)
	if err != nil {
		msg := err.Error()
		var p *os.PathError
		if errors.As(err, &p) {
			msg = p.Err.Error() // the path stands in the message anyway
		}
		return nil, &Problem{File: path, Msg: msg, Hint: "check the path and the permissions", Err: err}
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = wording.Errorf("it is a folder, not a file")
	}
	if err != nil {
		_ = f.Close()
		return nil, &Problem{File: path, Msg: err.Error(), Hint: "give the path of a workbook", Err: err}
	}
	w, err := open(f, st.Size(), path, o)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	w.closers = append(w.closers, f.Close)
	return w, nil
}

// OpenReader opens a workbook from r, which must stay readable until Close; name is what messages call it.
func OpenReader(r io.ReaderAt, size int64, name string, o Options) (*Workbook, error) {
	return open(r, size, name, o)
}

// open tells the content's kind and reads what leads to the sheets.
func open(r io.ReaderAt, size int64, name string, o Options) (*Workbook, error) {
	w := &Workbook{name: name, options: o, limits: o.Limits.orDefaults(), outlines: map[int]outline{}, kept: -1}
	if err := w.load(r, size); err != nil {
		_ = w.Close()
		return nil, locate(err, name, "")
	}
	return w, nil
}

// Close frees the file; Rows that are still open fail afterwards.
func (w *Workbook) Close() error {
	var errs []error
	for _, c := range w.closers {
		errs = append(errs, c())
	}
	w.closers = nil
	return errors.Join(errs...)
}

// Sheets lists the sheets by tab order.
func (w *Workbook) Sheets() []Sheet { return append([]Sheet(nil), w.sheets...) }

// Creator is the author that the document properties of the file at path name, "" for none and for what is no package. It looks at nothing else
// and converts nothing.
func Creator(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return "", err
	}
	w := &Workbook{limits: Limits{}.orDefaults()}
	if w.archive, err = openArchive(f, st.Size(), w.limits); err != nil {
		return "", err
	}
	return w.Creator(), nil
}

// Creator is the author that the document properties name, "" for none.
func (w *Workbook) Creator() string {
	if w.archive == nil {
		return ""
	}
	rels, _ := w.relations("") // what is wrong with them was said when the workbook was opened
	for _, r := range rels {
		if r.kind != "core-properties" {
			continue
		}
		var properties struct {
			Creator string `xml:"http://purl.org/dc/elements/1.1/ creator"`
		}
		if text, err := w.archive.read(r.target); err == nil && xml.Unmarshal(text, &properties) == nil {
			return properties.Creator
		}
	}
	return ""
}

// Date1904 says whether serial dates count from 1904 instead of 1900.
func (w *Workbook) Date1904() bool { return w.date1904 }

// Notes are assumptions made in reading that a user should see: the encoding and separator of a text file, a conversion.
func (w *Workbook) Notes() []error { return append([]error(nil), w.note...) }

// loadPackage follows the relationships of an OOXML package from its root to the sheets, styles and shared strings.
func (w *Workbook) loadPackage() error {
	main, err := w.mainPart()
	if err != nil {
		return err
	}
	rels, err := w.relations(main)
	if err != nil {
		return err
	}
	if err := w.readWorkbook(main, rels); err != nil {
		return err
	}
	for _, r := range rels {
		switch r.kind {
		case "styles":
			if err := w.readStyles(r.target); err != nil {
				return err
			}
		case "sharedStrings":
			w.sstPart = r.target
		}
	}
	return nil
}

// relation is one relationship of a part: the last segment of its type, which Strict and Transitional share, and its target.
type relation struct {
	id, kind, target string
}

// relations reads the relationships of a part; a part without any has none.
func (w *Workbook) relations(part string) ([]relation, error) {
	name := path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	if part == "" {
		name = "_rels/.rels"
	}
	b, err := w.archive.read(name)
	if b == nil || err != nil {
		return nil, err
	}
	var list []relation
	x := newWindow(name, b)
	root, err := x.root()
	if err != nil {
		return nil, err
	}
	err = x.children(root, func(t *token) (bool, error) {
		if string(t.name) == "Relationship" && attrString(t.attrs, "TargetMode") != "External" {
			list = append(list, relation{
				id:     attrString(t.attrs, "Id"),
				kind:   path.Base(attrString(t.attrs, "Type")),
				target: resolve(part, attrString(t.attrs, "Target")),
			})
		}
		if len(list) > w.limits.Items {
			return false, limited(name, "", fmt.Sprintf("there are more than %d relationships", w.limits.Items))
		}
		return false, nil
	})
	return list, err
}

// mainPart finds the workbook part: by the package's relationships, else where every writer puts it.
func (w *Workbook) mainPart() (string, error) {
	rels, err := w.relations("")
	names := make([]string, 0, len(rels)+1)
	for _, r := range rels {
		if r.kind == "officeDocument" {
			names = append(names, r.target)
		}
	}
	for _, n := range append(names, "xl/workbook.xml") {
		f, findErr := w.archive.find(n)
		if findErr != nil {
			return "", findErr
		}
		if f != nil {
			if err != nil {
				w.note = append(w.note, wording.Errorf("the package's list of parts cannot be read (%v); the workbook was taken from where it usually is, %s", err, n))
			}
			return n, nil
		}
	}
	if err != nil {
		return "", err
	}
	return "", w.notWorkbook()
}

// notWorkbook names what a zip file without a workbook really is.
func (w *Workbook) notWorkbook() error {
	is := "a zip file without a workbook in it"
	hint := "unpack it and give the workbooks inside"
	for _, k := range [][2]string{{"word/document.xml", "a Word document"}, {"ppt/presentation.xml", "a PowerPoint presentation"}} {
		if f, _ := w.archive.find(k[0]); f != nil {
			is, hint = k[1], "give the workbook that holds the data"
		}
	}
	return &Problem{Msg: "the file is " + is, Hint: hint, Err: ErrFormat}
}

// readWorkbook reads the list of sheets and the date system.
func (w *Workbook) readWorkbook(part string, rels []relation) error {
	b, err := w.archive.read(part)
	if err != nil {
		return err
	}
	x := newWindow(part, b)
	root, err := x.root()
	if err != nil {
		return err
	}
	if string(root.name) != "workbook" {
		return w.notWorkbook()
	}
	byID := make(map[string]relation, len(rels))
	for _, r := range rels {
		byID[r.id] = r
	}
	err = x.children(root, func(t *token) (bool, error) {
		switch string(t.name) {
		case "workbookPr":
			v, _ := attr(t.attrs, "date1904")
			w.date1904 = truth(v)
		case "sheets":
			return true, x.children(t, func(t *token) (bool, error) {
				if string(t.name) != "sheet" {
					return false, nil
				}
				id, _ := attrPrefixed(t.attrs, "id")
				return false, w.addSheet(attrString(t.attrs, "name"), attrString(t.attrs, "state"), byID[string(id)], len(id) > 0)
			})
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return x.finish("workbook")
}

func (w *Workbook) addSheet(name, state string, r relation, linked bool) error {
	s := Sheet{Name: string(unescape([]byte(name))), State: state, Index: len(w.sheets), part: r.target}
	if state == "" {
		s.State = Visible
	}
	switch r.kind {
	case "chartsheet":
		s.Kind = Chartsheet
	case "dialogsheet":
		s.Kind = Dialogsheet
	case "xlMacrosheet", "xlIntlMacrosheet", "macrosheet":
		s.Kind = Macrosheet
	default:
		s.Kind = Worksheet
	}
	if s.Kind == Worksheet {
		if r.target == "" {
			// Some writers leave the relationships out; then the part can only be where its number says.
			s.part = fmt.Sprintf("xl/worksheets/sheet%d.xml", s.Index+1)
			if linked {
				s.part = ""
			}
		}
		f, err := w.archive.find(s.part)
		if err != nil {
			return locate(err, w.name, s.Name)
		}
		if f == nil {
			return &Problem{Sheet: s.Name, Part: s.part, Msg: "the workbook lists this sheet but the package does not hold it", Hint: hintDamaged, Err: ErrDamaged}
		}
	}
	w.sheets = append(w.sheets, s)
	if len(w.sheets) > w.limits.Items {
		return limited(s.part, "", fmt.Sprintf("there are more than %d sheets", w.limits.Items))
	}
	return nil
}

// sheet returns the sheet of an index.
func (w *Workbook) sheet(i int) (Sheet, error) {
	if i < 0 || i >= len(w.sheets) {
		return Sheet{}, &Problem{File: w.name, Msg: fmt.Sprintf("there is no sheet %d, the workbook has %d", i, len(w.sheets))}
	}
	return w.sheets[i], nil
}

// finish makes sure that the part ends behind the end tag of its root.
func (w *window) finish(root string) error {
	for {
		t, err := w.token()
		if err != nil {
			return err
		}
		switch t.kind {
		case tokEOF:
			return nil
		case tokText:
			if len(trimSpace(t.text)) == 0 {
				continue
			}
		}
		return damaged(w.part, "", "there is more behind the end of "+root)
	}
}

// stream opens a part for streaming.
func (w *Workbook) stream(ctx context.Context, part string) (*window, error) {
	p, err := w.archive.open(part)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, damaged(part, "", "the part is missing from the package")
	}
	// A character may be written as an entity of ten bytes.
	return &window{part: part, limit: w.limits.RowBytes, long: 10 * w.limits.StringBytes, src: startStream(ctx, p, p.size)}, nil
}

// keepBytes is the size up to which the part of a sheet is read whole and kept between Merges and Rows.
const keepBytes = 16 << 20

// sheetWindow opens the part of a sheet: a small one whole, and kept, since merges and rows are mostly asked for together.
func (w *Workbook) sheetWindow(ctx context.Context, s Sheet) (*window, error) {
	f, err := w.archive.find(s.part)
	if err != nil {
		return nil, err
	}
	if f == nil || f.UncompressedSize64 > keepBytes {
		return w.stream(ctx, s.part)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.kept != s.Index {
		b, err := w.archive.read(s.part)
		if err != nil {
			return nil, err
		}
		w.kept, w.keptPart = s.Index, b
	}
	return newWindow(s.part, w.keptPart), ctx.Err()
}
