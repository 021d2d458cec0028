package analytics

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"hailong/analytics/engine"
	"hailong/analytics/index"
)

// A form is one row of a made-up SIPAS survey: what ingest would write.
type form struct {
	background map[string]string
	weight     float64
	items      map[string]int // 0: blank
}

// writeDataset writes forms as package ingest/dataset does: items int16, background strings, weights float64.
func writeDataset(t testing.TB, path string, forms []form, background, items []string) {
	t.Helper()
	var fields []arrow.Field
	for _, b := range background {
		fields = append(fields, arrow.Field{Name: b, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	fields = append(fields, arrow.Field{Name: "trong_so", Type: arrow.PrimitiveTypes.Float64, Nullable: true})
	for _, i := range items {
		fields = append(fields, arrow.Field{Name: i, Type: arrow.PrimitiveTypes.Int16, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, f := range forms {
		for i, name := range background {
			if v := f.background[name]; v != "" {
				b.Field(i).(*array.StringBuilder).Append(v)
			} else {
				b.Field(i).AppendNull()
			}
		}
		b.Field(len(background)).(*array.Float64Builder).Append(f.weight)
		for i, name := range items {
			if v := f.items[name]; v != 0 {
				b.Field(len(background) + 1 + i).(*array.Int16Builder).Append(int16(v))
			} else {
				b.Field(len(background) + 1 + i).AppendNull()
			}
		}
	}
	record := b.NewRecord()
	defer record.Release()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := pqarrow.NewFileWriter(schema, file, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(record); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

var sipasBackground = []string{"huyen", "xa", "gioi_tinh", "nhom_tuoi", "dan_toc", "hoc_van", "nghe_nghiep", "linh_vuc"}

func sipasItems(t testing.TB) ([]byte, []string) {
	t.Helper()
	source, err := index.Shipped("sipas-2017")
	if err != nil {
		t.Fatal(err)
	}
	d, err := index.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	return source, d.Measures()[0].Items
}

// province makes a survey the size of a province's: 580 forms, 9 districts, 22 items, 8 breakdowns.
func province(t testing.TB, n int) []form {
	t.Helper()
	_, items := sipasItems(t)
	random := rand.New(rand.NewPCG(1, 2))
	forms := make([]form, n)
	for i := range forms {
		h := random.IntN(9)
		f := form{background: map[string]string{
			"huyen": fmt.Sprintf("Huyện %d", h+1), "xa": fmt.Sprintf("Xã %d", random.IntN(8)+1), "gioi_tinh": []string{"Nam", "Nữ"}[random.IntN(2)],
			"nhom_tuoi": []string{"18-24", "25-34", "35-49", "50-60", "Trên 60"}[random.IntN(5)], "dan_toc": []string{"Kinh", "Khmer", "Khác"}[random.IntN(3)],
			"hoc_van": fmt.Sprint(random.IntN(6)), "nghe_nghiep": fmt.Sprint(random.IntN(7)), "linh_vuc": fmt.Sprint(random.IntN(10)),
		}, weight: 0.5 + random.Float64()*3, items: map[string]int{}}
		for _, item := range items {
			switch v := random.Float64(); {
			case v < 0.04:
			case v < 0.05:
				f.items[item] = -1 - random.IntN(4)
			default:
				f.items[item] = min(5, 2+random.IntN(5))
			}
		}
		forms[i] = f
	}
	return forms
}

func BenchmarkRunProvince(b *testing.B) {
	source, items := sipasItems(b)
	dir := b.TempDir()
	forms := province(b, 580)
	var files []string
	for i := range 9 {
		files = append(files, filepath.Join(dir, fmt.Sprint(i)+".parquet"))
		writeDataset(b, files[i], forms[i*580/9:(i+1)*580/9], sipasBackground, items)
	}
	for b.Loop() {
		set, err := Run(context.Background(), Input{Files: files, Definition: source, Engine: engine.Options{Threads: 2}}, Plan{
			Design: Design{Weight: "trong_so", Strata: Columns{"huyen"}, PSU: Columns{"xa"}}, Domains: sipasBackground,
		})
		if err != nil {
			b.Fatal(err)
		}
		if len(set.Estimates) != 28*(1+50) { // 1 + 5 + 22 nodes for everyone and 50 values of 8 breakdowns
			b.Fatalf("%d estimates", len(set.Estimates))
		}
	}
}

// BenchmarkRunCommunes: a breakdown by thousands of communes, each a PSU with 5 forms, as a ministry's year has it. What one commune costs must
// not grow with their number.
func BenchmarkRunCommunes(b *testing.B) {
	source, items := sipasItems(b)
	for _, communes := range []int{500, 4000} {
		b.Run(fmt.Sprint(communes), func(b *testing.B) {
			forms := province(b, 5*communes)
			for i := range forms {
				commune := i % communes
				forms[i].background["xa"], forms[i].background["huyen"] = fmt.Sprintf("Xã %05d", commune), fmt.Sprint("Tỉnh ", commune%34)
			}
			path := filepath.Join(b.TempDir(), "communes.parquet")
			writeDataset(b, path, forms, sipasBackground, items)
			for b.Loop() {
				set, err := Run(context.Background(), Input{Files: []string{path}, Definition: source, Engine: engine.Options{Threads: 2}}, Plan{
					Design: Design{Weight: "trong_so", Strata: Columns{"huyen"}, PSU: Columns{"xa"}}, Domains: []string{"xa"},
				})
				if err != nil {
					b.Fatal(err)
				}
				if len(set.Estimates) != 28*(1+communes) {
					b.Fatalf("%d estimates", len(set.Estimates))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*communes), "µs/commune")
		})
	}
}
