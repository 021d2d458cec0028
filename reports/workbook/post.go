package workbook

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

// post takes the parts that excelize writes and puts in what excelize cannot, then zips them in a fixed order with a fixed time. It is excelize's
// ZipWriter; the patches work on XML that excelize itself just made, whose form the tests pin.
type post struct {
	book      *Book
	charts    []*Chart
	styles    []int // excelize's number of each StyleID
	out       io.Writer
	parts     []*part
	tableAlts []string
	deflate   *flate.Writer
}

type part struct {
	name string
	bytes.Buffer
}

func newPost(b *Book) *post { return &post{book: b} }

func (p *post) writer(w io.Writer) excelize.ZipWriter {
	if p.out == nil {
		p.out = w
	}
	return p
}

// Create collects one part.
func (p *post) Create(name string) (io.Writer, error) {
	p.parts = append(p.parts, &part{name: name})
	return p.parts[len(p.parts)-1], nil
}

// AddFS is in excelize's interface and not used by it.
func (p *post) AddFS(fs.FS) error { return fmt.Errorf("adding a file system: not supported") }

// Close patches the parts and writes the archive.
func (p *post) Close() error {
	shared := newSharedStrings()
	var packed []packedPart
	hasStrings := false
	for _, part := range p.parts {
		if part.name == stringsPart {
			hasStrings = true
			continue
		}
		one, err := p.pack(part, shared)
		if err != nil {
			return fmt.Errorf("finishing %s: %w", part.name, err)
		}
		packed = append(packed, one)
	}
	if !hasStrings {
		return fmt.Errorf("finishing the workbook: excelize wrote no shared strings")
	}
	one, err := p.compress(stringsPart, shared.write)
	if err != nil {
		return fmt.Errorf("finishing %s: %w", stringsPart, err)
	}
	packed = append(packed, one)
	slices.SortFunc(packed, func(a, b packedPart) int { return strings.Compare(a.name, b.name) })
	return writeZip(p.out, packed)
}

const stringsPart = "xl/sharedStrings.xml"

func (p *post) pack(part *part, shared *sharedStrings) (packedPart, error) {
	xml := part.Bytes()
	if n, ok := partNumber(part.name, "xl/worksheets/sheet"); ok && n <= len(p.book.Sheets) {
		sheet := p.book.Sheets[n-1]
		before, after, err := splitSheet(xml)
		if err != nil {
			return packedPart{}, err
		}
		before = setDimension(before, sheet)
		after = barLimits(after, sheet.Bars)
		return p.compress(part.name, func(w io.Writer) error {
			if _, err := w.Write(before); err != nil {
				return err
			}
			rows := rowWriter{Writer: bufio.NewWriterSize(w, 1<<16), styles: p.styles, shared: shared}
			if err := rows.sheet(sheet); err != nil {
				return err
			}
			_, err := w.Write(after)
			return err
		})
	}
	switch {
	case part.name == "[Content_Types].xml":
		xml = sortContentTypes(xml)
	case strings.HasPrefix(part.name, "xl/charts/chart"):
		if n, ok := partNumber(part.name, "xl/charts/chart"); ok && n <= len(p.charts) {
			var err error
			if xml, err = p.chart(xml, p.charts[n-1]); err != nil {
				return packedPart{}, err
			}
		}
	case strings.HasPrefix(part.name, "xl/tables/table"):
		if n, ok := partNumber(part.name, "xl/tables/table"); ok && n <= len(p.tableAlts) {
			xml = tableAlt(xml, p.tableAlts[n-1])
		}
	}
	return p.compress(part.name, func(w io.Writer) error { _, err := w.Write(xml); return err })
}

func partNumber(name, prefix string) (int, bool) {
	if !strings.HasPrefix(name, prefix) || !strings.HasSuffix(name, ".xml") {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(name, prefix), ".xml"))
	return n, err == nil && n > 0
}

// firstDay is 1980-01-01, the first day that a zip can hold, as MS-DOS writes it: year since 1980, month, day in 7, 4 and 5 bits.
const firstDay = 0<<9 | 1<<5 | 1

