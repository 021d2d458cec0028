package export_test

import (
	"context"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hailong/ingest/dataset"
	"hailong/ingest/export"
	"hailong/ingest/questionnaire"
)

// hard is a dataset that tries the programs' limits: names too long, names that differ by case, names that are words of a program; labels longer
// than any program takes, with quotes of every kind; all kinds of missing; a question with several answers; texts with commas, quotes and line ends.
func hard(t *testing.T) export.Dataset {
	long := strings.TrimSpace(strings.Repeat("Mức độ hài lòng của người dân, tổ chức đối với \"một cửa\" ", 12)) // 800 bytes
	name := strings.Repeat("muc_do_hai_long_", 5)                                                                // 80 letters
	q := questionnaire.Questionnaire{
		Scales: map[string]questionnaire.Scale{
			"wordy": {Codes: map[int]questionnaire.Text{1: {VI: long}, 2: {VI: long + "!"}, 3: {VI: "Tốt, 'khá' \"lắm\" `$x'"}}},
			"days":  {Numeric: true},
			"ways":  {Multiple: true, Codes: map[int]questionnaire.Text{1: {VI: "Loa"}, 2: {VI: "Họp dân"}, 3: {VI: long}}},
		},
		Items: []questionnaire.Item{
			{ID: name + "1", Scale: "wordy", Text: questionnaire.Text{VI: long}},
			{ID: name + "2", Scale: "wordy", Text: questionnaire.Text{VI: long}},
			{ID: "Q2", Scale: "days", Text: questionnaire.Text{VI: "Số ngày"}},
			{ID: "kenh", Scale: "ways", Text: questionnaire.Text{VI: "Kênh › nào"}},
		},
	}
	codes := [][]int16{{1, 2, 1, 0, 1}, {-1, 3, -1, -1, -1}, {-2, 1, -2, -2, -2}, {-3, -4, 0, 1, 0}}
	rows := make([]func(*dataset.Batch), 0, 5)
	for i, row := range codes {
		rows = append(rows, func(b *dataset.Batch) {
			for k, code := range row {
				b.SetCode(k+1, code)
			}
			if i == 1 {
				b.SetMissing(7, -2)
			} else {
				b.SetNumber(6, []float64{0.1, 0, 12345678.25, 1e-7}[i])
			}
			b.SetString(8, []byte([]string{"một, hai", "\"có\" ngoặc", "dòng\nhai", "it's"}[i]))
			b.SetString(9, []byte("x"+strconv.Itoa(i)))
		})
	}
	rows = append(rows, func(*dataset.Batch) {}) // a form with nothing on it
	path := write(t, "a \"b\", c.xlsx", []dataset.Field{
		{Name: name + "1", Type: dataset.Code, Role: "item"},
		{Name: name + "2", Type: dataset.Code, Role: "item"},
		{Name: "kenh_1", Type: dataset.Code, Role: "choice"},
		{Name: "kenh_2", Type: dataset.Code, Role: "choice"},
		{Name: "kenh_3", Type: dataset.Code, Role: "choice"},
		{Name: "Q2", Type: dataset.Number, Role: "item"},
		{Name: "Q2_missing", Type: dataset.Missing, Role: "missing"},
		{Name: "by", Type: dataset.String, Role: "other", Header: long},
		{Name: "q2", Type: dataset.String, Role: "other", Header: "Ghi chú"},
	}, rows...)
	return export.Dataset{Title: "Khảo sát \"một cửa\" – it's a test.", Files: []string{path}, Questionnaire: q}
}

// into writes an export and returns its folder and its data by row.
func into(t *testing.T, d export.Dataset) (dir string, data [][]string) {
	t.Helper()
	dir = t.TempDir()
	if err := export.Write(context.Background(), dir, d); err != nil {
		t.Fatal(err)
	}
	return dir, readCSV(t, filepath.Join(dir, export.DataFile))
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// numbers writes numbers one way, whatever program wrote them.
func numbers(rows [][]string) [][]string {
	for _, row := range rows {
		for i, cell := range row {
			if f, err := strconv.ParseFloat(strings.TrimSpace(cell), 64); err == nil {
				row[i] = strconv.FormatFloat(f, 'g', 12, 64)
			}
		}
	}
	return rows
}

// PSPP reads the syntax without a word of complaint, and gives back every value: codes of the kinds of missing, numbers and texts. The codes of the kinds of
// missing are missing to it, and the set of several answers is known.
func TestPSPPReadsWhatIsHard(t *testing.T) {
	pspp, err := exec.LookPath("pspp")
	if err != nil {
		t.Skip("pspp is not installed: read.sps was not run")
	}
	dir, data := into(t, hard(t))
	syntax := "INCLUDE 'read.sps'.\nSAVE TRANSLATE /OUTFILE='back.csv' /TYPE=CSV /FIELDNAMES /CELLS=VALUES /REPLACE.\n" +
		"FREQUENCIES kenh_1.\nMRSETS /DISPLAY NAME=ALL.\n"
	if err := os.WriteFile(filepath.Join(dir, "try.sps"), []byte(syntax), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(pspp, "try.sps")
	run.Dir, run.Env = dir, append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := run.CombinedOutput()
	if err != nil || strings.Contains(string(out), "error") || strings.Contains(string(out), "warning") {
		t.Fatalf("pspp: %v\n%s", err, out)
	}
	want := numbers(slices.Clone(data))
	got := numbers(readCSV(t, filepath.Join(dir, "back.csv")))
	for _, row := range got {
		for i := range row {
			row[i] = strings.TrimRight(row[i], " ") // SPSS keeps texts at their full width
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pspp gives back (-data.csv +pspp):\n%s", diff)
	}
	said := strings.Join(strings.Fields(string(out)), " ")
	for _, line := range []string{"|N Valid | 2|", "| Missing| 3|", "|$kenh|Kênh › nào|Dichotomies| 1|kenh_1 |"} {
		if !strings.Contains(said, line) {
			t.Errorf("pspp does not say %q:\n%s", line, out)
		}
	}
}

// R reads the same, and its answers, codes and kinds of missing put together are the codes that were written.
func TestRReadsWhatIsHard(t *testing.T) {
	rscript, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("Rscript is not installed: read.R was not run")
	}
	dir, data := into(t, hard(t))
	script := `source("read.R")
kinds <- c(dont_know = -1, refused = -2, not_applicable = -3, invalid = -4)
back <- survey_data[, unique(codebook$variable)]
for (v in names(back)) {
  type <- codebook$type[codebook$variable == v][1]
  if (type == "code") {
    stopifnot(is.factor(back[[v]]), all(is.na(back[[v]]) == is.na(survey_data[[paste0(v, ".code")]])))
    why <- as.character(survey_data[[paste0(v, ".missing")]])
    back[[v]] <- ifelse(is.na(survey_data[[paste0(v, ".code")]]), kinds[why], survey_data[[paste0(v, ".code")]])
  }
  if (type == "missing") back[[v]] <- ifelse(is.na(back[[v]]), 0, kinds[as.character(back[[v]])])
}
write.csv(back, "back.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
`
	if err := os.WriteFile(filepath.Join(dir, "try.R"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(rscript, "try.R")
	run.Dir, run.Env = dir, append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := run.CombinedOutput(); err != nil || strings.Contains(string(out), "Warning") {
		t.Fatalf("R: %v\n%s", err, out)
	}
	if diff := cmp.Diff(numbers(data), numbers(readCSV(t, filepath.Join(dir, "back.csv")))); diff != "" {
		t.Errorf("R gives back (-data.csv +R):\n%s", diff)
	}
}
