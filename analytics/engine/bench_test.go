package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"golang.org/x/sync/errgroup"

	"hailong/analytics/survey"
)

const benchItems = 30

// writeSurvey writes rows equal in law to those of ../shared/bench/r/gen.R: 60 provinces × urban and rural = 120 strata, 200 PSUs a stratum
// (40 below half a million rows), respondents as second-stage units, weights N/n·M/m, 30 Likert items with 4 % item non-response. They go
// to as many files as paths.
func writeSurvey(t testing.TB, rows int, seed uint64, paths ...string) {
	t.Helper()
	const strata = 120
	perStratum := 40
	if rows >= 500_000 {
		perStratum = 200
	}
	psus := strata * perStratum
	r := rand.New(rand.NewPCG(seed, 168))
	normals := func(n int, sd float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = sd * r.NormFloat64()
		}
		return out
	}
	population := make([]float64, strata)
	for h := range population {
		population[h] = float64(perStratum * (3 + r.IntN(10)))
	}
	provinces, communes := normals(60, 0.30), normals(psus, 0.35)
	cuts := [...]float64{-1.6, -0.7, 0.2, 1.3}

	fields := []arrow.Field{
		{Name: "province", Type: arrow.BinaryTypes.String},
		{Name: "urb", Type: arrow.BinaryTypes.String},
		{Name: "psu", Type: arrow.PrimitiveTypes.Int32},
		{Name: "N_psu", Type: arrow.PrimitiveTypes.Float64},
		{Name: "M_ssu", Type: arrow.PrimitiveTypes.Float64},
		{Name: "w", Type: arrow.PrimitiveTypes.Float64},
		{Name: "sex", Type: arrow.BinaryTypes.String},
		{Name: "age4", Type: arrow.BinaryTypes.String},
	}
	for j := range benchItems {
		fields = append(fields, arrow.Field{Name: fmt.Sprintf("m%d", j+1), Type: arrow.PrimitiveTypes.Int16, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	var writer *pqarrow.FileWriter
	next := 0
	open := func() {
		file, err := os.Create(paths[next])
		if err != nil {
			t.Fatal(err)
		}
		writer, err = pqarrow.NewFileWriter(schema, file, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy)), pqarrow.DefaultWriterProps())
		if err != nil {
			t.Fatal(err)
		}
		next++
	}
	flush := func() {
		record := b.NewRecord()
		defer record.Release()
		if err := writer.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	open()
	i := 0
	for k := range psus {
		size := rows / psus
		if k < rows%psus {
			size++
		}
		h := k / perStratum
		m := float64(size * (8 + r.IntN(53)))
		w := population[h] / float64(perStratum) * m / float64(size)
		for range size {
			if i == next*rows/len(paths) && next < len(paths) {
				flush()
				if err := writer.Close(); err != nil {
					t.Fatal(err)
				}
				open()
			}
			b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("P%02d", h/2+1))
			b.Field(1).(*array.StringBuilder).Append([...]string{"U", "R"}[h%2])
			b.Field(2).(*array.Int32Builder).Append(int32(k + 1))
			b.Field(3).(*array.Float64Builder).Append(population[h])
			b.Field(4).(*array.Float64Builder).Append(m)
			b.Field(5).(*array.Float64Builder).Append(w)
			b.Field(6).(*array.StringBuilder).Append([...]string{"Nam", "Nữ"}[r.IntN(2)])
			b.Field(7).(*array.StringBuilder).Append([...]string{"18-29", "30-44", "45-59", "60+"}[r.IntN(4)])
			theta := provinces[h/2] + communes[k] + 0.8*r.NormFloat64()
			for j := range benchItems {
				latent := theta + r.NormFloat64() + float64(j+1-15)/40
				code := int16(1)
				for _, c := range cuts {
					if latent >= c {
						code++
					}
				}
				if r.Float64() < 0.04 {
					b.Field(8 + j).(*array.Int16Builder).AppendNull()
				} else {
					b.Field(8 + j).(*array.Int16Builder).Append(code)
				}
			}
			i++
			if i%32_768 == 0 {
				flush()
			}
		}
	}
	flush()
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
}

func benchRequest(files ...string) Request {
	req := Request{
		Files: files, Domains: [][]string{{"province"}}, Strata: []string{"province", "urb"}, PSU: []string{"psu"}, Weight: "w", FPC: []string{"N_psu", "M_ssu"},
	}
	for j := range benchItems {
		item := fmt.Sprintf("m%d", j+1)
		req.Measures = append(req.Measures, Measure{ID: item, Kind: Mean, Items: []string{item}})
	}
	return req
}

