package survey

import "slices"

// InfluenceVariance is the variance of Σz over the design, z being a figure's weighted influence on each row (0 outside the figure's
// domain): what is left of z after calibration, through every stage. It is Totals' Variance for designs that are known row by row, and the
// variance of any combination of figures is that of the combination of their z. R: svyrecvar(z, …, postStrata = design$postStrata).
func (d *Design) InfluenceVariance(z []float64) (float64, error) {
	v, err := d.covariance([][]float64{z})
	if err != nil {
		return 0, err
	}
	return v[0][0], nil
}

// Parts is TotalsVariance's Parts of figures that are known row by row, after what calibration leaves of them. at is each row's PSU.
func (d *Design) Parts(z [][]float64) (at []int, parts [][]float64, err error) {
	left := make([][]float64, len(z))
	for f := range z {
		left[f] = slices.Clone(z[f])
	}
	for _, a := range d.adjust {
		a.residual(left)
	}
	stratum, at, population := d.psuList()
	order := make([]int, len(stratum)) // Totals has the PSUs stratum by stratum
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return stratum[a] - stratum[b] })
	t := &Totals{Strata: d.stratumName[0], PSUs: make([]string, len(stratum))}
	if len(d.population) > 0 {
		t.PopPSUs = make([]float64, len(t.Strata))
	}
	place := make([]int, len(stratum))
	for k, i := range order {
		place[i] = k
		t.Stratum = append(t.Stratum, int32(stratum[i]))
		if t.PopPSUs != nil {
			t.PopPSUs[stratum[i]] = population[i]
		}
	}
	variances, err := t.Variances(d.spec.Lonely)
	if err != nil {
		return nil, nil, err
	}
	for _, x := range left {
		sums := make([]float64, len(stratum))
		for k, i := range at {
			if i >= 0 {
				sums[place[i]] += x[k]
			}
		}
		u := variances.Parts(Linear{Z: sums})
		own := make([]float64, len(stratum))
		for i, k := range place {
			own[i] = u[k]
		}
		parts = append(parts, own)
	}
	return at, parts, nil
}
