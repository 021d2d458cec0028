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

// BenchmarkIngestPeak takes the test book to Parquet in a process of its own, which collects garbage as the command does for large inputs,
// and reports the most memory that it had.
func BenchmarkIngestPeak(b *testing.B) {
	if path := os.Getenv("HAILONG_WRITE_BOOK"); path != "" {
		rows, err := strconv.Atoi(os.Getenv("HAILONG_WRITE_ROWS"))
		if err != nil {
			b.Fatal(err)
		}
		writeBook(b, path, os.Getenv("HAILONG_WRITE_FORM"), rows, 2020)
		return
	}
	if path := os.Getenv("HAILONG_INGEST_BOOK"); path != "" {
		for b.Loop() {
			run(b, Options{Files: []string{path}, Definition: bookDefinition(), Out: b.TempDir(), NoCache: true})
		}
		return
	}
	for _, form := range bookForms() {
		b.Run(form, func(b *testing.B) { benchmarkPeak(b, form, bookRows, 160e6) })
		b.Run(form+"-1M", func(b *testing.B) { benchmarkPeak(b, form, 10*bookRows, 200e6) })
	}
}

func benchmarkPeak(b *testing.B, form string, rows int, most int64) {
	path := filepath.Join(b.TempDir(), "book.xlsx")
	child := func(env ...string) *os.ProcessState {
		c := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkIngestPeak$", "-test.benchtime=1x")
		c.Env = append(os.Environ(), env...)
		if out, err := c.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		return c.ProcessState
	}
	// Linux counts what this process had at the most as its children's too, so the book is written by another.
	child("HAILONG_WRITE_BOOK="+path, "HAILONG_WRITE_FORM="+form, "HAILONG_WRITE_ROWS="+strconv.Itoa(rows))
	var peak int64
	for b.Loop() {
		usage, ok := child("GOGC=20", "HAILONG_INGEST_BOOK="+path).SysUsage().(*syscall.Rusage)
		if !ok {
			b.Skip("the system does not tell")
		}
		unit := int64(1 << 10) // kilobytes, but on macOS bytes
		if runtime.GOOS == "darwin" {
			unit = 1
		}
		peak = max(peak, usage.Maxrss*unit)
	}
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
	if peak > most {
		b.Errorf("peak memory %d MB, more than %d MB", peak/1e6, most/1e6)
	}
}
