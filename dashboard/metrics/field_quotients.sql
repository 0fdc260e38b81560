-- grain: one row per main field of the unit $don_vi_id: its models in the period, its share, and that share against all districts'
WITH counted AS (
    SELECT value.don_vi_id, field.linh_vuc_id, sum(value.value)::double AS value
    FROM {{counted_value}} AS value
    JOIN {{field_list}} AS field USING (linh_vuc_id)
    WHERE value.indicator_id = 'mo_hinh_cong_nhan' AND field.is_main
    GROUP BY ALL
),

common AS (
    SELECT linh_vuc_id, sum(value) / sum(sum(value)) OVER () AS share
    FROM counted
    JOIN {{units}} AS unit USING (don_vi_id)
    WHERE unit.is_district
    GROUP BY linh_vuc_id
)

SELECT
    field.linh_vuc_id,
    field.label,
    own.value::bigint AS value,
    own.value / nullif(sum(own.value) OVER (), 0) AS share,
    own.value / nullif(sum(own.value) OVER (), 0) / nullif(common.share, 0) AS quotient
FROM counted AS own
JOIN {{field_list}} AS field USING (linh_vuc_id)
LEFT JOIN common USING (linh_vuc_id)
WHERE own.don_vi_id = $don_vi_id
ORDER BY quotient NULLS LAST, field.position
