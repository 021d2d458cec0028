package questionnaire

import (
	"strconv"
	"strings"
)

// Position reads an answer code of LimeSurvey: `A4` and `AO04` stand fourth among the answers of their question.
func Position(text string) (int, bool) {
	digits, ok := strings.CutPrefix(text, "AO")
	if !ok {
		digits, ok = strings.CutPrefix(text, "A")
	}
	return position(digits, ok)
}

// SubPosition reads the code that LimeSurvey gives a choice of a question with several answers: `SQ003` stands third.
func SubPosition(text string) (int, bool) { return position(strings.CutPrefix(text, "SQ")) }

func position(digits string, ok bool) (int, bool) {
	if !ok || digits == "" || len(digits) > 3 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// Size is how many codes the scale has.
func (c *Coder) Size() int { return len(c.scale.Codes) }

// At codes the answer that stands at a position of the scale, the lowest code first; the position comes from Position.
func (c *Coder) At(position int) Answer {
	codes := c.scale.sortedCodes()
	if position < 1 || position > len(codes) {
		return Answer{Code: CodeInvalid, Outcome: OutOfRange}
	}
	return Answer{Code: int16(codes[position-1]), Outcome: Answered, Bare: true}
}

// Other codes the answer "other" of LimeSurvey's lists, where the scale has such a label.
func (c *Coder) Other() Answer {
	for _, label := range []string{"khác", "ý kiến khác", "other"} {
		if code, ok := c.Label(label); ok {
			return Answer{Code: code, Outcome: Answered}
		}
	}
	return Answer{Code: CodeInvalid, Outcome: Unknown}
}
