// Package area knows provinces and communes with the dates on which they existed.
//
// What comes in: a code or a name, and a date. What goes out: the unit of that date, its successors and predecessors, and old
// results carried onto the new map. What is promised: a code means nothing without a date (84 is retired, 86 changed its meaning on
// 1/7/2025); old values are carried over only with a weighting that the caller states; names are compared folded, never guessed.
package area

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"hailong/ingest/vntext"
)

// Levels of a unit.
const (
	Province = "province"
	District = "district"
	Commune  = "commune"
)

// A Unit is an administrative unit during the time it existed in this form.
type Unit struct {
	Level    string
	Code     string // of the General Statistics Office, with leading zeros
	Name     string // Trà Vinh
	FullName string // Tỉnh Trà Vinh
	NameEN   string
	Region   string
	Parent   string    // code of the unit above
	From     time.Time // first day
	To       time.Time // last day; zero: still there
	Into     string    // code of the unit that took it over; empty: none, or not known
}

// Valid reports whether the unit existed on a day.
func (u Unit) Valid(on time.Time) bool {
	return !on.Before(u.From) && (u.To.IsZero() || !on.After(u.To))
}

//go:embed data/provinces.csv
var provincesCSV []byte

//go:embed data/communes_tra_vinh.csv
var communesCSV []byte

// TwoTier is the day on which 63 provinces became 34 and districts ended (202/2025/QH15).
func TwoTier() time.Time { return day("2025-07-01") }

// travinh and its successor, whose communes ship with hailong.
const (
	traVinh  = "84"
	vinhLong = "86"
)

var provinces = sync.OnceValue(func() []Unit {
	var out []Unit
	for _, r := range rows(provincesCSV) {
		out = append(out, Unit{Level: Province, Code: r[0], Name: r[1], FullName: r[2], NameEN: r[3], Region: r[4], From: day(r[5]), To: day(r[6]), Into: r[7]})
	}
	return out
})

// communes holds Trà Vinh's districts and communes up to 30/6/2025 and the communes that took them over.
var communes = sync.OnceValue(func() []Unit {
	start, last := day("2008-08-01"), TwoTier().AddDate(0, 0, -1)
	var out []Unit
	seen := map[string]bool{}
	for _, r := range rows(communesCSV) {
		if !seen[r[0]] {
			seen[r[0]] = true
			out = append(out, Unit{Level: District, Code: r[0], Name: bare(r[1]), FullName: r[1], Parent: traVinh, From: start, To: last})
		}
		out = append(out, Unit{Level: Commune, Code: r[2], Name: bare(r[3]), FullName: r[3], Parent: r[0], From: start, To: day(r[4]), Into: r[5]})
	}
	for _, r := range rows(communesCSV) {
		if r[5] != "" && !seen["new"+r[5]] {
			seen["new"+r[5]] = true
			out = append(out, Unit{Level: Commune, Code: r[5], Name: bare(r[6]), FullName: r[6], Parent: vinhLong, From: TwoTier()})
		}
	}
	return out
})

// rows reads an embedded table without its header. The tables are part of the program and a test reads them whole.
func rows(table []byte) [][]string {
	all, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil || len(all) == 0 {
		return nil
	}
	return all[1:]
}

