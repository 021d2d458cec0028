package analytics

import (
	"fmt"
	"slices"
	"strings"
)

// A ColumnError is a column that is asked for, by a plan's design or a bench's request, and that no file has.
type ColumnError struct {
	Column string
	Have   []string
}

func (e *ColumnError) Error() string {
	return fmt.Sprintf("there is no column %q; there are %s", e.Column, strings.Join(e.Have, ", "))
}

// A RequestError is a bench's request that cannot be understood, whatever the data.
type RequestError struct{ err error }

func (e *RequestError) Error() string { return e.err.Error() }

func (e *RequestError) Unwrap() error { return e.err }

// present is a *ColumnError for the first of the columns that is not among those there are. SQL takes no notice of capitals, nor does it.
func present(columns, have []string) error {
	for _, c := range columns {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.EqualFold(h, c) }) {
			return &ColumnError{Column: c, Have: have}
		}
	}
	return nil
}
