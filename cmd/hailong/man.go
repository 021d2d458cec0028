package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

type manCmd struct{}

// Run prints the manual page: hailong man > /usr/local/share/man/man1/hailong.1
func (manCmd) Run(a *app, k *kong.Context) error { return a.writeMan(a.stdout, k.Model) }

// writeMan writes the manual page from the command line's own description, so that it cannot fall behind it. It has no date: the same version
// gives the same bytes. (mango-kong, the library for this, dates the page with the hour it was made.)
func (a *app) writeMan(out io.Writer, m *kong.Application) error {
	var b strings.Builder
	word := func(p *phrase) string { return roff(p.in(a.lang)) }
	about, exits, _ := strings.Cut(m.Help, "\n\n")
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"%s %s\"\n", strings.ToUpper(m.Name), m.Name, roff(version))
	fmt.Fprintf(&b, ".SH %s\n%s \\- %s\n", word(say("man.name")), m.Name, roff(strings.TrimSuffix(about, ".")))
	fmt.Fprintf(&b, ".SH %s\n.B %s\n.I %s\n[\\fI%s\\fR] [\\fI%s\\fR]\n", word(say("man.synopsis")), m.Name, word(say("man.command")), word(say("man.option")), word(say("man.argument")))
	fmt.Fprintf(&b, ".SH %s\n%s\n.SH %s\n%s\n", word(say("man.description")), roff(about), word(say("man.options")), word(say("man.every")))
	manFlags(&b, m.Flags)
	fmt.Fprintf(&b, ".SH %s\n", word(say("man.commands")))
	for _, n := range m.Leaves(true) {
		fmt.Fprintf(&b, ".SS \"%s\"\n%s\n", roff(n.FullPath()), roff(n.Help))
		if n.Detail != "" {
			fmt.Fprintf(&b, ".PP\n%s\n", strings.ReplaceAll(roff(n.Detail), "\n", "\n.br\n"))
		}
		for _, p := range n.Positional {
			fmt.Fprintf(&b, ".TP\n.I %s\n%s\n", roff(p.Summary()), roff(p.Help))
		}
		manFlags(&b, n.Flags)
	}
	fmt.Fprintf(&b, ".SH %s\n", word(say("man.exit")))
	_, exits, _ = strings.Cut(exits, ": ")
	for _, e := range strings.Split(strings.TrimSuffix(exits, "."), " · ") {
		code, text, _ := strings.Cut(e, " ")
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", code, roff(text))
	}
	fmt.Fprintf(&b, ".SH %s\n.TP\n.B HAILONG_PASSWORD\n%s\n.TP\n.B LC_ALL, LC_MESSAGES, LANG\n%s\n", word(say("man.environment")), word(say("man.password")), word(say("man.locale")))
	_, err := io.WriteString(out, b.String())
	return err
}

func manFlags(b *strings.Builder, flags []*kong.Flag) {
	for _, f := range flags {
		if !f.Hidden {
			fmt.Fprintf(b, ".TP\n.B \"%s\"\n%s\n", roff(f.String()), roff(f.Help))
		}
	}
}

// roff makes text safe for a manual page: a backslash, hyphens that can be copied, quotes within an argument, and no line that begins
// like a request.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`).Replace(strings.TrimSpace(s))
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
