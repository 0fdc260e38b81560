-- grain: one row per entry of the register's list $list_id, blank last; asked: the report asks for models of it
SELECT id AS entry_id, label, position, id NOT IN ('khac', 'khong') AS is_asked
FROM dim_list
WHERE list = $list_id
UNION ALL
SELECT 'khong_ghi', 'Không ghi', 99, false
