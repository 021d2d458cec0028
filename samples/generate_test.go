package samples_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"hailong/analytics/index"
	"hailong/ingest/questionnaire"
	"hailong/ingest/vntext"
	"hailong/samples"
)

func generate(t testing.TB, spec samples.Spec) *samples.Survey {
	t.Helper()
	s, err := samples.Generate(spec)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var dialects = []samples.Look{
	{},
	{Answers: samples.Codes},
	{Dialect: samples.Kobo, Answers: samples.Codes},
	{Dialect: samples.GoogleForms},
	{Dialect: samples.LimeSurvey, Answers: samples.Codes},
	{Dialect: samples.Qualtrics},
	{Dialect: samples.MSForms},
	{Dialect: samples.Office, Unit: "Huyện Giả", Numbers: true, Totals: true, Signature: true, District: true, Names: true},
	{Dialect: samples.Office, Unit: "Huyện Giả", Answers: samples.CodeAndLabel, ReverseItems: true, GroupRows: true, Legend: true},
	{Dialect: samples.OfficeTicks, Unit: "Huyện Giả", Totals: true},
	{Dialect: samples.Office, Unit: "Huyện Giả", Encoding: samples.VNI, HeaderCodes: true},
	{Dialect: samples.Office, Unit: "Huyện Giả", Encoding: samples.TCVN3, Untidy: true},
	{Dialect: samples.Office, Unit: "Huyện Giả", Encoding: samples.NFD},
}

// A zero Spec is a survey, and the same spec gives the same bytes in every dialect.
func TestSameSpecSameBytes(t *testing.T) {
	spec := samples.Spec{Seed: 7, Design: samples.Design{PSUs: 4, Forms: 5}, Model: samples.Model{Blank: 0.05, DontKnow: 0.03, Refused: 0.02, StraightLine: 0.1}, Defects: samples.Defects{TwoMarks: 3, OutOfRange: 2, DuplicateForms: 1}}
	for _, look := range dialects {
		name := fmt.Sprint(look.Dialect, look.Answers, look.Encoding)
		var a, b, c bytes.Buffer
		for _, w := range []*bytes.Buffer{&a, &b} {
			if err := generate(t, spec).WriteXLSX(w, look, -1); err != nil {
				t.Fatal(name, err)
			}
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: two runs differ", name)
		}
		other := spec
		other.Seed++
		if err := generate(t, other).WriteXLSX(&c, look, -1); err != nil {
			t.Fatal(name, err)
		}
		if bytes.Equal(a.Bytes(), c.Bytes()) {
			t.Errorf("%s: another seed gives the same file", name)
		}
		x, err := excelize.OpenReader(bytes.NewReader(a.Bytes()))
		if err != nil {
			t.Fatal(name, err)
		}
		rows, err := x.GetRows(x.GetSheetName(0))
		if err != nil {
			t.Fatal(name, err)
		}
		if len(rows) < 61 || !strings.Contains(fmt.Sprint(rows), "SYNTHETIC") {
			t.Errorf("%s: %d rows, want 60 forms below a header, marked as made up", name, len(rows))
		}
	}
}

// The realised shares lie about those of the model: with 4,000 PSUs of 25, ICC 0.04 and the halo within respondents irrelevant to one item, the
// standard error of a share near 0.85 is about √(0.85·0.15/100000·(1+24·0.04)) = 0.16 points. 4.5 of them make a false alarm a once-in-6,000-runs
// event over 22 items, and the seed is fixed.
func TestAnswersFollowTheModel(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 100,000 forms")
	}
	s := generate(t, samples.Spec{
		Seed:   1,
		Design: samples.Design{NStrata: 4, PSUs: 1000, Forms: 25},
		Model:  samples.Model{Items: map[string]float64{"AC1": 0.95, "FB4": 0.6}, StraightLine: 0.05, StrataSD: 0.2},
	})
	truth := s.Truth()
	for _, m := range truth.Model {
		i := slices.IndexFunc(truth.Estimates, func(e samples.EstimateTruth) bool { return e.Node == m.Item && len(e.Domain) == 0 })
		got := truth.Estimates[i].Estimate
		p := m.Share / 100
		se := 100 * math.Sqrt(p*(1-p)/100_000*(1+24*0.04))
		if abs(got-m.Share) > 4.5*se {
			t.Errorf("%s: %.3f %% in the sample, %.3f %% in the model, standard error %.3f", m.Item, got, m.Share, se)
		}
	}
}

