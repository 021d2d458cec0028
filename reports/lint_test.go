package reports

import (
	"bytes"
	"testing"

	"hailong/reports/workbook/lint"
)

// written is the fixture's workbook as a file.
func written(t testing.TB, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTo(&b, fixture(fixtureSize{}), o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbookIsClean(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		f, err := lint.Open(written(t, Options{Lang: lang, Superior: "Ủy ban nhân dân tỉnh Trà Vinh"}))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range lint.Check(f) {
			t.Errorf("%s: %s", lang, fault)
		}
	}
}
