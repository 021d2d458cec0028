// Package egov makes the e-government figures from the lists that a province's systems export.
//
// What comes in: procedure lists and dossier lists as grids of text (the national 37-field schema, or the headers that one-stop systems
// print), and a period. What goes out: every share with its numerator and its denominator in words, the ratios of QĐ 766/QĐ-TTg, and
// what was not read. What is promised: columns that identify a person are named and never kept; a share without a base is unknown; where
// two bases are in use both are given.
package egov

import (
	"fmt"
	"time"

	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// Bases of "procedures with dossiers", whose meaning the plan leaves open.
const (
	BaseOnline = "online" // procedures at level 3–4, with an online dossier
	BasePost   = "post"   // procedures that had a dossier by post or are marked for it
	BaseAll    = "all"    // all procedures, with any dossier
)

// Options say which period is counted. Without one every dossier with a date of receipt is.
type Options struct {
	From, To       time.Time // first and last day
	ProceduresBase string    // empty: BaseOnline
}

// A Share is one figure with its base. Value is unknown where the base is empty or the lists do not tell.
type Share struct {
	ID          string        `json:"id"` // of the target it belongs to (egov.online) or of a context figure
	Name        result.Text   `json:"name"`
	Base        result.Text   `json:"base"` // the denominator in words
	Numerator   int           `json:"numerator"`
	Denominator int           `json:"denominator"`
	Value       result.Number `json:"value"`        // percent
	Why         result.Text   `json:"why,omitzero"` // why it is unknown
}

// A Point is one ratio of QĐ 766/QĐ-TTg with the share of full marks it earns. The marks of single items were not found, only those of
// the groups; Max is unknown unless the item is the whole group.
type Point struct {
	ID     string        `json:"id"`
	Name   result.Text   `json:"name"`
	Rate   result.Number `json:"rate"`   // percent
	Earned result.Number `json:"earned"` // share of full marks, 0…1
	Max    result.Number `json:"max"`
	Points result.Number `json:"points"`
	Basis  string        `json:"basis"`
}

// A Report is what the lists gave.
type Report struct {
	Shares     []Share           `json:"shares"`
	Points     []Point           `json:"points"`
	Procedures int               `json:"procedures"` // unique by national code, or by name where there is none
	Dossiers   int               `json:"dossiers"`   // received in the period, unique by dossier number
	Rows       int               `json:"rows"`       // of dossier lists; Rows = Dossiers + ΣSetAside
	SetAside   []result.SetAside `json:"set_aside"`
	Dropped    []string          `json:"dropped,omitempty"` // headers of personal columns, whose cells were not read
	Forms      []Form06          `json:"forms,omitempty"`   // periodic reports II.06 among the sheets
	Problems   []result.Problem  `json:"problems"`
	Notes      []result.Text     `json:"notes,omitempty"`
}

// Share returns the figure with that id.
func (rep *Report) Share(id string) (Share, bool) {
	for _, s := range rep.Shares {
		if s.ID == id {
			return s, true
		}
	}
	return Share{}, false
}

// Read makes the figures from all sheets that are procedure or dossier lists.
func Read(sheets []index.Sheet, o Options) (*Report, error) {
	r := &reader{options: o, procedures: map[string]*procedure{}, dossiers: map[string]*dossier{}, report: &Report{SetAside: []result.SetAside{}, Problems: []result.Problem{}}}
	found := false
	for _, sheet := range sheets {
		if form, err := ReadForm06(sheet); err == nil {
			r.report.Forms = append(r.report.Forms, *form)
			r.report.Problems = append(r.report.Problems, form.Problems...)
			found = true
		} else if r.sheet(sheet) {
			found = true
		}
	}
	if !found {
		return nil, wording.Errorf("reading e-government lists: no sheet has the headers of a procedure list (Mã TTHC, Mức độ) of a dossier list (Mã hồ sơ, Ngày tiếp nhận) or of form II.06 ((1) to (13))")
	}
	r.count()
	return r.report, nil
}

// count turns what was read into figures.
func (r *reader) count() {
	rep := r.report
	rep.Procedures = len(r.procedures)
	var all, online, full, partial, atOneStop, mustOneStop, knownOneStop, knownLevel int
	for _, key := range r.procedureOrder {
		p := r.procedures[key]
		all++
		if p.level > 0 {
			knownLevel++
		}
		switch p.level {
		case 4:
			online++
			full++
		case 3:
			online++
			partial++
		}
		if p.oneStop != unknown && !p.excluded {
			knownOneStop++
		}
		if !p.excluded {
			mustOneStop++
			if p.oneStop == yes {
				atOneStop++
			}
		}
	}
	var received, byPost, returned, returnedByPost, eitherPost, onlineDossiers, counterOrOnline, onTime, noDue, knownChannel, knownResult int
	with := map[string]*traffic{}
	for _, key := range r.dossierOrder {
		d := r.dossiers[key]
		if why := r.asideOf(d); why != "" {
			r.setAside(why)
			continue
		}
		received++
		use := with[d.procedure]
		if use == nil {
			use = &traffic{}
			with[d.procedure] = use
		}
		use.any = true
		if d.channel != 0 {
			knownChannel++
		}
		switch d.channel {
		case 1:
			counterOrOnline++
		case 2:
			counterOrOnline++
			onlineDossiers++
			use.online = true
		case 3:
			byPost++
			use.post = true
		}
		if d.result != unknown {
			knownResult++
		}
		if d.isReturned() {
			returned++
			if d.result == yes {
				returnedByPost++
			}
		}
		if d.channel == 3 || (d.isReturned() && d.result == yes) {
			eitherPost++
			use.post = true
		}
		switch {
		case d.due.IsZero():
			noDue++
			onTime++
		case !r.end(d).After(d.due):
			onTime++
		}
	}
	rep.Dossiers = received
	noList := result.Text{VI: "chưa có danh mục thủ tục", EN: "no procedure list was given"}
	noDossiers := result.Text{VI: "chưa có danh sách hồ sơ trong kỳ", EN: "no dossier list of the period was given"}
	add := func(id string, name, base result.Text, num, den int, known bool, why result.Text) {
		s := Share{ID: id, Name: name, Base: base, Numerator: num, Denominator: den, Value: result.Unknown()}
		switch {
		case den == 0 || !known:
			s.Why = why
		default:
			s.Value = result.Number(100 * float64(num) / float64(den))
		}
		rep.Shares = append(rep.Shares, s)
	}
	t := func(vi, en string) result.Text { return result.Text{VI: vi, EN: en} }
	noLevel, noChannel := t("danh mục không ghi mức độ", "the list does not give levels"), t("danh sách không ghi hình thức nộp", "the list does not give the channel")
	if all == 0 {
		noLevel = noList
	}
	if received == 0 {
		noChannel = noDossiers
	}
	procedures := t("thủ tục thuộc thẩm quyền của tỉnh, mỗi mã quốc gia một lần, lấy mức cao nhất", "procedures of the province, each national code once, at its highest level")
	add("egov.online", t("Thủ tục trực tuyến mức độ 3, 4 (một phần, toàn trình)", "Procedures online at level 3–4"), procedures, online, all, knownLevel > 0, noLevel)
	add("egov.online.full", t("Thủ tục mức độ 4 (toàn trình)", "Procedures at level 4"), procedures, full, all, knownLevel > 0, noLevel)
	add("egov.online.partial", t("Thủ tục mức độ 3 (một phần)", "Procedures at level 3"), procedures, partial, all, knownLevel > 0, noLevel)
	add("egov.one_stop", t("Thủ tục tiếp nhận tại bộ phận một cửa", "Procedures received at the one-stop shop"), t("thủ tục phải tiếp nhận tại bộ phận một cửa (trừ ngoại lệ có ghi lý do)", "procedures that must be (less those with a stated exception)"), atOneStop, mustOneStop, knownOneStop > 0, t("danh mục không có cột bộ phận một cửa", "the list has no one-stop column"))
	r.addProcedureShares(with, received > 0, add)
	add("egov.post", t("Hồ sơ tiếp nhận hoặc trả kết quả qua bưu chính công ích", "Dossiers received or returned by public post"), t("hồ sơ tiếp nhận trong kỳ", "dossiers received in the period"), eitherPost, received, knownChannel > 0 || knownResult > 0, noChannel)
	add("egov.post.received", t("Hồ sơ tiếp nhận qua bưu chính công ích", "Dossiers received by public post"), t("hồ sơ tiếp nhận trong kỳ", "dossiers received in the period"), byPost, received, knownChannel > 0, noChannel)
	add("egov.post.returned", t("Kết quả trả qua bưu chính công ích", "Results returned by public post"), t("hồ sơ đã trả kết quả", "dossiers returned"), returnedByPost, returned, knownResult > 0, t("danh sách không ghi hình thức nhận kết quả", "the list does not say how results are returned"))
	add("egov.dossiers.online", t("Hồ sơ trực tuyến", "Online dossiers"), t("hồ sơ tiếp nhận trong kỳ (theo QĐ 766)", "dossiers received in the period (QĐ 766)"), onlineDossiers, received, knownChannel > 0, noChannel)
	add("egov.dossiers.online.no_post", t("Hồ sơ trực tuyến, không tính bưu chính", "Online dossiers, without post"), t("hồ sơ trực tiếp và trực tuyến (cách tính của một số hệ thống)", "dossiers at the counter and online (as some systems count)"), onlineDossiers, counterOrOnline, knownChannel > 0, noChannel)
	add("egov.on_time", t("Hồ sơ đúng hạn", "Dossiers on time"), t("hồ sơ tiếp nhận trong kỳ; không có ngày hẹn tính là đúng hạn", "dossiers received in the period; without a due date counted as on time"), onTime, received, received > noDue, noDossiers)
	if noDue > 0 {
		r.note(fmt.Sprintf("%d hồ sơ không có ngày hẹn trả được tính là đúng hạn.", noDue), fmt.Sprintf("%d dossiers without a due date count as on time.", noDue))
	}
	rep.points()
}

// Reasons why a dossier does not count.
const (
	asideRepeated    = "repeated"
	asideNoDate      = "no_date"
	asideNotReceived = "not_received"
	asidePeriod      = "period"
)

// asideOf says why a dossier does not count, or nothing.
func (r *reader) asideOf(d *dossier) string {
	switch {
	case d.received.IsZero():
		return asideNoDate
	case d.status == 1 || d.status == 3:
		return asideNotReceived
	case !r.inPeriod(d.received):
		return asidePeriod
	}
	return ""
}

func (r *reader) setAside(reason string) {
	for i := range r.report.SetAside {
		if r.report.SetAside[i].Reason == reason {
			r.report.SetAside[i].Rows++
			return
		}
	}
	label := map[string]result.Text{
		asideRepeated:    {VI: "mã hồ sơ lặp lại, giữ dòng sau cùng", EN: "number repeated, the last row is kept"},
		asideNoDate:      {VI: "không có ngày tiếp nhận", EN: "no date of receipt"},
		asideNotReceived: {VI: "mới đăng ký hoặc không được tiếp nhận", EN: "only registered, or not accepted"},
		asidePeriod:      {VI: "ngoài kỳ báo cáo", EN: "outside the period"},
	}[reason]
	r.report.SetAside = append(r.report.SetAside, result.SetAside{Reason: reason, Label: label, Rows: 1})
}

// traffic says how the dossiers of a procedure came.
type traffic struct{ any, online, post bool }

// addProcedureShares gives "procedures with dossiers" on the base asked for, and the others beside it.
func (r *reader) addProcedureShares(with map[string]*traffic, known bool, add func(id string, name, base result.Text, num, den int, known bool, why result.Text)) {
	base := r.options.ProceduresBase
	if base == "" {
		base = BaseOnline
	}
	name := result.Text{VI: "Thủ tục có phát sinh hồ sơ", EN: "Procedures with dossiers"}
	why := result.Text{VI: "cần cả danh mục thủ tục và danh sách hồ sơ", EN: "needs both the procedure list and the dossier list"}
	bases := map[string]result.Text{
		BaseOnline: {VI: "thủ tục mức độ 3, 4; có hồ sơ trực tuyến trong kỳ", EN: "procedures at level 3–4; with an online dossier in the period"},
		BasePost:   {VI: "thủ tục cho phép bưu chính; có hồ sơ qua bưu chính trong kỳ", EN: "procedures marked for post; with a dossier by post in the period"},
		BaseAll:    {VI: "mọi thủ tục; có hồ sơ trong kỳ", EN: "all procedures; with any dossier in the period"},
	}
	for _, b := range []string{BaseOnline, BasePost, BaseAll} {
		num, den := 0, 0
		for _, key := range r.procedureOrder {
			p := r.procedures[key]
			use := with[key]
			if use == nil {
				use = &traffic{}
			}
			in, hit := true, use.any
			switch b {
			case BaseOnline:
				in, hit = p.level >= 3, use.online
			case BasePost:
				in, hit = p.post == yes, use.post
			}
			if in {
				den++
				if hit {
					num++
				}
			}
		}
		id := "egov.procedures." + b
		if b == base {
			id = "egov.procedures"
		}
		add(id, name, bases[b], num, den, known, why)
	}
}

// points gives the ratios of QĐ 766/QĐ-TTg that the lists allow: 3.1 full marks from 80 %, 3.3 from 50 %, below in proportion; 2.1 and
// 3.2 in proportion. The rules are from a secondary source of 2025.
func (rep *Report) points() {
	for _, p := range []struct {
		id, share string
		full      float64
		max       result.Number
		name      result.Text
	}{
		{"2.1", "egov.on_time", 100, 20, result.Text{VI: "Tiến độ, kết quả giải quyết: hồ sơ đúng hạn", EN: "Progress: dossiers on time"}},
		{"3.1", "egov.online", 80, result.Unknown(), result.Text{VI: "Thủ tục cung cấp trực tuyến", EN: "Procedures online"}},
		{"3.2", "egov.procedures", 100, result.Unknown(), result.Text{VI: "Dịch vụ trực tuyến có phát sinh hồ sơ", EN: "Online services with dossiers"}},
		{"3.3", "egov.dossiers.online", 50, result.Unknown(), result.Text{VI: "Hồ sơ trực tuyến", EN: "Online dossiers"}},
	} {
		out := Point{ID: p.id, Name: p.name, Rate: result.Unknown(), Earned: result.Unknown(), Max: p.max, Points: result.Unknown(), Basis: "inferred"}
		if s, ok := rep.Share(p.share); ok && s.Value.Known() {
			out.Rate = s.Value
			out.Earned = min(s.Value/result.Number(p.full), 1)
			if p.max.Known() {
				out.Points = out.Earned * p.max
			}
		}
		rep.Points = append(rep.Points, out)
	}
}
