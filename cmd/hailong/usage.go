package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"hailong/samples"
)

// A usageError is what the command line's parser objects to.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// usageWords are kong's sentences (v1.17), which come as finished texts, in Vietnamese. A test makes every one of these mistakes.
var usageWords = []struct {
	en *regexp.Regexp
	vi string
}{
	{regexp.MustCompile(`, did you mean one of (.*)\?$`), `; có phải một trong $1?`},
	{regexp.MustCompile(`, did you mean (.*)\?$`), `; có phải $1?`},
	{regexp.MustCompile(`^unknown flag (\S+)`), `không có tuỳ chọn $1`},
	{regexp.MustCompile(`^unexpected argument (.*?)(;|$)`), `thừa đối số $1$2`},
	{regexp.MustCompile(`^missing flags: (.*)$`), `thiếu tuỳ chọn: $1`},
	{regexp.MustCompile(`^missing positional arguments (.*)$`), `thiếu đối số: $1`},
	{regexp.MustCompile(`^expected one of (.*)$`), `cần một trong $1`},
	{regexp.MustCompile(`^(.*) must be one of (.*) but got (".*")$`), `$1 phải là một trong $2, không phải $3`},
	{regexp.MustCompile(`^(.*): expected a valid \d+ bit int but got (".*")$`), `$1: cần một số nguyên, không phải $2`},
	{regexp.MustCompile(`^(.*): expected a valid \d+ bit uint but got (".*")$`), `$1: cần một số nguyên không âm, không phải $2`},
	{regexp.MustCompile(`^(.*): expected an int but got (".*?").*$`), `$1: cần một số nguyên, không phải $2`},
	{regexp.MustCompile(`^(.*): expected a float but got (".*?").*$`), `$1: cần một số, không phải $2; dấu thập phân là dấu chấm`},
	{regexp.MustCompile(`^(.*): bool value must be .* but got (".*")$`), `$1: cần true hoặc false, không phải $2`},
	{regexp.MustCompile(`^(.*): expected \S+ value but got .*$`), `$1: thiếu giá trị`},
	{regexp.MustCompile(`^(.*): missing value, expecting .*$`), `$1: thiếu giá trị`},
	{regexp.MustCompile(`^expected (.*)$`), `cần $1`},
}

func usageInVietnamese(text string) string {
	for _, w := range usageWords {
		text = w.en.ReplaceAllString(text, w.vi)
	}
	return text
}

// earlyFlag is what the command line says of a flag, before it has been parsed: in which language and form its own mistakes are told.
func earlyFlag(args []string, name string) string {
	value := ""
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, name+"="); ok {
			value = v
		} else if arg == name && i+1 < len(args) {
			value = args[i+1]
		}
	}
	return value
}

// helpFrame are kong's own words around the help texts.
var helpFrame = strings.NewReplacer(
	"\nUsage: ", "\nCách dùng: ", "\nFlags:\n", "\nTuỳ chọn:\n", "\nArguments:\n", "\nĐối số:\n", "\nCommands:\n", "\nLệnh:\n",
	" for more information on a command.", " để xem từng lệnh.", " for more information.", " để xem thêm.", "\nRun \"", "\nGõ \"",
	" <command>", " <lệnh>", " [flags]", " [tuỳ chọn]",
)

// printHelp prints the help, in Vietnamese where the messages are.
func (a *app) printHelp(o kong.HelpOptions, k *kong.Context) error {
	if a.lang != "vi" {
		return kong.DefaultHelpPrinter(o, k)
	}
	var text bytes.Buffer
	stdout := k.Stdout
	k.Stdout = &text
	err := kong.DefaultHelpPrinter(o, k)
	k.Stdout = stdout
	if err != nil {
		return err
	}
	_, err = io.WriteString(stdout, strings.TrimPrefix(helpFrame.Replace("\n"+text.String()), "\n"))
	return err
}

// translateHelp puts the Vietnamese words into the model of the command line, from which the help, the manual page, the completion and the
// parser's errors take them.
func translateHelp(n *kong.Node) {
	put := func(text *string, english string) {
		if vi, ok := helpTexts[english]; ok {
			*text = strings.ReplaceAll(vi, "${presets}", strings.Join(samples.Presets(), ","))
		}
	}
	put(&n.Help, n.Help)
	put(&n.Detail, n.Detail)
	for _, f := range n.Flags {
		put(&f.Help, f.OrigHelp)
		if f.PlaceHolder != "" {
			f.PlaceHolder = label("placeholder", f.PlaceHolder).VI
		}
	}
	for _, p := range n.Positional {
		put(&p.Help, p.OrigHelp)
		p.Name = label("argument", p.Name).VI
	}
	for _, c := range n.Children {
		translateHelp(c)
	}
}
