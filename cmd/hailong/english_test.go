package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"

	"hailong/analytics/index"
	"hailong/ingest/questionnaire"
	"hailong/ingest/xlsx"
)

// syllable is what a Vietnamese word without any mark looks like. A syllable that ends in c, ch, p or t always carries a tone mark, so an
// unmarked word with such an end is none.
var syllable = regexp.MustCompile(`^(b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|q|qu|r|s|t|th|tr|v|x)?(a|ai|ao|au|ay|e|eo|i|ia|iu|o|oa|oai|oe|oi|u|ua|ui|uy|uya|y)(m|n|ng|nh)?$`)

// notVietnamese are English words in the shape of a Vietnamese syllable that no text of ours has.
var notVietnamese = []string{"the", "then", "than", "them", "on", "no", "me", "be", "he", "son", "sum", "men", "ran"}

// loanWords may stand in a Vietnamese text: what the trade has no other word for, names of programs, formats, statistics and
// institutions, and the words that are typed as they stand (values of options and keys of the plan).
var loanWords = strings.Fields(`
hailong excel libreoffice duckdb parquet arrow trino stata spss python notepad powershell bash zsh windows linux unicode
google forms microsoft kobotoolbox odk surveycto limesurvey surveymonkey qualtrics xlsform
yaml json jsonl csv tsv xlsx html pdf xml zip png jpeg utf byte vni tcvn ascii md stderr stdout shell
sipas papi par pci ict dti psu deff fpc se df icc raking bootstrap logit wilson slovin mahalanobis horvitz cronbach holm
stt jkn brr subbootstrap bh arcsin hochberg bonferroni sidak rscales
web email internet tab url bucket catalog schema token ktc cntt tthc thcs thpt tbxh khmer index
cochran fay herriot clopper pearson pps doctype path soffice central ward http https
`)

// english lists the words of a text that are neither Vietnamese nor loan words nor allowed. What stands in quotes or backticks is quoted, and
// what has a digit, a dot, a slash or an underscore in it is a name.
func english(text string, allowed map[string]bool) []string {
	if bold, ok := strings.CutPrefix(text, `.B "`); ok { // of the manual page
		text = strings.TrimSuffix(bold, `"`)
	}
	text = quoted.ReplaceAllString(strings.ReplaceAll(text, `\(dq`, `"`), " ")
	text = callOfR.ReplaceAllString(text, " ")
	text = commandLine.ReplaceAllString(text, " ")
	text = flagName.ReplaceAllString(text, " ")
	var found []string
	for _, token := range strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:()[]{}<>|=+·→›!?'’“”«»×☑•–—#^", r)
	}) {
		token = strings.TrimRight(token, ".")
		if strings.ContainsAny(token, "_./\\@$%&*~≥≤") {
			continue
		}
		for word := range strings.SplitSeq(token, "-") {
			lower := strings.ToLower(word)
			if len(word) < 2 || strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsDigit(r) }) {
				continue
			}
			if slices.Contains(loanWords, lower) || allowed[lower] || code.MatchString(word) || syllable.MatchString(lower) && !slices.Contains(notVietnamese, lower) {
				continue
			}
			found = append(found, word)
		}
	}
	return found
}

var (
	quoted      = regexp.MustCompile("`[^`]*`|\"[^\"\n]*\"|\\{[^}]*\\}")
	callOfR     = regexp.MustCompile(`\b(as\.)?(svy\w+|svrepdesign|rake|subset|options|rank)\((~I\([^)]*\)|[^()])*\)|\bsvy\w+`)
	code        = regexp.MustCompile(`^([IVX]+|[A-Z]{1,2})$`) // a Roman number, a column's letters, a factor's code
	commandLine = regexp.MustCompile(`\b(hailong( [a-z]+\b)+|(size|indexes) [a-z]+\b|source <)|^  [a-z]+  +`)
	flagName    = regexp.MustCompile(`(^|[\s(=[])--?[a-z][-a-z]*`)
)

