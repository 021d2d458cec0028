package samples

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"
)

// The cell styles of a made workbook, in the order of its cellXfs.
const (
	stylePlain = iota
	styleTitle // bold, centred, the capital font
	styleHeader
	styleBody
	styleNote // italic
	styleBold
	styleDate // d/m/yyyy h:mm:ss
)

type cellKind uint8

const (
	emptyCell cellKind = iota
	textCell
	numberCell
)

// A cell is one value of a made sheet. A formula carries its cached value in num, as Excel would have left it.
type cell struct {
	kind    cellKind
	text    string
	num     float64
	formula string
	style   int
}

func text(s string) cell {
	if s == "" {
		return cell{}
	}
	return cell{kind: textCell, text: s, style: styleBody}
}
func number(v float64) cell { return cell{kind: numberCell, num: v, style: styleBody} }

// A row is one row of a made sheet. Class is what layout ought to call it.
type row struct {
	index int // 1-based
	class string
	cells []cell
}

// A sheet is a made sheet before it is written: its rows come one at a time, so that a million of them need no memory.
type sheet struct {
	name   string
	widths []float64
	merges []string // may grow while rows are produced
	rows   func(yield func(row) error) error
}

// A bookWriter writes a workbook whose bytes depend on its content alone: parts in a fixed order with a fixed date. Deflate comes from
// a module that go.mod pins, because the standard library's may change with Go and the committed samples must not.
type bookWriter struct {
	zip    *zip.Writer
	inline bool // strings in the cells, as XlsxWriter (KoboToolbox) leaves them; else a shared string table, as Excel does
	shared map[string]int
	order  []string
	count  int
	names  []string // of the columns
	line   []byte   // the row that is being written, kept for its memory
}

func newBookWriter(w io.Writer, inline bool) *bookWriter {
	z := zip.NewWriter(w)
	level := 6
	if inline {
		level = 1 // a big file is made to be read once, by a test or a bench
	}
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, level) })
	return &bookWriter{zip: z, inline: inline, shared: map[string]int{}}
}

func (b *bookWriter) part(name string) (*bufio.Writer, error) {
	w, err := b.zip.CreateHeader(&zip.FileHeader{
		Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, err)
	}
	return bufio.NewWriterSize(w, 64<<10), nil
}

func (b *bookWriter) put(name, content string) error {
	w, err := b.part(name)
	if err != nil {
		return err
	}
	if _, err := w.WriteString(content); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return w.Flush()
}

// What an Excel sheet can hold.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
)

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS  = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relNS   = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	ctBase  = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
)

// writeBook writes sheets as one workbook. title goes into the document's properties.
func writeBook(w io.Writer, title string, enc encoder, inline bool, sheets ...*sheet) error {
	b := newBookWriter(w, inline)
	if err := b.head(title, enc, sheets); err != nil {
		return err
	}
	for i, s := range sheets {
		if err := b.sheet(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), s); err != nil {
			return fmt.Errorf("writing sheet %s: %w", s.name, err)
		}
	}
	if !inline {
		if err := b.strings(); err != nil {
			return err
		}
	}
	if err := b.zip.Close(); err != nil {
		return fmt.Errorf("closing the workbook: %w", err)
	}
	return nil
}

