package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net/url"
	"strconv"

	"github.com/duckdb/duckdb-go/v2"

	"hailong/ingest/wording"
)

// Options bounds what the database may use. The zero value leaves everything to the embedded DuckDB: all cores, 80 % of the memory.
type Options struct {
	Threads     int
	MemoryLimit string // "400MB"; DuckDB spills to TempDir beyond it
	TempDir     string

	Server string // another engine, in place of DuckDB: see CheckServer
	Root   string // the dataset's folder, which the server reads too
	// Location is what the server calls that folder, where its address does not say: s3://bucket/folder.
	Location string
}

// A DB answers requests over survey files. It is safe for use by several goroutines.
type DB struct {
	sql     *sql.DB
	dialect Dialect
	server  *server // nil: the embedded database
}

// Open starts the embedded DuckDB in memory, or connects to the server that the options name.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Server != "" {
		return openServer(ctx, o)
	}
	q := url.Values{}
	if o.Threads > 0 {
		q.Set("threads", strconv.Itoa(o.Threads))
	}
	if o.MemoryLimit != "" {
		q.Set("memory_limit", o.MemoryLimit)
	}
	if o.TempDir != "" {
		q.Set("temp_directory", o.TempDir)
	}
	connector, err := duckdb.NewConnector("?"+q.Encode(), nil)
	if err != nil {
		return nil, wording.Errorf("starting duckdb: %w", err)
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(wording.Errorf("starting duckdb: %w", err), db.Close())
	}
	return &DB{sql: db, dialect: DuckDB}, nil
}

// Close stops the database, or leaves the server.
func (db *DB) Close() error {
	if db.server != nil {
		return errors.Join(db.sql.Close(), db.server.local.Close())
	}
	return db.sql.Close()
}

// source is a FROM item over all files together, columns matched by name.
func (db *DB) source(ctx context.Context, files []string) (string, error) {
	if db.server != nil {
		return db.server.source(ctx, files)
	}
	return duckSource(files), nil
}

// Name is the engine's name as results.json gives it.
func (db *DB) Name() string { return db.dialect.Name }

// each runs one query and calls row with its values. The slice is reused; the driver's own row iterator is used because
// database/sql's Scan costs more than the query where a row has hundreds of sums.
func (db *DB) each(ctx context.Context, query string, row func([]driver.Value) error) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return wording.Errorf("connecting to %s: %w", db.dialect.Name, err)
	}
	err = conn.Raw(func(raw any) error {
		rows, closeStatement, err := queryRaw(ctx, raw, query)
		if err != nil {
			return err
		}
		values := make([]driver.Value, len(rows.Columns()))
		for {
			if err = rows.Next(values); err != nil {
				break
			}
			if err = row(values); err != nil {
				break
			}
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return errors.Join(err, rows.Close(), closeStatement())
	})
	return errors.Join(err, conn.Close())
}

// queryRaw starts a query on a driver's own connection, by a statement where it has no other way.
func queryRaw(ctx context.Context, raw any, query string) (rows driver.Rows, closeStatement func() error, err error) {
	if q, ok := raw.(driver.QueryerContext); ok {
		rows, err = q.QueryContext(ctx, query, nil)
		return rows, func() error { return nil }, err
	}
	p, ok := raw.(driver.ConnPrepareContext)
	if !ok {
		return nil, nil, wording.Errorf("the driver takes no plain queries")
	}
	statement, err := p.PrepareContext(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	q, ok := statement.(driver.StmtQueryContext)
	if !ok {
		return nil, nil, errors.Join(wording.Errorf("the driver takes no context"), statement.Close())
	}
	if rows, err = q.QueryContext(ctx, nil); err != nil {
		return nil, nil, errors.Join(err, statement.Close())
	}
	return rows, statement.Close, nil
}
