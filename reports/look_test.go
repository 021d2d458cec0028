package reports

import (
	"math"
	"strconv"
	"testing"
)

// WCAG 2.1: text at least 4.5 : 1 on its ground, lines and markers at least 3 : 1 on white.
func TestContrast(t *testing.T) {
	pairs := [][2]string{
		{inkTitle, "FFFFFF"},
		{inkHeader, fillHeader},
		{inkLink, "FFFFFF"},
		{inkNote, "FFFFFF"},
		{inkNote, fillTile},
		{inkNote, "DEEAF6"},
		{inkTitle, fillTile},
		{inkTitle, "DEEAF6"},
		{inkAlarm, "FFFFFF"},
		{inkInput, fillInput},
		{inkMet, fillMet},
		{inkUnclear, fillUnclear},
		{inkMissed, fillMissed},
		{inkOpen, fillOpen},
		{"000000", fillTop},
		{"000000", "9DC3E6"},
		{"000000", "F4B183"},
	}
	for _, look := range groupLooks() {
		pairs = append(pairs, [2]string{look[1], look[0]})
	}
	for _, p := range pairs {
		if ratio := contrast(t, p[0], p[1]); ratio < 4.5 {
			t.Errorf("%s on %s: %.2f", p[0], p[1], ratio)
		}
	}
	for _, line := range []string{lineMain, lineTarget, lineGrey} {
		if ratio := contrast(t, line, "FFFFFF"); ratio < 3 {
			t.Errorf("line %s on white: %.2f", line, ratio)
		}
	}
	// Grey print: neighbouring bands differ by at least 1.3 : 1, and each is darker than the one before.
	bands := bandColors()
	for i := range bands[1:] {
		if lighter, darker := luminance(t, bands[i]), luminance(t, bands[i+1]); (lighter+0.05)/(darker+0.05) < 1.3 {
			t.Errorf("bands %s and %s are one grey", bands[i], bands[i+1])
		}
	}
	// The answer levels at both ends carry white labels or stand beside white.
	if ratio := contrast(t, "FFFFFF", levelColors(5)[4]); ratio < 4.5 {
		t.Errorf("label on the highest level: %.2f", ratio)
	}
	// The reference pair of WCAG: black on white is 21 : 1.
	if ratio := contrast(t, "000000", "FFFFFF"); math.Abs(ratio-21) > 1e-9 {
		t.Errorf("black on white: %.3f", ratio)
	}
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(t *testing.T, rgb string) float64 {
	t.Helper()
	value, err := strconv.ParseUint(rgb, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(shift uint) float64 {
		c := float64(value>>shift&0xFF) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
