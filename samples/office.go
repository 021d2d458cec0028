package samples

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/questionnaire"
)

// A column is one column of an office table: what its header says, row by row, and what stands below it.
type column struct {
	head  [3]string
	width float64
	cell  func(form int) cell
	asked bool // heads an item
	rated bool // of the index, from 1 to 5 with 4 and 5 satisfied: offices print its share
	item  int  // of those that take one answer; −1: none
	split bool // one of several columns of its item, with a heading of its own
	level int  // where split: the code it stands for
}

// office renders the table as offices keep it.
func (v view) office() *sheet {
	cols := v.officeColumns()
	depth := 2
	if slices.ContainsFunc(cols, func(c column) bool { return c.split }) {
		depth = 3
	}
	s := &sheet{name: v.look.SheetName}
	if s.name == "" {
		s.name = "Tổng hợp"
	}
	for _, c := range cols {
		s.widths = append(s.widths, c.width)
	}
	s.rows = func(yield func(row) error) error {
		t := officeTable{view: v, sheet: s, cols: cols, depth: depth, yield: yield}
		t.sheet.merges = nil
		return t.write()
	}
	return s
}

func (v view) officeColumns() []column {
	fixed := func(head string, width float64, f func(form int) cell) column {
		return column{head: [3]string{head, head, head}, width: width, cell: f, item: -1}
	}
	cols := []column{
		fixed("STT", 5, nil),
		fixed("Mã phiếu", 11, func(i int) cell { return text(v.Forms[i].Number) }),
	}
	if v.look.Names {
		cols = append(cols,
			fixed("Họ và tên", 20, func(i int) cell { return text(v.enc.text(fmt.Sprintf("Người trả lời %02d", i-v.lo+1))) }),
			fixed("Số điện thoại", 13, func(i int) cell { return text(fmt.Sprintf("0000000%03d", (i-v.lo+1)%1000)) }),
		)
	}
	if v.look.District {
		cols = append(cols, fixed("Huyện/Thị xã/Thành phố", 18, func(i int) cell { return text(v.enc.text(v.stratum(i).Name)) }))
	}
	if !v.look.GroupRows {
		cols = append(cols, fixed("Xã/phường/thị trấn", 18, func(i int) cell { return text(v.enc.text(v.psu(i).Name)) }))
	}
	for c, ch := range v.Spec.Background {
		cols = append(cols, fixed(ch.Header, 11, func(i int) cell { return v.background(i, c) }))
	}
	items := v.itemColumns()
	if v.look.ReverseItems {
		for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
			items[i], items[j] = items[j], items[i]
		}
	}
	cols = append(cols, items...)
	if !v.Spec.Design.NoWeight {
		cols = append(cols, fixed("Trọng số", 9, func(i int) cell { return number(v.Forms[i].Weight) }))
	}
	return cols
}

func (v view) itemColumns() []column {
	var out []column
	n := 0
	for _, g := range v.Spec.Groups {
		group := strings.TrimPrefix(g.Code+". "+g.Name, ". ")
		for _, id := range g.Items {
			n++
			j := slices.IndexFunc(v.items, func(im itemModel) bool { return im.ID == id })
			if j < 0 {
				c := slices.IndexFunc(v.choices, func(cm choiceModel) bool { return cm.ID == id })
				out = append(out, v.choiceColumns(group, v.itemName(n, v.choices[c].Item), c)...)
				continue
			}
			name := v.itemName(n, v.items[j].Item)
			if v.look.Dialect != OfficeTicks || v.items[j].numeric {
				out = append(out, column{
					head: [3]string{group, name, name}, width: 13, asked: true, item: j, cell: func(i int) cell { return v.raw(i, j) },
					rated: !g.Apart && slices.Equal(v.items[j].codes, []int{1, 2, 3, 4, 5}) && v.items[j].positive == 3,
				})
				continue
			}
			out = append(out, v.tickColumns(group, name, j)...)
		}
	}
	return out
}

// itemName is what the header calls the n-th item.
func (v view) itemName(n int, it questionnaire.Item) string {
	switch {
	case !v.look.HeaderCodes:
		return fmt.Sprintf("%d. %s", n, it.Text.VI)
	case len(it.Aliases) > 0:
		return it.Aliases[0]
	}
	return it.ID
}

// tickColumns are one column a level, the best first.
func (v view) tickColumns(group, name string, j int) []column {
	im := v.items[j]
	var out []column
	add := func(label string, code int) {
		out = append(out, column{
			head: [3]string{group, name, label}, width: 6, asked: true, item: j, split: true, level: code,
			cell: func(i int) cell { return v.tick(i, j, code) },
		})
	}
	for k := len(im.codes) - 1; k >= 0; k-- {
		add(im.labels[k], im.codes[k])
	}
	if v.look.Reasons {
		for _, r := range v.reasons(im.ID) {
			add(r.label, r.kind)
		}
	}
	return out
}

