-- grain: one row per field, in the catalogue's order
SELECT linh_vuc_id, label, short_label, definition, colour, position
FROM dim_linh_vuc
ORDER BY position
