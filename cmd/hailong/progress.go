package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"hailong/ingest"
)

// progress shows how far a batch of files is: on a terminal a bar with the rows, their rate and the time left; in a log, with -v, a plain line
// a file; nothing otherwise.
type progress struct {
	app   *app
	bar   *progressbar.ProgressBar
	began time.Time
	done  int // files that a line was written for
}

func (a *app) progress(files int) *progress {
	p := &progress{app: a, began: time.Now()}
	if a.Quiet || a.LogFormat == "json" || !isTerminal(a.stderr) {
		return p
	}
	p.bar = progressbar.NewOptions(files,
		progressbar.OptionSetWriter(a.stderr),
		progressbar.OptionSetDescription(say("run.reading").in(a.lang)),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetWidth(20),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)
	return p
}

// step tells what was read so far.
func (p *progress) step(now ingest.Progress, file string) {
	passed := time.Since(p.began)
	rate := int64(float64(now.Rows) / max(passed.Seconds(), 0.001))
	if p.bar != nil {
		if now.Rows > 0 {
			p.bar.Describe(say("run.reading_rows", p.app.count(now.Rows), p.app.count(rate)).in(p.app.lang))
		}
		// A bar that cannot be drawn is no reason to stop the job.
		_ = p.bar.Set(now.FilesDone)
		return
	}
	if now.FilesDone > p.done {
		p.done = now.FilesDone
		left := passed * time.Duration(now.Files-now.FilesDone) / time.Duration(now.FilesDone)
		p.app.log.Info(say("run.reading").in(p.app.lang), "done", now.FilesDone, "of", now.Files, "file", file, "rows", now.Rows, "rows_per_second", rate, "left", left.Round(time.Second).String())
	}
}

// count writes a number with the separators of the language.
func (a *app) count(n int64) string {
	tag := language.English
	if a.lang == "vi" {
		tag = language.Vietnamese
	}
	return message.NewPrinter(tag).Sprintf("%d", n)
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
