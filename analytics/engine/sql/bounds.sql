-- Purpose: how large the numbers are, so that the fixed-point scales of totals.sql can be chosen: no sum may overflow 64 bits.
-- Parameters: Source, Where, Weight (a DOUBLE expression), Keys (expressions that name a PSU; none: every row is one), Values (of the measures).
-- Columns: rows with a weight, rows without one, rows with a negative one, rows with a weight of zero, PSUs whose rows differ in weight,
--   most rows in a PSU, largest |weight|, then the largest |value| of each of Values.
SELECT
  CAST(sum(kept) AS BIGINT), CAST(sum(unweighted) AS BIGINT), CAST(sum(negative) AS BIGINT), CAST(sum(zero) AS BIGINT),
  CAST(sum(CASE WHEN lightest < heaviest THEN 1 ELSE 0 END) AS BIGINT), max(kept), max(abs_)
  {{- range $i, $_ := .Values}}, CAST(max(y{{$i}}) AS DOUBLE){{end}}
FROM (
  SELECT
    count(w) AS kept,
    count(*) - count(w) AS unweighted,
    sum(CASE WHEN w < 0 THEN 1 ELSE 0 END) AS negative,
    sum(CASE WHEN w = 0 THEN 1 ELSE 0 END) AS zero,
    min(w) AS lightest,
    max(w) AS heaviest,
    max(abs(w)) AS abs_
  FROM (
    SELECT {{range $i, $k := .Keys}}{{$k}} AS k{{$i}}, {{end}}{{.Weight}} AS w
    FROM {{.Source}} AS source
    WHERE {{.Where}}
  ) AS answers
  {{- if .Keys}}
  GROUP BY {{range $i, $_ := .Keys}}{{if $i}}, {{end}}k{{$i}}{{end}}{{end}}
) AS psus{{if .Values}} CROSS JOIN (
  SELECT {{range $i, $y := .Values}}{{if $i}}, {{end}}max(abs({{$y}})) AS y{{$i}}{{end}}
  FROM {{.Source}} AS source
  WHERE {{.Where}}
) AS largest{{end}}
