package index

import (
	"fmt"
	"math"
)

// averagesShare is the part of an item's answers that must be fractions for the column to be taken as averages.
const averagesShare = 0.05

// RefuseAverages says why a share of satisfied answers cannot be made from a column, where its values are averages of answers: some
// exports keep only "4.37/5" a form, and 4.37 hides how many of the answers were 4 or 5. It returns nil for codes, and for an
// aggregator that works on means.
func (d *Definition) RefuseAverages(column string, values []float64) error {
	if d.meanScore() || d.Aggregator == "sum" || len(values) == 0 {
		return nil
	}
	fractions, example := 0, 0.0
	for _, v := range values {
		if v != math.Trunc(v) {
			fractions++
			example = v
		}
	}
	if float64(fractions) < averagesShare*float64(len(values)) || fractions < 2 {
		return nil
	}
	return fmt.Errorf("column %s holds averages of answers (such as %g), not answers: %s counts how many answered %v, which an average does not tell; export the answers item by item, or set aggregator: mean_score5",
		column, example, d.ID, d.Positive)
}
