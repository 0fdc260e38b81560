-- grain: one row per figure of one year, with the unit that sent it and the unit it counts to
SELECT value.* EXCLUDE (don_vi_id), value.don_vi_id AS sender_id, place.counted_as AS don_vi_id
FROM core_year_value AS value
JOIN {{unit_at}} AS place USING (don_vi_id)
