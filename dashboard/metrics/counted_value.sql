-- grain: one row per figure that counts in $from_year..$to_year, a year's or a whole span's: who sent it, to which unit it counts
-- A flow counts in every year; a stock only at the end of the period. Of overlapping spans the longest counts.
WITH span AS (
    SELECT DISTINCT don_vi_id, indicator_id, from_year, to_year
    FROM core_span_value
    WHERE from_year >= $from_year AND to_year <= $to_year
),

counted_span AS (
    SELECT span.*
    FROM span
    WHERE NOT EXISTS (
        SELECT 1
        FROM span AS other
        WHERE other.don_vi_id = span.don_vi_id
            AND other.indicator_id = span.indicator_id
            AND other.from_year <= span.to_year
            AND other.to_year >= span.from_year
            AND (other.to_year - other.from_year, -other.from_year) > (span.to_year - span.from_year, -span.from_year)
    )
),

figure AS (
    SELECT don_vi_id, indicator_id, linh_vuc_id, year AS from_year, year AS to_year, value, is_provisional, return_id
    FROM core_year_value
    WHERE year BETWEEN $from_year AND $to_year
    UNION ALL
    SELECT don_vi_id, indicator_id, linh_vuc_id, from_year, to_year, value, false, return_id
    FROM core_span_value
    SEMI JOIN counted_span USING (don_vi_id, indicator_id, from_year, to_year)
)

SELECT figure.* EXCLUDE (don_vi_id), figure.don_vi_id AS sender_id, place.counted_as AS don_vi_id
FROM figure
JOIN dim_indicator AS indicator USING (indicator_id)
JOIN {{unit_at}} AS place USING (don_vi_id)
WHERE indicator.aggregation = 'flow' OR figure.to_year = $to_year
