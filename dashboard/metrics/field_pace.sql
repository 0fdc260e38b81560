-- grain: one row: models of $linh_vuc_id and of all fields in the last whole years of the period, as many as pace is taken of
WITH whole AS (
    SELECT year, is_complete, row_number() OVER (ORDER BY year DESC) AS place
    FROM {{years}}
    WHERE value IS NOT NULL AND NOT is_part_year AND NOT is_provisional
),

recent AS (
    SELECT year, is_complete
    FROM whole
    WHERE place <= (SELECT value FROM dim_threshold WHERE rule = 'target_pace_years')
)

SELECT
    min(recent.year) AS from_year,
    max(recent.year) AS to_year,
    count(DISTINCT recent.year)::bigint AS year_count,
    bool_and(recent.is_complete) AS is_complete,
    (sum(field.value) FILTER (field.linh_vuc_id = $linh_vuc_id))::bigint AS value,
    sum(field.value)::bigint AS base
FROM recent
JOIN {{field_years}} AS field USING (year)
HAVING value IS NOT NULL AND year_count >= (SELECT value FROM dim_threshold WHERE rule = 'target_pace_years')
