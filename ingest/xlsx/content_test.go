package xlsx

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// openText opens bytes under a name.
func openText(data, name string, o Options) (*Workbook, error) {
	return OpenReader(strings.NewReader(data), int64(len(data)), name, o)
}

func TestSeparatedText(t *testing.T) {
	for name, c := range map[string]struct{ data, file, want, note string }{
		"comma":            {"id,tên\n1,\"a, b\"\n\n2,\"x\"\"y\"\n", "a.csv", "A1=s:id B1=s:tên A2=s:1 B2=s:a, b A4=s:2 B4=s:x\"y", "UTF-8, separator \",\""},
		"semicolon":        {"id;điểm\r\n00123;3,5\r\n2;4,25\r\n", "a.csv", "A1=s:id B1=s:điểm A2=s:00123 B2=s:3,5 A3=s:2 B3=s:4,25", "separator \";\""},
		"tab":              {"a\tb\tc\n1\t\t3", "a.tsv", "A1=s:a B1=s:b C1=s:c A2=s:1 C2=s:3", "separator \"\\t\""},
		"utf-8 marked":     {"\xEF\xBB\xBFid,b\n1,2\n", "a.csv", "A1=s:id B1=s:b A2=s:1 B2=s:2", "UTF-8 (marked)"},
		"utf-16le":         {utf16Text("id\tĐ\n1\t2\n", false, true), "a.txt", "A1=s:id B1=s:Đ A2=s:1 B2=s:2", "UTF-16 (marked), separator \"\\t\""},
		"utf-16be":         {utf16Text("id,Đ\n1,2\n", true, true), "a.csv", "A1=s:id B1=s:Đ A2=s:1 B2=s:2", "UTF-16 (marked), separator \",\""},
		"8-bit":            {"id,h\xE0\xF2\n1,\xF0\n", "a.csv", "A1=s:id B1=s:hàò A2=s:1 B2=s:ð", "8-bit"},
		"quoted line end":  {"a,b\n\"x\ny\",2\n3,4\n", "a.csv", "A1=s:a B1=s:b A2=s:x\ny B2=s:2 A3=s:3 B3=s:4", `separator ","`},
		"old Mac":          {"a,b\r1,2\r", "a.csv", "A1=s:a B1=s:b A2=s:1 B2=s:2", `separator ","`},
		"one column":       {"a\nb\n", "a.csv", "A1=s:a A2=s:b", `separator ","`},
		"renamed":          {"a;b\n1;2\n", "a.xlsx", "A1=s:a B1=s:b A2=s:1 B2=s:2", `separator ";"`},
		"quote in a field": {"a,b\n5\" tube,2\n", "a.csv", "A1=s:a B1=s:b A2=s:5\" tube B2=s:2", `separator ","`},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := openText(c.data, c.file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			if s := w.Sheets(); len(s) != 1 || s[0].Name != "a" || s[0].State != Visible {
				t.Errorf("%+v", s)
			}
			got, st, err := show(w, 0)
			if err != nil || got != c.want {
				t.Errorf("%q %v, want %q", got, err, c.want)
			}
			if st.Cells != int64(strings.Count(c.want, "=s:")) {
				t.Errorf("%+v", st)
			}
			if n := fmt.Sprint(w.Notes()); !strings.Contains(n, c.note) {
				t.Errorf("note %q", n)
			}
			if m, err := w.Merges(context.Background(), 0); m != nil || err != nil {
				t.Errorf("%v %v", m, err)
			}
		})
	}
}

func TestUnclosedQuote(t *testing.T) {
	w, err := openText("a,b\n1,\"x\n2,y\n", "a.csv", Options{})
	if err == nil {
		defer w.Close()
		_, _, err = show(w, 0)
	}
	checkError(t, err, ErrDamaged, "row 2", "not closed")
}

