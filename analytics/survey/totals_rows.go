package survey

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
