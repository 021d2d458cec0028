package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"hailong/ingest/layout"
	"hailong/ingest/quality"
	"hailong/ingest/questionnaire"
)

// TestPhrases reads the sources: every say("key") is in the table, every key is said somewhere, both languages are
// there, composed (NFC), with the same verbs.
func TestPhrases(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	fset := token.NewFileSet()
	for _, entry := range files {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				name = fun.Name
			case *ast.SelectorExpr:
				name = fun.Sel.Name
			}
			if name != "say" && name != "fault" && name != "faultOf" {
				return true
			}
			for _, arg := range call.Args {
				lit, ok := arg.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					continue
				}
				key, err := strconv.Unquote(lit.Value)
				if err != nil || !strings.Contains(key, ".") || strings.ContainsAny(key, " /") {
					continue
				}
				if _, ok := phrases[key]; !ok {
					t.Errorf("%s: phrase %q is not in the table", fset.Position(lit.Pos()), key)
				}
				said[key] = true
			}
			return true
		})
	}
	verb := regexp.MustCompile(`%[-+# 0-9.\[\]]*[a-zA-Z]`)
	for key, p := range phrases {
		if !said[key] {
			t.Errorf("phrase %q is never said", key)
		}
		if p.vi == "" || p.en == "" {
			t.Errorf("phrase %q lacks a language", key)
		}
		if !norm.NFC.IsNormalString(p.vi) {
			t.Errorf("phrase %q: the Vietnamese text is not NFC", key)
		}
		plain := strings.NewReplacer("%%", "")
		if vi, en := verb.FindAllString(plain.Replace(p.vi), -1), verb.FindAllString(plain.Replace(p.en), -1); strings.Join(vi, " ") != strings.Join(en, " ") {
			t.Errorf("phrase %q: verbs differ: %v and %v", key, vi, en)
		}
	}
}

// Every reason for which a plan sets rows aside, or ingest does, has words in both languages.
func TestReasonsHaveLabels(t *testing.T) {
	for _, reason := range append(quality.RowCodes(), "aggregate", "other_respondents", string(layout.Group), string(layout.Totals), string(layout.Preview)) {
		if label := reasonLabel(reason); label.VI == reason || label.EN == reason || label.VI == label.EN {
			t.Errorf("%s: %+v", reason, label)
		}
	}
}

// Findings that say that rows count twice or were made up come first; severity knows the codes that package quality has, and no others.
func TestSeverity(t *testing.T) {
	for code, want := range map[string]string{
		"rejected_form": "serious", "duplicate_form": "serious", "duplicate_answers": "serious", "near_duplicate": "warning", "interviewer_mean": "serious", "straight_line": "warning", "impossible_date": "warning",
		"invalid_answers": "warning", "funnel": "info", "funnel_area_excess": "warning", "item_nonresponse": "info",
	} {
		if got := severity(code); got != want {
			t.Errorf("%s is %s, want %s", code, got, want)
		}
	}
}

// Every kind of guess that the sources of ingest make has a name in both languages, so that inspect speaks the user's.
func TestGuessesHaveLabels(t *testing.T) {
	made := regexp.MustCompile(`(?:guess\(|What: )"([a-z_]+)"`)
	found := 0
	for _, dir := range []string{"../../ingest", "../../ingest/layout"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range made.FindAllStringSubmatch(string(b), -1) {
				found++
				if label := label("guess", m[1]); label.VI == m[1] || label.EN == m[1] {
					t.Errorf("%s: no label for the guess %q", file, m[1])
				}
			}
		}
	}
	if found < 13 {
		t.Errorf("only %d kinds of guess were found in the sources: has their form changed?", found)
	}
}

// The reason why a form's condition is not read stands inside a sentence of either language, so it is worded in both.
func TestReasonsOfConditions(t *testing.T) {
	form, err := questionnaire.FromXLSForm(questionnaire.Form{Survey: [][]string{
		{"type", "name", "label", "relevant"},
		{"integer", "tuoi", "Tuổi", ""},
		{"integer", "a", "A", "regex(${tuoi}, '1')"},
		{"integer", "b", "B", "${tuoi} > 'già'"},
		{"integer", "c", "C", "${tuoi} >"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	job := &job{plan: &plan{}}
	var got []string
	for _, u := range form.Unread {
		got = append(got, job.ingestOptions(&app{}).Vietnamese(u.Why))
	}
	want := []string{
		`điều kiện "regex(tuoi, '1')": không đọc được hàm regex()`,
		`"tuoi" là số còn "già" thì không`,
		`điều kiện "tuoi >", ký tự thứ 7: cần một cột, một số hoặc một chuỗi`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
