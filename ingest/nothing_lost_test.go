package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever stands in a column, no cell becomes null because of a guess. In a column that no questionnaire describes, every filled cell is in the
// dataset, and texts as they stand; an answer is a code or one of the kinds of missing, and an invalid one is a problem with its cell.
func TestNoCellIsLostToAGuess(t *testing.T) {
	dir, files := t.TempDir(), t
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SampledFrom([]any{
			nil, 1, 4, 5, 99, 98, 2.5, -3.0, 1e10, true, false, date(44000), date(0.25), padded(7),
			"4", "Hài lòng", "hai long", "4 - Hài lòng", "1 - Hài lòng", "5 - Không hài lòng", "không biết", "từ chối", "n/a", "2; 3", "Hài lòng; Bình thường", "4.37/5", "khác", "4đ",
			"0123", "1.234", "1.234,5", "12,5%", "2020-02-30", "15/11/2024", "1E3", "=1+1", "-", "#N/A", "NULL", "ｘ", "e\u0301", "x", "  ", "\u00a0", "NaN", "Inf", "0x10",
		})
		cells := rapid.SliceOfN(values, 1, 30).Draw(t, "cells")
		answers := rapid.SliceOfN(values, len(cells), len(cells)).Draw(t, "answers")
		rows := [][]any{{"Mã phiếu", "A1", "bất kỳ", "Ghi nhận"}}
		for i := range cells {
			rows = append(rows, []any{fmt.Sprint(i), answers[i], cells[i], fmt.Sprintf("dòng số %d", i)})
		}
		out := filepath.Join(dir, "out")
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
		report, err := Run(files.Context(), Options{Files: []string{book(files, filepath.Join(dir, "a.xlsx"), testSheet{"S", rows})}, Definition: []byte(small), Out: out})
		if err != nil {
			t.Fatal(err)
		}
		if f := report.Files[0]; f.Failed {
			if len(f.Problems) == 0 {
				t.Fatal("refused without a word")
			}
			return // a column of averages and no other item: TestASheetOfAveragesIsRefused
		}
		d := readDataset(files, out)
		if len(d.rows) != len(cells) {
			t.Fatalf("%d rows of %d", len(d.rows), len(cells))
		}
		blank := func(v any) bool {
			text, ok := v.(string)
			return v == nil || (ok && strings.Trim(text, " \u00a0") == "")
		}
		dropped := len(report.Files[0].Sheets[0].Dropped) > 0
		invalid := int64(0)
		for i := range cells {
			other, filled := d.rows[i]["bat_ky"]
			if filled == blank(cells[i]) && !dropped {
				t.Fatalf("row %d: %#v became %q (%v), the column being %v", i+2, cells[i], other, filled, d.fields["bat_ky"])
			}
			if text, ok := cells[i].(string); ok && filled && other != text && text != "e\u0301" {
				t.Fatalf("row %d: the text %q became %q", i+2, text, other)
			}
			code, answered := d.rows[i]["A1"]
			if answered == blank(answers[i]) {
				t.Fatalf("row %d: the answer %#v became %q (%v)", i+2, answers[i], code, answered)
			}
			if code == "-4" {
				invalid++
			}
		}
		var named int64
		averages := false
		for _, p := range report.Problems {
			switch {
			case p.Code == "averages":
				averages = true
			case strings.HasPrefix(p.Cell, "B"):
				named += p.Count
			}
		}
		if named < invalid && !averages {
			t.Fatalf("%d invalid answers, %d named: %v", invalid, named, report.Problems)
		}
	})
}
