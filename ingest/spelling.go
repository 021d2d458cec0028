package ingest

// A Spelling is how a dataset file writes an area: in the spelling that came first, for all spellings of the same key.
type Spelling struct {
	Column string `json:"column"` // of the dataset
	Key    string `json:"key"`
	Name   string `json:"name"`
}

// spellings gives all spellings of an area the one that came first, so that GROUP BY in the dataset puts `Hoà Lợi` and `Hòa Lợi` together
// under a name that somebody wrote.
type spellings struct {
	at   map[[2]string]int
	list []Spelling
}

func newSpellings() *spellings { return &spellings{at: map[[2]string]int{}} }

// of is the name of an area in a column of the dataset.
func (s *spellings) of(column, text string) string {
	return s.first(Spelling{Column: column, Key: unitKey(text), Name: unitName(text)})
}

func (s *spellings) first(one Spelling) string {
	key := [2]string{one.Column, one.Key}
	at, ok := s.at[key]
	if !ok {
		at = len(s.list)
		s.at[key] = at
		s.list = append(s.list, one)
	}
	return s.list[at].Name
}

// respell says which names of a sheet were spelt in another way in an earlier sheet or file: by column, the name and that spelling.
func (s *spellings) respell(sheet []Spelling) map[string]map[string]string {
	var changes map[string]map[string]string
	for _, one := range sheet {
		name := s.first(one)
		if name == one.Name {
			continue
		}
		if changes == nil {
			changes = map[string]map[string]string{}
		}
		if changes[one.Column] == nil {
			changes[one.Column] = map[string]string{}
		}
		changes[one.Column][one.Name] = name
	}
	return changes
}
