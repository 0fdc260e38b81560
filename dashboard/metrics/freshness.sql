-- grain: one row: the day the figures run to, and how many districts have reported the last year of the period
WITH reported AS (
    SELECT count(DISTINCT value.don_vi_id)::bigint AS district_count, bool_or(value.is_provisional) AS is_provisional
    FROM core_year_value AS value
    JOIN {{existing_unit_year}} AS existing USING (don_vi_id, year)
    WHERE value.year = $to_year AND existing.is_district
),

expected AS (
    SELECT count(*)::bigint AS district_count
    FROM {{existing_unit_year}}
    WHERE year = $to_year AND is_district
),

sent AS (
    SELECT max(as_of_on) AS as_of_on, max(received_at)::date AS received_on, count(*)::bigint AS return_count
    FROM core_return
    WHERE superseded_by IS NULL AND from_year <= $to_year AND to_year >= $from_year
)

SELECT
    sent.*,
    $to_year AS year,
    reported.district_count AS reported_district_count,
    expected.district_count AS district_count,
    coalesce(reported.is_provisional, false) AS is_provisional
FROM sent
CROSS JOIN reported
CROSS JOIN expected
