package reports

import (
	"io"
	"runtime"
	"testing"
)

// One province: 9 districts, 120 communes, four more breakdowns, 51 nodes.
func BenchmarkProvince(b *testing.B) {
	set := fixture(fixtureSize{communes: 120, nodes: 51})
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteTo(io.Discard, set, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// counted is a file of which only the size is kept: where it goes takes no memory.
type counted int

func (c *counted) Write(b []byte) (int, error) {
	*c += counted(len(b))
	return len(b), nil
}

// The whole country's communes, every node in each: the size that must stay under 5 s and 300 MB.
func BenchmarkCountry(b *testing.B) {
	set := fixture(fixtureSize{communes: 3321, nodes: 51})
	b.ReportMetric(float64(len(set.Estimates)), "estimates")
	for b.Loop() {
		var out counted
		if err := WriteTo(&out, set, Options{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out)/1e6, "MB-file")
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	b.ReportMetric(float64(stats.Sys)/1e6, "MB-from-system")
}
