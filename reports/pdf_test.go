package reports

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// LibreOffice's place is taken by a script that answers as it does: what is tested is what surrounds it. .ci/validate-workbook.sh prints with the real one.
func TestWriteHTMLAndPDF(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in is a shell script")
	}
	tools := t.TempDir()
	stand := func(script string) {
		if err := os.WriteFile(filepath.Join(tools, "soffice"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", tools+string(os.PathListSeparator)+os.Getenv("PATH"))
	write := func() (string, error) {
		folder := t.TempDir()
		return folder, Write(t.Context(), filepath.Join(folder, "a.xlsx"), fixture(fixtureSize{}), Options{Formats: []string{"html", "pdf"}})
	}
	names := func(folder string) string {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, e := range entries {
			list = append(list, e.Name())
		}
		return strings.Join(list, " ")
	}

	// The last argument is the workbook, the one before it the folder for the PDF.
	stand(`while [ $# -gt 2 ]; do shift; done
[ "$(head -c 2 "$2")" = PK ] && echo "%PDF-1.6" >"$1/book.pdf"`)
	folder, err := write()
	if err != nil {
		t.Fatal(err)
	}
	if got := names(folder); got != "a.html a.pdf" {
		t.Errorf("written: %s", got)
	}
	if data, err := os.ReadFile(filepath.Join(folder, "a.pdf")); err != nil || string(data) != "%PDF-1.6\n" {
		t.Errorf("the PDF is %q: %v", data, err)
	}

	stand("echo 'source file could not be loaded' >&2; exit 1")
	folder, err = write()
	if err == nil || !strings.Contains(err.Error(), "could not be loaded") {
		t.Errorf("LibreOffice's failure became %v", err)
	}
	if got := names(folder); got != "" {
		t.Errorf("a failed run left %s", got)
	}

	t.Setenv("PATH", t.TempDir())
	folder, err = write()
	if err == nil || !strings.Contains(err.Error(), "LibreOffice is not installed") {
		t.Errorf("without LibreOffice: %v", err)
	}
	if got := names(folder); got != "" {
		t.Errorf("a failed run left %s", got)
	}
}
