package reports

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"hailong/analytics/result"
)

// The fixture is a whole result.Set of the shape that a run gives, for a SIPAS survey of Trà Vinh. Every survey figure in it is made up by a seeded generator and
// the set says so (Synthetic); the PAPI scores and quartiles are the real ones of 2018–2020 (../shared/data/papi_scores_2011_2024.csv,
// quartiles by R type 7 over the provinces that have a score).

type fixtureSize struct {
	communes int // areas of the second kind; 0: 12
	nodes    int // of the index, with criteria said more than once; 0: the 28 of SIPAS
	seed     uint64
}

var fixtureFactors = []struct {
	code, vi, en string
	criteria     [][2]string
}{
	{"I", "Tiếp cận dịch vụ hành chính công", "Access to the service", [][2]string{
		{"Nơi ngồi chờ tại cơ quan có đủ chỗ ngồi", "Waiting area has enough seats"},
		{"Trang thiết bị phục vụ người dân, tổ chức đầy đủ", "Equipment is sufficient"},
		{"Trang thiết bị phục vụ người dân, tổ chức hiện đại", "Equipment is modern"},
		{"Trang thiết bị phục vụ người dân, tổ chức dễ sử dụng", "Equipment is easy to use"},
	}},
	{"II", "Thủ tục hành chính", "Administrative procedures", [][2]string{
		{"Thủ tục hành chính được niêm yết công khai đầy đủ", "Procedures posted in full"},
		{"Thủ tục hành chính được niêm yết công khai chính xác", "Procedures posted accurately"},
		{"Thành phần hồ sơ phải nộp đúng quy định", "Documents asked for match the rules"},
		{"Phí, lệ phí phải nộp đúng quy định", "Fees match the rules"},
		{"Thời hạn giải quyết đúng quy định", "Time limit matches the rules"},
	}},
	{"III", "Công chức trực tiếp giải quyết công việc", "Civil servants handling the case", [][2]string{
		{"Công chức có thái độ giao tiếp lịch sự", "Polite manner"},
		{"Công chức chú ý lắng nghe ý kiến của người dân, đại diện tổ chức", "Listens attentively"},
		{"Công chức trả lời, giải đáp đầy đủ các ý kiến", "Answers questions fully"},
		{"Công chức hướng dẫn kê khai hồ sơ tận tình, chu đáo", "Guides form filling with care"},
		{"Công chức hướng dẫn hồ sơ dễ hiểu", "Guidance easy to understand"},
		{"Công chức tuân thủ đúng quy định trong giải quyết công việc", "Follows the rules"},
	}},
	{"IV", "Kết quả cung ứng dịch vụ hành chính công", "Service result", [][2]string{
		{"Kết quả nhận được là đúng quy định", "Result complies with the rules"}, {"Kết quả có thông tin đầy đủ", "Result is complete"}, {"Kết quả có thông tin chính xác", "Result is accurate"},
	}},
	{"V", "Tiếp nhận, giải quyết góp ý, phản ánh, kiến nghị", "Feedback and complaints", [][2]string{
		{"Cơ quan có bố trí hình thức tiếp nhận góp ý, phản ánh, kiến nghị", "A channel for feedback exists"},
		{"Dễ dàng thực hiện góp ý, phản ánh, kiến nghị", "Easy to give feedback"},
		{"Cơ quan tiếp nhận và xử lý tích cực", "Feedback handled actively"},
		{"Cơ quan thông báo kịp thời kết quả xử lý", "Outcome notified in time"},
	}},
}

var fixtureDistricts = [][2]string{
	{"842", "Thành phố Trà Vinh"},
	{"844", "Càng Long"},
	{"845", "Cầu Kè"},
	{"846", "Tiểu Cần"},
	{"847", "Châu Thành"},
	{"848", "Cầu Ngang"},
	{"849", "Trà Cú"},
	{"850", "Duyên Hải"},
	{"851", "Thị xã Duyên Hải"},
}

