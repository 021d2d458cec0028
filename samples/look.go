package samples

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/questionnaire"
	"hailong/ingest/wording"
)

// Mark is what every made sheet says of itself, in both languages of the house.
const Mark = "DỮ LIỆU GIẢ LẬP – SYNTHETIC DATA – không phải kết quả khảo sát thật"

// Dialect is the shape of a sheet.
type Dialect string

// The dialects. The zero value is a plain sheet: one header row of item ids, one row a form.
const (
	Plain       Dialect = ""
	Office      Dialect = "office"       // title block, merged two-row header, STT, totals, signatures
	OfficeTicks Dialect = "office-ticks" // the same with one column a level and an x in one of them
	Kobo        Dialect = "kobo"         // KoboToolbox export: inline strings, numbers as text, group/question headers, system columns
	GoogleForms Dialect = "google-forms" // Dấu thời gian, grid questions as "question [row]"
	Qualtrics   Dialect = "qualtrics"    // three header rows: ids, texts, {"ImportId":"QID1"}
	MSForms     Dialect = "ms-forms"     // ID, Start time, … Name, then the questions themselves
	LimeSurvey  Dialect = "limesurvey"   // id, submitdate, headings with code and text "QI[AC1]. … […]", answer codes A1…
)

// Dialects lists the dialects that have a name.
func Dialects() []string {
	var out []string
	for _, d := range [...]Dialect{Office, OfficeTicks, Kobo, GoogleForms, Qualtrics, MSForms, LimeSurvey} {
		out = append(out, string(d))
	}
	return out
}

// Answers is how an answer is written.
type Answers string

// The ways to write an answer. The zero value writes its label.
const (
	Labels       Answers = ""
	Codes        Answers = "codes"
	CodeAndLabel Answers = "code-label" // "4 - Hài lòng"
)

// A Look is how a sheet of the survey is kept.
type Look struct {
	Dialect  Dialect
	Answers  Answers
	Encoding Encoding
	// SheetName is the sheet's name; empty: what the dialect's tool calls it.
	SheetName string
	// Rows is the most rows that a sheet is given; 0: what Excel can hold.
	Rows int

	// What follows concerns the office dialects.
	Unit         string // who made the table: the line above the title and "Đơn vị" below it
	Place        string // of the signature, before the date
	Date         string // "ngày 20 tháng 10 năm 2020"
	HeaderCodes  bool   // items are called by their code (C1.1), not by their text
	ReverseItems bool   // item columns run from the last to the first
	GroupRows    bool   // a row "I · Xã …" before the forms of each PSU instead of a column
	Names        bool   // a column of respondents' names and one of telephone numbers, all obviously made up
	District     bool   // a column with the stratum's name
	Untidy       bool   // stray spaces, NBSP and capitals in labels
	Numbers      bool   // a row (1) (2) (3) below the header
	Totals       bool   // rows "Tổng cộng" and "Tỷ lệ hài lòng (%)"
	Signature    bool
	Legend       bool // a second sheet that explains the codes
	Reasons      bool // tick columns for the kinds of missing beside the levels; without them such an answer leaves its row empty
}

func (l Look) withDefaults() Look {
	for v, def := range map[*string]string{&l.Unit: "Tỉnh Giả Lập", &l.Place: "Tỉnh Giả Lập", &l.Date: "ngày 20 tháng 10 năm 2020"} {
		if *v == "" {
			*v = def
		}
	}
	return l
}

// A view is what a renderer works on: some forms of a survey and the look they are to have.
type view struct {
	*Survey
	look   Look
	enc    encoder
	lo, hi int // forms
}

func (s *Survey) view(look Look, lo, hi int) view {
	return view{Survey: s, look: look, enc: newEncoder(look.Encoding), lo: lo, hi: hi}
}

// A Range is some forms of a survey, from First up to End.
type Range struct{ First, End int }

// Split cuts the survey into as few ranges as fit a sheet each, equally long but for the last.
func (s *Survey) Split(look Look) ([]Range, error) {
	limit := look.Rows
	if limit == 0 {
		limit = maxRows
	}
	v, err := s.stratumView(look, -1)
	if err != nil {
		return nil, err
	}
	one := s.view(v.look, 0, 1)
	sh, err := one.sheet()
	if err != nil {
		return nil, err
	}
	var around int // rows that are no forms: all but one where there is one form
	if err := sh.rows(func(r row) error { around = r.index - 1; return nil }); err != nil {
		return nil, err
	}
	if look.GroupRows {
		for _, st := range s.Spec.Design.Strata {
			around += len(st.PSUs)
		}
	}
	if around >= limit {
		return nil, wording.Errorf("a sheet of %d rows: %d are headings, totals and signatures", limit, around)
	}
	parts := (len(s.Forms) + limit - around - 1) / (limit - around)
	size := (len(s.Forms) + parts - 1) / parts
	var out []Range
	for lo := 0; lo < len(s.Forms); lo += size {
		out = append(out, Range{lo, min(lo+size, len(s.Forms))})
	}
	return out, nil
}

// WriteRange writes some forms as a workbook.
func (s *Survey) WriteRange(w io.Writer, look Look, r Range) error {
	v, err := s.stratumView(look, -1)
	if err != nil {
		return err
	}
	return s.view(v.look, r.First, r.End).write(w)
}

