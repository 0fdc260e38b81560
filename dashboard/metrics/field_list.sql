-- grain: one row per field, in the catalogue's order
-- is_main: one of the four that models are divided over; the other two are counted beside them.
SELECT *, linh_vuc_id NOT IN ('khac', 'chua_phan') AS is_main
FROM dim_linh_vuc
ORDER BY position
