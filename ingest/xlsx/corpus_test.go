package xlsx

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

// sharedDir is the folder of the corpus and the golden files, which are not part of the repository.
func sharedDir(t testing.TB, sub string) string {
	t.Helper()
	dir := os.Getenv("HAILONG_SHARED")
	if dir == "" {
		at, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
				break
			}
			if filepath.Dir(at) == at {
				t.Fatal("no go.mod above the test")
			}
			at = filepath.Dir(at)
		}
		dir = filepath.Join(at, "..", "shared")
	}
	dir = filepath.Join(dir, sub)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("%s is absent: set HAILONG_SHARED to the folder that holds it", dir)
	}
	return dir
}

// corpusFile is a line of the manifest.
type corpusFile struct {
	name, path, sha1, features string
}

func corpus(t testing.TB) []corpusFile {
	dir := sharedDir(t, "corpus")
	f, err := os.Open(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []corpusFile
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		c := strings.Split(s.Text(), "\t")
		if c[0] != "file" {
			list = append(list, corpusFile{name: c[0], path: filepath.Join(dir, c[0]), sha1: c[6], features: c[8]})
		}
	}
	if err := s.Err(); err != nil || len(list) < 700 {
		t.Fatalf("manifest: %d files, %v", len(list), err)
	}
	return list
}

func isOOXML(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx", ".xlsm", ".xltx", ".xltm":
		return true
	}
	return false
}

type oracleSheet struct {
	Name   string   `json:"n"`
	Merges []string `json:"merges"`
	Cells  [][3]any `json:"cells"`
	Count  *int     `json:"count"`
}

type oracleFile struct {
	SHA1   string        `json:"sha1"`
	D1904  bool          `json:"d1904"`
	Sheets []oracleSheet `json:"sheets"`
}

