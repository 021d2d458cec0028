package main

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"

	"hailong/analytics/result"
)

// estimatesCSV writes estimates at full precision, one a line.
func estimatesCSV(w io.Writer, estimates []result.Estimate) error {
	out := csv.NewWriter(w)
	if err := out.Write(estimateColumns); err != nil {
		return err
	}
	for _, e := range estimates {
		if err := out.Write(estimateFields(e, -1)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
