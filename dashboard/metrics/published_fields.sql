-- grain: one row per field: recognised models as the signed report prints them, what no field accounts for in chua_phan
WITH total AS (
    SELECT value AS base
    FROM {{signed_total}}
    WHERE indicator_id = 'mo_hinh_cong_nhan' AND linh_vuc_id IS NULL
),

printed AS (
    SELECT linh_vuc_id, value
    FROM {{signed_total}}
    WHERE indicator_id = 'mo_hinh_cong_nhan' AND linh_vuc_id IS NOT NULL
),

field AS (
    SELECT
        field.*,
        CASE
            WHEN field.linh_vuc_id = 'chua_phan' THEN total.base - (SELECT sum(value) FROM printed)
            ELSE printed.value
        END::bigint AS value,
        false AS is_provisional,
        total.base::bigint AS base
    FROM {{field_list}} AS field
    CROSS JOIN total
    LEFT JOIN printed USING (linh_vuc_id)
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
