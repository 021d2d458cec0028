package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"hailong/samples"
)

// Exit codes, the same for every command.
const (
	exitOK       = 0
	exitFailed   = 1 // failed, nothing written
	exitUsage    = 2 // the command line or the plan is wrong
	exitProblems = 3 // written, but problems were found
	exitMissed   = 4 // with --check, a target is missed
)

// commands is the command line. One file a command; each command is its options and a Run.
type commands struct {
	globals

	Run      runCmd      `cmd:"" help:"Everything: ingest, analyse, write the workbook (the main job)."`
	Inspect  inspectCmd  `cmd:"" help:"What is in these files: tables, columns, what they match, what is wrong."`
	Init     initCmd     `cmd:"" help:"A plan to edit, filled from what inspect found."`
	Ingest   ingestCmd   `cmd:"" help:"Only the dataset: Parquet files that DuckDB, R and Python read."`
	Cat      catCmd      `cmd:"" help:"The cells of a workbook as read."`
	Estimate estimateCmd `cmd:"" help:"The survey estimators on any data file: the statistician's bench."`
	EGov     egovCmd     `cmd:"" name:"egov" help:"E-government figures from procedure lists and dossier exports."`
	Place    placeCmd    `cmd:"" help:"Groups and ranks of all provinces from a published score table."`
	Targets  targetsCmd  `cmd:"" help:"The scoreboard of a plan's targets."`
	Compare  compareCmd  `cmd:"" help:"Two waves: changes, their significance, method breaks."`
	Size     sizeCmd     `cmd:"" help:"Sample size, allocation and selection before the field work."`
	Indexes  indexesCmd  `cmd:"" help:"List, show and check index definitions."`
	Generate generateCmd `cmd:"" help:"A seeded synthetic survey file with a known truth."`
	Version  versionCmd  `cmd:"" help:"The version and the libraries inside."`

	Schema     schemaCmd     `cmd:"" help:"The JSON Schema of the plan file, for editors."`
	Man        manCmd        `cmd:"" help:"The manual page."`
	Completion completionCmd `cmd:"" help:"A script that lets the shell complete commands and options."`
	Complete   completeCmd   `cmd:"" hidden:"" help:"What the completion scripts ask."`
}

// globals are the options every command takes.
type globals struct {
	Lang      string `help:"Language of messages and workbook: vi, en (default: the workbook vi, messages by the locale)." enum:"vi,en,auto" default:"auto" placeholder:"vi|en"`
	Quiet     bool   `short:"q" help:"No progress, no summary."`
	Verbose   int    `short:"v" type:"counter" help:"Say more on stderr; twice for details."`
	LogFormat string `help:"Form of the log on stderr: text or json." enum:"text,json" default:"text"`
	Workers   int    `help:"Files read at the same time (default: one a core)." placeholder:"N"`
}

// An app is one invocation: its streams and its language. Commands receive it; nothing else writes.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	log            *slog.Logger
	lang           string // of messages
	command        string // that runs: hailong size proportion
	globals
	args []string
	left []string // what of a folder is not read, as it was said
}

// bookLang is the language of what is written: Vietnamese unless --lang or the plan says otherwise.
func (a *app) bookLang(plan string) string {
	switch {
	case a.Lang == "vi" || a.Lang == "en":
		return a.Lang
	case plan == "en":
		return "en"
	}
	return "vi"
}

// about is what stands above the help.
const about = "Excel survey exports in; satisfaction and governance figures with their uncertainty, and a leadership workbook, out.\n\n" +
	"Exit status: 0 done · 1 failed, nothing written · 2 the command line or the plan is wrong · 3 written, but problems were found · 4 with --check, a target is missed."

// run is the whole program but for the process: it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, lang: localeLang(os.Getenv), args: args}
	if lang := earlyFlag(args, "--lang"); lang == "vi" || lang == "en" {
		a.lang = lang
	}
	a.LogFormat = earlyFlag(args, "--log-format")
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("hailong"),
		kong.Description(about),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.Help(a.printHelp),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": version, "presets": strings.Join(samples.Presets(), ",")},
	)
	if err != nil {
		return a.fail(err)
	}
	if a.lang == "vi" {
		translateHelp(parser.Model.Node)
	}
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help": // hailong help size proportion
		args = append(slices.Clone(args[1:]), "--help")
	}
	k, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		return a.fail(&failure{code: exitUsage, err: &usageError{err}, hint: say("hint.help")})
	}
	a.globals = c.globals
	if node := k.Selected(); node != nil {
		a.command = node.FullPath()
	}
	if c.Lang != "auto" {
		a.lang = c.Lang
	}
	a.log = newLogger(stderr, c.globals)
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(a); err != nil {
		return a.fail(err)
	}
	return exitOK
}

func newLogger(w io.Writer, g globals) *slog.Logger {
	level := slog.LevelWarn
	switch {
	case g.Quiet:
		level = slog.LevelError
	case g.Verbose == 1:
		level = slog.LevelInfo
	case g.Verbose > 1:
		level = slog.LevelDebug
	}
	o := &slog.HandlerOptions{Level: level}
	if g.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// localeLang is the language of messages by the POSIX locale: Vietnamese for vi_*, else English.
func localeLang(getenv func(string) string) string {
	for _, key := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(key); v != "" {
			if strings.HasPrefix(v, "vi") {
				return "vi"
			}
			return "en"
		}
	}
	return "en"
}

// A failure is an error with its exit code and something to do about it.
type failure struct {
	code int
	msg  *phrase // nil: err speaks for itself
	hint *phrase
	err  error
}

func (f *failure) Error() string {
	if f.msg == nil {
		return f.err.Error()
	}
	if f.err == nil {
		return f.msg.in("en")
	}
	return f.msg.in("en") + ": " + f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// fail prints an error and its hint and returns the exit code.
func (a *app) fail(err error) int {
	code, text, hint := exitFailed, a.errorText(err), ""
	var f *failure
	if errors.As(err, &f) {
		if f.code != 0 {
			code = f.code
		}
		if f.hint != nil {
			hint = f.hint.in(a.lang)
		}
	}
	if errors.Is(err, context.Canceled) {
		text, hint = say("error.interrupted").in(a.lang), say("hint.interrupted").in(a.lang)
	}
	if diskFull(err) {
		hint = say("hint.disk_full").in(a.lang)
	}
	if hint == "" {
		hint = a.hintFor(err)
	}
	if hint == "" && a.command != "" {
		hint = say("hint.command", a.command).in(a.lang)
	}
	if text != "" {
		a.tellFailure(text, hint, code)
	}
	return code
}
