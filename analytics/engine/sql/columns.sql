-- Purpose: the rows themselves, for estimators that need them (quantiles, models, rank tests).
-- Parameters: Source, Columns (expressions).
-- Columns: as asked for.
SELECT {{range $i, $c := .Columns}}{{if $i}}, {{end}}{{$c}}{{end}}
FROM {{.Source}} AS source
