-- grain: one row per unit of the period: the figure of $indicator_id, and its rate per commune and year covered
WITH counted AS (
    SELECT don_vi_id, sum(value)::bigint AS value, bool_or(is_provisional) AS is_provisional
    FROM {{counted_value}}
    WHERE indicator_id = $indicator_id
    GROUP BY don_vi_id
),

covered AS (
    SELECT DISTINCT don_vi_id, sender_id, unnest(range(from_year, to_year + 1)) AS year
    FROM {{counted_value}}
    WHERE indicator_id = $indicator_id
),

exposure AS (
    -- A year whose communes are not known leaves the whole without a rate.
    SELECT
        covered.don_vi_id,
        CASE WHEN count(*) = count(sent.commune_count) THEN sum(sent.commune_count)::bigint END AS commune_years
    FROM covered
    LEFT JOIN dim_don_vi_year AS sent ON sent.don_vi_id = covered.sender_id AND sent.year = covered.year
    GROUP BY covered.don_vi_id
)

SELECT
    unit.*,
    counted.value,
    coalesce(counted.is_provisional, false) AS is_provisional,
    exposure.commune_years,
    CASE WHEN unit.is_district THEN counted.value / nullif(exposure.commune_years, 0) END AS rate,
    sum(counted.value) FILTER (unit.is_district AND exposure.commune_years IS NOT NULL) OVER ()
        / nullif(sum(exposure.commune_years) FILTER (unit.is_district) OVER (), 0) AS district_rate,
    coverage.expected_years,
    coverage.covered_years,
    coverage.is_complete
FROM {{units}} AS unit
JOIN {{coverage}} AS coverage ON unit.don_vi_id = coverage.don_vi_id AND coverage.indicator_id = $indicator_id
LEFT JOIN counted ON unit.don_vi_id = counted.don_vi_id
LEFT JOIN exposure ON unit.don_vi_id = exposure.don_vi_id
ORDER BY unit.position
