-- grain: one row per district whose figures $boundary_on counts to another, or that was not there yet and keeps its own
SELECT unit.don_vi_id, unit.label, place.counted_as, heir.label AS counted_label, place.counted_as <> unit.don_vi_id AS is_moved
FROM {{units}} AS unit
JOIN {{unit_at}} AS place USING (don_vi_id)
JOIN dim_don_vi AS heir ON heir.don_vi_id = place.counted_as
WHERE place.counted_as <> unit.don_vi_id OR (unit.is_district AND unit.valid_from > $boundary_on::date)
ORDER BY unit.position
