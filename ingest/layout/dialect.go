package layout

import (
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"hailong/ingest/vntext"
	"hailong/ingest/xlsx"
)

func dialects() []Dialect {
	return []Dialect{KoboToolbox, ODK, SurveyCTO, LimeSurvey, SurveyMonkey, Qualtrics, GoogleForms, MSForms, SPSS, Tally, AggregateForm, Generic}
}

func knownDialect(d Dialect) bool {
	for _, k := range dialects() {
		if k == d {
			return true
		}
	}
	return false
}

func dialectNames() string {
	var names []string
	for _, d := range dialects() {
		names = append(names, string(d))
	}
	return strings.Join(names, ", ")
}

// marks is what gives a program's export away.
type marks struct {
	dialect     Dialect
	first, last int // header rows; 0 where no program is recognised
	why         why
}

// programMarks looks at the first rows for the columns that each program adds of its own; old KoboToolbox exports are known by the name of
// the sheet.
func programMarks(rows []textRow, sheet string) marks {
	top := &rows[0]
	has := map[string]bool{}
	for _, c := range top.cells {
		if c.isText() {
			has[bare(c.text)] = true
			if m := patterns().codeText.FindStringSubmatch(c.text); m != nil {
				has[bare(m[1])] = true // LimeSurvey heads its own columns by code and text too: `id. Response ID`
			}
		}
	}
	all := func(names ...string) bool {
		for _, n := range names {
			if !has[n] {
				return false
			}
		}
		return true
	}
	m := marks{first: top.index, last: top.index}
	found := func(d Dialect, names ...string) bool {
		if !all(names...) {
			return false
		}
		m.dialect = d
		m.why = because("columns %s in row %d", "các cột %s ở dòng %d", strings.Join(names, ", "), top.index)
		return true
	}
	switch {
	case found(Qualtrics, "startdate", "enddate", "status"), found(Qualtrics, "responseid", "responseset"), importIDs(rows) && found(Qualtrics):
		m.last = qualtricsHeader(rows)
	case found(SurveyMonkey, "respondent id", "collector id"), found(SurveyMonkey, "respondentid", "collectorid"):
		m.last = surveyMonkeyHeader(rows)
	case found(KoboToolbox, "_parent_table_name", "_parent_index"), found(KoboToolbox, "_uuid", "_submission_time"),
		found(KoboToolbox, "_uuid", "_index"), found(KoboToolbox, "_id", "_uuid"),
		found(KoboToolbox, "x_uuid", "x_index"), found(KoboToolbox, "x_id", "x_uuid"), found(KoboToolbox, "meta/instanceid"):
	case found(SurveyCTO, "formdef_version", "key"), found(SurveyCTO, "submissiondate", "review_status"):
	case found(ODK, "submissiondate", "key"), found(ODK, "parent_key", "key"), found(ODK, "submissiondate", "instanceid"):
	case found(LimeSurvey, "submitdate", "lastpage", "startlanguage"), found(LimeSurvey, "date submitted", "last page", "start language"),
		found(LimeSurvey, "date_submitted", "last_page", "start_language"):
	case found(MSForms, "id", "start time", "completion time"), found(MSForms, "id", "thời gian bắt đầu", "thời gian hoàn thành"):
	case googleForms(top, has):
		m.dialect = GoogleForms
		m.why = because("%q in %s", "%q ở ô %s", top.cells[0].text, xlsx.CellRef(top.index, top.cells[0].col))
	case strings.HasPrefix(sheet, "uploaded_form_"):
		m.dialect = KoboToolbox
		m.why = because("the sheet is called %q", "trang tính tên là %q", sheet)
	default:
		return marks{}
	}
	return m
}

// bare is a header as marks are compared: folded, and without the byte order mark that some R code spells out.
func bare(s string) string {
	s = vntext.Fold(s)
	for _, bom := range []string{"x.u.feff.", "ï»¿"} {
		s = strings.TrimPrefix(s, bom)
	}
	return s
}

func googleForms(top *textRow, has map[string]bool) bool {
	switch bare(top.cells[0].text) {
	case "timestamp":
		return len(top.cells) >= 2 && !has["id"]
	case "dấu thời gian":
		return true
	}
	return false
}

func importIDs(rows []textRow) bool {
	for i := range min(3, len(rows)) {
		if isImportID(rows[i].cells[0].text) {
			return true
		}
	}
	return false
}

func isImportID(s string) bool { return strings.HasPrefix(s, `{"ImportId":`) }