// WriteXLSX writes the forms of one stratum as a workbook; stratum −1 writes all.
func (s *Survey) WriteXLSX(w io.Writer, look Look, stratum int) error {
	v, err := s.stratumView(look, stratum)
	if err != nil {
		return err
	}
	return v.write(w)
}

func (v view) write(w io.Writer) error {
	main, err := v.sheet()
	if err != nil {
		return err
	}
	sheets := []*sheet{main}
	if v.look.Legend {
		sheets = append(sheets, v.legend())
	}
	// A string table in memory pays only where strings repeat; the tools that stream do without.
	inline := v.look.Dialect == Kobo || v.hi-v.lo > 50_000
	return writeBook(w, Mark, v.enc, inline, sheets...)
}

func (s *Survey) stratumView(look Look, stratum int) (view, error) {
	look = look.withDefaults()
	if stratum < 0 {
		look.District = look.District || len(s.Spec.Design.Strata) > 1 // else the sheet would not say which stratum a form is from
		return s.view(look, 0, len(s.Forms)), nil
	}
	if stratum >= len(s.Spec.Design.Strata) {
		return view{}, wording.Errorf("writing stratum %d: the survey has %d", stratum, len(s.Spec.Design.Strata))
	}
	lo := 0
	for lo < len(s.Forms) && s.Forms[lo].Stratum < stratum {
		lo++
	}
	hi := lo
	for hi < len(s.Forms) && s.Forms[hi].Stratum == stratum {
		hi++
	}
	return s.view(look, lo, hi), nil
}

func (v view) sheet() (*sheet, error) {
	switch v.look.Dialect {
	case Office, OfficeTicks:
		return v.office(), nil
	case Plain, Kobo, GoogleForms, Qualtrics, MSForms, LimeSurvey:
		return v.export(), nil
	default:
		return nil, wording.Errorf("writing a sheet: dialect %q: want %s or none", v.look.Dialect, strings.Join(Dialects(), ", "))
	}
}

func (v view) psu(form int) PSU {
	f := v.Forms[form]
	return v.Spec.Design.Strata[f.Stratum].PSUs[f.PSU]
}

func (v view) stratum(form int) Stratum { return v.Spec.Design.Strata[v.Forms[form].Stratum] }

// raw is what stands in the cell of an answer: text, or a number where answers are codes.
func (v view) raw(form, item int) cell {
	at := form*len(v.items) + item
	if mk, ok := v.marks[at]; ok {
		return v.rawMark(item, mk)
	}
	switch level := int(v.answers[at]); level {
	case blank:
		return cell{style: styleBody}
	case questionnaire.CodeDontKnow:
		return text(v.enc.text(dontKnowLabel))
	case questionnaire.CodeRefused:
		return text(v.enc.text(refusedLabel))
	default:
		return v.rawLevel(form, item, level)
	}
}

func (v view) rawLevel(form, item, level int) cell {
	im := v.items[item]
	code, label := im.codes[level-1], im.labels[level-1]
	switch {
	case v.look.Answers == Codes || im.numeric:
		return number(float64(code))
	case v.look.Answers == CodeAndLabel:
		return text(v.enc.text(strconv.Itoa(code) + " - " + label))
	case v.look.Untidy:
		label = untidy(label, form*7+item)
	}
	return text(v.enc.text(label))
}

func (v view) rawMark(item int, mk mark) cell {
	im := v.items[item]
	codes := v.look.Answers == Codes || im.numeric
	if mk.kind == "out_of_range" {
		if v.look.Answers == Labels && !codes {
			return text(v.enc.text("Tốt"))
		}
		return number(float64(mk.a))
	}
	if codes {
		return text(fmt.Sprintf("%d;%d", mk.a, mk.b))
	}
	return text(v.enc.text(im.labelOf(mk.a) + "; " + im.labelOf(mk.b)))
}

func (im itemModel) labelOf(code int) string { return im.labels[slices.Index(im.codes, code)] }

// untidy writes a label as hurried hands do. The kinds follow from the place of the cell, so the draw of the answers does not move.
func untidy(s string, k int) string {
	switch k % 11 {
	case 1:
		return s + " "
	case 4:
		return strings.ToLower(s)
	case 6:
		return strings.ReplaceAll(s, " ", "\u00a0")
	case 9:
		return strings.ReplaceAll(s, " ", "  ")
	default:
		return s
	}
}

// background is what stands in the cell of a characteristic.
func (v view) background(form, c int) cell {
	ch := v.Spec.Background[c]
	if ch.Number {
		return number(float64(v.value(form, c)))
	}
	return text(v.enc.text(ch.Values[v.value(form, c)].Label))
}

// legend is the sheet that explains the codes.
func (v view) legend() *sheet {
	lines := []string{Mark, "Quy ước nhập liệu"}
	seen := map[string]bool{}
	for _, im := range v.items {
		if seen[im.Scale] || im.numeric {
			continue
		}
		seen[im.Scale] = true
		for _, c := range slices.Sorted(slices.Values(im.codes)) {
			lines = append(lines, fmt.Sprintf("%d = %s", c, im.labelOf(c)))
		}
	}
	lines = append(lines, "Để trống: không trả lời")
	return &sheet{name: "Quy ước", rows: func(yield func(row) error) error {
		for i, l := range lines {
			if err := yield(row{index: i + 1, class: "title", cells: []cell{{kind: textCell, text: v.enc.text(l)}}}); err != nil {
				return err
			}
		}
		return nil
	}}
}