// TestEnglish: the check sees English, and leaves Vietnamese, names and loan words alone.
func TestEnglish(t *testing.T) {
	for text, want := range map[string][]string{
		"cột \"age\" không phải số":                                       nil,
		"xem `hailong size proportion --help` hoặc data/01.xlsx":          nil,
		"gõ hailong indexes show sipas-2017 --yaml rồi ghi AC1, so_nguoi": nil,
		"  --confidence=FLOAT-64   Độ tin cậy":                            {"FLOAT"},
		"Cách dùng: hailong size [flags]":                                 {"flags"},
		"giá trị kiểu string không hợp":                                   {"string"},
		"reading the dataset: %w":                                         {"reading", "the", "dataset"},
		"vn-tally (có cột số thứ tự)":                                     {"vn", "tally"},
	} {
		if got := english(text, nil); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestScriptInVietnamese runs every command of testdata/script again under --lang vi, with each mistake that is made there, and reads what
// comes out: there is no English in it but what the user wrote.
func TestScriptInVietnamese(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, script := range scripts {
		b, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		archive := txtar.Parse(b)
		archive.Comment = []byte(inVietnameseScript(string(archive.Comment)))
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(script)), txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := scriptParams(t)
	p.Dir = dir
	p.Cmds["vietnamese"] = func(ts *testscript.TestScript, _ bool, args []string) { speaksVietnamese(t, ts, args) }
	testscript.Run(t, p)
}

// inVietnameseScript keeps what a script runs and does to files, and leaves out what it asserts.
func inVietnameseScript(script string) string {
	var out []string
	for line := range strings.SplitSeq(script, "\n") {
		condition, words := "", strings.Fields(line)
		for len(words) > 0 && strings.HasPrefix(words[0], "[") {
			condition += words[0] + " "
			line, words = strings.Replace(line, words[0], "", 1), words[1:]
		}
		if len(words) > 0 && words[0] == "!" {
			line, words = strings.Replace(line, "!", "", 1), words[1:]
		}
		if len(words) == 0 {
			continue
		}
		line = strings.TrimSpace(line)
		switch words[0] {
		case "exits":
			words = words[2:]
			line = strings.TrimSpace(line[strings.Index(line, " hailong"):])
		case "exec":
			words = words[1:]
			line = strings.TrimSpace(strings.TrimPrefix(line, "exec"))
		case "mkdir", "cp", "mv", "rm", "cd", "env", "damage", "stdin", "skip", "chmod":
			out = append(out, condition+line)
			continue
		default:
			continue
		}
		if words[0] == "hailong" {
			out = append(out, condition+"vietnamese "+line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// forPrograms are commands and options whose stdout is for programs, or is the user's own file.
var forPrograms = []string{"cat", "schema", "completion", "complete", "select", "draw", "allocate", "--dry-run", "--yaml", "--json", "--csv", "--log-format"}

func speaksVietnamese(t *testing.T, ts *testscript.TestScript, args []string) {
	args = slices.DeleteFunc(slices.Clone(args[1:]), func(arg string) bool { return strings.HasPrefix(arg, "--lang=") })
	if i := slices.Index(args, "--lang"); i >= 0 && i+1 < len(args) {
		args = slices.Delete(args, i, i+2)
	}
	if len(args) == 0 || args[0] != "complete" { // there all that follows is data
		args = append(args, "--lang", "vi")
	}
	_ = ts.Exec("hailong", args...) // with whichever exit code
	said := ts.ReadFile("stderr")
	if strings.Contains(said, ": lỗi: ") && !strings.Contains(said, ": gợi ý: ") {
		t.Errorf("hailong %s: an error without a hint: %s", strings.Join(args, " "), said)
	}
	if strings.Contains(said, "panic:") {
		ts.Fatalf("the command panicked: %s", said)
	}
	if !slices.ContainsFunc(args, func(arg string) bool { return slices.Contains(forPrograms, strings.SplitN(arg, "=", 2)[0]) }) {
		said += ts.ReadFile("stdout")
	}
	for line := range strings.SplitSeq(said, "\n") {
		if len(english(line, nil)) == 0 {
			continue // which spares reading the workbooks
		}
		if words := english(line, ownWords(ts, args)); len(words) > 0 {
			t.Errorf("hailong %s: %q in: %s", strings.Join(args, " "), words, line)
		}
	}
}

// ownWords are the words that the user wrote: on the command line, in the files that stand in the script and in the workbooks, and the names of
// the columns that come of them.
func ownWords(ts *testscript.TestScript, args []string) map[string]bool {
	own := map[string]bool{"nhap": true, "lieu": true} // a sheet of the sample, as an office without marks would call it
	add := func(text string) {
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			own[strings.ToLower(w)] = true
		}
	}
	add(strings.Join(args, " "))
	for _, name := range index.Names() {
		source, err := index.Shipped(name)
		ts.Check(err)
		if form, err := questionnaire.Parse(source); err == nil {
			for _, v := range form.Background {
				own[v.ID] = true
			}
		}
	}
	files, err := filepath.Glob(ts.MkAbs("*"))
	ts.Check(err)
	for _, f := range files {
		if strings.HasSuffix(f, ".xlsx") {
			add(cells(f))
		} else if b, err := os.ReadFile(f); err == nil && len(b) < 1<<16 && !bytes.Contains(b, []byte{0}) && !strings.HasSuffix(f, ".json") {
			add(string(b))
		}
	}
	return own
}

// cells is the text of a workbook's cells and the names of its sheets.
func cells(path string) string {
	wb, err := xlsx.Open(path, xlsx.Options{})
	if err != nil {
		return "" // one that is damaged on purpose
	}
	defer wb.Close()
	var text bytes.Buffer
	_ = xlsx.WriteCells(context.Background(), &text, wb) // the part that can be read
	return text.String()
}

// TestTablesInVietnamese: the Vietnamese half of every table has no English left in it.
func TestTablesInVietnamese(t *testing.T) {
	texts := map[string]string{}
	for key, p := range phrases {
		texts["phrase "+key] = p.vi
	}
	for en, vi := range sentences {
		texts["sentence "+en] = vi
	}
	for en, vi := range helpTexts {
		if !strings.Contains(en, "\n# ") && !strings.HasPrefix(en, "bash: ") { // what is typed as it stands
			texts["help "+en] = vi
		}
	}
	for key, p := range planKeys {
		texts["plankey "+key] = p.vi
	}
	for w, l := range labels {
		texts["label "+w.kind+" "+w.key] = l.vi
	}
	for _, where := range slices.Sorted(maps.Keys(texts)) {
		if words := english(printfVerbs.ReplaceAllString(texts[where], " "), nil); len(words) > 0 {
			t.Errorf("%s: %q in: %s", where, words, texts[where])
		}
	}
}
