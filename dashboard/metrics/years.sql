-- grain: one row per year of the period: the figure of $indicator_id, how many units gave one, and up to which day
WITH given AS (
    SELECT
        year,
        sum(value)::bigint AS value,
        bool_or(is_provisional) AS is_provisional,
        count(DISTINCT don_vi_id)::bigint AS unit_count
    FROM core_year_value
    JOIN dim_don_vi AS unit USING (don_vi_id)
    WHERE indicator_id = $indicator_id
        AND unit.kind <> 'cum'
        AND ($don_vi_id IS NULL OR don_vi_id = $don_vi_id)
    GROUP BY year
),

expected AS (
    SELECT year, count(*)::bigint AS unit_count
    FROM {{existing_unit_year}}
    WHERE $don_vi_id IS NULL OR don_vi_id = $don_vi_id
    GROUP BY year
),

cut_off AS (
    SELECT to_year AS year, max(as_of_on) AS as_of_on
    FROM core_return
    WHERE superseded_by IS NULL
        AND period_kind = 'nam'
        AND ($don_vi_id IS NULL OR don_vi_id = $don_vi_id)
    GROUP BY to_year
),

allowed AS (
    SELECT value::integer AS days FROM dim_threshold WHERE rule = 'part_year'
)

SELECT
    year.year::integer AS year,
    given.value,
    coalesce(given.is_provisional, false) AS is_provisional,
    coalesce(given.unit_count, 0) AS given_count,
    coalesce(expected.unit_count, 0) AS expected_count,
    coalesce(given.unit_count, 0) >= coalesce(expected.unit_count, 0) AS is_complete,
    cut_off.as_of_on,
    coalesce(given.value IS NOT NULL AND cut_off.as_of_on < make_date(year.year, 12, 31) - allowed.days, false)
        AS is_part_year
FROM range($from_year, $to_year + 1) AS year(year)
LEFT JOIN given USING (year)
LEFT JOIN expected USING (year)
LEFT JOIN cut_off USING (year)
LEFT JOIN allowed ON true
ORDER BY year.year
