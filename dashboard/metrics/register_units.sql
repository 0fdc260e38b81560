-- grain: one row per unit of the period: distinct models in its registers, and recognised models added over its years
-- The two count different things: a model listed in ten years is one model; a return counts what it recognised that year.
WITH listed AS (
    SELECT don_vi_id, count(*)::bigint AS model_count
    FROM {{register_listed}}
    GROUP BY don_vi_id
),

sent AS (
    SELECT DISTINCT don_vi_id AS sender_id, to_year AS year
    FROM core_mo_hinh_status
    WHERE from_year >= $from_year AND to_year <= $to_year
),

unit_year AS (
    SELECT part.don_vi_id, part.year, bool_and(sent.sender_id IS NOT NULL) AS is_sent
    FROM {{existing_part_year}} AS part
    LEFT JOIN sent USING (sender_id, year)
    GROUP BY part.don_vi_id, part.year
),

expected AS (
    SELECT don_vi_id, count(*)::bigint AS expected_years, (count(*) FILTER (is_sent))::bigint AS register_years
    FROM unit_year
    GROUP BY don_vi_id
),

counted AS (
    SELECT don_vi_id, sum(value)::bigint AS recognised_count
    FROM {{counted_value}}
    WHERE indicator_id = 'mo_hinh_cong_nhan'
    GROUP BY don_vi_id
)

SELECT
    unit.don_vi_id,
    unit.label,
    unit.is_district,
    listed.model_count,
    counted.recognised_count,
    expected.register_years,
    expected.expected_years
FROM {{units}} AS unit
JOIN expected USING (don_vi_id)
LEFT JOIN listed USING (don_vi_id)
LEFT JOIN counted USING (don_vi_id)
WHERE $don_vi_id IS NULL OR unit.don_vi_id = $don_vi_id
ORDER BY unit.position
