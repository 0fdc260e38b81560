-- grain: one row per field: distinct models in the period's registers, and recognised models added over its years
WITH listed AS (
    SELECT linh_vuc_id, count(*)::bigint AS model_count
    FROM {{register_listed}}
    WHERE $don_vi_id IS NULL OR don_vi_id = $don_vi_id
    GROUP BY linh_vuc_id
)

SELECT
    field.linh_vuc_id,
    field.label,
    field.short_label,
    field.is_main,
    -- A register in hand that lists none of a field says zero; no register at all says nothing.
    CASE WHEN EXISTS (SELECT 1 FROM listed) THEN coalesce(listed.model_count, 0) END AS model_count,
    field.value AS recognised_count
FROM {{fields}} AS field
LEFT JOIN listed USING (linh_vuc_id)
WHERE field.is_main OR field.value IS NOT NULL OR listed.model_count IS NOT NULL
ORDER BY field.position
