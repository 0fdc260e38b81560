-- grain: one row per field: recognised models in the period, their share, and how far that is below an even share
WITH counted AS (
    SELECT linh_vuc_id, sum(value)::bigint AS value, bool_or(is_provisional) AS is_provisional
    FROM {{counted_value}}
    WHERE indicator_id = 'mo_hinh_cong_nhan' AND ($don_vi_id IS NULL OR don_vi_id = $don_vi_id)
    GROUP BY linh_vuc_id
),

field AS (
    SELECT
        field.*,
        counted.value,
        coalesce(counted.is_provisional, false) AS is_provisional,
        (sum(counted.value) OVER ())::bigint AS base
    FROM {{field_list}} AS field
    LEFT JOIN counted USING (linh_vuc_id)
),

shared AS (
    SELECT
        *,
        value / nullif(base, 0) AS value_share,
        CASE WHEN is_main THEN value / nullif(base, 0) * count(*) FILTER (is_main) OVER () END AS even_ratio
    FROM field
)

SELECT shared.*, weakness.level, weakness.value AS level_below
FROM shared
LEFT JOIN {{weak_field_level}} AS weakness
    ON shared.even_ratio < weakness.value AND shared.even_ratio >= weakness.next_value
ORDER BY shared.position
