//go:build unix

package ingest

import (
	"syscall"
	"testing"
	"time"
)

// processorTime is what the process has used of all processors, which a busy machine disturbs less than the clock.
func processorTime(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
