package engine

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hailong/ingest/wording"
)

// A Column is one column of the rows: numbers (NaN where missing) or texts.
type Column struct {
	Name    string
	Numbers []float64
	Texts   []string
	Missing []bool
}

// IsText reports whether the column holds texts.
func (c *Column) IsText() bool { return c.Texts != nil }

// Convert reads texts as numbers where every one of them is a number as a number is written, R's type.convert: exports that write every cell as
// text (KoboToolbox, csv) have no other. 007 and +1 are names, not numbers, and so is what has more digits than a number holds.
func (c *Column) Convert() (numbers []float64, ok bool) {
	numbers = make([]float64, len(c.Texts))
	for k, text := range c.Texts {
		if c.Missing[k] || text == "" {
			numbers[k] = math.NaN()
			continue
		}
		n, err := strconv.ParseFloat(text, 64)
		if whole, part, decimal := strings.Cut(text, "."); decimal {
			text = whole + "." + strings.TrimRight(part, "0")
			text = strings.TrimSuffix(text, ".")
		}
		if err != nil || strconv.FormatFloat(n, 'f', -1, 64) != text {
			return nil, false
		}
		numbers[k], ok = n, true
	}
	return numbers, ok
}

// Columns reads columns as they stand and propositions as 1, 0 or missing. In the columns that coded names, answer codes below zero are
// missing. The rows come in the order of what they hold, so that no sum over them depends on how they are spread over files.
func (db *DB) Columns(ctx context.Context, files, names, propositions, coded []string) ([]Column, error) {
	if len(files) == 0 {
		return nil, wording.Errorf("reading columns: no files were given")
	}
	p := &plan{req: Request{Files: files}}
	var err error
	if p.source, err = db.source(ctx, files); err != nil {
		return nil, db.explain(ctx, p, err)
	}
	expressions := make([]string, 0, len(names)+len(propositions))
	for _, n := range names {
		q := db.dialect.Quote(n)
		if slices.Contains(coded, n) {
			q = "CASE WHEN " + q + " >= 0 THEN " + q + " END"
		}
		expressions = append(expressions, q)
	}
	for _, c := range propositions {
		sql, err := Proposition(c, db.dialect, coded)
		if err != nil {
			return nil, err
		}
		expressions = append(expressions, "CASE WHEN "+sql+" THEN 1 WHEN NOT "+sql+" THEN 0 END")
	}
	names = slices.Concat(names, propositions)
	query, err := statement("columns.sql", map[string]any{"Source": p.source, "Columns": expressions})
	if err != nil {
		return nil, err
	}
	out := make([]Column, len(names))
	for i, n := range names {
		out[i].Name = n
	}
	rows := 0
	err = db.each(ctx, query, func(v []driver.Value) error {
		for i := range out {
			if err := out[i].add(v[i], rows); err != nil {
				return wording.Errorf("reading column %s: %w", out[i].Name, err)
			}
		}
		rows++
		return nil
	})
	if err != nil {
		return nil, db.explain(ctx, p, err)
	}
	for i := range out {
		if out[i].Texts == nil && out[i].Numbers == nil {
			out[i].Numbers = []float64{}
			for range rows {
				out[i].Numbers = append(out[i].Numbers, math.NaN())
			}
		}
	}
	sortRows(out, rows)
	return out, nil
}

// sortRows orders the rows by the columns, one after the other. Rows that are equal in all of them are interchangeable.
func sortRows(columns []Column, rows int) {
	order := make([]int, rows)
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(a, b int) int {
		for i := range columns {
			c := &columns[i]
			var by int
			if c.IsText() {
				by = cmp.Compare(c.Texts[a], c.Texts[b])
			} else {
				by = cmp.Compare(c.Numbers[a], c.Numbers[b])
			}
			if by != 0 {
				return by
			}
		}
		return 0
	})
	for i := range columns {
		c := &columns[i]
		c.Missing = reorder(c.Missing, order)
		if c.IsText() {
			c.Texts = reorder(c.Texts, order)
		} else {
			c.Numbers = reorder(c.Numbers, order)
		}
	}
}

func reorder[T any](values []T, order []int) []T {
	out := make([]T, len(values))
	for k, from := range order {
		out[k] = values[from]
	}
	return out
}

