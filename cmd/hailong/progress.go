package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far a batch of files is: a bar where stderr is a terminal, plain lines in a log with -v, nothing otherwise.
type progress struct {
	bar *progressbar.ProgressBar
	say func(done, total int, name string)
}

func (a *app) progress(total int, what string) *progress {
	p := &progress{say: func(done, total int, name string) {
		a.log.Info(what, "done", done, "of", total, "file", name)
	}}
	if a.Quiet || a.LogFormat == "json" || !isTerminal(a.stderr) {
		return p
	}
	p.bar = progressbar.NewOptions(total,
		progressbar.OptionSetWriter(a.stderr),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)
	return p
}

// step tells of one more file done.
func (p *progress) step(done, total int, name string) {
	if p.bar == nil {
		p.say(done, total, name)
		return
	}
	// A bar that cannot be drawn is no reason to stop the job.
	_ = p.bar.Set(done)
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// lines prints one line a string.
func lines(w io.Writer, ss []string) error {
	for _, s := range ss {
		if _, err := fmt.Fprintln(w, s); err != nil {
			return err
		}
	}
	return nil
}