// real PAPI: year, node, score, rank, of, min, P25, P50, P75, max
var fixturePAPI = []struct {
	year                     int
	node                     string
	score                    float64
	rank, of                 int
	min, p25, p50, p75, most float64
	vi, en                   string
}{
	{2018, "composite", 43.058794, 46, 61, 41.042347, 43.058794, 44.075989, 45.067030, 47.053331, "PAPI tổng hợp", "PAPI composite"},
	{2019, "composite", 43.501358, 36, 63, 40.836473, 42.303971, 43.728746, 44.756671, 46.742769, "PAPI tổng hợp", "PAPI composite"},
	{2020, "composite", 42.280823, 41, 63, 38.623186, 41.629534, 42.722893, 43.772115, 48.811383, "PAPI tổng hợp", "PAPI composite"},
	{2018, "D1", 4.473921, 61, 63, 4.409260, 5.009455, 5.364630, 5.594432, 6.164013, "Tham gia của người dân ở cấp cơ sở", "Participation at Local Levels"},
	{2019, "D1", 4.262551, 60, 63, 4.114752, 4.654836, 4.994447, 5.267582, 5.806632, "Tham gia của người dân ở cấp cơ sở", "Participation at Local Levels"},
	{2020, "D1", 4.057790, 61, 63, 3.946041, 4.513888, 4.895170, 5.240531, 6.216097, "Tham gia của người dân ở cấp cơ sở", "Participation at Local Levels"},
	{2020, "D2", 4.696732, 60, 63, 4.489456, 5.080049, 5.352806, 5.515037, 6.498769, "Công khai, minh bạch", "Transparency"},
	{2020, "D3", 4.867277, 35, 63, 4.398122, 4.741807, 4.889072, 5.039030, 5.818811, "Trách nhiệm giải trình với người dân", "Vertical Accountability"},
	{2020, "D4", 7.155414, 21, 63, 5.719203, 6.586148, 6.908685, 7.193053, 8.285748, "Kiểm soát tham nhũng trong khu vực công", "Control of Corruption in the Public Sector"},
	{2020, "D5", 7.840096, 1, 63, 6.786231, 7.262866, 7.372690, 7.519894, 7.840096, "Thủ tục hành chính công", "Public Administrative Procedures"},
	{2020, "D6", 7.339425, 12, 63, 6.342147, 6.800306, 6.988056, 7.208051, 7.712995, "Cung ứng dịch vụ công", "Public Service Delivery"},
	{2020, "D7", 3.695969, 16, 63, 2.724363, 3.221131, 3.426885, 3.691471, 5.201644, "Quản trị môi trường", "Environmental Governance"},
	{2020, "D8", 2.628119, 38, 63, 2.090393, 2.577067, 2.790755, 2.977228, 3.601115, "Quản trị điện tử", "E-Governance"},
}

type maker struct {
	random *rand.Rand
	set    *result.Set
}

func num(v float64) result.Number { return result.Number(v) }