// add appends one value; rows is how many came before, some of them perhaps missing while the type was not known yet.
func (c *Column) add(v driver.Value, rows int) error {
	c.Missing = append(c.Missing, v == nil)
	var x float64
	switch n := v.(type) {
	case nil:
		switch {
		case c.Numbers != nil:
			c.Numbers = append(c.Numbers, math.NaN())
		case c.Texts != nil:
			c.Texts = append(c.Texts, "")
		}
		return nil
	case string:
		if c.Texts == nil {
			c.Texts = make([]string, rows, 2*rows+16)
		}
		c.Texts = append(c.Texts, n)
		return nil
	case bool:
		if n {
			x = 1
		}
	case int8:
		x = float64(n)
	case int16:
		x = float64(n)
	case int32:
		x = float64(n)
	case int64:
		x = float64(n)
	case float32:
		x = float64(n)
	case float64:
		x = n
	default:
		return wording.Errorf("a value of type %T is neither a number nor a text", v)
	}
	if c.Numbers == nil {
		c.Numbers = slices.Repeat([]float64{math.NaN()}, rows)
	}
	c.Numbers = append(c.Numbers, x)
	return nil
}

// Names lists the columns of the files.
func (db *DB) Names(ctx context.Context, files []string) (names []string, err error) {
	if len(files) == 0 {
		return nil, wording.Errorf("listing columns: no files were given")
	}
	if db.server != nil {
		return db.server.local.Names(ctx, files) // the server has them in lower case
	}
	source, err := db.source(ctx, files)
	if err != nil {
		return nil, err
	}
	query, err := statement("names.sql", map[string]any{"Source": source})
	if err != nil {
		return nil, err
	}
	rows, err := db.sql.QueryContext(ctx, query)
	if err != nil {
		return nil, wording.Errorf("listing the columns of a dataset: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	return rows.Columns()
}

// A NumberError is a column that holds texts where the request needs numbers.
type NumberError struct {
	Column string
	err    error
}

// NoNumbers is the error of a column with texts, of which value is one where it is known.
func NoNumbers(column, value string) error {
	if value == "" {
		return &NumberError{column, wording.Errorf("column %q holds text where numbers are needed", column)}
	}
	return &NumberError{column, wording.Errorf("column %q holds %q where a number is needed", column, value)}
}

func (e *NumberError) Error() string { return e.err.Error() }

func (e *NumberError) Unwrap() error { return e.err }

// A ConditionError is a condition that does not go with the columns that it names.
type ConditionError struct{ err error }

func (e *ConditionError) Error() string { return e.err.Error() }

func (e *ConditionError) Unwrap() error { return e.err }

// unlike is how DuckDB says that a condition sets a column of texts against a number, or the other way about.
var unlike = regexp.MustCompile(`Cannot compare values of type (\S+) and type (\S+)|Could not convert string '.*' to`)

// notNumber is how DuckDB says that a column of numbers holds a text.
var notNumber = regexp.MustCompile(`Could not convert string '(.*)' to DOUBLE when casting from source column (\S+)`)

// explain says which columns exist where a statement failed for want of one, and which server it was that failed otherwise.
func (db *DB) explain(ctx context.Context, p *plan, err error) error {
	if m := notNumber.FindStringSubmatch(err.Error()); m != nil {
		return NoNumbers(m[2], m[1])
	}
	if unlike.MatchString(err.Error()) {
		return &ConditionError{wording.Errorf("a condition sets a column of texts against a number, or one of numbers against a text: a text stands in quotes, as in gioi_tinh = 'Nam', a number does not")}
	}
	if !strings.Contains(err.Error(), "Binder Error") && !lacksColumn(err) {
		if db.server != nil && ctx.Err() == nil {
			err = &ServerError{db.server.host, err}
		}
		return wording.Errorf("querying %s: %w", db.dialect.Name, err)
	}
	names, listErr := db.Names(ctx, p.req.Files)
	if listErr != nil {
		return wording.Errorf("querying %s: %w", db.dialect.Name, err)
	}
	return wording.Errorf("querying %s: %w (the dataset has the columns %s)", db.dialect.Name, err, strings.Join(names, ", "))
}
