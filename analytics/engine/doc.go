// Package engine is the only room that knows a database: it turns one scan of a survey dataset into the totals of its
// primary sampling units.
//
// What comes in: Parquet (or CSV) files, the design's columns, the measures and the breakdowns that are wanted.
// What goes out: survey.Totals, level counts and plain columns. What is promised: weights enter the sums as 64-bit fixed
// point numbers, so every sum is exact and the result is the same, bit for bit, for any number of threads, any number of
// files that the rows are spread over, and any engine that speaks the SQL in sql/. What differs between engines stands in
// the Dialect and nowhere else.
package engine
