package xlsx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"testing"
)

// small limits keep the fuzzer fast; what it looks for needs no more.
var fuzzLimits = Limits{PartBytes: 4 << 20, SmallBytes: 1 << 20, SharedBytes: 1 << 20, RowBytes: 1 << 20, ConvertBytes: 4 << 20}

// FuzzOpen gives any bytes for a workbook: no panic, and every error is one that a user can do something with.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("a,b\n1,\"x\"\"y\"\n"))
	f.Add([]byte("\xFF\xFEa\x00\t\x00b\x00"))
	f.Add([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
	f.Add(rows(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`).with("xl/sharedStrings.xml", sst(`<si><t>a</t></si>`)).with("xl/styles.xml", dateStyles).bytes(f))
	if os.Getenv("HAILONG_SHARED") != "" || dirExists("../../../shared/corpus") {
		for _, c := range corpus(f) {
			if data, err := os.ReadFile(c.path); err == nil && len(data) < 20<<10 && isOOXML(c.name) {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := OpenReader(bytes.NewReader(data), int64(len(data)), "fuzz", Options{Limits: fuzzLimits, Password: "x", Converter: "/nonexistent/soffice"})
		if err == nil {
			defer w.Close()
			err = WriteCells(context.Background(), io.Discard, w)
		}
		var p *Problem
		if err != nil && !errors.As(err, &p) {
			t.Errorf("%v: not a Problem", err)
		}
	})
}

func dirExists(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// FuzzSheet gives any text for the XML of a sheet and of the shared strings, past the checksums that stop FuzzOpen: no panic,
// and the fast and the careful reader agree.
func FuzzSheet(f *testing.F) {
	head, tail := `<worksheet><sheetData>`, `</sheetData></worksheet>`
	for _, x := range []string{
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>12.5</v></c><c r="C1" t="inlineStr"><is><t>đ_x000D_</t></is></c></row>`,
		`<row><c><v>1</v></c><c t="str"><f>A1</f><v>x</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c t="d"><v>2021-01-01</v></c></row>`,
		`<row r="9" hidden="1"><c r="XFD9" t="inlineStr"><is><t xml:space="preserve"> a&amp;b </t></is></c></row><row r="2"/>`,
		`<row r="1"><c r="A1"><v>123456789012345678</v></c><c r="A1"><v>-1e5</v></c> <c r="B1" t="s"><v>1</v></c></row><!-- x --><row r="1"></row>`,
	} {
		f.Add(head+x+tail, `<sst><si><t>a</t></si><si><r><t>b</t></r></si></sst>`)
	}
	f.Add(head+tail+`<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`, ``)
	f.Fuzz(func(t *testing.T, sheet, strs string) {
		w, err := book{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strs}.open(t, Options{Limits: fuzzLimits})
		if err != nil {
			return
		}
		defer w.Close()
		compareReaders(t, w, w.Sheets()[0], "fuzz")
	})
}
