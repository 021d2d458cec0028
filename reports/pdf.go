package reports

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hailong/ingest/wording"
)

// writePDF has LibreOffice print the workbook. The PDF is tagged and bears the workbook's title, but its bytes hold the time of the run: only the
// workbook is the same every time.
func writePDF(ctx context.Context, w io.Writer, book func(io.Writer) error) error {
	office := ""
	for _, name := range []string{"soffice", "libreoffice"} {
		if found, err := exec.LookPath(name); err == nil {
			office = found
			break
		}
	}
	if office == "" {
		return wording.Errorf("LibreOffice is not installed (no soffice on the PATH); install it or leave pdf out of report.formats")
	}
	folder, err := os.MkdirTemp("", "hailong-pdf-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // a temporary folder left over harms nobody
	in := filepath.Join(folder, "book.xlsx")
	file, err := os.Create(in)
	if err != nil {
		return err
	}
	if err := errors.Join(book(file), file.Close()); err != nil {
		return err
	}
	// A profile of its own: a LibreOffice that the user has open holds the lock of his.
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(folder, "profile"))}
	command := exec.CommandContext(ctx, office, "--headless", "-env:UserInstallation="+profile.String(),
		"--convert-to", `pdf:calc_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}`, "--outdir", folder, in)
	if said, err := command.CombinedOutput(); err != nil {
		return wording.Errorf("running LibreOffice: %w: %s", err, strings.TrimSpace(string(said)))
	}
	pdf, err := os.Open(filepath.Join(folder, "book.pdf"))
	if err != nil {
		return wording.Errorf("reading what LibreOffice printed: %w", err)
	}
	defer pdf.Close()
	if _, err := io.Copy(w, pdf); err != nil {
		return err
	}
	return nil
}