// TestNamedForWhatItIs: a file that is no workbook, whatever its name, is called by its kind and comes with a remedy.
func TestNamedForWhatItIs(t *testing.T) {
	zipped := func(name string) string {
		return string(book{name: "x", "_rels/.rels": absent, "xl/workbook.xml": absent, "xl/_rels/workbook.xml.rels": absent}.bytes(t))
	}
	ole := func(stream string) string {
		return "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600) + string(streamName(stream)) + strings.Repeat("\x00", 600)
	}
	for name, c := range map[string]struct {
		data  string
		cause error
		words string
	}{
		"empty":       {"", ErrFormat, "empty"},
		"html":        {"<html><table><tr><td>1</td></tr></table></html>", ErrFormat, "HTML"},
		"html doc":    {"\r\n<!DOCTYPE HTML PUBLIC><html>", ErrFormat, "HTML"},
		"html table":  {"<table><tr><td>1</td></tr></table>", ErrFormat, "HTML"},
		"xml 2003":    {`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, ErrFormat, "Excel 2003"},
		"mhtml":       {"MIME-Version: 1.0\nContent-Type: multipart/related", ErrFormat, "MHTML"},
		"fods":        {`<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">`, ErrFormat, "OpenDocument"},
		"xml":         {`<?xml version="1.0"?><data/>`, ErrFormat, "XML"},
		"pdf":         {"%PDF-1.7\n", ErrFormat, "PDF"},
		"text":        {"just a few words\nand more\n", ErrFormat, "plain text"},
		"binary":      {"a,b\x00\x01\x02", ErrFormat, "neither a workbook nor text"},
		"zip":         {zipped("a.txt"), ErrFormat, "zip file without a workbook"},
		"docx":        {zipped("word/document.xml"), ErrFormat, "Word"},
		"pptx":        {zipped("ppt/presentation.xml"), ErrFormat, "PowerPoint"},
		"zip cut":     {"PK\x03\x04", ErrDamaged, "zip"},
		"xls":         {ole("Workbook"), ErrNoConverter, ".xls"},
		"xls 5":       {ole("Book"), ErrNoConverter, ".xls"},
		"xls 2":       {"\x09\x00\x04\x00\x02\x00\x10\x00", ErrNoConverter, ".xls"},
		"doc":         {ole("WordDocument"), ErrFormat, "Word"},
		"msi":         {ole("Other"), ErrFormat, "OLE2"},
		"encrypted":   {ole("EncryptedPackage"), ErrPassword, "password"},
		"xlsb":        {zipped("xl/workbook.bin"), ErrNoConverter, ".xlsb"},
		"xlsb moved":  {string(book{"_rels/.rels": relsHead + `<Relationship Id="rId1" Type="` + relType + `/officeDocument" Target="wtf/workbook.bin"/></Relationships>`, "wtf/workbook.bin": "x"}.bytes(t)), ErrNoConverter, ".xlsb"},
		"cut ole":     {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ErrFormat, "OLE2"},
		"ods":         {string(book{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "x"}.bytes(t)), ErrNoConverter, ".ods"},
		"bad utf-16":  {"\xFF\xFE", ErrFormat, "plain text"},
		"only spaces": {"   \n", ErrFormat, "plain text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", "")
			_, err := openText(c.data, "survey.xls", Options{})
			checkError(t, err, c.cause, c.words, "survey.xls")
		})
	}
}

func TestOpenMissingFileAndFolder(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "no.xlsx"), Options{})
	checkError(t, err, os.ErrNotExist, "no.xlsx")
	_, err = Open(t.TempDir(), Options{})
	checkError(t, err, nil, "folder")
}

