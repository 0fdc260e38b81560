-- grain: one row per entry of the register's list $list_id and field: living models in the period's registers
WITH listed AS (
    SELECT entry_id, linh_vuc_id, count(*)::bigint AS model_count
    FROM {{register_alive}}
    WHERE $don_vi_id IS NULL OR don_vi_id = $don_vi_id
    GROUP BY ALL
)

SELECT
    entry.entry_id,
    entry.label AS entry_label,
    entry.is_asked,
    field.linh_vuc_id,
    field.short_label,
    -- A register in hand that lists none says zero; no register at all says nothing.
    CASE WHEN EXISTS (SELECT 1 FROM {{register_units}} WHERE register_years > 0)
        THEN coalesce(listed.model_count, 0) END AS value
FROM {{list_entries}} AS entry
CROSS JOIN {{field_list}} AS field
LEFT JOIN listed USING (entry_id, linh_vuc_id)
WHERE (field.is_main OR field.linh_vuc_id IN (SELECT linh_vuc_id FROM listed))
    AND (entry.entry_id <> 'khong_ghi' OR entry.entry_id IN (SELECT entry_id FROM listed))
ORDER BY entry.position, field.position
