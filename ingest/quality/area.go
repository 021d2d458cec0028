package quality

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hailong/ingest/vntext"
)

// judgeAreas finds names that stand once with their kind and once without (`Càng Long`, `Huyện Càng Long`): they may be one area, and as
// strata or domains they are two. Nothing joins them here, because there are a huyện and a thị xã called Duyên Hải.
func judgeAreas(column string, names map[string]*areaForms, file, sheet string) []Finding {
	kinds := map[string][]string{} // folded own name → the names that have a kind
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if kind, own := vntext.UnitName(name); kind != "" {
			kinds[vntext.Fold(own)] = append(kinds[vntext.Fold(own)], name)
		}
	}
	findings := []Finding{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		kind, _ := vntext.UnitName(name)
		others := kinds[vntext.Fold(name)]
		if kind != "" || len(others) == 0 {
			continue
		}
		findings = append(findings, Finding{
			Code: "area_spelling", File: file, Sheet: sheet, Item: column, Count: names[name].read,
			VI: fmt.Sprintf("%s: %q không ghi cấp hành chính, có thể là %s; đang tính là các địa bàn khác nhau", column, name, strings.Join(others, ", ")),
			EN: fmt.Sprintf("%s: %q has no kind and may be %s; they are counted as different areas", column, name, strings.Join(others, ", ")),
		})
	}
	return findings
}

// areasAcross does the same over all sheets, leaving out what a sheet's own findings say.
func areasAcross(sheets []Sheet) []Finding {
	all := map[string]map[string]*areaForms{}
	said := map[string]bool{}
	var columns []string
	for _, sheet := range sheets {
		for k, column := range sheet.columns.Areas {
			if all[column] == nil {
				all[column] = map[string]*areaForms{}
				columns = append(columns, column)
			}
			for name, forms := range sheet.areas[k] {
				if all[column][name] == nil {
					all[column][name] = &areaForms{}
				}
				all[column][name].read += forms.read
			}
			for _, f := range judgeAreas(column, sheet.areas[k], "", "") {
				said[f.EN] = true
			}
		}
	}
	findings := []Finding{}
	for _, column := range columns {
		for _, f := range judgeAreas(column, all[column], "", "") {
			if !said[f.EN] {
				findings = append(findings, f)
			}
		}
	}
	return findings
}