// The latent intra-cluster correlation shows in the answers: the variance between PSU shares, over what simple random sampling would give, is the
// design effect 1+(m−1)ρ of the binary item. For a latent ρ of 0.2 at a share of one half, ρ_binary = 2/π·asin(0.2) = 0.128 (Sheppard's
// formula for the orthant probability), so with 50 forms a PSU the ratio is 7.28; without clustering it is 1.
func TestClustersAreAsAlikeAsAsked(t *testing.T) {
	for _, tt := range []struct{ icc, want float64 }{{0.2, 1 + 49*2/math.Pi*math.Asin(0.2)}, {-1, 1}} {
		const psus, forms = 600, 50
		s := generate(t, samples.Spec{
			Seed: 3, Background: []samples.Characteristic{},
			Design: samples.Design{NStrata: 1, PSUs: psus, Forms: forms},
			Model:  samples.Model{Positive: 0.5, ICC: tt.icc},
		})
		var shares [psus]float64
		for i, f := range s.Forms {
			if code, _ := s.Answer(i, 0); code >= 4 {
				shares[f.PSU] += 1.0 / forms
			}
		}
		var mean, ss float64
		for _, p := range shares {
			mean += p / psus
		}
		for _, p := range shares {
			ss += (p - mean) * (p - mean)
		}
		got := ss / (psus - 1) / (mean * (1 - mean) / forms)
		// The ratio is about χ²/599: its relative standard deviation is √(2/599) = 0.058.
		if abs(got/tt.want-1) > 4*0.058 {
			t.Errorf("icc %v: between-PSU variance is %.2f times that of simple random sampling, want %.2f", tt.icc, got, tt.want)
		}
	}
}

// A large file has the intra-cluster correlation and the non-response that were asked for, whatever the share: both computed from the answers
// that the truth holds (WriteAnswers), not from the generator's memory. What is asked is the correlation ρ of the latent variable; that of the
// answers follows from it: (Φ₂(z, z; ρ) − p²)/(p(1 − p)), z = Φ⁻¹(p).
//
// Tolerances are 4.5 standard errors, so that one of these 40 comparisons would fail by chance once in 3,700 runs, and the seeds are fixed. That of the
// analysis-of-variance estimator of ρ with k clusters of m is √(2(1 − ρ)²(1 + (m − 1)ρ)²/(m(m − 1)(k − 1))) (R. A. Fisher, Statistical Methods for
// Research Workers, 1925, §39); that of the response rate is binomial.
func TestLargeFilesAreAsAsked(t *testing.T) {
	one := questionnaire.Questionnaire{
		Scales: map[string]questionnaire.Scale{"five": {Codes: map[int]questionnaire.Text{1: {}, 2: {}, 3: {}, 4: {}, 5: {}}}},
		Items:  []questionnaire.Item{{ID: "AC1", Scale: "five"}},
	}
	for seed, icc := range []float64{-1, 0.02, 0.05, 0.1, 0.2} {
		for _, share := range []float64{0.5, 0.85} {
			for _, response := range []float64{1, 0.7} {
				const psus, forms = 2000, 25
				s := generate(t, samples.Spec{
					Seed: uint64(seed), Questionnaire: one, Background: []samples.Characteristic{},
					Design: samples.Design{NStrata: 1, PSUs: psus, Forms: forms, Response: response},
					Model:  samples.Model{Positive: share, ICC: icc},
				})
				answered := answers(t, s)
				n := float64(len(answered["form"]))
				if abs(n/(psus*forms)-response) > 4.5*math.Sqrt(response*(1-response)/(psus*forms)) {
					t.Errorf("%v of %d forms came back, want a share of %v", n, psus*forms, response)
				}
				clusters := map[string][]float64{}
				for i, code := range answered["AC1"] {
					satisfied := 0.0
					if code >= "4" {
						satisfied = 1
					}
					clusters[answered["xa_code"][i]] = append(clusters[answered["xa_code"][i]], satisfied)
				}
				want := answerCorrelation(max(icc, 0), share)
				m := n / psus
				se := math.Sqrt(2 * (1 - want) * (1 - want) * (1 + (m-1)*want) * (1 + (m-1)*want) / (m * (m - 1) * (psus - 1)))
				if got := anovaCorrelation(clusters); abs(got-want) > 4.5*se {
					t.Errorf("icc %v, share %v, response %v: the answers' correlation is %.4f, want %.4f ± %.4f", icc, share, response, got, want, 4.5*se)
				}
			}
		}
	}
}

