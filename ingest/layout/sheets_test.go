package layout_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"hailong/ingest/layout"
	"hailong/ingest/xlsx"

	"github.com/google/go-cmp/cmp"
)

// candidate reads a sheet as Choose wants it; the set is made only on request.
func (s sheet) candidate(t *testing.T, withSet bool) layout.Candidate {
	t.Helper()
	c := layout.Candidate{Info: layout.SheetInfo{Name: s.name, Hidden: s.hidden}}
	table, err := s.detect(t, layout.Options{})
	if err != nil {
		return c
	}
	c.Table = table
	if withSet {
		c.Set = table.NewRowSet()
	}
	classifier := table.NewClassifier()
	rows, _ := s.parse(t)
	for i := range rows {
		if class, _ := classifier.Class(&rows[i]); class == layout.Data {
			c.Rows++
			if withSet {
				c.Set.Add(&rows[i])
			}
		}
	}
	return c
}

// forms makes n different forms as rows of "STT|Xã|Tuổi|C1|C2|C3", numbered from 1.
func forms(from, n int) []string {
	var rows []string
	for i := from; i < from+n; i++ {
		rows = append(rows, fmt.Sprintf("%d|Xã %c|%d|%d|%d|%d", i-from+1, 'A'+i%7, 20+i%50, 1+i%5, 1+i/5%5, 1+i/25%5))
	}
	return rows
}

func table(name string, rows []string) sheet {
	return sheet{name: name, rows: append([]string{"STT|Xã|Tuổi|C1|C2|C3"}, rows...)}
}

