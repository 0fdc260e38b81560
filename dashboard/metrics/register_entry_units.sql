-- grain: one row per district of the period and entry of the register's list $list_id: living models in its registers
WITH listed AS (
    SELECT don_vi_id, entry_id, count(*)::bigint AS model_count
    FROM {{register_alive}}
    GROUP BY ALL
)

SELECT
    unit.don_vi_id,
    unit.label AS unit_label,
    entry.entry_id,
    entry.label AS entry_label,
    entry.is_asked,
    CASE WHEN unit.register_years > 0 THEN coalesce(listed.model_count, 0) END AS value
FROM {{register_units}} AS unit
JOIN {{units}} AS place USING (don_vi_id)
CROSS JOIN {{list_entries}} AS entry
LEFT JOIN listed ON listed.don_vi_id = unit.don_vi_id AND listed.entry_id = entry.entry_id
WHERE unit.is_district
    AND (entry.entry_id <> 'khong_ghi' OR entry.entry_id IN (SELECT entry_id FROM listed))
ORDER BY place.position, entry.position
