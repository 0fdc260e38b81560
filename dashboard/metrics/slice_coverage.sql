-- grain: one row per unit that a slice's number should speak of: the years it owes a figure for, and those it gave none for
WITH expected AS (
    SELECT existing.don_vi_id, existing.year
    FROM {{existing_unit_year}} AS existing
    JOIN dim_indicator AS indicator ON indicator.indicator_id = $indicator_id
    WHERE (indicator.aggregation = 'flow' OR existing.year = $to_year)
        AND ($don_vi_id IS NULL OR existing.don_vi_id = $don_vi_id)
        AND ($units = 'tat_ca' OR existing.is_district = ($units = 'cap_huyen'))
),

given AS (
    SELECT DISTINCT don_vi_id, unnest(range(from_year, to_year + 1)) AS year
    FROM {{counted_value}}
    WHERE indicator_id = $indicator_id
)

SELECT
    unit.don_vi_id,
    unit.label AS don_vi,
    count(*)::bigint AS expected_years,
    count(given.year)::bigint AS covered_years,
    list(expected.year ORDER BY expected.year) FILTER (given.year IS NULL) AS missing_years
FROM expected
JOIN {{units}} AS unit USING (don_vi_id)
LEFT JOIN given USING (don_vi_id, year)
GROUP BY unit.don_vi_id, unit.label, unit.position
ORDER BY unit.position
