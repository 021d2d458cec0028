package area

import (
	"slices"
	"time"

	"hailong/ingest/vntext"
)

// FindDistrict returns the district of Trà Vinh that a name or a code meant on a day. Two are called Duyên Hải, a huyện and a thị xã:
// without the kind the name is ambiguous, and all that it may mean are returned.
func FindDistrict(nameOrCode string, on time.Time) []Unit {
	return named(nameOrCode, Districts(on))
}

// FindCommune returns the communes of the area of Trà Vinh that a name or a code meant on a day, in one district (by code) or, with an
// empty one, in all. One is an answer; several are a question (Phường 1 is in the city and in thị xã Duyên Hải).
func FindCommune(nameOrCode, district string, on time.Time) []Unit {
	return named(nameOrCode, Communes(district, on))
}

// named compares kinds where both sides have one, and names folded.
func named(text string, units []Unit) []Unit {
	kind, name := vntext.UnitName(text)
	kind, name = vntext.Fold(kind), vntext.Fold(name)
	return slices.DeleteFunc(units, func(u Unit) bool {
		if u.Code == text {
			return false
		}
		unitKind, unitName := vntext.UnitName(u.FullName)
		return name == "" || vntext.Fold(unitName) != name || (kind != "" && vntext.Fold(unitKind) != kind)
	})
}