// choiceColumns are one column a choice, with an x where it was chosen, or 1 and 0 where answers are codes.
func (v view) choiceColumns(group, name string, c int) []column {
	var out []column
	for _, o := range v.options(c) {
		if o.code < 0 && !v.look.Reasons {
			continue
		}
		out = append(out, column{
			head: [3]string{group, name, o.label}, width: 6, asked: true, item: -1, split: true, level: o.code,
			cell: func(i int) cell {
				switch p := v.picked(i, c); {
				case v.look.Answers == Codes:
					return v.indicator(p, o)
				case o.chosen(p):
					return text("x")
				}
				return cell{style: styleBody}
			},
		})
	}
	return out
}

// indicator is 1 or 0, and blank where the item was not answered.
func (v view) indicator(p picks, o option) cell {
	n := 0.0
	switch {
	case p.chosen == 0 && int(p.kind) == blank:
		return cell{style: styleBody}
	case o.chosen(p):
		n = 1
	}
	if v.look.Dialect == Kobo {
		return text(decimal(n))
	}
	return number(n)
}

// tick is the cell of one level or kind of missing: an x if it was given. An answer off the scale cannot be ticked, so its row stays empty.
func (v view) tick(form, item, code int) cell {
	got, given := v.Answer(form, item)
	hit := given && got == code
	if mk, ok := v.marks[form*len(v.items)+item]; ok {
		hit = mk.kind == "two_marks" && (mk.a == code || mk.b == code)
	}
	if hit {
		return text("x")
	}
	return cell{style: styleBody}
}

// officeTable writes the rows of one office table, from the office's name to the signatures.
type officeTable struct {
	view
	sheet *sheet
	cols  []column
	depth int
	yield func(row) error
	next  int // the row to write
	first int // first row of forms
	last  int
}

func (t *officeTable) emit(class string, cells ...cell) error {
	t.next++
	return t.yield(row{index: t.next, class: class, cells: cells})
}

func (t *officeTable) merge(col1, row1, col2, row2 int) {
	if col1 != col2 || row1 != row2 {
		t.sheet.merges = append(t.sheet.merges, cellName(col1, row1)+":"+cellName(col2, row2))
	}
}

