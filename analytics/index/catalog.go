package index

import (
	"slices"
	"strings"

	"hailong/ingest/wording"
)

// Family returns the shipped definitions of a family (papi, sipas, pci …), earliest first.
func Family(family string) ([]*Definition, error) {
	var out []*Definition
	for _, name := range Names() {
		if name != family && !strings.HasPrefix(name, family+"-") {
			continue
		}
		source, err := Shipped(name)
		if err != nil {
			return nil, err
		}
		d, err := Parse(source)
		if err != nil {
			return nil, err
		}
		if d.Family == family {
			out = append(out, d)
		}
	}
	if len(out) == 0 {
		return nil, wording.Errorf("finding the definitions of %q: no such family ships with hailong; give a definition file", family)
	}
	slices.SortStableFunc(out, func(a, b *Definition) int { return a.Years[0] - b.Years[0] })
	return out, nil
}

// ForYear picks the definition that a year was measured with: of several the one that begins last, and of those the last in the list.
// After the last known year the last definition is taken, which the caller must say; before the first there is none.
func ForYear(definitions []*Definition, year int) (d *Definition, assumed bool) {
	assumed = true
	for _, candidate := range definitions {
		if year < candidate.Years[0] {
			continue
		}
		covers := candidate.Years[1] == 0 || year <= candidate.Years[1]
		if d == nil || (assumed && covers) || (covers == !assumed && candidate.Years[0] >= d.Years[0]) {
			d, assumed = candidate, !covers
		}
	}
	return d, d != nil && assumed
}
