package analytics

import (
	"slices"
	"strconv"

	"hailong/analytics/result"
)

// A Codebook says what the dataset's columns and codes are called, in the order in which they are to be printed.
// Everything in it is optional: a column it does not know goes by its own name.
type Codebook struct {
	Variables []Variable
	Items     []Item
}

// A Variable is a background column.
type Variable struct {
	ID     string
	Role   string // area, field, characteristic
	Name   result.Text
	Levels []Level // in print order; values that are not listed follow in their own order
}

// A Level is one value of a column or one answer to an item.
type Level struct {
	Code  int
	Label result.Text
}

// An Item is a question.
type Item struct {
	ID     string
	Levels []Level
}

const roleArea = "area"

func (c *Codebook) variable(id string) Variable {
	for _, v := range c.Variables {
		if v.ID == id {
			if v.Name == (result.Text{}) {
				v.Name = result.Text{VI: id, EN: id}
			}
			return v
		}
	}
	return Variable{ID: id, Name: result.Text{VI: id, EN: id}}
}

func (c *Codebook) item(id string) Item {
	for _, i := range c.Items {
		if i.ID == id {
			return i
		}
	}
	return Item{ID: id}
}

// level finds a value of the dataset, which is written as its code or as its label.
func (v Variable) level(value string) (order int, code string, label result.Text) {
	i := slices.IndexFunc(v.Levels, func(l Level) bool {
		return value == strconv.Itoa(l.Code) || value == l.Label.VI || value == l.Label.EN
	})
	if i < 0 {
		return len(v.Levels), "", result.Text{VI: value, EN: value}
	}
	label = v.Levels[i].Label
	if label.EN == "" {
		label.EN = label.VI
	}
	return i, strconv.Itoa(v.Levels[i].Code), label
}
