package ingest

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// piped makes the rows of a sheet of lines whose cells are parted by bars; an empty cell is one that the program leaves out.
func piped(lines ...string) [][]any {
	var rows [][]any
	for _, line := range lines {
		var row []any
		for _, cell := range strings.Split(line, "|") {
			if cell == "" {
				row = append(row, nil)
				continue
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// Exports of the programs that people outside KoboToolbox and ODK use, from the sheet to the dataset: the program is recognised, its header
// rows and its own columns are no answers, several answers become one column each, what names a person stays outside, and every row is
// accounted for. The layouts are those of the pages named at each case; questions and answers are our own.
func TestProgramExports(t *testing.T) {
	const (
		polite  = "Công chức có thái độ giao tiếp lịch sự"
		channel = "Biết qua kênh nào"
	)
	yes := map[string][]string{"A3_1": {"1", "0", "∅"}, "A3_2": {"0", "1", "∅"}, "A3_3": {"1", "1", "∅"}}
	a1 := []string{"4", "5", "1"}
	for _, c := range []struct {
		name    string
		dialect string
		header  string
		rows    []string
		data    map[string][]string
		dropped string
		other   string // columns of the dataset that answer nothing, by header
		classes []Count
		numbers bool // numbers are stored as numbers
	}{
		{
			// Two header rows; nine columns of the respondent's; a question over the first of its columns; `Response` and `Open-Ended Response`.
			// https://github.com/ajturner/dc-elections/blob/7b0fc5e222a9b1c9173c59f57e981a3ceacb296e/src/utils/response.ts quotes both rows of such a file,
			// https://rdrr.io/github/wmurphyrd/monkeywrangler/man/loadSurveyMonkeyXLS.html counts nine columns of the respondent's. A choice stands
			// in the column that it names.
			name: "SurveyMonkey, one column a choice", dialect: "surveymonkey", header: "1-2",
			rows: []string{
				"Respondent ID|Collector ID|Start Date|End Date|IP Address|Email Address|First Name|Last Name|Custom Data 1|" + polite + "|" + channel + "||||Giới tính||Góp ý",
				"|||||||||Response|Loa|Họp dân|Đài, ti vi, báo|Other (please specify)|Response|Other (please specify)|Open-Ended Response",
				"114|380|05/14/2020 09:01:22 AM|05/14/2020 09:05:02 AM|10.0.0.1|a@b.vn|Anh|Lê|x1|Hài lòng|Loa||Đài, ti vi, báo||Nam||tốt",
				"115|380|05/14/2020 10:01:22 AM|05/14/2020 10:05:02 AM|10.0.0.2|c@b.vn|Lan|Trần|x2|Rất hài lòng||Họp dân|Đài, ti vi, báo|tờ rơi|Nữ||",
				"116|380|05/14/2020 11:01:22 AM|05/14/2020 11:05:02 AM|10.0.0.3|d@b.vn|Minh|Phạm|x3|Rất không hài lòng|||||Nam|không nêu|",
			},
			data:    map[string][]string{"A1": a1, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"], "gioi": {"Nam", "Nữ", "Nam"}},
			dropped: "IP Address, Email Address, First Name, Last Name",
			other:   "Respondent ID, Collector ID, Start Date, End Date, Custom Data 1, " + channel + " › Other (please specify), Giới tính › Other (please specify), Góp ý",
		},
		{
			// One column a question: the second row is blank, and several answers stand in one cell. The option is known, no page that shows its cells was found.
			name: "SurveyMonkey, one column a question", dialect: "surveymonkey", header: "1",
			rows: []string{
				"Respondent ID|Collector ID|Start Date|End Date|IP Address|Email Address|First Name|Last Name|Custom Data 1|" + polite + "|" + channel,
				"||||||||||",
				"114|380|05/14/2020 09:01:22 AM|05/14/2020 09:05:02 AM|10.0.0.1|a@b.vn|Anh|Lê|x1|4|Loa, Đài, ti vi, báo",
				"115|380|05/14/2020 10:01:22 AM|05/14/2020 10:05:02 AM|10.0.0.2|c@b.vn|Lan|Trần|x2|5|Họp dân, Đài, ti vi, báo",
				"116|380|05/14/2020 11:01:22 AM|05/14/2020 11:05:02 AM|10.0.0.3|d@b.vn|Minh|Phạm|x3|1|",
			},
			data:    map[string][]string{"A1": a1, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"]},
			dropped: "IP Address, Email Address, First Name, Last Name",
			other:   "Respondent ID, Collector ID, Start Date, End Date, Custom Data 1",
			classes: []Count{{"header", 1}},
		},
		{
			// Answers as numbers, which the export offers beside answers as text: a choice's column holds the choice's place. No page that shows
			// its cells was found. The rows of a matrix hold codes.
			name: "SurveyMonkey, numbers", dialect: "surveymonkey", header: "1-2",
			rows: []string{
				"Respondent ID|Collector ID|Start Date|End Date|IP Address|Email Address|First Name|Last Name|Custom Data 1|Dịch vụ công||" + channel + "||||Giới tính",
				"|||||||||" + polite + "|Ông bà cho mấy điểm|Loa|Họp dân|Đài, ti vi, báo|Other (please specify)|Response",
				"114|380|05/14/2020 09:01:22 AM|05/14/2020 09:05:02 AM|10.0.0.1|a@b.vn|Anh|Lê|x1|4|7|1||3||1",
				"115|380|05/14/2020 10:01:22 AM|05/14/2020 10:05:02 AM|10.0.0.2|c@b.vn|Lan|Trần|x2|5|8||2|3|tờ rơi|2",
				"116|380|05/14/2020 11:01:22 AM|05/14/2020 11:05:02 AM|10.0.0.3|d@b.vn|Minh|Phạm|x3|1|||||không nhớ|1",
			},
			data: map[string][]string{
				"A1": a1, "A2": {"7", "8", "∅"}, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"], "gioi": {"Nam", "Nữ", "Nam"},
			},
			dropped: "IP Address, Email Address, First Name, Last Name",
			other:   "Respondent ID, Collector ID, Start Date, End Date, Custom Data 1, " + channel + " › Other (please specify)",
		},
		{
			// Variable names, and labels in the cells or else codes, never both: /FIELDNAMES and /CELLS of
			// https://www.ibm.com/support/knowledgecenter/SSLVMB_24.0.0/spss/base/syn_save_translate.html. A code without a label stays a number among them.
			name: "SPSS, labels", dialect: "generic", header: "1", numbers: true,
			rows: []string{
				"A1|A2|Gioi|filter_$", "Hài lòng|7|Nam|Selected", "Rất hài lòng|8|Nữ|Selected", "1|không biết|Nam|Not Selected",
			},
			data: map[string][]string{"A1": a1, "A2": {"7", "8", "∅"}, "gioi": {"Nam", "Nữ", "Nam"}}, other: "filter_$",
		},
		{
			// Codes and the indicators of a set, lower-case names: firstrow(variables) nolabel, https://www.stata.com/manuals/dimportexcel.pdf. A missing
			// value is a blank cell, and a survey's own code for it stays a number.
			name: "Stata, codes", dialect: "spss", header: "1", numbers: true,
			rows: []string{
				"a1|a2|a3_1|a3_2|a3_3|gioi|_merge", "4|7|1|0|1|1|3", "5|8|0|1|1|2|3", "1|98||||1|1",
			},
			data: map[string][]string{
				"A1": a1, "A2": {"7", "8", "∅"}, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"], "gioi": {"Nam", "Nữ", "Nam"},
			},
			other: "_merge",
		},
		{
			// Three header rows, the second in the user's language: https://github.com/ropensci/qualtRics/blob/b8d9c7ec7621dea34281113aa3c6bb59e84e390e/tests/testthat/files/sample.csv.
			// Status 1 is a survey preview: https://www.qualtrics.com/support/survey-platform/data-and-analysis-module/data/download-data/understanding-your-dataset/.
			name: "Qualtrics, choice codes", dialect: "qualtrics", header: "1-3",
			rows: []string{
				"StartDate|EndDate|Status|IPAddress|Progress|Duration (in seconds)|Finished|RecordedDate|ResponseId|RecipientLastName|RecipientFirstName|RecipientEmail|ExternalReference|LocationLatitude|LocationLongitude|DistributionChannel|UserLanguage|Q1|Q2|Q2_3_TEXT|Q3|Q3 - Topics",
				"Anfangsdatum|Enddatum|Antworttyp|IP-Adresse|Aktueller Stand|Dauer (in Sekunden)|Beendet|Erfassungsdatum|Antwort-ID|Nachname des Empfängers|Vorname des Empfängers|E-Mail des Empfängers|Externe Datenreferenz|Breitengrad des Standorts|Längengrad des Standorts|Verteilungskanal|Benutzersprache|" + polite + "|" + channel + " - Selected Choice|" + channel + " - Đài, ti vi, báo - Text|Góp ý|Q3 - Topics",
				`{"ImportId":"startDate"}|{"ImportId":"endDate"}|{"ImportId":"status"}|{"ImportId":"ipAddress"}|{"ImportId":"progress"}|{"ImportId":"duration"}|{"ImportId":"finished"}|{"ImportId":"recordedDate"}|{"ImportId":"_recordId"}|{"ImportId":"recipientLastName"}|{"ImportId":"recipientFirstName"}|{"ImportId":"recipientEmail"}|{"ImportId":"externalDataReference"}|{"ImportId":"locationLatitude"}|{"ImportId":"locationLongitude"}|{"ImportId":"distributionChannel"}|{"ImportId":"userLanguage"}|{"ImportId":"QID1"}|{"ImportId":"QID2"}|{"ImportId":"QID2_3_TEXT"}|{"ImportId":"QID3_TEXT"}|{"ImportId":"QID3_TEXT_eae5Topics"}`,
				"2020-07-18 08:28:09|2020-07-18 08:28:48|0|130.92.34.66|100|39|1|2020-07-18 08:28:48|R_1|Lê|Anh|a@b.vn||47.115097|7.231597|anonymous|VI|4|1,3|ti vi|tốt|",
				"2020-07-18 09:28:09|2020-07-18 09:28:48|0|130.92.34.67|100|39|1|2020-07-18 09:28:48|R_2|||||47.115097|7.231597|anonymous|VI|5|2,3|||",
				"2020-07-18 09:29:09|2020-07-18 09:29:48|1|130.92.34.67|100|39|1|2020-07-18 09:29:48|R_x|||||47.115097|7.231597|preview|VI|3|1|||",
				"2020-07-18 10:28:09|2020-07-18 10:28:48|0|130.92.34.68|60|39|0|2020-07-18 10:28:48|R_3|||||47.115097|7.231597|anonymous|VI|1||||",
			},
			data:    map[string][]string{"A1": a1, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"]},
			dropped: "IPAddress, RecipientLastName, RecipientFirstName, RecipientEmail, LocationLatitude, LocationLongitude",
			other:   "StartDate, EndDate, Status, Progress, Duration (in seconds), Finished, RecordedDate, ResponseId, ExternalReference, DistributionChannel, UserLanguage, Q2_3_TEXT, Q3, Q3 - Topics",
			classes: []Count{{"header", 3}, {"preview", 1}},
		},
		{
			// The same with choice text in two header rows, and a column a choice: the ImportId names the choice. That layout is known from files
			// (engineering/ingest.md 1.6), Qualtrics's page does not show it. _DO columns say in which order the choices were shown.
			name: "Qualtrics, one column a choice", dialect: "qualtrics", header: "1-3",
			rows: []string{
				"StartDate|EndDate|Status|Finished|ResponseId|Q1|Q2_1|Q2_2|Q2_3|Q2_DO_1|Q2_DO_2|Q4",
				"Start Date|End Date|Response Type|Finished|Response ID|" + polite + "|" + channel + " - Loa|" + channel + " - Họp dân|" + channel + " - Đài, ti vi, báo|" + channel + " - Display Order - Loa|" + channel + " - Display Order - Họp dân|Giới tính",
				`{"ImportId":"startDate","timeZone":"Z"}|{"ImportId":"endDate","timeZone":"Z"}|{"ImportId":"status"}|{"ImportId":"finished"}|{"ImportId":"_recordId"}|{"ImportId":"QID1"}|{"ImportId":"QID2","choiceId":"1"}|{"ImportId":"QID2","choiceId":"2"}|{"ImportId":"QID2","choiceId":"3"}|{"ImportId":"QID2_DO","choiceId":"1"}|{"ImportId":"QID2_DO","choiceId":"2"}|{"ImportId":"QID4"}`,
				"2020-07-18 08:28:09|2020-07-18 08:28:48|IP Address|True|R_1|Hài lòng|Loa||Đài, ti vi, báo|1|2|Nam",
				"2020-07-18 09:28:09|2020-07-18 09:28:48|IP Address|True|R_2|Rất hài lòng||Họp dân|Đài, ti vi, báo|2|1|Nữ",
				"2020-07-18 10:28:09|2020-07-18 10:28:48|IP Address|False|R_3|Rất không hài lòng||||||Nam",
			},
			data:  map[string][]string{"A1": a1, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"], "gioi": {"Nam", "Nữ", "Nam"}},
			other: "StartDate, EndDate, Status, Finished, ResponseId, Q2_DO_1, Q2_DO_2",
		},
		{
			// One cell holds all ticked options, parted by comma and space: https://github.com/dgarros/netdevops-survey/issues/38 and
			// https://github.com/jamiewilson/form-to-google-sheets/issues/12. A grid gives one column a row with the answer's words:
			// http://danaleeling.blogspot.com/2023/05/converting-likert-survey-words-in.html; the row in square brackets is known, no page of Google's says it.
			name: "Google Forms", dialect: "google-forms", header: "1",
			rows: []string{
				"Timestamp|Email Address|Dịch vụ công [" + polite + "]|" + channel + "|Giới tính|Họ và tên",
				"5/14/2020 9:01:22|a@b.vn|Hài lòng|Loa, Đài, ti vi, báo|Nam|Lê Anh",
				"5/14/2020 10:01:22|c@b.vn|Rất hài lòng|Họp dân, Đài, ti vi, báo|Nữ|Trần Lan",
				"5/14/2020 11:01:22|d@b.vn|Rất không hài lòng||Nam|Phạm Minh",
			},
			data:    map[string][]string{"A1": a1, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"], "gioi": {"Nam", "Nữ", "Nam"}},
			dropped: "Email Address, Họ và tên",
			other:   "Timestamp",
		},
		{
			// ID to Name, then the questions: https://github.com/acl-org/acl-anthology/blob/48097bd5fd567177de95a526c0a236255b0817b3/bin/add_attachments.py.
			// Ticked options end in a semicolon each; a quiz has Total points, Quiz feedback and, after each question, its points and feedback:
			// exports of both kinds are quoted in public code, but no page of Microsoft's gives the layout.
			name: "Microsoft Forms, a quiz", dialect: "ms-forms", header: "1",
			rows: []string{
				"ID|Start time|Completion time|Email|Name|Total points|Quiz feedback|Last modified time|" + polite + "|Points - " + polite + "|Feedback - " + polite + "|" + channel + "|Points - " + channel + "|Giới tính|Your email address",
				"1|5/14/20 9:01:22|5/14/20 9:05:02|anonymous||5|||Hài lòng|4||Loa;Đài, ti vi, báo;|1|Nam|a@b.vn",
				"2|5/14/20 10:01:22|5/14/20 10:05:02|lan@b.vn|Trần Lan|5|||Rất hài lòng|4|đúng|Họp dân;Đài, ti vi, báo;|1|Nữ|c@b.vn",
				"3|5/14/20 11:01:22|5/14/20 11:05:02|anonymous||0|||Rất không hài lòng|0|||0|Nam|d@b.vn",
			},
			data:    map[string][]string{"A1": a1, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"], "gioi": {"Nam", "Nữ", "Nam"}},
			dropped: "Email, Name, Your email address",
			other:   "ID, Start time, Completion time, Total points, Quiz feedback, Last modified time, Points - " + polite + ", Feedback - " + polite + ", Points - " + channel,
		},
		{
			// Headings are code, abbreviated or full text, or code and text, the program's own columns with them:
			// https://github.com/LimeSurvey/LimeSurvey/blob/07f257d25fa1b7ced413df857b53e48b69be0958/application/helpers/admin/export/Writer.php.
			// Short answers: Y where ticked, blank where not or not asked.
			name: "LimeSurvey, codes and answer codes", dialect: "limesurvey", header: "1",
			rows: []string{
				"id|submitdate|lastpage|startlanguage|seed|startdate|datestamp|ipaddr|A1|A3[SQ001]|A3[SQ002]|A3[SQ003]|A3[other]|email|interviewtime|groupTime81|A1Time",
				"1|2020-05-14 09:05:02|2|vi|77|2020-05-14 09:01:22|2020-05-14 09:05:02|10.0.0.1|A4|Y||Y||a@b.vn|220|100|30",
				"2|2020-05-14 10:05:02|2|vi|78|2020-05-14 10:01:22|2020-05-14 10:05:02|10.0.0.2|A5||Y|Y|tờ rơi|c@b.vn|221|101|31",
				"3|2020-05-14 11:05:02|2|vi|79|2020-05-14 11:01:22|2020-05-14 11:05:02|10.0.0.3|A1||||||222|102|32",
				"4|2020-05-14 11:05:02|2|vi|79|2020-05-14 11:01:22|2020-05-14 11:05:02|10.0.0.4|A2|||||d@b.vn|222|102|32",
				"5|2020-05-14 11:05:02|2|vi|79|2020-05-14 11:01:22|2020-05-14 11:05:02|10.0.0.5|A3|||||e@b.vn|222|102|32",
			},
			data:    map[string][]string{"A1": {"4", "5", "1", "2", "3"}, "A3_1": {"1", "0", "∅", "∅", "∅"}, "A3_2": {"0", "1", "∅", "∅", "∅"}, "A3_3": {"1", "1", "∅", "∅", "∅"}},
			dropped: "ipaddr, email",
			other:   "id, submitdate, lastpage, startlanguage, seed, startdate, datestamp, A3[other], interviewtime, groupTime81, A1Time",
		},
		{
			// Full answers of a multiple choice: Yes, No, and N/A where it was not asked, in
			// https://github.com/LimeSurvey/LimeSurvey/blob/0cd1ba2bcc989c83332d5f1bd1314be838215eaa/application/helpers/admin/export/SurveyObj.php.
			name: "LimeSurvey, code and text, full answers", dialect: "limesurvey", header: "1",
			rows: []string{
				"id. Response ID|submitdate. Date submitted|lastpage. Last page|startlanguage. Start language|seed. Seed|ipaddr. IP address|Q1. " + polite + "|Q2[SQ001]. " + channel + " [Loa]|Q2[SQ002]. " + channel + " [Họp dân]|Q2[SQ003]. " + channel + " [Đài, ti vi, báo]|Q2[other]. " + channel + " [Other]|Q3. Giới tính",
				"1|2020-05-14 09:05:02|2|vi|77|10.0.0.1|Hài lòng|Yes|No|Yes||Nam",
				"2|2020-05-14 10:05:02|2|vi|78|10.0.0.2|Rất hài lòng|No|Yes|Yes|tờ rơi|Nữ",
				"3|2020-05-14 11:05:02|2|vi|79|10.0.0.3|Rất không hài lòng|N/A|N/A|N/A||Nam",
			},
			data:    map[string][]string{"A1": a1, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"], "gioi": {"Nam", "Nữ", "Nam"}},
			dropped: "ipaddr. IP address",
			other:   "id. Response ID, submitdate. Date submitted, lastpage. Last page, startlanguage. Start language, seed. Seed, Q2[other]. " + channel + " [Other]",
		},
		{
			name: "LimeSurvey, full text, full answers", dialect: "limesurvey", header: "1",
			rows: []string{
				"Response ID|Date submitted|Last page|Start language|Seed|IP address|" + polite + "|" + channel + " [Loa]|" + channel + " [Họp dân]|" + channel + " [Đài, ti vi, báo]|" + channel + " [Other]|Giới tính",
				"1|2020-05-14 09:05:02|2|vi|77|10.0.0.1|Hài lòng|Yes|No|Yes||Nam",
				"2|2020-05-14 10:05:02|2|vi|78|10.0.0.2|Rất hài lòng|No|Yes|Yes|tờ rơi|Nữ",
				"3|2020-05-14 11:05:02|2|vi|79|10.0.0.3|Rất không hài lòng|N/A|N/A|N/A||Nam",
			},
			data:    map[string][]string{"A1": a1, "A3_1": yes["A3_1"], "A3_2": yes["A3_2"], "A3_3": yes["A3_3"], "gioi": {"Nam", "Nữ", "Nam"}},
			dropped: "IP address",
			other:   "Response ID, Date submitted, Last page, Start language, Seed, " + channel + " › Other",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			rows := piped(c.rows...)
			for i := 0; i < len(rows) && c.numbers; i++ {
				for j, cell := range rows[i] {
					if number, err := strconv.ParseFloat(fmt.Sprint(cell), 64); err == nil {
						rows[i][j] = number
					}
				}
			}
			path := book(t, filepath.Join(dir, "a.xlsx"), testSheet{"d", rows})
			report := run(t, Options{Files: []string{path}, Definition: []byte(small), Out: filepath.Join(dir, "out")})
			sheet := report.Files[0].Sheets[0]
			if sheet.Dialect != c.dialect {
				t.Errorf("dialect %s, want %s", sheet.Dialect, c.dialect)
			}
			for _, g := range sheet.Guesses {
				if g.What == "header_row" && g.Value != c.header {
					t.Errorf("header rows %s, want %s", g.Value, c.header)
				}
			}
			for _, p := range report.Problems {
				if p.Code != "items_absent" {
					t.Errorf("problem %s: %s", p.Code, p)
				}
			}
			d := readDataset(t, filepath.Join(dir, "out"))
			for name, want := range c.data {
				if diff := cmp.Diff(want, d.column(name)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			// Qualtrics's columns are named by their codes here; the texts stand behind them.
			if diff := cmp.Diff(c.dropped, headersOf(sheet.Dropped, c.dialect == "qualtrics", func(Column) bool { return true })); diff != "" {
				t.Errorf("dropped (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.other, headersOf(sheet.Columns, c.dialect == "qualtrics", func(c Column) bool { return c.Role == "other" || c.Role == "interviewer" })); diff != "" {
				t.Errorf("columns that answer nothing (-want +got):\n%s", diff)
			}
			classes := c.classes
			if classes == nil {
				classes = []Count{{"header", int64(len(c.rows)) - sheet.Ledger.Kept}}
			}
			if diff := cmp.Diff(classes, sheet.Ledger.Classes); diff != "" {
				t.Errorf("classes (-want +got):\n%s", diff)
			}
		})
	}
}

// LimeSurvey's full answers spell the choices of one question and a matrix of questions that take yes or no in the same words. What the
// questionnaire asks for tells them apart; where it asks for neither, nothing is lost.
func TestYesAndNoInWords(t *testing.T) {
	const definition = `
questionnaire:
  scales:
    yesno: {codes: {1: {vi: Có, en: "Yes"}, 2: {vi: Không, en: "No"}}}
  items:
    - {id: B1, scale: yesno, text: {vi: Được hướng dẫn đầy đủ}}
    - {id: B2, scale: yesno, text: {vi: Phải nộp thêm giấy tờ}}
`
	rows := piped("Response ID|Date submitted|Last page|Start language|Hồ sơ của ông bà [Được hướng dẫn đầy đủ]|Hồ sơ của ông bà [Phải nộp thêm giấy tờ]|Biết qua [Loa]|Biết qua [Họp dân]",
		"1|2020-05-14 09:05:02|2|vi|Yes|No|Yes|No", "2|2020-05-14 09:05:02|2|vi|No|Yes|No|No", "3|2020-05-14 09:05:02|2|vi|Yes|Yes|N/A|N/A")
	dir := t.TempDir()
	report := run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"d", rows})}, Definition: []byte(definition), Out: filepath.Join(dir, "out")})
	for _, p := range report.Problems {
		t.Errorf("problem %s", p)
	}
	d := readDataset(t, filepath.Join(dir, "out"))
	for name, want := range map[string][]string{"B1": {"1", "2", "1"}, "B2": {"2", "1", "1"}, "biet_qua_loa": {"Yes", "No", "N/A"}, "biet_qua_hop_dan": {"No", "No", "N/A"}} {
		if diff := cmp.Diff(want, d.column(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// headersOf lists the headers of some columns, or the first part of each.
func headersOf(columns []Column, short bool, which func(Column) bool) string {
	var list []string
	for _, c := range columns {
		if which(c) {
			code, _, _ := strings.Cut(c.Header, " › ")
			if !short {
				code = c.Header
			}
			list = append(list, code)
		}
	}
	return strings.Join(list, ", ")
}
