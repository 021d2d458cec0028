package index

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"hailong/analytics/area"
	"hailong/analytics/result"
	"hailong/ingest/vntext"
)

type scoreKey struct {
	year int
	area string
	node string
}

type scoreReader struct {
	scores *Scores
	year   int
	labels map[*Definition]*labels
	seen   map[scoreKey]int // index into scores.Scores
	areas  map[areaKey]foundArea
	best   int // pseudo-provinces passed over
}

// areaKey and foundArea remember how a name was read: a table of fourteen years says every name fourteen times.
type areaKey struct {
	text string
	year int
}

type foundArea struct {
	unit area.Unit
	ok   bool
}

// area reads a province on the map of a year.
func (r *scoreReader) area(text string, year int) (area.Unit, bool) {
	k := areaKey{text, year}
	found, known := r.areas[k]
	if !known {
		found.unit, found.ok = area.FindEver(text, r.scores.Day(year))
		r.areas[k] = found
	}
	return found.unit, found.ok
}

// chooseMap finds out which map a table of 2025 or later follows: its provinces are the 63 if one of those is named that the new map no longer
// has, and else the 34.
func (r *scoreReader) chooseMap(t table, p provinces, h heading, sheetYear int) {
	retired := map[int]bool{}
	for row := p.first; row < t.rows; row++ {
		year := r.rowYear(t, h, row, sheetYear)
		if year < area.TwoTier().Year() {
			continue
		}
		retired[year] = retired[year] || r.retired(t, p, row)
	}
	for year, old := range retired {
		day := area.TwoTier()
		if old {
			day = day.AddDate(0, 0, -1)
		}
		if _, chosen := r.scores.days[year]; !chosen {
			r.scores.days[year] = day
		}
	}
	clear(r.areas)
}

// retired reports whether a row's province ended with the old map.
func (r *scoreReader) retired(t table, p provinces, row int) bool {
	for _, col := range []int{p.name, p.code} {
		text := t.at(row, col)
		if text == "" {
			continue
		}
		_, now := area.Find(text, area.TwoTier())
		_, before := area.Find(text, area.TwoTier().AddDate(0, 0, -1))
		if before && !now {
			return true
		}
	}
	return false
}

// rowYear is the year of a row: its own in a table with a column of years.
func (r *scoreReader) rowYear(t table, h heading, row, sheetYear int) int {
	if h.year >= 0 {
		if n, err := strconv.Atoi(strings.TrimSuffix(t.at(row, h.year), ".0")); err == nil && n >= 2000 && n <= 2100 {
			return n
		}
	}
	return sheetYear
}

// table is a sheet that may be read lying on its side.
type table struct {
	sheet     Sheet
	rows      int
	cols      int
	transpose bool
}

func (t table) at(row, col int) string {
	if t.transpose {
		row, col = col, row
	}
	if row < 0 || row >= len(t.sheet.Cells) || col < 0 || col >= len(t.sheet.Cells[row]) {
		return ""
	}
	return strings.TrimSpace(t.sheet.Cells[row][col])
}

// cell names a cell as Excel does.
func (t table) cell(row, col int) string {
	if t.transpose {
		row, col = col, row
	}
	return CellName(row, col)
}

// CellName names a cell as Excel does; rows and columns count from 0.
func CellName(row, col int) string {
	name := ""
	for c := col + 1; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name + strconv.Itoa(row+1)
}

func newTable(sheet Sheet) table {
	t := table{sheet: sheet, rows: len(sheet.Cells)}
	for _, row := range sheet.Cells {
		t.cols = max(t.cols, len(row))
	}
	return t
}

// turned lies the table on its side, so that provinces are always in rows.
func (t table) turned() table {
	t.transpose = !t.transpose
	t.rows, t.cols = t.cols, t.rows
	return t
}

