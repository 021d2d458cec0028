package engine

import (
	"embed"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
)

// A Dialect is everything in which one engine's SQL differs from another's; the statements in sql/ are the same for all.
type Dialect struct {
	Name  string
	Quote func(identifier string) string
}

// DuckDB is the embedded engine's, and standard SQL's.
var DuckDB = Dialect{
	Name:  "duckdb",
	Quote: func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` },
}

// duckSource reads Parquet and CSV files where they lie, all together, their columns matched by name. It knows numbers and texts in a CSV file:
// DuckDB would take Yes and No for truth values. The folders of a dataset (wave=2020/province=84) are columns where the files are of several.
func duckSource(files []string) string {
	quoted := make([]string, len(files))
	folders := false
	for i, f := range files {
		quoted[i] = literal(f)
		folders = folders || filepath.Dir(f) != filepath.Dir(files[0])
	}
	list := "[" + strings.Join(quoted, ", ") + "]"
	switch strings.ToLower(filepath.Ext(files[0])) {
	case ".csv", ".tsv", ".txt":
		return "read_csv(" + list + ", header = true, sample_size = -1, union_by_name = true, nullstr = ['', 'NA'], auto_type_candidates = ['BIGINT', 'DOUBLE', 'VARCHAR'])"
	}
	if folders {
		// Codes are names: 01 is not 1.
		return "read_parquet(" + list + ", union_by_name = true, hive_partitioning = true, hive_types_autocast = false)"
	}
	return "read_parquet(" + list + ", union_by_name = true, hive_partitioning = false)"
}

// literal quotes a string the same way in every dialect.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// number writes a float as a literal that every engine reads as the same DOUBLE.
func number(f float64) string { return strconv.FormatFloat(f, 'e', -1, 64) }

//go:embed sql/*.sql
var statements embed.FS

// statement fills one of sql/*.sql. A statement names its parameters in its head.
func statement(name string, parameters any) (string, error) {
	t, err := template.New(name).Option("missingkey=error").ParseFS(statements, "sql/"+name)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, parameters)
	return b.String(), err
}