func TestChoose(t *testing.T) {
	hidden := table("Gốc", forms(0, 90))
	hidden.hidden = true
	for _, c := range []struct {
		name   string
		sheets []sheet
		o      layout.Options
		read   string
		left   string
		err    string
	}{
		{
			name: "one sheet and two empty ones", sheets: []sheet{table("Tổng hợp", forms(0, 9)), {name: "Sheet2"}, {name: "Sheet3"}},
			read: "Tổng hợp", left: "Sheet2 no_table, Sheet3 no_table",
		},
		{name: "a hidden copy", sheets: []sheet{table("Tổng hợp", forms(0, 9)), hidden}, read: "Tổng hợp", left: "Gốc hidden"},
		{name: "a hidden sheet that is wanted", sheets: []sheet{{name: "Sheet1"}, hidden}, o: layout.Options{Hidden: true}, read: "Gốc", left: "Sheet1 no_table"},
		{name: "only a hidden sheet", sheets: []sheet{hidden}, read: "", left: "Gốc hidden"},
		{
			name: "a legend", sheets: []sheet{{name: "Quy ước", rows: []string{"1 = Rất không hài lòng", "5 = Rất hài lòng"}}, table("Dữ liệu", forms(0, 9))},
			read: "Dữ liệu", left: "Quy ước other_table",
		},
		{
			name: "a sheet a commune", sheets: []sheet{table("Xã A", forms(0, 9)), table("Xã B", forms(40, 9)), table("Xã C", forms(80, 5))},
			read: "Xã A, Xã B, Xã C",
		},
		{
			name: "all rows, and again by area", sheets: []sheet{table("Full data", forms(0, 60)), table("Urban", forms(0, 20)), table("Rural", forms(20, 40))},
			read: "Full data", left: "Urban same_rows, Rural same_rows",
		},
		{name: "the same sheet twice", sheets: []sheet{table("Sheet1", forms(0, 30)), table("Sheet1 (2)", forms(0, 30))}, read: "Sheet1", left: "Sheet1 (2) same_rows"},
		{name: "a few rows in common", sheets: []sheet{table("Đợt 1", forms(0, 30)), table("Đợt 2", forms(20, 30))}, read: "Đợt 1, Đợt 2"},
		{
			name: "another order of columns", sheets: []sheet{table("A", forms(0, 30)), {name: "B", rows: append([]string{"STT|C3|C2|C1|Tuổi|Xã"}, turned(forms(10, 20))...)}},
			read: "A", left: "B same_rows",
		},
		{
			name: "a lookup table", sheets: []sheet{table("Dữ liệu", forms(0, 9)), {name: "Danh mục", rows: []string{"Mã|Tên xã", "1|Xã A", "2|Xã B"}}},
			read: "Dữ liệu", left: "Danh mục other_table",
		},
		{name: "a header without rows", sheets: []sheet{table("Mẫu", nil), table("Dữ liệu", forms(0, 9))}, read: "Dữ liệu", left: "Mẫu empty"},
		{
			name: "an XLSForm", sheets: []sheet{
				{name: "survey", rows: []string{"type|name|label", "integer|age|Tuổi", "text|y|Ý kiến"}},
				{name: "choices", rows: []string{"list name|name|label", "a|1|Hài lòng", "a|2|Không"}},
				{name: "settings", rows: []string{"form_title|form_id", "A|a"}},
			},
			read: "", left: "survey xlsform, choices xlsform, settings xlsform",
		},
		{name: "the plan names one", sheets: []sheet{table("A", forms(0, 30)), table("B", forms(50, 30))}, o: layout.Options{Sheet: "b"}, read: "B", left: "A not_chosen"},
		{name: "the plan names none", sheets: []sheet{table("A", forms(0, 30))}, o: layout.Options{Sheet: "Z"}, err: `choosing sheet "Z": the workbook has ["A"]`},
		{name: "the plan names an empty one", sheets: []sheet{{name: "A"}}, o: layout.Options{Sheet: "A"}, err: `choosing sheet "A": the sheet has no table`},
		{name: "pages by number", sheets: []sheet{table("Trang 1", forms(0, 30)), {name: "Trang 2", rows: forms(30, 40)}, {name: "Trang 3", rows: forms(70, 10)}}, read: "Trang 1, Trang 2, Trang 3"},
		{
			name: "numbers on the next sheet", sheets: []sheet{table("Sheet1", forms(0, 30)), {name: "Sheet2", rows: []string{"1|2", "3|4", "5|6"}}},
			read: "Sheet1", left: "Sheet2 other_table",
		},
		{name: "carried on without a header", sheets: []sheet{table("Data", forms(0, 30)), {name: "Data_2", rows: forms(30, 40)}}, read: "Data, Data_2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var list []layout.Candidate
			for _, s := range c.sheets {
				list = append(list, s.candidate(t, false))
			}
			choice, err := layout.Choose(list, c.o)
			if c.err != "" {
				if err == nil || err.Error() != c.err {
					t.Fatalf("error %v, want %s", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range choice.Ask {
				list[i] = c.sheets[i].candidate(t, true)
			}
			if len(choice.Ask) > 0 {
				if choice, err = layout.Choose(list, c.o); err != nil || len(choice.Ask) > 0 {
					t.Fatalf("asked again: %v, %v", choice.Ask, err)
				}
			}
			var read, left []string
			for _, i := range choice.Sheets {
				read = append(read, list[i].Info.Name)
			}
			for _, l := range choice.Left {
				left = append(left, list[l.Sheet].Info.Name+" "+l.Reason)
			}
			if got := strings.Join(read, ", "); got != c.read {
				t.Errorf("reads %q, want %q", got, c.read)
			}
			if got := strings.Join(left, ", "); got != c.left {
				t.Errorf("leaves %q, want %q", got, c.left)
			}
			if len(choice.Sheets)+len(choice.Left) != len(list) {
				t.Errorf("%d sheets, %d read, %d left", len(list), len(choice.Sheets), len(choice.Left))
			}
		})
	}
}

// turned puts the columns behind the running number in reverse order.
func turned(rows []string) []string {
	var out []string
	for _, r := range rows {
		f := strings.Split(r, "|")
		out = append(out, strings.Join([]string{f[0], f[5], f[4], f[3], f[2], f[1]}, "|"))
	}
	return out
}

func TestContinuedSheetKeepsItsColumns(t *testing.T) {
	first, err := table("Data", forms(0, 30)).detect(t, layout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := sheet{name: "Data_2", rows: forms(30, 40)}
	second, err := s.detect(t, layout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	joined := first.Continue(second)
	if diff := cmp.Diff(columnNames(first), columnNames(joined)); diff != "" {
		t.Errorf("columns (-first +second):\n%s", diff)
	}
	classifier := joined.NewClassifier()
	rows, _ := s.parse(t)
	for i := range rows {
		if class, _ := classifier.Class(&rows[i]); class != layout.Data {
			t.Errorf("row %d is %s", rows[i].Index, class)
		}
	}
}

func TestKoboRepeatsAreJoined(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"grouped_repeatable.labels-hier-both", `read [0] join 1→0 (_parent_index→_index)`},
		{"hxl_grouped_repeatable.xml-hier-typed", `read [0] join 1→0 (_parent_index→_index)`},
		{"hxl_grouped_repeatable.labels-details-hxl", `read [0] join 1→0 (_parent_index→_index)`},
		{"long_names.xml-both", `read [0] join 1→0 (_parent_index→_index) join 2→0 (_parent_index→_index)`},
	} {
		w, err := xlsx.Open(shared(t, "corpus/kobo-export/"+c.file+".xlsx"), xlsx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var list []layout.Candidate
		for _, s := range w.Sheets() {
			read := readWorkbook(t, w, s, layout.Options{})
			list = append(list, layout.Candidate{Info: layout.SheetInfo{Name: s.Name}, Table: read.table, Rows: read.classes()[layout.Data]})
		}
		choice, err := layout.Choose(list, layout.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint("read ", choice.Sheets)
		for _, j := range choice.Joins {
			got += fmt.Sprintf(" join %d→%d (%s→%s)", j.Child, j.Parent, list[j.Child].Table.At(j.ChildKey).Name, list[j.Parent].Table.At(j.ParentKey).Name)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.file, got, c.want)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestODKRepeatsAreJoined(t *testing.T) {
	list := []layout.Candidate{
		sheet{name: "member", rows: []string{"name|PARENT_KEY|KEY|SET-OF-member", "A|uuid:1|uuid:1/m1|x", "B|uuid:1|uuid:1/m2|x"}}.candidate(t, false),
		sheet{name: "survey", rows: []string{"SubmissionDate|q1|q2|KEY", "'d|1|2|uuid:1"}}.candidate(t, false),
	}
	choice, err := layout.Choose(list, layout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(choice.Sheets) != "[1]" || len(choice.Joins) != 1 || choice.Joins[0].Child != 0 || choice.Joins[0].ChildKey != 1 || choice.Joins[0].ParentKey != 3 {
		t.Errorf("choice %+v", choice)
	}
}

// A hidden sheet of a real workbook stays unread, and its log and readme are not taken for answers.
func TestChooseInARealWorkbook(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"real/reach_kobo_water_survey_with_cleaning_log.xlsx", "checked_data | cleaning_log other_table, readme other_table, validation_rules hidden"},
		{"real/nepal_cps_round6.xlsx", "uploaded_form_ir295a | Hoja1 other_table, Hoja4 other_table"},
		{"synthetic/vn_tally_quan1.xlsx", "Tổng hợp | Sheet2 no_table, Sheet3 no_table"},
	} {
		w, err := xlsx.Open(shared(t, "corpus/"+c.file), xlsx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var list []layout.Candidate
		for _, s := range w.Sheets() {
			info := layout.SheetInfo{Name: s.Name, Hidden: s.State != "visible"}
			var head layout.Head
			rows := w.Rows(context.Background(), s.Index)
			for !head.Full() && rows.Next() {
				head.Add(*rows.Row())
			}
			if err := rows.Close(); err != nil {
				t.Fatal(err)
			}
			table, err := layout.Detect(&head, nil, info, layout.Options{})
			if err != nil {
				table = nil
			}
			list = append(list, layout.Candidate{Info: info, Table: table, Rows: -1})
		}
		choice, err := layout.Choose(list, layout.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var read, left []string
		for _, i := range choice.Sheets {
			read = append(read, list[i].Info.Name)
		}
		for _, l := range choice.Left {
			left = append(left, list[l.Sheet].Info.Name+" "+l.Reason)
		}
		if got := strings.Join(read, ", ") + " | " + strings.Join(left, ", "); got != c.want {
			t.Errorf("%s: %s, want %s", c.file, got, c.want)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