// fixture builds the set.
func fixture(size fixtureSize) *result.Set {
	if size.communes == 0 {
		size.communes = 12
	}
	if size.seed == 0 {
		size.seed = 2020
	}
	m := maker{random: rand.New(rand.NewPCG(size.seed, 7)), set: &result.Set{
		Schema: result.Schema, Synthetic: true,
		Tool: result.Tool{Name: "hailong", Version: "0.1.0", Engine: "duckdb"},
		Plan: result.Plan{
			Title: "Khảo sát mức độ hài lòng của người dân, tổ chức tỉnh Trà Vinh năm 2020", Path: "samples/tra-vinh-2020/plan.yaml",
			SHA256: "5f0c2b9f3c0b3c1b6a1e9f0d5a5d7c4e1a2b3c4d5e6f708192a3b4c5d6e7f809", Year: 2020,
			Unit: result.Text{VI: "Sở Nội vụ tỉnh Trà Vinh", EN: "Department of Home Affairs of Tra Vinh"},
			Area: result.Area{Code: "84", Name: "Trà Vinh", On: "2020-12-31"}, Command: "hailong run samples/tra-vinh-2020/plan.yaml",
		},
		Index: result.Index{
			ID: "sipas-2017", Family: "sipas", Title: result.Text{VI: "Chỉ số hài lòng về sự phục vụ hành chính (SIPAS), phương pháp 2017", EN: "Satisfaction Index of Public Administration Services (SIPAS), 2017 method"},
			Legal: "Quyết định số 2640/QĐ-BNV ngày 10/10/2017", Years: [2]int{2017, 2021}, Frame: "service_users", Basis: "inferred", Aggregator: "top2_pooled", AggBasis: "inferred",
			Notes: []result.Text{{VI: "Danh sách 22 tiêu chí ghi theo trí nhớ của người lập định nghĩa, chưa đối chiếu bản gốc.", EN: "The list of 22 criteria is recalled and not yet checked against the original."}},
		},
		Design: result.Design{
			Weight: "trong_so", Strata: []string{"huyen"}, PSU: "xa", LonelyPSU: "adjust", NPSU: 36, NStrata: 9, Confidence: 0.95, CIMethod: "logit",
			MinN: 30, MaxHalf: 5, Defaults: []result.Text{{VI: "Không khai báo hiệu chỉnh quần thể hữu hạn (fpc): bỏ qua.", EN: "No finite population correction given: none applied."}},
		},
		Warnings: []result.Warning{{Code: "df_low", Text: result.Text{VI: "Huyện Cầu Kè chỉ có 7 bậc tự do: khoảng tin cậy rộng hơn thường lệ.", EN: "Cau Ke has only 7 degrees of freedom: its intervals are wider than usual."}}},
	}}
	m.nodes(size.nodes)
	m.inputs()
	m.domains(size.communes)
	m.estimates()
	m.distributions()
	m.placements()
	m.targets()
	m.rest()
	return m.set
}

func (m *maker) node(id, parent, level, code, vi, en string) {
	m.set.Nodes = append(m.set.Nodes, result.Node{ID: id, Parent: parent, Level: level, Code: code, Name: result.Text{VI: vi, EN: en}, Unit: "percent", Min: 0, Max: 100, Rule: "top2_pooled", Basis: "inferred"})
}

func (m *maker) nodes(most int) {
	m.node("SIPAS", "", "overall", "SIPAS", "Chỉ số hài lòng chung", "Overall satisfaction index")
	number := 0
	for _, f := range fixtureFactors {
		m.node(f.code, "SIPAS", "factor", f.code, f.vi, f.en)
		for _, c := range f.criteria {
			number++
			id := fmt.Sprintf("C%02d", number)
			m.node(id, f.code, "criterion", fmt.Sprint(number), c[0], c[1])
			n := &m.set.Nodes[len(m.set.Nodes)-1]
			n.Text = result.Text{VI: "Ông/Bà có hài lòng về nội dung: " + c[0] + "?", EN: "How satisfied are you with: " + c[1] + "?"}
		}
	}
	m.again(most)
}

// again says criteria once more, until there are so many nodes.
func (m *maker) again(most int) {
	for i := 0; len(m.set.Nodes) < most; i++ {
		if n := m.set.Nodes[i]; n.Level == "criterion" {
			n.ID, n.Code = fmt.Sprintf("X%03d", len(m.set.Nodes)), fmt.Sprint(len(m.set.Nodes)-5)
			m.set.Nodes = append(m.set.Nodes, n)
		}
	}
}

