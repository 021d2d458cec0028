package questionnaire

// Bounds say how sure a fuzzy match must be. Zero fields mean the defaults.
type Bounds struct {
	Score  float64 `yaml:"score"`  // similarity of header and wording; 0.85
	Margin float64 `yaml:"margin"` // distance to the runner-up; 0.05
}
