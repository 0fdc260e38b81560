-- grain: one row per published measure that is no indicator of the returns
SELECT measure_id, label, unit_label, note
FROM dim_measure
ORDER BY label COLLATE vi
