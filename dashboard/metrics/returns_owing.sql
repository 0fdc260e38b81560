-- grain: one row per unit of returns_grid, those that owe most returns first, each group in the order of the units
SELECT don_vi_id
FROM {{returns_grid}}
GROUP BY don_vi_id
ORDER BY count(*) FILTER (state = 'chua_gui') DESC, min(position)
