-- grain: one row per indicator and year of the period: its figure, NULL where nobody gave one
WITH given AS (
    SELECT indicator_id, year, sum(value)::bigint AS value
    FROM {{year_value}}
    WHERE $don_vi_id IS NULL OR don_vi_id = $don_vi_id
    GROUP BY ALL
)

SELECT indicator.indicator_id, year.year::integer AS year, given.value
FROM dim_indicator AS indicator
CROSS JOIN range($from_year, $to_year + 1) AS year(year)
LEFT JOIN given USING (indicator_id, year)
ORDER BY indicator.position, year.year
