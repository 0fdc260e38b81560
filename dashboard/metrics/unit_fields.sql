-- grain: one row per unit and field: recognised models in the period and their share of the unit's own
WITH counted AS (
    SELECT don_vi_id, linh_vuc_id, sum(value)::bigint AS value
    FROM {{counted_value}}
    WHERE indicator_id = 'mo_hinh_cong_nhan'
    GROUP BY don_vi_id, linh_vuc_id
)

SELECT
    unit.don_vi_id,
    unit.label AS unit_label,
    unit.is_district,
    field.linh_vuc_id,
    field.label,
    field.short_label,
    field.position,
    field.is_main,
    counted.value,
    counted.value / nullif(sum(counted.value) OVER (PARTITION BY unit.don_vi_id), 0) AS value_share,
    (sum(counted.value) OVER (PARTITION BY unit.don_vi_id))::bigint AS unit_value
FROM {{units}} AS unit
CROSS JOIN {{field_list}} AS field
LEFT JOIN counted USING (don_vi_id, linh_vuc_id)
WHERE unit.don_vi_id IN (SELECT don_vi_id FROM {{existing_unit_year}})
    AND ($don_vi_id IS NULL OR unit.don_vi_id = $don_vi_id)
ORDER BY unit.position, field.position
