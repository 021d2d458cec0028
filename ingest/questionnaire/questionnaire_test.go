package questionnaire

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

const sipas = `
id: test
index: {anything: [goes, here]}
questionnaire:
  scales:
    sat5:
      codes: {1: {vi: Rất không hài lòng}, 2: {vi: Không hài lòng}, 3: {vi: Bình thường}, 4: {vi: Hài lòng}, 5: {vi: Rất hài lòng}}
  items:
    - {id: PR1, scale: sat5, text: {vi: Thủ tục hành chính được niêm yết công khai đầy đủ}, aliases: [C2.1, Câu 5]}
    - {id: PR2, scale: sat5, text: {vi: Thủ tục hành chính được niêm yết công khai chính xác}, aliases: [C2.2, Câu 6]}
    - {id: OF1, scale: sat5, text: {vi: Công chức có thái độ giao tiếp lịch sự}, aliases: [C3.1, Câu 10, Thái độ lịch sự]}
  background:
    - {id: xa, role: area, text: {vi: Xã}}
    - {id: tuoi, role: characteristic, text: {vi: Tuổi}}
`

func parse(t *testing.T, text string) *Questionnaire {
	t.Helper()
	q, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestParseIgnoresOtherSectionsAndPointsAtUnknownKeys(t *testing.T) {
	parse(t, sipas)
	_, err := Parse([]byte(strings.Replace(sipas, "items:\n", "itmes:\n", 1)))
	if err == nil || !strings.Contains(err.Error(), "itmes") || !strings.Contains(err.Error(), "8") || !strings.Contains(err.Error(), "^") {
		t.Errorf("a misspelt key: %v", err)
	}
	if _, err := Parse([]byte("id: scores\nindex: {}\n")); !errors.Is(err, ErrNoSection) {
		t.Errorf("a file without the section: %v", err)
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"scale: sat5, text: {vi: Thủ tục hành chính được niêm yết công khai đầy đủ}", "scale: sat6", `no scale is named "sat6"`},
		{"{id: PR2,", "{id: pr1,", "already that of item"},
		{"{id: PR2,", "{id: 2PR,", "an id is a letter"},
		{"role: area", "role: place", `no role is named "place"`},
		{"text: {vi: Xã}}", "text: {vi: Xã}, from: [header]}", `cannot come from "header"`},
		{"  background:", "  routing: [{items: [PR1], when: \"PR9 == 1\"}]\n  background:", `named "PR9"`},
		{"  background:", "  routing: [{items: [PR1], when: \"PR2 ~ 1\"}]\n  background:", "character 5"},
		{"codes: {1:", "codes: {-1:", "outside 0"},
	} {
		text := strings.Replace(sipas, c.old, c.new, 1)
		if text == sipas {
			t.Fatalf("%q does not stand in the definition", c.old)
		}
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", c.new, err, c.want)
		}
	}
}

