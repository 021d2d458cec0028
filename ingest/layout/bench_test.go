package layout_test

import (
	"fmt"
	"strings"
	"testing"

	"hailong/ingest/layout"
)

// BenchmarkClass gives the time to class a row of 56 cells, for a program's export and for an office sheet with its control sums.
func BenchmarkClass(b *testing.B) {
	labels := []string{"Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"}
	for _, kind := range []string{"office", "program"} {
		s := sheet{}
		head := []string{"STT", "Xã"}
		if kind == "program" {
			head = []string{"_uuid", "_submission_time"}
		}
		for i := range 54 {
			head = append(head, fmt.Sprintf("Câu %d", i+1))
		}
		s.rows = append(s.rows, strings.Join(head, "|"))
		for r := range 200 {
			row := []string{fmt.Sprint(r + 1), "Xã Long Đức"}
			if kind == "program" {
				row = []string{fmt.Sprintf("uuid:%d", r), "2024-05-01"}
			}
			for i := range 54 {
				row = append(row, labels[(r*7+i*3)%5])
			}
			s.rows = append(s.rows, strings.Join(row, "|"))
		}
		b.Run(kind, func(b *testing.B) {
			table, err := s.detect(b, layout.Options{})
			if err != nil {
				b.Fatal(err)
			}
			rows, _ := s.parse(b)
			for i := range rows { // as a workbook with shared strings has it
				for j := range rows[i].Cells {
					rows[i].Cells[j].SST = int32(1000 + (i*7+j*3)%5)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				c := table.NewClassifier()
				for i := range rows {
					c.Class(&rows[i])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rows)), "ns/row")
		})
	}
}
