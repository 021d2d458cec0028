package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the hailong command, so that scripts run the real program in a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hailong": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScript runs testdata/script: what a user types, what comes out, and with which exit code.
// $SAMPLES is the repository's samples folder; $SHARED is the reference data, where it is there ([shared]).
func TestScript(t *testing.T) {
	p := scriptParams(t)
	p.Dir = "testdata/script"
	p.UpdateScripts = os.Getenv("UPDATE_SCRIPTS") != ""
	testscript.Run(t, p)
}

func scriptParams(t *testing.T) testscript.Params {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	shared := os.Getenv("HAILONG_SHARED")
	if shared == "" {
		shared = filepath.Join(root, "..", "shared")
	}
	return testscript.Params{
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", filepath.Join(root, "samples"))
			env.Setenv("SHARED", shared)
			env.Setenv("LC_ALL", "C")
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "shared":
				_, err := os.Stat(filepath.Join(shared, "design.md"))
				return err == nil, nil
			case "rsurvey": // R has the package survey
				return exec.Command("Rscript", "-e", `quit(status = !requireNamespace("survey", quietly = TRUE))`).Run() == nil, nil
			}
			return false, errors.New("unknown condition " + cond)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":  exits,
			"damage": damage,
			"same":   same,
			"jsonl":  jsonl,
		},
	}
}

// exits CODE COMMAND… runs a command and asserts its exit code; testscript's own exec knows only success and failure.
// stdout and stderr are left in the files stdout and stderr, to be asked with grep.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	for _, key := range []string{"PATH", "HOME", "WORK", "LC_ALL", "SAMPLES", "SHARED", "HAILONG_PASSWORD", "TMPDIR"} {
		cmd.Env = append(cmd.Env, key+"="+ts.Getenv(key))
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("running %s: %v", args[1], err)
	}
	ts.Logf("%s%s", stdout.String(), stderr.String())
	ts.Check(os.WriteFile(ts.MkAbs("stdout"), stdout.Bytes(), 0o666))
	ts.Check(os.WriteFile(ts.MkAbs("stderr"), stderr.Bytes(), 0o666))
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	if strings.Contains(stderr.String(), "panic:") || strings.Contains(stderr.String(), "goroutine ") {
		ts.Fatalf("the command panicked")
	}
}

// damage FROM TO cuts a file to two thirds, or flips a byte in its middle with "flip".
func damage(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: damage cut|flip FROM TO")
	}
	b, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	switch args[0] {
	case "cut":
		b = b[:len(b)*2/3]
	case "flip":
		b[len(b)/2] ^= 0x55
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b, 0o666))
}

// jsonl FILE asserts that a file has lines, and that each is a JSON object with a level and a message.
func jsonl(ts *testscript.TestScript, _ bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	text := strings.TrimRight(string(b), "\n")
	if text == "" {
		ts.Fatalf("%s is empty", args[0])
	}
	for line := range strings.SplitSeq(text, "\n") {
		var entry struct{ Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Level == "" || entry.Msg == "" {
			ts.Fatalf("%s: no JSON object with level and msg: %s", args[0], line)
		}
	}
}

// same A B asserts that two files hold the same bytes.
func same(ts *testscript.TestScript, neg bool, args []string) {
	a, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	b, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	if bytes.Equal(a, b) == neg {
		ts.Fatalf("%s and %s: same bytes is %v", args[0], args[1], !neg)
	}
}
