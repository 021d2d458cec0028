package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"
)

const (
	mainNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relType  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	relsHead = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

// book is a workbook made in code: part names and their texts. The parts that every workbook needs are added where absent.
type book map[string]string

// rows is a book of one sheet with these rows.
func rows(xml string) book {
	return book{"xl/worksheets/sheet1.xml": `<?xml version="1.0"?><worksheet ` + mainNS + `><sheetData>` + xml + `</sheetData></worksheet>`}
}

// with adds a part.
func (b book) with(name, text string) book {
	b[name] = text
	return b
}

func (b book) bytes(t testing.TB) []byte {
	t.Helper()
	add := func(name, text string) {
		if _, ok := b[name]; !ok {
			b[name] = text
		}
	}
	add("_rels/.rels", relsHead+`<Relationship Id="rId1" Type="`+relType+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	add("xl/workbook.xml", `<workbook `+mainNS+` xmlns:r="`+relType+`"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	rels := relsHead + `<Relationship Id="rId1" Type="` + relType + `/worksheet" Target="worksheets/sheet1.xml"/>`
	if _, ok := b["xl/sharedStrings.xml"]; ok {
		rels += `<Relationship Id="rId2" Type="` + relType + `/sharedStrings" Target="sharedStrings.xml"/>`
	}
	if _, ok := b["xl/styles.xml"]; ok {
		rels += `<Relationship Id="rId3" Type="` + relType + `/styles" Target="styles.xml"/>`
	}
	add("xl/_rels/workbook.xml.rels", rels+`</Relationships>`)
	names := make([]string, 0, len(b))
	for n := range b {
		names = append(names, n)
	}
	sort.Strings(names)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, n := range names {
		if b[n] == absent {
			continue
		}
		// A name with a trailing # is a second entry of the same name.
		p, err := z.Create(strings.TrimRight(n, "#"))
		if err == nil {
			_, err = p.Write([]byte(b[n]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// absent keeps a part from being added.
const absent = "\x00absent"

func (b book) open(t testing.TB, o Options) (*Workbook, error) {
	t.Helper()
	data := b.bytes(t)
	return OpenReader(bytes.NewReader(data), int64(len(data)), "book.xlsx", o)
}

// must opens a book that can be opened.
func (b book) must(t testing.TB) *Workbook {
	t.Helper()
	w, err := b.open(t, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

// show is a sheet as one short text: "A1=s:text B1=n:3.5", where f marks a formula, never one without a value, h a hidden row.
func show(w *Workbook, sheet int) (string, Stats, error) {
	r := w.Rows(context.Background(), sheet)
	defer r.Close()
	var b strings.Builder
	for r.Next() {
		for _, c := range r.Row().Cells {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(CellRef(r.Row().Index, c.Col))
			b.WriteByte('=')
			if c.Formula {
				b.WriteByte('f')
			}
			if r.Row().Hidden {
				b.WriteByte('h')
			}
			switch c.Kind {
			case Empty:
				b.WriteString("never")
			case String:
				fmt.Fprintf(&b, "s:%s", c.Text)
			case Number:
				fmt.Fprintf(&b, "n:%s", appendNumber(nil, c.Num))
			case Bool:
				fmt.Fprintf(&b, "b:%v", c.Num)
			case Error:
				fmt.Fprintf(&b, "e:%s", c.Text)
			}
		}
	}
	return b.String(), r.Stats(), r.Err()
}

// want reads the first sheet and compares.
func (b book) want(t *testing.T, want string) Stats {
	t.Helper()
	got, st, err := show(b.must(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	return st
}

// refuses expects an error of this cause that holds these words and comes with a hint.
func (b book) refuses(t *testing.T, cause error, words ...string) {
	t.Helper()
	w, err := b.open(t, Options{})
	if err == nil {
		defer w.Close()
		_, _, err = show(w, 0)
	}
	checkError(t, err, cause, words...)
}

func checkError(t *testing.T, err, cause error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	var p *Problem
	if !errors.As(err, &p) || p.File == "" || p.Hint == "" {
		t.Errorf("%v: not a Problem with file and hint (%+v)", err, p)
	}
	if cause != nil && !errors.Is(err, cause) {
		t.Errorf("%v: not a case of %v", err, cause)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}
