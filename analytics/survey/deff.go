package survey

// Deff is the design effect: the variance under the design over the variance that a simple random sample of the same size would have,
// v / [(1−n/N̂)·S²/n], with N̂ = Σw and S² from WeightedVariance. replace omits the factor 1−n/N̂.
// Kish (1965); R: svymean(deff = TRUE), svymean(deff = "replace").
//
// By hand: v = 0.02, S² = 1, n = 100, N̂ = 1000 gives an SRS variance of 0.9/100 = 0.009 and Deff 2.22; with replacement 0.01 and 2.
func Deff(variance, s2 float64, n int, sumW float64, replace bool) float64 {
	srs := s2 / float64(n)
	if !replace {
		srs *= 1 - float64(n)/sumW
	}
	return variance / srs
}

// WeightedVariance is S² = n/(n−1)·(Σwy²/Σw − (Σwy/Σw)²), the population variance that svyvar estimates, from sums.
// It subtracts two near numbers: where the rows are at hand, Variance centres first.
func WeightedVariance(sumWYY, sumWY, sumW float64, n int) float64 {
	mean := sumWY / sumW
	return (sumWYY/sumW - mean*mean) * float64(n) / float64(n-1)
}

// DeffProportion is Deff of a proportion p, whose S² is p(1−p)·n/(n−1).
func DeffProportion(p, variance float64, n int, sumW float64, replace bool) float64 {
	return Deff(variance, p*(1-p)*float64(n)/float64(n-1), n, sumW, replace)
}

// KishDeff is n·Σw²/(Σw)², what unequal weights alone do to a variance (Kish 1992): 1 for equal weights. Rows of weight 0 do not count.
func KishDeff(w []float64) float64 {
	n, sum, squares := 0.0, 0.0, 0.0
	for _, v := range w {
		if v != 0 {
			n++
			sum += v
			squares += v * v
		}
	}
	return n * squares / (sum * sum)
}
