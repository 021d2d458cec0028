// Package dataset is the seam between ingest and analytics: a folder of Parquet files written from Arrow record batches.
//
// What comes in: the coded rows of one sheet. What goes out: one Parquet file a sheet, named by the SHA-256 of the input's bytes and of
// the settings that shaped it, with a Meta as its metadata. What is promised: a file is written whole or not at all, rows keep their
// order, the row ledger balances, and the same input gives the same bytes.
//
// Columns of a file: `_row` (int32, the Excel row), then one column an item (int16: the answer's code; null = blank; −1 don't know,
// −2 refused, −3 not applicable, −4 invalid; float64 with a `<item>_missing` int8 column beside it for numeric items), then
// background variables (string for areas and characteristics, float64 for weights and numbers), then the remaining columns
// that are not personal, as string or float64.
package dataset

// MetaKey is the key of the Meta JSON in a Parquet file's key-value metadata.
const MetaKey = "hailong"

// Schema names the shape of a dataset file.
const Schema = "hailong/dataset/1"

// RowColumn is the name of the column that holds a row's number in the sheet.
const RowColumn = "_row"

// MissingSuffix ends the name of the column that holds the kind of missing of a numeric item: 0 where the number is there or the cell is
// blank.
const MissingSuffix = "_missing"

// ValueSuffix ends the name of the column that keeps the number of a banded variable.
const ValueSuffix = "_value"
