package analytics

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hailong/analytics/engine"
)

// BenchmarkGrowth analyses the Parquet files that HAILONG_GROWTH matches, as `hailong generate` makes them, once: one scan by four breakdowns, every
// figure of SIPAS 2017 with its uncertainty. `make bench-growth` calls it for each size, in a process of its own, so that the peak of memory is that
// size's. HAILONG_TEST_ENGINE asks a server in place of DuckDB.
func BenchmarkGrowth(b *testing.B) {
	pattern := os.Getenv("HAILONG_GROWTH")
	if pattern == "" {
		b.Skip("HAILONG_GROWTH names no files; see make bench-growth")
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		b.Fatal(pattern, err)
	}
	source, _ := sipasItems(b)
	spill := b.TempDir()
	input := Input{Files: files, Definition: source, Engine: engine.Options{
		Threads: 2, MemoryLimit: os.Getenv("HAILONG_GROWTH_MEMORY"), TempDir: spill, Server: os.Getenv("HAILONG_TEST_ENGINE"), Root: filepath.Dir(files[0]),
	}}
	plan := Plan{Design: Design{Weight: "trong_so", Strata: Columns{"huyen"}, PSU: Columns{"xa"}}, Domains: []string{"huyen", "gioi_tinh", "nhom_tuoi", "linh_vuc"}}
	most := watch(b, spill)
	before := usage(b)
	rows := 0
	for b.Loop() {
		set, err := Run(context.Background(), input, plan)
		if err != nil {
			b.Fatal(err)
		}
		rows = set.Estimates[0].N
	}
	after := usage(b)
	seconds := func(u syscall.Rusage) float64 { return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9 }
	b.ReportMetric(float64(rows), "valid")
	b.ReportMetric((seconds(after)-seconds(before))/float64(b.N), "cpu-s")
	b.ReportMetric(float64(after.Maxrss)/1024, "peak-MiB")
	b.ReportMetric(float64(most.Load())/(1<<20), "spill-MiB")
}

func usage(b *testing.B) (u syscall.Rusage) {
	b.Helper()
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u
}

// watch looks ten times a second how much lies in a folder, and keeps the most.
func watch(b *testing.B, dir string) *atomic.Int64 {
	b.Helper()
	most := &atomic.Int64{}
	tick := time.NewTicker(100 * time.Millisecond)
	done := make(chan struct{})
	b.Cleanup(func() { tick.Stop(); close(done) })
	go func() {
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			var size int64
			_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error { // a file that is gone by now has no size
				if err == nil && !d.IsDir() {
					if info, err := d.Info(); err == nil {
						size += info.Size()
					}
				}
				return nil
			})
			if size > most.Load() {
				most.Store(size)
			}
		}
	}()
	return most
}
