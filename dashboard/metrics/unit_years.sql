-- grain: one row per unit and year of the period in which the unit existed: the figure of $indicator_id, or none
-- Complete: every part of the unit gave its own.
WITH given AS (
    SELECT don_vi_id, year, sum(value)::bigint AS value, bool_or(is_provisional) AS is_provisional
    FROM {{year_value}}
    WHERE indicator_id = $indicator_id
    GROUP BY don_vi_id, year
)

SELECT
    unit.don_vi_id,
    unit.label AS unit_label,
    unit.is_district,
    existing.year,
    existing.is_complete,
    given.value,
    coalesce(given.is_provisional, false) AS is_provisional
FROM {{given_unit_year}} AS existing
JOIN {{units}} AS unit USING (don_vi_id)
LEFT JOIN given USING (don_vi_id, year)
WHERE $don_vi_id IS NULL OR unit.don_vi_id = $don_vi_id
ORDER BY unit.position, existing.year
