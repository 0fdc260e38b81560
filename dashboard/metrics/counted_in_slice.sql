-- grain: one row per unit, field and figure that counts towards one number shown: a slice of what counts in the period
WITH counted AS (
    SELECT * FROM {{counted_value}}
)

SELECT
    counted.*,
    unit.label AS don_vi,
    unit.position AS unit_position,
    unit.is_district,
    sender.label AS sender,
    sender.position AS sender_position,
    field.label AS linh_vuc,
    field.position AS field_position
FROM counted
JOIN {{units}} AS unit USING (don_vi_id)
JOIN {{units}} AS sender ON sender.don_vi_id = counted.sender_id
LEFT JOIN dim_linh_vuc AS field USING (linh_vuc_id)
WHERE counted.indicator_id = $indicator_id
    AND ($don_vi_id IS NULL OR counted.don_vi_id = $don_vi_id)
    AND ($linh_vuc_id IS NULL OR counted.linh_vuc_id = $linh_vuc_id)
    AND ($units = 'tat_ca' OR unit.is_district = ($units = 'cap_huyen'))
    AND (
        $with_indicator_id IS NULL
        OR EXISTS (
            SELECT 1
            FROM counted AS beside
            WHERE beside.indicator_id = $with_indicator_id
                AND beside.sender_id = counted.sender_id
                AND beside.from_year = counted.from_year
                AND beside.to_year = counted.to_year
        )
    )
