-- grain: one row per status, in the order of a model's life, blank last: models whose latest register says it
WITH listed AS (
    SELECT status, count(*)::bigint AS model_count
    FROM {{register_listed}}
    WHERE $don_vi_id IS NULL OR don_vi_id = $don_vi_id
    GROUP BY status
),

life AS (
    SELECT id, label, position, position = max(position) OVER () AS is_end
    FROM dim_list
    WHERE list = 'tinh_trang'
    UNION ALL
    SELECT NULL, 'Không ghi', NULL, false
)

SELECT
    life.id AS status,
    life.label,
    life.is_end,
    coalesce(listed.model_count, 0) AS model_count,
    (sum(listed.model_count) OVER ())::bigint AS base
FROM life
LEFT JOIN listed ON listed.status IS NOT DISTINCT FROM life.id
WHERE life.id IS NOT NULL OR listed.model_count IS NOT NULL
ORDER BY life.position NULLS LAST
