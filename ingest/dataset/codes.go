package dataset

import (
	"errors"

	"github.com/apache/arrow/go/v17/arrow"
)

// Codes names the columns of a Parquet file that hold answer codes, in which negative numbers are kinds of missing. A file that hailong did
// not write has none: its numbers are numbers.
func Codes(path string) (names []string, err error) {
	r, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if _, err := r.Meta(); errors.Is(err, ErrNotOurs) {
		return nil, nil
	}
	for _, f := range r.Schema().Fields() {
		if f.Type.ID() == arrow.INT16 {
			names = append(names, f.Name)
		}
	}
	return names, nil
}
