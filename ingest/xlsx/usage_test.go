//go:build unix

package xlsx

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// BenchmarkPeak scans the test book in a process of its own and reports the most memory that it had.
func BenchmarkPeak(b *testing.B) {
	if path := os.Getenv("HAILONG_SCAN_BOOK"); path != "" {
		for b.Loop() {
			scanBook(b, path)
		}
		return
	}
	for _, form := range bookForms {
		b.Run(form, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "book.xlsx")
			writeBook(b, path, form, bookRows)
			var peak int64
			for b.Loop() {
				child := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkPeak$", "-test.benchtime=1x")
				child.Env = append(os.Environ(), "HAILONG_SCAN_BOOK="+path)
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
			if peak > 160<<20 {
				b.Errorf("peak memory %s, more than 160 MiB", byteCount(peak))
			}
		})
	}
}

// BenchmarkCPU compares the processor time of scanning with that of inflating, which a busy machine disturbs less than the clock.
func BenchmarkCPU(b *testing.B) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	for _, form := range bookForms {
		b.Run(form, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "book.xlsx")
			writeBook(b, path, form, bookRows)
			runtime.GC()
			inflate, scan := time.Hour, time.Hour
			for b.Loop() {
				for range 5 {
					start := used()
					inflateSheet(b, path)
					middle := used()
					scanBook(b, path)
					inflate, scan = min(inflate, middle-start), min(scan, used()-middle)
				}
			}
			b.ReportMetric(inflate.Seconds(), "inflate-cpu-s")
			b.ReportMetric(scan.Seconds(), "scan-cpu-s")
			b.ReportMetric(scan.Seconds()/inflate.Seconds(), "cpu-scan/inflate")
		})
	}
}
