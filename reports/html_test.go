package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/analytics/result"
	"hailong/reports/workbook"
)

func asPage(t *testing.T, set *result.Set, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHTML(&b, set, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTMLIsOneWholeFile(t *testing.T) {
	got := asPage(t, fixture(fixtureSize{}), Options{})
	for _, outside := range []string{"http://", "https://", "<script", "<link", "@import", "url(", " src="} {
		if strings.Contains(got, outside) {
			t.Errorf("the page reaches outside itself: %s", outside)
		}
	}
	for _, wanted := range []string{`<html lang="vi">`, `name="viewport"`, "84,2", "80,3", "SỐ LIỆU MÔ PHỎNG", "✘ Chưa đạt", "<svg", "Trung bình thấp", `scope="col"`, "aria-label="} {
		if !strings.Contains(got, wanted) {
			t.Errorf("the page lacks %s", wanted)
		}
	}
	// Every element is closed: the page, without its void elements, is well-formed.
	decoder := xml.NewDecoder(strings.NewReader(got))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, []string{"meta"}, xml.HTMLEntity
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestHTMLEscapes(t *testing.T) {
	set := fixture(fixtureSize{})
	const evil = `<script>alert(1)</script>`
	set.Plan.Title = evil
	set.Nodes[1].Name = result.Text{VI: evil, EN: evil}
	set.Problems[0].Got = evil
	set.Placements[3].Name = result.Text{VI: evil}
	if got := asPage(t, set, Options{}); strings.Contains(got, evil) {
		t.Error("a text of the set became markup")
	}
}

func TestHTMLBesideTheWorkbook(t *testing.T) {
	folder := t.TempDir()
	if err := Write(t.Context(), filepath.Join(folder, "so.xlsx"), fixture(fixtureSize{}), Options{Formats: []string{"xlsx", "html"}}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"so.xlsx", "so.html"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Write(t.Context(), filepath.Join(folder, "mat.xlsx"), fixture(fixtureSize{}), Options{Formats: []string{"xlsx", "html"}, Password: "x"}); err == nil {
		t.Error("an open copy beside an encrypted workbook is no error")
	}
}

func TestDisplay(t *testing.T) {
	for _, c := range []struct {
		lang, format string
		value        float64
		want         string
	}{
		{"vi", "0.0", 84.25, "84,3"},
		{"en", "0.0", 84.25, "84.3"},
		{"vi", "#,##0", 1234567, "1.234.567"},
		{"en", "#,##0", 1234, "1,234"},
		{"vi", "#,##0", 12, "12"},
		{"vi", "+0.0;-0.0;0.0", 1.25, "+1,3"},
		{"vi", "+0.0;-0.0;0.0", -1.25, "-1,3"},
		{"vi", "+0.0;-0.0;0.0", 0.01, "0,0"},
		{"vi", `"≤ ""hạng "0`, 41, "≤ hạng 41"},
		{"vi", `"≥ "0.0" %"`, 85, "≥ 85,0 %"},
		{"vi", "0.##", 0.25, "0,25"},
		{"vi", "0.##", 100, "100"},
		{"vi", "", 0.5, "0,5"},
	} {
		r := &report{w: newWords(c.lang), book: &workbook.Book{}}
		if got := r.display(cell{Kind: workbook.Number, Number: c.value, Style: r.book.Style(workbook.Style{Format: c.format})}); got != c.want {
			t.Errorf("%v as %s in %s: %q, want %q", c.value, c.format, c.lang, got, c.want)
		}
	}
}