// Every definition that ships has a section that this package accepts, or none.
func TestShippedDefinitionsParse(t *testing.T) {
	files, err := filepath.Glob("../../analytics/index/definitions/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no definitions: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(text); err != nil && !errors.Is(err, ErrNoSection) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func match(t *testing.T, pins map[string]string, headers ...string) (map[string]string, []string) {
	t.Helper()
	list := make([]Header, len(headers))
	for i, h := range headers {
		list[i] = Header{Name: h, Parts: strings.Split(h, " › ")}
	}
	matches, doubts := MatchHeaders(list, parse(t, sipas), pins, Bounds{})
	got := map[string]string{}
	for _, m := range matches {
		got[headers[m.Column]] = m.ID + " " + m.How
	}
	var codes []string
	for _, d := range doubts {
		codes = append(codes, d.Code+" "+d.ID)
	}
	return got, codes
}

func TestHeadersAreMatchedByCodeLabelAliasAndLikeness(t *testing.T) {
	for _, c := range []struct{ header, want string }{
		{"PR1", "PR1 code"},
		{"c2.1", "PR1 code"},
		{"Câu 5", "PR1 number"},
		{"Tiếp cận › C2.1", "PR1 code"},
		{"Thủ tục hành chính được niêm yết công khai đầy đủ", "PR1 label"},
		{"5. THỦ TỤC HÀNH CHÍNH ĐƯỢC NIÊM YẾT CÔNG KHAI ĐẦY ĐỦ *", "PR1 label"},
		{"C2.1 - Thủ tục hành chính được niêm yết công khai đầy đủ", "PR1 label"},
		{"Đánh giá [Công chức có thái độ giao tiếp lịch sự]", "OF1 label"},
		{"Thái độ lịch sự", "OF1 alias"},
		{"Công chức có thái độ giao tiếp lịch sự, nhã nhặn", "OF1 fuzzy"},
		{"Câu 10: Công chức giao tiếp lịch sự", "OF1 code"},
		{"Xã/phường", "xa alias"},
		{"Phường, xã, thị trấn", "xa alias"},
		// The code is an item's, the wording is another question's.
		{"Câu 10. Thời gian giải quyết hồ sơ đúng hẹn", ""},
		// As like PR1 as PR2: nothing may decide between them.
		{"Thủ tục hành chính được niêm yết công khai", ""},
		{"Tuyến", ""},
		{"", ""},
	} {
		got, doubts := match(t, nil, c.header)
		if got[c.header] != c.want {
			t.Errorf("%q: got %q, want %q (doubts %v)", c.header, got[c.header], c.want, doubts)
		}
	}
}

func TestTwoColumnsNeverAnswerOneItem(t *testing.T) {
	got, doubts := match(t, nil, "PR1", "PR1", "OF1")
	if len(got) != 1 || !slices.Equal(doubts, []string{"ambiguous_columns PR1"}) {
		t.Errorf("a header given twice: %v %v", got, doubts)
	}
	// The code is surer than the wording: the second column is left, and the doubt says so.
	got, doubts = match(t, nil, "PR1", "Thủ tục hành chính được niêm yết công khai đầy đủ")
	if got["PR1"] != "PR1 code" || len(got) != 1 || !slices.Equal(doubts, []string{"ambiguous_columns PR1"}) {
		t.Errorf("code and wording: %v %v", got, doubts)
	}
	got, doubts = match(t, map[string]string{"PR1": "Cột B", "OF1": "Cột X"}, "PR1", "Cột B")
	if got["Cột B"] != "PR1 pinned" || len(got) != 1 || !slices.Equal(doubts, []string{"pin_not_found OF1"}) {
		t.Errorf("pins: %v %v", got, doubts)
	}
}

// Whatever the headers are, a column gets one match at most, a target one column, and no fuzzy match is below the bound.
func TestMatchesAreOneToOneForAnyHeaders(t *testing.T) {
	q := parse(t, sipas)
	words := []string{"Thủ tục", "hành chính", "được niêm yết", "công khai", "đầy đủ", "chính xác", "Công chức", "C2.1", "Câu 5", "lịch sự", "Xã", "›", "1.", "không"}
	rapid.Check(t, func(r *rapid.T) {
		var headers []Header
		for _, parts := range rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(words), 0, 6), 0, 8).Draw(r, "headers") {
			name := strings.Join(parts, " ")
			headers = append(headers, Header{Name: name, Parts: strings.Split(name, " › ")})
		}
		matches, _ := MatchHeaders(headers, q, nil, Bounds{})
		columns, ids := map[int]bool{}, map[string]bool{}
		for _, m := range matches {
			if columns[m.Column] || ids[m.ID] {
				r.Fatalf("%v matched twice", m)
			}
			columns[m.Column], ids[m.ID] = true, true
			if m.How == HowFuzzy && m.Score < 0.85 {
				r.Fatalf("fuzzy match with %v", m.Score)
			}
		}
	})
}