// answerCorrelation is the correlation of two answers whose latent variables have one, by integrating over what they share.
func answerCorrelation(latent, share float64) float64 {
	z := math.Sqrt2 * math.Erfinv(2*share-1)
	both := 0.0
	const steps, limit = 4000, 8.0
	for i := range steps {
		u := limit * (2*(float64(i)+0.5)/steps - 1)
		given := math.Erfc(-(z-math.Sqrt(latent)*u)/math.Sqrt(1-latent)/math.Sqrt2) / 2
		both += given * given * math.Exp(-u*u/2) / math.Sqrt(2*math.Pi) * 2 * limit / steps
	}
	return (both - share*share) / (share * (1 - share))
}

// anovaCorrelation is (MSB − MSW)/(MSB + (m₀ − 1)MSW).
func anovaCorrelation(clusters map[string][]float64) float64 {
	var n, total, squares, between, sizes float64
	for _, c := range clusters {
		sum := 0.0
		for _, y := range c {
			sum += y
			squares += y * y
		}
		m := float64(len(c))
		n, total, between, sizes = n+m, total+sum, between+sum*sum/m, sizes+m*m
	}
	k := float64(len(clusters))
	msb := (between - total*total/n) / (k - 1)
	msw := (squares - between) / (n - k)
	m0 := (n - sizes/n) / (k - 1)
	return (msb - msw) / (msb + (m0-1)*msw)
}

// Kinds of missing come at their rates and are counted apart; every answer is in exactly one class.
func TestMissingAnswersAreCounted(t *testing.T) {
	s := generate(t, samples.Spec{Seed: 5, Design: samples.Design{Forms: 100}, Model: samples.Model{Blank: 0.1, DontKnow: 0.05, Refused: 0.02}})
	for _, it := range s.Truth().Items {
		sum := it.N + it.Blank + it.DontKnow + it.Refused + it.Invalid
		if sum != 3000 {
			t.Errorf("%s: %d answers in all classes, want 3000", it.Item, sum)
		}
		// 3000 forms: 4 standard deviations of a binomial.
		for _, c := range []struct {
			name string
			n    int
			p    float64
		}{{"blank", it.Blank, 0.1}, {"don't know", it.DontKnow, 0.05}, {"refused", it.Refused, 0.02}} {
			if abs(float64(c.n)-3000*c.p) > 4*math.Sqrt(3000*c.p*(1-c.p)) {
				t.Errorf("%s: %d %s of 3000, want about %.0f", it.Item, c.n, c.name, 3000*c.p)
			}
		}
	}
}

