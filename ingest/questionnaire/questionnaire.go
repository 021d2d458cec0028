// Package questionnaire knows what a column means: which item it answers, on which scale, and what each answer is worth.
//
// What comes in: a definition file (YAML, its `questionnaire` section), an XLSForm, or both, and the headers and values of a
// table that package layout found. What goes out: a match for every column with how it was made and how sure it is, and a coder that
// turns each cell into a code or one kind of missing. What is promised: no match below the stated bound, no cell turned into
// missing because of a guess, and a column that identifies a person is named and dropped unless the plan keeps it.
package questionnaire

// Text is one phrase in both languages of the house.
type Text struct {
	VI string `yaml:"vi"`
	EN string `yaml:"en"`
}

// A Questionnaire is the `questionnaire` section of a definition file.
type Questionnaire struct {
	Scales     map[string]Scale `yaml:"scales"`
	Missing    Missing          `yaml:"missing"`
	Items      []Item           `yaml:"items"`
	Background []Variable       `yaml:"background"`
	Routing    []Route          `yaml:"routing"`

	Unread     []Unread    `yaml:"-"` // what an XLSForm says of routing and was not understood
	References []Reference `yaml:"-"` // what else its routing depends on
}

// A Scale is the answers an item takes: integer codes with their labels. Synonyms are further labels seen in exports.
type Scale struct {
	Codes    map[int]Text     `yaml:"codes"`
	Synonyms map[int][]string `yaml:"synonyms"`
	Missing  Missing          `yaml:"missing"` // beside the questionnaire's own
	Numeric  bool             `yaml:"numeric"` // any number from Min to Max, no codes
	Min      *float64         `yaml:"min"`
	Max      *float64         `yaml:"max"`
	Multiple bool             `yaml:"multiple"`

	numbers map[int]int // what numbers in the file stand for, where an XLSForm counts its choices in its own way; nil: the codes
}

// Missing lists codes and labels of the kinds of missing that an export spells out. A blank cell is always Missing.
type Missing struct {
	Blank         Kind `yaml:"blank"`
	DontKnow      Kind `yaml:"dont_know"`
	Refused       Kind `yaml:"refused"`
	NotApplicable Kind `yaml:"not_applicable"`
}

// Kind is how one kind of missing is written.
type Kind struct {
	Codes  []int    `yaml:"codes"`
	Labels []string `yaml:"labels"`
}

// An Item is one question that an index counts.
type Item struct {
	ID      string   `yaml:"id"`    // the dataset's column name; letters, digits, underscore
	Block   string   `yaml:"block"` // satisfaction, perception, expectation, …
	Scale   string   `yaml:"scale"`
	Text    Text     `yaml:"text"`
	Aliases []string `yaml:"aliases"` // codes and headers seen in exports: C1.1, "Câu 1", Q7A
	Basis   string   `yaml:"basis"`
}

// A Variable is a background column: an area, a characteristic, a weight, an id.
type Variable struct {
	ID      string   `yaml:"id"`
	Role    string   `yaml:"role"`  // area, characteristic, field, id, weight, strata, psu, fpc, time, interviewer, personal, ignore
	Scale   string   `yaml:"scale"` // empty: free text or number as it stands
	Text    Text     `yaml:"text"`
	Aliases []string `yaml:"aliases"`
	From    []string `yaml:"from"`  // where it may come from if no column has it: title, group, sheet, file
	Bands   []Band   `yaml:"bands"` // a number is put into bands (age → age group); the number is kept too
	Keep    bool     `yaml:"keep"`  // a personal column that is to be kept
}

// A Band is one class of a banded number, [From, To].
type Band struct {
	From  float64 `yaml:"from"`
	To    float64 `yaml:"to"`
	Label Text    `yaml:"label"`
}

// A Route says when items do not apply: they are then not_applicable, whatever the cell holds. Off unless the plan turns it on.
type Route struct {
	Items []string `yaml:"items"`
	When  string   `yaml:"when"` // "c8_7 == 2"
	On    bool     `yaml:"on"`
	Blank bool     `yaml:"blank"` // only blank cells: an answer that should not be there stays one and is reported
	Basis string   `yaml:"basis"`

	row int // of the form's sheet survey
}

// Codes of the kinds of missing in an item's column of the dataset. A blank answer is null; every other kind is a negative code.
const (
	CodeDontKnow      = -1
	CodeRefused       = -2
	CodeNotApplicable = -3
	CodeInvalid       = -4
)