// read takes one sheet and reports whether it was a score table.
func (r *scoreReader) read(sheet Sheet) bool {
	t := newTable(sheet)
	year := r.sheetYear(sheet)
	on := year
	if on == 0 {
		on = 2020 // any year of the 63: only to tell provinces from other text
	}
	upright, across := r.provinceColumn(t, on), r.provinceColumn(t.turned(), on)
	best := upright
	if across.count > upright.count {
		best, t = across, t.turned()
	}
	if best.count == 0 {
		return false
	}
	return r.readRows(t, best, year)
}

// sheetYear is the year that the sheet's name or its title rows give; 0 if none or if a column of years does.
func (r *scoreReader) sheetYear(sheet Sheet) int {
	for _, text := range []string{sheet.Name, sheet.File} {
		if m := yearWord.FindAllString(text, -1); len(m) == 1 || (len(m) > 1 && allSame(m)) {
			year, _ := strconv.Atoi(m[0])
			return year
		}
	}
	return r.year
}

var yearWord = regexp.MustCompile(`20[0-4]\d`)

func allSame(words []string) bool {
	for _, w := range words {
		if w != words[0] {
			return false
		}
	}
	return true
}

// provinces is where a table names its provinces.
type provinces struct {
	name  int // column
	code  int // column, or -1
	first int // row of the first province
	count int // different provinces named
}

// provinceColumn finds the column with the most provinces, by name before by code, among the first columns that have any.
func (r *scoreReader) provinceColumn(t table, year int) provinces {
	best := provinces{name: -1, code: -1, first: -1}
	codes := best
	for col := range min(t.cols, 12) {
		names, numbers := map[string]bool{}, map[string]bool{}
		firstName, firstCode := -1, -1
		headed := false
		for row := range t.rows {
			text := t.at(row, col)
			if text == "" {
				continue
			}
			if code, ok := area.Code(text); ok {
				if u, there := r.area(code, year); there && headed {
					numbers[u.Code] = true
					if firstCode < 0 {
						firstCode = row
					}
				}
				continue
			}
			if !hasLetter(text) {
				continue // a score is neither a name nor a header, and most cells are scores
			}
			if isCodeHeader(text) {
				headed = true
				continue
			}
			if u, ok := r.area(text, year); ok {
				names[u.Code] = true
				if firstName < 0 {
					firstName = row
				}
			}
		}
		if len(names) > best.count {
			best = provinces{name: col, code: best.code, first: firstName, count: len(names)}
		}
		if headed && len(numbers) > codes.count {
			codes = provinces{name: col, code: col, first: firstCode, count: len(numbers)}
		}
	}
	if best.count == 0 {
		return codes
	}
	best.code = codes.code
	return best
}

func hasLetter(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }

// isCodeHeader reports whether a header says that codes of provinces stand under it.
func isCodeHeader(text string) bool {
	switch fold(text) {
	case "gsocode", "tinhid", "matinh", "matinhthanh", "maso", "code", "provincecode", "provinceid", "idtinh":
		return true
	}
	return false
}

// heading is what the columns of a table hold.
type heading struct {
	texts  [][]string                    // by column, the lowest row first
	labels map[*Definition]map[int]label // by column, as each framework of the table's years names its nodes
	scale  map[int]string
	year   int // column of years, or -1
	node   int // long tables: column of node names, or -1
	code   int // long tables: column of node codes, or -1
	value  int // long tables: column of values, or -1
}

