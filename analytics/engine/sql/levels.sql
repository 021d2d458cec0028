-- Purpose: how often each answer was given to each item, by everyone and by every breakdown, with the kinds of missing apart.
-- Parameters: Source, Where, Weight (a DOUBLE expression), Fixed (the weight as fixed-point BIGINT), Items (expressions), Domains (expressions),
--   Sets (grouping sets, each the numbers of its domains).
-- Columns: the item's number, its code (NULL: blank), the domains (NULL where the set does not break down by it; a missing value is ''),
--   rows, Σ of the weight.
SELECT
  item, code,
{{range $i, $_ := .Domains}}  CASE WHEN grouping(d{{$i}}) = 1 THEN NULL ELSE COALESCE(CAST(d{{$i}} AS VARCHAR), '') END,
{{end}}  count(*), CAST(sum(fixed) AS BIGINT)
FROM (
  SELECT
    i AS item,
    CASE i{{range $i, $_ := .Items}} WHEN {{$i}} THEN q{{$i}}{{end}} END AS code{{range $i, $_ := .Domains}},
    d{{$i}}{{end}},
    fixed
  FROM (
    SELECT {{range $i, $item := .Items}}{{$item}} AS q{{$i}}, {{end}}{{range $i, $d := .Domains}}{{$d}} AS d{{$i}}, {{end}}{{.Fixed}} AS fixed
    FROM {{.Source}} AS source
    WHERE {{.Where}} AND {{.Weight}} IS NOT NULL
  ) AS answers
  CROSS JOIN (VALUES {{range $i, $_ := .Items}}{{if $i}}, {{end}}({{$i}}){{end}}) AS items(i)
) AS levels
GROUP BY GROUPING SETS ((item, code){{range .Sets}}, (item, code{{range .}}, d{{.}}{{end}}){{end}})
