package questionnaire

import (
	"slices"
	"strings"

	"hailong/ingest/vntext"
)

// UnitLevels are the levels of administration, by the words that the names of units begin with.
func UnitLevels() [][]string {
	return [][]string{{"tỉnh"}, {"huyện", "quận", "thị xã", "thành phố"}, {"xã", "phường", "thị trấn", "đặc khu"}, {"ấp", "khóm", "thôn", "tổ", "khu phố", "bản", "làng"}}
}

// UnitKinds are the kinds of unit that a variable holds, told from its name and aliases: a column `Xã` holds phường too.
func UnitKinds(v *Variable) []string {
	for _, text := range append([]string{v.Text.VI}, v.Aliases...) {
		folded := vntext.Fold(text)
		for _, level := range UnitLevels() {
			for _, kind := range level {
				if folded == kind || strings.HasPrefix(folded, kind+"/") || strings.HasPrefix(folded, kind+",") {
					return level
				}
			}
		}
	}
	return nil
}

// namesUnits reports whether a folded header says nothing but kinds of unit of one level: `xã/phường`, `phường, xã, thị trấn`.
func namesUnits(header string, kinds []string) bool {
	if len(kinds) == 0 {
		return false
	}
	parts := strings.FieldsFunc(strings.ReplaceAll(header, " và ", "/"), func(r rune) bool { return strings.ContainsRune("/,;-–()", r) })
	for _, part := range parts {
		part = strings.TrimSpace(part)
		part = strings.TrimPrefix(strings.TrimPrefix(part, "tên "), "đơn vị ")
		if !slices.Contains(kinds, part) {
			return false
		}
	}
	return len(parts) > 0
}