// readRows reads a table whose provinces stand in rows.
func (r *scoreReader) readRows(t table, p provinces, sheetYear int) bool {
	h := r.heading(t, p)
	if h.value < 0 && !r.anyColumn(h, sheetYear) {
		return false
	}
	if sheetYear == 0 && h.year < 0 {
		r.problem(t, "", t.cell(max(p.first-1, 0), p.name), "year", "a year in the sheet's name or a column of years", "none",
			result.Text{VI: "Không biết năm của bảng điểm; ghi năm vào tên trang tính hoặc dùng --year.", EN: "The year of the table is not known; put it into the sheet's name or pass --year."})
		return false
	}
	r.chooseMap(t, p, h, sheetYear)
	before := len(r.scores.Scores)
	for row := p.first; row < t.rows; row++ {
		r.readRow(t, p, h, row, sheetYear)
	}
	if r.best > 0 {
		r.note(fmt.Sprintf("%s: bỏ qua dòng “điểm cao nhất” (mã 999), không phải tỉnh.", t.sheet.Name), fmt.Sprintf("%s: the pseudo-province of best scores (999) was passed over.", t.sheet.Name))
		r.best = 0
	}
	if len(r.scores.Scores) == before {
		r.note(fmt.Sprintf("%s: không có giá trị mới (năm đã đọc ở trang khác).", t.sheet.Name), fmt.Sprintf("%s: nothing new (its year was read from another sheet).", t.sheet.Name))
	}
	return true
}

// heading reads the rows above the first province, the lowest first.
func (r *scoreReader) heading(t table, p provinces) heading {
	h := heading{texts: make([][]string, t.cols), labels: map[*Definition]map[int]label{}, scale: map[int]string{}, year: -1, node: -1, code: -1, value: -1}
	for col := range t.cols {
		for row := p.first - 1; row >= max(p.first-8, 0); row-- {
			text := t.at(row, col)
			if text == "" {
				continue
			}
			switch fold(text) {
			case "year", "nam", "namkhaosat", "surveyyear":
				h.year = col
			case "node", "subnameforthatyear", "subname", "chitieu", "noidung", "tennoidung", "indicator":
				h.node = col
			case "subcolumn", "subcode", "manoidung", "nodecode":
				h.code = col
			case "value", "giatri", "diem", "score":
				h.value = col
			}
			if strings.Contains(text, "%") && strings.ContainsAny(text, "-–") && strings.ContainsAny(text, "0123456789") {
				h.scale[col] = text
			}
			if col != p.name && col != p.code {
				h.texts[col] = append(h.texts[col], text)
			}
		}
	}
	if h.node < 0 && h.code < 0 {
		h.value = -1
	}
	return h
}

// anyColumn reports whether the table has a column of some framework that it may be of.
func (r *scoreReader) anyColumn(h heading, sheetYear int) bool {
	for _, d := range r.scores.Definitions {
		if of, _ := ForYear(r.scores.Definitions, sheetYear); sheetYear != 0 && of != d {
			continue
		}
		if len(r.columns(h, d)) > 0 {
			return true
		}
	}
	return false
}

// columns is what every column holds in the words of a framework.
func (r *scoreReader) columns(h heading, d *Definition) map[int]label {
	if found, ok := h.labels[d]; ok {
		return found
	}
	l := r.labelsOf(d)
	found := map[int]label{}
	for col, texts := range h.texts {
		for _, text := range texts {
			x, ok := l.read(text)
			if !ok {
				continue
			}
			// An indicator may bear the name of its sub-dimension; its scale tells them apart.
			if n := d.Find(x.node); n != nil && (x.stat != statScore || d.unit(n) == "percent" || !strings.Contains(h.scale[col], "100")) {
				found[col] = x
			}
			break
		}
	}
	h.labels[d] = found
	return found
}

func (r *scoreReader) labelsOf(d *Definition) *labels {
	if r.labels[d] == nil {
		r.labels[d] = newLabels(d)
	}
	return r.labels[d]
}

