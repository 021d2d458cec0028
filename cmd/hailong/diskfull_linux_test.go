package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDiskFull runs the sample onto a disk that holds the results of the run before and has no room for new ones: both stay as they were, nothing else is
// left, and the message says that the disk is full and what to do.
func TestDiskFull(t *testing.T) {
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	out := filepath.Join(disk, "so.xlsx")
	hailong := func() (int, string) {
		var stderr bytes.Buffer
		code := run(t.Context(), []string{"run", "../../samples/tra-vinh-2020/plan.yaml", "--lang", "vi", "--quiet", "--out", out, "--dataset", t.TempDir()}, strings.NewReader(""), &bytes.Buffer{}, &stderr)
		return code, stderr.String()
	}
	if code, said := hailong(); code != exitProblems {
		t.Fatalf("exit %d: %s", code, said)
	}
	before := folder(t, disk)
	if len(before) != 2 {
		t.Fatalf("%d files", len(before))
	}
	// Room for the new workbook, not for results.json beside it.
	if err := os.WriteFile(filepath.Join(disk, "fill"), make([]byte, room(t, disk)-int64(len(before["so.xlsx"]))-(8<<10)), 0o600); err != nil {
		t.Fatal(err)
	}
	code, said := hailong()
	if code != exitFailed || !strings.Contains(said, "sổ tổng hợp và results.json chưa được ghi: ghi "+filepath.Join(disk, "results.json")) ||
		!strings.Contains(said, "đĩa đầy\n") || !strings.Contains(said, "giải phóng chỗ trên đĩa") {
		t.Errorf("exit %d: %s", code, said)
	}
	after := folder(t, disk)
	delete(after, "fill")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error("the results of the run before are not what they were")
	}
}

// room is how many bytes a disk has left.
func room(t *testing.T, disk string) int64 {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(disk, &s); err != nil {
		t.Fatal(err)
	}
	return int64(s.Bavail) * s.Bsize
}

// folder is what the files of a folder hold.
func folder(t *testing.T, path string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(path, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(b)
	}
	return files
}
