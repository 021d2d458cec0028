//go:build unix

package ingest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
)

// BenchmarkIngestPeak takes the test book to Parquet in a process of its own and reports the most memory that it had.
func BenchmarkIngestPeak(b *testing.B) {
	if path := os.Getenv("HAILONG_INGEST_BOOK"); path != "" {
		for b.Loop() {
			run(b, Options{Files: []string{path}, Definition: bookDefinition(), Out: b.TempDir(), NoCache: true})
		}
		return
	}
	for _, c := range []struct {
		form string
		rows int
		most int64 // MiB
	}{{"inline", bookRows, 160}, {"inline", 10 * bookRows, 200}} {
		b.Run(c.form+"/"+strconv.Itoa(c.rows), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "book.xlsx")
			writeBook(b, path, c.form, c.rows, 2020)
			var peak int64
			for b.Loop() {
				child := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkIngestPeak$", "-test.benchtime=1x")
				child.Env = append(os.Environ(), "HAILONG_INGEST_BOOK="+path)
				if out, err := child.CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				usage, ok := child.ProcessState.SysUsage().(*syscall.Rusage)
				if !ok {
					b.Skip("the system does not tell")
				}
				unit := int64(1 << 10) // kilobytes, but on macOS bytes
				if runtime.GOOS == "darwin" {
					unit = 1
				}
				peak = max(peak, usage.Maxrss*unit)
			}
			b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
			if peak > c.most<<20 {
				b.Errorf("peak memory %d MiB, more than %d MiB", peak>>20, c.most)
			}
		})
	}
}
