-- grain: one row per entry of the register's lists, in the catalogue's order
SELECT list, id, label
FROM dim_list
ORDER BY list, position
