-- grain: one row per warning about a return whose cells add to the figure of $indicator_id that a slice names
SELECT DISTINCT warned.* EXCLUDE (used_return_id), unit.label AS don_vi
FROM {{warned_return}} AS warned
SEMI JOIN {{counted_in_slice}} AS used ON warned.used_return_id = used.return_id
LEFT JOIN dim_don_vi AS unit ON warned.don_vi_id = unit.don_vi_id
ORDER BY don_vi COLLATE vi, year, return_id, sheet, cell, rule, message
