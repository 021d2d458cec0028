package reports

import (
	"bytes"
	"io"
	"runtime"
	"testing"
)

// One province: 9 districts, 12 communes, four more breakdowns, 28 nodes.
func BenchmarkProvince(b *testing.B) {
	set := fixture(fixtureSize{communes: 104})
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteTo(io.Discard, set, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// The whole country's communes, every node in each: the size that must stay under 5 s and 300 MB.
func BenchmarkCountry(b *testing.B) {
	set := fixture(fixtureSize{communes: 3321})
	b.ReportMetric(float64(len(set.Estimates)), "estimates")
	for b.Loop() {
		var out bytes.Buffer
		if err := WriteTo(&out, set, Options{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Len())/1e6, "MB-file")
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	b.ReportMetric(float64(stats.Sys)/1e6, "MB-from-system")
}
