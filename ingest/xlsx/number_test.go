package xlsx

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestParseNumber reads numbers of every length as strconv, which rounds correctly, reads them: of up to 15 digits, of up to 19, which are divided
// as integers, and longer; among them those that lie half way between two float64 and next to it.
func TestParseNumber(t *testing.T) {
	rng := rand.New(rand.NewPCG(2020, 168))
	check := func(text string) {
		t.Helper()
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := parseNumber([]byte(text)); !ok || got != want {
			t.Errorf("%s: got %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"43952.354166666664", "0.0000000000000000000", "0.000000000000000001", "9.999999999999999999", "9999999999999999999", "9999999999999999999.",
		"9007199254740993", "900719925474099.3", "4503599627370496.5", "4503599627370497.5", "4503599627370496.501", "-1125899906842624.125", "+0.9999999999999999",
	} {
		check(text)
	}
	for range 200_000 {
		digits := []byte(strconv.FormatUint(rng.Uint64(), 10))
		digits = digits[:1+rng.IntN(len(digits))]
		point := rng.IntN(len(digits) + 1)
		check("0" + string(digits[:point]) + "." + string(digits[point:]))
		check(strconv.FormatFloat(rng.Float64()*60_000, 'f', -1, 64))
	}
	for range 50_000 { // half way between two float64
		half := strconv.FormatUint(1<<52+rng.Uint64N(1<<51), 10) + ".5"
		check(half)
		check(half + "1")
	}
}
