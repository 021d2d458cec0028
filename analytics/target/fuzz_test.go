package target

import "testing"

// FuzzParse: a plan of targets is edited by hand; it parses or gives an error, and what parses can be judged.
func FuzzParse(f *testing.F) {
	source, err := Shipped("kh-168-tu")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(source))
	f.Add("id: x\ntargets:\n  - {id: a, kind: rank_gain, steps: [{gain: [1, 2], gain_of: [actual]}]}\n")
	f.Fuzz(func(t *testing.T, source string) {
		p, err := Parse([]byte(source))
		if err != nil {
			return
		}
		targets := Judge(p, Facts{Year: 2021})
		if len(targets) != len(p.Targets) {
			t.Errorf("%d verdicts on %d targets", len(targets), len(p.Targets))
		}
		Gaps(p, Facts{Year: 2021}, targets)
	})
}
