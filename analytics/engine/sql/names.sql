-- Purpose: which columns a dataset has.
-- Parameters: Source.
-- Columns: all of them; no rows.
SELECT * FROM {{.Source}} AS source LIMIT 0
