package xlsx

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// readAll reads the cells of a workbook, or says why not.
func readAll(data []byte) (string, error) {
	w, err := OpenReader(bytes.NewReader(data), int64(len(data)), "damaged.xlsx", Options{})
	if err != nil {
		return "", err
	}
	defer w.Close()
	var b bytes.Buffer
	if err := WriteCells(context.Background(), &b, w); err != nil {
		return "", err
	}
	return b.String(), nil
}

// TestDamage changes one to eight bytes of a workbook, two thousand times over: what comes out is an error or the same cells.
// Half the changes hit the zip's own structures, which are a small part of the bytes and all of the danger.
func TestDamage(t *testing.T) {
	dir := sharedDir(t, "corpus")
	files := []string{
		"readxl/types.xlsx", "poi/52348.xlsx", "kobo-export/grouped_repeatable.labels-hier-both.xlsx", "synthetic/vn_tally_quan1.xlsx",
		"poi/60384.xlsx", "poi/SampleSS.strict.xlsx", "excelize/Book1.xlsx", "synthetic/qualtrics_3header.xlsx", "pyxform/excel_with_macros.xlsm", "poi/49609.xlsx",
	}
	rng := rand.New(rand.NewPCG(2000, 1))
	errs, same := 0, 0
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := readAll(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		directory := max(0, bytes.Index(data, []byte("PK\x01\x02")))
		for range 2000 / len(files) {
			hurt := bytes.Clone(data)
			at := rng.IntN(len(hurt))
			if rng.IntN(2) == 0 {
				at = directory + rng.IntN(len(hurt)-directory)
			}
			length := 1 + rng.IntN(8)
			for i := at; i < min(at+length, len(hurt)); i++ {
				hurt[i] ^= byte(1 + rng.IntN(255))
			}
			got, err := readAll(hurt)
			switch {
			case err != nil:
				errs++
				checkError(t, err, nil)
			case got == whole:
				same++
			default:
				t.Fatalf("%s: %d bytes changed at %d of %d: other cells and no error", name, length, at, len(hurt))
			}
		}
	}
	if errs+same != 2000 || errs < 500 || same < 100 {
		t.Errorf("%d errors, %d same", errs, same)
	}
	t.Logf("%d errors, %d same cells", errs, same)
}

// TestCut cuts a workbook at every length: never a workbook with fewer cells.
func TestCut(t *testing.T) {
	data := rows(`<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>`).with("xl/sharedStrings.xml", sst(`<si><t>a</t></si>`)).bytes(t)
	for n := 2; n < len(data); n++ { // a lone P is still a text file
		if got, err := readAll(data[:n]); err == nil {
			t.Errorf("cut to %d of %d bytes: %q", n, len(data), got)
		}
	}
}
