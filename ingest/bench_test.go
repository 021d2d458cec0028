package ingest

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"

	"hailong/ingest/xlsx"
)

// The test book of the measurements: id, time, district, weight, age, comment and 50 answers on a scale of five, of which 17 in 100 are blank.
const (
	bookRows  = 100_000
	bookItems = 50
)

// bookDefinition describes the book's columns.
func bookDefinition() []byte {
	var b strings.Builder
	b.WriteString("questionnaire:\n  scales:\n    sat5:\n      codes: {1: {vi: Rất không hài lòng}, 2: {vi: Không hài lòng}, 3: {vi: Bình thường}, 4: {vi: Hài lòng}, 5: {vi: Rất hài lòng}}\n  items:\n")
	for i := range bookItems {
		fmt.Fprintf(&b, "    - {id: C%d_%d, scale: sat5, aliases: [C%d.%d]}\n", 1+i/10, 1+i%10, 1+i/10, 1+i%10)
	}
	b.WriteString("  background:\n    - {id: huyen, role: area, aliases: [huyen]}\n    - {id: trong_so, role: weight}\n    - {id: gop_y, role: field}\n")
	return []byte(b.String())
}

// bookForms are the three ways in which exports store text and codes.
func bookForms() []string { return []string{"shared", "coded", "inline"} }

// bookWriter writes the rows of the test book's sheet.
type bookWriter struct {
	form  string
	out   *bufio.Writer
	b     []byte
	index map[string]int
	texts []string
}

func (w *bookWriter) start(row, col int, rest string) {
	w.b = xlsx.AppendRef(append(w.b, `<c r="`...), row, col)
	w.b = append(append(w.b, '"'), rest...)
}

func (w *bookWriter) text(row, col int, s string) {
	if w.form == "inline" {
		w.start(row, col, ` t="inlineStr"><is><t>`)
		w.b = append(append(w.b, s...), `</t></is></c>`...)
		return
	}
	i, ok := w.index[s]
	if !ok {
		i = len(w.texts)
		w.index[s], w.texts = i, append(w.texts, s)
	}
	w.start(row, col, ` t="s"><v>`)
	w.b = append(strconv.AppendInt(w.b, int64(i), 10), `</v></c>`...)
}

func (w *bookWriter) number(row, col int, style string, f float64) {
	w.start(row, col, style+`><v>`)
	w.b = append(strconv.AppendFloat(w.b, f, 'f', -1, 64), `</v></c>`...)
}

