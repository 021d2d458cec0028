package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"hailong/ingest/dataset"
	"hailong/ingest/quality"
)

// contents are the files of a folder by name.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func sameFiles(t *testing.T, what string, a, b map[string][]byte) {
	t.Helper()
	if len(a) != len(b) {
		t.Errorf("%s: %d files and %d files", what, len(a), len(b))
	}
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s: %s differs", what, name)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSameBytesForAnyNumberOfWorkers(t *testing.T) {
	files := sample(t, "tra-vinh-2020/data/0[2-5]*.xlsx")
	var first map[string][]byte
	var report string
	for _, workers := range []int{1, 2, 3, 4} {
		dir := t.TempDir()
		r := run(t, Options{Files: files, Definition: definition(t, "sipas-2017"), Out: dir, Workers: workers})
		if first == nil {
			first, report = contents(t, dir), asJSON(t, r)
			continue
		}
		sameFiles(t, fmt.Sprintf("%d workers", workers), first, contents(t, dir))
		if asJSON(t, r) != report {
			t.Errorf("%d workers: the report differs", workers)
		}
	}
}

// A second run takes unchanged files from the dataset and reports the same; a changed definition, a changed file or a file that was
// cut short is read again.
func TestSecondRunReusesWhatDidNotChange(t *testing.T) {
	dir := t.TempDir()
	paths := []string{
		book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", [][]any{{"Mã phiếu", "A1"}, {"1", 4}, {"2", 9}}}),
		book(t, filepath.Join(dir, "b.xlsx"), testSheet{"S", [][]any{{"Mã phiếu", "A1"}, {"3", 5}, {"4", 1}}}),
	}
	out := filepath.Join(dir, "out")
	o := Options{Files: paths, Definition: []byte(small), Out: out}
	reused := func(r *Report) (list []bool) {
		for i := range r.Files {
			list = append(list, r.Files[i].Reused)
			r.Files[i].Reused = false
		}
		return list
	}
	first := run(t, o)
	if got := reused(first); slices.Contains(got, true) {
		t.Fatalf("first run reused %v", got)
	}
	before := contents(t, out)
	again := run(t, o)
	if got := reused(again); slices.Contains(got, false) {
		t.Errorf("second run reused %v", got)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the restored report differs:\n%s", diff)
	}
	sameFiles(t, "second run", before, contents(t, out))

	book(t, paths[1], testSheet{"S", [][]any{{"Mã phiếu", "A1"}, {"3", 5}, {"4", 2}}})
	if got := reused(run(t, o)); !slices.Equal(got, []bool{true, false}) {
		t.Errorf("after a change of the second file, reused %v", got)
	}
	o.Definition = []byte(strings.Replace(small, "Hài lòng, en: Satisfied", "Hài lòng, en: Content", 1))
	if got := reused(run(t, o)); slices.Contains(got, true) {
		t.Errorf("after a change of the definition, reused %v", got)
	}
	o.Definition = []byte(small)
	name := first.Files[0].Sheets[0].Parquet
	if err := os.WriteFile(filepath.Join(out, name), before[name][:len(before[name])/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if got := reused(run(t, o)); got[0] {
		t.Error("a file that was cut short was reused")
	}
	if !bytes.Equal(contents(t, out)[name], before[name]) {
		t.Error("the file that was cut short was not made again")
	}
}

// One bad file is a problem and does not stop the others; the report keeps the order of the plan.
func TestBadFilesDoNotStopTheBatch(t *testing.T) {
	dir := t.TempDir()
	good := book(t, filepath.Join(dir, "good.xlsx"), testSheet{"S", [][]any{{"Mã phiếu", "A1"}, {"1", 4}, {"2", 5}}})
	broken, empty, text := filepath.Join(dir, "broken.xlsx"), filepath.Join(dir, "empty.xlsx"), filepath.Join(dir, "page.xlsx")
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{broken: whole[:len(whole)-40], text: []byte("<html><body>not a workbook</body></html>")} {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	book(t, empty, testSheet{"S", nil})
	paths := []string{broken, filepath.Join(dir, "absent.xlsx"), dir, empty, text, good, good}
	out := filepath.Join(dir, "out")
	report := run(t, Options{Files: paths, Definition: []byte(small), Out: out})
	for i, f := range report.Files {
		if f.Path != paths[i] || f.Failed != (i != 5) || (f.Failed && len(f.Problems) == 0) {
			t.Errorf("file %d: %s, failed %v, problems %v", i, f.Path, f.Failed, f.Problems)
		}
	}
	if report.Ledger.Kept != 2 || len(readDataset(t, out).rows) != 2 {
		t.Errorf("kept %d rows, dataset has %d", report.Ledger.Kept, len(readDataset(t, out).rows))
	}
	if got := report.Files[6].Problems[0].Code; got != "same_file" {
		t.Errorf("the file given twice: %s", got)
	}
}

func TestNothingHalfWrittenStays(t *testing.T) {
	dir := t.TempDir()
	var rows [][]any
	rows = append(rows, []any{"Mã phiếu", "A1"})
	for i := range 20000 {
		rows = append(rows, []any{fmt.Sprint(i), 4})
	}
	path := book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})
	out := filepath.Join(dir, "out")
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Run(ctx, Options{Files: []string{path}, Definition: []byte(small), Out: out, OnProgress: func(p Progress) {
		if p.Rows > 0 {
			cancel()
		}
	}})
	cancel()
	if err == nil {
		t.Fatal("a cancelled run gave no error")
	}
	if files := contents(t, out); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}

// A run that is stopped leaves whole files only; the next one takes them and reads the rest. What a killed process left goes after a day.
func TestStoppedRunIsResumed(t *testing.T) {
	files := sample(t, "tra-vinh-2020/data/0[2-4]*.xlsx")
	whole, out := t.TempDir(), t.TempDir()
	o := Options{Files: files, Definition: definition(t, "sipas-2017"), Out: whole, Workers: 1}
	run(t, o)
	left, live := filepath.Join(out, ".tmp-1-left.parquet"), filepath.Join(out, ".tmp-2-live.parquet")
	for _, path := range []string{left, live} {
		if err := os.WriteFile(path, []byte("PAR1"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Out = out
	o.OnProgress = func(p Progress) {
		if p.FilesDone == 2 {
			cancel()
		}
	}
	if _, err := Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("a stopped run returned %v", err)
	}
	want, got := contents(t, whole), contents(t, out)
	if _, there := got[filepath.Base(left)]; there {
		t.Error("what a killed run left is still there")
	}
	if err := os.Remove(live); err != nil {
		t.Errorf("the file of a run under way was removed: %v", err)
	}
	delete(got, filepath.Base(live))
	if len(got) != 2 {
		t.Errorf("the stopped run left %d files", len(got))
	}
	for name := range got {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s is not whole", name)
		}
	}
	o.OnProgress = nil
	report := run(t, o)
	for i, reused := range []bool{true, true, false} {
		if report.Files[i].Reused != reused {
			t.Errorf("file %d: reused %v", i, report.Files[i].Reused)
		}
	}
	sameFiles(t, "resumed", want, contents(t, out))
}

// Runs at the same time into one folder, as two people start them, leave what one run leaves, and each reports all its rows.
func TestRunsAtTheSameTimeDoNotHarmEachOther(t *testing.T) {
	files := sample(t, "tra-vinh-2020/data/0[2-4]*.xlsx")
	whole, out := t.TempDir(), t.TempDir()
	o := Options{Files: files, Definition: definition(t, "sipas-2017"), Out: whole}
	want := run(t, o).Ledger
	o.Out = out
	var group errgroup.Group
	for range 6 {
		group.Go(func() error {
			report, err := Run(t.Context(), o)
			if err == nil && !cmp.Equal(report.Ledger, want) {
				err = fmt.Errorf("ledger %+v instead of %+v", report.Ledger, want)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	sameFiles(t, "six runs", contents(t, whole), contents(t, out))
}

// A run that keeps no row leaves the dataset of an earlier one as it is.
func TestNoRowsLeaveTheDatasetAlone(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	run(t, Options{Files: []string{book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", [][]any{{"Mã phiếu", "A1"}, {"1", 4}, {"2", 5}}})}, Definition: []byte(small), Out: out})
	before := contents(t, out)[dataset.ManifestName]
	none := run(t, Options{Files: []string{book(t, filepath.Join(dir, "b.xlsx"), testSheet{"S", [][]any{{"Mã phiếu", "A1"}}})}, Definition: []byte(small), Out: out})
	if none.Ledger.Kept != 0 {
		t.Fatalf("kept %d rows of none", none.Ledger.Kept)
	}
	if after := contents(t, out)[dataset.ManifestName]; !bytes.Equal(before, after) {
		t.Errorf("the list of the dataset's files became %q", after)
	}
}

// What the plan excludes leaves the dataset, with its reason in the ledger; the full file stays for the next run.
func TestExclusionsAreSetAsideByReason(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{{"Mã phiếu", "A1", "A4"}, {"1", 4, 5}, {"2", nil, nil}, {"1", 3, 2}, {"3", 5, 5}}
	path := book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})
	o := Options{Files: []string{path}, Definition: []byte(small), Out: dir}
	all := run(t, o)
	o.Exclude = []string{"duplicate_form", "no_answers"}
	report := run(t, o)
	if diff := cmp.Diff([]Count{{"no_answers", 1}, {"duplicate_form", 1}}, report.Ledger.SetAside); diff != "" || report.Ledger.Kept != 2 {
		t.Errorf("kept %d; %s", report.Ledger.Kept, diff)
	}
	if got := readDataset(t, dir).column("_row"); !slices.Equal(got, []string{"2", "5"}) {
		t.Errorf("rows in the dataset: %v", got)
	}
	if !report.Files[0].Reused || all.Files[0].Sheets[0].Parquet == report.Files[0].Sheets[0].Parquet {
		t.Error("the dataset file with all rows was not kept and reused")
	}
	o.Exclude = []string{"ugly"}
	if _, err := Run(context.Background(), o); err == nil || !strings.Contains(err.Error(), "duplicate_form") {
		t.Errorf("an unknown exclusion: %v", err)
	}
}

func TestFormsAreComparedAcrossFiles(t *testing.T) {
	dir := t.TempDir()
	five := strings.NewReplacer("{id: A4, scale: sfo", "{id: B1, scale: sat5}\n    - {id: B2, scale: sat5}\n    - {id: B3, scale: sat5}\n    - {id: B4, scale: sat5}\n    - {id: A4, scale: sfo")
	header := []any{"Mã phiếu", "A1", "B1", "B2", "B3", "B4"}
	paths := []string{
		book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", [][]any{header, {"1", 4, 5, 3, 2, 4}, {"2", 4, 4, 4, 4, 5}}}),
		book(t, filepath.Join(dir, "b.xlsx"), testSheet{"S", [][]any{header, {"1", 1, 5, 3, 2, 4}, {"2", 4, 4, 4, 4, 5}, {"9", 4, 5, 3, 2, 4}}}),
	}
	report := run(t, Options{Files: paths, Definition: []byte(five.Replace(small)), Out: filepath.Join(dir, "out")})
	found := map[string][]quality.Cell{}
	for _, f := range report.Findings {
		if f.File == "" {
			found[f.Code] = f.Cells
		}
	}
	// Form 1 of b.xlsx has other answers than form 1 of a.xlsx: districts number their forms from 1 each.
	want := map[string][]quality.Cell{"duplicate_form": {{File: "b.xlsx", Sheet: "S", Row: 3}}, "duplicate_answers": {{File: "b.xlsx", Sheet: "S", Row: 4}}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}

// Whatever rows a sheet has, each is accounted for once, and the dataset holds what the ledger says.
func TestLedgerBalancesForAnySheet(t *testing.T) {
	value := rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.IntRange(-1, 7), func(i int) any { return i }),
		rapid.Map(rapid.SampledFrom([]string{"x", "", "STT", "Tổng cộng", "I", "Xã A", "Hài lòng", "4 - Hài lòng", "Tỷ lệ (%)", "(1)", "A1", "Mã phiếu", "n/a"}), func(s string) any { return s }),
		rapid.Just[any](cellError("#N/A")), rapid.Just[any](true),
	)
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		rows := [][]any{{"STT", "Mã phiếu", "A1", "A4", "Xã"}}
		if rapid.Bool().Draw(r, "title") {
			rows = append([][]any{{"UBND HUYỆN A"}, {}}, rows...)
		}
		rows = append(rows, rapid.SliceOfN(rapid.SliceOfN(value, 0, 7), 0, 30).Draw(r, "rows")...)
		out := filepath.Join(dir, fmt.Sprint(n))
		path := book(t, filepath.Join(dir, fmt.Sprintf("%d.xlsx", n)), testSheet{"S", rows})
		report, err := Run(context.Background(), Options{Files: []string{path}, Definition: []byte(small), Out: out})
		if err != nil {
			r.Fatal(err)
		}
		if err := report.Ledger.Check(); err != nil {
			r.Fatal(err)
		}
		held := 0
		for _, row := range rows {
			if slices.ContainsFunc(row, func(v any) bool { return v != nil }) {
				held++
			}
		}
		if !report.Files[0].Failed && report.Ledger.Rows != int64(held) {
			r.Fatalf("the ledger counts %d rows, the sheet has %d with a value", report.Ledger.Rows, held)
		}
		if report.Ledger.Kept == 0 {
			return // and so there is no dataset
		}
		if got := len(readDataset(t, out).rows); int64(got) != report.Ledger.Kept {
			r.Fatalf("the dataset has %d rows, the ledger says %d", got, report.Ledger.Kept)
		}
	})
}

// A sheet that counts forms by answer holds no forms: its rows are set aside, and its own sums are checked.
func TestCountsAreNoForms(t *testing.T) {
	dir := t.TempDir()
	rows := [][]any{
		{"STT", "Nội dung", "Tổng số phiếu", "Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"},
		{1, "Nơi ngồi chờ có đủ chỗ ngồi", 100, 40, 35, 15, 8, 2},
		{2, "Trang thiết bị đầy đủ", 100, 30, 45, 15, 8, 2},
		{3, "Trang thiết bị hiện đại", 80, 20, 45, 15, 8, 2},
	}
	path := book(t, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})
	report := run(t, Options{Files: []string{path}, Definition: []byte(small), Out: filepath.Join(dir, "out")})
	if diff := cmp.Diff([]Count{{"aggregate", 3}}, report.Ledger.SetAside); diff != "" || report.Ledger.Kept != 0 {
		t.Errorf("kept %d; %s", report.Ledger.Kept, diff)
	}
	codes := map[string]int{}
	for _, p := range report.Problems {
		codes[p.Code]++
	}
	// The third row's counts add up to 90 answers on 80 forms.
	if codes["aggregate_table"] != 1 || codes["control_sum"] == 0 {
		t.Errorf("problems: %v", report.Problems)
	}
}
