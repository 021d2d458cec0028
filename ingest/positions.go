package ingest

import (
	"fmt"
	"strings"

	"hailong/ingest/layout"
	"hailong/ingest/questionnaire"
)

// coded is what a text answers. LimeSurvey exports answer codes where labels are not asked for: A1 is the first answer of the question.
// They are taken for the scale's codes in their order, but only where the columns of the scale use exactly as many of them as it has.
func (r *cellReader) coded(text string) questionnaire.Answer {
	answer := r.coder.Text(text)
	if r.env.table.Dialect != layout.LimeSurvey || answer.Outcome != questionnaire.Unknown {
		return answer
	}
	if text == "-oth-" {
		return r.coder.Other()
	}
	n, ok := questionnaire.Position(text)
	if !ok {
		return answer
	}
	if n == 0 {
		n = 1000 // more than any scale has: codes that count from nought are not understood
	}
	r.profile.position = max(r.profile.position, n)
	if r.settled.position != r.coder.Size() {
		return questionnaire.Answer{Code: questionnaire.CodeInvalid, Outcome: questionnaire.Uncoded}
	}
	return r.coder.At(n)
}

// poolPositions gives every column the highest answer code among all columns of its scale.
func (p *passRun) poolPositions(columns map[int]settled) {
	highest := map[*questionnaire.Coder]int{}
	for _, r := range p.prog.readers {
		if r.coder != nil {
			highest[r.coder] = max(highest[r.coder], r.profile.position)
		}
	}
	for _, r := range p.prog.readers {
		if s, ok := columns[r.column]; ok && r.coder != nil && r.profile.position > 0 {
			s.position = highest[r.coder]
			columns[r.column] = s
		}
	}
}

// guessPositions says for every scale what the answer codes were taken for.
func (p *passRun) guessPositions() []layout.Guess {
	var guesses []layout.Guess
	said := map[*questionnaire.Coder]bool{}
	for _, r := range p.prog.readers {
		if r.coder == nil || r.settled.position == 0 || r.settled.position != r.coder.Size() || said[r.coder] {
			continue
		}
		said[r.coder] = true
		var cells []string
		for _, other := range p.prog.readers {
			if other.coder == r.coder && other.settled.position > 0 {
				cells = append(cells, p.env.table.ColumnName(other.column))
			}
		}
		guesses = append(guesses, layout.Guess{
			What: "answer_codes", Value: fmt.Sprintf("A1 … A%d: %s", r.coder.Size(), strings.Join(cells, ", ")),
			Evidence:   "LimeSurvey's answer codes are as many as the scale has and were taken in its order: " + r.want,
			EvidenceVI: "số mã trả lời của LimeSurvey bằng số mức của thang đo và được đọc theo thứ tự của thang: " + r.want,
		})
	}
	for _, t := range p.prog.ticks {
		if t.positions {
			guesses = append(guesses, layout.Guess{
				What: "answer_codes", Value: fmt.Sprintf("%s … %s: %s:%s", t.group.Levels[0], t.group.Levels[len(t.group.Levels)-1], p.env.table.ColumnName(t.first), p.env.table.ColumnName(t.last)),
				Evidence:   "LimeSurvey's choices are as many as the scale has and were taken in its order: " + t.want,
				EvidenceVI: "số lựa chọn của LimeSurvey bằng số mức của thang đo và được đọc theo thứ tự của thang: " + t.want,
			})
		}
	}
	return guesses
}
