package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var (
	readmeLink    = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	readmeCommand = regexp.MustCompile(`^hailong ([a-z]+)`)
)

// TestReadme holds both READMEs to what is there: every make target is one, the list of commands is the command line's, the plan is read, and
// every link leads to a file.
func TestReadme(t *testing.T) {
	for _, name := range []string{"README.md", "README.vi.md"} {
		b, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range readmeFaults(string(b)) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// TestReadmeIsHeldToIt: the check fails on a target, a command, a key and a file that are not there, and on a command that is left out.
func TestReadmeIsHeldToIt(t *testing.T) {
	for text, want := range map[string]string{
		"```sh\nmake everything\n```":                "make everything",
		"```\nhailong improve FILE  better\n```":     "hailong improve",
		"```yaml\nindex: sipas-2017\nfils: [a]\n```": "fils",
		"[more](docs/more.md)":                       "docs/more.md",
		"nothing":                                    "hailong compare is not listed",
	} {
		if !slices.ContainsFunc(readmeFaults(text), func(fault string) bool { return strings.Contains(fault, want) }) {
			t.Errorf("%q passes: no fault names %q", text, want)
		}
	}
}

// silent are the commands that a README leaves to the manual.
var silent = []string{"version", "schema", "man", "completion", "complete"}

func readmeFaults(text string) []string {
	var faults []string
	k, err := kong.New(&commands{}, kong.Name("hailong"), kong.Vars{"version": version, "presets": "x"})
	if err != nil {
		return []string{err.Error()}
	}
	var commands, listed []string
	for _, c := range k.Model.Children {
		commands = append(commands, c.Name)
	}
	for _, b := range fenced(text) {
		switch {
		case len(b.info) > 0 && b.info[0] == "yaml":
			if err := decodePlan([]byte(strings.Join(b.lines, "\n")), &plan{}); err != nil {
				faults = append(faults, err.Error())
			}
		case len(b.info) > 0 && b.info[0] == "sh":
			for _, line := range b.lines {
				line, _, _ = strings.Cut(line, "#")
				words := strings.Fields(line)
				if len(words) != 2 || words[0] != "make" {
					faults = append(faults, "no make target: "+line)
					continue
				}
				if out, err := exec.Command("make", "-C", "../..", "-n", words[1]).CombinedOutput(); err != nil { //nolint:gosec // a target of ours
					faults = append(faults, line+": "+string(bytes.TrimSpace(out)))
				}
			}
		default:
			for _, line := range b.lines {
				m := readmeCommand.FindStringSubmatch(line)
				if m == nil {
					continue
				}
				listed = append(listed, m[1])
				if !slices.Contains(commands, m[1]) {
					faults = append(faults, "hailong "+m[1]+" is no command")
				}
			}
		}
	}
	for _, c := range commands {
		if !slices.Contains(listed, c) && !slices.Contains(silent, c) {
			faults = append(faults, "hailong "+c+" is not listed")
		}
	}
	for _, m := range readmeLink.FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join("../..", m[1])); err != nil {
			faults = append(faults, "the link leads nowhere: "+m[1])
		}
	}
	return faults
}
