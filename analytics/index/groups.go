package index

import (
	"slices"
	"strings"

	"hailong/ingest/vntext"
)

// Band is the group of a score by the bands of its year, or empty where none are known.
func (d *Definition) Band(year int, score float64) string {
	for _, b := range d.Bands {
		if year < b.From || (b.To != 0 && year > b.To) {
			continue
		}
		for _, band := range b.Bands {
			if score >= band.Min {
				return band.Label
			}
		}
	}
	return ""
}

// BandLabels are the groups of a year by its bands, the best first; none where no bands are known.
func (d *Definition) BandLabels(year int) []string {
	var out []string
	for _, b := range d.Bands {
		if year >= b.From && (b.To == 0 || year <= b.To) {
			for _, band := range b.Bands {
				out = append(out, band.Label)
			}
		}
	}
	return out
}

// BandLabel is a group without the word for it: "Nhóm B" and "Group B" are B.
func BandLabel(text string) string {
	text = vntext.Clean(text)
	if word, rest, ok := strings.Cut(text, " "); ok && slices.Contains([]string{"nhom", "group", "loai"}, vntext.FoldASCII(word)) {
		return rest
	}
	return text
}

// BandMin is the least score of a band in a year.
func (d *Definition) BandMin(year int, label string) (float64, bool) {
	for _, b := range d.Bands {
		if year < b.From || (b.To != 0 && year > b.To) {
			continue
		}
		for _, band := range b.Bands {
			if band.Label == label {
				return band.Min, true
			}
		}
	}
	return 0, false
}

// Of is what a value in percent is worth, linearly: Max·value/100.
func (p *Points) Of(percent float64) float64 { return p.Max * percent / 100 }

// Interval is the interval as the publisher prints it, estimate ± PublishedZ·SE; ok is false where the publisher's z is not known.
// PAPI prints 1.645 standard errors as its 95 % interval, which is a 90 % one.
func (c CI) Interval(estimate, se float64) (lo, hi float64, ok bool) {
	if c.PublishedZ <= 0 {
		return 0, 0, false
	}
	return estimate - c.PublishedZ*se, estimate + c.PublishedZ*se, true
}