func (w *bookWriter) row(row int, rng *rand.Rand) error {
	labels := [...]string{"Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"}
	words := [...]string{"cán bộ", "nhiệt tình", "thủ tục", "nhanh", "chậm", "hồ sơ", "đất đai", "một cửa", "phí", "rõ ràng", "cần", "cải thiện"}
	w.b = append(strconv.AppendInt(append(w.b[:0], `<row r="`...), int64(row), 10), `">`...)
	if row == 1 {
		for c, h := range []string{"_uuid", "_submission_time", "huyen", "trong_so", "tuoi", "gop_y"} {
			w.text(1, c, h)
		}
		for c := range bookItems {
			w.text(1, 6+c, fmt.Sprintf("C%d.%d", 1+c/10, 1+c%10))
		}
	} else {
		w.text(row, 0, fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", rng.Uint32(), rng.Uint32()&0xffff, rng.Uint32()&0xfff, rng.Uint32()&0xfff, rng.Uint64()&0xffffffffffff))
		w.number(row, 1, ` s="1"`, 43831+float64(rng.IntN(86400*300))/86400)
		w.text(row, 2, "Huyện "+strconv.Itoa(rng.IntN(9)))
		w.number(row, 3, "", 0.2+rng.Float64()*3)
		w.number(row, 4, "", float64(18+rng.IntN(70)))
		if rng.IntN(4) == 0 {
			s := words[rng.IntN(len(words))]
			for range 2 + rng.IntN(8) {
				s += " " + words[rng.IntN(len(words))]
			}
			w.text(row, 5, s)
		}
		for c := range bookItems {
			if rng.IntN(100) < 17 {
				continue
			}
			if k := min(rng.IntN(5), rng.IntN(5)); w.form == "coded" {
				w.number(row, 6+c, "", float64(5-k))
			} else {
				w.text(row, 6+c, labels[k])
			}
		}
	}
	w.b = append(w.b, `</row>`...)
	_, err := w.out.Write(w.b)
	return err
}

// writeBook writes the test book. The generator is seeded: every run measures the same bytes.
func writeBook(t testing.TB, path, form string, rows int, seed uint64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
	part := func(name string, write func(io.Writer) error) {
		p, err := z.Create(name)
		if err == nil {
			err = write(p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	part("_rels/.rels", text(rels+`<Relationship Id="r1" Type="`+rel+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`))
	part("xl/workbook.xml", text(`<workbook `+ns+` xmlns:r="`+rel+`"><sheets><sheet name="data" sheetId="1" r:id="r1"/></sheets></workbook>`))
	part("xl/_rels/workbook.xml.rels", text(rels+`<Relationship Id="r1" Type="`+rel+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="`+rel+`/styles" Target="styles.xml"/><Relationship Id="r3" Type="`+rel+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`))
	part("xl/styles.xml", text(`<styleSheet `+ns+`><fonts count="1"><font><name val="Calibri"/></font></fonts><cellXfs count="2"><xf numFmtId="0" fontId="0"/><xf numFmtId="22" fontId="0"/></cellXfs></styleSheet>`))
	w := &bookWriter{form: form, index: map[string]int{}}
	part("xl/worksheets/sheet1.xml", func(out io.Writer) error {
		w.out = bufio.NewWriterSize(out, 1<<20)
		_, _ = w.out.WriteString(`<worksheet ` + ns + `><sheetData>`)
		rng := rand.New(rand.NewPCG(168, seed))
		for row := 1; row <= rows+1; row++ {
			if err := w.row(row, rng); err != nil {
				return err
			}
		}
		_, _ = w.out.WriteString(`</sheetData></worksheet>`)
		return w.out.Flush()
	})
	part("xl/sharedStrings.xml", func(out io.Writer) error {
		b := bufio.NewWriter(out)
		_, _ = b.WriteString("<sst " + ns + ">")
		for _, s := range w.texts {
			_, _ = b.WriteString("<si><t>" + s + "</t></si>")
		}
		_, _ = b.WriteString("</sst>")
		return b.Flush()
	})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// inflateSheet is the yardstick: what it costs to inflate the sheet and look at nothing.
func inflateSheet(t testing.TB, path string) {
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
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, flate.NewReader(bufio.NewReaderSize(raw, 32<<10)), make([]byte, 256<<10)); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkIngestRatios measures, in one process and in turn, the time to inflate the sheet, the way to Arrow batches of coded answers
// that quality has looked at, and the whole way to Parquet, and reports the ratios of the fastest runs.
func BenchmarkIngestRatios(b *testing.B) {
	for _, form := range bookForms() {
		b.Run(form, func(b *testing.B) {
			dir := b.TempDir()
			path := filepath.Join(dir, "book.xlsx")
			writeBook(b, path, form, bookRows, 2020)
			runtime.GC()
			inflate, batches, whole := time.Hour, time.Hour, time.Hour
			inflateCPU, batchesCPU, wholeCPU := time.Hour, time.Hour, time.Hour
			timed := func(best, processor *time.Duration, f func()) {
				start, used := time.Now(), processorTime(b)
				f()
				*best, *processor = min(*best, time.Since(start)), min(*processor, processorTime(b)-used)
			}
			for range b.N {
				for range 3 {
					timed(&inflate, &inflateCPU, func() { inflateSheet(b, path) })
					timed(&batches, &batchesCPU, func() {
						r, err := process(b.Context(), Options{Files: []string{path}, Definition: bookDefinition()}, false)
						if err != nil || r.Ledger.Kept != bookRows {
							b.Fatalf("%v", err)
						}
					})
					timed(&whole, &wholeCPU, func() {
						r := run(b, Options{Files: []string{path}, Definition: bookDefinition(), Out: filepath.Join(dir, "out"), NoCache: true})
						if r.Ledger.Kept != bookRows || len(r.Problems) > 0 {
							b.Fatalf("kept %d rows; %v", r.Ledger.Kept, r.Problems)
						}
					})
				}
			}
			b.ReportMetric(inflate.Seconds()*1000, "ms-inflate")
			b.ReportMetric(whole.Seconds()*1000, "ms-ingest")
			b.ReportMetric(batches.Seconds()/inflate.Seconds(), "batches/inflate")
			b.ReportMetric(batchesCPU.Seconds()/max(inflateCPU.Seconds(), 1e-9), "cpu-batches/inflate")
			b.ReportMetric(whole.Seconds()/inflate.Seconds(), "ingest/inflate")
			b.ReportMetric(wholeCPU.Seconds()/max(inflateCPU.Seconds(), 1e-9), "cpu-ingest/inflate")
		})
	}
}

// BenchmarkIngestManyFiles reports the time a file of 1,000 rows for 50 and for 500 files, which must be alike, and how many cores were busy.
func BenchmarkIngestManyFiles(b *testing.B) {
	dir := b.TempDir()
	var files []string
	for i := range 500 {
		path := filepath.Join(dir, fmt.Sprintf("book-%03d.xlsx", i))
		writeBook(b, path, "shared", 1000, uint64(i))
		files = append(files, path)
	}
	for _, n := range []int{50, 500} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			used := processorTime(b)
			for b.Loop() {
				r := run(b, Options{Files: files[:n], Definition: bookDefinition(), Out: filepath.Join(dir, "out"), NoCache: true})
				if r.Ledger.Kept != int64(1000*n) {
					b.Fatalf("kept %d rows", r.Ledger.Kept)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N)/float64(n), "ms/file")
			b.ReportMetric((processorTime(b)-used).Seconds()/b.Elapsed().Seconds(), "cores")
		})
	}
}