func (m *maker) inputs() {
	read := []int{78, 71, 63, 66, 64, 65, 62, 60, 57}
	for i, d := range fixtureDistricts {
		path := fmt.Sprintf("data/%02d-%s.xlsx", i+1, d[0])
		m.set.Inputs = append(m.set.Inputs, result.Input{Path: path, SHA256: strings.Repeat(fmt.Sprintf("%02x", 17*(i+1)), 32), Bytes: int64(18000 + 311*i), Sheet: "Phiếu", Rows: read[i]})
		file := result.FileLedger{Path: path, Sheet: "Phiếu", Read: read[i], Kept: read[i] - 1, SetAside: []result.SetAside{m.aside("totals", 1)}}
		if i == 2 {
			file.Kept--
			file.SetAside = append(file.SetAside, m.aside("duplicate", 1))
		}
		m.set.Ledger.Files = append(m.set.Ledger.Files, file)
		m.set.Ledger.Read += file.Read
		m.set.Ledger.Kept += file.Kept
	}
	m.set.Ledger.SetAside = []result.SetAside{m.aside("totals", 9), m.aside("duplicate", 1)}
}

func (m *maker) aside(reason string, rows int) result.SetAside {
	label := map[string]result.Text{"totals": {VI: "Dòng tổng cộng", EN: "Totals row"}, "duplicate": {VI: "Trùng số phiếu", EN: "Duplicate form number"}}[reason]
	return result.SetAside{Reason: reason, Label: label, Rows: rows}
}

func (m *maker) domains(communes int) {
	var districts, wards []result.DomainValue
	for i, d := range fixtureDistricts {
		districts = append(districts, result.DomainValue{Value: d[1], Code: d[0], Label: result.Text{VI: d[1], EN: d[1]}, N: 55 + (i*7)%20, Share: num(8 + float64(i%4)*2)})
	}
	for i := range communes {
		name := fmt.Sprintf("Xã mô phỏng %d", i+1)
		wards = append(wards, result.DomainValue{Value: name, Code: fmt.Sprint(29000 + i), Label: result.Text{VI: name, EN: name}, Parent: fixtureDistricts[i%9][1], N: 20 + (i*13)%40, Share: num(100 / float64(communes))})
	}
	list := func(pairs ...string) (values []result.DomainValue) {
		for i := 0; i < len(pairs); i += 2 {
			values = append(values, result.DomainValue{Value: pairs[i], Label: result.Text{VI: pairs[i], EN: pairs[i+1]}, N: 90 + 37*i, Share: num(100 * 2 / float64(len(pairs)))})
		}
		return values
	}
	age := list("18–24 tuổi", "Aged 18–24", "25–34 tuổi", "Aged 25–34", "35–49 tuổi", "Aged 35–49", "50–60 tuổi", "Aged 50–60", "Trên 60 tuổi", "Over 60")
	age[4].N = 18
	m.set.Domains = []result.Domain{
		{ID: "huyen", Kind: "area", Name: result.Text{VI: "Huyện, thị xã, thành phố", EN: "District"}, Values: districts},
		{ID: "xa", Kind: "area", Name: result.Text{VI: "Xã, phường, thị trấn", EN: "Commune"}, Values: wards},
		{ID: "linh_vuc", Kind: "field", Name: result.Text{VI: "Lĩnh vực thủ tục", EN: "Field of procedure"}, Values: list("Đất đai", "Land", "Hộ tịch, chứng thực", "Civil status", "Đăng ký kinh doanh", "Business registration", "Xây dựng", "Construction")},
		{ID: "gioi_tinh", Kind: "characteristic", Name: result.Text{VI: "Giới tính", EN: "Sex"}, Values: list("Nam", "Male", "Nữ", "Female")},
		{ID: "nhom_tuoi", Kind: "characteristic", Name: result.Text{VI: "Nhóm tuổi", EN: "Age group"}, Values: age},
		{ID: "dan_toc", Kind: "characteristic", Name: result.Text{VI: "Dân tộc", EN: "Ethnicity"}, Values: list("Kinh", "Kinh", "Khmer", "Khmer", "Hoa, khác", "Hoa, other")},
	}
}

