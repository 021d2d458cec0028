package target

import (
	"strconv"
	"strings"
)

// decimal prints v with a fixed number of decimals, in Vietnamese with a comma.
func decimal(v float64, places int, vietnamese bool) string {
	s := strconv.FormatFloat(v, 'f', places, 64)
	if vietnamese {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