func (b *bookWriter) head(title string, enc encoder, sheets []*sheet) error {
	var types, book, rels strings.Builder
	for i, s := range sheets {
		n := strconv.Itoa(i + 1)
		types.WriteString(`<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="` + ctBase + `worksheet+xml"/>`)
		book.WriteString(`<sheet name="` + escape(s.name) + `" sheetId="` + n + `" r:id="rId` + n + `"/>`)
		rels.WriteString(`<Relationship Id="rId` + n + `" Type="` + relNS + `/worksheet" Target="worksheets/sheet` + n + `.xml"/>`)
	}
	next := len(sheets) + 1
	rels.WriteString(`<Relationship Id="rId` + strconv.Itoa(next) + `" Type="` + relNS + `/styles" Target="styles.xml"/>`)
	if !b.inline {
		types.WriteString(`<Override PartName="/xl/sharedStrings.xml" ContentType="` + ctBase + `sharedStrings+xml"/>`)
		rels.WriteString(`<Relationship Id="rId` + strconv.Itoa(next+1) + `" Type="` + relNS + `/sharedStrings" Target="sharedStrings.xml"/>`)
	}
	for _, p := range [...][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + ctBase + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + ctBase + `styles+xml"/>` +
			`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
			types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="` + relNS + `/officeDocument" Target="xl/workbook.xml"/>` +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
			`</Relationships>`},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
			` xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + escape(title) + `</dc:title><dc:creator>hailong samples</dc:creator></cp:coreProperties>`},
		{"xl/workbook.xml", `<workbook ` + mainNS + ` xmlns:r="` + relNS + `"><sheets>` + book.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() + `</Relationships>`},
		{"xl/styles.xml", stylesXML(enc)},
	} {
		if err := b.put(p[0], xmlHead+p[1]); err != nil {
			return err
		}
	}
	return nil
}

func stylesXML(enc encoder) string {
	plain, caps := enc.fonts()
	font := func(mark, name string) string {
		return `<font>` + mark + `<sz val="11"/><name val="` + name + `"/></font>`
	}
	xf := func(font, border, numFmt int, align string) string {
		s := fmt.Sprintf(`<xf numFmtId="%d" fontId="%d" fillId="0" borderId="%d" xfId="0" applyFont="1" applyNumberFormat="1"`, numFmt, font, border)
		if align == "" {
			return s + `/>`
		}
		return s + ` applyAlignment="1"><alignment ` + align + `/></xf>`
	}
	thin := func(side string) string { return `<` + side + ` style="thin"><color auto="1"/></` + side + `>` }
	return `<styleSheet ` + mainNS + `><numFmts count="1"><numFmt numFmtId="164" formatCode="d/m/yyyy\ h:mm:ss"/></numFmts>` +
		`<fonts count="4">` + font("", plain) + font("<b/>", plain) + font("<i/>", plain) + font("<b/>", caps) + `</fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>` +
		thin("left") + thin("right") + thin("top") + thin("bottom") + `<diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7">` +
		xf(0, 0, 0, "") + // plain
		xf(3, 0, 0, `horizontal="center" vertical="center"`) + // title
		xf(1, 1, 0, `horizontal="center" vertical="center" wrapText="1"`) + // header
		xf(0, 1, 0, "") + // body
		xf(2, 0, 0, `horizontal="center"`) + // note
		xf(1, 1, 0, "") + // bold
		xf(0, 1, 164, "") + // date
		`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}

func (b *bookWriter) sheet(part string, s *sheet) error {
	w, err := b.part(part)
	if err != nil {
		return err
	}
	out := &errWriter{w: w}
	out.str(xmlHead + `<worksheet ` + mainNS + `>`)
	if len(s.widths) > 0 {
		out.str("<cols>")
		for i, wd := range s.widths {
			n := strconv.Itoa(i + 1)
			out.str(`<col min="` + n + `" max="` + n + `" width="` + decimal(wd) + `" customWidth="1"/>`)
		}
		out.str("</cols>")
	}
	out.str("<sheetData>")
	err = s.rows(func(r row) error {
		if r.index > maxRows || len(r.cells) > maxColumns {
			return fmt.Errorf("row %d with %d columns: a sheet holds %d rows and %d columns", r.index, len(r.cells), maxRows, maxColumns)
		}
		b.row(out, r)
		return out.err
	})
	if err != nil {
		return err
	}
	out.str("</sheetData>")
	if len(s.merges) > 0 {
		out.str(`<mergeCells count="` + strconv.Itoa(len(s.merges)) + `">`)
		for _, m := range s.merges {
			out.str(`<mergeCell ref="` + m + `"/>`)
		}
		out.str("</mergeCells>")
	}
	out.str("</worksheet>")
	if out.err != nil {
		return out.err
	}
	return w.Flush()
}

func (b *bookWriter) row(out *errWriter, r row) {
	for len(b.names) < len(r.cells) {
		b.names = append(b.names, columnName(len(b.names)))
	}
	p := append(b.line[:0], `<row r="`...)
	p = strconv.AppendInt(p, int64(r.index), 10)
	p = append(p, `">`...)
	for i, c := range r.cells {
		if c.kind == emptyCell && c.style == stylePlain {
			continue
		}
		p = append(append(p, `<c r="`...), b.names[i]...)
		p = append(strconv.AppendInt(p, int64(r.index), 10), '"')
		if c.style != stylePlain {
			p = append(p, ` s="`...)
			p = append(strconv.AppendInt(p, int64(c.style), 10), '"')
		}
		p = b.cell(p, c)
	}
	p = append(p, "</row>"...)
	b.line = p
	if out.err == nil {
		_, out.err = out.w.Write(p)
	}
}

// cell appends what follows the reference and the style of a cell.
func (b *bookWriter) cell(p []byte, c cell) []byte {
	switch {
	case c.kind == emptyCell:
		return append(p, "/>"...)
	case c.kind == numberCell:
		p = append(p, '>')
		if c.formula != "" {
			p = append(append(append(p, "<f>"...), escape(c.formula)...), "</f>"...)
		}
		p = append(p, "<v>"...)
		p = strconv.AppendFloat(p, c.num, 'f', -1, 64)
		return append(p, "</v></c>"...)
	case b.inline:
		p = append(append(p, ` t="inlineStr"><is><t`...), space(c.text)...)
		p = append(append(p, '>'), escape(c.text)...)
		return append(p, "</t></is></c>"...)
	default:
		p = append(p, ` t="s"><v>`...)
		p = strconv.AppendInt(p, int64(b.index(c.text)), 10)
		return append(p, "</v></c>"...)
	}
}

func (b *bookWriter) index(s string) int {
	b.count++
	i, ok := b.shared[s]
	if !ok {
		i = len(b.order)
		b.shared[s] = i
		b.order = append(b.order, s)
	}
	return i
}

func (b *bookWriter) strings() error {
	w, err := b.part("xl/sharedStrings.xml")
	if err != nil {
		return err
	}
	out := &errWriter{w: w}
	out.str(fmt.Sprintf(`%s<sst %s count="%d" uniqueCount="%d">`, xmlHead, mainNS, b.count, len(b.order)))
	for _, s := range b.order {
		out.str(`<si><t` + space(s) + `>` + escape(s) + `</t></si>`)
	}
	out.str("</sst>")
	if out.err != nil {
		return out.err
	}
	return w.Flush()
}

// errWriter keeps the first error, so that the writing reads as a list of what is written.
type errWriter struct {
	w   *bufio.Writer
	err error
}

func (e *errWriter) str(s string) {
	if e.err == nil {
		_, e.err = e.w.WriteString(s)
	}
}

func space(s string) string {
	if s != strings.TrimSpace(s) || strings.Contains(s, "  ") || strings.Contains(s, "\n") {
		return ` xml:space="preserve"`
	}
	return ""
}

func escape(s string) string {
	if !strings.ContainsAny(s, `&<>"`) {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// columnName returns the letters of column i, 0 = A.
func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + string(rune('A'+i%26))
}

// cellName returns a reference such as F8; col counts from 0, row from 1.
func cellName(col, row int) string { return columnName(col) + strconv.Itoa(row) }
