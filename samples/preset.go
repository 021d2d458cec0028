package samples

import (
	"io"
	"slices"
	"strings"

	"hailong/ingest/wording"
)

// Presets lists the samples that Preset makes.
func Presets() []string { return []string{"tra-vinh-2020"} }

// Preset makes a sample that ships, in the files that it is kept in.
func Preset(name string) (*Sample, error) {
	if !slices.Contains(Presets(), name) {
		return nil, wording.Errorf("making the preset %q: there is %s", name, strings.Join(Presets(), ", "))
	}
	return TraVinh2020()
}

// Formats lists what Write writes.
func Formats() []string { return []string{"xlsx", "csv", "parquet"} }

// Write writes the whole survey in one of the Formats. Parquet has one shape, whatever the look.
func (s *Survey) Write(w io.Writer, format string, look Look) error {
	switch format {
	case "xlsx":
		return s.WriteXLSX(w, look, -1)
	case "csv":
		return s.WriteCSV(w, look, -1)
	case "parquet":
		return s.WriteParquet(w)
	default:
		return wording.Errorf("writing a survey: format %q: want %s", format, strings.Join(Formats(), ", "))
	}
}
