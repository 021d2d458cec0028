package survey

import "testing"

// TestReference computes the project's own cases, whose expected values testdata/r/make.R made with the R and survey versions that
// stand in testdata/r/expected.json. A clone needs nothing else to check its numbers.
func TestReference(t *testing.T) { runGolden(t, "testdata/r") }
