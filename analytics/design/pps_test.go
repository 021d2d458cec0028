package design

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

// The inclusion probabilities and the systematic draw are those of R's package sampling, unit by unit: testdata/pps.R says which calls and which
// versions. The probabilities differ by the last bits of their sums.
func TestPPSIsRsSampling(t *testing.T) {
	f, err := os.Open("testdata/pps.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	cases, certain := 0, 0
	for rows = rows[1:]; len(rows) > 0; {
		end := 1
		for end < len(rows) && rows[end][0] == rows[0][0] && rows[end][1] == rows[0][1] {
			end++
		}
		part := rows[:end]
		rows = rows[end:]
		cases++
		var sizes, want []float64
		var selected []int
		for i, row := range part {
			sizes, want = append(sizes, number(row[4])), append(want, number(row[5]))
			if row[6] == "1" {
				selected = append(selected, i)
			}
		}
		n, u := int(number(part[0][1])), number(part[0][2])
		got, err := InclusionProbabilities(sizes, n)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-12 {
				t.Errorf("%s, n = %d, unit %d: probability %v, R has %v", part[0][0], n, i+1, got[i], want[i])
			}
			if want[i] == 1 {
				certain++
			}
		}
		var units []int
		for _, s := range systematic(got, sizes, u) {
			units = append(units, s.Unit)
		}
		if !slices.Equal(units, selected) {
			t.Errorf("%s, n = %d, start %v: units %v, R has %v", part[0][0], n, u, units, selected)
		}
	}
	if cases != 8 || certain == 0 {
		t.Errorf("%d draws with %d units for certain: want 8 and some", cases, certain)
	}
}

// Nutrition International, Micronutrient Survey Manual, module 6, box 6.1 (https://mnsurvey.nutritionintl.org/categories/108): a sampling interval of
// 831, a random start of 710, and the first units Utural 600, Mina 700, Bolama 350, Taluma 680, War-Yali 430. The first cluster is in Mina, the second
// (710 + 831 = 1541) in Bolama, the third (2372) in the unit that reaches beyond 2330, which is War-Yali.
func TestSystematicIsTheManuals(t *testing.T) {
	sizes := []float64{600, 700, 350, 680, 430}
	probs := make([]float64, len(sizes))
	for i, s := range sizes {
		probs[i] = s / 831
	}
	var got []int
	for _, s := range systematic(probs, sizes, 710.0/831) {
		got = append(got, s.Unit+1)
	}
	if !slices.Equal(got, []int{2, 3, 5}) {
		t.Errorf("units %v, the manual has 2 (Mina), 3 (Bolama) and the one that holds 2372", got)
	}
}
