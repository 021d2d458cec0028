package area

import (
	"slices"
	"strings"

	"hailong/ingest/vntext"
)

// alike is how alike two names must be to be proposed for one another.
const alike = 0.75

// Search lists what a text may mean among units: a code; else what is called that; else the names that hold it; else those spelt most alike.
// Marks, case and the kind of unit do not count. sure: there is one, and its name is or holds the text; everything else is a question.
func Search(text string, units []Unit) (found []Unit, sure bool) {
	if code, ok := Code(text); ok {
		found = slices.DeleteFunc(slices.Clone(units), func(u Unit) bool { return u.Code != code })
		return found, len(found) == 1
	}
	k := canonical(key(text))
	if k == "" {
		return nil, false
	}
	keys := func(u Unit) []string { return []string{key(u.Name), keyOf(u.NameEN)} }
	pick := func(test func(name string) bool) []Unit {
		return slices.DeleteFunc(slices.Clone(units), func(u Unit) bool { return !slices.ContainsFunc(keys(u), test) })
	}
	if found = pick(func(name string) bool { return name == k }); len(found) > 0 {
		return found, len(found) == 1
	}
	if found = pick(func(name string) bool { return strings.Contains(name, k) }); len(found) > 0 {
		return found, len(found) == 1
	}
	best := 0.0
	for _, u := range units {
		best = max(best, vntext.Similarity(vntext.FoldASCII(text), vntext.FoldASCII(u.Name)))
	}
	if best < alike {
		return nil, false
	}
	return slices.DeleteFunc(slices.Clone(units), func(u Unit) bool {
		return vntext.Similarity(vntext.FoldASCII(text), vntext.FoldASCII(u.Name)) < best
	}), false
}
