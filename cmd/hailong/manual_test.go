package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// manuals are the two manuals with the locale of the reader they are for.
var manuals = []struct{ lang, file, locale string }{
	{"vi", "manual/manual.vi.md", "vi_VN.UTF-8"},
	{"en", "manual/manual.en.md", "en_GB.UTF-8"},
}

func readManual(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A block is one fenced code block: its words after the fence, its lines, and where it begins.
type block struct {
	info  []string
	lines []string
	line  int
}

func fenced(text string) []block {
	var out []block
	open := false
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```") && open:
			open = false
		case strings.HasPrefix(line, "```"):
			open = true
			out = append(out, block{info: strings.Fields(line[3:]), line: i + 2})
		case open:
			last := &out[len(out)-1]
			last.lines = append(last.lines, line)
		}
	}
	return out
}

// TestManual types what the manuals say to type and compares what comes out with what they show. In a `console` block a line that begins
// with `$ ` is a command, and the lines below it are its output; a command that shows none may say anything. `…` stands for whatever was
// left out. Commands exit with 0 or 3 unless `$ echo $?` below them shows otherwise. A block with a file's name after its language is that file.
func TestManual(t *testing.T) {
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range manuals {
		t.Run(m.lang, func(t *testing.T) {
			text := readManual(t, m.file)
			t.Setenv("LC_ALL", m.locale)
			t.Chdir(t.TempDir())
			for _, sample := range []string{"tra-vinh-2020", "papi"} {
				if err := os.CopyFS(filepath.Join("samples", sample), os.DirFS(filepath.Join(samples, sample))); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.RemoveAll("samples/tra-vinh-2020/out"); err != nil {
				t.Fatal(err)
			}
			commands := 0
			for _, b := range fenced(text) {
				if len(b.info) == 2 {
					if err := os.WriteFile(b.info[1], []byte(strings.Join(b.lines, "\n")+"\n"), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if len(b.info) == 0 || b.info[0] != "console" {
					continue
				}
				n, err := playBlock(b)
				commands += n
				if err != nil {
					t.Errorf("%s:%d: %v", m.file, b.line, err)
				}
			}
			if commands < 20 {
				t.Errorf("%s: only %d commands were found", m.file, commands)
			}
		})
	}
}

// TestManualIsHeldToIt: the check fails on a wrong output, a wrong exit code, a command that fails, and a word that is no command of ours.
func TestManualIsHeldToIt(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	for _, lines := range [][]string{
		{"$ hailong indexes", "sipas-1066  …"},
		{"$ hailong indexes", "…", "dti …"},
		{"$ hailong indexes show sipas-1999"},
		{"$ hailong indexes show sipas-1999", "…", "$ echo $?", "3"},
		{"$ rm -r samples"},
		{"$ hailong 'indexes"},
	} {
		if _, err := playBlock(block{lines: lines}); err == nil {
			t.Errorf("%q passed", lines)
		}
	}
	if _, err := playBlock(block{lines: []string{"$ hailong indexes show sipas-1999", "hailong: error: …", "…", "$ echo $?", "2"}}); err != nil {
		t.Error(err)
	}
}

// playBlock runs the commands of one block and returns how many there were.
func playBlock(b block) (int, error) {
	commands := 0
	for i := 0; i < len(b.lines); {
		line, ok := strings.CutPrefix(b.lines[i], "$ ")
		if !ok {
			return commands, fmt.Errorf("%q stands before any command", b.lines[i])
		}
		i++
		shown := i
		for i < len(b.lines) && !strings.HasPrefix(b.lines[i], "$ ") {
			i++
		}
		want := b.lines[shown:i]
		output, code, err := play(line)
		if err != nil {
			return commands, fmt.Errorf("$ %s: %w", line, err)
		}
		commands++
		if strings.Contains(output, "panic:") || strings.Contains(output, "goroutine ") {
			return commands, fmt.Errorf("$ %s panicked: %s", line, output)
		}
		if len(want) > 0 && !matches(want, strings.Split(strings.TrimRight(output, "\n"), "\n")) {
			return commands, fmt.Errorf("$ %s says\n%s\nthe manual says\n%s", line, output, strings.Join(want, "\n"))
		}
		expected := []string{strconv.Itoa(exitOK), strconv.Itoa(exitProblems)}
		if i+1 < len(b.lines) && b.lines[i] == "$ echo $?" {
			expected = []string{b.lines[i+1]}
			i += 2
		}
		if !slices.Contains(expected, strconv.Itoa(code)) {
			return commands, fmt.Errorf("$ %s exits with %d, want %s\n%s", line, code, strings.Join(expected, " or "), output)
		}
	}
	return commands, nil
}

// play runs one command line, which may send stdout into a file, and returns what a terminal would show.
func play(line string) (string, int, error) {
	words, err := shellWords(line)
	if err != nil {
		return "", 0, err
	}
	if len(words) == 0 || words[0] != "hailong" {
		return "", 0, errors.New("only hailong is run by the manual")
	}
	var terminal, file bytes.Buffer
	stdout, to := &terminal, ""
	if n := len(words); n > 2 && words[n-2] == ">" {
		stdout, to, words = &file, words[n-1], words[:n-2]
	}
	code := run(context.Background(), words[1:], strings.NewReader(""), stdout, &terminal)
	if to != "" {
		err = os.WriteFile(to, file.Bytes(), 0o600)
	}
	return terminal.String(), code, err
}

// shellWords splits a command line at blanks outside quotes, as far as the manuals need it.
func shellWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	quote, inside := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inside = r, true
		case r == ' ':
			if inside {
				words = append(words, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if quote != 0 {
		return nil, errors.New("a quote is left open")
	}
	if inside {
		words = append(words, word.String())
	}
	return words, nil
}

// matches compares shown lines with the output. A line of one `…` stands for any lines, a `…` within a line for any characters; runs of
// blanks count as one, since columns are as wide as their longest cell.
func matches(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0
	}
	if strings.TrimSpace(want[0]) == "…" {
		for i := range len(got) + 1 {
			if matches(want[1:], got[i:]) {
				return true
			}
		}
		return false
	}
	if len(got) == 0 {
		return false
	}
	pattern := strings.NewReplacer(" …", ".*", "…", ".*").Replace(regexp.QuoteMeta(squeeze(want[0])))
	return regexp.MustCompile("^"+pattern+"$").MatchString(squeeze(filepath.ToSlash(got[0]))) && matches(want[1:], got[1:])
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// planRow is one line of the plan reference: key, type, default, example.
var planRow = regexp.MustCompile("(?m)^\\| `([a-z_.\\[\\]]+)` \\| ([^|]+) \\| ([^|]+) \\| `([^`|]+)` \\|")

// TestManualPlanKeys holds the plan reference against the plan's own type: every key is there, none that is not, and each example is read
// by the plan reader.
func TestManualPlanKeys(t *testing.T) {
	var keys []string
	planFields(reflect.TypeFor[plan](), "", &keys)
	for _, m := range manuals {
		described := map[string]bool{}
		for _, row := range planRow.FindAllStringSubmatch(readManual(t, m.file), -1) {
			described[row[1]] = true
			if !slices.Contains(keys, row[1]) {
				t.Errorf("%s: the plan has no key %s", m.file, row[1])
			}
			if err := decodePlan([]byte(row[4]+"\n"), &plan{}); err != nil {
				t.Errorf("%s: the example of %s: %v", m.file, row[1], err)
			}
			if last := row[1][strings.LastIndex(row[1], ".")+1:]; !strings.Contains(row[4], last+":") {
				t.Errorf("%s: the example of %s does not use it: %s", m.file, row[1], row[4])
			}
		}
		for _, key := range keys {
			if !described[key] {
				t.Errorf("%s: the plan's key %s is not described", m.file, key)
			}
		}
	}
}

// planFields lists the keys of a plan's type: sections by dots, lists of sections by [].
func planFields(typ reflect.Type, prefix string, keys *[]string) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if !f.IsExported() || name == "" || name == "-" {
			continue
		}
		name = prefix + name
		section, join := f.Type, "."
		if section.Kind() == reflect.Slice && section.Elem().Kind() == reflect.Struct {
			section, join = section.Elem(), "[]."
		}
		if section.Kind() == reflect.Struct {
			planFields(section, name+join, keys)
			continue
		}
		*keys = append(*keys, name)
	}
}

// verbs are the places of a phrase that the call fills.
var verbs = regexp.MustCompile(`%[-+# 0-9.\[\]]*[a-zA-Z]`)

// TestManualMessages: every error and every hint of the table is explained, in the words the reader sees, with … where the call fills in.
func TestManualMessages(t *testing.T) {
	for _, m := range manuals {
		text := squeeze(readManual(t, m.file))
		for key, p := range phrases {
			if !strings.HasPrefix(key, "error.") && !strings.HasPrefix(key, "hint.") {
				continue
			}
			said := p.en
			if m.lang == "vi" {
				said = p.vi
			}
			said = strings.ReplaceAll(verbs.ReplaceAllString(strings.ReplaceAll(said, "%%", "\x00"), "…"), "\x00", "%")
			if !strings.Contains(text, squeeze(said)) {
				t.Errorf("%s: %s is not explained: %s", m.file, key, said)
			}
		}
	}
}

// TestManualSheets: every sheet of the sample workbook is described by its name, in both languages.
func TestManualSheets(t *testing.T) {
	dir := t.TempDir()
	for _, m := range manuals {
		book := filepath.Join(dir, m.lang+".xlsx")
		var stdout, stderr bytes.Buffer
		args := []string{"run", "../../samples/tra-vinh-2020/plan.yaml", "--lang", m.lang, "-o", book, "--dataset", filepath.Join(dir, "ds"), "-q"}
		if code := run(t.Context(), args, nil, &stdout, &stderr); code != exitProblems {
			t.Fatalf("exit code %d: %s", code, stderr.String())
		}
		if code := run(t.Context(), []string{"cat", book, "--format", "cells"}, nil, &stdout, &stderr); code != exitOK {
			t.Fatalf("exit code %d: %s", code, stderr.String())
		}
		names := regexp.MustCompile(`(?m)^\{"sheet": ?"([^"]+)"`).FindAllStringSubmatch(stdout.String(), -1)
		if len(names) < 10 {
			t.Fatalf("only %d sheets were found", len(names))
		}
		text := readManual(t, m.file)
		for _, name := range names {
			if !strings.Contains(text, "\n| `"+name[1]+"` |") {
				t.Errorf("%s: the sheet %q is not described", m.file, name[1])
			}
		}
	}
}

// TestManualText: the manuals have the same chapters, the same commands in the same order, and composed text.
func TestManualText(t *testing.T) {
	texts := map[string]string{}
	for _, m := range manuals {
		texts[m.lang] = readManual(t, m.file)
		if !norm.NFC.IsNormalString(texts[m.lang]) {
			t.Errorf("%s: the text is not NFC", m.file)
		}
	}
	count := func(text, pattern string) int { return len(regexp.MustCompile("(?m)"+pattern).FindAllString(text, -1)) }
	for _, pattern := range []string{`^## `, `^### `, `^\$ `, "^```"} {
		if vi, en := count(texts["vi"], pattern), count(texts["en"], pattern); vi != en {
			t.Errorf("%q: %d in Vietnamese, %d in English", pattern, vi, en)
		}
	}
}

// TestPlanOfWindows: a plan saved by Notepad (UTF-8 with a mark) or by PowerShell 5.1 (UTF-16) is read; a workbook in its place is named.
func TestPlanOfWindows(t *testing.T) {
	const text = "title: Khảo sát\nindex: sipas-2017\nfiles: [a.csv]\n"
	utf16 := []byte{0xff, 0xfe}
	for _, r := range text {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, b := range map[string][]byte{"plain": []byte(text), "notepad": []byte("\ufeff" + text), "powershell": utf16} {
		path := filepath.Join(t.TempDir(), name+".yaml")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := readPlan(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if p.Title != "Khảo sát" {
			t.Errorf("%s: the title is %q", name, p.Title)
		}
	}
	_, err := readPlan("../../samples/tra-vinh-2020/data/01-tp-tra-vinh.xlsx")
	if err == nil || !strings.Contains(err.Error(), "is no UTF-8 text") {
		t.Errorf("a workbook as a plan: %v", err)
	}
}
