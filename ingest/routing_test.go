package ingest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// routedForm is an XLSForm whose questions depend on one another in the ways of https://docs.getodk.org/form-logic/#relevants.
func routedForm(t *testing.T, path string) string {
	return book(t, path,
		testSheet{"survey", [][]any{
			{"type", "name", "label", "relevant"},
			{"select_one yn", "used", "Used the service?", ""},
			{"begin_group", "g", "", "${used} = 'yes'"},
			{"select_multiple ch", "channel", "Channels", ""},
			{"select_one rate", "site", "The web site", "selected(${channel}, 'web')"},
			{"integer", "visits", "Visits", "not(selected(${channel}, 'web')) and ${used} != 'no'"},
			{"end_group", "", "", ""},
			{"select_one rate", "again", "Again after many visits", "${visits} >= 3 or ${site} = '1'"},
			{"select_one rate", "why", "Why not", "regex(${again}, '[0-9]')"},
		}},
		testSheet{"choices", [][]any{
			{"list_name", "name", "label"},
			{"yn", "yes", "Yes"},
			{"yn", "no", "No"},
			{"ch", "web", "Web"},
			{"ch", "desk", "Desk"},
			{"rate", "1", "Bad"},
			{"rate", "2", "Good"},
		}})
}

// What a form did not ask is not applicable; what it asked and nobody answered is missing; what hangs on an unanswered question stays missing; an
// answer that the form would not have asked for stays and is named.
func TestRelevantKeepsNotAskedApartFromMissing(t *testing.T) {
	dir := t.TempDir()
	data := book(t, filepath.Join(dir, "data.xlsx"), testSheet{"d", [][]any{
		{"used", "channel", "channel/web", "channel/desk", "site", "visits", "again", "why", "_id", "_uuid", "_submission_time", "_index"},
		{"no", "", "", "", "", "", "", "", 1, "a", "2020-10-01T10:00:00", 1},       // nothing below is asked
		{"yes", "web", 1, 0, 1, "", 2, "", 2, "b", "2020-10-01T10:00:00", 2},       // visits not asked
		{"yes", "desk", 0, 1, "", 5, "", "", 3, "c", "2020-10-01T10:00:00", 3},     // site not asked; again asked, blank
		{"", "", "", "", "", "", "", "", 4, "d", "2020-10-01T10:00:00", 4},         // nobody knows
		{"no", "", "", "", 2, "", "", "", 5, "e", "2020-10-01T10:00:00", 5},        // an answer off the route
		{"yes", "web desk", 1, 1, 2, "", "", "", 6, "f", "2020-10-01T10:00:00", 6}, // again not asked: neither 3 visits nor site 1
	}})
	out := filepath.Join(dir, "out")
	report := run(t, Options{Files: []string{data}, XLSForm: routedForm(t, filepath.Join(dir, "form.xlsx")), Out: out})
	d := readDataset(t, out)
	for name, want := range map[string][]string{
		"used":           {"2", "1", "1", "∅", "2", "1"},
		"channel_1":      {"-3", "1", "0", "∅", "-3", "1"},
		"channel_2":      {"-3", "0", "1", "∅", "-3", "1"},
		"site":           {"-3", "1", "-3", "∅", "2", "2"},
		"visits":         {"∅", "∅", "5", "∅", "∅", "∅"},
		"visits_missing": {"-3", "-3", "0", "0", "-3", "-3"},
		"again":          {"-3", "2", "∅", "∅", "-3", "-3"},
		"why":            {"∅", "∅", "∅", "∅", "∅", "∅"},
	} {
		if diff := cmp.Diff(want, d.column(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var got []string
	for _, p := range report.Problems {
		if p.Code == "off_route" || p.Code == "relevant_unread" {
			got = append(got, fmt.Sprintf("%s %s %s %d", p.Code, p.Want, p.Got, p.Count))
			if p.Text.VI == p.Text.EN {
				t.Errorf("one language: %v", p.Text)
			}
		}
	}
	slices.Sort(got)
	want := []string{"off_route xlsform relevant: ${used} = 'yes' site 1", "off_route xlsform relevant: selected(${channel}, 'web') site 1", "relevant_unread why regex(${again}, '[0-9]') 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if text := report.Problems[0].Text.EN; !strings.Contains(text, "row 9") {
		t.Errorf("the row of the form is not named: %s", text)
	}
}

// Conditions on what is no item: texts, calculations, dates, counts of answers, and arithmetic. Empty values are no numbers
// (https://docs.getodk.org/form-operators-functions), but here an unanswered question leaves what hangs on it missing.
func TestRelevantOnEveryKindOfQuestion(t *testing.T) {
	dir := t.TempDir()
	form := book(t, filepath.Join(dir, "form.xlsx"),
		testSheet{"survey", [][]any{
			{"type", "name", "label", "relevant"},
			{"integer", "adults", "Adults", ""},
			{"decimal", "children", "Children", ""},
			{"text", "job", "Job", ""},
			{"calculate", "members", "", ""},
			{"date", "moved", "Moved here on", ""},
			{"select_multiple ch", "channel", "Channels", ""},
			{"text", "hoten", "Họ và tên", ""},
			{"select_one rate", "size", "q", "${adults} + ${children} > 3"},
			{"select_one rate", "farm", "q", "${job} = 'farmer'"},
			{"select_one rate", "idle", "q", "${job} = ''"},
			{"select_one rate", "many", "q", "${members} >= 4 and ${members} = ${adults}"},
			{"select_one rate", "new", "q", "${moved} > date('2020-01-01')"},
			{"select_one rate", "both", "q", "count-selected(${channel}) >= 2"},
			{"select_one rate", "named", "q", "${hoten} != ''"},
		}},
		testSheet{"choices", [][]any{{"list_name", "name", "label"}, {"ch", "web", "Web"}, {"ch", "desk", "Desk"}, {"rate", "1", "Bad"}, {"rate", "2", "Good"}}})
	data := book(t, filepath.Join(dir, "data.xlsx"), testSheet{"d", [][]any{
		{"adults", "children", "job", "members", "moved", "channel", "channel/web", "channel/desk", "hoten", "size", "farm", "idle", "many", "new", "both", "named", "_id", "_uuid", "_submission_time", "_index"},
		{2, 1.5, "farmer", 4, "2020-03-01", "web desk", 1, 1, "Lê Anh", "", "", "", "", "", "", "", 1, "a", "2020-10-01T10:00:00", 1}, // all asked but many
		{1, 1, "nurse", 5, "2019-12-31", "web", 1, 0, "Trần Lan", "", "", "", "", "", "", "", 2, "b", "2020-10-01T10:00:00", 2},       // nothing asked but the name
		{4, "", "", 4, "", "", "", "", "", "", "", "", "", "", "", "", 3, "c", "2020-10-01T10:00:00", 3},                              // idle and many are asked, the rest nobody knows
	}})
	report := run(t, Options{Files: []string{data}, XLSForm: form, Out: filepath.Join(dir, "out")})
	d := readDataset(t, filepath.Join(dir, "out"))
	for name, want := range map[string][]string{
		"size": {"∅", "-3", "∅"},
		"farm": {"∅", "-3", "∅"},
		"idle": {"-3", "-3", "∅"},
		"many": {"-3", "-3", "∅"},
		"new":  {"∅", "-3", "∅"},
		"both": {"∅", "-3", "∅"},
		// Who somebody is stays outside, also for conditions: that route is named, and does nothing.
		"named": {"∅", "∅", "∅"}, "hoten": {"∅", "∅", "∅"},
	} {
		if diff := cmp.Diff(want, d.column(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var got []string
	for _, p := range report.Problems {
		got = append(got, p.Code+": "+p.Got)
	}
	if diff := cmp.Diff([]string{"route_unread: the sheet has no column of hoten that may be kept"}, got); diff != "" {
		t.Error(diff)
	}
}

// A question of a repeat group that depends on one of the sheet above is routed by the parent's row; the parent's questions are no columns of the group.
func TestRelevantAcrossSheets(t *testing.T) {
	dir := t.TempDir()
	form := book(t, filepath.Join(dir, "form.xlsx"),
		testSheet{"survey", [][]any{
			{"type", "name", "label", "relevant"},
			{"select_one yn", "used", "Used?", ""},
			{"select_multiple ch", "channel", "Channels", ""},
			{"integer", "rooms", "Rooms", ""},
			{"text", "trade", "Trade", ""},
			{"begin_repeat", "person", "", ""},
			{"integer", "age", "Age", ""},
			{"select_one rate", "a", "q", "${used} = 'yes'"},
			{"select_one rate", "b", "q", "selected(${channel}, 'web') and ${age} >= 18"},
			{"select_one rate", "c", "q", "count-selected(${channel}) + ${rooms} > 3"},
			{"select_one rate", "d", "q", "${trade} = 'farm' or ${rooms} > ${age}"},
			{"end_repeat", "", "", ""},
		}},
		testSheet{"choices", [][]any{{"list_name", "name", "label"}, {"yn", "yes", "Yes"}, {"yn", "no", "No"}, {"ch", "web", "Web"}, {"ch", "desk", "Desk"}, {"rate", "1", "Bad"}, {"rate", "2", "Good"}}})
	joined := func(ticks bool) []testSheet {
		head := []any{"used", "channel", "rooms", "trade", "_id", "_uuid", "_submission_time", "_index"}
		rows := [][]any{
			{"yes", "web desk", 2, "farm", 1, "u1", "2020-10-01T10:00:00", 1},
			{"no", "desk", 1, "shop", 2, "u2", "2020-10-01T10:00:00", 2},
			{nil, nil, nil, nil, 3, "u3", "2020-10-01T10:00:00", 3},
		}
		if ticks {
			head = append(head, "channel/web", "channel/desk")
			rows[0], rows[1] = append(rows[0], 1, 1), append(rows[1], 0, 1)
		}
		return []testSheet{{"form", append([][]any{head}, rows...)}, {"person", [][]any{
			{"age", "a", "b", "c", "d", "_index", "_parent_table_name", "_parent_index"},
			{30, nil, nil, nil, nil, 1, "form", 1},
			{10, nil, nil, nil, nil, 2, "form", 1},
			{30, nil, nil, nil, nil, 3, "form", 2},
			{30, nil, nil, nil, nil, 4, "form", 3},
			{30, nil, nil, nil, nil, 5, "form", 9},
		}}}
	}
	for _, ticks := range []bool{true, false} {
		out := filepath.Join(dir, fmt.Sprint(ticks))
		report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "data.xlsx"), joined(ticks)...)}, XLSForm: form, Out: out})
		d := readDataset(t, out)
		for name, want := range map[string][]string{
			"a":    {"∅", "∅", "-3", "∅", "∅"},
			"b":    {"∅", "-3", "-3", "∅", "∅"},
			"c":    {"∅", "∅", "-3", "∅", "∅"},
			"d":    {"∅", "∅", "-3", "∅", "∅"},
			"used": {"∅", "∅", "∅", "∅", "∅"}, // no column: absent from every row
		} {
			if diff := cmp.Diff(want, d.column(name)); diff != "" {
				t.Errorf("ticks %v, %s: %s", ticks, name, diff)
			}
		}
		for _, p := range report.Problems {
			if p.Code == "route_unread" || p.Code == "relevant_unread" {
				t.Errorf("%s", p)
			}
		}
	}
}

// The forms of pyxform's own tests: every relevant of a question with choices or numbers is a route or is named as not understood.
func TestRelevantOfCorpusForms(t *testing.T) {
	const spec = "[autocomplete_test autocomplete_chars_test a_integer a_decimal select_multiple_test label_test list_nolabel_test table_list_question compact_test compact_2_test] !(!(selected(skip_to_end, 'yes')))"
	for file, want := range map[string][]string{
		"ODKValidateWarnings.xlsx": {},
		"UCL_Biomass_Plot_Form.xlsx": {
			"[tag tree_bearing tree_distance bole_height stem_count cbh health_id decay_class stem_height] !(any_trees == 'yes')",
			"[decay_class] !(health_id == 'dead')",
			"[stump_bearing stump_distance stump_age stump_height stump_center_circumference stump_30cm_circumference stump_health_id stump_decay_class] !(stumps_in_plot == 'yes')",
			"[Seedling_1 Coppice_1 Sucker_1] !(regen_in_subplot1 == 'yes')",
			"[Seedling_2 Coppice_2 Sucker_2] !(regen_in_subplot2 == 'yes')",
		},
		"attribute_columns_test.xlsx": {spec},
		"bad_calc.xlsx":               {},
		"case_insensitivity.xlsx":     {},
		"duplicate_columns.xlsx":      {strings.Replace(spec, "a_decimal", "a_decimal num_repeat_times", 1)},
		"excel_with_macros.xlsm":      {},
		"extra_columns.xlsx":          {},
		"flat_xlsform_test.xlsx":      {spec},
		"group.xlsx":                  {},
		"include.xlsx":                {},
		"include_json.xlsx":           {},
		"pull_data.xlsx":              {},
		"text_and_integer.xlsx":       {},
		"xl_date_ambiguous_v1.xlsx":   {},
		"xlsform_spec_test.xlsx":      {spec},
	} {
		q, _, err := readForm(t.Context(), Options{XLSForm: corpus(t, "pyxform/"+file)})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		got := []string{}
		for _, r := range q.Routing {
			got = append(got, fmt.Sprintf("%v %s", r.Items, r.When))
		}
		for _, u := range q.Unread {
			got = append(got, fmt.Sprintf("%v unread, row %d: %s: %s", u.Items, u.Row, u.Relevant, u.Why))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}
