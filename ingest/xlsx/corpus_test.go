package xlsx

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
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

func TestOracle(t *testing.T) {
	all := oracle(t)
	n := 0
	for _, f := range corpus(t) {
		o, ok := all[f.sha1]
		if !ok || !isOOXML(f.name) {
			continue
		}
		n++
		start := time.Now()
		ours, err := cellsOf(f.path)
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s took %s", f.name, d)
		}
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
			continue
		}
		if d := differences(ours, o); len(d) > 0 {
			t.Errorf("%s: %d: %s", f.name, len(d), strings.Join(d[:min(3, len(d))], "\n\t"))
		}
	}
	t.Logf("%d files", n)
}