// analyse does the whole job of issue 4's speed target: estimate, SE, CI, df, deff and n for every item and province and for everyone, and
// the 60 × 60 covariance of every item.
func analyse(tb testing.TB, db *DB, req Request, workers int) []survey.DomainFigures {
	tb.Helper()
	totals, _, err := db.Totals(context.Background(), req)
	if err != nil {
		tb.Fatal(err)
	}
	variance, err := totals.Variances(survey.LonelyFail)
	if err != nil {
		tb.Fatal(err)
	}
	out := make([]survey.DomainFigures, 2*len(totals.Measures))
	var group errgroup.Group
	group.SetLimit(workers)
	for m := range totals.Measures {
		group.Go(func() error {
			for b := range totals.Breakdowns {
				f := variance.Domains(m, b)
				lo, hi := f.CI(0.95)
				for d := range f.Est {
					if !(lo[d] < f.Est[d] && f.Est[d] < hi[d]) {
						return fmt.Errorf("measure %d, value %d: no interval", m, d)
					}
				}
				out[2*m+b] = f
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		tb.Fatal(err)
	}
	return out
}

// BenchmarkTotals is the speed target of issue 4; HAILONG_BENCH_ROWS=10000000 asks for ten million rows instead.
func BenchmarkTotals(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if v := os.Getenv("HAILONG_BENCH_ROWS"); v != "" {
		sizes = sizes[:1]
		if _, err := fmt.Sscan(v, &sizes[0]); err != nil {
			b.Fatal(err)
		}
	}
	for _, rows := range sizes {
		file := filepath.Join(b.TempDir(), "survey.parquet")
		writeSurvey(b, rows, 12, file)
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			before := cpuSeconds(b)
			for b.Loop() {
				db, err := Open(context.Background(), Options{Threads: 2})
				if err != nil {
					b.Fatal(err)
				}
				analyse(b, db, benchRequest(file), 2)
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((cpuSeconds(b)-before)/float64(b.N), "cpu-s/op")
			b.ReportMetric(float64(peakRSS(b))/1e6, "peakMB")
		})
	}
}

// cpuSeconds is the processor time used so far, which other jobs on the machine disturb less than the clock.
func cpuSeconds(tb testing.TB) float64 {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// peakRSS is the most memory that the process had, the making of the file included; Linux only.
func peakRSS(tb testing.TB) int64 {
	tb.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		tb.Fatal(err)
	}
	var kb int64
	for line := range strings.Lines(string(text)) {
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
			return kb * 1024
		}
	}
	return 0
}

// BenchmarkExactness shows what exact sums cost: the same scan, over a million rows, with packed integers (weights even within PSUs), with
// fixed-point weights (uneven ones) and in floating point, whose last digits change with the order of addition.
func BenchmarkExactness(b *testing.B) {
	file := filepath.Join(b.TempDir(), "survey.parquet")
	writeSurvey(b, 1_000_000, 12, file)
	ctx := context.Background()
	db := open(b, 2)
	p, err := db.translate(ctx, benchRequest(file))
	if err != nil {
		b.Fatal(err)
	}
	bounds, err := db.bounds(ctx, p)
	if err != nil {
		b.Fatal(err)
	}
	packed := p.sums(bounds)
	bounds.Uneven = 1
	fixed := p.sums(bounds)
	floating := &sums{even: true}
	for _, a := range p.answers {
		floating.words = append(floating.words, "count("+a.name+")")
		for _, w := range []string{"w", "w * w"} {
			for _, y := range []string{"", " * " + a.name, " * " + a.name + " * " + a.name} {
				floating.words = append(floating.words, "sum("+when(a.name+" IS NOT NULL", w+y)+")")
			}
		}
	}
	for _, form := range []struct {
		name string
		sums *sums
	}{{"packed", packed}, {"fixed", fixed}, {"float", floating}} {
		query, err := statement("totals.sql", p.parameters(db.dialect, form.sums))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(form.name, func(b *testing.B) {
			before := cpuSeconds(b)
			for b.Loop() {
				rows := 0
				if err := db.each(ctx, query, func([]driver.Value) error { rows++; return nil }); err != nil || rows != 24_000 {
					b.Fatal(rows, err)
				}
			}
			b.ReportMetric((cpuSeconds(b)-before)/float64(b.N), "cpu-s/op")
		})
	}
}
