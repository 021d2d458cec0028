// Package analytics turns a survey dataset into a result.Set.
//
// What comes in: the dataset's Parquet files, an index definition, the plan's design, breakdowns and rules of suppression, and what
// was published elsewhere. What goes out: every node of the index for everyone and for every value of every breakdown, with standard
// error, interval, degrees of freedom, design effect and n; answers level by level; breakdowns compared with everyone; placements and
// verdicts. What is promised: one scan of the rows, figures that do not depend on the order of rows, files or threads, nothing published
// below the plan's minimum, and every default that was used said in words.
//
// The rooms inside: engine (SQL to PSU totals), survey (estimators), index (the tree), placement (ranks and groups), target (verdicts),
// area (provinces and communes) and result (the outcome).
package analytics
