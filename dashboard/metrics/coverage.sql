-- grain: one row per unit and indicator: the years of the period the unit existed in, and those it gave a figure for
WITH expected AS (
    SELECT existing.don_vi_id, existing.is_district, existing.year, indicator.indicator_id
    FROM {{existing_unit_year}} AS existing
    CROSS JOIN dim_indicator AS indicator
    WHERE indicator.aggregation = 'flow' OR existing.year = $to_year
),

given AS (
    SELECT DISTINCT don_vi_id, indicator_id, unnest(range(from_year, to_year + 1)) AS year
    FROM {{counted_value}}
)

SELECT
    expected.don_vi_id,
    expected.indicator_id,
    expected.is_district,
    count(*)::bigint AS expected_years,
    count(given.year)::bigint AS covered_years,
    count(given.year) = count(*) AS is_complete
FROM expected
LEFT JOIN given USING (don_vi_id, indicator_id, year)
GROUP BY ALL