// qualtricsHeader takes in the row of question texts and the row of ImportIds, either of which may have been deleted by hand.
func qualtricsHeader(rows []textRow) int {
	last := rows[0].index
	for i := 1; i < min(3, len(rows)); i++ {
		r := &rows[i]
		if isImportID(r.cells[0].text) {
			return r.index
		}
		if i > 1 || r.texts() < len(r.cells) {
			return last
		}
		if _, dated := vntext.ParseDate(r.cells[0].text, vntext.OrderUnknown); dated {
			return last
		}
		last = r.index
	}
	return last
}

// surveyMonkeyHeader takes in the row of answer options: it leaves the respondent's columns blank.
func surveyMonkeyHeader(rows []textRow) int {
	first := rows[0].cells[0].col
	if len(rows) > 1 {
		if _, filled := rows[1].at(first); !filled && rows[1].texts() == len(rows[1].cells) {
			return rows[1].index
		}
	}
	return rows[0].index
}

type headerPatterns struct {
	name, codeText, grid *regexp.Regexp
}

var patterns = sync.OnceValue(func() headerPatterns {
	return headerPatterns{
		name:     regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$`),
		codeText: regexp.MustCompile(`^([A-Za-z]\w*(?:\[[^\]]*\])*)\. +(.+)$`),
		grid:     regexp.MustCompile(`^(.*\S)\s*\[([^\[\]]+)\]$`),
	}
})

// adapt reads the headers as the program that wrote them means them: code and text, question and row, question and option.
func (t *Table) adapt() {
	p := patterns()
	names := t.nameLike()
	for i := range t.Columns {
		col := &t.Columns[i]
		switch t.Dialect {
		case Qualtrics:
			col.adaptQualtrics()
		case SurveyMonkey:
			if n := len(col.Path); n == 2 && isResponse(col.Path[1]) {
				col.Path = col.Path[:1]
			}
		case LimeSurvey:
			if len(col.Path) == 0 {
				continue
			}
			if m := p.codeText.FindStringSubmatch(col.Path[0]); m != nil {
				col.Code, col.Label = m[1], m[2]
				if g := p.grid.FindStringSubmatch(col.Label); g != nil && strings.HasSuffix(col.Code, "]") {
					col.choice = g[2]
				}
			} else if !strings.Contains(col.Path[0], " ") {
				col.Code = col.Path[0]
			} else if m := p.grid.FindStringSubmatch(col.Path[0]); m != nil {
				col.Path = []string{m[1], m[2]}
			}
		case GoogleForms:
			if len(col.Path) == 1 {
				if m := p.grid.FindStringSubmatch(col.Path[0]); m != nil {
					col.Path = []string{m[1], m[2]}
				}
			}
		case KoboToolbox, ODK, SurveyCTO:
			if len(col.Path) == 1 && (names || strings.HasPrefix(col.Path[0], "_")) {
				col.Code = col.Path[0]
				if names && t.Dialect == KoboToolbox {
					col.Path = strings.Split(col.Code, "/")
				}
			}
		}
		col.Header = strings.Join(col.Path, Separator)
	}
	if t.Dialect == KoboToolbox {
		value, w := "labels", because("headers hold spaces or accents", "tiêu đề cột có dấu cách hoặc dấu tiếng Việt")
		if names {
			value, w = "names", because("all headers are names without spaces or accents", "mọi tiêu đề cột là tên không dấu, không dấu cách")
		}
		t.Guesses = append(t.Guesses, guess("kobo_headers", value, w))
	}
}

// nameLike reports whether the headers are question names and not their labels.
func (t *Table) nameLike() bool {
	for i := range t.Columns {
		for _, part := range t.Columns[i].Path {
			if !patterns().name.MatchString(part) {
				return false
			}
		}
	}
	return true
}

func (c *Column) adaptQualtrics() {
	var path []string
	for _, part := range c.Path {
		if !isImportID(part) {
			path = append(path, part)
			continue
		}
		var id struct{ ImportID, ChoiceID string }
		if json.Unmarshal([]byte(part), &id) == nil && !strings.HasSuffix(id.ImportID, "_DO") { // _DO: in which order the choices were shown
			c.choice = id.ChoiceID
		}
	}
	c.Path = path
	if len(path) == 0 {
		return
	}
	c.Code = path[0]
	if len(path) < 2 {
		return
	}
	// A question with a field for text beside its choices is called by both: `Which services? - Selected Choice`.
	c.Label = strings.TrimSuffix(path[1], " - Selected Choice")
	c.Path = []string{path[0], c.Label}
	if at := strings.LastIndex(c.Label, " - "); at > 0 && c.choice != "" {
		c.Path = []string{c.Label[:at], c.Label[at+len(" - "):]}
	}
}

// isResponse reports whether a SurveyMonkey option only says that the answer stands here.
func isResponse(s string) bool {
	switch vntext.Fold(s) {
	case "response", "open-ended response", "câu trả lời", "phản hồi":
		return true
	}
	return false
}

// systemColumns names what the programs' own columns hold, by header. "validation" is what the survey's supervisors decided about a form.
func systemColumns(d Dialect) map[string]string {
	switch d {
	case KoboToolbox:
		return map[string]string{
			"_id": "id", "_uuid": "uuid", "_submission_time": "submitted", "_validation_status": "validation", "_notes": "notes", "_status": "status",
			"_submitted_by": "submitted_by", "__version__": "version", "_version_": "version", "_tags": "tags", "_index": "index",
			"_parent_table_name": "parent_table", "_parent_index": "parent_index", "_submission__id": "parent_id", "_submission__uuid": "parent_uuid",
			"_submission__submission_time": "submitted", "_submission__validation_status": "validation", "_submission__notes": "notes",
			"_submission__status": "status", "_submission__submitted_by": "submitted_by", "_submission___version__": "version",
			"_submission__tags": "tags", "start": "start", "end": "end", "deviceid": "device", "meta/instanceid": "uuid",
			"x_id": "id", "x_uuid": "uuid", "x_submission_time": "submitted", "x_validation_status": "validation", "x_index": "index", "x_notes": "notes",
			"x_status": "status", "x_submitted_by": "submitted_by", "x_tags": "tags", "x__version__": "version",
		}
	case ODK, SurveyCTO:
		return map[string]string{
			"submissiondate": "submitted", "key": "uuid", "parent_key": "parent_uuid", "instanceid": "uuid", "meta-instanceid": "uuid", "isvalidated": "checked",
			"starttime": "start", "endtime": "end", "start": "start", "end": "end", "deviceid": "device", "subscriberid": "device", "simid": "device",
			"devicephonenum": "device", "formdef_version": "version", "review_status": "validation", "review_comments": "notes",
			"review_corrections": "notes", "review_quality": "quality", "username": "submitted_by", "duration": "duration", "caseid": "case",
			"completiondate": "submitted", "submitterid": "submitted_by", "submittername": "submitted_by", "reviewstate": "validation", "formversion": "version",
			"attachmentspresent": "attachments", "attachmentsexpected": "attachments", "edits": "edits",
		}
	case LimeSurvey:
		return map[string]string{
			"id": "id", "submitdate": "submitted", "lastpage": "progress", "startlanguage": "language", "seed": "seed", "startdate": "start",
			"datestamp": "end", "token": "token", "ipaddr": "ip", "refurl": "url", "interviewtime": "duration", "response id": "id",
			"date submitted": "submitted", "last page": "progress", "start language": "language", "date started": "start", "date last action": "end",
		}
	case SurveyMonkey:
		return map[string]string{
			"respondent id": "id", "respondentid": "id", "collector id": "collector", "collectorid": "collector", "start date": "start", "startdate": "start",
			"end date": "end", "enddate": "end", "date created": "start", "date modified": "end", "ip address": "ip", "email address": "email", "first name": "name",
			"last name": "name", "custom data 1": "custom", "custom data": "custom",
		}
	case Qualtrics:
		return map[string]string{
			"startdate": "start", "enddate": "end", "status": "status", "ipaddress": "ip", "progress": "progress", "duration (in seconds)": "duration",
			"finished": "finished", "recordeddate": "submitted", "responseid": "id", "responseset": "set", "recipientlastname": "name",
			"recipientfirstname": "name", "recipientemail": "email", "externalreference": "custom", "externaldatareference": "custom",
			"locationlatitude": "latitude", "locationlongitude": "longitude", "distributionchannel": "channel", "userlanguage": "language",
		}
	case GoogleForms:
		return map[string]string{
			"timestamp": "submitted", "dấu thời gian": "submitted", "email address": "email", "địa chỉ email": "email", "username": "email", "tên người dùng": "email",
		}
	case MSForms:
		return map[string]string{
			"id": "id", "start time": "start", "completion time": "end", "email": "email", "name": "name", "last modified time": "modified", "language": "language",
			"thời gian bắt đầu": "start", "thời gian hoàn thành": "end", "tên": "name", "thời gian sửa đổi lần cuối": "modified",
		}
	}
	return nil
}

// markSystem names the program's own columns.
func (t *Table) markSystem() {
	known := systemColumns(t.Dialect)
	if known == nil {
		return
	}
	groupTimer := regexp.MustCompile(`^(grouptime\d+|.*time)$`)
	for i := range t.Columns {
		col := &t.Columns[i]
		key := bare(col.Header)
		if col.Code != "" {
			key = bare(col.Code)
		}
		if col.System = known[key]; col.System == "" && t.Dialect == LimeSurvey && strings.HasPrefix(key, "grouptime") && groupTimer.MatchString(key) {
			col.System = "duration"
		}
	}
}

// remarkText matches the code of LimeSurvey's and Qualtrics's columns of free text beside a choice.
var remarkText = regexp.MustCompile(`^(.+)\[[^\[\]]*(?:other|comment)\]$|^(.+?)(?:_\d+)?_TEXT$`)

// markRemarks finds the columns that stand beside a question and do not answer it: free text beside a choice, and a quiz's points and feedback.
func (t *Table) markRemarks() {
	known := map[string]bool{}
	for i := range t.Columns {
		known[t.Columns[i].Header], known[t.Columns[i].Code] = true, true
	}
	for i := range t.Columns {
		col := &t.Columns[i]
		switch t.Dialect {
		case LimeSurvey, Qualtrics:
			m := remarkText.FindStringSubmatch(col.Code)
			col.Remark = m != nil && (t.Dialect == LimeSurvey || known[m[2]])
		case MSForms: // `Points - X` and `Feedback - X` follow X
			for back := 1; back <= 2 && back <= i; back++ {
				question := t.Columns[i-back].Header
				before, points := strings.CutSuffix(col.Header, " - "+question)
				col.Remark = col.Remark || (points && question != "" && !strings.Contains(before, " - "))
			}
		}
		// No row of a grid stands beside a column that bears the question alone: `X [Score]`, `X › Other (please specify)`.
		if (t.Dialect == GoogleForms || t.Dialect == SurveyMonkey || t.Dialect == LimeSurvey) && len(col.Path) == 2 && known[col.Path[0]] {
			col.Remark = true
		}
	}
}

// isOther reports whether a choice only says that text may be added.
func isOther(s string) bool {
	s = vntext.FoldASCII(s)
	return strings.HasPrefix(s, "other") || strings.HasPrefix(s, "khac") || s == "comment" || s == "binh luan" || s == "nhan xet"
}

// settle names the dialect, after the columns are known.
func (t *Table) settle(v *sheetView, m marks, o Options) {
	w := m.why
	switch {
	case pinned(o.Dialect):
		t.Dialect = Dialect(o.Dialect)
		w = planSays()
	case m.dialect != "":
	case t.Aggregate != nil:
		t.Dialect = AggregateForm
		w = t.Aggregate.why
	case t.Number >= 0:
		t.Dialect = Tally
		w = because("a column for the running number in %s", "có cột số thứ tự ở cột %s", xlsx.Name(t.Number))
	case t.variableNames(v):
		t.Dialect = SPSS
		w = because("every header is a variable name of SPSS or Stata, and most cells are codes", "mọi tiêu đề là tên biến kiểu SPSS hoặc Stata, và đa số ô là mã số")
	default:
		t.Dialect = Generic
		w = because("no marks of a known program", "không có dấu hiệu của phần mềm nào đã biết")
	}
	g := guess("dialect", string(t.Dialect), w)
	g.Pinned = pinned(o.Dialect)
	t.Guesses = append([]Guess{g}, t.Guesses...)
}

// variableNames reports whether the table looks like a statistics package wrote it.
func (t *Table) variableNames(v *sheetView) bool {
	if t.HeaderFirst != t.HeaderLast || t.HeaderFirst == 0 || len(t.Columns) < 5 || len(t.TitleText) > 0 {
		return false
	}
	for i := range t.Columns {
		h := t.Columns[i].Header
		if !patterns().name.MatchString(h) || strings.Contains(h, "/") || len(h) > 64 {
			return false
		}
	}
	numbers, cells := 0, 0
	for i := range v.rows {
		if v.rows[i].index <= t.HeaderLast {
			continue
		}
		for _, c := range v.rows[i].cells {
			cells++
			if c.kind == xlsx.Number {
				numbers++
			}
		}
	}
	return cells > 0 && 2*numbers > cells
}
