package xlsx

import (
	"bytes"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"hailong/ingest/wording"
)

// load tells what the file is from its content and reads it in its own way.
func (w *Workbook) load(r io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 4096))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return wording.Errorf("reading the file: %w", err)
	}
	switch {
	case len(head) == 0:
		return &Problem{Msg: "the file is empty", Hint: "get it again", Err: ErrFormat}
	case bytes.HasPrefix(head, []byte("PK")):
		return w.loadZip(r, size)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return w.loadOLE(r, size)
	case rawBIFF(head):
		return w.convert(r, size, "an Excel workbook of the 1990s (.xls)", ".xls")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return &Problem{Msg: "the file is a PDF document", Hint: "ask for the workbook that it was printed from", Err: ErrFormat}
	}
	if p := markup(head); p != nil {
		return p
	}
	data, err := w.all(r, size)
	if err != nil {
		return err
	}
	return w.loadText(data)
}

// all reads the whole file into memory.
func (w *Workbook) all(r io.ReaderAt, size int64) ([]byte, error) {
	if size > w.limits.ConvertBytes {
		return nil, limited("", "", "the file is larger than "+byteCount(w.limits.ConvertBytes)+", too large to be held in memory")
	}
	data := make([]byte, size)
	if n, err := r.ReadAt(data, 0); err != nil && !(err == io.EOF && int64(n) == size) {
		return nil, wording.Errorf("reading the file: %w", err)
	}
	return data, nil
}

// markup names files of tags that are often given the name of a workbook.
func markup(head []byte) error {
	t := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	is := ""
	switch {
	case bytes.Contains(t, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		is = "an XML spreadsheet of Excel 2003"
	case bytes.Contains(t, []byte("urn:oasis:names:tc:opendocument")):
		is = "a flat OpenDocument file"
	case bytes.HasPrefix(t, []byte("<!doctype html")), bytes.HasPrefix(t, []byte("<html")), bytes.HasPrefix(t, []byte("<table")), bytes.Contains(t, []byte("<html")):
		is = "a web page (HTML)"
	case bytes.HasPrefix(t, []byte("mime-version:")):
		is = "a saved web page (MHTML)"
	case bytes.HasPrefix(t, []byte("<?xml")), bytes.HasPrefix(t, []byte("<")):
		is = "an XML file"
	default:
		return nil
	}
	return &Problem{Msg: "the file is not a workbook but " + is, Hint: hintSave, Err: ErrFormat}
}

// rawBIFF recognises .xls files of Excel 2 to 4, which have no container: a BOF record of the version and a stream type.
func rawBIFF(b []byte) bool {
	return len(b) > 4 && b[0] == 9 && (b[1] == 0 || b[1] == 2 || b[1] == 4 || b[1] == 8) && b[2] >= 4 && b[2] <= 16 && b[3] == 0
}

// loadZip tells the kinds of zip file apart.
func (w *Workbook) loadZip(r io.ReaderAt, size int64) error {
	a, err := openArchive(r, size, w.limits)
	if err != nil {
		return err
	}
	w.archive = a
	if f, _ := a.find("mimetype"); f != nil {
		if b, err := a.read("mimetype"); err == nil && bytes.HasPrefix(b, []byte("application/vnd.oasis.opendocument.spreadsheet")) {
			return w.convert(r, size, "an OpenDocument spreadsheet (.ods)", ".ods")
		}
	}
	if w.binary() {
		return w.convert(r, size, "a binary workbook (.xlsb)", ".xlsb")
	}
	return w.loadPackage()
}

// binary reports whether the package's workbook is one of BIFF12 records: where Excel puts it, or wherever the package says.
func (w *Workbook) binary() bool {
	if f, _ := w.archive.find("xl/workbook.bin"); f != nil {
		return true
	}
	rels, _ := w.relations("") // what is wrong with them, loadPackage says
	return slices.ContainsFunc(rels, func(r relation) bool {
		return r.kind == "officeDocument" && strings.EqualFold(path.Ext(r.target), ".bin")
	})
}

// streamName is an ASCII text as OLE2 directories store names.
func streamName(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// loadOLE tells the kinds of OLE2 container apart: encrypted workbooks, .xls, and what is no workbook at all.
func (w *Workbook) loadOLE(r io.ReaderAt, size int64) error {
	data, err := w.all(r, size)
	if err != nil {
		return err
	}
	switch {
	case bytes.Contains(data, streamName("EncryptedPackage")):
		return w.decrypt(data)
	case bytes.Contains(data, streamName("Workbook")), bytes.Contains(data, streamName("Book")):
		return w.convert(r, size, "an Excel workbook of before 2007 (.xls)", ".xls")
	case bytes.Contains(data, streamName("WordDocument")):
		return &Problem{Msg: "the file is a Word document", Hint: "give the workbook that holds the data", Err: ErrFormat}
	}
	return &Problem{Msg: "the file is an OLE2 container without a workbook in it", Hint: hintSave, Err: ErrFormat}
}

// decrypt opens an encrypted workbook. excelize does the cryptography; a wrong password shows as a package that is none.
func (w *Workbook) decrypt(data []byte) error {
	if w.options.Password == "" {
		return &Problem{Msg: "the workbook is protected by a password", Hint: "give the password with --password-file or HAILONG_PASSWORD", Err: ErrPassword}
	}
	plain, err := decryptPackage(data, w.options.Password)
	if err != nil || !bytes.HasPrefix(plain, []byte("PK")) {
		return &Problem{Msg: "the password does not open the workbook", Hint: "check the password (case, keyboard layout, spaces at the end)", Err: ErrPassword}
	}
	return w.loadZip(bytes.NewReader(plain), int64(len(plain)))
}

// decryptPackage shields from panics: excelize trusts the lengths in the container.
func decryptPackage(data []byte, password string) (plain []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			plain, err = nil, wording.Errorf("the encrypted container is damaged")
		}
	}()
	return excelize.Decrypt(data, &excelize.Options{Password: password})
}

// sheetName is what the only sheet of a text file is called: the file's name without its extension.
func sheetName(file string) string {
	base := filepath.Base(file)
	return strings.TrimSuffix(base, filepath.Ext(base))
}