// estimate makes one figure near center.
func (m *maker) estimate(node result.Node, domain map[string]string, n int, center float64) result.Estimate {
	e := result.Estimate{Index: "sipas-2017", Node: node.ID, Level: node.Level, Domain: domain, N: n, SumW: num(float64(n) * 31.5), Confidence: 0.95, DF: 27}
	if n < m.set.Design.MinN {
		e.Suppressed = "n"
		for _, p := range []*result.Number{&e.Estimate, &e.SE, &e.Lo, &e.Hi, &e.Deff, &e.SumW, &e.DF} {
			*p = result.Unknown()
		}
		return e
	}
	value := min(97.5, max(55, center))
	deff := 1.2 + m.random.Float64()
	se := 100 * math.Sqrt(deff*value/100*(1-value/100)/float64(n))
	e.Estimate, e.SE, e.Lo, e.Hi, e.Deff = num(value), num(se), num(value-2.052*se), num(min(99.9, value+1.95*se)), num(deff)
	if se*2 > 5 {
		e.Suppressed = "width"
	}
	return e
}

func (m *maker) estimates() {
	center := map[string]float64{"SIPAS": 84.2317, "I": 82.6, "II": 86.9, "III": 85.7, "IV": 88.1, "V": 76.4}
	for _, n := range m.set.Nodes {
		if n.Level == "criterion" {
			center[n.ID] = center[n.Parent] + 7*(m.random.Float64()-0.5)
		}
		m.set.Estimates = append(m.set.Estimates, m.estimate(n, nil, 576, center[n.ID]))
	}
	for _, d := range m.set.Domains {
		for _, v := range d.Values {
			shift := 8 * (m.random.Float64() - 0.5)
			for _, n := range m.set.Nodes {
				if n.Level == "criterion" && d.ID != "huyen" && len(d.Values) < 100 {
					continue
				}
				m.set.Estimates = append(m.set.Estimates, m.estimate(n, map[string]string{d.ID: v.Value}, v.N, center[n.ID]+shift+2*(m.random.Float64()-0.5)))
			}
			if p := m.random.Float64(); p < 0.5 {
				m.set.Comparisons = append(m.set.Comparisons, result.Comparison{Node: "SIPAS", Domain: d.ID, A: v.Value, Diff: num(shift), SE: 1.4, P: num(p / 9), PAdj: num(p / 4), Adjust: "BH"})
			}
		}
	}
	overall := m.set.Nodes[0]
	for _, a := range m.set.Domains[0].Values {
		for i, f := range m.set.Domains[2].Values {
			m.set.Estimates = append(m.set.Estimates, m.estimate(overall, map[string]string{"huyen": a.Value, "linh_vuc": f.Value}, 24+9*i, 84+8*(m.random.Float64()-0.5)))
		}
	}
	m.set.Comparisons = append(m.set.Comparisons,
		result.Comparison{Node: "SIPAS", Domain: "dan_toc", A: "Kinh", B: "Khmer", Diff: 4.1, SE: 1.3, P: 0.002, PAdj: 0.006, Adjust: "holm"},
		result.Comparison{Node: "SIPAS", Domain: "gioi_tinh", A: "Nam", B: "Nữ", Diff: -0.8, SE: 1.1, P: 0.46, PAdj: 0.46, Adjust: "holm"})
}

func (m *maker) distributions() {
	labels := [][2]string{{"Rất không hài lòng", "Very dissatisfied"}, {"Không hài lòng", "Dissatisfied"}, {"Bình thường", "Neutral"}, {"Hài lòng", "Satisfied"}, {"Rất hài lòng", "Very satisfied"}}
	for _, n := range m.set.Nodes {
		if n.Level != "criterion" {
			continue
		}
		satisfied := 75 + 15*m.random.Float64()
		shares := []float64{1.5, 3.5, 95 - satisfied, satisfied * 0.7, satisfied * 0.3}
		d := result.Distribution{Node: n.ID, Domain: map[string]string{}, N: 560, Missing: 9, DontKnow: 3, NotApplicable: 4, Invalid: 1}
		mean := 0.0
		for i, share := range shares {
			mean += share * float64(i+1) / 100
			d.Levels = append(d.Levels, result.LevelShare{Code: i + 1, Label: result.Text{VI: labels[i][0], EN: labels[i][1]}, Share: num(share), N: int(share * 5.6)})
		}
		d.Mean = num(mean)
		m.set.Distributions = append(m.set.Distributions, d)
	}
}

