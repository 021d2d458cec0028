package export

import (
	"fmt"
	"strings"

	"hailong/ingest/vntext"
)

// maxName is the longest name of the three programs' shortest limit: Stata's 32 characters. Nine are left for what the scripts append.
const maxName = 23

// reserved are words that one of the three programs keeps for itself, in lower case because SPSS tells no case.
// R: ?Reserved. Stata: [U] 11.3. SPSS: Command Syntax Reference, "Variable names". The last line is what the scripts make themselves.
var reserved = strings.Fields("if else repeat while function for next break true false null inf nan na in " +
	"byte double float int long str strl using with all and by eq ge gt le lt ne not or to " +
	"hl_new design_stratum design_psu design_weight")

// A namer gives names that are valid in R, Stata and SPSS: ASCII letters, digits and underscores, a letter first, no trailing underscore (SPSS
// warns of it), at most maxName long, no word of a program's own, and no two that differ by case only.
type namer struct{ used map[string]bool }

func newNamer() namer { return namer{used: map[string]bool{}} }

// name makes a column's name valid and new. A name that is valid stays as it is.
func (n *namer) name(column string) string {
	base := column
	if !valid(base) {
		base = strings.Trim(vntext.Slug(base), "_")
		if base == "" || base[0] < 'a' || base[0] > 'z' {
			base = "v_" + base
		}
		base = strings.TrimRight(base[:min(len(base), maxName)], "_")
	}
	name := base
	for i := 2; n.used[strings.ToLower(name)] || taken(name); i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	n.used[strings.ToLower(name)] = true
	return name
}

func taken(name string) bool {
	for _, word := range reserved {
		if strings.EqualFold(word, name) {
			return true
		}
	}
	return false
}

func valid(name string) bool {
	if name == "" || len(name) > maxName || strings.HasSuffix(name, "_") {
		return false
	}
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return true
}
