package samples_test

import (
	"os"
	"path/filepath"
	"testing"

	"hailong/analytics/index"
	"hailong/ingest/questionnaire"
)

// Both rooms must accept the definition that a user would write.
func TestSFODefinitionIsSound(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("sfo-2017", "sfo-2017.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := questionnaire.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Check(); err != nil {
		t.Error(err)
	}
	if len(q.Items) != 25 {
		t.Errorf("%d items, want 15 of facilities, 6 of cleanliness, 1 of safety and 3 of ease", len(q.Items))
	}
	d, err := index.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range d.Check() {
		t.Error(err)
	}
}