func (m *maker) placements() {
	labels := [][2]string{{}, {"Cao nhất", "High"}, {"Trung bình cao", "High average"}, {"Trung bình thấp", "Low average"}, {"Thấp nhất", "Low"}}
	for _, p := range fixturePAPI {
		group := 1
		switch {
		case p.score <= p.p25:
			group = 4
		case p.score < p.p50:
			group = 3
		case p.score <= p.p75:
			group = 2
		}
		place := result.Placement{
			Index: "papi", Year: p.year, Area: "84", AreaName: "Trà Vinh", Node: p.node, Name: result.Text{VI: p.vi, EN: p.en}, Score: num(p.score), SE: num(p.score * 0.012),
			Rank: p.rank, Of: p.of, Group: group, GroupLabel: result.Text{VI: labels[group][0], EN: labels[group][1]}, P25: num(p.p25), P50: num(p.p50), P75: num(p.p75), Min: num(p.min), Max: num(p.most),
			ExpectedRank: num(float64(p.rank) + 0.4), RankSet: [2]int{max(1, p.rank-14), min(p.of, p.rank+12)}, Rule: "r7-mixed",
		}
		if p.score == p.p25 {
			place.Boundary, place.OtherReading = "P25", 3
		}
		for i := range place.Probabilities {
			place.Probabilities[i] = 0.1
		}
		place.Probabilities[group-1] = 0.7
		place.Stable = false
		m.set.Placements = append(m.set.Placements, place)
	}
}