// day is an ISO date, or the zero time.
func day(iso string) time.Time {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Provinces lists the provinces and cities of a day, by code: 63 up to 30/6/2025, 34 from 1/7/2025.
func Provinces(on time.Time) []Unit { return valid(provinces(), on, "") }

// Districts lists Trà Vinh's districts on a day; none from 1/7/2025.
func Districts(on time.Time) []Unit {
	return valid(slices.DeleteFunc(slices.Clone(communes()), func(u Unit) bool { return u.Level != District }), on, "")
}

// Communes lists the communes of the area of Trà Vinh on a day, of one district or, with an empty code, of all.
// The two wards that were merged in 2024 end on its last day, as only the year is known.
func Communes(district string, on time.Time) []Unit {
	return valid(slices.DeleteFunc(slices.Clone(communes()), func(u Unit) bool { return u.Level != Commune }), on, district)
}

func valid(units []Unit, on time.Time, parent string) []Unit {
	var out []Unit
	for _, u := range units {
		if u.Valid(on) && (parent == "" || u.Parent == parent) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b Unit) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// byKey finds the rows of the province table by "#" and code, and by folded name: "1.1" is no code.
var byKey = sync.OnceValue(func() map[string][]Unit {
	out := map[string][]Unit{}
	for _, u := range provinces() {
		for _, k := range slices.Compact([]string{"#" + u.Code, keyOf(u.Name), keyOf(u.NameEN)}) {
			out[k] = append(out[k], u)
		}
	}
	return out
})

// Find returns the province or city that a code or a name meant on a day.
func Find(nameOrCode string, on time.Time) (Unit, bool) {
	k := canonical(key(nameOrCode))
	if code, isCode := Code(nameOrCode); isCode {
		k = "#" + code
	}
	for _, u := range byKey()[k] {
		if u.Valid(on) {
			return u, true
		}
	}
	return Unit{}, false
}

// FindEver is Find on the day given and, failing that, on the map before or after it: published tables of old years are
// relabelled, and new tables repeat old names.
func FindEver(nameOrCode string, on time.Time) (Unit, bool) {
	if u, ok := Find(nameOrCode, on); ok {
		return u, true
	}
	for _, other := range []time.Time{day("2024-12-31"), day("2025-06-30"), TwoTier()} {
		if u, ok := Find(nameOrCode, other); ok {
			return u, true
		}
	}
	return Unit{}, false
}

// Code reads a province code: 84, "84", "1" and "01" alike.
func Code(s string) (string, bool) {
	s = strings.TrimSpace(s)
	s = strings.TrimSuffix(s, ".0")
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 99 {
		return "", false
	}
	return fmt.Sprintf("%02d", n), true
}

// Counterpart is the unit that covered the same territory on another day: a province that nothing was merged with stays what it was, one
// that was taken over has no counterpart, and neither has the new province that took it over.
func Counterpart(u Unit, on time.Time) (Unit, bool) {
	if u.Valid(on) {
		return u, true
	}
	if u.To.IsZero() { // of the new map: one predecessor is the same territory
		parts := Predecessors(u.Code)
		if len(parts) != 1 {
			return Unit{}, false
		}
		return Find(parts[0].Code, on) // whatever it was called then
	}
	if len(Predecessors(u.Into)) != 1 {
		return Unit{}, false
	}
	return Find(u.Into, on)
}

// Successor is the unit that took a province over on the new map; a province that stayed succeeds itself.
func Successor(code string) (Unit, bool) {
	for _, u := range provinces() {
		if u.Code == code && !u.To.IsZero() && u.Into != "" {
			return Find(u.Into, TwoTier())
		}
	}
	return Unit{}, false
}

// Predecessors lists the old provinces that became a new one, by code.
func Predecessors(code string) []Unit {
	var out []Unit
	for _, u := range Provinces(TwoTier().AddDate(0, 0, -1)) {
		if u.Into == code {
			out = append(out, u)
		}
	}
	return out
}

// bare takes the kind of unit off a full name: "Thị trấn Càng Long" is "Càng Long"; "Phường 4" stays, as 4 is no name.
func bare(full string) string {
	for _, kind := range []string{"Thành phố ", "Thị xã ", "Thị trấn ", "Huyện ", "Phường ", "Xã "} {
		if rest, ok := strings.CutPrefix(full, kind); ok {
			if _, err := strconv.Atoi(rest); err == nil {
				return full
			}
			return rest
		}
	}
	return full
}

// key folds a province's name for comparing: no marks, no spaces, no kind of unit, and the Vietnamese and English spellings alike.
func key(name string) string {
	k := keyOf(name)
	for _, kind := range []string{"thanhpho", "tinh", "tp"} {
		if rest, ok := strings.CutPrefix(k, kind); ok && rest != "" {
			k = rest
			break
		}
	}
	for _, kind := range []string{"province", "city"} {
		if rest, ok := strings.CutSuffix(k, kind); ok && rest != "" {
			k = rest
		}
	}
	return k
}

func keyOf(name string) string {
	return strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, strings.ReplaceAll(vntext.FoldASCII(name), "ð", "d")) // Eth is typed for Đ by some keyboards
}

// canonical maps spellings that folding does not reach onto the key of the English name.
func canonical(k string) string {
	switch k {
	case "hcm", "hcmc", "saigon":
		return "hochiminh"
	case "brvt", "bariavt", "vungtau":
		return "bariavungtau"
	case "tthue", "thuathienhuecity":
		return "thuathienhue"
	case "baccan":
		return "backan"
	case "daclac", "daklac", "daclak":
		return "daklak"
	case "dacnong":
		return "daknong"
	}
	return k
}

// MidYear is the day by which the figures of a year are named: before the change of 1/7/2025 in that year.
func MidYear(year int) time.Time { return time.Date(year, time.June, 15, 0, 0, 0, 0, time.UTC) }
