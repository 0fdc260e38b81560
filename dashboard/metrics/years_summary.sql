-- grain: one row: the first, the last and the highest year with a figure of $indicator_id in the period
WITH known AS (
    SELECT * FROM {{years}} WHERE value IS NOT NULL
)

SELECT
    arg_min(year, year) AS first_year,
    arg_min(value, year) AS first_value,
    max(year) AS last_year,
    arg_max(value, year) AS last_value,
    arg_max(is_provisional, year) AS is_last_provisional,
    arg_max(is_complete, year) AS is_last_complete,
    min_by(year, (-value, year)) AS peak_year,
    max(value) AS peak_value,
    bool_and(is_complete) AS is_complete,
    count(*)::bigint AS year_count
FROM known
