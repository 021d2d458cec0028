package survey

import (
	"fmt"

	"hailong/ingest/wording"
)

// LonelyPSU says what the variance does with a stratum that has a single PSU, in the words of R's options(survey.lonely.psu).
type LonelyPSU uint8

// The five ways. The zero value stops the estimate and names the stratum.
const (
	LonelyFail LonelyPSU = iota
	LonelyRemove
	LonelyCertainty
	LonelyAdjust
	LonelyAverage
)

var lonelyNames = [...]string{"fail", "remove", "certainty", "adjust", "average"}

func (l LonelyPSU) String() string {
	if int(l) >= len(lonelyNames) {
		return fmt.Sprintf("LonelyPSU(%d)", uint8(l))
	}
	return lonelyNames[l]
}

// MarshalText writes R's word.
func (l LonelyPSU) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads one of R's words.
func (l *LonelyPSU) UnmarshalText(b []byte) error {
	for i, name := range lonelyNames {
		if string(b) == name {
			*l = LonelyPSU(i)
			return nil
		}
	}
	return wording.Errorf("lonely_psu %q is not one of fail, remove, certainty, adjust, average", b)
}
