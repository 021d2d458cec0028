package main

import (
	"fmt"
	"strings"
	"time"

	"hailong/analytics/area"
	"hailong/analytics/result"
)

// planArea is the province that a plan is about, on the last day of its year, and what must be said of it: a code means nothing without a
// date. Without a year it is one of today's provinces, or of the 63 before.
func planArea(p *plan) (unit area.Unit, on time.Time, said []result.Warning, err error) {
	if p.Area == "" {
		return area.Unit{}, time.Time{}, nil, nil
	}
	last := area.TwoTier()
	if p.Year > 0 {
		last = time.Date(p.Year, time.December, 31, 0, 0, 0, 0, time.UTC)
	}
	unit, ok := area.FindEver(p.Area, last)
	if !ok {
		found, sure := area.Search(p.Area, area.Provinces(last))
		if len(found) == 0 {
			found, sure = area.Search(p.Area, area.Provinces(area.TwoTier().AddDate(0, 0, -1)))
		}
		if !sure {
			return area.Unit{}, time.Time{}, nil, noArea(p.Area, found)
		}
		unit = found[0]
		said = append(said, areaWarning("area_taken", "area %q: lấy %s %s.", "area %q is taken for %s %s.", p.Area, unit.Code, unit.Name))
	}
	switch parts := area.Predecessors(unit.Code); {
	case p.Year > 0 && !unit.To.IsZero() && unit.To.Before(last):
		last = unit.To
		if next, merged := area.Successor(unit.Code); merged {
			said = append(said, areaWarning("area_retired", "Mã %s (%s) hết hiệu lực sau ngày %s, nay thuộc %s %s; số liệu trong kế hoạch này là của địa bàn cũ.",
				"Code %s (%s) ended on %s and is part of %s %s now; the figures of this plan are of the old area.", unit.Code, unit.Name, unit.To.Format("2/1/2006"), next.Code, next.Name))
		}
	case unit.To.IsZero() && len(parts) > 1 && p.Year > 0:
		var old []string
		for _, u := range parts {
			old = append(old, u.Name)
		}
		said = append(said, areaWarning("area_changed", "Từ 1/7/2025 mã %s là %s mới (gồm %s); số liệu trước đó của mã %s là của tỉnh cũ nên không được dùng để so sánh.",
			"Since 1 July 2025 code %s is the new %s (%s together); earlier figures of code %s are of the old province and are not set beside it.", unit.Code, unit.Name, strings.Join(old, ", "), unit.Code))
	}
	if p.Year == 0 {
		return unit, time.Time{}, said, nil
	}
	return unit, last, said, nil
}

func areaWarning(code, vi, en string, args ...any) result.Warning {
	return result.Warning{Code: code, Text: result.Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}}
}

// unitWarnings doubt the names of districts and communes of Trà Vinh, whose lists ship with hailong: those that were not there at the end of
// the survey's year, and districts after 1/7/2025, when they ended. In 2025 both maps are right. Elsewhere there is no list to compare with.
func unitWarnings(set *result.Set, about area.Unit, year int) []result.Warning {
	if year == 0 || (about.Code != "84" && about.Code != "86") {
		return nil
	}
	on := time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC)
	before := area.TwoTier().AddDate(0, 0, -1)
	there := func(name string, day time.Time) bool {
		return len(area.FindDistrict(name, day)) > 0 || len(area.FindCommune(name, "", day)) > 0
	}
	var out []result.Warning
	for _, d := range set.Domains {
		if d.Kind != "area" || strings.Contains(d.ID, "*") {
			continue
		}
		var unknown, ended []string
		for _, v := range d.Values {
			name := v.Value
			switch {
			case there(name, on), year == before.Year() && there(name, before):
			case len(area.FindDistrict(name, before)) > 0:
				ended = append(ended, name)
			default:
				unknown = append(unknown, name)
			}
		}
		if len(ended) > 0 {
			out = append(out, areaWarning("districts_ended", "Từ 1/7/2025 không còn cấp huyện: phân tổ %q theo huyện cũ (%d huyện).", "Districts ended on 1 July 2025: breakdown %q is by the old ones (%d).", d.ID, len(ended)))
		}
		// A breakdown of which most names are unknown is of other places.
		if len(unknown) > 0 && 2*len(unknown) <= len(d.Values) {
			out = append(out, areaWarning("area_names", "Phân tổ %q có tên không thuộc danh mục ngày %s: %s.", "Breakdown %q has names that are not in the list of %s: %s.", d.ID, on.Format("2/1/2006"), strings.Join(unknown, ", ")))
		}
	}
	return out
}

// noArea says that no province is called that, and which may be meant.
func noArea(text string, candidates []area.Unit) error {
	if len(candidates) == 0 {
		return fault(exitUsage, "error.no_area", "hint.area", nil, text)
	}
	return fault(exitUsage, "error.area_many", "hint.area_many", nil, text, unitList(candidates))
}

func unitList(units []area.Unit) string {
	var names []string
	for _, u := range units {
		names = append(names, u.Code+" "+u.Name)
	}
	return strings.Join(names, ", ")
}
