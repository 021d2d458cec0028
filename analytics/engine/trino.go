package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/trinodb/trino-go-client/trino"
)

// trinoDialect is Trino's. Its tables have names in lower case, and it finds a column by any case.
var trinoDialect = Dialect{Name: "trino", Quote: DuckDB.Quote}

// A server is a Trino cluster that reads the dataset's Parquet files where they lie.
type server struct {
	sql             *sql.DB
	local           *DB // the embedded database reads the files' schemas, so that no column is named from memory
	host            string
	catalog, schema string
	root, location  string // the dataset's folder, here and as the server names it

	mu     sync.Mutex
	tables map[string]string // by the files that they hold: the FROM items
}

// A ServerError is what a server could not do: it cannot be reached, or a statement failed there.
type ServerError struct {
	Host string // and port
	Err  error
}

func (e *ServerError) Error() string {
	return fmt.Sprintf("asking the engine at %s: %s", e.Host, e.Err)
}

func (e *ServerError) Unwrap() error { return e.Err }

// lacksColumn reports whether a server failed for want of a column, which is the request's fault and not the server's.
func lacksColumn(err error) bool {
	var cause *trino.ErrTrino
	return errors.As(err, &cause) && cause.ErrorName == "COLUMN_NOT_FOUND"
}

// An address names an engine that runs elsewhere.
type address struct {
	config          trino.Config
	host            string
	catalog, schema string
	location        string
}

// CheckServer says what is wrong with the address of an engine.
func CheckServer(text string) error {
	_, err := parseAddress(text)
	return err
}

// parseAddress reads trino://user[:password]@host:port/catalog/schema[?ssl=true&location=URI]. Location is what the server calls the dataset's
// folder, in a file system of its own (s3://bucket/folder); without one it is local:// and the folder's path.
func parseAddress(text string) (address, error) {
	u, err := url.Parse(text)
	if err != nil {
		return address{}, fmt.Errorf("reading the engine's address: %w", err)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	query := u.Query()
	switch {
	case u.Scheme != "trino":
		return address{}, fmt.Errorf("%q is no engine that hailong knows", u.Scheme)
	case u.Host == "" || u.User.Username() == "" || len(parts) != 2 || parts[0] == "" || parts[1] == "":
		return address{}, errors.New("it lacks the user, the host, the catalog or the schema")
	}
	for key := range query {
		if key != "ssl" && key != "location" {
			return address{}, fmt.Errorf("there is no setting %q; there are ssl and location", key)
		}
	}
	scheme := "http"
	if query.Get("ssl") == "true" {
		scheme = "https"
	}
	uri := url.URL{Scheme: scheme, User: u.User, Host: u.Host}
	return address{
		config: trino.Config{ServerURI: uri.String(), Source: "hailong", Catalog: parts[0], Schema: parts[1]},
		host:   u.Host, catalog: parts[0], schema: parts[1], location: strings.TrimSuffix(query.Get("location"), "/"),
	}, nil
}

// helloTimeout is how long a server may take to its first answer.
const helloTimeout = 20 * time.Second

// openServer connects to a server and asks it for its first answer.
func openServer(ctx context.Context, o Options) (*DB, error) {
	at, err := parseAddress(o.Server)
	if err != nil {
		return nil, fmt.Errorf("reading the engine's address: %w", err)
	}
	connector, err := trino.NewConnector(&at.config)
	if err != nil {
		return nil, fmt.Errorf("reading the engine's address: %w", err)
	}
	local, err := Open(ctx, Options{Threads: 1})
	if err != nil {
		return nil, err
	}
	s := &server{
		sql: sql.OpenDB(connector), local: local, host: at.host, catalog: at.catalog, schema: at.schema,
		root: o.Root, location: cmp.Or(at.location, o.Location), tables: map[string]string{},
	}
	db := &DB{sql: s.sql, dialect: trinoDialect, server: s}
	// A statement is asked again for two minutes where the network fails; whether there is a server at all shows sooner.
	hello, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	if _, err := db.sql.ExecContext(hello, "SELECT 1"); err != nil {
		if hello.Err() != nil && ctx.Err() == nil {
			err = fmt.Errorf("no answer within %s", helloTimeout)
		}
		return nil, errors.Join(&ServerError{at.host, err}, db.Close())
	}
	return db, nil
}

// source makes an external table over the folder of the files, once, and reads of it just these files: others that lie beside them, from
// earlier runs, do not count. The table's name says what it is over, so runs side by side share it and none is in another's way.
func (s *server) source(ctx context.Context, files []string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.Join(files, "\x00")
	if from, ok := s.tables[key]; ok {
		return from, nil
	}
	folder, paths, err := s.paths(files)
	if err != nil {
		return "", err
	}
	columns, err := s.columns(ctx, files)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(folder + "\x00" + columns))
	name := trinoDialect.Quote(s.catalog) + "." + trinoDialect.Quote(s.schema) + "." + trinoDialect.Quote("hailong_"+hex.EncodeToString(sum[:8]))
	create := "CREATE TABLE IF NOT EXISTS " + name + " (" + columns + ") WITH (external_location = " + literal(folder) + ", format = 'PARQUET')"
	if _, err := s.sql.ExecContext(ctx, create); err != nil {
		return "", err
	}
	from := "(SELECT * FROM " + name + ` WHERE "$path" IN (` + strings.Join(paths, ", ") + "))"
	s.tables[key] = from
	return from, nil
}