func (t *officeTable) write() error {
	for _, part := range []func() error{t.title, t.header, t.forms, t.totals, t.signature} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (t *officeTable) title() error {
	last := len(t.cols) - 1
	caps := func(s string) cell { return cell{kind: textCell, text: t.enc.capitals(s), style: styleTitle} }
	note := func(s string) cell { return cell{kind: textCell, text: t.enc.text(s), style: styleNote} }
	unit := "ỦY BAN NHÂN DÂN " + strings.ToUpper(t.look.Unit)
	first := make([]cell, 9)
	first[0], first[8] = caps(unit), caps("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	t.merge(0, 1, 6, 1)
	t.merge(8, 1, last, 1)
	if err := t.emit("title", first...); err != nil {
		return err
	}
	t.next++ // an empty row
	for _, c := range []cell{
		caps(strings.ToUpper(t.Spec.Title)),
		note("(" + Mark + ")"),
		note("Đơn vị: " + t.look.Unit),
	} {
		t.merge(0, t.next+1, last, t.next+1)
		if err := t.emit("title", c); err != nil {
			return err
		}
	}
	t.next++
	return nil
}

// header writes the header rows. A name that spans columns or rows stands once, in the first cell of a merged range.
func (t *officeTable) header() error {
	top := t.next + 1
	for r := range t.depth {
		cells := make([]cell, len(t.cols))
		for c := range t.cols {
			cells[c] = cell{style: styleHeader}
			if t.startsAt(c, r) {
				cells[c] = cell{kind: textCell, text: t.enc.text(t.cols[c].head[r]), style: styleHeader}
				down := r
				for down+1 < t.depth && t.tall(c, r) {
					down++
				}
				t.merge(c, top+r, t.spanEnd(c, r), top+down)
			}
		}
		if err := t.emit("header", cells...); err != nil {
			return err
		}
	}
	if !t.look.Numbers {
		return nil
	}
	cells := make([]cell, len(t.cols))
	for c := range cells {
		cells[c] = cell{kind: textCell, text: "(" + strconv.Itoa(c+1) + ")", style: styleNote}
	}
	return t.emit("column_numbers", cells...)
}

// tall reports whether the name in header row r of column c reaches down to the table: a column that is no item, or an item that is not split
// into levels.
func (t *officeTable) tall(c, r int) bool {
	return !t.cols[c].asked || (!t.cols[c].split && r >= 1)
}

func (t *officeTable) startsAt(c, r int) bool {
	if !t.cols[c].asked {
		return r == 0
	}
	if t.tall(c, r) {
		return r == 1
	}
	return r == t.depth-1 || c == 0 || t.cols[c-1].head[r] != t.cols[c].head[r]
}

func (t *officeTable) spanEnd(c, r int) int {
	if t.tall(c, r) || r == t.depth-1 {
		return c
	}
	end := c
	for end+1 < len(t.cols) && t.cols[end+1].head[r] == t.cols[c].head[r] && t.cols[end+1].asked {
		end++
	}
	return end
}

func (t *officeTable) forms() error {
	t.first = t.next + 1
	group, prev := 0, PSU{}
	for i := t.lo; i < t.hi; i++ {
		if p := t.psu(i); t.look.GroupRows && p != prev {
			group++
			prev = p
			t.merge(1, t.next+1, len(t.cols)-1, t.next+1)
			if err := t.emit("group",
				cell{kind: textCell, text: roman(group), style: styleBold},
				cell{kind: textCell, text: t.enc.text(p.Name), style: styleBold}); err != nil {
				return err
			}
		}
		cells := make([]cell, len(t.cols))
		cells[0] = number(float64(i - t.lo + 1))
		for c := 1; c < len(t.cols); c++ {
			cells[c] = t.cols[c].cell(i)
		}
		if err := t.emit("data", cells...); err != nil {
			return err
		}
	}
	t.last = t.next
	return nil
}

// totals writes the control rows: how many answers a column holds, and the plain share of satisfied ones.
func (t *officeTable) totals() error {
	if !t.look.Totals {
		return nil
	}
	sum, share := make([]cell, len(t.cols)), make([]cell, len(t.cols))
	firstItem := 0
	for c := range t.cols {
		sum[c], share[c] = cell{style: styleBold}, cell{style: styleBold}
		if !t.cols[c].asked {
			continue
		}
		if firstItem == 0 {
			firstItem = c
		}
		filled, satisfied := t.count(t.cols[c])
		formula := "COUNTA"
		if t.cols[c].item < 0 && t.look.Answers == Codes {
			formula = "SUM" // of ones and noughts
		}
		formula += fmt.Sprintf("(%s:%s)", cellName(c, t.first), cellName(c, t.last))
		sum[c] = cell{kind: numberCell, num: float64(filled), formula: formula, style: styleBold}
		if t.cols[c].rated && filled > 0 {
			pct := math.Round(1000*float64(satisfied)/float64(filled)) / 10
			share[c] = cell{kind: textCell, text: strings.Replace(decimal(pct), ".", ",", 1), style: styleBold}
		}
	}
	sum[0] = cell{kind: textCell, text: t.enc.text("Tổng cộng"), style: styleBold}
	t.merge(0, t.next+1, firstItem-1, t.next+1)
	if err := t.emit("totals", sum...); err != nil {
		return err
	}
	if t.look.Dialect == OfficeTicks {
		return nil
	}
	share[0] = cell{kind: textCell, text: t.enc.text("Tỷ lệ hài lòng (%)"), style: styleBold}
	t.merge(0, t.next+1, firstItem-1, t.next+1)
	return t.emit("percent", share...)
}

// count returns the filled cells of an item column (of a choice with 1 and 0, the ones) and the satisfied answers among them.
func (t *officeTable) count(c column) (filled, satisfied int) {
	for i := t.lo; i < t.hi; i++ {
		if one := c.cell(i); one.kind != emptyCell && (c.item >= 0 || one != number(0)) {
			filled++
		}
		if c.item >= 0 && t.satisfied(i, c.item) {
			satisfied++
		}
	}
	return filled, satisfied
}

func (t *officeTable) signature() error {
	if !t.look.Signature {
		return nil
	}
	right := max(len(t.cols)-8, 2)
	line := func(left, rightText string, style int) error {
		cells := make([]cell, right+1)
		if left != "" {
			cells[1] = cell{kind: textCell, text: t.enc.text(left), style: style}
		}
		cells[right] = cell{kind: textCell, text: t.enc.text(rightText), style: style}
		return t.emit("signature", cells...)
	}
	t.next++
	if err := line("", t.look.Place+", "+t.look.Date, styleNote); err != nil {
		return err
	}
	return line("Người lập biểu", "Thủ trưởng đơn vị", stylePlain)
}

// roman writes 1 … 89, which is more groups than a district has communes.
func roman(n int) string {
	var b strings.Builder
	for _, d := range [...]struct {
		value int
		sign  string
	}{{50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= d.value {
			b.WriteString(d.sign)
			n -= d.value
		}
	}
	return b.String()
}
