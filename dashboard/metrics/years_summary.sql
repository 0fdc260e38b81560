-- grain: one row: the first, the last and the highest whole year with a figure of $indicator_id, and the part-year after it
WITH known AS (
    SELECT * FROM {{years}} WHERE value IS NOT NULL
),

whole AS (
    SELECT * FROM known WHERE NOT is_part_year
),

compared AS (
    SELECT
        arg_min(year, year) AS first_year,
        arg_min(value, year) AS first_value,
        max(year) AS last_year,
        arg_max(value, year) AS last_value,
        arg_max(is_provisional, year) AS is_last_provisional,
        arg_max(is_complete, year) AS is_last_complete,
        min_by(year, (-value, year)) AS peak_year,
        max(value) AS peak_value,
        count(*)::bigint AS year_count
    FROM whole
),

unfinished AS (
    SELECT max(year) AS part_year, arg_max(value, year) AS part_value, arg_max(as_of_on, year) AS part_until
    FROM known
    WHERE is_part_year
)

SELECT
    compared.*,
    unfinished.part_year > coalesce(compared.last_year, 0) AS is_part_year_last,
    unfinished.*
FROM compared
CROSS JOIN unfinished