// paths are the files as the server names them, and the folder that they share.
func (s *server) paths(files []string) (folder string, paths []string, err error) {
	root := s.root
	if root == "" {
		root = filepath.Dir(files[0])
	}
	if root, err = filepath.Abs(root); err != nil {
		return "", nil, err
	}
	location := s.location
	if location == "" {
		location = "local://" + strings.TrimSuffix(filepath.ToSlash(root), "/")
	}
	for _, f := range files {
		if strings.ToLower(filepath.Ext(f)) != ".parquet" {
			return "", nil, fmt.Errorf("reading %s: a cluster reads the Parquet files of a dataset only", f)
		}
		if f, err = filepath.Abs(f); err != nil {
			return "", nil, err
		}
		rel, err := filepath.Rel(root, f)
		if err != nil || strings.HasPrefix(rel, "..") {
			return "", nil, fmt.Errorf("reading %s: it is not in the dataset's folder %s, which the cluster reads", f, root)
		}
		path := location + "/" + filepath.ToSlash(rel)
		dir := path[:strings.LastIndexByte(path, '/')]
		if folder != "" && dir != folder {
			return "", nil, fmt.Errorf("reading %s: a run on a cluster takes the files of one folder, and others are in %s", f, folder)
		}
		folder = dir
		paths = append(paths, literal(path))
	}
	slices.Sort(paths)
	return folder, paths, nil
}

// trinoTypes are Trino's names of the types that a dataset has.
var trinoTypes = map[string]string{
	"TINYINT": "TINYINT", "SMALLINT": "SMALLINT", "INTEGER": "INTEGER", "BIGINT": "BIGINT", "DOUBLE": "DOUBLE", "VARCHAR": "VARCHAR",
	"BOOLEAN": "BOOLEAN", "TIMESTAMP": "TIMESTAMP(3)",
}

// A column of the files, with DuckDB's name of its type.
type described struct{ name, kind string }

// describe lists the files' columns, those of all of them together, as the embedded database finds them.
func (s *server) describe(ctx context.Context, files []string) (out []described, err error) {
	rows, err := s.local.sql.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM "+duckSource(files)+")")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	for rows.Next() {
		var c described
		if err := rows.Scan(&c.name, &c.kind); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// columns declares the files' columns to the server.
func (s *server) columns(ctx context.Context, files []string) (string, error) {
	columns, err := s.describe(ctx, files)
	if err != nil {
		return "", err
	}
	declared := make([]string, len(columns))
	for i, c := range columns {
		kind, ok := trinoTypes[c.kind]
		if !ok {
			return "", fmt.Errorf("describing column %s to the server: it has the type %s, which a dataset has not", c.name, c.kind)
		}
		declared[i] = trinoDialect.Quote(c.name) + " " + kind
	}
	return strings.Join(declared, ", "), nil
}

// checkNames refuses strata, sampling units and breakdowns whose values two engines write in two ways.
func (s *server) checkNames(ctx context.Context, p *plan) error {
	columns, err := s.describe(ctx, p.req.Files)
	if err != nil {
		return err
	}
	for _, c := range columns {
		if c.kind != "DOUBLE" && c.kind != "TIMESTAMP" {
			continue
		}
		if slices.Contains(p.req.Strata, c.name) || slices.Contains(p.req.PSU, c.name) || slices.Contains(p.domains, c.name) {
			return fmt.Errorf("column %s holds decimal numbers or times, which a server writes as text in a way of its own; break down by it without --engine", c.name)
		}
	}
	return nil
}
