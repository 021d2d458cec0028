// Command hailong turns Excel survey exports into satisfaction and governance figures and a workbook for leaders.
//
// It is where the rooms meet: every command reads its options, hands each room its own part, and writes what comes back.
// stdout is what was asked for; everything else goes to stderr, as `hailong: error: …` and, on the next line,
// `hailong: hint: …` with something to do. No capitalised initials and no full stops at the end.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is stamped by `make build`.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