func (m *maker) targets() {
	unknown := result.Value{Number: result.Unknown()}
	value := func(v float64) result.Value { return result.Value{Number: num(v)} }
	rank := func(rank int) result.Value { return result.Value{Number: result.Unknown(), Rank: rank, Of: 63} }
	group := func(key, vi, en string) result.Value {
		return result.Value{Number: result.Unknown(), Group: key, Label: result.Text{VI: vi, EN: en}}
	}
	percent := result.Text{VI: "%", EN: "%"}
	overall := m.set.Estimates[0]
	m.set.Targets = []result.Target{
		{
			ID: "sipas", Name: result.Text{VI: "Chỉ số hài lòng SIPAS", EN: "SIPAS satisfaction index"}, Kind: "value_in_group", Unit: percent, Base: unknown, Target: value(85), Result: result.Value{Number: overall.Estimate}, Lo: overall.Lo, Hi: overall.Hi,
			Verdict: result.MissedUncertain, Year: 2020, Deadline: 2020, Owner: result.Text{VI: "Sở Nội vụ", EN: "Home Affairs"}, Source: "Kế hoạch 168-KH/TU ngày 27/4/2020", Basis: "official", Previous: value(82.9),
			Readings: []result.Reading{{ID: "point", Name: result.Text{VI: "Chỉ xét ước lượng điểm", EN: "Point estimate only"}, Target: value(85), Verdict: result.Missed}},
		},
		{
			ID: "papi", Name: result.Text{VI: "Chỉ số PAPI", EN: "PAPI"}, Kind: "group_at_least", Unit: result.Text{VI: "nhóm", EN: "group"}, BaseYear: 2018, Base: group("low_average", "Trung bình thấp", "Low average"),
			Target: group("high_average", "Trung bình cao", "High average"), Result: result.Value{Number: 42.280823, Rank: 41, Of: 63, Group: "low_average", Label: result.Text{VI: "Trung bình thấp", EN: "Low average"}},
			Lo: result.Unknown(), Hi: result.Unknown(), Verdict: result.MissedUncertain, Year: 2020, Deadline: 2020, Owner: result.Text{VI: "Sở Nội vụ", EN: "Home Affairs"}, Source: "Kế hoạch 168-KH/TU", Basis: "official", Previous: rank(36),
		},
		{
			ID: "par", Name: result.Text{VI: "Chỉ số cải cách hành chính (PAR Index)", EN: "PAR Index"}, Kind: "group_at_least", Unit: result.Text{VI: "nhóm", EN: "group"}, BaseYear: 2018, Base: group("D", "D", "D"), Target: group("C", "C", "C"),
			Result: unknown, Lo: result.Unknown(), Hi: result.Unknown(), Verdict: result.NotPublished, Deadline: 2020, Owner: result.Text{VI: "Sở Nội vụ", EN: "Home Affairs"}, Source: "Kế hoạch 168-KH/TU",
		},
		{
			ID: "pci", Name: result.Text{VI: "Năng lực cạnh tranh cấp tỉnh (PCI)", EN: "PCI"}, Kind: "rank_at_most", Unit: result.Text{VI: "hạng", EN: "rank"}, BaseYear: 2018, Base: rank(46), Target: rank(41), Result: rank(39), Lo: result.Unknown(), Hi: result.Unknown(),
			Verdict: result.Met, Year: 2020, Deadline: 2020, Owner: result.Text{VI: "Sở Kế hoạch và Đầu tư", EN: "Planning and Investment"}, Source: "Kế hoạch 168-KH/TU", Previous: rank(50),
			Readings: []result.Reading{{ID: "stretch", Name: result.Text{VI: "Tăng 10 bậc", EN: "Up 10 ranks"}, Target: rank(36), Verdict: result.Missed}},
		},
		{
			ID: "ict", Name: result.Text{VI: "Mức độ sẵn sàng CNTT (ICT Index)", EN: "ICT Index"}, Kind: "rank_at_most", Unit: result.Text{VI: "hạng", EN: "rank"}, BaseYear: 2019, Base: rank(34), Target: rank(29), Result: rank(33), Lo: result.Unknown(), Hi: result.Unknown(),
			Verdict: result.Missed, Year: 2020, Deadline: 2020, Owner: result.Text{VI: "Sở Thông tin và Truyền thông", EN: "Information and Communications"}, Source: "Kế hoạch 168-KH/TU", Previous: rank(34),
		},
		{
			ID: "egov", Name: result.Text{VI: "Chính quyền điện tử", EN: "E-government"}, Kind: "milestone", Base: unknown, Target: unknown, Result: unknown, Lo: result.Unknown(), Hi: result.Unknown(), Verdict: result.NotPublished, Deadline: 2020,
			Owner: result.Text{VI: "Sở Thông tin và Truyền thông", EN: "Information and Communications"}, Source: "Kế hoạch 168-KH/TU",
		},
		{
			ID: "egov.online", Parent: "egov", Name: result.Text{VI: "Tỷ lệ TTHC trực tuyến mức độ 3, 4", EN: "Procedures online at level 3–4"}, Kind: "share_at_least", Unit: percent, Base: unknown, Target: value(30), Result: value(33.4), Lo: result.Unknown(), Hi: result.Unknown(),
			Verdict: result.Met, Year: 2020, Deadline: 2020, Source: "Kế hoạch 168-KH/TU", Notes: []result.Text{{VI: "Mục tiêu phấn đấu là khoảng 50 %.", EN: "The aim is about 50 %."}},
		},
		{ID: "egov.postal", Parent: "egov", Name: result.Text{VI: "Hồ sơ qua dịch vụ bưu chính công ích", EN: "Dossiers by public post"}, Kind: "share_at_least", Unit: percent, Base: unknown, Target: value(10), Result: unknown, Lo: result.Unknown(), Hi: result.Unknown(), Verdict: result.NotPublished, Deadline: 2020},
	}
}

