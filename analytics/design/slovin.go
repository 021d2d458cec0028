package design

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// A SlovinSize is the size by Slovin's rule, and what it is worth.
type SlovinSize struct {
	N        int         `json:"n"`         // rounded up
	Exact    float64     `json:"exact"`     // before
	Cochran  Size        `json:"cochran"`   // for the same margin under the given assumptions, p = 0.5
	Margin   float64     `json:"margin"`    // what N answers really give, p = 0.5
	AtResult float64     `json:"at_result"` // and near the share that satisfaction surveys find, p = 0.85
	Note     result.Text `json:"note"`
}

// Slovin returns n = N/(1+N·e²), the rule of the Ministry's guidance of 2013 with e = 0.05 (domain notes, SIPAS section 3).
//
// It is Cochran's size for p = 0.5 with z = 2 and N in the place of N−1: a simple random sample of people, all of whom answer, and one figure for all of
// them. A survey that goes to communes and villages has a design effect, and one that reports by district needs the size in each district.
// So the rule understates what is needed by about the design effect, and the note says by how much.
func Slovin(population int, margin float64, a Assumptions) (SlovinSize, error) {
	if population < 1 {
		return SlovinSize{}, wording.Errorf("sizing by Slovin: population %d: want a number above 0", population)
	}
	if !(margin > 0 && margin < 1) {
		return SlovinSize{}, wording.Errorf("sizing by Slovin: margin %v: want a share between 0 and 1, such as 0.05", margin)
	}
	a.Population = population
	s := SlovinSize{Exact: float64(population) / (1 + float64(population)*margin*margin)}
	s.N = int(up(s.Exact))
	var err error
	if s.Cochran, err = Proportion(0.5, margin, a); err != nil {
		return SlovinSize{}, err
	}
	if s.Margin, err = Margin(0.5, s.N, a); err != nil {
		return SlovinSize{}, err
	}
	if s.AtResult, err = Margin(0.85, s.N, a); err != nil {
		return SlovinSize{}, err
	}
	points := func(x float64) float64 { return math.Round(1000*x) / 10 }
	comma := func(x float64) string { return strings.Replace(strconv.FormatFloat(x, 'f', -1, 64), ".", ",", 1) }
	deff := s.Cochran.Deff
	s.Note = result.Text{
		VI: fmt.Sprintf("Công thức Slovin cho %d phiếu với sai số %s điểm, nhưng chỉ đúng khi chọn ngẫu nhiên đơn giản từng người, ai cũng trả lời và chỉ lấy một con số chung."+
			" Với hệ số thiết kế %s, %d phiếu cho sai số ±%s điểm (±%s điểm khi tỷ lệ gần 85 %%); muốn đạt ±%s điểm cần %d phiếu trả lời, phát ra %d phiếu."+
			" Muốn công bố theo huyện thì cần cỡ mẫu đó cho từng huyện.",
			s.N, comma(points(margin)), comma(deff), s.N, comma(points(s.Margin)), comma(points(s.AtResult)), comma(points(margin)), s.Cochran.Complete, s.Cochran.Issue),
		EN: fmt.Sprintf("Slovin's rule gives %d forms for a margin of %v points, but only for a simple random sample of persons, all of whom answer, and one overall figure."+
			" With a design effect of %v, %d forms give ±%v points (±%v near a share of 85 %%); ±%v points need %d answers, so %d forms handed out."+
			" Figures by district need that size in each district.",
			s.N, points(margin), deff, s.N, points(s.Margin), points(s.AtResult), points(margin), s.Cochran.Complete, s.Cochran.Issue),
	}
	if deff == 1 {
		return s, s.clustered(a)
	}
	return s, nil
}

// usualDeff is what a sample of communes and villages comes to, about: see Designs.
const usualDeff = 2

// clustered adds to the note of a simple random sample what the same forms are worth where communes and villages are drawn first, as the ministry does.
func (s *SlovinSize) clustered(a Assumptions) error {
	a.Deff = usualDeff
	margin, err := Margin(0.5, s.N, a)
	if err != nil {
		return err
	}
	needed, err := Proportion(0.5, s.Cochran.Margin, a)
	if err != nil {
		return err
	}
	points := func(x float64) float64 { return math.Round(1000*x) / 10 }
	s.Note.VI += fmt.Sprintf(" Khi chọn xã, chọn ấp rồi mới chọn người, hệ số thiết kế khoảng %d: cũng %d phiếu ấy cho ±%s điểm, và cần %d phiếu trả lời (--deff).",
		usualDeff, s.N, strings.Replace(strconv.FormatFloat(points(margin), 'f', -1, 64), ".", ",", 1), needed.Complete)
	s.Note.EN += fmt.Sprintf(" Where communes and villages are drawn before persons, the design effect is about %d: the same %d forms give ±%v points, and %d answers are needed (--deff).",
		usualDeff, s.N, points(margin), needed.Complete)
	return nil
}
