package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestServerAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"trino://a@host:8080/hive/s":                 "http://a@host:8080 hive s ",
		"trino://a:b@host/hive/s/?ssl=true":          "https://a:b@host hive s ",
		"trino://a@host:1/hive/s?location=s3://b/p/": "http://a@host:1 hive s s3://b/p",
		"spark://a@host:1/hive/s":                    `"spark" is no engine`,
		"trino://host:1/hive/s":                      "lacks the user",
		"trino://a@host:1/hive":                      "lacks the user, the host, the catalog or the schema",
		"trino://a@host:1/hive/s?threads=4":          `no setting "threads"`,
		"trino://a@host:1/hive/s\x7f":                "reading the engine's address",
	} {
		at, err := parseAddress(text)
		got := strings.Join([]string{at.config.ServerURI, at.catalog, at.schema, at.location}, " ")
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s; want %s", text, got, want)
		}
	}
}

// TestServerFiles: what a server is told of the files, as far as no server is needed to know it.
func TestServerFiles(t *testing.T) {
	ctx := context.Background()
	local, err := Open(ctx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := local.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	leaf := filepath.Join(dir, "wave=2020", "province=84")
	if err := os.MkdirAll(leaf, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, columns string) string {
		path := filepath.Join(leaf, name)
		if _, err := local.sql.ExecContext(ctx, "COPY (SELECT "+columns+") TO "+literal(path)+" (FORMAT parquet)"); err != nil {
			t.Fatal(err)
		}
		return path
	}
	b := write("b.parquet", "1::SMALLINT AS AC1, 'x' AS xa, 1.5::DOUBLE AS w")
	a := write("a.parquet", "2::SMALLINT AS AC1, TIMESTAMP '2020-01-02' AS t")
	s := &server{local: local, root: dir, location: "s3://b/p"}

	folder, paths, err := s.paths([]string{b, a})
	if err != nil {
		t.Fatal(err)
	}
	if want := "s3://b/p/wave=2020/province=84"; folder != want || strings.Join(paths, " ") != "'s3://b/p/wave=2020/province=84/a.parquet' 's3://b/p/wave=2020/province=84/b.parquet'" {
		t.Errorf("the folder is %s, the files %v", folder, paths)
	}
	columns, err := s.columns(ctx, []string{b, a})
	if err != nil {
		t.Fatal(err)
	}
	if want := `"AC1" SMALLINT, "xa" VARCHAR, "w" DOUBLE, "t" TIMESTAMP(3)`; columns != want {
		t.Errorf("the columns are %s, want %s", columns, want)
	}
	for name, fails := range map[string]struct {
		err  error
		want string
	}{
		"csv":             {second(s.paths([]string{filepath.Join(leaf, "x.csv")})), "Parquet files of a dataset only"},
		"outside":         {second(s.paths([]string{filepath.Join(t.TempDir(), "x.parquet")})), "not in the dataset's folder"},
		"two folders":     {second(s.paths([]string{b, filepath.Join(dir, "c.parquet")})), "files of one folder"},
		"a strange type":  {first(s.columns(ctx, []string{write("d.parquet", "[1, 2] AS list")})), "INTEGER[]"},
		"decimal strata":  {s.checkNames(ctx, &plan{req: Request{Files: []string{b}, Strata: []string{"w"}}}), "column w holds decimal numbers"},
		"times as values": {s.checkNames(ctx, &plan{req: Request{Files: []string{a}}, domains: []string{"t"}}), "column t holds decimal numbers or times"},
	} {
		if fails.err == nil || !strings.Contains(fails.err.Error(), fails.want) {
			t.Errorf("%s: the error is %v; it should say %q", name, fails.err, fails.want)
		}
	}
	if err := s.checkNames(ctx, &plan{req: Request{Files: []string{b}, Strata: []string{"xa"}, PSU: []string{"AC1"}}}); err != nil {
		t.Errorf("texts and whole numbers: %v", err)
	}
}

func first[A any](_ A, err error) error { return err }

func second[A, B any](_ A, _ B, err error) error { return err }

// TestNoServer: nobody listens, and the caller learns which server it was, soon.
func TestNoServer(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_, err := Open(ctx, Options{Server: "trino://a@127.0.0.1:1/hive/s"})
	var down *ServerError
	if !errors.As(err, &down) || down.Host != "127.0.0.1:1" {
		t.Errorf("the error is %v; want a ServerError of 127.0.0.1:1", err)
	}
}
