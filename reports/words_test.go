package reports

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Every key used in the code has a text in both languages with the same verbs, and every text of the table is used.
func TestLabelsAreComplete(t *testing.T) {
	rows := map[string][]string{}
	for i, line := range strings.Split(strings.TrimRight(labelsTSV, "\n"), "\n") {
		fields := strings.Split(line, "\t")
		if len(fields) != 3 || fields[0] == "" || fields[1] == "" || fields[2] == "" {
			t.Errorf("labels.tsv:%d: want key, vi, en: %q", i+1, line)
			continue
		}
		if rows[fields[0]] != nil {
			t.Errorf("labels.tsv:%d: %s stands twice", i+1, fields[0])
		}
		rows[fields[0]] = fields[1:]
	}
	verb := regexp.MustCompile(`%(\[[0-9]\])?[0-9]*[sd]`)
	for key, texts := range rows {
		vi, en := verb.FindAllString(texts[0], -1), verb.FindAllString(texts[1], -1)
		if key != "letterhead.date" && !slices.Equal(vi, en) {
			t.Errorf("%s: verbs %v in Vietnamese, %v in English", key, vi, en)
		}
		if len(vi) == 0 && (strings.Contains(texts[0], "%%") || strings.Contains(texts[1], "%%")) && !strings.HasPrefix(key, "piece.") {
			t.Errorf("%s: %%%% in a text without verbs is shown as two", key)
		}
		if !norm.NFC.IsNormalString(texts[0]) {
			t.Errorf("%s: not NFC", key)
		}
	}
	used := usedKeys(t)
	for _, key := range used {
		if !strings.HasSuffix(key, ".") && rows[key] == nil {
			t.Errorf("%s is used and has no text", key)
		}
	}
	for key := range rows {
		if !slices.ContainsFunc(used, func(u string) bool { return u == key || strings.HasSuffix(u, ".") && strings.HasPrefix(key, u) }) {
			t.Errorf("%s has a text and is not used", key)
		}
	}
}

// usedKeys are the string literals of the package's code that look like keys; one that ends in a point is the beginning of keys.
func usedKeys(t *testing.T) []string {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`\.(?:t|or|piece)\("([^"]+)"`)
	literal := regexp.MustCompile(`"([a-z]+\.[a-z0-9._]*[a-z0-9_]|[a-z]+\.)"`)
	var keys []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(code), -1) {
			keys = append(keys, m[1])
		}
		for _, m := range literal.FindAllStringSubmatch(string(code), -1) {
			if prefix, _, _ := strings.Cut(m[1], "."); slices.Contains([]string{"piece", "cover", "means", "mark", "method", "repro", "summary", "target", "col", "about", "tile"}, prefix) {
				keys = append(keys, m[1])
			}
		}
	}
	return keys
}

func TestFixedRoundsAsExcelDoes(t *testing.T) {
	// Computed with LibreOffice 7.4's FIXED(x,1,TRUE) and FIXED(x,2,TRUE); 84.25 and 1.005 are halves in decimal digits only.
	for _, c := range []struct {
		value    float64
		decimals int
		want     string
	}{{84.25, 1, "84.3"}, {84.15, 1, "84.2"}, {84.05, 1, "84.1"}, {-84.25, 1, "-84.3"}, {1.005, 2, "1.01"}, {2.5, 0, "3"}, {0.04, 1, "0.0"}, {-0.04, 1, "0.0"}, {99.95, 1, "100.0"}, {1234.56, 1, "1234.6"}} {
		if got := fixed(c.value, c.decimals); got != c.want {
			t.Errorf("fixed(%v, %d) = %s, want %s", c.value, c.decimals, got, c.want)
		}
	}
}
