-- Purpose: one scan of the respondents to the totals of every PSU, for everyone in it or for every breakdown.
-- Parameters: Source, Where, Weight (a DOUBLE expression), Fixed and Squared (the weight and its square as fixed-point BIGINT; the latter
--   only with a second-stage fpc), Even (every row of a PSU has the same weight), Strata, PSU, FPC (DOUBLE, first stage first), Domains (expressions), Sets (grouping sets, each the
--   numbers of its domains), Answers (what a respondent's answers are worth, with their names), Pooled (sums of them, likewise), Sums (BIGINT
--   aggregates over both).
-- Columns: the strata, the PSU's names, the domains (NULL where the set does not break down by it; a missing value is ''), rows, rows with a weight
--   other than zero, the weight (Even), smallest and largest of each fpc, then the Sums.
-- Only what DuckDB, Trino and Spark share: no FILTER, no HUGEINT in the output, grouping() of one column.
SELECT
{{range $i, $_ := .Strata}}  COALESCE(CAST(s{{$i}} AS VARCHAR), ''),
{{end}}{{range $i, $_ := .PSU}}  COALESCE(CAST(p{{$i}} AS VARCHAR), ''),
{{end}}{{range $i, $_ := .Domains}}  CASE WHEN grouping(d{{$i}}) = 1 THEN NULL ELSE COALESCE(CAST(d{{$i}} AS VARCHAR), '') END,
{{end}}  count(*),
  count(CASE WHEN w <> 0 THEN 1 END){{if .Even}},
  max(w){{end}}{{range $i, $_ := .FPC}},
  min(f{{$i}}), max(f{{$i}}){{end}}{{range .Sums}},
  {{.}}{{end}}
FROM ({{if .Pooled}}SELECT *{{range .Pooled}}, {{.}}{{end}} FROM ({{end}}
  SELECT
{{range $i, $s := .Strata}}    {{$s}} AS s{{$i}},
{{end}}{{range $i, $d := .Domains}}    {{$d}} AS d{{$i}},
{{end}}{{range $i, $f := .FPC}}    {{$f}} AS f{{$i}},
{{end}}{{range .Answers}}    {{.}},
{{end}}{{with .Squared}}    {{.}} AS squared,
{{end}}{{range $i, $p := .PSU}}    {{$p}} AS p{{$i}},
{{end}}    {{.Weight}} AS w{{if not .Even}},
    {{.Fixed}} AS fixed{{end}}
  FROM {{.Source}} AS source
  WHERE {{.Where}} AND {{.Weight}} IS NOT NULL
) AS answers{{if .Pooled}}) AS pooled{{end}}
GROUP BY GROUPING SETS ({{range $k, $set := .Sets}}{{if $k}}, {{end}}({{range $i, $_ := $.Strata}}s{{$i}}, {{end}}{{range $i, $_ := $.PSU}}{{if $i}}, {{end}}p{{$i}}{{end}}{{range $set}}, d{{.}}{{end}}){{end}})