func oracle(t testing.TB) map[string]oracleFile {
	f, err := os.Open(filepath.Join(sharedDir(t, "corpus"), "oracle.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]oracleFile{}
	d := json.NewDecoder(z)
	for d.More() {
		var o oracleFile
		if err := d.Decode(&o); err != nil {
			t.Fatal(err)
		}
		all[o.SHA1] = o
	}
	return all
}

// ourSheet is a line of WriteCells.
type ourSheet struct {
	Name   string   `json:"sheet"`
	State  string   `json:"state"`
	Merges []string `json:"merges"`
	Cells  [][3]any `json:"cells"`
}

func cellsOf(path string) ([]ourSheet, error) {
	w, err := Open(path, Options{})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	var b bytes.Buffer
	if err := WriteCells(context.Background(), &b, w); err != nil {
		return nil, err
	}
	var list []ourSheet
	d := json.NewDecoder(&b)
	for d.More() {
		var s ourSheet
		if err := d.Decode(&s); err != nil {
			return nil, fmt.Errorf("our JSON: %w", err)
		}
		list = append(list, s)
	}
	return list, nil
}

// differences lists, at most a few, what is not the same in the two readings.
func differences(ours []ourSheet, o oracleFile) []string {
	var d []string
	by := map[string]ourSheet{}
	for _, s := range ours {
		by[s.Name] = s
	}
	for _, want := range o.Sheets {
		got, ok := by[want.Name]
		if !ok {
			if len(want.Cells) > 0 || len(want.Merges) > 0 {
				d = append(d, "no sheet "+want.Name)
			}
			continue
		}
		if want.Count != nil {
			if len(got.Cells) != *want.Count {
				d = append(d, fmt.Sprintf("%s: %d cells, oracle %d", want.Name, len(got.Cells), *want.Count))
			}
			continue
		}
		a, b := append([]string(nil), got.Merges...), append([]string(nil), want.Merges...)
		sort.Strings(a)
		sort.Strings(b)
		if strings.Join(a, " ") != strings.Join(b, " ") {
			d = append(d, fmt.Sprintf("%s: merges %.60q, oracle %.60q", want.Name, a, b))
		}
		cells := map[any][3]any{}
		for _, c := range got.Cells {
			cells[c[0]] = c
		}
		for _, w := range want.Cells {
			g, ok := cells[w[0]]
			delete(cells, w[0])
			if !ok {
				d = append(d, fmt.Sprintf("%s!%v: nothing, oracle %v %.40q", want.Name, w[0], w[1], fmt.Sprint(w[2])))
			} else if g != w && !sameNumber(g, w) {
				d = append(d, fmt.Sprintf("%s!%v: %v %.60q, oracle %v %.60q", want.Name, w[0], g[1], fmt.Sprint(g[2]), w[1], fmt.Sprint(w[2])))
			}
		}
		for ref, c := range cells {
			d = append(d, fmt.Sprintf("%s!%v: %v %.40q, oracle nothing", want.Name, ref, c[1], fmt.Sprint(c[2])))
		}
	}
	return d
}

// sameNumber: the oracle's numbers went through another language's printing; what differs must still be the same float64.
func sameNumber(a, b [3]any) bool {
	x, ok1 := a[2].(float64)
	y, ok2 := b[2].(float64)
	return ok1 && ok2 && a[1] == b[1] && math.Float64bits(x) == math.Float64bits(y)
}

// oracleDiffers are the files that we read differently from the oracle, and why ours is right.
var oracleDiffers = map[string]string{
	"calamine/date_iso.xlsx":        "A3 holds the ISO time 10:10:10 (t=\"d\"), which is the serial 0.42…; the oracle has no value for a time without a date",
	"poi/52575_main.xlsx":           "A2 is t=\"inlineStr\" with its text in v instead of is (an old LibreOffice); Excel and openpyxl show POI rocks!, the oracle drops it",
	"readxl/richtext-coloured.xlsx": "A2 has a t and two runs; readxl's own test for this file wants tvalrval1rval2, the oracle stops after the t",
}

// chartCells are files whose chart sheets the oracle lists with cells: those are numbers cached in the chart's drawing, which are no
// cells of any sheet. That the part is a chart sheet and holds no cell, noCells proves without our reader. Everything else in these
// files must be equal.
var chartCells = map[string]string{
	"calamine/any_sheets.xlsx":   "Chart",
	"calamine/issue438.xlsx":     "Chart1",
	"poi/WithChartSheet.xlsx":    "Chart2",
	"poi/stress024.xlsx":         "Selling price figure,Purchase price figure",
	"tealeg/testchartsheet.xlsx": "Chart1",
}

// TestOracle compares every OOXML file of the oracle with it, cell for cell.
func TestOracle(t *testing.T) {
	all := oracle(t)
	n, equal, strict := 0, 0, 0
	for _, f := range corpus(t) {
		o, ok := all[f.sha1]
		if !ok || !isOOXML(f.name) {
			continue
		}
		n++
		ours, err := cellsOf(f.path)
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		d := differences(ours, o)
		if charts := chartCells[f.name]; charts != "" {
			var rest, want []string
			for _, x := range d {
				if !strings.HasPrefix(x, "no sheet ") {
					rest = append(rest, x)
				}
			}
			for _, c := range strings.Split(charts, ",") {
				want = append(want, "no sheet "+c)
				noCells(t, f.path, c)
			}
			strict--
			if len(rest) == 0 && strings.Join(d, ",") != strings.Join(want, ",") {
				t.Errorf("%s is listed for its chart sheets %s, but differs in %q", f.name, charts, d)
			}
			d = rest
		}
		if len(d) == 0 {
			equal++
		}
		why := oracleDiffers[f.name]
		switch {
		case len(d) > 0 && why == "":
			t.Errorf("%s: %d: %s", f.name, len(d), strings.Join(d[:min(3, len(d))], "\n\t"))
		case len(d) == 0 && why != "":
			t.Errorf("%s is listed as different (%s) but is not", f.name, why)
		}
	}
	if n < 330 || float64(equal) < 0.985*float64(n) {
		t.Errorf("%d of %d files equal", equal, n)
	}
	t.Logf("%d of %d files equal, %d with the chart sheets that the oracle gives cells", equal, n, equal+strict)
}

// noCells proves with the standard library alone that a sheet is a chart sheet and that its part has no cell.
func noCells(t *testing.T, path, sheet string) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	// elements calls each with every start tag of a part.
	elements := func(part string, each func(xml.StartElement)) {
		f, err := z.Open(part)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		defer f.Close()
		d := xml.NewDecoder(f)
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("%s, %s: %v", path, part, err)
			}
			if start, ok := token.(xml.StartElement); ok {
				each(start)
			}
		}
	}
	value := func(e xml.StartElement, name string) string {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	id, part, kind := "", "", ""
	elements("xl/workbook.xml", func(e xml.StartElement) {
		if e.Name.Local == "sheet" && value(e, "name") == sheet {
			id = value(e, "id")
		}
	})
	elements("xl/_rels/workbook.xml.rels", func(e xml.StartElement) {
		if e.Name.Local == "Relationship" && value(e, "Id") == id {
			part, kind = strings.TrimPrefix(value(e, "Target"), "/xl/"), filepath.Base(value(e, "Type"))
		}
	})
	if kind != "chartsheet" {
		t.Errorf("%s: %s is no chart sheet but %q", path, sheet, kind)
		return
	}
	elements("xl/"+part, func(e xml.StartElement) {
		switch e.Name.Local {
		case "sheetData", "row", "c":
			t.Errorf("%s: the chart sheet %s has <%s>", path, sheet, e.Name.Local)
		}
	})
}