func (r *scoreReader) readRow(t table, p provinces, h heading, row, sheetYear int) {
	year := r.rowYear(t, h, row, sheetYear)
	name, code := t.at(row, p.name), ""
	if p.code >= 0 {
		code = t.at(row, p.code)
	}
	if name == "" && code == "" {
		return
	}
	if pseudo(name) || strings.TrimSuffix(code, ".0") == "999" {
		r.best++
		return
	}
	d, assumed := ForYear(r.scores.Definitions, year)
	if d == nil {
		return
	}
	unit, ok := r.area(name, year)
	if !ok {
		unit, ok = r.area(code, year)
	}
	if !ok {
		if _, isNumber := parseScore(name); !isNumber && r.hasScores(t, h, d, row) {
			r.problem(t, "", t.cell(row, p.name), "area", "a province", name, result.Text{VI: "Không nhận ra tỉnh, thành phố; dòng này không được tính.", EN: "No such province; the row is left out."})
		}
		return
	}
	if assumed {
		r.note(fmt.Sprintf("Năm %d: chưa có định nghĩa riêng, dùng tạm %s.", year, d.ID), fmt.Sprintf("Year %d has no definition of its own; %s is assumed.", year, d.ID))
	}
	if h.value >= 0 {
		l := r.labelsOf(d)
		found, known := l.read(t.at(row, h.node))
		if !known && h.code >= 0 {
			found, known = l.read("D " + t.at(row, h.code))
		}
		if known {
			r.add(t, d, unit, year, found, row, h.value, "")
		}
		return
	}
	columns := r.columns(h, d)
	for col := range t.cols {
		if found, known := columns[col]; known {
			r.add(t, d, unit, year, found, row, col, h.scale[col])
		}
	}
}

// pseudo reports whether a row is the line of best scores or a national mean, not a province.
func pseudo(name string) bool {
	switch fold(name) {
	case "highest", "diemcaonhat", "caonhat", "cannuoc", "toanquoc", "trungbinh", "trungbinhcanuoc", "mean", "national", "median", "trungvi", "min", "max", "lowest", "diemthapnhat":
		return true
	}
	return false
}

func (r *scoreReader) hasScores(t table, h heading, d *Definition, row int) bool {
	for col := range r.columns(h, d) {
		if _, ok := parseScore(t.at(row, col)); ok {
			return true
		}
	}
	return false
}

// add takes one cell into the scores.
func (r *scoreReader) add(t table, d *Definition, unit area.Unit, year int, found label, row, col int, scale string) {
	text := t.at(row, col)
	key := scoreKey{year, unit.Code, found.node}
	at, there := r.seen[key]
	if found.stat != statScore {
		if text == "" {
			return
		}
		if !there {
			at = r.put(key, Score{Year: year, Area: unit.Code, AreaName: unit.Name, Node: found.node, Value: result.Unknown(), SE: result.Unknown(), File: t.sheet.File, Sheet: t.sheet.Name})
		}
		r.statistic(d, &r.scores.Scores[at], found.stat, text)
		return
	}
	x := Score{Year: year, Area: unit.Code, AreaName: unit.Name, Node: found.node, Value: result.Unknown(), SE: result.Unknown(), File: t.sheet.File, Sheet: t.sheet.Name, Cell: t.cell(row, col)}
	n := d.Find(found.node)
	v, isNumber := parseScore(text)
	switch {
	case isNumber:
		x.Value, x.Decimals = result.Number(v), decimals(text)
		if strings.Contains(scale, "100") && d.unit(n) == "percent" && v <= 1 {
			x.Value *= 100
		}
		r.checkRange(t, n, &x, text)
	case text != "" && !blank(text):
		r.problem(t, x.Area, x.Cell, "score", "a number", text, result.Text{VI: "Không phải số; coi như không công bố.", EN: "Not a number; taken as withheld."})
	}
	if !there {
		r.put(key, x)
		return
	}
	old := &r.scores.Scores[at]
	switch {
	case !old.Value.Known() && x.Value.Known():
		x.SE, x.Rank, x.Group = old.SE, old.Rank, old.Group
		*old = x
	case old.Value.Known() && x.Value.Known() && math.Abs(float64(old.Value-x.Value)) > 1e-6*math.Max(1, math.Abs(float64(x.Value))):
		r.problem(t, x.Area, x.Cell, "repeat", fmt.Sprintf("%v as in %s %s", float64(old.Value), old.Sheet, old.Cell), text,
			result.Text{VI: fmt.Sprintf("%s năm %d, %s: hai trang cho hai giá trị khác nhau; giữ giá trị đầu.", unit.Name, year, found.node), EN: fmt.Sprintf("%s %d, %s: two sheets give different values; the first is kept.", unit.Name, year, found.node)})
	}
}