func TestConditions(t *testing.T) {
	values := map[string]Value{
		"a": {Number: 2, HasNumber: true}, "b": {Text: "Nữ", HasText: true, Number: 2, HasNumber: true},
		"word": {Text: "abc", HasText: true, Number: math.NaN(), HasNumber: true}, "digits": {Text: "02", HasText: true, Number: 2, HasNumber: true}, "day": {Number: 18536, HasNumber: true}, // 2020-10-01
		"blank": {Blank: true}, "skipped": {NotAsked: true}, "dk": {Number: CodeDontKnow, HasNumber: true, Word: true},
	}
	for when, want := range map[string]bool{
		"a == 2": true, "a != 2": false, "a >= 2 && a < 3": true, "a > 2 || b == 'Nữ'": true, `(a == 1 || a == 2) && b == "Nữ"`: true,
		"b == 2": true, "missing != 1": false, "missing == 1 || a == 2": true, "a == 'x'": false,
		"a = 2 and not(b = 1)": true, "!(missing == 1)": false, "not(missing = 1) or a = 2": true, "not(missing = 1) and a = 1": false,
		"selected(a, 2)": true, "blank == ''": true, "blank != ''": false, "blank == 1": false, "!(blank == 1)": false, "a != ''": true, "missing == ''": false,
		// What was not asked has no answer, and that is known.
		"!(skipped == 1)": true, "skipped != 1": true, "skipped > 1": false, "skipped == ''": true,
		// A don't know is another answer than yes, but it is not above or below one.
		"!(dk == 1)": true, "dk < 1": false, "!(dk < 1)": false, "android == 1": false,
		// Arithmetic is that of XPath; nothing is known of a sum with an unanswered part.
		"a + 1 == 3": true, "1 + 2 * a == 5": true, "(1 + 2) * a == 6": true, "a - -1 > 2": true, "-a < 0": true, "7 div a == 3.5": true, "-7 mod a == -1": true, "3 == a + 1": true,
		"blank + 1 > 0": false, "!(blank + 1 > 0)": false, "dk + 1 > 0": false, "!(dk + 1 > 0)": false, "missing + 1 != 7": false,
		// What was not asked is an empty text: no number (https://docs.getodk.org/form-operators-functions: empty values are not converted to zero), so no
		// comparison with it is true but that it is another (XPathCmpExpr and XPathEqExpr of https://github.com/getodk/javarosa).
		"skipped + 1 > 0": false, "!(skipped + 1 > 0)": true, "skipped + 1 != 1": true, "skipped == a": false, "!(skipped == a)": true, "skipped != a": true,
		"count-selected(skipped) == 0": true, "count-selected(a) == 2": true, "count-selected(blank) == 0": false, "!(count-selected(blank) == 0)": false,
		// Texts are compared as texts, a text with a number as numbers; a text that is none is not equal to any, nor above or below one.
		"word == 'abc'": true, "word == 2": false, "!(word == 2)": true, "word != 2": true, "word > 1": false, "!(word > 1)": true, "digits == 2": true, "digits == '2'": false,
		"digits > 1": true, "digits + a == 4": true, "digits == word": false, "digits != word": true, "word == word": true, "b == a": true,
		"day >= date('2020-10-01')": true, "day - date('2020-09-30') == 1": true, "true() && !false()": true, "!a == 1": true, "2 == a": true, "3 > a": true, "string-length(blank) = 0": true,
	} {
		c, err := ParseCondition(when)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		if got := c.Holds(func(name string) Value { return values[name] }); got != want {
			t.Errorf("%s is %v", when, got)
		}
		again, err := ParseCondition(c.String())
		if err != nil || again.String() != c.String() || again.Holds(func(name string) Value { return values[name] }) != want {
			t.Errorf("%s is written as %s: %v", when, c, err)
		}
	}
	for _, when := range []string{"", "a", "a ==", "a == 1 b", "(a == 1", "a == 'x", "a === 1", "1", "a + 1", "-'x' == 1", "a == (b == 1)", strings.Repeat("(", 5000), strings.Repeat("(", 4000)} {
		if _, err := ParseCondition(when); err == nil {
			t.Errorf("%.20q was read", when)
		}
	}
}

func FuzzCondition(f *testing.F) {
	f.Add("a == 2 && (b >= 'x' || c != -1.5)")
	f.Add("count-selected(a) - 2 * b div 3 >= number('4') or not(string-length(c) = 0) and date('2020-10-01') < d mod 2")
	f.Fuzz(func(t *testing.T, when string) {
		c, err := ParseCondition(when)
		if err != nil {
			return
		}
		c.Holds(func(string) Value { return Value{Number: 1, HasNumber: true} })
		if again, err := ParseCondition(c.String()); len(c.String()) <= maxCondition && (err != nil || again.String() != c.String()) {
			t.Errorf("%q is written as %q: %v", when, c, err)
		}
	})
}

// A coder never panics, never answers with a code that its scale does not have, and reads its own labels.
func FuzzCoder(f *testing.F) {
	for _, s := range []string{"4 - Hài lòng", "", "4/5", "98", "hài lòng; rất hài lòng", "１", "\xff"} {
		f.Add(s)
	}
	scale := Scale{Codes: map[int]Text{1: {VI: "Rất không hài lòng"}, 5: {VI: "Rất hài lòng"}}}
	c := NewCoder(scale, Missing{DontKnow: Kind{Codes: []int{98}}})
	f.Fuzz(func(t *testing.T, text string) {
		answer := c.Text(text)
		if _, ok := scale.Codes[int(answer.Code)]; !ok && answer.Outcome != Blank && (answer.Code >= 0 || answer.Code < CodeInvalid) {
			t.Errorf("%q became %+v", text, answer)
		}
		c.Choices(text)
	})
}

func TestNumbersThatAreNoCodes(t *testing.T) {
	c := NewCoder(Scale{Codes: map[int]Text{1: {VI: "a"}}}, Missing{})
	for _, n := range []float64{0, 1.5, -1, 1e300, math.Inf(1), math.NaN()} {
		if a := c.Number(n); a.Outcome != OutOfRange || a.Code != CodeInvalid {
			t.Errorf("%v became %+v", n, a)
		}
	}
}

