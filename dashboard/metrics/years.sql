-- grain: one row per year of the period: the figure of $indicator_id, how many units gave one, and up to which day
WITH given AS (
    SELECT
        year,
        sum(value)::bigint AS value,
        bool_or(is_provisional) AS is_provisional
    FROM {{year_value}}
    WHERE indicator_id = $indicator_id AND ($don_vi_id IS NULL OR don_vi_id = $don_vi_id)
    GROUP BY year
),

expected AS (
    SELECT year, count(*)::bigint AS unit_count, (count(*) FILTER (is_complete))::bigint AS given_count
    FROM {{given_unit_year}}
    WHERE $don_vi_id IS NULL OR don_vi_id = $don_vi_id
    GROUP BY year
)

SELECT
    year.year::integer AS year,
    given.value,
    coalesce(given.is_provisional, false) AS is_provisional,
    coalesce(expected.given_count, 0) AS given_count,
    coalesce(expected.unit_count, 0) AS expected_count,
    coalesce(expected.given_count, 0) = coalesce(expected.unit_count, 0) AS is_complete,
    part.as_of_on,
    given.value IS NOT NULL AND part.as_of_on IS NOT NULL AS is_part_year
FROM range($from_year, $to_year + 1) AS year(year)
LEFT JOIN given USING (year)
LEFT JOIN expected USING (year)
LEFT JOIN {{part_years}} AS part USING (year)
ORDER BY year.year
