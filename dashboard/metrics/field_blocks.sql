-- grain: one row per block of years, counted back from the period's last: models of $linh_vuc_id and of all fields
WITH placed AS (
    SELECT
        year,
        linh_vuc_id,
        value,
        ($to_year - year) // (SELECT value::integer FROM dim_threshold WHERE rule = 'target_pace_years') AS block
    FROM {{field_years}}
)

SELECT
    min(year) AS from_year,
    max(year) AS to_year,
    (sum(value) FILTER (linh_vuc_id = $linh_vuc_id))::bigint AS value,
    sum(value)::bigint AS base,
    sum(value) FILTER (linh_vuc_id = $linh_vuc_id) / nullif(sum(value), 0) AS value_share
FROM placed
WHERE block IS NOT NULL
GROUP BY block
ORDER BY from_year