// A form may count its choices against the definition: then its numbers mean what its labels say.
func TestFormThatCountsTheOtherWay(t *testing.T) {
	form, err := FromXLSForm(Form{
		Survey: [][]string{
			nil,
			{"", "type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "relevant"},
			{"", "begin group", "g", "", "", ""},
			{"", "select_one hl", "lich_su", "Công chức có thái độ giao tiếp lịch sự", "Polite", ""},
			{"", "select_one kenh or_other", "kenh", "Kênh", "Channel", "${lich_su} = '1'"},
			{"", "end group", "", "", "", ""},
			{"", "geopoint", "vi_tri", "Vị trí", "Place", ""},
			{"", "integer", "tuoi", "Tuổi", "Age", ""},
		},
		Choices: [][]string{
			{"list name", "name", "label::Tiếng Việt (vi)"},
			{"hl", "1.0", "Rất hài lòng"},
			{"hl", "2.0", "Hài lòng"},
			{"hl", "3.0", "Bình thường"},
			{"hl", "4.0", "Không hài lòng"},
			{"hl", "5.0", "Rất không hài lòng"},
			{"kenh", "loa", "Loa truyền thanh"},
			{"kenh", "hop", "Họp dân"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	q := parse(t, sipas).Extend(form)
	if err := q.Check(); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(q.Items, func(i Item) bool { return i.ID == "OF1" })
	c := NewCoder(q.Scales[q.Items[at].Scale], q.Missing)
	if a := c.Number(1); a.Code != 5 {
		t.Errorf("1 in the form's data is %+v, want 5", a)
	}
	if a := c.Text("Rất hài lòng"); a.Code != 5 {
		t.Errorf("the label is %+v, want 5", a)
	}
	if other := NewCoder(q.Scales["sat5"], q.Missing).Number(1); other.Code != 1 {
		t.Errorf("the definition's own scale was changed: %+v", other)
	}
	matches, _ := MatchHeaders([]Header{{Name: "g/lich_su", Parts: []string{"g/lich_su"}}, {Name: "kenh", Parts: []string{"kenh"}}}, q, nil, Bounds{})
	if len(matches) != 2 || matches[0].ID != "OF1" || matches[1].ID != "kenh" {
		t.Errorf("columns of the form: %+v", matches)
	}
	wantRoute := Route{Items: []string{"kenh"}, When: "!(lich_su == '1')", On: true, Blank: true, Basis: "xlsform relevant: ${lich_su} = '1'"}
	if diff := cmp.Diff([]Route{wantRoute}, form.Routing, cmpopts.IgnoreUnexported(Route{})); diff != "" {
		t.Error(diff)
	}
	// The question has become the definition's OF1; the form's answer 1 is still the form's.
	wantRoute.When = "!(OF1 == '1')"
	if diff := cmp.Diff([]Route{wantRoute}, q.Routing[len(q.Routing)-1:], cmpopts.IgnoreUnexported(Route{})); diff != "" {
		t.Error(diff)
	}
	if v := form.Background[0]; v.ID != "vi_tri" || v.Role != "personal" {
		t.Errorf("a place is %+v", v)
	}
}

func TestPersonalHeaders(t *testing.T) {
	for header, want := range map[string]string{
		"Họ và tên": "name", "HỌ TÊN": "name", "Số điện thoại liên hệ": "phone", "SĐT": "phone", "CMND/CCCD": "id_number", "E-mail": "email",
		"_location_latitude": "gps", "Địa chỉ": "address", "Chữ ký": "signature", "Ngày sinh": "birth_date", "IP Address": "address", "Name": "name",
		"Thông tin chung › Họ tên": "name",
		"Năm sinh":                 "", "Tên thủ tục": "", "Giới tính": "", "Huyện": "",
		"Công chức trả lời điện thoại của người dân lịch sự và nhanh chóng": "",
	} {
		if got := PersonalHeader(header); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

// A form may have a list that is called like a scale of the definition: a question of the form's own keeps the form's answers.
func TestListNamedLikeAScale(t *testing.T) {
	form, err := FromXLSForm(Form{
		Survey:  [][]string{{"type", "name", "label"}, {"select_one sat5", "mau", "Màu"}, {"integer", "tuoi_con", "Tuổi con"}},
		Choices: [][]string{{"list_name", "name", "label"}, {"sat5", "do", "Đỏ"}, {"sat5", "xanh", "Xanh"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	q := parse(t, sipas).Extend(form)
	if err := q.Check(); err != nil {
		t.Fatal(err)
	}
	for _, item := range q.Items {
		c := NewCoder(q.Scales[item.Scale], q.Missing)
		switch item.ID {
		case "mau":
			if a := c.Text("Xanh"); a.Code != 2 || a.Outcome != Answered {
				t.Errorf("the form's answer is %+v", a)
			}
		case "OF1":
			if a := c.Text("Rất hài lòng"); a.Code != 5 {
				t.Errorf("the definition's answer is %+v", a)
			}
		}
	}
}
