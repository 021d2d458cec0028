package reports

import (
	"os"
	"testing"
)

func TestWriteFixture(t *testing.T) {
	set := fixture(fixtureSize{})
	for _, lang := range []string{"vi", "en"} {
		f, err := os.Create("/tmp/fx-" + lang + ".xlsx")
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteTo(f, set, Options{Lang: lang, Superior: "Ủy ban nhân dân tỉnh Trà Vinh", Contact: "Phòng Cải cách hành chính", Date: "2021-02-05"}); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}
