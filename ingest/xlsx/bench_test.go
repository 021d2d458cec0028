package xlsx

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"
)

// The test book of the measurements: 100,000 respondents of 56 columns (id, time, district, weight, age, comment, 50 answers
// on a scale of five of which 17 in 100 are blank), in the three forms that exports have.
const (
	bookRows  = 100_000
	bookItems = 50
)

var bookForms = []string{"shared", "coded", "inline"}

// writeBook writes the test book. The generator is seeded: every run measures the same bytes.
func writeBook(t testing.TB, path, form string, rows int) (cells int64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
	part := func(name, text string) {
		p, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(p, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	part("_rels/.rels", head+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+rel+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	part("[Content_Types].xml", head+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`)
	part("xl/workbook.xml", head+`<workbook `+ns+` xmlns:r="`+rel+`"><sheets><sheet name="data" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	part("xl/_rels/workbook.xml.rels", head+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+rel+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="`+rel+`/styles" Target="styles.xml"/><Relationship Id="rId3" Type="`+rel+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`)
	part("xl/styles.xml", head+`<styleSheet `+ns+`><fonts count="1"><font><name val="Calibri"/></font></fonts><cellXfs count="2"><xf numFmtId="0" fontId="0"/><xf numFmtId="22" fontId="0"/></cellXfs></styleSheet>`)
	sheet, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriterSize(sheet, 1<<20)
	_, _ = out.WriteString(head + `<worksheet ` + ns + `><dimension ref="A1"/><sheetData>`)
	rng := rand.New(rand.NewPCG(168, 2020))
	var strs []string
	index := map[string]int{}
	var b []byte
	start := func(row, col int, rest string) {
		b = append(b, `<c r="`...)
		b = AppendRef(b, row, col)
		b = append(append(b, '"'), rest...)
		cells++
	}
	text := func(row, col int, s string) {
		if form == "inline" {
			start(row, col, ` t="inlineStr"><is><t>`)
			b = append(append(b, s...), `</t></is></c>`...)
			return
		}
		i, ok := index[s]
		if !ok {
			i = len(strs)
			index[s] = i
			strs = append(strs, s)
		}
		start(row, col, ` t="s"><v>`)
		b = append(strconv.AppendInt(b, int64(i), 10), `</v></c>`...)
	}
	number := func(row, col int, rest string, f float64) {
		start(row, col, rest)
		b = append(strconv.AppendFloat(b, f, 'f', -1, 64), `</v></c>`...)
	}
	labels := []string{"Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"}
	words := []string{"cán bộ", "nhiệt tình", "thủ tục", "nhanh", "chậm", "hồ sơ", "đất đai", "một cửa", "phí", "rõ ràng", "cần", "cải thiện", "thời gian", "chờ", "lâu", "tốt"}
	for row := 1; row <= rows+1; row++ {
		b = append(b[:0], `<row r="`...)
		b = append(strconv.AppendInt(b, int64(row), 10), `" spans="1:56">`...)
		if row == 1 {
			for c, h := range []string{"_uuid", "_submission_time", "huyen", "trong_so", "tuoi", "gop_y"} {
				text(1, c, h)
			}
			for c := range bookItems {
				text(1, 6+c, fmt.Sprintf("C%d.%d", 1+c/10, 1+c%10))
			}
		} else {
			text(row, 0, fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", rng.Uint32(), rng.Uint32()&0xffff, rng.Uint32()&0xfff, rng.Uint32()&0xfff, rng.Uint64()&0xffffffffffff))
			number(row, 1, ` s="1"><v>`, 43831+float64(rng.IntN(86400*300))/86400)
			text(row, 2, "Huyện "+strconv.Itoa(rng.IntN(9)))
			number(row, 3, `><v>`, 0.2+rng.Float64()*3)
			number(row, 4, `><v>`, float64(18+rng.IntN(70)))
			if rng.IntN(4) == 0 {
				s := words[rng.IntN(len(words))]
				for range 2 + rng.IntN(8) {
					s += " " + words[rng.IntN(len(words))]
				}
				text(row, 5, s)
			}
			for c := range bookItems {
				if rng.IntN(100) < 17 {
					continue
				}
				k := min(rng.IntN(5), rng.IntN(5))
				if form == "coded" {
					number(row, 6+c, `><v>`, float64(5-k))
				} else {
					text(row, 6+c, labels[k])
				}
			}
		}
		b = append(b, `</row>`...)
		if _, err := out.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	_, _ = out.WriteString(`</sheetData></worksheet>`)
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	p, err := z.Create("xl/sharedStrings.xml")
	if err != nil {
		t.Fatal(err)
	}
	out = bufio.NewWriter(p)
	_, _ = fmt.Fprintf(out, `%s<sst %s count="%d" uniqueCount="%d">`, head, ns, len(strs), len(strs))
	for _, s := range strs {
		_, _ = out.WriteString("<si><t>" + s + "</t></si>")
	}
	_, _ = out.WriteString("</sst>")
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return cells
}

// inflateSheet is the yardstick: what it costs to inflate the sheet part and look at nothing.
func inflateSheet(t testing.TB, path string) int64 {
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if f.Name != "xl/worksheets/sheet1.xml" {
			continue
		}
		raw, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		r := flate.NewReader(bufio.NewReaderSize(raw, 32<<10))
		buf := make([]byte, 256<<10)
		var n int64
		for {
			k, err := r.Read(buf)
			n += int64(k)
			if err == io.EOF {
				return n
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Fatal("no sheet")
	return 0
}

// scanBook reads every cell of the first sheet.
func scanBook(t testing.TB, path string) (cells int64) {
	w, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r := w.Rows(context.Background(), 0)
	defer r.Close()
	for r.Next() {
		cells += int64(len(r.Row().Cells))
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return cells
}

// excelizeBook reads every cell of the first sheet as excelize's fastest way of doing so.
func excelizeBook(t testing.TB, path string) (cells int64) {
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("data")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cols, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cols {
			if c != "" {
				cells++
			}
		}
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return cells
}

// BenchmarkInflate is the part of reading that nobody can avoid.
func BenchmarkInflate(b *testing.B) {
	for _, form := range bookForms {
		b.Run(form, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "book.xlsx")
			writeBook(b, path, form, bookRows)
			for b.Loop() {
				b.SetBytes(inflateSheet(b, path))
			}
		})
	}
}

// BenchmarkScan opens the book and reads every cell.
func BenchmarkScan(b *testing.B) {
	for _, form := range bookForms {
		b.Run(form, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "book.xlsx")
			cells := writeBook(b, path, form, bookRows)
			b.ReportAllocs()
			for b.Loop() {
				if n := scanBook(b, path); n != cells {
					b.Fatalf("%d cells of %d", n, cells)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(cells), "ns/cell")
		})
	}
}

// BenchmarkCareful reads a fifth of the book without the fast reader: what cells with formulas, prefixes and liberties cost.
func BenchmarkCareful(b *testing.B) {
	for _, form := range bookForms {
		b.Run(form, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "book.xlsx")
			cells := writeBook(b, path, form, bookRows/5)
			w, err := Open(path, Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer w.Close()
			b.ReportAllocs()
			for b.Loop() {
				r := &Rows{w: w, ctx: context.Background(), sheet: w.sheets[0], careful: true}
				n := int64(0)
				for r.Next() {
					n += int64(len(r.row.Cells))
				}
				if err := errors.Join(r.Err(), r.Close()); err != nil || n != cells {
					b.Fatalf("%d cells of %d, %v", n, cells, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(cells), "ns/cell")
		})
	}
}

// BenchmarkRatios measures inflate, scan and excelize in turn in one process, so that whatever else the machine does hits all
// alike, and reports the ratios of the fastest runs. Excelize would take a minute for the whole book: it is compared on a fifth of it.
func BenchmarkRatios(b *testing.B) {
	for _, form := range bookForms {
		b.Run(form, func(b *testing.B) {
			dir := b.TempDir()
			path, fifth := filepath.Join(dir, "book.xlsx"), filepath.Join(dir, "fifth.xlsx")
			cells := writeBook(b, path, form, bookRows)
			fewer := writeBook(b, fifth, form, bookRows/5)
			runtime.GC()
			timed := func(best *time.Duration, want int64, f func(testing.TB, string) int64, path string) {
				start := time.Now()
				if n := f(b, path); want > 0 && n != want {
					b.Fatalf("%d cells of %d", n, want)
				}
				*best = min(*best, time.Since(start))
			}
			inflate, scan, small, other := time.Hour, time.Hour, time.Hour, time.Hour
			for b.Loop() {
				for range 5 {
					timed(&inflate, 0, inflateSheet, path)
					timed(&scan, cells, scanBook, path)
				}
				timed(&small, fewer, scanBook, fifth)
				timed(&other, fewer, excelizeBook, fifth)
				timed(&small, fewer, scanBook, fifth)
			}
			b.ReportMetric(inflate.Seconds(), "inflate-s")
			b.ReportMetric(scan.Seconds(), "scan-s")
			b.ReportMetric(scan.Seconds()/inflate.Seconds(), "scan/inflate")
			b.ReportMetric(other.Seconds()/small.Seconds(), "excelize/scan")
		})
	}
}
