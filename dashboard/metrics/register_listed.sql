-- grain: one row per model that a register in force of $from_year..$to_year lists, as its latest register says
SELECT
    model.* EXCLUDE (don_vi_id),
    model.don_vi_id AS sender_id,
    sender.label AS sender,
    sender.position AS sender_position,
    unit.don_vi_id,
    unit.label AS don_vi,
    unit.position AS unit_position
FROM core_mo_hinh AS model
JOIN {{units}} AS sender USING (don_vi_id)
JOIN {{unit_at}} AS place USING (don_vi_id)
JOIN {{units}} AS unit ON unit.don_vi_id = place.counted_as
WHERE NOT model.named_in_report
    AND model.mo_hinh_id IN (
        SELECT mo_hinh_id
        FROM core_mo_hinh_status
        WHERE from_year >= $from_year AND to_year <= $to_year
    )
