package survey

import (
	"hailong/ingest/wording"
)

// A TTest is a design-based t-test.
type TTest struct {
	T, DF, P float64
	Diff     float64 // the mean, or the difference of the second group's mean from the first's
	SE       float64
	Lo, Hi   float64 // 95 %
}

func newTTest(est, se, df float64) TTest {
	out := TTest{T: est / se, DF: df, Diff: est, SE: se}
	out.P = TwoSidedP(out.T, df)
	out.Lo, out.Hi = Contrast{Est: est, SE: se}.CI(0.95, df)
	return out
}

// TTestOne tests a mean against 0 on degf − 1 degrees of freedom; of a difference of two columns it is the paired test, or that of a change
// on the same units. R: svyttest(y ~ 0, design).
//
// By hand: a mean of 2 with SE 1 on degf 11 gives t = 2 on 10, p = 0.0734.
func (d *Design) TTestOne(y string) (TTest, error) {
	m, err := d.Mean([]string{y}, Options{})
	if err != nil {
		return TTest{}, wording.Errorf("testing the mean: %w", err)
	}
	if len(m.Est) != 1 {
		return TTest{}, wording.Errorf("testing the mean: %q is a factor", y)
	}
	return newTTest(m.Est[0], m.SE[0], d.DF()-1), nil
}

// TTestTwo tests whether two groups have one mean: the coefficient of group in a linear model, on its residual degrees of freedom.
// R: svyttest(y ~ group, design).
func (d *Design) TTestTwo(y, group string) (TTest, error) {
	fit, err := d.GLM(Model{Response: y, Terms: []Term{{group}}})
	if err != nil {
		return TTest{}, wording.Errorf("testing two groups: %w", err)
	}
	if len(fit.Est) != 2 {
		return TTest{}, wording.Errorf("testing two groups: %q has %d levels, not 2", group, len(fit.Est))
	}
	return newTTest(fit.Est[1], fit.SE[1], fit.DF), nil
}
