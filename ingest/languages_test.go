package ingest

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A form in two languages describes exports in either, and those by names: headers and answers, one list in the form's order and one named by numbers that
// count from the best to the worst.
func TestFormInTwoLanguages(t *testing.T) {
	dir := t.TempDir()
	form := book(t, filepath.Join(dir, "form.xlsx"),
		testSheet{"survey", [][]any{
			{"type", "name", "label::Tiếng Việt (vi)", "label::English (en)"},
			{"select_one hl", "lich_su", "Công chức có thái độ giao tiếp lịch sự", "Officials are polite"},
			{"select_one kenh", "kenh", "Ông bà biết dịch vụ công qua kênh nào nhất", "Main channel"},
			{"select_multiple kenh", "cac_kenh", "Các kênh đã dùng", "Channels used"},
		}},
		testSheet{"choices", [][]any{
			{"list_name", "name", "label::Tiếng Việt (vi)", "label::English (en)"},
			{"hl", "1", "Rất hài lòng", "Very satisfied"},
			{"hl", "2", "Hài lòng", "Satisfied"},
			{"hl", "5", "Rất không hài lòng", "Very dissatisfied"},
			{"kenh", "loa", "Loa truyền thanh", "Loudspeaker"},
			{"kenh", "web", "Cổng dịch vụ công", "Web site"},
		}})
	system := []any{"_id", "_uuid", "_submission_time", "_index"}
	row := func(i int, cells ...any) []any {
		return append(cells, i, fmt.Sprint("u", i), "2020-10-01T10:00:00", i)
	}
	for name, rows := range map[string][][]any{
		"names": {
			append([]any{"lich_su", "kenh", "cac_kenh", "cac_kenh/loa", "cac_kenh/web"}, system...),
			row(1, "1", "web", "loa web", "1", "1"), row(2, "5", "loa", "web", "0", "1"), row(3, nil, nil, nil, nil, nil),
		},
		"Vietnamese": {
			append([]any{"Công chức có thái độ giao tiếp lịch sự", "Ông bà biết dịch vụ công qua kênh nào nhất", "Các kênh đã dùng", "Các kênh đã dùng/Loa truyền thanh", "Các kênh đã dùng/Cổng dịch vụ công"}, system...),
			row(1, "Rất hài lòng", "Cổng dịch vụ công", "Loa truyền thanh Cổng dịch vụ công", 1, 1), row(2, "Rất không hài lòng", "Loa truyền thanh", "Cổng dịch vụ công", 0, 1), row(3, nil, nil, nil, nil, nil),
		},
		"English": {
			append([]any{"Officials are polite", "Main channel", "Channels used", "Channels used/Loudspeaker", "Channels used/Web site"}, system...),
			row(1, "Very satisfied", "Web site", "Loudspeaker Web site", 1, 1), row(2, "Very dissatisfied", "Loudspeaker", "Web site", 0, 1), row(3, nil, nil, nil, nil, nil),
		},
		"joined answers only": {
			append([]any{"Officials are polite", "Main channel", "Channels used"}, system...),
			row(1, "Very satisfied", "Web site", "Loudspeaker Web site"), row(2, "Very dissatisfied", "Loudspeaker", "Web site"), row(3, nil, nil, nil),
		},
	} {
		out := filepath.Join(dir, name)
		report := run(t, Options{Files: []string{book(t, filepath.Join(dir, name+".xlsx"), testSheet{"d", rows})}, XLSForm: form, Out: out})
		for _, p := range report.Problems {
			t.Errorf("%s: %s", name, p)
		}
		d := readDataset(t, out)
		for column, want := range map[string][]string{
			"lich_su": {"1", "5", "∅"}, "kenh": {"2", "1", "∅"}, "cac_kenh_1": {"1", "0", "∅"}, "cac_kenh_2": {"1", "1", "∅"},
		} {
			if diff := cmp.Diff(want, d.column(column)); diff != "" {
				t.Errorf("%s, %s: %s", name, column, diff)
			}
		}
		// The same answers on a definition's scale, which counts the other way: the form's numbers mean what its labels say.
		out += "-definition"
		run(t, Options{Files: []string{filepath.Join(dir, name+".xlsx")}, XLSForm: form, Definition: []byte(small), Out: out})
		if diff := cmp.Diff([]string{"5", "1", "∅"}, readDataset(t, out).column("A1")); diff != "" {
			t.Errorf("%s by the definition: %s", name, diff)
		}
	}
}
