package engine

import (
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

	"github.com/trinodb/trino-go-client/trino"
)

// trinoDialect is Trino's. Its tables have names in lower case, and it finds a column by any case.
var trinoDialect = Dialect{Name: "trino", Quote: DuckDB.Quote}

// A cluster is a Trino server that reads the dataset's Parquet files where they lie.
type cluster struct {
	sql             *sql.DB
	local           *DB // reads the files' schemas, so that no column is named from memory
	catalog, schema string
	root, location  string // the dataset's folder, here and as the server names it

	mu     sync.Mutex
	tables map[string]string // by the files that they hold: the FROM items
}

// A ClusterError is what a cluster could not do: it cannot be reached, or a statement failed there. Nothing was written.
type ClusterError struct {
	Server string // host and port
	Err    error
}

func (e *ClusterError) Error() string {
	return fmt.Sprintf("asking the engine at %s: %s", e.Server, e.Err)
}

func (e *ClusterError) Unwrap() error { return e.Err }

// lacksColumn reports whether a server failed for want of a column, which is the request's fault and not the server's.
func lacksColumn(err error) bool {
	var cause *trino.ErrTrino
	return errors.As(err, &cause) && cause.ErrorName == "COLUMN_NOT_FOUND"
}

// A Server is an engine that runs elsewhere, from trino://user[:password]@host:port/catalog/schema[?ssl=true&location=URI]. Location is what
// the server calls the dataset's folder, in a file system of its own: s3://bucket/folder; without one it is local:// and the folder's path.
type Server struct {
	config          trino.Config
	host            string
	catalog, schema string
	location        string
}

// ParseServer reads the address of an engine.
func ParseServer(address string) (Server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Server{}, fmt.Errorf("reading the engine's address: %w", err)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	query := u.Query()
	switch {
	case u.Scheme != "trino":
		return Server{}, fmt.Errorf("reading the engine's address: %q is no engine that hailong knows; write trino://user@host:port/catalog/schema", u.Scheme)
	case u.Host == "" || u.User.Username() == "" || len(parts) != 2 || parts[0] == "" || parts[1] == "":
		return Server{}, errors.New("reading the engine's address: write trino://user@host:port/catalog/schema")
	}
	for key := range query {
		if key != "ssl" && key != "location" {
			return Server{}, fmt.Errorf("reading the engine's address: it has no setting %q; there are ssl and location", key)
		}
	}
	scheme := "http"
	if query.Get("ssl") == "true" {
		scheme = "https"
	}
	server := url.URL{Scheme: scheme, User: u.User, Host: u.Host}
	return Server{
		config: trino.Config{ServerURI: server.String(), Source: "hailong", Catalog: parts[0], Schema: parts[1]},
		host:   u.Host, catalog: parts[0], schema: parts[1], location: strings.TrimSuffix(query.Get("location"), "/"),
	}, nil
}

// openCluster connects to a server and asks it for its first answer.
func openCluster(ctx context.Context, o Options) (*DB, error) {
	server, err := ParseServer(o.Server)
	if err != nil {
		return nil, err
	}
	connector, err := trino.NewConnector(&server.config)
	if err != nil {
		return nil, fmt.Errorf("reading the engine's address: %w", err)
	}
	local, err := Open(ctx, Options{Threads: 1})
	if err != nil {
		return nil, err
	}
	c := &cluster{
		sql: sql.OpenDB(connector), local: local, catalog: server.catalog, schema: server.schema,
		root: o.Root, location: server.location, tables: map[string]string{},
	}
	db := &DB{sql: c.sql, dialect: trinoDialect, source: c.source, local: local, host: server.host}
	if _, err := db.sql.ExecContext(ctx, "SELECT 1"); err != nil {
		return nil, errors.Join(&ClusterError{server.host, err}, db.Close())
	}
	return db, nil
}

// source makes an external table over the folder of the files, once, and reads of it just these files: others that lie beside them, from
// earlier runs, do not count. The table's name says what it is over, so runs side by side share it and none is in another's way.
func (c *cluster) source(ctx context.Context, files []string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := strings.Join(files, "\x00")
	if from, ok := c.tables[key]; ok {
		return from, nil
	}
	folder, paths, err := c.paths(files)
	if err != nil {
		return "", err
	}
	columns, err := c.columns(ctx, files)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(folder + "\x00" + columns))
	name := trinoDialect.Quote(c.catalog) + "." + trinoDialect.Quote(c.schema) + "." + trinoDialect.Quote("hailong_"+hex.EncodeToString(sum[:8]))
	create := "CREATE TABLE IF NOT EXISTS " + name + " (" + columns + ") WITH (external_location = " + literal(folder) + ", format = 'PARQUET')"
	if _, err := c.sql.ExecContext(ctx, create); err != nil {
		return "", err
	}
	from := "(SELECT * FROM " + name + ` WHERE "$path" IN (` + strings.Join(paths, ", ") + "))"
	c.tables[key] = from
	return from, nil
}

// paths are the files as the server names them, and the folder that they share.
func (c *cluster) paths(files []string) (folder string, paths []string, err error) {
	root := c.root
	if root == "" {
		root = filepath.Dir(files[0])
	}
	if root, err = filepath.Abs(root); err != nil {
		return "", nil, err
	}
	location := c.location
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

// columns declares the files' columns, those of all of them together, as the embedded database finds them.
func (c *cluster) columns(ctx context.Context, files []string) (string, error) {
	from, err := c.local.source(ctx, files)
	if err != nil {
		return "", err
	}
	rows, err := c.local.sql.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM "+from+")")
	if err != nil {
		return "", c.local.explain(ctx, &plan{req: Request{Files: files}}, err)
	}
	var columns []string
	seen := map[string]string{}
	for rows.Next() {
		var name, kind string
		if err = rows.Scan(&name, &kind); err != nil {
			break
		}
		as, ok := trinoTypes[kind]
		lower := strings.ToLower(name)
		switch {
		case !ok:
			err = fmt.Errorf("describing column %s to the cluster: it has the type %s, which a dataset has not", name, kind)
		case seen[lower] != "":
			err = fmt.Errorf("describing the columns %s and %s to the cluster: it does not tell capital letters from small ones; rename one of them in the plan's columns", seen[lower], name)
		}
		if err != nil {
			break
		}
		seen[lower] = name
		columns = append(columns, trinoDialect.Quote(name)+" "+as)
	}
	if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return "", err
	}
	return strings.Join(columns, ", "), nil
}