func (r *scoreReader) put(key scoreKey, x Score) int {
	r.scores.Scores = append(r.scores.Scores, x)
	r.seen[key] = len(r.scores.Scores) - 1
	return r.seen[key]
}

// statistic adds a standard error, an end of the published interval, a rank or a group to a score.
// An end of the interval gives the standard error by the publisher's own z (PAPI: 1.645): se = |end − score|/z.
func (r *scoreReader) statistic(d *Definition, x *Score, stat, text string) {
	v, isNumber := parseScore(text)
	switch {
	case stat == statGroup:
		x.Group = text
	case !isNumber:
	case stat == statRank:
		x.Rank = int(v)
	case stat == statSE:
		x.SE = result.Number(v)
	case !x.SE.Known() && x.Value.Known() && d.CI.PublishedZ > 0:
		x.SE = result.Number(math.Abs(v-float64(x.Value)) / d.CI.PublishedZ)
	}
}

// checkRange drops values that the node cannot have. A zero is how some workbooks write withheld.
func (r *scoreReader) checkRange(t table, n *Node, x *Score, text string) {
	if len(n.Range) != 2 {
		return
	}
	v, lo, hi := float64(x.Value), n.Range[0], n.Range[1]
	const slack = 0.005 // ranges like 1/3 are written with four decimals, scores with two
	switch {
	case v == 0 && lo > 0:
		x.Value = result.Unknown()
		r.problem(t, x.Area, x.Cell, "zero", "a score, or blank where it is withheld", text,
			result.Text{VI: fmt.Sprintf("%s năm %d, %s: điểm 0 không thể có, coi như không công bố.", x.AreaName, x.Year, x.Node), EN: fmt.Sprintf("%s %d, %s: a score of 0 cannot be, taken as withheld.", x.AreaName, x.Year, x.Node)})
	case v < lo-slack || v > hi+slack:
		x.Value = result.Unknown()
		r.problem(t, x.Area, x.Cell, "range", fmt.Sprintf("a score from %g to %g", lo, hi), text,
			result.Text{VI: fmt.Sprintf("%s năm %d, %s: ngoài thang điểm, không được tính.", x.AreaName, x.Year, x.Node), EN: fmt.Sprintf("%s %d, %s: outside the scale, left out.", x.AreaName, x.Year, x.Node)})
	}
}

func blank(text string) bool {
	switch vntext.Fold(text) {
	case "", "*", "-", "–", "—", "...", "…", "n/a", "na", "nan", "null", "#n/a", ".":
		return true
	}
	return false
}

// parseScore reads a number with a decimal point or comma; scores never have thousands separators.
func parseScore(text string) (float64, bool) {
	text = strings.TrimSuffix(strings.TrimSpace(text), "%")
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// decimals counts the digits after the decimal sign; a number in exponent form is taken as fully precise.
func decimals(text string) int {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, "eE") {
		return 12
	}
	if i := strings.LastIndexAny(text, ".,"); i >= 0 {
		return len(strings.TrimSuffix(text[i+1:], "%"))
	}
	return 0
}

func (r *scoreReader) problem(t table, area, cell, code, want, got string, text result.Text) {
	r.scores.Problems = append(r.scores.Problems, result.Problem{File: t.sheet.File, Sheet: t.sheet.Name, Cell: cell, Area: area, Code: "scores_" + code, Want: want, Got: got, Text: text})
}

func (r *scoreReader) note(vi, en string) {
	for _, n := range r.scores.Notes {
		if n.EN == en {
			return
		}
	}
	r.scores.Notes = append(r.scores.Notes, result.Text{VI: vi, EN: en})
}