// Every definition that asks something can be made, with its own nodes.
func TestEveryDefinitionCanBeMade(t *testing.T) {
	made := 0
	for _, name := range index.Names() {
		src, err := index.Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		q, err := questionnaire.Parse(src)
		if err != nil {
			continue // a published index has no questionnaire
		}
		d, err := index.Parse(src)
		if err != nil {
			t.Fatal(name, err)
		}
		spec, err := samples.ForDefinition(q, d)
		if len(q.Items) == 0 {
			if err == nil {
				t.Errorf("%s has no items, want an error", name)
			}
			continue
		}
		if err != nil {
			t.Fatal(name, err)
		}
		made++
		s := generate(t, spec)
		truth := s.Truth()
		if truth.Estimates[0].Node != d.Tree.ID || truth.Estimates[0].N == 0 {
			t.Errorf("%s: the first estimate is %+v, want the root of the tree", name, truth.Estimates[0])
		}
		if got, want := len(truth.Items), len(q.Items); got != want {
			t.Errorf("%s: %d items made of %d", name, got, want)
		}
		for _, look := range []samples.Look{{Dialect: samples.OfficeTicks}, {Dialect: samples.Office, HeaderCodes: true}, {Dialect: samples.GoogleForms}} {
			if err := s.WriteXLSX(&bytes.Buffer{}, look, 0); err != nil {
				t.Errorf("%s, %s: %v", name, look.Dialect, err)
			}
		}
	}
	if made < 3 {
		t.Errorf("only %d of %v could be made", made, index.Names())
	}
}

// What is written in a legacy encoding reads back as it was, in small letters: TCVN3 has no capitals with a tone.
func TestLegacyTextReadsBack(t *testing.T) {
	s := generate(t, samples.Spec{Design: samples.Design{NStrata: 1, PSUs: 2, Forms: 5}})
	for enc, decode := range map[samples.Encoding]vntext.Encoding{samples.TCVN3: vntext.TCVN3, samples.VNI: vntext.VNI} {
		plain, coded := sheetRows(t, s, samples.Look{Dialect: samples.Office, Unit: "huyện ở đâu đó"}), sheetRows(t, s, samples.Look{Dialect: samples.Office, Unit: "huyện ở đâu đó", Encoding: enc})
		differs := false
		for r := range plain {
			for c := range plain[r] {
				want := strings.ToLower(strings.ReplaceAll(plain[r][c], "–", "-"))
				if got := strings.ToLower(vntext.Decode(decode, coded[r][c])); got != want {
					t.Fatalf("%s: %q reads back as %q", enc, coded[r][c], got)
				}
				differs = differs || coded[r][c] != plain[r][c]
			}
		}
		if !differs {
			t.Errorf("%s: nothing was encoded", enc)
		}
	}
}

