package questionnaire

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/ingest/wording"
)

// relevantRoutes reads a form with one dependent question a relevant and returns the conditions, or "unread: …".
func relevantRoutes(t *testing.T, relevants ...string) []string {
	t.Helper()
	survey := [][]string{
		{"type", "name", "label", "relevant"},
		{"select_one yn", "used", "Used", ""},
		{"select_one rate", "how", "How", ""},
		{"select_multiple ch", "kenh-tin", "Channels", ""},
		{"integer", "age", "Age", ""},
		{"text", "note", "Note", ""},
		{"calculate", "sum", "", ""},
		{"date", "day", "Day", ""},
		{"start", "made", "", ""},
		{"geopoint", "where", "Where", ""},
		{"select_one yn", "again", "Again", ""},
		{"begin group", "g", "", ""},
		{"integer", "twice", "a", ""},
		{"end group", "", "", ""},
		{"integer", "twice", "b", ""},
	}
	for i, relevant := range relevants {
		survey = append(survey, []string{"integer", fmt.Sprintf("x%d", i), "Question", relevant})
	}
	q, err := FromXLSForm(Form{Survey: survey, Choices: [][]string{
		{"list_name", "name", "label"}, {"yn", "yes", "Yes"}, {"yn", "no", "No"}, {"rate", "1", "Bad"}, {"rate", "2", "Good"}, {"ch", "web", "Web"}, {"ch", "tv", "TV"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Check(); err != nil {
		t.Error(err)
	}
	got := make([]string, len(relevants))
	at := func(items []string) *string {
		n := 0
		if _, err := fmt.Sscanf(items[0], "x%d", &n); err != nil || len(items) != 1 {
			t.Fatalf("items %v", items)
		}
		return &got[n]
	}
	for _, r := range q.Routing {
		*at(r.Items) = r.When
	}
	for _, u := range q.Unread {
		*at(u.Items) = "unread: " + u.Why.Error()
		var sentence *wording.Error
		if u.Row < 16 || !errors.As(u.Why, &sentence) {
			t.Errorf("row %d of %q: %v", u.Row, u.Relevant, u.Why)
		}
	}
	return got
}

// The operators and functions are those of https://docs.getodk.org/form-operators-functions; the expressions are of the kinds that the
// forms of the corpus and of KoboToolbox's form builder (selected, not(selected())) have.
func TestRelevant(t *testing.T) {
	cases := [][2]string{
		{"${used} = 'yes'", "!(used == 'yes')"},
		{"${used}=‘yes’", "!(used == 'yes')"},
		{`${used} != "no"`, "!(used != 'no')"},
		{"selected(${used}, 'yes')", "!(selected(used, 'yes'))"},
		{"not(selected(${kenh-tin},'web')) and ${age}>=18", "!((!(selected(kenh_tin, 'web')) && age >= 18))"},
		{"${how} >= '2' or (${how} = 1 and ${age} < 30.5)", "!((how >= 2 || (how == '1' && age < 30.5)))"},
		{"${age} != ''", "!(age != '')"},
		{"${age} <= '60'", "!(age <= 60)"},
		{"", ""},
		{"count-selected(${kenh-tin}) > 1", "!(count-selected(kenh_tin) > 1)"},
		{"${age} + 1 > 3 or (${age} - ${how}) * -2 <= ${age} div 2 mod 3", "!(((age + 1) > 3 || ((age - how) * -2) <= ((age div 2) mod 3)))"},
		{"18 <= ${age}", "!(age >= 18)"},
		{"${age} = ${how}", "!(age == how)"},
		{"${used} != ${again}", "!(used != again)"},
		{"${note} = 'a'", "!(note == 'a')"},
		{"${note} != ${sum}", "!(note != sum)"},
		{"string-length(${note}) > 0", "!(note != '')"},
		{"${sum} > '1'", "!(sum > 1)"},
		{"number(${sum}) * 2 = 4", "!((sum * 2) == 4)"},
		{"${day} >= date('1970-01-11') and ${day} - date('1970-01-01') < 30", "!((day >= 10 && (day - 0) < 30))"},
		{"${made} < ${day}", "!(made < day)"},
		{"true() and not(false())", "!((true() && !(false())))"},
		{"${twice} > 1", `unread: 2 questions are named "twice"`},
		{"${used} = 'maybe'", `unread: "used" has no choice named "maybe"`},
		{"${used} > 'no'", `unread: the choices of "used" are no numbers: there is nothing above or below "no"`},
		{"${used} + 1 > 2", `unread: the choices of "used" are no numbers`},
		{"${used} = ${how}", `unread: "used" and "how" are not of one kind`},
		{"${kenh-tin} = 'web'", `unread: "kenh_tin" takes several answers: only selected() and count-selected() are read`},
		{"count-selected(${used}) > 1", `unread: "used" is no question with several answers`},
		{"selected(${note}, 'a')", `unread: "note" is no question with several answers`},
		{"${age} = 'old'", `unread: "age" is a number and "old" none`},
		{"${day} > '2020-01-01'", `unread: "day" is a date and "2020-01-01" a text: write date("2020-01-01")`},
		{"${day} > date('1/1/2020')", `unread: condition "day > date('1/1/2020')", character 12: want a date like '2020-10-01'`},
		{"${where} != ${age}", `unread: "where" holds a place, a time of day or who somebody is: it is not read`},
		{"age > and", `unread: the form has no question named "and" with an answer in the data`},
		{"${nobody} = 1", `unread: the form has no question named "nobody" with an answer in the data`},
		{"selected-at(${kenh-tin}, 0) = 'web'", `unread: condition "selected-at(kenh_tin, 0) = 'web'": the function selected-at() is not read`},
		{"regex(${note}, '^a')", `unread: condition "regex(note, '^a')": the function regex() is not read`},
		{"string-length(${note}) > 5", `unread: condition "string-length(note) > 5", character 24: want a comparison of string-length() with 0`},
		{"${day} > today()", `unread: condition "day > today()": the function today() is not read`},
		{"'a' + 1 > 2", `unread: condition "'a' + 1 > 2", character 9: want a column or a number`},
		{"(${age} > 1) + 1 > 2", `unread: condition "(age > 1) + 1 > 2", character 15: want a column or a number`},
		{"${age} and ${how} = 1", `unread: condition "age and how = 1", character 8: want one of == != < <= > >=`},
		{"False", `unread: condition "False", character 6: want one of == != < <= > >=`},
		{"${used} = 'yes' and", `unread: condition "used = 'yes' and", character 17: want a column, a number or a text`},
	}
	var relevants, want []string
	for _, c := range cases {
		relevants, want = append(relevants, c[0]), append(want, c[1])
	}
	if diff := cmp.Diff(want, relevantRoutes(t, relevants...)); diff != "" {
		t.Error(diff)
	}
}

// A question in a group depends on the group's relevant, too: each is a route of its own, so that one that is not understood leaves the other.
func TestRelevantOfGroups(t *testing.T) {
	q, err := FromXLSForm(Form{
		Survey: [][]string{
			{"type", "name", "bind::relevant"},
			{"integer", "a", ""},
			{"begin group", "g", "${a} > 1"},
			{"integer", "b", ""},
			{"begin repeat", "r", "today() > '2020-01-01'"},
			{"integer", "c", "${b} = 2"},
			{"end repeat", "", ""},
			{"integer", "d", ""},
			{"end group", "", ""},
			{"integer", "e", ""},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range q.Routing {
		got = append(got, fmt.Sprint(r.Items, " ", r.When))
	}
	for _, u := range q.Unread {
		got = append(got, fmt.Sprint(u.Items, " unread, row ", u.Row))
	}
	want := []string{"[b c d] !(a > 1)", "[c] !(b == 2)", "[c] unread, row 5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
