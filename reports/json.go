package reports

import (
	"encoding/json"
	"io"

	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// WriteJSON writes set as results.json: indented, keys in a fixed order, numbers at full precision, null where a thing is not known.
func WriteJSON(w io.Writer, set *result.Set) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(set); err != nil {
		return wording.Errorf("writing results: %w", err)
	}
	return nil
}
