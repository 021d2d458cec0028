package egov

import (
	"fmt"
	"strconv"
	"strings"

	"hailong/analytics/index"
	"hailong/analytics/result"
	"hailong/ingest/wording"
)

// A Form06 is the periodic report II.06 of TT 01/2020/TT-VPCP, column by column. It merges the counter and the post, so the share of
// public post cannot be made from it.
type Form06 struct {
	Fields   []Form06Row      `json:"fields"`
	Problems []result.Problem `json:"-"` // identities that do not hold
}

// A Form06Row is one service field: the numbers of columns (3) to (13), 0 where the form leaves them blank.
type Form06Row struct {
	Field string  `json:"field"`
	Count [14]int `json:"count"` // by column number
}

// Online is the share of the period's dossiers that came online, (4)/((4)+(5)), in percent.
func (f Form06Row) Online() result.Number { return percent(f.Count[4], f.Count[4]+f.Count[5]) }

// OnTime is the share of settled dossiers settled before or on their day, ((8)+(9))/(7), in percent.
func (f Form06Row) OnTime() result.Number { return percent(f.Count[8]+f.Count[9], f.Count[7]) }

func percent(num, den int) result.Number {
	if den == 0 {
		return result.Unknown()
	}
	return result.Number(100 * float64(num) / float64(den))
}

// ReadForm06 reads form II.06 by its row of column numbers, (1) (2) (3)=(4)+(5)+(6) …, and checks the form's own identities:
// (3) = (4)+(5)+(6), (7) = (8)+(9)+(10), (11) = (12)+(13), (3) = (7)+(11).
func ReadForm06(sheet index.Sheet) (*Form06, error) {
	for row, cells := range sheet.Cells {
		numbers := map[int]int{}
		for col, text := range cells {
			if n := columnNumber(text); n > 0 {
				if _, taken := numbers[n]; !taken {
					numbers[n] = col
				}
			}
		}
		if len(numbers) < 10 {
			continue
		}
		return readForm06(sheet, row, numbers), nil
	}
	return nil, wording.Errorf("reading form II.06 from sheet %q: no row has the column numbers (1) to (13)", sheet.Name)
}

func readForm06(sheet index.Sheet, head int, numbers map[int]int) *Form06 {
	out := &Form06{}
	for row := head + 1; row < len(sheet.Cells); row++ {
		cell := func(n int) string {
			col, ok := numbers[n]
			if !ok || col >= len(sheet.Cells[row]) {
				return ""
			}
			return strings.TrimSpace(sheet.Cells[row][col])
		}
		r := Form06Row{Field: cell(2)}
		filled := 0
		for n := 3; n <= 13; n++ {
			text := strings.NewReplacer(".", "", ",", "", " ", "", "\u00a0", "").Replace(cell(n))
			if v, err := strconv.Atoi(text); err == nil {
				r.Count[n] = v
				filled++
			}
		}
		if filled < 3 {
			continue
		}
		out.Fields = append(out.Fields, r)
		for _, id := range [][]int{{3, 4, 5, 6}, {7, 8, 9, 10}, {11, 12, 13}, {3, 7, 11}} {
			sum := 0
			var words []string
			for _, n := range id[1:] {
				sum += r.Count[n]
				words = append(words, fmt.Sprintf("(%d)", n))
			}
			if r.Count[id[0]] != sum {
				want, got := fmt.Sprintf("(%d) = %s = %d", id[0], strings.Join(words, "+"), sum), strconv.Itoa(r.Count[id[0]])
				out.Problems = append(out.Problems, result.Problem{
					File: sheet.File, Sheet: sheet.Name, Cell: index.CellName(row, numbers[id[0]]), Code: "egov_form06", Want: want, Got: got,
					Text: result.Text{VI: fmt.Sprintf("%s: cột (%d) ghi %s, theo biểu mẫu phải là %s.", r.Field, id[0], got, want), EN: fmt.Sprintf("%s: column (%d) says %s; by the form's own rule it is %s.", r.Field, id[0], got, want)},
				})
			}
		}
	}
	return out
}

// columnNumber reads "(3)" and "(3)=(4)+(5)+(6)".
func columnNumber(text string) int {
	text = strings.TrimSpace(text)
	end := strings.IndexByte(text, ')')
	if end < 2 || text[0] != '(' {
		return 0
	}
	n, err := strconv.Atoi(text[1:end])
	if err != nil || n < 1 || n > 13 {
		return 0
	}
	return n
}
