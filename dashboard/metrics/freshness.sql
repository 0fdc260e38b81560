-- grain: one row: the day the figures run to, and how many districts have reported the last year of the period
WITH given AS (
    SELECT sender_id, bool_or(is_provisional) AS is_provisional
    FROM {{year_value}}
    WHERE year = $to_year
    GROUP BY sender_id
),

district AS (
    SELECT
        part.don_vi_id,
        bool_and(given.sender_id IS NOT NULL) AS is_reported,
        bool_or(given.is_provisional) AS is_provisional
    FROM {{existing_part_year}} AS part
    LEFT JOIN given USING (sender_id)
    WHERE part.year = $to_year AND part.is_district
    GROUP BY part.don_vi_id
),

counted AS (
    SELECT
        count(*)::bigint AS district_count,
        (count(*) FILTER (is_reported))::bigint AS reported_district_count,
        bool_or(is_provisional) AS is_provisional
    FROM district
),

sent AS (
    SELECT max(as_of_on) AS as_of_on, max(received_at)::date AS received_on, count(*)::bigint AS return_count
    FROM core_return
    WHERE superseded_by IS NULL AND from_year <= $to_year AND to_year >= $from_year
)

SELECT
    sent.*,
    $to_year AS year,
    counted.reported_district_count,
    counted.district_count,
    coalesce(counted.is_provisional, false) AS is_provisional
FROM sent
CROSS JOIN counted
