package ingest

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"hailong/ingest/xlsx"
)

// testSheet is a sheet of a small workbook: rows of string, float64, int, bool, error text (as cellError) or nil.
type testSheet struct {
	name string
	rows [][]any
}

// cellError is an error cell, date a serial date, formula a formula without a cached value.
type (
	cellError string
	date      float64
	formula   string
	padded    int // a number shown as 0000000
)

// inFont is a text in a cell of a font: 3 .VnTime, 4 VNI-Times, 5 VISCII Times.
type inFont struct {
	text  string
	style int
}

// down is a text in a cell that is merged with those of the rows below it.
type down struct {
	text string
	rows int
}

// book writes a small workbook and returns its path.
func book(t testing.TB, path string, sheets ...testSheet) string {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	part := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	part("_rels/.rels", rels+`<Relationship Id="r1" Type="`+rel+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	list, links := "", ""
	for i, s := range sheets {
		list += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="r%d"/>`, s.name, i+1, i+1)
		links += fmt.Sprintf(`<Relationship Id="r%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, rel, i+1)
		part(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), `<worksheet `+ns+`><sheetData>`+rowsXML(s.rows)+`</sheetData>`+mergesXML(s.rows)+`</worksheet>`)
	}
	part("xl/workbook.xml", `<workbook `+ns+` xmlns:r="`+rel+`"><sheets>`+list+`</sheets></workbook>`)
	part("xl/_rels/workbook.xml.rels", rels+links+`<Relationship Id="s" Type="`+rel+`/styles" Target="styles.xml"/></Relationships>`)
	part("xl/styles.xml", `<styleSheet `+ns+`><numFmts count="1"><numFmt numFmtId="164" formatCode="0000000"/></numFmts><fonts count="4"><font><name val="Calibri"/></font><font><name val=".VnTime"/></font><font><name val="VNI-Times"/></font><font><name val="VISCII Times"/></font></fonts>`+
		`<cellXfs count="6"><xf numFmtId="0" fontId="0"/><xf numFmtId="22" fontId="0"/><xf numFmtId="164" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="0" fontId="2"/><xf numFmtId="0" fontId="3"/></cellXfs></styleSheet>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func mergesXML(rows [][]any) string {
	var b strings.Builder
	for i, row := range rows {
		for col, value := range row {
			if d, ok := value.(down); ok {
				fmt.Fprintf(&b, `<mergeCell ref="%s:%s"/>`, xlsx.CellRef(i+1, col), xlsx.CellRef(i+d.rows, col))
			}
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return `<mergeCells>` + b.String() + `</mergeCells>`
}

func rowsXML(rows [][]any) string {
	var b strings.Builder
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for i, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for col, value := range row {
			ref := xlsx.CellRef(i+1, col)
			if d, ok := value.(down); ok {
				value = d.text
			}
			switch value := value.(type) {
			case string:
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, ref, escape.Replace(value))
			case inFont:
				fmt.Fprintf(&b, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, ref, value.style, escape.Replace(value.text))
			case int:
				fmt.Fprintf(&b, `<c r="%s"><v>%d</v></c>`, ref, value)
			case padded:
				fmt.Fprintf(&b, `<c r="%s" s="2"><v>%d</v></c>`, ref, int(value))
			case float64:
				fmt.Fprintf(&b, `<c r="%s"><v>%s</v></c>`, ref, strconv.FormatFloat(value, 'g', -1, 64))
			case date:
				fmt.Fprintf(&b, `<c r="%s" s="1"><v>%s</v></c>`, ref, strconv.FormatFloat(float64(value), 'g', -1, 64))
			case bool:
				n := 0
				if value {
					n = 1
				}
				fmt.Fprintf(&b, `<c r="%s" t="b"><v>%d</v></c>`, ref, n)
			case cellError:
				fmt.Fprintf(&b, `<c r="%s" t="e"><v>%s</v></c>`, ref, string(value))
			case formula:
				fmt.Fprintf(&b, `<c r="%s"><f>%s</f></c>`, ref, escape.Replace(string(value)))
			}
		}
		b.WriteString("</row>")
	}
	return b.String()
}