// refused are the OOXML files of the corpus that cannot be read, and words that the message must have.
var refused = map[string]string{
	"calamine/issue252.xlsx":      "xl/_rels/workbook.xml.rels", // checksum and length are both wrong: zip programs refuse it too
	"excelize/encryptAES.xlsx":    "password",
	"excelize/encryptSHA1.xlsx":   "password",
	"excelize/encryptSHA512.xlsx": "password",
	"poi/54764-2.xlsx":            "document type",
	"poi/54764.xlsx":              "document type",
	"poi/poc-xmlbomb.xlsx":        "document type",
	"synthetic/entity_bomb.xlsx":  "document type",
	"poi/clusterfuzz-testcase-minimized-POIFuzzer-5040805309710336.xlsx":      "not a valid zip file",
	"poi/clusterfuzz-testcase-minimized-POIXSSFFuzzer-4828727001088000.xlsx":  "not a valid zip file",
	"poi/clusterfuzz-testcase-minimized-POIXSSFFuzzer-5089447305609216.xlsx":  "not a valid zip file",
	"poi/clusterfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx":  "Exp8", // row 23199999…
	"poi/clusterfuzz-testcase-minimized-POIXSSFFuzzer-6448258963341312.xlsx":  "not a valid zip file",
	"poi/clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5025401116950528.xlsx": "not a valid zip file",
	"poi/clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5542865479270400.xlsx": "not a valid zip file",
	"poi/clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-6504225896792064.xlsx": "not a valid zip file",
	"poi/crash-9bf3cd4bd6f50a8a9339d363c2c7af14b536865c.xlsx":                 "password",
	"poi/duplicate-filename.xlsx":                                             "two parts of this name",
	"poi/protected_passtika.xlsx":                                             "password",
	"poi/protected_sha512.xlsx":                                               "password",
	"synthetic/empty.xlsx":                                                    "empty",
	"synthetic/truncated.xlsx":                                                "not a valid zip file",
	"tealeg/badfile_noWorkbookRels.xlsx":                                      "Tabelle1",        // no relationships, so no way to the sheet
	"xlsxreader/test-shared-strings-with-r-element.xlsx":                      "shared string 3", // made by hand, with three of many strings
	"xlsxreader/test-shared-strings.xlsx":                                     "shared string 3",
}

// TestEveryFile reads every OOXML file of the corpus, hostile ones too: no panic, ten seconds, bounded memory, and an error
// for exactly those that cannot be read.
func TestEveryFile(t *testing.T) {
	n := 0
	for _, f := range corpus(t) {
		if !isOOXML(f.name) {
			continue
		}
		n++
		start := time.Now()
		err := func() error {
			w, err := Open(f.path, Options{})
			if err != nil {
				return err
			}
			defer w.Close()
			return WriteCells(context.Background(), io.Discard, w)
		}()
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s took %s", f.name, d)
		}
		words, bad := refused[f.name]
		switch {
		case err == nil && bad:
			t.Errorf("%s is listed as refused (%s) but can be read", f.name, words)
		case err != nil && !bad:
			t.Errorf("%s: %v", f.name, err)
		case err != nil:
			checkError(t, err, nil, words)
		}
	}
	if n < 440 {
		t.Errorf("only %d files", n)
	}
	if peak := peakRSS(); peak > 512<<20 {
		t.Errorf("peak memory %s", byteCount(peak))
	}
}

// peakRSS is the largest amount of memory that this process has had, 0 where the system does not tell.
func peakRSS() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(b), "\n") {
		var kb int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
			return kb << 10
		}
	}
	return 0
}

// TestFastIsCareful reads the corpus with and without the fast reader and the skimming of merges: neither may make a difference.
func TestFastIsCareful(t *testing.T) {
	for _, f := range corpus(t) {
		if st, err := os.Stat(f.path); err != nil || !isOOXML(f.name) || st.Size() > 60<<10 {
			continue
		}
		w, err := Open(f.path, Options{})
		if err != nil {
			continue
		}
		for _, s := range w.Sheets() {
			compareReaders(t, w, s, f.name)
		}
		_ = w.Close()
	}
}

// compareReaders reads one sheet in both ways.
func compareReaders(t *testing.T, w *Workbook, s Sheet, name string) {
	t.Helper()
	read := func(careful bool) (string, error) {
		r := &Rows{w: w, ctx: context.Background(), sheet: s, careful: careful}
		defer r.Close()
		var b bytes.Buffer
		for r.Next() {
			fmt.Fprintf(&b, "%d %v", r.row.Index, r.row.Hidden)
			for _, c := range r.row.Cells {
				fmt.Fprintf(&b, " %+v", c)
			}
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%+v %v", r.stats, r.merges)
		return b.String(), r.err
	}
	if s.Kind != Worksheet || w.text != nil {
		return
	}
	fast, err1 := read(false)
	careful, err2 := read(true)
	if (err1 == nil) != (err2 == nil) || err1 == nil && fast != careful {
		t.Errorf("%s, %s: fast and careful differ: %v, %v\n%s", name, s.Name, err1, err2, firstDifference(fast, careful))
	}
	if err1 != nil {
		return
	}
	a, err1 := w.skim(context.Background(), s)
	b, err2 := w.readOutline(context.Background(), s)
	if err1 != nil && !errors.Is(err1, errUnsure) || err2 != nil || err1 == nil && fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%s, %s: skimmed %v %v, read %v %v", name, s.Name, a, err1, b, err2)
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n\t%.600s\n\t%.600s", i, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}