// packedPart is a part already deflated: a large sheet is never held in memory as XML.
type packedPart struct {
	name string
	data []byte
	crc  uint32
	size uint64
}

func (p *post) compress(name string, write func(io.Writer) error) (packedPart, error) {
	var packed bytes.Buffer
	if p.deflate == nil {
		deflate, err := flate.NewWriter(&packed, flate.DefaultCompression)
		if err != nil {
			return packedPart{}, fmt.Errorf("deflating: %w", err)
		}
		p.deflate = deflate
	}
	deflate := p.deflate // one for all parts: its tables are large
	deflate.Reset(&packed)
	sum := crc32.NewIEEE()
	count := &counter{w: io.MultiWriter(deflate, sum)}
	if err := write(count); err != nil {
		return packedPart{}, err
	}
	if err := deflate.Close(); err != nil {
		return packedPart{}, fmt.Errorf("deflating: %w", err)
	}
	return packedPart{name: name, data: packed.Bytes(), crc: sum.Sum32(), size: count.n}, nil
}

type counter struct {
	w io.Writer
	n uint64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += uint64(n)
	return n, err
}

func writeZip(w io.Writer, parts []packedPart) error {
	archive := zip.NewWriter(w)
	for i, p := range parts {
		parts[i].data = nil // what is written need not be held
		header := &zip.FileHeader{Name: p.name, Method: zip.Deflate, CRC32: p.crc, CompressedSize64: uint64(len(p.data)), UncompressedSize64: p.size}
		header.ModifiedDate = firstDay //nolint:staticcheck // CreateRaw takes the time from here and not from Modified
		raw, err := archive.CreateRaw(header)
		if err != nil {
			return err
		}
		if _, err := raw.Write(p.data); err != nil {
			return err
		}
	}
	return archive.Close()
}

var sheetData = regexp.MustCompile(`<sheetData\s*/>|<sheetData>`)

// splitSheet cuts the worksheet's XML around its rows.
func splitSheet(xml []byte) (before, after []byte, err error) {
	at := sheetData.FindIndex(xml)
	if at == nil {
		return nil, nil, fmt.Errorf("no sheetData element")
	}
	before, after = xml[:at[0]], xml[at[1]:]
	if !bytes.HasSuffix(xml[:at[1]], []byte("/>")) {
		end := bytes.Index(after, []byte("</sheetData>"))
		if end < 0 {
			return nil, nil, fmt.Errorf("sheetData is not closed")
		}
		after = after[end+len("</sheetData>"):]
	}
	return before, after, nil
}

var dimension = regexp.MustCompile(`<dimension ref="[^"]*"\s*(/>|></dimension>)`)

func setDimension(xml []byte, s *Sheet) []byte {
	wide := 1
	for _, row := range s.Rows {
		wide = max(wide, len(row.Cells))
	}
	return dimension.ReplaceAll(xml, []byte(`<dimension ref="A1:`+cellName(max(len(s.Rows)+s.Count, 1), wide)+`"/>`))
}

var (
	contentDefault  = regexp.MustCompile(`<Default [^>]*>(</Default>)?`)
	contentOverride = regexp.MustCompile(`<Override [^>]*>(</Override>)?`)
)

// sortContentTypes puts the entries in order: excelize takes them from a map.
func sortContentTypes(xml []byte) []byte {
	defaults := contentDefault.FindAll(xml, -1)
	overrides := contentOverride.FindAll(xml, -1)
	slices.SortFunc(defaults, bytes.Compare)
	slices.SortFunc(overrides, bytes.Compare)
	start := bytes.Index(xml, []byte("<Types"))
	if start < 0 {
		return xml
	}
	open := start + bytes.IndexByte(xml[start:], '>') + 1
	var out bytes.Buffer
	out.Write(xml[:open])
	for _, entry := range append(defaults, overrides...) {
		out.Write(entry)
	}
	out.WriteString("</Types>")
	return out.Bytes()
}