func (m *maker) rest() {
	for i, n := range m.set.Nodes {
		if n.Level == "overall" {
			continue
		}
		e := m.set.Estimates[i]
		before := e.Estimate - num(3*(m.random.Float64()-0.4))
		diff := e.Estimate - before
		verdict := "unclear"
		if diff > 1.2 {
			verdict = "up"
		}
		m.set.Changes = append(m.set.Changes, result.Change{Index: "sipas-2017", Node: n.ID, From: 2019, To: 2020, Before: before, After: e.Estimate, Diff: diff, SE: 1.1, Lo: diff - 2.2, Hi: diff + 2.2, P: 0.2, PAdj: 0.4, Relative: diff / before * 100, Overlap: "none", Verdict: verdict})
		if n.Level == "criterion" {
			importance := 1 + 8*m.random.Float64()
			quadrant := map[[2]bool]string{{true, true}: "keep", {true, false}: "improve", {false, false}: "low", {false, true}: "surplus"}[[2]bool{importance > 4.5, e.Estimate > 84}]
			m.set.Priorities = append(m.set.Priorities, result.Priority{Node: n.ID, Importance: num(importance), Satisfaction: e.Estimate, Quadrant: quadrant, Order: len(m.set.Priorities) + 1})
		}
	}
	m.set.Gaps = []result.Gap{
		{Target: "sipas", Kind: "total", Node: "SIPAS", Points: 0.7683, Respondents: 97, Share: 100, Text: result.Text{VI: "Còn thiếu 0,8 điểm phần trăm: khoảng 97 câu trả lời phải chuyển thành hài lòng.", EN: "0.8 points short: about 97 answers would have to turn satisfied."}},
		{Target: "sipas", Kind: "factor", Node: "V", Points: 0.41, Respondents: 52, Share: 53.4, Text: result.Text{VI: "Yếu tố V góp nhiều nhất vào khoảng thiếu.", EN: "Factor V contributes most to the gap."}},
		{Target: "sipas", Kind: "domain", Domain: map[string]string{"huyen": "Cầu Kè"}, Points: 0.22, Respondents: 28, Share: 28.6, Text: result.Text{VI: "Huyện Cầu Kè.", EN: "Cau Ke district."}},
	}
	m.set.Quality = []result.Finding{
		{Check: "duplicate_form", Severity: "serious", File: "data/03-845.xlsx", Sheet: "Phiếu", Cells: []string{"A17", "A42"}, Rows: 2, Text: result.Text{VI: "Số phiếu CK-017 xuất hiện hai lần.", EN: "Form CK-017 appears twice."}, Value: 2},
		{Check: "straight_line", Severity: "warning", File: "data/05-847.xlsx", Sheet: "Phiếu", Cells: []string{"F31"}, Rows: 4, Text: result.Text{VI: "4 phiếu chọn cùng một mức cho cả 22 câu.", EN: "4 forms give one answer to all 22 items."}, Value: 4},
	}
	m.set.Problems = []result.Problem{
		{File: "data/04-846.xlsx", Sheet: "Phiếu", Cell: "K23", Code: "out_of_range", Want: "1…5", Got: "7", Text: result.Text{VI: "Mã trả lời ngoài thang đo.", EN: "Answer code outside the scale."}},
		{File: "data/06-848.xlsx", Sheet: "Phiếu", Cell: "M40", Code: "two_ticks", Want: "1…5", Got: "=cmd|'/c calc'!A1", Text: result.Text{VI: "Hai lựa chọn trong một câu.", EN: "Two answers to one question."}},
	}
	for i, n := range m.set.Nodes {
		if n.Level == "criterion" {
			m.set.Columns = append(m.set.Columns, result.Column{File: "data/01-842.xlsx", Sheet: "Phiếu", Cell: fmt.Sprintf("F%d", i), Header: n.Name.VI, Name: n.ID, Role: "item", Item: n.ID, How: "label", Score: 0.98, Type: "answer"})
		}
	}
	m.set.Columns = append(m.set.Columns, result.Column{File: "data/01-842.xlsx", Sheet: "Phiếu", Cell: "A8", Header: "STT", Role: "other", Score: result.Unknown(), Type: "number"},
		result.Column{File: "data/01-842.xlsx", Sheet: "Phiếu", Cell: "C8", Header: "Họ và tên", Role: "personal", Score: result.Unknown(), Type: "text", Notes: []string{"bỏ theo Luật dữ liệu cá nhân"}})
}
