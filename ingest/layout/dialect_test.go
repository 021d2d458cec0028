package layout_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/ingest/layout"
	"hailong/ingest/xlsx"

	"github.com/google/go-cmp/cmp"
)

func systems(t *layout.Table) string {
	var list []string
	for _, c := range t.Columns {
		if c.System != "" {
			list = append(list, c.Name+"="+c.System)
		}
	}
	return strings.Join(list, " ")
}

func groups(t *layout.Table) []string {
	var list []string
	for _, g := range t.Ticks {
		list = append(list, fmt.Sprintf("%s base %d %v %s multiple %v indicator %v", g.Name, g.Base, g.Columns, strings.Join(g.Levels, "|"), g.Multiple, g.Indicator))
	}
	return list
}

func TestDialects(t *testing.T) {
	for _, c := range []struct {
		name    string
		rows    []string
		dialect layout.Dialect
		story   string
		names   []string
		headers []string
		groups  []string
	}{
		{
			"SurveyMonkey, expanded",
			[]string{
				"Respondent ID|Collector ID|Start Date|Which division?||How did you hear?|||Comments",
				"|||Response|Other (please specify)|Radio|Press|Web|Open-Ended Response",
				"11|7|'1/2/2024|Tax||Radio||Web|good", "12|7|'1/2/2024|Other|Land||Press||", "13|7|'1/3/2024|Tax||Radio|Press|Web|",
			},
			layout.SurveyMonkey, "1 header, 2 header, 3 data, 4 data, 5 data", nil,
			[]string{
				"Respondent ID", "Collector ID", "Start Date", "Which division?", "Which division? › Other (please specify)",
				"How did you hear? › Radio", "How did you hear? › Press", "How did you hear? › Web", "Comments",
			},
			[]string{"How did you hear? base -1 [5 6 7] Radio|Press|Web multiple true indicator false"},
		},
		{
			"SurveyMonkey without answers in the second row",
			[]string{"Respondent ID|Collector ID|Q1", "11|7|5", "12|7|4"},
			layout.SurveyMonkey,
			"1 header, 2 data, 3 data", nil,
			[]string{"Respondent ID", "Collector ID", "Q1"},
			nil,
		},
		{
			"ODK, split select_multiple",
			[]string{
				"SubmissionDate|group-age|services|services/land|services/tax|KEY",
				"'Jan 5, 2024|30|land tax|1|1|uuid:1", "'Jan 6, 2024|31|tax|0|1|uuid:2",
			},
			layout.ODK, "1 header, 2 data, 3 data",
			[]string{"SubmissionDate", "group-age", "services", "services/land", "services/tax", "KEY"},
			nil,
			[]string{"services base 2 [3 4] land|tax multiple true indicator true"},
		},
		{
			// The header and rows that ODK Central's own test of its export expects: getodk/central-backend, test/integration (splitSelectMultiples).
			"ODK Central, split select_multiple",
			[]string{
				"SubmissionDate|meta-instanceID|q1|q1/a|q1/b|g1-q2|g1-q2/x|g1-q2/y|g1-q2/z|KEY|SubmitterID|SubmitterName|AttachmentsPresent|AttachmentsExpected|Status|ReviewState|DeviceID|Edits|FormVersion",
				"'2022-05-01T10:00:00.000Z|one|a b|1|1|x y z|1|1|1|one|5|Alice|0|0||||0|2", "'2022-05-01T10:00:01.000Z|two|b|0|1|x|1|0|0|two|5|Alice|0|0||||0|",
			},
			layout.ODK, "1 header, 2 data, 3 data", nil, nil,
			[]string{"q1 base 2 [3 4] a|b multiple true indicator true", "g1-q2 base 5 [6 7 8] x|y|z multiple true indicator true"},
		},
		{
			// The columns of the sample answer in the documentation of SurveyCTO's REST API (https://pypi.org/project/pysurveycto links it).
			"SurveyCTO, wide",
			[]string{
				"CompletionDate|SubmissionDate|starttime|endtime|deviceid|subscriberid|simid|devicephonenum|consent|name|age|instanceID|formdef_version|review_quality|review_status|KEY",
				"Oct 10, 2015 6:26:24 PM|Oct 10, 2015 6:26:24 PM|Oct 10, 2015 6:24:34 PM|Oct 10, 2015 6:25:42 PM|'99000211023220|'31148|'8914|'5089658843|1|collector1|100|uuid:4e|1411121011||APPROVED|uuid:4e",
			},
			layout.SurveyCTO, "1 header, 2 data", nil, nil, nil,
		},
		{"SurveyCTO, repeats and choices both as suffixes", []string{
			"SubmissionDate|starttime|q5|q5_1|q5_2|member_name_1|member_name_2|instanceID|formdef_version|KEY",
			"'1|'2|1|1|0|A|B|uuid:1|23|uuid:1", "'1|'2|1 2|1|1|C||uuid:2|23|uuid:2",
		}, layout.SurveyCTO, "1 header, 2 data, 3 data", nil, nil, []string{"q5 base 2 [3 4] 1|2 multiple true indicator true"}},
		{
			"LimeSurvey, code and text",
			[]string{
				"id|submitdate|lastpage|startlanguage|Q01. Giới tính|Q02[SQ001]. Đánh giá các mặt sau [Thái độ]|Q03[1]. Kênh [Báo]|Q03[2]. Kênh [Đài]|Q03[other]. Kênh [Khác]",
				"1|'2024-01-02|3|vi|A1|4|Y||loa phường", "2|'2024-01-02|3|vi|A2|1||Y|",
			},
			layout.LimeSurvey, "1 header, 2 data, 3 data",
			[]string{"id", "submitdate", "lastpage", "startlanguage", "Q01", "Q02[SQ001]", "Q03[1]", "Q03[2]", "Q03[other]"},
			nil,
			[]string{"Q03 base -1 [6 7] Báo|Đài multiple true indicator true"},
		},
		{
			"LimeSurvey matrix that holds only ones",
			[]string{"id|submitdate|lastpage|startlanguage|Q2[a]|Q2[b]", "1|'x|3|vi|1|1", "2|'x|3|vi|1|1"},
			layout.LimeSurvey, "1 header, 2 data, 3 data", nil, nil, nil,
		},
		{"Qualtrics as xlsx, two header rows, and a preview", []string{
			"StartDate|EndDate|Status|ResponseId|Q1|Q2_1", "Start Date|End Date|Response Type|Response ID|How satisfied?|Rate - Speed",
			"'2024-05-01 10:00:00|'2024-05-01 10:07:30|IP Address|R_1|4|5", "'2024-05-01 10:00:00|'2024-05-01 10:07:30|Survey Preview|R_2|1|1",
		}, layout.Qualtrics, "1 header, 2 header, 3 data, 4 preview", []string{"StartDate", "EndDate", "Status", "ResponseId", "Q1", "Q2_1"}, nil, nil},
		{"Qualtrics as codes", []string{
			"StartDate|EndDate|Status|ResponseId|Q1", "Start Date|End Date|Response Type|Response ID|How satisfied?", `{"ImportId":"startDate"}|{"ImportId":"endDate"}|{"ImportId":"status"}|{"ImportId":"_recordId"}|{"ImportId":"QID1"}`,
			"'2024-05-01 10:00:00|'2024-05-01 10:07:30|0|R_1|4", "'2024-05-01 10:00:00|'2024-05-01 10:07:30|1|R_2|1",
		}, layout.Qualtrics, "1 header, 2 header, 3 header, 4 data, 5 preview", nil, nil, nil},
		{
			"Google Forms in English",
			[]string{"Timestamp|Email Address|How good? [Staff]|How good? [Time]", "'1/2/2024 9:00:00|a@b.c|Good|Bad"},
			layout.GoogleForms,
			"1 header, 2 data", nil,
			[]string{"Timestamp", "Email Address", "How good? › Staff", "How good? › Time"},
			nil,
		},
		{
			"Microsoft Forms in Vietnamese",
			[]string{"ID|Thời gian bắt đầu|Thời gian hoàn thành|Email|Tên|Thái độ phục vụ\u00a0", "1|45421.4|45421.41|anonymous||Hài lòng"},
			layout.MSForms,
			"1 header, 2 data",
			[]string{"ID", "Thời gian bắt đầu", "Thời gian hoàn thành", "Email", "Tên", "Thái độ phục vụ"},
			nil, nil,
		},
		{"SPSS or Stata", []string{"RESPNUM|WEIGHT|Q7ART|Q7FOOD|Q20GENDER|AREA", "1|1.04|5|6|2|A", "2|0.9|4|3|1|B"}, layout.SPSS, "1 header, 2 data, 3 data", nil, nil, nil},
		{
			"KoboToolbox cleaned in R",
			[]string{"X.U.FEFF.start|water|water.piped|water.tap|X_uuid|X_index", "'2021|piped|1|0|u1|1", "'2021|||| u2|2"},
			layout.KoboToolbox,
			"1 header, 2 data, 3 data", nil, nil,
			[]string{"water base 1 [2 3] piped|tap multiple true indicator true"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sheet{rows: c.rows}.read(t, layout.Options{})
			if s.table.Dialect != c.dialect {
				t.Errorf("dialect %s, want %s", s.table.Dialect, c.dialect)
			}
			if got := s.story(); got != c.story {
				t.Errorf("rows %s, want %s", got, c.story)
			}
			if c.names != nil {
				if diff := cmp.Diff(c.names, columnNames(s.table)); diff != "" {
					t.Errorf("names (-want +got):\n%s", diff)
				}
			}
			if c.headers != nil {
				if diff := cmp.Diff(c.headers, headers(s.table)); diff != "" {
					t.Errorf("headers (-want +got):\n%s", diff)
				}
			}
			if diff := cmp.Diff(c.groups, groups(s.table)); diff != "" {
				t.Errorf("select_multiple (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPinnedDialect(t *testing.T) {
	s := sheet{rows: []string{"a|b", "Tổng cộng|2", "x|3"}}
	if got := s.read(t, layout.Options{Dialect: "kobotoolbox"}).table.Dialect; got != layout.KoboToolbox {
		t.Errorf("dialect %s", got)
	}
}

func TestMultipleByLabelIsRead(t *testing.T) {
	s := sheet{rows: []string{"Respondent ID|Collector ID|How?||", "||Radio|Press|Web", "11|7|Radio||Web", "12|7||Press|", "13|7|Radio|Press|"}}.read(t, layout.Options{})
	var got []string
	for _, r := range s.rows[2:] {
		got = append(got, fmt.Sprint(r.ticks[0].Ticks, r.ticks[0].Cell))
	}
	if diff := cmp.Diff([]string{"[0 2]", "[1]", "[0 1]"}, got); diff != "" {
		t.Errorf("ticks (-want +got):\n%s", diff)
	}
}

func TestFormsOfTheCorpus(t *testing.T) {
	for _, c := range []struct {
		file, sheet string
		dialect     layout.Dialect
		classes     map[layout.Class]int
		systems     string
	}{
		{
			"synthetic/qualtrics_3header.xlsx", "", layout.Qualtrics,
			map[layout.Class]int{layout.Header: 3, layout.Data: 24},
			"StartDate=start EndDate=end Status=status IPAddress=ip Progress=progress Duration (in seconds)=duration Finished=finished RecordedDate=submitted " +
				"ResponseId=id RecipientLastName=name RecipientFirstName=name RecipientEmail=email ExternalReference=custom LocationLatitude=latitude " +
				"LocationLongitude=longitude DistributionChannel=channel UserLanguage=language",
		},
		{
			"synthetic/limesurvey_code.xlsx", "", layout.LimeSurvey,
			map[layout.Class]int{layout.Header: 1, layout.Data: 24},
			"id=id submitdate=submitted lastpage=progress startlanguage=language seed=seed startdate=start datestamp=end interviewtime=duration",
		},
		{"synthetic/googleforms_vi.xlsx", "", layout.GoogleForms, map[layout.Class]int{layout.Header: 1, layout.Data: 24}, "Dấu thời gian=submitted Địa chỉ email=email"},
		{
			"synthetic/msforms.xlsx", "", layout.MSForms,
			map[layout.Class]int{layout.Header: 1, layout.Data: 24},
			"ID=id Start time=start Completion time=end Email=email Name=name Last modified time=modified",
		},
		{"real/sfo_2010-2018_dataset.xlsx", "", layout.SPSS, map[layout.Class]int{layout.Header: 1, layout.Data: 28665}, ""},
		{"real/nepal_cps_round4.xlsx", "", layout.KoboToolbox, map[layout.Class]int{layout.Header: 1, layout.Data: 1400}, ""},
		{"real/nepal_cps_round6.xlsx", "uploaded_form_ir295a", layout.KoboToolbox, map[layout.Class]int{layout.Header: 1, layout.Data: 1400}, ""},
		{"synthetic/wide_16384.xlsx", "", layout.SPSS, map[layout.Class]int{layout.Header: 1, layout.Data: 1}, ""},
		{"readxl/clippy.xlsx", "two-row-header", layout.Generic, map[layout.Class]int{layout.Header: 2, layout.Data: 1}, ""},
	} {
		t.Run(c.file, func(t *testing.T) {
			s := readFile(t, shared(t, "corpus/"+c.file), c.sheet, layout.Options{})
			if s.table.Dialect != c.dialect {
				t.Errorf("dialect %s, want %s", s.table.Dialect, c.dialect)
			}
			if diff := cmp.Diff(c.classes, s.classes()); diff != "" {
				t.Errorf("classes (-want +got):\n%s", diff)
			}
			if got := systems(s.table); got != c.systems {
				t.Errorf("system columns %s\nwant %s", got, c.systems)
			}
		})
	}
}

// All exports of one Kobo form are one table: label and name headers, all forms of select_multiple, typed and text, with and without HXL.
func TestKoboExports(t *testing.T) {
	dir := shared(t, "corpus/kobo-export")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	data := map[string]map[string]int{}
	for _, f := range files {
		form, variant, _ := strings.Cut(strings.TrimSuffix(f.Name(), ".xlsx"), ".")
		if form == "field_position_with_multiple_versions" {
			continue // its sheets are empty
		}
		w, err := xlsx.Open(filepath.Join(dir, f.Name()), xlsx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, sh := range w.Sheets() {
			s := readWorkbook(t, w, sh, layout.Options{})
			if s.table.Dialect != layout.KoboToolbox {
				t.Errorf("%s [%s]: dialect %s", f.Name(), sh.Name, s.table.Dialect)
			}
			rows := s.classes()
			if rows[layout.Data]+rows[layout.Header] != len(s.rows) {
				t.Errorf("%s [%s]: classes %v", f.Name(), sh.Name, rows)
			}
			key := fmt.Sprintf("%s %d", form, i)
			if data[key] == nil {
				data[key] = map[string]int{}
			}
			data[key][variant] = rows[layout.Data]
			for _, name := range []string{"_id", "_uuid"} {
				if i == 0 && s.table.At(s.column(t, name)).System == "" {
					t.Errorf("%s: %s is no system column", f.Name(), name)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for form, variants := range data {
		for variant, n := range variants {
			if n != variants["xml-both"] {
				t.Errorf("%s: %d data rows in %s, %d in xml-both", form, n, variant, variants["xml-both"])
			}
		}
	}
}

func TestKoboSelectMultiple(t *testing.T) {
	for _, c := range []struct {
		file string
		want []string
	}{
		{"dietary_needs.xml-both", []string{"dietary_accommodations base 1 [2 3 4 5] gluten_free|vegan|vegetarian|lactose_free multiple true indicator true"}},
		{"dietary_needs.labels-hier-both", []string{"Accommodating of dietary needs base 1 [2 3 4 5] Gluten-free|Vegan|Vegetarian|Lactose-free multiple true indicator true"}},
		{"dietary_needs.labels-details-hxl", []string{"Accommodating of dietary needs base -1 [1 2 3 4] Gluten-free|Vegan|Vegetarian|Lactose-free multiple true indicator true"}},
		{"dietary_needs.labels-summary", nil},
	} {
		s := readFile(t, shared(t, "corpus/kobo-export/"+c.file+".xlsx"), "", layout.Options{})
		if diff := cmp.Diff(c.want, groups(s.table)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.file, diff)
		}
	}
}