func sheetRows(t *testing.T, s *samples.Survey, look samples.Look) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteXLSX(&b, look, -1); err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := x.GetRows(x.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A sheet of several strata says which one a form is from, asked for or not.
func TestSheetOfAllNamesTheStratum(t *testing.T) {
	s := generate(t, samples.Spec{Design: samples.Design{PSUs: 2, Forms: 2}})
	rows := fmt.Sprint(sheetRows(t, s, samples.Look{Dialect: samples.Office, Answers: samples.Codes}))
	for _, want := range []string{"Tầng 01", "Tầng 02", "Tầng 03", "TỈNH GIẢ LẬP"} {
		if !strings.Contains(rows, want) {
			t.Errorf("the sheet does not say %s", want)
		}
	}
}

func TestParquetHoldsTheAnswers(t *testing.T) {
	s := generate(t, samples.Spec{Seed: 2, Model: samples.Model{Blank: 0.1, DontKnow: 0.1}})
	var b bytes.Buffer
	if err := s.Write(&b, "parquet", samples.Look{}); err != nil {
		t.Fatal(err)
	}
	table, err := pqarrow.ReadTable(t.Context(), bytes.NewReader(b.Bytes()), parquet.NewReaderProperties(nil), pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	at := table.Schema().FieldIndices("FB4")[0]
	counts, row := map[int]int{}, 0
	for _, chunk := range table.Column(at).Data().Chunks() {
		for i := range chunk.Len() {
			code, given := s.Answer(row, 21)
			if chunk.IsNull(i) == given || given && chunk.(*array.Int32).Value(i) != int32(code) {
				t.Fatalf("form %d: %s, want %d, %v", row, chunk.ValueStr(i), code, given)
			}
			counts[code]++
			row++
		}
	}
	if row != 600 || counts[questionnaire.CodeDontKnow] == 0 || table.Column(at).DataType().ID() != arrow.INT32 {
		t.Errorf("%d rows, answers %v", row, counts)
	}
}

func TestCSVHoldsTheSheet(t *testing.T) {
	s := generate(t, samples.Spec{Design: samples.Design{NStrata: 1, PSUs: 2, Forms: 3}})
	var b bytes.Buffer
	if err := s.Write(&b, "csv", samples.Look{Answers: samples.Codes}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 7 || !strings.HasPrefix(lines[0], "synthetic,ma_phieu,huyen,xa,gioi_tinh,") || !strings.HasSuffix(lines[0], ",FB4,trong_so") {
		t.Errorf("csv of 6 forms:\n%s", b.String())
	}
}

// Forms that do not come back leave the weights of the others to stand for them: the weights of a stratum still add to its units.
func TestFormsThatDoNotComeBack(t *testing.T) {
	strata := []samples.Stratum{
		{Code: "1", Name: "a", Units: 9000, PSUs: []samples.PSU{{Code: "11", Forms: 200}, {Code: "12", Forms: 200}}},
		{Code: "2", Name: "b", Units: 1000, PSUs: []samples.PSU{{Code: "21", Forms: 300}, {Code: "22", Forms: 1}}},
	}
	s := generate(t, samples.Spec{Seed: 8, Design: samples.Design{Strata: strata, Response: 0.7}})
	if s.Issued != 701 {
		t.Errorf("%d forms handed out, want 701", s.Issued)
	}
	// 4 standard deviations of a binomial of 701 at 0.7.
	if got := float64(len(s.Forms)); abs(got-0.7*701) > 4*math.Sqrt(701*0.7*0.3) {
		t.Errorf("%v of 701 forms came back, want about %v", got, 0.7*701)
	}
	sum := map[int]float64{}
	for _, f := range s.Forms {
		sum[f.Stratum] += f.Weight
	}
	for h, st := range strata {
		// Weights have two decimals: half a hundredth a form.
		if abs(sum[h]-float64(st.Units)) > 0.005*float64(len(s.Forms)) {
			t.Errorf("stratum %s: weights add to %v, want %d", st.Name, sum[h], st.Units)
		}
	}
}

func TestSpecsThatMakeNoSense(t *testing.T) {
	for want, spec := range map[string]samples.Spec{
		"positive share":  {Model: samples.Model{Positive: 1}},
		"icc":             {Model: samples.Model{ICC: 0.5, Halo: 0.6}},
		"want a share":    {Model: samples.Model{Blank: 1.5}},
		"together":        {Model: samples.Model{Blank: 0.6, DontKnow: 0.6}},
		"has 0 codes":     {Questionnaire: questionnaire.Questionnaire{Items: []questionnaire.Item{{ID: "A", Scale: "none"}}}},
		"want one that":   {Questionnaire: questionnaire.Questionnaire{Scales: map[string]questionnaire.Scale{"m": {Multiple: true, Codes: map[int]questionnaire.Text{1: {}, 2: {}}}}, Items: []questionnaire.Item{{ID: "A", Scale: "m"}}}},
		"does not have":   {Groups: []samples.ItemGroup{{Name: "G", Items: []string{"ZZ"}}}},
		"not to 1":        {Background: []samples.Characteristic{{ID: "x", Values: []samples.Value{{Label: "a", Share: 0.5}}}}},
		"want at least 1": {Design: samples.Design{Strata: []samples.Stratum{{Code: "1", PSUs: []samples.PSU{{Code: "1"}}}}}},
		"at a time":       {Design: samples.Design{NStrata: 1, PSUs: 1, Forms: 50_000_001}},
	} {
		if _, err := samples.Generate(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error that says %q", err, want)
		}
	}
	if _, err := samples.Preset("ha-noi"); err == nil {
		t.Error("an unknown preset is made")
	}
	s := generate(t, samples.Spec{})
	if err := s.Write(&bytes.Buffer{}, "docx", samples.Look{}); err == nil {
		t.Error("an unknown format is written")
	}
	if err := s.WriteXLSX(&bytes.Buffer{}, samples.Look{Dialect: "fax"}, -1); err == nil {
		t.Error("an unknown dialect is written")
	}
	if err := s.WriteXLSX(&bytes.Buffer{}, samples.Look{}, 9); err == nil {
		t.Error("a stratum that is not there is written")
	}
}

// Whatever the numbers, the counts balance and nothing panics.
func TestAnySmallSpecBalances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Float64Range(0, 0.3)
		spec := samples.Spec{
			Seed:   rapid.Uint64().Draw(t, "seed"),
			Design: samples.Design{NStrata: rapid.IntRange(1, 3).Draw(t, "strata"), PSUs: rapid.IntRange(1, 3).Draw(t, "psus"), Forms: rapid.IntRange(1, 5).Draw(t, "forms")},
			Model: samples.Model{
				Positive: rapid.Float64Range(0, 0.99).Draw(t, "positive"), ICC: rapid.Float64Range(-1, 0.4).Draw(t, "icc"), Halo: rapid.Float64Range(-1, 0.5).Draw(t, "halo"),
				Blank: share.Draw(t, "blank"), DontKnow: share.Draw(t, "dk"), Refused: share.Draw(t, "refused"), StraightLine: share.Draw(t, "line"),
			},
			Defects: samples.Defects{TwoMarks: rapid.IntRange(0, 4).Draw(t, "two"), OutOfRange: rapid.IntRange(0, 4).Draw(t, "out"), DuplicateForms: rapid.IntRange(0, 3).Draw(t, "dup")},
		}
		s, err := samples.Generate(spec)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range s.Truth().Items {
			n := it.Blank + it.DontKnow + it.Refused + it.Invalid
			for _, c := range it.Counts {
				n += c
			}
			if n != len(s.Forms) {
				t.Fatalf("%s: %d answers of %d forms", it.Item, n, len(s.Forms))
			}
		}
		look := rapid.SampledFrom(dialects).Draw(t, "look")
		if err := s.WriteXLSX(&bytes.Buffer{}, look, -1); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkWriteXLSX(b *testing.B) {
	s := generate(b, samples.Spec{Design: samples.Design{NStrata: 4, PSUs: 250, Forms: 20}})
	for _, look := range []samples.Look{
		{Dialect: samples.Kobo, Answers: samples.Codes},
		{Dialect: samples.Office, Totals: true},
		{Dialect: samples.Office, Encoding: samples.NFD, Totals: true},
		{Dialect: samples.OfficeTicks, Encoding: samples.TCVN3, Totals: true},
	} {
		b.Run(strings.TrimSuffix(fmt.Sprintf("%s-%s", look.Dialect, look.Encoding), "-"), func(b *testing.B) {
			for b.Loop() {
				if err := s.WriteXLSX(discard{}, look, -1); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(s.Forms))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		generate(b, samples.Spec{Design: samples.Design{NStrata: 4, PSUs: 250, Forms: 20}})
	}
	b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// A survey that one sheet does not hold becomes as few sheets as do, of every dialect, none with more rows than allowed and no form lost.
func TestSurveysAreSplitAtTheSheetsLimit(t *testing.T) {
	s := generate(t, samples.Spec{Design: samples.Design{PSUs: 5, Forms: 8}}) // 120 forms
	for _, look := range dialects {
		look.Totals, look.Signature, look.Numbers, look.Rows = true, true, true, 60
		parts, err := s.Split(look)
		if err != nil {
			t.Fatal(err)
		}
		next, longest := 0, 0
		for _, part := range parts {
			if part.First != next {
				t.Errorf("%s: a part begins at form %d, want %d", look.Dialect, part.First, next)
			}
			next = part.End
			var b bytes.Buffer
			if err := s.WriteRange(&b, look, part); err != nil {
				t.Fatal(err)
			}
			longest = max(longest, lastRow(t, b.Bytes()))
		}
		// 120 forms and a header do not fit two sheets of 60 rows; with the 15 group rows, totals and signatures of an office they fit four.
		if next != 120 || longest > 60 || len(parts) < 3 || len(parts) > 4 {
			t.Errorf("%s: %d forms in %d parts of up to %d rows: want 120 in 3 or 4 of at most 60", look.Dialect, next, len(parts), longest)
		}
	}
}

func lastRow(t *testing.T, book []byte) int {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := x.GetRows(x.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}
