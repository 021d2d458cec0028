package index

import "testing"

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"sipas-2017", "sipas-2023", "papi-2021"} {
		source, err := Shipped(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if _, err := Parse(source); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
