-- grain: one row per warning about a return that any figure of the place and period uses
WITH used AS (
    SELECT return_id, don_vi_id
    FROM {{year_value}}
    WHERE year BETWEEN $from_year AND $to_year
    UNION
    SELECT return_id, don_vi_id
    FROM {{counted_value}}
)

SELECT DISTINCT warned.* EXCLUDE (used_return_id), unit.label AS don_vi
FROM {{warned_return}} AS warned
SEMI JOIN used
    ON warned.used_return_id = used.return_id AND ($don_vi_id IS NULL OR used.don_vi_id = $don_vi_id)
LEFT JOIN dim_don_vi AS unit ON warned.don_vi_id = unit.don_vi_id
ORDER BY don_vi COLLATE vi, year, return_id, sheet, cell, rule, message
