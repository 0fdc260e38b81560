-- grain: one row per unit, indicator and year it owes a figure for: whether every part that existed gave one
WITH expected AS (
    SELECT part.*, indicator.indicator_id
    FROM {{existing_part_year}} AS part
    CROSS JOIN dim_indicator AS indicator
    WHERE indicator.aggregation = 'flow' OR part.year = $to_year
),

given AS (
    SELECT DISTINCT sender_id, indicator_id, unnest(range(from_year, to_year + 1)) AS year
    FROM {{counted_value}}
)

SELECT
    expected.don_vi_id,
    expected.indicator_id,
    expected.is_district,
    expected.year,
    bool_and(given.year IS NOT NULL) AS is_covered
FROM expected
LEFT JOIN given USING (sender_id, indicator_id, year)
GROUP BY ALL
