package main

import (
	"context"
	"fmt"
	"log/slog"
)

// note says one line on stderr: what was done or assumed.
func (a *app) note(text string) { a.tell(slog.LevelInfo, text) }

// warn says one line on stderr: what is doubtful or wrong, and does not stop the work.
func (a *app) warn(text string, fields ...any) { a.tell(slog.LevelWarn, text, fields...) }

// tell says one line on stderr. With --log-format json every line is an object, as the log's are: a program that reads stderr line by
// line must not meet a sentence. The fields are for programs; people find them in the text.
func (a *app) tell(level slog.Level, text string, fields ...any) {
	if a.LogFormat == "json" {
		slog.New(slog.NewJSONHandler(a.stderr, nil)).Log(context.Background(), level, text, fields...)
		return
	}
	fmt.Fprintf(a.stderr, "hailong: %s\n", text)
}

// tellFailure says what stopped the work and what to do about it.
func (a *app) tellFailure(text, hint string, code int) {
	if a.LogFormat == "json" {
		a.tell(slog.LevelError, text, "hint", hint, "exit", code)
		return
	}
	a.note(say("word.error").in(a.lang) + ": " + text)
	if hint != "" {
		a.note(say("word.hint").in(a.lang) + ": " + hint)
	}
}
