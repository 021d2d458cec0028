package survey

import "math"

// orthonormal builds an orthonormal basis of the columns' span by modified Gram-Schmidt, done twice for accuracy. A column
// that lies in the span of those before it, to within tol of its own length, is dropped, as R's qr() does.
func orthonormal(cols [][]float64, tol float64) [][]float64 {
	var basis [][]float64
	for _, c := range cols {
		v := append([]float64(nil), c...)
		length := norm(v)
		for range 2 {
			for _, q := range basis {
				axpy(v, -dot(q, v), q)
			}
		}
		if left := norm(v); left > tol*length && left > 0 {
			for k := range v {
				v[k] /= left
			}
			basis = append(basis, v)
		}
	}
	return basis
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for k := range a {
		sum += a[k] * b[k]
	}
	return sum
}

func norm(a []float64) float64 { return math.Sqrt(dot(a, a)) }

func axpy(y []float64, alpha float64, x []float64) {
	for k := range y {
		y[k] += alpha * x[k]
	}
}
