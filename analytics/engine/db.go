package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"github.com/duckdb/duckdb-go/v2"
)

// Options bounds what the database may use. The zero value leaves everything to DuckDB: all cores, 80 % of the memory.
type Options struct {
	Threads     int
	MemoryLimit string // "400MB"; DuckDB spills to TempDir beyond it
	TempDir     string
}

// A DB answers requests over survey files. It is safe for use by several goroutines.
type DB struct {
	sql     *sql.DB
	dialect Dialect
}

// Open starts the embedded DuckDB in memory.
func Open(ctx context.Context, o Options) (*DB, error) {
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
		return nil, fmt.Errorf("starting duckdb: %w", err)
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("starting duckdb: %w", err), db.Close())
	}
	return &DB{sql: db, dialect: DuckDB}, nil
}

// Close stops the database.
func (db *DB) Close() error { return db.sql.Close() }

// Name is the engine's name as results.json gives it.
func (db *DB) Name() string { return db.dialect.Name }

// each runs one query and calls row with its values. The slice is reused; the driver's own row iterator is used because
// database/sql's Scan costs more than the query where a row has hundreds of sums.
func (db *DB) each(ctx context.Context, query string, row func([]driver.Value) error) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", db.dialect.Name, err)
	}
	err = conn.Raw(func(raw any) error {
		q, ok := raw.(driver.QueryerContext)
		if !ok {
			return fmt.Errorf("querying %s: its driver takes no plain queries", db.dialect.Name)
		}
		rows, err := q.QueryContext(ctx, query, nil)
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
		return errors.Join(err, rows.Close())
	})
	return errors.Join(err, conn.Close())
}