// TestConverterIsUsed puts a script in LibreOffice's place: what it is given, what it writes, what becomes of its failures.
func TestConverterIsUsed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in is a shell script")
	}
	dir := t.TempDir()
	ready := filepath.Join(dir, "ready.xlsx")
	if err := os.WriteFile(ready, rows(`<row r="1"><c r="A1"><v>7</v></c></row>`).bytes(t), 0o600); err != nil {
		t.Fatal(err)
	}
	script := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	xls := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600) + string(streamName("Workbook"))
	good := script("good", `while [ $# -gt 1 ]; do case "$1" in --outdir) out="$2";; esac; shift; done; case "$1" in *.xls) ;; *) exit 9;; esac; mkdir -p "$out"; cp "`+ready+`" "$out/in.xlsx"`)
	w, err := openText(xls, "a.xls", Options{Converter: good})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if got, _, err := show(w, 0); got != "A1=n:7" || err != nil || !strings.Contains(fmt.Sprint(w.Notes()), "LibreOffice") {
		t.Errorf("%q %v %q", got, err, w.Notes())
	}
	_, err = openText(xls, "a.xls", Options{Converter: script("bad", "echo no such filter; exit 3")})
	checkError(t, err, nil, "no such filter", "a.xls")
	_, err = openText(xls, "a.xls", Options{Converter: script("silent", "exit 0")})
	checkError(t, err, nil, "wrote no workbook")
	_, err = openText(xls, "a.xls", Options{Converter: script("slow", "exec sleep 60"), Timeout: 50 * time.Millisecond})
	checkError(t, err, nil, "longer than 50ms")
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "hailong-convert-*", "in.xls"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q %v", left, err)
	}
}

// TestLibreOffice converts the three foreign formats of the corpus for real. It takes some seconds for each: HAILONG_SLOW=1.
func TestLibreOffice(t *testing.T) {
	if os.Getenv("HAILONG_SLOW") == "" {
		t.Skip("slow: set HAILONG_SLOW=1")
	}
	dir := sharedDir(t, "corpus")
	for file, want := range map[string]string{"readxl/mtcars.xls": "mpg", "calamine/any_sheets.ods": "", "calamine/any_sheets.xlsb": ""} {
		w, err := Open(filepath.Join(dir, file), Options{})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		got, _, err := show(w, 0)
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %.80q %v", file, got, err)
		}
		_ = w.Close()
	}
}

func TestEncrypted(t *testing.T) {
	f := excelize.NewFile()
	for _, c := range []struct {
		ref   string
		value any
	}{{"A1", "bí mật"}, {"B2", 3.5}} {
		if err := f.SetCellValue("Sheet1", c.ref, c.value); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "Trà Vinh 2020"}); err != nil {
		t.Fatal(err)
	}
	w, err := openText(b.String(), "a.xlsx", Options{Password: "Trà Vinh 2020"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if got, _, err := show(w, 0); got != "A1=s:bí mật B2=n:3.5" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	_, err = openText(b.String(), "a.xlsx", Options{})
	checkError(t, err, ErrPassword, "protected by a password")
	_, err = openText(b.String(), "a.xlsx", Options{Password: "tra vinh"})
	checkError(t, err, ErrPassword, "does not open")
	for n := 600; n < b.Len(); n += b.Len() / 7 {
		if w, err := openText(b.String()[:n], "a.xlsx", Options{Password: "Trà Vinh 2020"}); err == nil {
			_ = w.Close()
			t.Errorf("cut to %d bytes: no error", n)
		}
	}
}

// TestEncryptedCorpus opens workbooks that other programs encrypted; the passwords are those of excelize's and POI's own tests.
func TestEncryptedCorpus(t *testing.T) {
	dir := sharedDir(t, "corpus")
	for file, password := range map[string]string{"excelize/encryptSHA1.xlsx": "password", "excelize/encryptAES.xlsx": "password", "poi/protected_passtika.xlsx": "tika"} {
		w, err := Open(filepath.Join(dir, file), Options{Password: password})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if got, _, err := show(w, 0); got == "" || err != nil {
			t.Errorf("%s: %q %v", file, got, err)
		}
		_ = w.Close()
	}
}
