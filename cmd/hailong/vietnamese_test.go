package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"golang.org/x/text/unicode/norm"

	"hailong/analytics/index"
)

var printfVerbs = regexp.MustCompile(`%[-+# 0-9.\[\]]*[a-zA-Z]`)

// TestSentences reads the sources of the rooms: every sentence that an error is made of is in the table, every sentence of the table is
// made somewhere, in NFC and with the same verbs in the same order.
func TestSentences(t *testing.T) {
	made := map[string]bool{}
	fset := token.NewFileSet()
	for _, room := range []string{"ingest", "analytics", "reports", "samples", "cmd"} {
		err := filepath.WalkDir(filepath.Join("..", "..", room), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(fset, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				fun, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || fun.Sel.Name != "Errorf" {
					return true
				}
				if room, ok := fun.X.(*ast.Ident); !ok || room.Name != "wording" {
					return true
				}
				lit, ok := call.Args[0].(*ast.BasicLit)
				if !ok {
					return true
				}
				sentence, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				made[sentence] = true
				if _, ok := sentences[sentence]; !ok {
					t.Errorf("%s: not in the table `sentences` (cmd/hailong/sentences.go), so a Vietnamese reader would see English: %q", fset.Position(lit.Pos()), sentence)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(made) < 300 {
		t.Fatalf("%d sentences found in the sources: the search has gone blind", len(made))
	}
	for en, vi := range sentences {
		if !made[en] {
			t.Errorf("no room says %q any more: take it out of the table", en)
		}
		sameVerbs(t, en, vi)
	}
}

func sameVerbs(t *testing.T, en, vi string) {
	t.Helper()
	if !norm.NFC.IsNormalString(vi) {
		t.Errorf("%q: the Vietnamese text is not NFC", en)
	}
	if a, b := printfVerbs.FindAllString(en, -1), printfVerbs.FindAllString(vi, -1); strings.Join(a, " ") != strings.Join(b, " ") {
		t.Errorf("%q: verbs %v, in Vietnamese %v", en, a, b)
	}
}

// TestHelpTexts walks the command line: every command, option and argument is explained in Vietnamese, and no text is left over.
func TestHelpTexts(t *testing.T) {
	var c commands
	k, err := kong.New(&c, kong.Name("hailong"), kong.Description(about), kong.Vars{"version": version, "presets": "x"})
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	need := func(where, english string) {
		used[english] = true
		if helpTexts[english] == "" {
			t.Errorf("%s: no Vietnamese for %q", where, english)
		}
		if !norm.NFC.IsNormalString(helpTexts[english]) {
			t.Errorf("%s: the Vietnamese text is not NFC", where)
		}
	}
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		need(n.Path(), n.Help)
		if n.Detail != "" {
			need(n.Path(), n.Detail)
		}
		for _, f := range n.Flags {
			need(n.Path()+" --"+f.Name, f.OrigHelp)
			if f.PlaceHolder == "" && !f.HasDefault && !f.IsBool() && !f.IsCounter() && f.Name != "help" {
				t.Errorf("%s --%s: no placeholder, so the help would show %s", n.Path(), f.Name, f.FormatPlaceHolder())
			}
			if words := english(label("placeholder", f.PlaceHolder).VI, nil); len(words) > 0 {
				t.Errorf("%s --%s: no Vietnamese for the placeholder %q", n.Path(), f.Name, f.PlaceHolder)
			}
		}
		for _, p := range n.Positional {
			need(n.Path()+" "+p.Name, p.OrigHelp)
			if _, ok := labels[word{"argument", p.Name}]; !ok && !n.Hidden {
				t.Errorf("%s: no Vietnamese for the argument %q", n.Path(), p.Name)
			}
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(k.Model.Node)
	for english := range helpTexts {
		if !used[english] {
			t.Errorf("no command says %q any more", english)
		}
	}
}

// TestLabels reads the sources of the rooms: every word that inspect and its like print by itself has its label, complete in both languages.
func TestLabels(t *testing.T) {
	for _, kind := range []struct {
		name, file, pattern string
		least               int // fewer words: the search has gone blind
	}{
		{"dialect", "../../ingest/layout/layout.go", `Dialect += "([a-z-]+)"`, 12},
		{"how", "../../ingest/questionnaire/match.go", `How\w+ += "([a-z]+)"`, 6},
		{"how", "../../ingest/place.go", `case "([a-z]+)":`, 4},
		{"role", "../../ingest/compile.go", `(?:col\.Role =|role :=) "([a-z]+)"`, 2},
		{"role", "../../ingest/questionnaire/parse.go", `"([a-z]+)"[,}]`, 12},
		{"type", "../../ingest/dataset/batch.go", `Type = "([a-z]+)"`, 6},
		{"statistic", "../../analytics/estimate.go", `(?:b\.add\(g|b\.row\(g, \w+), (?:fmt\.Sprintf\()?"([a-z]+)`, 5},
	} {
		b, err := os.ReadFile(kind.file)
		if err != nil {
			t.Fatal(err)
		}
		source := string(b)
		if kind.file == "../../ingest/questionnaire/parse.go" { // only what Roles returns
			_, source, _ = strings.Cut(source, "func Roles()")
			source, _, _ = strings.Cut(source, "\n}")
		}
		found := regexp.MustCompile(kind.pattern).FindAllStringSubmatch(source, -1)
		if len(found) < kind.least {
			t.Errorf("%s: %d words in %s, at least %d were there", kind.name, len(found), kind.file, kind.least)
		}
		for _, m := range found {
			if _, ok := labels[word{kind.name, m[1]}]; !ok {
				t.Errorf("%s: the %s %q has no label", kind.file, kind.name, m[1])
			}
		}
	}
	for _, name := range index.Names() {
		source, err := index.Shipped(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := index.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		used := []word{{"basis", d.Basis}, {"basis", d.AggBasis}}
		for _, n := range d.Nodes() {
			used = append(used, word{"level", n.Level}, word{"basis", n.Basis})
		}
		for _, w := range used {
			if _, ok := labels[w]; !ok && w.key != "" {
				t.Errorf("%s: the %s %q has no label", name, w.kind, w.key)
			}
		}
	}
	for w, l := range labels {
		if l.vi == "" || l.en == "" {
			t.Errorf("%s %q lacks a language", w.kind, w.key)
		}
	}
}
