package lint

import (
	"fmt"
	"math"
	"strconv"
)

// tolerance is how far a recalculated number may lie from the cached one, relative to it: programs keep 15 digits.
const tolerance = 1e-9

// Recalculated compares the value cached beside each formula with what another program computed for the same cell.
func Recalculated(cached, again *File) (formulas int, faults []Fault) {
	others := map[string]*Sheet{}
	for _, s := range again.Sheets {
		others[s.Name] = s
	}
	for _, s := range cached.Sheets {
		other := others[s.Name]
		if other == nil {
			faults = append(faults, Fault{s.Name, "", "recalculation", "the sheet is gone"})
			continue
		}
		for _, name := range s.Order {
			cell := s.Cells[name]
			if cell.Formula == "" {
				continue
			}
			formulas++
			if got := other.Cells[name].Value; !same(cell.Value, got) {
				faults = append(faults, Fault{s.Name, name, "recalculation", fmt.Sprintf("%s shows %q, recalculated %q", cell.Formula, cell.Value, got)})
			}
		}
	}
	return formulas, faults
}

func same(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && math.Abs(x-y) <= tolerance*math.Max(1, math.Abs(x))
}
